use super::*;
use crate::{
    check::{self, Loaded, Loader},
    plan::{Horizon, Planner},
    snapshot::{Contact, Event, Snapshot},
};

const NOW: &str = "2026-03-01T02:00:00Z"; // 10:00 in Shanghai, a Sunday

/// Has one calendar under any name.
struct Calendars;

impl Loader for Calendars {
    fn load(&self, path: &str, _from: &str) -> Result<Loaded, String> {
        let text = "date,name\n2026-09-25,Mid-Autumn\n2026-10-01,National Day\n".into();
        Ok(Loaded { name: path.into(), text })
    }
}

/// The rules, then the user's story by them.
fn told(source: &str, user: &Snapshot) -> String {
    let compiled = check::compile(vec![("rules.touch".into(), source.into())], &Calendars, None)
        .unwrap_or_else(|found| panic!("{found}"));
    let user = user.bind(&compiled.program).unwrap();
    let plan = Planner::new(&compiled.program).plan(&user, NOW.parse().unwrap(), Horizon::days(30));
    let story = story(&compiled.program, &compiled.sources, &user, &plan, |_| true);
    format!("{}\n\n=====\n\n{story}", source.trim())
}

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn order(at: &str, amount: i64, category: &str) -> Event {
    let fields = [("amount".to_string(), amount.into()), ("category".to_string(), category.into())];
    Event { kind: "order".into(), at: self::at(at), id: None, fields: fields.into() }
}

fn contact(at: &str, message: &str, channel: &str, rule: Option<&str>) -> Contact {
    Contact {
        at: self::at(at),
        channel: Some(channel.into()),
        message: Some(message.into()),
        categories: None,
        rule: rule.map(Into::into),
        touch_id: None,
    }
}

const SHOP: &str = r#"
time zone "Asia/Shanghai"
attribute tier: one of bronze, silver, gold
attribute points: number
attribute birthday: date
attribute employee: yes or no
event order: amount number, category text
event complaint: severity number
channel push
channel sms needs consent
channel email
"#;

fn shop(rules: &str) -> String {
    format!("{}\n{}", SHOP.trim(), rules.trim())
}

#[test]
fn why_a_rule_is_not_due() {
    let mut user = Snapshot::new("u17").attribute("tier", "silver").attribute("employee", false);
    user.events = vec![
        order("2026-02-10T06:03:00Z", 20, "milk"),
        order("2026-02-12T06:03:00Z", 20, "tea"),
        order("2026-02-17T06:03:00Z", 30, "milk"),
    ];
    insta::assert_snapshot!(told(
        &shop(
            r#"
segment lapsed: ordered before and no order in 30 days

rule winback "Gold customers gone quiet"
  if lapsed and tier is gold and not employee
  then send coupon via push

rule regulars
  if at least 5 orders in 30 days or points >= 100
  then send thanks via push

rule milk
  if days since last order of category "milk" >= 30 and total order amount in 90 days > 50
  then send milk_note via push

rule many
  if tier in (bronze, gold) or subscribed to sms or reachable on email and birthday is known
  then send card via email

rule off_one
  if points > 3 then send other via push
  off
"#
        ),
        &user
    ));
}

#[test]
fn what_is_planned_moved_and_withheld() {
    let mut user =
        Snapshot::new("u2").attribute("tier", "gold").attribute("points", 250).consent("sms", false);
    user.events = vec![order("2026-01-20T06:03:00Z", 20, "milk")];
    user.contacts = vec![
        contact("2026-02-28T10:00:00Z", "news", "push", Some("newsletter")),
        contact("2026-02-26T10:00:00Z", "news", "push", Some("newsletter")),
    ];
    insta::assert_snapshot!(told(
        &shop(
            r#"
quiet hours 21:00 to 12:00 for push
at most 2 touches in 7 days
message coupon: promotion

rule winback "Gold customers gone quiet"
  if ordered before and no order in 30 days and tier is gold
  then send coupon via push or sms
  then after 3 days send reminder via sms unless order

rule urgent
  if points > 100
  then send urgent_note via push or sms
  within 2 hours

rule newsletter
  every week from 2026-02-26 at 18:00
  if points > 200
  then send news via push
"#
        ),
        &user
    ));
}

#[test]
fn what_was_sent_before_and_is_done() {
    let mut user = Snapshot::new("u3").attribute("tier", "gold").attribute("birthday", "1990-05-02");
    user.events = vec![
        order("2025-12-20T06:03:00Z", 20, "milk"),
        Event {
            kind: "complaint".into(),
            at: at("2026-02-27T06:00:00Z"),
            id: None,
            fields: [("severity".to_string(), 3.into())].into(),
        },
    ];
    user.contacts = vec![
        contact("2026-02-01T02:00:00Z", "coupon", "push", Some("winback")),
        contact("2026-02-03T02:00:00Z", "card", "email", Some("once")),
    ];
    insta::assert_snapshot!(told(
        &shop(
            r#"
hold out 50% as "q1-control"

rule winback
  if ordered before and no order in 30 days
  then send coupon via push
  again after 90 days

rule once
  if tier is gold
  then send card via email

rule held_out
  if tier is gold and not for 5% of users as "pilot"
  then send hello via sms or email

rule complaint_call
  on complaint where severity >= 2
  then send callback via email
  within 4 hours

rule visit_again
  on order
  if for 20% of users as "pilot"
  then send hello via email

rule birthday
  on birthday at 09:00 then send greeting via push
"#
        ),
        &user
    ));
}

