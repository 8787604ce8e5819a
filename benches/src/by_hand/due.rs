//! What is known of a user when it comes to placing, and what is due for them.

use super::{
    clock::Clock,
    placing::Placer,
    rules::{CHANNELS, COUPONS, Channel, GOLD_QUIET, RULES, STORE_EVENT, Within},
};
use crate::users::NOW_SECOND;

/// What a user said of a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Answer {
    #[default]
    None,
    Yes,
    No,
}

/// A past contact.
#[derive(Debug, Clone, Copy)]
pub(super) struct Past {
    pub(super) at: i64,
    pub(super) channel: Option<Channel>,
    pub(super) rule: Option<usize>,
    /// Which step of the rule sends that message.
    pub(super) step: Option<usize>,
    pub(super) is_coupon: bool,
    /// Whether it tells the touch that it was planned as.
    pub(super) has_id: bool,
}

impl Past {
    pub(super) fn new(at: i64, channel: &[u8], message: &[u8], rule: &[u8], has_id: bool) -> Self {
        let rule = RULES.iter().position(|known| known.name.as_bytes() == rule);
        let step = rule.and_then(|rule| {
            let sends = |name: &str| {
                name.as_bytes() == message
                    || rule == STORE_EVENT && matches!(message, b"store_event_a" | b"store_event_b")
            };
            RULES[rule].steps.iter().position(|step| sends(step.message))
        });
        let channel = CHANNELS.iter().position(|known| known.as_bytes() == channel);
        let is_coupon = COUPONS.iter().any(|known| known.as_bytes() == message);
        Self { at, channel, rule, step, is_coupon, has_id }
    }
}

/// Who is planned for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Who<'a> {
    pub(super) id: &'a str,
    pub(super) clock: &'a Clock,
    pub(super) consent: [Answer; 4],
    pub(super) reachable: [bool; 4],
    /// In order of time.
    pub(super) contacts: &'a [Past],
    /// When they ordered, in order of time.
    pub(super) orders: &'a [i64],
}

/// What made a rule due.
#[derive(Debug, Clone, Copy)]
pub(super) enum Key {
    /// A condition that came to hold, and the number of the repetition.
    Spell(i64, u32),
    /// An event of that id, which stands there among the texts of the user.
    Event(usize, usize),
    /// A moment on the clocks.
    Clock(i64),
}

/// A stretch on which the condition of a rule holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spell {
    pub(super) rule: usize,
    pub(super) start: i64,
    pub(super) ends: i64,
    /// From when on contacts belong to the next one.
    pub(super) before: i64,
}

/// A step that is due.
#[derive(Debug, Clone, Copy)]
pub(super) struct Due {
    pub(super) rule: usize,
    pub(super) step: usize,
    pub(super) key: Key,
    /// When the rule was due, without the step's delay and time of day.
    pub(super) from: i64,
    pub(super) due: i64,
    /// When the condition ends.
    pub(super) ends: i64,
    /// From when on contacts belong to the next time that the rule is due.
    pub(super) before: i64,
    /// When the last step before this one went.
    pub(super) sent: Option<i64>,
}

impl Within {
    pub(super) fn after(self, clock: &Clock, at: i64) -> i64 {
        match self {
            Self::Ever => i64::MAX,
            Self::Days(days) => clock.add_days(at, days),
            Self::Seconds(seconds) => at + seconds,
        }
    }
}

impl Who<'_> {
    /// When that step went, going by contacts that do not tell their touch.
    fn done(&self, rule: usize, step: usize, from: i64, before: i64) -> Option<i64> {
        let is_it = |past: &&Past| {
            past.rule == Some(rule) && past.step == Some(step) && !past.has_id && past.at >= from
        };
        self.contacts.iter().find(is_it).map(|past| past.at).filter(|at| *at < before)
    }

    /// The last contact of the rule that comes less than so many days after the one before it.
    fn last_contact(&self, rule: usize, mut last: i64, days: i64) -> i64 {
        let mut next = self.clock.add_days(last, days);
        let first = self.contacts.partition_point(|past| past.at <= last);
        for past in &self.contacts[first..] {
            if past.at >= next {
                break;
            }
            if past.rule == Some(rule) {
                last = past.at;
                next = self.clock.add_days(last, days);
            }
        }
        last
    }

    /// When they first ordered after that moment, if they did.
    pub(super) fn next_order(&self, at: i64) -> i64 {
        self.orders.get(self.orders.partition_point(|order| *order <= at)).copied().unwrap_or(i64::MAX)
    }

    pub(super) fn step_due(&self, rule: usize, step: usize, from: i64) -> i64 {
        let rule = &RULES[rule];
        let due = match rule.steps[step].delay_days {
            0 => from,
            days => self.clock.add_days(from, days),
        };
        rule.at.map_or(due, |at| self.clock.next_at(due, at))
    }
}

