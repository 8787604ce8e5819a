//! Laws of the formatter: nothing that was said is lost, and what is canonical stays as it is.

mod support;

use std::fmt;

use courtesy::{
    diagnostic::{Diagnostics, SourceId, Sources},
    syntax::{Parsed, ast::File, format, parse},
};
use proptest::prelude::*;
use support::{
    generate::{self, Words},
    shape,
};

/// A file that shows itself as text when a law fails.
struct Shown(File);

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&format::file_text(&self.0))
    }
}

fn file() -> impl Strategy<Value = Shown> {
    generate::file(&Words::any()).prop_map(Shown)
}

fn read(text: &str) -> Parsed {
    parse(SourceId(0), text)
}

fn sound(text: &str) -> Result<Parsed, TestCaseError> {
    let parsed = read(text);
    let shown = || {
        let mut sources = Sources::default();
        sources.add("law", text);
        Diagnostics { sources, list: parsed.diagnostics.clone() }
    };
    prop_assert!(parsed.diagnostics.is_empty(), "{}\nin\n{text}", shown());
    Ok(parsed)
}

fn formatted(text: &str) -> Result<String, TestCaseError> {
    format::format(text, &sound(text)?).ok_or_else(|| TestCaseError::fail("not formatted"))
}

/// A few by default, as many as `PROPTEST_CASES` says for a longer look.
fn cases() -> ProptestConfig {
    let asked = std::env::var_os("PROPTEST_CASES").is_some();
    if asked { ProptestConfig::default() } else { ProptestConfig::with_cases(64) }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn what_is_written_reads_back(Shown(file) in file()) {
        let text = format::file_text(&file);
        let parsed = sound(&text)?;
        let (read, written) = (shape(&parsed.file), shape(&file));
        prop_assert!(read == written, "{}\nwas read for\n{}", text, first_difference(&written, &read));
    }

    #[test]
    fn what_is_formatted_stays(Shown(file) in file()) {
        let text = formatted(&format::file_text(&file))?;
        prop_assert_eq!(formatted(&text)?, text);
    }

    #[test]
    fn comments_are_kept_in_order(Shown(file) in file(), at in places()) {
        let (text, comments) = commented(&format::file_text(&file), &at);
        let tidy = formatted(&text)?;
        let parsed = sound(&tidy)?;
        let kept: Vec<_> = parsed.comments.iter().map(|comment| format!("#{}", comment.text)).collect();
        prop_assert_eq!(kept, comments, "in\n{}\nfrom\n{}", tidy, text);
        let (read, written) = (shape(&parsed.file), shape(&file));
        prop_assert!(read == written, "{}\nwas read for\n{}\n{}", tidy, text, first_difference(&written, &read));
        prop_assert_eq!(formatted(&tidy)?, tidy);
    }
}

#[test]
fn the_examples_of_the_language_mean_the_same_when_formatted() {
    let page = include_str!("../docs/language.md");
    let blocks: Vec<_> =
        page.split("\n```touch").skip(1).filter_map(|block| block.split_once('\n')).collect();
    let files = blocks.iter().filter(|(kind, _)| !matches!(*kind, " conditions" | " numbers"));
    let mut count = 0;
    for (_, block) in files {
        let text = block.split("\n```").next().unwrap();
        let tidy = formatted(text).unwrap();
        assert_eq!(shape(&read(&tidy).file), shape(&read(text).file), "{text}\n{tidy}");
        assert_eq!(formatted(&tidy).unwrap(), tidy);
        count += 1;
    }
    assert!(count > 8, "{count} examples");
}

/// Puts comments into a text: at each place between two words for which `at` says so, after something or on lines of
/// their own.
fn commented(text: &str, at: &[Place]) -> (String, Vec<String>) {
    let mut out = String::new();
    let mut comments = Vec::new();
    let (mut quoted, mut escaped, mut places) = (false, false, at.iter().cycle());
    for (index, c) in text.char_indices() {
        match c {
            '"' if !escaped => quoted = !quoted,
            ' ' | '\n' if !quoted && !is_one_word(&text[..index], &text[index + 1..]) => {
                let comment = format!("#{}", comments.len());
                match places.next() {
                    Some(Place::Trailing) => out.push_str(&format!(" {comment}\n")),
                    Some(Place::OwnLine) => out.push_str(&format!("\n   {comment}\n")),
                    _ => {
                        out.push(c);
                        continue;
                    }
                }
                comments.push(comment);
                continue;
            }
            _ => {}
        }
        escaped = c == '\\' && !escaped;
        out.push(c);
    }
    (out, comments)
}

/// A date and a time are one word, and so is what says when weeks start.
fn is_one_word(before: &str, after: &str) -> bool {
    let digit = |c: char| c.is_ascii_digit();
    before.ends_with(digit) && after.starts_with(digit) || after.starts_with("starts ")
}

#[derive(Debug, Clone, Copy)]
enum Place {
    Nothing,
    Trailing,
    OwnLine,
}

fn places() -> impl Strategy<Value = Vec<Place>> {
    let place = prop_oneof![8 => Just(Place::Nothing), 1 => Just(Place::Trailing), 1 => Just(Place::OwnLine)];
    prop::collection::vec(place, 40..80)
}

/// The lines around the first one that differs.
fn first_difference(left: &str, right: &str) -> String {
    let same = left.lines().zip(right.lines()).take_while(|(left, right)| left == right).count();
    let around = |text: &str| -> Vec<String> {
        text.lines().skip(same.saturating_sub(8)).take(16).map(String::from).collect()
    };
    format!("{}\n── read ──\n{}", around(left).join("\n"), around(right).join("\n"))
}
