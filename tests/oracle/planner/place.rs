//! The earliest instant at which a touch can go (6.3 to 6.6, section 7).

use std::{cell::LazyCell, rc::Rc};

use courtesy::{
    program::{ChannelId, ConditionId, Rule},
    snapshot::Answer,
    syntax::ast::IfBlocked,
    time::{Instant, Unit},
};

use super::{
    Closing, Outcome, Planner, Settled, carried,
    hours::{self, Times},
    limits,
    sequence::{Pending, Target},
};
use crate::world::{Changes, First, World};

/// When a step may go, besides what stands in its way.
#[derive(Clone, Debug)]
pub struct Life {
    pub due: Instant,
    pub deadline: Option<Instant>,
    /// What must go on holding, from when that is not known, and when it ends if that is.
    pub condition: Option<(ConditionId, Instant, Option<Instant>)>,
    pub unless: Option<ConditionId>,
    /// Whether `unless` puts off rather than ends.
    pub waits: bool,
    /// When the sequence began.
    pub began: Instant,
}

/// What ends the life of a step: each search is taken up where it stopped.
struct Ends<'a> {
    world: &'a World<'a>,
    life: &'a Life,
    condition: First,
    unless: First,
    changes: [Option<Rc<Changes>>; 2],
}

impl<'a> Ends<'a> {
    fn new(world: &'a World<'a>, life: &'a Life) -> Self {
        let condition = First::new(life.condition.map_or(Instant::MIN, |(_, from, _)| from));
        let unless = First::new(life.due.max(Instant::from_micros(0)));
        let changes = [life.condition.map(|(condition, ..)| condition), life.unless]
            .map(|one| one.map(|one| world.changes(one)));
        Self { world, life, condition, unless, changes }
    }

    /// When the condition fails, if it does up to an instant.
    fn condition(&mut self, to: Instant) -> Option<Instant> {
        let (condition, _, end) = self.life.condition?;
        if end.is_some() {
            return end.filter(|end| *end <= to);
        }
        let (world, changes) = (self.world, self.changes[0].as_ref()?);
        self.condition.up_to(to, |t| !world.holds(condition, t, None), |t| changes.next(world, t))
    }

    /// The first instant from when it is due on at which `unless` holds, up to an instant.
    fn unless(&mut self, to: Instant) -> Option<Instant> {
        let (world, life, changes) = (self.world, self.life, self.changes[1].as_ref()?);
        if life.waits {
            return None;
        }
        self.unless.up_to(to, |t| unless_holds(world, life, t), |t| changes.next(world, t))
    }

    /// What ends it first, if anything does up to an instant; `unless` must hold before another one.
    fn first(&mut self, to: Instant, unless_before: Instant) -> Option<Closing> {
        let condition = self.condition(to).map(|at| (at, Closing::Condition));
        let deadline = self.life.deadline.filter(|at| *at <= to).map(|at| (at, Closing::Deadline));
        let unless = self.unless(to).filter(|at| *at < unless_before).map(|at| (at, Closing::Unless));
        [condition, deadline, unless].into_iter().flatten().min().map(|(_, closing)| closing)
    }
}

fn unless_holds(world: &World<'_>, life: &Life, t: Instant) -> bool {
    life.unless.is_some_and(|unless| world.holds(unless, t, Some(life.began)))
}

