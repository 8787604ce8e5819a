//! Section 4: conditions as functions of time.

use super::*;

#[test]
fn today_is_a_civil_day() {
    let mut scene = Scene::new("Asia/Shanghai");
    let festival = scene.condition(Condition::TodayIn(crate::program::CalendarId(0)));
    let (start, end) = ("2026-02-16T16:00:00Z", "2026-02-17T16:00:00Z");
    scene.assert_spell(festival, "2026-02-17T00:00:00Z", start, end);
    let one_of = scene.condition(Condition::TodayOneOf([date("2026-02-17")].into()));
    scene.assert_spell(one_of, "2026-02-17T00:00:00Z", start, end);
    let tuesday = scene.condition(Condition::TodayWeekday([Weekday::Tuesday].into_iter().collect()));
    scene.assert_spell(tuesday, "2026-02-17T00:00:00Z", start, end);
    let day = scene.constant(Value::Date(date("2026-02-17")));
    for (test, start, end) in [
        (DateTest::On, start, end),
        (DateTest::OnOrAfter, start, "never"),
        (DateTest::OnOrBefore, "always", end),
    ] {
        let today = scene.condition(Condition::TodayDate(test, day));
        scene.assert_spell(today, "2026-02-17T00:00:00Z", start, end);
    }
    let before = scene.condition(Condition::TodayDate(DateTest::Before, day));
    let after = scene.condition(Condition::TodayDate(DateTest::After, day));
    assert!(!scene.holds(before, start) && !scene.holds(after, start) && scene.holds(after, end));
}

#[test]
fn what_the_snapshot_says_holds_at_every_instant() {
    // 4.1
    let mut scene = Scene::new("UTC").attribute(number("5"));
    scene.user.consent = vec![Answer::None, Answer::None];
    scene.user.reachable = vec![false, true];
    let points = scene.expression(Expression::Attribute(AttributeId(0)));
    let rich = scene.compare(points, Compare::AtLeast, number("5"));
    let salt = scene.program.arena.intern("seed");
    for (condition, holds) in [
        (Condition::SubscribedTo(ChannelId(0)), true),
        (Condition::SubscribedTo(ChannelId(1)), false),
        (Condition::ReachableOn(ChannelId(0)), false),
        (Condition::ReachableOn(ChannelId(1)), true),
        (Condition::Share { salt, below: bucket("seed", "u1") }, false),
        (Condition::Share { salt, below: bucket("seed", "u1") + 1 }, true),
        (Condition::Not(rich), false),
    ] {
        let said = format!("{condition:?}");
        let c = scene.condition(condition);
        let expected = Stretch { holds, from: Instant::MIN, until: Instant::MAX };
        assert_eq!(scene.ask(|evaluator, s| evaluator.stretch(s, c, s.now)), expected, "{said}");
    }
}

#[test]
fn a_change_falls_on_the_first_instant_of_the_next_stretch() {
    // 4.1: half-open.
    let mut scene = Scene::new("UTC").orders(&["2026-01-01T00:00:00Z", "2026-01-05T00:00:00Z"]);
    let window = Window::Rolling(Period::days(2));
    let lately = scene.count(window, SOME);
    assert!(
        scene.holds(lately, "2026-01-02T23:59:59.999999Z") && !scene.holds(lately, "2026-01-03T00:00:00Z")
    );
    scene.ask(|evaluator, s| {
        let from = at("2026-01-01T00:00:00Z");
        let next = evaluator.next_spell(s, lately, from.next(), at("2026-01-05T00:00:00Z"));
        assert_eq!(next, None, "it starts when the stretch ends that was asked about");
        let next = evaluator.next_spell(s, lately, from.next(), at("2026-01-05T00:00:00.000001Z"));
        assert_eq!(next, Some(Spell { start: at("2026-01-05T00:00:00Z"), end: at("2026-01-07T00:00:00Z") }));
        assert_eq!(evaluator.next_spell(s, lately, from, Instant::MAX).map(|spell| spell.start), Some(from));
        assert_eq!(evaluator.holds_until(s, lately, from, Instant::MAX), at("2026-01-03T00:00:00Z"));
        assert_eq!(
            evaluator.holds_until(s, lately, from, at("2026-01-02T00:00:00Z")),
            at("2026-01-02T00:00:00Z")
        );
    });
}

