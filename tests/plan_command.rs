//! `courtesy plan` and `courtesy schema` as people call them: files in, files out, exit status.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    fmt::Write as _,
    fs,
    io::Write as _,
    path::Path,
    process::{Command, Output, Stdio},
};

const RULES: &str = r#"time zone "Asia/Shanghai"
channel push
channel sms needs consent
message coupon: promotion
rule winback
  if ordered before and no order in 30 days and tier gold
  then send coupon via sms or push with quiet_days days since last order
  at 10:00
at most 1 touch in 7 days
"#;

const USERS: &str = r#"{"id":"ann","timezone":"Europe/Berlin","attributes":{"tier":"gold"},"events":[{"type":"order","at":"2026-01-20 09:00"}]}
{"id":"阿明","attributes":{"tier":"gold"},"consent":{"sms":true},"events":[{"type":"order","at":"2026-01-05"}]}
{"id":"bob","attributes":{"tier":"silver"},"events":[{"type":"order","at":"2026-01-05"}]}
{"id":"cyd","attributes":{"tier":"gold"},"addresses":{},"events":[{"type":"order","at":"2026-01-05"}]}
"#;

const NOW: [&str; 4] = ["--now", "2026-02-10 09:00", "--for", "20 days"];

struct Folder(tempfile::TempDir);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in files {
            fs::write(dir.path().join(name), text).unwrap();
        }
        Self(dir)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap()
    }

    fn run(&self, words: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_courtesy")).args(words).current_dir(self.path()).output().unwrap()
    }

    /// `plan rules.touch --now … --for …` and those words.
    fn plan(&self, words: &[&str]) -> Output {
        self.run(&[&["plan", "rules.touch"], NOW.as_slice(), words].concat())
    }
}

/// The status, standard output and standard error, without what changes with the time zone database.
fn shown(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end().to_string();
    let errors = text(&output.stderr);
    let errors = errors.split("; time zone database").next().unwrap_or_default();
    format!(
        "status {}\n--- output\n{}\n--- errors\n{errors}",
        output.status.code().unwrap(),
        text(&output.stdout)
    )
}

#[test]
fn touches_pasted_as_contacts_are_not_planned_again() {
    let dir = Folder::new(&[("rules.touch", RULES), ("users.jsonl", USERS)]);
    assert!(dir.plan(&["--users", "users.jsonl", "--out", "sent.jsonl"]).status.success());
    let sent = dir.read("sent.jsonl");
    assert_eq!(sent.lines().count(), 2);
    let with_contacts = |touches: &str| -> String {
        let contacts = |id: &str| -> Vec<&str> {
            touches.lines().filter(|touch| touch.contains(&format!("\"user\":\"{id}\""))).collect()
        };
        let user = |line: &str| {
            let id = line.split('"').nth(3).unwrap();
            format!("{},\"contacts\":[{}]}}\n", line.strip_suffix('}').unwrap(), contacts(id).join(","))
        };
        USERS.lines().map(user).collect()
    };
    fs::write(dir.path().join("again.jsonl"), with_contacts(&sent)).unwrap();
    let again = dir.plan(&["--users", "again.jsonl", "--out", "again.csv"]);
    assert!(again.status.success());
    assert_eq!(dir.read("again.csv").lines().count(), 1, "nothing but the header");
    assert!(!shown(&again).contains("touch_id"));

    let misnamed = sent.replace("\"touch_id\"", "\"id\"");
    fs::write(dir.path().join("again.jsonl"), with_contacts(&misnamed)).unwrap();
    let again = dir.plan(&["--users", "again.jsonl", "--out", "again.csv"]);
    assert!(shown(&again).contains("call it `touch_id`"), "{}", shown(&again));
}

#[test]
fn plans_for_people_and_for_machines() {
    let dir = Folder::new(&[("rules.touch", RULES), ("users.jsonl", USERS)]);
    insta::assert_snapshot!("table", shown(&dir.plan(&["--users", "users.jsonl"])));
    insta::assert_snapshot!("text", shown(&dir.plan(&["--users", "users.jsonl", "--format", "text"])));
    let quiet = dir.plan(&["--users", "users.jsonl", "--out", "out.csv", "--withheld", "withheld.csv"]);
    assert!(quiet.stdout.is_empty());
    insta::assert_snapshot!("csv", dir.read("out.csv") + &dir.read("withheld.csv"));
    let lines = dir.plan(&["--users", "users.jsonl", "--format", "jsonl"]);
    for line in String::from_utf8(lines.stdout).unwrap().lines() {
        let touch: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(touch["message"], "coupon");
    }
}

