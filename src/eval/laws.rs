//! Laws that hold for random programs, users and instants: the evaluator agrees with the oracle, and stretches and
//! spells are what they say.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::{
    Evaluator, Situation, Spell,
    generator::{Tape, World},
    oracle,
};
use crate::{
    program::ConditionId,
    snapshot::{PastContact, Value},
    time::{CalendarUnit, Instant, Unit, Weekday},
};

/// Instants at which something may change, and those just before and after.
fn probes(world: &mut World, contacts: &[PastContact]) -> Vec<Instant> {
    let zone = world.user.zone;
    let mut found = BTreeSet::new();
    let mut bases: Vec<Instant> = world.user.events.iter().flat_map(|events| events.at.clone()).collect();
    bases.extend(contacts.iter().map(|contact| contact.at));
    bases.extend([world.anchor, world.now]);
    for value in &world.user.attributes {
        match value {
            Value::Date(date) => bases.push(zone.start_of_day(*date)),
            Value::Instant(at) => bases.push(*at),
            _ => {}
        }
    }
    for base in bases {
        found.insert(base);
        found.extend(world.periods.iter().map(|period| zone.add(base, *period)));
        for unit in [Unit::Day, Unit::Week, Unit::Month, Unit::Year, Unit::Hour] {
            found.extend((-3..=3).map(|count| zone.step(base, count, unit)));
        }
        found.insert(zone.step(base, i64::from(world.tape.below(60)) - 30, Unit::Day));
    }
    let mut day = zone.step(world.anchor, -50, Unit::Day);
    for _ in 0..100 {
        day = zone.window(day, CalendarUnit::Day, Weekday::Monday).1;
        found.insert(day);
    }
    for _ in 0..30 {
        found.insert(world.instant());
    }
    let all: BTreeSet<Instant> = found.iter().flat_map(|at| [at.plus_micros(-1), *at, at.next()]).collect();
    all.into_iter().collect()
}

struct Question<'q> {
    world: &'q World,
    situation: Situation<'q>,
    probes: &'q [Instant],
}

impl Question<'_> {
    fn holds(&self, c: ConditionId, t: Instant) -> bool {
        oracle::holds(&self.situation, c, t)
    }

    fn say(&self, c: ConditionId, t: Instant, what: &str) -> String {
        let condition = self.world.program.arena.condition(c);
        format!("{what}: {condition:?} at {t} in {}", self.world.user.zone.name())
    }

    /// The probes in a stretch: those near its ends, and of a long one some between.
    fn within(&self, from: Instant, until: Instant) -> impl Iterator<Item = Instant> {
        let first = self.probes.partition_point(|probe| *probe < from);
        let end = self.probes.partition_point(|probe| *probe < until).max(first);
        let step = (end - first) / 60 + 1;
        let inside = self.probes[first..end].iter().copied().enumerate();
        inside
            .filter(move |(index, _)| *index < 20 || *index + 20 >= end - first || index % step == 0)
            .map(|(_, probe)| probe)
    }

    /// Whether one of the probed instants is the first after one at which it does not hold.
    fn starts_within(&self, c: ConditionId, from: Instant, until: Instant) -> Option<Instant> {
        let mut held = self.holds(c, from.plus_micros(-1));
        for at in std::iter::once(from).chain(self.within(from, until)) {
            let holds = self.holds(c, at);
            if holds && !held {
                return Some(at);
            }
            held = holds;
        }
        None
    }

    fn check_stretch(
        &self,
        evaluator: &mut Evaluator,
        c: ConditionId,
        t: Instant,
    ) -> Result<(), TestCaseError> {
        let stretch = evaluator.stretch(&self.situation, c, t);
        prop_assert!(stretch.from <= t && t < stretch.until, "{} {stretch:?}", self.say(c, t, "empty"));
        let truth = self.holds(c, t);
        prop_assert_eq!(stretch.holds, truth, "{}", self.say(c, t, "stretch"));
        for probe in self.within(stretch.from, stretch.until) {
            let message = || format!("{} {stretch:?} fails at {probe}", self.say(c, t, "too long"));
            prop_assert_eq!(self.holds(c, probe), truth, "{}", message());
        }
        Ok(())
    }

    /// Whether it is the spell that holds `t`; of one that began before 1970, no more is known than that.
    fn check_spell(&self, c: ConditionId, t: Instant, spell: Spell) -> Result<(), TestCaseError> {
        let Spell { start, end } = spell;
        let say = || format!("{} {spell:?}", self.say(c, start, "spell"));
        prop_assert!(start < end, "{}", say());
        let from = if start == Instant::MIN { t.min(Instant::from_micros(-1)) } else { start };
        for probe in self.within(from, end) {
            prop_assert!(self.holds(c, probe), "{} fails at {probe}", say());
        }
        if start > Instant::MIN {
            prop_assert!(self.holds(c, start) && !self.holds(c, start.plus_micros(-1)), "{}", say());
        }
        if end < Instant::MAX {
            prop_assert!(self.holds(c, end.plus_micros(-1)) && !self.holds(c, end), "{}", say());
        }
        Ok(())
    }

    fn check_spells(
        &self,
        evaluator: &mut Evaluator,
        c: ConditionId,
        t: Instant,
        before: Instant,
    ) -> Result<(), TestCaseError> {
        let s = &self.situation;
        let spell = evaluator.spell_at(s, c, t);
        prop_assert_eq!(spell.is_some(), self.holds(c, t), "{}", self.say(c, t, "spell"));
        if let Some(spell) = spell {
            prop_assert!(spell.start <= t && t < spell.end, "{}", self.say(c, t, "spell elsewhere"));
            self.check_spell(c, t, spell)?;
            let until = evaluator.holds_until(s, c, t, before.max(t.next()));
            prop_assert_eq!(until, spell.end.min(before.max(t.next())), "{}", self.say(c, t, "holds until"));
        }
        let next = evaluator.next_spell(s, c, t, before);
        let seen = self.starts_within(c, t.max(Instant::from_micros(0)), before);
        if let Some(spell) = next {
            let fits = t <= spell.start && spell.start < before;
            prop_assert!(fits, "{} {spell:?} before {before}", self.say(c, t, "next spell elsewhere"));
            prop_assert!(seen.is_none_or(|seen| spell.start <= seen), "{}", self.say(c, t, "missed"));
            self.check_spell(c, spell.start, spell)?;
            let same = evaluator.spell_at(s, c, spell.start);
            prop_assert_eq!(same, Some(spell), "{}", self.say(c, spell.start, "next is not the one at"));
        } else if t.max(Instant::from_micros(0)) < before {
            prop_assert_eq!(seen, None, "{} before {}", self.say(c, t, "missed"), before);
        }
        Ok(())
    }
}

