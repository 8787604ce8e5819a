//! The repetitions of a sequence: `again after 90 days`.

use super::{run::Run, sequence::Sequence, touch_id::touch_id};
use crate::{
    program::{ConditionId, Rule, RuleId, Trigger},
    snapshot::PastContact,
    time::{Instant, Period},
};

/// The ids of the touches of how many repetitions are known, of those that are over.
pub(super) const MOST_KNOWN: u32 = 10_000;

impl Run<'_> {
    /// Turns to the next repetition, if the rule has one before the horizon.
    pub(super) fn repeat(&mut self, rule: &Rule, sequence: &mut Sequence) -> bool {
        let Some(again) = rule.again.filter(|_| matches!(rule.trigger, Trigger::Condition)) else {
            return false;
        };
        let mut further = 1;
        sequence.sent_before = sequence.last_sent.or(sequence.sent_before);
        sequence.reference = match sequence.last_sent {
            Some(last) => (self.last_contact(sequence.rule, last, again), 1),
            // Without a deadline it is not over before it was sent.
            None if self.last_chance(rule, sequence.due) == Instant::MAX => return false,
            None => {
                let (start, before) = sequence.reference;
                let next = self.next_of_interest(rule, sequence, again);
                further = next - before;
                (start, next)
            }
        };
        let (start, count) = sequence.reference;
        let due = self.periods_after(start, count, again);
        // A contact of this repetition may itself have put it off, to when the next one is due.
        let is_later = if sequence.last_sent.is_some() { due >= sequence.due } else { due > sequence.due };
        if !is_later || due >= self.world.end {
            return false;
        }
        sequence.repetition = sequence.repetition.saturating_add(u32::try_from(further).unwrap_or(u32::MAX));
        sequence.due = due;
        sequence.began = None;
        sequence.last_sent = None;
        // What was placed may have moved the end of the spell, or have begun another in which this is not due.
        if let Some(condition) = rule.condition.filter(|_| self.looks_at_contacts(rule.condition)) {
            sequence.ends = self.same_spell(condition, sequence, due).unwrap_or(due);
        }
        true
    }

    /// Whether contacts that were placed since a repetition was found put it off; then it is due later.
    pub(super) fn is_put_off(&self, rule: &Rule, sequence: &mut Sequence) -> bool {
        let Some((again, last)) = rule.again.zip(sequence.sent_before) else { return false };
        let (start, count) = sequence.reference;
        let now = self.last_contact(sequence.rule, last, again);
        if now == start {
            return false;
        }
        sequence.reference = (now, count);
        sequence.due = self.periods_after(now, count, again);
        true
    }

    /// Whether a repetition is so long past that none of its steps can go: then it takes no turn.
    pub(super) fn is_long_past(&self, rule: &Rule, sequence: &Sequence) -> bool {
        sequence.repetition > 0 && self.last_chance(rule, sequence.due) <= self.world.now
    }

    fn periods_after(&self, start: Instant, count: i64, again: Period) -> Instant {
        self.world.zone().step(start, count.saturating_mul(again.count.into()), again.unit)
    }

    /// The next repetition of which something can still come, or that a contact may be of; as a number of periods after
    /// the reference of a sequence that has sent nothing. What is long past is passed over: it may be thousands.
    fn next_of_interest(&self, rule: &Rule, sequence: &Sequence, again: Period) -> i64 {
        let (start, before) = sequence.reference;
        let next = before + 1;
        let is_past =
            |count| self.last_chance(rule, self.periods_after(start, count, again)) <= self.world.now;
        if start == Instant::MIN || !is_past(next) {
            return next;
        }
        let up_to = |at| self.world.zone().complete(start, at, again.unit) / i64::from(again.count).max(1);
        let (mut past, mut over) = (next, up_to(self.world.now) + 1);
        while over - past > 1 {
            let middle = past + (over - past) / 2;
            if is_past(middle) { past = middle } else { over = middle }
        }
        let begins = self.periods_after(start, next, again);
        if let Some(at) = self.claims.first_without_id(sequence.rule, begins) {
            over = over.min(up_to(at));
        }
        let within = if sequence.ends == Instant::MAX { over } else { over.min(up_to(sequence.ends) + 1) };
        self.first_made(rule, sequence, next..within).unwrap_or(over)
    }

    /// The first of some repetitions of which a contact in the history bears the id.
    fn first_made(&self, rule: &Rule, sequence: &Sequence, mut counts: std::ops::Range<i64>) -> Option<i64> {
        if self.world.own_contacts(sequence.rule).all(|contact| contact.touch_id.is_none()) {
            return None;
        }
        let is_own = |contact: &PastContact| contact.rule.is_none_or(|rule| rule == sequence.rule);
        let number = |count: i64| {
            let further = u32::try_from(count - sequence.reference.1).unwrap_or(u32::MAX);
            sequence.repetition.saturating_add(further)
        };
        let most = i64::from(MOST_KNOWN.saturating_sub(sequence.repetition));
        counts.end = counts.end.min(sequence.reference.1.saturating_add(most + 1));
        counts.find(|count| {
            let mut made = false;
            self.each_touch_id(rule, sequence, number(*count), |id| {
                made |= self.claims.with_id(id).any(is_own)
            });
            made
        })
    }

    /// The ids of the touches that a repetition can make.
    pub(super) fn each_touch_id(
        &self,
        rule: &Rule,
        sequence: &Sequence,
        repetition: u32,
        mut tell: impl FnMut(u128),
    ) {
        let channels = &self.world.program.channels;
        let key = sequence.key_of(repetition);
        for (step, number) in rule.steps.iter().zip(1..) {
            let mut tell = |channel: Option<&str>| {
                tell(touch_id(&rule.name, &self.world.user.id, &key, number, channel).0);
            };
            if !step.via.all {
                tell(None);
                continue;
            }
            for (_, channel) in self.each_channel(step) {
                let named = channel.and_then(|id| channels.get(id.index()));
                tell(named.map(|channel| channel.name.as_str()));
            }
        }
    }

    /// The end of the spell that a sequence began in, if it holds at an instant. What was placed may have ended it and
    /// begun another, which is an occurrence of its own.
    pub(super) fn same_spell(
        &mut self,
        condition: ConditionId,
        sequence: &Sequence,
        at: Instant,
    ) -> Option<Instant> {
        let (start, end) = self.world.spell_at(condition, at)?;
        (start == sequence.moment).then_some(end)
    }

    /// The last contact of the rule that lies less than a period after the one before it, from `last` on.
    pub(super) fn last_contact(&self, rule: RuleId, mut last: Instant, period: Period) -> Instant {
        let zone = self.world.zone();
        let contacts = self.world.contacts();
        let later = contacts.partition_point(|contact| contact.at <= last);
        let mut next = zone.add(last, period);
        for contact in contacts.iter().skip(later) {
            if contact.at >= next {
                break;
            }
            if contact.rule == Some(rule) {
                last = contact.at;
                next = zone.add(last, period);
            }
        }
        last
    }
}
