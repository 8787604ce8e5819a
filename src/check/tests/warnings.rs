//! Source → warnings, and what must not be warned of.

use super::{findings, found};
use crate::diagnostic::Code;

pub(super) const CASES: &[(Code, &str)] = &[
    (Code::NeverHappened, "time zone \"UTC\"\nif no order in 30 days and tier gold then send coupon"),
    (
        Code::NeverHappened,
        "time zone \"UTC\"\nevent buy past bought\nsegment quiet: no buy in 30 days\nif quiet and vip then send coupon",
    ),
    (
        Code::NeverHappened,
        "time zone \"UTC\"\nevent complaint\nevent \"app visit\"\nrule quiet\n  if no complaint in 7 days and no \"app visit\" in 7 days and points >= 5\n  then send coupon",
    ),
    (Code::NoDeadline, "time zone \"UTC\"\non complaint where severity >= 2 then send callback"),
    (Code::NoDeadline, "time zone \"UTC\"\non birthday then send greeting"),
    (
        Code::CapNeverBinds,
        "time zone \"UTC\"\nat most 3 touches in 7 days\nat most 5 sms in 7 days\nat most 3 touches in 7 days\nif vip then send coupon via sms",
    ),
    (
        Code::Contradiction,
        "time zone \"UTC\"\nattribute tier: one of bronze, silver, gold\nif tier gold and tier silver then send coupon",
    ),
    (Code::Contradiction, "time zone \"UTC\"\nif points > 100 and points < 50 then send coupon"),
    (
        Code::Contradiction,
        "time zone \"UTC\"\nsegment lapsed: ordered before and no order in 30 days\nif lapsed and order in 7 days then send coupon",
    ),
    (Code::Contradiction, "time zone \"UTC\"\nif points between 20 and 10 then send coupon"),
    (Code::Contradiction, "time zone \"UTC\"\nif vip and not vip then send coupon"),
    (Code::NeverGoes, "time zone \"UTC\"\nquiet hours 21:00 to 09:00\nif vip then send coupon at 22:00"),
    (
        Code::NeverGoes,
        "time zone \"UTC\"\ncontact hours 10:00 to 20:00 on weekdays for call\nif vip then send coupon via call between 20:00 and 22:00",
    ),
    (Code::NeverGoes, "time zone \"UTC\"\non 2026-10-01 then send greeting until 2026-09-01"),
    (
        Code::ShortDeadline,
        "time zone \"UTC\"\nquiet hours 21:00 to 09:00 for sms\non complaint within 4 hours then send callback via sms",
    ),
    (Code::UnusedChannel, "time zone \"UTC\"\nchannel push\nchannel sms\nif vip then send coupon via push"),
    (Code::NoZone, "if vip then send coupon"),
    (
        Code::TimeInQuietHours,
        "time zone \"UTC\"\nquiet hours 12:00 to 14:30 for sms\nif vip then send coupon via sms at 13:00",
    ),
    (
        Code::SharesTooLittle,
        "time zone \"UTC\"\nif vip then send one of coupon_a 40%, coupon_b 40% as \"offer-test\"",
    ),
    (
        Code::UnusedSegment,
        "time zone \"UTC\"\nsegment lapsed: ordered before and no order in 30 days\nif vip then send coupon",
    ),
    (Code::UndeclaredMessage, "time zone \"UTC\"\nmessage coupon: promotion\nif vip then send reminder"),
    (
        Code::PlainOutcome,
        "time zone \"UTC\"\nif vip and at least 0 orders in 7 days or fewer than 0 visits then send coupon",
    ),
    (Code::PlainOutcome, "time zone \"UTC\"\nhold out 0% as \"q1\"\nif vip then send coupon"),
    (
        Code::PlainOutcome,
        "time zone \"UTC\"\nif vip then send one of coupon_a 0%, coupon_b 100% as \"offer-test\"",
    ),
    (
        Code::CalledAlike,
        "time zone \"UTC\"\nif tier is gold then send coupon\nrule coupon if tier is silver then send coupon",
    ),
    (
        Code::CalledAlike,
        "time zone \"UTC\"\nif tier is gold\n  then send one of \"big coupon\" 50%, coupon 50% as \"x\"\nif tier is silver then send \"big coupon\"\nevery monday if vip then send \"big coupon\"",
    ),
    (
        Code::LikelySlip,
        "time zone \"UTC\"\nattribute vip: yes or no\nattribute birthday: date\nmessage coupon: promotion\nif vpi and no promotoin in 7 days then send coupon via push\non birtday within 2 days then send coupon",
    ),
    (
        Code::LikelySlip,
        "time zone \"UTC\"\nevent order\nsegment lapsed: ordered before and no order in 30 days\nif lapsd then send coupon unless ordr",
    ),
    (Code::LikelySlip, "time zone \"UTC\"\nif tier is Gold or silver or bronze then send coupon"),
    (Code::LikelySlip, "time zone \"UTC\"\nif tier is not Gold or silver then send coupon"),
    (
        Code::LikelySlip,
        "time zone \"UTC\"\nevent order\nevent entry plural entrances\nrule a if orders > 3 then send coupon\nrule b if order >= 2 or entrances > 1 then send coupon\nrule c if ordr > 3 then send coupon",
    ),
    (Code::ClosedForGood, "time zone \"UTC\"\nquiet hours 00:00 to 24:00\nif vip then send coupon"),
    (
        Code::ClosedForGood,
        "time zone \"UTC\"\nchannel sms, push\nquiet hours 21:00 to 12:00\ncontact hours 09:00 to 11:00 for sms\nif vip then send coupon via sms or push",
    ),
    (Code::DividedByZero, "time zone \"UTC\"\nif points / 0 > 3 then send coupon priority points / (3 - 3)"),
    (
        Code::TimeOutsideBetween,
        "time zone \"UTC\"\nif vip then send coupon\n  then at 10:00 between 22:00 and 06:00 send news",
    ),
];

