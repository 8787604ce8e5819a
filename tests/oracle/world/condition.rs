//! Whether a condition holds at an instant.

use courtesy::{
    program::{Condition, ConditionId},
    snapshot::{Answer, Value},
    syntax::ast::{Compare, DateTest},
    time::{Date, Instant},
};

use super::{EARLIEST, World, members::At};

impl World<'_> {
    pub fn holds(&self, condition: ConditionId, t: Instant, began: Option<Instant>) -> bool {
        self.holds_at(condition, At { t: t.max(EARLIEST), began, row: None })
    }

    pub fn holds_at(&self, condition: ConditionId, at: At) -> bool {
        let value = |expression| self.value_at(expression, at);
        match self.program.arena.condition(condition) {
            Condition::Constant(constant) => *constant,
            Condition::And(parts) => parts.iter().all(|part| self.holds_at(*part, at)),
            Condition::Or(parts) => parts.iter().any(|part| self.holds_at(*part, at)),
            Condition::Not(part) => !self.holds_at(*part, at),
            Condition::Count { set, window, least, most } => {
                let count = self.members(*set, *window, at).len();
                (*least as usize..=*most as usize).contains(&count)
            }
            Condition::Compare { left, op, right } => self.compare(value(*left), *op, value(*right)),
            Condition::In { value: looked_for, options } => {
                options.iter().any(|option| self.compare(value(*looked_for), Compare::Is, value(*option)))
            }
            Condition::Contains { value: whole, part } => match (value(*whole), value(*part)) {
                (Value::List(start, count), Value::Text(member)) => {
                    self.user.list(start, count).contains(&member)
                }
                (Value::Text(whole), Value::Text(part)) => {
                    self.user.text(self.program, whole).contains(self.user.text(self.program, part))
                }
                _ => false,
            },
            Condition::Known(known) => value(*known) != Value::Missing,
            Condition::Truth(truth) => value(*truth) == Value::YesNo(true),
            Condition::SubscribedTo(channel) => match self.user.consent[channel.index()] {
                Answer::Yes => true,
                Answer::No => false,
                Answer::None => !self.program.channels[channel.index()].needs_consent,
            },
            Condition::ReachableOn(channel) => self.user.reachable[channel.index()],
            Condition::Share { salt, below } => self.bucket(self.program.arena.text(*salt).unwrap()) < *below,
            Condition::TodayWeekday(days) => days.contains(self.clock.today(at.t).weekday()),
            Condition::TodayIn(calendar) => {
                let calendar = &self.program.calendars[calendar.index()].calendar;
                calendar.dates().contains(&self.clock.today(at.t))
            }
            Condition::TodayOneOf(dates) => dates.contains(&self.clock.today(at.t)),
            Condition::TodayDate(test, date) => {
                let Some(date) = self.date(value(*date)) else { return false };
                let today = self.clock.today(at.t);
                match test {
                    DateTest::On => today == date,
                    DateTest::Before => today < date,
                    DateTest::After => today > date,
                    DateTest::OnOrAfter => today >= date,
                    DateTest::OnOrBefore => today <= date,
                }
            }
        }
    }

    /// The civil date of a date or an instant.
    pub fn date(&self, value: Value) -> Option<Date> {
        match value {
            Value::Date(date) => Some(date),
            Value::Instant(at) => Some(self.clock.civil(at).date()),
            _ => None,
        }
    }

    /// 3.2 and 3.5.
    fn compare(&self, left: Value, op: Compare, right: Value) -> bool {
        if left == Value::Missing || right == Value::Missing {
            return op == Compare::IsNot;
        }
        let (left, right) = match (left, right) {
            // A date and an instant are compared by civil dates.
            (Value::Date(_), Value::Instant(_)) | (Value::Instant(_), Value::Date(_)) => {
                (Value::Date(self.date(left).unwrap()), Value::Date(self.date(right).unwrap()))
            }
            both => both,
        };
        let order = match (left, right) {
            (Value::Number(left), Value::Number(right)) => Some(left.cmp(&right)),
            (Value::Date(left), Value::Date(right)) => Some(left.cmp(&right)),
            (Value::Instant(left), Value::Instant(right)) => Some(left.cmp(&right)),
            _ => None,
        };
        let same = match (left, right) {
            (Value::List(a, b), Value::List(c, d)) => self.user.list(a, b) == self.user.list(c, d),
            _ => left == right,
        };
        match op {
            Compare::Is => same,
            Compare::IsNot => !same,
            Compare::Less => order.is_some_and(|order| order.is_lt()),
            Compare::AtMost => order.is_some_and(|order| order.is_le()),
            Compare::Greater => order.is_some_and(|order| order.is_gt()),
            Compare::AtLeast => order.is_some_and(|order| order.is_ge()),
        }
    }
}
