//! Every form of the language, and the tree it becomes.

use super::*;

/// Each form with its tree.
fn conditions(forms: &[&str]) -> String {
    let shown = forms.iter().map(|form| {
        let read = parse_condition(form)
            .unwrap_or_else(|_| panic!("{form}\n{}", errors(&format!("if {form} then send x"))));
        format!("{form}\n  {}\n", sketch(&read))
    });
    shown.collect::<Vec<_>>().join("\n")
}

fn declarations(forms: &[&str]) -> String {
    let shown = forms.iter().map(|form| {
        let trees: Vec<_> = read(form).declarations.iter().map(|one| format!("  {}", sketch(one))).collect();
        format!("{form}\n{}\n", trees.join("\n"))
    });
    shown.collect::<Vec<_>>().join("\n")
}

#[test]
fn counts() {
    snapshot!(conditions(&[
        "no order",
        "no order in 30 days",
        "no order in the last 30 days",
        "no order in the past 1 month",
        "no order of category \"milk\" in 30 days",
        "no order in 30 days of category milk of amount 5",
        "no order where amount > 100 today",
        "no order where not gift and vip",
        "no order where category \"milk\" in 7 days or vip",
        "order where (amount * 2 > 100 or category is \"milk\") in 7 days",
        "order where amount > average order amount in 7 days",
        "order in 7 days",
        "order today",
        "order this week",
        "at least 3 orders in 30 days",
        "at most 3 orders this year",
        "fewer than 2 visits this month",
        "less than 2 visits",
        "more than 2 visits since 2026-01-01",
        "exactly 1 order",
        "no message survey in 7 days",
        "no message",
        "no event order",
        "at least 2 rule \"win-back\" in a week",
        "no category promotion in an hour",
        "no channel sms",
        "ordered before",
        "lapsed",
        "no \"big order\" in 7 days",
    ]));
}

#[test]
fn comparisons() {
    snapshot!(conditions(&[
        "tier gold",
        "tier \"gold\"",
        "tier is gold",
        "tier is not gold",
        "tier in (gold, silver)",
        "tier is in (gold)",
        "tier not in (gold)",
        "tier is not in (gold)",
        "tier is one of (gold, silver)",
        "tier is not one of (\"gold\", silver)",
        "points >= 100",
        "points < -1.5",
        "points is at least 100",
        "points is more than 100",
        "paid_until is before 2026-10-01",
        "paid_until is on or after 2026-10-01 09:30",
        "points between 10 and 20 and vip",
        "points is not between 10 and 20",
        "name contains \"x\"",
        "name does not contain \"a \\\"b\\\" \\\\\"",
        "birthday is known",
        "birthday is not known",
        "birthday is unknown",
        "birthday is missing",
        "employee is yes",
        "employee is no and vip",
        "last order category \"milk\"",
        "\"last visit\" is known and \"days left\" + 1 > 3 and \"big spender\" and not \"big order\" in 7 days",
        "day is number or time is contact",
    ]));
}

#[test]
fn logic_and_other_conditions() {
    snapshot!(conditions(&[
        "not a and b or c",
        "a or b and not (c or d)",
        "not not a",
        "((a))",
        "IF_ONLY AND Not b OR c",
        "in segment lapsed",
        "not in segment lapsed",
        "subscribed to sms and reachable on push",
        "for 20% of users as \"pilot\"",
        "for 0.5% as \"pilot\"",
        "today is monday",
        "today is saturday or sunday",
        "today is not saturday, sunday",
        "today is saturday or vip",
        "today is a weekday",
        "today is weekend",
        "today is in cn",
        "today is not in cn",
        "today is \"Mid-Autumn\" of cn",
        "today is 2026-11-11",
        "today is on or after 2026-11-01",
        "today is on or before 2026-11-01",
        "today is before paid_until",
        "today is after 2026-11-01",
        "today is not on birthday",
    ]));
}

#[test]
fn values() {
    snapshot!(conditions(&[
        "a + b * c - d / 2 > 1",
        "(a + b) * -c > 0.8 * (d)",
        "x is 30 days",
        "x is 1 week",
        "x is 2026-10-01",
        "x is 2026-10-01 9:00",
        "number of orders in 90 days > 3",
        "total order amount >= 100",
        "average order amount of category \"milk\" in 90 days > 5",
        "smallest order amount > 5 and largest order amount < 10",
        "average days between orders of category \"x\" > 3",
        "days since last order where amount > 5 >= 30",
        "hours since first order >= 30",
        "hours since signup_at > 1",
        "years since birthday >= 18",
        "days until paid_until <= 3",
        "last order category is \"milk\"",
        "first order amount > 3",
        "most common order category in 90 days is \"milk\"",
        "total > 3 and last > 4 and first is 5",
    ]));
}

