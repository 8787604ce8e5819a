//! Questions about one user, asked of the evaluator.

use std::cell::RefCell;

use crate::{
    eval::{Evaluator, Situation, bucket},
    program::{ConditionId, ExpressionId, Program, Set, SetId, Symbol, Window},
    snapshot::{PastContact, User, Value},
    time::{Instant, Unit},
};

/// How far a condition is followed, back and ahead.
const YEARS: i64 = 5;
/// Through how many stretches of the evaluator it is followed, which may be shorter than they could be.
const MOST_STEPS: usize = 4_000;

/// Where it ends that a condition is as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edge {
    /// Nowhere.
    None,
    /// There.
    At(Instant),
    /// There or farther away: it was followed to there and no further.
    Beyond(Instant),
}

/// The user, the moment, and what was and will be sent.
#[derive(Clone, Copy)]
pub(super) struct Ask<'a> {
    situation: Situation<'a>,
    evaluator: &'a RefCell<Evaluator>,
    /// The moment asked about; events after the situation's `now` do not exist at it.
    moment: Instant,
}

impl<'a> Ask<'a> {
    pub(super) fn new(
        program: &'a Program,
        user: &'a User,
        now: Instant,
        contacts: &'a [PastContact],
        evaluator: &'a RefCell<Evaluator>,
    ) -> Self {
        Self { situation: Situation { program, user, now, contacts, sequence: None }, evaluator, moment: now }
    }

    pub(super) fn program(&self) -> &'a Program {
        self.situation.program
    }

    pub(super) fn user(&self) -> &'a User {
        self.situation.user
    }

    pub(super) fn now(&self) -> Instant {
        self.moment
    }

    /// The same at another moment, with what happened until then unchanged.
    pub(super) fn at(self, moment: Instant) -> Self {
        Self { moment, ..self }
    }

    /// The same, with what is counted since a sequence began counted from that moment.
    pub(super) fn since(self, moment: Instant) -> Self {
        Self { situation: Situation { sequence: Some(moment), ..self.situation }, ..self }
    }

    /// The first instant from `from` on, and before `before`, at which the condition holds.
    pub(super) fn first_holding(&self, id: ConditionId, from: Instant, before: Instant) -> Option<Instant> {
        self.evaluator.borrow_mut().first_holding(&self.situation, id, from, before)
    }

    /// Whether the condition holds now.
    pub(super) fn holds(&self, id: ConditionId) -> bool {
        self.evaluator.borrow_mut().holds(&self.situation, id, self.now())
    }

    /// The expression's value now.
    pub(super) fn value(&self, id: ExpressionId) -> Value {
        self.evaluator.borrow_mut().value(&self.situation, id, self.now())
    }

    /// Since when the condition has been as it is now, and until when it will be if nothing happens.
    pub(super) fn stretch(&self, id: ConditionId) -> (Edge, Edge) {
        let zone = &self.user().zone;
        let (first, last) =
            (zone.step(self.now(), -YEARS, Unit::Year), zone.step(self.now(), YEARS, Unit::Year));
        let mut evaluator = self.evaluator.borrow_mut();
        let here = evaluator.stretch(&self.situation, id, self.now());
        let (mut from, mut until) = (here.from, here.until);
        let mut steps = 0..MOST_STEPS;
        let until = loop {
            if until == Instant::MAX {
                break Edge::None;
            }
            let next = evaluator.stretch(&self.situation, id, until);
            if next.holds != here.holds {
                break Edge::At(until);
            }
            if until >= last || steps.next().is_none() {
                break Edge::Beyond(until);
            }
            until = next.until;
        };
        let mut steps = 0..MOST_STEPS;
        let from = loop {
            if from == Instant::MIN {
                break Edge::None;
            }
            let before = evaluator.stretch(&self.situation, id, from.plus_micros(-1));
            if before.holds != here.holds {
                break Edge::At(from);
            }
            if from <= first || steps.next().is_none() {
                break Edge::Beyond(from);
            }
            from = before.from;
        };
        (from, until)
    }

    /// When the members of the set were, until now, in order.
    pub(super) fn members(&self, set: SetId) -> Vec<Instant> {
        let mut evaluator = self.evaluator.borrow_mut();
        let rows = evaluator.rows(&self.situation, set);
        let at = |row: usize| match self.program().arena.set(set) {
            Set::Events { event, .. } => self.user().events(*event).at.get(row).copied(),
            Set::Contacts(_) => self.situation.contacts.get(row).map(|contact| contact.at),
        };
        rows.filter_map(at).filter(|at| *at <= self.now()).collect()
    }

    /// How many of these members are in the window now.
    pub(super) fn count(&self, window: Window, members: &[Instant]) -> i64 {
        let (zone, now) = (&self.user().zone, self.now());
        let counts = |at: &&Instant| match window {
            Window::Ever => true,
            Window::Rolling(period) => now < zone.add(**at, period),
            Window::Calendar(unit) => zone.window(now, unit, self.program().week_starts).0 <= **at,
            Window::Since(date) => zone.start_of_day(date) <= **at,
            Window::Sequence => false,
        };
        i64::try_from(members.iter().filter(counts).count()).unwrap_or(i64::MAX)
    }

    /// The user's bucket under a salt.
    pub(super) fn bucket(&self, salt: Symbol) -> u32 {
        bucket(self.user().text(self.program(), salt), &self.user().id)
    }
}
