//! Where in time a touch goes: the earliest instant at which nothing stands in its way.

use super::{
    blocks::Block,
    caps, gaps, hours,
    outcome::Reason,
    reach,
    run::Run,
    settle::{Life, Turn},
    times,
    world::Probe,
};
use crate::{program::Step, time::Instant};

/// From when on hours are asked for what was always due.
pub(super) const EPOCH: Instant = Instant::from_micros(0);

/// What may stand in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ask {
    /// Everything.
    All,
    /// Times of day, quiet and contact hours only.
    Hours,
}

/// Where a search ended.
pub(super) enum Found {
    At(Instant),
    /// The life of the step is too short.
    TooLate,
    /// Something never gets out of the way.
    Never,
}

impl Run<'_> {
    /// The earliest instant from `from` on at which nothing stands in the way.
    pub(super) fn search(&mut self, turn: &Turn<'_>, probe: &Probe<'_>, from: Instant, ask: Ask) -> Found {
        let mut at = from;
        loop {
            if at >= turn.life.limit {
                return Found::TooLate;
            }
            if self.world.ends_search(turn.pending.due, at) {
                return Found::Never;
            }
            let until = self.blocked_until(turn, probe, at, ask);
            if until <= at {
                return Found::At(at);
            }
            if until == Instant::MAX {
                let Life { limit, reason } = turn.life;
                let ends =
                    reason == Reason::ConditionEnded && !self.world.ends_search(turn.pending.due, limit);
                return if ends && self.only_waits(turn, probe, at) { Found::TooLate } else { Found::Never };
            }
            at = until;
        }
    }

    /// Whether a first step waits for what its `unless` names, and could go over the channel otherwise: then it is the end
    /// of the spell that ends the wait.
    fn only_waits(&mut self, turn: &Turn<'_>, probe: &Probe<'_>, t: Instant) -> bool {
        let Some((condition, since)) = turn.wait else { return false };
        let waits = self.world.stretch(condition, t, Some(since)).holds;
        waits && reach::check(self.world.program, self.world.user, probe.channel).next().is_none()
    }

    /// The first instant from when it is due on that the step's own time of day leaves open.
    pub(super) fn first_open(&self, step: &Step, due: Instant) -> Instant {
        let mut at = due.max(EPOCH);
        while let Some(block) =
            hours::time_of_day(self.world.zone(), step, at).filter(|block| block.until > at)
        {
            at = block.until;
        }
        at
    }

    /// The place of a step that goes when due or not at all, where only hours may move it; none if that is past.
    pub(super) fn only_chance(&mut self, turn: &Turn<'_>, probe: &Probe<'_>) -> Option<Found> {
        let (now, due) = (self.world.now, turn.pending.due);
        let mut from = due;
        if due == Instant::MIN {
            // What hours left open before now is past; how they closed earlier is of no interest.
            let noted = std::mem::take(&mut self.blocks);
            let found = self.search(turn, probe, EPOCH, Ask::Hours);
            self.blocks = noted;
            if matches!(found, Found::At(at) if at < now) {
                return None;
            }
            from = now;
        }
        let found = self.search(turn, probe, from, Ask::Hours);
        let Found::At(at) = found else { return Some(found) };
        if at < self.world.now {
            return None;
        }
        if self.blocked_until(turn, probe, at, Ask::All) > at {
            self.blocks.note_reason(Reason::Dropped, at);
            return Some(Found::Never);
        }
        Some(Found::At(at))
    }

    /// Notes everything that stands in the way at `t`, and tells the earliest later instant at which it could all be
    /// out of the way; `t` itself if nothing does.
    fn blocked_until(&mut self, turn: &Turn<'_>, probe: &Probe<'_>, t: Instant, ask: Ask) -> Instant {
        let program = self.world.program;
        let (world, blocks) = (&mut self.world, &mut self.blocks);
        let mut until = t;
        let mut note = |block: Block, on_channel: bool| {
            until = until.max(block.until);
            blocks.note(block, on_channel.then_some(probe.channel), t);
        };
        if let Some(block) = hours::time_of_day(world.zone(), turn.step, t) {
            note(block, false);
        }
        if !turn.rule.even_in_quiet_hours {
            for index in 0..program.quiet_hours.len() {
                if let Some(block) = hours::quiet(world, probe.channel, index, t) {
                    note(block, true);
                }
            }
        }
        if let Some(block) = hours::contact(world, probe.channel, t) {
            note(block, true);
        }
        if ask == Ask::Hours {
            return until;
        }
        for block in reach::check(program, world.user, probe.channel) {
            note(block, true);
        }
        if !turn.rule.ignores_caps {
            for index in 0..program.caps.len() {
                if let Some(block) = caps::check(world, probe, index, t) {
                    note(block, true);
                }
            }
            for index in 0..program.gaps.len() {
                if let Some(block) = gaps::check(world, probe, index, t) {
                    note(block, true);
                }
            }
        }
        if turn.pending.step == 0
            && let Some(block) = times::check(world, probe, turn.rule, t)
        {
            note(block, false);
        }
        if let Some((condition, since)) = turn.wait {
            let stretch = world.stretch(condition, t, Some(since));
            if stretch.holds {
                note(Block::new(Reason::Unless, 0, stretch.until), false);
            }
        }
        until
    }
}