#[test]
fn warnings() {
    insta::assert_snapshot!(findings(CASES));
}

/// Rules that mean what they say.
#[test]
fn nothing_is_said_of_sound_rules() {
    for source in [
        "if ordered before and no order in 30 days then send coupon",
        "if no order in 30 days and order then send coupon",
        "if no order in 30 days and days since last order < 90 then send coupon",
        "if (no order in 30 days or not ordered before) and vip then send coupon",
        "if not (no order in 30 days) then send coupon",
        "segment buyers: order in 90 days\nif buyers and no order in 30 days then send coupon",
        "on visit if no order in 7 days within 1 day then send coupon",
        "if at least 2 orders and no order in 60 days then send coupon",
        "if visit in 30 days and no order in 30 days then send coupon",
        "segment quiet: no order in 30 days\nif quiet and ordered before then send coupon",
        "segment quiet: no order in 30 days\nsegment buyers: ordered before\nif quiet and buyers then send coupon",
        "if number of visits in 90 days >= 3 and no order in 30 days then send coupon",
        "if number of visits in 9 days < 0.5 * number of visits in 90 days and no order in 30 days then send coupon",
        "if total order amount > 100 and no order in 30 days then send coupon",
        "if hours since last visit < 3 and no order in 30 days then send coupon",
        "if average order amount between 10 and 20 and no order in 30 days then send coupon",
        "if last order category is known and no order in 30 days then send coupon",
        "if (ordered before or visited before) and no order in 30 days then send coupon",
        "if vip then send coupon unless no visit in 3 days",
        "if no contact in 30 days then send coupon",
        "if no order today and vip then send coupon",
        "at most 3 touches in 7 days\nat most 1 touch per day\nat most 1 sms in 7 days\nif vip then send coupon via sms",
        "at most 3 touches in 7 days, 5 if vip\nat most 4 touches in 7 days\nif vip then send coupon",
        "if points > 3 and points < 4 and points is not 3.5 then send coupon",
        "if tier in (gold, silver) and tier is not gold then send coupon",
        "if order in 30 days and no order in 7 days then send coupon",
        "if signup_at >= 2026-01-01 and signup_at is 2026-01-01 and hours since signup_at > 3 then send coupon",
        "quiet hours 21:00 to 09:00\nif vip then send coupon at 22:00 even in quiet hours",
        "quiet hours 21:00 to 09:00 on weekdays\nif vip then send coupon at 22:00",
        "quiet hours 21:00 to 09:00 for sms\non complaint within 4 hours then send callback via sms or push",
        "quiet hours 21:00 to 09:00\non complaint within 13 hours then send callback",
        "on 2026-10-01 then send greeting until 2026-10-01",
        "quiet hours 00:00 to 24:00 on sunday\nif vip then send coupon",
        "quiet hours 00:00 to 24:00\nif vip then send coupon even in quiet hours",
        "quiet hours 00:00 to 24:00 if vip\nif vip then send coupon",
        "if vip then send coupon at 10:00 between 09:00 and 12:00",
        "rule a if vip then send coupon\nif lapsed then send coupon",
        "rule a if vip then send coupon\nrule b if lapsed then send coupon",
        "attribute orders: number\nattribute offer: yes or no\nif no order in 3 days and ordered before then send news",
        "attribute vip: yes or no\nevent vpi\nif vpi then send coupon",
        "attribute tier: text\nattribute vip: yes or no\nif tier is gold or vip then send coupon",
        "rule a if vip then send coupon\nrule b if tier is gold or vip then send coupon",
        "if points is 3 or vip then send coupon",
        "if (ordered before and no order in 30 days) or points > 10 then send coupon",
        "segment lapsed: ordered before and no order in 30 days\nif lapsed or points > 10 then send coupon",
        "event page\nevent order\nif age > 18 or order is \"late\" then send coupon",
        "event order\nattribute orders: number\nif orders > 3 then send coupon",
        "if no visit in 3 days and ordered before and visits > 3 then send coupon",
    ] {
        let source = format!("time zone \"UTC\"\n{source}");
        let found = found(&source, None);
        assert!(found.list.is_empty(), "{source}\n{found}");
    }
}

