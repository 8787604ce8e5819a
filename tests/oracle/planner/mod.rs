//! A slow planner, written from `docs/semantics.md` alone.
//!
//! It finds occurrences by walking, looks at every step of every occurrence in each round, takes the one whose turn it
//! is, and tries instant after instant until every constraint agrees.

mod carried;
mod history;
mod hours;
mod limits;
mod occurrences;
mod place;
mod recurrences;
mod sequence;

use std::{
    cell::RefCell,
    cmp::Reverse,
    collections::{HashMap, HashSet},
};

use courtesy::{
    number::Number,
    program::{ChannelId, Program, RuleId, Trigger},
    snapshot::{PastContact, User},
    time::Instant,
};

use crate::world::World;
use occurrences::{Occurrence, occurrences};
use sequence::{Pending, Target};

/// Why a step is withheld in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Closing {
    /// The condition ended first.
    Condition,
    /// The deadline came first.
    Deadline,
    /// What `unless` names was the case first.
    Unless,
    /// It could not go when it was due.
    Dropped,
    /// An earlier step was withheld.
    Stopped,
    /// It can only go after the horizon.
    Horizon,
    HoldOut,
    NoVariant,
    /// Something stands in its way for good.
    Blocked,
    /// The condition did not hold when the rule was due.
    NoOccurrence,
    /// The rule had as many turns as it may before.
    TooMany,
}

/// How one touch of a step came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    Sent(Instant),
    Withheld(Closing),
}

/// A line of a plan: a touch, or something withheld.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    pub rule: String,
    pub step: usize,
    pub occurrence: String,
    pub message: String,
    pub id: u128,
    pub due: Instant,
    pub priority: Number,
    pub outcome: Outcome,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    Touch { at: Instant, channel: String, language: Option<String>, with: Vec<(String, String)> },
    Withheld { closings: Vec<Closing>, could_go_at: Option<Instant> },
}

/// What identifies a touch within a plan: rule, occurrence with its repetition, step, and which of its channels.
type TouchKey = (RuleId, String, usize, usize);

pub struct Planner<'a> {
    world: World<'a>,
    end: Instant,
    settled: HashMap<TouchKey, Settled>,
    /// Occurrences of which something was settled or sent: they are followed even if their spell is no more.
    begun: Vec<Occurrence>,
    /// Those of rules that do not look at contacts stay as they are.
    found: HashMap<RuleId, Vec<Occurrence>>,
    /// Sequences whose later steps were told of as stopped.
    stopped: HashSet<(RuleId, String)>,
    /// How many turns each rule had.
    turns: HashMap<RuleId, usize>,
    /// The touches that occurrences can have made, where that was asked.
    touches: RefCell<HashMap<(RuleId, String), HashSet<u128>>>,
    /// What waits for its turn, by rule, in the order of turns, as long as nothing can have changed it.
    waiting: HashMap<RuleId, Vec<Pending>>,
    lines: Vec<Line>,
}

/// How many turns a rule has in a plan (7.5).
const MOST_TURNS: usize = 2_000;

/// The plan of a user; a stretch of time may be walked minute by minute instead of from change to change.
pub fn plan(
    program: &Program,
    user: &User,
    (now, end): (Instant, Instant),
    every_minute: Option<(Instant, Instant)>,
) -> Vec<Line> {
    let mut world = World::new(program, user, now);
    world.every_minute = every_minute;
    let mut planner = Planner {
        world,
        end,
        settled: HashMap::new(),
        begun: Vec::new(),
        found: HashMap::new(),
        stopped: HashSet::new(),
        turns: HashMap::new(),
        touches: RefCell::default(),
        waiting: HashMap::new(),
        lines: Vec::new(),
    };
    while let Some(pending) = planner.next() {
        planner.settle(&pending);
        planner.forget(&pending);
    }
    planner.lines.sort();
    planner.lines
}

/// Whether anything that a rule asks looks at contacts.
fn looks_at_contacts(program: &Program, rule: RuleId) -> bool {
    let rule = &program.rules[rule.index()];
    let conditions = rule.condition.into_iter().chain(rule.steps.iter().filter_map(|step| step.unless));
    let arena = &program.arena;
    conditions.into_iter().any(|one| arena.condition_needs(one).contacts)
        || rule.priority.is_some_and(|priority| arena.expression_needs(priority).contacts)
}

