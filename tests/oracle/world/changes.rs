//! The instants at which a condition may change: between two of them in a row it cannot.
//!
//! Every condition is made of what happens at an instant and of what runs out some steps after one. So a walk over
//! these instants sees all that a walk over every minute sees.

use std::rc::Rc;

use courtesy::{
    program::{Condition, ConditionId, Expression, ExpressionId, SetId, Window},
    snapshot::Value,
    time::{Date, Instant, Unit},
};

use super::{World, shift};

/// Where changes may lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// At that instant.
    At(Instant),
    /// At the start of every day.
    Days,
    /// At every step of a unit from that instant, in both directions.
    Steps(Instant, Unit),
    /// At that instant and every step of a unit after it.
    StepsAfter(Instant, Unit),
}

/// All the instants at which something may change.
#[derive(Debug)]
pub struct Changes {
    /// Those that stand alone, in order.
    once: Vec<Instant>,
    /// Those that come again and again.
    recurring: Vec<Change>,
}

impl Changes {
    pub fn new(list: Vec<Change>) -> Self {
        let (mut once, mut recurring) = (Vec::new(), Vec::new());
        for change in list {
            match change {
                Change::At(at) => once.push(at),
                other if !recurring.contains(&other) => recurring.push(other),
                _ => {}
            }
        }
        once.retain(|at| *at > Instant::MIN && *at < Instant::MAX);
        once.sort_unstable();
        once.dedup();
        Self { once, recurring }
    }

    /// Whether nothing but the day of the week can matter at an instant and before it: no change that stands alone lies
    /// there, and what is asked of today is asked by weekday or compared with what is not known yet.
    pub fn goes_by_weekday_before(&self, t: Instant) -> bool {
        self.once.first().is_none_or(|first| t < *first)
            && self.recurring.iter().all(|change| match change {
                Change::Days => true,
                Change::StepsAfter(from, _) => t < *from,
                Change::At(_) | Change::Steps(..) => false,
            })
    }

    /// The first after an instant.
    pub fn next(&self, world: &World<'_>, t: Instant) -> Option<Instant> {
        if let Some(minute) = world.minute_after(t) {
            return Some(minute);
        }
        let after = |change: &Change| match *change {
            Change::At(at) => Some(at),
            Change::Days => {
                let today = world.clock.today(t);
                (1..=2).filter_map(|ahead| world.day(shift(today, ahead, Unit::Day)?)).find(|at| *at > t)
            }
            Change::StepsAfter(from, _) if t < from => Some(from),
            Change::Steps(from, unit) | Change::StepsAfter(from, unit) => {
                let count = world.clock.complete(from, t, unit);
                (0..=2).map(|ahead| world.clock.step(from, count + ahead, unit)).find(|at| *at > t)
            }
        };
        let once = self.once.get(self.once.partition_point(|at| *at <= t)).copied();
        let recurring = self.recurring.iter().filter_map(after).filter(|at| *at > t && *at < Instant::MAX);
        recurring.chain(once).min()
    }

    /// The last before an instant.
    pub fn previous(&self, world: &World<'_>, t: Instant) -> Option<Instant> {
        if let Some(minute) = world.minute_before(t) {
            return Some(minute);
        }
        let before = |change: &Change| match *change {
            Change::At(at) => Some(at),
            Change::Days => {
                let today = world.clock.today(t);
                (-2..=0)
                    .rev()
                    .filter_map(|ahead| world.day(shift(today, ahead, Unit::Day)?))
                    .find(|at| *at < t)
            }
            Change::StepsAfter(from, _) if t <= from => None,
            Change::Steps(from, unit) | Change::StepsAfter(from, unit) => {
                let count = world.clock.complete(from, t, unit);
                (-2..=1).rev().map(|ahead| world.clock.step(from, count + ahead, unit)).find(|at| *at < t)
            }
        };
        let once = self.once[..self.once.partition_point(|at| *at < t)].last().copied();
        let recurring = self.recurring.iter().filter_map(before).filter(|at| *at < t && *at > Instant::MIN);
        recurring.chain(once).max()
    }
}

