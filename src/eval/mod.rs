//! A condition's value at an instant, and its next change.
//!
//! Every condition is a function of time that is constant on half-open stretches. So every node answers with its
//! value *and the stretch on which it has that value*; whoever wants the next change asks again at the stretch's end.
//! Nothing is polled. A stretch may be shorter than it could be, where the true one would cost more to find, but
//! never longer: [`Evaluator::spell_at`], [`Evaluator::next_spell`] and [`Evaluator::holds_until`] join stretches.

mod aggregates;
mod bucket;
mod common;
mod conditions;
mod counts;
mod expiries;
mod expressions;
mod members;
mod memo;
mod ranges;
mod rows;
mod spells;
mod sums;
mod ticks;
mod today;
mod values;

#[cfg(test)]
pub(crate) mod generator;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod oracle;
#[cfg(test)]
mod tests;

pub use bucket::bucket;
pub use rows::row_holds;
pub use spells::Spell;
pub(crate) use values::mirrored;

use crate::{
    program::{ConditionId, ExpressionId, Program, SetId},
    snapshot::{PastContact, User, Value},
    time::Instant,
};
use common::Commons;
use expiries::Expiries;
use members::Members;
use memo::{Epochs, Slot, Stamps};
use sums::Sums;
use today::Calendars;

/// What a condition is evaluated against.
#[derive(Debug, Clone, Copy)]
pub struct Situation<'a> {
    /// The program that the conditions are of.
    pub program: &'a Program,
    /// The user.
    pub user: &'a User,
    /// The moment of planning: events after it do not exist.
    pub now: Instant,
    /// What was sent until `now` and the touches placed so far, in order of time.
    pub contacts: &'a [PastContact],
    /// When the sequence began; without it, nothing has happened since.
    pub sequence: Option<Instant>,
}

/// A stretch of time, the end excluded, on which a condition does not change. It may be part of a longer one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// Whether the condition holds.
    pub holds: bool,
    /// Since when, at the latest; [`Instant::MIN`] for "since ever".
    pub from: Instant,
    /// Until when, at the earliest; [`Instant::MAX`] for "for ever".
    pub until: Instant,
}

impl Stretch {
    /// Since ever and for ever.
    const fn always(holds: bool) -> Self {
        Self { holds, from: Instant::MIN, until: Instant::MAX }
    }

    /// What is common to the two stretches, with the first's value.
    fn within(self, from: Instant, until: Instant) -> Self {
        Self { holds: self.holds, from: self.from.max(from), until: self.until.min(until) }
    }
}

/// A value and a stretch of time on which an expression has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Reading {
    value: Value,
    from: Instant,
    until: Instant,
}

impl Reading {
    const fn always(value: Value) -> Self {
        Self { value, from: Instant::MIN, until: Instant::MAX }
    }

    fn within(self, from: Instant, until: Instant) -> Self {
        Self { value: self.value, from: self.from.max(from), until: self.until.min(until) }
    }
}

/// Earlier instants are answered as this one: clocks and calendars go no further back.
const EARLIEST: Instant = Instant::from_seconds(-377_704_000_000);
/// Later instants are answered as this one.
const LATEST: Instant = Instant::from_seconds(253_401_000_000);

/// Evaluates the conditions and expressions of one program, for one user after the other.
///
/// It remembers what it found out, so that what many rules ask is worked out once. It must be told of what it cannot
/// see: of a new user ([`begin`](Self::begin)) and of a touch that was placed or taken back
/// ([`contacts_changed`](Self::contacts_changed)). A situation with another `now` or `sequence` it notices itself.
///
/// ```
/// # use courtesy::{eval::{Evaluator, Situation}, program::*, snapshot::*, time::*};
/// # fn show(program: &Program, user: &User, lapsed: ConditionId, now: Instant) {
/// let mut evaluator = Evaluator::new(program);
/// evaluator.begin();
/// let situation = Situation { program, user, now, contacts: &user.contacts, sequence: None };
/// if let Some(spell) = evaluator.spell_at(&situation, lapsed, now) {
///     println!("lapsed since {}", spell.start);
/// }
/// # }
/// ```
#[derive(Debug)]
pub struct Evaluator {
    epochs: Epochs,
    now: Instant,
    sequence: Option<Instant>,
    conditions: Stamps<Stretch>,
    expressions: Stamps<Reading>,
    members: Vec<Slot<Members>>,
    sums: Sums,
    commons: Commons,
    calendars: Calendars,
    expiries: Expiries,
    /// Conditions so deep that what contains them starts from their remembered answers, to spare the stack.
    landings: Vec<ConditionId>,
}

