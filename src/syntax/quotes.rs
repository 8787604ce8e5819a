//! Texts, as they are looked at before the grammar is asked: the closing quote, and quotes of other languages.

use super::{ast::Span, slips::Scanner};
use crate::diagnostic::Code;

impl Scanner<'_, '_> {
    /// A text in straight double quotes.
    pub(super) fn text(&mut self, at: usize, rest: &str) -> usize {
        let line = rest.lines().next().unwrap_or_default();
        let mut escaped = false;
        for (place, c) in line.char_indices().skip(1) {
            match c {
                '"' if !escaped => {
                    self.characters(at, line.get(..place).unwrap_or_default(), true);
                    return place + 1;
                }
                '\\' => escaped = !escaped,
                _ => escaped = false,
            }
        }
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
        let closers: &[char] = match open {
            '‘' | '’' | '\'' => &['‘', '’', '\''],
            '「' => &['」'],
            '『' => &['』'],
            '«' => &['»'],
            _ => &['“', '”', '"', '＂'],
        };
        let line = rest.lines().next().unwrap_or_default();
        let close = line.char_indices().skip(1).find(|(_, c)| closers.contains(c));
        let (span, length, help) = match close {
            Some((place, close)) => {
                let inner = line.get(open.len_utf8()..place).unwrap_or_default();
                let length = place + close.len_utf8();
                (Span::new(at, at + length), length, format!("write `\"{inner}\"`"))
            }
            None => {
                let length = open.len_utf8();
                (Span::new(at, at + length), length, "write texts in double quotes: `\"…\"`".to_owned())
            }
        };
        let kind = if matches!(open, '\'') { "single" } else { "typographic" };
        let message = format!("texts are in straight double quotes, not in {kind} ones");
        self.reader.report(Code::WrongQuotes, span, message, &help);
        length
    }
}