impl Placer {
    /// Quiet gold customers who were sent something while they had been quiet before: what follows it may still go.
    pub(super) fn begun(&mut self, who: &Who<'_>, quiet_days: i64) {
        let orders = who.orders;
        let mut before = None;
        for past in who.contacts.iter().filter(|past| past.rule == Some(GOLD_QUIET)) {
            let next = orders.partition_point(|at| *at <= past.at);
            let (Some(last), Some(&ends)) = (next.checked_sub(1), orders.get(next)) else { continue };
            let start = who.clock.add_days(orders[last], quiet_days);
            if start > past.at || before == Some(start) {
                continue;
            }
            before = Some(start);
            // What comes in the next stretch in which something went, or that holds now, belongs to that one.
            let later = who.contacts.iter().filter(|past| past.rule == Some(GOLD_QUIET) && past.at >= ends);
            let starts = later.filter_map(|past| {
                let last = orders[..orders.partition_point(|at| *at <= past.at)].last()?;
                Some(who.clock.add_days(*last, quiet_days)).filter(|start| *start <= past.at)
            });
            let now = orders.last().map(|last| who.clock.add_days(*last, quiet_days));
            let next = starts.chain(now.filter(|start| *start < who.clock.end)).min().unwrap_or(i64::MAX);
            self.turn(who, Spell { rule: GOLD_QUIET, start, ends, before: next }, 0, start);
        }
    }

    /// A condition holds from `start` to `ends`.
    pub(super) fn spell(&mut self, who: &Who<'_>, rule: usize, start: i64, ends: i64) {
        if start < who.clock.end && ends > NOW_SECOND {
            self.turn(who, Spell { rule, start, ends, before: i64::MAX }, 0, start);
        }
    }

    /// The repetition of that number is due at `from`.
    pub(super) fn turn(&mut self, who: &Who<'_>, spell: Spell, mut number: u32, mut from: i64) {
        let Spell { rule, start, ends, before } = spell;
        loop {
            let key = Key::Spell(start, number);
            let step = |step, due, sent| Due { rule, step, key, from, due, ends, before, sent };
            let Some(mut sent) = who.done(rule, 0, from, before) else {
                let due = who.step_due(rule, 0, from);
                if due < who.clock.end && from < ends {
                    self.push(step(0, due, None));
                }
                return;
            };
            if rule == GOLD_QUIET {
                let due = who.step_due(rule, 1, sent);
                match who.done(rule, 1, from, before) {
                    Some(at) => sent = sent.max(at),
                    None if due >= who.clock.end => return,
                    None => return self.push(step(1, due, Some(sent))),
                }
            }
            match self.again(who, rule, sent, from, ends) {
                Some(next) => (from, number) = (next, number + 1),
                None => return,
            }
        }
    }

    /// When a rule is due again that last went at `sent`.
    pub(super) fn again(&self, who: &Who<'_>, rule: usize, sent: i64, from: i64, ends: i64) -> Option<i64> {
        let days = RULES[rule].again_days?;
        let next = who.clock.add_days(who.last_contact(rule, sent, days), days);
        (next > from && next < who.clock.end && next < ends).then_some(next)
    }

    /// An event happened; `due` is when its rule is due. The next one of its kind came at `next`.
    pub(super) fn event(
        &mut self,
        who: &Who<'_>,
        rule: usize,
        id: &[u8],
        (moment, next): (i64, i64),
        due: i64,
    ) {
        let due = who.step_due(rule, 0, due);
        let is_over = RULES[rule].within.after(who.clock, due) <= NOW_SECOND;
        if is_over || due >= who.clock.end || who.done(rule, 0, moment, next).is_some() {
            return;
        }
        let key = Key::Event(self.texts.len(), id.len());
        self.texts.extend_from_slice(id);
        self.push(Due { rule, step: 0, key, from: moment, due, ends: i64::MAX, before: next, sent: None });
    }

    /// A day has come, as the clocks show it; the condition ends at `ends`.
    pub(super) fn date(&mut self, who: &Who<'_>, rule: usize, local: i64, ends: i64) {
        let due = who.clock.instant(local);
        let is_over = RULES[rule].within.after(who.clock, due) <= NOW_SECOND;
        if is_over || due >= who.clock.end || who.done(rule, 0, due, i64::MAX).is_some() {
            return;
        }
        self.push(Due {
            rule,
            step: 0,
            key: Key::Clock(local),
            from: due,
            due,
            ends,
            before: i64::MAX,
            sent: None,
        });
    }
}
