//! Section 2: what a window holds, and how long ago something was.

use super::*;

#[test]
fn rolling_windows_end_at_the_same_wall_clock_time() {
    // 2.1: 30 days over the start of summer time are an hour short.
    let mut scene = Scene::new("America/New_York").orders(&["2026-02-20T15:00:00Z"]);
    let ordered = scene.count(Window::Rolling(Period::days(30)), SOME);
    scene.assert_spell(ordered, "2026-03-01T00:00:00Z", "2026-02-20T15:00:00Z", "2026-03-22T14:00:00Z");
    let exact = scene.count(Window::Rolling(Period::new(720, Unit::Hour)), SOME);
    scene.assert_spell(exact, "2026-03-01T00:00:00Z", "2026-02-20T15:00:00Z", "2026-03-22T15:00:00Z");
}

#[test]
fn later_events_may_expire_earlier_at_month_ends() {
    let mut scene = Scene::new("UTC").orders(&["2026-01-30T20:00:00Z", "2026-01-31T10:00:00Z"]);
    let both = scene.count(Window::Rolling(Period::new(1, Unit::Month)), (2, 2));
    scene.assert_spell(both, "2026-02-10T00:00:00Z", "2026-01-31T10:00:00Z", "2026-02-28T10:00:00Z");
    let set = scene.all_orders();
    let window = Window::Rolling(Period::new(1, Unit::Month));
    let since = scene.expression(Expression::SinceLast { unit: Unit::Day, set, window });
    assert_eq!(scene.value(since, "2026-02-28T09:59:59Z"), number("27"));
    assert_eq!(scene.value(since, "2026-02-28T10:00:00Z"), number("28"));
    // From 10:00 on it is 28 days since the earlier order, which has been so since the day before.
    let long_ago = scene.compare(since, Compare::AtLeast, number("28"));
    scene.assert_spell(long_ago, "2026-02-28T15:00:00Z", "2026-02-28T10:00:00Z", "2026-02-28T20:00:00Z");
}

#[test]
fn calendar_windows_start_with_the_civil_stretch() {
    // 2.2
    let mut scene = Scene::new("Asia/Shanghai").orders(&["2026-03-31T15:59:59.999999Z"]);
    let today = scene.count(Window::Calendar(CalendarUnit::Day), SOME);
    scene.assert_spell(
        today,
        "2026-03-31T15:59:59.999999Z",
        "2026-03-31T15:59:59.999999Z",
        "2026-03-31T16:00:00Z",
    );
    let month = scene.count(Window::Calendar(CalendarUnit::Month), SOME);
    assert!(!scene.holds(month, "2026-03-31T16:00:00Z"));
    let week = scene.count(Window::Calendar(CalendarUnit::Week), SOME);
    scene.assert_spell(week, "2026-04-01T00:00:00Z", "2026-03-31T15:59:59.999999Z", "2026-04-05T16:00:00Z");
    scene.program.week_starts = Weekday::Wednesday;
    scene.assert_spell(
        week,
        "2026-03-31T15:59:59.999999Z",
        "2026-03-31T15:59:59.999999Z",
        "2026-03-31T16:00:00Z",
    );
    let year = scene.count(Window::Calendar(CalendarUnit::Year), NONE);
    scene.assert_spell(year, "2026-01-01T00:00:00Z", "always", "2026-03-31T15:59:59.999999Z");
}

#[test]
fn windows_since_a_date_begin_with_its_first_instant() {
    // 2.3; the day begins at 01:00 where midnight is skipped.
    let mut scene = Scene::new("America/Santiago").orders(&["2026-09-06T03:59:59Z", "2026-09-06T04:00:00Z"]);
    let since = scene.count(Window::Since(date("2026-09-06")), SOME);
    scene.assert_spell(since, "2026-10-01T00:00:00Z", "2026-09-06T04:00:00Z", "never");
    let ever = scene.count(Window::Ever, SOME);
    scene.assert_spell(ever, "2026-10-01T00:00:00Z", "2026-09-06T03:59:59Z", "never");
}

