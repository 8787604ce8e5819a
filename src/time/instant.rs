//! An instant of UTC.

use std::{fmt, str::FromStr};

use jiff::Timestamp;
use thiserror::Error;

use super::{Zone, iso};

/// A moment of UTC, in whole microseconds since 1970-01-01T00:00:00Z.
///
/// Anything finer in the data is cut off, towards the past. [`Instant::MIN`] and [`Instant::MAX`] stand for
/// "since ever" and "never"; arithmetic saturates there.
///
/// ```
/// use courtesy::time::Instant;
/// let at: Instant = "2026-03-01T09:00:00+08:00".parse()?;
/// assert_eq!(at.to_string(), "2026-03-01T01:00:00Z");
/// # Ok::<(), courtesy::time::ParseInstantError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

/// Text that is not an instant.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{text}` is not an instant")]
pub struct ParseInstantError {
    /// What was read.
    pub text: String,
}

impl Instant {
    /// Before everything.
    pub const MIN: Self = Self(i64::MIN);
    /// After everything; "never".
    pub const MAX: Self = Self(i64::MAX);
    /// The first instant of the calendar; what lies before is "since ever". It is the third midnight of the year −9999 in
    /// UTC, so that the clocks of every zone show that year.
    pub(super) const CALENDAR_START: Self = Self::from_seconds(-377_705_116_800 + 2 * 86_400);
    /// The end of the year 9999 in UTC.
    pub(super) const CALENDAR_END: Self = Self::from_seconds(253_402_300_800);

    /// The instant that many microseconds after 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// The instant that many whole seconds after 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1_000_000))
    }

    /// The instant that many microseconds later (earlier if negative); saturates.
    #[must_use]
    pub const fn plus_micros(self, micros: i64) -> Self {
        Self(self.0.saturating_add(micros))
    }

    /// The smallest instant after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        self.plus_micros(1)
    }

    /// Whether it lies within the years −9999 to 9999.
    pub(crate) const fn is_in_calendar(self) -> bool {
        Self::CALENDAR_START.0 <= self.0 && self.0 < Self::CALENDAR_END.0
    }

    /// The civil-calendar library's timestamp, clamped to the range that it can hold.
    pub(crate) fn timestamp(self) -> Timestamp {
        Timestamp::from_microsecond(self.0).unwrap_or(if self.0 < 0 {
            Timestamp::MIN
        } else {
            Timestamp::MAX
        })
    }
}

impl From<Timestamp> for Instant {
    fn from(timestamp: Timestamp) -> Self {
        let cut = i64::from(timestamp.subsec_nanosecond() % 1_000 < 0);
        Self(timestamp.as_microsecond() - cut)
    }
}

impl FromStr for Instant {
    type Err = ParseInstantError;

    /// Reads RFC 3339: a date, a time and an offset or `Z`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match iso::read(text.as_bytes()) {
            Some(iso::Written::Exact(at)) => Ok(at),
            _ => (text.parse::<Timestamp>().ok().map(Self::from).filter(|at| at.is_in_calendar()))
                .ok_or_else(|| ParseInstantError { text: text.into() }),
        }
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::MIN => f.write_str("always"),
            Self::MAX => f.write_str("never"),
            at => match iso::written(at) {
                Some(text) => f.write_str(std::str::from_utf8(&text).unwrap_or_default()),
                None => write!(f, "{}Z", Zone::utc().civil(at)),
            },
        }
    }
}

impl serde::Serialize for Instant {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Instant {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
