//! A crash at any point of the output: what was read of it comes back as contacts, the plan is made again, and together
//! they are what one plan would have been, with nothing twice.

use std::collections::{BTreeMap, BTreeSet};

use courtesy::{Plan, Snapshot, io::Format, plan::TouchId, snapshot::Contact};
use proptest::{prelude::*, sample::Index};
use serde_json::Value;

use crate::{
    cases, compiled, planned,
    world::{ANY, Looks::Years, World, any_world, world},
};

/// The contacts that the whole lines of an output tell of; the last one may be cut.
fn read_back(lines: &str) -> Vec<Contact> {
    let whole = lines.rfind('\n').map_or("", |end| &lines[..end]);
    let contact = |line: &str| {
        let touch: Value = serde_json::from_str(line).unwrap();
        let text = |name: &str| touch[name].as_str().map(String::from);
        Contact {
            at: text("at").unwrap().parse().unwrap(),
            channel: text("channel"),
            message: text("message"),
            categories: touch["categories"]
                .as_array()
                .map(|all| all.iter().map(|one| one.as_str().unwrap().to_owned()).collect()),
            rule: text("rule"),
            touch_id: text("touch_id"),
        }
    };
    whole.lines().map(contact).collect()
}

fn ids(plan: &Plan) -> BTreeSet<TouchId> {
    plan.touches().iter().map(|touch| touch.candidate.id).collect()
}

fn known(contacts: &[Contact]) -> BTreeSet<TouchId> {
    let ids = contacts.iter().filter_map(|contact| contact.touch_id.as_deref());
    ids.map(|id| TouchId(u128::from_str_radix(id, 16).unwrap())).collect()
}

fn with(mut user: Snapshot, contacts: &[Contact]) -> Snapshot {
    user.contacts.extend(contacts.iter().cloned());
    user
}

/// The plan, its output, and what is planned once a part of that was read.
struct Crash {
    whole: Plan,
    read: Vec<Contact>,
    again: Plan,
}

impl Crash {
    fn new(world: &World, cut: Index) -> Self {
        let rules = compiled(&world.text(0));
        let whole = planned(&rules, &world.user(), world.now());
        let output = Format::JsonLines.touches(&whole);
        let cut = cut.index(output.len() + 1);
        let read = read_back(&String::from_utf8_lossy(&output.as_bytes()[..cut]));
        let again = planned(&rules, &with(world.user(), &read), world.now());
        Self { whole, read, again }
    }
}

proptest! {
    #![proptest_config(cases(64))]

    /// Cut after any byte: the rest is planned, nothing else, and each touch at the time it had.
    #[test]
    fn the_rest_is_planned_and_nothing_twice(world in world(Years, ANY), cut in any::<Index>()) {
        let Crash { whole, read, again } = Crash::new(&world, cut);
        let left: Vec<_> = whole.touches().iter().filter(|touch| !known(&read).contains(&touch.candidate.id)).collect();
        let short = |touch: &courtesy::plan::Touch| (touch.candidate.id, touch.at, touch.channel.clone());
        let (left, again_short): (Vec<_>, Vec<_>) =
            (left.into_iter().map(short).collect(), again.touches().iter().map(short).collect());
        prop_assert_eq!(left, again_short, "{}\n{}\nafter {} of them\n{}", world.text(0), whole, read.len(), again);
    }

    /// Whatever looks at contacts, nothing is sent twice.
    #[test]
    fn nothing_twice_whatever_is_looked_at(world in any_world(), cut in any::<Index>()) {
        let Crash { whole, read, again } = Crash::new(&world, cut);
        let twice: Vec<_> = known(&read).intersection(&ids(&again)).copied().collect();
        prop_assert!(twice.is_empty(), "{}\n{whole}\nthen\n{again}", world.text(0));
    }

    /// Each rule has a sender of its own, and each of them broke off somewhere. Touches that are not counted heed what
    /// is known to come after them (8.2), so where these were handed over first, what is not counted may be withheld.
    #[test]
    fn senders_that_broke_off_apart_are_gone_on_with(
        world in world(Years, ANY), most in prop::collection::vec(0..4usize, 4),
    ) {
        let rules = compiled(&world.text(0));
        let whole = planned(&rules, &world.user(), world.now());
        let mut left: BTreeMap<String, usize> =
            (0..world.rules.len()).map(|index| (format!("r{index}"), most[index])).collect();
        let mut contacts = read_back(&Format::JsonLines.touches(&whole));
        contacts.retain(|contact| {
            let left = left.get_mut(contact.rule.as_deref().unwrap()).unwrap();
            let goes = *left > 0;
            *left = left.saturating_sub(1);
            goes
        });
        let again = planned(&rules, &with(world.user(), &contacts), world.now());
        let mut union = known(&contacts);
        prop_assert!(ids(&again).is_disjoint(&union));
        union.extend(ids(&again));
        if world.rules.iter().any(|rule| rule.contains("not counted")) {
            return Ok(());
        }
        prop_assert_eq!(union, ids(&whole), "{}\n{}\nthen\n{}", world.text(0), whole, again);
    }
}
