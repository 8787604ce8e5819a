//! The stretches on which a condition holds, found by walking.

use courtesy::{program::ConditionId, time::Instant};

use super::World;

/// 1970-01-01: what held before it held always (5.1).
const FIRST: Instant = Instant::from_micros(0);

/// So many days in a row hold every day of the week, even where a zone once left out a day.
const ALL_WEEKDAYS: usize = 15;

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
        // How many changes in a row there were at which only the weekday mattered and all was as at the one before.
        let (mut before, mut alike) = (None, 0);
        loop {
            let now_inside = holds(start);
            if inside && !now_inside {
                break;
            }
            inside |= now_inside;
            let is_alike = before.replace(now_inside) == Some(now_inside);
            alike = if is_alike && changes.goes_by_weekday_before(start) { alike + 1 } else { 0 };
            if alike == ALL_WEEKDAYS {
                break;
            }
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
        // What holds on each day of the week, with nothing else to ask, has done so always.
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
        First::new(from).up_to(to, |t| !self.holds(condition, t, None), |t| changes.next(self, t))
    }
}

/// A search for the first instant from another on for which something is true that changes at certain instants only. It
/// goes on where it stopped, so what is asked must stay as it is.
#[derive(Clone, Copy, Debug)]
pub struct First {
    /// The next instant to look at; none if nothing changes any more.
    next: Option<Instant>,
    found: Option<Instant>,
}

impl First {
    pub fn new(from: Instant) -> Self {
        Self { next: Some(from), found: None }
    }

    /// What is found up to an instant.
    pub fn up_to(
        &mut self,
        to: Instant,
        is: impl Fn(Instant) -> bool,
        next: impl Fn(Instant) -> Option<Instant>,
    ) -> Option<Instant> {
        while let Some(t) = self.next.filter(|t| self.found.is_none() && *t <= to) {
            if is(t) {
                self.found = Some(t);
            }
            self.next = next(t);
        }
        self.found.filter(|found| *found <= to)
    }
}