impl Planner<'_> {
    /// What has ended the life of a step by now, so that it is past; what `unless` withheld before `now` is past too.
    pub fn ended(&self, life: &Life) -> Option<Closing> {
        let now = self.world.now;
        Ends::new(&self.world, life).first(now, now)
    }

    /// The first instant from when it is due on that times of day and hours leave open.
    fn first_open(
        &self,
        rule: &Rule,
        step: usize,
        channel: Option<ChannelId>,
        life: &Life,
        to: Instant,
    ) -> Option<Instant> {
        let times = Times::of(&self.world, &rule.steps[step]);
        let open = |t| match channel {
            Some(channel) => self.is_open(rule, step, channel, t),
            None => hours::time_of_day(&self.world, &rule.steps[step], t),
        };
        let from = life.due.max(Instant::from_micros(0));
        First::new(from).up_to(to, open, |t| times.next(&self.world, t))
    }

    fn is_open(&self, rule: &Rule, step: usize, channel: ChannelId, t: Instant) -> bool {
        let quiet = !rule.even_in_quiet_hours && hours::is_quiet(&self.world, channel, t);
        hours::time_of_day(&self.world, &rule.steps[step], t)
            && !quiet
            && !hours::is_outside_contact_hours(&self.world, channel, t)
    }

    fn has_address_and_consent(&self, channel: ChannelId) -> bool {
        let user = self.world.user;
        let subscribed = match user.consent[channel.index()] {
            Answer::Yes => true,
            Answer::No => false,
            Answer::None => !self.world.program.channels[channel.index()].needs_consent,
        };
        subscribed && user.reachable[channel.index()]
    }

    /// Whether caps, gaps and the rule's own limit let the touch go at an instant.
    fn is_within_limits(
        &self,
        rule: &Rule,
        (pending, target): (&Pending, &Target),
        channel: ChannelId,
        t: Instant,
    ) -> bool {
        let new = self.contact(pending, target, channel, t);
        let often = self.begins_too_often(rule, (pending, target), channel, t);
        let breaks = || {
            limits::breaks_a_cap(&self.world, &new, rule.is_counted)
                || limits::breaks_a_gap(&self.world, &new, rule.is_counted)
        };
        !often && (rule.ignores_caps || !breaks())
    }

    /// Whether the rule would begin more often than it may.
    fn begins_too_often(
        &self,
        rule: &Rule,
        (pending, target): (&Pending, &Target),
        channel: ChannelId,
        t: Instant,
    ) -> bool {
        let new = self.contact(pending, target, channel, t);
        let via_all = rule.steps[pending.step].via.all;
        pending.step == 0 && limits::begins_too_often(&self.world, pending.occurrence.rule, &new, via_all)
    }

    /// The earliest instant at which everything agrees.
    fn earliest(
        &self,
        rule: &Rule,
        (pending, target): (&Pending, &Target),
        channel: Option<ChannelId>,
        before: Option<&World<'_>>,
    ) -> Result<Instant, Closing> {
        let life = &pending.life;
        let Some(channel) = channel else { return Err(Closing::Blocked) };
        let start = life.due.max(self.world.now);
        let last = self.world.clock.step(start, 5, Unit::Year);
        let times = Times::of(&self.world, &rule.steps[pending.step]);
        let limits = LazyCell::new(|| limits::changes(&self.world, pending.occurrence.rule));
        let waits = life.unless.filter(|_| life.waits).map(|unless| self.world.changes(unless));
        let mut ends = Ends::new(before.unwrap_or(&self.world), life);
        let mut t = start;
        if rule.if_blocked == IfBlocked::Drop {
            t = self.first_open(rule, pending.step, Some(channel), life, last).unwrap_or(last.next());
            if t < self.world.now {
                return Err(Closing::Dropped);
            }
        }
        loop {
            if let Some(closing) = ends.first(t, Instant::MAX) {
                return Err(closing);
            }
            if t > last || !self.has_address_and_consent(channel) {
                return Err(Closing::Blocked);
            }
            // Whatever stands in the way does so until it may change.
            let mut next = Vec::new();
            if !self.is_open(rule, pending.step, channel, t) {
                next.push(times.next(&self.world, t));
            }
            if !self.is_within_limits(rule, (pending, target), channel, t) {
                // So often and never again: that keeps it, not the end of its life.
                let has_begun = || self.begins_too_often(rule, (pending, target), channel, t);
                if rule.times.is_some_and(|times| times.window.is_none()) && has_begun() {
                    return Err(Closing::Blocked);
                }
                next.push(limits.next(&self.world, t));
            }
            if let Some(changes) = waits.as_ref().filter(|_| unless_holds(&self.world, life, t)) {
                next.push(changes.next(&self.world, t));
            }
            if next.is_empty() {
                return Ok(t);
            }
            if rule.if_blocked == IfBlocked::Drop {
                return Err(Closing::Dropped);
            }
            t = next.into_iter().map(|at| at.unwrap_or(last.next())).max().unwrap();
        }
    }

    /// Where a touch goes, or why it does not; nothing is said of what is past.
    pub fn place(
        &mut self,
        pending: &Pending,
        target: &Target,
        before: Option<&World<'_>>,
    ) -> (Settled, Option<Outcome>) {
        let rule = self.world.program.rules[pending.occurrence.rule.index()].clone();
        let withheld = |closings: Vec<Closing>, at| {
            let outcome = Outcome::Withheld { closings: closings.clone(), could_go_at: at };
            (Settled::Withheld(closings.into_iter().min().unwrap()), Some(outcome))
        };
        let Some(message) = pending.message else { return withheld(vec![Closing::NoVariant], None) };
        let now = self.world.now;
        if rule.if_blocked == IfBlocked::Drop && pending.due < now {
            let missed = |channel: &Option<ChannelId>| {
                self.first_open(&rule, pending.step, *channel, &pending.life, now).is_some_and(|at| at < now)
            };
            if target.channels.iter().all(missed) {
                return (Settled::Withheld(Closing::Dropped), None);
            }
        }
        let held_out = self.world.program.hold_outs.iter().any(|hold_out| {
            self.world.bucket(self.world.program.arena.text(hold_out.salt).unwrap()) < hold_out.below
        });
        if held_out && !self.world.program.messages[message.index()].is_service {
            return withheld(vec![Closing::HoldOut], None);
        }
        let mut closings = Vec::new();
        for channel in &target.channels {
            match self.earliest(&rule, (pending, target), *channel, before) {
                Ok(at) if at < self.end => {
                    let channel = channel.unwrap();
                    let contact = self.contact(pending, target, channel, at);
                    let with = carried::with(&self.world, &rule.steps[pending.step], at);
                    self.world.add(contact);
                    let channel = self.world.program.channels[channel.index()].name.clone();
                    let language = carried::language(&self.world, message);
                    return (Settled::Sent(at), Some(Outcome::Touch { at, channel, language, with }));
                }
                Ok(at) => return withheld(vec![Closing::Horizon], Some(at)),
                Err(closing) => closings.push(closing),
            }
        }
        closings.sort_unstable();
        closings.dedup();
        withheld(closings, None)
    }
}
