//! What is legal, but surely not meant.
//!
//! Only what is sure is said: a warning that is wrong once is not read again.

mod caps;
mod contradictions;
mod hours;
mod never_happened;
mod unused;

use super::{checker::Checker, finish::Lowered};
use crate::diagnostic::Severity;

impl Checker<'_> {
    /// Looks over everything that was lowered; of rules that are wrong nothing more is said.
    pub(super) fn lint(&mut self, lowered: &Lowered) {
        self.lint_never_happened();
        if self.diagnostics.iter().any(|one| one.severity() == Severity::Error) {
            return;
        }
        self.lint_caps(&lowered.policy.caps);
        self.lint_hours(lowered);
        self.lint_unused(lowered);
    }
}
