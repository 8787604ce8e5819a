//! Semantics 5.

use insta::assert_snapshot;

use super::{again, scene};

#[test]
fn a_rule_is_due_once_a_spell() {
    let rules = "rule winback if no visit in 7 days then send coupon";
    assert_snapshot!(scene(
        rules,
        r#"{"id": "u", "events": [{"type": "visit", "at": "2026-03-01T08:00:00Z"}]}"#,
        "2026-03-02T00:00:00Z",
        30
    ));
}

#[test]
fn a_spell_that_holds_already_is_due_now_by_the_time_it_began() {
    let rules = "rule winback if no visit in 7 days then send coupon";
    assert_snapshot!(scene(
        rules,
        r#"{"id": "u", "events": [{"type": "visit", "at": "2026-01-01T08:00:00Z"}]}"#,
        "2026-03-02T00:00:00Z",
        30
    ));
}

#[test]
fn a_spell_since_ever_began_always() {
    assert_snapshot!(scene(
        "rule welcome if tier is gold then send hello",
        r#"{"id": "u", "attributes": {"tier": "gold"}}"#,
        "2026-03-02T00:00:00Z",
        30
    ));
}

#[test]
fn the_spell_must_still_hold_when_the_delay_is_over() {
    let rules = "rule short if visit in 1 day then after 2 days send a\n\
                 rule long if visit in 3 days then after 2 days send b";
    let user = r#"{"id": "u", "events": [{"type": "visit", "at": "2026-03-01T08:00:00Z"}]}"#;
    assert_snapshot!(scene(rules, user, "2026-03-01T09:00:00Z", 30));
}

#[test]
fn a_life_in_dates_is_part_of_the_condition() {
    let rules = "rule spring if tier is gold from 2026-03-05 until 2026-03-07 then send hello";
    let user = r#"{"id": "u", "attributes": {"tier": "gold"}}"#;
    let before = scene(rules, user, "2026-03-02T00:00:00Z", 30);
    let last_day = again(rules, user, "2026-03-07T23:59:59Z", 30);
    let after = again(rules, user, "2026-03-08T00:00:00Z", 30);
    assert_snapshot!(before + &last_day + &after);
}

#[test]
fn a_rule_is_due_again_after_its_last_contact_while_the_spell_holds() {
    let rules = "rule winback if no visit in 7 days then send coupon again after 10 days";
    let user = r#"{"id": "u", "events": [{"type": "visit", "at": "2026-02-20T08:00:00Z"}]}"#;
    let first = scene(rules, user, "2026-03-02T12:00:00Z", 30);
    // Sent without an id, a day before the plan; and again by hand in between, which puts the next one off.
    let fed = r#"{"id": "u", "events": [{"type": "visit", "at": "2026-02-20T08:00:00Z"}], "contacts": [
  {"at": "2026-03-01T12:00:00Z", "channel": "default", "message": "coupon", "rule": "winback"},
  {"at": "2026-03-04T12:00:00Z", "channel": "default", "message": "coupon", "rule": "winback"}]}"#;
    assert_snapshot!(first + &again(rules, fed, "2026-03-05T12:00:00Z", 30));
}

#[test]
fn a_repetition_that_missed_its_deadline_is_followed_by_the_next() {
    let rules = "rule nudge if no visit in 7 days then send coupon within 1 day again after 10 days";
    // Due on 2026-01-08 and every ten days: 01-18, 01-28, 02-07, 02-17, 02-27.
    let user = r#"{"id": "u", "events": [{"type": "visit", "at": "2026-01-01T08:00:00Z"}]}"#;
    assert_snapshot!(scene(rules, user, "2026-02-20T00:00:00Z", 20));
}

