//! The times that a rule is due (section 5).

use courtesy::{
    program::{DateSource, DateTrigger, Rule, RuleId, Set, Trigger},
    time::{Instant, Unit},
};

use super::recurrences::{self, Named};
use crate::world::{Spell, World, shift};

/// How long before the first contact and `now` dates are looked for: longer than any generated sequence lasts.
const DAYS_BACK: i64 = 150;

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
            let back = world.clock.step(first_contact, -DAYS_BACK, Unit::Day);
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
    let admitted = world.all(set).into_iter();
    admitted
        .map(|(moment, row)| {
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
    let range = (day(from, -800), day(to, 800));
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
    let mut found: Vec<Occurrence> = Vec::new();
    for one in named {
        let Some((civil, moment)) = one.resolve(world, trigger) else { continue };
        // Two civil times that stand for one instant are due once, by the first.
        if moment < from || moment >= to || found.iter().any(|other| other.moment == moment) {
            continue;
        }
        found.push(Occurrence { rule: id, key: civil.to_string(), moment, spell: None });
    }
    found
}
