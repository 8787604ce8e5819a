//! Semantics 7, 9, 10 and 11.

use insta::assert_snapshot;

use super::{again, scene};

#[test]
fn priority_comes_before_who_comes_first() {
    let rules = "at most 1 touch per week\n\
                 rule news every monday then send news within 6 days\n\
                 rule winback if no visit in 7 days then send coupon priority 80";
    // The newsletter of Monday the 2nd must leave the week to the win-back of Thursday the 5th.
    let user = r#"{"id": "u", "events": [{"type": "visit", "at": "2026-02-26T10:00:00Z"}]}"#;
    assert_snapshot!(scene(rules, user, "2026-03-02T00:00:00Z", 14));
}

#[test]
fn a_priority_is_a_number_expression() {
    let rules = "attribute points: number\nattribute score: number\nat most 1 touch per day\n\
                 rule a if points >= 0 then send a priority points\n\
                 rule b if points >= 0 then send b\n\
                 rule c if points >= 0 then send c priority score";
    assert_snapshot!(scene(rules, r#"{"id": "u", "attributes": {"points": 60}}"#, "2026-03-01T00:00:00Z", 7));
}

#[test]
fn channels_are_tried_in_the_order_written() {
    let rules = "channel push\nchannel sms needs consent\nchannel email\n\
                 rule hello if tier is gold then send hello via push or sms or email";
    let user = r#"{"id": "u", "attributes": {"tier": "gold"}, "addresses": {"sms": "1", "email": "x"}}"#;
    let none_said = scene(rules, user, "2026-03-01T00:00:00Z", 7);
    let user = r#"{"id": "u", "attributes": {"tier": "gold"}, "consent": {"push": false, "sms": true},
  "addresses": {"push": "1", "sms": "1", "email": "x"}}"#;
    assert_snapshot!(none_said + &again(rules, user, "2026-03-01T00:00:00Z", 7));
}

#[test]
fn all_that_stands_in_the_way_is_told() {
    let rules = "channel sms needs consent\nchannel push\nquiet hours 21:00 to 09:00 for sms\n\
                 at most 1 touch in 7 days\nat least 2 days between touch\n\
                 rule care on complaint then send sorry via sms or push within 4 hours";
    let user = r#"{"id": "u", "addresses": {}, "events": [{"type": "complaint", "at": "2026-03-01T22:00:00Z"}],
  "contacts": [{"at": "2026-03-01T08:00:00Z", "channel": "push", "message": "news"}]}"#;
    assert_snapshot!(scene(rules, user, "2026-03-01T22:00:00Z", 7));
}

#[test]
fn an_attribute_may_name_the_channel() {
    let rules = "channel push, sms\nattribute preferred: text\nattribute tier: text\n\
                 rule hello if tier is gold then send hello via preferred or push";
    let user = |preferred: &str| {
        format!(r#"{{"id": "u", "attributes": {{"tier": "gold", "preferred": "{preferred}"}}}}"#)
    };
    let named = scene(rules, &user("sms"), "2026-03-01T00:00:00Z", 7);
    assert_snapshot!(named + &again(rules, &user("pigeon"), "2026-03-01T00:00:00Z", 7));
}

#[test]
fn quiet_hours_that_end_in_a_full_day_are_asked_again() {
    // Quiet until 09:00 of the 2nd, on which the cap is full until the 3rd, which is quiet until 09:00.
    let rules = "quiet hours 21:00 to 09:00\nat most 1 touch per day\n\
                 rule bill on 2026-03-02 at 09:00 then send bill priority 90\n\
                 rule hello on cart then send hello within 3 days";
    let user = r#"{"id": "u", "events": [{"type": "cart", "at": "2026-03-01T22:00:00Z"}]}"#;
    assert_snapshot!(scene(rules, user, "2026-03-01T22:00:00Z", 7));
}

#[test]
fn what_only_comes_too_late_for_the_horizon_says_when_it_could_go() {
    let rules = "at most 1 touch in 7 days\nrule hello if tier is gold then send hello";
    let user = r#"{"id": "u", "attributes": {"tier": "gold"},
  "contacts": [{"at": "2026-02-28T08:00:00Z", "channel": "default", "message": "news"}]}"#;
    assert_snapshot!(scene(rules, user, "2026-03-01T00:00:00Z", 3));
}

#[test]
fn a_holdout_gets_nothing_but_service() {
    let rules = "message callback: service\nhold out 100% as \"q1\"\n\
                 rule hello if tier is gold then send coupon\nrule care if tier is gold then send callback";
    let user = r#"{"id": "u", "attributes": {"tier": "gold"}}"#;
    assert_snapshot!(scene(rules, user, "2026-03-01T00:00:00Z", 7));
}

#[test]
fn variants_take_adjoining_stretches_of_buckets() {
    let rules = "rule offer if tier is gold then send one of coupon_a 30%, coupon_b 30% as \"offer-test\"";
    let rules = super::compiled(rules);
    let mut counts = std::collections::BTreeMap::new();
    for number in 0..1000 {
        let id = format!("user-{number}");
        let user = super::Snapshot::new(&id).attribute("tier", "gold");
        let plan =
            rules.plan(&user, "2026-03-01T00:00:00Z".parse().unwrap(), super::Horizon::days(1)).unwrap();
        let bucket = crate::eval::bucket("offer-test", &id);
        let expected = match bucket {
            0..3000 => "coupon_a",
            3000..6000 => "coupon_b",
            _ => "no_variant",
        };
        let got = match (plan.touches(), plan.withheld()) {
            ([touch], []) => touch.candidate.message.to_string(),
            ([], [withheld]) => withheld.reasons[0].reason.to_string(),
            _ => panic!("{plan}"),
        };
        assert_eq!(got, expected, "{id} in bucket {bucket}");
        *counts.entry(expected).or_insert(0) += 1;
    }
    assert!(counts.len() == 3 && counts.values().all(|count| *count > 200), "{counts:?}");
}

#[test]
fn a_message_goes_in_the_language_of_the_locale() {
    let rules = "message greeting: care in en, zh-HK, zh\n\
                 event visit: page text\nattribute points: number\nattribute tier: text\n\
                 rule hello if tier is gold then send greeting with tier tier, days days since last visit, \
                 seen last visit page, missing points";
    let user = r#"{"id": "u", "locale": "zh-Hant-HK", "attributes": {"tier": "gold"},
  "events": [{"type": "visit", "at": "2026-02-01T00:00:00Z", "page": "milk"}]}"#;
    assert_snapshot!(scene(rules, user, "2026-03-01T00:00:00Z", 7));
}
