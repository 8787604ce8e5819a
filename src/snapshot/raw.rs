//! Values as data gives them, read as the types that rules declare.

use std::borrow::Cow;

use super::{BindError, Datum};
use crate::{
    number::{Number, ParseNumberError},
    time::{Date, DateTime, Instant, Time, Written, Zone, read_written},
};

/// A value of data, borrowed from wherever it was read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Raw<'a> {
    /// Nothing.
    Null,
    /// Yes or no.
    YesNo(bool),
    /// A whole number.
    Whole(i64),
    /// A number with a fraction.
    Float(f64),
    /// A text; also a date, an instant, or a number in a table.
    Text(&'a str),
    /// A list.
    List(&'a [Datum]),
    /// Something deeper, which rules cannot read.
    Map,
}

impl<'a> From<&'a Datum> for Raw<'a> {
    fn from(datum: &'a Datum) -> Self {
        match datum {
            Datum::Null => Self::Null,
            Datum::YesNo(value) => Self::YesNo(*value),
            Datum::Whole(value) => Self::Whole(*value),
            Datum::Float(value) => Self::Float(*value),
            Datum::Text(text) => Self::Text(text),
            Datum::List(list) => Self::List(list),
            Datum::Map(_) => Self::Map,
        }
    }
}

impl<'a> From<&'a str> for Raw<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

/// Why a value cannot be read: what is wrong with it, and how to mend it. The place is added by whoever knows it.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) value: String,
    pub(crate) what: String,
    pub(crate) help: String,
}

impl Problem {
    /// The value is not of the kind that is wanted.
    pub(crate) fn new(value: Raw<'_>, wanted: &str, help: impl Into<String>) -> Self {
        let value = value.shown();
        Self { what: format!("`{value}` is not {wanted}"), value, help: help.into() }
    }

    /// The whole error, now that the place is known.
    pub(crate) fn at(self, place: impl Into<String>) -> BindError {
        BindError { field: place.into(), value: self.value, problem: self.what, help: self.help }
    }
}

/// A text on one line, cut to a readable length, nothing in it that could disturb a terminal.
pub(crate) fn shown(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut short: String = text.chars().take(LONGEST).flat_map(printable).collect();
    if text.chars().nth(LONGEST).is_some() {
        short.push('…');
    }
    short
}

/// The text with all that cannot be seen written out, so that it is safe to show on one line.
#[cfg(feature = "cli")]
pub(crate) fn plain(text: &str) -> String {
    text.chars().flat_map(printable).collect()
}

fn printable(c: char) -> impl Iterator<Item = char> {
    // Those that cannot be seen, or that turn round what follows on the screen.
    let is_hidden = c.is_control()
        || matches!(c, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}');
    let escape = is_hidden.then(|| c.escape_default());
    escape.into_iter().flatten().chain((!is_hidden).then_some(c))
}

impl<'a> Raw<'a> {
    /// For messages.
    pub(crate) fn shown(self) -> String {
        match self {
            Self::Null => "null".into(),
            Self::YesNo(value) => value.to_string(),
            Self::Whole(value) => value.to_string(),
            Self::Float(value) => value.to_string(),
            Self::Text(text) => shown(text),
            Self::List(list) => {
                let members: Vec<_> = list.iter().take(4).map(|member| Raw::from(member).shown()).collect();
                shown(&format!("[{}{}]", members.join(", "), if list.len() > 4 { ", …" } else { "" }))
            }
            Self::Map => "{…}".into(),
        }
    }

