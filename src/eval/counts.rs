//! Members in a window, and how long their number stays within bounds.
//!
//! A member *arrives* at its instant and, in a rolling window, *expires* one period later. Where the period is of
//! calendar steps, the expiry takes zone arithmetic, and is not in the order of arrival: 30 January 20:00 and 31
//! January 10:00 plus one month are 28 February 20:00 and 10:00. But it never strays from the period's mean length by
//! more than a slack of some days. So members are *gone* or *there* for sure, by comparing instants alone, except those on
//! the *edge*, whose expiries are worked out one by one.

use std::ops::Range;

use super::{
    Situation, Stretch,
    expiries::OfWindow,
    members::{self, Listing, Members},
    memo::Slot,
    today::Calendars,
};
use crate::{
    program::{SetId, Window},
    time::{CalendarUnit, DAY, Instant, Length, Weekday, Zone},
};

/// What a window is laid over.
pub(super) struct Ground<'g> {
    pub(super) zone: &'g Zone,
    pub(super) week_starts: Weekday,
    pub(super) calendars: &'g mut Calendars,
    pub(super) sequence: Option<Instant>,
}

/// The members that count at an instant: of those from `start` to `edge` the ones whose expiry is later, and all from
/// `edge` to `end`. Those before `start` are gone, those from `next` on arrive later.
#[derive(Debug)]
pub(super) struct Counted<'c> {
    at: &'c [Instant],
    t: Instant,
    start: usize,
    edge: usize,
    end: usize,
    next: usize,
    /// Of the members on the edge.
    expiries: &'c [Instant],
    /// If those on the edge expire one after another: the first that is there, after which all are.
    split: Option<usize>,
    /// `None` if members never expire.
    length: Option<Length>,
    /// How many count.
    number: usize,
    /// The calendar window, or all of time.
    bounds: (Instant, Instant),
    /// If none counts in a calendar window: a stretch, perhaps beyond it, on which none does.
    void: Option<(Instant, Instant)>,
}

