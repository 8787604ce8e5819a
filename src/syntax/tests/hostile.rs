//! Sources that nobody writes by hand.

use super::*;
use proptest::prelude::*;

fn codes(text: &str) -> Vec<Code> {
    parse(SourceId(0), text).diagnostics.iter().map(|found| found.code).collect()
}

#[test]
fn an_empty_source_has_no_declarations_and_no_errors() {
    for text in ["", "\n\n", "  # nothing", "\u{FEFF}", "\r\n"] {
        let parsed = parse(SourceId(0), text);
        assert!(parsed.file.declarations.is_empty() && parsed.diagnostics.is_empty(), "{text:?}");
    }
    assert_eq!(parse(SourceId(0), "\u{FEFF}event a\r\nevent b\r\n").file.declarations.len(), 2);
}

#[test]
fn what_is_too_long_or_no_text_is_refused_as_a_whole() {
    let long = "event a\n".repeat(LONGEST_SOURCE / 8 + 1);
    assert_eq!(codes(&long), [Code::TooLong]);
    assert_eq!(codes("event a\n\0\u{1}\u{2}"), [Code::BadCharacter]);
    assert_eq!(parse(SourceId(0), &long[..LONGEST_SOURCE]).file.declarations.len(), LONGEST_SOURCE / 8);
}

#[test]
fn a_rule_that_the_text_ends_within_is_told_as_such() {
    // Whether a line break follows or not.
    for end in ["", "\n", " \n\n", "\n# later\n"] {
        let text = format!("event a\nrule r if a and b at 10:00{end}");
        let found = parse(SourceId(0), &text).diagnostics;
        let told: Vec<&str> = found.iter().map(|found| found.message.as_str()).collect();
        assert_eq!(told, ["this ends too early, after `10:00`"], "{text:?}");
        assert!(text.get(found[0].primary.span.range()).is_some(), "{text:?}");
    }
}

#[test]
fn what_is_nested_too_deeply_is_one_error_and_the_rest_is_read() {
    let open =
        |depth: usize| format!("event a\nsegment s: {}x{}\nevent b\n", "(".repeat(depth), ")".repeat(depth));
    assert_eq!(codes(&open(64)), []);
    for depth in [65, 10_000, 400_000] {
        let parsed = parse(SourceId(0), &open(depth));
        assert_eq!(parsed.diagnostics.iter().map(|found| found.code).collect::<Vec<_>>(), [Code::TooDeep]);
        assert_eq!(parsed.file.declarations.len(), 2, "{depth}");
    }
    assert_eq!(codes(&format!("if {}x then send y", "not ".repeat(65))), [Code::TooDeep]);
    assert_eq!(codes(&format!("if {}x > 1 then send y", "- ".repeat(65))), [Code::TooDeep]);
    assert_eq!(codes(&format!("if x{} > 1 then send y", " + 1".repeat(70))), [Code::TooDeep]);
    assert_eq!(codes(&format!("if x{} > 1 then send y", " + 1".repeat(40))), []);
}

#[test]
fn reading_takes_steps_in_proportion_to_the_length() {
    // If a repetition were read twice because it begins in two ways, these would not come to an end.
    let size = 8 * 1024;
    let fill = |text: &str| text.repeat(size / text.len());
    for text in [
        format!("on a {}", fill("if b ")),
        format!("on a then send c {}", fill("if b ")),
        format!("at most 1 touch per day {}", fill("if b ")),
        format!("if {}", fill("a or ")),
        format!("if no a where {}", fill("number of a where ")),
        format!("if {} then send b", fill("a + ")),
        fill("if ( "),
        fill("if a then send b\n"),
        format!("{} if = ", fill("if a then send b\n")),
        fill("segment a: b c d\n"),
        fill("segment a: ((((((((((((((((((((b c))))))))))))))))))))\n"),
        fill("at most 1 "),
        fill("\""),
        fill("“"),
        fill("/*"),
        fill("12/"),
        fill("12."),
        fill("1,000"),
        fill("\\\""),
        fill("# a\n"),
        fill("\n"),
        fill("; "),
        fill("given a "),
    ] {
        let parsed = parse(SourceId(0), &text);
        assert!(parsed.diagnostics.len() <= MOST_ERRORS + 1);
    }
}

#[test]
fn a_long_line_of_texts_is_read_once() {
    // Were the line read again for each text, it would take minutes.
    let size = LONGEST_SOURCE / 4;
    let bytes = |text: &str| text.repeat(size / text.len());
    for piece in ["test \"a\" ", "\"\" ", "if \"", "use \"", "「", "“", "'", "『a", "« "] {
        let start = std::time::Instant::now();
        let parsed = parse(SourceId(0), &bytes(piece));
        assert!(!parsed.diagnostics.is_empty() || piece == "use \"");
        println!("{piece}: {:?}", start.elapsed());
        assert!(start.elapsed().as_secs() < 60, "{piece}");
    }
}

const WORDS: &[&str] = &[
    "rule",
    "if",
    "then",
    "send",
    "via",
    "with",
    "unless",
    "and",
    "or",
    "not",
    "(",
    ")",
    ",",
    ":",
    "\"x\"",
    "order",
    "in",
    "30",
    "days",
    "no",
    "at",
    "least",
    "most",
    "10:00",
    "2026-10-01",
    "2026-02-30",
    "is",
    ">=",
    "segment",
    "event",
    "test",
    "given",
    "expect",
    "ago",
    "every",
    "month",
    "on",
    "of",
    "where",
    "total",
    "last",
    "since",
    "between",
    "10%",
    "as",
    "touch",
    "per",
    "day",
    "quiet",
    "hours",
    "to",
    "for",
    "\n",
    "\"",
    "“",
    "”",
    "=",
    "#",
    "1,000",
    "today",
    "-",
    "blocked",
];

proptest! {
    #[test]
    fn any_text_is_read_without_a_panic(text in "\\PC{0,200}") {
        let _ = errors(&text);
    }

    #[test]
    fn any_words_are_read_without_a_panic(words in prop::collection::vec(prop::sample::select(WORDS), 0..60)) {
        let text = words.join(" ");
        let parsed = parse(SourceId(0), &text);
        for found in &parsed.diagnostics {
            prop_assert!(text.get(found.primary.span.range()).is_some(), "{:?}", found);
            prop_assert!(!found.message.contains("report it as a fault"), "{}", errors(&text));
        }
    }

    #[test]
    fn a_valid_file_with_a_piece_cut_out_or_put_in_is_read_without_a_panic(
        from in 0_usize..3000, length in 0_usize..20, put in prop::sample::select(WORDS),
    ) {
        let whole = concat!(include_str!("shop.touch"), include_str!("winback.touch"));
        let place = |at: usize| (0..=at.min(whole.len())).rev().find(|at| whole.is_char_boundary(*at)).unwrap();
        let (start, end) = (place(from), place(from + length));
        let text = format!("{}{put}{}", &whole[..start], &whole[end..]);
        let parsed = parse(SourceId(0), &text);
        // One mistake never takes away more than a few declarations.
        prop_assert!(parsed.file.declarations.len() >= 28, "{}\n{}", parsed.file.declarations.len(), errors(&text));
        prop_assert!(parsed.diagnostics.iter().all(|found| !found.message.contains("report it as a fault")));
        let _ = errors(&text);
    }
}
