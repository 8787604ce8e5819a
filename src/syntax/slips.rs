//! What is looked at before the grammar is asked: comments, characters, depth, and the spellings of other languages.
//!
//! The grammar accepts those spellings as well, so that each makes one error, here, and the rest of the declaration
//! is read as it was meant.

use super::{
    Comment, LONGEST_SOURCE, ast::Span, formats::foreign_format, numerals::digit_of_another_script,
    reader::Reader, recovery::starts_surely, words::is_word,
};
use crate::diagnostic::Code;

/// How deep parentheses may nest.
const DEEPEST: usize = 64;

/// What was found before the grammar is asked.
pub(super) struct Scan {
    /// All comments.
    pub(super) comments: Vec<Comment>,
    /// The stretches of text that can be read: all of it, but for what is nested too deeply.
    pub(super) pieces: Vec<Span>,
}

impl Reader<'_> {
    /// Whether the text is short enough, and a text.
    pub(super) fn fits(&mut self) -> bool {
        let length = self.text.len();
        if length > LONGEST_SOURCE {
            let message = format!("this source is {} KiB long; 1024 are read at the most", length / 1024);
            self.report(Code::TooLong, Span::new(0, 0), message, "split it, and join the parts with `use`");
            return false;
        }
        if let Some(at) = self.text.find('\0') {
            let message = "there is a NUL character in it: this is not a text file";
            self.report(
                Code::BadCharacter,
                Span::new(at, at + 1),
                message,
                "rule files are plain text in UTF-8",
            );
            return false;
        }
        match foreign_format(self.text) {
            Some((what, help)) => {
                let first = self.text.len() - self.text.trim_start().len();
                let end = self.text.get(first..).and_then(|rest| rest.lines().next()).map_or(0, str::len);
                self.report(Code::NotRules, Span::new(first, first + end), what, help);
                false
            }
            None => true,
        }
    }
}

/// Looks through the text and reports what it finds.
pub(super) fn scan(reader: &mut Reader<'_>) -> Scan {
    let text = reader.text;
    let mut scanner = Scanner {
        reader,
        comments: Vec::new(),
        pieces: Vec::new(),
        piece: 0,
        opened: Vec::new(),
        unclosed: [0; 5],
    };
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        at += scanner.step(at, rest).max(1);
        while !text.is_char_boundary(at) {
            at += 1;
        }
    }
    if scanner.piece <= text.len() {
        scanner.pieces.push(Span::new(scanner.piece, text.len()));
    }
    Scan { comments: scanner.comments, pieces: scanner.pieces }
}

pub(super) struct Scanner<'r, 'i> {
    pub(super) reader: &'r mut Reader<'i>,
    comments: Vec<Comment>,
    pieces: Vec<Span>,
    /// Where the piece that is being looked at starts.
    piece: usize,
    /// The open parentheses.
    opened: Vec<usize>,
    /// For each kind of foreign quotes, up to where none is closed.
    pub(super) unclosed: [usize; 5],
}

impl Scanner<'_, '_> {
    /// Looks at what stands at `at`, and says how many bytes that was.
    fn step(&mut self, at: usize, rest: &str) -> usize {
        let Some(c) = rest.chars().next() else { return 1 };
        match c {
            '#' => self.comment(at, rest, "#"),
            '"' => self.text(at, rest),
            '“' | '”' | '„' | '＂' | '‘' | '’' | '\'' | '「' | '『' | '«' => {
                self.foreign_text(at, rest, c)
            }
            '(' | '（' => self.open(at, rest, c),
            ')' | '）' => {
                self.opened.pop();
                self.sign(at, rest, c)
            }
            '0'..='9' => self.digits(at, rest),
            c if digit_of_another_script(c).is_some() => self.other_digits(at, rest),
            c if is_word(c) && !('０'..='９').contains(&c) => {
                rest.find(|c: char| !is_word(c)).unwrap_or(rest.len())
            }
            c if c.is_ascii_whitespace() && c != '\u{c}' => 1,
            _ => self.sign(at, rest, c),
        }
    }

    /// A comment that starts with `mark`, up to the end of its line.
    fn comment(&mut self, at: usize, rest: &str, mark: &str) -> usize {
        let line = rest.lines().next().unwrap_or_default();
        let before = self.reader.text.get(..at).unwrap_or_default();
        let own_line =
            before.lines().next_back().is_none_or(|line| line.trim().is_empty()) || before.ends_with('\n');
        self.characters(at, line, true);
        self.comments.push(Comment {
            span: Span::new(at, at + line.len()),
            text: line.get(mark.len()..).unwrap_or_default().trim().to_owned(),
            own_line,
        });
        line.len()
    }

    /// A comment of another language.
    fn foreign_comment(&mut self, at: usize, rest: &str, mark: &'static str) -> usize {
        let length = if mark == "/*" {
            rest.find("*/").map_or(rest.len(), |close| close + 2)
        } else {
            rest.lines().next().unwrap_or_default().len()
        };
        let span = Span::new(at, at + mark.len());
        let message = format!("comments do not start with `{mark}`");
        self.reader.report(Code::ForeignComment, span, message, "write `#`, on each line of the comment");
        length
    }

