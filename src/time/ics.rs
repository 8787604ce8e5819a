//! Reading the events of an iCalendar file (RFC 5545) as dates with names.

use super::{CalendarError, Date, calendar::add, civil};

/// The last year that an event repeats in when it does not say when to stop.
const LAST_YEAR: i16 = 2100;
/// The longest event, in days; a longer one is a slip of the pen.
const LONGEST: i64 = 3_660;

/// The dates and names of all events.
pub(super) fn rows(text: &str) -> Result<Vec<(Date, String)>, CalendarError> {
    let mut rows = Vec::new();
    let mut event: Option<Event> = None;
    // Alarms and the like inside an event have properties of the same names.
    let mut inner = 0_usize;
    let mut is_calendar = false;
    let mut last_line = 1;
    for (line, content) in unfold(text) {
        last_line = line;
        let Some(property) = Property::read(&content) else { continue };
        let value = property.value.trim();
        match (property.name.as_str(), event.as_mut()) {
            ("BEGIN", None) => {
                is_calendar |= value.eq_ignore_ascii_case("VCALENDAR");
                if value.eq_ignore_ascii_case("VEVENT") {
                    event = Some(Event { line, ..Event::default() });
                }
            }
            ("BEGIN", Some(_)) => inner += 1,
            ("END", Some(_)) if inner > 0 => inner -= 1,
            ("END", Some(_)) => {
                if let Some(event) = event.take() {
                    event.finish(&mut rows)?;
                }
            }
            (_, Some(event)) if inner == 0 => event.take(&property, line)?,
            _ => {}
        }
    }
    if let Some(event) = event {
        return Err(CalendarError::new(
            event.line,
            "this event has no end",
            "write `END:VEVENT` after its last line",
        ));
    }
    if !is_calendar {
        let help = "an iCalendar file begins with `BEGIN:VCALENDAR`; a file of `date,name` rows is a .csv";
        return Err(CalendarError::new(last_line.min(1), "this is not an iCalendar file", help));
    }
    Ok(rows)
}

/// Reads `20261001`, whatever follows.
pub(super) fn compact_date(text: &str) -> Option<Date> {
    let digits = text.get(..8).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    let (year, rest) = digits.split_at_checked(4)?;
    let (month, day) = rest.split_at_checked(2)?;
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// The content lines, each with the line it begins on, folded ones put together.
fn unfold(text: &str) -> Vec<(usize, String)> {
    let mut lines: Vec<(usize, String)> = Vec::new();
    for (at, line) in text.strip_prefix('\u{feff}').unwrap_or(text).lines().enumerate() {
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(rest), Some((_, open))) => open.push_str(rest),
            _ => lines.push((at + 1, line.to_owned())),
        }
    }
    lines
}

/// `NAME;PARAMETER=…:value`.
struct Property {
    name: String,
    value: String,
}

impl Property {
    fn read(content: &str) -> Option<Self> {
        // A parameter's value may hold a colon if it stands in quotation marks.
        let mut quoted = false;
        let colon = content.find(|char| {
            quoted ^= char == '"';
            char == ':' && !quoted
        })?;
        let (head, value) = content.split_at_checked(colon)?;
        let name = head.split(';').next().unwrap_or_default().trim().to_ascii_uppercase();
        Some(Self { name, value: value.strip_prefix(':')?.to_owned() })
    }
}

/// What is known of the event being read.
#[derive(Default)]
struct Event {
    line: usize,
    start: Option<Date>,
    /// The last day, the end having been read.
    last: Option<Date>,
    /// The count of days, if a duration says it.
    days: Option<i64>,
    name: String,
    rule: Option<(usize, String)>,
    except: Vec<Date>,
    cancelled: bool,
}

impl Event {
    fn take(&mut self, property: &Property, line: usize) -> Result<(), CalendarError> {
        let value = property.value.trim();
        match property.name.as_str() {
            "DTSTART" => self.start = Some(read_date(value, line)?),
            "DTEND" => {
                let date = read_date(value, line)?;
                // The end is not part of the event: a day, or midnight, ends the day before.
                let ends_before =
                    value.get(8..).is_none_or(|time| time.is_empty() || time.starts_with("T000000"));
                self.last = if ends_before { date.yesterday().ok() } else { Some(date) };
            }
            "DURATION" => self.days = whole_days(value),
            "SUMMARY" => self.name = unescape(value),
            "STATUS" => self.cancelled = value.eq_ignore_ascii_case("CANCELLED"),
            "RRULE" => self.rule = Some((line, value.to_ascii_uppercase())),
            "EXDATE" => {
                for part in value.split(',') {
                    self.except.push(read_date(part.trim(), line)?);
                }
            }
            "RDATE" | "EXRULE" | "RECURRENCE-ID" => {
                let message = format!("`{}` is not supported", property.name);
                return Err(CalendarError::new(line, message, "write an event for each date instead"));
            }
            _ => {}
        }
        Ok(())
    }

