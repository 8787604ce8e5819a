//! Values, and the events they look at.

use courtesy::{
    number::Number,
    syntax::ast::{
        Aggregate, Arithmetic, Condition, Events, Expr, ExprKind, Filter, Moment, Payload, Pick, Subject,
        SubjectKind, Window,
    },
    time::{CalendarUnit, Date, DateTime, Period, Time, Unit, Weekday},
};
use proptest::{option, prelude::*, sample::select};

use super::{Words, at, conditions::flat_condition, name, some};

pub(super) fn number() -> BoxedStrategy<Number> {
    prop_oneof![
        (0..200i64).prop_map(|n| Number::from_millionths(n * 1_000_000)),
        (0..5_000_000i64).prop_map(Number::from_millionths),
        Just(Number::from_millionths(9_000_000_000_000_000_000)),
    ]
    .boxed()
}

pub(super) fn percent() -> BoxedStrategy<Number> {
    (0..=1000i64).prop_map(|n| Number::from_millionths(n * 100_000)).boxed()
}

pub(super) fn unit() -> BoxedStrategy<Unit> {
    select(&Unit::ALL[..]).boxed()
}

pub(super) fn period() -> BoxedStrategy<Period> {
    (prop_oneof![3 => 1..40u32, 1 => 1..=u32::MAX], unit())
        .prop_map(|(count, unit)| Period::new(count, unit))
        .boxed()
}

pub(super) fn calendar_unit() -> BoxedStrategy<CalendarUnit> {
    select(&[CalendarUnit::Day, CalendarUnit::Week, CalendarUnit::Month, CalendarUnit::Year][..]).boxed()
}

pub(super) fn date() -> BoxedStrategy<Date> {
    (2000..2100i16, 1..=12i8, 1..=28i8)
        .prop_filter_map("a day", |(year, month, day)| Date::new(year, month, day).ok())
        .boxed()
}

pub(super) fn time() -> BoxedStrategy<Time> {
    (0..24i8, 0..60i8).prop_filter_map("a time", |(hour, minute)| Time::new(hour, minute, 0, 0).ok()).boxed()
}

pub(super) fn date_time() -> BoxedStrategy<DateTime> {
    (date(), time()).prop_map(|(date, time)| DateTime::from_parts(date, time)).boxed()
}

const WEEK: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

pub(super) fn weekday() -> BoxedStrategy<Weekday> {
    select(&WEEK[..]).boxed()
}

pub(super) fn weekdays() -> BoxedStrategy<Vec<Weekday>> {
    let any = prop::sample::subsequence(WEEK.to_vec(), 1..=7).prop_shuffle();
    prop_oneof![3 => any, 1 => Just(WEEK[..5].to_vec())].boxed()
}

/// What is counted; `said`: whether its kind may be named too.
pub(super) fn subject(words: &Words, said: bool) -> BoxedStrategy<Subject> {
    use SubjectKind::{Category, Channel, Event, Message, Rule};
    let kind = option::weighted(0.3, select(&[Event, Channel, Message, Category, Rule][..]));
    let kind = kind.prop_map(move |kind| kind.filter(|_| said));
    (kind, name(&words.subject)).prop_map(|(kind, name)| Subject { kind, name }).boxed()
}

pub(super) fn window() -> BoxedStrategy<Window> {
    prop_oneof![
        period().prop_map(Window::Rolling),
        calendar_unit().prop_map(Window::Calendar),
        date().prop_map(Window::Since),
    ]
    .boxed()
}

pub(super) fn filter(words: &Words, condition: BoxedStrategy<Condition>) -> BoxedStrategy<Filter> {
    let of = some((name(&words.field), simple(words)), 0, 2);
    (of, option::weighted(0.4, condition.prop_map(Box::new)))
        .prop_map(|(of, condition)| Filter { of, condition })
        .boxed()
}

pub(super) fn events(
    words: &Words,
    said: bool,
    condition: BoxedStrategy<Condition>,
) -> BoxedStrategy<Events> {
    (subject(words, said), filter(words, condition), option::of(window().prop_map(at)))
        .prop_map(|(subject, filter, window)| Events { subject, filter, window })
        .boxed()
}

