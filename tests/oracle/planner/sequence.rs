//! The steps of an occurrence, one after another, and its repetitions (5.2, section 6).

use courtesy::{
    number::Number,
    program::{ChannelId, MessageId, Rule, Send, Trigger, ViaChoice},
    snapshot::Value,
    syntax::ast::IfBlocked,
    time::{Instant, Period, Unit},
};

use super::{
    Closing, Line, MOST_TURNS, Outcome, Planner, Settled, history::touch_id, occurrences::Occurrence,
    place::Life,
};

/// A step that waits for its turn.
#[derive(Clone, Debug)]
pub struct Pending {
    pub occurrence: Occurrence,
    /// The moment of the rule's next occurrence.
    pub next_moment: Option<Instant>,
    /// The key with the number of the repetition.
    pub key: String,
    pub turn: u32,
    pub step: usize,
    /// Its touches that are still to be made: several if it uses all of its channels.
    pub targets: Vec<Target>,
    pub message: Option<MessageId>,
    /// When the condition is asked whether there is an occurrence at all.
    pub asked: Instant,
    pub due: Instant,
    pub priority: Number,
    pub life: Life,
    /// By what it is past, if it is: then it has its turn and says nothing.
    pub past: Option<Closing>,
}

/// One touch of a step.
#[derive(Clone, Debug)]
pub struct Target {
    pub number: usize,
    /// The channels it may go over, in order; none for an attribute that names none.
    pub channels: Vec<Option<ChannelId>>,
    pub id: u128,
}

/// The messages that a step may carry.
pub fn messages(send: &Send) -> Vec<MessageId> {
    match send {
        Send::Message(message) => vec![*message],
        Send::OneOf { variants, .. } => variants.iter().map(|variant| variant.message).collect(),
    }
}

/// Of how many repetitions that are over a contact is known by its id (6.7).
const MOST_KNOWN: u32 = 10_000;

