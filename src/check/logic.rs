//! And, or, not: flat, each part once, folded where the outcome is plain.

use super::checker::Checker;
use crate::program::{Condition, ConditionId, Origin};

/// A condition with more parts is kept as it is inside another, so that chains of segments stay small.
const FLAT: usize = 32;

impl Checker<'_> {
    /// All of them.
    pub(super) fn all_of(&mut self, parts: Vec<ConditionId>, origin: Origin) -> ConditionId {
        self.joined(parts, origin, true)
    }

    /// Any of them.
    pub(super) fn any_of(&mut self, parts: Vec<ConditionId>, origin: Origin) -> ConditionId {
        self.joined(parts, origin, false)
    }

    fn joined(&mut self, parts: Vec<ConditionId>, origin: Origin, all: bool) -> ConditionId {
        let mut flat: Vec<ConditionId> = Vec::with_capacity(parts.len());
        for part in parts {
            match (self.arena.condition(part), all) {
                (Condition::And(inner), true) | (Condition::Or(inner), false) if inner.len() <= FLAT => {
                    flat.extend(inner.iter().copied());
                }
                // The outcome is plain: `all` and never, or `any` and always.
                (Condition::Constant(value), _) if *value != all => return part,
                (Condition::Constant(_), _) => {}
                _ => flat.push(part),
            }
        }
        let mut seen = std::collections::HashSet::new();
        flat.retain(|part| seen.insert(*part));
        let opposed = flat.iter().any(|part| match self.arena.condition(*part) {
            Condition::Not(inner) => seen.contains(inner),
            _ => false,
        });
        if opposed {
            return self.constant(!all, origin);
        }
        match flat.as_slice() {
            [] => self.constant(all, origin),
            [one] => *one,
            _ if all => self.add_condition(Condition::And(flat.into()), origin),
            _ => self.add_condition(Condition::Or(flat.into()), origin),
        }
    }

    /// Not that.
    pub(super) fn negated(&mut self, part: ConditionId, origin: Origin) -> ConditionId {
        match *self.arena.condition(part) {
            Condition::Constant(value) => self.constant(!value, origin),
            Condition::Not(inner) => inner,
            _ => self.add_condition(Condition::Not(part), origin),
        }
    }
}
