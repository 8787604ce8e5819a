//! Cron lines: five fields over civil time.
//!
//! The `cron` crate counts weekdays from Sunday = 1, wants both kinds of day to match and goes astray where clocks
//! change. So this module reads the fields itself, hands that crate only what both understand alike, and runs it over
//! civil time as if it were UTC; the zone resolves each civil time once.

use std::{fmt, str::FromStr, sync::Arc};

use chrono::{Datelike, NaiveDate, Timelike, Utc};
use cron::Schedule;
use thiserror::Error;

use super::{Date, DateTime, Time};

/// A cron line of five fields: minute, hour, day of the month, month, weekday by name.
///
/// If both kinds of day are restricted, a day that satisfies either counts, as POSIX has it. Runs from 1970 to 2100.
///
/// ```
/// use courtesy::time::CronSchedule;
/// let mondays = CronSchedule::parse("0 10 * * MON")?;
/// let next = mondays.next_after("2026-03-01T12:00".parse().unwrap());
/// assert_eq!(next, Some("2026-03-02T10:00".parse().unwrap()));
///
/// let refused = CronSchedule::parse("0 10 * * 1-5").unwrap_err();
/// assert_eq!(refused.help(), "write `0 10 * * MON-FRI`");
/// # Ok::<(), courtesy::time::CronError>(())
/// ```
#[derive(Clone)]
pub struct CronSchedule {
    source: Arc<str>,
    /// What together makes the schedule: one, or one for each kind of day.
    parts: Arc<[Schedule]>,
}

/// Why a text is no cron line.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CronError {
    /// Not five fields.
    #[error("a cron line has 5 fields, this one has {count}")]
    FieldCount {
        /// How many there are.
        count: usize,
        /// How to mend it.
        help: String,
    },
    /// A weekday written as a number: crons disagree on which day is 1.
    #[error("`{text}` gives weekdays by number, and crons disagree on which day is 1")]
    NumericWeekday {
        /// The field.
        text: String,
        /// How to mend it.
        help: String,
    },
    /// A field that cannot be read.
    #[error("`{text}` is not {expected}")]
    Field {
        /// The part of the field that is wrong.
        text: String,
        /// What would stand there.
        expected: &'static str,
        /// How to mend it.
        help: String,
    },
    /// A stepped day field beside another restricted one: crons disagree on whether one or both must match.
    #[error("crons disagree on whether `{days}` and `{weekdays}` must both hold")]
    Ambiguous {
        /// The days of the month.
        days: String,
        /// The weekdays.
        weekdays: String,
    },
    /// No date matches.
    #[error("`{line}` never comes")]
    Never {
        /// The line.
        line: String,
    },
    /// `@reboot` and unknown shorthands.
    #[error("`{text}` is not a shorthand for a cron line")]
    Shorthand {
        /// What was read.
        text: String,
    },
}

impl CronError {
    /// How to mend it.
    #[must_use]
    pub fn help(&self) -> &str {
        match self {
            Self::FieldCount { help, .. } | Self::NumericWeekday { help, .. } | Self::Field { help, .. } => {
                help
            }
            Self::Ambiguous { .. } => {
                "list the days one by one, such as `1,11,21`: then a day that is either counts"
            }
            Self::Never { .. } => "no month that it names has such a day; correct the day or the month",
            Self::Shorthand { .. } => {
                "write `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly` or five fields"
            }
        }
    }
}

/// One of the five fields.
struct Field {
    expected: &'static str,
    min: u8,
    max: u8,
    /// Names for the values from `min` on.
    names: &'static [&'static str],
}

