//! `courtesy audit` as people call it: what `plan` makes is clean, and what was planted in it is found.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use serde_json::{Value, json};

const RULES: &str = r#"time zone "Asia/Shanghai"
channel push
channel sms needs consent
message coupon: promotion
message callback: service
event order
event complaint
quiet hours 21:00 to 09:00
at most 1 promotion in 7 days
rule winback
  if ordered before and no order in 30 days
  then send coupon via sms or push
  at 10:00
  again after 10 days
rule alert
  on complaint then send callback via push
  within 4 hours
  priority 100 ignoring caps
"#;

const USERS: &str = r#"{"id":"ann","timezone":"Europe/Berlin","events":[{"type":"order","at":"2026-01-05"}]}
{"id":"阿明","consent":{"sms":true},"events":[{"type":"order","at":"2026-01-05"},{"type":"complaint","at":"2026-02-10 08:59"}],"contacts":[{"at":"2026-02-03 09:00","message":"coupon"}]}
"#;

const NOW: [&str; 2] = ["--now", "2026-02-10 09:00"];

struct Folder(tempfile::TempDir);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        files.iter().for_each(|(name, text)| folder.write(name, text));
        folder
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.0.path().join(name), text).unwrap();
    }

    fn run(&self, words: &[&str]) -> Output {
        courtesy(self.0.path(), words)
    }

    /// `audit SCHEDULE --rules rules.touch --users users.jsonl --now …`
    fn audit(&self, schedule: &str, words: &[&str]) -> Output {
        let usual = ["audit", schedule, "--rules", "rules.touch", "--users", "users.jsonl"];
        self.run(&[&usual[..], &NOW, words].concat())
    }

    /// The planned touches.
    fn plan(&self) -> Vec<Value> {
        let usual = ["plan", "rules.touch", "--users", "users.jsonl", "--format", "jsonl"];
        let output = self.run(&[&usual[..], &NOW].concat());
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

fn courtesy(dir: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_courtesy")).args(words).current_dir(dir).output().unwrap()
}

fn shown(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end().to_string();
    let status = output.status.code().unwrap();
    format!("status {status}\n--- output\n{}\n--- errors\n{}", text(&output.stdout), text(&output.stderr))
}

fn shop() -> Folder {
    Folder::new(&[("rules.touch", RULES), ("users.jsonl", USERS)])
}

fn lines(touches: &[Value]) -> String {
    touches.iter().map(|touch| format!("{touch}\n")).collect()
}

fn scenes() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules-examples");
    let mut scenes: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    scenes.retain(|path| path.join("users.jsonl").is_file());
    scenes.sort();
    scenes
}

#[test]
fn every_schedule_of_every_scene_is_clean() {
    let out = Folder::new(&[]);
    let mut touches = 0;
    for scene in scenes() {
        let scene = scene.display().to_string();
        let users = format!("{scene}/users.jsonl");
        for (now, horizon, name) in [
            ("2026-03-01T01:00:00Z", "30 days", "a.jsonl"),
            ("2026-06-15T05:30:00Z", "120 days", "b.csv"),
            ("2026-10-24T22:00:00Z", "400 days", "c.jsonl"),
        ] {
            let planned =
                out.run(&["plan", &scene, "--users", &users, "--now", now, "--for", horizon, "--out", name]);
            assert_eq!(planned.status.code(), Some(0), "{scene}: {}", shown(&planned));
            let audited = out.run(&["audit", name, "--rules", &scene, "--users", &users, "--now", now]);
            assert_eq!(audited.status.code(), Some(0), "{scene} from {now}: {}", shown(&audited));
            let text = String::from_utf8(audited.stdout).unwrap();
            touches += text.split(' ').next().unwrap().parse::<usize>().unwrap();
        }
    }
    assert!(touches > 300, "only {touches} touches were looked at");
}

