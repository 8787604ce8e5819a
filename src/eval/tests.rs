//! What `docs/semantics.md` says in sections 2 to 4, sentence by sentence.

use super::{Evaluator, Situation, Spell, Stretch, generator, row_holds};
use crate::{
    number::Number,
    program::{
        Arena, AttributeId, CategoryId, ChannelId, Condition, ConditionId, ContactTest, EventId, Expression,
        ExpressionId, FieldId, Origin, Program, Set, SetId, Window,
    },
    snapshot::{Answer, Events, PastContact, Texts, User, Value},
    syntax::ast::{Aggregate, Arithmetic, Compare, DateTest, Pick},
    time::{Calendar, CalendarUnit, Date, Instant, Period, Unit, Weekday, Zone},
};

const ORDER: EventId = EventId(0);
const AMOUNT: FieldId = FieldId(0);
const CATEGORY: FieldId = FieldId(1);
const SOME: (u32, u32) = (1, u32::MAX);
const NONE: (u32, u32) = (0, 0);

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn number(text: &str) -> Value {
    Value::Number(text.parse::<Number>().unwrap())
}

/// A user and the rules about them.
struct Scene {
    program: Program,
    user: User,
    now: Instant,
    sequence: Option<Instant>,
}

impl Scene {
    fn new(zone: &str) -> Self {
        let calendar = Calendar::from_rows([(date("2026-02-17"), "Spring Festival".to_owned())]);
        Self {
            program: generator::program(Arena::new(), calendar),
            user: User {
                id: "u1".into(),
                zone: Zone::named(zone).unwrap(),
                locale: None,
                attributes: Vec::new(),
                consent: Vec::new(),
                reachable: Vec::new(),
                events: vec![Events { columns: vec![Vec::new(), Vec::new()], ..Events::default() }],
                contacts: Vec::new(),
                texts: Texts::default(),
                lists: Vec::new(),
            },
            now: at("2026-12-31T00:00:00Z"),
            sequence: None,
        }
    }

    /// Orders, in order of time.
    fn order(mut self, when: &str, amount: Value, category: &str) -> Self {
        let category = match category {
            "" => Value::Missing,
            text => Value::Text(self.program.arena.intern(text)),
        };
        let events = &mut self.user.events[0];
        events.at.push(at(when));
        events.columns[0].push(amount);
        events.columns[1].push(category);
        self
    }

    fn orders(self, when: &[&str]) -> Self {
        when.iter().fold(self, |scene, when| scene.order(when, Value::Missing, ""))
    }

    fn attribute(mut self, value: Value) -> Self {
        self.user.attributes.push(value);
        self
    }

    fn all_orders(&mut self) -> SetId {
        self.program.arena.add_set(Set::Events { event: ORDER, filter: None })
    }

    fn condition(&mut self, condition: Condition) -> ConditionId {
        self.program.arena.add_condition(condition, Origin::default())
    }

    fn expression(&mut self, expression: Expression) -> ExpressionId {
        self.program.arena.add_expression(expression)
    }

    fn constant(&mut self, value: Value) -> ExpressionId {
        self.expression(Expression::Constant(value))
    }

    fn count(&mut self, window: Window, (least, most): (u32, u32)) -> ConditionId {
        let set = self.all_orders();
        self.condition(Condition::Count { set, window, least, most })
    }

    fn compare(&mut self, left: ExpressionId, op: Compare, right: Value) -> ConditionId {
        let right = self.constant(right);
        self.condition(Condition::Compare { left, op, right })
    }

    fn ask<T>(&self, question: impl FnOnce(&mut Evaluator, &Situation<'_>) -> T) -> T {
        let situation = Situation {
            program: &self.program,
            user: &self.user,
            now: self.now,
            contacts: &self.user.contacts,
            sequence: self.sequence,
        };
        question(&mut Evaluator::new(&self.program), &situation)
    }

    fn holds(&self, c: ConditionId, t: &str) -> bool {
        self.ask(|evaluator, s| evaluator.holds(s, c, at(t)))
    }

    fn value(&self, e: ExpressionId, t: &str) -> Value {
        self.ask(|evaluator, s| evaluator.value(s, e, at(t)))
    }

    fn spell(&self, c: ConditionId, t: &str) -> Option<(String, String)> {
        let spell = self.ask(|evaluator, s| evaluator.spell_at(s, c, at(t)));
        spell.map(|Spell { start, end }| (start.to_string(), end.to_string()))
    }

    /// The only spell of a condition, which holds `t`.
    fn assert_spell(&self, c: ConditionId, t: &str, start: &str, end: &str) {
        assert_eq!(self.spell(c, t), Some((start.to_owned(), end.to_owned())));
    }
}

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
        (Condition::Share { salt, below: super::bucket("seed", "u1") }, false),
        (Condition::Share { salt, below: super::bucket("seed", "u1") + 1 }, true),
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
