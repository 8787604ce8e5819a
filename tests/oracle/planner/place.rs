//! The earliest instant at which a touch can go (6.3 to 6.6, section 7).

use courtesy::{
    program::{ChannelId, ConditionId, Rule},
    snapshot::Answer,
    syntax::ast::IfBlocked,
    time::{Instant, Unit},
};

use super::{
    Closing, Outcome, Planner, Settled,
    hours::{self, Times},
    limits,
    sequence::{Pending, Target},
};
use crate::world::World;

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

impl Planner<'_> {
    /// When the condition fails, if it does up to an instant.
    fn condition_ends(world: &World<'_>, life: &Life, to: Instant) -> Option<Instant> {
        let (condition, from, end) = life.condition?;
        match end {
            Some(end) => Some(end).filter(|end| *end <= to),
            None => world.fails(condition, from, to),
        }
    }

    fn unless_holds(world: &World<'_>, life: &Life, t: Instant) -> bool {
        life.unless.is_some_and(|unless| world.holds(unless, t, Some(life.began)))
    }

    /// The first instant from when it is due on at which `unless` holds, up to an instant.
    fn unless_begins(world: &World<'_>, life: &Life, to: Instant) -> Option<Instant> {
        let unless = life.unless.filter(|_| !life.waits)?;
        let changes = world.changes(unless);
        let from = life.due.max(Instant::from_micros(0));
        world.first(from, to, |t| Self::unless_holds(world, life, t), |t| changes.next(world, t))
    }

    /// What ends the life of a step first, if anything does up to an instant.
    fn ends(world: &World<'_>, life: &Life, to: Instant) -> Option<(Instant, Closing)> {
        let condition = Self::condition_ends(world, life, to).map(|at| (at, Closing::Condition));
        let deadline = life.deadline.filter(|at| *at <= to).map(|at| (at, Closing::Deadline));
        [condition, deadline].into_iter().flatten().min()
    }

    /// What has ended the life of a step by now, so that it is past; what `unless` withheld before `now` is past too.
    pub fn ended(&self, life: &Life) -> Option<Closing> {
        let now = self.world.now;
        let unless = Self::unless_begins(&self.world, life, now).filter(|at| *at < now);
        let unless = unless.map(|at| (at, Closing::Unless));
        Self::ends(&self.world, life, now).into_iter().chain(unless).min().map(|(_, closing)| closing)
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
        self.world.first(from, to, open, |t| times.next(&self.world, t))
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
        let via_all = rule.steps[pending.step].via.all;
        let often = pending.step == 0
            && limits::begins_too_often(&self.world, pending.occurrence.rule, &new, via_all);
        let breaks = || {
            limits::breaks_a_cap(&self.world, &new, rule.is_counted)
                || limits::breaks_a_gap(&self.world, &new, rule.is_counted)
        };
        !often && (rule.ignores_caps || !breaks())
    }

    /// The earliest instant at which everything agrees.
    fn earliest(
        &self,
        rule: &Rule,
        (pending, target): (&Pending, &Target),
        channel: Option<ChannelId>,
        before: &World<'_>,
    ) -> Result<Instant, Closing> {
        let life = &pending.life;
        let Some(channel) = channel.filter(|channel| self.has_address_and_consent(*channel)) else {
            return Err(Closing::Blocked);
        };
        let start = life.due.max(self.world.now);
        let last = self.world.clock.step(start, 5, Unit::Year);
        let times = Times::of(&self.world, &rule.steps[pending.step]);
        let limits = limits::changes(&self.world, pending.occurrence.rule);
        let waits = life.unless.filter(|_| life.waits).map(|unless| self.world.changes(unless));
        let mut t = start;
        if rule.if_blocked == IfBlocked::Drop {
            t = self.first_open(rule, pending.step, Some(channel), life, last).unwrap_or(last.next());
            if t < self.world.now {
                return Err(Closing::Dropped);
            }
        }
        loop {
            let unless = Self::unless_begins(before, life, t).map(|at| (at, Closing::Unless));
            if let Some((_, closing)) = Self::ends(before, life, t).into_iter().chain(unless).min() {
                return Err(closing);
            }
            if t > last {
                return Err(Closing::Blocked);
            }
            // Whatever stands in the way does so until it may change.
            let mut next = Vec::new();
            if !self.is_open(rule, pending.step, channel, t) {
                next.push(times.next(&self.world, t));
            }
            if !self.is_within_limits(rule, (pending, target), channel, t) {
                next.push(limits.next(&self.world, t));
            }
            if let Some(changes) = waits.as_ref().filter(|_| Self::unless_holds(&self.world, life, t)) {
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
        before: &World<'_>,
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
                    self.world.add(contact);
                    let channel = self.world.program.channels[channel.index()].name.clone();
                    return (Settled::Sent(at), Some(Outcome::Touch { at, channel }));
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
