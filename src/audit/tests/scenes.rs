use insta::assert_snapshot;

use super::{Scheduled, Snapshot, audited, compiled, scene};
use crate::time::Instant;

/// Channels, messages and rules for schedules to speak of.
const SHOP: &str = "
    channel push
    channel sms needs consent
    message coupon: promotion
    message news: promotion
    message callback: service
    attribute tier: text
    event complaint
    rule winback if tier is \"none\" then send coupon via push then after 1 day send news via push
    rule alert on complaint then send callback via push within 4 hours priority 100 ignoring caps
";

fn shop(more: &str, user: &str, schedule: &str) -> String {
    let shown = scene(&format!("{SHOP}{more}"), user, schedule, None);
    let from = shown.find("ignoring caps\n").unwrap() + "ignoring caps\n".len();
    shown[from..].trim_start().to_owned()
}

const ANN: &str = r#"{"id":"ann","consent":{"sms":true}}"#;

#[test]
fn a_rolling_cap_counts_history_and_plan_to_the_same_time_of_day() {
    let zoned = r#"{"id":"ann","timezone":"Europe/Berlin","contacts":[{"at":"2026-03-22T10:00:00Z"}]}"#;
    let cap = "at most 1 touch in 7 days";
    assert_snapshot!(
        shop(cap, zoned, "2026-03-29T08:59:59Z push coupon")
            + &shop(cap, zoned, "2026-03-29T09:00:00Z push coupon\n2026-04-05T08:59:00Z push news")
    );
}

/// All that a window holds is counted, and little of it told: else a schedule gone wrong would take minutes.
#[test]
fn thousands_of_breaches_are_told_with_a_few_contacts_each() {
    const MANY: usize = 5_000;
    let rules = compiled("channel push\nmessage news\nat most 3 touches in 30 days");
    let first: Instant = "2026-03-01T00:00:00Z".parse().unwrap();
    let touch = |minute: i64| Scheduled::new(first.plus_micros(minute * 60_000_000), "push", "news");
    let touches: Vec<Scheduled> = (0..MANY as i64).map(touch).collect();
    let report = audited(&rules, &Snapshot::new("ann"), &touches, None);
    assert_eq!(report.breaches.len(), MANY - 3);
    let last = report.breaches.last().unwrap();
    assert_eq!(last.problem, "5000 in 30 days, at most 3");
    let told: Vec<Instant> = last.others.iter().map(|other| other.at).collect();
    assert_eq!(told, touches[MANY - 11..MANY - 1].iter().map(|touch| touch.at).collect::<Vec<_>>());
}

#[test]
fn a_calendar_cap_counts_the_civil_stretch() {
    let shanghai = r#"{"id":"ann","timezone":"Asia/Shanghai"}"#;
    assert_snapshot!(shop(
        "at most 1 touch per day\nat most 2 promotion per week",
        shanghai,
        "2026-03-01T15:00:00Z push coupon
         2026-03-01T16:00:00Z push callback
         2026-03-02T15:59:59Z push news
         2026-03-03T16:00:00Z push coupon
         2026-03-04T16:00:00Z push coupon"
    ));
}

#[test]
fn exceptions_and_conditions_of_caps_are_asked_where_the_window_ends() {
    let touches = "2026-02-27T10:00:00Z push coupon
                   2026-02-28T10:00:00Z push coupon
                   2026-03-01T10:00:00Z push coupon";
    let gold = r#"{"id":"ann","attributes":{"tier":"gold"}}"#;
    assert_snapshot!(
        shop("at most 1 touch in 7 days, 2 if tier is \"gold\"", gold, touches)
            + &shop("at most 1 touch in 7 days from 2026-03-01", ANN, touches)
            + &shop("at most 1 touch in 7 days if no contact in 1 day", ANN, touches)
    );
}

