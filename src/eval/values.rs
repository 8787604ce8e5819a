//! Values: arithmetic and comparison.

use std::cmp::Ordering;

use super::Situation;
use crate::{
    number::Number,
    snapshot::Value,
    syntax::ast::{Arithmetic, Compare},
    time::Instant,
};

/// A whole number, as a value; missing if it is too large.
pub(super) fn whole(count: i64) -> Value {
    Number::whole(count).map_or(Value::Missing, Value::Number)
}

/// `-value`
pub(super) fn negative(value: Value) -> Value {
    match value {
        Value::Number(number) => number.negated().map_or(Value::Missing, Value::Number),
        _ => Value::Missing,
    }
}

/// `left op right`; missing unless both are numbers and the result fits.
pub(super) fn arithmetic(left: Value, op: Arithmetic, right: Value) -> Value {
    let (Value::Number(left), Value::Number(right)) = (left, right) else { return Value::Missing };
    let result = match op {
        Arithmetic::Add => left.plus(right),
        Arithmetic::Subtract => left.minus(right),
        Arithmetic::Multiply => left.times(right),
        Arithmetic::Divide => left.over(right),
    };
    result.map_or(Value::Missing, Value::Number)
}

/// Whether both have a value and it is the same. An instant is a date if its civil date is.
pub(super) fn same(s: &Situation<'_>, left: Value, right: Value) -> bool {
    match (left, right) {
        (Value::Missing, _) | (_, Value::Missing) => false,
        (Value::List(start, count), Value::List(other_start, other_count)) => {
            s.user.list(start, count) == s.user.list(other_start, other_count)
        }
        (Value::Date(_), Value::Instant(_)) | (Value::Instant(_), Value::Date(_)) => {
            order(s, left, right) == Some(Ordering::Equal)
        }
        _ => left == right,
    }
}

/// How two values stand to each other, if they are both numbers, or dates, or instants. A date and an instant are
/// compared by civil dates.
pub(super) fn order(s: &Situation<'_>, left: Value, right: Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => Some(left.cmp(&right)),
        (Value::Date(left), Value::Date(right)) => Some(left.cmp(&right)),
        (Value::Instant(left), Value::Instant(right)) => Some(left.cmp(&right)),
        (Value::Date(left), Value::Instant(right)) => Some(left.cmp(&s.user.zone.date(right))),
        (Value::Instant(left), Value::Date(right)) => Some(s.user.zone.date(left).cmp(&right)),
        _ => None,
    }
}

/// Whether `left op right`; false if either is missing, but for `is not`.
pub(super) fn compare(s: &Situation<'_>, left: Value, op: Compare, right: Value) -> bool {
    match op {
        Compare::Is => same(s, left, right),
        Compare::IsNot => !same(s, left, right),
        Compare::Less | Compare::AtMost | Compare::Greater | Compare::AtLeast => {
            order(s, left, right).is_some_and(|order| stands(order, op))
        }
    }
}

/// Whether two values that stand so to each other compare so.
pub(super) const fn stands(order: Ordering, op: Compare) -> bool {
    match op {
        Compare::Is => order.is_eq(),
        Compare::IsNot => order.is_ne(),
        Compare::Less => order.is_lt(),
        Compare::AtMost => order.is_le(),
        Compare::Greater => order.is_gt(),
        Compare::AtLeast => order.is_ge(),
    }
}

/// The comparison with its sides exchanged.
pub(crate) const fn mirrored(op: Compare) -> Compare {
    match op {
        Compare::Is | Compare::IsNot => op,
        Compare::Less => Compare::Greater,
        Compare::AtMost => Compare::AtLeast,
        Compare::Greater => Compare::Less,
        Compare::AtLeast => Compare::AtMost,
    }
}

/// Whether a list holds the text, or a text holds the part.
pub(super) fn contains(s: &Situation<'_>, value: Value, part: Value) -> bool {
    match (value, part) {
        (Value::List(start, count), Value::Text(member)) => s.user.list(start, count).contains(&member),
        (Value::Text(text), Value::Text(part)) => {
            s.user.text(s.program, text).contains(s.user.text(s.program, part))
        }
        _ => false,
    }
}

/// The instant that a date or an instant stands for.
pub(super) fn moment(s: &Situation<'_>, value: Value) -> Option<Instant> {
    match value {
        Value::Instant(at) => Some(at),
        Value::Date(date) => Some(s.user.zone.start_of_day(date)),
        _ => None,
    }
}
