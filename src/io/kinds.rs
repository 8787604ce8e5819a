//! What the values under one name seem to be.

use super::given::Cell;
use crate::{check::ValueType, snapshot::Raw, syntax::can_be_name, time::Zone};

/// How many different texts are remembered. A column with more is no choice of a few.
const FEW: usize = 12;

/// The longest text that can be one of a few.
const SHORT: usize = 40;

/// What was seen under one name, counted.
#[derive(Debug, Clone, Default)]
pub(super) struct Kinds {
    /// All that are something.
    total: u64,
    yes_no: u64,
    zero_one: u64,
    numbers: u64,
    /// Digits that would not survive as a number: `007`, or too many of them.
    codes: u64,
    dates: u64,
    instants: u64,
    lists: u64,
    maps: u64,
    /// The different texts, in the order seen, up to one more than a few.
    texts: Vec<String>,
    /// The first value that is no number, for a remark.
    first_word: Option<String>,
}

/// What a name holds, and a remark on how that was decided.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Verdict {
    pub(super) ty: ValueType,
    pub(super) remark: Option<String>,
}

impl Kinds {
    pub(super) fn add(&mut self, cell: &Cell<'_>) {
        let raw = cell.raw();
        if matches!(raw, Raw::Null) || matches!(raw, Raw::Text(text) if text.trim().is_empty()) {
            return;
        }
        self.total += 1;
        match raw {
            Raw::Null => {}
            Raw::YesNo(_) => self.yes_no += 1,
            Raw::Whole(value) => {
                self.zero_one += u64::from(matches!(value, 0 | 1));
                self.number(raw);
            }
            Raw::Float(_) => self.number(raw),
            Raw::List(_) => self.lists += 1,
            Raw::Map => self.maps += 1,
            Raw::Text(text) => self.text(raw, text.trim()),
        }
        if self.texts.len() <= FEW
            && let Ok(Some(text)) = raw.text()
            && !self.texts.iter().any(|known| *known == text)
        {
            self.texts.push(text.into_owned());
        }
    }

    fn number(&mut self, raw: Raw<'_>) {
        if raw.number().is_ok() { self.numbers += 1 } else { self.codes += 1 }
    }

    fn text(&mut self, raw: Raw<'_>, text: &str) {
        let digits = text.trim_start_matches(['-', '+']);
        let is_code = text.starts_with('+')
            || (digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0."))
            // Of an amount with decimals all digits are kept, if it is a number at all.
            || (digits.bytes().filter(u8::is_ascii_digit).count() > 15 && !digits.contains('.'));
        if matches!(raw.number(), Ok(Some(_))) && !is_code {
            self.zero_one += u64::from(matches!(text, "0" | "1"));
            self.numbers += 1;
            return;
        }
        let zone = Zone::utc();
        if digits.bytes().all(|byte| byte.is_ascii_digit()) {
            self.codes += 1;
        } else if matches!(raw.yes_no(), Ok(Some(_))) && text.len() > 1 {
            self.yes_no += 1;
        } else if matches!(raw.date(), Ok(Some(_))) && text.len() <= "2026-01-01".len() {
            self.dates += 1;
        } else if matches!(raw.instant(&zone, &zone), Ok(Some(_))) {
            self.instants += 1;
        }
        if self.first_word.is_none() {
            self.first_word = Some(crate::snapshot::shown(text));
        }
    }

    /// What it is. `None` if rules cannot read it. Of texts, a choice of a few is seen only if all of them were.
    pub(super) fn verdict(&self, is_complete: bool) -> Option<Verdict> {
        let plain = |ty| Some(Verdict { ty, remark: None });
        let because = |ty, remark: String| Some(Verdict { ty, remark: Some(remark) });
        let total = self.total;
        if total == 0 {
            return because(ValueType::Text, "always empty".into());
        }
        if self.maps > 0 {
            return None;
        }
        if self.lists > 0 {
            return plain(ValueType::List);
        }
        if self.yes_no > 0 && self.yes_no + self.zero_one == total {
            return plain(ValueType::YesNo);
        }
        if self.numbers == total {
            return if self.zero_one == total {
                because(ValueType::Number, "only 0 and 1: `yes or no` can read them, too".into())
            } else {
                plain(ValueType::Number)
            };
        }
        if self.codes > 0 && self.numbers + self.codes == total {
            return because(ValueType::Text, "digits with leading zeros, or too many for a number".into());
        }
        if self.dates == total {
            return plain(ValueType::Date);
        }
        if self.instants > 0 && self.dates + self.instants == total {
            return plain(ValueType::DateTime);
        }
        if let Some(options) = self.options(is_complete) {
            return plain(ValueType::OneOf(options));
        }
        let word = self.first_word.as_deref().unwrap_or_default();
        if self.numbers.saturating_mul(2) > total {
            return because(ValueType::Text, format!("mostly numbers, but also `{word}`"));
        }
        if (self.dates + self.instants).saturating_mul(2) > total {
            return because(ValueType::Text, "mostly dates, but not all of them".into());
        }
        plain(ValueType::Text)
    }

    /// The texts, if they are few and come back often.
    fn options(&self, is_complete: bool) -> Option<Vec<String>> {
        let few = is_complete
            && self.texts.len() <= FEW
            && self.total >= 10
            && self.total >= (self.texts.len() as u64).saturating_mul(3)
            && self.texts.iter().all(|text| text.chars().count() <= SHORT && can_be_name(text));
        // In no order of their own, that of the alphabet is the one that stays when the data changes.
        few.then(|| {
            let mut texts = self.texts.clone();
            texts.sort();
            texts
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(values: &[&str]) -> Option<(ValueType, String)> {
        let mut kinds = Kinds::default();
        for value in values {
            kinds.add(&Cell::Text((*value).into()));
        }
        kinds.verdict(true).map(|verdict| (verdict.ty, verdict.remark.unwrap_or_default()))
    }

    #[test]
    fn tells_types_from_texts() {
        let told = |values: &[&str]| verdict(values).unwrap().0;
        assert_eq!(told(&["1", "2.5", "-3", ""]), ValueType::Number);
        assert_eq!(told(&["12345678901.123456", "3.14159265358979"]), ValueType::Number);
        assert_eq!(told(&["yes", "No", "1"]), ValueType::YesNo);
        assert_eq!(told(&["2026-01-01", "2026/1/2"]), ValueType::Date);
        assert_eq!(told(&["2026-01-01", "2026-01-01 10:00"]), ValueType::DateTime);
        assert_eq!(told(&["NaN", "1"]), ValueType::Text);
        let tiers = ["gold", "silver"].repeat(5);
        assert_eq!(told(&tiers), ValueType::OneOf(vec!["gold".into(), "silver".into()]));
        assert_eq!(told(&["gold", "silver"]), ValueType::Text, "too few to tell");
    }

    #[test]
    fn says_when_it_was_not_sure() {
        let remark = |values: &[&str]| verdict(values).unwrap().1;
        assert_eq!(remark(&["007", "12"]), "digits with leading zeros, or too many for a number");
        assert_eq!(remark(&["49170123456789012"]), "digits with leading zeros, or too many for a number");
        assert_eq!(remark(&["1", "2", "n/a"]), "mostly numbers, but also `n/a`");
        assert_eq!(remark(&["0", "1"]), "only 0 and 1: `yes or no` can read them, too");
        assert_eq!(remark(&["", " "]), "always empty");
    }

    #[test]
    fn leaves_out_what_rules_cannot_read() {
        let mut kinds = Kinds::default();
        kinds.add(&Cell::Map);
        assert_eq!(kinds.verdict(true), None);
    }
}
