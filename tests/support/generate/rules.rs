//! Rules.

use std::mem::{Discriminant, discriminant};

use courtesy::{
    syntax::ast::{
        Anchor, CapWindow, Clause, IfBlocked, MonthDay, Offset, Rule, Send, Span, Spanned, Step, Trigger, Via,
    },
    time::{Period, Unit},
};
use proptest::{option, prelude::*, sample::select};

use super::{
    Words, at, condition, expr, name, some,
    values::{calendar_unit, date, filter, named, payload, percent, period, time, weekdays},
};

/// Where the steps of a random rule stand, relative to its clauses.
const STEPS: usize = 1;

/// A rule. Its spans say which of its clauses stand before its steps and which after them.
pub fn rule(words: &Words) -> BoxedStrategy<Rule> {
    let named = option::weighted(0.6, (name(&words.rule), option::of(name(&words.text))));
    let early = some(clause(words), 0, 3);
    let late = some(clause(words), 0, 5);
    (named, trigger(words), early, some(step(words), 1, 3), late)
        .prop_map(|(named, trigger, mut early, steps, mut late)| {
            let filtered = matches!(trigger, Trigger::If(_));
            // `every day from …` is an anchor.
            let open = matches!(trigger, Trigger::Every { anchor: None, .. });
            early.retain(|each| !(open && matches!(each, Clause::From(_))));
            let mut seen: Vec<Discriminant<Clause>> = Vec::new();
            let mut once = |each: &Clause| {
                let kind = discriminant(each);
                let again = seen.contains(&kind) || filtered && matches!(each, Clause::If(_));
                seen.push(kind);
                !again
            };
            early.retain(&mut once);
            late.retain(&mut once);
            let place = |start: usize| move |node| Spanned { node, span: Span::new(start, start) };
            let clauses =
                early.into_iter().map(place(0)).chain(late.into_iter().map(place(STEPS + 1))).collect();
            let (name, title) = named.map_or((None, None), |(name, title)| (Some(name), title));
            Rule { name, title, trigger: at(trigger), clauses, steps }
        })
        .boxed()
}

fn civil_period() -> BoxedStrategy<Period> {
    (1..40u32, select(&[Unit::Day, Unit::Week, Unit::Month, Unit::Year][..]))
        .prop_map(|(count, unit)| Period::new(count, unit))
        .boxed()
}

fn trigger(words: &Words) -> BoxedStrategy<Trigger> {
    let offset = (civil_period(), any::<bool>()).prop_map(|(period, before)| Offset { period, before });
    let anchor = prop_oneof![
        date().prop_map(|date| Anchor::From(at(date))),
        name(&words.attribute).prop_map(Anchor::Since),
    ];
    let month_day =
        prop_oneof![4 => (1..=31i8).prop_map(MonthDay::Day), 1 => Just(MonthDay::Last)].prop_map(at);
    prop_oneof![
        6 => condition(words).prop_map(Trigger::If),
        3 => (name(&words.event), filter(words, condition(words)))
            .prop_map(|(event, filter)| Trigger::Event { event, filter }),
        2 => (name(&words.attribute), option::of(offset.clone()), any::<bool>())
            .prop_filter("a lone name after `on` is an event", |(_, offset, once)| offset.is_some() || *once)
            .prop_map(|(attribute, offset, once)| Trigger::Attribute { attribute, offset, once }),
        1 => (date(), option::of(offset.clone())).prop_map(|(date, offset)| Trigger::Date { date: at(date), offset }),
        1 => (name(&words.text), name(&words.calendar), option::of(offset))
            .prop_map(|(festival, calendar, offset)| Trigger::Festival { festival, calendar, offset }),
        1 => weekdays().prop_map(Trigger::Weekdays),
        1 => some(month_day, 1, 3).prop_map(Trigger::Monthly),
        1 => (1..=12i8, 1..=28i8).prop_map(|(month, day)| Trigger::Yearly { month, day }),
        2 => (period(), anchor)
            .prop_map(|(period, anchor)| Trigger::Every { period: at(period), anchor: Some(anchor) }),
        1 => Just(Trigger::Every { period: at(Period::days(1)), anchor: None }),
        1 => name(&words.text).prop_map(Trigger::Cron),
    ]
    .boxed()
}

pub(super) fn cap_window() -> BoxedStrategy<CapWindow> {
    prop_oneof![period().prop_map(CapWindow::Rolling), calendar_unit().prop_map(CapWindow::Calendar)].boxed()
}

fn clause(words: &Words) -> BoxedStrategy<Clause> {
    prop_oneof![
        3 => condition(words).prop_map(Clause::If),
        2 => moment(),
        2 => (period(), any::<bool>()).prop_map(|(period, expires)| Clause::Within { period, expires }),
        1 => period().prop_map(Clause::Again),
        1 => (0..5u32, option::of(cap_window())).prop_map(|(limit, window)| Clause::AtMostTimes { limit, window }),
        1 => expr(words).prop_map(|value| Clause::Priority(named(value))),
        1 => Just(Clause::IgnoringCaps),
        1 => Just(Clause::NotCounted),
        1 => Just(Clause::EvenInQuietHours),
        1 => select(&[IfBlocked::Wait, IfBlocked::Drop, IfBlocked::Stop][..]).prop_map(Clause::IfBlocked),
        1 => date().prop_map(Clause::From),
        1 => date().prop_map(Clause::Until),
        1 => Just(Clause::Off),
    ]
    .boxed()
}

/// The clauses that a step may have as well.
fn moment() -> BoxedStrategy<Clause> {
    prop_oneof![
        period().prop_map(Clause::After),
        time().prop_map(Clause::At),
        (time(), time()).prop_map(|(from, to)| Clause::Between(from, to)),
    ]
    .boxed()
}

fn step(words: &Words) -> BoxedStrategy<Step> {
    let clauses = some(moment(), 0, 2).prop_map(|mut clauses| {
        clauses.dedup_by_key(|clause| discriminant(clause));
        clauses.into_iter().map(at).collect()
    });
    let variants = some((name(&words.message), percent().prop_map(at)), 1, 3);
    let send = prop_oneof![
        4 => name(&words.message).prop_map(Send::Message),
        1 => (variants, name(&words.text)).prop_map(|(variants, salt)| Send::OneOf { variants, salt }),
    ];
    let via = (some(name(&words.channel), 1, 3), any::<bool>())
        .prop_map(|(channels, all)| Via { all: all && channels.len() > 1, channels });
    let with = some(payload(words), 0, 3);
    (clauses, send, option::of(via), with, option::weighted(0.3, condition(words)))
        .prop_map(|(clauses, send, via, payload, unless)| Step {
            span: Span::new(STEPS, STEPS),
            clauses,
            send: at(send),
            via,
            payload,
            unless,
        })
        .boxed()
}
