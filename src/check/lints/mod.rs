//! What is legal, but surely not meant.

mod contradictions;

use super::{checker::Checker, finish::Lowered};

impl Checker<'_> {
    /// Looks over everything that was lowered.
    pub(super) fn lint(&mut self, _lowered: &Lowered) {}
}
