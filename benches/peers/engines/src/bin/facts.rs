//! Works out facts about users by plain code: facts USERS.jsonl FACTS.jsonl

use std::{
    collections::BTreeMap,
    env,
    fs::File,
    io::{self, BufRead, BufReader, BufWriter, Write},
};

use courtesy_peer_engines::{Fact, Known};
use jiff::{Timestamp, ToSpan, Unit, Zoned, civil::Date, tz::TimeZone};
use serde::Deserialize;

const NOW: &str = "2026-03-05T02:00:00Z";

/// Longer ago than anything.
const NEVER: i64 = 1_000_000;

#[derive(Deserialize)]
struct User {
    id: String,
    timezone: Option<String>,
    attributes: Attributes,
    #[serde(default)]
    consent: Consent,
    addresses: Option<BTreeMap<String, bool>>,
    events: Vec<Event>,
    contacts: Vec<Contact>,
}

#[derive(Deserialize)]
struct Attributes {
    tier: String,
    city: Option<String>,
    birthday: Option<Date>,
    signup_at: Timestamp,
    points: i64,
    points_expire_on: Option<Date>,
    left_because: Option<String>,
    wants_news: bool,
    last_score: Option<i64>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Consent {
    sms: bool,
    email: bool,
}

#[derive(Deserialize)]
struct Event {
    #[serde(rename = "type")]
    kind: String,
    at: Timestamp,
    #[serde(default)]
    amount: f64,
    #[serde(default)]
    category: String,
    #[serde(default)]
    severity: i64,
}

impl Event {
    fn cents(&self) -> i64 {
        (self.amount * 100.0).round() as i64
    }
}

#[derive(Deserialize)]
struct Contact {
    at: Timestamp,
    channel: String,
    message: String,
}

/// What a user's clocks show.
struct Clock {
    now: Zoned,
    midnight: Timestamp,
}

impl Clock {
    fn new(zone: &str) -> Result<Self, jiff::Error> {
        let now = NOW.parse::<Timestamp>()?.to_zoned(TimeZone::get(zone)?);
        let midnight = now.start_of_day()?.timestamp();
        Ok(Self { now, midnight })
    }

    fn ago(&self, span: jiff::Span) -> Timestamp {
        self.now.checked_sub(span).map_or(Timestamp::MIN, |moment| moment.timestamp())
    }