#[test]
fn a_broken_record_leaves_out_its_user_and_nobody_else() {
    let users = format!(
        "{USERS}{{\"id\":\"dan\",\"attributes\":{{\"tier\":\"gold\"}},\"events\":[{{\"type\":\"order\",\"at\":\"yesterday\"}}]}}\n\
         oops\n{{\"id\":\"ann\"}}\n"
    );
    let dir = Folder::new(&[("rules.touch", RULES), ("users.jsonl", &users), ("good.jsonl", USERS)]);
    let output = dir.plan(&["--users", "users.jsonl", "--format", "csv"]);
    assert_eq!(output.status.code(), Some(3));
    insta::assert_snapshot!("rejects", dir.read("rejects.jsonl") + &shown(&output));
    let good = dir.plan(&["--users", "good.jsonl", "--format", "csv"]);
    assert_eq!(good.status.code(), Some(0));
    assert_eq!(good.stdout, output.stdout, "the others are planned as if the broken ones were not there");
}

#[test]
fn what_was_sent_comes_back_as_history_and_is_not_sent_again() {
    let dir = Folder::new(&[("rules.touch", RULES), ("users.jsonl", USERS)]);
    assert!(dir.plan(&["--users", "users.jsonl", "--out", "sent.csv"]).status.success());
    assert!(dir.read("sent.csv").lines().count() > 1);
    let later = ["plan", "rules.touch", "--users", "users.jsonl", "--now", "2026-02-20", "--format", "csv"];
    let lines = |output: Output| String::from_utf8(output.stdout).unwrap().lines().count();
    assert_eq!(
        lines(dir.run(&[&later[..], &["--contacts", "sent.csv"]].concat())),
        1,
        "only the header is left"
    );
    assert!(lines(dir.run(&later)) > 1, "without the history they would be sent again");
}

#[test]
fn ids_that_look_like_formulas_come_back_as_they_were() {
    let ids = ["=x", "'=x", "''=x", "'x", "+1", "\u{ff1d}x", " =x", "'"];
    let users: String =
        ids.iter().map(|id| format!("{{\"id\":\"{id}\",\"attributes\":{{\"tier\":\"gold\"}}}}\n")).collect();
    let rules = "time zone \"UTC\"\nchannel push\nrule news if tier gold then send news via push\n";
    let dir = Folder::new(&[("rules.touch", rules), ("users.jsonl", &users)]);
    assert!(dir.plan(&["--users", "users.jsonl", "--out", "sent.csv"]).status.success());
    assert_eq!(dir.read("sent.csv").lines().count(), 1 + ids.len());
    let again = ["--users", "users.jsonl", "--contacts", "sent.csv", "--out", "again.csv"];
    assert!(dir.plan(&again).status.success());
    assert_eq!(dir.read("again.csv").lines().count(), 1, "nothing is sent twice: {}", dir.read("again.csv"));
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let mut users = String::new();
    for number in 0..3000 {
        let day = number % 28 + 1;
        let tier = if number % 3 == 0 { "gold" } else { "silver" };
        writeln!(
            users,
            r#"{{"id":"u{number}","attributes":{{"tier":"{tier}"}},"events":[{{"type":"order","at":"2026-01-{day:02}"}}]}}"#
        )
        .unwrap();
    }
    let dir = Folder::new(&[("rules.touch", RULES), ("users.jsonl", &users)]);
    let with = |threads| dir.plan(&["--users", "users.jsonl", "--format", "jsonl", "--threads", threads]);
    let one = with("1");
    assert!(one.status.success() && one.stdout.len() > 10_000);
    assert_eq!(one.stdout, with("2").stdout);
    assert_eq!(one.stdout, with("5").stdout);
}

