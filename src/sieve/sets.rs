//! Questions about the events of a user: how many, how long ago, with what in their fields.

use super::{
    leaves::{LeafId, Leaves},
    members::{Measure, Members},
    question::{Column, Question},
    range::{May, code},
    span::{Era, Reach, Spans},
};
use crate::{
    eval::{Situation, row_holds},
    program::{Condition, ConditionId, EventId, Expression, FieldId, Program, Set, SetId, Window},
    snapshot::Value,
    syntax::ast::Compare,
    time::Instant,
};

/// One window in one era, and what is asked of each measure in it.
#[derive(Debug)]
struct View {
    window: Window,
    era: Era,
    /// Where the window reaches in the span at hand.
    reach: Reach,
    measures: Vec<Measured>,
}

/// A measure, and what is asked of it.
#[derive(Debug)]
struct Measured {
    measure: Measure,
    questions: Vec<(LeafId, Question)>,
    /// What it is of the users at hand who have any.
    column: Column,
}

/// An event of the set that is this young or younger makes a rule due.
#[derive(Debug)]
struct Alarm {
    leaf: LeafId,
    /// How long ago it may be, in microseconds.
    age: i64,
}

/// What is asked of the events of one set.
#[derive(Debug, Default)]
struct Asked {
    views: Vec<View>,
    alarms: Vec<Alarm>,
}

/// The events of one set.
#[derive(Debug)]
struct Slot {
    set: SetId,
    asked: Asked,
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
    spans: Option<Spans>,
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
        let leaf = leaves.add(question.answer(measure.of_none()));
        let Some(slot) = self.slots.get_mut(slot) else { return leaf };
        let views = &mut slot.asked.views;
        let known = views.iter().position(|view| (view.window, view.era) == (window, era));
        let index = known.unwrap_or_else(|| {
            let reach = Reach { after: Instant::MIN, surely_from: Instant::MAX };
            views.push(View { window, era, reach, measures: Vec::new() });
            views.len() - 1
        });
        let Some(view) = views.get_mut(index) else { return leaf };
        let questions = vec![(leaf, question)];
        match view.measures.iter_mut().find(|known| known.measure == measure) {
            Some(known) => known.questions.extend(questions),
            None => view.measures.push(Measured { measure, questions, column: Column::default() }),
        }
        leaf
    }

    /// Asks whether there is an event of the set that is so many microseconds old at most.
    pub(super) fn alarm(&mut self, program: &Program, set: SetId, age: i64, leaves: &mut Leaves) -> LeafId {
        let slot = self.slot(program, set);
        let leaf = leaves.add(May::surely(false));
        if let Some(slot) = self.slots.get_mut(slot) {
            slot.asked.alarms.push(Alarm { leaf, age });
        }
        leaf
    }

    fn slot(&mut self, program: &Program, set: SetId) -> usize {
        if let Some(known) = self.slots.iter().position(|slot| slot.set == set) {
            return known;
        }
        let index = self.slots.len();
        let mut slot = Slot { set, asked: Asked::default(), filter: None, at: Vec::new(), rows: Vec::new() };
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
    pub(super) fn turn_to(&mut self, program: &Program, spans: Spans) {
        if self.spans == Some(spans) {
            return;
        }
        self.spans = Some(spans);
        for view in self.slots.iter_mut().flat_map(|slot| &mut slot.asked.views) {
            view.reach = spans.of(view.era).reach(view.window, program.week_starts);
        }
    }

    /// Looks at a user, the one of that bit.
    pub(super) fn look_at(&mut self, s: &Situation<'_>, bit: u64, leaves: &mut Leaves) {
        let Some(spans) = self.spans else { return };
        let Self { slots, kinds, filled, .. } = self;
        for kind in kinds.iter() {
            let events = s.user.events(kind.event);
            let count = events.at.partition_point(|at| *at <= s.now);
            let Some(at) = events.at.get(..count).filter(|at| !at.is_empty()) else { continue };
            if let Some(slot) = kind.all.and_then(|slot| slots.get_mut(slot)) {
                slot.asked.look_at(&Members { at, rows: None, events }, s.now, spans, bit, leaves);
            }
            filled.clear();
            for (row, at) in at.iter().enumerate() {
                kind.sort_in(s, row, *at, slots, filled);
            }
            for slot in filled.iter() {
                let Some(slot) = slots.get_mut(*slot) else { continue };
                let members = Members { at: &slot.at, rows: Some(&slot.rows), events };
                slot.asked.look_at(&members, s.now, spans, bit, leaves);
                slot.at.clear();
                slot.rows.clear();
            }
        }
    }

    /// Answers what was asked of the users who were looked at.
    pub(super) fn conclude(&mut self, leaves: &mut Leaves) {
        let views = self.slots.iter_mut().flat_map(|slot| &mut slot.asked.views);
        for measured in views.flat_map(|view| &mut view.measures) {
            measured.column.answer_all(&measured.questions, leaves);
        }
    }
}

impl Asked {
    /// Measures the members of the user of that bit.
    fn look_at(&mut self, members: &Members<'_>, now: Instant, spans: Spans, bit: u64, leaves: &mut Leaves) {
        for alarm in &self.alarms {
            if members.at.last().is_some_and(|last| *last >= now.plus_micros(-alarm.age)) {
                leaves.set(alarm.leaf, bit, May::surely(true));
            }
        }
        for view in &mut self.views {
            let span = spans.of(view.era);
            let Some(counting) = members.counting(view.reach, span) else { continue };
            for measured in &mut view.measures {
                measured.column.push(bit, members.measure(measured.measure, &counting, span));
            }
        }
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
