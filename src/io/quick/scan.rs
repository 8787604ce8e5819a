//! A walk over one line of JSON, from value to value.
//!
//! Everything gives `None` for what is wrong and for what is unusual: whoever asked leaves the line to those who know
//! every form.

use std::borrow::Cow;

/// The deepest value that is walked over.
const DEEPEST: usize = 32;
/// More digits than these may not be kept by the number that they become.
const MOST_DIGITS: usize = 15;

/// A place in a line.
#[derive(Debug, Clone)]
pub(super) struct Scan<'a> {
    text: &'a str,
    at: usize,
}

/// A value that is no object.
#[derive(Debug, Clone, Copy)]
pub(super) enum Token<'a> {
    Null,
    YesNo(bool),
    /// A whole number, as written.
    Whole(&'a str),
    /// A number with a fraction, as written, without an exponent.
    Decimal(&'a str),
    Text(&'a str),
    /// A text with escapes, as written, with its quotes.
    Escaped(&'a str),
    /// A list of texts and whole numbers: where it begins.
    List(usize),
}

impl<'a> Scan<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    #[inline]
    pub(super) fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    /// Another place in the same line.
    pub(super) fn back_to(&self, at: usize) -> Self {
        Self { text: self.text, at }
    }

    /// How far it came.
    #[inline]
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// The bytes from there to here.
    #[inline]
    pub(super) fn since(&self, start: usize) -> &'a [u8] {
        self.text.as_bytes().get(start..self.at).unwrap_or_default()
    }

    #[inline]
    pub(super) fn skip(&mut self, bytes: usize) {
        self.at += bytes;
    }

    #[inline]
    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    #[inline]
    pub(super) fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Goes over the byte, if it comes next.
    #[inline]
    pub(super) fn take(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    /// Goes over the begin of a list or an object, and says whether something is in it.
    #[inline]
    pub(super) fn open(&mut self, open: u8, close: u8) -> Option<bool> {
        if !self.take(open) {
            return None;
        }
        if self.peek()? == close {
            self.at += 1;
            return Some(false);
        }
        // A blank may belong to a key that is known with it.
        let mut ahead = self.clone();
        ahead.space();
        if ahead.take(close) {
            *self = ahead;
            return Some(false);
        }
        Some(true)
    }

    /// After a value: whether another one follows.
    #[inline]
    pub(super) fn goes_on(&mut self, close: u8) -> Option<bool> {
        if self.take(b',') {
            return Some(true);
        }
        if self.take(close) {
            return Some(false);
        }
        self.space();
        if self.take(b',') { Some(true) } else { self.take(close).then_some(false) }
    }

    /// A text.
    pub(super) fn text(&mut self) -> Option<Cow<'a, str>> {
        let start = self.at;
        let is_plain = self.quoted()?;
        if is_plain {
            return self.text.get(start + 1..self.at - 1).map(Cow::Borrowed);
        }
        decoded(self.text.get(start..self.at)?).map(Cow::Owned)
    }

    /// Goes over a text; says whether it has no escapes.
    fn quoted(&mut self) -> Option<bool> {
        if !self.take(b'"') {
            return None;
        }
        let mut is_plain = true;
        loop {
            self.at += special(self.rest());
            match self.peek()? {
                b'"' => {
                    self.at += 1;
                    return Some(is_plain);
                }
                b'\\' => {
                    is_plain = false;
                    self.at += 2;
                }
                _ => return None,
            }
        }
    }

    /// A value; its place is after it, but for a list that is not empty.
    pub(super) fn token(&mut self) -> Option<Token<'a>> {
        match self.peek()? {
            b'"' => {
                let start = self.at;
                let is_plain = self.quoted()?;
                match is_plain {
                    true => self.text.get(start + 1..self.at - 1).map(Token::Text),
                    false => self.text.get(start..self.at).map(Token::Escaped),
                }
            }
            b'-' | b'0'..=b'9' => self.number(),
            b'[' => {
                let start = self.at;
                self.list(|_| Some(()))?;
                Some(Token::List(start))
            }
            b'n' => self.word("null").map(|()| Token::Null),
            b't' => self.word("true").map(|()| Token::YesNo(true)),
            b'f' => self.word("false").map(|()| Token::YesNo(false)),
            _ => None,
        }
    }

    /// Goes over a list of texts and whole numbers, and gives each.
    pub(super) fn list(&mut self, mut each: impl FnMut(Cow<'a, str>) -> Option<()>) -> Option<()> {
        let mut more = self.open(b'[', b']')?;
        while more {
            self.space();
            let member = match self.peek()? {
                b'"' => self.text()?,
                _ => match self.number()? {
                    Token::Whole(digits) => Cow::Borrowed(digits),
                    _ => return None,
                },
            };
            each(member)?;
            more = self.goes_on(b']')?;
        }
        Some(())
    }

    fn word(&mut self, word: &str) -> Option<()> {
        let is_it = self.rest().starts_with(word.as_bytes());
        self.at += word.len();
        is_it.then_some(())
    }

    fn number(&mut self) -> Option<Token<'a>> {
        let start = self.at;
        let is_negative = self.take(b'-');
        let whole = self.digits();
        // A negative zero is a number of its own elsewhere.
        let is_zero_first = self.text.as_bytes().get(self.at - whole) == Some(&b'0');
        if whole == 0 || (is_zero_first && (whole > 1 || is_negative)) {
            return None;
        }
        let places = if self.take(b'.') { Some(self.digits()).filter(|places| *places > 0)? } else { 0 };
        if whole + places > MOST_DIGITS || matches!(self.peek(), Some(b'e' | b'E')) {
            return None;
        }
        let written = self.text.get(start..self.at)?;
        Some(if places > 0 { Token::Decimal(written) } else { Token::Whole(written) })
    }

    /// Goes over digits; says how many.
    fn digits(&mut self) -> usize {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        self.at - start
    }

    /// A key, the colon after it and the blanks around.
    pub(super) fn key(&mut self) -> Option<Cow<'a, str>> {
        self.space();
        let name = self.text()?;
        self.space();
        if !self.take(b':') {
            return None;
        }
        self.space();
        Some(name)
    }

    /// Goes over a value of any kind.
    pub(super) fn pass(&mut self) -> Option<()> {
        self.pass_within(DEEPEST)
    }

    fn pass_within(&mut self, levels: usize) -> Option<()> {
        match self.peek()? {
            b'"' => {
                let start = self.at;
                if !self.quoted()? {
                    decoded(self.text.get(start..self.at)?)?;
                }
            }
            b'-' | b'0'..=b'9' => drop(self.number()?),
            open @ (b'[' | b'{') => {
                let close = open + 2;
                let mut more = self.open(open, close)?;
                while more {
                    self.space();
                    if open == b'{' {
                        self.pass_key()?;
                    }
                    self.pass_within(levels.checked_sub(1)?)?;
                    more = self.goes_on(close)?;
                }
            }
            _ => drop(self.token()?),
        }
        Some(())
    }

    /// Goes over a key and the colon after it.
    fn pass_key(&mut self) -> Option<()> {
        let start = self.at;
        if !self.quoted()? {
            decoded(self.text.get(start..self.at)?)?;
        }
        self.space();
        if !self.take(b':') {
            return None;
        }
        self.space();
        Some(())
    }
}

