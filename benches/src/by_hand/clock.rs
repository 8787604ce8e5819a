//! The clocks of a zone, as a table of offsets.

use jiff::{Timestamp, tz::TimeZone};

use super::civil::{date_of, day_of, is_leap};
use crate::users::{DAY, NOW_SECOND};

/// The clocks of a zone, right for the years that the data and the horizon are about.
#[derive(Debug)]
pub(super) struct Clock {
    pub(super) name: String,
    /// The end of the horizon.
    pub(super) end: i64,
    /// From when on which offset is kept, in seconds.
    changes: Vec<(i64, i64)>,
}

const FIRST_YEAR: i64 = 2015;
const LAST_YEAR: i64 = 2030;

impl Clock {
    /// The clocks of that zone, if there is one.
    pub(super) fn new(name: &str) -> Option<Self> {
        let zone = TimeZone::get(name).ok()?;
        let first = Timestamp::from_second(day_of(FIRST_YEAR, 1, 1) * DAY).ok()?;
        let last = day_of(LAST_YEAR, 1, 1) * DAY;
        let mut changes = vec![(i64::MIN, zone.to_offset(first).seconds().into())];
        for change in zone.following(first) {
            let at = change.timestamp().as_second();
            if at > last {
                break;
            }
            changes.push((at, change.offset().seconds().into()));
        }
        let mut clock = Self { name: name.to_owned(), end: 0, changes };
        clock.end = clock.add_days(NOW_SECOND, super::HORIZON_DAYS);
        Some(clock)
    }

    fn offset(&self, at: i64) -> i64 {
        match self.changes.as_slice() {
            [(_, offset)] => *offset,
            changes => changes[changes.partition_point(|(from, _)| *from <= at).max(1) - 1].1,
        }
    }

    /// What the clocks show.
    pub(super) fn local(&self, at: i64) -> i64 {
        at.saturating_add(self.offset(at))
    }

    /// The day that the clocks show.
    pub(super) fn day(&self, at: i64) -> i64 {
        self.local(at).div_euclid(DAY)
    }

    /// When the clocks show that: the first time if they do twice, the first moment after if they never do.
    pub(super) fn instant(&self, local: i64) -> i64 {
        if let [(_, offset)] = self.changes.as_slice() {
            return local - offset;
        }
        let (before, after) = (self.offset(local - 2 * DAY), self.offset(local + 2 * DAY));
        if before == after || self.offset(local - before) == before {
            return local - before;
        }
        let found = local - after;
        if self.offset(found) == after {
            return found;
        }
        // Between the two the clocks were turned forward.
        let changes = &self.changes;
        changes[changes.partition_point(|(from, _)| *from <= found).min(changes.len() - 1)].0
    }

    /// The same time of day, so many days later.
    pub(super) fn add_days(&self, at: i64, days: i64) -> i64 {
        if let [_] = self.changes.as_slice() {
            return at + days * DAY;
        }
        self.instant(self.local(at) + days * DAY)
    }

    /// The same time of day of the same date a year later.
    pub(super) fn add_year(&self, at: i64) -> i64 {
        let local = self.local(at);
        let (year, month, day) = date_of(local.div_euclid(DAY));
        let day = if (month, day) == (2, 29) && !is_leap(year + 1) { 28 } else { day };
        self.instant(day_of(year + 1, month, day) * DAY + local.rem_euclid(DAY))
    }

    /// The first moment from `at` on at which it is that time of day, in seconds.
    pub(super) fn next_at(&self, at: i64, time: i64) -> i64 {
        let day = self.day(at);
        let today = self.instant(day * DAY + time);
        if today >= at { today } else { self.instant((day + 1) * DAY + time) }
    }

    /// How many complete days lie between two moments.
    pub(super) fn days_between(&self, from: i64, to: i64) -> i64 {
        let days = self.day(to) - self.day(from);
        if self.add_days(from, days) > to { days - 1 } else { days }
    }
}

/// The clocks of the zones that came up so far.
#[derive(Debug, Default)]
pub(super) struct Clocks(Vec<Clock>);

impl Clocks {
    /// The place of the clocks of that zone; those of the rules' zone if none is named.
    pub(super) fn place(&mut self, name: &str) -> Option<usize> {
        let name = if name.is_empty() { "Asia/Shanghai" } else { name };
        if let Some(known) = self.0.iter().position(|clock| clock.name == name) {
            return Some(known);
        }
        self.0.push(Clock::new(name)?);
        Some(self.0.len() - 1)
    }

    pub(super) fn get(&self, place: usize) -> &Clock {
        &self.0[place]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_library_around_every_change() {
        use jiff::civil::DateTime;
        for (name, _) in crate::users::world::ZONES {
            let clock = Clock::new(name).unwrap();
            let zone = TimeZone::get(name).unwrap();
            let starts = clock.changes.iter().skip(1).map(|(at, _)| *at).chain([NOW_SECOND]);
            for at in starts.flat_map(|at| (-30..30).map(move |step| at + step * 900)) {
                let stamp = Timestamp::from_second(at).unwrap();
                let local: DateTime = zone.to_datetime(stamp);
                let of = |local: DateTime| {
                    local.duration_since(jiff::civil::date(1970, 1, 1).at(0, 0, 0, 0)).as_secs()
                };
                assert_eq!(clock.local(at), of(local), "{name} {stamp}");
                let before = zone.to_datetime(Timestamp::from_second(at - 3 * DAY).unwrap());
                let later = before.checked_add(jiff::Span::new().days(3)).unwrap();
                let expected = match zone.to_ambiguous_timestamp(later) {
                    ambiguous if matches!(ambiguous.offset(), jiff::tz::AmbiguousOffset::Gap { .. }) => {
                        zone.following(ambiguous.earlier().unwrap()).next().unwrap().timestamp()
                    }
                    ambiguous => ambiguous.earlier().unwrap(),
                };
                assert_eq!(clock.instant(of(later)), expected.as_second(), "{name} {later}");
            }
        }
    }
}
