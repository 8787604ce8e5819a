//! How far a plan looks ahead.

use crate::time::{Instant, Length, Period, Unit, Zone};

/// How far a plan looks ahead: a step of the calendar in each user's zone.
///
/// ```
/// use courtesy::{plan::Horizon, time::{Period, Unit, Zone}};
/// let now = "2026-03-01T09:00:00Z".parse()?;
/// assert_eq!(Horizon::days(30).end(&Zone::utc(), now).to_string(), "2026-03-31T09:00:00Z");
/// assert_eq!(Horizon::from(Period::new(1, Unit::Month)).end(&Zone::utc(), now).to_string(), "2026-04-01T09:00:00Z");
/// # Ok::<(), courtesy::time::ParseInstantError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Horizon(Period);

impl Horizon {
    /// How many years ahead a plan looks at the most. A longer horizon ends there, as [`Plan::end`](super::Plan::end)
    /// tells.
    pub const MOST_YEARS: u32 = 5;

    /// That many days.
    #[must_use]
    pub const fn days(count: u32) -> Self {
        Self(Period::days(count))
    }

    /// That many hours.
    #[must_use]
    pub const fn hours(count: u32) -> Self {
        Self(Period::new(count, Unit::Hour))
    }

    /// How long it is.
    #[must_use]
    pub const fn period(self) -> Period {
        self.0
    }

    /// Where it ends, itself excluded, for users of that zone.
    #[must_use]
    pub fn end(self, zone: &Zone, now: Instant) -> Instant {
        Self::cut(zone, now, zone.add(now, self.0))
    }

    /// The end of a plan that is to end there, or the latest one if that is earlier.
    pub(super) fn cut(zone: &Zone, now: Instant, end: Instant) -> Instant {
        let years = i64::from(Self::MOST_YEARS);
        // Nearly all plans are far shorter, which takes no calendar to tell.
        if end <= Length::of(years, Unit::Year).earliest_after(now) {
            return end;
        }
        end.min(zone.step(now, years, Unit::Year))
    }
}

impl From<Period> for Horizon {
    fn from(period: Period) -> Self {
        Self(period)
    }
}