    /// As a text: numbers by their digits, so that an id may be either. `None` if it is nothing.
    pub(crate) fn text(self) -> Result<Option<Cow<'a, str>>, Problem> {
        match self {
            Self::Null => Ok(None),
            Self::Text(text) => Ok(Some(Cow::Borrowed(text))),
            Self::Whole(value) => Ok(Some(value.to_string().into())),
            Self::Float(value) => Ok(Some(value.to_string().into())),
            Self::YesNo(_) | Self::List(_) | Self::Map => {
                Err(Problem::new(self, "a text", "write it in quotes"))
            }
        }
    }

    /// As a number. `None` if it is nothing.
    pub(crate) fn number(self) -> Result<Option<Number>, Problem> {
        const HELP: &str =
            "write digits, with a point for decimals and nothing between thousands, such as 1234.5";
        let large = || Problem {
            value: self.shown(),
            what: format!("`{}` is too large for a number", self.shown()),
            help: "numbers go to 9,000,000,000,000; declare it as text if it is an id".into(),
        };
        match self {
            Self::Null => Ok(None),
            Self::Whole(value) => Number::whole(value).map(Some).ok_or_else(large),
            Self::Float(value) if value.is_finite() => Number::from_f64(value).map(Some).ok_or_else(large),
            Self::Text(text) => match text.trim() {
                "" => Ok(None),
                digits => digits.parse().map(Some).map_err(|error| match error {
                    ParseNumberError::TooLarge(_) => large(),
                    ParseNumberError::NotANumber(_) => Problem::new(self, "a number", HELP),
                }),
            },
            _ => Err(Problem::new(self, "a number", HELP)),
        }
    }

    /// As yes or no. `None` if it is nothing.
    pub(crate) fn yes_no(self) -> Result<Option<bool>, Problem> {
        let wrong = || Problem::new(self, "yes or no", "write yes or no, true or false, 1 or 0");
        match self {
            Self::Null => Ok(None),
            Self::YesNo(value) => Ok(Some(value)),
            Self::Whole(0) => Ok(Some(false)),
            Self::Whole(1) => Ok(Some(true)),
            Self::Text(text) => parse_yes_no(text.trim()).ok_or_else(wrong),
            _ => Err(wrong()),
        }
    }

    /// As a civil date: the one that is written, whatever time and offset follow. `None` if it is nothing.
    pub(crate) fn date(self) -> Result<Option<Date>, Problem> {
        let wrong = || Problem::new(self, "a date", "write year-month-day, such as 2026-01-31");
        match self {
            Self::Null => Ok(None),
            Self::Text(text) => match text.trim() {
                "" => Ok(None),
                text => {
                    if let Some(Written::Date(date)) = read_written(text.as_bytes()) {
                        return Ok(Some(date));
                    }
                    let (date, rest) = split_date(text).ok_or_else(wrong)?;
                    // A birthday is often exported as midnight of some zone: the day as written is what was meant.
                    if rest.is_empty() || parse_clock(rest, date).is_some() {
                        Ok(Some(date))
                    } else {
                        Err(wrong())
                    }
                }
            },
            _ => Err(wrong()),
        }
    }

    /// As an instant. A date is the start of that day in `home`; a time without an offset is one on the clocks of
    /// `clock`. `None` if it is nothing.
    pub(crate) fn instant(self, home: &Zone, clock: &Zone) -> Result<Option<Instant>, Problem> {
        let wrong = || {
            Problem::new(
                self,
                "a date and time",
                "write it as 2026-01-31T09:30:00Z or 2026-01-31T09:30:00+08:00, or without an offset for the user's \
                 own time",
            )
        };
        match self {
            Self::Null => Ok(None),
            Self::Text(text) => match text.trim() {
                "" => Ok(None),
                text => parse_instant(text, home, clock).map(Some).ok_or_else(wrong),
            },
            _ => Err(wrong()),
        }
    }
}

/// `Some(None)` if it is nothing, `None` if it is neither yes nor no.
pub(super) fn parse_yes_no(text: &str) -> Option<Option<bool>> {
    let is = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if text.len() > "false".len() {
        None
    } else if text.is_empty() {
        Some(None)
    } else if is(&["true", "yes", "1", "y", "t"]) {
        Some(Some(true))
    } else if is(&["false", "no", "0", "n", "f"]) {
        Some(Some(false))
    } else {
        None
    }
}