impl Evaluator {
    /// One for the conditions of this program.
    #[must_use]
    pub fn new(program: &Program) -> Self {
        let arena = &program.arena;
        let ids = |count: usize| (0..count).map(|index| index as u32);
        Self {
            epochs: Epochs::default(),
            now: Instant::MIN,
            sequence: None,
            conditions: ids(arena.condition_count())
                .map(|id| arena.condition_needs(ConditionId(id)))
                .collect(),
            expressions: ids(arena.expression_count())
                .map(|id| arena.expression_needs(ExpressionId(id)))
                .collect(),
            members: ids(arena.set_count()).map(|id| members::slot(arena.set(SetId(id)))).collect(),
            sums: Sums::new(arena),
            commons: Commons::new(arena),
            calendars: Calendars::default(),
            expiries: Expiries::new(arena),
            landings: conditions::landings(arena),
        }
    }

    /// A new user: forgets everything, at once.
    pub fn begin(&mut self) {
        self.epochs.new_user();
        self.calendars.new_user();
    }

    /// A touch was placed or taken back: forgets what looks at contacts, at once.
    pub fn contacts_changed(&mut self) {
        self.epochs.new_contacts();
    }

    /// Whether the condition holds at an instant.
    pub fn holds(&mut self, s: &Situation<'_>, c: ConditionId, t: Instant) -> bool {
        self.meet(s);
        let at = t.clamp(EARLIEST, LATEST);
        self.land(s, c, at);
        self.condition_holds(s, c, at)
    }

    /// Whether the condition holds at an instant, and a stretch around it on which that does not change.
    pub fn stretch(&mut self, s: &Situation<'_>, c: ConditionId, t: Instant) -> Stretch {
        self.meet(s);
        let at = t.clamp(EARLIEST, LATEST);
        self.land(s, c, at);
        let found = self.condition(s, c, at);
        Stretch {
            holds: found.holds,
            from: if t < EARLIEST || found.from <= EARLIEST { Instant::MIN } else { found.from },
            until: if t > LATEST || found.until > LATEST { Instant::MAX } else { found.until },
        }
    }

    /// The value of an expression at an instant.
    pub fn value(&mut self, s: &Situation<'_>, e: ExpressionId, t: Instant) -> Value {
        self.meet(s);
        self.expression(s, e, t.clamp(EARLIEST, LATEST)).value
    }

    /// The rows of a set's members in order of time: of [`User::events`] for events (those until `now`), of
    /// [`Situation::contacts`] for contacts.
    pub fn rows<'e>(&'e mut self, s: &Situation<'e>, set: SetId) -> impl Iterator<Item = usize> + use<'e> {
        self.meet(s);
        self.fill(s, set);
        members::listing(&self.members, s, set).rows()
    }

    /// Notices another `now` or sequence than the last time.
    fn meet(&mut self, s: &Situation<'_>) {
        if s.now != self.now {
            self.now = s.now;
            self.begin();
        }
        if s.sequence != self.sequence {
            self.sequence = s.sequence;
            self.epochs.new_sequence();
        }
    }

    /// Works out the deep conditions below `c` from the ground up, so that no answer takes a deep recursion.
    fn land(&mut self, s: &Situation<'_>, c: ConditionId, at: Instant) {
        let below = self.landings.partition_point(|landing| *landing < c);
        for index in 0..below {
            if let Some(&landing) = self.landings.get(index) {
                self.condition(s, landing, at);
            }
        }
    }
}
