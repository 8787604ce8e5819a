//! Spells: maximal stretches on which a condition holds.

use super::{EARLIEST, Evaluator, LATEST, Situation};
use crate::{
    program::ConditionId,
    time::{Instant, Unit},
};

/// A maximal stretch of time, the end excluded, on which a condition holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spell {
    /// When it began; [`Instant::MIN`] ("always") if it was before 1970-01-01.
    pub start: Instant,
    /// When it ends; [`Instant::MAX`] ("never") if that is a hundred years or more after `now`.
    pub end: Instant,
}

/// No spell is looked at further back.
const FIRST: Instant = Instant::from_seconds(0);
/// For how many years from `now` on a spell is followed.
const YEARS: i64 = 100;

/// How many stretches are joined one by one before a leap is tried.
const STEPS: u32 = 8;

impl Evaluator {
    /// The spell of the condition that holds an instant, if any.
    pub fn spell_at(&mut self, s: &Situation<'_>, c: ConditionId, t: Instant) -> Option<Spell> {
        let here = self.stretch(s, c, t);
        if !here.holds {
            return None;
        }
        // Forward first: what is remembered after the backward look would be of little use.
        let end = self.end(s, c, t);
        Some(Spell { start: self.start(s, c, here.from), end })
    }

    /// The first instant in `[from, before)` at which the condition holds.
    pub(crate) fn first_holding(
        &mut self,
        s: &Situation<'_>,
        c: ConditionId,
        from: Instant,
        before: Instant,
    ) -> Option<Instant> {
        let mut at = from;
        while at < before {
            let stretch = self.stretch(s, c, at);
            if stretch.holds {
                return Some(at);
            }
            if stretch.until <= at {
                return None;
            }
            at = stretch.until;
        }
        None
    }

    /// The first spell of the condition that *starts* in `[from, before)`, and not before 1970-01-01.
    pub fn next_spell(
        &mut self,
        s: &Situation<'_>,
        c: ConditionId,
        from: Instant,
        before: Instant,
    ) -> Option<Spell> {
        let from = from.max(FIRST);
        if from >= before {
            return None;
        }
        let here = self.stretch(s, c, from);
        let mut at = from;
        if here.holds {
            // It starts here only if it did not hold just before.
            if here.from == from && !self.stretch(s, c, from.plus_micros(-1)).holds {
                return Some(Spell { start: from, end: self.end(s, c, from) });
            }
            at = self.run(s, c, at, before, true);
        } else if here.until >= before {
            return None;
        }
        at = self.run(s, c, at, before, false);
        (at < before).then(|| Spell { start: at, end: self.end(s, c, at) })
    }

    /// Given that the condition holds at `t`: the first later instant at which it does not, or `limit` if it holds up
    /// to there. `t` itself if it does not hold.
    pub fn holds_until(&mut self, s: &Situation<'_>, c: ConditionId, t: Instant, limit: Instant) -> Instant {
        self.run(s, c, t, limit, true)
    }

    /// When the spell that holds `t` ends.
    fn end(&mut self, s: &Situation<'_>, c: ConditionId, t: Instant) -> Instant {
        if self.stretch(s, c, t).until == Instant::MAX {
            return Instant::MAX;
        }
        let limit = s.user.zone.step(s.now, YEARS, Unit::Year);
        let end = self.run(s, c, t, limit, true);
        if end < limit { end } else { Instant::MAX }
    }

    /// The first instant from `t` on at which whether the condition holds is not as said, or `limit`.
    fn run(&mut self, s: &Situation<'_>, c: ConditionId, t: Instant, limit: Instant, holds: bool) -> Instant {
        let mut at = t;
        let mut steps = 0;
        while at < limit {
            let here = self.stretch(s, c, at);
            if here.holds != holds {
                return at;
            }
            steps += 1;
            let mut leap = span(at, here.until).saturating_mul(16);
            let shortest = leap / 8;
            at = here.until;
            if steps < STEPS || at >= LATEST {
                continue;
            }
            steps = 0;
            while leap >= shortest && at < limit {
                let to = at.plus_micros(leap).min(limit).min(LATEST);
                if at < to && self.decided(s, c, at, to) == Some(holds) {
                    (at, leap) = (to, leap.saturating_mul(2));
                } else {
                    leap /= 2;
                }
            }
        }
        limit
    }

    /// Since when the condition has held that holds from `start` on.
    fn start(&mut self, s: &Situation<'_>, c: ConditionId, start: Instant) -> Instant {
        let mut start = start;
        let mut steps = 0;
        while start >= FIRST {
            let before = self.stretch(s, c, start.plus_micros(-1));
            if !before.holds {
                return start;
            }
            steps += 1;
            let mut leap = span(before.from, start).saturating_mul(16);
            let shortest = leap / 8;
            start = before.from;
            if steps < STEPS || start < EARLIEST {
                continue;
            }
            steps = 0;
            while leap >= shortest && start >= FIRST {
                let to = start.plus_micros(-leap).max(FIRST.plus_micros(-1));
                if self.decided(s, c, to, start) == Some(true) {
                    (start, leap) = (to, leap.saturating_mul(2));
                } else {
                    leap /= 2;
                }
            }
        }
        Instant::MIN
    }
}

/// The length of a stretch in microseconds, at least one.
fn span(from: Instant, until: Instant) -> i64 {
    until.as_micros().saturating_sub(from.as_micros()).max(1)
}
