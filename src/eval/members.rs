//! The members of sets: which events and contacts there are to count.

use super::{
    Evaluator, Situation,
    memo::{Class, Slot},
    rows::row_holds,
};
use crate::{
    program::{EventId, Set, SetId},
    snapshot::Events,
    time::Instant,
};

/// The members of one set, of one user; the memory is used again for the next.
#[derive(Debug, Clone, Default)]
pub(super) struct Members {
    at: Vec<Instant>,
    rows: Vec<u32>,
}

impl Members {
    fn clear(&mut self) {
        self.at.clear();
        self.rows.clear();
    }

    fn push(&mut self, at: Instant, row: usize) {
        self.at.push(at);
        self.rows.push(u32::try_from(row).unwrap_or(u32::MAX));
    }
}

/// An empty slot for the set.
pub(super) fn slot(set: &Set) -> Slot<Members> {
    let class = if matches!(set, Set::Contacts(_)) { Class::Contacts } else { Class::Plain };
    Slot::new(class, Members::default())
}

/// When the members were, in order of time, and their rows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Listing<'m> {
    pub(super) at: &'m [Instant],
    /// Every row, if absent.
    rows: Option<&'m [u32]>,
}

impl Listing<'_> {
    /// The rows of all members.
    pub(super) fn rows(self) -> impl Iterator<Item = usize> {
        (0..self.at.len()).map(move |member| self.row(member))
    }

    /// The row of a member.
    pub(super) fn row(&self, member: usize) -> usize {
        match self.rows {
            None => member,
            Some(rows) => rows.get(member).map_or(usize::MAX, |row| *row as usize),
        }
    }
}

/// The events that exist at `now`.
fn existing<'u>(s: &Situation<'u>, event: EventId) -> (&'u Events, &'u [Instant]) {
    let events = s.user.events(event);
    let count = events.at.partition_point(|at| *at <= s.now);
    (events, events.at.get(..count).unwrap_or_default())
}

impl Evaluator {
    /// Lists a set's members, unless they are remembered, or are all events of a type and need no list.
    pub(super) fn fill(&mut self, s: &Situation<'_>, set: SetId) {
        if let Set::Events { filter: None, .. } = s.program.arena.set(set) {
            return;
        }
        let Some(slot) = self.members.get_mut(set.index()) else { return };
        if slot.is_good(&self.epochs) {
            return;
        }
        slot.stamp(&self.epochs);
        let members = &mut slot.content;
        members.clear();
        match s.program.arena.set(set) {
            Set::Events { event, filter } => {
                for (row, at) in existing(s, *event).1.iter().enumerate() {
                    if filter.is_none_or(|filter| row_holds(s, *event, row, filter)) {
                        members.push(*at, row);
                    }
                }
            }
            Set::Contacts(test) => {
                for (row, contact) in s.contacts.iter().enumerate() {
                    if contact.is(*test) {
                        members.push(contact.at, row);
                    }
                }
            }
        }
    }
}

/// The members of a set, which must have been [filled](Evaluator::fill) in.
pub(super) fn listing<'m>(slots: &'m [Slot<Members>], s: &Situation<'m>, set: SetId) -> Listing<'m> {
    if let Set::Events { event, filter: None } = s.program.arena.set(set) {
        return Listing { at: existing(s, *event).1, rows: None };
    }
    match slots.get(set.index()) {
        Some(slot) => Listing { at: &slot.content.at, rows: Some(&slot.content.rows) },
        None => Listing { at: &[], rows: None },
    }
}
