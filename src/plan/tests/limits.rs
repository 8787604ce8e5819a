//! Semantics 8: caps, gaps and how often a rule may begin.

use insta::assert_snapshot;

use super::{
    super::{Horizon, Reason},
    again, plan, scene,
};

#[test]
fn a_rolling_cap_frees_the_slot_not_the_week() {
    let rules = "at most 3 touches in 7 days\nrule hello if tier is gold then send hello";
    let user = r#"{"id": "u", "attributes": {"tier": "gold"}, "contacts": [
  {"at": "2026-02-25T08:00:00Z", "channel": "default", "message": "a"},
  {"at": "2026-02-26T09:00:00Z", "channel": "default", "message": "b"},
  {"at": "2026-02-27T10:00:00Z", "channel": "default", "message": "c"}]}"#;
    assert_snapshot!(scene(rules, user, "2026-03-01T00:00:00Z", 14));
}

#[test]
fn an_earlier_touch_must_not_break_a_later_window() {
    // The offer of the 8th is placed first; the news of the 2nd would break its window, so it goes after it.
    let rules = "at most 1 touch in 7 days\n\
                 rule offer on 2026-03-08 at 10:00 then send offer priority 90\n\
                 rule news on 2026-03-02 at 10:00 then send news within 30 days";
    assert_snapshot!(scene(rules, r#"{"id": "u"}"#, "2026-03-01T00:00:00Z", 30));
}

#[test]
fn a_calendar_cap_counts_the_civil_day_of_the_user() {
    let rules = "at most 1 touch per day\nrule hello if tier is gold then send hello";
    let user = r#"{"id": "u", "timezone": "Asia/Shanghai", "attributes": {"tier": "gold"}, "contacts": [
  {"at": "2026-02-28T17:00:00Z", "channel": "default", "message": "a"}]}"#;
    let user_before = r#"{"id": "u", "timezone": "Asia/Shanghai", "attributes": {"tier": "gold"}, "contacts": [
  {"at": "2026-02-28T15:00:00Z", "channel": "default", "message": "a"}]}"#;
    let same_day = scene(rules, user, "2026-03-01T00:00:00Z", 7);
    assert_snapshot!(same_day + &again(rules, user_before, "2026-03-01T00:00:00Z", 7));
}

#[test]
fn a_cap_over_a_clock_change_ends_at_the_same_time_of_day() {
    let rules = "at most 1 touch in 1 day\nrule hello if tier is gold then send hello";
    let user = r#"{"id": "u", "timezone": "Europe/Berlin", "attributes": {"tier": "gold"}, "contacts": [
  {"at": "2026-03-28T08:00:00Z", "channel": "default", "message": "a"}]}"#;
    assert_snapshot!(scene(rules, user, "2026-03-28T20:00:00Z", 7));
}

#[test]
fn exceptions_and_conditions_are_asked_where_the_window_ends() {
    let rules = "at most 1 touch in 7 days, 2 if tier is gold, 5 if visit in 1 day\n\
                 at most 1 promo in 30 days if today is a weekday\nmessage hello: promo\nmessage a: promo\n\
                 rule hello if tier in (gold, silver) then send hello";
    let user = |tier: &str, events: &str| {
        format!(
            r#"{{"id": "u", "attributes": {{"tier": "{tier}"}}, "events": [{events}], "contacts": [
  {{"at": "2026-02-26T08:00:00Z", "channel": "default", "message": "b"}}]}}"#
        )
    };
    let silver = scene(rules, &user("silver", ""), "2026-03-01T00:00:00Z", 14);
    let gold = again(rules, &user("gold", ""), "2026-03-01T00:00:00Z", 14);
    let visited = user("silver", r#"{"type": "visit", "at": "2026-02-28T20:00:00Z"}"#);
    let visited = again(rules, &visited, "2026-03-01T00:00:00Z", 14);
    // On a weekday the promotion of the 1st of February is still in the way; on a Sunday nobody asks.
    let promo = r#"{"id": "u", "attributes": {"tier": "gold"}, "contacts": [
  {"at": "2026-02-10T08:00:00Z", "channel": "default", "message": "a"}]}"#;
    let weekday = again(rules, promo, "2026-03-03T00:00:00Z", 14);
    assert_snapshot!(silver + &gold + &visited + &weekday);
}

#[test]
fn the_stricter_cap_wins() {
    let rules = "channel push, sms\nat most 5 touches in 7 days\nat most 1 sms in 7 days\n\
                 rule hello if tier is gold then send hello via sms";
    let user = r#"{"id": "u", "attributes": {"tier": "gold"}, "contacts": [
  {"at": "2026-02-27T08:00:00Z", "channel": "sms", "message": "a"}]}"#;
    assert_snapshot!(scene(rules, user, "2026-03-01T00:00:00Z", 14));
}

