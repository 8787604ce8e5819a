//! What a value may be at any time of a span, and what a question about it may be answered.

use crate::{
    snapshot::Value,
    syntax::ast::Compare,
    time::{Length, Unit, day_number},
};

/// Whether something may hold, and whether it may not, at some time of a span. Both at once is "not known".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct May {
    pub(super) hold: bool,
    pub(super) fail: bool,
}

impl May {
    pub(super) const ANY: Self = Self { hold: true, fail: true };

    pub(super) const fn surely(holds: bool) -> Self {
        Self { hold: holds, fail: !holds }
    }

    pub(super) const fn not(self) -> Self {
        Self { hold: self.fail, fail: self.hold }
    }

    const fn and(self, other: Self) -> Self {
        Self { hold: self.hold && other.hold, fail: self.fail || other.fail }
    }
}

/// Whether a value is missing in a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    Never,
    Maybe,
    Always,
}

/// Where the [code](code) of a value lies throughout a span, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) least: i64,
    pub(super) most: i64,
    pub(super) missing: Missing,
}

impl Range {
    pub(super) const MISSING: Self = Self { least: 0, most: 0, missing: Missing::Always };
    pub(super) const UNKNOWN: Self = Self { least: i64::MIN, most: i64::MAX, missing: Missing::Maybe };

    pub(super) const fn exactly(code: i64) -> Self {
        Self::between(code, code)
    }

    pub(super) const fn between(least: i64, most: i64) -> Self {
        Self { least, most, missing: Missing::Never }
    }

    /// The same, perhaps missing.
    pub(super) const fn or_missing(self) -> Self {
        Self { missing: Missing::Maybe, ..self }
    }

    /// Of one value that does not change.
    pub(super) fn of(value: Value) -> Self {
        match (value, code(value)) {
            (Value::Missing, _) => Self::MISSING,
            (_, Some(code)) => Self::exactly(code),
            (_, None) => Self::UNKNOWN,
        }
    }
}

/// A whole number that stands for the value among values of its type, in their order; none for lists.
pub(super) fn code(value: Value) -> Option<i64> {
    match value {
        Value::Missing | Value::List(..) => None,
        Value::Number(number) => Some(number.millionths()),
        Value::Text(symbol) => Some(i64::from(symbol.0)),
        Value::Date(date) => Some(day_number(date)),
        Value::Instant(at) => Some(at.as_micros()),
        Value::YesNo(yes) => Some(i64::from(yes)),
    }
}

/// What a condition asks about one value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Question {
    /// Whether its code compares so. False of a missing one.
    Compare(Compare, i64),
    /// Whether its code is between these, both included.
    Between(i64, i64),
    /// Whether its code is one of these.
    OneOf(Box<[i64]>),
    /// Whether it is there.
    Known,
    /// Whether a number of complete units, of which the microseconds that went by are known, compares so.
    Elapsed(Elapsed),
}

impl Question {
    pub(super) fn answer(&self, range: Range) -> May {
        let may = match self {
            Self::Known => {
                return May { hold: range.missing != Missing::Always, fail: range.missing != Missing::Never };
            }
            _ if range.missing == Missing::Always => return May::surely(false),
            Self::Compare(op, with) => compare(range, *op, *with),
            Self::Between(least, most) => {
                compare(range, Compare::AtLeast, *least).and(compare(range, Compare::AtMost, *most))
            }
            Self::OneOf(codes) if range.least == range.most => May::surely(codes.contains(&range.least)),
            Self::OneOf(codes) => {
                May { hold: codes.iter().any(|code| range.least <= *code && *code <= range.most), fail: true }
            }
            Self::Elapsed(elapsed) => elapsed.answer(range),
        };
        May { fail: may.fail || range.missing == Missing::Maybe, ..may }
    }
}

fn compare(range: Range, op: Compare, with: i64) -> May {
    let Range { least, most, .. } = range;
    match op {
        Compare::AtLeast => May { hold: most >= with, fail: least < with },
        Compare::Greater => May { hold: most > with, fail: least <= with },
        Compare::AtMost => May { hold: least <= with, fail: most > with },
        Compare::Less => May { hold: least < with, fail: most >= with },
        Compare::Is => May { hold: least <= with && with <= most, fail: least != with || most != with },
        Compare::IsNot => compare(range, Compare::Is, with).not(),
    }
}

/// A comparison of complete units with a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Elapsed {
    op: Compare,
    /// How long the least number of units is that is not less than the number.
    not_less: (i64, i64),
    /// And of the least that is greater.
    greater: (i64, i64),
    /// Whether there can be exactly so many.
    is_whole: bool,
}

impl Elapsed {
    /// Whether the number of complete units compares so with a number of millionths.
    pub(super) fn new(op: Compare, unit: Unit, millionths: i64) -> Self {
        let below = millionths.div_euclid(1_000_000);
        let is_whole = millionths.rem_euclid(1_000_000) == 0;
        let long = |count| Length::of(count, unit).bounds();
        let greater = below.saturating_add(1);
        Self { op, not_less: long(if is_whole { below } else { greater }), greater: long(greater), is_whole }
    }

    fn answer(self, range: Range) -> May {
        let reached =
            |(earliest, latest): (i64, i64)| May { hold: range.most >= earliest, fail: range.least < latest };
        let (not_less, greater) = (reached(self.not_less), reached(self.greater));
        match self.op {
            Compare::AtLeast => not_less,
            Compare::Greater => greater,
            Compare::Less => not_less.not(),
            Compare::AtMost => greater.not(),
            Compare::Is if self.is_whole => not_less.and(greater.not()),
            Compare::Is => May::surely(false),
            Compare::IsNot => May::ANY,
        }
    }
}

/// How many whole units, in millionths; saturates.
pub(super) fn millionths(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX).saturating_mul(1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::cmp::Ordering;

    const OPS: [Compare; 6] =
        [Compare::Is, Compare::IsNot, Compare::Less, Compare::AtMost, Compare::Greater, Compare::AtLeast];

    fn stands(value: i64, op: Compare, with: i64) -> bool {
        let order = value.cmp(&with);
        match op {
            Compare::Is => order == Ordering::Equal,
            Compare::IsNot => order != Ordering::Equal,
            Compare::Less => order == Ordering::Less,
            Compare::AtMost => order != Ordering::Greater,
            Compare::Greater => order == Ordering::Greater,
            Compare::AtLeast => order != Ordering::Less,
        }
    }

    proptest! {
        #[test]
        fn a_comparison_may_be_what_it_is_of_some_value(
            least in -6i64..6, more in 0i64..6, op in prop::sample::select(OPS.to_vec()), with in -8i64..12,
        ) {
            let range = Range::between(least, least + more);
            let answers = || (least..=least + more).map(|value| stands(value, op, with));
            let may = Question::Compare(op, with).answer(range);
            prop_assert_eq!(may, May { hold: answers().any(|holds| holds), fail: answers().any(|holds| !holds) });
        }
    }

    #[test]
    fn what_is_missing_compares_with_nothing() {
        for op in OPS.into_iter().filter(|op| *op != Compare::IsNot) {
            assert_eq!(Question::Compare(op, 0).answer(Range::MISSING), May::surely(false));
        }
        assert_eq!(Question::Known.answer(Range::MISSING), May::surely(false));
        assert_eq!(Question::Known.answer(Range::exactly(3)), May::surely(true));
        assert_eq!(Question::Compare(Compare::Is, 3).answer(Range::exactly(3).or_missing()), May::ANY);
    }
}
