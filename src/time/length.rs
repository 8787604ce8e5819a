//! About how long a number of units is, without zone arithmetic.

use super::{Instant, Unit};

/// One day of 24 hours, in microseconds.
pub(crate) const DAY: i64 = 86_400_000_000;

/// A mean length and how far the true one may stray from it, in microseconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Length {
    mean: i64,
    slack: i64,
}

impl Length {
    /// Of so many units, negative ones too.
    pub(crate) fn of(count: i64, unit: Unit) -> Self {
        // Clocks were never moved by much more than a day; months and years stray by up to three and a half days more.
        let (length, slack) = match unit {
            Unit::Minute => (60_000_000, 0),
            Unit::Hour => (3_600_000_000, 0),
            Unit::Day => (DAY, 2 * DAY),
            Unit::Week => (7 * DAY, 2 * DAY),
            Unit::Month => (2_629_746_000_000, 5 * DAY),
            Unit::Year => (31_556_952_000_000, 5 * DAY),
        };
        Self { mean: count.saturating_mul(length), slack }
    }

    /// How long it is on the whole, in microseconds.
    pub(crate) const fn mean(self) -> i64 {
        self.mean
    }

    /// The shortest and the longest it can be, in microseconds.
    pub(crate) const fn bounds(self) -> (i64, i64) {
        (self.mean.saturating_sub(self.slack), self.mean.saturating_add(self.slack))
    }

    /// That long after an instant, at the earliest.
    pub(crate) const fn earliest_after(self, at: Instant) -> Instant {
        at.plus_micros(self.mean.saturating_sub(self.slack))
    }

    /// That long after an instant, at the latest.
    pub(crate) const fn latest_after(self, at: Instant) -> Instant {
        at.plus_micros(self.mean.saturating_add(self.slack))
    }

    /// That long before an instant, at the earliest.
    pub(crate) const fn earliest_before(self, at: Instant) -> Instant {
        at.plus_micros(self.mean.saturating_add(self.slack).saturating_neg())
    }

    /// That long before an instant, at the latest.
    pub(crate) const fn latest_before(self, at: Instant) -> Instant {
        at.plus_micros(self.mean.saturating_sub(self.slack).saturating_neg())
    }
}

#[cfg(test)]
mod tests {
    use super::super::Zone;
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_step_strays_further(
            zone in prop::sample::select(vec!["Pacific/Apia", "Asia/Manila", "America/Juneau", "Africa/Monrovia"]),
            at in -5_000_000_000_000_000i64..5_000_000_000_000_000,
            unit in prop::sample::select(Unit::ALL.to_vec()),
            count in -3_000i64..3_000,
        ) {
            let at = Instant::from_micros(at);
            let length = Length::of(count, unit);
            let there = Zone::named(zone).unwrap().step(at, count, unit);
            prop_assert!(length.earliest_after(at) <= there && there <= length.latest_after(at));
        }
    }
}
