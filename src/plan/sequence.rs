//! A sequence of steps that began, or may begin, with one occurrence of a rule.

use super::{run::Run, search::EPOCH, times, touch_id::touch_id};
use crate::{
    number::Number,
    program::{ChannelId, ConditionId, Rule, RuleId, Step, Trigger, ViaChoice},
    snapshot::{PastContact, Value},
    syntax::ast::IfBlocked,
    time::{Instant, Period, Unit},
};

/// A sequence of steps that began, or may begin, with one occurrence of a rule.
#[derive(Debug, Clone)]
pub(super) struct Sequence {
    pub(super) rule: RuleId,
    /// What identifies the occurrence, without the number of the repetition.
    pub(super) key: String,
    /// The occurrence's instant.
    pub(super) moment: Instant,
    /// The instant of the rule's next occurrence, which takes the contacts from there on.
    pub(super) next_moment: Instant,
    /// When the rule is due by this occurrence and repetition, before the first step's own words.
    pub(super) due: Instant,
    /// When the condition ends; for rules by events and dates known once the first step was looked at.
    pub(super) ends: Instant,
    /// Which repetition it is; 0 is the first time.
    pub(super) repetition: u32,
    /// What repetitions are counted from, and how many periods after it this one is.
    pub(super) reference: (Instant, i64),
    /// The last contact of the repetition before that sent something, from which the reference was found.
    pub(super) sent_before: Option<Instant>,
    /// When its first step went, or was due if it was withheld.
    pub(super) began: Option<Instant>,
    /// The last contact of this repetition.
    pub(super) last_sent: Option<Instant>,
}

/// A step that waits for its turn.
#[derive(Debug)]
pub(super) struct Pending {
    pub(super) sequence: Sequence,
    pub(super) step: usize,
    /// What the step counts from.
    pub(super) from: Instant,
    pub(super) due: Instant,
    pub(super) priority: Number,
    /// Whether caps and gaps say nothing to it: then others must make room for it, so it comes first.
    pub(super) is_free: bool,
}

/// A step that is due at an instant at which its condition does not hold, as far as is known.
#[derive(Debug)]
pub(super) struct Asleep {
    pub(super) sequence: Sequence,
    pub(super) step: usize,
    /// What the step counts from.
    pub(super) from: Instant,
    /// When its condition must hold. What is placed later changes nothing then.
    pub(super) asked: Instant,
}

/// What decides whose turn it is.
pub(super) type Rank =
    (std::cmp::Reverse<bool>, std::cmp::Reverse<Number>, Instant, RuleId, Instant, u32, usize);

impl Pending {
    pub(super) fn rank(&self) -> Rank {
        let Sequence { rule, moment, repetition, .. } = self.sequence;
        let free = std::cmp::Reverse(self.is_free);
        (free, std::cmp::Reverse(self.priority), self.due, rule, moment, repetition, self.step)
    }
}

impl Sequence {
    pub(super) fn new(rule: RuleId, key: String, moment: Instant, due: Instant, ends: Instant) -> Self {
        Self {
            rule,
            key,
            moment,
            next_moment: Instant::MAX,
            due,
            ends,
            repetition: 0,
            reference: (due, 0),
            sent_before: None,
            began: None,
            last_sent: None,
        }
    }

    /// What identifies the occurrence and the repetition.
    pub(super) fn full_key(&self) -> String {
        self.key_of(self.repetition)
    }

    /// What identifies the occurrence and a repetition.
    pub(super) fn key_of(&self, repetition: u32) -> String {
        match repetition {
            0 => self.key.clone(),
            n => format!("{}/{n}", self.key),
        }
    }

    /// Where `unless` starts to count what has no window of its own.
    pub(super) fn since(&self, rule: &Rule) -> Instant {
        match rule.trigger {
            Trigger::Condition => {
                self.began.unwrap_or(if self.repetition == 0 { self.moment } else { self.due })
            }
            Trigger::Event(_) | Trigger::Dates(_) => self.moment,
        }
    }
}

/// How a step ended, for what comes after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It went.
    Sent(Instant),
    /// It did not, and the sequence goes on.
    Withheld,
    /// It waits until after the horizon, so that nothing more is known.
    Waits,
    /// The condition ended before the sequence began.
    Ends,
    /// It was the first of a rule that may begin so many times, and did not begin: the steps after it say nothing.
    Skips,
    /// It did not, and the rule says that the sequence then ends.
    Stops,
}

impl Outcome {
    /// What follows a step that uses several channels: it went if it did over any.
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Sent(one), Self::Sent(two)) => Self::Sent(one.max(two)),
            (Self::Waits, _) | (_, Self::Waits) => Self::Waits,
            (Self::Sent(at), _) | (_, Self::Sent(at)) => Self::Sent(at),
            (Self::Ends, _) | (_, Self::Ends) => Self::Ends,
            (Self::Stops, _) | (_, Self::Stops) => Self::Stops,
            (Self::Skips, _) | (_, Self::Skips) => Self::Skips,
            (Self::Withheld, Self::Withheld) => Self::Withheld,
        }
    }
}

