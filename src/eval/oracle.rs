//! A slow, obvious evaluator: every answer from its definition, by looking at every event.

use super::{Situation, bucket};
use crate::{
    number::Number,
    program::{
        Condition, ConditionId, ContactTest, EventId, Expression, ExpressionId, FieldId, Set, SetId, Window,
    },
    snapshot::Value,
    syntax::ast::{Aggregate, Arithmetic, Compare, DateTest, Pick},
    time::{Date, Instant, Unit, Zone},
};

/// The event that a filter looks at.
type Row = Option<(EventId, usize)>;

pub(super) fn holds(s: &Situation<'_>, c: ConditionId, t: Instant) -> bool {
    holds_for(s, c, t, None)
}

pub(super) fn value(s: &Situation<'_>, e: ExpressionId, t: Instant) -> Value {
    value_for(s, e, t, None)
}

fn holds_for(s: &Situation<'_>, c: ConditionId, t: Instant, row: Row) -> bool {
    let value = |e: &ExpressionId| value_for(s, *e, t, row);
    let today = || today(&s.user.zone, t);
    match s.program.arena.condition(c) {
        Condition::Constant(constant) => *constant,
        Condition::And(parts) => parts.iter().all(|part| holds_for(s, *part, t, row)),
        Condition::Or(parts) => parts.iter().any(|part| holds_for(s, *part, t, row)),
        Condition::Not(part) => !holds_for(s, *part, t, row),
        Condition::Count { set, window, least, most } => {
            let count = u32::try_from(members(s, *set, *window, t).len()).unwrap();
            *least <= count && count <= *most
        }
        Condition::Compare { left, op, right } => compare(s, value(left), *op, value(right)),
        Condition::In { value: looked_for, options } => {
            options.iter().any(|option| compare(s, value(looked_for), Compare::Is, value(option)))
        }
        Condition::Contains { value: whole, part } => match (value(whole), value(part)) {
            (Value::List(start, count), Value::Text(member)) => s.user.list(start, count).contains(&member),
            (Value::Text(whole), Value::Text(part)) => {
                s.user.text(s.program, whole).contains(s.user.text(s.program, part))
            }
            _ => false,
        },
        Condition::Known(known) => value(known) != Value::Missing,
        Condition::Truth(truth) => value(truth) == Value::YesNo(true),
        Condition::SubscribedTo(channel) => s.user.subscribed(s.program, *channel),
        Condition::ReachableOn(channel) => s.user.reachable(*channel),
        Condition::Share { salt, below } => bucket(s.user.text(s.program, *salt), &s.user.id) < *below,
        Condition::TodayWeekday(set) => set.contains(today().weekday()),
        Condition::TodayIn(calendar) => {
            s.program.calendars[calendar.index()].calendar.dates().contains(&today())
        }
        Condition::TodayOneOf(dates) => dates.contains(&today()),
        Condition::TodayDate(test, date) => {
            let date = match value(date) {
                Value::Date(date) => date,
                Value::Instant(at) => s.user.zone.date(at),
                _ => return false,
            };
            match test {
                DateTest::On => today() == date,
                DateTest::Before => today() < date,
                DateTest::After => today() > date,
                DateTest::OnOrAfter => today() >= date,
                DateTest::OnOrBefore => today() <= date,
            }
        }
    }
}

