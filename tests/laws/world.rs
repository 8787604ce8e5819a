//! Random rules and users, as text and snapshots that can be laid at any day.

use std::{collections::BTreeMap, fmt::Write};

use courtesy::{
    Snapshot,
    snapshot::{Contact, Datum, Event},
    time::{Instant, Zone},
};
use proptest::{prelude::*, sample::select};

use crate::policy::{Policy, policies};

/// 2026-03-16, a Monday, thirteen days before clocks change in Europe.
const START: i64 = 1_773_619_200;

/// How much of the calendar something looks at, and so what it can be shifted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Looks {
    /// Days only: any whole number of days.
    Days,
    /// Weekdays and weeks too: whole weeks.
    Weeks,
    /// Months, years and leap days too: 28 years, in which they all come round.
    Years,
}

use Looks::{Days, Weeks, Years};

pub fn pick(list: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    select(list)
}

/// Those of a list that look at no more than that.
pub fn of<T: Copy + std::fmt::Debug + 'static>(
    list: &[(Looks, T)],
    most: Looks,
) -> impl Strategy<Value = T> + use<T> {
    let list: Vec<T> = list.iter().filter(|(looks, _)| *looks <= most).map(|(_, what)| *what).collect();
    select(list)
}

/// What makes a rule due. `{n}` is the date `n` days after the start.
const TRIGGERS: &[(Looks, &str)] = &[
    (Days, "if no visit in 2 days"),
    (Days, "if visit in 5 days and no order in 1 day"),
    (Days, "if tier is gold"),
    (Days, "if days since last order >= 3"),
    (Days, "if at least 2 visits in 30 hours"),
    (Days, "if total order amount in 4 days > 9 or order today"),
    (Days, "if hours since last visit >= 30 and last order amount < 5"),
    (Days, "if order since {-3} and today is before {6}"),
    (Days, "if joined is known and days since joined < 9"),
    (Days, "on visit if tier is gold"),
    (Days, "on order where amount > 5"),
    (Days, "every day at 02:30"),
    (Days, "every 3 days since joined"),
    (Days, "every 2 weeks from {-9}"),
    (Days, "on {4} at 10:00"),
    (Days, "2 days before joined once"),
    (Days, "cron \"30 9,17 * * *\" if no visit in 1 day"),
    (Weeks, "if visit this week"),
    (Weeks, "if today is saturday or today is sunday"),
    (Weeks, "every monday, thursday"),
    (Weeks, "every weekday at 08:00 if no order in 2 days"),
    (Weeks, "cron \"0 7 * * TUE-THU\""),
    (Years, "if no visit in 1 month and ordered before"),
    (Years, "if order this month and months since joined >= 2"),
    (Years, "if years since joined >= 1 and visit this year"),
    (Years, "on joined"),
    (Years, "5 days before joined at 09:00"),
    (Years, "every month on 3, 17 if points > 5"),
    (Years, "every month on last day"),
    (Years, "every 6 months since joined"),
    (Years, "every year on 03-20"),
    (Years, "cron \"0 7 1,18 * FRI\""),
];

/// Those that look at contacts: what is placed may change what is due.
pub const FEEDBACK: &[&str] = &[
    "if no contact in 3 days",
    "if at least 1 promo in 2 days",
    "if fewer than 2 care in 4 days and visit in 20 days",
    "on visit if no sms in 2 days",
    "every day if no promo in 3 days",
];

/// Everything of a rule but its name.
pub fn rule(looks: Looks) -> impl Strategy<Value = String> {
    rule_due_by(of(TRIGGERS, looks))
}

/// A rule that may look at contacts.
pub fn any_rule() -> impl Strategy<Value = String> {
    prop_oneof![3 => rule(Years), 1 => rule_due_by(select(FEEDBACK))]
}

