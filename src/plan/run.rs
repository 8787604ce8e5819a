//! The planning of one user: the queue of steps, and where they end up.

use hashbrown::HashSet;

use super::{
    blocks::Blocks,
    claims::Claims,
    find::Batch,
    names::Names,
    outcome::{Plan, Touch, TouchId, Withheld},
    sequence::{Asleep, Pending, Sequence},
    world::World,
};
use crate::{
    number::Number,
    program::{ContactKinds, Rule, RuleId, Trigger},
    time::Instant,
};

/// What a plan is sorted by: time, then priority, then place in the files, then the touch.
type Order = (Instant, std::cmp::Reverse<Number>, RuleId, TouchId);

/// How often one rule may come up in a plan: every day for five years is less. Without an end, `every 1 minute` would
/// fill the memory.
pub(crate) const MOST_TURNS: usize = 2_000;

/// The planning of one user.
pub(super) struct Run<'a> {
    pub(super) world: World<'a>,
    pub(super) names: &'a Names,
    pub(super) zone_name: std::sync::Arc<str>,
    /// Steps that wait for their turn, the next one last.
    pub(super) queue: Vec<Pending>,
    pub(super) claims: Claims<'a>,
    /// Repetitions and later steps that are due at an instant at which their condition does not hold, as far as is
    /// known: what is placed may yet prolong it.
    pub(super) asleep: Vec<Asleep>,
    /// The spells, of conditions that look at contacts, that had their turn; by when they began.
    pub(super) settled: HashSet<(RuleId, Instant)>,
    /// What was not found yet of rules that come up often.
    pub(super) batches: Vec<Batch>,
    /// The rules that could come up, in the order of the files. The others have nothing to say.
    rules: &'a [RuleId],
    /// How many turns each of them had.
    turns: Vec<usize>,
    /// What stands in the way of the step at hand.
    pub(super) blocks: Blocks,
    touches: Vec<(Order, Touch)>,
    withheld: Vec<(Order, Withheld)>,
}

impl<'a> Run<'a> {
    pub(super) fn new(
        world: World<'a>,
        rules: &'a [RuleId],
        names: &'a Names,
        zone_name: std::sync::Arc<str>,
    ) -> Self {
        Self {
            claims: Claims::new(world.history()),
            world,
            names,
            zone_name,
            queue: Vec::new(),
            asleep: Vec::new(),
            settled: HashSet::new(),
            batches: Vec::new(),
            rules,
            turns: Vec::new(),
            blocks: Blocks::default(),
            touches: Vec::new(),
            withheld: Vec::new(),
        }
    }

    /// Finds what is due, places it, and tells.
    pub(super) fn finish(mut self) -> Plan {
        let program = self.world.program;
        for id in self.rules {
            if let Some(rule) = program.rules.get(id.index()) {
                self.find(*id, rule);
            }
        }
        while let Some(pending) = self.queue.pop() {
            self.take_turn(pending);
            if let Some((at, kinds)) = self.world.take_news() {
                self.find_again(at, kinds);
            }
        }
        self.touches.sort_unstable_by_key(|(order, _)| *order);
        self.withheld.sort_unstable_by_key(|(order, _)| *order);
        Plan {
            user: self.world.user.id.clone(),
            zone: self.zone_name,
            now: self.world.now,
            end: self.world.end,
            touches: self.touches.into_iter().map(|(_, touch)| touch).collect(),
            withheld: self.withheld.into_iter().map(|(_, withheld)| withheld).collect(),
        }
    }

    fn take_turn(&mut self, mut pending: Pending) {
        let Some(rule) = self.world.program.rules.get(pending.sequence.rule.index()) else { return };
        if pending.step == 0 && !self.batches.is_empty() && self.may_have_turns(pending.sequence.rule) {
            self.find_more(pending.sequence.rule, rule, &pending.sequence.key);
        }
        if pending.step == 0
            && pending.sequence.last_sent.is_none()
            && self.is_put_off(rule, &mut pending.sequence)
        {
            let due = pending.sequence.due;
            return self.follow(pending.sequence, 0, due);
        }
        if pending.sequence.last_sent.is_none() && self.looks_at_contacts(rule.condition) {
            let Pending { sequence, step, from, due, .. } = &mut pending;
            let is_first = *step == 0 && sequence.repetition == 0;
            if is_first && matches!(rule.trigger, Trigger::Condition) {
                // Found anew after each touch, and so as it is now.
                self.settled.insert((sequence.rule, sequence.moment));
            } else if let Some(end) = self.ends(rule, sequence, *step, *due) {
                sequence.ends = end;
            } else {
                let (step, from) = (*step, *from);
                return self.sleep(rule, pending.sequence, step, from);
            }
        }
        let is_long_past = self.is_long_past(rule, &pending.sequence);
        if !is_long_past && !self.has_turn(rule, &pending) {
            return;
        }
        let outcome = self.settle(rule, &mut pending, is_long_past);
        self.go_on(pending, outcome);
    }

