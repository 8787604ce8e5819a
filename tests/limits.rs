//! Hostile input: every limit has a clear error, and what is within the limits comes to an end.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

use std::time::{Duration, Instant as Clock};

use courtesy::{
    Horizon, Plan, Rules, Snapshot,
    plan::Reason,
    snapshot::{Contact, Datum, Event},
    time::Instant,
};

fn now() -> Instant {
    "2026-03-01T01:00:00Z".parse().unwrap()
}

fn minutes_ago(count: i64) -> Instant {
    now().plus_micros(-60_000_000 * count)
}

fn rules(text: &str) -> Rules {
    Rules::compile(text).unwrap_or_else(|found| panic!("{found}"))
}

/// Does it within a time that only something without bounds would take, however slow the machine.
fn bounded<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let start = Clock::now();
    let result = work();
    let took = start.elapsed();
    println!("{what}: {took:?}");
    assert!(took < Duration::from_secs(120), "{what} took {took:?}");
    result
}

/// The withheld touches that stand for all that was left out.
fn left_out(plan: &Plan) -> Vec<&str> {
    let is = |reason: Reason| move |blocker: &courtesy::plan::Blocker| blocker.reason == reason;
    let withheld = plan.withheld.iter().filter(|one| one.reasons.iter().any(is(Reason::TooMany)));
    withheld.map(|one| &*one.candidate.rule).collect()
}

const MOST: usize = 2_000;

#[test]
fn a_rule_that_comes_up_too_often_says_so() {
    let year = Horizon::days(365);
    for text in [
        "rule often every 1 minute from 2026-01-01 then send x",
        "rule often if order then send x again after 1 minute",
        "rule often cron \"* * * * *\" then send x",
        "rule often if no contact in 1 hour then send x",
        "rule often on order within 1000 days then send x",
        "rule often every 1 minute from 1990-01-01 then send x within 40 years",
        "at most 3 touches per day\nquiet hours 10:00 to 09:00\nrule often every 1 minute from 2026-01-01 then send x",
    ] {
        let rules = rules(&format!(
            "time zone \"UTC\"\nevent order\n{text}\nrule other every day at 10:00 then send y priority 1"
        ));
        let mut user = Snapshot::new("u");
        for index in 0..5_000 {
            user = user.event("order", minutes_ago(index));
        }
        let plan = bounded(text, || rules.plan(&user, now(), year).unwrap());
        assert_eq!(left_out(&plan), ["often"], "{text}");
        let of = |rule: &str| {
            let touches = plan.touches.iter().map(|touch| &touch.candidate);
            let all = touches.chain(plan.withheld.iter().map(|withheld| &withheld.candidate));
            all.filter(|candidate| &*candidate.rule == rule).count()
        };
        assert_eq!(of("often"), MOST + 1, "{text}");
        assert!(of("other") >= 365, "{text}: the other rules are as they were");
    }
}

#[test]
fn what_a_filter_refuses_takes_no_turn_however_often_it_comes_up() {
    // Hundreds of thousands of minutes, and one touch in ten days or one in all.
    for (text, touches) in [
        ("every 1 minute from 2026-03-01 if no contact in 10 days", 36),
        ("cron \"*/10 * * * *\" if no contact in 10 days", 36),
        ("every 1 minute from 2020-01-01 if today is 2026-12-27 and no contact in 5 days", 1),
    ] {
        let rules = rules(&format!("time zone \"UTC\"\nrule often {text} then send x"));
        let plan = bounded(text, || rules.plan(&Snapshot::new("u"), now(), Horizon::days(360)).unwrap());
        assert_eq!(plan.touches.len(), touches, "{text}");
        assert_eq!(left_out(&plan), [""; 0], "{text}");
    }
}

#[test]
fn a_filter_that_hardly_ever_holds_is_leapt_over() {
    let mut text = String::from("time zone \"UTC\"\n");
    for index in 0..100 {
        let every = ["every 1 minute from 2020-01-01", "cron \"* * * * *\""][index % 2];
        text += &format!("rule r{index} {every} if today is 2031-02-{:02} then send x\n", 1 + index % 27);
    }
    let rules = rules(&text);
    let plan = bounded("five years of minutes", || {
        rules.plan(&Snapshot::new("u"), now(), Horizon::days(5 * 365)).unwrap()
    });
    // The minutes of a day each.
    assert_eq!(plan.touches.len(), 100 * 1_440);
}