/// A value without parts.
pub(super) fn simple(words: &Words) -> BoxedStrategy<Expr> {
    prop_oneof![
        3 => (number(), option::weighted(0.3, unit())).prop_map(|(n, unit)| ExprKind::Number(n, unit)),
        2 => words.text.clone().prop_map(ExprKind::Text),
        1 => date().prop_map(ExprKind::Date),
        1 => date_time().prop_map(ExprKind::DateTime),
        1 => any::<bool>().prop_map(ExprKind::YesNo),
        3 => words.operand.clone().prop_map(ExprKind::Name),
    ]
    .prop_map(at)
    .boxed()
}

/// A value over events or moments, whose `where` is drawn from `condition`.
fn over_events(words: &Words, condition: BoxedStrategy<Condition>) -> BoxedStrategy<Expr> {
    use Aggregate::{Average, Largest, Smallest, Total};
    let said = events(words, true, condition.clone());
    let unsaid = events(words, false, condition);
    let moment = prop_oneof![
        said.clone().prop_map(Moment::Last),
        said.clone().prop_map(Moment::First),
        name(&words.attribute).prop_map(Moment::Attribute),
    ];
    prop_oneof![
        said.clone().prop_map(ExprKind::CountOf),
        (select(&[Total, Average, Smallest, Largest][..]), name(&words.field), unsaid.clone())
            .prop_map(|(kind, field, events)| ExprKind::Aggregate { kind, field, events }),
        (unit(), said).prop_map(|(unit, events)| ExprKind::Rhythm { unit, events }),
        (select(&[Pick::Last, Pick::First, Pick::MostCommon][..]), name(&words.field), unsaid)
            .prop_map(|(which, field, events)| ExprKind::FieldOf { which, field, events }),
        (unit(), moment).prop_map(|(unit, moment)| ExprKind::Since { unit, moment }),
        (unit(), name(&words.attribute)).prop_map(|(unit, attribute)| ExprKind::Until { unit, attribute }),
    ]
    .prop_map(at)
    .boxed()
}

/// Operations on values drawn from `leaf`.
fn arithmetic(leaf: BoxedStrategy<Expr>) -> BoxedStrategy<Expr> {
    use Arithmetic::{Add, Divide, Multiply, Subtract};
    leaf.prop_recursive(3, 8, 2, |inner| {
        let op = select(&[Add, Subtract, Multiply, Divide][..]);
        prop_oneof![
            1 => inner.clone().prop_map(|inner| ExprKind::Negative(Box::new(inner))),
            3 => (inner.clone(), op, inner).prop_map(|(left, op, right)| ExprKind::Arithmetic {
                left: Box::new(named(left)),
                op,
                right: Box::new(named(right)),
            }),
        ]
        .prop_map(at)
    })
    .boxed()
}

/// A value where a text would be read as a name: before a comparison, in arithmetic.
pub(super) fn named(value: Expr) -> Expr {
    match value.node {
        ExprKind::Text(text) => at(ExprKind::Name(text)),
        other => at(other),
    }
}

/// Any value.
pub fn expr(words: &Words) -> BoxedStrategy<Expr> {
    let over = over_events(words, flat_condition(words));
    arithmetic(prop_oneof![3 => simple(words), 2 => over].boxed())
}

/// A value whose events have no conditions of their own.
pub(super) fn flat_expr(words: &Words) -> BoxedStrategy<Expr> {
    let never = simple(words).prop_map(|value| {
        at(courtesy::syntax::ast::ConditionKind::Known { value: named(value), negated: false })
    });
    let over = over_events(words, never.boxed());
    prop_oneof![4 => simple(words), 1 => arithmetic(prop_oneof![3 => simple(words), 1 => over].boxed())]
        .boxed()
}

pub(super) fn payload(words: &Words) -> BoxedStrategy<Payload> {
    (name(&words.other), expr(words)).prop_map(|(key, value)| Payload { key, value }).boxed()
}
