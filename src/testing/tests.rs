use super::*;
use crate::{
    check::{self, Compiled, NoFiles},
    diagnostic::Diagnostics,
};

fn compile(source: &str) -> Compiled {
    check::compile(vec![("rules.touch".into(), source.into())], &NoFiles, None)
        .unwrap_or_else(|found| panic!("{found}"))
}

fn results(compiled: &Compiled) -> Vec<TestResult> {
    compiled
        .tests
        .iter()
        .map(|(source, test)| run(&compiled.program, &compiled.sources, *source, test))
        .collect()
}

/// The source, then what its tests say.
fn report(source: &str) -> String {
    let compiled = compile(source);
    let results = results(&compiled);
    let mut text = format!("{}\n\n=====\n\n", source.trim());
    for result in &results {
        match &result.verdict {
            Verdict::Broken(list) => {
                let found = Diagnostics { sources: compiled.sources.clone(), list: list.clone() };
                text.push_str(&format!("broken  {}\n{found}\n\n", result.name));
            }
            _ => text.push_str(&result.to_string()),
        }
    }
    text.push_str(&Coverage::of(&compiled.program, &results).to_string());
    text
}

const SHOP: &str = r#"
time zone "Asia/Shanghai"
attribute tier: one of bronze, silver, gold
attribute points: number
attribute tags: list of text
attribute vip: yes or no
event order plural orders past ordered: amount number, category text
channel push
channel sms needs consent
at most 1 touch per day

rule winback "Gold customers gone quiet"
  if ordered before and no order in 30 days and tier is gold
  then send coupon via push or sms with code "BACK20", quiet days since last order
  then after 3 days send reminder via push or sms unless order
  at 10:00

rule thanks
  on order where amount >= 100
  then send thanks_note via push
  within 1 day
"#;

fn with_tests(tests: &str) -> String {
    format!("{}\n{}", SHOP.trim(), tests.trim())
}

#[test]
fn what_is_expected_passes() {
    let source = with_tests(
        r#"
test "a coupon, then a reminder"
  given tier gold
  given order 31 days ago with amount 20
  at 2026-03-01 09:00
  for 7 days
  expect coupon via push by winback at 2026-03-01 10:00 with code "BACK20", quiet 31
  expect reminder on 2026-03-04

test "nobody is thanked for little"
  given order 1 hour ago with amount 20
  at 2026-03-01 09:00
  for 7 days
  expect nothing

test "two reasons of one withheld touch"
  given tier gold
  given order 31 days ago
  given not reachable on push
  given not subscribed to sms
  at 2026-03-01 09:00
  for 7 days
  expect coupon withheld because opted_out
  expect winback withheld because no_address
"#,
    );
    let compiled = compile(&source);
    let results = results(&compiled);
    for result in &results {
        assert!(result.passed(), "{result}");
    }
    let coverage = Coverage::of(&compiled.program, &results);
    assert_eq!(coverage.to_string(), "rules fired in tests: 1 of 2; never: thanks");
}

#[test]
fn a_failure_shows_the_difference_and_the_story() {
    insta::assert_snapshot!(report(&with_tests(
        r#"
test "the wrong channel and the wrong day"
  given tier gold
  given order 31 days ago with amount 20
  at 2026-03-01 09:00
  for 7 days
  expect coupon via sms at 2026-03-01 10:00
  expect reminder via push at 2026-03-04 10:00

test "it is not due yet"
  given tier silver
  given order 12 days ago with amount 20
  at 2026-03-01 09:00
  for 7 days
  expect coupon
  expect winback withheld because cap

test "nothing is expected, and something comes"
  given order 1 hour ago with amount 120
  at 2026-03-01 09:00
  for 7 days
  expect nothing
"#
    )));
}

#[test]
fn a_test_that_does_not_fit_the_rules_is_broken_and_says_where() {
    insta::assert_snapshot!(report(&with_tests(
        r#"
test "when"
  given tier gold
  expect nothing

test "names and values"
  given points 2 + 3
  given order 3 days ago with amount 20 * 2
  given time zone "Asia/Shangai"
  at 2026-03-01 09:00
  expect coupon with cod "BACK20"
  expect coupon withheld because quiet_hour

test "the future"
  given order at 2026-03-02 10:00
  at 2026-03-01 09:00
  expect nothing
  expect coupon
"#
    )));
}

#[test]
fn a_vague_expectation_leaves_the_touch_that_a_strict_one_needs() {
    let source = r#"
channel push
channel email
rule both if points > 0 then send news via push and email
attribute points: number

test "any, then one over push"
  given points 1
  at 2026-03-01 09:00
  expect news
  expect news via push

test "the other way about"
  given points 1
  at 2026-03-01 09:00
  expect news via push
  expect news
"#;
    for result in results(&compile(source)) {
        assert!(result.passed(), "{result}");
    }
}

#[test]
fn addresses_named_are_the_only_ones_and_those_denied_the_only_ones_missing() {
    let reached = |given: &str| {
        let source = with_tests(&format!("test \"x\"\n  {given}\n  at 2026-03-01 09:00\n  expect nothing"));
        let compiled = compile(&source);
        let (id, test) = &compiled.tests[0];
        let scenario = Scenario::of(&compiled.program, *id, test).unwrap();
        let addresses = scenario.user.addresses;
        addresses.map(|all| all.into_keys().collect::<Vec<_>>().join(" "))
    };
    assert_eq!(reached("given tier gold"), None, "everywhere");
    assert_eq!(reached("given reachable on push"), Some("push".into()));
    assert_eq!(reached("given not reachable on push"), Some("sms".into()));
}

#[test]
fn relative_moments_are_steps_of_the_calendar() {
    let source = with_tests(
        "test \"x\"\n  given time zone \"Europe/Berlin\"\n  given order 1 day ago\n  at 2026-03-29 09:00\n  expect nothing",
    );
    let compiled = compile(&source);
    let (id, test) = &compiled.tests[0];
    let scenario = Scenario::of(&compiled.program, *id, test).unwrap();
    // The clocks went forward in the night: a day is 23 hours.
    assert_eq!(scenario.now.to_string(), "2026-03-29T07:00:00Z");
    assert_eq!(scenario.user.events[0].at.to_string(), "2026-03-28T08:00:00Z");
}

/// The story of a failure leaves out rules that did what was expected of them.
#[test]
fn the_story_is_of_the_rules_that_the_difference_is_about() {
    let source = r#"
time zone "UTC"
channel push
rule hello if points > 0 then send hello via push
rule news if points > 1 then send news via push
rule other_news if points > 5 then send news via push
rule idle if points > 9 then send coupon via push
attribute points: number

test "a message too few"
  given points 1
  at 2026-03-01 09:00
  expect hello
  expect news

test "a message too many"
  given points 2
  at 2026-03-01 09:00
  expect news

test "of a named rule"
  given points 2
  at 2026-03-01 09:00
  expect hello
  expect news by other_news
"#;
    let told: Vec<Vec<String>> = results(&compile(source))
        .into_iter()
        .map(|result| match result.verdict {
            Verdict::Failed { story, .. } => story.rules.into_iter().map(|rule| rule.name).collect(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(told, [vec!["news", "other_news"], vec!["hello"], vec!["news", "other_news"]]);
}