#[test]
fn definitions() {
    snapshot!(declarations(&[
        "use \"shop.touch\"",
        "time zone \"Asia/Shanghai\"",
        "week starts monday",
        "week starts on sunday",
        "attribute points: number",
        "attribute name: text",
        "attribute \"last visit\": date",
        "attribute seen: date and time",
        "attribute employee: yes or no",
        "attribute tier: one of bronze, silver, \"very gold\"",
        "attribute tier: one of (bronze, silver)",
        "attribute tags: list of text",
        "event visit",
        "event order: amount number, category text",
        "event entry plural entries past entered: kind one of (a, b), at_home yes or no",
        "event order: kind one of a, b, amount number",
        "channel push",
        "channel sms needs consent, email",
        "message coupon",
        "message coupon: promotion, discount in zh-HK, en",
        "message greeting in en, zh-Hant-HK",
        "calendar cn \"calendars/cn.csv\"",
        "segment lapsed: ordered before and no order in 30 days",
        "segment \"big spender\": points > 10",
        "hold out 10% as \"q1-control\"",
        "hold out 0.5% of users as \"q1\"",
    ]));
}

#[test]
fn hours_caps_and_gaps() {
    snapshot!(declarations(&[
        "quiet hours 21:00 to 09:00",
        "quiet hours 21:00 to 24:00 on weekdays for sms, call if vip from 2026-01-01 until 2026-12-31",
        "contact hours from 9:30 to 20:00 for call and sms on monday, friday",
        "contact hours 10:00 to 20:00 on days not in cn",
        "quiet hours 10:00 to 20:00 on days in cn for call",
        "at most 1 touch per day",
        "at most 3 touches in 7 days, 5 if tier is gold, 7 if vip and lapsed if subscribed to sms from 2026-01-01",
        "at most 1 message coupon in the last 30 days",
        "at most 2 promotion per month",
        "at least 12 hours between promotion",
        "at least 7 days between callback and promotion if vip until 2026-12-31",
        "at most 1 touch per day\nif lapsed at 10:00 if blocked drop then send coupon",
        "at most 1 touch per day if lapsed\nif vip then send coupon",
    ]));
}

#[test]
fn triggers() {
    let forms = [
        "if lapsed and vip",
        "on complaint",
        "on complaint where severity >= 2 and not late",
        "on order of category \"milk\" where amount > 3",
        "on birthday",
        "on paid_until once",
        "on 2026-10-01",
        "on \"Mid-Autumn\" of cn",
        "on \"big order\" of category \"milk\"",
        "on \"last visit\"",
        "3 days before birthday",
        "1 week after paid_until once",
        "2 days before \"Mid-Autumn\" of cn",
        "2 days after 2026-10-01",
        "every day",
        "every weekday",
        "every weekend",
        "every monday, thursday",
        "every monday and thursday",
        "every month on 8, 18",
        "every month on last day",
        "every month on the 1st and the last day",
        "every year on 11-11",
        "every 2 weeks from 2026-01-05",
        "every week from 2026-01-05",
        "every 6 months since bought_at",
        "cron \"0 10 * * MON\"",
    ];
    let rules: Vec<String> = forms.iter().map(|form| format!("{form} then send x")).collect();
    let shown = declarations(&rules.iter().map(String::as_str).collect::<Vec<_>>());
    snapshot!(shown);
}

#[test]
fn rules() {
    snapshot!(declarations(&[
        "rule a if b then send c",
        "rule \"win-back\" \"For the lapsed\" off if b then send c",
        "rule if b then send c",
        "rule every day then send c",
        "rule cron \"0 10 * * MON\" then send c",
        "on visit\n  after 2 days at 10:00 if vip within 4 hours priority 80 ignoring caps not counted\n  then send c",
        "on visit then send c\n  expires after 3 days again after 90 days at most 3 times in 1 year if blocked drop",
        "on visit then send c\n  expires in 3 days at most once per month even in quiet hours if blocked stop off",
        "on visit then send c at most 2 times between 10:00 and 12:00 from 2026-01-01 until 2026-12-31 if blocked wait",
        "if a then send b if blocked stop\nif c then send d",
        "on visit then send b if vip\nif c then send d",
        "if a then send b via push or sms with code \"X\", n days since last order unless order",
        "if a then send b unless order via push and sms with code \"X\"",
        "if a then send b via \"preferred channel\" or push priority points * 2",
        "if a then after 3 days at 18:00 between 17:00 and 24:00 send b then after 1 week send c",
        "if a then send one of coupon_a 50%, coupon_b 50% as \"offer-test\" via push",
    ]));
}

