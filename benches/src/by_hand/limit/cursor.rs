//! Steps through JSON without looking at more than it must.

use super::super::civil::day_of;
use crate::users::DAY;

/// A part of the lines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Part {
    start: u32,
    end: u32,
}

impl Part {
    /// Keeps a text among others.
    pub(super) fn put(text: &[u8], texts: &mut Vec<u8>) -> Self {
        let start = texts.len() as u32;
        texts.extend_from_slice(text);
        Self { start, end: texts.len() as u32 }
    }

    pub(super) fn of(self, lines: &[u8]) -> &[u8] {
        &lines[self.start as usize..self.end as usize]
    }
}

/// A place in the lines.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'a> {
    pub(super) lines: &'a [u8],
    pub(super) at: usize,
}

/// Sixteen bytes, those that do not exist being zero.
fn sixteen(lines: &[u8], at: usize) -> u128 {
    if let Some(Ok(bytes)) = lines.get(at..at + 16).map(<[u8; 16]>::try_from) {
        return u128::from_le_bytes(bytes);
    }
    let mut bytes = [0; 16];
    let rest = lines.get(at..).unwrap_or_default();
    bytes[..rest.len()].copy_from_slice(rest);
    u128::from_le_bytes(bytes)
}

fn eight(lines: &[u8], at: usize) -> u64 {
    if let Some(Ok(bytes)) = lines.get(at..at + 8).map(<[u8; 8]>::try_from) {
        return u64::from_le_bytes(bytes);
    }
    sixteen(lines, at) as u64
}

const ONES: u64 = 0x0101_0101_0101_0101;

/// Bytes with the high bit set where the byte is that one; what comes after the first may be wrong.
const fn find(word: u64, byte: u8) -> u64 {
    let word = word ^ (ONES * byte as u64);
    word.wrapping_sub(ONES) & !word & (ONES << 7)
}

/// A key with its quotes and its colon, ready to be compared.
#[derive(Debug, Clone)]
pub(super) struct Key {
    word: u128,
    mask: u128,
    length: usize,
    /// What follows the first sixteen bytes.
    rest: Box<[u8]>,
}

impl Key {
    pub(super) fn new(text: &[u8]) -> Self {
        let mask = if text.len() >= 16 { u128::MAX } else { (1 << (8 * text.len())) - 1 };
        let rest = text.get(16..).unwrap_or_default().into();
        Self { word: sixteen(text, 0) & mask, mask, length: text.len(), rest }
    }
}

/// The days on which months begin, from 2000 on.
static MONTHS: [i64; 12 * 50] = {
    let mut months = [0; 12 * 50];
    let mut month = 0;
    while month < months.len() {
        months[month] = first_of(2000 + month as i64 / 12, month as i64 % 12 + 1);
        month += 1;
    }
    months
};

