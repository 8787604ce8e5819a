//! The command as people call it: its outputs and how it ends.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

const RULES: &str = r#"time zone "Asia/Shanghai"
attribute tier: one of bronze, silver, gold
event order
channel push

rule winback
  if ordered before and no order in 30 days and tier is gold
  then send coupon via push
  at 10:00

test "a quiet gold customer"
  given tier gold
  given order 31 days ago
  at 2026-03-01 09:00
  for 7 days
  expect coupon via push at 2026-03-01 10:00
"#;

const WRONG_TEST: &str = r#"
test "silver gets one too"
  given tier silver
  given order 31 days ago
  at 2026-03-01 09:00
  for 7 days
  expect coupon via push at 2026-03-01 10:00
"#;

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(dir.path().join(name), text).unwrap();
    }
    dir
}

fn courtesy(dir: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_courtesy"))
        .args(words)
        .current_dir(dir)
        .env("COLUMNS", "100")
        .env_remove("NO_COLOR")
        .output()
        .unwrap()
}

/// The status, standard output and standard error.
fn shown(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end().to_string();
    let status = output.status.code().unwrap();
    format!("status {status}\n--- output\n{}\n--- errors\n{}", text(&output.stdout), text(&output.stderr))
}

#[test]
fn alone_it_prints_its_help() {
    let dir = folder(&[]);
    let output = courtesy(dir.path(), &[]);
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8(output.stderr).unwrap();
    for verb in ["check", "fmt", "explain", "test"] {
        assert!(text.contains(&format!("\n  {verb} ")), "{text}");
    }
}

#[test]
fn version_names_the_time_zone_database() {
    let dir = folder(&[]);
    let output = courtesy(dir.path(), &["--version"]);
    let text = String::from_utf8(output.stdout).unwrap();
    let zones = courtesy::time::tzdb_version();
    assert_eq!(text.trim(), format!("courtesy 0.1.0 (time zone database {zones})"));
}

#[test]
fn wrong_usage_ends_with_status_2() {
    let dir = folder(&[]);
    for words in [&["chek"][..], &["check"], &["check", "--nothing", "x"], &["check", "missing.touch"]] {
        let output = courtesy(dir.path(), words);
        assert_eq!(output.status.code(), Some(2), "{}", shown(&output));
        assert!(output.stderr.starts_with(b"error: "), "{}", shown(&output));
        assert_eq!(output.stdout, b"");
    }
}

#[test]
fn check_says_what_it_found() {
    let dir = folder(&[("shop.touch", RULES)]);
    let output = courtesy(dir.path(), &["check", "shop.touch"]);
    insta::assert_snapshot!(shown(&output));
}

#[test]
fn check_shows_every_mistake_and_counts_them() {
    let wrong =
        RULES.replace("tier is gold\n", "teir is gold\n").replace("given tier gold", "given tier golden");
    let dir = folder(&[("shop.touch", &wrong), ("b.touch", "rule b if tier = gold then send x via push\n")]);
    let output = courtesy(dir.path(), &["check", "."]);
    insta::assert_snapshot!(shown(&output));
}

#[test]
fn check_looks_into_tests_too() {
    let wrong = RULES.replace("given tier gold", "given tier golden");
    let dir = folder(&[("shop.touch", &wrong)]);
    insta::assert_snapshot!(shown(&courtesy(dir.path(), &["check", "."])));
    let output = courtesy(dir.path(), &["check", ".", "--format", "json"]);
    insta::assert_snapshot!(shown(&output));
}

