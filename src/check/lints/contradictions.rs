//! Conditions that can never hold together.

use std::{cmp::Ordering, collections::HashMap};

use crate::{
    check::{
        checker::{Checker, Scope},
        types::Typed,
    },
    diagnostic::Code,
    program::{Arena, Condition, ConditionId, Expression, ExpressionId, Origin, SetId, Window},
    snapshot::Value,
    syntax::ast::{Compare, DateTest},
    time::{CalendarUnit, Unit, Weekday, WeekdaySet},
};

/// More parts than this are not compared with each other.
const MOST_PARTS: usize = 128;

/// What a condition speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Subject {
    Value(ExpressionId),
    Count(SetId),
    Weekday,
    Today,
}

/// What it asks of it.
#[derive(Debug, Clone)]
enum Demand {
    OneOf(Vec<Value>),
    NoneOf(Vec<Value>),
    /// From the one to the other; whether each is included.
    Range(Option<(Value, bool)>, Option<(Value, bool)>),
    Missing,
    Count(Window, u32, u32),
    Weekdays(WeekdaySet),
}

impl Checker<'_> {
    /// Points out two parts of a conjunction that exclude each other.
    pub(in crate::check) fn lint_contradiction(&mut self, parts: &[(ConditionId, Origin)]) {
        let mut demands: HashMap<Subject, Vec<(usize, Demand)>> = HashMap::new();
        let mut plain: HashMap<ConditionId, usize> = HashMap::new();
        let mut count = 0usize;
        for (index, (id, _)) in parts.iter().enumerate() {
            let inner = match self.arena.condition(*id) {
                Condition::And(inner) => inner.as_ref(),
                _ => std::slice::from_ref(id),
            };
            for id in inner {
                count += 1;
                if count > MOST_PARTS {
                    return;
                }
                let opposite = match self.arena.condition(*id) {
                    Condition::Not(inner) => plain.get(inner).copied(),
                    _ => None,
                };
                if let Some(other) = opposite.or_else(|| self.negation_in(&plain, *id)) {
                    return self.report_contradiction(parts, other, index, false);
                }
                plain.insert(*id, index);
                let Some((subject, demand)) = demand(&self.arena, *id) else { continue };
                let others = demands.entry(subject).or_default();
                let clash =
                    others.iter().find(|(other, earlier)| *other != index && excludes(earlier, &demand));
                if let Some((other, earlier)) = clash {
                    let either = matches!((earlier, &demand), (Demand::OneOf(_), Demand::OneOf(_)));
                    let other = *other;
                    return self.report_contradiction(parts, other, index, either);
                }
                others.push((index, demand));
            }
        }
    }

    /// Points out a `between` whose second value is the smaller one.
    pub(in crate::check) fn lint_between(&mut self, scope: Scope, low: &Typed, high: &Typed) {
        let at = |typed: &Typed| constant(&self.arena, typed.id).map(|value| (value, true));
        if !is_empty(at(low), at(high)) {
            return;
        }
        let (first, second) = (self.text(scope.source, low.span), self.text(scope.source, high.span));
        let finding = self
            .finding(
                Code::Contradiction,
                scope,
                low.span.to(high.span),
                format!("nothing lies between {first} and {second}"),
            )
            .help(format!("exchange the two: `between {second} and {first}`"));
        self.report(finding);
    }

    /// The part that is the negation of `id`.
    fn negation_in(&self, plain: &HashMap<ConditionId, usize>, id: ConditionId) -> Option<usize> {
        let negated = |other: &ConditionId| matches!(self.arena.condition(*other), Condition::Not(inner) if *inner == id);
        plain.iter().find(|(other, _)| negated(other)).map(|(_, index)| *index)
    }

    fn report_contradiction(&mut self, parts: &[(ConditionId, Origin)], a: usize, b: usize, either: bool) {
        let (Some((_, first)), Some((_, second))) = (parts.get(a), parts.get(b)) else { return };
        if first.span == second.span {
            return;
        }
        let help = if either { "to mean either, join them with `or`" } else { "correct one of the two" };
        let finding = self
            .finding(
                Code::Contradiction,
                Scope::of(second.source),
                second.span,
                "these can never hold together",
            )
            .label("excludes the other")
            .also(first.source, first.span, "the other")
            .help(help);
        self.report(finding);
    }
}

/// What a condition asks of what.
fn demand(arena: &Arena, id: ConditionId) -> Option<(Subject, Demand)> {
    match arena.condition(id) {
        Condition::Compare { left, op, right } => {
            if let Some(value) = constant(arena, *right) {
                Some((Subject::Value(*left), bounds(*op, value)))
            } else {
                let value = constant(arena, *left)?;
                Some((Subject::Value(*right), bounds(mirrored(*op), value)))
            }
        }
        Condition::In { value, options } => {
            let options: Option<Vec<Value>> = options.iter().map(|option| constant(arena, *option)).collect();
            Some((Subject::Value(*value), Demand::OneOf(options?)))
        }
        Condition::Truth(value) => Some((Subject::Value(*value), Demand::OneOf(vec![Value::YesNo(true)]))),
        Condition::Count { set, window, least, most } => {
            Some((Subject::Count(*set), Demand::Count(*window, *least, *most)))
        }
        Condition::TodayWeekday(days) => Some((Subject::Weekday, Demand::Weekdays(*days))),
        Condition::TodayDate(test, date) => {
            let date = constant(arena, *date)?;
            let op = match test {
                DateTest::On => Compare::Is,
                DateTest::Before => Compare::Less,
                DateTest::After => Compare::Greater,
                DateTest::OnOrAfter => Compare::AtLeast,
                DateTest::OnOrBefore => Compare::AtMost,
            };
            Some((Subject::Today, bounds(op, date)))
        }
        Condition::Not(inner) => match arena.condition(*inner) {
            Condition::Known(value) => Some((Subject::Value(*value), Demand::Missing)),
            Condition::TodayWeekday(days) => {
                let others = all_days().filter(|day| !days.contains(*day));
                Some((Subject::Weekday, Demand::Weekdays(others.fold(WeekdaySet::EMPTY, WeekdaySet::with))))
            }
            _ => match demand(arena, *inner)? {
                (subject, Demand::OneOf(values)) => Some((subject, Demand::NoneOf(values))),
                _ => None,
            },
        },
        _ => None,
    }
}

