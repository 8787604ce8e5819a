//! Random users.

use proptest::prelude::*;

#[derive(Debug, Clone)]
pub struct Person {
    pub id: i64,
    pub timezone: Option<&'static str>,
    pub locale: Option<&'static str>,
    pub tier: Option<&'static str>,
    /// In hundredths.
    pub points: Option<i64>,
    /// Days since 1970-01-01.
    pub birthday: Option<i32>,
    pub vip: Option<bool>,
    pub tags: Option<Vec<&'static str>>,
    /// Milliseconds since 1970.
    pub seen_at: Option<i64>,
    pub sms: Option<bool>,
    pub phone: Option<&'static str>,
    pub email: Option<&'static str>,
    pub events: Vec<Event>,
    pub contacts: Vec<Contact>,
}

#[derive(Debug, Clone)]
pub struct Event {
    pub kind: &'static str,
    pub at: i64,
    pub id: Option<i64>,
    pub amount: Option<i64>,
    pub category: Option<&'static str>,
}

#[derive(Debug, Clone)]
pub struct Contact {
    pub at: i64,
    pub channel: Option<&'static str>,
    pub message: Option<&'static str>,
    pub categories: Option<Vec<&'static str>>,
    pub rule: Option<&'static str>,
}

/// 2026-03-01T00:00:00Z in milliseconds.
pub const NOW: i64 = 1_772_323_200_000;
pub const DAY: i64 = 24 * 60 * 60 * 1000;

pub fn pick<T: Clone + std::fmt::Debug + 'static>(list: &'static [T]) -> impl Strategy<Value = T> {
    proptest::sample::select(list)
}

fn moment() -> impl Strategy<Value = i64> {
    (-90 * DAY..DAY).prop_map(|ago| NOW + ago)
}

pub fn people() -> impl Strategy<Value = Vec<Person>> {
    let event = (
        pick(&["order", "visit", "other"]),
        moment(),
        prop::option::of(0..1000_i64),
        prop::option::of(0..50_000_i64),
        prop::option::of(pick(&["tea", "a category with a long name", "ä", "neu"])),
    )
        .prop_map(|(kind, at, id, amount, category)| Event { kind, at, id, amount, category });
    let contact = (
        moment(),
        prop::option::of(pick(&["push", "sms", "fax"])),
        prop::option::of(pick(&["coupon", "news", "unknown message of another system"])),
        prop::option::of(prop::collection::vec(pick(&["promo", "care", "x"]), 1..3)),
        prop::option::of(pick(&["winback", "monthly", "old"])),
    )
        .prop_map(|(at, channel, message, categories, rule)| Contact {
            at,
            channel,
            message,
            categories,
            rule,
        });
    let who = (
        prop::option::of(pick(&["Asia/Shanghai", "Europe/Berlin", "America/New_York"])),
        prop::option::of(pick(&["de", "zh-HK"])),
        prop::option::of(pick(&["gold", "silver", "a tier that no rule mentions"])),
        prop::option::of(-1000..100_000_i64),
        prop::option::of(-10_000..20_000_i32),
        any::<Option<bool>>(),
        prop::option::of(prop::collection::vec(pick(&["tea", "coffee", "milk"]), 1..4)),
        prop::option::of(moment()),
    );
    let reach = (
        any::<Option<bool>>(),
        prop::option::of(pick(&["+49170", "0"])),
        prop::option::of(pick(&["a@b.c", ""])),
    );
    let person = (who, reach, prop::collection::vec(event, 0..9), prop::collection::vec(contact, 0..5))
        .prop_map(|(who, reach, events, contacts)| {
            let (timezone, locale, tier, points, birthday, vip, tags, seen_at) = who;
            let (sms, phone, email) = reach;
            Person {
                id: 0,
                timezone,
                locale,
                tier,
                points,
                birthday,
                vip,
                tags,
                seen_at,
                sms,
                phone,
                email,
                events,
                contacts,
            }
        });
    prop::collection::vec(person, 1..40).prop_map(|mut people| {
        for (person, id) in people.iter_mut().zip(100_i64..) {
            person.id = id;
            // What happens at one instant is in the order given, which not all files keep.
            for (event, number) in person.events.iter_mut().zip(0..) {
                event.at += number;
                // The same id twice is an error, which is tried as well, but not often.
                event.id = event.id.map(|id| if id < 990 { id * 100 + number } else { id });
            }
            for (contact, number) in person.contacts.iter_mut().zip(0..) {
                contact.at += number;
            }
        }
        people
    })
}