#[test]
fn each_event_that_the_filter_admits_is_an_occurrence_until_its_deadline() {
    let rules = "rule care on complaint where severity >= 2 then send callback within 4 hours";
    let user = r#"{"id": "u", "events": [
  {"type": "complaint", "at": "2026-03-01T05:00:00Z", "severity": 3},
  {"type": "complaint", "at": "2026-03-01T09:00:00Z", "severity": 1},
  {"type": "complaint", "at": "2026-03-01T10:00:00Z", "severity": 2},
  {"type": "complaint", "at": "2026-03-01T10:00:00Z", "severity": 5},
  {"type": "complaint", "at": "2026-03-01T11:00:00Z", "severity": 2, "id": "c-77"},
  {"type": "complaint", "at": "2026-03-01T13:00:00Z", "severity": 9}]}"#;
    assert_snapshot!(scene(rules, user, "2026-03-01T12:00:00Z", 7));
}

#[test]
fn the_filter_of_an_event_is_asked_when_the_first_step_is_due_and_must_go_on_holding() {
    let rules = "rule asked on cart if no order then after 1 hour send reminder\n\
                 rule wait on cart if no order today then send second between 20:00 and 21:00 within 3 days";
    let user = r#"{"id": "u", "events": [
  {"type": "cart", "at": "2026-03-01T10:00:00Z"}, {"type": "order", "at": "2026-03-01T10:30:00Z"},
  {"type": "cart", "at": "2026-03-02T10:00:00Z"}]}"#;
    let early = r#"{"id": "u", "events": [{"type": "cart", "at": "2026-03-01T10:00:00Z"}]}"#;
    let first = scene(rules, user, "2026-03-01T10:10:00Z", 7);
    let second = again(rules, user, "2026-03-01T10:45:00Z", 7);
    assert_snapshot!(first + &second + &again(rules, early, "2026-03-01T10:45:00Z", 7));
}

#[test]
fn dates_make_rules_due_at_the_time_the_rule_names() {
    let rules = "attribute birthday: date\nattribute paid_until: date\nattribute points: number\n\
                 rule greet on birthday at 09:00 then send greeting\n\
                 rule ahead 3 days before birthday then send gift_idea\n\
                 rule renew on paid_until once then send renewal\n\
                 rule monthly every month on 31 at 10:00 if points >= 100 then send points_offer";
    let user = r#"{"id": "u", "timezone": "Asia/Shanghai",
  "attributes": {"birthday": "1988-02-29", "paid_until": "2026-03-10", "points": 120}}"#;
    assert_snapshot!(scene(rules, user, "2026-02-20T00:00:00Z", 60));
}

#[test]
fn a_yearly_date_does_not_begin_before_itself() {
    let rules = "attribute wedding: date\nrule ahead 3 days before wedding then send idea";
    let user = r#"{"id": "u", "attributes": {"wedding": "2027-05-10"}}"#;
    let early = scene(rules, user, "2026-05-01T00:00:00Z", 30);
    assert_snapshot!(early + &again(rules, user, "2027-05-01T00:00:00Z", 30));
}

#[test]
fn intervals_are_counted_from_a_date_of_the_user() {
    let rules = "attribute bought_at: date\nrule service every 6 months since bought_at then send check_up";
    let user = r#"{"id": "u", "attributes": {"bought_at": "2025-08-31"}}"#;
    assert_snapshot!(scene(rules, user, "2026-02-01T00:00:00Z", 365));
}

#[test]
fn a_rule_over_contacts_sees_what_was_placed() {
    let rules = "channel email, sms\n\
                 rule keep if no contact in 30 days then send news via email\n\
                 rule bill on invoice then send invoice_note via sms priority 90";
    let user = r#"{"id": "u", "events": [{"type": "invoice", "at": "2026-03-01T10:00:00Z"}],
  "contacts": [{"at": "2026-02-20T10:00:00Z", "channel": "email", "message": "news", "rule": "keep"}]}"#;
    let busy = scene(rules, user, "2026-03-01T10:00:00Z", 80);
    let quiet = r#"{"id": "u"}"#;
    assert_snapshot!(busy + &again(rules, quiet, "2026-03-01T10:00:00Z", 80));
}

