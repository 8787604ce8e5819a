//! Questions about the events of a user: how many, how long ago, with what in their fields.

use std::ops::Range as Indices;

use super::{
    leaves::{LeafId, Leaves},
    range::{Question, Range, code, millionths},
    span::{EARLIEST, Era, LATEST, Reach, Span},
};
use crate::{
    eval::{Situation, row_holds},
    number::Number,
    program::{Condition, ConditionId, EventId, Expression, FieldId, Program, Set, SetId, Window},
    snapshot::{Events, Value},
    syntax::ast::{Aggregate, Compare, Pick},
    time::Instant,
};

/// What is measured of the members of a set in a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Measure {
    /// Their number, in millionths.
    Count,
    /// The microseconds since the last.
    SinceLast,
    /// The microseconds since the first.
    SinceFirst,
    /// A number made of a field.
    Aggregate(Aggregate, FieldId),
    /// A field of the last one.
    Last(FieldId),
    /// A field of the first one.
    First(FieldId),
}

impl Measure {
    pub(super) const fn pick(which: Pick, field: FieldId) -> Option<Self> {
        match which {
            Pick::Last => Some(Self::Last(field)),
            Pick::First => Some(Self::First(field)),
            Pick::MostCommon => None,
        }
    }
}

/// One measure in one window and era, and what is asked of it.
#[derive(Debug)]
struct Feature {
    measure: Measure,
    window: Window,
    era: Era,
    /// Where the window reaches in the span at hand.
    reach: Reach,
    questions: Vec<(LeafId, Question)>,
}

/// An event of the set that is this young or younger makes a rule due.
#[derive(Debug)]
struct Alarm {
    leaf: LeafId,
    /// How long ago it may be, in microseconds.
    age: i64,
}

/// The events of one set.
#[derive(Debug)]
struct Slot {
    set: SetId,
    features: Vec<Feature>,
    alarms: Vec<Alarm>,
    /// What must hold of a row, besides what it was found by; none if that was all.
    filter: Option<ConditionId>,
    /// The members of the user at hand; not used where the set has all events of its type.
    at: Vec<Instant>,
    rows: Vec<u32>,
}

/// The sets of the events of one type.
#[derive(Debug)]
struct Kind {
    event: EventId,
    /// The slot of all of them.
    all: Option<usize>,
    /// Slots of those with a certain value in a field, in order of field and value.
    by_value: Vec<(FieldId, i64, usize)>,
    fields: Vec<FieldId>,
    /// Slots whose filter must be asked of each.
    others: Vec<usize>,
}

/// Everything that is asked about events.
#[derive(Debug, Default)]
pub(super) struct Sets {
    slots: Vec<Slot>,
    kinds: Vec<Kind>,
    filled: Vec<usize>,
    eras: [Option<Span>; 2],
}

impl Sets {
    /// Asks about a measure of a set of events.
    pub(super) fn ask(
        &mut self,
        program: &Program,
        set: SetId,
        (measure, window, era): (Measure, Window, Era),
        question: Question,
        leaves: &mut Leaves,
    ) -> LeafId {
        let slot = self.slot(program, set);
        let leaf = leaves.add(question.answer(none(measure)));
        let Some(slot) = self.slots.get_mut(slot) else { return leaf };
        let known = slot
            .features
            .iter_mut()
            .find(|feature| (feature.measure, feature.window, feature.era) == (measure, window, era));
        match known {
            Some(feature) => feature.questions.push((leaf, question)),
            None => slot.features.push(Feature {
                measure,
                window,
                era,
                reach: Reach { after: Instant::MIN, surely_from: Instant::MAX },
                questions: vec![(leaf, question)],
            }),
        }
        leaf
    }

    /// Asks whether there is an event of the set that is so many microseconds old at most.
    pub(super) fn alarm(&mut self, program: &Program, set: SetId, age: i64, leaves: &mut Leaves) -> LeafId {
        let slot = self.slot(program, set);
        let leaf = leaves.add(super::range::May::surely(false));
        if let Some(slot) = self.slots.get_mut(slot) {
            slot.alarms.push(Alarm { leaf, age });
        }
        leaf
    }