#[test]
fn several_are_called_as_declared() {
    let mut user = Snapshot::new("u6");
    for day in ["20", "21", "22"] {
        let at = at(&format!("2026-02-{day}T06:00:00Z"));
        user.events.push(Event { kind: "entry".into(), at, id: None, fields: [].into() });
        user.contacts.push(contact(&format!("2026-02-{day}T06:00:00Z"), "card", "sms", None));
    }
    let story = told(
        "time zone \"UTC\"\nevent entry plural entrances\nchannel sms\nmessage card\n\
         if at least 5 entrances in 30 days and at least 4 sms in 30 days and number of entrances > 7 then send card",
        &user,
    );
    assert!(story.contains("3 entrances in 30 days, needs at least 5"), "{story}");
    assert!(story.contains("3 sms in 30 days, needs at least 4"), "{story}");
    assert!(story.contains("number of entrances is 3, needs more than 7"), "{story}");
}

/// Before the contacts that fill a cap there is no room either, and behind them only when they have left the window.
#[test]
fn a_full_cap_says_when_there_is_room_again() {
    let user = Snapshot::new("u7").attribute("points", 5).event("complaint", at("2026-03-01T01:00:00Z"));
    let story = told(
        &shop(
            "quiet hours 21:00 to 11:00 for push\nat most 2 touches in 7 days\n\
             rule one if points > 1 then send a via push priority 90\n\
             rule two if points > 2 then send b via push priority 90\n\
             rule sorry on complaint then send c via push within 90 minutes even in quiet hours",
        ),
        &user,
    );
    assert!(story.contains("; free from 2026-03-08 11:00"), "{story}");
}

/// What was not followed to its end is not told as lasting, nor as ending there.
#[test]
fn a_condition_that_changes_too_often_is_followed_so_far_and_no_further() {
    // Each order changes the total when it comes, and again when it leaves the window.
    let mut user = Snapshot::new("u8");
    for minutes in 1..=6_000 {
        let at = at(NOW).plus_micros(-60_000_000 * minutes);
        user.events.push(Event { at, ..order(NOW, 1, "tea") });
    }
    let few = Snapshot { events: user.events[..1_000].to_vec(), ..user.clone() };
    let rules = shop(
        "rule much if total order amount in 30 days >= 1 then send a via push within 1 day\n\
         rule none if total order amount in 30 days < 1 then send b via push",
    );
    let story = told(&rules, &user);
    let story = story.split("=====").nth(1).unwrap();
    insta::assert_snapshot!(story);
    let story = told(&rules, &few);
    assert!(!story.contains("at least") && !story.contains("no further"), "{story}");
}

/// What was due and can go no more says why, and when it was due.
#[test]
fn what_is_over_says_why() {
    let mut user = Snapshot::new("u9").attribute("points", 5).event("complaint", at("2026-02-27T05:00:00Z"));
    user.events.push(order("2026-03-01T01:30:00Z", 20, "tea"));
    user.events.push(Event { kind: "visit".into(), ..order("2026-03-01T01:00:00Z", 1, "tea") });
    user.events.push(Event { kind: "basket".into(), ..order("2026-02-27T05:00:00Z", 1, "tea") });
    let story = told(
        &shop(
            "quiet hours 22:00 to 07:00\n\
             event visit: amount number, category text\n\
             event basket: amount number, category text\n\
             rule late on complaint then after 10 hours send a via push within 4 hours\n\
             rule state if basket in 90 days then after 10 hours send b via push within 4 hours\n\
             rule at_once on visit then send c via push within 1 day if blocked drop\n\
             rule bought on visit then send d via push unless order within 3 days\n\
             rule filtered on visit if points > 10 then send e via push within 3 days\n\
             rule state_at_once if basket in 90 days then send f via push if blocked drop\n\
             rule always_at_once if points > 1 then send g via push if blocked drop\n\
             rule for_a_time if points > 1 then send h via push until 2026-01-01",
        ),
        &user,
    );
    insta::assert_snapshot!(story.split("=====").nth(1).unwrap());
}

#[test]
fn festivals_and_attributes_are_called_by_their_names() {
    let mut user = Snapshot::new("u10").attribute("pc", "fax");
    user.events = vec![order("2026-02-20T06:03:00Z", 20, "milk")];
    let story = told(
        &shop(
            "attribute pc: text\nattribute other: text\ncalendar cn \"cn.csv\"\n\
             rule festival 3 days before \"Mid-Autumn\" of cn at 10:00 then send a via push\n\
             rule both if order then send b via pc and push\n\
             rule unknown if order then send c via other",
        ),
        &user,
    );
    assert!(story.contains("Due 3 days before \"Mid-Autumn\" of cn at 10:00."), "{story}");
    assert!(story.contains("      `pc` is fax, which is no channel\n"), "{story}");
    assert!(story.contains("      `other`, which should name a channel, is not known\n"), "{story}");
}
