//! Every plan is clean.

use std::fmt::Write;

use proptest::prelude::*;

use super::{audited, compiled};
use crate::{Horizon, Snapshot, audit::Scheduled, snapshot::Contact, time::Instant};

/// 2026-10-20T00:00:00Z, some days before clocks go back in Berlin and New York.
const START: i64 = 1_792_454_400;

fn instant(minutes: i64) -> Instant {
    Instant::from_seconds(START + minutes * 60)
}

fn pick(list: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    proptest::sample::select(list)
}

fn policies() -> impl Strategy<Value = String> {
    let cap = (
        1..4u32,
        pick(&["touch", "promo", "care", "sms", "a", "r0"]),
        pick(&["in 1 day", "in 3 days", "in 30 hours", "in 1 month", "per day", "per week", "per month"]),
        pick(&[
            "",
            "",
            ", 3 if tier is gold",
            " if order in 3 days",
            ", 2 if today is a weekday",
            " from 2026-10-24",
        ]),
    )
        .prop_map(|(limit, what, window, rest)| format!("at most {limit} {what} {window}{rest}\n"));
    let gap = (
        pick(&["5 hours", "1 day", "2 days", "1 month"]),
        pick(&["touch", "promo", "care and promo", "sms and push", "a and r1"]),
        pick(&["", "", " until 2026-10-25", " if today is a weekday"]),
    )
        .prop_map(|(period, what, rest)| format!("at least {period} between {what}{rest}\n"));
    let hours = pick(&[
        "quiet hours 21:00 to 09:00\n",
        "quiet hours 02:30 to 02:00 on sunday\n",
        "quiet hours 22:00 to 07:30 on fridays, saturdays for push if tier is gold\n",
        "quiet hours 01:00 to 02:30 from 2026-10-25 until 2026-10-25\n",
        "contact hours 10:00 to 18:00 on weekdays for sms\ncontact hours 20:00 to 03:00 on saturday for sms\n",
        "contact hours 08:00 to 12:00 for push, sms until 2026-10-26\n",
    ])
    .prop_map(str::to_owned);
    prop::collection::vec(prop_oneof![3 => cap, 2 => gap, 1 => hours], 0..5).prop_map(|all| {
        let mut all: Vec<String> = all;
        all.dedup();
        all.concat()
    })
}

fn rule() -> impl Strategy<Value = String> {
    let trigger = pick(&[
        "if no visit in 2 days",
        "if tier is gold",
        "if visit this week",
        "if no contact in 20 hours",
        "on visit if tier is gold",
        "on order within 3 days",
        "every day at 02:30",
        "every monday, saturday",
    ]);
    let step = (
        pick(&["", "after 6 hours ", "after 1 day "]),
        pick(&["a", "b", "c", "d"]),
        pick(&["", " via sms", " via push or email", " via push and sms"]),
    );
    let clauses = (
        pick(&["", "", "  at 10:00\n"]),
        pick(&["", "  priority 80\n", "  priority points\n", "  priority 20\n"]),
        pick(&[
            "",
            "",
            "  ignoring caps\n",
            "  not counted\n",
            "  even in quiet hours\n",
            "  ignoring caps not counted\n",
        ]),
        pick(&["", "", "  at most 1 time in 4 days\n", "  at most 2 times\n"]),
        pick(&["", "  again after 1 day\n"]),
    );
    (trigger, prop::collection::vec(step, 1..3), clauses).prop_map(
        |(trigger, steps, (at, priority, flag, times, again))| {
            let at = if trigger.contains(" at ") { "" } else { at };
            let again = if trigger.starts_with("if") { again } else { "" };
            let mut text = format!("  {trigger}\n");
            for (index, (delay, message, via)) in steps.into_iter().enumerate() {
                // Where beginnings are counted, no later step may send what the first one does.
                let message = match (times, index, message) {
                    ("", ..) => message,
                    (_, 0, "d") => "a",
                    (_, 0, _) => message,
                    _ => "d",
                };
                let _ = writeln!(text, "  then {delay}send {message}{via}");
            }
            text + at + priority + flag + times + again
        },
    )
}

fn rules() -> impl Strategy<Value = String> {
    let rules = prop::collection::vec(rule(), 2..5);
    let hold_out = pick(&["", "", "hold out 50% as \"x\"\n"]);
    (policies(), hold_out, rules).prop_map(|(policies, hold_out, rules)| {
        let mut text =
            "channel push, email\nchannel sms needs consent\nmessage a: promo\nmessage b: promo, care\n\
                        message c: care\nmessage d: service\nattribute tier: text\nattribute points: number\n\
                        event visit, order\n"
                .replace("event visit, order", "event visit\nevent order")
                + &policies
                + hold_out;
        for (index, rule) in rules.iter().enumerate() {
            let _ = write!(text, "rule r{index}\n{rule}");
        }
        text
    })
}

fn user() -> impl Strategy<Value = Snapshot> {
    let event = (pick(&["visit", "order"]), -9_000..0i64);
    let contact =
        (pick(&["a", "b", "c", "d"]), pick(&["push", "sms", "email"]), pick(&["", "r0", "r1"]), -9_000..0i64);
    (
        pick(&["u1", "u2", "u3"]),
        pick(&["Europe/Berlin", "Asia/Shanghai", "America/New_York", "Asia/Beirut"]),
        (pick(&["gold", "silver"]), 0..100i64),
        pick(&["", "sms", "push"]),
        prop::collection::vec(event, 0..5),
        prop::collection::vec(contact, 0..5),
    )
        .prop_map(|(id, zone, (tier, points), consent, events, contacts)| {
            let mut user =
                Snapshot::new(id).timezone(zone).attribute("tier", tier).attribute("points", points);
            if !consent.is_empty() {
                user = user.consent(consent, consent == "sms");
            }
            for (kind, minutes) in events {
                user = user.event(kind, instant(minutes));
            }
            for (message, channel, rule, minutes) in contacts {
                let name = |text: &str| (!text.is_empty()).then(|| text.to_owned());
                user = user.contact(Contact {
                    at: instant(minutes),
                    channel: name(channel),
                    message: name(message),
                    categories: None,
                    rule: name(rule),
                    touch_id: None,
                });
            }
            user
        })
}

/// Few cases by default, for each is a whole program; `PROPTEST_CASES` asks for more.
fn config() -> ProptestConfig {
    let cases = std::env::var_os("PROPTEST_CASES").map_or(64, |_| ProptestConfig::default().cases);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn every_plan_is_clean(rules in rules(), user in user(), minutes in 0..1_440i64) {
        let compiled = compiled(&rules);
        let now = instant(minutes);
        let plan = compiled.plan(&user, now, Horizon::days(12)).unwrap();
        let touches: Vec<Scheduled> = plan.touches().iter().map(Scheduled::from).collect();
        let report = audited(&compiled, &user, &touches, Some(&now.to_string()));
        prop_assert!(report.is_clean(), "{rules}\n{user:#?}\n{plan}\n{report}");
        // Nor is it known otherwise when it was planned.
        let report = audited(&compiled, &user, &touches, None);
        prop_assert!(report.is_clean(), "without now:\n{rules}\n{user:#?}\n{plan}\n{report}");
    }
}