const fn first_of(year: i64, month: i64) -> i64 {
    // As `day_of`, which is not for constants.
    let year = if month <= 2 { year - 1 } else { year };
    let of_era = year % 400;
    let of_year = (153 * ((month + 9) % 12) + 2) / 5;
    (year / 400) * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

impl<'a> Cursor<'a> {
    pub(super) fn byte(&self) -> u8 {
        self.lines.get(self.at).copied().unwrap_or_default()
    }

    /// Steps over that byte, if it is the next.
    pub(super) fn takes(&mut self, byte: u8) -> bool {
        let is_it = self.byte() == byte;
        self.at += usize::from(is_it);
        is_it
    }

    pub(super) fn expect(&mut self, byte: u8) -> Option<()> {
        self.takes(byte).then_some(())
    }

    /// The beginning of what comes next, to be compared with keys.
    #[inline(always)]
    pub(super) fn ahead(&self) -> u128 {
        sixteen(self.lines, self.at)
    }

    /// Steps over that key, if it is the next; `ahead` is what [`Self::ahead`] says.
    #[inline(always)]
    pub(super) fn takes_key(&mut self, ahead: u128, key: &Key) -> bool {
        if ahead & key.mask != key.word {
            return false;
        }
        let end = self.at + key.length;
        if !key.rest.is_empty() && self.lines.get(self.at + 16..end) != Some(&key.rest[..]) {
            return false;
        }
        self.at = end;
        true
    }

    /// Whatever key comes next, with its quotes and its colon.
    pub(super) fn any_key(&mut self) -> Option<&'a [u8]> {
        let start = self.at;
        self.text()?;
        self.expect(b':')?;
        self.lines.get(start..self.at)
    }

    /// A text without escapes.
    pub(super) fn text(&mut self) -> Option<Part> {
        self.expect(b'"')?;
        let start = self.at;
        self.pass_plain()?;
        let part = Part { start: start as u32, end: self.at as u32 };
        self.takes(b'"').then_some(part)
    }

    /// Steps over what is neither a quote nor a backslash.
    #[inline(always)]
    fn pass_plain(&mut self) -> Option<()> {
        loop {
            let word = eight(self.lines, self.at);
            let found = find(word, b'"') | find(word, b'\\');
            if found != 0 {
                self.at += found.trailing_zeros() as usize / 8;
                return Some(());
            }
            self.at += 8;
            if self.at >= self.lines.len() {
                return None;
            }
        }
    }

    /// Steps over a value.
    pub(super) fn skip(&mut self) -> Option<()> {
        match self.byte() {
            b'"' => self.skip_text(),
            b'{' | b'[' => {
                let mut depth = 0_usize;
                loop {
                    match self.byte() {
                        b'"' => {
                            self.skip_text()?;
                            continue;
                        }
                        b'{' | b'[' => depth += 1,
                        b'}' | b']' => depth -= 1,
                        b'\n' | 0 => return None,
                        _ => {}
                    }
                    self.at += 1;
                    if depth == 0 {
                        return Some(());
                    }
                }
            }
            _ => {
                while !matches!(self.byte(), b',' | b'}' | b']' | b'\n' | 0) {
                    self.at += 1;
                }
                Some(())
            }
        }
    }

    fn skip_text(&mut self) -> Option<()> {
        self.at += 1;
        loop {
            self.pass_plain()?;
            if self.takes(b'"') {
                return Some(());
            }
            self.at += 2;
        }
    }

    /// A whole number that is not negative.
    pub(super) fn whole(&mut self) -> Option<i64> {
        let start = self.at;
        let mut number = 0_i64;
        while let digit @ 0..=9 = self.byte().wrapping_sub(b'0') {
            number = number.wrapping_mul(10) + i64::from(digit);
            self.at += 1;
        }
        (1..16).contains(&(self.at - start)).then_some(number)
    }

    /// An integer after which nothing of a number follows.
    pub(super) fn integer(&mut self) -> Option<i64> {
        let number = self.whole()?;
        matches!(self.byte(), b',' | b'}').then_some(number)
    }

    /// An amount in hundredths.
    pub(super) fn cents(&mut self) -> Option<i64> {
        let mut cents = self.whole()? * 100;
        if self.takes(b'.') {
            let tens = self.byte().wrapping_sub(b'0');
            if tens > 9 {
                return None;
            }
            self.at += 1;
            cents += i64::from(tens) * 10;
            if let ones @ 0..=9 = self.byte().wrapping_sub(b'0') {
                self.at += 1;
                cents += i64::from(ones);
            }
        }
        matches!(self.byte(), b',' | b'}').then_some(cents)
    }

    pub(super) fn yes_no(&mut self) -> Option<bool> {
        match eight(self.lines, self.at) as u32 {
            word if word == u32::from_le_bytes(*b"true") => {
                self.at += 4;
                Some(true)
            }
            word if word == u32::from_le_bytes(*b"fals") => {
                self.at += 5;
                Some(false)
            }
            _ => None,
        }
    }

    /// `"2026-03-05T02:00:00Z"`
    #[inline(always)]
    pub(super) fn instant(&mut self) -> Option<i64> {
        if self.byte() != b'"' {
            return None;
        }
        let pairs = pairs(sixteen(self.lines, self.at + 1), *b"0000-00-00T00:00")?;
        let seconds = u128::from(eight(self.lines, self.at + 17)) & 0xFF_FFFF_FFFF;
        let end = self::pairs(seconds | noughts_from(5), *b":00Z\"00000000000")?;
        let of = |place: u32| i64::from((pairs >> (8 * place)) as u8);
        let second = of(11) * 3_600 + of(14) * 60 + i64::from((end >> 8) as u8);
        self.at += 22;
        Some(day(of(0) * 100 + of(2), of(5), of(8))? * DAY + second)
    }

    /// `"2026-03-05"`
    pub(super) fn date(&mut self) -> Option<i64> {
        if self.byte() != b'"' {
            return None;
        }
        let word = sixteen(self.lines, self.at + 1) & ((1 << 88) - 1);
        let pairs = pairs(word | noughts_from(11), *b"0000-00-00\"00000")?;
        let of = |place: u32| i64::from((pairs >> (8 * place)) as u8);
        self.at += 12;
        day(of(0) * 100 + of(2), of(5), of(8))
    }
}

