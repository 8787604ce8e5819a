//! What an evaluator remembers, and when it forgets: by stamps, so that forgetting everything costs nothing.

use super::{Reading, Stretch};
use crate::{program::Needs, time::Instant};

/// On what remembered things depend, besides the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Plain,
    Contacts,
    Sequence,
    Both,
}

impl From<Needs> for Class {
    fn from(needs: Needs) -> Self {
        match (needs.contacts, needs.sequence) {
            (false, false) => Self::Plain,
            (true, false) => Self::Contacts,
            (false, true) => Self::Sequence,
            (true, true) => Self::Both,
        }
    }
}

/// Counts what happened. What was stamped before the last thing that touches it is forgotten.
#[derive(Debug)]
pub(super) struct Epochs {
    current: u64,
    user: u64,
    contacts: u64,
    sequence: u64,
}

impl Default for Epochs {
    /// One past the stamp of empty slots.
    fn default() -> Self {
        Self { current: 1, user: 1, contacts: 1, sequence: 1 }
    }
}

impl Epochs {
    fn advance(&mut self) -> u64 {
        // 2^64 users are out of reach.
        self.current = self.current.wrapping_add(1);
        self.current
    }

    pub(super) fn new_user(&mut self) {
        self.user = self.advance();
        (self.contacts, self.sequence) = (self.user, self.user);
    }

    pub(super) fn new_contacts(&mut self) {
        self.contacts = self.advance();
    }

    pub(super) fn new_sequence(&mut self) {
        self.sequence = self.advance();
    }

    /// The least stamp that is still good.
    fn good(&self, class: Class) -> u64 {
        match class {
            Class::Plain => self.user,
            Class::Contacts => self.contacts,
            Class::Sequence => self.sequence,
            Class::Both => self.contacts.max(self.sequence),
        }
    }
}

/// Something remembered.
#[derive(Debug, Clone)]
pub(super) struct Slot<T> {
    pub(super) content: T,
    stamp: u64,
    class: Class,
}

impl<T> Slot<T> {
    pub(super) fn new(class: Class, content: T) -> Self {
        Self { content, stamp: 0, class }
    }

    pub(super) fn is_good(&self, epochs: &Epochs) -> bool {
        self.stamp >= epochs.good(self.class)
    }

    pub(super) fn stamp(&mut self, epochs: &Epochs) {
        self.stamp = epochs.current;
    }
}

/// An answer that is good for a stretch of time.
pub(super) trait Lasting: Copy {
    const NONE: Self;
    fn covers(&self, t: Instant) -> bool;
}

impl Lasting for Stretch {
    const NONE: Self = Self { holds: false, from: Instant::MAX, until: Instant::MIN };
    fn covers(&self, t: Instant) -> bool {
        self.from <= t && t < self.until
    }
}

impl Lasting for Reading {
    const NONE: Self =
        Self { value: crate::snapshot::Value::Missing, from: Instant::MAX, until: Instant::MIN };
    fn covers(&self, t: Instant) -> bool {
        self.from <= t && t < self.until
    }
}

/// One answer for each node: the last one found.
#[derive(Debug)]
pub(super) struct Stamps<T> {
    slots: Vec<Slot<T>>,
}

impl<T: Lasting> Stamps<T> {
    /// What is remembered of the node for that instant.
    pub(super) fn get(&self, epochs: &Epochs, index: usize, t: Instant) -> Option<T> {
        let slot = self.slots.get(index)?;
        (slot.is_good(epochs) && slot.content.covers(t)).then_some(slot.content)
    }

    pub(super) fn put(&mut self, epochs: &Epochs, index: usize, content: T) {
        if let Some(slot) = self.slots.get_mut(index) {
            slot.content = content;
            slot.stamp(epochs);
        }
    }
}

impl<T: Lasting> FromIterator<Needs> for Stamps<T> {
    fn from_iter<I: IntoIterator<Item = Needs>>(needs: I) -> Self {
        Self { slots: needs.into_iter().map(|needs| Slot::new(needs.into(), T::NONE)).collect() }
    }
}
