//! What holds for all rules: hours, caps, gaps, holdouts.

use super::{CalendarId, ChannelId, ConditionId, ContactTest, Origin, Symbol};
use crate::{
    syntax::ast::CapWindow,
    time::{Date, Period, Time, WeekdaySet},
};

/// Days, both included, between which something is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Life {
    /// The first.
    pub from: Option<Date>,
    /// The last.
    pub until: Option<Date>,
}

impl Life {
    /// Whether the day is within.
    #[must_use]
    pub fn contains(self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }
}

/// The days that hours begin on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Days {
    /// Every day.
    All,
    /// These days of the week.
    Weekdays(WeekdaySet),
    /// The days in a calendar, or those not in it.
    Calendar {
        /// The calendar.
        calendar: CalendarId,
        /// Whether the others are meant.
        negated: bool,
    },
}

/// Hours of the day: from a time until another, that one excluded; over midnight if it is not later.
#[derive(Debug, Clone, PartialEq)]
pub struct Hours {
    /// When they begin.
    pub from: Time,
    /// When they end. If not after `from`, on the next day.
    pub to: Time,
    /// The days they begin on.
    pub days: Days,
    /// The dates they begin on.
    pub life: Life,
    /// The channels they hold for; all if empty.
    pub channels: Vec<ChannelId>,
    /// For whom and when they hold, at the instant in question.
    pub condition: Option<ConditionId>,
    /// As written, on one line.
    pub text: String,
    /// Where.
    pub origin: Origin,
}

/// A frequency cap.
#[derive(Debug, Clone, PartialEq)]
pub struct Cap {
    /// How many at the most.
    pub limit: u32,
    /// Other limits: the first whose condition holds is taken.
    pub exceptions: Vec<(u32, ConditionId)>,
    /// What is counted.
    pub subject: ContactTest,
    /// In which stretch of time.
    pub window: CapWindow,
    /// For whom and when it holds, its dates included.
    pub condition: Option<ConditionId>,
    /// As written, on one line.
    pub text: String,
    /// Where.
    pub origin: Origin,
}

/// A least distance between contacts of one kind and contacts of another (or the same).
#[derive(Debug, Clone, PartialEq)]
pub struct Gap {
    /// How far apart at the least.
    pub period: Period,
    /// One kind.
    pub first: ContactTest,
    /// The other kind.
    pub second: ContactTest,
    /// For whom and when it holds, its dates included.
    pub condition: Option<ConditionId>,
    /// As written, on one line.
    pub text: String,
    /// Where.
    pub origin: Origin,
}

/// A share of users who get nothing but service messages.
#[derive(Debug, Clone, PartialEq)]
pub struct HoldOut {
    /// What users are hashed with.
    pub salt: Symbol,
    /// Out of 10,000.
    pub below: u32,
    /// As written, on one line.
    pub text: String,
    /// Where.
    pub origin: Origin,
}
