//! `days since`, `days until`: numbers that tick, and when they pass a threshold.

use super::{
    Reading, Stretch,
    today::{not, stretch_from},
    values,
};
use crate::{
    number::Number,
    snapshot::Value,
    syntax::ast::Compare,
    time::{Instant, Length, Unit, Zone},
};

/// What ticks: complete units since a moment, or the negative of them, units until it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ticker {
    pub(super) unit: Unit,
    pub(super) moment: Instant,
    pub(super) until: bool,
}

impl Ticker {
    /// The number of units at an instant; `None` if it is without bounds.
    fn count(self, zone: &Zone, t: Instant) -> Option<i64> {
        let since = zone.complete(self.moment, t, self.unit);
        let since = (since != i64::MIN && since != i64::MAX).then_some(since)?;
        Some(if self.until { -since } else { since })
    }

    /// The number at an instant, and the stretch on which it stays.
    pub(super) fn reading(self, zone: &Zone, t: Instant) -> Reading {
        let Some(count) = self.count(zone, t) else { return Reading::always(Value::Missing) };
        let from = self.at_least(zone, t, count);
        let until = self.at_least(zone, t, count.saturating_add(1));
        Reading { value: values::whole(count), from: from.from, until: from.until }
            .within(until.from, until.until)
    }

    /// Bounds, at any instant, of how much greater this number is than one that ticks by the same unit.
    pub(super) fn ahead_of(self, other: Self, zone: &Zone) -> Option<(i64, i64)> {
        if self.unit != other.unit || self.until != other.until {
            return None;
        }
        let (early, late) = if self.until { (other, self) } else { (self, other) };
        let between = Self { until: false, ..early }.count(zone, late.moment)?;
        // The clocks may show the later of two moments an earlier time.
        let in_order = early.moment <= late.moment && zone.civil(early.moment) <= zone.civil(late.moment);
        let play = if self.unit.is_exact() { 0 } else { 1 };
        let least = between.saturating_sub(play);
        Some((if in_order { least.max(0) } else { least }, between.saturating_add(play + 1)))
    }

    /// Whether the number compares so with a constant one.
    pub(super) fn compare(self, zone: &Zone, t: Instant, op: Compare, with: Number) -> Stretch {
        if self.moment == Instant::MIN || self.moment == Instant::MAX {
            // There is no number of units from "since ever" or until "never".
            return Stretch::always(op == Compare::IsNot);
        }
        let scale = 1_000_000;
        let below = with.millionths().div_euclid(scale);
        let is_whole = with.millionths().rem_euclid(scale) == 0;
        // The least whole number that is not less, and the least that is greater.
        let (not_less, greater) = (if is_whole { below } else { below + 1 }, below + 1);
        match op {
            Compare::AtLeast => self.at_least(zone, t, not_less),
            Compare::Greater => self.at_least(zone, t, greater),
            Compare::Less => not(self.at_least(zone, t, not_less)),
            Compare::AtMost => not(self.at_least(zone, t, greater)),
            Compare::Is | Compare::IsNot => {
                let is = if is_whole { self.is(zone, t, below) } else { Stretch::always(false) };
                if op == Compare::Is { is } else { not(is) }
            }
        }
    }

    /// Whether the number is exactly that.
    fn is(self, zone: &Zone, t: Instant, count: i64) -> Stretch {
        let (reached, passed) = (self.at_least(zone, t, count), self.at_least(zone, t, count + 1));
        if !reached.holds {
            reached
        } else if passed.holds {
            not(passed)
        } else {
            reached.within(passed.from, passed.until)
        }
    }

    /// Whether the number is at least that.
    fn at_least(self, zone: &Zone, t: Instant, count: i64) -> Stretch {
        if self.until {
            // Until there are more units since the moment than the negative.
            let since = Self { until: false, ..self };
            return not(since.at_least(zone, t, count.saturating_neg().saturating_add(1)));
        }
        let length = Length::of(count, self.unit);
        let (early, late) = (length.earliest_after(self.moment), length.latest_after(self.moment));
        let begins = if t < early {
            early
        } else if t >= late {
            late
        } else {
            zone.step(self.moment, count, self.unit)
        };
        stretch_from(t, begins)
    }
}
