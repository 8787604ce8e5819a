//! Conditions that can never hold together.

use crate::{
    check::checker::Checker,
    program::{ConditionId, Origin},
};

impl Checker<'_> {
    /// Points out two parts of a conjunction that exclude each other.
    pub(in crate::check) fn lint_contradiction(&mut self, _parts: &[(ConditionId, Origin)]) {}
}
