//! Questions that have one answer for all users: what days there are in a span, and what dates rules are due by.

use super::{
    leaves::{LeafId, Leaves},
    range::May,
    span::{CLOCKS, Era, Span, Spans},
};
use crate::{
    program::{Condition, ConditionId, DateSource, Expression, Program, RuleId, Trigger},
    snapshot::Value,
    syntax::ast::DateTest,
    time::{Date, DayOffset, Instant, Zone},
};

/// Spans of more days are not looked through.
const MOST_DAYS: usize = 400;

/// Everything that is asked about days.
#[derive(Debug, Default)]
pub(super) struct Days {
    conditions: Vec<(LeafId, ConditionId, Era)>,
    /// Rules that are due by the same dates for all, and how long ago that may be, in microseconds.
    rules: Vec<(LeafId, RuleId, i64)>,
    spans: Option<Spans>,
    answers: Vec<(LeafId, May)>,
}

impl Days {
    /// Whether a condition over today holds.
    pub(super) fn ask(&mut self, condition: ConditionId, era: Era, leaves: &mut Leaves) -> LeafId {
        let leaf = leaves.add(May::ANY);
        self.conditions.push((leaf, condition, era));
        leaf
    }

    /// Whether a date by which the rule is due lies ahead, or is no older than `age` microseconds.
    pub(super) fn ask_rule(&mut self, rule: RuleId, age: i64, leaves: &mut Leaves) -> LeafId {
        let leaf = leaves.add(May::ANY);
        self.rules.push((leaf, rule, age));
        leaf
    }

    pub(super) fn turn_to(&mut self, program: &Program, spans: Spans) {
        if self.spans == Some(spans) {
            return;
        }
        self.spans = Some(spans);
        self.answers.clear();
        for (leaf, condition, era) in &self.conditions {
            self.answers.push((*leaf, answer(program, *condition, spans.of(*era))));
        }
        for (leaf, rule, age) in &self.rules {
            self.answers.push((*leaf, due(program, *rule, *age, spans.ahead)));
        }
    }

    pub(super) fn answer(&self, leaves: &mut Leaves) {
        self.answers.iter().for_each(|(leaf, may)| leaves.set_all(*leaf, *may));
    }
}

/// All days that are today somewhere in the span, in whatever zone, and perhaps a few more.
fn days(span: Span) -> Option<Vec<Date>> {
    let utc = Zone::utc();
    let last = utc.date(span.until.plus_micros(CLOCKS));
    let mut days = vec![utc.date(span.from.plus_micros(-CLOCKS))];
    while let Some(day) = days.last().filter(|day| **day < last) {
        let next = day.tomorrow().ok()?;
        if days.len() >= MOST_DAYS {
            return None;
        }
        days.push(next);
    }
    Some(days)
}

fn answer(program: &Program, condition: ConditionId, span: Span) -> May {
    let Some(days) = days(span) else { return May::ANY };
    let on = |holds: &dyn Fn(Date) -> bool| May {
        hold: days.iter().any(|day| holds(*day)),
        fail: days.iter().any(|day| !holds(*day)),
    };
    match program.arena.condition(condition) {
        Condition::TodayWeekday(set) => on(&|day| set.contains(day.weekday())),
        Condition::TodayIn(calendar) => match program.calendars.get(calendar.index()) {
            Some(named) => on(&|day| named.calendar.contains(day)),
            None => May::ANY,
        },
        Condition::TodayOneOf(dates) => on(&|day| dates.binary_search(&day).is_ok()),
        Condition::TodayDate(test, date) => match program.arena.expression(*date) {
            Expression::Constant(Value::Date(date)) => on(&|day| match test {
                DateTest::On => day == *date,
                DateTest::Before => day < *date,
                DateTest::After => day > *date,
                DateTest::OnOrAfter => day >= *date,
                DateTest::OnOrBefore => day <= *date,
            }),
            _ => May::ANY,
        },
        _ => May::ANY,
    }
}

/// Whether the rule is due by some date in the span or not long before, in whatever zone.
fn due(program: &Program, rule: RuleId, age: i64, ahead: Span) -> May {
    let Some(Trigger::Dates(dates)) = program.rules.get(rule.index()).map(|rule| &rule.trigger) else {
        return May::ANY;
    };
    let DateSource::Fixed(recurrence) = &dates.source else { return May::ANY };
    let (count, unit) = dates.offset;
    let utc = Zone::utc();
    let from: Instant = ahead.from.plus_micros(-age.saturating_add(CLOCKS));
    let until = ahead.until.plus_micros(CLOCKS);
    let mut found = recurrence.occurrences(&utc, dates.at, DayOffset::new(count, unit), from, until);
    May { hold: found.next().is_some(), fail: true }
}
