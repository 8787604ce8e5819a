//! Files that are no rules at all, so that one error says so instead of one for each line.

use super::words::{DECLARATIONS, first_token};

/// What the text is instead of rules, and what to do with it; none if it may be rules.
pub(super) fn foreign_format(text: &str) -> Option<(&'static str, &'static str)> {
    const DATA: &str = "users are given beside the rules: `--users FILE`";
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
    if is_json(text) {
        return Some(("this is JSON, not rules", DATA));
    }
    is_table(text).then_some(("this is a table, not rules", DATA))
}

/// Whether it begins as an object or a list of JSON does.
fn is_json(text: &str) -> bool {
    let after = |open: char| text.strip_prefix(open).map(str::trim_start);
    let is_object = |inner: &str| {
        let key = inner.strip_prefix('"').and_then(|rest| rest.split_once('"'));
        inner.starts_with('}') || key.is_some_and(|(_, rest)| rest.trim_start().starts_with(':'))
    };
    after('{').is_some_and(is_object)
        || after('[').is_some_and(|inner| inner.starts_with(['{', '[', '"', ']']))
}

/// Whether its first lines are rows of as many cells, the first of them names of columns.
fn is_table(text: &str) -> bool {
    let mut lines = text.lines();
    let Some(header) = lines.next() else { return false };
    let first = first_token(header);
    if header.starts_with('#')
        || ["rule", "quiet", "contact"].contains(&first)
        || DECLARATIONS.contains(&first)
    {
        return false;
    }
    [',', ';', '\t'].into_iter().any(|separator| {
        let cells = header.split(separator).count();
        let is_name = |cell: &str| !cell.trim().is_empty() && cell.split_whitespace().count() <= 2;
        // One row more: in a header alone a comma too many is seen as such.
        cells > 1
            && header.split(separator).all(is_name)
            && lines.clone().next().is_some_and(|row| row.matches(separator).count() + 1 >= cells)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_are_told_from_rules() {
        for text in ["{\"id\": \"u1\"}\n", "\u{FEFF} [\n {\"id\": 1}]", "{}", "[]", "[\"a\"]"] {
            assert_eq!(foreign_format(text).map(|(what, _)| what), Some("this is JSON, not rules"), "{text}");
        }
        for text in ["id,tier\nu1,gold\n", "user;at;type\n1;2026-01-01;order", "id\tsign up\n1\t2"] {
            assert_eq!(
                foreign_format(text).map(|(what, _)| what),
                Some("this is a table, not rules"),
                "{text}"
            );
        }
        for text in [
            "",
            "if vip, gold then send x\nif a, b then send y",
            "channel email, wechat\nchannel sms, push",
            "{ if vip then send x }",
            "# a, b\n# c, d",
            "vip, gold",
            "every monday, thursday\n  at 10:00, 11:00",
            "; a",
        ] {
            assert_eq!(foreign_format(text), None, "{text}");
        }
    }
}
