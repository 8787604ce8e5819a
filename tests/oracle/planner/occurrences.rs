//! The times that a rule is due (section 5).

use std::collections::HashSet;

use courtesy::{
    program::{DateSource, DateTrigger, Rule, RuleId, Set, Trigger},
    time::{Instant, Period, Unit},
};

use super::recurrences::{self, Named};
use crate::world::{Spell, World, shift};

/// More days than so many units last.
fn days(count: i64, unit: Unit) -> i64 {
    match unit {
        Unit::Minute => count / 1_440 + 1,
        Unit::Hour => count / 24 + 1,
        Unit::Day => count,
        Unit::Week => count * 7,
        Unit::Month => count * 31,
        Unit::Year => count * 366,
    }
}

/// More days than a sequence of the rule lasts: every step may go at the end of its life.
fn days_of_sequence(rule: &Rule) -> i64 {
    let all = |period: Option<Period>| period.map_or(0, |period| days(period.count.into(), period.unit));
    // Each time of day may add a day or two.
    rule.steps.iter().fold(all(rule.delay) + 2, |sum, step| sum + all(step.delay) + all(rule.deadline) + 2)
}

/// One time that a rule is due.
#[derive(Clone, Debug)]
pub struct Occurrence {
    pub rule: RuleId,
    pub key: String,
    pub moment: Instant,
    /// For rules by a condition.
    pub spell: Option<Spell>,
}

/// All occurrences of a rule that may still matter, in order of their moments.
pub fn occurrences(world: &World<'_>, id: RuleId, end: Instant) -> Vec<Occurrence> {
    let rule = &world.program.rules[id.index()];
    let first_contact = world.contacts.first().map_or(world.now, |one| one.what.at.min(world.now));
    let mut found = match &rule.trigger {
        Trigger::Condition => {
            let back = world.clock.step(first_contact, -60, Unit::Day);
            spells(world, id, rule, back, end)
        }
        Trigger::Event(set) => events(world, id, world.program.arena.set(*set)),
        Trigger::Dates(dates) => {
            let back = world.clock.step(first_contact, -days_of_sequence(rule), Unit::Day);
            self::dates(world, id, dates, back, end)
        }
    };
    found.sort_by_key(|one| one.moment);
    found
}

fn spells(world: &World<'_>, id: RuleId, rule: &Rule, back: Instant, end: Instant) -> Vec<Occurrence> {
    let spells = world.spells(rule.condition.unwrap(), back, end);
    let occurrence = |spell: Spell| Occurrence {
        rule: id,
        key: spell.start.to_string(),
        moment: spell.start,
        spell: Some(spell),
    };
    spells.into_iter().map(occurrence).collect()
}

fn events(world: &World<'_>, id: RuleId, set: &Set) -> Vec<Occurrence> {
    let Set::Events { event, .. } = set else { return Vec::new() };
    let events = world.user.events(*event);
    let set = world.program.rules[id.index()].trigger.clone();
    let Trigger::Event(set) = set else { return Vec::new() };
    let admitted = world.all(set);
    admitted
        .iter()
        .map(|&(moment, row)| {
            let key = match events.id(row) {
                Some(id) => id.to_owned(),
                None => {
                    let first = events.at.iter().position(|at| *at == moment).unwrap();
                    format!("{moment} {}", row - first + 1)
                }
            };
            Occurrence { rule: id, key, moment, spell: None }
        })
        .collect()
}

fn dates(
    world: &World<'_>,
    id: RuleId,
    trigger: &DateTrigger,
    from: Instant,
    to: Instant,
) -> Vec<Occurrence> {
    let day = |at, ahead| shift(world.clock.civil(at).date(), ahead, Unit::Day).unwrap();
    // Room for the offset of the trigger.
    let room = days(trigger.offset.0.abs(), trigger.offset.1) + 3;
    let range = (day(from, -room), day(to, room));
    let named: Vec<Named> = match &trigger.source {
        DateSource::Fixed(recurrence) => recurrences::fixed(world, recurrence, range, trigger.at),
        DateSource::Attribute { attribute, once } => {
            let date = world.date(world.user.attribute(*attribute));
            date.map_or_else(Vec::new, |date| recurrences::returns(date, *once, range))
        }
        DateSource::Since { attribute, period } => {
            recurrences::since(world, world.user.attribute(*attribute), *period, range, trigger.at)
        }
    };
    let (mut found, mut moments) = (Vec::new(), HashSet::new());
    for one in named {
        let Some((civil, moment)) = one.resolve(world, trigger) else { continue };
        // Two civil times that stand for one instant are due once, by the first.
        if moment < from || moment >= to || !moments.insert(moment) {
            continue;
        }
        found.push(Occurrence { rule: id, key: civil.to_string(), moment, spell: None });
    }
    found
}
