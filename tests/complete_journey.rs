//! Real households (`completejourney`), when the data is at hand: facts that were worked out independently are
//! replayed through the engine.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod shared;

use std::{collections::BTreeMap, path::Path, process::Command};

use courtesy::{
    Horizon, Rules,
    plan::Reason,
    snapshot::{Contact, Event, Snapshot},
    time::{Date, DateTime, Instant, Period, Unit, Zone},
};

fn new_york() -> Zone {
    Zone::named("America/New_York").unwrap()
}

/// The mailings of each household: by date, how many began on it.
fn mailings(text: &str) -> BTreeMap<String, BTreeMap<Date, u32>> {
    let mut households: BTreeMap<String, BTreeMap<Date, u32>> = BTreeMap::new();
    for row in csv::Reader::from_reader(text.as_bytes()).records() {
        let row = row.unwrap();
        let date: Date = row[3].parse().unwrap();
        *households.entry(row[0].to_string()).or_default().entry(date).or_default() += 1;
    }
    households
}

/// How many mailings the engine keeps when each is asked for on its day and dropped if a cap is full.
fn kept(text: &str, cap: &str) -> usize {
    let rules = Rules::compile(&format!(
        r#"
        time zone "America/New_York"
        event campaign
        channel mail
        message letter
        {cap}
        rule mailing on campaign then send letter via mail within 1 hour if blocked drop
        "#
    ))
    .unwrap();
    let zone = new_york();
    let mut kept = 0;
    for (household, dates) in mailings(text) {
        let mut user = Snapshot::new(household);
        for (date, count) in dates {
            let now = zone.start_of_day(date);
            user.events.clear();
            for n in 0..count {
                user.events.push(Event {
                    kind: "campaign".into(),
                    at: now,
                    id: Some(format!("{date} {n}")),
                    fields: BTreeMap::new(),
                });
            }
            let plan = rules.plan(&user, now, Horizon::from(Period::new(1, Unit::Hour))).unwrap();
            for touch in plan.touches() {
                kept += 1;
                user.contacts.push(Contact {
                    at: touch.at,
                    channel: Some(touch.channel.to_string()),
                    message: Some(touch.candidate.message.to_string()),
                    categories: None,
                    rule: Some(touch.candidate.rule.to_string()),
                    touch_id: Some(touch.candidate.id.to_string()),
                });
            }
        }
    }
    kept
}

#[test]
fn caps_keep_as_many_mailings_as_an_independent_count() {
    let Some(text) = shared::data("completejourney/contacts.csv") else { return };
    for (cap, expected) in [
        ("at most 1 touch in 30 days", 5_010),
        ("at most 2 touches in 30 days", 6_490),
        ("at most 1 touch in 7 days", 6_552),
        ("at most 3 touches in 90 days", 6_203),
    ] {
        assert_eq!(kept(&text, cap), expected, "{cap}");
    }
}

#[test]
fn quiet_hours_hold_up_as_many_receipts_as_an_independent_count() {
    let Some(text) = shared::data("completejourney/purchases.csv") else { return };
    let rules = Rules::compile(
        r#"
        time zone "America/New_York"
        event purchase
        channel push
        message receipt
        quiet hours 21:00 to 08:00 for push
        rule receipt on purchase then send receipt via push within 1 day
        "#,
    )
    .unwrap();
    let utc = Zone::utc();
    let (mut moved, mut at_once) = (0, 0);
    for row in csv::Reader::from_reader(text.as_bytes()).records() {
        let row = row.unwrap();
        let civil: DateTime = row[2].replace(' ', "T").parse().unwrap();
        let at: Instant = utc.instant(civil);
        let user = Snapshot::new(&row[0]).event("purchase", at);
        let plan = rules.plan(&user, at, Horizon::days(1)).unwrap();
        let [touch] = plan.touches() else { panic!("one touch for {row:?}") };
        match touch.moved_by.as_slice() {
            [] => at_once += 1,
            [one] if one.reason == Reason::QuietHours => moved += 1,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((moved, at_once), (7_796, 75_000 - 7_796));
}

/// Plans all households straight from the tables; with `more` contacts.
fn plan_households(out: &Path, more: Option<&Path>) -> Option<String> {
    let table =
        |name: &str| Some(shared::path(&format!("completejourney/{name}.csv"))?.display().to_string());
    let rules = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/complete_journey/rules.touch");
    let mut command = Command::new(env!("CARGO_BIN_EXE_courtesy"));
    command.args(["plan", rules, "--now", "2017-12-31T12:00:00Z", "--for", "30d", "--times-in", "UTC"]);
    command.args(["--users", &table("users")?, "--users-columns", "id=household_id"]);
    for (name, columns) in [
        ("purchases", "user=household_id,at=at_utc,type=:purchase"),
        ("redemptions", "user=household_id,at=redemption_date,type=:redemption"),
    ] {
        command.args(["--events", &table(name)?, "--events-columns", columns]);
    }
    let columns = "user=household_id,at=start_date,message=:mailing,channel=:mail";
    command.args(["--contacts", &table("contacts")?, "--contacts-columns", columns]);
    if let Some(path) = more {
        command.arg("--contacts").arg(path);
    }
    let output = command.args(["--format", "csv", "--out"]).arg(out).output().unwrap();
    let summary = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{summary}");
    Some(summary)
}

#[test]
fn all_households_are_planned_in_one_command_and_not_a_second_time() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (folder.path().join("first.csv"), folder.path().join("second.csv"));
    let Some(summary) = plan_households(&first, None) else { return };
    assert!(summary.starts_with("2,379 users: 3,969 touches, 793 withheld, 0 rejected"), "{summary}");
    let Some(summary) = plan_households(&second, Some(&first)) else { return };
    assert!(summary.starts_with("2,379 users: 0 touches,"), "{summary}");
}
