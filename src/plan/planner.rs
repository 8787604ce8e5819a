//! Plans for one user after the other.

use super::{
    Horizon, Plan,
    names::Names,
    run::Run,
    world::{World, known_contacts},
};
use crate::{eval::Evaluator, program::Program, snapshot::User, time::Instant};

/// Plans for one user after the other by the rules of one program.
///
/// It keeps its memory from user to user; use one a thread. The plan of a user depends on nothing but the program, the
/// user, `now` and the horizon.
#[derive(Debug)]
pub struct Planner<'p> {
    program: &'p Program,
    evaluator: Evaluator,
    names: Names,
}

impl<'p> Planner<'p> {
    /// One for the rules of this program.
    #[must_use]
    pub fn new(program: &'p Program) -> Self {
        Self { program, evaluator: Evaluator::new(program), names: Names::new(program) }
    }

    /// The contact schedule of a user, bound to the same program, from `now` to the end of the horizon.
    pub fn plan(&mut self, user: &User, now: Instant, horizon: Horizon) -> Plan {
        let end = horizon.end(&user.zone, now);
        self.plan_until(user, now, end)
    }

    /// The contact schedule of a user, bound to the same program, in `[now, end)`, or for
    /// [five years](Horizon::MOST_YEARS) if that is less.
    pub fn plan_until(&mut self, user: &User, now: Instant, end: Instant) -> Plan {
        let zone_name = self.names.zone(user.zone.name());
        let end = end.min(Horizon::last(&user.zone, now));
        let history = known_contacts(&user.contacts, now);
        let world = World::new(self.program, user, &history, now, end, &mut self.evaluator);
        Run::new(world, &self.names, zone_name).finish()
    }
}
