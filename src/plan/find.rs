//! Occurrences: when and by what a rule is due.

use super::{
    repeat::MOST_KNOWN,
    run::{MOST_TURNS, Run},
    sequence::Sequence,
};
use crate::{
    program::{ConditionId, DateSource, DateTrigger, EventId, Rule, RuleId, Set, SetId, Trigger},
    snapshot::Value,
    time::{Anchor, Date, DayOffset, Instant, Length, Period, Recurrence, Unit},
};

/// How many occurrences of a rule are looked for: one more than can have a turn, so that it is told.
const MOST: usize = MOST_TURNS + 1;

/// How many dates are looked for at a time, where no more are needed.
const BATCH: usize = 100;

/// Occurrences of a rule that were found, with more to follow.
pub(super) struct Batch {
    rule: RuleId,
    /// What identifies the last of them.
    last: String,
    moment: Instant,
    /// Of its event.
    row: usize,
}

impl Run<'_> {
    /// Finds the occurrences of a rule that something can still come of, and follows each to the step that waits.
    pub(super) fn find(&mut self, id: RuleId, rule: &Rule) {
        match &rule.trigger {
            Trigger::Condition => self.find_spells(id, rule, None),
            Trigger::Event(set) => self.find_events(id, rule, *set, None),
            Trigger::Dates(dates) => self.find_dates(id, rule, dates, None),
        }
    }

    /// Finds those that follow a batch, once the last of that is to have its turn.
    pub(super) fn find_more(&mut self, id: RuleId, rule: &Rule, key: &str) {
        let is_last = |batch: &Batch| batch.rule == id && batch.last == key;
        let Some(index) = self.batches.iter().position(is_last) else { return };
        let batch = self.batches.swap_remove(index);
        match &rule.trigger {
            Trigger::Condition => {}
            Trigger::Event(set) => self.find_events(id, rule, *set, Some(batch.row)),
            Trigger::Dates(dates) => self.find_dates(id, rule, dates, Some(batch.moment)),
        }
    }

    /// How many occurrences are looked for at a time. There may be millions of which hardly one has its filter fulfilled
    /// when it is its turn. Where priorities change over time, an order over all that can have a turn is needed.
    fn batch(&self, rule: &Rule) -> usize {
        let needs = rule.priority.map(|priority| self.world.program.arena.expression_needs(priority));
        if needs.is_none_or(|needs| !needs.time && !needs.contacts) { BATCH } else { MOST }
    }

    /// Ends a batch with an occurrence if there are enough and its first step waits for its turn.
    fn ends_batch(&mut self, most: usize, batch: Batch) -> bool {
        if self.queue.len() < most {
            return false;
        }
        let waits = self.queue.iter().any(|pending| {
            pending.step == 0 && pending.sequence.rule == batch.rule && pending.sequence.key == batch.last
        });
        if waits {
            self.batches.push(batch);
        }
        waits
    }

    /// Spells of a condition; only those that a touch which goes `since` then may have changed, if there is one.
    pub(super) fn find_spells(&mut self, id: RuleId, rule: &Rule, since: Option<Instant>) {
        let end = self.world.end;
        // One that ends there may go on now.
        let now = since.map_or(self.world.now, |at| at.plus_micros(-1).max(self.world.now));
        let mut spells: Vec<(Instant, Instant)> = Vec::new();
        match rule.condition {
            None => spells.push((Instant::MIN, Instant::MAX)),
            Some(condition) => {
                if since.is_none() && rule.steps.len() > 1 {
                    self.find_begun(id, rule, condition, &mut spells);
                }
                let current = self.world.stretch(condition, now, None);
                let mut from = now.next();
                if current.holds {
                    if let Some(spell) = self.world.spell_at(condition, now) {
                        from = spell.1;
                        spells.push(spell);
                    }
                } else if current.until >= end && spells.is_empty() {
                    return;
                }
                // Of those up to here all but one may have had their turn already.
                let most = spells.len() + 2 * MOST;
                while from < end
                    && spells.len() < most
                    && let Some(spell) = self.world.next_spell(condition, from, end)
                {
                    from = spell.1.max(from.next());
                    spells.push(spell);
                }
            }
        }
        spells.sort_unstable();
        spells.dedup_by_key(|(start, _)| *start);
        let zone = self.world.zone();
        for index in 0..spells.len() {
            let Some(&(start, ends)) = spells.get(index) else { break };
            if self.settled.contains(&(id, start)) {
                continue;
            }
            let due = rule.delay.map_or(start, |delay| zone.add(start, delay));
            let mut sequence = Sequence::new(id, start.to_string(), start, due, ends);
            sequence.next_moment = spells.get(index + 1).map_or(Instant::MAX, |(start, _)| *start);
            self.follow(sequence, 0, due);
        }
    }

    /// The spells in which the rule sent something; they may be over while their sequences are not.
    fn find_begun(
        &mut self,
        id: RuleId,
        rule: &Rule,
        condition: ConditionId,
        spells: &mut Vec<(Instant, Instant)>,
    ) {
        // The touches of the spell looked at last, if it is over.
        let mut of_spell: Option<(Instant, Vec<u128>)> = None;
        for contact in self.world.own_contacts(id) {
            if spells.last().is_some_and(|(start, end)| *start <= contact.at && contact.at < *end) {
                continue;
            }
            // A contact may itself have ended the spell.
            let before = contact.at.plus_micros(-1);
            let spell = match self.world.spell_at(condition, contact.at) {
                Some(spell) => Some(spell),
                None => self.world.spell_at(condition, before),
            };
            let Some((start, end)) = spell else { continue };
            // One that does not tell its rule proves it by its id; a spell that goes on needs no proof.
            if contact.rule.is_none() && end <= self.world.now {
                if of_spell.as_ref().is_none_or(|(known, _)| *known != start) {
                    of_spell = Some((start, self.touch_ids(id, rule, (start, end))));
                }
                let is_of_spell =
                    |(_, ids): &(Instant, Vec<u128>)| contact.touch_id.is_some_and(|id| ids.contains(&id));
                if !of_spell.as_ref().is_some_and(is_of_spell) {
                    continue;
                }
            }
            spells.push((start, end));
        }
    }

    /// The ids of all touches that a spell which is over can have made.
    fn touch_ids(&self, id: RuleId, rule: &Rule, (start, end): (Instant, Instant)) -> Vec<u128> {
        let first_contact = self.world.history().first().map_or(start, |contact| contact.at);
        // Of a spell that began always, repetitions are counted from contacts.
        let from = if start == Instant::MIN { first_contact } else { start };
        let repetitions = rule.again.map_or(0, |again| {
            let period = Length::of(again.count.into(), again.unit).mean().max(1);
            // Steps of the calendar may be shorter than they are on the whole, not by half.
            let most = end.as_micros().saturating_sub(from.as_micros()) / period * 2 + 2;
            u32::try_from(most).unwrap_or(MOST_KNOWN).min(MOST_KNOWN)
        });
        let sequence = Sequence::new(id, start.to_string(), start, start, end);
        let mut ids = Vec::new();
        for repetition in 0..=repetitions {
            self.each_touch_id(rule, &sequence, repetition, |id| ids.push(id));
        }
        ids
    }

    /// Those after a row, if one is given.
    fn find_events(&mut self, id: RuleId, rule: &Rule, set: SetId, after: Option<usize>) {
        let Set::Events { event, .. } = *self.world.program.arena.set(set) else { return };
        let events = self.world.user.events(event);
        let zone = self.world.zone();
        let due = |moment| rule.delay.map_or(moment, |delay| zone.add(moment, delay));
        let past = events.at.partition_point(|at| *at <= self.world.now);
        let Some(&latest) = past.checked_sub(1).and_then(|last| events.at.get(last)) else { return };
        if self.last_chance(rule, due(latest)) <= self.world.now {
            return;
        }
        // Latest first.
        let mut found: Vec<(usize, Instant, Instant)> = Vec::new();
        for row in self.world.members(set).into_iter().rev() {
            let Some(&moment) = events.at.get(row).filter(|at| **at <= self.world.now) else { continue };
            let due = due(moment);
            if self.last_chance(rule, due) <= self.world.now || after.is_some_and(|after| row <= after) {
                break;
            }
            found.push((row, moment, due));
        }
        let next = |index: usize| index.checked_sub(1).and_then(|later| found.get(later));
        let most = self.queue.len() + MOST;
        for (index, (row, moment, due)) in found.iter().enumerate().rev() {
            let key = self.event_key(event, *row, *moment);
            let mut sequence = Sequence::new(id, key.clone(), *moment, *due, Instant::MAX);
            sequence.next_moment = next(index).map_or(Instant::MAX, |(_, moment, _)| *moment);
            self.follow(sequence, 0, *due);
            if self.ends_batch(most, Batch { rule: id, last: key, moment: *moment, row: *row }) {
                break;
            }
        }
    }

    /// The event's id, else its instant and its number among the events of its type at that instant.
    fn event_key(&self, event: EventId, row: usize, moment: Instant) -> String {
        let events = self.world.user.events(event);
        match events.id(row) {
            Some(id) => id.to_owned(),
            None => {
                let first = events.at.partition_point(|at| *at < moment);
                format!("{moment} {}", row.saturating_sub(first) + 1)
            }
        }
    }

    /// Those after a moment, if one is given.
    fn find_dates(&mut self, id: RuleId, rule: &Rule, dates: &DateTrigger, after: Option<Instant>) {
        let own;
        // Of a date that the user has, only what does not lie before it.
        let mut first = None;
        let recurrence = match dates.source {
            DateSource::Fixed(ref recurrence) => recurrence,
            DateSource::Attribute { attribute, once } => {
                let Some(date) = self.date(self.world.user.attribute(attribute)) else { return };
                first = Some(date);
                own = if once {
                    Recurrence::Once(date)
                } else {
                    Recurrence::Yearly { month: date.month(), day: date.day() }
                };
                &own
            }
            DateSource::Since { attribute, period } => {
                let anchor = match self.world.user.attribute(attribute) {
                    Value::Date(date) => Anchor::Since(date),
                    Value::Instant(at) => Anchor::SinceInstant(at),
                    _ => return,
                };
                own = Recurrence::Every { period, anchor };
                &own
            }
        };
        let zone = self.world.zone();
        let offset = DayOffset::new(dates.offset.0, dates.offset.1);
        let mut from = self.first_date(rule);
        let last_contact = self.world.own_contacts(id).map(|contact| contact.at).max();
        if let Some(condition) = rule.condition.filter(|_| !self.looks_at_contacts(rule.condition)) {
            // Most users fail the filter throughout, which is cheaper to find than the dates.
            let now = self.world.stretch(condition, self.world.now, None);
            if !now.holds && now.from <= from && now.until >= self.world.end && last_contact.is_none() {
                return;
            }
        }
        if let Some(date) = first {
            from = from.max(offset.start(zone, date));
        }
        let end = self.world.end;
        let from_on = |from| recurrence.occurrences(zone, dates.at, offset, from, end).peekable();
        let mut found = from_on(after.map_or(from, |after| from.max(after.next())));
        let most = self.queue.len() + self.batch(rule);
        while let Some(occurrence) = found.next() {
            let due = rule.delay.map_or(occurrence.at, |delay| zone.add(occurrence.at, delay));
            if self.last_chance(rule, due) <= self.world.now {
                continue;
            }
            let key = occurrence.civil.to_string();
            let mut sequence = Sequence::new(id, key.clone(), occurrence.at, due, Instant::MAX);
            // What was sent says that it was not refused then.
            if last_contact.is_none_or(|at| at < occurrence.at)
                && let Some(from) = self.refused_until(rule, &sequence)
            {
                if from > occurrence.at {
                    found = from_on(from);
                }
                continue;
            }
            sequence.next_moment = found.peek().map_or(Instant::MAX, |next| next.at);
            self.follow(sequence, 0, due);
            if self.ends_batch(most, Batch { rule: id, last: key, moment: occurrence.at, row: 0 }) {
                break;
            }
        }
    }

    /// Whether the filter of a rule by dates refuses an occurrence, and an instant up to which it refuses all that follow:
    /// every minute of years may be one. A filter that looks at contacts is asked later.
    fn refused_until(&mut self, rule: &Rule, sequence: &Sequence) -> Option<Instant> {
        let condition = rule.condition.filter(|_| !self.looks_at_contacts(rule.condition))?;
        let asked = self.asked(rule, sequence);
        let now = self.world.stretch(condition, asked, None);
        let delays = [rule.delay, rule.steps.first().and_then(|step| step.delay)];
        // The ends of months may make a delay shorter by a few days.
        let days = if delays == [None, None] { 0 } else { 5 };
        (!now.holds).then(|| self.back(now.until, delays.into_iter().flatten(), days))
    }

    /// An instant before which no date can lie by which a step could still go.
    fn first_date(&self, rule: &Rule) -> Instant {
        let steps = rule.steps.iter().flat_map(|step| [step.delay, rule.deadline]);
        // Each time of day may add a day, and the ends of months a few.
        let days = 5 * (rule.steps.len() + 1);
        self.back(self.world.now, steps.chain([rule.delay]).flatten(), days)
    }

    /// An instant before another by some periods, and some days more.
    fn back(&self, at: Instant, periods: impl Iterator<Item = Period>, days: usize) -> Instant {
        let zone = self.world.zone();
        let at = periods.fold(at, |at, period| zone.step(at, -i64::from(period.count), period.unit));
        zone.step(at, -i64::try_from(days).unwrap_or(i64::MAX), Unit::Day)
    }

    /// The civil date of a date or an instant.
    fn date(&self, value: Value) -> Option<Date> {
        match value {
            Value::Date(date) => Some(date),
            Value::Instant(at) => Some(self.world.zone().date(at)),
            _ => None,
        }
    }
}
