//! What is legal, but surely not meant.
//!
//! Only what is sure is said: a warning that is wrong once is not read again.

mod called_alike;
mod caps;
mod contradictions;
mod hours;
mod never_happened;
mod slips;
mod unused;

pub(super) use self::slips::{Place, Taken};
use super::{checker::Checker, finish::Lowered};
use crate::diagnostic::Severity;

impl Checker<'_> {
    /// Looks over everything that was lowered; of rules that are wrong nothing more is said. What could not be read may be
    /// what would make the rest right.
    pub(super) fn lint(&mut self, lowered: &Lowered) {
        if self.files.is_broken {
            return;
        }
        self.lint_never_happened();
        self.lint_slips();
        if self.diagnostics.iter().any(|one| one.severity() == Severity::Error) {
            return;
        }
        self.lint_called_alike();
        self.lint_caps(&lowered.policy.caps);
        self.lint_hours(lowered);
        self.lint_unused(lowered);
    }
}