impl<'c> Counted<'c> {
    /// Counts the members of a set, which must have been filled in, in a window that ends at `t`; gives all of them as well.
    pub(super) fn of(
        s: &Situation<'c>,
        set: SetId,
        window: Window,
        t: Instant,
        (members, calendars): (&'c [Slot<Members>], &mut Calendars),
        expiries: Option<OfWindow<'c>>,
    ) -> (Self, Listing<'c>) {
        let ground = Ground {
            zone: &s.user.zone,
            week_starts: s.program.week_starts,
            calendars,
            sequence: s.sequence,
        };
        let listing = members::listing(members, s, set);
        (Self::new(listing.at, window, t, ground, expiries), listing)
    }

    /// Counts the members in a window that ends at `t`.
    fn new(
        at: &'c [Instant],
        window: Window,
        t: Instant,
        ground: Ground<'_>,
        expiries: Option<OfWindow<'c>>,
    ) -> Self {
        let end = at.partition_point(|at| *at <= t);
        match window {
            Window::Ever => Self::from(at, t, 0, end),
            Window::Since(date) => {
                let first = ground.zone.start_of_day(date);
                Self::from(at, t, at.partition_point(|at| *at < first), end)
            }
            Window::Sequence => {
                let began = ground.sequence.unwrap_or(Instant::MAX);
                Self::from(at, t, at.partition_point(|at| *at <= began), end)
            }
            Window::Calendar(unit) => {
                let bounds = ground.calendars.window(ground.zone, t, unit, ground.week_starts);
                let start = at.partition_point(|at| *at < bounds.0);
                let counted = Self { bounds, ..Self::from(at, t, start, end) };
                if counted.number > 0 {
                    return counted;
                }
                // The window of the last member before this one has ended by then.
                let before = start.checked_sub(1).and_then(|last| at.get(last));
                let from = before.map_or(Instant::MIN, |at| at.plus_micros(longest_window(unit)));
                let until = at.get(end).copied().unwrap_or(Instant::MAX);
                Self { void: Some((from.min(bounds.0), until)), ..counted }
            }
            Window::Rolling(period) => {
                let length = Length::of(period.count.into(), period.unit);
                let gone_by = length.earliest_before(t);
                let there_since = length.latest_before(t);
                let arrived = at.get(..end).unwrap_or_default();
                let start = arrived.partition_point(|at| *at <= gone_by);
                let edge = arrived.partition_point(|at| *at <= there_since).max(start);
                let part = expiries.map(|of| of.between(ground.zone, at, (start, edge)));
                let expiries = part.map_or(&[][..], |part| part.list);
                let split = part
                    .filter(|part| part.is_in_order)
                    .map(|part| start + part.list.partition_point(|expiry| *expiry <= t));
                let number = match split {
                    Some(split) => end - split,
                    None => end - edge + expiries.iter().filter(|expiry| **expiry > t).count(),
                };
                let length = Some(length);
                Self { start, edge, expiries, split, length, number, ..Self::from(at, t, 0, end) }
            }
        }
    }

    /// All members from the first on, for ever.
    fn from(at: &'c [Instant], t: Instant, first: usize, end: usize) -> Self {
        let start = first.min(end);
        Self {
            at,
            t,
            start,
            edge: start,
            end,
            next: first.max(end),
            expiries: &[],
            split: Some(start),
            length: None,
            number: end - start,
            bounds: (Instant::MIN, Instant::MAX),
            void: None,
        }
    }

    /// How many there are.
    pub(super) fn number(&self) -> usize {
        self.number
    }

    /// Which they are, in order of time.
    pub(super) fn members(&self) -> impl DoubleEndedIterator<Item = usize> {
        self.scattered().chain(self.together())
    }

    /// Those of them that lie one after another, up to the last.
    pub(super) fn together(&self) -> Range<usize> {
        self.split.unwrap_or(self.edge)..self.end
    }

    /// The others.
    pub(super) fn scattered(&self) -> impl DoubleEndedIterator<Item = usize> {
        let on_edge = self.split.is_none().then(|| self.edging(true));
        on_edge.into_iter().flatten().map(|(member, _)| member)
    }

    /// The instant of a member.
    pub(super) fn at(&self, member: usize) -> Instant {
        self.at.get(member).copied().unwrap_or(Instant::MAX)
    }

    /// The members on the edge that count, or those that do not, with their expiries.
    fn edging(&self, count: bool) -> impl DoubleEndedIterator<Item = (usize, Instant)> {
        let members = match (self.split, count) {
            (Some(split), true) => split..self.edge,
            (Some(split), false) => self.start..split,
            (None, _) => self.start..self.edge,
        };
        let expiries = self.expiries.get(members.start - self.start..members.end - self.start);
        let members = members.zip(expiries.unwrap_or_default().iter().copied());
        members.filter(move |(_, expiry)| (*expiry > self.t) == count)
    }

    /// When a member on the edge expires.
    fn expiry_of(&self, member: usize) -> Option<Instant> {
        self.expiries.get(member.checked_sub(self.start)?).copied()
    }

    /// Whether at least `least` and at most `most` count.
    pub(super) fn between(&self, least: u32, most: u32) -> Stretch {
        let (least, most) = (least as usize, most as usize);
        let number = self.number;
        let (holds, from, until) = if number < least {
            (false, self.last_expiry(least - number), self.arrival(least - number))
        } else if number > most {
            (false, self.last_arrival(number - most), self.expiry(number - most))
        } else {
            let spare = number - least + 1;
            let room = most - number + 1;
            let (falls_from, falls) = match least {
                0 => (Instant::MIN, Instant::MAX),
                _ => (self.last_arrival(spare), self.expiry(spare)),
            };
            (true, self.last_expiry(room).max(falls_from), self.arrival(room).min(falls))
        };
        let inside = Stretch { holds, from, until }.within(self.bounds.0, self.bounds.1);
        match self.void {
            None => inside,
            Some((from, until)) => {
                Stretch { holds, from: inside.from.min(from), until: inside.until.max(until) }
            }
        }
    }

    /// A stretch on which the same members count.
    pub(super) fn unchanged(&self) -> (Instant, Instant) {
        let number = u32::try_from(self.number).unwrap_or(u32::MAX);
        let stretch = self.between(number, number);
        (stretch.from, stretch.until)
    }

    /// The earliest member that counts, and a stretch on which it is that.
    pub(super) fn first(&self) -> (Option<usize>, Instant, Instant) {
        let on_edge = self.edging(true).next();
        let (member, until) = match on_edge {
            Some(edging) => edging,
            None if self.edge < self.end => (self.edge, self.sure_until(self.edge)),
            None => return self.none(),
        };
        let gone = match self.split {
            Some(split) => split.checked_sub(1).and_then(|last| self.expiry_of(last)),
            None => {
                let earlier = self.edging(false).filter(|(other, _)| *other < member);
                earlier.map(|(_, expiry)| expiry).max()
            }
        };
        let since = self.at(member).max(self.gone_since(0));
        let from = gone.map_or(since, |gone| since.max(gone));
        self.bounded(member, from, until)
    }

    /// The latest member that counts, and a stretch on which it is that.
    pub(super) fn last(&self) -> (Option<usize>, Instant, Instant) {
        let (member, until) = if self.edge < self.end {
            (self.end - 1, self.sure_until(self.end - 1))
        } else {
            match self.edging(true).next_back() {
                Some(edging) => edging,
                None => return self.none(),
            }
        };
        // Where members expire one after another none of the later ones has.
        let gone = self.split.is_none().then(|| self.edging(false));
        let later = gone.into_iter().flatten().filter(|(other, _)| *other > member);
        let from = later.fold(self.at(member), |from, (_, expiry)| from.max(expiry));
        self.bounded(member, from, until.min(self.arrival(1)))
    }

    fn none(&self) -> (Option<usize>, Instant, Instant) {
        let (from, until) = self.unchanged();
        (None, from, until)
    }

    fn bounded(&self, member: usize, from: Instant, until: Instant) -> (Option<usize>, Instant, Instant) {
        (Some(member), from.max(self.bounds.0), until.min(self.bounds.1))
    }

    /// Until when a member that is there counts for sure.
    fn sure_until(&self, member: usize) -> Instant {
        self.length.map_or(Instant::MAX, |length| length.earliest_after(self.at(member)))
    }

    /// Since when the members that are gone, but for the last `spared`, have been gone for sure.
    fn gone_since(&self, spared: usize) -> Instant {
        let last = self.start.checked_sub(spared.saturating_add(1));
        match (self.length, last) {
            (Some(length), Some(last)) => length.latest_after(self.at(last)),
            _ => Instant::MIN,
        }
    }

    /// When the `k`-th member from now on arrives.
    fn arrival(&self, k: usize) -> Instant {
        self.at.get(self.next.saturating_add(k - 1)).copied().unwrap_or(Instant::MAX)
    }

    /// When the `k`-th from the last of those that count arrived.
    fn last_arrival(&self, k: usize) -> Instant {
        self.members().nth_back(k - 1).map_or(Instant::MIN, |member| self.at(member))
    }

    /// Until when fewer than `k` of those that count have expired.
    ///
    /// Whatever the `k - 1` earliest do: until then all others are there.
    fn expiry(&self, k: usize) -> Instant {
        let spared = k - 1;
        let (mut edging, mut first) = (0, Instant::MAX);
        if let Some(split) = self.split {
            edging = self.edge.saturating_sub(split);
            first = self.expiry_of(split.saturating_add(spared)).unwrap_or(Instant::MAX);
        } else {
            for (_, expiry) in self.edging(true) {
                if edging >= spared {
                    first = first.min(expiry);
                }
                edging += 1;
            }
        }
        let there = self.edge.saturating_add(spared.saturating_sub(edging));
        if there < self.end { first.min(self.sure_until(there)) } else { first }
    }

    /// Since when fewer than `k` have expired.
    ///
    /// Whatever the `k - 1` latest did: since then all others have been gone.
    fn last_expiry(&self, k: usize) -> Instant {
        let spared = k - 1;
        let (mut edging, mut last) = (0, Instant::MIN);
        if let Some(split) = self.split {
            edging = split.saturating_sub(self.start);
            let gone = split.checked_sub(k).and_then(|member| self.expiry_of(member));
            last = gone.unwrap_or(Instant::MIN);
        } else {
            for (_, expiry) in self.edging(false).rev() {
                if edging >= spared {
                    last = last.max(expiry);
                }
                edging += 1;
            }
        }
        last.max(self.gone_since(spared.saturating_sub(edging)))
    }
}

/// No calendar window is longer, in microseconds.
const fn longest_window(unit: CalendarUnit) -> i64 {
    DAY * match unit {
        CalendarUnit::Day => 3,
        CalendarUnit::Week => 9,
        CalendarUnit::Month => 33,
        CalendarUnit::Year => 368,
    }
}
