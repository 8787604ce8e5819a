//! Where reading goes on after a broken declaration.

use super::words::{first_token, is_reserved};

/// The place after blanks and comments.
pub(super) fn skip_blank(text: &str, mut at: usize, end: usize) -> usize {
    loop {
        let Some(rest) = text.get(at..end) else { return end };
        let trimmed = rest.trim_start_matches(|c: char| c.is_whitespace() || ";；{}。\u{FEFF}".contains(c));
        at += rest.len() - trimmed.len();
        let length = if trimmed.starts_with("/*") {
            trimmed.find("*/").map_or(trimmed.len(), |close| close + 2)
        } else if trimmed.starts_with('#') || trimmed.starts_with("//") || trimmed.starts_with("--") {
            trimmed.find('\n').unwrap_or(trimmed.len())
        } else {
            return at;
        };
        at += length;
    }
}

/// The first place after a declaration that starts at `start` and cannot be read at `failed` where another
/// declaration seems to start: at a line that is not indented further than the broken one's.
pub(super) fn next_declaration(text: &str, start: usize, failed: usize, end: usize) -> usize {
    let indent = indentation(text, start);
    let mut blank_before = false;
    let mut line_start = text.get(..start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    for line in text.get(line_start..end).unwrap_or_default().split_inclusive('\n') {
        let words = line.trim_start();
        let at = line_start + (line.len() - words.len());
        let outer = at > start && at >= failed && line.len() - words.len() <= indent;
        if outer && (starts(words) || blank_before && starts_perhaps(words)) {
            return at;
        }
        blank_before = words.is_empty();
        line_start += line.len();
    }
    end
}

/// How far the line that holds this place is indented, in bytes.
pub(super) fn indentation(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    let line = before.rfind('\n').map_or(before, |newline| before.get(newline + 1..).unwrap_or_default());
    line.len() - line.trim_start().len()
}

/// Whether a declaration starts with these words, or a rule without a name on a line of its own.
pub(super) fn starts(text: &str) -> bool {
    starts_surely(text)
        || starts_perhaps(text) && text.lines().next().is_some_and(|line| line.contains(" then "))
}

/// Whether nothing but a declaration starts with these words.
pub(super) fn starts_surely(text: &str) -> bool {
    let first = first_token(text);
    let rest = text.get(first.len()..).unwrap_or_default().trim_start();
    let second = first_token(rest);
    let is = |word: &str, wanted: &str| word.eq_ignore_ascii_case(wanted);
    let named = second.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '"');
    match first.to_ascii_lowercase().as_str() {
        "use" => second.starts_with('"'),
        "time" => is(second, "zone"),
        "week" => is(second, "starts"),
        "quiet" | "contact" => is(second, "hours"),
        "hold" => is(second, "out"),
        "attribute" | "event" | "channel" | "message" | "calendar" | "segment" => {
            named && !is_reserved(second)
        }
        "rule" => named,
        "test" => second.starts_with('"'),
        "at" => {
            let line = rest.lines().next().unwrap_or_default();
            let mut words = line.split_whitespace().skip(1);
            let counted = words.next().is_some_and(|count| count.starts_with(|c: char| c.is_ascii_digit()));
            let subject = words.next().unwrap_or_default();
            counted
                && (is(second, "most") && !is(subject, "times") && !is(subject, "time")
                    || is(second, "least"))
        }
        _ => false,
    }
}

/// Whether a rule without a name may start with these words.
fn starts_perhaps(text: &str) -> bool {
    let first = first_token(text);
    ["if", "on", "every", "cron"].iter().any(|word| word.eq_ignore_ascii_case(first))
        || first.starts_with(|c: char| c.is_ascii_digit())
}
