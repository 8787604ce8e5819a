//! Numbers and values made of many events.

use super::{Evaluator, Reading, Situation, counts::Counted, members::Listing, sums::widest, values};
use crate::{
    number::Number,
    program::{EventId, ExpressionId, FieldId, Set, SetId, Window},
    snapshot::Value,
    syntax::ast::{Aggregate, Arithmetic, Pick},
    time::{Instant, Unit, Zone},
};

impl Evaluator {
    /// An aggregate of the numbers in a field, missing over none but for the total, and a stretch on which it is that.
    pub(super) fn aggregate(
        &mut self,
        s: &Situation<'_>,
        e: ExpressionId,
        (kind, set, field, window): (Aggregate, SetId, FieldId, Window),
        t: Instant,
    ) -> Reading {
        self.fill(s, set);
        let Self { epochs, members, sums, calendars, expiries, .. } = self;
        let expiries = expiries.of(epochs, set, window);
        let (counted, listing) = Counted::of(s, set, window, t, (members, calendars), expiries);
        let column = Column::new((counted, listing), s, set, field);
        let number = |member| match column.value(member) {
            Value::Number(number) => Some(number),
            _ => None,
        };
        let value = sums.of(epochs, e, listing.at.len(), number).and_then(|numbers| {
            let parts = column.counted.parts();
            match kind {
                Aggregate::Total | Aggregate::Average => {
                    let (total, count) = parts.fold((0, 0), |(total, count), part| {
                        let sum = numbers.sum(part);
                        (total + sum.0, count + sum.1)
                    });
                    match kind {
                        Aggregate::Average => Number::mean(total, count),
                        _ => i64::try_from(total).ok().map(Number::from_millionths),
                    }
                }
                Aggregate::Smallest | Aggregate::Largest => {
                    let all = parts.fold(None, |all, part| widest(all, numbers.extremes(part)));
                    all.map(|(least, most)| if kind == Aggregate::Smallest { least } else { most })
                }
            }
        });
        let (from, until) = column.counted.unchanged();
        Reading { value: value.map_or(Value::Missing, Value::Number), from, until }
    }

    /// The value in one member, or the one that is most common, and a stretch on which it is that.
    pub(super) fn pick(
        &mut self,
        s: &Situation<'_>,
        e: ExpressionId,
        (which, set, field, window): (Pick, SetId, FieldId, Window),
        t: Instant,
    ) -> Reading {
        self.fill(s, set);
        let Self { epochs, members, commons, calendars, expiries, .. } = self;
        let expiries = expiries.of(epochs, set, window);
        let (counted, listing) = Counted::of(s, set, window, t, (members, calendars), expiries);
        let column = Column::new((counted, listing), s, set, field);
        let counted = &column.counted;
        let (member, from, until) = match which {
            Pick::First => counted.first(),
            Pick::Last => counted.last(),
            Pick::MostCommon => {
                let common = commons.of(epochs, e, listing.at.len(), |member| column.value(member));
                let member = common.and_then(|common| common.within(counted.parts()));
                let (from, until) = counted.unchanged();
                (member, from, until)
            }
        };
        // It is the member's value even if that is missing.
        Reading { value: member.map_or(Value::Missing, |member| column.value(member)), from, until }
    }
}

/// The members that count, and a field of theirs.
struct Column<'a> {
    counted: Counted<'a>,
    listing: Listing<'a>,
    situation: Situation<'a>,
    /// `None` for contacts, which have no fields.
    event: Option<EventId>,
    field: FieldId,
}

impl<'a> Column<'a> {
    fn new(
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