#[test]
fn off_is_off() {
    let rules = "rule winback if no visit in 7 days then send coupon off";
    assert_snapshot!(scene(rules, r#"{"id": "u"}"#, "2026-03-01T00:00:00Z", 30));
}

#[test]
fn a_repetition_follows_what_may_begin_so_often_and_did_not() {
    // The first time was missed; that the rule may begin once a day does not end it.
    let rules = "rule nudge if visit in 90 days then send a within 15 minutes again after 19 hours at most once per day";
    let user = r#"{"id": "u", "events": [{"type": "visit", "at": "2026-03-12T22:00:00Z"}]}"#;
    assert_snapshot!(scene(rules, user, "2026-03-22T14:15:00Z", 1));
}

#[test]
fn a_repetition_follows_a_sequence_that_was_stopped() {
    let rules = "channel sms needs consent\nchannel push\nat most 1 push in 2 days\n\
                 rule nudge if visit in 90 days then send a via push then after 1 hour send b via push\n\
                   within 6 hours again after 2 days if blocked stop";
    let user = r#"{"id": "u", "events": [{"type": "visit", "at": "2026-03-12T22:00:00Z"}],
  "contacts": [{"at": "2026-03-12T12:00:00Z", "channel": "push", "message": "news"}]}"#;
    assert_snapshot!(scene(rules, user, "2026-03-12T22:00:00Z", 3));
}

#[test]
fn a_contact_is_a_later_step_as_long_as_that_can_go() {
    // The second contact comes after the repetition would have been due, had the second step not been waiting.
    let rules = "rule twice if visit then send a then send b again after 17 hours\nevent visit";
    let user = r#"{"id": "u", "events": [{"type": "visit", "at": "2026-04-01T00:00:00Z"}], "contacts": [
  {"at": "2026-04-02T15:00:00Z", "rule": "twice", "message": "a"},
  {"at": "2026-04-05T08:00:00Z", "rule": "twice", "message": "b"}]}"#;
    assert_snapshot!(scene(rules, user, "2026-04-05T17:00:00Z", 1));
}

#[test]
fn a_spell_that_is_over_was_begun_by_its_own_touches_only() {
    // Three days from the visit on; over long before the plan.
    let rules = "rule care if visit in 3 days then send first then after 5 days send second if blocked stop\n\
                 again after 1 day";
    let plan = |contact: &str| {
        let user = format!(
            r#"{{"id": "u", "events": [{{"type": "visit", "at": "2026-02-20T10:00:00Z"}}],
  "contacts": [{{"at": "2026-02-22T10:00:00Z", "channel": "default", "message": "first"{contact}}}]}}"#
        );
        again(rules, &user, "2026-03-01T10:00:00Z", 7)
    };
    let id = |key: &str| super::super::touch_id::touch_id("care", "u", key, 1, None);
    let with_id = |rule: &str, id| plan(&format!(r#"{rule}, "touch_id": "{id}""#));
    let foreign = "0123456789abcdef0123456789abcdef";
    let first = id("2026-02-20T10:00:00Z").to_string();
    let (repeated, of_another) =
        (id("2026-02-20T10:00:00Z/2").to_string(), id("2026-02-22T10:00:00Z").to_string());
    let nothing = "u from 2026-03-01 10:00 to 2026-03-08 10:00 UTC\n  nothing\n";
    for rule in ["", r#", "rule": "elsewhere""#] {
        for id in [foreign, &of_another] {
            let said = with_id(rule, id);
            assert!(said.ends_with(nothing), "{said}");
        }
        for id in [&first, &repeated] {
            let said = with_id(rule, id);
            assert!(!said.ends_with(nothing), "{said}");
        }
    }
    assert!(!with_id(r#", "rule": "care""#, foreign).ends_with(nothing));
}
