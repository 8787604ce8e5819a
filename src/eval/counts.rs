//! Members in a window, and how long their number stays within bounds.
//!
//! A member *arrives* at its instant and, in a rolling window, *expires* one period later. Where the period is of
//! calendar steps, the expiry takes zone arithmetic, and is not in the order of arrival: 30 January 20:00 and 31
//! January 10:00 plus one month are 28 February 20:00 and 10:00. But it never strays from the period's mean length by
//! more than a slack of some days. So members are *gone* or *there* for sure, by comparing instants alone, except those on
//! the *edge*, whose expiries are worked out. They fall into a few *runs* of members that expire one after another: a
//! new one begins at each of the last days of a month, and where the clocks went back. Each run has a first member that is
//! there, and all after it are.

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
    /// The first members of all runs on the edge but the first.
    breaks: &'c [usize],
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
                let (expiries, breaks) = part.map_or((&[][..], &[][..]), |part| (part.list, part.breaks));
                let length = Some(length);
                let counted = Self { start, edge, expiries, breaks, length, ..Self::from(at, t, 0, end) };
                Self { number: counted.parts().map(|part| part.len()).sum(), ..counted }
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
            breaks: &[],
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
        self.parts().flatten()
    }

    /// The stretches of members that count, in order of time.
    pub(super) fn parts(&self) -> impl DoubleEndedIterator<Item = Range<usize>> {
        self.runs().map(|run| run.there()).chain(std::iter::once(self.edge..self.end))
    }

    /// The members on the edge.
    fn runs(&self) -> impl DoubleEndedIterator<Item = Run> {
        (0..=self.breaks.len()).map(|index| {
            let before = index.checked_sub(1).and_then(|before| self.breaks.get(before));
            let start = before.copied().unwrap_or(self.start);
            let end = self.breaks.get(index).copied().unwrap_or(self.edge);
            let expiries = self.expiries.get(start - self.start..end - self.start).unwrap_or_default();
            Run { start, split: start + expiries.partition_point(|expiry| *expiry <= self.t), end }
        })
    }

    /// The instant of a member.
    pub(super) fn at(&self, member: usize) -> Instant {
        self.at.get(member).copied().unwrap_or(Instant::MAX)
    }

    /// When a member on the edge expires.
    fn expiry_of(&self, member: usize) -> Option<Instant> {
        self.expiries.get(member.checked_sub(self.start)?).copied()
    }

    /// When the last of those of a run that are gone expired.
    fn gone_last(&self, run: &Run) -> Option<Instant> {
        self.expiry_of(run.gone().next_back()?)
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
        let on_edge = self.runs().find_map(|run| run.there().next());
        let (member, until) = match on_edge {
            Some(member) => (member, self.expiry_of(member).unwrap_or(Instant::MAX)),
            None if self.edge < self.end => (self.edge, self.sure_until(self.edge)),
            None => return self.none(),
        };
        let earlier = self.runs().take_while(|run| run.start <= member);
        let gone = earlier.filter_map(|run| self.gone_last(&run)).max();
        let since = self.at(member).max(self.gone_since(0));
        let from = gone.map_or(since, |gone| since.max(gone));
        self.bounded(member, from, until)
    }

    /// The latest member that counts, and a stretch on which it is that.
    pub(super) fn last(&self) -> (Option<usize>, Instant, Instant) {
        let (member, until) = if self.edge < self.end {
            (self.end - 1, self.sure_until(self.end - 1))
        } else {
            match self.runs().rev().find_map(|run| run.there().next_back()) {
                Some(member) => (member, self.expiry_of(member).unwrap_or(Instant::MAX)),
                None => return self.none(),
            }
        };
        // Within its run all later ones are there, and so there is none.
        let later = self.runs().rev().take_while(|run| run.start > member);
        let gone = later.filter_map(|run| self.gone_last(&run));
        let from = gone.fold(self.at(member), Instant::max);
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
        let mut spared = k - 1;
        for mut part in self.parts().rev() {
            let count = part.len();
            if let Some(member) = part.nth_back(spared) {
                return self.at(member);
            }
            spared = spared.saturating_sub(count);
        }
        Instant::MIN
    }

    /// Until when fewer than `k` of those that count have expired.
    ///
    /// Whatever the `k - 1` earliest do: until then all others are there.
    fn expiry(&self, k: usize) -> Instant {
        let (mut spared, mut first) = (k - 1, Instant::MAX);
        for run in self.runs() {
            let mut there = run.there();
            let count = there.len();
            if let Some(expiry) = there.nth(spared).and_then(|member| self.expiry_of(member)) {
                first = first.min(expiry);
            }
            spared = spared.saturating_sub(count);
        }
        let there = self.edge.saturating_add(spared);
        if there < self.end { first.min(self.sure_until(there)) } else { first }
    }

    /// Since when fewer than `k` have expired.
    ///
    /// Whatever the `k - 1` latest did: since then all others have been gone.
    fn last_expiry(&self, k: usize) -> Instant {
        let (mut spared, mut last) = (k - 1, Instant::MIN);
        for run in self.runs().rev() {
            let mut gone = run.gone();
            let count = gone.len();
            if let Some(expiry) = gone.nth_back(spared).and_then(|member| self.expiry_of(member)) {
                last = last.max(expiry);
            }
            spared = spared.saturating_sub(count);
        }
        last.max(self.gone_since(spared))
    }
}

