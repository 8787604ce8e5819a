//! Text ⇄ syntax tree.
//!
//! Reading never fails: a broken declaration is left out and reported, and the others are read all the same.
//!
//! ```
//! use courtesy::{diagnostic::SourceId, syntax};
//! let parsed = syntax::parse(SourceId(0), "if no order in 30 days and tier gold then send coupon");
//! assert_eq!(parsed.file.declarations.len(), 1);
//! assert!(parsed.diagnostics.is_empty());
//! ```

pub mod ast;
pub mod format;

mod conditions;
mod declarations;
mod errors;
mod examples;
mod expected;
mod formats;
mod grammar;
mod hints;
mod literals;
mod numerals;
mod quotes;
mod reader;
mod recovery;
mod rules;
mod slips;
mod turned;
mod values;
mod words;

pub use words::{RESERVED, can_be_name, is_plain_name, is_plain_word, is_reserved};

use pest::Parser;

use self::{
    ast::{Condition, File, Span},
    grammar::{Grammar, Rule},
    reader::Reader,
};
use crate::diagnostic::{Code, Diagnostic, SourceId, line_ends};

/// The longest source that is read, in bytes: 1 MiB.
pub const LONGEST_SOURCE: usize = 1 << 20;

/// How many errors of one source are reported before reading is given up.
const MOST_ERRORS: usize = 100;

/// What was read from one source.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// The declarations that could be read.
    pub file: File,
    /// All comments, in order.
    pub comments: Vec<Comment>,
    /// What is wrong, in order of place.
    pub diagnostics: Vec<Diagnostic>,
}

/// A comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// From the `#` to the end of the line.
    pub span: Span,
    /// What it says, without the `#` and the space around it.
    pub text: String,
    /// Whether it has a line of its own, rather than standing after something.
    pub own_line: bool,
}

/// Reads one source.
#[must_use]
pub fn parse(source: SourceId, text: &str) -> Parsed {
    let text = &*line_ends(text);
    let mut reader = Reader::new(source, text);
    let mut file = File::default();
    let mut comments = Vec::new();
    if reader.fits() {
        let scan = slips::scan(&mut reader);
        comments = scan.comments;
        for piece in scan.pieces {
            read_piece(&mut reader, piece, &mut file);
        }
    }
    let mut diagnostics = reader.diagnostics;
    diagnostics.sort_by_key(|found| found.primary.span);
    if let Some(last) = diagnostics.get(MOST_ERRORS) {
        let message = format!("there are {} more errors", diagnostics.len() - MOST_ERRORS);
        let more = Diagnostic::new(Code::TooManyErrors, source, last.primary.span, message);
        diagnostics.truncate(MOST_ERRORS);
        diagnostics.push(more.help("mend those above first"));
    }
    Parsed { file, comments, diagnostics }
}

/// Reads a condition alone, as it may stand after `if`.
///
/// # Errors
///
/// All findings, if there is one.
pub fn parse_condition(text: &str) -> Result<Condition, Vec<Diagnostic>> {
    let text = &*line_ends(text);
    let mut reader = Reader::new(SourceId::default(), text);
    if !reader.fits() || slips::scan(&mut reader).pieces != [Span::new(0, text.len())] {
        return Err(reader.diagnostics);
    }
    let condition = match Grammar::parse(Rule::one_condition, text) {
        Ok(mut pairs) => pairs.next().and_then(|one| reader.condition_in(&one)),
        Err(error) => {
            reader.explain(&error, Span::new(0, text.len()));
            None
        }
    };
    condition.filter(|_| reader.diagnostics.is_empty()).ok_or(reader.diagnostics)
}

/// Reads the declarations of a stretch of text, one after another.
fn read_piece(reader: &mut Reader<'_>, piece: Span, file: &mut File) {
    let mut at = piece.start;
    loop {
        at = recovery::skip_blank(reader.text, at, piece.end);
        let Some(rest) = reader.text.get(at..piece.end).filter(|rest| !rest.is_empty()) else { return };
        if reader.diagnostics.len() > MOST_ERRORS {
            return;
        }
        reader.base = at;
        match Grammar::parse(Rule::one, rest) {
            Ok(mut pairs) => {
                let Some(one) = pairs.next() else { return };
                if let Some(declaration) = Reader::find(&one, Rule::declaration) {
                    at = reader.span(&declaration).end;
                    file.declarations.extend(reader.declaration(&declaration));
                } else {
                    reader.disagree(&one, "a declaration");
                    return;
                }
            }
            Err(error) => {
                let (failed, whole) = reader.explain(&error, Span::new(at, piece.end));
                if whole
                    && let Some(whole) = reader.text.get(at..failed)
                    && let Ok(mut pairs) = Grammar::parse(Rule::one, whole)
                    && let Some(declaration) =
                        pairs.next().and_then(|one| Reader::find(&one, Rule::declaration))
                {
                    file.declarations.extend(reader.declaration(&declaration));
                }
                at = recovery::next_declaration(reader.text, at, failed, piece.end);
            }
        }
    }
}

#[cfg(test)]
mod tests;
