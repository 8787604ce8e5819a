//! Spells: maximal stretches on which a condition holds.

use super::{Evaluator, Situation};
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

impl Evaluator {
    /// The spell of the condition that holds an instant, if any.
    pub fn spell_at(&mut self, s: &Situation<'_>, c: ConditionId, t: Instant) -> Option<Spell> {
        let here = self.stretch(s, c, t);
        if !here.holds {
            return None;
        }
        // Forward first: what is remembered after the backward look would be of little use.
        let end = self.end(s, c, t, here.until);
        let mut start = here.from;
        while start >= FIRST {
            let before = self.stretch(s, c, start.plus_micros(-1));
            if !before.holds {
                return Some(Spell { start, end });
            }
            start = before.from;
        }
        Some(Spell { start: Instant::MIN, end })
    }

    /// The first spell of the condition that *starts* in `[from, before)`.
    pub fn next_spell(
        &mut self,
        s: &Situation<'_>,
        c: ConditionId,
        from: Instant,
        before: Instant,
    ) -> Option<Spell> {
        if from >= before {
            return None;
        }
        let mut here = self.stretch(s, c, from);
        if here.holds {
            // It starts here only if it did not hold just before.
            let is_older = here.from < from || self.stretch(s, c, from.plus_micros(-1)).holds;
            if !is_older {
                return Some(self.spell_from(s, c, from));
            }
            let end = self.holds_until(s, c, from, before);
            if end >= before {
                return None;
            }
            here = self.stretch(s, c, end);
        }
        while !here.holds {
            let next = here.until;
            if next >= before {
                return None;
            }
            here = self.stretch(s, c, next);
            if here.holds {
                return Some(self.spell_from(s, c, next));
            }
        }
        None
    }

    /// Given that the condition holds at `t`: the first later instant at which it does not, or `limit` if it holds up
    /// to there. `t` itself if it does not hold.
    pub fn holds_until(&mut self, s: &Situation<'_>, c: ConditionId, t: Instant, limit: Instant) -> Instant {
        let mut here = self.stretch(s, c, t);
        if !here.holds {
            return t;
        }
        while here.until < limit {
            let end = here.until;
            here = self.stretch(s, c, end);
            if !here.holds {
                return end;
            }
        }
        limit
    }

    /// The spell that starts at an instant.
    fn spell_from(&mut self, s: &Situation<'_>, c: ConditionId, start: Instant) -> Spell {
        let until = self.stretch(s, c, start).until;
        let end = self.end(s, c, start, until);
        Spell { start: if start < FIRST { Instant::MIN } else { start }, end }
    }

    /// When the spell that holds `t`, and does so up to `until` at least, ends.
    fn end(&mut self, s: &Situation<'_>, c: ConditionId, t: Instant, until: Instant) -> Instant {
        let limit = s.user.zone.step(s.now, YEARS, Unit::Year);
        if until >= limit {
            return Instant::MAX;
        }
        let end = self.holds_until(s, c, t, limit);
        if end < limit { end } else { Instant::MAX }
    }
}
