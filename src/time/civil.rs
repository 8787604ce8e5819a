//! Arithmetic on civil dates, before any zone comes in.

use jiff::Span;

use super::{CalendarUnit, Date, DateTime, Unit, Weekday};

/// The date that many days later; `None` beyond the years that the calendar holds.
pub(super) fn add_days(date: Date, days: i64) -> Option<Date> {
    let span = Span::new().try_days(days).ok()?;
    date.checked_add(span).ok()
}

/// The same day that many months later, or that month's last day.
pub(super) fn add_months(date: Date, months: i64) -> Option<Date> {
    let index = month_index(date).checked_add(months)?;
    let year = i16::try_from(index.div_euclid(12)).ok()?;
    let month = i8::try_from(index.rem_euclid(12) + 1).ok()?;
    day_or_last(year, month, date.day())
}

/// That day of that month, or the month's last day.
pub(super) fn day_or_last(year: i16, month: i8, day: i8) -> Option<Date> {
    let first = Date::new(year, month, 1).ok()?;
    Date::new(year, month, day.clamp(1, first.days_in_month())).ok()
}

/// The date `count` units later. Exact units have no meaning for a date and leave it.
pub(super) fn shift(date: Date, count: i64, unit: Unit) -> Option<Date> {
    match unit {
        Unit::Minute | Unit::Hour => Some(date),
        Unit::Day => add_days(date, count),
        Unit::Week => add_days(date, count.checked_mul(7)?),
        Unit::Month => add_months(date, count),
        Unit::Year => add_months(date, count.checked_mul(12)?),
    }
}

/// Days from one date to another, negative when it lies before.
pub(super) fn days_between(from: Date, to: Date) -> i64 {
    from.duration_until(to).as_hours() / 24
}

/// Days since 1970-01-01, negative before it.
pub(crate) fn day_number(date: Date) -> i64 {
    days_between(Date::constant(1970, 1, 1), date)
}

/// Months of a calendar counted from year 0, so that months can be subtracted.
pub(super) fn month_index(date: Date) -> i64 {
    i64::from(date.year()) * 12 + i64::from(date.month()) - 1
}

/// The greatest `n` for which `from`, moved by `n` units, is not after `to`.
pub(super) fn complete(from: DateTime, to: DateTime, unit: Unit) -> i64 {
    let (day_from, day_to) = (from.date(), to.date());
    let late = |moved: Option<Date>| i64::from(moved.is_none_or(|date| date.to_datetime(from.time()) > to));
    match unit {
        Unit::Minute | Unit::Hour => 0,
        Unit::Day => days_between(day_from, day_to) - i64::from(to.time() < from.time()),
        Unit::Week => complete(from, to, Unit::Day).div_euclid(7),
        Unit::Month => {
            let months = month_index(day_to) - month_index(day_from);
            months - late(add_months(day_from, months))
        }
        Unit::Year => {
            let years = i64::from(day_to.year()) - i64::from(day_from.year());
            years - late(add_months(day_from, years * 12))
        }
    }
}

/// The first day of the window that holds the date.
pub(super) fn window_start(date: Date, unit: CalendarUnit, week_starts: Weekday) -> Date {
    match unit {
        CalendarUnit::Day => date,
        CalendarUnit::Week => {
            add_days(date, -i64::from(date.weekday().since(week_starts))).unwrap_or(Date::MIN)
        }
        CalendarUnit::Month => date.first_of_month(),
        CalendarUnit::Year => date.first_of_year(),
    }
}

impl CalendarUnit {
    /// The step that leads from one window to the next.
    pub(crate) const fn unit(self) -> Unit {
        match self {
            Self::Day => Unit::Day,
            Self::Week => Unit::Week,
            Self::Month => Unit::Month,
            Self::Year => Unit::Year,
        }
    }
}
