//! What the checks of one user share: the record, the answers of conditions, and what was found.

use super::{Breach, BreachCode, record::Record};
use crate::{
    eval::{Evaluator, Situation},
    number::Number,
    program::{ConditionId, Expression, Program, Rule, Trigger},
    snapshot::{PastContact, User, Value},
    time::Instant,
};

/// The schedule of one user, being checked.
pub(super) struct Inspection<'a> {
    pub(super) program: &'a Program,
    pub(super) user: &'a User,
    /// Events after it do not exist.
    pub(super) now: Instant,
    pub(super) record: &'a Record<'a>,
    pub(super) evaluator: &'a mut Evaluator,
    /// What was found, each with the number of its touch in the record.
    pub(super) found: Vec<(usize, Breach)>,
}

impl Inspection<'_> {
    /// Writes down a breach; without effect on what is no touch of the schedule.
    pub(super) fn report(
        &mut self,
        index: usize,
        code: BreachCode,
        problem: impl Into<String>,
        rule_text: &str,
        others: &[usize],
    ) {
        let Some(touch) = self.record.get(index).and_then(|(_, entry)| entry.touch) else { return };
        let others = self.record.concerned(self.program, others);
        let (problem, rule_text) = (problem.into(), rule_text.to_owned());
        self.found.push((index, Breach { code, touch: touch.clone(), problem, rule_text, others }));
    }

    /// Whether the condition holds for that contact when it goes; if there is none, it does.
    ///
    /// Of conditions over contacts the contact itself is left out: `no contact in 7 days` asks what was before it.
    pub(super) fn holds(&mut self, condition: Option<ConditionId>, index: usize) -> bool {
        self.holds_without(condition, index, index)
    }

    /// Whether the condition held when a contact went, as it was asked when `placed` was given its place.
    pub(super) fn holds_without(
        &mut self,
        condition: Option<ConditionId>,
        index: usize,
        placed: usize,
    ) -> bool {
        let Some(condition) = condition else { return true };
        let Some((contact, _)) = self.record.get(index) else { return false };
        if !self.program.arena.condition_needs(condition).contacts {
            return self.evaluator.holds(&self.situation(&self.record.contacts), condition, contact.at);
        }
        let others = self.others(placed);
        self.evaluator.contacts_changed();
        let holds = self.evaluator.holds(&self.situation(&others), condition, contact.at);
        self.evaluator.contacts_changed();
        holds
    }

    fn situation<'c>(&self, contacts: &'c [PastContact]) -> Situation<'c>
    where
        Self: 'c,
    {
        Situation { program: self.program, user: self.user, now: self.now, contacts, sequence: None }
    }

    fn others(&self, index: usize) -> Vec<PastContact> {
        let others = self.record.contacts.iter().enumerate().filter(|(other, _)| *other != index);
        others.map(|(_, contact)| contact.clone()).collect()
    }

    /// The rule that made the contact, if it is known.
    pub(super) fn rule(&self, index: usize) -> Option<(usize, &Rule)> {
        let rule = self.record.contacts.get(index)?.rule?;
        Some((rule.index(), self.program.rules.get(rule.index())?))
    }

    /// Whether a touch that ignores caps must have been in its place before another one was given its own, which so had
    /// to keep away from it (placing goes by priority, due time and file; 7.1 of the semantics).
    ///
    /// Where it cannot be told, it was not, so that no sound schedule is blamed. Touches whose rules or due times are not
    /// known are taken to be placed in order of time.
    pub(super) fn went_before(&mut self, ignoring: usize, other: usize) -> bool {
        let record = self.record;
        let (Some((_, first)), Some((_, second))) = (record.get(ignoring), record.get(other)) else {
            return false;
        };
        let (Some(first), Some(second)) = (first.touch, second.touch) else {
            return first.touch.is_none();
        };
        let Some((first_place, rule)) = self.rule(ignoring) else { return false };
        let arena = &self.program.arena;
        let waits = |condition: Option<ConditionId>| {
            condition.is_some_and(|condition| arena.condition_needs(condition).contacts)
        };
        if waits(rule.condition) {
            return false;
        }
        let fifty = Number::from_millionths(50_000_000);
        let priority = match rule.priority.map(|priority| arena.expression(priority)) {
            None => fifty,
            Some(Expression::Constant(Value::Number(number))) => *number,
            Some(_) => return false,
        };
        let in_time = first.at <= second.at;
        if matches!(rule.trigger, Trigger::Event(_))
            && first.due.is_none_or(|due| due > second.at)
            && !in_time
        {
            // What the user did may have come after the other touch was sent.
            return false;
        }
        let Some((second_place, rule)) = self.rule(other) else { return in_time };
        let asked_at = second.due.unwrap_or(second.at);
        let its_priority = match rule.priority {
            None => fifty,
            Some(expression) if arena.expression_needs(expression).contacts => return false,
            Some(expression) => {
                let situation = self.situation(&record.contacts);
                match self.evaluator.value(&situation, expression, asked_at) {
                    Value::Number(number) => number,
                    _ => fifty,
                }
            }
        };
        let Some((due, its_due)) = first.due.zip(second.due) else {
            return priority > its_priority || (priority == its_priority && in_time);
        };
        // The higher priority first, then the earlier due, then the earlier in the files.
        (its_priority, due, first_place) < (priority, its_due, second_place)
    }
}