/// Reads an instant: `2026-01-31T09:30:00Z`, `2026-01-31 09:30[:00]` (on the clocks of `clock`), or a date (its first
/// instant in `home`).
pub(crate) fn parse_instant(text: &str, home: &Zone, clock: &Zone) -> Option<Instant> {
    match read_written(text.as_bytes()) {
        Some(Written::Date(date)) => Some(home.start_of_day(date)),
        Some(Written::Civil(civil)) => Some(clock.instant(civil)),
        Some(Written::Exact(at)) => Some(at),
        None => parse_any_instant(text, home, clock),
    }
}

/// The same of any form.
fn parse_any_instant(text: &str, home: &Zone, clock: &Zone) -> Option<Instant> {
    let (date, rest) = split_date(text)?;
    if rest.is_empty() {
        return Some(home.start_of_day(date));
    }
    match parse_clock(rest, date)? {
        Clock::Civil(time) => Some(clock.instant(DateTime::from_parts(date, time))),
        Clock::Exact(at) => Some(at),
    }
}

/// What follows a date.
enum Clock {
    /// A time on some clock.
    Civil(Time),
    /// A time with its offset, and so an instant.
    Exact(Instant),
}

/// Reads ` 09:30[:00[.0]]`, with `T` or a space before it and perhaps `Z`, ` UTC` or an offset after it.
fn parse_clock(rest: &str, date: Date) -> Option<Clock> {
    let rest = rest.strip_prefix(['T', 't', ' '])?.trim();
    let digits = rest.find(|c: char| !(c.is_ascii_digit() || matches!(c, ':' | '.'))).unwrap_or(rest.len());
    let (clock, offset) = rest.split_at_checked(digits)?;
    let offset = offset.trim_start();
    let offset = if offset.eq_ignore_ascii_case("utc") { "Z" } else { offset };
    if clock.len() < 4 || !clock.contains(':') {
        return None;
    }
    // Spreadsheets leave out the zero of a morning hour.
    let padded = if clock.as_bytes().get(1) == Some(&b':') { format!("0{clock}") } else { clock.to_owned() };
    if offset.is_empty() {
        return padded.parse().ok().map(Clock::Civil);
    }
    format!("{date}T{padded}{offset}").parse().ok().map(Clock::Exact)
}

/// Reads a date at the start of a text: year, month, day, between them `-` or `/`. Gives what follows.
fn split_date(text: &str) -> Option<(Date, &str)> {
    let (year, rest) = text.split_once(['-', '/'])?;
    let (month, rest) = rest.split_once(['-', '/'])?;
    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (day, rest) = rest.split_at_checked(digits)?;
    let plain = |part: &str, most: usize| {
        (!part.is_empty() && part.len() <= most && part.bytes().all(|b| b.is_ascii_digit())).then_some(())
    };
    if year.len() != 4 {
        return None;
    }
    plain(year, 4).and(plain(month, 2)).and(plain(day, 2))?;
    let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
    Some((date, rest))
}