fn check(choices: Vec<u32>) -> Result<(), TestCaseError> {
    let mut world = World::new(Tape::new(choices));
    let mut evaluator = Evaluator::new(&world.program);
    let mut contacts = world.user.contacts.clone();
    contacts.retain(|contact| contact.at <= world.now);
    let mut sequence = None;
    for _ in 0..3 {
        // A touch is placed, or a sequence began, or time passed; the evaluator is not begun anew.
        match world.tape.below(4) {
            0 => {
                let placed = world.contact();
                contacts.push(placed);
                contacts.sort_by_key(|contact| contact.at);
                evaluator.contacts_changed();
            }
            1 => sequence = Some(world.instant()),
            2 => world.now = world.instant(),
            _ => {}
        }
        let probes = probes(&mut world, &contacts);
        let questions: Vec<(Instant, Instant, u32)> =
            (0..8).map(|_| (world.instant(), world.instant(), world.tape.below(1_000))).collect();
        let situation = Situation {
            program: &world.program,
            user: &world.user,
            now: world.now,
            contacts: &contacts,
            sequence,
        };
        let question = Question { world: &world, situation, probes: &probes };
        for (t, before, which) in questions {
            let c = world.conditions[which as usize % world.conditions.len()];
            let e = world.expressions[which as usize % world.expressions.len()];
            let value = evaluator.value(&situation, e, t);
            let arena = &world.program.arena;
            prop_assert_eq!(value, oracle::value(&situation, e, t), "{:?} at {}", arena.expression(e), t);
            prop_assert_eq!(evaluator.holds(&situation, c, t), question.holds(c, t));
            question.check_stretch(&mut evaluator, c, t)?;
            question.check_spells(&mut evaluator, c, t, before)?;
            question.check_stretch(&mut Evaluator::new(&world.program), c, t)?;
        }
    }
    Ok(())
}

proptest! {
    // A world is worth many cases of another law: fewer of them than usual, unless more are asked for.
    #![proptest_config(match std::env::var_os("PROPTEST_CASES") {
        Some(_) => ProptestConfig::default(),
        None => ProptestConfig::with_cases(64),
    })]
    #[test]
    fn the_evaluator_agrees_with_the_oracle(choices in prop::collection::vec(any::<u32>(), 200..1_500)) {
        check(choices)?;
    }
}