fn rule_due_by(trigger: impl Strategy<Value = &'static str>) -> impl Strategy<Value = String> {
    let step = (
        pick(&["", "after 6 hours ", "after 1 day ", "after 3 days at 18:00 "]),
        pick(&["a", "b", "c", "d", "one of a 40%, b 40% as \"test\""]),
        pick(&["", " via sms", " via push or email", " via sms or push", " via push and sms"]),
        pick(&["", "", " unless order", " unless visit today"]),
    );
    let clauses = (
        pick(&["", "  at 10:00\n", "  between 08:00 and 11:00\n", "  after 5 hours\n"]),
        pick(&["", "  within 2 days\n", "  within 30 hours\n"]),
        pick(&["", "  priority 80\n", "  priority points\n", "  priority 20\n"]),
        pick(&["", "", "", "  ignoring caps\n", "  not counted\n", "  even in quiet hours\n"]),
        pick(&["", "", "", "  if blocked drop\n", "  if blocked stop\n"]),
        pick(&["", "", "  at most 1 time in 4 days\n", "  at most 2 times\n"]),
        pick(&["", "", "  again after 3 days\n", "  again after 20 hours\n"]),
    );
    (trigger, prop::collection::vec(step, 1..4), clauses).prop_map(
        |(trigger, steps, (time, deadline, priority, flag, blocked, times, again))| {
            let again = if trigger.starts_with("if") { again } else { "" };
            let time = if trigger.contains(" at ") || trigger.starts_with("cron") { "" } else { time };
            let mut text = format!("  {trigger}\n");
            for (index, (delay, message, via, unless)) in steps.into_iter().enumerate() {
                // Where beginnings are counted, no later step may send what the first one does.
                let message = match (times, index, message) {
                    ("", ..) => message,
                    (_, 0, "d") => "a",
                    (_, 0, _) => message,
                    _ => "d",
                };
                let _ = writeln!(text, "  then {delay}send {message}{via}{unless}");
            }
            text + time + deadline + priority + flag + blocked + times + again
        },
    )
}

/// A rule file and a user.
#[derive(Debug, Clone)]
pub struct World {
    pub policies: Vec<Policy>,
    pub rules: Vec<String>,
    pub person: Person,
}

const DECLARED: &str = "time zone \"UTC\"\nchannel push\nchannel sms needs consent\nchannel email\n\
    message a: promo\nmessage b: promo, care\nmessage c: care\nmessage d: service\n\
    attribute tier: text\nattribute points: number\nattribute joined: date\n\
    event visit\nevent order: amount number\n";

impl World {
    /// The rule file, laid that many days later.
    pub fn text(&self, days: i64) -> String {
        let mut text = DECLARED.to_owned();
        for policy in &self.policies {
            text.push_str(&policy.text());
        }
        for (index, rule) in self.rules.iter().enumerate() {
            let _ = write!(text, "rule r{index}\n{rule}");
        }
        dated(&text, days)
    }

    pub fn user(&self) -> Snapshot {
        self.person.snapshot(0)
    }

    pub fn now(&self) -> Instant {
        self.person.at(self.person.now, 0)
    }
}

/// With `{n}` replaced by the date that many days after the start, and `days` later.
fn dated(text: &str, days: i64) -> String {
    let mut parts = text.split('{');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (number, rest) = part.split_once('}').unwrap();
        let _ = write!(out, "{}{rest}", date(number.parse::<i64>().unwrap() + days));
    }
    out
}

fn date(days: i64) -> courtesy::time::Date {
    let utc = Zone::named("UTC").unwrap();
    utc.date(Instant::from_seconds(START + days * 86_400))
}

