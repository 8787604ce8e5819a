//! Spans of time, and which members a window can hold somewhere in them.

use crate::{
    program::Window,
    time::{CalendarUnit, DAY, Instant, Length, Weekday, Zone},
};

/// Which span a condition is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Era {
    /// From `now` to the end of the plan.
    Ahead,
    /// From some time before `now` on: when occurrences were due that something can still come of.
    Around,
}

/// A span of time, the end excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) from: Instant,
    pub(super) until: Instant,
}

/// The spans that conditions are asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spans {
    pub(super) ahead: Span,
    pub(super) around: Span,
}

impl Spans {
    pub(super) fn of(self, era: Era) -> Span {
        match era {
            Era::Ahead => self.ahead,
            Era::Around => self.around,
        }
    }
}

/// What differs between zones, and by clock changes, stays below this.
pub(super) const CLOCKS: i64 = 2 * DAY;

/// Instants beyond these are not reasoned about.
pub(super) const EARLIEST: Instant = Instant::from_seconds(-60_000_000_000);
/// See [`EARLIEST`].
pub(super) const LATEST: Instant = Instant::from_seconds(250_000_000_000);

/// Which members count, by their instants, in a window that ends somewhere in a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reach {
    /// Only those later than this can.
    pub(super) after: Instant,
    /// Those from this one on do throughout, if they lie before the span.
    pub(super) surely_from: Instant,
}

impl Span {
    pub(super) fn reach(self, window: Window, week_starts: Weekday) -> Reach {
        match window {
            Window::Ever | Window::Sequence => Reach { after: Instant::MIN, surely_from: EARLIEST },
            Window::Rolling(period) => {
                let length = Length::of(period.count.into(), period.unit);
                Reach {
                    after: length.earliest_before(self.from),
                    surely_from: length.latest_before(self.until).max(EARLIEST),
                }
            }
            Window::Calendar(unit) => Reach {
                after: earliest_start(self.from, unit, week_starts).plus_micros(-1),
                surely_from: latest_start(self.until, unit, week_starts),
            },
            Window::Since(date) => {
                let start = Zone::utc().start_of_day(date);
                Reach { after: start.plus_micros(-CLOCKS), surely_from: start.plus_micros(CLOCKS) }
            }
        }
    }
}

/// No calendar window that holds the instant begins earlier, in any zone.
fn earliest_start(at: Instant, unit: CalendarUnit, week_starts: Weekday) -> Instant {
    let earlier = at.plus_micros(-CLOCKS);
    Zone::utc().window(earlier, unit, week_starts).0.plus_micros(-CLOCKS)
}

/// No calendar window that holds an instant before this one begins later, in any zone.
fn latest_start(at: Instant, unit: CalendarUnit, week_starts: Weekday) -> Instant {
    let later = at.plus_micros(CLOCKS);
    Zone::utc().window(later, unit, week_starts).0.plus_micros(CLOCKS)
}
