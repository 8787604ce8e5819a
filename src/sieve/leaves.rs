//! Answers for many users at once: a bit for each.

use super::range::May;

/// One question to every user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LeafId(pub(super) u32);

/// For whom something may hold, and for whom it may not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Users {
    pub(super) hold: u64,
    pub(super) fail: u64,
}

impl Users {
    pub(super) const NOT_KNOWN: Self = Self { hold: u64::MAX, fail: u64::MAX };
    pub(super) const ALL: Self = Self { hold: u64::MAX, fail: 0 };

    pub(super) const fn everyone(may: May) -> Self {
        Self { hold: if may.hold { u64::MAX } else { 0 }, fail: if may.fail { u64::MAX } else { 0 } }
    }

    pub(super) const fn and(self, other: Self) -> Self {
        Self { hold: self.hold & other.hold, fail: self.fail | other.fail }
    }

    pub(super) const fn or(self, other: Self) -> Self {
        Self { hold: self.hold | other.hold, fail: self.fail & other.fail }
    }

    pub(super) const fn not(self) -> Self {
        Self { hold: self.fail, fail: self.hold }
    }

    /// With the answer for the user of that bit, of whom nothing was said.
    #[inline]
    pub(super) const fn with(self, bit: u64, may: May) -> Self {
        Self { hold: self.hold | (bit * may.hold as u64), fail: self.fail | (bit * may.fail as u64) }
    }
}

/// The answers to all questions.
#[derive(Debug, Default)]
pub(super) struct Leaves {
    /// Of a user of whom nothing is known.
    usual: Vec<Users>,
    answers: Vec<Users>,
}

impl Leaves {
    /// A new question, and what is answered for users of whom nothing is known.
    pub(super) fn add(&mut self, usual: May) -> LeafId {
        let id = u32::try_from(self.usual.len()).unwrap_or(u32::MAX);
        self.usual.push(Users::everyone(usual));
        LeafId(id)
    }

    /// Turns to other users.
    pub(super) fn clear(&mut self) {
        self.answers.clone_from(&self.usual);
    }

    /// Answers for the user of that bit.
    pub(super) fn set(&mut self, leaf: LeafId, bit: u64, may: May) {
        if let Some(users) = self.answers.get_mut(leaf.0 as usize) {
            users.hold = (users.hold & !bit) | (bit * u64::from(may.hold));
            users.fail = (users.fail & !bit) | (bit * u64::from(may.fail));
        }
    }

    /// Answers for the users of those bits.
    pub(super) fn put(&mut self, leaf: LeafId, bits: u64, answer: Users) {
        if let Some(users) = self.answers.get_mut(leaf.0 as usize) {
            users.hold = (users.hold & !bits) | (answer.hold & bits);
            users.fail = (users.fail & !bits) | (answer.fail & bits);
        }
    }

    /// Answers for all users alike.
    pub(super) fn set_all(&mut self, leaf: LeafId, may: May) {
        if let Some(users) = self.answers.get_mut(leaf.0 as usize) {
            *users = Users::everyone(may);
        }
    }

    pub(super) fn get(&self, leaf: LeafId) -> Users {
        self.answers.get(leaf.0 as usize).copied().unwrap_or(Users::NOT_KNOWN)
    }
}