#[test]
fn what_is_planted_is_found() {
    let shop = shop();
    let planned = shop.plan();
    shop.write("clean.jsonl", &lines(&planned));
    assert_eq!(shop.audit("clean.jsonl", &[]).status.code(), Some(0));
    let (of_ann, of_ming): (Vec<_>, Vec<_>) =
        (0..planned.len()).partition(|index| planned[*index]["user"] == "ann");
    let coupon = of_ann[0];
    let callback = *of_ming.iter().find(|index| planned[**index]["message"] == "callback").unwrap();
    let set = |index: usize, key: &'static str, value: Value| {
        let mut touches = planned.clone();
        touches[index][key] = value;
        touches
    };
    let mut doubled = planned.clone();
    doubled.push(planned[callback].clone());
    let mut more = planned.clone();
    let late = json!("2026-02-12T12:00:00Z");
    more.push(json!({"user": "ann", "at": late, "channel": "push", "message": "coupon"}));
    for (what, touches, codes) in [
        ("night", set(coupon, "at", json!("2026-02-10T20:00:00Z")), vec!["quiet_hours"]),
        ("double", doubled, vec!["duplicate"]),
        ("more", more, vec!["cap"]),
        ("no consent", set(coupon, "channel", json!("sms")), vec!["no_consent"]),
        ("too late", set(callback, "at", json!("2026-02-10T05:00:00Z")), vec!["deadline"]),
        ("too early", set(callback, "at", json!("2026-02-10T00:58:00Z")), vec!["early", "quiet_hours"]),
        ("nobody", set(coupon, "user", json!("bob")), vec!["unknown_user"]),
        ("wrong channel", set(coupon, "channel", json!("fax")), vec!["unknown_channel"]),
        ("wrong message", set(coupon, "message", json!("x")), vec!["unknown_message"]),
        ("wrong rule", set(coupon, "rule", json!("x")), vec!["unknown_rule"]),
        ("wrong step", set(coupon, "step", json!(2)), vec!["unknown_rule"]),
        ("not a time", set(coupon, "at", json!("noon")), vec!["malformed"]),
    ] {
        shop.write("planted.jsonl", &lines(&touches));
        let output = shop.audit("planted.jsonl", &["--format", "json"]);
        assert_eq!(output.status.code(), Some(1), "{what}: {}", shown(&output));
        let mut found: Vec<String> = String::from_utf8(output.stdout)
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap()["code"].as_str().unwrap().to_owned())
            .collect();
        found.sort();
        found.dedup();
        assert_eq!(found, codes, "{what}");
    }
}

#[test]
fn breaches_are_told_by_user_in_local_times() {
    let shop = shop();
    shop.write(
        "theirs.csv",
        "customer,at,channel,message,rule,due\n\
         阿明,2026-02-10 09:00,push,coupon,,\n\
         阿明,2026-02-10 08:00,sms,callback,alert,2026-02-10 08:00\n\
         ann,2026-02-11 22:15,sms,coupon,winback,\n\
         bob,2026-02-11 10:00,push,coupon,,\n\
         ann,noon,push,coupon,,\n\
         ann,2026-02-11\n",
    );
    let map = ["--schedule-columns", "user=customer"];
    insta::assert_snapshot!("text", shown(&shop.audit("theirs.csv", &map)));
    insta::assert_snapshot!(
        "json",
        shown(&shop.audit("theirs.csv", &[&map[..], &["--format", "json"]].concat()))
    );
}

#[test]
fn rejected_users_are_no_breach_but_end_with_status_3() {
    let shop = shop();
    shop.write("schedule.jsonl", &lines(&shop.plan()));
    shop.write("users.jsonl", &USERS.replace("2026-02-03 09:00", "some day"));
    insta::assert_snapshot!("rejected", shown(&shop.audit("schedule.jsonl", &[])));
}

/// Ids may be alike for as long as anything shows of them.
#[test]
fn a_rejected_user_does_not_hide_another_whose_id_begins_alike() {
    let shop = shop();
    let (known, unknown) = (format!("{}1", "u".repeat(80)), format!("{}2", "u".repeat(80)));
    shop.write(
        "users.jsonl",
        &format!("{{\"id\":\"{known}\",\"events\":[{{\"type\":\"order\",\"at\":\"some day\"}}]}}\n"),
    );
    let row = |user: &str| {
        format!("{{\"user\":\"{user}\",\"at\":\"2026-03-01\",\"channel\":\"push\",\"message\":\"x\"}}\n")
    };
    shop.write("s.jsonl", &(row(&known) + &row(&unknown)));
    let output = shop.audit("s.jsonl", &[]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("line 2 (user `") && !said.contains("line 1 ("), "{said}");
}

#[test]
fn a_schedule_comes_through_a_pipe_or_is_empty() {
    let shop = shop();
    let words = ["audit", "-", "--rules", "rules.touch", "--users", "users.jsonl"];
    for (schedule, said) in [
        (lines(&shop.plan()), "touches of 2 users: no breach"),
        (String::new(), "0 touches of 0 users: no breach"),
    ] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_courtesy"))
            .args(words)
            .args(NOW)
            .current_dir(shop.0.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(schedule.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
        assert!(String::from_utf8_lossy(&output.stdout).contains(said), "{}", shown(&output));
    }
}

#[test]
fn wrong_usage_ends_with_status_2() {
    let shop = shop();
    shop.write("odd.csv", "user,message\n");
    let rest = ["--rules", "rules.touch", "--users"];
    for words in [
        &["audit", "missing.csv", "--rules", "rules.touch", "--users", "users.jsonl"][..],
        &["audit", "odd.csv", "--rules", "rules.touch", "--users", "users.jsonl"],
        &[&["audit", "-"], &rest[..], &["-"]].concat(),
        &["audit", "odd.csv"],
    ] {
        let output = shop.run(words);
        assert_eq!(output.status.code(), Some(2), "{}", shown(&output));
        assert!(output.stderr.starts_with(b"error: "), "{}", shown(&output));
    }
}