#[test]
fn who_ignores_caps_may_break_them_but_counts() {
    let cap = "at most 1 touch per day";
    let alert = "alert.1 due 2026-03-01T10:00:00Z";
    let known = "alert.1 due 2026-03-01T08:00:00Z";
    let coupon = "push coupon winback.1 due 2026-03-01T09:00:00Z";
    assert_snapshot!(
        // Placed first, by its priority: the other had to keep away, after it and before it; unless it may not have been
        // known of then.
        shop(cap, ANN, &format!("2026-03-01T10:00:00Z push callback {alert}\n2026-03-01T12:00:00Z {coupon}"))
            + &shop(cap, ANN, &format!("2026-03-01T09:00:00Z {coupon}\n2026-03-01T10:00:00Z push callback {known}"))
            + &shop(cap, ANN, &format!("2026-03-01T09:00:00Z {coupon}\n2026-03-01T10:00:00Z push callback {alert}"))
            + &shop(cap, ANN, &format!("2026-03-01T10:00:00Z push callback {alert}\n2026-03-01T11:00:00Z push callback {alert}"))
            // One that is sent counts, whatever was placed when.
            + &shop(cap, r#"{"id":"ann","contacts":[{"at":"2026-03-01T08:00:00Z","rule":"alert"}]}"#, &format!("2026-03-01T09:00:00Z {coupon}"))
    );
    let late = "rule late on complaint then send callback via push priority 10 ignoring caps\n";
    assert_snapshot!(shop(
        &format!("{late}{cap}"),
        ANN,
        // Placed last: it came upon the coupon, which is not to blame.
        &format!(
            "2026-03-01T08:00:00Z push callback late.1 due 2026-03-01T08:00:00Z\n2026-03-01T09:00:00Z {coupon}"
        )
    ));
}

#[test]
fn what_is_not_counted_keeps_to_caps_but_fills_none() {
    let rules = "rule quiet if tier is \"none\" then send news via push not counted\nat most 1 touch per day";
    assert_snapshot!(
        shop(rules, ANN, "2026-03-01T08:00:00Z push news quiet.1\n2026-03-01T09:00:00Z push coupon")
            + &shop(rules, ANN, "2026-03-01T09:00:00Z push coupon\n2026-03-01T10:00:00Z push news quiet.1")
    );
}

#[test]
fn a_gap_lies_between_its_kinds_in_either_order() {
    let gap = "at least 7 days between callback and promotion";
    let sent = r#"{"id":"ann","contacts":[{"at":"2026-03-01T10:00:00Z","message":"callback"}]}"#;
    assert_snapshot!(
        shop(
            gap,
            sent,
            "2026-03-02T10:00:00Z push callback\n2026-03-08T09:59:00Z push coupon\n2026-03-09T10:00:00Z push news"
        ) + &shop(gap, ANN, "2026-03-01T10:00:00Z push coupon\n2026-03-07T10:00:00Z push callback")
            + &shop(gap, ANN, "2026-03-01T10:00:00Z push coupon\n2026-03-07T10:00:00Z push callback alert.1")
            + &shop(
                "at least 12 hours between promotion until 2026-03-01",
                ANN,
                "2026-03-01T23:00:00Z push coupon\n2026-03-01T23:30:00Z push coupon\n2026-03-02T01:00:00Z push news"
            )
            + &shop(
                "at least 12 hours between promotion from 2026-03-02",
                ANN,
                "2026-03-01T23:00:00Z push coupon winback.1\n2026-03-02T01:00:00Z push news winback.2"
            )
    );
}

#[test]
fn quiet_hours_belong_to_the_day_they_begin_on() {
    let hours = "quiet hours 21:00 to 09:00 on friday for push\n\
                 rule night if tier is \"none\" then send news via push even in quiet hours";
    assert_snapshot!(shop(
        hours,
        ANN,
        "2026-03-06T08:00:00Z push coupon
         2026-03-06T21:00:00Z push coupon
         2026-03-06T22:00:00Z sms coupon
         2026-03-07T08:59:59Z push coupon
         2026-03-07T08:59:59Z push news night.1
         2026-03-07T09:00:00Z push coupon
         2026-03-07T22:00:00Z push coupon"
    ));
}

#[test]
fn quiet_hours_follow_the_clock() {
    let berlin = r#"{"id":"ann","timezone":"Europe/Berlin"}"#;
    // 02:30 in the fold of October stands for the first of the two, and in the gap of March for its end.
    assert_snapshot!(
        shop(
            "quiet hours 01:00 to 02:30",
            berlin,
            "2026-10-25T00:29:00Z push news\n2026-10-25T00:30:00Z push news"
        ) + &shop(
            "quiet hours 01:00 to 02:30",
            berlin,
            "2026-03-29T00:59:00Z push news\n2026-03-29T01:00:00Z push news"
        )
    );
}

#[test]
fn contact_hours_open_a_channel_while_they_are_in_force() {
    let hours = "contact hours 10:00 to 20:00 on weekdays for push\ncontact hours 12:00 to 14:00 for push until 2026-03-09";
    assert_snapshot!(shop(
        hours,
        ANN,
        "2026-03-06T09:59:00Z push news
         2026-03-06T10:00:00Z push news
         2026-03-07T10:00:00Z push news
         2026-03-07T13:00:00Z push news
         2026-03-14T13:00:00Z push news
         2026-03-14T13:00:00Z sms news"
    ));
    assert_snapshot!(shop(
        "contact hours 10:00 to 11:00 for push if tier is \"gold\"",
        ANN,
        "2026-03-06T09:59:00Z push news"
    ));
}

#[test]
fn consent_and_addresses_are_needed() {
    let schedule = "2026-03-01T10:00:00Z push coupon\n2026-03-01T10:00:00Z sms coupon";
    assert_snapshot!(
        shop("", r#"{"id":"ann","consent":{"push":false}}"#, schedule)
            + &shop("", r#"{"id":"ann","consent":{"sms":true},"addresses":{"push":"x"}}"#, schedule)
    );
}

#[test]
fn a_holdout_gets_nothing_but_service() {
    let schedule = "2026-03-01T10:00:00Z push coupon\n2026-03-01T10:00:00Z push callback";
    assert_snapshot!(
        shop("hold out 100% as \"all\"", ANN, schedule) + &shop("hold out 1% as \"none\"", ANN, schedule)
    );
}

#[test]
fn a_touch_goes_when_it_is_due_and_before_its_deadline() {
    assert_snapshot!(shop(
        "",
        r#"{"id":"ann","timezone":"Asia/Shanghai"}"#,
        "2026-03-01T10:00:00Z push callback alert.1 due 2026-03-01T10:00:00Z
         2026-03-01T13:59:59Z push callback alert.1 due 2026-03-01T10:00:00Z
         2026-03-01T14:00:00Z push callback alert.1 due 2026-03-01T10:00:00Z
         2026-03-01T15:00:00Z push coupon winback.1 due 2026-03-01T16:00:00Z
         2026-03-09T15:00:00Z push coupon winback.1 due 2026-03-01T16:00:00Z"
    ));
}

#[test]
fn nothing_is_planned_twice_or_sent_again() {
    let sent = r#"{"id":"ann","contacts":[{"at":"2026-02-01T10:00:00Z","touch_id":"0123456789abcdef0123456789ABCDEF"}]}"#;
    assert_snapshot!(shop(
        "",
        sent,
        "2026-03-01T10:00:00Z push coupon id 0123456789abcdef0123456789abcdef
         2026-03-02T10:00:00Z push coupon id theirs-7
         2026-03-03T10:00:00Z push coupon id theirs-8
         2026-03-04T10:00:00Z push coupon id theirs-7"
    ));
}

#[test]
fn names_must_be_known() {
    assert_snapshot!(shop(
        "",
        ANN,
        "2026-03-01T10:00:00Z fax coupon
         2026-03-02T10:00:00Z push cuopon
         2026-03-03T10:00:00Z push coupon wonback.1
         2026-03-04T10:00:00Z push coupon winback.3
         2026-03-04T10:00:00Z push news winback.2"
    ));
}

#[test]
fn a_rule_begins_so_many_times() {
    let rule = "rule few if tier is \"none\" then send coupon via push then send news via push at most 2 times in 1 month";
    assert_snapshot!(shop(
        rule,
        r#"{"id":"ann","contacts":[{"at":"2026-02-15T10:00:00Z","rule":"few","message":"coupon"}]}"#,
        "2026-03-01T10:00:00Z push coupon few.1
         2026-03-02T10:00:00Z push news few.2
         2026-03-15T09:00:00Z push coupon few.1
         2026-03-15T10:00:00Z push coupon few.1"
    ));
}

#[test]
fn history_is_what_lies_before_the_schedule() {
    let cap = "channel push\nmessage news\nat most 1 touch per day";
    let user = r#"{"id":"ann","contacts":[{"at":"2026-03-01T09:00:00Z","touch_id":"0123456789abcdef0123456789abcdef"},{"at":"2026-03-01T11:00:00Z"}]}"#;
    let own = "2026-03-01T09:00:00Z push news id 0123456789abcdef0123456789abcdef";
    let later = "2026-03-01T10:00:00Z push news";
    assert_snapshot!(
        // That very touch, sent in the meantime.
        scene(cap, user, own, None)
            + &scene(cap, user, later, Some("2026-03-01T08:00:00Z"))
            + &scene(cap, user, later, Some("2026-03-01T09:00:00Z"))
            + &scene(cap, user, own, Some("2026-03-01T09:00:00Z"))
    );
}

#[test]
fn categories_are_those_that_the_touch_goes_with() {
    assert_snapshot!(shop(
        "at most 1 promotion per day",
        ANN,
        "2026-03-01T09:00:00Z push coupon
         2026-03-01T10:00:00Z push coupon in care
         2026-03-01T11:00:00Z push callback in promotion;care"
    ));
}
