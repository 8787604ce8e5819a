//! When members leave a window, worked out for each no more than once.

use super::memo::{Class, Epochs, Slot};
use crate::{
    program::{Arena, Set, SetId, Window},
    time::{Instant, Period, Zone},
};

/// A member whose expiry was not worked out yet.
const UNKNOWN: Instant = Instant::MIN;

/// The expiries of all members in all rolling windows of a program, of one user; the memory is used again for the next.
#[derive(Debug)]
pub(super) struct Expiries {
    /// By set.
    sets: Vec<OfSet>,
}

#[derive(Debug)]
struct OfSet {
    class: Class,
    windows: Vec<(Period, Slot<Known>)>,
}

/// What is known of the expiries in one window.
#[derive(Debug, Default)]
struct Known {
    /// By member.
    list: Vec<Instant>,
    /// The members that expire before the one ahead of them: of all if there are many, else of those last asked for.
    breaks: Vec<usize>,
}

/// So few members are looked at one by one; in tests fewer, so that both ways are gone.
const FEW: usize = if cfg!(test) { 3 } else { 256 };

/// The expiries in one window.
#[derive(Debug)]
pub(super) struct OfWindow<'e> {
    known: &'e mut Known,
    period: Period,
}

/// The expiries of some members, one after another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part<'e> {
    pub(super) list: &'e [Instant],
    /// The members, but for the first, that expire before the one ahead of them.
    pub(super) breaks: &'e [usize],
}

impl Expiries {
    pub(super) fn new(arena: &Arena) -> Self {
        let sets = (0..arena.set_count()).map(|index| {
            let set = arena.set(SetId::from(index));
            let class = if matches!(set, Set::Contacts(_)) { Class::Contacts } else { Class::Plain };
            OfSet { class, windows: Vec::new() }
        });
        Self { sets: sets.collect() }
    }

    /// Those of a set; none if nothing leaves the window.
    pub(super) fn of(&mut self, epochs: &Epochs, set: SetId, window: Window) -> Option<OfWindow<'_>> {
        let Window::Rolling(period) = window else { return None };
        let OfSet { class, windows } = self.sets.get_mut(set.index())?;
        let known = windows.iter().position(|(other, _)| *other == period);
        let index = known.unwrap_or_else(|| {
            windows.push((period, Slot::new(*class, Known::default())));
            windows.len() - 1
        });
        let (_, slot) = windows.get_mut(index)?;
        if !slot.is_good(epochs) {
            slot.stamp(epochs);
            slot.content.list.clear();
            slot.content.breaks.clear();
        }
        Some(OfWindow { known: &mut slot.content, period })
    }
}

impl<'e> OfWindow<'e> {
    /// The expiries of the members from `start` to `end`; `at` is when each member was.
    pub(super) fn between(self, zone: &Zone, at: &[Instant], (start, end): (usize, usize)) -> Part<'e> {
        if start >= end {
            return Part { list: &[], breaks: &[] };
        }
        let Known { list, breaks } = self.known;
        let expiry = |at: &Instant| zone.add(*at, self.period);
        if at.len() <= FEW {
            list.resize(at.len(), UNKNOWN);
            let list = list.get_mut(start..end).unwrap_or_default();
            for (known, at) in list.iter_mut().zip(at.iter().skip(start)) {
                if *known == UNKNOWN {
                    *known = expiry(at);
                }
            }
            breaks.clear();
            breaks.extend(descents(list, start));
            return Part { list, breaks };
        }
        if list.is_empty() {
            list.extend(at.iter().map(expiry));
            breaks.extend(descents(list, 0));
        }
        let after = |member: usize| breaks.partition_point(|other| *other <= member);
        let breaks = breaks.get(after(start)..after(end - 1)).unwrap_or_default();
        Part { list: list.get(start..end).unwrap_or_default(), breaks }
    }
}

/// The members of a list, whose first is `start`, that expire before the one ahead of them.
fn descents(list: &[Instant], start: usize) -> impl Iterator<Item = usize> {
    let pairs = list.windows(2).zip(start + 1..);
    pairs.filter(|(pair, _)| !pair.is_sorted()).map(|(_, member)| member)
}
