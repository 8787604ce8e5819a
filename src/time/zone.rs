//! Time zones: civil time ⇄ instants.

use jiff::tz::TimeZone;
use thiserror::Error;

use super::{CalendarUnit, Date, DateTime, Instant, Period, Unit, Weekday};

/// A zone of the IANA time zone database. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    tz: TimeZone,
}