    fn slot(&mut self, program: &Program, set: SetId) -> usize {
        if let Some(known) = self.slots.iter().position(|slot| slot.set == set) {
            return known;
        }
        let index = self.slots.len();
        let mut slot = Slot {
            set,
            features: Vec::new(),
            alarms: Vec::new(),
            filter: None,
            at: Vec::new(),
            rows: Vec::new(),
        };
        if let Set::Events { event, filter } = program.arena.set(set) {
            let kind = match self.kinds.iter().position(|kind| kind.event == *event) {
                Some(known) => known,
                None => {
                    self.kinds.push(Kind {
                        event: *event,
                        all: None,
                        by_value: Vec::new(),
                        fields: Vec::new(),
                        others: Vec::new(),
                    });
                    self.kinds.len() - 1
                }
            };
            if let Some(kind) = self.kinds.get_mut(kind) {
                slot.filter = kind.enter(program, *filter, index);
            }
        }
        self.slots.push(slot);
        index
    }

    /// Turns to a span: works out where each window reaches.
    pub(super) fn turn_to(&mut self, program: &Program, ahead: Span, around: Span) {
        if self.eras == [Some(ahead), Some(around)] {
            return;
        }
        self.eras = [Some(ahead), Some(around)];
        for feature in self.slots.iter_mut().flat_map(|slot| &mut slot.features) {
            let span = if feature.era == Era::Ahead { ahead } else { around };
            feature.reach = span.reach(feature.window, program.week_starts);
        }
    }

    /// Answers for a user, the one of that bit.
    pub(super) fn answer(&mut self, s: &Situation<'_>, bit: u64, leaves: &mut Leaves) {
        let [Some(ahead), Some(around)] = self.eras else { return };
        let Self { slots, kinds, filled, .. } = self;
        for kind in kinds.iter() {
            let events = s.user.events(kind.event);
            let count = events.at.partition_point(|at| *at <= s.now);
            let Some(at) = events.at.get(..count).filter(|at| !at.is_empty()) else { continue };
            let spans = |era| if era == Era::Ahead { ahead } else { around };
            if let Some(slot) = kind.all.and_then(|slot| slots.get(slot)) {
                Members { at, rows: None, events }.answer(slot, s.now, spans, bit, leaves);
            }
            filled.clear();
            for (row, at) in at.iter().enumerate() {
                kind.sort_in(s, row, *at, slots, filled);
            }
            for slot in filled.iter().filter_map(|slot| slots.get(*slot)) {
                let members = Members { at: &slot.at, rows: Some(&slot.rows), events };
                members.answer(slot, s.now, spans, bit, leaves);
            }
            for slot in filled.iter() {
                if let Some(slot) = slots.get_mut(*slot) {
                    slot.at.clear();
                    slot.rows.clear();
                }
            }
        }
    }
}

/// What is asked of a set without members.
const fn none(measure: Measure) -> Range {
    match measure {
        Measure::Count | Measure::Aggregate(Aggregate::Total, _) => Range::exactly(0),
        _ => Range::MISSING,
    }
}

impl Kind {
    /// Notes how the members of a slot are found; gives what is still to be asked of them.
    fn enter(&mut self, program: &Program, filter: Option<ConditionId>, slot: usize) -> Option<ConditionId> {
        let Some(filter) = filter else {
            self.all = Some(slot);
            return None;
        };
        let Some((field, codes, is_all)) = value_of(program, filter) else {
            self.others.push(slot);
            return Some(filter);
        };
        self.by_value.extend(codes.into_iter().map(|code| (field, code, slot)));
        self.by_value.sort_unstable();
        self.by_value.dedup();
        if !self.fields.contains(&field) {
            self.fields.push(field);
        }
        (!is_all).then_some(filter)
    }

