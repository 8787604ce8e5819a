//! Source → errors, at least one source for each code.

use super::findings;
use crate::diagnostic::Code;

const SHOP: &str = include_str!("shop.touch");

pub(super) const NAMES: &[(Code, &str)] = &[
    (
        Code::UnknownName,
        "attribute tier: one of bronze, silver, gold\nattribute vip: yes or no\nevent order\nif teir gold then send coupon",
    ),
    (
        Code::UnknownName,
        "attribute tier: one of bronze, silver, gold\nevent order: amount number\nif gold and order where amont > 3 then send coupon",
    ),
    (Code::UnknownName, "attribute 会员等级: text\nevent 下单\nif 会员等及 is 金牌 then send 优惠券"),
    (Code::UnknownName, "attribute points: number\nevent order\nif order > 3 then send coupon"),
    (Code::UnknownEvent, "event order\nevent complaint\non complain within 1 day then send sorry"),
    (Code::UnknownEvent, "event order\nevent purchase past bought\nif purchased before then send coupon"),
    (
        Code::UnknownField,
        "event order: amount number, category text\nif total order amuont in 90 days > 100 then send coupon",
    ),
    (
        Code::UnknownField,
        "channel sms\nevent order\nif no sms where amount > 3 in 7 days then send coupon via sms",
    ),
    (Code::UnknownChannel, "channel push\nchannel sms\nif vip then send coupon via psuh or fax"),
    (Code::UnknownMessage, "message coupon: promotion\nif vip then send cuopon"),
    (Code::UnknownMessage, "channel sms\nif vip then send sms"),
    (
        Code::UnknownName,
        "attribute tier: one of bronze, silver, gold\nif tier is gold or silver or bronze then send coupon",
    ),
    (
        Code::UnknownName,
        "attribute tier: one of bronze, silver, gold\nif tier is not gold or silver then send coupon",
    ),
    (
        Code::UnknownName,
        "attribute tier: one of bronze, silver, gold\nevent order\nif not tier gold and silver and order then send coupon",
    ),
    (
        Code::UnknownName,
        "attribute tier: one of bronze, silver, gold\nevent order\nif tier not in (gold, silver) or bronze then send coupon",
    ),
    (
        Code::UnknownName,
        "attribute points: number\nevent order\nrule a if orders > 3 then send coupon\nrule b if ordr > 3 then send coupon",
    ),
    (
        Code::UnknownName,
        "attribute tier: text\nevent order\nif order or tier is Gold or silver then send coupon",
    ),
    (
        Code::UnknownName,
        "event order\nattribute \"caf\u{e9}\": yes or no\nif \"cafe\u{301}\" then send coupon",
    ),
    (
        Code::UnknownSegment,
        "segment lapsed: ordered before and no order in 30 days\nif in segment lapse then send coupon",
    ),
    (Code::UnknownCalendar, "calendar cn \"calendars/cn.csv\"\nif today is in china then send coupon"),
    (
        Code::UnknownFestival,
        "calendar cn \"calendars/cn.csv\"\n2 days before \"Mid Autumn\" of cn then send greeting",
    ),
    (Code::UnknownSubject, "event order\nif no ordre in 30 days and ordered before then send coupon"),
    (Code::UnknownSubject, "event order\nattribute birthday: date\nif birthday in 3 days then send greeting"),
    (Code::UnknownSubject, "event order\nat most 3 orders in 7 days\nif vip then send coupon"),
    (
        Code::UnknownSubject,
        "message coupon: promotion\nat most 3 promotoins in 7 days\nif vip then send coupon",
    ),
    (Code::UnknownValue, "attribute tier: one of bronze, silver, gold\nif tier is golden then send coupon"),
    (
        Code::UnknownValue,
        "attribute tier: one of bronze, silver, gold\nif tier in (gold, \"platinum\") then send coupon",
    ),
    (Code::UnknownZone, "time zone \"Asia/Shangai\"\nif vip then send coupon"),
    (Code::AmbiguousName, "event survey\nmessage survey: care\nif no survey in 30 days then send survey"),
    (Code::AmbiguousName, "event vip\nattribute vip: yes or no\nif vip then send coupon"),
    (
        Code::AmbiguousName,
        "event birthday\nattribute birthday: date\non birthday within 1 day then send greeting",
    ),
    (Code::DuplicateName, "attribute tier: text\nattribute tier: number\nif tier is known then send coupon"),
    (
        Code::DuplicateName,
        "rule lapsed if vip then send coupon\nrule lapsed if not vip then send news via sms or sms with a 1, a 2",
    ),
    (
        Code::DuplicateName,
        "attribute tier: one of gold, gold\nevent order: amount number, amount text\nif order then send coupon",
    ),
    (Code::ReservedName, "event contact\nevent visit\nif no visit in 3 days then send coupon"),
    (
        Code::SegmentCycle,
        "segment a: vip and b\nsegment b: c or vip\nsegment c: not a\nif a then send coupon",
    ),
    (Code::SegmentCycle, "segment lapsed: ordered before and lapsed\nif lapsed then send coupon"),
];