impl World<'_> {
    fn day(&self, date: Date) -> Option<Instant> {
        Some(self.clock.start_of_day(date))
    }

    pub fn changes(&self, condition: ConditionId) -> Rc<Changes> {
        let looks_at_contacts = self.program.arena.condition_needs(condition).contacts;
        let known = &if looks_at_contacts { &self.of_contacts } else { &self.of_events }.changes;
        if let Some(known) = known.borrow().get(&condition) {
            return known.clone();
        }
        let mut list = Vec::new();
        self.changes_of(condition, &mut list);
        let found = Rc::new(Changes::new(list));
        known.borrow_mut().insert(condition, found.clone());
        found
    }

    pub fn changes_of(&self, condition: ConditionId, out: &mut Vec<Change>) {
        match self.program.arena.condition(condition) {
            Condition::Constant(_)
            | Condition::SubscribedTo(_)
            | Condition::ReachableOn(_)
            | Condition::Share { .. } => {}
            Condition::And(parts) | Condition::Or(parts) => {
                parts.iter().for_each(|part| self.changes_of(*part, out));
            }
            Condition::Not(part) => self.changes_of(*part, out),
            Condition::Count { set, window, .. } => self.changes_of_set(*set, *window, out),
            Condition::Compare { left, right, .. } => {
                if !(self.crossings(*left, *right, out) || self.crossings(*right, *left, out)) {
                    self.changes_in(*left, out);
                    self.changes_in(*right, out);
                }
            }
            Condition::In { value, options } => {
                self.changes_in(*value, out);
                options.iter().for_each(|option| self.changes_in(*option, out));
            }
            Condition::Contains { value, part } => {
                self.changes_in(*value, out);
                self.changes_in(*part, out);
            }
            Condition::Known(value) | Condition::Truth(value) => self.changes_in(*value, out),
            Condition::TodayWeekday(_) => out.push(Change::Days),
            Condition::TodayIn(calendar) => {
                let calendar = &self.program.calendars[calendar.index()].calendar;
                calendar.dates().iter().for_each(|date| self.whole_day(*date, out));
            }
            Condition::TodayOneOf(dates) => dates.iter().for_each(|date| self.whole_day(*date, out)),
            Condition::TodayDate(_, date) => {
                self.changes_in(*date, out);
                match self.program.arena.expression(*date) {
                    Expression::Constant(_) | Expression::Attribute(_) => {
                        if let Some(date) = self.date(self.value(*date, self.now)) {
                            self.whole_day(date, out);
                        }
                    }
                    _ => out.push(Change::Days),
                }
            }
        }
    }

    /// The first instant of a day and of the next.
    fn whole_day(&self, date: Date, out: &mut Vec<Change>) {
        let days = [Some(date), date.tomorrow().ok()].into_iter().flatten();
        out.extend(days.map(|day| Change::At(self.clock.start_of_day(day))));
    }

    fn changes_of_set(&self, set: SetId, window: Window, out: &mut Vec<Change>) {
        for &(at, _) in &*self.all(set) {
            out.push(Change::At(at));
            match window {
                Window::Rolling(period) => out.push(Change::At(self.clock.add(at, period))),
                Window::Calendar(unit) => {
                    out.push(Change::At(self.clock.window(at, unit, self.program.week_starts).1));
                }
                Window::Ever | Window::Since(_) | Window::Sequence => {}
            }
        }
    }

    fn changes_in(&self, expression: ExpressionId, out: &mut Vec<Change>) {
        match self.program.arena.expression(expression) {
            Expression::Constant(_) | Expression::Attribute(_) | Expression::Field(_) => {}
            Expression::Negative(part) => self.changes_in(*part, out),
            Expression::Arithmetic { left, right, .. } => {
                self.changes_in(*left, out);
                self.changes_in(*right, out);
            }
            Expression::Count { set, window }
            | Expression::Aggregate { set, window, .. }
            | Expression::Rhythm { set, window, .. }
            | Expression::Pick { set, window, .. } => self.changes_of_set(*set, *window, out),
            Expression::SinceLast { unit, set, window } | Expression::SinceFirst { unit, set, window } => {
                self.changes_of_set(*set, *window, out);
                out.extend(self.all(*set).iter().map(|(at, _)| Change::StepsAfter(*at, *unit)));
            }
            Expression::Since { unit, moment } | Expression::Until { unit, moment } => {
                let moment = self.moment(self.value(*moment, self.now));
                out.extend(moment.map(|at| Change::Steps(at, *unit)));
            }
        }
    }

    /// Units since something, compared with what does not change over time: a count that only grows crosses a number
    /// when it reaches it and when it passes it.
    fn crossings(&self, counted: ExpressionId, other: ExpressionId, out: &mut Vec<Change>) -> bool {
        let arena = &self.program.arena;
        if arena.expression_needs(other).time || arena.expression_needs(other).contacts {
            return false;
        }
        let (unit, negative, moments) = match arena.expression(counted) {
            Expression::SinceLast { unit, set, window } | Expression::SinceFirst { unit, set, window } => {
                self.changes_of_set(*set, *window, out);
                (*unit, false, self.all(*set).iter().map(|(at, _)| *at).collect())
            }
            Expression::Since { unit, moment } => {
                (*unit, false, Vec::from_iter(self.moment(self.value(*moment, self.now))))
            }
            Expression::Until { unit, moment } => {
                (*unit, true, Vec::from_iter(self.moment(self.value(*moment, self.now))))
            }
            _ => return false,
        };
        // Every instant at which the value may be another number: an aggregate over events changes with them.
        let mut values = Vec::new();
        self.changes_in(other, &mut values);
        let instants =
            values.iter().filter_map(|change| if let Change::At(at) = change { Some(*at) } else { None });
        let instants: Vec<Instant> = instants.chain([Instant::MIN]).collect();
        out.append(&mut values);
        for t in instants {
            let Value::Number(number) = self.value(other, t) else { continue };
            let floor = number.millionths().div_euclid(1_000_000);
            for count in floor - 1..=floor + 2 {
                let count = if negative { -count } else { count };
                out.extend(moments.iter().map(|at| Change::At(self.clock.step(*at, count, unit))));
            }
        }
        true
    }
}
