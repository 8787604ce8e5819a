//! Steps find their places, one after the other.

use super::{
    due::{Due, Key, Spell, Who},
    pipeline::Counts,
    rules::{GOLD_QUIET, RULES},
    search::{Found, Mark, Probe, Reason, Reasons, search},
    touch::{Facts, Touch, bucket},
};
use crate::users::{DAY, NOW_SECOND};

/// Places what is due for one user after the other.
#[derive(Debug, Default)]
pub(super) struct Placer {
    queue: Vec<Due>,
    /// Ids of events.
    pub(super) texts: Vec<u8>,
    marks: Vec<Mark>,
    touches: Vec<Touch>,
    scratch: Vec<u8>,
    pub(super) counts: Counts,
}

/// What comes after a step.
enum Outcome {
    Sent(i64),
    Withheld,
    Waits,
    Ends,
}

impl Placer {
    pub(super) fn push(&mut self, due: Due) {
        self.queue.push(due);
    }

    /// Places everything that is due and writes the touches.
    pub(super) fn finish(&mut self, who: &Who<'_>, facts: &impl Facts, out: &mut Vec<u8>) {
        self.counts.users += 1;
        if self.queue.is_empty() {
            return;
        }
        self.marks.clear();
        let recent = who.contacts.iter().filter(|past| past.at > NOW_SECOND - 32 * DAY);
        self.marks.extend(recent.map(|past| Mark {
            at: past.at,
            channel: past.channel,
            is_coupon: past.is_coupon,
        }));
        let held_out = bucket("control-2026", who.id) < 500;
        while let Some(due) = self.next() {
            let outcome = self.settle(who, &due, held_out);
            if due.rule == GOLD_QUIET {
                self.go_on(who, due, &outcome);
            }
        }
        self.touches.sort_unstable_by_key(|touch| {
            (touch.at, -RULES[touch.due.rule].priority, touch.due.rule, touch.id)
        });
        self.counts.touches += self.touches.len() as u64;
        for touch in self.touches.drain(..) {
            touch.write(who, facts, &self.texts, out);
        }
        self.texts.clear();
    }

    /// The step whose turn it is.
    fn next(&mut self) -> Option<Due> {
        let turn = |due: &Due| (-RULES[due.rule].priority, due.due, due.rule, due.from, due.step);
        let first = (0..self.queue.len()).min_by_key(|index| turn(&self.queue[*index]))?;
        Some(self.queue.swap_remove(first))
    }

    fn settle(&mut self, who: &Who<'_>, due: &Due, held_out: bool) -> Outcome {
        let rule = &RULES[due.rule];
        let step = &rule.steps[due.step];
        let deadline = rule.within.after(who.clock, due.due);
        let (ends, ended) = match due.sent {
            None => (due.ends, Reason::ConditionEnded),
            Some(sent) => match who.next_order(sent) {
                i64::MAX => (i64::MAX, Reason::Unless),
                order => (order.max(due.due), Reason::Unless),
            },
        };
        let (limit, reason) = if deadline < ends { (deadline, Reason::Deadline) } else { (ends, ended) };
        if limit <= NOW_SECOND {
            return Outcome::Withheld;
        }
        let mut met = Reasons::default();
        let mut place = None;
        let mut too_late = false;
        for &channel in step.via {
            let probe = Probe { channel, is_coupon: step.is_coupon, at: rule.at };
            match search(who, &self.marks, &probe, due.due.max(NOW_SECOND), limit, &mut met) {
                Found::At(at) => {
                    place = Some((channel, at));
                    break;
                }
                Found::TooLate => too_late = true,
                Found::Never => {}
            }
        }
        if held_out && !step.is_service {
            met.note(Reason::HoldOut);
            return self.withhold(&met, Outcome::Withheld);
        }
        match place {
            Some((channel, at)) if at < who.clock.end => {
                let touch = Touch::new(who, *due, channel, at, met, &self.texts, &mut self.scratch);
                self.touches.push(touch);
                let place = self.marks.partition_point(|mark| mark.at <= at);
                self.marks.insert(place, Mark { at, channel: Some(channel), is_coupon: step.is_coupon });
                Outcome::Sent(at)
            }
            Some(_) => {
                met.note(Reason::Horizon);
                self.withhold(&met, Outcome::Waits)
            }
            None if too_late => {
                met.note(reason);
                let ended = reason == Reason::ConditionEnded;
                self.withhold(&met, if ended { Outcome::Ends } else { Outcome::Withheld })
            }
            None => self.withhold(&met, Outcome::Withheld),
        }
    }

    fn withhold(&mut self, met: &Reasons, outcome: Outcome) -> Outcome {
        self.counts.withheld += 1;
        for reason in met.list() {
            self.counts.reasons[usize::from(*reason)] += 1;
        }
        outcome
    }

    /// What follows a step of the one rule that has two.
    fn go_on(&mut self, who: &Who<'_>, due: Due, outcome: &Outcome) {
        let (from, sent) = match outcome {
            Outcome::Sent(at) => (*at, Some(*at)),
            Outcome::Withheld => (due.due, due.sent),
            Outcome::Waits | Outcome::Ends => return,
        };
        if due.step == 0 {
            let next = who.step_due(due.rule, 1, from);
            if next < who.clock.end && (sent.is_some() || next < due.ends) {
                self.push(Due { step: 1, due: next, sent, ..due });
            }
            return;
        }
        let Key::Spell(start, number) = due.key else { return };
        let Some(sent) = sent.max(due.sent) else { return };
        if let Some(next) = self.again(who, due.rule, sent, due.from, due.ends) {
            let spell = Spell { rule: due.rule, start, ends: due.ends, before: due.before };
            self.turn(who, spell, number + 1, next);
        }
    }
}