#[test]
fn many_rules_over_contacts_come_to_an_end() {
    let mut text = String::from("time zone \"UTC\"\nattribute vip: yes or no\n");
    for index in 0..8 {
        text += &format!(
            "message m{index}\nrule r{index} if vip and no m{index} in 1 day then send m{index} again after 1 day\n"
        );
    }
    let rules = rules(&text);
    let user = Snapshot::new("u").attribute("vip", true);
    let plan = bounded("8 rules", || rules.plan(&user, now(), Horizon::days(365)).unwrap());
    assert_eq!(plan.touches.len(), 8 * 365);
}

#[test]
fn a_rule_may_come_up_every_day_for_years() {
    let rules = rules("time zone \"UTC\"\nrule daily every day at 10:00 then send x");
    let plan = bounded("daily", || rules.plan(&Snapshot::new("u"), now(), Horizon::days(100_000)).unwrap());
    assert_eq!(plan.touches.len(), 5 * 365 + 1);
    assert_eq!(plan.end, "2031-03-01T01:00:00Z".parse().unwrap(), "five years, and no more");
    assert_eq!(left_out(&plan), [""; 0]);
}

#[test]
fn plans_at_the_edges_of_the_calendar_come_to_an_end() {
    let text = "event order\nattribute day: date\nrule a every 1 week from 2026-01-01 then send x\nrule b on day then send x\n\
        rule c if days since last order > 3 then send x again after 1 year\nrule d 3 days before day then send x\n\
        quiet hours 21:00 to 09:00\nat most 1 touch per week\nat least 2 years between x";
    let rules = rules(text);
    for at in [
        "-009998-01-02T00:00:00Z",
        "0001-01-01T00:00:00Z",
        "9998-12-30T00:00:00Z",
        "9999-12-30T00:00:00Z",
        "9999-12-31T23:59:59.999999Z",
    ] {
        let at: Instant = at.parse().unwrap();
        for at in [at, Instant::MIN, Instant::MAX] {
            for zone in ["UTC", "Pacific/Kiritimati", "America/Santiago"] {
                let user =
                    Snapshot::new("u").timezone(zone).event("order", at).attribute("day", "9999-12-31");
                let plan = rules.plan(&user, at, Horizon::days(4_000_000_000)).unwrap();
                assert!(plan.end >= plan.now);
                let _ = (plan.to_string(), serde_json::to_string(&plan).unwrap());
            }
        }
    }
}