pub(super) const TYPES: &[(Code, &str)] = &[
    (Code::TypeMismatch, "attribute signup_on: date\nif signup_on > 30 days then send coupon"),
    (Code::TypeMismatch, "attribute points: number\nif points is \"100\" then send coupon"),
    (
        Code::TypeMismatch,
        "attribute name: text\nattribute birthday: date\nif name is 100 and birthday is \"2000-01-01\" then send coupon",
    ),
    (
        Code::TypeMismatch,
        "attribute tags: list of text\nattribute points: number\nif tags is vip or points contains 3 then send coupon",
    ),
    (Code::TypeMismatch, "attribute points: number\nif points is known then send coupon via points"),
    (
        Code::NotANumber,
        "attribute tier: text\nevent order: category text\nif total order category > 100 or tier + 1 > 3 then send coupon",
    ),
    (Code::NoOrder, "attribute tier: one of bronze, silver, gold\nif tier >= silver then send coupon"),
    (Code::NoOrder, "attribute name: text\nif name > \"m\" then send coupon"),
    (Code::UnitMismatch, "if days since last order >= 4 weeks then send coupon"),
    (
        Code::UnitMismatch,
        "if hours since last order >= 2 days or days since last order > 2 months then send coupon",
    ),
    (Code::UnitMismatch, "if days since last order >= 0.8 * average hours between orders then send coupon"),
    (Code::UnitMismatch, "if days since last order * 2 days > 3 then send coupon"),
    (Code::UnitOnNumber, "attribute points: number\nif points >= 30 days then send coupon"),
    (Code::UsesDisagree, "if points >= 100 then send coupon\nif points is \"many\" then send news"),
    (Code::UsesDisagree, "if vip then send coupon\nif vip > 3 then send news"),
    (
        Code::UsesDisagree,
        "if order where amount > 3 then send coupon\nif order where amount is \"high\" then send news",
    ),
    (Code::NotAMoment, "event order\n2 days after orders then send coupon"),
    (Code::NotAMoment, "attribute tier: text\nif days since tier > 3 then send coupon"),
    (Code::NotAMoment, "event order\nif days since order > 3 then send coupon"),
    (Code::NotAMoment, "attribute tier: text\nevent order\non tier then send coupon"),
    (
        Code::NotYesNo,
        "attribute tier: one of bronze, silver, gold\nattribute points: number\nif tier and points then send coupon",
    ),
    (Code::PercentTooFine, "if vip and for 12.345% of users as \"pilot\" then send coupon"),
    (
        Code::BeyondFilter,
        "event order: amount number\nif order where (amount > average order amount) then send coupon",
    ),
    (Code::BeyondFilter, "event order: amount number\nif order where (today is monday) then send coupon"),
];

pub(super) const RULES: &[(Code, &str)] = &[
    (Code::AgainNeedsIf, "on order within 1 day then send thanks again after 30 days"),
    (Code::TimeConflict, "every 4 hours from 2026-01-05 then send news at 10:00"),
    (Code::TimeConflict, "cron \"0 10 * * MON\" at 09:00 then send news"),
    (Code::LimitZero, "at most 0 touches per day\nif vip then send coupon"),
    (Code::LimitZero, "at most 3 touches per day, 0 if vip\nif vip then send coupon at most 0 times"),
    (Code::EmptyHours, "quiet hours 21:00 to 21:00\nif vip then send coupon between 10:00 and 10:00"),
    (
        Code::LifeOver,
        "at most 1 touch per day from 2026-11-11 until 2026-11-01\nif vip then send coupon from 2026-10-01 until 2025-10-31",
    ),
    (Code::SharesTooMuch, "if vip then send one of coupon_a 60%, coupon_b 50% as \"offer-test\""),
    (Code::SharedTwice, "if vip then send one of coupon_a 50%, coupon_a 50% as \"offer-test\""),
    (Code::SharedTwice, "hold out 10% as \"q1\"\nhold out 20% as \"q1\"\nif vip then send coupon"),
    (Code::CronLine, "cron \"0 10 * * 1-5\" then send news"),
    (Code::CronLine, "cron \"0 9 30 2 *\" then send news"),
    (
        Code::UnclearBeginnings,
        "if vip then send coupon then after 3 days send news then after 3 days send coupon at most 2 times",
    ),
];

pub(super) const FILES: &[(Code, &str)] = &[
    (Code::FileNotFound, "use \"shpo.touch\"\nif tier gold then send coupon"),
    (Code::BadCalendar, "calendar cn \"broken.csv\"\nif today is in cn then send coupon"),
    (
        Code::SettingsDiffer,
        "time zone \"Asia/Shanghai\"\ntime zone \"Europe/Berlin\"\nweek starts monday\nweek starts sunday\nif vip then send coupon",
    ),
];

#[test]
fn names() {
    insta::assert_snapshot!(findings(NAMES));
}

#[test]
fn types() {
    insta::assert_snapshot!(findings(TYPES));
}

#[test]
fn rules() {
    insta::assert_snapshot!(findings(RULES));
}

#[test]
fn files() {
    insta::assert_snapshot!(findings(FILES));
}

/// What is unknown because a declaration could not be read is not held against the rules.
#[test]
fn a_broken_declaration_makes_one_error() {
    let source = SHOP.replace("attribute points: number", "attribute points numbr,");
    let source = format!("{source}\nif points >= 100 then send coupon via push");
    let found = super::found(&source, None);
    assert_eq!(
        found.list.iter().filter(|one| one.code.number() >= 200 && one.code.number() < 700).count(),
        0,
        "{found}"
    );
    assert!(found.has_errors(), "{found}");
}
