//! Why nothing comes any more of what was due before.

use super::rule::Teller;
use crate::{
    program::{Condition, ConditionId, Expression, Trigger},
    snapshot::Value,
    syntax::ast::{DateTest, IfBlocked},
    time::Instant,
};

impl Teller<'_> {
    /// Why nothing comes of what has come up at that moment, or before it if that is not known.
    pub(super) fn over(&self, moment: Instant, is_known: bool) -> Option<String> {
        let (zone, now) = (self.zone(), self.now());
        let step = self.rule.steps.first()?;
        let asked = [self.rule.delay, step.delay].into_iter().flatten();
        let asked = asked.fold(moment, |at, delay| zone.add(at, delay));
        let due = step.at.map_or(asked, |time| zone.next_at_time(asked, time));
        if due > now {
            return None;
        }
        let limit = self.rule.deadline.map(|deadline| (zone.add(due, deadline), deadline));
        let when =
            if due == Instant::MIN || !is_known { String::new() } else { format!(", {}", self.at(due)) };
        if !matches!(self.rule.trigger, Trigger::Condition) {
            let fails = |filter: &ConditionId| !self.finder.ask.at(asked).holds(*filter);
            if self.rule.condition.as_ref().is_some_and(fails) {
                return Some(format!("Its condition did not hold when it was asked, {}.", self.at(asked)));
            }
            let before = limit.map_or(now, |(last, _)| last.min(now));
            if let Some(unless) = step.unless
                && let Some(at) = self.finder.ask.since(moment).first_holding(unless, due, before)
            {
                let text = self.finder.text(unless, None);
                let at = self.at(at);
                return Some(format!(
                    "It does not go: what it excludes was the case on {at} (`unless {text}`)."
                ));
            }
        }
        match limit {
            Some((last, deadline)) if last <= now => Some(format!(
                "It is too late for it: it may go only within {deadline} of when it was due{when}."
            )),
            _ if self.rule.if_blocked == IfBlocked::Drop => Some(format!(
                "It is too late for it: it had to go when it was due{when}, or as soon as the hours allowed it, or not at all \
                 (`if blocked drop`)."
            )),
            _ => None,
        }
    }

    /// Whether the condition can never hold again, whatever happens: it asks for days that are over.
    pub(super) fn is_over(&self, id: ConditionId) -> bool {
        let program = self.finder.ask.program();
        let today = self.zone().date(self.now());
        match program.arena.condition(id) {
            Condition::Constant(holds) => !holds,
            Condition::And(parts) => parts.iter().any(|part| self.is_over(*part)),
            Condition::Or(parts) => parts.iter().all(|part| self.is_over(*part)),
            Condition::TodayOneOf(dates) => dates.iter().all(|date| *date < today),
            Condition::TodayDate(test, date) => match (test, program.arena.expression(*date)) {
                (DateTest::On | DateTest::OnOrBefore, Expression::Constant(Value::Date(date))) => {
                    *date < today
                }
                (DateTest::Before, Expression::Constant(Value::Date(date))) => *date <= today,
                _ => false,
            },
            _ => false,
        }
    }
}
