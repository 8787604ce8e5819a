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
    /// Whether a backslash is anywhere in the line. Most lines have none, and texts then end with the next quote.
    has_escapes: bool,
}

/// A value that is no object.
#[derive(Debug, Clone, Copy)]
pub(super) enum Token<'a> {
    Null,
    YesNo(bool),
    /// A whole number, as written and what it is.
    Whole(&'a str, i64),
    /// A number with a fraction, as written, without an exponent.
    Decimal(&'a str),
    Text(&'a str),
    /// A text with escapes, as written, with its quotes.
    Escaped(&'a str),
    /// A list of texts and whole numbers: where it begins.
    List(usize),
}

impl<'a> Scan<'a> {
    /// The begin of a line. `None` if it has control characters: texts must not, and blanks rarely are.
    pub(super) fn new(line: &'a [u8]) -> Option<Self> {
        // The least byte of all is found without looking at one after the other.
        let least = line.iter().copied().fold(u8::MAX, u8::min);
        if least < b' ' {
            return None;
        }
        let text = std::str::from_utf8(line).ok()?;
        Some(Self { text, at: 0, has_escapes: memchr::memchr(b'\\', line).is_some() })
    }

    #[inline]
    pub(super) fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    /// Another place in the same line.
    pub(super) fn back_to(&self, at: usize) -> Self {
        Self { at, ..self.clone() }
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
        while self.peek() == Some(b' ') {
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
    #[inline]
    fn quoted(&mut self) -> Option<bool> {
        if !self.take(b'"') {
            return None;
        }
        if self.has_escapes {
            return self.quoted_with_escapes();
        }
        self.at += first(self.rest(), b'"')?.checked_add(1)?;
        Some(true)
    }

    /// The same, after the first quote.
    #[inline(never)]
    fn quoted_with_escapes(&mut self) -> Option<bool> {
        let mut is_plain = true;
        loop {
            self.at += memchr::memchr2(b'"', b'\\', self.rest())?;
            if self.take(b'"') {
                return Some(is_plain);
            }
            is_plain = false;
            self.at += 2;
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
                    Token::Whole(digits, _) => Cow::Borrowed(digits),
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
        let rest = self.rest();
        let is_negative = rest.first() == Some(&b'-');
        let mut digits = rest.get(usize::from(is_negative)..)?.iter();
        let (mut value, mut count) = (0_i64, 0_usize);
        let mut dot = None;
        let end = loop {
            match digits.next() {
                Some(digit @ b'0'..=b'9') if count < MOST_DIGITS => {
                    value = value * 10 + i64::from(digit - b'0');
                    count += 1;
                }
                Some(b'.') if dot.is_none() => dot = Some(count),
                Some(b'0'..=b'9' | b'.' | b'e' | b'E') => return None,
                _ => break usize::from(is_negative) + count + usize::from(dot.is_some()),
            }
        };
        let whole = dot.unwrap_or(count);
        // A negative zero is a number of its own elsewhere.
        let is_zero_first = rest.get(usize::from(is_negative)) == Some(&b'0');
        if whole == 0 || dot == Some(count) || (is_zero_first && (whole > 1 || is_negative)) {
            return None;
        }
        let written = self.text.get(self.at..self.at.saturating_add(end))?;
        self.at += end;
        Some(match dot {
            Some(_) => Token::Decimal(written),
            None => Token::Whole(written, if is_negative { -value } else { value }),
        })
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

/// How many bytes come before the first that is this one. Eight are looked at at a time: most texts are short.
#[inline]
fn first(bytes: &[u8], byte: u8) -> Option<usize> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let all = ONES * u64::from(byte);
    let mut passed = 0;
    let mut rest = bytes;
    while let Some((chunk, after)) = rest.split_first_chunk::<8>() {
        let word = u64::from_le_bytes(*chunk) ^ all;
        // A high bit for each byte that is zero now, and perhaps for bytes after the first such.
        let found = word.wrapping_sub(ONES) & !word & HIGH;
        if found != 0 {
            return Some(passed + found.trailing_zeros() as usize / 8);
        }
        passed += 8;
        rest = after;
    }
    rest.iter().position(|other| *other == byte).map(|place| passed + place)
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
            assert_eq!(Scan::new(text.as_bytes()).and_then(|mut scan| scan.pass()), None, "{text}");
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
            let mut scan = Scan::new(text.as_bytes()).unwrap();
            assert!(scan.pass().is_some(), "{text}");
            assert_eq!(scan.rest(), b"", "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_first_is_found(bytes in prop::collection::vec(prop_oneof![any::<u8>(), Just(b'"'), Just(b'#'), Just(0xa2)], 0..40)) {
            prop_assert_eq!(first(&bytes, b'"'), bytes.iter().position(|byte| *byte == b'"'));
        }

        #[test]
        fn what_is_passed_is_json(text in "[\\[\\]{}:,\"a\\\\0-9. eEtrufalsn-]{0,30}") {
            let mut scan = Scan::new(text.as_bytes()).unwrap();
            if scan.pass().is_some() {
                let passed = &text[..scan.at()];
                prop_assert!(serde_json::from_str::<serde_json::Value>(passed).is_ok(), "{}", passed);
            }
        }
    }
}
