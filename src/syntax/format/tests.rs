use super::format;
use crate::{
    diagnostic::SourceId,
    syntax::{parse, parse_condition},
};

/// A snapshot whose file holds nothing but what is shown.
macro_rules! snapshot {
    ($shown:expr) => {
        insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!($shown) })
    };
}

/// What the text becomes; that again becomes itself.
fn formatted(text: &str) -> String {
    let once = |text: &str| {
        let parsed = parse(SourceId(0), text);
        assert_eq!(parsed.diagnostics, [], "in\n{text}");
        format(text, &parsed).unwrap()
    };
    let result = once(text);
    assert_eq!(once(&result), result);
    result
}

/// SOURCE, then what it becomes.
fn shown(text: &str) -> String {
    format!("{text}\n──▶\n{}", formatted(text))
}

#[test]
fn messy_rules_become_tidy() {
    snapshot!(shown(include_str!("tests/messy.touch")));
}

#[test]
fn comments_stay_where_they_stand() {
    snapshot!(shown(include_str!("tests/comments.touch")));
}

#[test]
fn chinese_files_are_as_good_as_any() {
    snapshot!(shown(include_str!("tests/chinese.touch")));
}

#[test]
fn tests_in_files_are_a_line_for_each_thing() {
    snapshot!(shown(include_str!("tests/scene.touch")));
}

#[test]
fn parentheses_are_as_few_as_can_be() {
    for (text, canonical) in [
        ("((a)) and ((b or c))", "a and (b or c)"),
        ("(a and b) or c", "a and b or c"),
        ("(a and b) and c", "(a and b) and c"),
        ("not (not a)", "not not a"),
        ("not (a and b)", "not (a and b)"),
        ("not (points >= 1)", "not points >= 1"),
        ("((1 + 2) + 3) * 4 >= 1 - (2 - 3)", "(1 + 2 + 3) * 4 >= 1 - (2 - 3)"),
        ("-(x * 2) + (-x) > (2 * 3) / 4", "-(x * 2) + -x > 2 * 3 / 4"),
        ("no order where (amount > 100) in 2 days", "no order where amount > 100 in 2 days"),
        ("no order where amount > 100 + 1", "no order where (amount > 100 + 1)"),
        ("no order where vip", "no order where (vip)"),
        ("(number of orders where amount > 100) + 1 > 2", "(number of orders where amount > 100) + 1 > 2"),
        ("tier is (none) or tier is unknown", "tier is (none) or tier is not known"),
        ("tier is (none * 2)", "tier is (none * 2)"),
        ("(segment) between (message) and 2", "\"segment\" between (message) and 2"),
        ("\"two words\" * 2 > 3", "\"two words\" * 2 > 3"),
        ("tier gold", "tier is gold"),
        ("\"big order\" before or \"big spender\"", "\"big order\" before or \"big spender\""),
        ("today is on 2026-11-11", "today is 2026-11-11"),
        ("today is mondays or today is a weekend", "today is monday or today is saturday, sunday"),
        ("days since last order is at least 1 days", "days since last order >= 1 day"),
    ] {
        let condition = parse_condition(text).unwrap_or_else(|found| panic!("{text}: {found:?}"));
        assert_eq!(super::condition_text(&condition), canonical, "{text}");
    }
}

#[test]
fn what_cannot_be_read_is_left_alone() {
    let text = "rule a if then\nchannel sms";
    assert_eq!(format(text, &parse(SourceId(0), text)), None);
}

#[test]
fn nothing_becomes_nothing_and_comments_alone_stay() {
    assert_eq!(formatted(""), "");
    assert_eq!(formatted("\n\n"), "");
    assert_eq!(formatted("\n\n  # a\r\n\r\n\r\n#b  \n"), "# a\n\n#b\n");
}

#[test]
fn the_design_is_canonical_but_for_its_spaces() {
    snapshot!(shown(include_str!("../tests/winback.touch")));
    snapshot!(shown(include_str!("../tests/shop.touch")));
}
