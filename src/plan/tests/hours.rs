//! Semantics 8.5: quiet hours and contact hours.

use insta::assert_snapshot;

use super::{again, scene};

const CART: &str = "rule abandoned on cart then send hello within 5 days";

fn cart(zone: &str, at: &str) -> String {
    format!(r#"{{"id": "u", "timezone": "{zone}", "events": [{{"type": "cart", "at": "{at}"}}]}}"#)
}

#[test]
fn quiet_hours_over_midnight_belong_to_the_day_they_begin_on() {
    let rules = &format!("quiet hours 21:00 to 09:00 on monday\n{CART}");
    let monday_morning = scene(rules, &cart("UTC", "2026-03-02T08:00:00Z"), "2026-03-02T08:00:00Z", 5);
    let monday_night = again(rules, &cart("UTC", "2026-03-02T21:00:00Z"), "2026-03-02T21:00:00Z", 5);
    let tuesday_morning = again(rules, &cart("UTC", "2026-03-03T08:59:59Z"), "2026-03-03T08:59:59Z", 5);
    let tuesday_at_nine = again(rules, &cart("UTC", "2026-03-03T09:00:00Z"), "2026-03-03T09:00:00Z", 5);
    let tuesday_night = again(rules, &cart("UTC", "2026-03-03T22:00:00Z"), "2026-03-03T22:00:00Z", 5);
    assert_snapshot!(monday_morning + &monday_night + &tuesday_morning + &tuesday_at_nine + &tuesday_night);
}

#[test]
fn quiet_hours_follow_the_clock_through_changes() {
    // Berlin: 02:30 is skipped on 29 March and comes twice on 25 October.
    let rules = &format!("quiet hours 22:00 to 02:30\n{CART}");
    let gap = "2026-03-28T22:00:00Z";
    let fold = "2026-10-24T21:00:00Z";
    let spring = scene(rules, &cart("Europe/Berlin", gap), gap, 5);
    assert_snapshot!(spring + &again(rules, &cart("Europe/Berlin", fold), fold, 5));
}

#[test]
fn quiet_hours_hold_for_their_channels_people_and_dates() {
    let rules = "channel push, sms\nquiet hours 21:00 to 09:00 for sms if age < 30 until 2026-03-03\n\
                 rule push on cart then send hello via push\nrule sms on cart then send hello via sms\n\
                 rule even on cart then send hello via sms even in quiet hours";
    let user = |age: i64, at: &str| {
        format!(
            r#"{{"id": "u", "attributes": {{"age": {age}}}, "events": [{{"type": "cart", "at": "{at}"}}]}}"#
        )
    };
    let young = scene(rules, &user(20, "2026-03-03T22:00:00Z"), "2026-03-03T22:00:00Z", 5);
    let old = again(rules, &user(40, "2026-03-03T22:00:00Z"), "2026-03-03T22:00:00Z", 5);
    let later = again(rules, &user(20, "2026-03-04T22:00:00Z"), "2026-03-04T22:00:00Z", 5);
    assert_snapshot!(young + &old + &later);
}

#[test]
fn contact_hours_open_a_channel() {
    let rules = "channel push, call\ncontact hours 10:00 to 12:00 on weekdays for call\n\
                 contact hours 18:00 to 20:00 on saturday for call\n\
                 rule call on cart then send hello via call within 5 days\n\
                 rule push on cart then send hello via push";
    // Friday at noon; Saturday evening; Saturday night.
    let friday = scene(rules, &cart("UTC", "2026-03-06T12:00:00Z"), "2026-03-06T12:00:00Z", 5);
    let evening = again(rules, &cart("UTC", "2026-03-07T19:59:59Z"), "2026-03-07T19:59:59Z", 5);
    let night = again(rules, &cart("UTC", "2026-03-07T20:00:00Z"), "2026-03-07T20:00:00Z", 5);
    assert_snapshot!(friday + &evening + &night);
}

#[test]
fn contact_hours_not_in_force_close_nothing() {
    let rules = "contact hours 10:00 to 12:00 from 2026-03-10 until 2026-03-12\n\
                 contact hours 15:00 to 16:00 if age < 18\nrule abandoned on cart then send hello within 5 days";
    let before = scene(rules, &cart("UTC", "2026-03-05T20:00:00Z"), "2026-03-05T20:00:00Z", 5);
    let within = again(rules, &cart("UTC", "2026-03-11T13:00:00Z"), "2026-03-11T13:00:00Z", 5);
    let last_day = again(rules, &cart("UTC", "2026-03-12T13:00:00Z"), "2026-03-12T13:00:00Z", 5);
    assert_snapshot!(before + &within + &last_day);
}

#[test]
fn hours_that_never_open_withhold() {
    let rules = "quiet hours 09:00 to 18:00\ncontact hours 10:00 to 12:00\n\
                 rule hello if tier is gold then send hello";
    let user = r#"{"id": "u", "attributes": {"tier": "gold"}}"#;
    assert_snapshot!(scene(rules, user, "2026-03-05T20:00:00Z", 5));
}

/// Eighteen o'clock lies just after the contact hours: there is no such instant, and no deadline is to blame.
#[test]
fn what_hours_never_leave_open_is_not_too_late() {
    let rules = "channel push\ncontact hours 10:00 to 18:00 for push\n\
                 rule r if tier is gold then send hello via push at 18:00 if blocked drop";
    // Nowhere is there a time of day that has been since ever.
    for zone in ["UTC", "Asia/Shanghai", "Pacific/Honolulu", "Asia/Manila"] {
        let user = format!(r#"{{"id": "u", "timezone": "{zone}", "attributes": {{"tier": "gold"}}}}"#);
        let plan = super::plan(rules, &user, "2026-03-02T08:00:00Z", crate::Horizon::days(5));
        let reasons = &plan.withheld()[0].reasons;
        let mut told: Vec<&str> = reasons.iter().map(|one| one.reason.code()).collect();
        told.sort_unstable();
        assert_eq!(told, ["contact_hours", "time_of_day"], "{plan}");
        assert!(reasons.iter().all(|one| one.from >= plan.now), "{plan}");
    }
}