    /// Puts an event into the slots that it belongs to.
    fn sort_in(
        &self,
        s: &Situation<'_>,
        row: usize,
        at: Instant,
        slots: &mut [Slot],
        filled: &mut Vec<usize>,
    ) {
        let mut put = |index: usize| {
            let Some(slot) = slots.get_mut(index) else { return };
            if slot.filter.is_none_or(|filter| row_holds(s, self.event, row, filter)) {
                if slot.at.is_empty() {
                    filled.push(index);
                }
                slot.at.push(at);
                slot.rows.push(u32::try_from(row).unwrap_or(u32::MAX));
            }
        };
        for field in &self.fields {
            let Some(code) = code(s.user.events(self.event).value(*field, row)) else { continue };
            let first = self.by_value.partition_point(|(other, value, _)| (*other, *value) < (*field, code));
            let same = |(other, value, _): &&(FieldId, i64, usize)| (*other, *value) == (*field, code);
            self.by_value.iter().skip(first).take_while(same).for_each(|(_, _, slot)| put(*slot));
        }
        self.others.iter().for_each(|slot| put(*slot));
    }
}

/// The field that must have one of some values for the filter to hold, those values, and whether the filter asks
/// for nothing else.
fn value_of(program: &Program, filter: ConditionId) -> Option<(FieldId, Vec<i64>, bool)> {
    let arena = &program.arena;
    let constant = |value: &Value| match value {
        // A date may be compared with an instant: such values have no common code.
        Value::Date(_) | Value::Instant(_) => None,
        value => code(*value),
    };
    match arena.condition(filter) {
        Condition::Compare { left, op: Compare::Is, right } => {
            match (arena.expression(*left), arena.expression(*right)) {
                (Expression::Field(field), Expression::Constant(value))
                | (Expression::Constant(value), Expression::Field(field)) => {
                    Some((*field, vec![constant(value)?], true))
                }
                _ => None,
            }
        }
        Condition::In { value, options } => {
            let Expression::Field(field) = arena.expression(*value) else { return None };
            let codes = options.iter().map(|option| match arena.expression(*option) {
                Expression::Constant(value) => constant(value),
                _ => None,
            });
            Some((*field, codes.collect::<Option<_>>()?, true))
        }
        Condition::And(parts) => {
            let (field, codes, _) = parts.iter().find_map(|part| match arena.condition(*part) {
                Condition::Compare { .. } | Condition::In { .. } => value_of(program, *part),
                _ => None,
            })?;
            Some((field, codes, false))
        }
        _ => None,
    }
}

/// The members of a set, those until `now`, at least one.
struct Members<'m> {
    at: &'m [Instant],
    /// Every row, if absent.
    rows: Option<&'m [u32]>,
    events: &'m Events,
}

/// Members by their place: those that can count in a window somewhere in a span, and those that do throughout.
struct Counting {
    possible: Indices<usize>,
    sure: Indices<usize>,
}

