//! Source → program.

use super::{compile, folder, shown};

const SHOP: &str = include_str!("shop.touch");
const WINBACK: &str = include_str!("winback.touch");

#[test]
fn the_real_example_compiles() {
    let files = folder(&[("shop.touch", SHOP)]);
    let compiled = compile(vec![("winback.touch".into(), WINBACK.into())], &files, None)
        .unwrap_or_else(|found| panic!("{found}"));
    let text = format!("{}\n{}", compiled.program, compiled.warnings());
    insta::assert_snapshot!(text);
}

#[test]
fn the_smallest_complete_file_is_one_sentence() {
    let text = shown("if no order in 30 days and tier gold then send coupon");
    insta::assert_snapshot!(text);
}

/// The forms of conditions and values.
#[test]
fn conditions_and_values() {
    let text = shown(
        "time zone \"UTC\"
attribute tier: one of bronze, silver, gold
attribute old_tier: one of silver, gold
attribute name: text
attribute nick: text
attribute tags: list of text
attribute points: number
attribute birthday: date
attribute signup_at: date and time
attribute employee: yes or no
event order: amount number, category text
event entry plural entries past entered
channel push
channel sms needs consent
message coupon: promotion
calendar cn \"calendars/cn.csv\"
segment a: not b and fewer than 2 entries this week
segment b: entered before or not (not (exactly 1 order since 2026-01-01))
rule counts if a and at most 3 orders in 7 days and more than 2 promotions in 1 week and no sms today and no contact
  then send coupon
rule tests if tier gold and tier is not bronze and tier in (gold, silver) and tier is old_tier and tier not in (silver)
    and name is nick and name is Bob and tags contains vip and not name contains \"x\" and birthday is known
    and points between 10 and 20 and employee is no and employee is yes
  then send coupon
rule times if today is monday or today is in cn or today is \"National Day\" of cn or today is not on or after 2026-11-01
    or today is before birthday or signup_at > 2026-01-31 or signup_at >= 2026-01-01 10:00
  then send coupon
rule who if for 12.5% of users as \"pilot\" and subscribed to sms and reachable on push and in segment a
  then send coupon
rule values if 0.8 * average days between orders of category \"milk\" < days since last order of category milk
    and total order amount where amount > 2 * 3 in 90 days >= -5 and last order category is milk
    and most common order category in 90 days is \"milk\" and number of entries > points / 2
    and years since birthday >= 18 and days until birthday <= 3 and hours since signup_at > 1 and months since first order is 2
  then send coupon",
    );
    insta::assert_snapshot!(text);
}

/// The forms of rules.
#[test]
fn rules() {
    let text = shown(
        "time zone \"UTC\"
week starts sunday
attribute birthday: date
attribute bought_at: date and time
attribute preferred_channel: text
attribute points: number
event order: amount number
channel push
channel sms
message coupon_a: promotion
message coupon_b: promotion
message note
calendar cn \"calendars/cn.csv\"
contact hours 10:00 to 20:00 on days not in cn for sms from 2026-01-01
quiet hours 22:00 to 08:00 on friday, saturday for push if points < 10
at most 2 touches per week, 4 if points > 100 until 2026-12-31
if points > 3 then send note
if points > 4 then send note again after 3 days at most 3 times in 1 year
rule due on order where amount > 3 if points > 3 after 2 hours between 10:00 and 12:00 within 2 days if blocked drop
  priority points / 10 ignoring caps not counted even in quiet hours from 2026-01-01 until 2026-12-31 off
  then send one of coupon_a 33.33%, coupon_b 66.67% as \"offer\" via preferred_channel or push with bonus points * 2, bought bought_at
  then after 3 days at 18:00 send note via push and sms unless order or order in 90 days or ordered before or number of orders > 1
  then send note
3 days before birthday then send note
on bought_at once then send note
on 2026-10-01 at 09:00 then send note
2 days before \"National Day\" of cn then send note
every monday, thursday then send note
every month on 8, last day then send note
every year on 11-11 then send note
every 2 weeks from 2026-01-05 then send note
every 6 months since bought_at then send note
every day then send note
cron \"0 10 * * MON\" then send note",
    );
    insta::assert_snapshot!(text);
}

