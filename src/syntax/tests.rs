use super::*;
use crate::diagnostic::{Diagnostics, Sources};

/// A snapshot whose file holds nothing but what is shown.
macro_rules! snapshot {
    ($shown:expr) => {
        insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!($shown) })
    };
}

mod forms;
mod hostile;
mod slips;

/// The errors of a source, as people see them.
fn errors(text: &str) -> String {
    let mut sources = Sources::default();
    let id = sources.add("shop.touch", text);
    let list = parse(id, text).diagnostics;
    Diagnostics { sources, list }.to_string()
}

/// The declarations of a source that must be right.
fn read(text: &str) -> File {
    let parsed = parse(SourceId(0), text);
    assert!(parsed.diagnostics.is_empty(), "{text}\n{}", errors(text));
    parsed.file
}

/// A tree on one line a part, without its spans.
fn sketch(tree: &impl std::fmt::Debug) -> String {
    let written = format!("{tree:?}");
    let mut out = String::new();
    for (number, part) in written.replace("Spanned { node: ", "").split("span: Span { start: ").enumerate() {
        // The rest of a span: `6, end: 11 } }` where it closes a node, `6, end: 11 }, ` where it is a field.
        let rest = if number == 0 { part } else { part.split_once('}').map_or(part, |(_, rest)| rest) };
        let rest = rest.strip_prefix(" }").or_else(|| rest.strip_prefix(", ")).unwrap_or(rest);
        if number > 0 && out.ends_with(", ") {
            out.truncate(out.len() - 2);
        }
        out.push_str(rest);
    }
    out.replace("Filter { of: [], condition: None }", "Filter::all")
        .replace("Life { from: None, until: None }", "always")
}

/// As files of an old Macintosh have it.
#[test]
fn a_lone_carriage_return_ends_a_line() {
    let feeds = "# a comment\nif vip then send c  # to \"them\"\nquiet hours 21:00 to 21:00\ngarbage\n\nif (a\nevent b \"x\n";
    let returns = feeds.replace('\n', "\r");
    assert_eq!(parse(SourceId(0), &returns), parse(SourceId(0), feeds));
    assert_eq!(errors(&returns), errors(feeds));
    let parsed = parse(SourceId(0), "# a comment\rif vip then send c\rgarbage\r");
    assert_eq!(parsed.diagnostics.len(), 1, "nothing is swallowed");
    let fine = "# a comment\r\revent a   # one\rif vip\r  then send c\r";
    let parsed = parse(SourceId(0), fine);
    assert_eq!(
        format::format(fine, &parsed).as_deref(),
        Some("# a comment\n\nevent a  # one\n\nif vip\n  then send c\n")
    );
}

#[test]
fn the_page_that_introduces_the_language_reads_without_an_error() {
    assert_eq!(read(include_str!("tests/winback.touch")).declarations.len(), 8);
    assert_eq!(read(include_str!("tests/shop.touch")).declarations.len(), 25);
    assert_eq!(read("if no order in 30 days and tier gold then send coupon").declarations.len(), 1);
}

#[test]
fn nodes_span_their_own_words_and_nothing_behind_them() {
    let text =
        "# first\nsegment lapsed:  ordered   before   # not twice\n  and tier gold   # so\n\nevent visit  \n";
    let parsed = parse(SourceId(0), text);
    let shown: Vec<_> = parsed.file.declarations.iter().map(|one| &text[one.span.range()]).collect();
    assert_eq!(shown, ["segment lapsed:  ordered   before   # not twice\n  and tier gold", "event visit"]);
    let ast::DeclarationKind::Segment { condition, .. } = &parsed.file.declarations[0].node else { panic!() };
    let ast::ConditionKind::And(parts) = &condition.node else { panic!() };
    let shown: Vec<_> = parts.iter().map(|part| &text[part.span.range()]).collect();
    assert_eq!(shown, ["ordered   before", "tier gold"]);
    let shown: Vec<_> = parsed.comments.iter().map(|one| (&text[one.span.range()], one.own_line)).collect();
    assert_eq!(shown, [("# first", true), ("# not twice", false), ("# so", false)]);
    assert_eq!(parsed.comments[1].text, "not twice");
    let text = "not (a or b) and -(a + b) * (2) > (1)";
    let ast::ConditionKind::And(parts) = parse_condition(text).unwrap().node else { panic!() };
    let ast::ConditionKind::Compare { left, .. } = &parts[1].node else { panic!() };
    assert_eq!((&text[parts[0].span.range()], &text[left.span.range()]), ("not (a or b)", "-(a + b) * (2)"));
}
