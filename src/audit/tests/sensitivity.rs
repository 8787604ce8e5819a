//! Whatever a random schedule breaks is found, and nothing else: every limit is looked at anew, in the dumbest way.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::{audited, compiled};
use crate::{
    Snapshot,
    audit::{BreachCode, Scheduled},
    snapshot::Contact,
    time::{Instant, Period, Unit, Zone},
};

/// 2026-10-20T00:00:00Z, some days before clocks go back in Berlin and New York.
const START: i64 = 1_792_454_400;

const DECLARED: &str = "channel push, email\nchannel sms needs consent\nmessage a: promo\nmessage b: promo, care\n\
                        message c: care\nmessage d: service\n";

/// What a cap or a gap is about.
const KINDS: &[&str] = &["touch", "promo", "care", "sms", "push", "a"];

const PERIODS: &[Period] = &[
    Period::new(5, Unit::Hour),
    Period::new(30, Unit::Hour),
    Period::new(1, Unit::Day),
    Period::new(3, Unit::Day),
    Period::new(1, Unit::Week),
    Period::new(1, Unit::Month),
];

/// When, over which channel, with which message; and whether it is of the schedule.
type Sent = (Instant, &'static str, &'static str, bool);

#[derive(Debug, Clone)]
enum Limit {
    /// At most so many of a kind, in a period or a calendar day.
    Cap(usize, &'static str, Option<Period>),
    Gap(Period, &'static str, &'static str),
    Quiet(&'static str),
}

fn is(kind: &str, (_, channel, message, _): &Sent) -> bool {
    match kind {
        "touch" => true,
        "promo" => ["a", "b"].contains(message),
        "care" => ["b", "c"].contains(message),
        kind => kind == *channel || kind == *message,
    }
}

impl Limit {
    fn text(&self) -> String {
        match self {
            Self::Cap(most, kind, Some(period)) => format!("at most {most} {kind} in {period}"),
            Self::Cap(most, kind, None) => format!("at most {most} {kind} per day"),
            Self::Gap(period, one, other) => format!("at least {period} between {one} and {other}"),
            Self::Quiet(channel) => format!("quiet hours 21:00 to 09:00 for {channel}"),
        }
    }

    /// Whether a touch breaks it, given all that is sent.
    fn is_broken(&self, touch: &Sent, all: &[Sent], zone: &Zone) -> Option<BreachCode> {
        let (at, channel, ..) = *touch;
        match self {
            Self::Cap(most, kind, period) => {
                let counts = |other: &&Sent| {
                    let within = match period {
                        Some(period) => at < zone.add(other.0, *period),
                        None => zone.date(other.0) == zone.date(at),
                    };
                    is(kind, other) && other.0 <= at && within
                };
                (is(kind, touch) && all.iter().filter(counts).count() > *most).then_some(BreachCode::Cap)
            }
            Self::Gap(period, one, other) => {
                let is_close = |earlier: &Sent| {
                    let kinds = is(one, earlier) && is(other, touch) || is(other, earlier) && is(one, touch);
                    kinds && earlier.0 < at && at < zone.add(earlier.0, *period)
                };
                all.iter().any(is_close).then_some(BreachCode::Gap)
            }
            Self::Quiet(quiet) => {
                let hour = zone.civil(at).hour();
                (channel == *quiet && !(9..21).contains(&hour)).then_some(BreachCode::QuietHours)
            }
        }
    }
}

fn pick<T: Copy + std::fmt::Debug + 'static>(list: &'static [T]) -> impl Strategy<Value = T> {
    proptest::sample::select(list)
}

fn limit() -> impl Strategy<Value = Limit> {
    prop_oneof![
        4 => (1..4_usize, pick(KINDS), proptest::option::of(pick(PERIODS)))
            .prop_map(|(most, kind, period)| Limit::Cap(most, kind, period)),
        3 => (pick(PERIODS), pick(KINDS), pick(KINDS)).prop_map(|(period, one, other)| Limit::Gap(period, one, other)),
        1 => pick(&["push", "sms"]).prop_map(Limit::Quiet),
    ]
}

/// Minutes from the start, a channel and a message.
fn sent(minutes: std::ops::Range<i64>) -> impl Strategy<Value = (i64, &'static str, &'static str)> {
    (minutes, pick(&["push", "email", "sms"]), pick(&["a", "b", "c", "d"]))
}

proptest! {
    #[test]
    fn what_breaks_a_limit_is_blamed_and_nothing_else(
        limits in prop::collection::vec(limit(), 1..4),
        zone in pick(&["Europe/Berlin", "America/New_York", "Asia/Shanghai", "Asia/Beirut", "Australia/Lord_Howe"]),
        consent in any::<bool>(),
        history in prop::collection::vec(sent(-9_000..0), 0..5),
        schedule in prop::collection::vec(sent(0..14_400), 0..9),
    ) {
        let limits: Vec<Limit> = limits
            .into_iter()
            .map(|limit| match limit {
                // The same kind twice is said once.
                Limit::Gap(period, one, other) if one == other => Limit::Gap(period, one, "touch"),
                limit => limit,
            })
            .collect();
        let text: Vec<String> = limits.iter().map(Limit::text).collect();
        let rules = compiled(&format!("{DECLARED}{}\n", text.join("\n")));
        let zone = Zone::named(zone).unwrap();
        let mut user = Snapshot::new("u").timezone(zone.name()).consent("sms", consent);
        let at = |minutes: i64| Instant::from_seconds(START + minutes * 60);
        // Each at a time of its own: of two at one instant either may be the later one.
        let mut taken = BTreeSet::new();
        let (mut all, mut touches): (Vec<Sent>, Vec<Scheduled>) = (Vec::new(), Vec::new());
        for (minutes, channel, message) in history.into_iter().filter(|one| taken.insert(one.0)) {
            all.push((at(minutes), channel, message, false));
            user = user.contact(Contact {
                at: at(minutes),
                channel: Some(channel.into()),
                message: Some(message.into()),
                categories: None,
                rule: None,
                touch_id: None,
            });
        }
        let mut taken = BTreeSet::new();
        for (minutes, channel, message) in schedule.into_iter().filter(|one| taken.insert(one.0)) {
            all.push((at(minutes), channel, message, true));
            touches.push(Scheduled::new(at(minutes), channel, message));
        }
        let mut expected: BTreeSet<(Instant, BreachCode)> = BTreeSet::new();
        for touch in all.iter().filter(|one| one.3) {
            expected.extend(limits.iter().filter_map(|limit| limit.is_broken(touch, &all, &zone)).map(|code| (touch.0, code)));
            if touch.1 == "sms" && !consent {
                expected.insert((touch.0, BreachCode::OptedOut));
            }
        }
        let report = audited(&rules, &user, &touches, Some(&at(0).to_string()));
        let found: BTreeSet<(Instant, BreachCode)> =
            report.breaches.iter().map(|breach| (breach.touch.at, breach.code)).collect();
        prop_assert_eq!(found, expected, "{}\n{:#?}\n{}", text.join("\n"), all, report);
    }
}