#[test]
fn check_looks_into_tests_beside() {
    let wrong = WRONG_TEST.replace("given tier silver", "given tier sliver");
    let dir = folder(&[("shop.touch", RULES), ("shop.test.touch", &wrong)]);
    let output = courtesy(dir.path(), &["check", "shop.touch"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(shown(&output).contains("--> shop.test.touch:3:14"), "{}", shown(&output));
}

#[test]
fn warnings_end_it_only_when_denied() {
    let warned = RULES.replace("ordered before and ", "");
    let dir = folder(&[("shop.touch", &warned)]);
    assert_eq!(courtesy(dir.path(), &["check", "."]).status.code(), Some(0));
    let output = courtesy(dir.path(), &["check", ".", "--deny-warnings"]);
    insta::assert_snapshot!(shown(&output));
}

#[test]
fn fmt_lays_out_in_place_and_checks() {
    let untidy = RULES.replace("  then send coupon via push\n", "  then   send coupon\n     via push\n");
    let dir = folder(&[("a.touch", &untidy), ("b.touch", "rule b if then\n")]);
    let checked = courtesy(dir.path(), &["fmt", "--check", "a.touch"]);
    insta::assert_snapshot!(shown(&checked));
    assert_eq!(fs::read_to_string(dir.path().join("a.touch")).unwrap(), untidy, "nothing is changed");

    let laid_out = courtesy(dir.path(), &["fmt", "."]);
    assert_eq!(laid_out.status.code(), Some(1), "{}", shown(&laid_out));
    assert_eq!(fs::read_to_string(dir.path().join("a.touch")).unwrap(), RULES);
    assert_eq!(fs::read_to_string(dir.path().join("b.touch")).unwrap(), "rule b if then\n", "left alone");
    assert_eq!(courtesy(dir.path(), &["fmt", "--check", "a.touch"]).status.code(), Some(0));
}

#[test]
fn fmt_reads_standard_input() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_courtesy"))
        .args(["fmt", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let untidy = RULES.replace("  then send coupon via push\n", "  then   send coupon\n     via push\n");
    child.stdin.take().unwrap().write_all(untidy.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), RULES);
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn test_runs_what_the_rule_files_say() {
    let dir = folder(&[("shop.touch", RULES)]);
    insta::assert_snapshot!(shown(&courtesy(dir.path(), &["test", "shop.touch"])));
}

#[test]
fn test_shows_a_failure_with_its_story() {
    let dir = folder(&[("shop.touch", RULES), ("shop.test.touch", WRONG_TEST)]);
    insta::assert_snapshot!(shown(&courtesy(dir.path(), &["test", "shop.touch"])));
}

#[test]
fn test_of_nothing_fails() {
    let without = RULES.split("test ").next().unwrap();
    let dir = folder(&[("shop.touch", RULES), ("none.touch", without)]);
    insta::assert_snapshot!(shown(&courtesy(dir.path(), &["test", "none.touch"])));
    insta::assert_snapshot!(shown(&courtesy(dir.path(), &["test", "shop.touch", "--filter", "birthday"])));
}

#[test]
fn test_skips_and_says_so() {
    let dir = folder(&[("shop.touch", RULES), ("shop.test.touch", WRONG_TEST)]);
    let output = courtesy(dir.path(), &["test", "shop.touch", "--filter", "QUIET gold"]);
    assert!(shown(&output).contains("\n1 passed, 0 failed, 1 skipped"), "{}", shown(&output));
    assert_eq!(output.status.code(), Some(0));
}

const USERS: &str = r#"{"id":"u1","attributes":{"tier":"gold"},"events":[{"type":"order","at":"2026-01-20T04:00:00Z"}]}
{"id":"u2","attributes":{"tier":"gold"},"events":[{"type":"order","at":"yesterday"}]}
{"id":"u3","attributes":{"tier":"silver"},"events":[{"type":"order","at":"2026-02-20T04:00:00Z"}]}
"#;

#[test]
fn explain_tells_the_story_of_one_user() {
    let dir = folder(&[("shop.touch", RULES), ("users.jsonl", USERS)]);
    let of = |id: &str| {
        let words =
            ["explain", "shop.touch", "--users", "users.jsonl", "--user", id, "--now", "2026-03-01 09:00"];
        shown(&courtesy(dir.path(), &words))
    };
    insta::assert_snapshot!([of("u1"), of("u3")].join("\n=====\n"));
    insta::assert_snapshot!([of("u2"), of("u9"), of("U1")].join("\n=====\n"));
}

/// As a plan does, which takes the first record that is not rejected.
#[test]
fn explain_goes_on_after_a_rejected_record() {
    let long = "u".repeat(70);
    let broken =
        |id: &str| format!("{{\"id\":\"{id}\",\"events\":[{{\"type\":\"order\",\"at\":\"yesterday\"}}]}}\n");
    let users = [broken("u1"), USERS.to_owned(), broken(&long)].concat();
    let dir = folder(&[("shop.touch", RULES), ("users.jsonl", &users)]);
    let of = |id: &str| {
        let words =
            ["explain", "shop.touch", "--users", "users.jsonl", "--user", id, "--now", "2026-03-01 09:00"];
        courtesy(dir.path(), &words)
    };
    let output = of("u1");
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("User u1 on "));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.starts_with("rejected: line 1 of `users.jsonl` (user `u1`): "), "{said}");
    let output = of(&long);
    assert_eq!(output.status.code(), Some(3));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("line 5 of `users.jsonl`: "), "{said}");
}

#[test]
fn explain_knows_the_rules_by_name() {
    let dir = folder(&[("shop.touch", RULES), ("users.jsonl", USERS)]);
    let words = ["explain", "shop.touch", "--users", "users.jsonl", "--user", "u1", "--rule", "winbak"];
    insta::assert_snapshot!(shown(&courtesy(dir.path(), &words)));
}

#[test]
fn colours_only_when_asked_for() {
    let dir = folder(&[("shop.touch", RULES)]);
    let plain = courtesy(dir.path(), &["test", "shop.touch"]);
    assert!(!plain.stdout.contains(&0x1b));
    let coloured = courtesy(dir.path(), &["test", "shop.touch", "--color", "always"]);
    assert!(coloured.stdout.contains(&0x1b));
}
