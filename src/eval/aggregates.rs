//! Numbers and values made of many events.

use std::collections::HashMap;

use super::{Reading, Situation, counts::Counted, members::Listing, values};
use crate::{
    number::Number,
    program::{EventId, FieldId, Set, SetId},
    snapshot::Value,
    syntax::ast::{Aggregate, Arithmetic, Pick},
    time::{Unit, Zone},
};

/// The members that count, and a field of theirs.
pub(super) struct Column<'a> {
    pub(super) counted: Counted<'a>,
    listing: Listing<'a>,
    situation: Situation<'a>,
    /// `None` for contacts, which have no fields.
    event: Option<EventId>,
    field: FieldId,
}

impl<'a> Column<'a> {
    pub(super) fn new(
        (counted, listing): (Counted<'a>, Listing<'a>),
        situation: &Situation<'a>,
        set: SetId,
        field: FieldId,
    ) -> Self {
        let event = match situation.program.arena.set(set) {
            Set::Events { event, .. } => Some(*event),
            Set::Contacts(_) => None,
        };
        Self { counted, listing, situation: *situation, event, field }
    }

    fn value(&self, member: usize) -> Value {
        match self.event {
            Some(event) => self.situation.user.events(event).value(self.field, self.listing.row(member)),
            None => Value::Missing,
        }
    }

    /// The numbers, without those that are missing.
    fn numbers(&self) -> impl Iterator<Item = Number> {
        self.counted.members().filter_map(|member| match self.value(member) {
            Value::Number(number) => Some(number),
            _ => None,
        })
    }

    /// An aggregate of the numbers, missing over none but for the total, and a stretch on which it is that.
    pub(super) fn aggregate(&self, kind: Aggregate) -> Reading {
        let sum =
            |so_far: (i128, u64), number: Number| (so_far.0 + i128::from(number.millionths()), so_far.1 + 1);
        let number = match kind {
            Aggregate::Total => {
                let (total, _) = self.numbers().fold((0, 0), sum);
                i64::try_from(total).ok().map(Number::from_millionths)
            }
            Aggregate::Average => {
                let (total, count) = self.numbers().fold((0, 0), sum);
                Number::mean(total, count)
            }
            Aggregate::Smallest => self.numbers().min(),
            Aggregate::Largest => self.numbers().max(),
        };
        let (from, until) = self.counted.unchanged();
        Reading { value: number.map_or(Value::Missing, Value::Number), from, until }
    }

    /// The value in one member, or the one that is most common, and a stretch on which it is that.
    pub(super) fn pick(&self, which: Pick) -> Reading {
        let (member, from, until) = match which {
            Pick::First => self.counted.first(),
            Pick::Last => self.counted.last(),
            Pick::MostCommon => {
                let (from, until) = self.counted.unchanged();
                return Reading { value: self.most_common(), from, until };
            }
        };
        // It is the member's value even if that is missing.
        Reading { value: member.map_or(Value::Missing, |member| self.value(member)), from, until }
    }

    /// The value that occurs most often; of two, the one that occurred later.
    fn most_common(&self) -> Value {
        let mut seen: HashMap<Value, (usize, usize)> = HashMap::new();
        for member in self.counted.members() {
            let value = self.value(member);
            if value != Value::Missing {
                let (count, last) = seen.entry(value).or_default();
                (*count, *last) = (*count + 1, member);
            }
        }
        // No two have the same last member, so the order of the map does not matter.
        seen.into_iter().max_by_key(|(_, rank)| *rank).map_or(Value::Missing, |(value, _)| value)
    }
}

/// Complete units from the first to the last, divided by their number less one.
pub(super) fn rhythm(zone: &Zone, counted: &Counted<'_>, unit: Unit) -> Value {
    let mut members = counted.members();
    let (Some(first), Some(last)) = (members.next(), members.next_back()) else { return Value::Missing };
    let between = values::whole(zone.complete(counted.at(first), counted.at(last), unit));
    let spaces = counted.number().saturating_sub(1);
    let spaces = values::whole(i64::try_from(spaces).unwrap_or(i64::MAX));
    values::arithmetic(between, Arithmetic::Divide, spaces)
}