/// Roughly how long a step may take that goes when due or not at all, for hours to open.
const DROP_PATIENCE: Period = Period::new(1, Unit::Year);

impl Run<'_> {
    /// When a step is due that counts from `from`.
    pub(super) fn due(&self, step: &Step, from: Instant) -> Instant {
        let zone = self.world.zone();
        let due = step.delay.map_or(from, |delay| zone.add(from, delay));
        step.at.map_or(due, |at| zone.next_at_time(due, at))
    }

    /// An instant after which no step of an occurrence can go if none has gone before; [`Instant::MAX`] if there is
    /// no such instant.
    pub(super) fn last_chance(&self, rule: &Rule, due: Instant) -> Instant {
        let zone = self.world.zone();
        let patience = match (rule.deadline, rule.if_blocked) {
            (Some(deadline), _) => deadline,
            (None, IfBlocked::Drop) => DROP_PATIENCE,
            (None, _) => return Instant::MAX,
        };
        rule.steps.iter().fold(due, |at, step| zone.add(self.due(step, at), patience))
    }

    /// Follows the sequence from a step that counts from `from`, past what was done, to the step that waits for its
    /// turn, if any.
    pub(super) fn follow(&mut self, mut sequence: Sequence, mut index: usize, mut from: Instant) {
        let program = self.world.program;
        let Some(rule) = program.rules.get(sequence.rule.index()) else { return };
        loop {
            let Some(step) = rule.steps.get(index) else {
                if !self.repeat(rule, &mut sequence) {
                    return;
                }
                (index, from) = (0, sequence.due);
                continue;
            };
            let due = self.due(step, from);
            if let Some(at) = self.done(rule, index, due, &sequence) {
                self.settled_before(rule, &sequence);
                sequence.began.get_or_insert(at);
                sequence.last_sent = sequence.last_sent.max(Some(at));
                (index, from) = (index + 1, at);
                continue;
            }
            if due >= self.world.end {
                return;
            }
            if !self.is_due(rule, &mut sequence, index, due) {
                self.sleep(rule, sequence, index, from);
                return;
            }
            let priority = self.priority(rule, due);
            let is_free = rule.ignores_caps;
            let pending = Pending { sequence, step: index, from, due, priority, is_free };
            let rank = pending.rank();
            let place = self.queue.partition_point(|other| other.rank() > rank);
            self.queue.insert(place, pending);
            return;
        }
    }

    /// Lets a step sleep whose condition does not hold when it is due, if what is placed may yet prolong it to then.
    pub(super) fn sleep(&mut self, rule: &Rule, sequence: Sequence, step: usize, from: Instant) {
        // A repetition, or a later step; what is over by now is not prolonged.
        let may_wake = if step > 0 { sequence.ends >= self.world.now } else { sequence.repetition > 0 };
        if may_wake && self.looks_at_contacts(rule.condition) {
            let asked = match rule.steps.get(step).filter(|_| step > 0) {
                Some(step) => self.due(step, from),
                None => self.asked(rule, &sequence),
            };
            self.asleep.push(Asleep { sequence, step, from, asked });
        }
    }

    /// What follows a step that has been settled.
    pub(super) fn go_on(&mut self, pending: Pending, outcome: Outcome) {
        let Pending { mut sequence, step, due, .. } = pending;
        let from = match outcome {
            Outcome::Sent(at) => {
                sequence.last_sent = sequence.last_sent.max(Some(at));
                at
            }
            Outcome::Withheld => due,
            Outcome::Waits | Outcome::Ends => return,
            Outcome::Skips => return self.follow(sequence, usize::MAX, due),
            Outcome::Stops => {
                self.stop(&sequence, step, due);
                return self.follow(sequence, usize::MAX, due);
            }
        };
        sequence.began.get_or_insert(from);
        self.follow(sequence, step + 1, from);
    }

    /// An occurrence that began in the history is not to be found anew by a condition that looks at contacts.
    fn settled_before(&mut self, rule: &Rule, sequence: &Sequence) {
        if matches!(rule.trigger, Trigger::Condition) && self.looks_at_contacts(rule.condition) {
            self.settled.insert((sequence.rule, sequence.moment));
        }
    }

    pub(super) fn priority(&mut self, rule: &Rule, due: Instant) -> Number {
        let default = Number::from_millionths(50_000_000);
        match rule.priority.map(|priority| self.world.value(priority, due)) {
            Some(Value::Number(number)) => number,
            _ => default,
        }
    }

    /// Whether a step that was not sent is due at all: until something of a sequence has gone, its condition must
    /// hold.
    fn is_due(&mut self, rule: &Rule, sequence: &mut Sequence, index: usize, due: Instant) -> bool {
        if sequence.last_sent.is_some() {
            return true;
        }
        // A first step that a time of day puts off was due before it.
        let asked = if index == 0 { self.asked(rule, sequence) } else { due };
        if index > 0 || matches!(rule.trigger, Trigger::Condition) {
            return asked == Instant::MIN || asked < sequence.ends;
        }
        // A condition over contacts is asked at the step's turn.
        self.looks_at_contacts(rule.condition)
            || rule.condition.is_none_or(|condition| self.world.holds(condition, asked))
    }

    /// When the condition is asked whether there is an occurrence: when the first step is due, whatever the time of
    /// day it goes at.
    pub(super) fn asked(&self, rule: &Rule, sequence: &Sequence) -> Instant {
        let delay = rule.steps.first().and_then(|step| step.delay);
        delay.map_or(sequence.due, |delay| self.world.zone().add(sequence.due, delay))
    }

    /// Whether placing a touch can change the condition.
    pub(super) fn looks_at_contacts(&self, condition: Option<ConditionId>) -> bool {
        condition.is_some_and(|id| self.world.program.arena.condition_needs(id).contacts)
    }

    /// Follows a step that sleeps, if its condition has held up to when it is due by now.
    pub(super) fn wake(&mut self, mut asleep: Asleep) {
        let program = self.world.program;
        let Some(rule) = program.rules.get(asleep.sequence.rule.index()) else { return };
        match self.ends(rule, &asleep.sequence, asleep.step, asleep.asked) {
            Some(end) => {
                asleep.sequence.ends = end;
                self.follow(asleep.sequence, asleep.step, asleep.from);
            }
            None => self.asleep.push(asleep),
        }
    }

    /// When the condition ends, of a sequence in which nothing was sent, with the touches placed so far; none if it does
    /// not hold when it is asked for a step.
    pub(super) fn ends(
        &mut self,
        rule: &Rule,
        sequence: &Sequence,
        step: usize,
        due: Instant,
    ) -> Option<Instant> {
        let Some(condition) = rule.condition else { return Some(Instant::MAX) };
        let first = self.asked(rule, sequence);
        let at = if step == 0 { first } else { due };
        if matches!(rule.trigger, Trigger::Condition) {
            // What holds always has held at least since then.
            return self.same_spell(condition, sequence, at.max(EPOCH));
        }
        let end = self.world.ends(condition, first, due);
        (end > at).then_some(end)
    }

    /// When the step was done, if all of it was.
    fn done(&mut self, rule: &Rule, index: usize, due: Instant, sequence: &Sequence) -> Option<Instant> {
        let step = rule.steps.get(index)?;
        if !step.via.all {
            return self.sent(rule, (index, due), sequence, None);
        }
        let mut last = None;
        for (_, channel) in self.each_channel(step) {
            let channel = channel?;
            last = last.max(Some(self.sent(rule, (index, due), sequence, Some(channel))?));
        }
        last
    }

    /// When the touch of a step, due then, was sent, over that channel if the step uses several.
    pub(super) fn sent(
        &mut self,
        rule: &Rule,
        (index, due): (usize, Instant),
        sequence: &Sequence,
        channel: Option<ChannelId>,
    ) -> Option<Instant> {
        let step = rule.steps.get(index)?;
        let program = self.world.program;
        if !self.claims.may_have(sequence.rule) {
            return None;
        }
        let name =
            channel.and_then(|id| program.channels.get(id.index())).map(|channel| channel.name.as_str());
        let id = touch_id(&rule.name, &self.world.user.id, &sequence.full_key(), index + 1, name);
        if let Some(at) = self.claims.made(id) {
            return Some(at);
        }
        let from = if sequence.repetition == 0 { sequence.moment } else { sequence.due };
        // From the next repetition on, a contact is that one's; but there is none as long as this step can go.
        let is_over = match rule.deadline {
            Some(deadline) => self.world.zone().add(due, deadline) <= self.world.now,
            None => rule.if_blocked == IfBlocked::Drop && due < self.world.now,
        };
        let next = match (rule.again.filter(|_| is_over), sequence.last_sent) {
            (Some(again), Some(last)) => {
                self.world.zone().add(self.last_contact(sequence.rule, last, again), again)
            }
            (Some(again), None) if self.last_chance(rule, sequence.due) < Instant::MAX => {
                self.world.zone().add(sequence.due, again)
            }
            _ => Instant::MAX,
        };
        let before = if next <= from { sequence.next_moment } else { next.min(sequence.next_moment) };
        let fits = |contact: &PastContact| {
            times::sends(step, contact.message) && (channel.is_none() || contact.channel == channel)
        };
        self.claims.take(sequence.rule, id, from..before, fits)
    }

    /// The channels of a step that uses all of them, each once, though an attribute may name one that is named already.
    pub(super) fn each_channel(&self, step: &Step) -> Vec<(ViaChoice, Option<ChannelId>)> {
        let mut each: Vec<(ViaChoice, Option<ChannelId>)> = Vec::with_capacity(step.via.choices.len());
        for choice in &step.via.choices {
            let channel = self.channel(*choice);
            if each.iter().all(|(_, other)| *other != channel) {
                each.push((*choice, channel));
            }
        }
        each
    }

    /// The channel of a choice.
    pub(super) fn channel(&self, choice: ViaChoice) -> Option<ChannelId> {
        match choice {
            ViaChoice::Channel(channel) => Some(channel),
            ViaChoice::Attribute(attribute) => {
                super::reach::named(self.world.program, self.world.user, attribute)
            }
        }
    }
}