const MONTHS: &[&str] = &["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
/// As cron lines number them, 0 and 7 both being Sunday.
const WEEKDAYS: &[&str] = &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

const MINUTE: Field = Field { expected: "a minute from 0 to 59", min: 0, max: 59, names: &[] };
const HOUR: Field = Field { expected: "an hour from 0 to 23", min: 0, max: 23, names: &[] };
const DAY: Field = Field { expected: "a day of the month from 1 to 31", min: 1, max: 31, names: &[] };
const MONTH: Field = Field { expected: "a month from 1 to 12 or JAN to DEC", min: 1, max: 12, names: MONTHS };
const WEEKDAY: Field = Field { expected: "a weekday from MON to SUN", min: 0, max: 6, names: WEEKDAYS };

impl CronSchedule {
    /// Reads a cron line, or one of `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly`.
    ///
    /// # Errors
    ///
    /// What is wrong with it; [`CronError::help`] says how to mend it.
    pub fn parse(text: &str) -> Result<Self, CronError> {
        let line = match text.trim().strip_prefix('@') {
            Some(word) => shorthand(word).ok_or_else(|| CronError::Shorthand { text: text.trim().into() })?,
            None => text,
        };
        let fields: Vec<&str> = line.split_ascii_whitespace().collect();
        let &[minute, hour, day, month, weekday] = fields.as_slice() else {
            return Err(field_count(&fields));
        };
        let is_numeric = weekday.bytes().any(|byte| byte.is_ascii_digit());
        if let Some(named) = named_weekdays(weekday).filter(|_| is_numeric) {
            let help = format!("write `{minute} {hour} {day} {month} {named}`");
            return Err(CronError::NumericWeekday { text: weekday.into(), help });
        }
        let [minutes, hours, days, months, weekdays] = [
            MINUTE.read(minute)?,
            HOUR.read(hour)?,
            DAY.read(day)?,
            MONTH.read(month)?,
            WEEKDAY.read(weekday)?,
        ];
        let time = format!("0 {} {}", MINUTE.list(minutes), HOUR.list(hours));
        let (months, days_list, weekdays_list) = (MONTH.list(months), DAY.list(days), WEEKDAY.list(weekdays));
        let both = days != DAY.every() && weekdays != WEEKDAY.every();
        if both && day.starts_with('*') {
            return Err(CronError::Ambiguous { days: day.into(), weekdays: weekday.into() });
        }
        let lines = if both {
            vec![format!("{time} {days_list} {months} *"), format!("{time} * {months} {weekdays_list}")]
        } else {
            vec![format!("{time} {days_list} {months} {weekdays_list}")]
        };
        let parts: Result<Arc<[Schedule]>, _> = lines.iter().map(|line| Schedule::from_str(line)).collect();
        let never = || CronError::Never { line: text.trim().into() };
        let schedule = Self { source: text.trim().into(), parts: parts.map_err(|_| never())? };
        schedule.next_after(DateTime::MIN).ok_or_else(never)?;
        Ok(schedule)
    }

    /// The line as written.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The first civil time after `after` that matches.
    #[must_use]
    pub fn next_after(&self, after: DateTime) -> Option<DateTime> {
        // The crate takes earlier years for far later ones.
        let after = after.max(DateTime::constant(1969, 12, 31, 23, 59, 59, 0));
        let date = NaiveDate::from_ymd_opt(
            after.year().into(),
            u32::try_from(after.month()).ok()?,
            u32::try_from(after.day()).ok()?,
        )?;
        let part = |number: i8| u32::try_from(number).ok();
        let start = date.and_hms_opt(part(after.hour())?, part(after.minute())?, part(after.second())?)?;
        let start = chrono::DateTime::<Utc>::from_naive_utc_and_offset(start, Utc);
        self.parts.iter().filter_map(|part| civil_time(part.after(&start).next()?)).min()
    }
}

/// The civil time that the crate's UTC stands for.
fn civil_time(time: chrono::DateTime<Utc>) -> Option<DateTime> {
    let part = |number: u32| i8::try_from(number).ok();
    let date = Date::new(i16::try_from(time.year()).ok()?, part(time.month())?, part(time.day())?).ok()?;
    Some(date.to_datetime(Time::new(part(time.hour())?, part(time.minute())?, part(time.second())?, 0).ok()?))
}

impl Field {
    /// The set of all values, as bits.
    const fn every(&self) -> u64 {
        let mut bits = 0;
        let mut value = self.min;
        while value <= self.max {
            bits |= 1 << value;
            value += 1;
        }
        bits
    }

    /// The values that the field names, as bits.
    fn read(&self, text: &str) -> Result<u64, CronError> {
        text.split(',').try_fold(0, |bits, part| Ok(bits | self.read_part(part)?))
    }

    fn read_part(&self, part: &str) -> Result<u64, CronError> {
        let (range, step) = match part.split_once('/') {
            None => (part, None),
            Some((range, step)) => {
                let number = step.parse::<u8>().ok().filter(|number| (1..=self.max).contains(number));
                let number =
                    number.ok_or_else(|| self.refuse(part, "a step is a number that is not 0: `*/15`"))?;
                (range, Some(number))
            }
        };
        let (first, last) = match range.split_once('-') {
            None if matches!(range, "*" | "?") => (self.min, self.max),
            // `5/15` is from 5 on.
            None => {
                let first = self.value(range)?;
                (first, if step.is_some() { self.max } else { first })
            }
            Some((first, last)) => (self.value(first)?, self.value(last)?),
        };
        let is_weekday = self.max == WEEKDAY.max;
        let mut values: Vec<u8> = if first <= last {
            (first..=last).collect()
        } else if is_weekday {
            // `FRI-SUN`, `SAT-MON`: a week goes round.
            (first..=self.max).chain(self.min..=last).collect()
        } else {
            let help = format!("write two ranges: `{}-{},{}-{}`", first, self.max, self.min, last);
            return Err(self.refuse(part, &help));
        };
        values = values.into_iter().step_by(step.unwrap_or(1).into()).collect();
        Ok(values.into_iter().fold(0, |bits, value| bits | 1 << value))
    }

    fn value(&self, text: &str) -> Result<u8, CronError> {
        let upper = text.to_ascii_uppercase();
        if let Some(at) = self.names.iter().position(|name| upper == *name || is_long_name(&upper, name)) {
            return Ok(self.min.saturating_add(u8::try_from(at).unwrap_or_default()));
        }
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let number =
            text.parse::<u8>().ok().filter(|number| is_number && (self.min..=self.max).contains(number));
        let help = if self.max == WEEKDAY.max {
            "write names, lists `MON,THU` and ranges `MON-FRI`"
        } else {
            "write values, lists `1,15`, ranges `1-5` and steps `*/15`"
        };
        number.ok_or_else(|| self.refuse(text, help))
    }

    fn refuse(&self, text: &str, help: &str) -> CronError {
        CronError::Field { text: text.into(), expected: self.expected, help: help.into() }
    }

    /// The field as the crate reads it.
    fn list(&self, bits: u64) -> String {
        if bits == self.every() {
            return "*".into();
        }
        let values = (self.min..=self.max).filter(|value| bits & (1 << value) != 0);
        let values: Vec<String> = values.map(|value| self.write(value)).collect();
        values.join(",")
    }

    fn write(&self, value: u8) -> String {
        let name = self.names.get(usize::from(value.saturating_sub(self.min)));
        name.map_or_else(|| value.to_string(), |name| (*name).to_owned())
    }
}

/// Whether a word is a month's or weekday's name written out, or longer than three letters.
fn is_long_name(word: &str, name: &str) -> bool {
    const LONG: &[&str] = &[
        "MONDAY",
        "TUESDAY",
        "TUES",
        "WEDNESDAY",
        "THURSDAY",
        "THURS",
        "THUR",
        "FRIDAY",
        "SATURDAY",
        "SUNDAY",
        "JANUARY",
        "FEBRUARY",
        "MARCH",
        "APRIL",
        "JUNE",
        "JULY",
        "AUGUST",
        "SEPTEMBER",
        "SEPT",
        "OCTOBER",
        "NOVEMBER",
        "DECEMBER",
    ];
    word.starts_with(name) && LONG.contains(&word)
}

/// A weekday field with numbers, written with names as people mean it: 0 and 7 are Sunday, 1 is Monday.
fn named_weekdays(text: &str) -> Option<String> {
    let parts: Option<Vec<String>> = text.split(',').map(named_part).collect();
    parts.map(|parts| parts.join(","))
}

fn named_part(part: &str) -> Option<String> {
    let (range, step) = part.split_once('/').map_or((part, None), |(range, step)| (range, Some(step)));
    let day = |text: &str| match text.parse::<usize>() {
        Ok(number) => WEEKDAYS.get(if number == 7 { 0 } else { number }).map(|name| (*name).to_owned()),
        Err(_) => WEEKDAY.value(text).ok().map(|value| WEEKDAY.write(value)),
    };
    let named = match range.split_once('-') {
        // `0-7` and the like are the whole week, where names would make it one day.
        Some(("0", "7")) => "MON-SUN".to_owned(),
        Some((first, last)) => format!("{}-{}", day(first)?, day(last)?),
        None if matches!(range, "*" | "?") && step.is_none() => range.to_owned(),
        None if matches!(range, "*" | "?") => "SUN-SAT".to_owned(),
        None => day(range)?,
    };
    let Some(step) = step else { return Some(named) };
    // Named one by one, since what a step counts from is the very thing crons disagree on.
    let open = if named.contains('-') { named } else { format!("{named}-SAT") };
    WEEKDAY.read(&format!("{open}/{step}")).ok().map(|bits| WEEKDAY.list(bits))
}

fn shorthand(word: &str) -> Option<&'static str> {
    match word.to_ascii_lowercase().as_str() {
        "hourly" => Some("0 * * * *"),
        "daily" | "midnight" => Some("0 0 * * *"),
        "weekly" => Some("0 0 * * SUN"),
        "monthly" => Some("0 0 1 * *"),
        "yearly" | "annually" => Some("0 0 1 1 *"),
        _ => None,
    }
}

fn field_count(fields: &[&str]) -> CronError {
    let help = match fields {
        [_, rest @ ..] if fields.len() == 6 => format!("leave out the seconds: `{}`", rest.join(" ")),
        [_, rest @ .., _] if fields.len() == 7 => {
            format!("leave out the seconds and the year: `{}`", rest.join(" "))
        }
        _ => "write minute, hour, day of the month, month and weekday: `0 10 * * MON`".into(),
    };
    CronError::FieldCount { count: fields.len(), help }
}

impl fmt::Display for CronSchedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)
    }
}

impl fmt::Debug for CronSchedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CronSchedule").field(&self.source).finish()
    }
}

impl PartialEq for CronSchedule {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl Eq for CronSchedule {}

#[cfg(test)]
#[path = "cron_tests.rs"]
mod tests;
