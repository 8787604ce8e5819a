//! Checks a schedule against the rules, whoever made it.
//!
//! The planner is not asked: from the rules, the user and the touches alone it is looked for what must not be, by a path
//! of its own. So it tells of slips of the planner as well as of other systems, and of what people changed by hand.
//!
//! Contacts of the data are history up to the moment of planning, or up to the first touch if that is not known; they
//! are never blamed, but fill caps and gaps. Conditions are asked of the record as it is in the end.

mod breach;
mod gaps;
mod hours;
mod inspection;
mod limits;
mod person;
mod record;
mod touch;

#[cfg(test)]
mod tests;

pub use breach::{Breach, BreachCode, Concerned, Report};
pub use touch::Scheduled;

use std::sync::Arc;

use crate::{
    eval::Evaluator,
    program::Program,
    snapshot::{Names, User},
    time::Instant,
};
use inspection::Inspection;
use record::Record;

/// Checks the schedules of many users, one after the other.
#[derive(Debug)]
pub struct Auditor<'p> {
    program: &'p Program,
    names: &'p Names,
    evaluator: Evaluator,
}

impl<'p> Auditor<'p> {
    /// One for the rules of a program; `names` are [`Names::new`] of it.
    #[must_use]
    pub fn new(program: &'p Program, names: &'p Names) -> Self {
        Self { program, names, evaluator: Evaluator::new(program) }
    }

    /// Everything in the schedule of one user that the rules do not allow.
    ///
    /// `now` is the moment the schedule was planned from: contacts of the user after it are not history, and events
    /// after it do not exist. Without it, that moment is the first touch.
    #[must_use]
    pub fn audit(&mut self, user: &User, touches: &[Scheduled], now: Option<Instant>) -> Report {
        let record = Record::new(self.program, self.names, user, touches, now);
        let first = touches.iter().map(|touch| touch.at).min();
        self.evaluator.begin();
        let mut inspection = Inspection {
            program: self.program,
            user,
            now: now.or(first).unwrap_or(Instant::MAX),
            record: &record,
            evaluator: &mut self.evaluator,
            found: Vec::new(),
        };
        person::check(&mut inspection);
        hours::check(&mut inspection);
        limits::check_caps(&mut inspection);
        limits::check_times(&mut inspection);
        gaps::check(&mut inspection);
        let mut found = inspection.found;
        found.sort_by_key(|(index, breach)| (*index, breach.code));
        Report {
            user: Arc::clone(&user.id),
            zone: user.zone,
            touches: touches.len(),
            breaches: found.into_iter().map(|(_, breach)| breach).collect(),
        }
    }
}
