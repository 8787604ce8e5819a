//! Civil time and instants: zones, periods, calendar windows, calendars and recurrences.
//!
//! This is the one module that resolves civil time to instants; nothing else may.

mod instant;
mod period;
mod zone;

pub use instant::{Instant, ParseInstantError};
pub use jiff::civil::{Date, DateTime, Time, Weekday};
pub use period::{CalendarUnit, ParseUnitError, Period, Unit};
pub use zone::{UnknownZone, Zone, tzdb_version};