/// Members that expire one after another.
#[derive(Debug)]
struct Run {
    start: usize,
    split: usize,
    end: usize,
}

impl Run {
    /// Those that count no more.
    fn gone(&self) -> Range<usize> {
        self.start..self.split
    }

    /// Those that count.
    fn there(&self) -> Range<usize> {
        self.split..self.end
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        eval::{expiries::Expiries, memo::Epochs},
        program::{Arena, EventId, Set},
        time::{Period, Unit},
    };

    const HOUR: i64 = DAY / 24;

    proptest! {
        /// The last days of January leave on 28 February, in whatever order; the clocks go back on 25 October.
        #[test]
        fn who_counts_at_the_ends_of_months_is_who_has_not_expired(
            (begins, period) in prop::sample::select(vec![
                ("2026-01-28T00:00:00Z", Period::new(1, Unit::Month)),
                ("2026-10-24T00:00:00Z", Period::new(1, Unit::Month)),
                ("2028-02-28T00:00:00Z", Period::new(1, Unit::Year)),
            ]),
            hours in prop::collection::vec(0i64..120, 0..14),
            (least, room) in (0u32..14, 0u32..5),
        ) {
            let zone = Zone::named("Europe/Berlin").unwrap();
            let begins: Instant = begins.parse().unwrap();
            let mut at: Vec<_> = hours.iter().map(|hour| begins.plus_micros(hour * HOUR)).collect();
            at.sort_unstable();
            let mut arena = Arena::new();
            let set = arena.add_set(Set::Events { event: EventId(0), filter: None });
            let (mut expiries, epochs) = (Expiries::new(&arena), Epochs::default());
            let expires: Vec<_> = at.iter().map(|at| zone.add(*at, period)).collect();
            let counts = |t: Instant| -> Vec<usize> {
                (0..at.len()).filter(|member| at[*member] <= t && t < expires[*member]).collect()
            };
            let leave = zone.add(begins, period);
            let truth: Vec<_> = (-60..150).map(|hour| leave.plus_micros(hour * HOUR)).map(|t| (t, counts(t))).collect();
            let mut calendars = Calendars::default();
            for (t, members) in &truth {
                let calendars = &mut calendars;
                let ground = Ground { zone: &zone, week_starts: Weekday::Monday, calendars, sequence: None };
                let window = Window::Rolling(period);
                let counted = Counted::new(&at, window, *t, ground, expiries.of(&epochs, set, window));
                prop_assert_eq!(&counted.members().collect::<Vec<_>>(), members, "{}", t);
                prop_assert_eq!(counted.number(), members.len());
                let on = |from, until| {
                    let those = truth.iter().filter(move |(at, _)| from <= *at && *at < until);
                    those.map(|(_, members)| members)
                };
                let (low, high) = (least as usize, (least + room) as usize);
                let is_between = |members: &Vec<usize>| (low..=high).contains(&members.len());
                let Stretch { holds, from, until } = counted.between(least, least + room);
                prop_assert!(from <= *t && *t < until && holds == is_between(members), "{}", t);
                prop_assert!(on(from, until).all(|at| is_between(at) == holds), "{}: {} {}", t, from, until);
                let (first, from, until) = counted.first();
                prop_assert!(from <= *t && *t < until, "{}", t);
                prop_assert!(on(from, until).all(|at| at.first().copied() == first), "{}: {} {}", t, from, until);
                let (last, from, until) = counted.last();
                prop_assert!(from <= *t && *t < until, "{}", t);
                prop_assert!(on(from, until).all(|at| at.last().copied() == last), "{}: {} {}", t, from, until);
            }
        }
    }
}
