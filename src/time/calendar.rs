//! Named calendars: festivals, days off.

use std::{collections::BTreeMap, fmt};

use thiserror::Error;

use super::{Date, ics};

/// The most dates that a calendar may have, counting one that has several names several times.
pub(super) const MOST_DATES: usize = 100_000;

/// The longest name that a date may have, in bytes.
pub(super) const LONGEST_NAME: usize = 1_000;

/// Civil dates with names, such as a country's festivals or days off. One date may have several names and one name
/// many dates. Names are looked up in any case.
///
/// ```
/// use courtesy::time::{Calendar, Date};
/// let calendar = Calendar::from_csv("date,name\n2026-02-17,Spring Festival\n2026-02-18,Spring Festival\n")?;
/// let eve: Date = "2026-02-16".parse().unwrap();
/// assert!(!calendar.contains(eve));
/// assert_eq!(calendar.next_change(eve), Some(eve.tomorrow().unwrap()));
/// assert_eq!(calendar.dates_of("spring festival").len(), 2);
/// # Ok::<(), courtesy::time::CalendarError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Calendar {
    /// By name in small letters: the name as first written and its dates, sorted, each once.
    names: BTreeMap<String, (String, Vec<Date>)>,
    /// Every date, sorted, each once.
    dates: Vec<Date>,
    /// The unbroken stretches of dates: first and last, sorted.
    stretches: Vec<(Date, Date)>,
}

/// Why a file is no calendar.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub struct CalendarError {
    /// The line of the file, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub help: String,
}

impl fmt::Display for CalendarError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl CalendarError {
    pub(super) fn new(line: usize, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { line, message: message.into(), help: help.into() }
    }
}

impl Calendar {
    /// Reads `date,name` rows. A header, empty lines, a byte order mark, any line ends and quoted fields are fine, and
    /// so are further columns, which are left alone.
    ///
    /// # Errors
    ///
    /// The first row that has no date or no name.
    pub fn from_csv(text: &str) -> Result<Self, CalendarError> {
        let mut rows = Vec::new();
        let mut header = true;
        for (line, fields) in Records::new(text) {
            let fields = fields.map_err(|()| {
                CalendarError::new(
                    line,
                    "a quoted field has no end",
                    "close it with `\"`; write `\"\"` for a quotation mark inside",
                )
            })?;
            if fields.iter().all(|field| field.trim().is_empty()) {
                continue;
            }
            let first = fields.first().map_or("", |field| field.trim());
            let is_header = std::mem::take(&mut header) && first.eq_ignore_ascii_case("date");
            if is_header {
                continue;
            }
            let date = parse_date(first).ok_or_else(|| {
                CalendarError::new(
                    line,
                    format!("`{first}` is not a date"),
                    "write the date first, as year-month-day: `2026-10-01`",
                )
            })?;
            let name = fields.get(1).map_or("", |field| field.trim());
            if name.is_empty() {
                let help = format!("write a name after the date: `{date},New Year's Day`");
                return Err(CalendarError::new(line, format!("the date `{date}` has no name"), help));
            }
            add(&mut rows, date, name, line)?;
        }
        Ok(Self::from_rows(rows))
    }

    /// Reads the events of an iCalendar file: the days of each from `DTSTART` to `DTEND`, named by `SUMMARY`. Events
    /// that repeat every year do so until 2100 unless they say otherwise.
    ///
    /// # Errors
    ///
    /// The first event that cannot be read, or that repeats in any other way.
    pub fn from_ics(text: &str) -> Result<Self, CalendarError> {
        ics::rows(text).map(Self::from_rows)
    }

    /// A calendar of these dates with their names.
    pub fn from_rows(rows: impl IntoIterator<Item = (Date, String)>) -> Self {
        let mut names: BTreeMap<String, (String, Vec<Date>)> = BTreeMap::new();
        let mut dates = Vec::new();
        for (date, name) in rows {
            dates.push(date);
            names.entry(name.to_lowercase()).or_insert_with(|| (name, Vec::new())).1.push(date);
        }
        for (_, days) in names.values_mut() {
            days.sort_unstable();
            days.dedup();
        }
        dates.sort_unstable();
        dates.dedup();
        let mut stretches: Vec<(Date, Date)> = Vec::new();
        for &date in &dates {
            match stretches.last_mut() {
                Some((_, last)) if last.tomorrow().is_ok_and(|next| next == date) => *last = date,
                _ => stretches.push((date, date)),
            }
        }
        Self { names, dates, stretches }
    }