impl Planner<'_> {
    fn rules(&self) -> impl Iterator<Item = RuleId> + use<> {
        let on: Vec<RuleId> = (0..self.world.program.rules.len())
            .filter(|index| !self.world.program.rules[*index].is_off)
            .map(RuleId::from)
            .filter(|rule| self.turns.get(rule).is_none_or(|turns| *turns <= MOST_TURNS))
            .collect();
        on.into_iter()
    }

    /// The step whose turn it is.
    fn next(&mut self) -> Option<Pending> {
        for rule in self.rules() {
            if !self.waiting.contains_key(&rule) {
                let waiting = self.wait(rule);
                self.waiting.insert(rule, waiting);
            }
        }
        let first = self.rules().filter_map(|rule| self.waiting[&rule].first());
        first.min_by_key(|one| self.turn(one)).cloned()
    }

    /// What decides whose turn it is (7.1).
    fn turn(&self, one: &Pending) -> impl Ord + use<> {
        let rule = one.occurrence.rule;
        let free = Reverse(self.world.program.rules[rule.index()].ignores_caps);
        (free, Reverse(one.priority), one.due, rule, one.occurrence.moment, one.turn, one.step)
    }

    /// Forgets what a step that was settled may have changed: its own sequence goes on, and what looks at contacts may
    /// see another one.
    fn forget(&mut self, settled: &Pending) {
        let (program, rule) = (self.world.program, settled.occurrence.rule);
        self.waiting.retain(|other, _| !looks_at_contacts(program, *other));
        if program.rules[rule.index()].again.is_some() {
            // Repetitions of one spell are put off by contacts of another.
            self.waiting.remove(&rule);
        }
        let Some(mut waiting) = self.waiting.remove(&rule) else { return };
        waiting.remove(0);
        if let Some(one) = self.follow(&settled.occurrence, settled.next_moment) {
            let place = waiting.partition_point(|other| self.turn(other) <= self.turn(&one));
            waiting.insert(place, one);
        }
        self.waiting.insert(rule, waiting);
    }

    /// The steps of a rule that wait for their turn.
    fn wait(&mut self, rule: RuleId) -> Vec<Pending> {
        let all = self.occurrences(rule);
        // What is no more, for something placed has joined two spells or moved one, is the next of none.
        let by_spell = matches!(self.world.program.rules[rule.index()].trigger, Trigger::Condition);
        let exists = |one: &&Occurrence| one.spell.is_some() || !by_spell;
        let moments: Vec<Instant> = all.iter().filter(exists).map(|one| one.moment).collect();
        let mut waiting = Vec::new();
        for occurrence in all {
            let next = moments.partition_point(|moment| *moment <= occurrence.moment);
            waiting.extend(self.follow(&occurrence, moments.get(next).copied()));
        }
        waiting.sort_by_key(|one| self.turn(one));
        waiting
    }

    fn occurrences(&mut self, rule: RuleId) -> Vec<Occurrence> {
        let declared = &self.world.program.rules[rule.index()];
        let needs = declared.condition.map(|condition| self.world.program.arena.condition_needs(condition));
        if let Some(found) = self.found.get(&rule) {
            return found.clone();
        }
        let mut found = occurrences(&self.world, rule, self.end);
        found.retain(|one| !self.is_long_past(one) && (!self.is_over(one) || self.has_begun(one)));
        if needs.is_none_or(|needs| !needs.contacts) {
            self.found.insert(rule, found.clone());
        }
        for known in self.begun.iter().filter(|known| known.rule == rule) {
            if found.iter().all(|one| one.key != known.key) {
                found.push(Occurrence { spell: None, ..known.clone() });
            }
        }
        found.sort_by_key(|one| one.moment);
        found
    }

    fn has_begun(&self, occurrence: &Occurrence) -> bool {
        self.begun.iter().any(|one| (one.rule, &one.key) == (occurrence.rule, &occurrence.key))
    }

    /// What begins is followed to its end, where what is placed might make another occurrence of it (7.1).
    fn begin(&mut self, occurrence: &Occurrence) {
        if !self.found.contains_key(&occurrence.rule) && !self.has_begun(occurrence) {
            self.begun.push(occurrence.clone());
        }
    }

    /// The priority of a step, asked when it is due.
    fn priority(&self, rule: RuleId, due: Instant) -> Number {
        let declared = self.world.program.rules[rule.index()].priority;
        match declared.map(|priority| self.world.value(priority, due)) {
            Some(courtesy::snapshot::Value::Number(number)) => number,
            _ => Number::from_millionths(50_000_000),
        }
    }

    /// What a touch would be as a contact.
    fn contact(&self, pending: &Pending, target: &Target, channel: ChannelId, at: Instant) -> PastContact {
        let message = pending.message.unwrap();
        PastContact {
            at,
            channel: Some(channel),
            message: Some(message),
            categories: self.world.program.messages[message.index()].categories.iter().copied().collect(),
            rule: Some(pending.occurrence.rule),
            touch_id: Some(target.id),
        }
    }
}
