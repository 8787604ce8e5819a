//! The value that is most common in a window, kept up as the window moves.

use std::{
    collections::{BTreeSet, HashMap},
    ops::Range,
};

use super::memo::{Class, Epochs, Slot};
use crate::{
    program::{Arena, Expression, ExpressionId},
    snapshot::Value,
    syntax::ast::Pick,
};

/// The counts of all most common values of a program, of one user; the memory is used again for the next.
#[derive(Debug)]
pub(super) struct Commons {
    /// By expression, of those that ask for one.
    of: Vec<Option<Slot<Common>>>,
}

/// How often each value of some members occurs in the window that was asked for last.
#[derive(Debug, Default)]
pub(super) struct Common {
    /// By member, unless its value is missing: the first member of the same value, which stands for the value.
    kind: Vec<Option<usize>>,
    /// The parts of the window.
    parts: Vec<Range<usize>>,
    /// The members in it, after what stands for their values.
    present: BTreeSet<(usize, usize)>,
    /// By what stands for a value: how often it occurs.
    counts: Vec<usize>,
    /// How often each occurs, with its last member and what stands for it.
    ranks: BTreeSet<(usize, usize, usize)>,
}

impl Commons {
    pub(super) fn new(arena: &Arena) -> Self {
        let of = (0..arena.expression_count()).map(|index| {
            let expression = arena.expression(ExpressionId::from(index));
            let asks = matches!(expression, Expression::Pick { which: Pick::MostCommon, .. });
            asks.then(|| Slot::new(Class::Plain, Common::default()))
        });
        Self { of: of.collect() }
    }

    /// Those of an expression over so many members; `value` tells that of each, if it is not remembered.
    pub(super) fn of(
        &mut self,
        epochs: &Epochs,
        e: ExpressionId,
        members: usize,
        value: impl Fn(usize) -> Value,
    ) -> Option<&mut Common> {
        let slot = self.of.get_mut(e.index())?.as_mut()?;
        if !slot.is_good(epochs) {
            slot.stamp(epochs);
            slot.content.fill((0..members).map(value));
        }
        Some(&mut slot.content)
    }
}

impl Common {
    fn fill(&mut self, values: impl ExactSizeIterator<Item = Value>) {
        let mut first = HashMap::new();
        self.parts.clear();
        self.present.clear();
        self.ranks.clear();
        self.counts.clear();
        self.counts.resize(values.len(), 0);
        self.kind.clear();
        self.kind.extend(
            values.enumerate().map(|(member, value)| {
                (value != Value::Missing).then(|| *first.entry(value).or_insert(member))
            }),
        );
    }

    /// A member of the value that occurs most often in a window of those parts; of two, of the one that occurred later.
    pub(super) fn within(&mut self, parts: impl Iterator<Item = Range<usize>>) -> Option<usize> {
        let before = std::mem::replace(&mut self.parts, parts.collect());
        let mut bounds: Vec<usize> =
            before.iter().chain(&self.parts).flat_map(|part| [part.start, part.end]).collect();
        bounds.sort_unstable();
        for stretch in bounds.windows(2) {
            let &[start, end] = stretch else { continue };
            let is_in = |parts: &[Range<usize>]| parts.iter().any(|part| part.contains(&start));
            let is_present = is_in(&self.parts);
            if start < end && is_in(&before) != is_present {
                (start..end).for_each(|member| self.turn(member, is_present));
            }
        }
        self.ranks.last().map(|(_, last, _)| *last)
    }

    /// A member enters the window, or leaves it.
    fn turn(&mut self, member: usize, is_present: bool) {
        let Some(kind) = self.kind.get(member).copied().flatten() else { return };
        let Some(count) = self.counts.get_mut(kind) else { return };
        let present = &mut self.present;
        let last = |present: &BTreeSet<_>| {
            present.range((kind, 0)..=(kind, usize::MAX)).next_back().map(|(_, last)| *last)
        };
        if let Some(last) = last(present) {
            self.ranks.remove(&(*count, last, kind));
        }
        if is_present {
            present.insert((kind, member));
            *count = count.saturating_add(1);
        } else {
            present.remove(&(kind, member));
            *count = count.saturating_sub(1);
        }
        if let Some(last) = last(present) {
            self.ranks.insert((*count, last, kind));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::number::Number;

    /// Counts all that are in the window.
    fn counted(values: &[u32], parts: &[Range<usize>]) -> Option<usize> {
        let members: Vec<usize> =
            parts.iter().cloned().flatten().filter(|member| values[*member] > 0).collect();
        let count = |value: u32| members.iter().filter(|member| values[**member] == value).count();
        members.iter().copied().max_by_key(|member| (count(values[*member]), *member))
    }

    proptest! {
        #[test]
        fn the_most_common_is_as_if_counted_anew_however_the_window_moves(
            values in prop::collection::vec(0u32..5, 1..30),
            windows in prop::collection::vec(prop::collection::vec(0usize..31, 6), 1..12),
        ) {
            let value = |value: &u32| if *value == 0 { Value::Missing } else { Value::Number(Number::from_millionths((*value).into())) };
            let mut common = Common::default();
            common.fill([Value::YesNo(true)].into_iter());
            common.within(std::iter::once(0..1));
            common.fill(values.iter().map(value));
            for mut bounds in windows {
                bounds.iter_mut().for_each(|bound| *bound = (*bound).min(values.len()));
                bounds.sort_unstable();
                let parts: Vec<_> = bounds.chunks(2).map(|pair| pair[0]..pair[1]).collect();
                prop_assert_eq!(common.within(parts.iter().cloned()), counted(&values, &parts), "{:?}", parts);
            }
        }
    }
}
