//! Tests.

use super::{Expr, Name, Payload, Spanned};
use crate::time::{Date, DateTime, Period};

/// A test: a user, a moment, and what is expected.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// What it shows.
    pub name: Name,
    /// What is known of the user.
    pub given: Vec<Spanned<Given>>,
    /// The moment that counts as now, in the user's zone.
    pub at: Option<Spanned<DateTime>>,
    /// The horizon; 30 days if absent.
    pub horizon: Option<Spanned<Period>>,
    /// What must come of it.
    pub expect: Vec<Spanned<Expect>>,
}

/// Something known of a test's user.
#[derive(Debug, Clone, PartialEq)]
pub enum Given {
    /// `given tier gold`, `given points 200`
    Attribute(Name, Expr),
    /// `given id "u1"`
    Id(Name),
    /// `given time zone "Asia/Shanghai"`
    TimeZone(Name),
    /// `given locale "zh-HK"`
    Locale(Name),
    /// `given subscribed to sms`, `given not subscribed to sms`
    Consent(Name, bool),
    /// `given reachable on push`, `given not reachable on push`
    Reachable(Name, bool),
    /// `given order 31 days ago with amount 20, category "milk"`, `given order at 2026-01-01 10:00`
    Event {
        /// The event.
        event: Name,
        /// When it happened.
        when: When,
        /// Its fields.
        fields: Vec<Payload>,
    },
    /// `given contact 3 days ago`, `given contact coupon via sms by gold_winback 3 days ago`
    Contact {
        /// The message it carried.
        message: Option<Name>,
        /// Over which channel.
        channel: Option<Name>,
        /// Which rule made it.
        rule: Option<Name>,
        /// When it was made.
        when: When,
    },
}

/// A moment in a test.
#[derive(Debug, Clone, PartialEq)]
pub enum When {
    /// `31 days ago`
    Ago(Period),
    /// `at 2026-01-01 10:00`
    At(DateTime),
}

/// Something a test expects.
#[derive(Debug, Clone, PartialEq)]
pub enum Expect {
    /// `expect nothing`
    Nothing,
    /// `expect coupon via push by gold_winback at 2026-03-01 10:00 with code "BACK20"`
    Touch {
        /// The message.
        message: Name,
        /// Over which channel.
        channel: Option<Name>,
        /// Which rule makes it.
        rule: Option<Name>,
        /// When: `at` a moment or `on` a day.
        when: Option<ExpectWhen>,
        /// What goes along.
        payload: Vec<Payload>,
    },
    /// `expect coupon withheld because quiet_hours`
    Withheld {
        /// The message or the rule.
        name: Name,
        /// The reason's code.
        reason: Option<Name>,
    },
}

/// When a test expects a touch.
#[derive(Debug, Clone, PartialEq)]
pub enum ExpectWhen {
    /// `at 2026-03-01 10:00`
    At(DateTime),
    /// `on 2026-03-01`
    On(Date),
}
