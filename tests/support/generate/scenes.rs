//! Tests as they stand in rule files.

use courtesy::syntax::ast::{Expect, ExpectWhen, Given, Test, When};
use proptest::{option, prelude::*};

use super::{
    Words, at, expr, name, some,
    values::{date, date_time, payload, period},
};

/// A test.
pub fn test(words: &Words) -> BoxedStrategy<Test> {
    let given = some(given(words).prop_map(at), 0, 4);
    let expect = some(expect(words).prop_map(at), 1, 3);
    let (now, horizon) = (option::of(date_time().prop_map(at)), option::of(period().prop_map(at)));
    (name(&words.text), given, now, horizon, expect)
        .prop_map(|(name, given, at, horizon, expect)| Test { name, given, at, horizon, expect })
        .boxed()
}

fn when() -> BoxedStrategy<When> {
    prop_oneof![period().prop_map(When::Ago), date_time().prop_map(When::At)].boxed()
}

fn given(words: &Words) -> BoxedStrategy<Given> {
    let channel = || name(&words.channel);
    prop_oneof![
        3 => (name(&words.attribute), expr(words)).prop_map(|(name, value)| Given::Attribute(name, value)),
        1 => name(&words.rule).prop_map(Given::Id),
        1 => name(&words.text).prop_map(Given::TimeZone),
        1 => super::declarations::language().prop_map(Given::Locale),
        1 => (channel(), any::<bool>()).prop_map(|(channel, yes)| Given::Consent(channel, yes)),
        1 => (channel(), any::<bool>()).prop_map(|(channel, yes)| Given::Reachable(channel, yes)),
        3 => (name(&words.event), when(), some(payload(words), 0, 2))
            .prop_map(|(event, when, fields)| Given::Event { event, when, fields }),
        2 => (option::of(name(&words.message)), option::of(channel()), option::of(name(&words.rule)), when())
            .prop_map(|(message, channel, rule, when)| Given::Contact { message, channel, rule, when }),
    ]
    .boxed()
}

fn expect(words: &Words) -> BoxedStrategy<Expect> {
    let when = prop_oneof![date_time().prop_map(ExpectWhen::At), date().prop_map(ExpectWhen::On)];
    let (channel, rule) = (option::of(name(&words.channel)), option::of(name(&words.rule)));
    prop_oneof![
        1 => Just(Expect::Nothing),
        3 => (name(&words.message), channel, rule, option::of(when), some(payload(words), 0, 2))
            .prop_map(|(message, channel, rule, when, payload)| Expect::Touch { message, channel, rule, when, payload }),
        1 => (name(&words.message), option::of(name(&words.other)))
            .prop_map(|(name, reason)| Expect::Withheld { name, reason }),
    ]
    .boxed()
}
