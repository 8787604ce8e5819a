//! A count of a unit: `30 days`.

use std::{fmt, str::FromStr};

use thiserror::Error;

/// A unit of time. Minutes and hours are exact; the others are steps of the calendar in the user's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// 60 seconds.
    Minute,
    /// 60 minutes.
    Hour,
    /// The same wall-clock time on the next civil day.
    Day,
    /// Seven days.
    Week,
    /// The same day of the next month, or its last day.
    Month,
    /// Twelve months.
    Year,
}

impl Unit {
    /// Every unit, smallest first.
    pub const ALL: [Self; 6] = [Self::Minute, Self::Hour, Self::Day, Self::Week, Self::Month, Self::Year];

    /// Whether the unit is a fixed stretch of time (minutes and hours).
    #[must_use]
    pub const fn is_exact(self) -> bool {
        matches!(self, Self::Minute | Self::Hour)
    }

    /// The singular name: `day`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Text that is not a unit of time.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{text}` is not a unit of time")]
pub struct ParseUnitError {
    /// What was read.
    pub text: String,
}

impl FromStr for Unit {
    type Err = ParseUnitError;

    /// Reads a unit's name, singular or plural, in any case.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let lower = text.to_ascii_lowercase();
        let singular = lower.strip_suffix('s').unwrap_or(&lower);
        Self::ALL
            .into_iter()
            .find(|unit| unit.name() == singular)
            .ok_or_else(|| ParseUnitError { text: text.into() })
    }
}

/// A positive count of a unit, such as `30 days`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    /// How many.
    pub count: u32,
    /// Of what.
    pub unit: Unit,
}

impl Period {
    /// `count` times `unit`.
    #[must_use]
    pub const fn new(count: u32, unit: Unit) -> Self {
        Self { count, unit }
    }

    /// That many days.
    #[must_use]
    pub const fn days(count: u32) -> Self {
        Self::new(count, Unit::Day)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}{}", self.count, self.unit, if self.count == 1 { "" } else { "s" })
    }
}

/// A stretch of the civil calendar that a window or a cap may name: `today`, `per week`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CalendarUnit {
    /// A civil day, from its first instant to the next day's.
    Day,
    /// A week, from the first instant of the day that weeks start on.
    Week,
    /// A civil month.
    Month,
    /// A civil year.
    Year,
}