impl Planner<'_> {
    fn rule(&self, occurrence: &Occurrence) -> &'_ Rule {
        &self.world.program.rules[occurrence.rule.index()]
    }

    /// When a step is due that counts from an instant: before its time of day is looked for, and after.
    fn due(&self, rule: &Rule, step: usize, from: Instant) -> (Instant, Instant) {
        let step = &rule.steps[step];
        let due = step.delay.map_or(from, |delay| self.world.clock.add(from, delay));
        (due, step.at.map_or(due, |at| self.world.clock.next_at(due, at)))
    }

    /// The message of a step for this user; none if the bucket falls outside all variants.
    fn message(&self, send: &Send) -> Option<MessageId> {
        match send {
            Send::Message(message) => Some(*message),
            Send::OneOf { salt, variants } => {
                let bucket = self.world.bucket(self.world.program.arena.text(*salt).unwrap());
                variants.iter().find(|variant| bucket < variant.below).map(|variant| variant.message)
            }
        }
    }

    /// The channels of a step; none for an attribute that names none.
    fn channels(&self, rule: &Rule, step: usize) -> Vec<Option<ChannelId>> {
        let choices = rule.steps[step].via.choices.iter();
        choices
            .map(|choice| match choice {
                ViaChoice::Channel(channel) => Some(*channel),
                ViaChoice::Attribute(attribute) => match self.world.user.attribute(*attribute) {
                    Value::Text(name) => {
                        let name = self.world.user.text(self.world.program, name);
                        let channels = &self.world.program.channels;
                        channels.iter().position(|channel| channel.name == name).map(ChannelId::from)
                    }
                    _ => None,
                },
            })
            .collect()
    }

    /// The touches of a step.
    pub fn targets(&self, occurrence: &Occurrence, key: &str, step: usize) -> Vec<Target> {
        let rule = self.rule(occurrence);
        let channels = self.channels(rule, step);
        let id = |channel| touch_id(&rule.name, &self.world.user.id, key, step + 1, channel);
        if !rule.steps[step].via.all {
            return vec![Target { number: 0, channels, id: id(None) }];
        }
        // A channel that is named twice is used once.
        let once =
            channels.iter().enumerate().filter(|(index, channel)| !channels[..*index].contains(channel));
        once.map(|(number, channel)| (number, *channel))
            .map(|(number, channel)| {
                let name = channel.map(|channel| self.world.program.channels[channel.index()].name.as_str());
                Target { number, channels: vec![channel], id: id(name) }
            })
            .collect()
    }

    /// Whether no step of an occurrence by events or dates could go any more, had each gone at the end of its life.
    pub fn is_long_past(&self, occurrence: &Occurrence) -> bool {
        let rule = self.rule(occurrence);
        let base =
            rule.delay.map_or(occurrence.moment, |delay| self.world.clock.add(occurrence.moment, delay));
        !matches!(rule.trigger, Trigger::Condition) && self.is_over_by_now(rule, base)
    }

    /// Whether no step of a sequence that is due at an instant could go any more, had each gone at the end of its life.
    fn is_over_by_now(&self, rule: &Rule, base: Instant) -> bool {
        let deadline = match (rule.deadline, rule.if_blocked) {
            (Some(deadline), _) => deadline,
            (None, IfBlocked::Drop) => Period::new(1, Unit::Year),
            (None, _) => return false,
        };
        let steps = 0..rule.steps.len();
        let last = steps.fold(base, |at, step| self.world.clock.add(self.due(rule, step, at).1, deadline));
        last <= self.world.now
    }

    /// The step of the occurrence that waits for its turn, if any.
    pub fn follow(&mut self, occurrence: &Occurrence, next_moment: Option<Instant>) -> Option<Pending> {
        let rule = self.world.program.rules[occurrence.rule.index()].clone();
        let mut base =
            rule.delay.map_or(occurrence.moment, |delay| self.world.clock.add(occurrence.moment, delay));
        let mut used = Vec::new();
        let mut moment = occurrence.moment;
        // What repetitions count from, and how many periods after it the present turn is.
        let mut reference = (base, 0_u32);
        let mut is_over_spell = false;
        for turn in 0.. {
            let key = if turn == 0 { occurrence.key.clone() } else { format!("{}/{turn}", occurrence.key) };
            let (asked, first_due) = self.due(&rule, 0, base);
            let mut from = base;
            // When the first step went, or was due; and the last thing that went.
            let (mut began, mut last): (Option<Instant>, Option<Instant>) = (None, None);
            let is_over = turn > 0 && self.is_over_by_now(&rule, base);
            // Nothing can come of its steps; there may be thousands of such repetitions.
            let steps =
                if is_over && self.sent_nothing(occurrence.rule) { 0..0 } else { 0..rule.steps.len() };
            for index in steps {
                let due = if index == 0 { first_due } else { self.due(&rule, index, from).1 };
                let message = self.message(&rule.steps[index].send);
                let since = began.filter(|_| matches!(rule.trigger, Trigger::Condition)).unwrap_or(moment);
                let life = self.life(occurrence, index, asked, due, last.is_some(), since);
                let past = life.as_ref().and_then(|life| self.ended(life));
                // From the next repetition on, contacts are that one's, once it is too late for this step.
                let is_late = match rule.deadline {
                    Some(deadline) => self.world.clock.add(due, deadline) <= self.world.now,
                    None => rule.if_blocked == IfBlocked::Drop && due < self.world.now,
                };
                let repeats = rule.again.filter(|_| is_late).map(|again| match last {
                    Some(last) => self.world.clock.add(self.put_off(occurrence, last, again), again),
                    None => self.after(reference, again),
                });
                let before = repeats.filter(|next| *next > moment).into_iter().chain(next_moment).min();
                let (mut sent, mut closings, mut targets) = (Vec::new(), Vec::new(), Vec::new());
                for target in self.targets(occurrence, &key, index) {
                    // Nothing was made over no channel.
                    let all = rule.steps[index].via.all;
                    let channel = target.channels[0].filter(|_| all);
                    let is_known = (!all || channel.is_some()) && (!is_over || turn <= MOST_KNOWN);
                    let made = self.made(target.id).filter(|_| is_known).or_else(|| {
                        let messages = messages(&rule.steps[index].send);
                        (!all || channel.is_some()).then(|| {
                            self.counts(occurrence, (moment, before), &messages, channel, &mut used)
                        })?
                    });
                    if made.is_some() && matches!(rule.trigger, Trigger::Condition) {
                        self.begin(occurrence);
                    }
                    let touch = (occurrence.rule, key.clone(), index, target.number);
                    match made.map(Settled::Sent).or_else(|| self.settled.get(&touch).copied()) {
                        Some(Settled::Sent(at)) => sent.push(at),
                        Some(Settled::Withheld(closing)) => closings.push(closing),
                        None => targets.push(target),
                    }
                }
                let asks =
                    rule.condition.filter(|_| index == 0 && !matches!(rule.trigger, Trigger::Condition));
                // What has gone did so because it held; its own contact may have ended it.
                if sent.is_empty()
                    && past == Some(Closing::Condition)
                    && asks.is_some_and(|one| !self.world.holds(one, asked, None))
                {
                    return None;
                }
                if !targets.is_empty() {
                    if due >= self.end {
                        return None;
                    }
                    let life = life?;
                    // Repetitions that are long past have no turn.
                    let dropped = (rule.if_blocked == IfBlocked::Drop).then_some(Closing::Dropped);
                    match past.or(dropped).filter(|_| is_over) {
                        Some(closing) => closings.push(closing),
                        None => {
                            let (occurrence, priority) =
                                (occurrence.clone(), self.priority(occurrence.rule, due));
                            return Some(Pending {
                                occurrence,
                                next_moment,
                                key,
                                turn,
                                step: index,
                                targets,
                                message,
                                asked,
                                due,
                                priority,
                                life,
                                past,
                            });
                        }
                    }
                }
                if closings.contains(&Closing::Horizon) || closings.contains(&Closing::NoOccurrence) {
                    return None;
                }
                let went = sent.iter().copied().max();
                if went.is_none()
                    && past.is_none()
                    && last.is_none()
                    && closings.contains(&Closing::Condition)
                {
                    return None;
                }
                last = last.max(went);
                from = went.unwrap_or(due);
                began = began.or(Some(from));
                if went.is_none() {
                    if index == 0 && rule.times.is_some() {
                        break;
                    }
                    if rule.if_blocked == IfBlocked::Stop {
                        self.stop(occurrence, &key, index, due, &rule);
                        break;
                    }
                }
            }
            // Repetitions.
            let again = rule.again?;
            let spell = occurrence.spell?;
            reference = match last {
                Some(last) => (self.put_off(occurrence, last, again), 1),
                None if rule.deadline.is_none() && rule.if_blocked != IfBlocked::Drop => return None,
                None => (reference.0, reference.1 + 1),
            };
            let next = self.after((reference.0, reference.1 - 1), again);
            // A contact of this repetition may itself have put it off, to when the next one is due.
            let is_later = if last.is_some() { next >= base } else { next > base };
            // One that begins when its spell is over has no life, unless it has made a contact already, which may itself have
            // ended the spell.
            if next >= self.end || !is_later || is_over_spell && last.is_none() {
                return None;
            }
            is_over_spell = spell.end.is_some_and(|end| end <= next);
            (base, moment) = (next, next);
        }
        None
    }

    /// The next repetition after one that is so many periods after its reference.
    fn after(&self, (reference, count): (Instant, u32), again: courtesy::time::Period) -> Instant {
        self.world.clock.step(reference, i64::from(again.count) * i64::from(count + 1), again.unit)
    }

    /// The last of the contacts of the rule that follow one another less than a period apart.
    fn put_off(&self, occurrence: &Occurrence, mut last: Instant, again: courtesy::time::Period) -> Instant {
        for at in self.contacts_of(occurrence, last) {
            if at < self.world.clock.add(last, again) {
                last = at;
            }
        }
        last
    }

    /// The life of a step; none if it is not due, because nothing has gone and the condition does not hold then.
    fn life(
        &self,
        occurrence: &Occurrence,
        step: usize,
        asked: Instant,
        due: Instant,
        gone: bool,
        began: Instant,
    ) -> Option<Life> {
        let rule = self.rule(occurrence);
        let by_spell = matches!(rule.trigger, Trigger::Condition);
        let deadline = rule.deadline.map(|deadline| self.world.clock.add(due, deadline));
        let mut condition = None;
        if let Some(asks) = rule.condition.filter(|_| !gone) {
            // Up to the horizon a spell without an end holds.
            let (from, end) = if by_spell {
                occurrence.spell?.end.map_or((self.end, None), |end| (end, Some(end)))
            } else {
                (asked, None)
            };
            let needs = self.world.program.arena.condition_needs(asks);
            let holds = match end {
                Some(end) if step == 0 => asked < end,
                Some(end) => due < end,
                // A condition over contacts is asked when it is the step's turn.
                None if step == 0 => {
                    needs.contacts && asked >= self.world.now || self.world.holds(asks, asked, None)
                }
                None => self.world.fails(asks, from, due).is_none(),
            };
            if !holds {
                return None;
            }
            condition = Some((asks, from, end));
        }
        let waits = by_spell && step == 0;
        let unless = rule.steps[step].unless;
        Some(Life { due, deadline, condition, unless, waits, began })
    }

    /// Places the touches of a step, or says why not.
    pub fn settle(&mut self, pending: &Pending) {
        let rule = self.world.program.rules[pending.occurrence.rule.index()].clone();
        let asks =
            rule.condition.filter(|_| pending.step == 0 && !matches!(rule.trigger, Trigger::Condition));
        let is_due = asks.is_none_or(|condition| self.world.holds(condition, pending.asked, None));
        self.begin(&pending.occurrence);
        if is_due && self.is_too_many(pending) {
            return;
        }
        // The life of a step is that of all its touches, whichever goes first.
        let before = (pending.targets.len() > 1).then(|| self.world.clone());
        for target in &pending.targets {
            let (settled, outcome) = match pending.past {
                _ if !is_due => (Settled::Withheld(Closing::NoOccurrence), None),
                Some(closing) => (Settled::Withheld(closing), None),
                None => self.place(pending, target, before.as_ref()),
            };
            let touch = (pending.occurrence.rule, pending.key.clone(), pending.step, target.number);
            self.settled.insert(touch, settled);
            self.lines.extend(outcome.map(|outcome| Line {
                rule: rule.name.clone(),
                step: pending.step + 1,
                occurrence: pending.key.clone(),
                message: self.message_name(pending.message),
                id: target.id,
                due: pending.due,
                priority: pending.priority,
                outcome,
            }));
        }
    }

    /// Counts a turn of a rule; the first one too many is withheld, and the last that is said of the rule.
    fn is_too_many(&mut self, pending: &Pending) -> bool {
        let rule = pending.occurrence.rule;
        let turns = self.turns.entry(rule).or_default();
        *turns += 1;
        if *turns <= MOST_TURNS {
            return false;
        }
        let name = &self.world.program.rules[rule.index()].name;
        self.lines.push(Line {
            rule: name.clone(),
            step: pending.step + 1,
            occurrence: pending.key.clone(),
            message: self.message_name(pending.message),
            id: touch_id(name, &self.world.user.id, &pending.key, pending.step + 1, None),
            due: pending.due,
            priority: pending.priority,
            outcome: Outcome::Withheld { closings: vec![Closing::TooMany], could_go_at: None },
        });
        true
    }

    /// Tells of the steps after one that was withheld, in a rule that stops then.
    fn stop(&mut self, occurrence: &Occurrence, key: &str, step: usize, due: Instant, rule: &Rule) {
        if !self.stopped.insert((occurrence.rule, key.to_owned())) {
            return;
        }
        let mut from = due;
        for step in step + 1..rule.steps.len() {
            let (_, due) = self.due(rule, step, from);
            if due >= self.end {
                return;
            }
            from = due;
            if rule.deadline.is_some_and(|deadline| self.world.clock.add(due, deadline) <= self.world.now) {
                continue;
            }
            for target in self.targets(occurrence, key, step) {
                self.lines.push(Line {
                    rule: rule.name.clone(),
                    step: step + 1,
                    occurrence: key.to_owned(),
                    message: self.message_name(self.message(&rule.steps[step].send)),
                    id: target.id,
                    due,
                    priority: self.priority(occurrence.rule, due),
                    outcome: Outcome::Withheld { closings: vec![Closing::Stopped], could_go_at: None },
                });
            }
        }
    }

    fn message_name(&self, message: Option<MessageId>) -> String {
        message.map_or_else(String::new, |message| self.world.program.messages[message.index()].name.clone())
    }
}
