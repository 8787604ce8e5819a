//! Semantics 6.

use insta::assert_snapshot;

use super::{again, scene};

const CART: &str = r#"{"id": "u", "events": [{"type": "cart", "at": "2026-03-01T10:00:00Z"}]}"#;

#[test]
fn a_later_step_counts_from_the_actual_time_of_the_one_before() {
    let rules = "quiet hours 21:00 to 09:00\n\
                 rule abandoned on cart then after 12 hours send first then after 2 days send second";
    assert_snapshot!(scene(rules, CART, "2026-03-01T10:00:00Z", 7));
}

#[test]
fn a_step_after_a_withheld_one_counts_from_when_that_was_due() {
    let rules = "channel sms needs consent\nchannel email\n\
                 rule abandoned on cart then send first via sms then after 2 days send second via email";
    assert_snapshot!(scene(rules, CART, "2026-03-01T10:00:00Z", 7));
}

#[test]
fn a_time_of_day_moves_what_is_due_and_forbids_earlier_times_of_later_days() {
    // Quiet hours let it go only on the 3rd; not at 06:00 then, but at 18:00.
    let rules = "quiet hours 12:00 to 06:00 on monday\n\
                 rule abandoned on cart then after 1 day at 18:00 send first within 3 days";
    assert_snapshot!(scene(rules, CART, "2026-03-01T10:00:00Z", 7));
}

#[test]
fn between_forbids_other_times_of_day() {
    let rules = "rule noon on cart then send first between 12:00 and 13:00\n\
                 rule night on cart then send second between 23:00 and 01:00";
    let in_time = scene(rules, CART, "2026-03-01T10:00:00Z", 7);
    let late = again(rules, CART, "2026-03-01T13:00:00Z", 7);
    assert_snapshot!(in_time + &late);
}

#[test]
fn a_first_step_may_go_until_its_condition_ends() {
    let rules = "quiet hours 21:00 to 09:00\nrule fresh if visit in 6 hours then send hello";
    let user = r#"{"id": "u", "events": [{"type": "visit", "at": "2026-03-01T21:30:00Z"}]}"#;
    let short = scene(rules, user, "2026-03-01T21:40:00Z", 7);
    let user = r#"{"id": "u", "events": [{"type": "visit", "at": "2026-03-01T03:30:00Z"}]}"#;
    assert_snapshot!(short + &again(rules, user, "2026-03-01T03:40:00Z", 7));
}

#[test]
fn a_deadline_ends_a_step() {
    let rules = "quiet hours 21:00 to 09:00\n\
                 rule a on cart then after 12 hours send first within 4 hours\n\
                 rule b on cart then after 12 hours send second within 12 hours";
    assert_snapshot!(scene(rules, CART, "2026-03-01T10:00:00Z", 7));
}

#[test]
fn unless_withholds_if_it_holds_between_due_and_going() {
    let rules = "quiet hours 21:00 to 09:00\n\
                 rule abandoned if cart in 10 days then send first then after 2 days send second unless order\n\
                   then after 2 days send third";
    let user = r#"{"id": "u", "events": [{"type": "order", "at": "2026-02-27T00:00:00Z"},
  {"type": "cart", "at": "2026-03-01T10:00:00Z"}]}"#;
    let before = scene(rules, user, "2026-03-01T10:00:00Z", 7);
    let bought = r#"{"id": "u", "events": [{"type": "order", "at": "2026-02-27T00:00:00Z"},
  {"type": "cart", "at": "2026-03-01T10:00:00Z"}, {"type": "order", "at": "2026-03-02T12:00:00Z"}],
  "contacts": [{"at": "2026-03-01T10:00:00Z", "rule": "abandoned", "message": "first", "channel": "default"}]}"#;
    assert_snapshot!(before + &again(rules, bought, "2026-03-02T13:00:00Z", 7));
}

#[test]
fn the_first_step_of_an_if_rule_waits_until_unless_is_over() {
    let rules = "rule gold if tier is gold then send hello unless complaint in 7 days";
    let user = r#"{"id": "u", "attributes": {"tier": "gold"}, "events": [
  {"type": "complaint", "at": "2023-01-01T00:00:00Z"}, {"type": "complaint", "at": "2026-02-27T10:00:00Z"}]}"#;
    assert_snapshot!(scene(rules, user, "2026-03-01T00:00:00Z", 30));
}

#[test]
fn a_sequence_that_began_outlives_its_spell() {
    let rules = "rule abandoned if cart in 1 day then send first then after 3 days send second";
    let done = r#"{"id": "u", "events": [{"type": "cart", "at": "2026-03-01T10:00:00Z"}], "contacts": [
  {"at": "2026-03-01T12:00:00Z", "rule": "abandoned", "message": "first", "channel": "default"}]}"#;
    let began = scene(rules, done, "2026-03-03T00:00:00Z", 7);
    // Nothing was sent while the condition held: the sequence never began.
    assert_snapshot!(began + &again(rules, CART, "2026-03-03T00:00:00Z", 7));
}

#[test]
fn later_steps_of_what_waits_beyond_the_horizon_are_not_known() {
    let rules = "at most 1 touch in 30 days\nrule abandoned if cart in 60 days then send first then after 1 day send second";
    let user = r#"{"id": "u", "events": [{"type": "cart", "at": "2026-03-01T10:00:00Z"}],
  "contacts": [{"at": "2026-02-20T10:00:00Z", "channel": "default", "message": "news"}]}"#;
    assert_snapshot!(scene(rules, user, "2026-03-01T10:00:00Z", 7));
}

