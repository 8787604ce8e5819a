//! One user, drawn.

use fastrand::Rng;

use super::{
    DAY, Events, NOW_SECOND, Shape,
    chance::{long_tailed, of_user, weighted, yes},
    world,
};

/// A user of the shop. What is `None` is not known of them.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Person {
    /// From 0.
    pub number: u64,
    /// The zone they live in; the rule files' if none.
    pub zone: Option<&'static str>,
    pub locale: &'static str,
    pub tier: &'static str,
    pub name: &'static str,
    pub city: Option<&'static str>,
    pub gender: Option<&'static str>,
    /// In seconds; the start of a day.
    pub birthday: Option<i64>,
    /// In seconds.
    pub signup_at: i64,
    pub points: u32,
    /// In seconds; the start of a day.
    pub points_expire_on: Option<i64>,
    pub left_because: Option<&'static str>,
    pub wants_news: bool,
    pub last_score: Option<u32>,
    pub device: &'static str,
    pub app_version: (u32, u32, u32),
    pub source: &'static str,
    pub store: u32,
    /// What they said of text messages and of mail.
    pub consent: [Option<bool>; 2],
    /// Where they can be reached: push, wechat, sms, email. None if nothing is known, which means everywhere.
    pub addresses: Option<[bool; 4]>,
    /// In order of time.
    pub events: Vec<Event>,
    /// In order of time.
    pub contacts: Vec<Contact>,
}

/// Something that the user did.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Event {
    /// What.
    pub kind: EventKind,
    /// When, in seconds.
    pub at: i64,
    /// Its own number; visits have none that anybody writes down.
    pub number: u32,
}

/// What a user does, with what there is to say of it.
#[derive(Debug, Clone, Copy, PartialEq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum EventKind {
    Visit { page: u32 },
    Search { words: &'static str },
    Cart { cents: u32, items: u32 },
    Order { cents: u32, category: &'static str, article: u32 },
    Delivery { days: u32 },
    Complaint { severity: u32, category: &'static str },
    FriendJoined,
}

/// A past contact.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contact {
    /// When, in seconds.
    pub at: i64,
    /// Over which channel.
    pub channel: &'static str,
    /// What was sent.
    pub message: &'static str,
    /// By which rule.
    pub rule: &'static str,
    /// As which touch, if that is known.
    pub touch_id: Option<u128>,
}

impl Person {
    pub(super) fn new(shape: &Shape, number: u64) -> Self {
        let rng = &mut of_user(shape.seed, number);
        // Some came yesterday, some are asleep for months.
        let signed_up_days = 1.0 + 1_500.0 * rng.f64().powi(2);
        let asleep_days =
            if yes(rng, 0.45) { 0.0 } else { (-(1.0 - rng.f64()).ln() * 35.0).min(signed_up_days - 1.0) };
        let signup_at = NOW_SECOND - (signed_up_days * DAY as f64) as i64;
        let count = match shape.events {
            Events::Around(mean) => long_tailed(rng, mean),
            Events::Exactly(count) => count,
        };
        let active = (signup_at.max(NOW_SECOND - 700 * DAY), NOW_SECOND - (asleep_days * DAY as f64) as i64);
        let mut events: Vec<_> = (0..count).map(|number| event(rng, active, number)).collect();
        events.sort_by_key(|event| event.at);
        let mut contacts: Vec<_> = (0..long_tailed(rng, 3.6)).map(|_| contact(rng, signup_at)).collect();
        contacts.sort_by_key(|contact| contact.at);
        let today = NOW_SECOND - NOW_SECOND % DAY;
        let mut some = |chance| yes(rng, chance);
        let (has_city, has_birthday, has_points_end, has_score) =
            (some(0.93), some(0.75), some(0.55), some(0.4));
        let (left, known_gender, zoned, reached) = (some(0.18), some(0.6), some(0.96), some(0.92));
        Self {
            number,
            zone: zoned.then(|| weighted(rng, &world::ZONES)),
            locale: weighted(rng, &world::LOCALES),
            tier: weighted(rng, &world::TIERS),
            name: world::NAMES[rng.usize(0..world::NAMES.len())],
            city: has_city.then(|| weighted(rng, &world::CITIES)),
            gender: known_gender.then(|| weighted(rng, &[("f", 55), ("m", 45)])),
            birthday: has_birthday.then(|| today - rng.i64(16 * 365..75 * 365) * DAY),
            signup_at,
            points: long_tailed(rng, 900.0),
            points_expire_on: has_points_end.then(|| today + rng.i64(-40..360) * DAY),
            left_because: left.then(|| weighted(rng, &world::REASONS)),
            wants_news: yes(rng, 0.35),
            last_score: has_score.then(|| 10 - long_tailed(rng, 2.0).min(10)),
            device: weighted(rng, &world::DEVICES),
            app_version: (rng.u32(5..9), rng.u32(0..12), rng.u32(0..4)),
            source: weighted(rng, &world::SOURCES),
            store: rng.u32(1..400),
            consent: [0.5, 0.4].map(|given| yes(rng, 0.7).then(|| yes(rng, given))),
            addresses: reached.then(|| [0.7, 0.6, 0.85, 0.55].map(|chance| yes(rng, chance))),
            events,
            contacts,
        }
    }

    /// Their id.
    #[must_use]
    pub fn id(&self) -> String {
        id(self.number)
    }
}

/// The id of the user of that number: longer for some than for others, as where two systems were merged.
pub(super) fn id(number: u64) -> String {
    if number % 5 == 4 { format!("C-{number:010}") } else { format!("u{}", 1_000_000 + number) }
}

/// Something done between the two moments, more likely late than early.
fn event(rng: &mut Rng, (from, to): (i64, i64), number: u32) -> Event {
    let age = rng.f64().powf(1.8) * (to - from).max(0) as f64;
    let cents = |rng: &mut Rng, mean| 100 + long_tailed(rng, mean);
    let kind = match rng.u32(0..1000) {
        0..430 => EventKind::Visit { page: rng.u32(1..20_000) },
        430..480 => EventKind::Search { words: weighted(rng, &world::CATEGORIES) },
        480..600 => EventKind::Cart { cents: cents(rng, 12_000.0), items: rng.u32(1..8) },
        600..880 => EventKind::Order {
            cents: cents(rng, 15_000.0),
            category: weighted(rng, &world::CATEGORIES),
            article: rng.u32(100_000..1_000_000),
        },
        880..960 => EventKind::Delivery { days: rng.u32(1..6) },
        960..985 => {
            EventKind::Complaint { severity: rng.u32(1..5), category: weighted(rng, &world::CATEGORIES) }
        }
        _ => EventKind::FriendJoined,
    };
    Event { kind, at: to - age as i64, number }
}

fn contact(rng: &mut Rng, signup_at: i64) -> Contact {
    let from = signup_at.max(NOW_SECOND - 200 * DAY);
    let age = rng.f64().powf(1.6) * (NOW_SECOND - from) as f64;
    let choices =
        world::PAST_CONTACTS.map(|(rule, message, channel, weight)| ((rule, message, channel), weight));
    let (rule, message, channel) = weighted(rng, &choices);
    // What another system sent bears no id of ours.
    let touch_id = (rule != "flash_sale_2025" && yes(rng, 0.6)).then(|| rng.u128(..));
    Contact { at: NOW_SECOND - age as i64, channel, message, rule, touch_id }
}