#[test]
fn categories_are_those_that_the_contact_was_sent_with() {
    let rules = "message a: promo\nmessage hello: promo\nat most 1 promo in 7 days\n\
                 rule hello if tier is gold then send hello";
    let user = |categories: &str| {
        format!(
            r#"{{"id": "u", "attributes": {{"tier": "gold"}}, "contacts": [
  {{"at": "2026-02-27T08:00:00Z", "channel": "default", "message": "a"{categories}}}]}}"#
        )
    };
    let unsaid = scene(rules, &user(""), "2026-03-01T00:00:00Z", 14);
    let other = again(rules, &user(r#", "categories": ["care"]"#), "2026-03-01T00:00:00Z", 14);
    assert_snapshot!(unsaid + &other);
}

#[test]
fn ignoring_caps_and_not_counted_are_two_things() {
    let rules = "at most 1 touch per day\n\
                 rule a if tier is gold then send a priority 90\n\
                 rule b if tier is gold then send b priority 80 ignoring caps\n\
                 rule c if tier is gold then send c priority 70 not counted\n\
                 rule d if tier is gold then send d priority 60";
    let user = r#"{"id": "u", "attributes": {"tier": "gold"}}"#;
    assert_snapshot!(scene(rules, user, "2026-03-01T00:00:00Z", 14));
}

#[test]
fn a_gap_holds_in_both_directions() {
    let rules = "message callback: service\nmessage coupon: promotion\nmessage offer: promotion\n\
                 at least 7 days between callback and promotion\nat least 12 hours between promotion\n\
                 rule call on 2026-03-08 at 10:00 then send callback priority 90\n\
                 rule coupon on 2026-03-02 at 10:00 then send coupon within 30 days\n\
                 rule offer on 2026-03-01 at 09:00 then send offer within 30 days";
    assert_snapshot!(scene(rules, r#"{"id": "u"}"#, "2026-03-01T00:00:00Z", 30));
}

#[test]
fn a_gap_is_asked_at_the_later_of_two_contacts() {
    // The offer is placed first. Were the gap asked where the news goes, it would be let in before the offer here, and
    // the offer withheld once the news is sent.
    let rules = |life: &str| {
        format!(
            "at least 2 days between touch {life}\n\
             rule offer on 2026-03-03 at 10:00 then send offer priority 90\n\
             rule news on 2026-03-02 at 10:00 then send news within 30 days"
        )
    };
    let (begins, ends) = (rules("from 2026-03-03"), rules("until 2026-03-02"));
    let user = r#"{"id": "u"}"#;
    let sent = r#"{"id": "u", "contacts": [
  {"at": "2026-03-02T10:00:00Z", "channel": "default", "message": "news", "rule": "news"}]}"#;
    assert_snapshot!(
        scene(&begins, user, "2026-03-01T00:00:00Z", 30)
            + "\n"
            + &scene(&ends, user, "2026-03-01T00:00:00Z", 30)
            + &again(&ends, sent, "2026-03-02T10:00:00Z", 29)
    );
}

#[test]
fn a_rule_may_begin_so_many_times() {
    let rules = "rule nudge every day at 10:00 then send a then after 1 hour send b at most 2 times in 7 days\n\
                 rule once every day at 12:00 then send c at most 1 time";
    let user = r#"{"id": "u", "contacts": [
  {"at": "2026-02-27T10:00:00Z", "channel": "default", "message": "a", "rule": "nudge"}]}"#;
    assert_snapshot!(scene(rules, user, "2026-03-01T00:00:00Z", 6));
}

/// The limit of turns shows how many were taken: the repetition after a contact of long ago takes none, as the hundreds
/// after it take none.
#[test]
fn what_is_long_past_takes_no_turn() {
    let rules = "channel push needs consent\n\
                 rule chatty if vip is yes then send a then send b within 1 hour again after 15 minutes";
    let user = r#"{"id": "u", "attributes": {"vip": true}, "contacts": [
  {"at": "2026-02-01T00:00:00Z", "channel": "push", "message": "a", "rule": "chatty"}]}"#;
    let plan = plan(rules, user, "2026-03-01T00:00:00Z", Horizon::days(60));
    let reasons = plan.withheld().iter().flat_map(|withheld| &withheld.reasons).map(|block| block.reason);
    let (too_many, others): (Vec<_>, Vec<_>) = reasons.partition(|reason| *reason == Reason::TooMany);
    // The first `b` is past, and both steps of the four repetitions that were due from 22:15 to 23:00.
    assert_eq!((too_many.len(), others.len()), (1, 2_000 - 1 - 4 * 2));
}