fn all_days() -> impl Iterator<Item = Weekday> {
    WeekdaySet::all().iter().collect::<Vec<_>>().into_iter()
}

fn constant(arena: &Arena, id: ExpressionId) -> Option<Value> {
    match arena.expression(id) {
        Expression::Constant(Value::Missing) => None,
        Expression::Constant(value) => Some(*value),
        _ => None,
    }
}

fn bounds(op: Compare, value: Value) -> Demand {
    match op {
        Compare::Is => Demand::OneOf(vec![value]),
        Compare::IsNot => Demand::NoneOf(vec![value]),
        Compare::Less => Demand::Range(None, Some((value, false))),
        Compare::AtMost => Demand::Range(None, Some((value, true))),
        Compare::Greater => Demand::Range(Some((value, false)), None),
        Compare::AtLeast => Demand::Range(Some((value, true)), None),
    }
}

const fn mirrored(op: Compare) -> Compare {
    match op {
        Compare::Less => Compare::Greater,
        Compare::AtMost => Compare::AtLeast,
        Compare::Greater => Compare::Less,
        Compare::AtLeast => Compare::AtMost,
        Compare::Is | Compare::IsNot => op,
    }
}

/// Whether no value meets both.
fn excludes(a: &Demand, b: &Demand) -> bool {
    match (a, b) {
        // A date and an instant of that date are equal without being the same.
        (Demand::OneOf(a), Demand::OneOf(b)) => {
            a.iter().all(|x| b.iter().all(|y| x != y && same_kind(*x, *y)))
        }
        (Demand::OneOf(some), Demand::NoneOf(none)) | (Demand::NoneOf(none), Demand::OneOf(some)) => {
            some.iter().all(|value| none.contains(value))
        }
        (Demand::OneOf(values), Demand::Range(low, high))
        | (Demand::Range(low, high), Demand::OneOf(values)) => values.iter().all(|value| {
            let point = Some((*value, true));
            is_empty(*low, point) || is_empty(point, *high)
        }),
        (Demand::Range(low, high), Demand::Range(other_low, other_high)) => {
            is_empty(*low, *other_high) || is_empty(*other_low, *high)
        }
        (Demand::Missing, Demand::OneOf(_) | Demand::Range(..))
        | (Demand::OneOf(_) | Demand::Range(..), Demand::Missing) => true,
        (Demand::Count(inner, least, most), Demand::Count(outer, other_least, other_most)) => {
            (within(*inner, *outer) && least > other_most) || (within(*outer, *inner) && other_least > most)
        }
        (Demand::Weekdays(a), Demand::Weekdays(b)) => {
            all_days().all(|day| !(a.contains(day) && b.contains(day)))
        }
        _ => false,
    }
}

fn same_kind(a: Value, b: Value) -> bool {
    std::mem::discriminant(&a) == std::mem::discriminant(&b)
}

/// Whether nothing lies between the bounds.
fn is_empty(low: Option<(Value, bool)>, high: Option<(Value, bool)>) -> bool {
    let (Some((low, low_in)), Some((high, high_in))) = (low, high) else { return false };
    let order = match (low, high) {
        (Value::Number(low), Value::Number(high)) => low.cmp(&high),
        (Value::Date(low), Value::Date(high)) => low.cmp(&high),
        (Value::Instant(low), Value::Instant(high)) => low.cmp(&high),
        _ => return false,
    };
    match order {
        Ordering::Less => false,
        Ordering::Equal => !(low_in && high_in),
        Ordering::Greater => true,
    }
}

/// Whether what lies in the one window always lies in the other.
pub(super) fn within(inner: Window, outer: Window) -> bool {
    let fits = |inner: CalendarUnit, outer: CalendarUnit| {
        use CalendarUnit::{Day, Month, Week, Year};
        inner == outer || matches!((inner, outer), (Day, Week | Month | Year) | (Month, Year))
    };
    match (inner, outer) {
        (_, Window::Ever) => true,
        (Window::Calendar(inner), Window::Calendar(outer)) => fits(inner, outer),
        (Window::Rolling(inner), Window::Rolling(outer)) if inner.unit == outer.unit => {
            inner.count <= outer.count
        }
        (Window::Calendar(inner), Window::Rolling(outer)) => match outer.unit {
            // A calendar window is never longer than its unit, rolled.
            Unit::Day => {
                matches!(inner, CalendarUnit::Day) || (inner == CalendarUnit::Week && outer.count >= 7)
            }
            Unit::Week => matches!(inner, CalendarUnit::Day | CalendarUnit::Week),
            Unit::Month => matches!(inner, CalendarUnit::Day | CalendarUnit::Month),
            Unit::Year => true,
            Unit::Minute | Unit::Hour => false,
        },
        (Window::Since(inner), Window::Since(outer)) => outer <= inner,
        _ => inner == outer,
    }
}
