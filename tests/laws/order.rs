//! Order says nothing but where `docs/semantics.md` lets it decide.

use std::collections::BTreeSet;

use courtesy::{
    Plan, Rules,
    diagnostic::SourceId,
    plan::{Candidate, TouchId},
    syntax::{format, parse},
};
use proptest::prelude::*;

use crate::{
    cases, compiled, planned,
    world::{ANY, Looks::Years, any_world, world},
};

/// All that a plan says, in the order of ids, without the words of the rule file.
fn unordered(plan: &Plan) -> Vec<String> {
    let mut plan = plan.clone();
    let blockers = plan.touches.iter_mut().flat_map(|touch| &mut touch.moved_by);
    for blocker in blockers.chain(plan.withheld.iter_mut().flat_map(|withheld| &mut withheld.reasons)) {
        blocker.rule_text = "".into();
    }
    let touches = plan.touches.iter().map(|touch| format!("{} {touch:?}", touch.candidate.id));
    let withheld = plan.withheld.iter().map(|withheld| format!("{} {withheld:?}", withheld.candidate.id));
    let mut all: Vec<String> = touches.chain(withheld).collect();
    all.sort();
    all
}

/// Whether the order of the file decides between touches of two rules: they are of one priority and due at one instant.
fn some_compete(plan: &Plan) -> bool {
    let candidates = || {
        let touches = plan.touches().iter().map(|touch| &touch.candidate);
        touches.chain(plan.withheld().iter().map(|withheld| &withheld.candidate))
    };
    let place = |one: &Candidate| (one.priority, one.due);
    let rules: BTreeSet<_> = candidates().map(|one| (place(one), one.rule.clone())).collect();
    let places: BTreeSet<_> = rules.iter().map(|(place, _)| *place).collect();
    places.len() < rules.len()
}

fn reversed(rules: &[String]) -> Vec<usize> {
    (0..rules.len()).rev().collect()
}

/// The rule file with its rules in that order, each with the name that it always had.
fn in_order(text: &str, order: &[usize]) -> String {
    let mut parts = text.split("rule r");
    let head = parts.next().unwrap().to_owned();
    let rules: Vec<&str> = parts.collect();
    order.iter().fold(head, |text, index| text + "rule r" + rules[*index])
}

fn ids(plan: &Plan) -> Vec<TouchId> {
    plan.touches().iter().map(|touch| touch.candidate.id).collect()
}

fn plan_of(rules: &Rules, world: &crate::world::World) -> Plan {
    planned(rules, &world.user(), world.now())
}

proptest! {
    #![proptest_config(cases(64))]

    /// Rules of equal priority, none of which are due at one instant, may stand in any order.
    #[test]
    fn rules_that_do_not_compete_may_stand_in_any_order(world in world(Years, ANY)) {
        let text = world.text(0);
        let one = plan_of(&compiled(&text), &world);
        if !some_compete(&one) {
            let turned = in_order(&text, &reversed(&world.rules));
            let two = plan_of(&compiled(&turned), &world);
            prop_assert_eq!(unordered(&one), unordered(&two), "{}\n{}\n{}", text, one, two);
        }
    }

    /// Caps, gaps and hours all hold together, in whatever order they stand.
    #[test]
    fn policies_may_stand_in_any_order(mut world in any_world()) {
        let one = plan_of(&compiled(&world.text(0)), &world);
        world.policies.reverse();
        let two = plan_of(&compiled(&world.text(0)), &world);
        prop_assert_eq!(ids(&one), ids(&two), "{}\n{}\n{}", world.text(0), one, two);
        let times = |plan: &Plan| plan.touches().iter().map(|touch| (touch.at, touch.channel.clone())).collect::<Vec<_>>();
        prop_assert_eq!(times(&one), times(&two));
    }

    /// Events and contacts may come in any order. Events at one instant are told apart by their ids.
    #[test]
    fn history_may_come_in_any_order(world in any_world()) {
        let rules = compiled(&world.text(0));
        let mut user = world.user();
        let one = planned(&rules, &user, world.now());
        user.events.reverse();
        user.contacts.reverse();
        prop_assert_eq!(planned(&rules, &user, world.now()), one);
    }

    /// What no rule mentions changes nothing.
    #[test]
    fn what_is_not_mentioned_does_not_matter(world in any_world(), minutes in -9_000..9_000i64) {
        let rules = compiled(&world.text(0));
        let one = planned(&rules, &world.user(), world.now());
        let user = world.user().attribute("shoe size", 43i64).event("sneeze", world.person.at(minutes, 0));
        prop_assert_eq!(planned(&rules, &user, world.now()), one);
    }

    /// The formatter changes no meaning: the plan is the same, ids and values and all.
    #[test]
    fn what_is_formatted_plans_the_same(world in any_world()) {
        let text = world.text(0);
        let tidy = format::format(&text, &parse(SourceId(0), &text)).unwrap();
        let (one, two) = (plan_of(&compiled(&text), &world), plan_of(&compiled(&tidy), &world));
        prop_assert_eq!(unordered(&one), unordered(&two), "{}\n{}", text, tidy);
    }
}
