//! Section 3: values, and what is made of many.

use super::*;

#[test]
fn division_by_zero_is_missing_and_no_comparison_with_missing_holds() {
    // 3.1, 3.2
    let mut scene = Scene::new("UTC");
    let (one, zero) = (scene.constant(number("1")), scene.constant(number("0")));
    let broken = scene.expression(Expression::Arithmetic { left: one, op: Arithmetic::Divide, right: zero });
    let now = "2026-01-01T00:00:00Z";
    assert_eq!(scene.value(broken, now), Value::Missing);
    for op in [Compare::Is, Compare::Less, Compare::AtMost, Compare::Greater, Compare::AtLeast] {
        let compared = scene.compare(broken, op, number("1"));
        assert!(!scene.holds(compared, now), "{op:?}");
    }
    let is_not = scene.compare(broken, Compare::IsNot, number("1"));
    assert!(scene.holds(is_not, now));
    let within = scene.condition(Condition::In { value: broken, options: [one, zero, broken].into() });
    assert!(!scene.holds(within, now));
    let known = scene.condition(Condition::Known(broken));
    let unknown = scene.condition(Condition::Not(known));
    assert!(scene.holds(unknown, now));
}

#[test]
fn aggregates_over_nothing_are_missing_but_for_counts_and_totals() {
    // 3.3
    let mut scene = Scene::new("UTC");
    let (set, window, now) = (scene.all_orders(), Window::Ever, "2026-01-01T00:00:00Z");
    for (kind, expected) in [
        (Aggregate::Total, number("0")),
        (Aggregate::Average, Value::Missing),
        (Aggregate::Smallest, Value::Missing),
        (Aggregate::Largest, Value::Missing),
    ] {
        let aggregate = scene.expression(Expression::Aggregate { kind, set, field: AMOUNT, window });
        assert_eq!(scene.value(aggregate, now), expected, "{kind:?}");
    }
    let count = scene.expression(Expression::Count { set, window });
    assert_eq!(scene.value(count, now), number("0"));
}

#[test]
fn members_without_the_field_are_left_out() {
    // 3.3
    let mut scene = Scene::new("UTC")
        .order("2026-01-01T00:00:00Z", number("10"), "milk")
        .order("2026-01-03T00:00:00Z", Value::Missing, "")
        .order("2026-01-04T00:00:00Z", number("2.5"), "tea");
    let (set, window, now) = (scene.all_orders(), Window::Ever, "2026-02-01T00:00:00Z");
    for (kind, expected) in [
        (Aggregate::Total, "12.5"),
        (Aggregate::Average, "6.25"),
        (Aggregate::Smallest, "2.5"),
        (Aggregate::Largest, "10"),
    ] {
        let aggregate = scene.expression(Expression::Aggregate { kind, set, field: AMOUNT, window });
        assert_eq!(scene.value(aggregate, now), number(expected), "{kind:?}");
    }
    let rhythm = scene.expression(Expression::Rhythm { unit: Unit::Day, set, window });
    assert_eq!(scene.value(rhythm, now), number("1.5"));
    assert_eq!(scene.value(rhythm, "2026-01-01T00:00:00Z"), Value::Missing);
}

#[test]
fn picks_look_at_one_member_or_at_the_most_common_value() {
    // 3.4
    let mut scene = Scene::new("UTC")
        .order("2026-01-01T00:00:00Z", Value::Missing, "milk")
        .order("2026-01-02T00:00:00Z", Value::Missing, "tea")
        .order("2026-01-03T00:00:00Z", Value::Missing, "tea")
        .order("2026-01-04T00:00:00Z", Value::Missing, "milk")
        .order("2026-01-05T00:00:00Z", Value::Missing, "first of two")
        .order("2026-01-05T00:00:00Z", Value::Missing, "")
        .order("2026-01-05T00:00:00Z", Value::Missing, "");
    let text = |scene: &Scene, text: &str| Value::Text(scene.program.arena.symbol(text).unwrap());
    let (set, window) = (scene.all_orders(), Window::Ever);
    let pick =
        |scene: &mut Scene, which| scene.expression(Expression::Pick { which, set, field: CATEGORY, window });
    let (first, last) = (pick(&mut scene, Pick::First), pick(&mut scene, Pick::Last));
    let common = pick(&mut scene, Pick::MostCommon);
    assert_eq!(scene.value(first, "2026-02-01T00:00:00Z"), text(&scene, "milk"));
    assert_eq!(scene.value(last, "2026-02-01T00:00:00Z"), Value::Missing);
    assert_eq!(scene.value(last, "2026-01-03T12:00:00Z"), text(&scene, "tea"));
    assert_eq!(scene.value(common, "2026-01-02T12:00:00Z"), text(&scene, "tea"));
    assert_eq!(scene.value(common, "2026-02-01T00:00:00Z"), text(&scene, "milk"));
}

#[test]
fn texts_are_compared_exactly_and_contain_parts() {
    // 3.5
    let mut scene = Scene::new("UTC");
    let symbols = ["Milk", "milk", "lk"].map(|text| scene.program.arena.intern(text));
    scene.user.lists = symbols[..2].to_vec();
    let [upper, lower, part] = symbols.map(|symbol| scene.constant(Value::Text(symbol)));
    let list = scene.constant(Value::List(0, 2));
    let now = "2026-01-01T00:00:00Z";
    let same = scene.condition(Condition::Compare { left: upper, op: Compare::Is, right: lower });
    assert!(!scene.holds(same, now));
    for (value, part, expected) in
        [(upper, part, true), (part, upper, false), (list, lower, true), (list, part, false)]
    {
        let contains = scene.condition(Condition::Contains { value, part });
        assert_eq!(scene.holds(contains, now), expected);
    }
}

#[test]
fn instants_are_compared_with_dates_by_their_civil_date() {
    let mut scene = Scene::new("Asia/Shanghai").attribute(Value::Instant(at("2026-01-31T15:59:00Z")));
    let signup = scene.expression(Expression::Attribute(AttributeId(0)));
    let now = "2026-06-01T00:00:00Z";
    for (op, holds) in [(Compare::Is, true), (Compare::AtMost, true), (Compare::Greater, false)] {
        let compared = scene.compare(signup, op, Value::Date(date("2026-01-31")));
        assert_eq!(scene.holds(compared, now), holds, "{op:?}");
    }
}
