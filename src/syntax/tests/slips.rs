//! What people write by mistake, and what they are told.

use super::*;

/// Each source with what is said of it.
fn told(sources: &[&str]) -> String {
    sources
        .iter()
        .map(|source| {
            let errors = errors(source);
            assert!(!errors.is_empty(), "{source}");
            format!("{errors}\n")
        })
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn operators_of_other_languages() {
    snapshot!(told(&[
        "if tier = gold then send x",
        "if tier == \"gold\" then send x",
        "if tier != gold then send x",
        "if tier <> gold && !lapsed || points ≥ 10 then send x",
        "if points => 10 & vip then send x",
        "if not lapsed and points × 2 ＞ 10 then send x",
    ]));
}

#[test]
fn punctuation_of_other_languages() {
    snapshot!(told(&[
        "use “shop.touch”",
        "use 'shop.touch'",
        "use 「shop.touch」",
        "if tier is ‘gold’ then send x via “push”",
        "attribute 会员：one of 金卡，银卡",
        "if （lapsed or vip） then send x。",
        "hold out １０％ as \"a\"",
        "rule x { if lapsed then send y; }",
        "// a comment\nevent a",
        "event a -- a comment",
        "/* a\n comment */\nevent a",
        "use \"shop.touch\nevent a",
        "use \"shop.touch”\nevent a",
        "use \"a\\b.touch\"",
        "event a\u{200B}b",
    ]));
}

#[test]
fn missing_and_superfluous_words() {
    snapshot!(told(&[
        "if lapsed send coupon",
        "if lapsed then send coupon send reminder",
        "if lapsed then",
        "if lapsed",
        "if lapsed and then send x",
        "if lapsed then send coupon via",
        "rule winback\nthen send coupon",
        "then send coupon",
        "when lapsed then send coupon",
        "if lapsed then send a else send b",
        "if lapsed then send a\nelse send b",
        "if birthday is null then send a",
        "if birthday is not null then send a",
        "if never ordered then send a",
        "if points 100 then send a",
        "if 3 orders in 7 days then send a",
        "if points + 1 then send a",
        "if no then send a",
        "if total order > 3 then send a",
        "if total order amount then send a",
        "if last order \"milk\" then send a",
        "if (lapsed and vip) > 3 then send a",
        "if points + 1 before then send a",
        "segment lapsed no order in 7 days",
        "segment lapsed:\nevent order",
        "rule x: if lapsed then send y",
        "event order: amount: number",
        "on visit then send a with code: \"X\"",
        "if lapsed then send a at 10:00 then send b",
        "if lapsed then send a if vip",
        "on visit at 10:00 then send a at 11:00",
        "on visit within 4 hours then send a expires after 1 day",
        "if lapsed then send a via push via sms",
        "if lapsed then send a via push, sms",
        "if lapsed then send a via push or sms and email",
        "if no order in 7 days in 30 days then send a",
        "on birthday 10:00 then send a",
        "every 2 weeks then send a",
        "every month then send a",
        "2 hours before birthday then send a",
        "test \"x\" given tier gold at 2026-01-01 10:00",
        "test \"x\" at 2026-01-01 expect nothing",
        "at most 3 touches",
        "at most 3 touches per hour",
        "at least 3 touches in 7 days",
        "hold out 10 as \"x\"",
        "hold out 10%",
        "hold out 120% as \"x\"",
        "hold out 10 percent as \"x\"",
        "quiet hours 21:00 - 09:00",
        "quiet hours 21:00",
        "cron 0 10 * * MON then send x",
        "use shop.touch",
        "time zone Asia/Shanghai",
    ]));
}

#[test]
fn names_and_types() {
    snapshot!(told(&[
        "attribute in: text",
        "if lapsed then send then",
        "event send",
        "segment win-back: lapsed",
        "rule win-back if lapsed then send x",
        "rule 3for2 if lapsed then send x",
        "attribute \"\": text",
        "attribute name: string",
        "attribute vip: boolean",
        "attribute name text",
        "attribute x: banana",
        "message x in zh_CN",
        "sement lapsed: ordered before",
        "banana",
        "attribute tier: one of",
    ]));
}

#[test]
fn numbers_dates_and_times() {
    snapshot!(told(&[
        "if points >= 1,000 then send x",
        "if points >= 99999999999999 then send x",
        "if points > 10% then send x",
        "if no order in 30days then send x",
        "if no order in 30 then send x",
        "if no order in 0 days then send x",
        "if no order in 1.5 hours then send x",
        "if at least 1.5 orders then send x",
        "at most 5000000000 touches per day",
        "on 2026-02-30 then send x",
        "on 2026-13-01 then send x",
        "on 2026/10/01 then send x",
        "on 01.10.2026 then send x",
        "on 2026年10月1日 then send x",
        "every year on 02-30 then send x",
        "every month on 32 then send x",
        "on birthday at 9am then send x",
        "on birthday at 12:30 pm then send x",
        "on birthday at 21h then send x",
        "on birthday at 10点 then send x",
        "on birthday at 10 then send x",
        "on birthday at 25:00 then send x",
        "on birthday at 24:00 then send x",
        "on birthday at noon then send x",
        "if x is 3x then send y",
    ]));
}

#[test]
fn what_one_may_try_in_many_ways() {
    let text = include_str!("attempts.touch");
    snapshot!(told(&[text]));
}

#[test]
fn what_marketers_say_aloud() {
    snapshot!(told(&[
        "if tier gold then send coupon every 7 days\n",
        "if tier gold then send coupon at 10:00 on monday",
        "every mon at 10:00 then send news",
        "if tier gold then send coupon max 3 times",
        "if age above 18 then send coupon",
        "if age equals 18 then send coupon",
        "if last order more than 30 days ago then send coupon",
        "if user has not ordered in 30 days then send coupon",
        "if customer has no orders in 30 days then send coupon",
        "if tier gold then send coupon not more than 1 per week",
        "if tier gold, points > 5 then send coupon",
        "if tier gold then send coupon sms",
        "if tier gold then send coupon and reminder",
        "segment lapsed if no order in 30 days",
        "if sum of order amount >= 1000 then send upgrade",
        "if order amount > 100 then send thanks",
        "if 10 < points < 20 then send thanks",
        "on 10-01 then send news",
        "如果 等级 是 金 那么 发送 优惠券",
    ]));
}

#[test]
fn all_errors_of_a_file_are_told_at_once_and_the_rest_is_read() {
    let text = "\
use “shop.touch”

segment lapsed: ordered before and
segment vip: tier = gold

rule a
  if lapsed send coupon
  at 9am

rule b
  if lapsed then send coupon banana
  priority 80

if vip then send x priority
on birthday then send greeting via sms

rule c if vip then send coupon
";
    let parsed = parse(SourceId(0), text);
    snapshot!(told(&[text]));
    assert_eq!(parsed.file.declarations.len(), 4);
}

#[test]
fn a_whole_declaration_stays_though_what_follows_it_is_broken() {
    let parsed = parse(SourceId(0), "event x\nsement y: lapsed\nevent z");
    assert_eq!((parsed.file.declarations.len(), parsed.diagnostics.len()), (2, 1));
    let parsed = parse(SourceId(0), "if a then send b in 3 days\nevent z");
    assert_eq!((parsed.file.declarations.len(), parsed.diagnostics.len()), (1, 1));
}

#[test]
fn after_many_errors_reading_is_given_up() {
    let text = "rule x if = then\n".repeat(1000);
    let codes: Vec<_> = parse(SourceId(0), &"segment x: and\n".repeat(1000))
        .diagnostics
        .iter()
        .map(|found| found.code)
        .collect();
    assert_eq!(codes.len(), MOST_ERRORS + 1);
    assert_eq!(codes.last(), Some(&Code::TooManyErrors));
    assert!(!errors(&text).is_empty());
}

#[test]
fn numbers_in_words_and_other_scripts_and_too_fine() {
    snapshot!(told(&[
        "if points > 0.0000001 then send a",
        "if points > 1.23456700001 then send a priority 1.500000000",
        "if points > 9000000000001 then send a",
        "hold out 12.34000001% as \"x\"",
        "if points > ١٠٠ then send a",
        "at most ३ touches in 7 days",
        "at most -1 touches per day",
        "at most one touch per day",
        "if at least two orders then send a",
        "if lapsed then send a after 9999999999 years",
        "every year on 04-31 then send a",
    ]));
}

#[test]
fn what_and_when_in_other_places() {
    snapshot!(told(&[
        "if lapsed then send an sms",
        "if lapsed then send coupon on sms at 10am",
        "if lapsed then send coupon on sms at 10:00",
        "no touches on sunday",
        "no touches on Sundays\nevent visit",
        "if lapsed then send coupon every monday",
        "if lapsed then send coupon every 2 weeks",
    ]));
}

#[test]
fn what_stands_in_another_order() {
    snapshot!(told(&[
        "rule a if number of orders > 3 in 30 days then send coupon",
        "if vip and total order amount > 100 this month then send coupon",
        "if visits >= 3 in 7 days then send coupon",
        "if days since last order > 3 in 30 days then send coupon",
        "3 days before the birthday then send coupon",
        "2 days after last order then send coupon",
        "if lapsed then send coupon once",
        "if lapsed then send coupon 3 times",
        "if lapsed then send coupon for 10% of users",
        "if lapsed then send coupon via push for 10% of users",
        "if lapsed then send coupon on monday",
        "if lapsed then send coupon via push on mondays at 10:00",
        "every 2nd monday then send coupon",
        "every other friday then send coupon",
        "every 1st monday then send coupon",
        "every 2nd monday of the month then send coupon",
        "every last friday then send coupon",
        "every 2nd then send coupon",
        "if visited 3 times in 7 days then send coupon",
        "if purchased 3 times then send coupon",
        "if ordered twice in 7 days then send coupon",
        "if visited at least 3 times then send coupon",
        "quiet hours on sunday",
        "quiet hours saturday, sunday for push",
        "contact hours for call",
        "quiet hours for sms # at night",
    ]));
}

#[test]
fn files_of_data_are_one_error() {
    snapshot!(told(&[
        "{\"id\": \"u1\", \"attributes\": {}}\n{\"id\": \"u2\"}\n",
        "\nid,tier\nu1,gold\nu2,silver\n"
    ]));
}
