//! Declarations and files.

use courtesy::syntax::ast::{
    Cap, CapException, Channel, Days, DeclarationKind, Event, Field, File, Gap, Hours, Life, Message, Name,
    TypeName,
};
use proptest::{option, prelude::*, sample::select};

use super::{
    Words, at, condition,
    conditions::share,
    name,
    rules::{cap_window, rule},
    scenes::test,
    some,
    values::{date, period, subject, time, weekday, weekdays},
};

/// A file of up to five declarations.
pub fn file(words: &Words) -> BoxedStrategy<File> {
    some(declaration(words).prop_map(at), 0, 5).prop_map(|declarations| File { declarations }).boxed()
}

/// Any declaration.
pub fn declaration(words: &Words) -> BoxedStrategy<DeclarationKind> {
    let text = || name(&words.text);
    prop_oneof![
        1 => text().prop_map(DeclarationKind::Use),
        1 => text().prop_map(DeclarationKind::TimeZone),
        1 => weekday().prop_map(DeclarationKind::WeekStarts),
        2 => field(words).prop_map(DeclarationKind::Attribute),
        2 => event(words).prop_map(DeclarationKind::Event),
        1 => some(channel(words), 1, 3).prop_map(DeclarationKind::Channels),
        2 => message(words).prop_map(DeclarationKind::Message),
        1 => (name(&words.calendar), text()).prop_map(|(name, path)| DeclarationKind::Calendar { name, path }),
        2 => (name(&words.segment), condition(words))
            .prop_map(|(name, condition)| DeclarationKind::Segment { name, condition }),
        1 => hours(words).prop_map(DeclarationKind::QuietHours),
        1 => hours(words).prop_map(DeclarationKind::ContactHours),
        2 => cap(words).prop_map(DeclarationKind::Cap),
        1 => gap(words).prop_map(DeclarationKind::Gap),
        1 => share(words).prop_map(DeclarationKind::HoldOut),
        6 => rule(words).prop_map(|rule| DeclarationKind::Rule(Box::new(rule))),
        2 => test(words).prop_map(|test| DeclarationKind::Test(Box::new(test))),
    ]
    .boxed()
}

fn field(words: &Words) -> BoxedStrategy<Field> {
    let ty = prop_oneof![
        Just(TypeName::Text),
        Just(TypeName::Number),
        Just(TypeName::Date),
        Just(TypeName::DateTime),
        Just(TypeName::YesNo),
        some(name(&words.other), 1, 3).prop_map(TypeName::OneOf),
        Just(TypeName::List),
    ];
    (name(&words.attribute), ty).prop_map(|(name, ty)| Field { name, ty: at(ty) }).boxed()
}

fn event(words: &Words) -> BoxedStrategy<Event> {
    let form = || option::weighted(0.3, name(&words.event));
    (name(&words.event), form(), form(), some(field(words), 0, 3))
        .prop_map(|(name, plural, past, fields)| Event { name, plural, past, fields })
        .boxed()
}

fn channel(words: &Words) -> BoxedStrategy<Channel> {
    (name(&words.channel), any::<bool>())
        .prop_map(|(name, needs_consent)| Channel { name, needs_consent })
        .boxed()
}

/// A language tag.
pub(super) fn language() -> BoxedStrategy<Name> {
    select(&["en", "zh-CN", "zh-Hant-HK", "x", "*", "de-CH-1996", "and"][..])
        .prop_map(|tag| at(tag.into()))
        .boxed()
}

fn message(words: &Words) -> BoxedStrategy<Message> {
    (name(&words.message), some(name(&words.other), 0, 3), some(language(), 0, 3))
        .prop_map(|(name, categories, languages)| Message { name, categories, languages })
        .boxed()
}

fn life() -> BoxedStrategy<Life> {
    let day = || option::weighted(0.3, date().prop_map(at));
    (day(), day()).prop_map(|(from, until)| Life { from, until }).boxed()
}

fn hours(words: &Words) -> BoxedStrategy<Hours> {
    let days = prop_oneof![
        weekdays().prop_map(Days::Weekdays),
        (name(&words.calendar), any::<bool>()).prop_map(|(name, negated)| Days::Calendar { name, negated }),
    ];
    let channels = some(name(&words.channel), 0, 3);
    let limits = (option::weighted(0.3, condition(words)), life());
    (time(), time(), option::of(days.prop_map(at)), channels, limits)
        .prop_map(|(from, to, days, channels, (condition, life))| Hours {
            from: at(from),
            to: at(to),
            days,
            channels,
            condition,
            life,
        })
        .boxed()
}

fn cap(words: &Words) -> BoxedStrategy<Cap> {
    let exception = (0..9u32, condition(words))
        .prop_map(|(limit, condition)| CapException { limit: at(limit), condition });
    let limits = (option::weighted(0.3, condition(words)), life());
    (0..100u32, subject(words, true), cap_window(), some(exception, 0, 2), limits)
        .prop_map(|(limit, subject, window, exceptions, (condition, life))| Cap {
            limit: at(limit),
            subject,
            window: at(window),
            exceptions,
            condition,
            life,
        })
        .boxed()
}

fn gap(words: &Words) -> BoxedStrategy<Gap> {
    let limits = (option::weighted(0.3, condition(words)), life());
    (period(), subject(words, true), option::of(subject(words, true)), limits)
        .prop_map(|(period, first, second, (condition, life))| Gap {
            period: at(period),
            first,
            second,
            condition,
            life,
        })
        .boxed()
}