    /// Complete days since then.
    fn days_since(&self, at: Option<Timestamp>) -> i64 {
        let days = at.and_then(|at| {
            let then = at.to_zoned(self.now.time_zone().clone());
            then.until((Unit::Day, &self.now)).ok()
        });
        days.map_or(NEVER, |span| span.get_days().into())
    }
}

impl User {
    fn known(self, clock: &Clock) -> Known {
        let all = |kind: &'static str| self.events.iter().filter(move |event| event.kind == kind);
        let last = |kind| clock.days_since(all(kind).map(|event| event.at).max());
        let count = |count: usize| Fact::Number(i64::try_from(count).unwrap_or(i64::MAX));
        let orders_since = |moment: Timestamp| all("order").filter(move |order| order.at > moment);
        let cents_since = |moment| Fact::Number(orders_since(moment).map(Event::cents).sum());
        let milk = || all("order").filter(|order| order.category == "milk");
        let [d14, d90, d180] = [14, 90, 180].map(|days| clock.ago(days.days()));
        let severe =
            all("complaint").filter(|complaint| complaint.severity >= 2).map(|complaint| complaint.at).max();
        let hours = severe.map_or(NEVER, |at| clock.now.timestamp().duration_since(at).as_hours());
        let full = all("cart").filter(|cart| cart.cents() >= 5_000).map(|cart| cart.at).max();
        let today = clock.now.date();
        let Attributes { birthday, points_expire_on, .. } = self.attributes;
        let text = |text: Option<String>| Fact::Text(text.unwrap_or_default());
        let until = points_expire_on.and_then(|date| date.since((Unit::Day, today)).ok());
        let number = Fact::Number;
        let facts = [
            ("tier", text(Some(self.attributes.tier))),
            ("city", text(self.attributes.city)),
            ("left_because", text(self.attributes.left_because)),
            ("wants_news", Fact::YesNo(self.attributes.wants_news)),
            (
                "has_birthday",
                Fact::YesNo(
                    birthday.is_some_and(|date| (date.month(), date.day()) == (today.month(), today.day())),
                ),
            ),
            ("points", number(self.attributes.points)),
            ("last_score", number(self.attributes.last_score.unwrap_or(-1))),
            ("days_since_signup", number(clock.days_since(Some(self.attributes.signup_at)))),
            ("days_until_points_expire", number(until.map_or(NEVER, |span| span.get_days().into()))),
            ("days_since_order", number(last("order"))),
            ("days_since_visit", number(last("visit"))),
            ("days_since_complaint", number(last("complaint"))),
            ("days_since_delivery", number(last("delivery"))),
            ("days_since_friend_joined", number(last("friend_joined"))),
            ("days_since_milk", number(clock.days_since(milk().map(|order| order.at).max()))),
            ("days_since_full_cart", number(clock.days_since(full))),
            ("hours_since_severe_complaint", number(hours)),
            ("orders", count(all("order").count())),
            ("orders_in_90", count(orders_since(d90).count())),
            ("orders_in_180", count(orders_since(d180).count())),
            ("cents_in_90", cents_since(d90)),
            ("cents_in_1y", cents_since(clock.ago(1.year()))),
            ("milk_in_180", count(milk().filter(|order| order.at > d180).count())),
            ("visits", count(all("visit").count())),
            ("visits_in_14", count(all("visit").filter(|visit| visit.at > d14).count())),
        ];
        let (d7, d30) = (clock.ago(7.days()), clock.ago(30.days()));
        let recent = self.contacts.iter().filter(|contact| contact.at > d7).count();
        let coupons = ["gold_coupon", "price_coupon", "welcome_gift", "second_order_coupon"];
        let had_coupon = |contact: &Contact| contact.at > d30 && coupons.contains(&contact.message.as_str());
        let consent =
            [("push", true), ("wechat", true), ("sms", self.consent.sms), ("email", self.consent.email)];
        let open = consent.into_iter().filter(|(channel, may)| {
            let is_used = self
                .contacts
                .iter()
                .any(|contact| contact.channel == *channel && contact.at >= clock.midnight);
            let address =
                self.addresses.as_ref().is_none_or(|known| known.get(*channel).copied().unwrap_or(false));
            *may && address && !is_used
        });
        Known {
            open: open.map(|(channel, _)| channel.to_owned()).collect(),
            room: 3 - i64::try_from(recent).unwrap_or(3),
            coupon: !self.contacts.iter().any(had_coupon),
            facts: facts.into_iter().map(|(name, fact)| (name.to_owned(), fact)).collect(),
            id: self.id,
        }
    }
}

fn main() -> io::Result<()> {
    let files: Vec<_> = env::args().skip(1).collect();
    let [users, facts] = files.as_slice() else {
        return Err(io::Error::other("two files are needed: the users, and where facts go"));
    };
    let mut out = BufWriter::with_capacity(1 << 20, File::create(facts)?);
    let mut clocks = BTreeMap::new();
    for line in BufReader::with_capacity(1 << 20, File::open(users)?).lines() {
        let user: User = serde_json::from_str(&line?)?;
        let zone = user.timezone.clone().unwrap_or_else(|| "Asia/Shanghai".to_owned());
        if !clocks.contains_key(&zone) {
            clocks.insert(zone.clone(), Clock::new(&zone).map_err(io::Error::other)?);
        }
        serde_json::to_writer(&mut out, &user.known(&clocks[&zone]))?;
        writeln!(out)?;
    }
    out.flush()
}