/// A user, by minutes from the start on the clock of their zone.
#[derive(Debug, Clone)]
pub struct Person {
    pub id: String,
    pub zone: &'static str,
    pub now: i64,
    tier: &'static str,
    points: i64,
    joined: i64,
    pub consent: BTreeMap<&'static str, bool>,
    pub addresses: Option<Vec<&'static str>>,
    pub events: Vec<(&'static str, i64, i64)>,
    pub contacts: Vec<(&'static str, &'static str, &'static str, i64)>,
}

impl Person {
    /// The instant at which clocks first show that many minutes after the start, laid `days` later.
    pub fn at(&self, minutes: i64, days: i64) -> Instant {
        let (zone, utc) = (Zone::named(self.zone).unwrap(), Zone::named("UTC").unwrap());
        zone.instant(utc.civil(Instant::from_seconds(START + days * 86_400 + minutes * 60)))
    }

    /// What is known of them, laid `days` later.
    pub fn snapshot(&self, days: i64) -> Snapshot {
        let mut user = Snapshot::new(&*self.id)
            .timezone(self.zone)
            .attribute("tier", self.tier)
            .attribute("points", self.points)
            .attribute("joined", date(self.joined + days).to_string());
        for (channel, given) in &self.consent {
            user = user.consent(*channel, *given);
        }
        user.addresses = self.addresses.as_ref().map(|channels| {
            channels.iter().map(|channel| ((*channel).to_owned(), Datum::YesNo(true))).collect()
        });
        for (index, (kind, minutes, amount)) in self.events.iter().enumerate() {
            user.events.push(Event {
                kind: (*kind).into(),
                at: self.at(*minutes, days),
                id: Some(format!("e{index}")),
                fields: BTreeMap::from([("amount".into(), Datum::Whole(*amount))]),
            });
        }
        for (message, channel, rule, minutes) in &self.contacts {
            user.contacts.push(Contact {
                at: self.at(*minutes, days),
                channel: Some((*channel).into()),
                message: Some((*message).into()),
                categories: None,
                rule: (!rule.is_empty()).then(|| (*rule).into()),
                touch_id: None,
            });
        }
        user
    }
}

/// Zones without a change of clocks for a century around the start.
pub const STEADY: &[&str] = &["UTC", "Asia/Kolkata", "Asia/Tokyo", "America/Phoenix", "Pacific/Honolulu"];
/// Zones in which clocks change soon after the start, or not at all.
pub const ANY: &[&str] = &["UTC", "Europe/Berlin", "Asia/Shanghai", "America/New_York", "Europe/London"];

pub fn person(zones: &'static [&'static str]) -> impl Strategy<Value = Person> {
    let event = (pick(&["visit", "order"]), -12_000..0i64, 0..10i64);
    let contact =
        (pick(&["a", "b", "c", "d"]), pick(&["push", "sms", "email"]), pick(&["", "r0"]), -12_000..0i64);
    let consent = (proptest::option::of(any::<bool>()), proptest::option::weighted(0.3, any::<bool>()))
        .prop_map(|(sms, push)| {
            let said = [("sms", sms), ("push", push)].into_iter();
            said.filter_map(|(channel, given)| Some((channel, given?))).collect()
        });
    let addresses =
        proptest::option::weighted(0.3, proptest::sample::subsequence(vec!["push", "sms", "email"], 0..=3));
    (
        pick(&["u1", "u2", "u3", "u4"]),
        pick(zones),
        0..2_880i64,
        (pick(&["gold", "silver"]), 0..100i64, prop_oneof![-800..12i64, Just(-746i64)]),
        consent,
        addresses,
        prop::collection::vec(event, 0..6),
        prop::collection::vec(contact, 0..5),
    )
        .prop_map(
            |(id, zone, now, (tier, points, joined), consent, addresses, mut events, mut contacts)| {
                events.sort_unstable();
                events.dedup_by_key(|event| (event.0, event.1));
                contacts.sort_unstable_by_key(|contact| contact.3);
                contacts.dedup_by_key(|contact| contact.3);
                let id = id.to_owned();
                Person { id, zone, now, tier, points, joined, consent, addresses, events, contacts }
            },
        )
}

/// Rules that look at no more of the calendar than that, and never at contacts.
pub fn world(looks: Looks, zones: &'static [&'static str]) -> impl Strategy<Value = World> {
    (policies(looks), prop::collection::vec(rule(looks), 1..5), person(zones))
        .prop_map(|(policies, rules, person)| World { policies, rules, person })
}

/// Any rules.
pub fn any_world() -> impl Strategy<Value = World> {
    (policies(Years), prop::collection::vec(any_rule(), 1..5), person(ANY))
        .prop_map(|(policies, rules, person)| World { policies, rules, person })
}