#[test]
fn a_snapshot_shows_what_changed() {
    let dir = Folder::new(&[("rules.touch", RULES), ("users.jsonl", USERS)]);
    let words = ["--users", "users.jsonl", "--snapshot", "expected.txt"];
    let missing = dir.plan(&words);
    assert_eq!(missing.status.code(), Some(1));
    assert!(!dir.path().join("expected.txt").exists());
    assert_eq!(dir.plan(&[words.as_slice(), &["--accept"]].concat()).status.code(), Some(0));
    assert_eq!(dir.plan(&words).status.code(), Some(0));
    fs::write(dir.path().join("rules.touch"), RULES.replace("10:00", "11:00")).unwrap();
    let changed = dir.plan(&words);
    assert_eq!(changed.status.code(), Some(1));
    insta::assert_snapshot!("snapshot_differs", shown(&changed));
    let folder = dir.plan(&["--users", "users.jsonl", "--snapshot", "."]);
    assert_eq!(folder.status.code(), Some(2));
    let said = String::from_utf8(folder.stderr).unwrap();
    assert!(said.ends_with("error: cannot read `.`: it is a folder\n"), "{said}");
}

#[test]
fn wrong_usage_and_wrong_rules_are_told_apart() {
    let dir = Folder::new(&[
        ("rules.touch", RULES),
        ("users.jsonl", USERS),
        ("bad.touch", "rule x if tier is then"),
    ]);
    let code = |words: &[&str]| dir.run(words).status.code();
    assert_eq!(code(&["plan", "bad.touch", "--users", "users.jsonl", "--now", "2026-02-10"]), Some(1));
    assert_eq!(code(&["plan", "rules.touch", "--users", "no.jsonl", "--now", "2026-02-10"]), Some(2));
    assert_eq!(code(&["plan", "rules.touch", "--now", "2026-02-10"]), Some(2));
    assert_eq!(code(&["plan", "rules.touch", "--users", "users.jsonl", "--now", "noon"]), Some(2));
    assert_eq!(code(&["plan", "rules.touch", "--users", "users.jsonl", "--out", "no/such/out.csv"]), Some(2));
    assert_eq!(code(&["plan", "rules.touch", "--users", "users.jsonl", "--events", "-"]), Some(2));
    assert_eq!(code(&["plan", "rules.touch", "--users", "users.jsonl", "--times-in", "Mars"]), Some(2));
}

#[test]
fn a_name_that_is_neither_in_rules_nor_in_data_is_an_error() {
    let dir =
        Folder::new(&[("rules.touch", &RULES.replace("tier gold", "teir gold")), ("users.jsonl", USERS)]);
    let output = dir.plan(&["--users", "users.jsonl"]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("tier"), "{said}");
}

