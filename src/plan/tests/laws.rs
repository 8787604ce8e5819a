//! Laws that hold for every plan, tried on random rules and users.

use std::fmt::Write;

use proptest::prelude::*;

use super::compiled;
use crate::{
    plan::{Horizon, Plan, Planner},
    program::{ContactTest, Program},
    rules::Rules,
    snapshot::{PastContact, User},
    syntax::ast::CapWindow,
    time::{Instant, Unit},
};

const DECLARED: &str = "channel push, sms, email\nmessage a: promo\nmessage b: promo, care\nmessage c: care\n\
                        message d: service\nattribute tier: text\nattribute points: number\nattribute joined: date\n\
                        event visit\nevent order: amount number\n";

fn pick(list: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    proptest::sample::select(list)
}

/// What some rules say about all.
fn policy() -> impl Strategy<Value = String> {
    let cap = (
        1..4u32,
        pick(&["touch", "promo", "care", "sms", "a"]),
        pick(&["in 1 day", "in 3 days", "in 30 hours", "in 1 month", "per day", "per week"]),
        pick(&["", ", 3 if tier is gold", " if points > 5", ", 2 if today is a weekday"]),
    )
        .prop_map(|(limit, what, window, rest)| format!("at most {limit} {what} {window}{rest}\n"));
    let gap = (
        pick(&["5 hours", "1 day", "2 days"]),
        pick(&["touch", "promo", "care and promo", "sms and push"]),
        pick(&[
            "",
            "",
            " if points > 5",
            " if visit in 5 days",
            " if today is a weekday",
            " from 2026-03-24",
        ]),
    )
        .prop_map(|(period, what, rest)| format!("at least {period} between {what}{rest}\n"));
    let hours = pick(&[
        "quiet hours 21:00 to 09:00\n",
        "quiet hours 13:00 to 14:00 on weekdays for sms\n",
        "contact hours 10:00 to 18:00 on weekdays for sms\n",
        "quiet hours 22:00 to 07:30 for push if tier is gold\n",
    ])
    .prop_map(str::to_owned);
    prop_oneof![3 => cap, 2 => gap, 1 => hours]
}

const TRIGGERS: &[&str] = &[
    "if no visit in 2 days",
    "if visit in 5 days and no order in 1 day",
    "if tier is gold",
    "if days since last order >= 3",
    "if visit this week",
    "on visit if tier is gold",
    "on order where amount > 5",
    "every monday, thursday",
    "every month on 3, 17 if points > 5",
    "on joined",
    "every 3 days since joined",
];

/// Those that look at contacts, for which a forecast need not be exact.
const FEEDBACK: &[&str] = &[
    "if no contact in 3 days",
    "if at least 1 promo in 2 days",
    "if fewer than 2 care in 4 days and visit in 20 days",
    "on visit if no sms in 2 days",
    "every day if no promo in 3 days",
];

/// A rule that is due by one of these.
fn rule(triggers: &'static [&'static str]) -> impl Strategy<Value = String> {
    let step = (
        pick(&["", "after 6 hours ", "after 1 day ", "after 3 days at 18:00 "]),
        pick(&["a", "b", "c", "d", "one of a 40%, b 40% as \"test\""]),
        pick(&["", " via sms", " via push or email", " via sms or push", " via push and sms"]),
        pick(&["", " unless order", " unless visit today"]),
    );
    let clauses = (
        pick(&["", "  at 10:00\n", "  between 08:00 and 11:00\n", "  after 5 hours\n"]),
        pick(&["", "  within 2 days\n", "  within 30 hours\n"]),
        pick(&["", "  priority 80\n", "  priority points\n", "  priority 20\n"]),
        pick(&["", "", "", "  ignoring caps\n", "  not counted\n", "  even in quiet hours\n"]),
        pick(&["", "", "", "  if blocked drop\n", "  if blocked stop\n"]),
        pick(&["", "", "  at most 1 time in 4 days\n", "  at most 2 times\n"]),
    );
    let again = pick(&["", "  again after 3 days\n", "  again after 20 hours\n"]);
    (pick(triggers), prop::collection::vec(step, 1..4), clauses, again).prop_map(
        |(trigger, steps, (time, deadline, priority, flag, blocked, times), again)| {
            let again = if trigger.starts_with("if") { again } else { "" };
            let mut text = format!("  {trigger}\n");
            for (index, (delay, message, via, unless)) in steps.into_iter().enumerate() {
                // Where beginnings are counted, no later step may send what the first one does.
                let message = match (times, index, message) {
                    ("", ..) => message,
                    (_, 0, "d") => "a",
                    (_, 0, _) => message,
                    _ => "d",
                };
                let _ = writeln!(text, "  then {delay}send {message}{via}{unless}");
            }
            text + time + deadline + priority + flag + blocked + times + again
        },
    )
}

