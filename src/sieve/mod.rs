//! Which rules could come up at all, for many users at once.
//!
//! Most rules have nothing to say to most users, and that is often plain from a few comparisons: somebody who ordered
//! yesterday is not `lapsed` at any time of the next week. The sieve finds such rules without evaluating them. It asks
//! each question once for every user, whatever number of rules share it; keeps the answers as bits, one for each
//! user; and joins them rule by rule for 64 users in one step. What an answer is *at some time of the plan* it
//! knows only by bounds, so it may let a rule pass that comes to nothing, but never holds one back that would not.
//! What passes is for the interpreter.

mod attributes;
mod leaves;
mod members;
mod question;
mod range;
mod rules;
mod sets;
mod shape;
mod span;
#[cfg(test)]
mod tests;
mod today;

use crate::{
    eval::Situation,
    program::{Program, RuleId},
    snapshot::User,
    time::Instant,
};
use rules::Rules;
use span::Span;

/// How many users are sifted at once.
pub(crate) const MOST_USERS: usize = 64;

/// Finds the rules that could come up, of one program.
#[derive(Debug)]
pub(crate) struct Sieve {
    rules: Rules,
    /// For each user at hand, in the order of the program.
    passed: Vec<Vec<RuleId>>,
}

impl Sieve {
    /// One for the rules of this program.
    pub(crate) fn new(program: &Program) -> Self {
        Self { rules: Rules::new(program), passed: Vec::new() }
    }

    /// The rules that could come up for each of the users (at most [`MOST_USERS`]) in a plan from `now` that ends, for
    /// each of them, at `end` or before.
    pub(crate) fn sift(
        &mut self,
        program: &Program,
        users: &[&User],
        now: Instant,
        end: Instant,
    ) -> &[Vec<RuleId>] {
        self.rules.turn_to(program, Span { from: now, until: end.max(now) });
        for (index, user) in users.iter().take(MOST_USERS).enumerate() {
            let situation = Situation { program, user, now, contacts: &user.contacts, sequence: None };
            self.rules.look_at(&situation, 1 << index);
        }
        self.passed.resize_with(users.len().min(MOST_USERS), Vec::new);
        self.passed.iter_mut().for_each(Vec::clear);
        self.rules.conclude(&mut self.passed);
        &self.passed
    }
}