#[test]
fn users_may_come_from_a_pipe() {
    let dir = Folder::new(&[("rules.touch", RULES)]);
    let mut child = Command::new(env!("CARGO_BIN_EXE_courtesy"))
        .args(["plan", "rules.touch", "--users", "-", "--format", "csv"])
        .args(NOW)
        .current_dir(dir.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(USERS.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert!(String::from_utf8(output.stdout).unwrap().contains("阿明"));
}

#[test]
fn tables_tell_the_same_as_json_lines() {
    let rules = RULES.replace("tier gold", "tier is gold");
    let dir = Folder::new(&[
        ("rules.touch", &rules),
        ("users.jsonl", USERS),
        (
            "users.csv",
            "customer;zone;tier;consent.sms\nann;Europe/Berlin;gold;\n阿明;;gold;yes\nbob;;silver;\n",
        ),
        ("orders.csv", "customer,date\n阿明,2026-01-05\nann,2026-01-20 09:00\nbob,2026-01-05\n"),
    ]);
    let tables = dir.plan(&[
        "--users",
        "users.csv",
        "--users-columns",
        "id=customer,timezone=zone",
        "--events",
        "orders.csv",
        "--events-columns",
        "user=customer,type=:order",
        "--format",
        "csv",
    ]);
    let lines = dir.plan(&["--users", "users.jsonl", "--format", "csv"]);
    assert!(tables.status.success(), "{}", shown(&tables));
    let without_cyd: Vec<_> =
        lines.stdout.split(|byte| *byte == b'\n').filter(|line| !line.starts_with(b"cyd")).collect();
    assert_eq!(tables.stdout.split(|byte| *byte == b'\n').collect::<Vec<_>>(), without_cyd);
}

#[test]
fn the_schema_of_data_is_a_rule_file() {
    let dir = Folder::new(&[("users.jsonl", &USERS.repeat(5))]);
    let output = dir.run(&["schema", "--users", "users.jsonl", "--out", "shop.touch"]);
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    insta::assert_snapshot!("schema", dir.read("shop.touch"));
    fs::write(dir.path().join("rules.touch"), "use \"shop.touch\"\nif tier gold then send coupon via sms\n")
        .unwrap();
    fs::write(dir.path().join("one.jsonl"), USERS).unwrap();
    let planned = dir.plan(&["--users", "one.jsonl"]);
    assert_eq!(planned.status.code(), Some(0), "{}", shown(&planned));
}

#[cfg(unix)]
#[test]
fn whoever_stops_reading_is_not_scolded() {
    let dir = Folder::new(&[("rules.touch", RULES), ("users.jsonl", USERS)]);
    let mut child = Command::new(env!("CARGO_BIN_EXE_courtesy"))
        .args(["plan", "rules.touch", "--users", "users.jsonl", "--format", "text"])
        .args(NOW)
        .current_dir(dir.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(!String::from_utf8_lossy(&output.stderr).contains("error"));
}

#[test]
fn what_looks_like_a_slip_in_the_data_is_remarked() {
    let rules =
        RULES.replace("channel push\n", "channel push\nattribute tier: text\nattribute points: number\n");
    let users = USERS.replace("\"addresses\":{}", "\"adresses\":{}");
    let dir = Folder::new(&[("rules.touch", &rules), ("users.jsonl", &users)]);
    let said = String::from_utf8(dir.plan(&["--users", "users.jsonl"]).stderr).unwrap();
    assert!(
        said.contains("`adresses` is no part of a user and is not read: did you mean `addresses`?"),
        "{said}"
    );
    assert!(said.contains("none of 4 users has the attribute `points`"), "{said}");
}

#[test]
fn rejects_of_an_earlier_run_are_spoken_of() {
    let dir = Folder::new(&[("rules.touch", RULES), ("users.jsonl", USERS), ("rejects.jsonl", "old\n")]);
    let said = |output: &Output| String::from_utf8_lossy(&output.stderr).contains("from an earlier run");
    assert!(said(&dir.plan(&["--users", "users.jsonl"])));
    assert_eq!(dir.read("rejects.jsonl"), "old\n", "nobody's file is deleted");
    fs::remove_file(dir.path().join("rejects.jsonl")).unwrap();
    assert!(!said(&dir.plan(&["--users", "users.jsonl"])));
}

#[test]
fn no_cell_of_a_schedule_is_a_formula_whatever_the_data_says() {
    const HOSTILE: [&str; 8] =
        ["=1+1", "+1", "-1+1", "@sum(a1)", " =1+1", "\u{ff1d}1+1", "\u{3000}\u{ff20}sum(a1)", "'=1+1"];
    let rules = "time zone \"UTC\"\nchannel push\nchannel sms needs consent\nattribute name: text\nevent order: note text\n\
        rule thanks on order within 3 days then send thanks via push with name name, note last order note\n\
        rule text on order within 3 days then send text via sms\n";
    let users: String = HOSTILE
        .iter()
        .map(|text| {
            let at = "2026-02-10T08:00:00Z";
            let event = serde_json::json!({"type": "order", "at": at, "id": text, "note": text});
            serde_json::json!({"id": text, "attributes": {"name": text}, "events": [event]}).to_string()
                + "\n"
        })
        .collect();
    let dir = Folder::new(&[("rules.touch", rules), ("users.jsonl", &users)]);
    let output = dir.plan(&["--users", "users.jsonl", "--out", "out.csv", "--withheld", "withheld.csv"]);
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    insta::assert_snapshot!("hostile_cells", dir.read("out.csv") + &dir.read("withheld.csv"));
    for name in ["out.csv", "withheld.csv"] {
        let mut table = csv::ReaderBuilder::new().has_headers(true).from_path(dir.path().join(name)).unwrap();
        let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
        for cell in rows.iter().flat_map(|row| row.iter()) {
            let start = cell.trim_start().chars().next().unwrap_or(' ');
            assert!(!"=+-@\u{ff1d}\u{ff0b}\u{ff0d}\u{ff20}".contains(start), "{name}: {cell}");
        }
    }
    // And the ids come back as they were: nothing is planned twice.
    let again = dir.plan(&["--users", "users.jsonl", "--contacts", "out.csv", "--format", "csv"]);
    assert_eq!(String::from_utf8(again.stdout).unwrap().lines().count(), 1);
}
