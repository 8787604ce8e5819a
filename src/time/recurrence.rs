//! When a rule recurs: dates, weekdays, months, intervals and cron lines, as instants.

use std::sync::Arc;

use super::{CronSchedule, Date, DateTime, Instant, Period, Time, Unit, WeekdaySet, Zone, civil};

/// When something recurs, in civil time.
///
/// ```
/// use courtesy::time::{DayOffset, MonthDay, Recurrence, Time, Zone};
/// let payday = Recurrence::Monthly(vec![MonthDay::Day(31)]);
/// let (from, to) = ("2026-02-01T00:00:00Z".parse().unwrap(), "2026-05-01T00:00:00Z".parse().unwrap());
/// let days: Vec<_> = payday
///     .occurrences(&Zone::utc(), Some(Time::constant(10, 0, 0, 0)), DayOffset::NONE, from, to)
///     .map(|occurrence| occurrence.civil.date().to_string())
///     .collect();
/// assert_eq!(days, ["2026-02-28", "2026-03-31", "2026-04-30"]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recurrence {
    /// One date.
    Once(Date),
    /// These dates, sorted.
    Dates(Arc<[Date]>),
    /// Every year; 29 February is 28 February in other years.
    Yearly {
        /// The month, from 1.
        month: i8,
        /// The day of the month, from 1.
        day: i8,
    },
    /// Every week on these days.
    Weekdays(WeekdaySet),
    /// Every month on these days.
    Monthly(Vec<MonthDay>),
    /// Every so often, counted from an anchor each time, so that nothing drifts.
    Every {
        /// How often.
        period: Period,
        /// What is counted from.
        anchor: Anchor,
    },
    /// A cron line.
    Cron(CronSchedule),
}

/// A day of every month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MonthDay {
    /// That day, from 1 to 31, or the last day of a shorter month.
    Day(i8),
    /// The last day.
    Last,
}

/// What an interval is counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Anchor {
    /// `from DATE`: recurs on the date itself first.
    From(Date),
    /// `since ATTRIBUTE`, a date: recurs one period later first.
    Since(Date),
    /// `since ATTRIBUTE`, an instant: recurs one period later first, at its time of day unless the rule names one.
    SinceInstant(Instant),
}

impl Anchor {
    const fn first_count(self) -> i64 {
        match self {
            Self::From(_) => 0,
            Self::Since(_) | Self::SinceInstant(_) => 1,
        }
    }
}

/// `3 days before`, `1 month after`: a shift of the civil date by whole days, weeks, months or years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DayOffset {
    /// How many; negative is before.
    pub count: i64,
    /// Of what. An exact unit shifts nothing.
    pub unit: Unit,
}

impl DayOffset {
    /// On the day itself.
    pub const NONE: Self = Self { count: 0, unit: Unit::Day };

    /// That many units after, or before when negative.
    #[must_use]
    pub const fn new(count: i64, unit: Unit) -> Self {
        Self { count, unit }
    }

    fn apply(self, date: Date) -> Option<Date> {
        if self.count == 0 { Some(date) } else { civil::shift(date, self.count, self.unit) }
    }

    /// The first instant of the day that lies so far from a date. It is not so far from the first instant of that date's
    /// day, which may begin late.
    #[must_use]
    pub fn start(self, zone: &Zone, date: Date) -> Instant {
        match self.apply(date) {
            Some(date) => zone.start_of_day(date),
            None if self.count < 0 => Instant::MIN,
            None => Instant::MAX,
        }
    }

    /// A date that no date shifted to `date` or later lies before.
    fn undo(self, date: Date) -> Date {
        let count = self.count.saturating_neg();
        civil::shift(date, count, self.unit).unwrap_or(if count < 0 { Date::MIN } else { Date::MAX })
    }
}

/// One time that something recurs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Occurrence {
    /// The civil date and time it was written for, even where clocks never show it: a stable key. For an interval of
    /// minutes or hours, which no civil time is written for, it is the date and time in UTC.
    pub civil: DateTime,
    /// The instant.
    pub at: Instant,
}

