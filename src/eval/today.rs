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
    if set.is_empty() || set.len() == 7 {
        return Stretch::always(holds);
    }
    let same = |date: &Date| set.contains(date.weekday()) == holds;
    let (mut first, mut last) = (day.date, day.date);
    while let Some(before) = first.yesterday().ok().filter(same) {
        first = before;
    }
    while let Some(after) = last.tomorrow().ok().filter(same) {
        last = after;
    }
    Stretch {
        holds,
        from: if first == day.date { day.from } else { zone.start_of_day(first) },
        until: if last == day.date { day.until } else { day_end(zone, last) },
    }
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
            Stretch {
                holds: false,
                from: before.map_or(Instant::MIN, |date| day_end(zone, *date)),
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
    let ends = || day_end(zone, date);
    let stretch = match test {
        DateTest::On => stretch_between(t, begins(), ends()),
        DateTest::Before => not(stretch_from(t, begins())),
        DateTest::OnOrAfter => stretch_from(t, begins()),
        DateTest::After => stretch_from(t, ends()),
        DateTest::OnOrBefore => not(stretch_from(t, ends())),
    };
    stretch.within(with.from, with.until)
}

/// The first instant after a civil day.
fn day_end(zone: &Zone, date: Date) -> Instant {
    date.tomorrow().map_or(Instant::MAX, |tomorrow| zone.start_of_day(tomorrow))
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