/// What a text with escapes says.
pub(super) fn decoded(written: &str) -> Option<String> {
    serde_json::from_str(written).ok()
}

/// How many bytes come before the first that is special in a text: a quote, a backslash or a control character. Eight
/// are looked at at a time.
#[inline]
fn special(bytes: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    // A high bit for each byte that is zero, and perhaps for bytes after the first such.
    let zeros = |word: u64| word.wrapping_sub(ONES) & !word & HIGH;
    let mut passed = 0;
    let mut rest = bytes;
    while let Some((chunk, after)) = rest.split_first_chunk::<8>() {
        let word = u64::from_le_bytes(*chunk);
        let control = word.wrapping_sub(ONES * 0x20) & !word & HIGH;
        let found = zeros(word ^ (ONES * 0x22)) | zeros(word ^ (ONES * 0x5c)) | control;
        if found != 0 {
            return passed + found.trailing_zeros() as usize / 8;
        }
        passed += 8;
        rest = after;
    }
    let is_special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..b' ');
    passed + rest.iter().position(is_special).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn declines_what_is_wrong_or_unusual() {
        for text in [
            "",
            "01",
            "-0",
            "-",
            "1.",
            ".5",
            "1e3",
            "1234567890123456",
            "nul",
            "tru",
            "\"a",
            "\"\\x\"",
            "\"\u{1}\"",
            "\"\\ud800\"",
            "[1,]",
            "[,]",
            "{\"a\"}",
            "{\"a\":1,}",
            "{a:1}",
            "NaN",
            "[1 2]",
            "+1",
            "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
        ] {
            assert_eq!(Scan::new(text).pass(), None, "{text}");
        }
    }

    #[test]
    fn goes_over_whole_values() {
        for text in [
            "0",
            "-12.50",
            "null",
            "\"a\\n\\u00fc\\ud83d\\ude00\"",
            "[]",
            "[ ]",
            "{ }",
            "[1, \"b\" ,null]",
            "{\"a\" : {\"b\":[true,{}]} }",
        ] {
            let mut scan = Scan::new(text);
            assert!(scan.pass().is_some(), "{text}");
            assert_eq!(scan.rest(), b"", "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_special_is_found_first(bytes in prop::collection::vec(prop_oneof![any::<u8>(), Just(b'"'), Just(0x7f), Just(0x80)], 0..40)) {
            let slow = bytes.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..b' ')).unwrap_or(bytes.len());
            prop_assert_eq!(special(&bytes), slow);
        }

        #[test]
        fn what_is_passed_is_json(text in "[\\[\\]{}:,\"a\\\\0-9. eEtrufalsn-]{0,30}") {
            let mut scan = Scan::new(&text);
            if scan.pass().is_some() {
                let passed = &text[..scan.at()];
                prop_assert!(serde_json::from_str::<serde_json::Value>(passed).is_ok(), "{}", passed);
            }
        }
    }
}