#[test]
fn a_day_beside_what_is_expected_is_no_trigger() {
    snapshot!(declarations(&[
        "test \"day\" expect a on 2026-03-01\nif b then send c",
        "test \"day\" expect a via push on 2026-03-01\nif b then send c",
        "test \"day\"\n  expect a\n    on 2026-03-01 # not before\n\nif b then send c",
        "test \"day\"\n  expect a\n    via push\n    on 2026-03-01\n \t\r\n\nif b then send c",
        "test \"day\"\n  expect a\n    on 2026-03-01\n    with code \"X\"\nif b then send c",
        "test \"any day\" expect a\n\non 2026-03-01\nif b\nthen send c",
        "test \"any day\" expect a\non 2026-03-01 then send c",
    ]));
}

#[test]
fn tests_in_rule_files() {
    snapshot!(declarations(&[
        "test \"gold\"\n  given tier gold, points 200, employee no\n  given id \"u1\", time zone \"Asia/Shanghai\", locale \"zh-HK\", locale en\n  at 2026-03-01 09:00 for 30 days\n  expect coupon via push by gold_winback at 2026-03-01 10:00 with code \"BACK20\", n 3\n  expect nothing",
        "test \"history\"\n  given order 31 days ago with amount 20, category \"milk\"\n  given order at 2026-01-01 10:00, visit 2 hours ago\n  given contact 3 days ago, contact of coupon via sms by gold 3 days ago, contact coupon at 2026-01-01 10:00\n  given coupon via sms 3 days ago, coupon by gold 1 day ago\n  expect coupon withheld because quiet_hours",
        "test \"consent\"\n  given subscribed to sms, not subscribed to call, reachable on push, not reachable on email\n  given employee, not vip, tier is gold\n  at 2026-03-01 09:00\n  expect coupon on 2026-03-02 expect coupon withheld",
    ]));
}

#[test]
fn a_file_in_chinese() {
    let text = "\
# 沉睡会员召回
属性";
    assert_eq!(parse(SourceId(0), text).file.declarations.len(), 0);
    snapshot!(declarations(&["\
# 沉睡会员召回
attribute 会员等级: one of 铜卡, 银卡, 金卡
event 下单 plural 下单 past 下过单: 金额 number, 品类 text
channel 短信 needs consent
channel 微信
message 优惠券: 促销 in zh-CN
segment 沉睡: 下过单 before and no 下单 in 30 days
quiet hours 21:00 to 09:00 for 短信
rule 召回 \"金卡会员三十天未下单\"
  if 沉睡 and 会员等级 金卡
  then send 优惠券 via 微信 or 短信
       with 天数 days since last 下单
  then after 3 days send 优惠券 via 短信 unless 下单
  at 10:00"]));
}

#[test]
fn keywords_are_words_in_any_case_and_names_may_hold_them() {
    assert_eq!(
        sketch(&read("RULE a IF no Order IN 30 DAYS THEN SEND x Via push")),
        sketch(&read("rule a if no Order in 30 days then send x via push"))
    );
    for name in ["ifx", "if_", "android", "order2", "nota", "today_", "_x", "éa", "名"] {
        assert!(is_plain_name(name), "{name}");
        assert!(matches!(parse_condition(name).unwrap().node, ast::ConditionKind::Bare(_)), "{name}");
    }
    for name in RESERVED.iter().copied().chain(["rule", "2a", "a-b", "a b", "", "\"x", "\"x\""]) {
        assert!(!is_plain_name(name), "{name}");
    }
}

#[test]
fn a_declaration_ends_where_a_rule_without_a_name_begins() {
    for (first, second) in [
        ("at most 3 touches in 7 days if tier gold", "if lapsed then send coupon"),
        ("on order then send a if points > 3 priority 80", "if lapsed priority 3 then send coupon"),
        ("test \"t\" expect coupon", "on 2026-10-01 at 10:00 then send coupon"),
    ] {
        let together = sketch(&read(&format!("{first}\n{second}")).declarations);
        let apart = [read(first).declarations, read(second).declarations].concat();
        assert_eq!(together, sketch(&apart), "{first}");
    }
    assert_eq!(
        sketch(&read("test \"t\" given contact a week ago expect nothing")),
        sketch(&read("test \"t\" given contact 1 week ago expect nothing"))
    );
}
