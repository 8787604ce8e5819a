//! `days since`, `days until`: numbers that tick, and when they pass a threshold.

use super::{
    Reading, Stretch,
    today::{not, stretch_between, stretch_from},
    values,
};
use crate::{
    number::Number,
    snapshot::Value,
    syntax::ast::Compare,
    time::{CalendarUnit, Instant, Unit, Weekday, Zone},
};

const DAY: i64 = 86_400_000_000;
/// How far from `step(x, -n)` the last instant may be from which `n` calendar steps lead to `x` at most: months differ
/// by three days, clocks by one.
const SLACK: i64 = 5 * DAY;

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

    /// Whether the number compares so with a constant one.
    pub(super) fn compare(self, zone: &Zone, t: Instant, op: Compare, with: Number) -> Stretch {
        if self.count(zone, t).is_none() {
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
        if !self.until {
            let begins = zone.step(self.moment, count, self.unit);
            return stretch_between(t, begins, zone.step(self.moment, count + 1, self.unit));
        }
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
        if !self.until {
            return stretch_from(t, zone.step(self.moment, count, self.unit));
        }
        // The last instant for sure, where steps are exact; otherwise thereabouts.
        let about = zone.step(self.moment, count.saturating_neg(), self.unit);
        if self.unit.is_exact() || count == 0 {
            return not(stretch_from(t, about.next()));
        }
        let (early, late) = (about.plus_micros(-SLACK), about.plus_micros(SLACK));
        if t < early {
            return Stretch { holds: true, from: Instant::MIN, until: early };
        }
        if t >= late {
            return Stretch { holds: false, from: late, until: Instant::MAX };
        }
        let (first, end) = plain_stretch(zone, t);
        self.near_end(zone, t, count, first.max(early), end.min(late))
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
