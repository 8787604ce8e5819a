//! Numbers and dates that are written in another way, as they are looked at before the grammar is asked.

use super::{ast::Span, slips::Scanner};
use crate::diagnostic::Code;

impl Scanner<'_, '_> {
    /// A number in the digits of another script: `١٠٠`.
    pub(super) fn other_digits(&mut self, at: usize, rest: &str) -> usize {
        let length = rest.find(|c| digit_of_another_script(c).is_none()).unwrap_or(rest.len());
        let written = rest.get(..length).unwrap_or_default();
        let meant: String = written
            .chars()
            .filter_map(digit_of_another_script)
            .filter_map(|n| char::from_digit(n, 10))
            .collect();
        let message = format!("`{written}` is not how a number is written");
        let help = format!("write the digits as `{meant}`");
        self.reader.report(Code::BadNumber, Span::new(at, at + length), message, &help);
        length
    }

    /// What starts with a digit: `2026/10/01`, `30days`, `2026年10月1日`.
    pub(super) fn digits(&mut self, at: usize, rest: &str) -> usize {
        let run = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let first = run(rest);
        let after = rest.get(first..).unwrap_or_default();
        let number = rest.get(..first).unwrap_or_default();
        if let Some((length, meant)) = foreign_date(rest) {
            let help = format!("write {meant}");
            let span = Span::new(at, at + length);
            self.reader.report(Code::BadDate, span, "dates are written year-month-day", &help);
            return length;
        }
        let word: String = after.chars().take_while(|c| c.is_ascii_alphabetic()).collect();
        if word.parse::<crate::time::Unit>().is_ok() {
            let length = first + word.len();
            let help = format!("write `{number} {word}`");
            let span = Span::new(at, at + length);
            self.reader.report(Code::BadNumber, span, "a space is missing after the number", &help);
            return length;
        }
        // The rest of a word such as `8th` or `10am`, so that nothing in it is looked at.
        first + after.find(|c: char| !super::words::is_word(c)).unwrap_or(after.len())
    }
}

/// What a digit of the Arabic, Persian, Indian and other scripts is worth. Their digits stand in order, from 0.
pub(super) fn digit_of_another_script(c: char) -> Option<u32> {
    const ZEROS: [u32; 18] = [
        0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xE50, 0xED0,
        0xF20, 0x1040, 0x17E0, 0x1810,
    ];
    let c = u32::from(c);
    ZEROS.iter().find_map(|zero| c.checked_sub(*zero).filter(|digit| *digit < 10))
}

/// The length of a date with slashes, points or Chinese words, and how to write it.
fn foreign_date(text: &str) -> Option<(usize, String)> {
    let mut numbers: Vec<(usize, &str)> = Vec::new();
    let mut separators: Vec<char> = Vec::new();
    let mut at = 0;
    loop {
        let rest = text.get(at..)?;
        let length = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        if length == 0 || length > 4 {
            return None;
        }
        numbers.push((at, rest.get(..length)?));
        at += length;
        if numbers.len() == 3 {
            break;
        }
        let separator = text.get(at..)?.chars().next()?;
        separators.push(separator);
        at += separator.len_utf8();
    }
    let [(_, a), (_, b), (_, c)] = numbers.as_slice() else { return None };
    let year_first = match separators.as_slice() {
        ['年', '月'] => {
            at += if text.get(at..)?.starts_with(['日', '号']) { '日'.len_utf8() } else { 0 };
            true
        }
        ['/', '/'] | ['.', '.'] if a.len() == 4 => true,
        ['/', '/'] | ['.', '.'] | ['-', '-'] if c.len() == 4 && a.len() <= 2 => false,
        _ => return None,
    };
    if text.get(at..)?.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let meant = if year_first {
        format!("`{a}-{b:0>2}-{c:0>2}`")
    } else {
        format!("`{c}-{b:0>2}-{a:0>2}` or `{c}-{a:0>2}-{b:0>2}`, whichever is meant")
    };
    Some((at, meant))
}
