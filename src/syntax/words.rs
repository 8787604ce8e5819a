//! The words of the language.

use pest::Parser;

use super::{
    format::quoted,
    grammar::{Grammar, Rule},
};
use crate::diagnostic::SourceId;

/// The words that are never plain names; the same as `reserved` in the grammar.
pub const RESERVED: [&str; 25] = [
    "after", "and", "at", "between", "for", "from", "if", "in", "is", "no", "not", "of", "on", "or", "send",
    "since", "then", "today", "unless", "until", "via", "where", "with", "within", "yes",
];

/// The words that declarations start with, for suggestions.
pub(super) const DECLARATIONS: [&str; 19] = [
    "at",
    "attribute",
    "calendar",
    "channel",
    "contact",
    "cron",
    "event",
    "every",
    "hold",
    "if",
    "message",
    "on",
    "quiet",
    "rule",
    "segment",
    "test",
    "time",
    "use",
    "week",
];

/// Whether it is never a plain name.
#[must_use]
pub fn is_reserved(word: &str) -> bool {
    RESERVED.iter().any(|reserved| reserved.eq_ignore_ascii_case(word))
}

/// Whether it can be written as a name without quotes, wherever names stand.
///
/// Next to another name (`tier gold`) some words that start clauses or declarations cannot; they are refused here too.
#[must_use]
pub fn is_plain_name(word: &str) -> bool {
    Grammar::parse(Rule::one_plain_item, word).is_ok()
}

/// Whether it can be written as a name without quotes where nothing but a name can stand.
#[must_use]
pub fn is_plain_word(word: &str) -> bool {
    Grammar::parse(Rule::one_plain, word).is_ok()
}

/// Whether it can be written as a name at all, between quotes if need be: it is not empty, and nothing in it is invisible.
///
/// ```
/// use courtesy::syntax::can_be_name;
/// assert!(can_be_name("order id") && can_be_name("if") && can_be_name("5\""));
/// assert!(!can_be_name(" ") && !can_be_name("a\u{1b}b"));
/// ```
#[must_use]
pub fn can_be_name(text: &str) -> bool {
    super::parse(SourceId(0), &format!("channel {}", quoted(text))).diagnostics.is_empty()
}

/// The word or the sign that a text starts with.
pub(super) fn first_token(text: &str) -> &str {
    let mut chars = text.char_indices();
    let Some((_, first)) = chars.next() else { return "" };
    let end = if is_word(first) {
        chars.find(|(_, c)| !is_word(*c)).map_or(text.len(), |(at, _)| at)
    } else if first == '"' {
        chars
            .find(|(_, c)| matches!(c, '"' | '\n'))
            .map_or(text.len(), |(at, c)| if c == '"' { at + 1 } else { at })
    } else {
        first.len_utf8()
    };
    text.get(..end).unwrap_or_default()
}

/// Whether a character may be part of a word, near enough for messages; the grammar decides.
pub(super) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}