/// The members of a list written as one text, as in a table: between them `;`, `|` or `,`.
pub(crate) fn list_members(text: &str) -> impl Iterator<Item = &str> {
    text.split([';', '|', ',']).map(str::trim).filter(|member| !member.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn instant(text: &str) -> Option<String> {
        let home = Zone::named("Asia/Shanghai").unwrap();
        parse_instant(text, &home, &home).map(|at| at.to_string())
    }

    #[test]
    fn reads_instants_however_people_and_systems_write_them() {
        for (text, at) in [
            ("2026-01-31T09:30:00Z", "2026-01-31T09:30:00Z"),
            ("2026-01-31T09:30:00+08:00", "2026-01-31T01:30:00Z"),
            ("2026-01-31 09:30:00+08", "2026-01-31T01:30:00Z"),
            ("2026-01-31 09:30:00 UTC", "2026-01-31T09:30:00Z"),
            ("2026-01-31 09:30:00.25 +0800", "2026-01-31T01:30:00.25Z"),
            ("2026-01-31 09:30", "2026-01-31T01:30:00Z"),
            ("2026/1/31 9:30", "2026-01-31T01:30:00Z"),
            ("2026-01-31T09:30:00.5", "2026-01-31T01:30:00.5Z"),
            ("2026-01-31", "2026-01-30T16:00:00Z"),
        ] {
            assert_eq!(instant(text).as_deref(), Some(at), "{text}");
        }
    }

    #[test]
    fn refuses_instants_it_would_have_to_guess() {
        for text in [
            "",
            "31/01/2026",
            "01/31/2026 09:30",
            "2026-02-30",
            "2026-13-01",
            "1769850000",
            "2026-01-31 25:00",
            "2026-01-31 09:30 EST",
            "2026-01-31T",
            "2026-01-31x",
            "26-01-31",
            "tomorrow",
            "2026-01-31 9",
            "2026-01-31T09:30:00Zx",
        ] {
            assert_eq!(instant(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_usual_forms_are_read_as_any_other(
            text in "(19|20)[0-9]{2}[-/][01]?[0-9]-[0-3][0-9]([Tt ][0-2]?[0-9]:[0-5][0-9](:[0-6][0-9](\\.[0-9]{1,10})?)?(Z|z| UTC|[+-][012][0-9]:?[0-6][0-9])?)?"
        ) {
            let (home, clock) = (Zone::named("Europe/Berlin").unwrap(), Zone::named("Asia/Shanghai").unwrap());
            prop_assert_eq!(parse_instant(&text, &home, &clock), parse_any_instant(&text, &home, &clock));
        }
    }

    #[test]
    fn a_date_is_the_day_as_written() {
        for text in ["1990-05-03", "1990/5/3", "1990-05-03T00:00:00Z", "1990-05-03 00:00", " 1990-05-03 "] {
            assert_eq!(Raw::Text(text).date().unwrap(), Some("1990-05-03".parse().unwrap()), "{text}");
        }
        assert_eq!(Raw::Text(" ").date().unwrap(), None);
        assert!(Raw::Text("1990-05-03 or so").date().is_err());
        assert!(Raw::Whole(19_900_503).date().is_err());
    }

    #[test]
    fn reads_yes_and_no() {
        for (raw, value) in [
            (Raw::Text("Yes"), Some(true)),
            (Raw::Text("FALSE"), Some(false)),
            (Raw::Whole(1), Some(true)),
            (Raw::Text(""), None),
            (Raw::Null, None),
        ] {
            assert_eq!(raw.yes_no().unwrap(), value, "{raw:?}");
        }
        assert!(Raw::Text("maybe").yes_no().is_err());
        assert!(Raw::Whole(2).yes_no().is_err());
    }

    #[test]
    fn numbers_are_read_from_digits_and_never_guessed() {
        assert_eq!(Raw::Text(" 12.50 ").number().unwrap(), Some("12.5".parse().unwrap()));
        assert_eq!(Raw::Float(0.1).number().unwrap(), Some("0.1".parse().unwrap()));
        for raw in [
            Raw::Text("1,234"),
            Raw::Text("12 EUR"),
            Raw::YesNo(true),
            Raw::Float(f64::NAN),
            Raw::Float(f64::INFINITY),
            Raw::Whole(i64::MAX),
            Raw::Float(1e300),
            Raw::List(&[]),
            Raw::Map,
        ] {
            assert!(raw.number().is_err(), "{raw:?}");
        }
    }

    #[test]
    fn shows_values_on_one_short_line() {
        assert_eq!(shown("a\u{1b}[31m\n"), "a\\u{1b}[31m\\n");
        assert_eq!(shown(&"x".repeat(100)).chars().count(), 61);
    }
}