/// Noughts in the bytes from that one on.
const fn noughts_from(place: usize) -> u128 {
    u128::from_le_bytes([b'0'; 16]) << (8 * place)
}

/// The numbers of two digits that begin at each byte, if the bytes are digits where the pattern has a nought, and elsewhere what
/// the pattern has.
#[inline(always)]
fn pairs(word: u128, pattern: [u8; 16]) -> Option<u128> {
    let pattern = u128::from_le_bytes(pattern);
    // Digits become their values and the rest nought.
    let values = word ^ pattern;
    const ONES: u128 = u128::from_le_bytes([1; 16]);
    let digits = noughts(pattern);
    let is_wrong = (values & !(digits * 0x0F)) | ((values + ONES * 6) & (ONES * 0xF0));
    (is_wrong == 0).then(|| (values * 10).wrapping_add(values >> 8))
}

/// A one in each byte of the pattern that is a nought.
const fn noughts(pattern: u128) -> u128 {
    let bytes = pattern.to_le_bytes();
    let mut ones = [0; 16];
    let mut place = 0;
    while place < 16 {
        ones[place] = (bytes[place] == b'0') as u8;
        place += 1;
    }
    u128::from_le_bytes(ones)
}

fn day(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1..=12).contains(&month) {
        return None;
    }
    match usize::try_from((year - 2000) * 12 + month - 1).ok().and_then(|month| MONTHS.get(month)) {
        Some(first) => Some(first + day - 1),
        None => Some(day_of(year, month, day)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lines: &str) -> Cursor<'_> {
        Cursor { lines: lines.as_bytes(), at: 0 }
    }

    #[test]
    fn values_are_read_or_refused() {
        assert_eq!(at("12.5,").cents(), Some(1_250));
        assert_eq!(at("12.05}").cents(), Some(1_205));
        assert_eq!(at("12.055}").cents(), None);
        assert_eq!(at("1e3}").cents(), None);
        assert_eq!(at("\"2026-03-05T02:00:00Z\"").instant(), Some(1_772_676_000));
        assert_eq!(at("\"1969-12-31\"").date(), Some(-1));
        assert_eq!(at("\"2026-03-05T02:00:00+08:00\"").instant(), None);
        assert_eq!(at("\"a\\\"b\"").text(), None);
        let mut deep = at(r#"{"a":["}",{"b":"\""}]},"#);
        deep.skip().unwrap();
        assert_eq!(deep.byte(), b',');
    }

    #[test]
    fn months_begin_where_dates_say() {
        for month in 0..600 {
            assert_eq!(MONTHS[month as usize], day_of(2000 + month / 12, month % 12 + 1, 1));
        }
    }
}