#[test]
fn what_happens_later_does_not_exist() {
    // 2.4
    let mut scene = Scene::new("UTC").orders(&["2026-01-10T00:00:00Z", "2026-01-20T00:00:00Z"]);
    let twice = scene.count(Window::Ever, (2, u32::MAX));
    assert!(!scene.holds(twice, "2026-01-19T23:59:59.999999Z"));
    assert!(scene.holds(twice, "2026-01-20T00:00:00Z"));
    scene.now = at("2026-01-15T00:00:00Z");
    assert!(!scene.holds(twice, "2026-02-01T00:00:00Z"));
}

#[test]
fn sequences_count_what_came_after_they_began() {
    let mut scene = Scene::new("UTC").orders(&["2026-01-10T00:00:00Z", "2026-01-20T00:00:00Z"]);
    let since = scene.count(Window::Sequence, SOME);
    assert!(!scene.holds(since, "2026-02-01T00:00:00Z"));
    scene.sequence = Some(at("2026-01-20T00:00:00Z"));
    assert!(!scene.holds(since, "2026-02-01T00:00:00Z"));
    scene.sequence = Some(at("2026-01-19T23:59:59.999999Z"));
    assert!(scene.holds(since, "2026-02-01T00:00:00Z"));
}

#[test]
fn days_since_are_complete_calendar_steps() {
    // 2.5
    let mut scene = Scene::new("America/New_York").orders(&["2026-03-07T12:00:00Z"]);
    let set = scene.all_orders();
    let since = scene.expression(Expression::SinceLast { unit: Unit::Day, set, window: Window::Ever });
    // The day in between has 23 hours.
    assert_eq!(scene.value(since, "2026-03-08T10:59:59.999999Z"), number("0"));
    assert_eq!(scene.value(since, "2026-03-08T11:00:00Z"), number("1"));

    let ordered = scene.count(Window::Ever, SOME);
    let not_lately = scene.count(Window::Rolling(Period::days(30)), NONE);
    let lapsed = scene.condition(Condition::And([ordered, not_lately].into()));
    let quiet = scene.compare(since, Compare::AtLeast, number("30"));
    let spell = scene.spell(lapsed, "2026-05-01T00:00:00Z");
    assert_eq!(spell, Some(("2026-04-06T11:00:00Z".to_owned(), "never".to_owned())));
    assert_eq!(scene.spell(quiet, "2026-05-01T00:00:00Z"), spell);
}

#[test]
fn dates_stand_for_their_first_instant_and_days_until_them_turn_negative() {
    let mut scene = Scene::new("Asia/Shanghai").attribute(Value::Date(date("2026-03-10")));
    let moment = scene.expression(Expression::Attribute(AttributeId(0)));
    let until = scene.expression(Expression::Until { unit: Unit::Day, moment });
    let since = scene.expression(Expression::Since { unit: Unit::Day, moment });
    for (t, days_until, days_since) in [
        ("2026-03-07T15:59:59Z", "3", "-3"),
        ("2026-03-07T16:00:00Z", "2", "-2"),
        ("2026-03-09T15:59:59Z", "1", "-1"),
        ("2026-03-09T16:00:00Z", "0", "0"),
        ("2026-03-10T16:00:00Z", "-1", "1"),
    ] {
        assert_eq!(scene.value(until, t), number(days_until), "until at {t}");
        assert_eq!(scene.value(since, t), number(days_since), "since at {t}");
    }
    let soon = scene.compare(until, Compare::Is, number("3"));
    scene.assert_spell(soon, "2026-03-07T00:00:00Z", "2026-03-06T16:00:00Z", "2026-03-07T16:00:00Z");
}

#[test]
fn days_until_do_not_go_back_and_forth_with_the_clocks() {
    // 01:15 on 2 November is a day off from 01:15 on the 1st, which the clocks show twice: the first of the two counts.
    let mut scene = Scene::new("America/New_York").attribute(Value::Instant(at("2026-11-02T06:15:00Z")));
    let moment = scene.expression(Expression::Attribute(AttributeId(0)));
    let until = scene.expression(Expression::Until { unit: Unit::Day, moment });
    let far = scene.compare(until, Compare::AtLeast, number("2"));
    scene.assert_spell(far, "2026-11-01T04:00:00Z", "always", "2026-11-01T05:15:00Z");
    assert!(!scene.holds(far, "2026-11-01T06:10:00Z"));
    let next =
        scene.ask(|evaluator, s| evaluator.next_spell(s, far, at("2026-11-01T05:30:00Z"), Instant::MAX));
    assert_eq!(next, None);
}
