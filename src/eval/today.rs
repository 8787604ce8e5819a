//! Civil days: what today is, and until when.

use super::{Reading, Situation, Stretch};
use crate::{
    snapshot::Value,
    syntax::ast::DateTest,
    time::{Calendar, CalendarUnit, Date, Instant, Weekday, WeekdaySet, Zone},
};

/// The calendar windows last asked for: most questions are about the same day.
#[derive(Debug, Default)]
pub(super) struct Calendars {
    windows: [Option<(Instant, Instant)>; 4],
    day: Option<Day>,
}

/// A civil day: the date and the stretch on which it is today.
///
/// Days tile the timeline: where clocks go back over midnight, the later day has begun for good.
#[derive(Debug, Clone, Copy)]
pub(super) struct Day {
    pub(super) date: Date,
    pub(super) from: Instant,
    pub(super) until: Instant,
}

impl Calendars {
    pub(super) fn new_user(&mut self) {
        *self = Self::default();
    }

    /// The calendar window that holds an instant.
    pub(super) fn window(
        &mut self,
        zone: &Zone,
        t: Instant,
        unit: CalendarUnit,
        week_starts: Weekday,
    ) -> (Instant, Instant) {
        let known = match unit {
            CalendarUnit::Day => &mut self.windows[0],
            CalendarUnit::Week => &mut self.windows[1],
            CalendarUnit::Month => &mut self.windows[2],
            CalendarUnit::Year => &mut self.windows[3],
        };
        match *known {
            Some(window) if window.0 <= t && t < window.1 => window,
            _ => *known.insert(zone.window(t, unit, week_starts)),
        }
    }

    /// The civil day that holds an instant.
    pub(super) fn day(&mut self, zone: &Zone, t: Instant) -> Day {
        match self.day {
            Some(day) if day.from <= t && t < day.until => day,
            _ => {
                let (from, until) = self.window(zone, t, CalendarUnit::Day, Weekday::Monday);
                *self.day.insert(Day { date: zone.date(from), from, until })
            }
        }
    }
}

/// Whether today is one of the days of the week.
pub(super) fn weekday(zone: &Zone, day: Day, set: WeekdaySet) -> Stretch {
    let holds = set.contains(day.date.weekday());
    let differs = |date: &Date| set.contains(date.weekday()) != holds;
    let Some(next) = day.date.series(jiff::Span::new().days(1)).skip(1).take(6).find(differs) else {
        return Stretch::always(holds);
    };
    // The first of the days before which have the same answer.
    let mut first = day.date;
    while let Some(before) = first.yesterday().ok().filter(|date| !differs(date)) {
        first = before;
    }
    let from = if first == day.date { day.from } else { zone.start_of_day(first) };
    let until = if day.date.tomorrow().is_ok_and(|tomorrow| tomorrow == next) {
        day.until
    } else {
        zone.start_of_day(next)
    };
    Stretch { holds, from, until }
}

/// Whether today is in a calendar.
pub(super) fn in_calendar(zone: &Zone, day: Day, calendar: &Calendar) -> Stretch {
    let start = |date: Date| zone.start_of_day(date);
    Stretch {
        holds: calendar.contains(day.date),
        from: calendar.previous_change(day.date).map_or(Instant::MIN, start),
        until: calendar.next_change(day.date).map_or(Instant::MAX, start),
    }
}

/// Whether today is one of the dates, which are in order.
pub(super) fn one_of(zone: &Zone, day: Day, dates: &[Date]) -> Stretch {
    match dates.binary_search(&day.date) {
        Ok(_) => Stretch { holds: true, from: day.from, until: day.until },
        Err(next) => {
            let before = next.checked_sub(1).and_then(|last| dates.get(last));
            let before = before.and_then(|date| date.tomorrow().ok());
            Stretch {
                holds: false,
                from: before.map_or(Instant::MIN, |date| zone.start_of_day(date)),
                until: dates.get(next).map_or(Instant::MAX, |date| zone.start_of_day(*date)),
            }
        }
    }
}

/// Whether today compares so with a date, or with the civil date of an instant.
pub(super) fn compare(s: &Situation<'_>, t: Instant, test: DateTest, with: Reading) -> Stretch {
    let zone = &s.user.zone;
    let date = match with.value {
        Value::Date(date) => date,
        Value::Instant(at) => zone.date(at),
        _ => return Stretch { holds: false, from: with.from, until: with.until },
    };
    let begins = || zone.start_of_day(date);
    let ends = || date.tomorrow().map_or(Instant::MAX, |tomorrow| zone.start_of_day(tomorrow));
    let stretch = match test {
        DateTest::On => stretch_between(t, begins(), ends()),
        DateTest::Before => not(stretch_from(t, begins())),
        DateTest::OnOrAfter => stretch_from(t, begins()),
        DateTest::After => stretch_from(t, ends()),
        DateTest::OnOrBefore => not(stretch_from(t, ends())),
    };
    stretch.within(with.from, with.until)
}

/// What holds from an instant on.
pub(super) fn stretch_from(t: Instant, begins: Instant) -> Stretch {
    if t < begins {
        Stretch { holds: false, from: Instant::MIN, until: begins }
    } else {
        Stretch { holds: true, from: begins, until: Instant::MAX }
    }
}

/// What holds from one instant until another.
pub(super) fn stretch_between(t: Instant, begins: Instant, ends: Instant) -> Stretch {
    if begins >= ends {
        Stretch::always(false)
    } else if t >= ends {
        Stretch { holds: false, from: ends, until: Instant::MAX }
    } else {
        Stretch { until: ends.min(stretch_from(t, begins).until), ..stretch_from(t, begins) }
    }
}

/// The contrary.
pub(super) fn not(stretch: Stretch) -> Stretch {
    Stretch { holds: !stretch.holds, ..stretch }
}