    fn open(&mut self, at: usize, rest: &str, c: char) -> usize {
        self.opened.push(at);
        if self.opened.len() <= DEEPEST {
            return self.sign(at, rest, c);
        }
        // Not for the grammar: what is open is left out, from the start of its declaration to the next one.
        self.reader.too_deep(Span::new(at, at + c.len_utf8()));
        let text = self.reader.text;
        let start = declaration_before(text, self.piece, at);
        if start > self.piece {
            self.pieces.push(Span::new(self.piece, start));
        }
        let next = declaration_after(text, at);
        self.piece = next.unwrap_or(text.len() + 1);
        self.opened.clear();
        next.unwrap_or(text.len()) - at
    }

    /// Reports one sign that is written in another way.
    pub(super) fn slip(&mut self, code: Code, at: usize, written: &str, meant: &str) -> usize {
        let span = Span::new(at, at + written.len());
        let (message, help) = match code {
            Code::FullWidth => (format!("`{written}` is full-width"), format!("write `{meant}`")),
            Code::StrayPunctuation => (format!("there is no `{written}` in rules"), meant.to_owned()),
            _ => (format!("`{written}` is not a word of rules"), format!("write `{meant}`")),
        };
        self.reader.report(code, span, message, &help);
        written.len()
    }

    fn sign(&mut self, at: usize, rest: &str, c: char) -> usize {
        for mark in ["//", "--", "/*"] {
            if rest.starts_with(mark) {
                return self.foreign_comment(at, rest, mark);
            }
        }
        for (written, meant) in OPERATORS {
            if rest.starts_with(written) {
                return match *meant {
                    "" => written.len(),
                    meant => self.slip(Code::ForeignOperator, at, written, meant),
                };
            }
        }
        for (written, meant) in FULL_WIDTH {
            if rest.starts_with(written) {
                return self.slip(Code::FullWidth, at, written, meant);
            }
        }
        match c {
            ';' | '；' => self.slip(
                Code::StrayPunctuation,
                at,
                c.encode_utf8(&mut [0; 4]),
                "leave it out: a line needs no mark at its end",
            ),
            '。' => self.slip(
                Code::StrayPunctuation,
                at,
                "。",
                "leave it out: a sentence needs no mark at its end",
            ),
            '{' | '}' => self.slip(
                Code::StrayPunctuation,
                at,
                c.encode_utf8(&mut [0; 4]),
                "leave it out: a rule ends where the next one starts",
            ),
            '０'..='９' => {
                let end = rest.find(|c: char| !('０'..='９').contains(&c)).unwrap_or(rest.len());
                let written = rest.get(..end).unwrap_or_default();
                let meant: String = written
                    .chars()
                    .filter_map(|c| char::from_digit(u32::from(c) - u32::from('０'), 10))
                    .collect();
                self.slip(Code::FullWidth, at, written, &meant)
            }
            _ => {
                self.characters(at, rest.get(..c.len_utf8()).unwrap_or_default(), false);
                c.len_utf8()
            }
        }
    }

    /// Reports characters that cannot be seen, or that change how others are shown.
    pub(super) fn characters(&mut self, at: usize, text: &str, in_text: bool) {
        for (place, c) in text.char_indices() {
            let joins = matches!(c, '\u{200C}' | '\u{200D}');
            let hidden = matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{AD}')
                || c == '\u{FEFF}' && at + place > 0;
            if c.is_control() && !matches!(c, '\t' | '\r') || hidden && !(joins && in_text) {
                let span = Span::new(at + place, at + place + c.len_utf8());
                let message = format!("there is an invisible character here, U+{:04X}", u32::from(c));
                self.reader.report(Code::BadCharacter, span, message, "delete it");
            }
        }
    }
}

/// The start of the last line up to `at` that surely starts a declaration.
fn declaration_before(text: &str, piece: usize, at: usize) -> usize {
    let mut end = at;
    while let Some(newline) = text.get(piece..end).and_then(|before| before.rfind('\n')) {
        let start = piece + newline + 1;
        if text.get(start..).is_some_and(starts_surely) {
            return start;
        }
        end = piece + newline;
    }
    piece
}

/// The start of the first line after `at` that surely starts a declaration.
fn declaration_after(text: &str, at: usize) -> Option<usize> {
    let mut start = at;
    while let Some(newline) = text.get(start..).and_then(|rest| rest.find('\n')) {
        start += newline + 1;
        if text.get(start..).is_some_and(starts_surely) {
            return Some(start);
        }
    }
    None
}

/// Operators of other languages and what they are here; those of this one, which start alike, stand for themselves.
const OPERATORS: &[(&str, &str)] = &[
    ("===", "is"),
    ("==", "is"),
    ("=>", ">="),
    ("=<", "<="),
    ("=", "is"),
    ("＝", "is"),
    ("!==", "is not"),
    ("!=", "is not"),
    ("<>", "is not"),
    ("≠", "is not"),
    ("!", "not"),
    ("！", "not"),
    ("&&", "and"),
    ("&", "and"),
    ("＆", "and"),
    ("||", "or"),
    ("|", "or"),
    (">=", ""),
    ("<=", ""),
    ("≥", ">="),
    ("≤", "<="),
    ("×", "*"),
    ("÷", "/"),
    ("−", "-"),
    ("＞", ">"),
    ("＜", "<"),
    ("＋", "+"),
];

/// Full-width punctuation and what it is here.
const FULL_WIDTH: &[(&str, &str)] =
    &[("，", ","), ("、", ","), ("（", "("), ("）", ")"), ("：", ":"), ("％", "%"), ("－", "-"), ("＃", "#")];
