//! Questions about one user, asked of the evaluator.

use std::cell::RefCell;

use crate::{
    eval::{Evaluator, Situation, bucket},
    program::{ConditionId, ExpressionId, Program, Set, SetId, Symbol, Window},
    snapshot::{PastContact, User, Value},
    time::{Instant, Unit},
};

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

    /// Whether the condition holds now.
    pub(super) fn holds(&self, id: ConditionId) -> bool {
        self.evaluator.borrow_mut().holds(&self.situation, id, self.now())
    }

    /// The expression's value now.
    pub(super) fn value(&self, id: ExpressionId) -> Value {
        self.evaluator.borrow_mut().value(&self.situation, id, self.now())
    }

    /// Since when the condition has been as it is now, and until when it will be if nothing happens; "always" and
    /// "never" beyond five years.
    pub(super) fn stretch(&self, id: ConditionId) -> (Instant, Instant) {
        const YEARS: i64 = 5;
        // What flickers for longer than that is told as lasting that long.
        const MOST_STEPS: usize = 4_000;
        let zone = &self.user().zone;
        let (first, last) =
            (zone.step(self.now(), -YEARS, Unit::Year), zone.step(self.now(), YEARS, Unit::Year));
        let mut evaluator = self.evaluator.borrow_mut();
        let here = evaluator.stretch(&self.situation, id, self.now());
        let (mut from, mut until) = (here.from, here.until);
        for _ in 0..MOST_STEPS {
            if until >= last {
                until = Instant::MAX;
                break;
            }
            let next = evaluator.stretch(&self.situation, id, until);
            if next.holds != here.holds {
                break;
            }
            until = next.until;
        }
        for _ in 0..MOST_STEPS {
            if from <= first {
                from = Instant::MIN;
                break;
            }
            let before = evaluator.stretch(&self.situation, id, from.plus_micros(-1));
            if before.holds != here.holds {
                break;
            }
            from = before.from;
        }
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