/// `9999-12-31` is how many systems write "never".
#[test]
fn the_last_day_of_the_calendar_is_far_away_in_every_zone() {
    let text = "attribute day: date\nattribute moment: date and time\n\
        rule far if days until day > 1000 and days until moment > 1000 then send far\n\
        rule near if days until day < 30 or hours until moment < 30 then send near\nrule on day then send near";
    let rules = rules(text);
    let now: Instant = "2026-03-01T10:00:00Z".parse().unwrap();
    for zone in ["UTC", "Asia/Shanghai", "America/New_York", "Pacific/Kiritimati", "Pacific/Pago_Pago"] {
        for moment in
            ["9999-12-31", "9999-12-31 23:59:59", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59.999+08:00"]
        {
            let user =
                Snapshot::new("u").timezone(zone).attribute("day", "9999-12-31").attribute("moment", moment);
            let plan = rules.plan(&user, now, Horizon::days(30)).unwrap();
            let messages: Vec<_> = plan.touches().iter().map(|touch| &*touch.candidate.message).collect();
            assert_eq!(messages, ["far"], "{zone} {moment}");
        }
    }
}

/// Each user of a file may bear another wrong name, of any length.
#[test]
fn names_of_zones_that_there_are_not_take_no_time() {
    let rules = rules("if no contact then send x");
    let now: Instant = "2026-03-01T10:00:00Z".parse().unwrap();
    let refused = |name: &str| rules.plan(&Snapshot::new("u").timezone(name), now, Horizon::days(1)).is_err();
    bounded("wrong zones", || {
        assert!((0..5_000).all(|number| refused(&format!("Beijing Standard Time {number}"))));
        assert!(refused(&"Asia/Shanghai".repeat(100_000)));
    });
}

#[test]
fn segments_cannot_grow_without_bounds() {
    let mut text = String::from("event order\nevent visit\nsegment s0: order in 3 days\n");
    for level in 1..=60 {
        let below = level - 1;
        text += &format!(
            "segment s{level}: s{below} and visit in {level} days or not s{below} and order in {level} days\n"
        );
    }
    let error =
        bounded("doubling", || Rules::compile(&(text + "if s60 then send x")).unwrap_err().to_string());
    assert!(error.contains("E409") && error.contains("more than 10000 parts"), "{error}");
}

#[test]
fn what_is_within_the_limits_is_planned_in_bounded_time() {
    // The largest that may stand: nearly 10,000 parts.
    let mut text = String::from("event order\nevent visit\nsegment s0: order in 3 days\n");
    for level in 1..=10 {
        let below = level - 1;
        text += &format!(
            "segment s{level}: s{below} and visit in {level} days or not s{below} and order in {level} days\n"
        );
    }
    let large = rules(&(text + "if s10 then send x"));
    let user = Snapshot::new("u").event("order", now()).event("visit", now());
    bounded("a large condition", || large.plan(&user, now(), Horizon::days(400)).unwrap());

    let mut text = String::from("time zone \"UTC\"\nevent order\nchannel push\nat most 2 touches per day\n");
    for index in 0..1_000 {
        let days = index % 300 + 1;
        text += &format!(
            "rule r{index} if no contact in 2 hours and no order in {days} days then send m{index}\n"
        );
    }
    let many = bounded("a thousand rules", || rules(&text));
    bounded("their plan", || many.plan(&user, now(), Horizon::days(30)).unwrap());
}

#[test]
fn a_user_has_so_many_events_and_contacts_and_no_more() {
    let rules = rules(
        "time zone \"UTC\"\nevent order: amount number\nat most 3 touches in 7 days\nif days since last order > 3 then send w\n\
         if at least 3 orders in 30 days then send x again after 10 days\nif no contact in 2 days then send z\n\
         rule a if order then send a then after 1 day send b",
    );
    let mut user = Snapshot::new("u");
    let event = Event { kind: "order".into(), at: now(), id: None, fields: Default::default() };
    user.events =
        (0..1_000_000).map(|index| Event { at: minutes_ago(index % 600_000), ..event.clone() }).collect();
    let contact = |index: i64| Contact {
        at: minutes_ago(index * 60),
        channel: None,
        message: Some("a".into()),
        categories: None,
        rule: Some("a".into()),
        touch_id: Some(format!("{index:032x}")),
    };
    user.contacts = (0..100_000).map(contact).collect();
    let bound = bounded("bind", || user.bind(rules.program()).unwrap());
    bounded("plan", || rules.planner().plan(&bound, now(), Horizon::days(30)));

    user.events.push(event);
    assert_eq!(user.bind(rules.program()).unwrap_err().to_string(), "events: there are more than 1000000");
    user.events.clear();
    user.contacts.push(contact(100_001));
    assert_eq!(user.bind(rules.program()).unwrap_err().to_string(), "contacts: there are more than 100000");
}

#[test]
fn what_changes_with_every_event_is_planned_in_bounded_time() {
    let rules = rules(
        "time zone \"Europe/Berlin\"\nevent order: amount number\n\
         if total order amount in 1 year >= 2000 then send sum\n\
         if largest order amount in 60 days >= 90 and average order amount in 30 days > 10 then send extremes\n\
         if at least 20 orders in 2 weeks then send count",
    );
    let mut user = Snapshot::new("u");
    let order = |index: i64| Event {
        kind: "order".into(),
        at: minutes_ago(index * 20),
        id: None,
        fields: [("amount".into(), Datum::Whole(index % 100))].into(),
    };
    user.events = (0..50_000).map(order).collect();
    let bound = user.bind(rules.program()).unwrap();
    let plan = bounded("plan", || rules.planner().plan(&bound, now(), Horizon::days(30)));
    assert_eq!(plan.touches.len(), 3);
}

/// Each window that a touch would stand in ends with another contact, and there are thousands.
#[test]
fn caps_over_what_is_to_come_are_kept_in_bounded_time() {
    let rules = rules(
        "time zone \"UTC\"\nat most 90000 touches in 1 year\nrule news every day at 10:00 then send news within 10 days",
    );
    let mut user = Snapshot::new("u");
    let contact = |index: i64| Contact {
        at: minutes_ago(-index),
        channel: Some("default".into()),
        message: Some("news".into()),
        categories: None,
        rule: None,
        touch_id: Some(format!("{index:032x}")),
    };
    user.contacts = (0..40_000).map(contact).collect();
    let bound = user.bind(rules.program()).unwrap();
    let plan = bounded("plan", || rules.planner().plan(&bound, now(), Horizon::days(3)));
    // Of today and of the nine days before, and two to come.
    assert_eq!(plan.touches.len(), 12);
}

/// All who ordered on the last days of January leave the month on 28 February, at whatever time of the day it was.
#[test]
fn those_who_leave_a_window_at_the_end_of_a_month_are_planned_in_bounded_time() {
    let rules = rules(
        "time zone \"UTC\"\nevent order: amount number\nif total order amount in 1 month >= 1 then send sum\n\
         if average order amount in 1 month >= 1 and at least 5000 orders in 1 month then send many",
    );
    let now: Instant = "2026-02-01T00:00:00Z".parse().unwrap();
    let mut user = Snapshot::new("u");
    let order = |index: i64| Event {
        kind: "order".into(),
        at: now.plus_micros(-8_000_000 * index),
        id: None,
        fields: [("amount".into(), Datum::Whole(1))].into(),
    };
    user.events = (0..20_000).map(order).collect();
    let bound = user.bind(rules.program()).unwrap();
    let plan = bounded("plan", || rules.planner().plan(&bound, now, Horizon::days(60)));
    assert_eq!(plan.touches.len(), 2);
}

#[test]
fn contacts_without_ids_are_claimed_in_bounded_time() {
    let rules = rules("time zone \"UTC\"\nevent order\nrule a on order then send x within 5 years");
    let mut user = Snapshot::new("u");
    for index in 0..40_000 {
        user = user.event("order", minutes_ago(index * 60 + 30));
    }
    let contact = |index: i64| Contact {
        at: minutes_ago(index * 60),
        channel: None,
        message: Some("x".into()),
        categories: None,
        rule: Some("a".into()),
        touch_id: None,
    };
    user.contacts = (0..40_000).map(contact).collect();
    let bound = user.bind(rules.program()).unwrap();
    let plan = bounded("plan", || rules.planner().plan(&bound, now(), Horizon::days(30)));
    assert_eq!((plan.touches.len(), plan.withheld.len()), (0, 0), "all were sent");
}

#[test]
fn what_is_most_common_is_found_in_bounded_time() {
    let rules = rules(
        "time zone \"UTC\"\nevent order: category text\n\
         if most common order category in 1 year is \"c7\" then send x again after 1 day within 1 hour",
    );
    let mut user = Snapshot::new("u");
    let order = |index: i64| Event {
        kind: "order".into(),
        at: minutes_ago(index * 20),
        id: None,
        fields: [("category".into(), format!("c{}", index * index % 1_009).as_str().into())].into(),
    };
    user.events = (0..20_000).map(order).collect();
    let bound = user.bind(rules.program()).unwrap();
    let plan = bounded("plan", || rules.planner().plan(&bound, now(), Horizon::days(400)));
    assert!(!plan.touches.is_empty());
}

#[test]
fn ids_are_short_and_plain() {
    let rules = rules("time zone \"UTC\"\nevent order\non order then send x");
    let refused = |user: Snapshot| user.bind(rules.program()).unwrap_err().to_string();
    let long = "x".repeat(1_001);
    assert_eq!(refused(Snapshot::new("")), "id: a user needs an id, and this one is empty");
    assert_eq!(refused(Snapshot::new("a\u{1b}[2J")), "id: `a\\u{1b}[2J` has control characters");
    let cut = "x".repeat(60);
    assert_eq!(
        refused(Snapshot::new(&long)),
        format!("id: `{cut}…` is 1001 bytes long, and an id has 1000 at the most")
    );
    let mut user = Snapshot::new("u").event("order", now());
    for (id, what) in [("a\nb", "has control characters"), (long.as_str(), "is 1001 bytes long")] {
        user.events[0].id = Some(id.into());
        assert!(refused(user.clone()).contains(what));
    }
    user.events[0].id = Some(String::new());
    assert!(user.bind(rules.program()).is_ok(), "an empty id is none");
}

#[test]
fn numbers_that_are_none_are_refused() {
    let rules = rules("time zone \"UTC\"\nattribute points: number\nif points > 1 then send x");
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300, -1e13] {
        let user = Snapshot::new("u").attribute("points", Datum::Float(value));
        assert!(user.bind(rules.program()).is_err(), "{value}");
    }
    let user = Snapshot::new("u").attribute("points", Datum::Float(1e-300));
    assert!(user.bind(rules.program()).is_ok());
}

#[test]
fn what_lies_after_now_has_not_happened() {
    let rules =
        rules("time zone \"UTC\"\nevent order\nif order then send x\non order within 9 days then send y");
    let user = Snapshot::new("u").event("order", now().plus_micros(1)).event("order", Instant::MAX);
    let plan = rules.plan(&user, now(), Horizon::days(30)).unwrap();
    assert_eq!((plan.touches.len(), plan.withheld.len()), (0, 0));
}
