//! What is measured of the events of a set, by bounds.

use std::ops::Range as Indices;

use super::{
    range::{Range, millionths},
    span::{EARLIEST, LATEST, Reach, Span},
};
use crate::{
    number::Number,
    program::FieldId,
    snapshot::{Events, Value},
    syntax::ast::{Aggregate, Pick},
    time::Instant,
};

/// What is measured of the members of a set in a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Measure {
    /// Their number, in millionths.
    Count,
    /// The microseconds since the last.
    SinceLast,
    /// The microseconds since the first.
    SinceFirst,
    /// A number made of a field.
    Aggregate(Aggregate, FieldId),
    /// A field of the last one.
    Last(FieldId),
    /// A field of the first one.
    First(FieldId),
}

impl Measure {
    pub(super) const fn pick(which: Pick, field: FieldId) -> Option<Self> {
        match which {
            Pick::Last => Some(Self::Last(field)),
            Pick::First => Some(Self::First(field)),
            Pick::MostCommon => None,
        }
    }

    /// What it is of a set without members.
    pub(super) const fn of_none(self) -> Range {
        match self {
            Self::Count | Self::Aggregate(Aggregate::Total, _) => Range::exactly(0),
            _ => Range::MISSING,
        }
    }
}

/// The members of a set, those until `now`, at least one.
pub(super) struct Members<'m> {
    pub(super) at: &'m [Instant],
    /// Every row, if absent.
    pub(super) rows: Option<&'m [u32]>,
    pub(super) events: &'m Events,
}

/// Members by their place: those that can count in a window somewhere in a span, and those that do throughout.
pub(super) struct Counting {
    possible: Indices<usize>,
    sure: Indices<usize>,
}

impl Members<'_> {
    /// None if no member can count.
    pub(super) fn counting(&self, reach: Reach, span: Span) -> Option<Counting> {
        let first = self.at.partition_point(|at| *at <= reach.after);
        if first == self.at.len() {
            return None;
        }
        let first_sure = self.at.partition_point(|at| *at < reach.surely_from);
        let sure_end = self.at.partition_point(|at| *at <= span.from);
        Some(Counting { possible: first..self.at.len(), sure: first_sure.max(first)..sure_end })
    }

    fn at(&self, member: usize) -> Instant {
        self.at.get(member).copied().unwrap_or(Instant::MIN)
    }

    fn value(&self, field: FieldId, member: usize) -> Value {
        let row = self.rows.map_or(Some(member), |rows| rows.get(member).map(|row| *row as usize));
        row.map_or(Value::Missing, |row| self.events.value(field, row))
    }

    pub(super) fn measure(&self, measure: Measure, counting: &Counting, span: Span) -> Range {
        let Counting { possible, sure } = counting;
        match measure {
            Measure::Count => Range::between(millionths(sure.len()), millionths(possible.len())),
            Measure::SinceLast => {
                let earliest = if sure.is_empty() { possible.start } else { sure.end - 1 };
                self.elapsed(earliest, possible.end - 1, counting, span)
            }
            Measure::SinceFirst => {
                let latest = if sure.is_empty() { possible.end - 1 } else { sure.start };
                self.elapsed(possible.start, latest, counting, span)
            }
            Measure::Last(field) if possible.end == sure.end && !sure.is_empty() => {
                Range::of(self.value(field, sure.end - 1))
            }
            Measure::First(field) if possible.start == sure.start && !sure.is_empty() => {
                Range::of(self.value(field, sure.start))
            }
            Measure::Last(_) | Measure::First(_) => Range::UNKNOWN,
            Measure::Aggregate(kind, field) => self.aggregate(kind, field, counting),
        }
    }

    /// How long ago a member was that is one from `earliest` to `latest`, anywhere in the span.
    fn elapsed(&self, earliest: usize, latest: usize, counting: &Counting, span: Span) -> Range {
        let (earliest, latest) = (self.at(earliest), self.at(latest));
        if earliest < EARLIEST || span.until > LATEST {
            return Range::UNKNOWN;
        }
        let least = span.from.as_micros().saturating_sub(latest.as_micros()).max(0);
        let range = Range::between(least, span.until.as_micros().saturating_sub(earliest.as_micros()));
        if counting.sure.is_empty() { range.or_missing() } else { range }
    }

    fn aggregate(&self, kind: Aggregate, field: FieldId, counting: &Counting) -> Range {
        let Counting { possible, sure } = counting;
        let number = |member: usize| match self.value(field, member) {
            Value::Number(number) => Some((number.millionths(), sure.contains(&member))),
            _ => None,
        };
        let numbers = || possible.clone().filter_map(number);
        if kind == Aggregate::Total {
            let (mut least, mut most) = (0i128, 0i128);
            for (number, is_sure) in numbers() {
                let number = i128::from(number);
                least += if is_sure { number } else { number.min(0) };
                most += if is_sure { number } else { number.max(0) };
            }
            return match (i64::try_from(least), i64::try_from(most)) {
                (Ok(least), Ok(most)) => Range::between(least, most),
                // A total that is too large is missing.
                _ => Range::UNKNOWN,
            };
        }
        let mut all: Option<(i64, i64)> = None;
        let mut surely = all;
        let (mut total, mut count, mut is_all_sure) = (0i128, 0u64, true);
        let widen = |known: Option<(i64, i64)>, number: i64| match known {
            None => Some((number, number)),
            Some((least, most)) => Some((least.min(number), most.max(number))),
        };
        for (number, is_sure) in numbers() {
            all = widen(all, number);
            if is_sure {
                surely = widen(surely, number);
            }
            is_all_sure &= is_sure;
            (total, count) = (total + i128::from(number), count + 1);
        }
        let Some(all) = all else { return Range::MISSING };
        let range = match (kind, surely) {
            (Aggregate::Largest, Some(surely)) => Range::between(surely.1, all.1),
            (Aggregate::Smallest, Some(surely)) => Range::between(all.0, surely.0),
            (Aggregate::Average, _) if is_all_sure => match Number::mean(total, count) {
                Some(mean) => Range::exactly(mean.millionths()),
                None => Range::MISSING,
            },
            _ => Range::between(all.0, all.1),
        };
        if surely.is_none() { range.or_missing() } else { range }
    }
}