#[test]
fn conditions_over_contacts_see_the_touches_placed() {
    // 4.3
    let mut scene = Scene::new("UTC");
    let set = scene.program.arena.add_set(Set::Contacts(ContactTest::Category(CategoryId(1))));
    let window = Window::Rolling(Period::days(7));
    let quiet = scene.condition(Condition::Count { set, window, least: 0, most: 0 });
    scene.now = at("2026-01-01T00:00:00Z");
    let touch = |category: u32, when: &str| PastContact {
        at: at(when),
        channel: None,
        message: None,
        categories: [CategoryId(category)].into_iter().collect(),
        rule: None,
        touch_id: None,
    };
    let contacts = [touch(1, "2026-01-03T00:00:00Z"), touch(0, "2026-01-20T00:00:00Z")];
    let mut evaluator = Evaluator::new(&scene.program);
    let mut situation = Situation {
        program: &scene.program,
        user: &scene.user,
        now: scene.now,
        contacts: &[],
        sequence: None,
    };
    assert!(evaluator.holds(&situation, quiet, at("2026-01-04T00:00:00Z")));
    situation.contacts = &contacts;
    evaluator.contacts_changed();
    assert!(!evaluator.holds(&situation, quiet, at("2026-01-04T00:00:00Z")));
    assert!(evaluator.holds(&situation, quiet, at("2026-01-10T00:00:00Z")));
    assert_eq!(evaluator.rows(&situation, set).collect::<Vec<_>>(), [0]);
}

#[test]
fn filters_look_at_one_event() {
    let mut scene = Scene::new("UTC")
        .order("2026-01-01T00:00:00Z", number("10"), "milk")
        .order("2026-01-02T00:00:00Z", number("99"), "tea")
        .order("2027-01-01T00:00:00Z", number("99"), "tea");
    let amount = scene.expression(Expression::Field(AMOUNT));
    let large = scene.compare(amount, Compare::Greater, number("50"));
    let set = scene.program.arena.add_set(Set::Events { event: ORDER, filter: Some(large) });
    scene.ask(|evaluator, s| {
        assert!(!row_holds(s, ORDER, 0, large) && row_holds(s, ORDER, 1, large));
        assert!(!row_holds(s, ORDER, 7, large));
        // The third has not happened yet.
        assert_eq!(evaluator.rows(s, set).collect::<Vec<_>>(), [1]);
    });
}

#[test]
fn spells_made_of_many_ticks_are_found_by_leaps() {
    // Hours since 1990, times two, at least that of 1991: the sum changes every hour, the condition once.
    let mut scene = Scene::new("Europe/Berlin").attribute(Value::Instant(at("1990-01-01T00:00:00Z")));
    let moment = scene.expression(Expression::Attribute(AttributeId(0)));
    let left = scene.expression(Expression::Since { unit: Unit::Minute, moment });
    let two = scene.constant(number("2"));
    let twice = scene.expression(Expression::Arithmetic { left, op: Arithmetic::Multiply, right: two });
    let old = scene.compare(twice, Compare::AtLeast, number("1051200"));
    scene.assert_spell(old, "2026-01-01T00:00:00Z", "1991-01-01T00:00:00Z", "never");
}

#[test]
fn two_numbers_that_tick_alike_are_told_apart_for_good() {
    // The minutes since the two differ by 60 at any time: without leaps this would be millions of stretches.
    let mut scene = Scene::new("America/New_York").orders(&["1990-01-01T00:00:00Z", "1990-01-01T01:00:00Z"]);
    let (set, window) = (scene.all_orders(), Window::Ever);
    let left = scene.expression(Expression::SinceFirst { unit: Unit::Minute, set, window });
    let right = scene.expression(Expression::SinceLast { unit: Unit::Minute, set, window });
    let longer = scene.condition(Condition::Compare { left, op: Compare::Greater, right });
    scene.assert_spell(longer, "2026-01-01T00:00:00Z", "1990-01-01T01:00:00Z", "never");
}

#[test]
fn deep_conditions_and_far_instants_do_no_harm() {
    let mut scene = Scene::new("America/New_York").orders(&["2026-01-01T00:00:00Z"]);
    let mut deep = scene.count(Window::Rolling(Period::days(30)), SOME);
    let mut other = scene.count(Window::Sequence, SOME);
    for _ in 0..100_000 {
        deep = scene.condition(Condition::And([deep].into()));
        other = scene.condition(Condition::Or([other, deep].into()));
    }
    for c in [deep, other] {
        assert!(scene.holds(c, "2026-01-02T00:00:00Z"));
        assert!(!scene.holds(c, "2026-03-02T00:00:00Z"));
    }
    scene.ask(|evaluator, s| {
        for t in [Instant::MIN, Instant::MIN.next(), Instant::MAX.plus_micros(-1), Instant::MAX] {
            for c in (0..4).map(ConditionId) {
                assert!(!evaluator.holds(s, c, t));
                assert_eq!(evaluator.spell_at(s, c, t), None);
            }
        }
        let spell = evaluator.next_spell(s, ConditionId(0), Instant::MIN, Instant::MAX);
        assert_eq!(spell.map(|spell| spell.start), Some(at("2026-01-01T00:00:00Z")));
    });
}
