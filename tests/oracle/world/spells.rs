//! The stretches on which a condition holds, found by walking.

use courtesy::{program::ConditionId, time::Instant};

use super::World;

/// 1970-01-01: what held before it held always (5.1).
const FIRST: Instant = Instant::from_micros(0);

/// A stretch on which a condition holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spell {
    pub start: Instant,
    /// None if it is not over at the end of the walk.
    pub end: Option<Instant>,
}

impl World<'_> {
    /// The spells that begin before `to`: all that last beyond `from`, and the last before these.
    pub fn spells(&self, condition: ConditionId, from: Instant, to: Instant) -> Vec<Spell> {
        let changes = self.changes(condition);
        let holds = |t| self.holds(condition, t, None);
        // Back until a spell has begun at `from` or before.
        let mut start = from;
        let mut inside = false;
        loop {
            let now_inside = holds(start);
            if inside && !now_inside {
                break;
            }
            inside |= now_inside;
            // Just before a change it is as it was at the change before.
            match changes.previous(self, start) {
                Some(previous) if previous > FIRST => start = previous,
                _ => {
                    start = FIRST.plus_micros(-60_000_000);
                    break;
                }
            }
        }
        let mut spells = Vec::new();
        let mut open = holds(start).then_some(Instant::MIN);
        let mut t = start;
        while let Some(next) = changes.next(self, t).filter(|next| *next < to) {
            t = next;
            match (open, holds(t)) {
                (None, true) => open = Some(t),
                (Some(start), false) => {
                    spells.push(Spell { start, end: Some(t) });
                    open = None;
                }
                _ => {}
            }
        }
        spells.extend(open.map(|start| Spell { start, end: None }));
        spells
    }

    /// The first instant in `[from, to]` at which the condition fails.
    pub fn fails(&self, condition: ConditionId, from: Instant, to: Instant) -> Option<Instant> {
        let changes = self.changes(condition);
        self.first(from, to, |t| !self.holds(condition, t, None), |t| changes.next(self, t))
    }

    /// The first instant in `[from, to]` for which something is true that changes at certain instants only.
    pub fn first(
        &self,
        from: Instant,
        to: Instant,
        is: impl Fn(Instant) -> bool,
        next: impl Fn(Instant) -> Option<Instant>,
    ) -> Option<Instant> {
        let mut t = from;
        while t <= to {
            if is(t) {
                return Some(t);
            }
            t = next(t)?;
        }
        None
    }
}