fn value_for(s: &Situation<'_>, e: ExpressionId, t: Instant, row: Row) -> Value {
    let zone = &s.user.zone;
    let number = |count: i64| Number::whole(count).map_or(Value::Missing, Value::Number);
    let value = |e: &ExpressionId| value_for(s, *e, t, row);
    match s.program.arena.expression(e) {
        Expression::Constant(constant) => *constant,
        Expression::Attribute(attribute) => s.user.attribute(*attribute),
        Expression::Field(field) => {
            row.map_or(Value::Missing, |(event, row)| s.user.events(event).value(*field, row))
        }
        Expression::Negative(part) => match value(part) {
            Value::Number(number) => number.negated().map_or(Value::Missing, Value::Number),
            _ => Value::Missing,
        },
        Expression::Arithmetic { left, op, right } => match (value(left), value(right)) {
            (Value::Number(left), Value::Number(right)) => match op {
                Arithmetic::Add => left.plus(right),
                Arithmetic::Subtract => left.minus(right),
                Arithmetic::Multiply => left.times(right),
                Arithmetic::Divide => left.over(right),
            }
            .map_or(Value::Missing, Value::Number),
            _ => Value::Missing,
        },
        Expression::Count { set, window } => {
            number(i64::try_from(members(s, *set, *window, t).len()).unwrap())
        }
        Expression::Aggregate { kind, set, field, window } => {
            let numbers: Vec<Number> = fields(s, *set, *field, *window, t)
                .into_iter()
                .filter_map(|value| if let Value::Number(number) = value { Some(number) } else { None })
                .collect();
            let total: i128 = numbers.iter().map(|number| i128::from(number.millionths())).sum();
            match kind {
                Aggregate::Total => i64::try_from(total).ok().map(Number::from_millionths),
                Aggregate::Average => Number::mean(total, numbers.len() as u64),
                Aggregate::Smallest => numbers.into_iter().min(),
                Aggregate::Largest => numbers.into_iter().max(),
            }
            .map_or(Value::Missing, Value::Number)
        }
        Expression::Rhythm { unit, set, window } => {
            let members = members(s, *set, *window, t);
            if members.len() < 2 {
                return Value::Missing;
            }
            let between = complete(zone, members[0].0, members[members.len() - 1].0, *unit);
            let spaces = Number::whole(i64::try_from(members.len()).unwrap() - 1).unwrap();
            Number::whole(between).unwrap().over(spaces).map_or(Value::Missing, Value::Number)
        }
        Expression::Pick { which, set, field, window } => {
            let values = fields(s, *set, *field, *window, t);
            match which {
                Pick::First => values.first().copied().unwrap_or_default(),
                Pick::Last => values.last().copied().unwrap_or_default(),
                Pick::MostCommon => {
                    let count = |value: Value| values.iter().filter(|other| **other == value).count();
                    let known = values.iter().copied().filter(|value| *value != Value::Missing);
                    // Of equal maxima this gives the last.
                    known.max_by_key(|value| count(*value)).unwrap_or_default()
                }
            }
        }
        Expression::SinceLast { unit, set, window } => members(s, *set, *window, t)
            .last()
            .map_or(Value::Missing, |(at, _)| number(complete(zone, *at, t, *unit))),
        Expression::SinceFirst { unit, set, window } => members(s, *set, *window, t)
            .first()
            .map_or(Value::Missing, |(at, _)| number(complete(zone, *at, t, *unit))),
        Expression::Since { unit, moment } => {
            moment_of(s, value(moment)).map_or(Value::Missing, |at| number(complete(zone, at, t, *unit)))
        }
        Expression::Until { unit, moment } => {
            moment_of(s, value(moment)).map_or(Value::Missing, |at| number(-complete(zone, at, t, *unit)))
        }
    }
}

fn moment_of(s: &Situation<'_>, value: Value) -> Option<Instant> {
    match value {
        Value::Instant(at) => Some(at),
        Value::Date(date) => Some(s.user.zone.start_of_day(date)),
        _ => None,
    }
}