#[test]
fn blocked_drops() {
    // Hours may move it; a cap may not.
    let rules = "quiet hours 21:00 to 09:00\nat most 1 promo per day\nmessage first: promo\nmessage second: promo\n\
                 rule a on cart then after 13 hours send first within 2 days if blocked drop\n\
                 rule b on cart then after 13 hours send second within 2 days if blocked drop";
    let ahead = scene(rules, CART, "2026-03-01T10:00:00Z", 7);
    let past = again(rules, CART, "2026-03-02T09:30:00Z", 7);
    assert_snapshot!(ahead + &past);
}

#[test]
fn blocked_stops() {
    let steps = "then send first via sms then after 1 day send second via email";
    let rules = &format!(
        "channel sms needs consent\nchannel email\nrule stops on cart {steps} if blocked stop\n\
         rule goes on cart {steps}"
    );
    assert_snapshot!(scene(rules, CART, "2026-03-01T10:00:00Z", 7));
}

#[test]
fn a_touch_in_the_history_is_done_by_its_id_or_by_what_it_falls_in() {
    let rules = "rule care on complaint then send sorry then after 1 hour send sorry within 3 days";
    let events = r#""events": [{"type": "complaint", "at": "2026-03-01T10:00:00Z", "id": "a"},
  {"type": "complaint", "at": "2026-03-01T12:00:00Z", "id": "b"}]"#;
    let fresh = &format!(r#"{{"id": "u", {events}}}"#);
    let first = scene(rules, fresh, "2026-03-01T13:00:00Z", 3);
    // Two without an id after the second complaint: both steps of that one.
    let fed = &format!(
        r#"{{"id": "u", {events}, "contacts": [
  {{"at": "2026-03-01T12:10:00Z", "rule": "care", "message": "sorry", "channel": "default"}},
  {{"at": "2026-03-01T12:20:00Z", "rule": "care", "message": "sorry", "channel": "default"}}]}}"#
    );
    let by_moment = again(rules, fed, "2026-03-01T13:00:00Z", 3);
    let plan = super::plan(rules, fresh, "2026-03-01T13:00:00Z", crate::plan::Horizon::days(3));
    let id = plan.touches().iter().find(|touch| touch.candidate.occurrence == "b").unwrap().candidate.id;
    let fed = &format!(
        r#"{{"id": "u", {events}, "contacts": [
  {{"at": "2026-03-01T13:00:00Z", "touch_id": "{id}", "channel": "default"}}]}}"#
    );
    assert_snapshot!(first + &by_moment + &again(rules, fed, "2026-03-01T13:30:00Z", 3));
}

#[test]
fn via_and_makes_a_touch_on_each_channel() {
    let rules = "channel push, sms\nquiet hours 21:00 to 09:00 for sms\n\
                 rule abandoned on cart then after 12 hours send first via push and sms then after 1 day send second via push";
    let both = scene(rules, CART, "2026-03-01T10:00:00Z", 7);
    let fed = r#"{"id": "u", "events": [{"type": "cart", "at": "2026-03-01T10:00:00Z"}], "contacts": [
  {"at": "2026-03-01T22:00:00Z", "rule": "abandoned", "message": "first", "channel": "push"}]}"#;
    assert_snapshot!(both + &again(rules, fed, "2026-03-01T23:00:00Z", 7));
}

#[test]
fn steps_after_the_one_that_stopped_the_sequence_say_so() {
    let rules = "channel sms needs consent\nchannel email\n\
                 rule stops on cart then send first via sms then after 1 day send second via email and sms \
                 then after 9 days send third via email if blocked stop";
    assert_snapshot!(scene(rules, CART, "2026-03-01T10:00:00Z", 7));
}

#[test]
fn what_is_held_back_at_the_very_moment_it_is_due_says_so() {
    let rules = "rule thanks on cart then send first unless cart in 1 hour";
    assert_snapshot!(scene(rules, CART, "2026-03-01T10:00:00Z", 1));
}

#[test]
fn what_was_dropped_is_past_even_if_no_channel_was_named() {
    let rules = "attribute favourite: text\nchannel push\n\
                 rule a on cart then send first via favourite within 3 days if blocked drop\n\
                 rule b on cart then send second via favourite between 12:00 and 13:00 within 3 days if blocked drop";
    let user = r#"{"id": "u", "attributes": {"favourite": "pigeon"},
  "events": [{"type": "cart", "at": "2026-03-01T10:00:00Z"}]}"#;
    assert_snapshot!(scene(rules, user, "2026-03-01T11:00:00Z", 1));
}

#[test]
fn a_channel_that_is_named_twice_is_used_once() {
    let rules = "attribute favourite: text\nchannel push, email\n\
                 rule both on cart then send first via favourite and email";
    let user = r#"{"id": "u", "attributes": {"favourite": "email"},
  "events": [{"type": "cart", "at": "2026-03-01T10:00:00Z"}]}"#;
    assert_snapshot!(scene(rules, user, "2026-03-01T11:00:00Z", 1));
}

#[test]
fn a_touch_placed_meanwhile_may_end_the_condition_of_a_later_step() {
    // Between the two steps of the one comes the turn of the other.
    let rules = "channel sms needs consent\nchannel push\n\
                 rule lonely if no contact in 3 days then send first via sms then after 1 day send second via push\n\
                   priority 60 - 20 * days since last visit\n\
                 rule news on 2026-03-01 at 12:00 then send news via push";
    let user = r#"{"id": "u", "events": [{"type": "visit", "at": "2026-03-01T09:00:00Z"}],
  "contacts": [{"at": "2026-02-26T10:00:00Z", "channel": "push", "message": "news"}]}"#;
    assert_snapshot!(scene(rules, user, "2026-03-01T10:00:00Z", 3));
}
