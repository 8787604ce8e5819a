//! Dates as days since 1970, and how moments are written.

use crate::users::DAY;

/// The day of a date.
pub(super) fn day_of(year: i64, month: i64, day: i64) -> i64 {
    // After Howard Hinnant's `days_from_civil`: years begin in March.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Year, month and day of a day.
pub(super) fn date_of(day: i64) -> (i64, i64, i64) {
    let day = day + 719_468;
    let era = day.div_euclid(146_097);
    let of_era = day.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let date = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, date)
}

/// Whether a year has a 29 February.
pub(super) fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn two(out: &mut Vec<u8>, number: i64) {
    out.extend_from_slice(&[b'0' + (number / 10 % 10) as u8, b'0' + (number % 10) as u8]);
}

fn date(out: &mut Vec<u8>, day: i64) {
    let (year, month, day) = date_of(day);
    two(out, year / 100);
    two(out, year % 100);
    out.push(b'-');
    two(out, month);
    out.push(b'-');
    two(out, day);
}

fn time(out: &mut Vec<u8>, second: i64) {
    two(out, second / 3_600);
    out.push(b':');
    two(out, second / 60 % 60);
}

/// `2026-03-05T02:00:00`
pub(super) fn write_seconds(out: &mut Vec<u8>, at: i64) {
    date(out, at.div_euclid(DAY));
    out.push(b'T');
    time(out, at.rem_euclid(DAY));
    out.push(b':');
    two(out, at.rem_euclid(60));
}

/// `2026-03-05T02:00:00Z`
pub(super) fn write_instant(out: &mut Vec<u8>, at: i64) {
    write_seconds(out, at);
    out.push(b'Z');
}

/// `2026-03-05 10:00`, with seconds only if there are any.
pub(super) fn write_local(out: &mut Vec<u8>, at: i64) {
    date(out, at.div_euclid(DAY));
    out.push(b' ');
    time(out, at.rem_euclid(DAY));
    if at % 60 != 0 {
        out.push(b':');
        two(out, at.rem_euclid(60));
    }
}

/// A whole number.
pub(super) fn write_number(out: &mut Vec<u8>, number: i64) {
    use std::io::Write;
    // Writing to memory does not fail.
    let _ = write!(out, "{number}");
}

/// The second of `2026-03-05T02:00:00Z`, and of nothing else.
pub(super) fn read_instant(text: &[u8]) -> Option<i64> {
    let text: &[u8; 20] = text.try_into().ok()?;
    let [.., b'Z'] = text else { return None };
    if (text[4], text[7], text[10], text[13], text[16]) != (b'-', b'-', b'T', b':', b':') {
        return None;
    }
    let two = |at: usize| {
        let (tens, ones) = (text[at].wrapping_sub(b'0'), text[at + 1].wrapping_sub(b'0'));
        (tens <= 9 && ones <= 9).then(|| i64::from(tens) * 10 + i64::from(ones))
    };
    let day = day_of(two(0)? * 100 + two(2)?, two(5)?, two(8)?);
    Some(day * DAY + two(11)? * 3_600 + two(14)? * 60 + two(17)?)
}

/// The day of `2026-03-05`, and of nothing else.
pub(super) fn read_date(text: &[u8]) -> Option<i64> {
    let text: &[u8; 10] = text.try_into().ok()?;
    let two = |at: usize| {
        let (tens, ones) = (text[at].wrapping_sub(b'0'), text[at + 1].wrapping_sub(b'0'));
        (tens <= 9 && ones <= 9).then(|| i64::from(tens) * 10 + i64::from(ones))
    };
    if (text[4], text[7]) != (b'-', b'-') {
        return None;
    }
    Some(day_of(two(0)? * 100 + two(2)?, two(5)?, two(8)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_agree() {
        for day in -150_000..150_000 {
            let (year, month, date) = date_of(day);
            assert_eq!(day_of(year, month, date), day);
        }
        assert_eq!(date_of(0), (1970, 1, 1));
        assert_eq!(date_of(day_of(2024, 2, 29) + 1), (2024, 3, 1));
    }

    #[test]
    fn moments_are_read_as_they_are_written() {
        let mut text = Vec::new();
        write_instant(&mut text, 1_772_676_000);
        assert_eq!(text, b"2026-03-05T02:00:00Z");
        assert_eq!(read_instant(&text), Some(1_772_676_000));
        assert_eq!(read_date(b"1970-01-02"), Some(1));
        assert_eq!(read_instant(b"2026-03-05 02:00:00Z"), None);
    }
}
