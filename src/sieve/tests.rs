//! The sieve against the interpreter: what it says never holds does not, and what it says always holds does.

use proptest::prelude::*;

use super::{
    shape::Shape,
    span::{Era, Span, Spans},
};
use crate::{
    eval::{
        Evaluator, Situation,
        generator::{Tape, World},
    },
    program::ConditionId,
    time::Instant,
};

/// Whether the condition holds, and whether it does not, somewhere in the span; none if that takes too many steps.
fn somewhere(
    evaluator: &mut Evaluator,
    s: &Situation<'_>,
    c: ConditionId,
    span: Span,
) -> Option<(bool, bool)> {
    let (mut hold, mut fail) = (false, false);
    let mut at = span.from;
    for _ in 0..2_000 {
        if at >= span.until {
            return Some((hold, fail));
        }
        let stretch = evaluator.stretch(s, c, at);
        hold |= stretch.holds;
        fail |= !stretch.holds;
        at = stretch.until;
    }
    None
}

fn check(choices: Vec<u32>) -> Result<u32, TestCaseError> {
    let mut world = World::new(Tape::new(choices));
    let mut decided = 0;
    for _ in 0..3 {
        let (from, until) = (world.instant(), world.instant());
        world.now = from.max(until);
        let ahead = Span { from: world.now, until: world.now.max(world.instant()).next() };
        let spans = Spans { ahead, around: Span { from: from.min(until), ..ahead } };
        let mut shape = Shape::default();
        let nodes = [Era::Ahead, Era::Around]
            .map(|era| (era, shape.enter(&world.program, world.conditions.iter().copied(), era)));
        shape.sets.turn_to(&world.program, spans);
        shape.attributes.turn_to(spans);
        shape.days.turn_to(&world.program, spans);
        shape.leaves.clear();
        shape.days.answer(&mut shape.leaves);
        let s = Situation {
            program: &world.program,
            user: &world.user,
            now: world.now,
            contacts: &[],
            sequence: None,
        };
        // Others before and after it do not matter to a user.
        let nobody =
            crate::snapshot::User { events: Vec::new(), attributes: Vec::new(), ..world.user.clone() };
        for (bit, user) in [(1, &nobody), (2, &world.user), (4, &nobody)] {
            let s = Situation { user, ..s };
            shape.attributes.look_at(s.program, user, bit, &mut shape.leaves);
            shape.sets.look_at(&s, bit, &mut shape.leaves);
        }
        shape.conclude();
        let mut evaluator = Evaluator::new(&world.program);
        for (era, nodes) in &nodes {
            let span = spans.of(*era);
            // In their order: a part is found wrong before its whole.
            for c in &world.conditions {
                let Some(node) = nodes.get(c) else { continue };
                let Some((hold, fail)) = somewhere(&mut evaluator, &s, *c, span) else { continue };
                let (may_hold, may_fail) = shape.answers_of(*node, 2);
                let condition = world.program.arena.condition(*c);
                let say =
                    || format!("{condition:?} in {}, {span:?}, now {}", world.user.zone.name(), world.now);
                prop_assert!(may_hold || !hold, "holds: {}", say());
                prop_assert!(may_fail || !fail, "does not hold: {}", say());
                decided += u32::from(!may_hold || !may_fail);
            }
        }
    }
    Ok(decided)
}

proptest! {
    #![proptest_config(match std::env::var_os("PROPTEST_CASES") {
        Some(_) => ProptestConfig::default(),
        None => ProptestConfig::with_cases(200),
    })]
    #[test]
    fn the_sieve_agrees_with_the_evaluator(choices in prop::collection::vec(any::<u32>(), 200..1_500)) {
        check(choices)?;
    }
}

#[test]
fn much_is_decided_without_the_interpreter() {
    // Numbers that are good enough as a tape.
    let tape = |seed: u32| (0..600u32).map(|n| (n + seed * 977).wrapping_mul(2_654_435_761) ^ seed).collect();
    let decided: u32 = (0..40).map(|seed| check(tape(seed)).unwrap()).sum();
    assert!(decided > 300, "{decided}");
}

#[test]
fn no_zone_is_further_from_utc_than_is_reckoned_with() {
    use super::span::CLOCKS;
    use crate::time::{DAY, Date, Zone, day_number};
    for zone in ["Pacific/Apia", "Pacific/Kiritimati", "Asia/Manila", "America/Juneau", "Pacific/Kwajalein"] {
        let zone = Zone::named(zone).unwrap();
        for year in 1840..2040 {
            for (month, day) in [(1, 1), (6, 30), (12, 30), (12, 31)] {
                let date = Date::constant(year, month, day);
                let utc = Instant::from_micros(day_number(date) * DAY);
                let start = zone.start_of_day(date);
                assert!(utc.plus_micros(-CLOCKS) < start && start < utc.plus_micros(CLOCKS), "{start}");
            }
        }
    }
}