fn compare(s: &Situation<'_>, left: Value, op: Compare, right: Value) -> bool {
    let date = |value: Value| match value {
        Value::Instant(at) => Value::Date(s.user.zone.date(at)),
        other => other,
    };
    let (left, right) = match (left, right) {
        (Value::Date(_), Value::Instant(_)) | (Value::Instant(_), Value::Date(_)) => {
            (date(left), date(right))
        }
        both => both,
    };
    let order = match (left, right) {
        (Value::Number(left), Value::Number(right)) => Some(left.cmp(&right)),
        (Value::Date(left), Value::Date(right)) => Some(left.cmp(&right)),
        (Value::Instant(left), Value::Instant(right)) => Some(left.cmp(&right)),
        _ => None,
    };
    let is = match (left, right) {
        (Value::Missing, _) | (_, Value::Missing) => false,
        (Value::List(a, b), Value::List(c, d)) => s.user.list(a, b) == s.user.list(c, d),
        _ => left == right,
    };
    match op {
        Compare::Is => is,
        Compare::IsNot => !is,
        Compare::Less => order.is_some_and(|order| order.is_lt()),
        Compare::AtMost => order.is_some_and(|order| order.is_le()),
        Compare::Greater => order.is_some_and(|order| order.is_gt()),
        Compare::AtLeast => order.is_some_and(|order| order.is_ge()),
    }
}

/// The instants and rows of the members in the window.
fn members(s: &Situation<'_>, set: SetId, window: Window, t: Instant) -> Vec<(Instant, usize)> {
    let all: Vec<(Instant, usize)> = match s.program.arena.set(set) {
        Set::Events { event, filter } => {
            let rows = s.user.events(*event).at.iter().copied().enumerate();
            rows.filter(|(row, at)| {
                *at <= s.now && filter.is_none_or(|filter| holds_for(s, filter, t, Some((*event, *row))))
            })
            .map(|(row, at)| (at, row))
            .collect()
        }
        Set::Contacts(test) => {
            let rows = s.contacts.iter().enumerate().filter(|(_, contact)| match *test {
                ContactTest::Any => true,
                ContactTest::Channel(channel) => contact.channel == Some(channel),
                ContactTest::Message(message) => contact.message == Some(message),
                ContactTest::Category(category) => contact.categories.contains(category),
                ContactTest::Rule(rule) => contact.rule == Some(rule),
            });
            rows.map(|(row, contact)| (contact.at, row)).collect()
        }
    };
    all.into_iter().filter(|(at, _)| *at <= t && counts(s, *at, window, t)).collect()
}

/// Whether what happened at `at`, not after `t`, counts at `t`.
fn counts(s: &Situation<'_>, at: Instant, window: Window, t: Instant) -> bool {
    let zone = &s.user.zone;
    match window {
        Window::Ever => true,
        Window::Rolling(period) => t < zone.add(at, period),
        Window::Calendar(unit) => zone.window(t, unit, s.program.week_starts).0 <= at,
        Window::Since(date) => zone.start_of_day(date) <= at,
        Window::Sequence => s.sequence.is_some_and(|began| began < at),
    }
}

fn fields(s: &Situation<'_>, set: SetId, field: FieldId, window: Window, t: Instant) -> Vec<Value> {
    let Set::Events { event, .. } = s.program.arena.set(set) else { return Vec::new() };
    let members = members(s, set, window, t).into_iter();
    members.map(|(_, row)| s.user.events(*event).value(field, row)).collect()
}

/// The greatest `n` with `from + n units <= to`.
pub(super) fn complete(zone: &Zone, from: Instant, to: Instant, unit: Unit) -> i64 {
    let seconds = match unit {
        Unit::Minute => 60,
        Unit::Hour => 3_600,
        Unit::Day => 86_400,
        Unit::Week => 604_800,
        Unit::Month => 2_629_746,
        Unit::Year => 31_556_952,
    };
    let mut n = (to.as_micros() - from.as_micros()) / (seconds * 1_000_000);
    while zone.step(from, n, unit) > to {
        n -= 1;
    }
    while zone.step(from, n + 1, unit) <= to {
        n += 1;
    }
    n
}

/// The last civil day that has begun.
fn today(zone: &Zone, t: Instant) -> Date {
    let mut date = zone.date(t);
    while let Some(next) = date.tomorrow().ok().filter(|next| zone.start_of_day(*next) <= t) {
        date = next;
    }
    date
}
