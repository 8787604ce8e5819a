//! Conditions.

use courtesy::syntax::ast::{
    Compare, Condition, ConditionKind, DateTest, Events, Expr, Quantity, Share, Today,
};
use proptest::{prelude::*, sample::select};

use super::{
    Words, at, name, some,
    values::{events, expr, flat_expr, named, percent, weekdays},
};

/// Any condition.
pub fn condition(words: &Words) -> BoxedStrategy<Condition> {
    joined(atom(words, &expr(words), &flat_condition(words)))
}

/// A condition in whose `where` nothing but comparisons stands.
pub(super) fn flat_condition(words: &Words) -> BoxedStrategy<Condition> {
    let value = flat_expr(words);
    let comparison = prop_oneof![compared(&value), name(&words.segment).prop_map(ConditionKind::Bare)];
    let comparison = comparison.prop_map(at).boxed();
    joined(prop_oneof![2 => comparison.clone(), 1 => atom(words, &value, &comparison)].boxed())
}

fn joined(atom: BoxedStrategy<Condition>) -> BoxedStrategy<Condition> {
    atom.prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            some(inner.clone(), 2, 3).prop_map(ConditionKind::And),
            some(inner.clone(), 2, 3).prop_map(ConditionKind::Or),
            inner.prop_map(|inner| ConditionKind::Not(Box::new(inner))),
        ]
        .prop_map(at)
    })
    .boxed()
}

/// A comparison of values.
fn compared(value: &BoxedStrategy<Expr>) -> BoxedStrategy<ConditionKind> {
    use Compare::{AtLeast, AtMost, Greater, Is, IsNot, Less};
    let op = select(&[Is, IsNot, Less, AtMost, Greater, AtLeast][..]);
    let left = value.clone().prop_map(named).boxed();
    prop_oneof![
        3 => (left.clone(), op, value.clone())
            .prop_map(|(left, op, right)| ConditionKind::Compare { left, op, right }),
        1 => (left.clone(), value.clone(), value.clone())
            .prop_map(|(value, low, high)| ConditionKind::Between { value, low, high }),
        1 => (left.clone(), any::<bool>(), some(value.clone(), 1, 3))
            .prop_map(|(value, negated, options)| ConditionKind::In { value, negated, options }),
        1 => (left.clone(), value.clone(), any::<bool>())
            .prop_map(|(value, part, negated)| ConditionKind::Contains { value, part, negated }),
        1 => (left, any::<bool>()).prop_map(|(value, negated)| ConditionKind::Known { value, negated }),
    ]
    .boxed()
}

fn atom(
    words: &Words,
    value: &BoxedStrategy<Expr>,
    inner: &BoxedStrategy<Condition>,
) -> BoxedStrategy<Condition> {
    prop_oneof![
        4 => compared(value),
        2 => (quantity(), events(words, true, inner.clone()))
            .prop_map(|(quantity, events)| ConditionKind::Count { quantity, events }),
        2 => events(words, false, inner.clone())
            .prop_filter("a lone name is no count", has_tail)
            .prop_map(|events| ConditionKind::Count { quantity: Quantity::Some, events }),
        1 => name(&words.event).prop_map(ConditionKind::Before),
        3 => name(&words.segment).prop_map(ConditionKind::Bare),
        1 => name(&words.segment).prop_map(ConditionKind::InSegment),
        1 => name(&words.channel).prop_map(ConditionKind::SubscribedTo),
        1 => name(&words.channel).prop_map(ConditionKind::ReachableOn),
        1 => share(words).prop_map(ConditionKind::Share),
        2 => (any::<bool>(), today(words, value))
            .prop_map(|(negated, test)| ConditionKind::Today { negated, test }),
    ]
    .prop_map(at)
    .boxed()
}

fn has_tail(events: &Events) -> bool {
    events.window.is_some() || events.filter.condition.is_some() || !events.filter.of.is_empty()
}

fn quantity() -> BoxedStrategy<Quantity> {
    prop_oneof![
        Just(Quantity::None),
        (0..1000u32).prop_map(Quantity::AtLeast),
        (0..10u32).prop_map(Quantity::AtMost),
        any::<u32>().prop_map(Quantity::FewerThan),
        (0..10u32).prop_map(Quantity::MoreThan),
        (0..10u32).prop_map(Quantity::Exactly),
    ]
    .boxed()
}

pub(super) fn share(words: &Words) -> BoxedStrategy<Share> {
    (percent(), name(&words.text)).prop_map(|(percent, salt)| Share { percent: at(percent), salt }).boxed()
}

fn today(words: &Words, value: &BoxedStrategy<Expr>) -> BoxedStrategy<Today> {
    use DateTest::{After, Before, On, OnOrAfter, OnOrBefore};
    prop_oneof![
        weekdays().prop_map(Today::Weekdays),
        name(&words.calendar).prop_map(Today::InCalendar),
        (name(&words.text), name(&words.calendar))
            .prop_map(|(festival, calendar)| Today::Festival { festival, calendar }),
        (select(&[On, Before, After, OnOrAfter, OnOrBefore][..]), value.clone())
            .prop_map(|(test, date)| Today::Date(test, date)),
    ]
    .boxed()
}