    fn finish(mut self, rows: &mut Vec<(Date, String)>) -> Result<(), CalendarError> {
        if self.cancelled {
            return Ok(());
        }
        let Some(start) = self.start else {
            let help = "add a line `DTSTART;VALUE=DATE:20261001` to it";
            return Err(CalendarError::new(self.line, "this event has no start", help));
        };
        if self.name.is_empty() {
            let help = "add a line `SUMMARY:New Year's Day` to it";
            return Err(CalendarError::new(self.line, format!("the event on `{start}` has no name"), help));
        }
        let days = match (self.last, self.days) {
            (Some(last), _) => civil::days_between(start, last).saturating_add(1).max(1),
            (None, Some(days)) => days.max(1),
            (None, None) => 1,
        };
        if days > LONGEST {
            let message = format!("the event on `{start}` lasts {days} days");
            return Err(CalendarError::new(self.line, message, "correct its `DTEND`; ten years is the most"));
        }
        let starts = match &self.rule {
            None => vec![start],
            Some((line, rule)) => yearly(start, rule, *line)?,
        };
        self.except.sort_unstable();
        for start in starts.into_iter().filter(|start| self.except.binary_search(start).is_err()) {
            for date in (0..days).filter_map(|day| civil::add_days(start, day)) {
                add(rows, date, &self.name, self.line)?;
            }
        }
        Ok(())
    }
}

fn read_date(value: &str, line: usize) -> Result<Date, CalendarError> {
    compact_date(value).ok_or_else(|| {
        CalendarError::new(
            line,
            format!("`{value}` is not a date"),
            "write it as year, month and day: `20261001`",
        )
    })
}

/// `P3D`, `P1W`; anything with hours lasts as many whole days as it names.
fn whole_days(value: &str) -> Option<i64> {
    let date = value.trim_start_matches('+').strip_prefix('P')?.split('T').next()?;
    if let Some(weeks) = date.strip_suffix('W') {
        return weeks.parse::<u16>().ok().map(|weeks| i64::from(weeks) * 7);
    }
    date.strip_suffix('D')?.parse::<u32>().ok().map(i64::from)
}

/// The starts of an event that repeats every year. A 29 February is skipped in other years, as the format has it.
fn yearly(start: Date, rule: &str, line: usize) -> Result<Vec<Date>, CalendarError> {
    let refuse = |part: &str| {
        let help = "only yearly events can repeat; write an event for each date instead";
        CalendarError::new(line, format!("`{part}` is not supported"), help)
    };
    let (mut every, mut count, mut until) = (1_u16, None, None);
    let mut is_yearly = false;
    for part in rule.split(';').filter(|part| !part.trim().is_empty()) {
        let (key, value) = part.split_once('=').ok_or_else(|| refuse(part))?;
        let is = |number: i8| value.parse() == Ok(number);
        let fine = match key.trim() {
            "FREQ" => {
                is_yearly = value == "YEARLY";
                is_yearly
            }
            "INTERVAL" => value.parse().is_ok_and(|number| {
                every = number;
                every > 0
            }),
            "COUNT" => value.parse::<usize>().is_ok_and(|number| {
                count = Some(number);
                true
            }),
            "UNTIL" => {
                until = compact_date(value);
                until.is_some()
            }
            "BYMONTH" => is(start.month()),
            "BYMONTHDAY" => is(start.day()),
            "WKST" => true,
            _ => false,
        };
        if !fine {
            return Err(refuse(part));
        }
    }
    if !is_yearly {
        return Err(refuse(rule));
    }
    let until = until.unwrap_or(Date::MAX);
    let starts = (start.year()..=LAST_YEAR.max(start.year()))
        .step_by(every.into())
        .filter_map(|year| Date::new(year, start.month(), start.day()).ok())
        .take_while(|date| *date <= until)
        .take(count.unwrap_or(usize::MAX));
    Ok(starts.collect())
}

/// Text with its backslashes resolved.
fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(char) = chars.next() {
        match (char, char == '\\') {
            (_, true) => match chars.next() {
                Some('n' | 'N') => plain.push(' '),
                Some(other) => plain.push(other),
                None => {}
            },
            (char, false) => plain.push(char),
        }
    }
    plain.trim().to_owned()
}
