//! Rules: what makes them due, their clauses, their steps.

use super::{CapWindow, Condition, Expr, Filter, Name, Span, Spanned};
use crate::{
    number::Number,
    time::{Date, Period, Time, Weekday},
};

/// A rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Its name; a rule may go without.
    pub name: Option<Name>,
    /// A title for people.
    pub title: Option<Name>,
    /// What makes it due.
    pub trigger: Spanned<Trigger>,
    /// Its own clauses, in the order written.
    pub clauses: Vec<Spanned<Clause>>,
    /// What it does, at least one.
    pub steps: Vec<Step>,
}

/// What makes a rule due.
#[derive(Debug, Clone, PartialEq)]
#[allow(clippy::large_enum_variant)] // A file holds few of them.
pub enum Trigger {
    /// `if CONDITION`: once per spell.
    If(Condition),
    /// `on EVENT where …`: once per occurrence.
    Event {
        /// The event.
        event: Name,
        /// Which of them.
        filter: Filter,
    },
    /// `on birthday`, `3 days before birthday`, `on paid_until once`. A lone name after `on` is written as
    /// [`Trigger::Event`]; the checker knows which of the two it is.
    Attribute {
        /// The attribute that holds the date.
        attribute: Name,
        /// How far from it.
        offset: Option<Offset>,
        /// Only on the date itself, not every year.
        once: bool,
    },
    /// `on 2026-10-01`, `2 days before 2026-10-01`
    Date {
        /// The date.
        date: Spanned<Date>,
        /// How far from it.
        offset: Option<Offset>,
    },
    /// `2 days before "Mid-Autumn" of cn`
    Festival {
        /// The name in the calendar.
        festival: Name,
        /// The calendar.
        calendar: Name,
        /// How far from it.
        offset: Option<Offset>,
    },
    /// `every monday, thursday`, `every weekday`
    Weekdays(Vec<Weekday>),
    /// `every month on 8, 18`, `every month on last day`
    Monthly(Vec<Spanned<MonthDay>>),
    /// `every year on 11-11`
    Yearly {
        /// 1 to 12.
        month: i8,
        /// 1 to 31.
        day: i8,
    },
    /// `every 2 weeks from 2026-01-05`, `every 6 months since bought_at`, `every day`
    Every {
        /// How often.
        period: Spanned<Period>,
        /// From when; only `every day` may go without.
        anchor: Option<Anchor>,
    },
    /// `cron "0 10 * * MON"`
    Cron(Name),
}

/// A distance from a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offset {
    /// How far; whole days or longer.
    pub period: Period,
    /// Before it, rather than after.
    pub before: bool,
}

/// A day of the month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MonthDay {
    /// 1 to 31.
    Day(i8),
    /// The last day, whichever it is.
    Last,
}

/// Where an interval starts to count.
#[derive(Debug, Clone, PartialEq)]
pub enum Anchor {
    /// `from 2026-01-05`: the first occurrence is that day.
    From(Spanned<Date>),
    /// `since bought_at`: the first occurrence is one interval later.
    Since(Name),
}

/// A clause of a rule, or of a step (there only `After`, `At` and `Between`).
#[derive(Debug, Clone, PartialEq)]
#[allow(clippy::large_enum_variant)] // A file holds few of them.
pub enum Clause {
    /// `if CONDITION`, a filter on a rule that events or dates make due.
    If(Condition),
    /// `after 2 days`
    After(Period),
    /// `at 10:00`
    At(Time),
    /// `between 10:00 and 12:00`
    Between(Time, Time),
    /// `within 4 hours`, `expires after 3 days`
    Within {
        /// How long.
        period: Period,
        /// Which of the two ways of saying it was used.
        expires: bool,
    },
    /// `again after 90 days`
    Again(Period),
    /// `at most 3 times in 1 year`
    AtMostTimes {
        /// How often.
        limit: u32,
        /// In which stretch of time; ever if absent.
        window: Option<CapWindow>,
    },
    /// `priority 80`
    Priority(Expr),
    /// `ignoring caps`
    IgnoringCaps,
    /// `not counted`
    NotCounted,
    /// `even in quiet hours`
    EvenInQuietHours,
    /// `if blocked wait`, `if blocked drop`, `if blocked stop`
    IfBlocked(IfBlocked),
    /// `from 2026-10-01`
    From(Date),
    /// `until 2026-10-31`
    Until(Date),
    /// `off`
    Off,
}

/// What becomes of a touch that cannot go when it is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum IfBlocked {
    /// It waits.
    #[default]
    Wait,
    /// It goes when it is due or not at all; only hours may move it.
    Drop,
    /// It waits, and if it is withheld in the end so are the steps after it.
    Stop,
}

/// One `then … send …`.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// From `then` to the end of the step's own words.
    pub span: Span,
    /// What stands between `then` and `send`: `After`, `At`, `Between`.
    pub clauses: Vec<Spanned<Clause>>,
    /// The message, or the variants to choose from.
    pub send: Spanned<Send>,
    /// Over which channels.
    pub via: Option<Via>,
    /// What goes along.
    pub payload: Vec<Payload>,
    /// When not to.
    pub unless: Option<Condition>,
}

/// What a step sends.
#[derive(Debug, Clone, PartialEq)]
pub enum Send {
    /// `send coupon`
    Message(Name),
    /// `send one of coupon_a 50%, coupon_b 50% as "offer-test"`
    OneOf {
        /// The messages and their percentages.
        variants: Vec<(Name, Spanned<Number>)>,
        /// The salt that users are hashed with.
        salt: Name,
    },
}

/// The channels of a step.
#[derive(Debug, Clone, PartialEq)]
pub struct Via {
    /// The channels, or attributes that name one.
    pub channels: Vec<Name>,
    /// Whether all are used (`and`) rather than the first that works (`or`).
    pub all: bool,
}

/// `with KEY EXPRESSION`
#[derive(Debug, Clone, PartialEq)]
pub struct Payload {
    /// The key.
    pub key: Name,
    /// What it carries.
    pub value: Expr,
}
