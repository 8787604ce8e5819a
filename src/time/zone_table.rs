//! The clock changes of a zone laid out flat, for the years that nearly all questions are about.
//!
//! Working out summer time from its yearly rule costs far more than looking it up. And it is surer: where a yearly rule
//! takes over in a year without a change (Nuuk, 2023), the civil-calendar library sees a fold that never was.

use jiff::{Timestamp, tz::TimeZone};

use super::Instant;

/// 1970-01-01 and 2100-01-01, in seconds.
const YEARS: (i64, i64) = (0, 4_102_444_800);
/// Clocks never differ from UTC by more.
const FARTHEST: i64 = 2 * DAY;
const DAY: i64 = 86_400_000_000;

/// Stretches without a clock change, one after another, covering the years.
#[derive(Debug)]
pub(super) struct Table {
    stretches: Box<[Stretch]>,
    start: i64,
    end: i64,
    /// For each page of time, the first stretch that is not over when it begins.
    by_instant: Box<[u16]>,
    /// The same for pages of what clocks show.
    by_shown: Box<[u16]>,
}

/// A page of time is 2^43 microseconds, some hundred days: clocks change once or never in most of them.
const PAGE: u32 = 43;

/// A stretch in which clocks keep one offset. All in microseconds.
#[derive(Debug)]
struct Stretch {
    start: i64,
    offset: i64,
    /// What the clocks show, read as UTC, when the stretch is over.
    shown_at_end: i64,
}

impl Table {
    /// `None` for a zone whose stretches are too short for the look-up to be right, should there ever be one.
    pub(super) fn new(tz: &TimeZone) -> Option<Self> {
        let first = Timestamp::from_second(YEARS.0).ok()?;
        let (start, end) = (YEARS.0 * 1_000_000, YEARS.1 * 1_000_000);
        let micros = |seconds: i32| i64::from(seconds) * 1_000_000;
        let mut stretches =
            vec![Stretch { start, offset: micros(tz.to_offset(first).seconds()), shown_at_end: 0 }];
        for change in tz.following(first) {
            let at = change.timestamp().as_microsecond();
            if at >= end {
                break;
            }
            let offset = micros(change.offset().seconds());
            let last = stretches.last_mut()?;
            if offset != last.offset {
                last.shown_at_end = at + last.offset;
                stretches.push(Stretch { start: at, offset, shown_at_end: 0 });
            }
        }
        let last = stretches.last_mut()?;
        last.shown_at_end = end + last.offset;
        let is_ordered = stretches.is_sorted_by_key(|stretch| stretch.shown_at_end);
        if !is_ordered {
            return None;
        }
        let pages = |over: &dyn Fn(&Stretch) -> i64| -> Option<Box<[u16]>> {
            let pages = start >> PAGE..=(end + FARTHEST) >> PAGE;
            let first = |page: i64| stretches.partition_point(|stretch| over(stretch) <= page << PAGE);
            pages.map(|page| u16::try_from(first(page)).ok()).collect()
        };
        let by_instant = pages(&|stretch| stretch.shown_at_end - stretch.offset)?;
        let by_shown = pages(&|stretch| stretch.shown_at_end)?;
        Some(Self { stretches: stretches.into(), start, end, by_instant, by_shown })
    }

    /// The first stretch that is not over, as `is_over` tells, at a time of that page.
    fn find(&self, pages: &[u16], time: i64, is_over: impl Fn(&Stretch) -> bool) -> Option<&Stretch> {
        let first = pages.get(usize::try_from(time >> PAGE).ok()?)?;
        self.stretches.get(usize::from(*first)..)?.iter().find(|stretch| !is_over(stretch))
    }

    /// The stretch that holds an instant of the table's years.
    fn at(&self, at: i64) -> Option<&Stretch> {
        self.find(&self.by_instant, at, |stretch| stretch.shown_at_end - stretch.offset <= at)
    }

    /// What the clocks show at an instant, read as UTC in microseconds; `None` beyond the table's years.
    pub(super) fn shown(&self, at: Instant) -> Option<i64> {
        let at = at.as_micros();
        if at < self.start || at >= self.end {
            return None;
        }
        let stretch = self.at(at)?;
        Some(at + stretch.offset)
    }

    /// What the clocks show at an instant if they have kept their offset for two days before it.
    pub(super) fn shown_steadily(&self, at: Instant) -> Option<i64> {
        let at = at.as_micros();
        if at < self.start + FARTHEST || at >= self.end {
            return None;
        }
        let stretch = self.at(at)?;
        (at - stretch.start >= FARTHEST).then_some(at + stretch.offset)
    }

    /// The first instant at which the clocks show that time or a later one; `None` beyond the table's years.
    pub(super) fn first(&self, shown: i64) -> Option<Instant> {
        if shown < self.start + FARTHEST || shown >= self.end - FARTHEST {
            return None;
        }
        let stretch = self.find(&self.by_shown, shown, |stretch| stretch.shown_at_end <= shown)?;
        // In a gap, this stretch begins with clocks showing more already.
        Some(Instant::from_micros((shown - stretch.offset).max(stretch.start)))
    }

    /// The instant at which clocks first show the same time that many days later.
    pub(super) fn add_days(&self, at: Instant, days: i64) -> Option<Instant> {
        self.first(self.shown(at)?.checked_add(days.checked_mul(DAY)?)?)
    }
}