/// What could not be read may be what would have used the channel, or who is meant.
#[test]
fn nothing_is_warned_of_beside_what_cannot_be_read() {
    let source = "time zone \"UTC\"\nchannel sms, push\nsegment lapsed: no order in 30 days\nif points > > 3 then send coupon via sms\nif vip then send news via push";
    let found = found(source, None);
    assert_eq!(found.list.iter().map(|one| one.code).collect::<Vec<_>>(), [Code::Syntax], "{found}");
}

/// What requires no event leaves those in who never had one.
#[test]
fn the_whole_condition_of_the_rule_decides_who_never_did_it() {
    for (source, times) in [
        ("if number of visits < 3 and no order in 30 days then send coupon", 1),
        ("if number of visits >= 0 and no order in 30 days then send coupon", 1),
        ("if last order category is not \"tea\" and no order in 30 days then send coupon", 1),
        ("if (ordered before or vip) and no order in 30 days then send coupon", 1),
        ("if vip or no order in 30 days then send coupon", 1),
        (
            "segment lapsed: ordered before and no order in 30 days\nif lapsed or no visit in 30 days then send coupon",
            1,
        ),
        ("if at least 1 sms and no order in 30 days then send coupon via sms", 1),
        ("segment quiet: no order in 30 days\nif quiet and ordered before then send coupon", 0),
        ("segment quiet: no order in 30 days\nif quiet then send coupon\nif quiet and vip then send news", 1),
        (
            "segment quiet: no order in 30 days\nsegment quieter: quiet and no visit in 30 days\nif quieter then send coupon",
            2,
        ),
    ] {
        let found = found(&format!("time zone \"UTC\"\n{source}"), None);
        let codes: Vec<Code> = found.list.iter().map(|one| one.code).collect();
        assert_eq!(codes, vec![Code::NeverHappened; times], "{source}\n{found}");
    }
}
