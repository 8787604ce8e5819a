//! `--now` and `--for`: the moment a plan starts at and how far it looks.

use courtesy::{
    Horizon,
    time::{DateTime, Instant, Period, Unit, Zone},
};

use super::Failure;

/// The moment a plan starts at and how far it looks.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct HorizonArgs {
    /// The moment to plan from: `2026-03-01T10:00:00+08:00`, or `2026-03-01 10:00` in the rules' time zone
    /// [default: the present]
    #[arg(long, value_name = "MOMENT", verbatim_doc_comment)]
    pub(crate) now: Option<String>,
    /// How far to look ahead, such as `30 days`, `2 weeks` or `12 hours`
    #[arg(long = "for", value_name = "PERIOD", default_value = "30 days", value_parser = read_horizon, allow_hyphen_values = true)]
    pub(crate) horizon: Period,
}

impl HorizonArgs {
    /// The moment to plan from. A civil time is read in that zone.
    pub(crate) fn now(&self, zone: &Zone) -> Result<Instant, Failure> {
        match &self.now {
            Some(text) => read_moment(text, zone),
            None => Ok(present()),
        }
    }
}

/// The present, in whole seconds: the finer part would only make outputs unlike one another.
fn present() -> Instant {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Instant::from_seconds(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}

/// Between which years a moment lies. Calendars end with the year 9999, and a plan looks years back and ahead.
const YEARS: std::ops::Range<i16> = 1..9900;

/// Reads an instant with an offset, a civil date and time, or a date, which stands for its first instant.
pub(crate) fn read_moment(text: &str, zone: &Zone) -> Result<Instant, Failure> {
    let text = text.trim();
    let at = parse_moment(text, zone).ok_or_else(|| {
        Failure::usage(format!("`{text}` is not a moment"))
            .help("write a date and time, such as `2026-03-01 10:00` or `2026-03-01T10:00:00+08:00`")
    })?;
    let is_usable = |at: &Instant| YEARS.contains(&zone.date(*at).year());
    Some(at).filter(is_usable).ok_or_else(|| {
        Failure::usage(format!("`{text}` is too far away to plan from")).help(format!(
            "give a moment in the years {} to {}",
            YEARS.start,
            YEARS.end - 1
        ))
    })
}

fn parse_moment(text: &str, zone: &Zone) -> Option<Instant> {
    if let Ok(at) = text.parse::<Instant>() {
        return Some(at);
    }
    if text.eq_ignore_ascii_case("now") {
        return Some(present());
    }
    if let Ok(date) = text.parse::<courtesy::time::Date>()
        && text.len() == "2026-03-01".len()
    {
        return Some(zone.start_of_day(date));
    }
    text.parse::<DateTime>().ok().map(|civil| zone.instant(civil))
}

/// Reads how far to look ahead: `30 days`, at most five years.
fn read_horizon(text: &str) -> Result<Period, String> {
    let period = read_period(text)?;
    let (utc, some_day) = (Zone::utc(), Instant::from_seconds(0));
    if Horizon::from(period).end(&utc, some_day) < utc.add(some_day, period) {
        return Err(format!("a plan looks {} years ahead at the most", Horizon::MOST_YEARS));
    }
    Ok(period)
}

/// Reads `30 days`, `30days` or `30d`.
pub(crate) fn read_period(text: &str) -> Result<Period, String> {
    let text = text.trim();
    let begins_with_digit = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    if text.strip_prefix(['-', '\u{2212}']).is_some_and(|rest| begins_with_digit(rest.trim_start())) {
        return Err("a plan looks ahead: leave out the minus".into());
    }
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (count, unit) = text.split_at(digits);
    if !count.is_empty() && unit.strip_prefix(['.', ',']).is_some_and(begins_with_digit) {
        return Err("write whole units, such as `36 hours` for `1.5 days`".into());
    }
    let unit = match unit.trim() {
        "d" => Ok(Unit::Day),
        "h" => Ok(Unit::Hour),
        "w" => Ok(Unit::Week),
        name => name.parse::<Unit>().map_err(|_| ()),
    };
    match (count.parse::<u32>(), unit) {
        (Ok(0), Ok(unit)) => Err(format!("give at least 1 {unit}")),
        (Ok(count), Ok(unit)) => Ok(Period::new(count, unit)),
        _ => Err("write a number and a unit, such as `30 days`".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_periods_in_long_and_short() {
        assert_eq!(read_period("30 days"), Ok(Period::days(30)));
        assert_eq!(read_period("1 Week"), Ok(Period::new(1, Unit::Week)));
        assert_eq!(read_period("12h"), Ok(Period::new(12, Unit::Hour)));
        assert_eq!(read_period("90d"), Ok(Period::days(90)));
        for wrong in ["", "days", "0 days", "-1 day", "30", "5 parsecs", "99999999999 days"] {
            assert!(read_period(wrong).is_err(), "{wrong}");
        }
        for (wrong, said) in [
            ("-5 days", "a plan looks ahead: leave out the minus"),
            ("- 5 days", "a plan looks ahead: leave out the minus"),
            ("0 days", "give at least 1 day"),
            ("1.5 days", "write whole units, such as `36 hours` for `1.5 days`"),
            ("1,5 days", "write whole units, such as `36 hours` for `1.5 days`"),
            ("--out", "write a number and a unit, such as `30 days`"),
        ] {
            assert_eq!(read_period(wrong).unwrap_err(), said, "{wrong}");
        }
    }

    #[test]
    fn a_horizon_is_at_most_five_years() {
        for fine in ["5 years", "60 months", "1826 days", "1 minute"] {
            assert!(read_horizon(fine).is_ok(), "{fine}");
        }
        for long in ["6 years", "61 months", "1827 days", "4294967295 years", "4294967295 minutes"] {
            assert_eq!(read_horizon(long).unwrap_err(), "a plan looks 5 years ahead at the most", "{long}");
        }
    }

    #[test]
    fn reads_moments_in_a_zone() {
        let zone = Zone::named("Asia/Shanghai").unwrap();
        let read = |text| read_moment(text, &zone).map(|at| at.to_string()).map_err(|error| error.message);
        assert_eq!(read("2026-03-01 10:00").unwrap(), "2026-03-01T02:00:00Z");
        assert_eq!(read("2026-03-01T10:00").unwrap(), "2026-03-01T02:00:00Z");
        assert_eq!(read("2026-03-01T10:00:00Z").unwrap(), "2026-03-01T10:00:00Z");
        assert_eq!(read("2026-03-01").unwrap(), "2026-02-28T16:00:00Z");
        assert_eq!(read("tomorrow").unwrap_err(), "`tomorrow` is not a moment");
        assert_eq!(read("9899-12-31").unwrap(), "9899-12-30T16:00:00Z");
        for far in ["9999-12-31", "9900-01-01 00:00", "9950-06-01T00:00:00Z", "0000-01-01"] {
            assert_eq!(read(far).unwrap_err(), format!("`{far}` is too far away to plan from"));
        }
    }
}
