//! Numbers of events made ready for any window, so that asking about many windows costs no more than reading once.

use std::{collections::HashMap, ops::Range};

use super::memo::{Class, Epochs, Slot};
use crate::{
    number::Number,
    program::{Arena, Expression, ExpressionId},
    syntax::ast::Aggregate,
};

/// The numbers of all aggregates of a program, of one user; the memory is used again for the next.
#[derive(Debug)]
pub(super) struct Sums {
    /// By expression: which of the columns it is an aggregate of.
    column_of: Vec<Option<usize>>,
    columns: Vec<Slot<Numbers>>,
}

/// The numbers in one field of the members of one set.
#[derive(Debug)]
pub(super) enum Numbers {
    /// Of the members before each, and of all: their sum in millionths, and how many there are.
    Sums(Vec<(i128, u64)>),
    /// The least and the greatest: of each member in the second half, and before it of any two neighbours below.
    Extremes(Vec<Bounds>),
}

/// The least and the greatest of some numbers, if there are any.
type Bounds = Option<(Number, Number)>;

impl Sums {
    pub(super) fn new(arena: &Arena) -> Self {
        let mut known = HashMap::new();
        let mut columns = Vec::new();
        let column_of = (0..arena.expression_count()).map(|index| {
            let Expression::Aggregate { kind, set, field, .. } = *arena.expression(ExpressionId::from(index))
            else {
                return None;
            };
            let is_sum = matches!(kind, Aggregate::Total | Aggregate::Average);
            let column = *known.entry((set, field, is_sum)).or_insert_with(|| {
                let empty = if is_sum { Numbers::Sums(Vec::new()) } else { Numbers::Extremes(Vec::new()) };
                columns.push(Slot::new(Class::Plain, empty));
                columns.len() - 1
            });
            Some(column)
        });
        Self { column_of: column_of.collect(), columns }
    }

    /// The numbers of an aggregate of so many members; `number` tells that of each, if it is not remembered.
    pub(super) fn of(
        &mut self,
        epochs: &Epochs,
        aggregate: ExpressionId,
        members: usize,
        number: impl Fn(usize) -> Option<Number>,
    ) -> Option<&Numbers> {
        let column = (*self.column_of.get(aggregate.index())?)?;
        let slot = self.columns.get_mut(column)?;
        if !slot.is_good(epochs) {
            slot.stamp(epochs);
            slot.content.fill((0..members).map(number));
        }
        Some(&slot.content)
    }
}

impl Numbers {
    fn fill(&mut self, numbers: impl ExactSizeIterator<Item = Option<Number>>) {
        match self {
            Self::Sums(before) => {
                before.clear();
                let mut sum = (0, 0);
                before.push(sum);
                before.extend(numbers.map(|number| {
                    if let Some(number) = number {
                        sum = (sum.0 + i128::from(number.millionths()), sum.1 + 1);
                    }
                    sum
                }));
            }
            Self::Extremes(tree) => {
                let count = numbers.len();
                tree.clear();
                tree.resize(count, None);
                tree.extend(numbers.map(|number| number.map(|number| (number, number))));
                for index in (1..count).rev() {
                    let of = |index: usize| tree.get(index).copied().flatten();
                    let both = widest(of(2 * index), of(2 * index + 1));
                    if let Some(slot) = tree.get_mut(index) {
                        *slot = both;
                    }
                }
            }
        }
    }

    /// The sum of those members in millionths, and how many numbers there are.
    pub(super) fn sum(&self, members: Range<usize>) -> (i128, u64) {
        let Self::Sums(before) = self else { return (0, 0) };
        let of = |index: usize| before.get(index).copied().unwrap_or_default();
        let (first, last) = (of(members.start), of(members.end));
        (last.0 - first.0, last.1.saturating_sub(first.1))
    }

    /// The least and the greatest of those members.
    pub(super) fn extremes(&self, members: Range<usize>) -> Bounds {
        let Self::Extremes(tree) = self else { return None };
        let of = |index: usize| tree.get(index).copied().flatten();
        let half = tree.len() / 2;
        let (mut first, mut last) = (members.start + half, members.end + half);
        let mut found = None;
        while first < last {
            if first % 2 == 1 {
                found = widest(found, of(first));
                first += 1;
            }
            if last % 2 == 1 {
                last -= 1;
                found = widest(found, of(last));
            }
            (first, last) = (first / 2, last / 2);
        }
        found
    }
}

pub(super) fn widest(one: Bounds, other: Bounds) -> Bounds {
    match (one, other) {
        (Some((a, b)), Some((c, d))) => Some((a.min(c), b.max(d))),
        (one, other) => one.or(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_part_is_as_if_counted_one_by_one(
            numbers in prop::collection::vec(prop::option::of(-50i64..50), 0..40),
            start in 0usize..45,
            length in 0usize..45,
        ) {
            let all: Vec<Option<Number>> = numbers.iter().map(|n| n.map(Number::from_millionths)).collect();
            let part = start.min(all.len())..(start + length).min(all.len());
            let members = || all[part.clone()].iter().flatten().copied();
            let (mut sums, mut extremes) = (Numbers::Sums(vec![(7, 7)]), Numbers::Extremes(vec![None; 3]));
            sums.fill(all.iter().copied());
            extremes.fill(all.iter().copied());
            let total: i128 = members().map(|number| i128::from(number.millionths())).sum();
            prop_assert_eq!(sums.sum(part.clone()), (total, members().count() as u64));
            prop_assert_eq!(extremes.extremes(part.clone()), members().min().zip(members().max()));
        }
    }
}