/// What undeclared names are is told by all of their uses.
#[test]
fn undeclared_names_are_understood_from_their_uses() {
    let text = shown(
        "time zone \"UTC\"
if points is limit and points >= 100 and vip and tier gold and tags contains \"x\" and birthday is known
    and hours since seen_at > 3 and today is after paid_until and no sms in 3 days
  then send coupon via sms unless visit
if at least 3 orders in 30 days and no orders today and purchased before and no order where (amount > 3 and gift and shop is Berlin)
    and last purchase store is \"A\"
  then send coupon unless order",
    );
    insta::assert_snapshot!(text);
}

#[test]
fn names_and_texts_of_any_script() {
    let text = shown(
        "time zone \"Asia/Shanghai\"
attribute 会员等级: one of 银牌, 金牌
event 下单 past 下过单: 金额 number, 品类 text
channel 短信 needs consent
message 优惠券: 促销
segment 流失: 下过单 before and no 下单 in 30 days
at most 1 促销 in 7 days
rule 召回 \"金牌会员召回\" if 流失 and 会员等级 金牌 and total 下单 金额 in 90 days >= 100
  then send 优惠券 via 短信 with 品类 last 下单 品类 unless 下单",
    );
    insta::assert_snapshot!(text);
}

#[test]
fn names_of_the_data_are_used_where_none_are_declared() {
    use super::super::{Schema, ValueType};
    let known = Schema {
        attributes: vec![("tier".into(), ValueType::Text), ("signup".into(), ValueType::Date)],
        events: vec![("order".into(), vec![("amount".into(), ValueType::Number)])],
        channels: vec![],
    };
    let source = "time zone \"UTC\"\nif tier gold and no ordre in 3 days and total order amuont > 3 and teir is gold\n    and days since signup > 3 and signup > 4\n  then send coupon";
    insta::assert_snapshot!(super::found(source, Some(&known)));
}

/// There may be others tomorrow.
#[test]
fn a_value_that_the_data_lack_is_no_error() {
    use super::super::{Schema, ValueType};
    let one_of = |values: [&str; 2]| ValueType::OneOf(values.map(str::to_owned).to_vec());
    let known = Schema {
        attributes: vec![
            ("tier".into(), one_of(["bronze", "gold"])),
            ("gold".into(), ValueType::Text),
            ("old_tier".into(), one_of(["iron", "tin"])),
        ],
        events: vec![("order".into(), vec![("shop".into(), one_of(["Berlin", "Bonn"]))])],
        channels: vec![],
    };
    let source = "time zone \"UTC\"
rule a if tier silver or tier in (gold, \"bronz\") or tier is old_tier then send coupon
rule b if order where shop is Rome or last order shop is \"Bonn\" then send coupon
rule c if tier is gold or bronze then send coupon
test \"x\"
  given tier silver, order 3 days ago with shop Rome
  at 2026-03-01 09:00
  expect coupon by a
  expect coupon by b";
    let found = super::found(&source.replace("gold or bronze", "gold"), Some(&known));
    assert!(!found.has_errors(), "{found}");
    insta::assert_snapshot!(found);
    let found = super::found(source, Some(&known));
    assert!(found.to_string().contains("write `tier in (gold, bronze)`"), "{found}");
}

#[test]
fn the_names_in_tests_are_checked() {
    let source = "time zone \"UTC\"
attribute tier: one of silver, gold
event order: amount number
channel sms
message coupon: promotion
rule winback if tier gold then send coupon
test \"a\"
  given tier golden, subscribed to smss, order 3 days ago with amuont 3
  given ordre 3 days ago with amount 3
  given contact cupon via sms by winbak 3 days ago
  at 2026-03-01 10:00
  expect coupn via smms by winback
test \"b\"
  given tier gold, subscribed to sms, order 3 days ago with amount 3
  given contact coupon via sms by winback 3 days ago
  at 2026-03-01 10:00
  expect winback withheld";
    insta::assert_snapshot!(super::found(source, None));
}