    /// Counts a turn of the rule. The first one too many is told, and stands for all that would follow.
    fn has_turn(&mut self, rule: &Rule, pending: &Pending) -> bool {
        let Some(turns) = self.turns_of(pending.sequence.rule) else { return false };
        *turns = turns.saturating_add(1);
        let turns = *turns;
        if turns == MOST_TURNS + 1 {
            self.leave_out(rule, pending);
        }
        turns <= MOST_TURNS
    }

    /// Whether the rule had no more turns than it may.
    fn may_have_turns(&mut self, rule: RuleId) -> bool {
        self.turns_of(rule).is_some_and(|turns| *turns <= MOST_TURNS)
    }

    fn turns_of(&mut self, rule: RuleId) -> Option<&mut usize> {
        // Most users come by no turn at all, and need no counts.
        self.turns.resize(self.rules.len(), 0);
        let index = self.rules.binary_search(&rule).ok()?;
        self.turns.get_mut(index)
    }

    /// After touches of some kinds were placed, the first of which goes at an instant: finds anew what is due by conditions
    /// that look at such contacts. Spells that ended before are what they were.
    fn find_again(&mut self, at: Instant, kinds: ContactKinds) {
        let program = self.world.program;
        for &id in self.rules {
            let Some(rule) = program.rules.get(id.index()) else { continue };
            let asks = rule.condition.map(|id| program.arena.condition_needs(id).kinds);
            let concerns = asks.is_some_and(|asks| asks.meet(kinds));
            if !matches!(rule.trigger, Trigger::Condition) || !concerns {
                continue;
            }
            let may_change = |pending: &mut Pending| {
                let Sequence { rule, repetition, last_sent, ends, .. } = &pending.sequence;
                let is_first = pending.step == 0 && *repetition == 0 && last_sent.is_none();
                is_first && *rule == id && *ends >= at
            };
            let before: Vec<Pending> = self.queue.extract_if(.., may_change).collect();
            self.find_spells(id, rule, Some(at));
            // Spells that are over are not looked for again, and stay as they are; unless what was placed prolonged one.
            for pending in before.into_iter().filter(|pending| pending.sequence.ends <= self.world.now) {
                let (key, rank) = (&pending.sequence.key, pending.rank());
                if !self.queue.iter().any(|other| other.sequence.rule == id && other.sequence.key == *key) {
                    let place = self.queue.partition_point(|other| other.rank() > rank);
                    self.queue.insert(place, pending);
                }
            }
        }
        let may_wake = |asleep: &mut Asleep| at <= asleep.asked;
        for asleep in self.asleep.extract_if(.., may_wake).collect::<Vec<_>>() {
            self.wake(asleep);
        }
        self.ask_priorities_again();
    }

    /// Priorities that look at contacts see what was placed.
    fn ask_priorities_again(&mut self) {
        let program = self.world.program;
        let rule = |id: RuleId| {
            let looks = |rule: &&Rule| {
                rule.priority.is_some_and(|priority| program.arena.expression_needs(priority).contacts)
            };
            program.rules.get(id.index()).filter(looks)
        };
        if !self.rules.iter().any(|id| rule(*id).is_some()) {
            return;
        }
        let mut queue = std::mem::take(&mut self.queue);
        for pending in &mut queue {
            if let Some(rule) = rule(pending.sequence.rule) {
                pending.priority = self.priority(rule, pending.due);
            }
        }
        queue.sort_by_key(|pending| std::cmp::Reverse(pending.rank()));
        self.queue = queue;
    }

    pub(super) fn schedule(&mut self, rule: RuleId, touch: Touch) {
        let order = (touch.at, std::cmp::Reverse(touch.candidate.priority), rule, touch.candidate.id);
        self.touches.push((order, touch));
    }

    pub(super) fn withhold(&mut self, rule: RuleId, withheld: Withheld) {
        let candidate = &withheld.candidate;
        let order = (candidate.due, std::cmp::Reverse(candidate.priority), rule, candidate.id);
        self.withheld.push((order, withheld));
    }
}