/// Rules whose conditions do not look at contacts.
fn rules() -> impl Strategy<Value = String> {
    program(prop::collection::vec(rule(TRIGGERS), 1..5))
}

/// Rules of which some look at contacts.
fn any_rules() -> impl Strategy<Value = String> {
    program(prop::collection::vec(prop_oneof![rule(TRIGGERS), rule(FEEDBACK)], 1..5))
}

fn program(rules: impl Strategy<Value = Vec<String>>) -> impl Strategy<Value = String> {
    (prop::collection::vec(policy(), 0..4), rules).prop_map(|(policies, rules)| {
        let mut text = DECLARED.to_owned() + &policies.concat();
        for (index, rule) in rules.iter().enumerate() {
            let _ = write!(text, "rule r{index}\n{rule}");
        }
        text
    })
}

/// 2026-03-20, nine days before clocks change in Berlin.
const START: i64 = 1_773_961_200;

fn instant(hours: i64) -> Instant {
    Instant::from_seconds(START + hours * 3_600)
}

/// A user, as JSON.
fn user() -> impl Strategy<Value = String> {
    let event = (pick(&["visit", "order"]), -200..0i64, 0..10i64).prop_map(|(kind, hours, amount)| {
        let at = instant(hours);
        format!(r#"{{"type": "{kind}", "at": "{at}", "amount": {amount}}}"#)
    });
    let contact = (pick(&["a", "b", "c", "d"]), pick(&["push", "sms", "email"]), -200..0i64).prop_map(
        |(message, channel, hours)| {
            let at = instant(hours);
            format!(r#"{{"at": "{at}", "channel": "{channel}", "message": "{message}"}}"#)
        },
    );
    (
        pick(&["gold", "silver"]),
        0..12i64,
        pick(&["2025-03-25", "2026-03-18", "2024-02-29"]),
        pick(&["Europe/Berlin", "Asia/Shanghai", "America/New_York"]),
        pick(&["{}", r#"{"sms": false}"#, r#"{"push": false, "email": false}"#]),
        prop::collection::vec(event, 0..6),
        prop::collection::vec(contact, 0..5),
    )
        .prop_map(|(tier, points, joined, zone, consent, events, contacts)| {
            format!(
                r#"{{"id": "user", "timezone": "{zone}", "consent": {consent},
"attributes": {{"tier": "{tier}", "points": {points}, "joined": "{joined}"}},
"events": [{}], "contacts": [{}]}}"#,
                events.join(", "),
                contacts.join(", ")
            )
        })
}

struct Case {
    rules: Rules,
    user: User,
    end: Instant,
}

impl Case {
    fn new(rules: &str, user: &str) -> Self {
        let rules = compiled(rules);
        let user = super::user(user).bind(rules.program()).unwrap();
        let end = user.zone.step(instant(0), 12, Unit::Day);
        Self { rules, user, end }
    }

    fn program(&self) -> &Program {
        self.rules.program()
    }

    fn plan(&self, user: &User, now: Instant) -> Plan {
        Planner::new(self.program()).plan_until(user, now, self.end)
    }

    /// The user with the touches until `until` fed back as contacts.
    fn fed(&self, plan: &Plan, until: Instant) -> User {
        let mut user = self.user.clone();
        user.contacts.extend(contacts(self.program(), plan).filter(|contact| contact.at <= until));
        user.contacts.sort_by_key(|contact| contact.at);
        user
    }
}

fn contacts<'a>(program: &'a Program, plan: &'a Plan) -> impl Iterator<Item = PastContact> + 'a {
    plan.touches().iter().map(|touch| {
        let message = program.messages.iter().position(|message| *message.name == *touch.candidate.message);
        let categories = program.messages[message.unwrap()].categories.iter().copied().collect();
        PastContact {
            at: touch.at,
            channel: program.channels.iter().position(|one| *one.name == *touch.channel).map(Into::into),
            message: message.map(Into::into),
            categories,
            rule: program.rules.iter().position(|one| *one.name == *touch.candidate.rule).map(Into::into),
            touch_id: Some(touch.candidate.id.0),
        }
    })
}

fn is(contact: &PastContact, test: ContactTest) -> bool {
    match test {
        ContactTest::Any => true,
        ContactTest::Channel(id) => contact.channel == Some(id),
        ContactTest::Message(id) => contact.message == Some(id),
        ContactTest::Category(id) => contact.categories.contains(id),
        ContactTest::Rule(id) => contact.rule == Some(id),
    }
}

/// Few cases by default, for each is a whole program; `PROPTEST_CASES` asks for more.
fn config() -> ProptestConfig {
    let cases = std::env::var_os("PROPTEST_CASES").map_or(48, |_| ProptestConfig::default().cases);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    /// Counted in the dumbest way: at every contact, everything in the window that ends with it.
    #[test]
    fn every_cap_and_gap_holds_over_every_window(rules in any_rules(), user in user()) {
        let case = Case::new(&rules, &user);
        let program = case.program();
        let now = instant(0);
        let plan = case.plan(&case.user, now);
        let all = case.fed(&plan, Instant::MAX).contacts;
        let zone = &case.user.zone;
        let rule = |contact: &PastContact| contact.rule.map(|id| &program.rules[id.index()]);
        let counted = |contact: &&PastContact| rule(contact).is_none_or(|rule| rule.is_counted);
        let mut evaluator = crate::eval::Evaluator::new(program);
        let situation = crate::eval::Situation {
            program, user: &case.user, now, contacts: &all, sequence: None,
        };
        // What ignores caps is placed first, unless a contact made it due only later.
        let needs = |rule: &crate::program::Rule| rule.condition.map(|id| program.arena.condition_needs(id));
        let looks_at_contacts = program.rules.iter().filter_map(needs).any(|needs| needs.contacts);
        for touch in all.iter().filter(|one| one.at >= now && rule(one).is_some_and(|rule| !rule.ignores_caps)) {
            let t = touch.at;
            for cap in program.caps.iter().filter(|cap| is(touch, cap.subject)) {
                let inside = |contact: &&PastContact| contact.at <= t && match cap.window {
                    CapWindow::Rolling(period) => t < zone.add(contact.at, period),
                    CapWindow::Calendar(unit) =>
                        zone.window(t, unit, program.week_starts) == zone.window(contact.at, unit, program.week_starts),
                };
                // What leaves no trace may be joined at its instant.
                let joined = |one: &&PastContact| counted(&touch) || one.at < t;
                let filled = all.iter().filter(|one| is(one, cap.subject) && joined(one)).filter(counted);
                let filled = filled.filter(inside);
                let count = filled.count() + usize::from(!counted(&touch));
                if cap.condition.is_some_and(|condition| !evaluator.holds(&situation, condition, t)) {
                    continue;
                }
                let mut limit = cap.limit;
                for (other, condition) in &cap.exceptions {
                    if evaluator.holds(&situation, *condition, t) {
                        limit = *other;
                        break;
                    }
                }
                let ignoring = looks_at_contacts && all.iter().any(|one| rule(one).is_some_and(|rule| rule.ignores_caps));
                prop_assert!(ignoring || count <= limit as usize, "{}: {count} at {t}\n{plan}", cap.text);
            }
            for gap in &program.gaps {
                for other in all.iter().filter(counted).filter(|other| !std::ptr::eq(*other, touch)) {
                    let concerned = is(touch, gap.first) && is(other, gap.second)
                        || is(touch, gap.second) && is(other, gap.first);
                    let (first, second) = (t.min(other.at), t.max(other.at));
                    if gap.condition.is_some_and(|condition| !evaluator.holds(&situation, condition, second)) {
                        continue;
                    }
                    let ignoring = looks_at_contacts && rule(other).is_some_and(|rule| rule.ignores_caps);
                    prop_assert!(
                        !concerned || ignoring || (other.at >= t && !counted(&touch)) || zone.add(first, gap.period) <= second,
                        "{}: {first} and {second}\n{plan}", gap.text
                    );
                }
            }
        }
    }

    /// Once everything is sent, the same horizon holds nothing more.
    #[test]
    fn planning_again_sends_nothing_twice(rules in rules(), user in user()) {
        let case = Case::new(&rules, &user);
        let plan = case.plan(&case.user, instant(0));
        let mut ids: Vec<_> = plan.touches().iter().map(|touch| touch.candidate.id).collect();
        ids.extend(plan.withheld().iter().map(|withheld| withheld.candidate.id));
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        prop_assert_eq!(ids.len(), count, "an id twice\n{}", plan);
        let last = case.end.plus_micros(-1);
        let later = case.plan(&case.fed(&plan, last), last);
        prop_assert!(later.touches().is_empty(), "first\n{plan}\nthen\n{later}");
    }

    /// Whatever later plans find to say, it is not what was sent already.
    #[test]
    fn a_touch_that_was_sent_is_never_planned_again(rules in any_rules(), user in user(), hours in 0..280i64) {
        let case = Case::new(&rules, &user);
        let plan = case.plan(&case.user, instant(0));
        let now = instant(hours);
        let later = case.plan(&case.fed(&plan, now), now);
        let sent = plan.touches().iter().filter(|touch| touch.at <= now).map(|touch| touch.candidate.id);
        for id in sent {
            prop_assert!(later.touches().iter().all(|touch| touch.candidate.id != id), "{plan}\nlater\n{later}");
            prop_assert!(later.withheld().iter().all(|other| other.candidate.id != id), "{plan}\nlater\n{later}");
        }
    }

    /// A plan that was handed over is not planned again, though its touches are still to go.
    #[test]
    fn planning_again_at_once_adds_nothing(rules in rules(), user in user()) {
        let case = Case::new(&rules, &user);
        let plan = case.plan(&case.user, instant(0));
        let again = case.plan(&case.fed(&plan, Instant::MAX), instant(0));
        prop_assert!(again.touches().is_empty(), "first\n{plan}\nthen\n{again}");
    }

    /// A forecast is exact if the user does nothing.
    #[test]
    fn planning_later_gives_the_same_remaining_touches(rules in rules(), user in user(), hours in 0..280i64) {
        let case = Case::new(&rules, &user);
        let plan = case.plan(&case.user, instant(0));
        let now = instant(hours);
        let later = case.plan(&case.fed(&plan, now), now);
        let short = |plan: &Plan| -> Vec<_> {
            let left = plan.touches().iter().filter(|touch| touch.at > now);
            left.map(|touch| (touch.at, touch.candidate.id, touch.channel.to_string())).collect()
        };
        prop_assert_eq!(short(&plan), short(&later), "from\n{}\nlater\n{}", plan, later);
        prop_assert!(later.touches().iter().all(|touch| touch.at > now), "{later}");
    }

    /// Everything that is not at once says why.
    #[test]
    fn nothing_is_silent(rules in any_rules(), user in user()) {
        let case = Case::new(&rules, &user);
        let plan = case.plan(&case.user, instant(0));
        for touch in plan.touches() {
            let moved = touch.at > touch.candidate.due.max(plan.now);
            prop_assert!(!moved || !touch.moved_by.is_empty(), "{plan}");
            prop_assert!(touch.at >= plan.now && touch.at < plan.end && touch.at >= touch.candidate.due, "{plan}");
            prop_assert!(touch.candidate.deadline.is_none_or(|deadline| touch.at < deadline), "{plan}");
        }
        prop_assert!(plan.withheld().iter().all(|withheld| !withheld.reasons.is_empty()), "{plan}");
    }

    /// Where priorities differ, the order of the rules in the file says nothing.
    #[test]
    fn the_order_of_rules_does_not_matter_where_priorities_differ(
        policies in prop::collection::vec(policy(), 0..4),
        list in prop::collection::vec(rule(TRIGGERS), 2..5),
        user in user(),
    ) {
        let text: Vec<String> = list.iter().enumerate().map(|(index, rule)| {
            let lines = rule.lines().filter(|line| !line.contains("priority"));
            let own: String = lines.map(|line| format!("{line}\n")).collect();
            format!("rule r{index}\n{own}  priority {}\n", 10 * index)
        }).collect();
        let head = DECLARED.to_owned() + &policies.concat();
        let forward = Case::new(&(head.clone() + &text.concat()), &user);
        let backward: String = text.iter().rev().cloned().collect();
        let backward = Case::new(&(head + &backward), &user);
        let (one, two) = (forward.plan(&forward.user, instant(0)), backward.plan(&backward.user, instant(0)));
        prop_assert_eq!(one.to_string(), two.to_string());
    }

    /// What the sieve holds back would have come to nothing, for each of many users.
    #[test]
    fn the_sieve_holds_back_nothing_that_matters(
        rules in any_rules(),
        users in prop::collection::vec(user(), 1..5),
        hours in 0..280i64,
    ) {
        let cases: Vec<Case> = users.iter().map(|user| Case::new(&rules, user)).collect();
        let mut planner = Planner::new(cases[0].program());
        // Some got what was planned for them, so that sequences have begun.
        let now = instant(hours);
        let fed: Vec<User> = cases.iter().map(|case| {
            let plan = planner.plan_until(&case.user, instant(0), case.end);
            case.fed(&plan, now)
        }).collect();
        for all in [cases.iter().map(|case| &case.user).collect::<Vec<_>>(), fed.iter().collect()] {
            let mut plans = Vec::new();
            planner.plan_all(all.iter().copied(), now, Horizon::days(9), |plan| plans.push(plan));
            prop_assert_eq!(plans.len(), all.len());
            for (user, plan) in all.iter().zip(plans) {
                let end = Horizon::days(9).end(&user.zone, now);
                prop_assert_eq!(&planner.plan_unsifted(user, now, end), &plan);
                prop_assert_eq!(&planner.plan_until(user, now, end), &plan);
            }
        }
    }

    /// A planner carries nothing from one user to the next.
    #[test]
    fn users_do_not_touch_each_other(rules in any_rules(), first in user(), second in user()) {
        let (case, other) = (Case::new(&rules, &first), Case::new(&rules, &second));
        let mut planner = Planner::new(case.program());
        let alone = planner.plan_until(&case.user, instant(0), case.end);
        planner.plan_until(&other.user, instant(0), other.end);
        prop_assert_eq!(planner.plan_until(&case.user, instant(0), case.end), alone);
    }

    #[test]
    fn nobody_in_a_holdout_gets_anything_but_service(rules in any_rules(), user in user()) {
        let case = Case::new(&format!("hold out 100% as \"all\"\n{rules}"), &user);
        let plan = case.plan(&case.user, instant(0));
        prop_assert!(plan.touches().iter().all(|touch| *touch.candidate.message == *"d"), "{plan}");
    }
}
