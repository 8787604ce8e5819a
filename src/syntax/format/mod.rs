//! Syntax tree → text: one canonical form.
//!
//! Comments stay where they stand, between the same words as far as lines can break there, and always in order.
//! Everything else is decided by the tree, but for three things that are the author's: the order of clauses, blank lines
//! between declarations, and whether a rule without a name is one line.

mod condition;
mod declaration;
mod doc;
mod layout;
mod rule;
mod test;
mod value;
mod words;

#[cfg(test)]
mod tests;

pub use condition::condition_text;
pub use value::expr_text;
pub use words::{name, quoted};

use super::{Parsed, ast::File};
use crate::diagnostic::{Severity, line_ends};

/// The canonical text of what was read, comments and all; `None` if something could not be read, because it would
/// be lost.
///
/// Formatting what is formatted changes nothing.
///
/// ```
/// use courtesy::{diagnostic::SourceId, syntax};
/// let text = "IF no order in 30 days   and tier gold # quiet ones\n  then send coupon";
/// let parsed = syntax::parse(SourceId(0), text);
/// assert_eq!(
///     syntax::format::format(text, &parsed).as_deref(),
///     Some("if no order in 30 days and tier is gold  # quiet ones\n  then send coupon\n"),
/// );
/// ```
#[must_use]
pub fn format(text: &str, parsed: &Parsed) -> Option<String> {
    if parsed.diagnostics.iter().any(|found| found.severity() == Severity::Error) {
        return None;
    }
    let comments: Vec<_> = parsed.comments.iter().map(|comment| comment.span).collect();
    Some(layout::file(&line_ends(text), &parsed.file, &comments))
}

/// A syntax tree as text: what reads back as the same tree.
///
/// Where its spans do not say otherwise, the steps of a rule stand before its clauses.
#[must_use]
pub fn file_text(file: &File) -> String {
    layout::file("", file, &[])
}
