//! The turn of a step: its life, its channels, and what comes of it.

use super::{
    blocks::{Block, OwnWords},
    language::lookup,
    outcome::{Candidate, Payload, Reason, Touch, Withheld},
    run::Run,
    search::{Ask, Found},
    sequence::{Outcome, Pending, Sequence},
    touch_id::touch_id,
    world::Probe,
};
use crate::{
    eval::bucket,
    number::Number,
    program::{ChannelId, ConditionId, MessageId, Rule, Send, Step, Trigger, ViaChoice},
    snapshot::{PastContact, Value},
    syntax::ast::IfBlocked,
    time::Instant,
};

/// Until when a step may go, and why no longer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Life {
    pub(super) limit: Instant,
    pub(super) reason: Reason,
}

/// A step at its turn.
pub(super) struct Turn<'a> {
    pub(super) rule: &'a Rule,
    pub(super) step: &'a Step,
    pub(super) pending: &'a Pending,
    pub(super) life: Life,
    /// What the first step of an `if` rule waits for to end, and where that starts to count.
    pub(super) wait: Option<(ConditionId, Instant)>,
}

impl Run<'_> {
    /// Places a step, or withholds it; of what is long past nothing is said.
    pub(super) fn settle(&mut self, rule: &Rule, pending: &mut Pending, is_long_past: bool) -> Outcome {
        let Some(step) = rule.steps.get(pending.step) else { return Outcome::Ends };
        let life = self.life(rule, step, pending);
        let waits = pending.step == 0 && matches!(rule.trigger, Trigger::Condition);
        let wait = step.unless.filter(|_| waits).map(|condition| (condition, pending.sequence.since(rule)));
        let turn = Turn { rule, step, pending, life, wait };
        // What is past says nothing. Even if the condition has ended a later step may have gone before that.
        let is_past = match life.reason {
            Reason::Unless => life.limit < self.world.now,
            _ => life.limit <= self.world.now,
        };
        let past = (is_past || is_long_past).then(|| turn.after_withheld());
        if !step.via.all {
            return past.unwrap_or_else(|| self.place(&turn, &step.via.choices, None));
        }
        let mut outcome = None;
        for (choice, channel) in self.each_channel(step) {
            let sent = channel
                .and_then(|_| self.sent(rule, (pending.step, pending.due), &pending.sequence, channel));
            let one = match (sent, past) {
                (Some(at), _) => Outcome::Sent(at),
                (None, Some(past)) => past,
                (None, None) => self.place(&turn, &[choice], channel),
            };
            outcome = Some(outcome.map_or(one, |all: Outcome| all.and(one)));
        }
        outcome.unwrap_or(Outcome::Withheld)
    }

    /// Withholds a step because its rule came up too often.
    pub(super) fn leave_out(&mut self, rule: &Rule, pending: &Pending) {
        let Some(step) = rule.steps.get(pending.step) else { return };
        let life = Life { limit: Instant::MAX, reason: Reason::TooMany };
        self.blocks.note_reason(Reason::TooMany, pending.due);
        let message = self.message(step);
        self.withheld(&Turn { rule, step, pending, life, wait: None }, message, None, None);
    }

    /// Withholds the steps after one that ended the sequence, as far as they would be due in the horizon.
    pub(super) fn stop(&mut self, sequence: &Sequence, step: usize, due: Instant) {
        let Some(rule) = self.world.program.rules.get(sequence.rule.index()) else { return };
        let sequence = sequence.clone();
        let mut pending = Pending { sequence, step, from: due, due, priority: Number::ZERO, is_free: false };
        for (index, step) in rule.steps.iter().enumerate().skip(step + 1) {
            (pending.step, pending.due) = (index, self.due(step, pending.due));
            let life = Life {
                limit: rule
                    .deadline
                    .map_or(Instant::MAX, |deadline| self.world.zone().add(pending.due, deadline)),
                reason: Reason::Deadline,
            };
            if pending.due >= self.world.end {
                return;
            }
            if life.limit <= self.world.now {
                continue;
            }
            pending.priority = self.priority(rule, pending.due);
            let turn = Turn { rule, step, pending: &pending, life, wait: None };
            let named: Vec<Option<ChannelId>> = match step.via.all {
                true => self.each_channel(step).into_iter().map(|(_, channel)| channel).collect(),
                false => vec![None],
            };
            for channel in named {
                self.blocks.note_reason(Reason::Stopped, due);
                self.withheld(&turn, self.message(step), channel, None);
            }
        }
    }

    fn life(&mut self, rule: &Rule, step: &Step, pending: &mut Pending) -> Life {
        let zone = self.world.zone();
        let due = pending.due;
        let mut life = Life { limit: Instant::MAX, reason: Reason::Deadline };
        let mut end = |limit: Instant, reason| {
            if limit < life.limit {
                life = Life { limit, reason };
            }
        };
        let is_state = matches!(rule.trigger, Trigger::Condition);
        if pending.sequence.last_sent.is_none() {
            if let Some(condition) = rule.condition.filter(|_| pending.step == 0 && !is_state) {
                // Known from here on.
                let asked = self.asked(rule, &pending.sequence);
                pending.sequence.ends = self.world.ends(condition, asked, due);
            }
            end(pending.sequence.ends, Reason::ConditionEnded);
        }
        if let Some(deadline) = rule.deadline {
            end(zone.add(due, deadline), Reason::Deadline);
        }
        if let Some(unless) = step.unless.filter(|_| pending.step > 0 || !is_state) {
            let since = Some(pending.sequence.since(rule));
            let before = life.limit.min(self.world.search_end(due));
            if let Some(at) = self.world.first_holding(unless, due, before, since) {
                life = Life { limit: at, reason: Reason::Unless };
            }
        }
        life
    }

    /// Places one touch over the first of the channels that works.
    fn place(&mut self, turn: &Turn<'_>, choices: &[ViaChoice], named: Option<ChannelId>) -> Outcome {
        let (now, due) = (self.world.now, turn.pending.due);
        let Some(message) = self.message(turn.step) else {
            self.blocks.note_reason(Reason::NoVariant, due);
            return self.withheld(turn, None, named, None);
        };
        let program = self.world.program;
        let parts = program.messages.get(message.index());
        let held_out = if parts.is_some_and(|message| message.is_service) { None } else { self.held_out() };
        let mut too_late = false;
        let mut found = None;
        let mut is_past = !choices.is_empty();
        let mut tried: Vec<ChannelId> = Vec::new();
        for choice in choices {
            let Some(channel) = self.channel(*choice) else {
                self.blocks.note_reason(Reason::NoChannel, due.max(now));
                is_past &= turn.rule.if_blocked == IfBlocked::Drop && self.first_open(turn.step, due) < now;
                continue;
            };
            if tried.contains(&channel) {
                continue;
            }
            tried.push(channel);
            let probe = Probe {
                rule: turn.pending.sequence.rule,
                channel,
                message,
                categories: parts.map_or(&[], |message| &message.categories),
                is_counted: turn.rule.is_counted,
            };
            let place = match turn.rule.if_blocked {
                IfBlocked::Drop => match self.only_chance(turn, &probe) {
                    Some(place) => place,
                    None => continue,
                },
                IfBlocked::Wait | IfBlocked::Stop => self.search(turn, &probe, due.max(now), Ask::All),
            };
            is_past = false;
            match place {
                Found::At(at) => {
                    found = Some((channel, at));
                    break;
                }
                Found::TooLate => too_late = true,
                Found::Never => {}
            }
        }
        if is_past {
            // Its only chance is over, and it says nothing.
            self.blocks.clear();
            return turn.after_withheld();
        }
        if let Some(hold_out) = held_out {
            let block = Block::new(Reason::HoldOut, hold_out, Instant::MAX);
            self.blocks.note(block, None, due.max(now));
            return self.withheld(turn, Some(message), named, None);
        }
        match found {
            Some((channel, at)) if at < self.world.end => {
                self.schedule_at(turn, message, channel, at, named);
                Outcome::Sent(at)
            }
            Some((_, at)) => {
                self.blocks.note_reason(Reason::Horizon, self.world.end);
                self.withheld(turn, Some(message), named, Some(at));
                Outcome::Waits
            }
            None => {
                if too_late {
                    self.blocks.note_reason(turn.life.reason, turn.life.limit);
                }
                let ended = too_late && turn.life.reason == Reason::ConditionEnded;
                let outcome = self.withheld(turn, Some(message), named, None);
                if ended { Outcome::Ends } else { outcome }
            }
        }
    }

    fn candidate(
        &self,
        turn: &Turn<'_>,
        message: Option<MessageId>,
        channel: Option<ChannelId>,
    ) -> Candidate {
        let Pending { sequence, step, due, priority, .. } = turn.pending;
        let occurrence = sequence.full_key();
        let user = self.world.user.id.clone();
        let channel = channel.map(|id| self.names.channel(id));
        let limit = turn.rule.deadline.map(|deadline| self.world.zone().add(*due, deadline));
        Candidate {
            id: touch_id(&turn.rule.name, &user, &occurrence, step + 1, channel.as_deref()),
            user,
            zone: self.zone_name.clone(),
            rule: self.names.rule(sequence.rule),
            step: u32::try_from(step + 1).unwrap_or(u32::MAX),
            occurrence,
            message: message.map_or_else(|| self.names.none(), |id| self.names.message(id)),
            priority: *priority,
            due: *due,
            deadline: limit,
        }
    }

    fn withheld(
        &mut self,
        turn: &Turn<'_>,
        message: Option<MessageId>,
        channel: Option<ChannelId>,
        could_go_at: Option<Instant>,
    ) -> Outcome {
        let candidate = self.candidate(turn, message, channel);
        let own = OwnWords { step: turn.step, rule: turn.rule };
        let reasons = self.blocks.explain(&self.world, self.names, &own);
        if !reasons.is_empty() {
            self.withhold(turn.pending.sequence.rule, Withheld { candidate, reasons, could_go_at });
        }
        turn.after_withheld()
    }

    fn schedule_at(
        &mut self,
        turn: &Turn<'_>,
        message: MessageId,
        channel: ChannelId,
        at: Instant,
        named: Option<ChannelId>,
    ) {
        let candidate = self.candidate(turn, Some(message), named);
        let own = OwnWords { step: turn.step, rule: turn.rule };
        let moved_by = self.blocks.explain(&self.world, self.names, &own);
        let categories = self
            .world
            .program
            .messages
            .get(message.index())
            .map_or_else(Vec::new, |message| message.categories.clone());
        let rule = turn.pending.sequence.rule;
        let with = turn.step.payload.iter().enumerate().map(|(index, (_, value))| {
            let key = self.names.key(rule, turn.pending.step, index);
            let value = self.world.value(*value, at);
            (key, self.payload(value))
        });
        let with = with.collect();
        let touch = Touch {
            channel: self.names.channel(channel),
            at,
            local: self.world.zone().civil(at),
            language: lookup(self.names.languages(message), self.world.user.locale.as_deref()),
            categories: categories.iter().map(|id| self.names.category(*id)).collect(),
            with,
            moved_by,
            candidate,
        };
        self.world.place(PastContact {
            at,
            channel: Some(channel),
            message: Some(message),
            categories: categories.iter().copied().collect(),
            rule: Some(rule),
            touch_id: Some(touch.candidate.id.0),
        });
        self.schedule(rule, touch);
    }

    fn payload(&self, value: Value) -> Payload {
        let (user, program) = (self.world.user, self.world.program);
        // A text may be as large as data is, and a touch is one of many.
        let text = |symbol| user.shared_text(program, symbol);
        match value {
            Value::Missing => Payload::Missing,
            Value::Number(number) => Payload::Number(number),
            Value::Text(symbol) => Payload::Text(text(symbol)),
            Value::Date(date) => Payload::Date(date),
            Value::Instant(at) => Payload::Instant(at),
            Value::YesNo(yes) => Payload::YesNo(yes),
            Value::List(start, count) => {
                Payload::List(user.list(start, count).iter().map(|symbol| text(*symbol)).collect())
            }
        }
    }

    /// The step's message for this user.
    fn message(&self, step: &Step) -> Option<MessageId> {
        match &step.send {
            Send::Message(message) => Some(*message),
            Send::OneOf { salt, variants } => {
                let salt = self.world.program.arena.text(*salt)?;
                let bucket = bucket(salt, &self.world.user.id);
                variants.iter().find(|variant| bucket < variant.below).map(|variant| variant.message)
            }
        }
    }

    /// The first holdout that the user is in.
    fn held_out(&self) -> Option<usize> {
        let program = self.world.program;
        program.hold_outs.iter().position(|hold_out| {
            let salt = program.arena.text(hold_out.salt);
            salt.is_some_and(|salt| bucket(salt, &self.world.user.id) < hold_out.below)
        })
    }
}

impl Turn<'_> {
    /// What follows when the step is withheld.
    fn after_withheld(&self) -> Outcome {
        // A rule that may begin so many times begins with its first step.
        let never_began = self.pending.step == 0 && self.rule.times.is_some();
        match self.rule.if_blocked {
            _ if never_began => Outcome::Skips,
            IfBlocked::Stop => Outcome::Stops,
            IfBlocked::Wait | IfBlocked::Drop => Outcome::Withheld,
        }
    }
}
