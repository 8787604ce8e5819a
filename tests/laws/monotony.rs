//! Who asks for less gets no more, and who may be asked more is no harder to reach.

use courtesy::{
    Plan, Rules,
    audit::{Auditor, Report, Scheduled},
    plan::Reason,
};
use proptest::{prelude::*, sample::Index};

use crate::{
    cases, compiled, planned,
    policy::{Policy, policy},
    world::{ANY, Looks::Years, World, any_world, person, pick},
};

/// The same world with one of its policies made stricter, or with one more.
fn stricter(world: &World, which: Index, way: Index, another: &Policy) -> World {
    let mut out = world.clone();
    let mut changed = false;
    if !world.policies.is_empty() {
        let policy = which.get_mut(&mut out.policies);
        let ways = policy.stricter();
        if !ways.is_empty() {
            *policy = way.get(&ways).clone();
            changed = true;
        }
    }
    if !changed && another.only_closes() {
        out.policies.push(another.clone());
    }
    out
}

fn audited(rules: &Rules, world: &World, plan: &Plan) -> Report {
    let user = world.user().bind(rules.program()).unwrap();
    let touches: Vec<Scheduled> = plan.touches().iter().map(Scheduled::from).collect();
    Auditor::new(rules.program(), rules.names()).audit(&user, &touches, Some(plan.now))
}

/// One rule that is due once, with one step over one channel, and caps that history alone can fill.
fn lone() -> impl Strategy<Value = World> {
    let rule = (
        pick(&[
            "if no visit in 2 days",
            "if tier is gold",
            "on {4}",
            "on {2} at 10:00",
            "if visit in 30 days",
        ]),
        pick(&["a", "b", "c"]),
        pick(&["push", "email"]),
        pick(&["", " unless visit in 3 days"]),
        pick(&["", "  between 08:00 and 11:00\n", "  after 5 hours\n"]),
        pick(&["", "  within 2 days\n", "  within 5 days\n"]),
        pick(&["", "  if blocked drop\n", "  not counted\n"]),
    )
        .prop_map(|(trigger, message, channel, unless, time, deadline, flag)| {
            let time = if trigger.contains(" at ") { "" } else { time };
            format!("  {trigger}\n  then send {message} via {channel}{unless}\n{time}{deadline}{flag}")
        });
    (prop::collection::vec(policy(Years), 1..5), rule, person(ANY))
        .prop_map(|(policies, rule, person)| World { policies, rules: vec![rule], person })
}

fn is_reached(plan: &Plan) -> bool {
    let later = |blocker: &courtesy::plan::Blocker| blocker.reason == Reason::Horizon;
    !plan.touches().is_empty() || plan.withheld().iter().any(|withheld| withheld.reasons.iter().any(later))
}

proptest! {
    #![proptest_config(cases(64))]

    /// What is planned under a stricter policy breaks nothing of the looser one, by the auditor's own count.
    #[test]
    fn what_a_stricter_policy_allows_the_looser_one_allows(
        world in any_world(), which in any::<Index>(), way in any::<Index>(), another in policy(Years),
    ) {
        let strict = stricter(&world, which, way, &another);
        let plan = planned(&compiled(&strict.text(0)), &world.user(), world.now());
        let report = audited(&compiled(&world.text(0)), &world, &plan);
        prop_assert!(report.is_clean(), "{}\nstricter:\n{}\n{plan}\n{report}", world.text(0), strict.text(0));
    }

    /// A touch that has no other to make room for goes no sooner if more is forbidden, and is not sent where it was not.
    #[test]
    fn a_lone_touch_goes_no_sooner_under_a_stricter_policy(
        world in lone(), which in any::<Index>(), way in any::<Index>(), another in policy(Years),
    ) {
        let strict = stricter(&world, which, way, &another);
        let now = world.now();
        let loose_plan = planned(&compiled(&world.text(0)), &world.user(), now);
        let strict_plan = planned(&compiled(&strict.text(0)), &world.user(), now);
        for touch in strict_plan.touches() {
            let same = loose_plan.touches().iter().find(|other| other.candidate.id == touch.candidate.id);
            let sooner = same.is_some_and(|other| other.at <= touch.at);
            prop_assert!(sooner, "{}\n{loose_plan}\nstricter:\n{}\n{strict_plan}", world.text(0), strict.text(0));
        }
    }

    /// One consent more, or one address more, and who was reached still is: now, or after the horizon, if what is placed
    /// first then waits for the channel that is new. It may also wait there until its condition ends; then its sequence
    /// does not begin (6.5), where a channel that was closed for good let the next step go over another one.
    #[test]
    fn one_more_consent_or_address_makes_nobody_unreachable(
        mut world in any_world(), channel in pick(&["push", "sms", "email"]), address in any::<bool>(),
    ) {
        let rules = compiled(&world.text(0));
        let now = world.now();
        let before = planned(&rules, &world.user(), now);
        match &mut world.person.addresses {
            Some(addresses) if address => addresses.push(channel),
            _ => {
                world.person.consent.insert(channel, true);
            }
        }
        let after = planned(&rules, &world.user(), now);
        let waits_in_vain = before.touches().iter().any(|touch| {
            let of_rule = after.withheld().iter().filter(|one| one.candidate.rule == touch.candidate.rule);
            of_rule.flat_map(|one| &one.reasons).any(|block| block.reason == Reason::ConditionEnded)
        });
        let still_is = before.touches().is_empty() || is_reached(&after) || waits_in_vain;
        prop_assert!(still_is, "{}\n{before}\n{after}", world.text(0));
    }
}
