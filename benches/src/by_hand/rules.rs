//! What the rules are, apart from their conditions.

/// Channels in the order of the rule file.
pub(super) const CHANNELS: [&str; 4] = ["push", "wechat", "sms", "email"];

/// A channel, by its place.
pub(super) type Channel = usize;
pub(super) const PUSH: Channel = 0;
pub(super) const WECHAT: Channel = 1;
pub(super) const SMS: Channel = 2;
pub(super) const EMAIL: Channel = 3;

/// What goes along with a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum With {
    Nothing,
    /// A text that is the same for everybody.
    Text(&'static str),
    CodeAndDaysQuiet,
    PointsAndDays,
    Spent,
    LastCategory,
}

/// A message that a rule sends.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) message: &'static str,
    pub(super) categories: &'static str,
    pub(super) is_coupon: bool,
    pub(super) is_service: bool,
    pub(super) via: &'static [Channel],
    /// How long after the step before it, in days.
    pub(super) delay_days: i64,
    pub(super) with: With,
}

/// How long a step may go after it is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Within {
    Ever,
    Days(i64),
    Seconds(i64),
}

/// A rule.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) name: &'static str,
    pub(super) priority: i64,
    /// The time of day it goes at, in seconds.
    pub(super) at: Option<i64>,
    pub(super) within: Within,
    /// After how many days it is due again.
    pub(super) again_days: Option<i64>,
    pub(super) steps: &'static [Step],
}

const fn step(message: &'static str, categories: &'static str, via: &'static [Channel]) -> Step {
    Step { message, categories, is_coupon: false, is_service: false, via, delay_days: 0, with: With::Nothing }
}

const fn coupon(message: &'static str, via: &'static [Channel], with: With) -> Step {
    Step { is_coupon: true, with, ..step(message, "\"promotion; coupon\"", via) }
}

const fn rule(name: &'static str, priority: i64, steps: &'static [Step]) -> Rule {
    Rule { name, priority, at: None, within: Within::Ever, again_days: None, steps }
}

const HOUR: i64 = 3_600;

pub(super) const GOLD_QUIET: usize = 0;
pub(super) const WINBACK_PRICE: usize = 1;
pub(super) const WINBACK_SERVICE: usize = 2;
pub(super) const WELCOME: usize = 3;
pub(super) const BIRTHDAY: usize = 4;
pub(super) const MEMBERS_DAY: usize = 5;
pub(super) const REFILL: usize = 6;
pub(super) const COMPLAINT_FOLLOW_UP: usize = 7;
pub(super) const BROWSERS: usize = 8;
pub(super) const CART_ABANDONED: usize = 9;
pub(super) const INVITE_FRIENDS: usize = 10;
pub(super) const THANK_FOR_FRIEND: usize = 11;
pub(super) const DELIVERY_SURVEY: usize = 12;
pub(super) const POINTS_EXPIRING: usize = 13;
pub(super) const APP_INACTIVE: usize = 14;
pub(super) const NEXT_TIER: usize = 15;
pub(super) const VIP_INVITATION: usize = 16;
pub(super) const SECOND_ORDER: usize = 17;
pub(super) const STORE_EVENT: usize = 18;
pub(super) const NEWSLETTER: usize = 19;

/// The rules in the order of the file.
pub(super) static RULES: [Rule; 20] = [
    Rule {
        at: Some(10 * HOUR),
        again_days: Some(90),
        ..rule(
            "gold_quiet",
            80,
            &[
                coupon("gold_coupon", &[PUSH, SMS], With::CodeAndDaysQuiet),
                Step { delay_days: 3, ..step("gold_reminder", "promotion", &[SMS, PUSH]) },
            ],
        )
    },
    rule("winback_price", 70, &[coupon("price_coupon", &[SMS, PUSH], With::Text(r#""{""percent"":20}""#))]),
    rule("winback_service", 75, &[step("apology", "care", &[WECHAT, EMAIL])]),
    Rule {
        at: Some(10 * HOUR),
        within: Within::Days(3),
        ..rule("welcome", 65, &[coupon("welcome_gift", &[PUSH, WECHAT], With::Nothing)])
    },
    Rule {
        at: Some(9 * HOUR),
        within: Within::Days(1),
        ..rule("birthday", 90, &[step("birthday_greeting", "care", &[WECHAT, SMS])])
    },
    Rule {
        at: Some(10 * HOUR),
        within: Within::Days(1),
        ..rule("members_day", 50, &[step("members_day", "promotion", &[PUSH, WECHAT])])
    },
    Rule {
        again_days: Some(30),
        ..rule(
            "refill",
            50,
            &[Step {
                with: With::Text(r#""{""product"":""milk""}""#),
                ..step("refill_reminder", "care", &[WECHAT, PUSH])
            }],
        )
    },
    Rule {
        within: Within::Seconds(4 * HOUR),
        ..rule(
            "complaint_follow_up",
            100,
            &[Step { is_service: true, ..step("follow_up", "service", &[SMS, WECHAT]) }],
        )
    },
    Rule { again_days: Some(30), ..rule("browsers", 40, &[step("browse_reminder", "promotion", &[PUSH])]) },
    Rule {
        within: Within::Days(1),
        ..rule("cart_abandoned", 55, &[step("cart_reminder", "promotion", &[PUSH, WECHAT])])
    },
    Rule {
        at: Some(19 * HOUR),
        again_days: Some(180),
        ..rule(
            "invite_friends",
            35,
            &[Step {
                with: With::Text(r#""{""reward"":30}""#),
                ..step("invite", "promotion", &[WECHAT, EMAIL])
            }],
        )
    },
    Rule {
        within: Within::Days(1),
        ..rule(
            "thank_for_friend",
            85,
            &[Step { is_service: true, ..step("thanks_for_friend", "service", &[WECHAT, EMAIL]) }],
        )
    },
    Rule {
        at: Some(18 * HOUR),
        within: Within::Days(2),
        ..rule("delivery_survey", 45, &[step("delivery_survey", "care", &[WECHAT, EMAIL])])
    },
    Rule {
        at: Some(10 * HOUR),
        within: Within::Days(1),
        ..rule(
            "points_expiring",
            58,
            &[Step { with: With::PointsAndDays, ..step("points_expiring", "care", &[WECHAT, SMS]) }],
        )
    },
    Rule { within: Within::Days(5), ..rule("app_inactive", 30, &[step("come_back", "promotion", &[PUSH])]) },
    Rule {
        again_days: Some(60),
        ..rule(
            "next_tier",
            48,
            &[Step { with: With::Spent, ..step("next_tier", "promotion", &[WECHAT, PUSH]) }],
        )
    },
    rule("vip_invitation", 62, &[step("vip_invitation", "promotion", &[SMS, WECHAT])]),
    Rule {
        within: Within::Days(7),
        ..rule("second_order", 52, &[coupon("second_order_coupon", &[PUSH, WECHAT], With::LastCategory)])
    },
    Rule {
        at: Some(10 * HOUR),
        within: Within::Days(1),
        ..rule("store_event", 44, &[step("store_event", "promotion", &[WECHAT, PUSH])])
    },
    Rule {
        at: Some(10 * HOUR),
        within: Within::Days(1),
        ..rule("newsletter", 20, &[step("newsletter", "news", &[EMAIL])])
    },
];

/// Messages with a coupon in them.
pub(super) const COUPONS: [&str; 4] = ["gold_coupon", "price_coupon", "welcome_gift", "second_order_coupon"];
