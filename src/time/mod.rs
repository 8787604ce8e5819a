//! Civil time and instants: zones, periods, calendar windows, calendars and recurrences.
//!
//! This is the one module that resolves civil time to instants; nothing else may.

mod calendar;
mod civil;
mod cron;
mod ics;
mod instant;
mod iso;
mod length;
mod local;
mod period;
mod recurrence;
mod weekdays;
mod zone;
mod zone_names;
mod zone_table;

pub use calendar::{Calendar, CalendarError};
pub(crate) use civil::day_number;
pub use cron::{CronError, CronSchedule};
pub use instant::{Instant, ParseInstantError};
pub(crate) use iso::{Written, read as read_written};
pub use jiff::civil::{Date, DateTime, Time, Weekday};
pub(crate) use length::{DAY, Length};
pub(crate) use local::{Civil, Local};
pub use period::{CalendarUnit, ParseUnitError, Period, Unit};
pub use recurrence::{Anchor, DayOffset, MonthDay, Occurrence, Occurrences, Recurrence};
pub(crate) use weekdays::weekday_named;
pub use weekdays::{WeekdaySet, weekday_name};
pub use zone::{UnknownZone, Zone, tzdb_version};
