//! Texts, as they are looked at before the grammar is asked: the closing quote, and quotes of other languages.

use super::{ast::Span, slips::Scanner};
use crate::diagnostic::Code;

impl Scanner<'_, '_> {
    /// A text in straight double quotes.
    pub(super) fn text(&mut self, at: usize, rest: &str) -> usize {
        let mut escaped = false;
        // No farther than the closing quote: a long line of many texts must not be read again for each of them.
        for (place, c) in rest.char_indices().skip(1) {
            match c {
                '"' if !escaped => {
                    self.characters(at, rest.get(..place).unwrap_or_default(), true);
                    return place + 1;
                }
                '\n' => break,
                '\\' => escaped = !escaped,
                _ => escaped = false,
            }
        }
        let line = rest.lines().next().unwrap_or_default();
        let help = match line.find(['”', '“', '＂']) {
            Some(_) => "write `\"` at its end as well, the straight quote",
            None => "write `\"` where the text ends",
        };
        let span = Span::new(at, at + line.trim_end().len());
        self.reader.report(Code::UnclosedText, span, "the closing quote of this text is missing", help);
        line.len()
    }

    /// A text in other quotes.
    pub(super) fn foreign_text(&mut self, at: usize, rest: &str, open: char) -> usize {
        let (kind, closers): (usize, &[char]) = match open {
            '‘' | '’' | '\'' => (0, &['‘', '’', '\'']),
            '「' => (1, &['」']),
            '『' => (2, &['』']),
            '«' => (3, &['»']),
            _ => (4, &['“', '”', '"', '＂']),
        };
        let mut close = None;
        // Where one has no end in its line none of its kind after it has: the line is not read again for each.
        if let Some(unclosed) = self.unclosed.get_mut(kind).filter(|end| at >= **end) {
            let line = rest.char_indices().take_while(|(_, c)| *c != '\n');
            close = line.skip(1).find(|(_, c)| closers.contains(c));
            if close.is_none() {
                *unclosed = at + rest.find('\n').unwrap_or(rest.len());
            }
        }
        let (span, length, help) = match close {
            Some((place, close)) => {
                let inner = rest.get(open.len_utf8()..place).unwrap_or_default();
                let length = place + close.len_utf8();
                (Span::new(at, at + length), length, format!("write `\"{inner}\"`"))
            }
            None => {
                let length = open.len_utf8();
                (Span::new(at, at + length), length, "write texts in double quotes: `\"…\"`".to_owned())
            }
        };
        let kind = if open == '\'' { "single" } else { "typographic" };
        let message = format!("texts are in straight double quotes, not in {kind} ones");
        self.reader.report(Code::WrongQuotes, span, message, &help);
        length
    }
}