impl Recurrence {
    /// The occurrences with `from <= at < to`, in order. Each civil date-time is resolved once, and of several that
    /// stand for the same instant only the first is kept.
    ///
    /// `time` is the time of day, the first instant of the day if none; a cron line and an interval of minutes or hours
    /// have their own, and `offset` does not apply to them either. Lazy, and cheap however far off `from` lies.
    pub fn occurrences<'r>(
        &'r self,
        zone: &'r Zone,
        time: Option<Time>,
        offset: DayOffset,
        from: Instant,
        to: Instant,
    ) -> Occurrences<'r> {
        // Every civil time that the clocks showed just before stands for an instant before `from`.
        let shown = zone.civil(from.plus_micros(-1));
        let source = match self {
            Self::Cron(schedule) => Source::Cron { schedule, after: Some(shown) },
            Self::Every { period, anchor } if period.unit.is_exact() => {
                exact_source(*period, *anchor, zone, from)
            }
            Self::Every { anchor: Anchor::SinceInstant(at), .. }
                if *at == Instant::MIN || *at == Instant::MAX =>
            {
                Source::Done
            }
            Self::Every { anchor: Anchor::SinceInstant(at), period } => {
                let anchor = zone.civil(*at);
                let dates = Dates::Every { period: *period, anchor: anchor.date(), first_count: 1 };
                Source::Dates {
                    dates,
                    time: time.unwrap_or(anchor.time()),
                    next: Some(offset.undo(shown.date())),
                }
            }
            written => Source::Dates {
                dates: Dates::Written(written),
                time: time.unwrap_or(Time::midnight()),
                next: Some(offset.undo(shown.date())),
            },
        };
        Occurrences { zone, source, offset, from, to, last: None }
    }

    /// The first date, not before `date`, that this falls on. Cron lines and exact intervals have none.
    fn next_date(&self, date: Date) -> Option<Date> {
        match self {
            Self::Once(only) => (*only >= date).then_some(*only),
            Self::Dates(dates) => dates.get(dates.partition_point(|other| *other < date)).copied(),
            Self::Yearly { month, day } => [0, 1]
                .into_iter()
                .filter_map(|years| civil::day_or_last(date.year().checked_add(years)?, *month, *day))
                .find(|candidate| *candidate >= date),
            Self::Weekdays(days) => (0..7)
                .filter_map(|ahead| civil::add_days(date, ahead))
                .find(|next| days.contains(next.weekday())),
            Self::Monthly(days) => [0, 1].into_iter().find_map(|months| {
                let month = civil::add_months(date.first_of_month(), months)?;
                days.iter().filter_map(|day| day.in_month(month)).filter(|next| *next >= date).min()
            }),
            Self::Every { period, anchor } => match anchor {
                Anchor::From(from) | Anchor::Since(from) => {
                    next_step(*period, *from, anchor.first_count(), date)
                }
                Anchor::SinceInstant(_) => None,
            },
            Self::Cron(_) => None,
        }
    }
}

impl MonthDay {
    /// The date in the month of `month`.
    fn in_month(self, month: Date) -> Option<Date> {
        match self {
            Self::Day(day) => civil::day_or_last(month.year(), month.month(), day),
            Self::Last => Some(month.last_of_month()),
        }
    }
}

/// The first of `anchor + k × period`, `k >= first_count`, that is not before `date`.
fn next_step(period: Period, anchor: Date, first_count: i64, date: Date) -> Option<Date> {
    let length = i64::from(period.count);
    if length == 0 || period.unit.is_exact() {
        return None;
    }
    let midnight = |date: Date| date.to_datetime(Time::midnight());
    let whole = civil::complete(midnight(anchor), midnight(date), period.unit).div_euclid(length);
    // That many periods end on the date or before it, and one more after it.
    let count = whole.max(first_count);
    let candidate = civil::shift(anchor, count.checked_mul(length)?, period.unit)?;
    if candidate >= date {
        return Some(candidate);
    }
    civil::shift(anchor, count.checked_add(1)?.checked_mul(length)?, period.unit)
}