    /// Whether the date is in the calendar, under any name.
    #[must_use]
    pub fn contains(&self, date: Date) -> bool {
        self.stretch_from(date).is_some_and(|(first, _)| first <= date)
    }

    /// The dates of that name, sorted; none if the calendar lacks the name.
    #[must_use]
    pub fn dates_of(&self, name: &str) -> &[Date] {
        self.names.get(&name.to_lowercase()).map_or(&[], |(_, dates)| dates)
    }

    /// The names, as first written, in the order of the alphabet.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.values().map(|(name, _)| name.as_str())
    }

    /// Every date, sorted, each once.
    #[must_use]
    pub fn dates(&self) -> &[Date] {
        &self.dates
    }

    /// The first later date on which [`contains`](Self::contains) gives another answer.
    #[must_use]
    pub fn next_change(&self, date: Date) -> Option<Date> {
        match self.stretch_from(date)? {
            (first, last) if first <= date => last.tomorrow().ok(),
            (first, _) => Some(first),
        }
    }

    /// The date since which [`contains`](Self::contains) gives the same answer as on `date`; `None` if ever since.
    #[must_use]
    pub fn previous_change(&self, date: Date) -> Option<Date> {
        let next = self.stretches.partition_point(|(first, _)| *first <= date);
        let (first, last) = *self.stretches.get(next.checked_sub(1)?)?;
        if last < date {
            return last.tomorrow().ok();
        }
        (first > Date::MIN).then_some(first)
    }

    /// The first stretch that does not end before the date.
    fn stretch_from(&self, date: Date) -> Option<(Date, Date)> {
        self.stretches.get(self.stretches.partition_point(|(_, last)| *last < date)).copied()
    }
}

/// Adds a date, if there is room.
pub(super) fn add(
    rows: &mut Vec<(Date, String)>,
    date: Date,
    name: &str,
    line: usize,
) -> Result<(), CalendarError> {
    if rows.len() >= MOST_DATES {
        let message = format!("there are more than {MOST_DATES} dates");
        return Err(CalendarError::new(line, message, "leave out years that no rule looks at"));
    }
    if name.len() > LONGEST_NAME {
        let message = format!("the name of `{date}` is longer than {LONGEST_NAME} bytes");
        return Err(CalendarError::new(line, message, "give it a short name; is a quotation mark missing?"));
    }
    rows.push((date, name.to_owned()));
    Ok(())
}

/// Reads `2026-10-01`, also written `2026/10/1`, `2026.10.01` or `20261001`.
fn parse_date(text: &str) -> Option<Date> {
    let compact = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    if compact {
        return ics::compact_date(text);
    }
    let mut parts = text.splitn(3, ['-', '/', '.']);
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let digits = [year, month, day].into_iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    if year.len() != 4 || !digits {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// The records of a text with comma-separated fields.
struct Records<'t> {
    rest: &'t str,
    line: usize,
}

impl<'t> Records<'t> {
    fn new(text: &'t str) -> Self {
        Self { rest: text.strip_prefix('\u{feff}').unwrap_or(text), line: 1 }
    }
}

impl Iterator for Records<'_> {
    /// The line a record begins on, and its fields unless a quotation mark is left open.
    type Item = (usize, Result<Vec<String>, ()>);

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let line = self.line;
        let mut fields = vec![String::new()];
        let mut quoted = false;
        let mut chars = self.rest.char_indices().peekable();
        let mut end = self.rest.len();
        while let Some((at, char)) = chars.next() {
            let is_newline = char == '\n' || (char == '\r' && !matches!(chars.peek(), Some((_, '\n'))));
            self.line += usize::from(is_newline);
            let Some(field) = fields.last_mut() else { break };
            match char {
                '"' if quoted && matches!(chars.peek(), Some((_, '"'))) => {
                    chars.next();
                    field.push('"');
                }
                '"' if quoted => quoted = false,
                '"' if field.trim().is_empty() => {
                    field.clear();
                    quoted = true;
                }
                _ if quoted => field.push(char),
                ',' => fields.push(String::new()),
                _ if is_newline => {
                    end = at + 1;
                    break;
                }
                '\r' => {}
                _ => field.push(char),
            }
        }
        self.rest = self.rest.get(end..).unwrap_or_default();
        Some((line, if quoted { Err(()) } else { Ok(fields) }))
    }
}

#[cfg(test)]
#[path = "calendar_tests.rs"]
mod tests;
