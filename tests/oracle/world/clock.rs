//! Civil time of one zone, straight from the time zone library and the definitions of section 1.

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use courtesy::time::{CalendarUnit, Date, DateTime, Instant, Period, Time, Unit, Weekday};
use jiff::{
    Span, Timestamp, ToSpan,
    tz::{Offset, TimeZone, TimeZoneDatabase},
};

/// The clocks of a zone.
#[derive(Clone)]
pub struct Clock {
    zone: TimeZone,
    /// Civil times that were looked up before, by any copy.
    known: Rc<RefCell<HashMap<DateTime, Instant>>>,
}

fn timestamp(at: Instant) -> Option<Timestamp> {
    Timestamp::from_microsecond(at.as_micros()).ok()
}

fn instant(at: Timestamp) -> Instant {
    Instant::from_micros(at.as_microsecond())
}

/// The date so many units later; a month without that day has its last day instead (1.2).
pub fn shift(date: Date, count: i64, unit: Unit) -> Option<Date> {
    let span = match unit {
        Unit::Minute | Unit::Hour => return None,
        Unit::Day => Span::new().try_days(count),
        Unit::Week => Span::new().try_weeks(count),
        Unit::Month => Span::new().try_months(count),
        Unit::Year => Span::new().try_years(count),
    };
    // The library cuts the day of the month down as 1.2 says.
    date.checked_add(span.ok()?).ok()
}

impl Clock {
    pub fn new(name: &str) -> Self {
        let zone = TimeZoneDatabase::bundled().get(name).unwrap();
        Self { zone, known: Rc::default() }
    }

    /// What the clocks show.
    pub fn civil(&self, at: Instant) -> DateTime {
        match timestamp(at) {
            Some(at) => self.zone.to_datetime(at),
            None if at.as_micros() < 0 => DateTime::MIN,
            None => DateTime::MAX,
        }
    }

    /// The clock changes between two instants.
    pub fn changes(&self, from: Instant, to: Instant) -> Vec<Instant> {
        let (Some(from), Some(to)) = (timestamp(from), timestamp(to)) else { return Vec::new() };
        let following = self.zone.following(from).map(|change| change.timestamp());
        following.take_while(|at| *at <= to).map(instant).collect()
    }

    /// The first instant at which the clocks show that civil time; where they skip it, the first instant after (1.3).
    pub fn instant(&self, civil: DateTime) -> Instant {
        if let Some(known) = self.known.borrow().get(&civil) {
            return *known;
        }
        let found = self.look_up(civil);
        self.known.borrow_mut().insert(civil, found);
        found
    }

    fn look_up(&self, civil: DateTime) -> Instant {
        let Ok(near) = Offset::UTC.to_timestamp(civil) else {
            return if civil.year() < 0 { Instant::MIN } else { Instant::MAX };
        };
        let (Ok(early), Ok(late)) = (near.checked_sub(30.hours()), near.checked_add(30.hours())) else {
            return if civil.year() < 0 { Instant::MIN } else { Instant::MAX };
        };
        let changes = self.changes(instant(early), instant(late));
        // Every offset that was in force around that time.
        let mut offsets = vec![self.zone.to_offset(early)];
        offsets.extend(changes.iter().filter_map(|at| timestamp(*at)).map(|at| self.zone.to_offset(at)));
        let showing = offsets.iter().filter_map(|offset| offset.to_timestamp(civil).ok());
        let showing = showing.filter(|at| self.zone.to_datetime(*at) == civil).min();
        let skipped = || changes.iter().copied().find(|at| self.civil(*at) >= civil);
        showing.map(instant).or_else(skipped).unwrap_or(Instant::MAX)
    }

    pub fn start_of_day(&self, date: Date) -> Instant {
        self.instant(date.to_datetime(Time::midnight()))
    }

    /// The civil day that holds an instant: the last one that has begun (2.2).
    pub fn today(&self, at: Instant) -> Date {
        let mut date = self.civil(at).date();
        while let Some(next) = date.tomorrow().ok().filter(|next| self.start_of_day(*next) <= at) {
            date = next;
        }
        date
    }

    /// So many units later: minutes and hours are exact, the others keep the time of day (1.2).
    pub fn step(&self, at: Instant, count: i64, unit: Unit) -> Instant {
        if at == Instant::MIN || at == Instant::MAX || count == 0 {
            return at;
        }
        match unit {
            Unit::Minute => at.plus_micros(count * 60_000_000),
            Unit::Hour => at.plus_micros(count * 3_600_000_000),
            _ => {
                let civil = self.civil(at);
                match shift(civil.date(), count, unit) {
                    Some(date) => self.instant(date.to_datetime(civil.time())),
                    None if count < 0 => Instant::MIN,
                    None => Instant::MAX,
                }
            }
        }
    }

    pub fn add(&self, at: Instant, period: Period) -> Instant {
        self.step(at, period.count.into(), period.unit)
    }

    /// The greatest `n` with `from + n units <= to` (2.5).
    pub fn complete(&self, from: Instant, to: Instant, unit: Unit) -> i64 {
        let seconds = match unit {
            Unit::Minute => 60,
            Unit::Hour => 3_600,
            Unit::Day => 86_400,
            Unit::Week => 604_800,
            Unit::Month => 2_629_746,
            Unit::Year => 31_556_952,
        };
        let mut count = (to.as_micros() - from.as_micros()).div_euclid(seconds * 1_000_000);
        while self.step(from, count, unit) > to {
            count -= 1;
        }
        while self.step(from, count + 1, unit) <= to {
            count += 1;
        }
        count
    }

    /// The first day of the stretch of the calendar that the day is in (2.2).
    fn first_day(&self, day: Date, unit: CalendarUnit, week_starts: Weekday) -> Date {
        match unit {
            CalendarUnit::Day => day,
            CalendarUnit::Week => {
                let mut day = day;
                while day.weekday() != week_starts {
                    day = day.yesterday().unwrap();
                }
                day
            }
            CalendarUnit::Month => day.first_of_month(),
            CalendarUnit::Year => day.first_of_year(),
        }
    }

    /// The stretch of the calendar that holds an instant: its first instant, and the first one after it.
    pub fn window(&self, at: Instant, unit: CalendarUnit, week_starts: Weekday) -> (Instant, Instant) {
        let first = self.first_day(self.today(at), unit, week_starts);
        let next = match unit {
            CalendarUnit::Day => Unit::Day,
            CalendarUnit::Week => Unit::Week,
            CalendarUnit::Month => Unit::Month,
            CalendarUnit::Year => Unit::Year,
        };
        (self.start_of_day(first), self.start_of_day(shift(first, 1, next).unwrap()))
    }

    /// The first instant at or after `at` that a time of day stands for on some civil day (6.2).
    pub fn next_at(&self, at: Instant, time: Time) -> Instant {
        if at == Instant::MIN || at == Instant::MAX {
            return at;
        }
        let day = self.today(at);
        let days = (-2..=2).filter_map(|ahead| shift(day, ahead, Unit::Day));
        days.map(|day| self.instant(day.to_datetime(time))).find(|found| *found >= at).unwrap()
    }
}