/// An interval of minutes or hours, from its first instant that is not before `from`.
fn exact_source<'r>(period: Period, anchor: Anchor, zone: &Zone, from: Instant) -> Source<'r> {
    let start = match anchor {
        Anchor::From(date) | Anchor::Since(date) => zone.start_of_day(date),
        Anchor::SinceInstant(at) => at,
    };
    let minutes = i64::from(period.count) * if period.unit == Unit::Hour { 60 } else { 1 };
    let step = i128::from(minutes) * 60_000_000;
    if step == 0 || start == Instant::MIN || start == Instant::MAX {
        return Source::Done;
    }
    let ahead = i128::from(from.as_micros()) - i128::from(start.as_micros());
    // Rounded up, so that the first is not before `from`.
    let count = (-(-ahead).div_euclid(step)).max(anchor.first_count().into());
    match (i64::try_from(i128::from(start.as_micros()) + count * step), i64::try_from(step)) {
        (Ok(next), Ok(step)) => Source::Exact { next: Instant::from_micros(next), step },
        _ => Source::Done,
    }
}

/// The occurrences of a [`Recurrence`] within a stretch of time.
#[derive(Debug, Clone)]
pub struct Occurrences<'r> {
    zone: &'r Zone,
    source: Source<'r>,
    offset: DayOffset,
    from: Instant,
    to: Instant,
    last: Option<Instant>,
}

#[derive(Debug, Clone)]
enum Source<'r> {
    Dates { dates: Dates<'r>, time: Time, next: Option<Date> },
    Cron { schedule: &'r CronSchedule, after: Option<DateTime> },
    Exact { next: Instant, step: i64 },
    Done,
}

#[derive(Debug, Clone)]
enum Dates<'r> {
    Written(&'r Recurrence),
    Every { period: Period, anchor: Date, first_count: i64 },
}

impl Dates<'_> {
    fn next_date(&self, date: Date) -> Option<Date> {
        match self {
            Self::Written(recurrence) => recurrence.next_date(date),
            Self::Every { period, anchor, first_count } => next_step(*period, *anchor, *first_count, date),
        }
    }
}

impl Occurrences<'_> {
    /// The next one in the order of civil time, wherever it lies.
    fn advance(&mut self) -> Option<Occurrence> {
        match &mut self.source {
            Source::Dates { dates, time, next } => loop {
                let date = dates.next_date((*next)?)?;
                *next = date.tomorrow().ok();
                match self.offset.apply(date) {
                    Some(date) => return Some(civil_occurrence(self.zone, date.to_datetime(*time))),
                    // Shifted out of the calendar: before its beginning, so more may come, or past its end.
                    None if self.offset.count < 0 => {}
                    None => return None,
                }
            },
            Source::Cron { schedule, after } => {
                let civil = schedule.next_after((*after)?);
                *after = civil;
                civil.map(|civil| civil_occurrence(self.zone, civil))
            }
            Source::Exact { next, step } => {
                let at = *next;
                if at == Instant::MAX {
                    return None;
                }
                *next = at.plus_micros(*step);
                Some(Occurrence { civil: Zone::utc().civil(at), at })
            }
            Source::Done => None,
        }
    }
}

fn civil_occurrence(zone: &Zone, civil: DateTime) -> Occurrence {
    Occurrence { civil, at: zone.instant(civil) }
}

impl Iterator for Occurrences<'_> {
    type Item = Occurrence;

    fn next(&mut self) -> Option<Occurrence> {
        loop {
            let occurrence = self.advance()?;
            if occurrence.at >= self.to {
                self.source = Source::Done;
                return None;
            }
            if occurrence.at >= self.from && self.last != Some(occurrence.at) {
                self.last = Some(occurrence.at);
                return Some(occurrence);
            }
        }
    }
}

#[cfg(test)]
#[path = "recurrence_tests.rs"]
mod tests;
