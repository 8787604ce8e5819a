//! Time has no origin: what is laid later, all of it, is planned as much later.
//!
//! By any number of days, if nothing looks at more of the calendar than days; by whole weeks, if weekdays are looked at;
//! by 28 years, after which weekdays, months and leap days have all come round, whatever is looked at. The first two
//! hold in zones whose clocks do not change. The third holds where they change by the same rule in both years: then the
//! days of change come round too.

use courtesy::{
    Plan,
    plan::Blocker,
    time::{Instant, Zone},
};
use proptest::prelude::*;

use crate::{
    cases, compiled, planned,
    world::{
        Looks::{self, Days, Weeks, Years},
        STEADY, World, world,
    },
};

/// 28 years without a century among them.
const ROUND: i64 = 28 * 365 + 7;
/// Zones with one rule from 1998 to 2054.
const CONSTANT: &[&str] = &["UTC", "Europe/Berlin", "Europe/London", "Asia/Shanghai", "Asia/Kolkata"];

/// Everything that a plan says but ids, values and the words of rules, told that many days earlier.
fn told(plan: &Plan, days: i64) -> Vec<String> {
    let zone = Zone::named(&plan.zone).unwrap();
    let utc = Zone::named("UTC").unwrap();
    // Some searches end five years ahead, by the calendar: that depends on where leap days lie.
    let far = plan.now.plus_micros(4 * 366 * 86_400_000_000);
    let back = |at: Instant| match at {
        Instant::MIN => "always".to_owned(),
        at if at > far => "far".to_owned(),
        // On the clock of the user, since the two years may differ by an hour of UTC nowhere but in name.
        at => {
            let civil = utc.instant(zone.civil(at)).plus_micros(-days * 86_400_000_000);
            format!("{civil}{}", if zone.instant(zone.civil(at)) == at { "" } else { " again" })
        }
    };
    let blockers = |list: &[Blocker]| -> String {
        let one = |blocker: &Blocker| {
            let (from, until) = (back(blocker.from), blocker.until.map(back));
            let contacts = blocker.contacts.iter().map(|contact| back(contact.at)).collect::<Vec<_>>();
            format!("{} {:?} {from} {until:?} {contacts:?}", blocker.reason.code(), blocker.channel)
        };
        list.iter().map(one).collect::<Vec<_>>().join("; ")
    };
    let touches = plan.touches().iter().map(|touch| {
        let candidate = &touch.candidate;
        let (at, due, deadline) = (back(touch.at), back(candidate.due), candidate.deadline.map(back));
        let moved = blockers(&touch.moved_by);
        format!(
            "{at} {}.{} {} {} due {due} till {deadline:?} priority {} {moved}",
            candidate.rule, candidate.step, candidate.message, touch.channel, candidate.priority
        )
    });
    let withheld = plan.withheld().iter().map(|withheld| {
        let candidate = &withheld.candidate;
        let (due, could) = (back(candidate.due), withheld.could_go_at.map(back));
        let reasons = blockers(&withheld.reasons);
        format!(
            "withheld {}.{} {} due {due} could {could:?} {reasons}",
            candidate.rule, candidate.step, candidate.message
        )
    });
    // Of what goes at one instant the order is that of ids, which are new.
    let mut all: Vec<String> = touches.chain(withheld).collect();
    all.sort();
    all
}

fn holds(world: &World, days: i64) -> Result<(), TestCaseError> {
    let person = &world.person;
    let plan = |days| {
        let text = world.text(days);
        planned(&compiled(&text), &person.snapshot(days), person.at(person.now, days))
    };
    let (here, there) = (plan(0), plan(days));
    prop_assert_eq!(told(&here, 0), told(&there, days), "{}\n{}\n{}", world.text(0), here, there);
    Ok(())
}

fn steady(looks: Looks) -> impl Strategy<Value = World> {
    world(looks, STEADY)
}

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn by_days_where_nothing_looks_at_weekdays(world in steady(Days), days in -900..900i64) {
        holds(&world, days)?;
    }

    #[test]
    fn by_weeks_where_nothing_looks_at_months(world in steady(Weeks), weeks in -150..150i64) {
        holds(&world, 7 * weeks)?;
    }

    #[test]
    fn by_28_years_whatever_is_looked_at(world in world(Years, CONSTANT), forward in any::<bool>()) {
        holds(&world, if forward { ROUND } else { -ROUND })?;
    }
}
