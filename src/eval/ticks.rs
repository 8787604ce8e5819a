//! `days since`, `days until`: numbers that tick, and when they pass a threshold.

use super::{
    Reading, Stretch,
    length::Length,
    today::{not, stretch_from},
    values,
};
use crate::{
    number::Number,
    snapshot::Value,
    syntax::ast::Compare,
    time::{CalendarUnit, Instant, Unit, Weekday, Zone},
};

/// What ticks: complete units since a moment, or until one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ticker {
    pub(super) unit: Unit,
    pub(super) moment: Instant,
    pub(super) until: bool,
}

impl Ticker {
    /// The number of units at an instant; `None` if it is without bounds.
    fn count(self, zone: &Zone, t: Instant) -> Option<i64> {
        let count = if self.until {
            zone.complete(t, self.moment, self.unit)
        } else {
            zone.complete(self.moment, t, self.unit)
        };
        (count != i64::MIN && count != i64::MAX).then_some(count)
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
        let length = Length::of(count, self.unit);
        if self.until {
            let (early, late) =
                (length.earliest_before(self.moment), length.latest_before(self.moment).next());
            if t < early || t >= late {
                return not(stretch_from(t, if t < early { early } else { late }));
            }
            if count == 0 {
                return not(stretch_from(t, self.moment.next()));
            }
            let (first, end) = plain_stretch(zone, t);
            self.near_end(zone, t, count, first.max(early), end.min(late))
        } else {
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

    /// The same, where the clocks run evenly within one date: there it holds until some instant, and no longer.
    fn near_end(self, zone: &Zone, t: Instant, count: i64, first: Instant, end: Instant) -> Stretch {
        let reaches = |t: Instant| zone.step(t, count, self.unit) <= self.moment;
        let holds = reaches(t);
        let (from, until) =
            if holds { (first, first_not(t, end, reaches)) } else { (first_not(first, t, reaches), end) };
        Stretch { holds, from, until }
    }
}

/// The first instant from `first` on, `end` at the latest, at which something no longer holds, that holds up to some
/// instant only.
fn first_not(first: Instant, end: Instant, holds: impl Fn(Instant) -> bool) -> Instant {
    if end == Instant::MAX || !holds(first) {
        return if holds(first) { end } else { first };
    }
    let (mut low, mut high) = (first.as_micros(), end.as_micros());
    if holds(end.plus_micros(-1)) {
        return end;
    }
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if holds(Instant::from_micros(middle)) {
            low = middle;
        } else {
            high = middle;
        }
    }
    Instant::from_micros(high)
}

/// A stretch around an instant within one civil date and without a change of clocks.
fn plain_stretch(zone: &Zone, t: Instant) -> (Instant, Instant) {
    let (first, end) = zone.window(t, CalendarUnit::Day, Weekday::Monday);
    let look = |at: Instant| {
        let civil = zone.civil(at);
        let offset = Zone::utc().instant(civil).as_micros().saturating_sub(at.as_micros());
        (offset, civil.date())
    };
    let here = look(t);
    let is_here = |at: Instant| look(at) == here;
    let until = first_not(t, end, is_here);
    let from = if first < t { first_not(first, t, |at| !is_here(at)) } else { first };
    (from, until)
}