impl Members<'_> {
    fn answer(&self, slot: &Slot, now: Instant, spans: impl Fn(Era) -> Span, bit: u64, leaves: &mut Leaves) {
        for alarm in &slot.alarms {
            if self.at.last().is_some_and(|last| *last >= now.plus_micros(-alarm.age)) {
                leaves.set(alarm.leaf, bit, super::range::May::surely(true));
            }
        }
        for feature in &slot.features {
            let span = spans(feature.era);
            let range = self.measure(feature.measure, &self.counting(feature.reach, span), span);
            for (leaf, question) in &feature.questions {
                leaves.set(*leaf, bit, question.answer(range));
            }
        }
    }

    fn counting(&self, reach: Reach, span: Span) -> Counting {
        let first = self.at.partition_point(|at| *at <= reach.after);
        let first_sure = self.at.partition_point(|at| *at < reach.surely_from);
        let sure_end = self.at.partition_point(|at| *at <= span.from);
        Counting { possible: first..self.at.len(), sure: first_sure.max(first)..sure_end }
    }

    fn at(&self, member: usize) -> Instant {
        self.at.get(member).copied().unwrap_or(Instant::MIN)
    }

    fn value(&self, field: FieldId, member: usize) -> Value {
        let row = self.rows.map_or(Some(member), |rows| rows.get(member).map(|row| *row as usize));
        row.map_or(Value::Missing, |row| self.events.value(field, row))
    }

    fn measure(&self, measure: Measure, counting: &Counting, span: Span) -> Range {
        let Counting { possible, sure } = counting;
        if possible.is_empty() {
            return none(measure);
        }
        match measure {
            Measure::Count => Range::between(millionths(sure.len()), millionths(possible.len())),
            Measure::SinceLast => {
                let earliest = if sure.is_empty() { possible.start } else { sure.end - 1 };
                self.elapsed(earliest, possible.end - 1, counting, span)
            }
            Measure::SinceFirst => {
                let latest = if sure.is_empty() { possible.end - 1 } else { sure.start };
                self.elapsed(possible.start, latest, counting, span)
            }
            Measure::Last(field) if possible.end == sure.end && !sure.is_empty() => {
                Range::of(self.value(field, sure.end - 1))
            }
            Measure::First(field) if possible.start == sure.start && !sure.is_empty() => {
                Range::of(self.value(field, sure.start))
            }
            Measure::Last(_) | Measure::First(_) => Range::UNKNOWN,
            Measure::Aggregate(kind, field) => self.aggregate(kind, field, counting),
        }
    }

    /// How long ago a member was that is one from `earliest` to `latest`, anywhere in the span.
    fn elapsed(&self, earliest: usize, latest: usize, counting: &Counting, span: Span) -> Range {
        let (earliest, latest) = (self.at(earliest), self.at(latest));
        if earliest < EARLIEST || span.until > LATEST {
            return Range::UNKNOWN;
        }
        let least = span.from.as_micros().saturating_sub(latest.as_micros()).max(0);
        let range = Range::between(least, span.until.as_micros().saturating_sub(earliest.as_micros()));
        if counting.sure.is_empty() { range.or_missing() } else { range }
    }

    fn aggregate(&self, kind: Aggregate, field: FieldId, counting: &Counting) -> Range {
        let Counting { possible, sure } = counting;
        let number = |member: usize| match self.value(field, member) {
            Value::Number(number) => Some((number.millionths(), sure.contains(&member))),
            _ => None,
        };
        let numbers = || possible.clone().filter_map(number);
        if kind == Aggregate::Total {
            let (mut least, mut most) = (0i128, 0i128);
            for (number, is_sure) in numbers() {
                let number = i128::from(number);
                least += if is_sure { number } else { number.min(0) };
                most += if is_sure { number } else { number.max(0) };
            }
            return match (i64::try_from(least), i64::try_from(most)) {
                (Ok(least), Ok(most)) => Range::between(least, most),
                // A total that is too large is missing.
                _ => Range::UNKNOWN,
            };
        }
        let mut all: Option<(i64, i64)> = None;
        let mut surely = all;
        let (mut total, mut count, mut is_all_sure) = (0i128, 0u64, true);
        let widen = |known: Option<(i64, i64)>, number: i64| match known {
            None => Some((number, number)),
            Some((least, most)) => Some((least.min(number), most.max(number))),
        };
        for (number, is_sure) in numbers() {
            all = widen(all, number);
            if is_sure {
                surely = widen(surely, number);
            }
            is_all_sure &= is_sure;
            (total, count) = (total + i128::from(number), count + 1);
        }
        let Some(all) = all else { return Range::MISSING };
        let range = match (kind, surely) {
            (Aggregate::Largest, Some(surely)) => Range::between(surely.1, all.1),
            (Aggregate::Smallest, Some(surely)) => Range::between(all.0, surely.0),
            (Aggregate::Average, _) if is_all_sure => match Number::mean(total, count) {
                Some(mean) => Range::exactly(mean.millionths()),
                None => Range::MISSING,
            },
            _ => Range::between(all.0, all.1),
        };
        if surely.is_none() { range.or_missing() } else { range }
    }
}
