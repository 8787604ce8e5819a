//! Plans for one user after the other.

use super::{
    Horizon, Plan,
    names::Names,
    run::Run,
    world::{World, known_contacts},
};
use crate::{
    eval::Evaluator,
    program::{Program, RuleId},
    sieve::{MOST_USERS, Sieve},
    snapshot::User,
    time::Instant,
};

/// Plans for one user after the other by the rules of one program.
///
/// It keeps its memory from user to user; use one a thread. The plan of a user depends on nothing but the program, the
/// user, `now` and the horizon.
#[derive(Debug)]
pub struct Planner<'p> {
    program: &'p Program,
    evaluator: Evaluator,
    sieve: Sieve,
    names: Names,
}

impl<'p> Planner<'p> {
    /// How many users [`plan_all`](Self::plan_all) plans together: whoever hands users over in parts does best with as
    /// many at a time.
    pub const USERS_AT_ONCE: usize = MOST_USERS;

    /// One for the rules of this program.
    #[must_use]
    pub fn new(program: &'p Program) -> Self {
        Self {
            program,
            evaluator: Evaluator::new(program),
            sieve: Sieve::new(program),
            names: Names::new(program),
        }
    }

    /// The contact schedule of a user, bound to the same program, from `now` to the end of the horizon.
    pub fn plan(&mut self, user: &User, now: Instant, horizon: Horizon) -> Plan {
        let end = horizon.end(&user.zone, now);
        self.plan_until(user, now, end)
    }

    /// The contact schedule of a user, bound to the same program, in `[now, end)`, or for
    /// [five years](Horizon::MOST_YEARS) if that is less.
    pub fn plan_until(&mut self, user: &User, now: Instant, end: Instant) -> Plan {
        let end = Horizon::cut(&user.zone, now, end);
        let rules = self.sieve.sift(self.program, &[user], now, end);
        let rules = rules.first().map_or(&[][..], Vec::as_slice);
        plan(self.program, &mut self.evaluator, &mut self.names, rules, (user, now, end))
    }

    /// The same without the sieve: every rule is evaluated.
    #[cfg(test)]
    pub(super) fn plan_unsifted(&mut self, user: &User, now: Instant, end: Instant) -> Plan {
        let all = self.program.rules.iter().enumerate().filter(|(_, rule)| !rule.is_off);
        let rules: Vec<RuleId> = all.map(|(index, _)| RuleId::from(index)).collect();
        plan(self.program, &mut self.evaluator, &mut self.names, &rules, (user, now, end))
    }

    /// The contact schedules of many users, as [`plan`](Self::plan) makes them one by one, and faster: what rules ask is
    /// answered for many users at once, so that a rule costs next to nothing for users whom it does not concern.
    ///
    /// `take` is given each plan, in the order of the users.
    pub fn plan_all<'u>(
        &mut self,
        users: impl IntoIterator<Item = &'u User>,
        now: Instant,
        horizon: Horizon,
        mut take: impl FnMut(Plan),
    ) {
        let mut users = users.into_iter();
        let mut some: Vec<&User> = Vec::with_capacity(MOST_USERS);
        let mut ends: Vec<Instant> = Vec::with_capacity(MOST_USERS);
        loop {
            some.clear();
            some.extend(users.by_ref().take(MOST_USERS));
            ends.clear();
            ends.extend(some.iter().map(|user| horizon.end(&user.zone, now)));
            let Some(end) = ends.iter().max() else { return };
            let rules = self.sieve.sift(self.program, &some, now, *end);
            for ((user, end), rules) in some.iter().zip(&ends).zip(rules) {
                let span = (*user, now, *end);
                take(plan(self.program, &mut self.evaluator, &mut self.names, rules, span));
            }
        }
    }
}

/// The contact schedule of one user in `[now, end)`, by the rules that could come up for them.
fn plan(
    program: &Program,
    evaluator: &mut Evaluator,
    names: &mut Names,
    rules: &[RuleId],
    (user, now, end): (&User, Instant, Instant),
) -> Plan {
    let zone_name = names.zone(user.zone.name());
    let history = known_contacts(&user.contacts, now);
    let world = World::new(program, user, &history, now, end, evaluator);
    Run::new(world, rules, names, zone_name).finish()
}
