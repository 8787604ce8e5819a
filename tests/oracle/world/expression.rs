//! The value of an expression at an instant (section 3).

use courtesy::{
    number::Number,
    program::{Expression, ExpressionId, SetId, Window},
    snapshot::Value,
    syntax::ast::{Aggregate, Arithmetic, Pick},
    time::{Instant, Unit},
};

use super::{EARLIEST, World, members::At};

fn known(number: Option<Number>) -> Value {
    number.map_or(Value::Missing, Value::Number)
}

/// A ratio in millionths, halves away from zero.
fn rounded(numerator: i128, denominator: i128) -> Option<Number> {
    if denominator == 0 {
        return None;
    }
    let (above, below) = (numerator.unsigned_abs(), denominator.unsigned_abs());
    let magnitude = i128::try_from((above * 2 + below) / (below * 2)).unwrap();
    let value = if (numerator < 0) == (denominator < 0) { magnitude } else { -magnitude };
    i64::try_from(value).ok().map(Number::from_millionths)
}

fn whole(count: i64) -> Value {
    known(count.checked_mul(1_000_000).map(Number::from_millionths))
}

fn arithmetic(left: Number, op: Arithmetic, right: Number) -> Option<Number> {
    const ONE: i128 = 1_000_000;
    let (left, right) = (i128::from(left.millionths()), i128::from(right.millionths()));
    match op {
        Arithmetic::Add => i64::try_from(left + right).ok().map(Number::from_millionths),
        Arithmetic::Subtract => i64::try_from(left - right).ok().map(Number::from_millionths),
        Arithmetic::Multiply => rounded(left * right, ONE),
        Arithmetic::Divide => rounded(left * ONE, right),
    }
}

impl World<'_> {
    pub fn value(&self, expression: ExpressionId, t: Instant) -> Value {
        self.value_at(expression, At { t: t.max(EARLIEST), began: None, row: None })
    }

    pub fn value_at(&self, expression: ExpressionId, at: At) -> Value {
        let value = |part| self.value_at(part, at);
        match self.program.arena.expression(expression) {
            Expression::Constant(constant) => *constant,
            Expression::Attribute(attribute) => self.user.attribute(*attribute),
            Expression::Field(field) => {
                at.row.map_or(Value::Missing, |(event, row)| self.user.events(event).value(*field, row))
            }
            Expression::Negative(part) => match value(*part) {
                Value::Number(number) => known(arithmetic(Number::ZERO, Arithmetic::Subtract, number)),
                _ => Value::Missing,
            },
            Expression::Arithmetic { left, op, right } => match (value(*left), value(*right)) {
                (Value::Number(left), Value::Number(right)) => known(arithmetic(left, *op, right)),
                _ => Value::Missing,
            },
            Expression::Count { set, window } => {
                whole(i64::try_from(self.members(*set, *window, at).len()).unwrap())
            }
            Expression::Aggregate { kind, set, field, window } => {
                let fields = self.fields(*set, *field, *window, at).into_iter();
                let numbers: Vec<i64> = fields
                    .filter_map(|value| match value {
                        Value::Number(number) => Some(number.millionths()),
                        _ => None,
                    })
                    .collect();
                let total: i128 = numbers.iter().map(|number| i128::from(*number)).sum();
                known(match kind {
                    Aggregate::Total => rounded(total, 1),
                    Aggregate::Average => rounded(total, numbers.len() as i128),
                    Aggregate::Smallest => numbers.into_iter().min().map(Number::from_millionths),
                    Aggregate::Largest => numbers.into_iter().max().map(Number::from_millionths),
                })
            }
            Expression::Rhythm { unit, set, window } => {
                let members = self.members(*set, *window, at);
                let ([(first, _), ..], [.., (last, _)]) = (&members[..], &members[..]) else {
                    return Value::Missing;
                };
                let units = i128::from(self.clock.complete(*first, *last, *unit)) * 1_000_000;
                known(rounded(units, members.len() as i128 - 1))
            }
            Expression::Pick { which, set, field, window } => {
                let values = self.fields(*set, *field, *window, at);
                match which {
                    Pick::First => values.first().copied().unwrap_or_default(),
                    Pick::Last => values.last().copied().unwrap_or_default(),
                    Pick::MostCommon => self.most_common(&values),
                }
            }
            Expression::SinceLast { unit, set, window } => self.since_member(*unit, *set, *window, at, true),
            Expression::SinceFirst { unit, set, window } => {
                self.since_member(*unit, *set, *window, at, false)
            }
            Expression::Since { unit, moment } => match self.moment(value(*moment)) {
                Some(moment) => whole(self.clock.complete(moment, at.t, *unit)),
                None => Value::Missing,
            },
            Expression::Until { unit, moment } => match self.moment(value(*moment)) {
                Some(moment) => whole(-self.clock.complete(moment, at.t, *unit)),
                None => Value::Missing,
            },
        }
    }

    fn since_member(&self, unit: Unit, set: SetId, window: Window, at: At, last: bool) -> Value {
        let members = self.members(set, window, at);
        let member = if last { members.last() } else { members.first() };
        member.map_or(Value::Missing, |(happened, _)| whole(self.clock.complete(*happened, at.t, unit)))
    }

    /// 3.4: of equally common ones the one whose last event is later.
    fn most_common(&self, values: &[Value]) -> Value {
        let texts = |value: &Value| match *value {
            Value::List(start, count) => Some(self.user.list(start, count)),
            _ => None,
        };
        let same = |a: &Value, b: &Value| match (texts(a), texts(b)) {
            (Some(a), Some(b)) => a == b,
            _ => a == b,
        };
        let known = || values.iter().filter(|value| **value != Value::Missing);
        let count = |value: &Value| known().filter(|other| same(value, other)).count();
        let most = known().map(count).max().unwrap_or(0);
        known().rfind(|value| count(value) == most).copied().unwrap_or_default()
    }

    /// The instant that a value stands for: a date for the first one of its day (2.5).
    pub fn moment(&self, value: Value) -> Option<Instant> {
        match value {
            Value::Instant(at) => Some(at),
            Value::Date(date) => Some(self.clock.start_of_day(date)),
            _ => None,
        }
    }
}
