//! What a value may be at any time of a span.

use crate::{snapshot::Value, time::day_number};

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

/// How many whole units, in millionths; saturates.
pub(super) fn millionths(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX).saturating_mul(1_000_000)
}
