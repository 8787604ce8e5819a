//! Limits of what the command reads: what is too large is refused with its reason, and the rest goes on.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    fs,
    io::Write as _,
    path::Path,
    process::{Command, Output, Stdio},
};

const RULES: &str = "time zone \"UTC\"\nchannel push\nattribute tags: list of text\nrule hello every day at 10:00 then send news via push\n";

struct Folder(tempfile::TempDir);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("rules.touch"), RULES).unwrap();
        for (name, text) in files {
            fs::write(dir.path().join(name), text).unwrap();
        }
        Self(dir)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_courtesy"));
        command.args(words).current_dir(self.path());
        command
    }

    /// One touch for each user who is planned.
    fn plan(&self, users: &str) -> Output {
        let words = ["plan", "rules.touch", "--users", users, "--format", "csv", "--now", "2026-03-01 09:00"];
        self.command(&words).args(["--for", "1 day"]).output().unwrap()
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// How many touches there are, and the status.
fn came_to(output: &Output) -> (usize, Option<i32>) {
    (text(&output.stdout).lines().count().saturating_sub(1), output.status.code())
}

#[test]
fn a_rule_file_that_is_too_large_is_not_read() {
    let folder = Folder::new(&[]);
    fs::File::create(folder.path().join("big.touch")).unwrap().set_len((16 << 20) + 1).unwrap();
    for verb in ["check", "fmt"] {
        let output = folder.command(&[verb, "big.touch"]).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output.stderr).starts_with("error: `big.touch` is larger than 16 MiB"), "{verb}");
    }
}

#[test]
fn an_event_of_a_calendar_that_is_too_long_is_told_with_its_line() {
    let event = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\nDTSTART:20260501\nDURATION:P3661D\nEND:VEVENT\nEND:VCALENDAR\n";
    let rules = "time zone \"UTC\"\ncalendar sale \"sale.ics\"\nrule a if today is in sale then send x\n";
    let folder = Folder::new(&[("sale.ics", event), ("sale.touch", rules)]);
    let output = folder.command(&["check", "sale.touch"]).output().unwrap();
    let said = text(&output.stdout) + &text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("E502") && said.contains("lasts 3661 days"), "{said}");
}

#[test]
fn json_goes_so_many_levels_deep_and_its_user_alone_is_rejected() {
    // The levels are those of one value.
    let user = |id: &str, levels: usize| {
        let list = "[".repeat(levels) + &"]".repeat(levels);
        format!("{{\"id\":\"{id}\",\"attributes\":{{\"tags\":{list}}}}}\n")
    };
    // Within the limit it is still no list of texts; that is another reason.
    let users = format!("{{\"id\":\"a\"}}\n{}{}{{\"id\":\"d\"}}\n", user("b", 127), user("c", 128));
    let folder = Folder::new(&[("users.jsonl", &users)]);
    let output = folder.plan("users.jsonl");
    assert_eq!(came_to(&output), (2, Some(3)), "{}", text(&output.stderr));
    let rejects = fs::read_to_string(folder.path().join("rejects.jsonl")).unwrap();
    let reasons: Vec<bool> = rejects.lines().map(|line| line.contains("recursion limit exceeded")).collect();
    assert_eq!(reasons, [false, true], "{rejects}");
}

#[test]
fn a_cell_of_too_many_lines_is_taken_for_one_without_its_quote() {
    let table = |breaks: usize| format!("id,note\na,\"{}\"\nb,x\n", "\n".repeat(breaks));
    let folder = Folder::new(&[("long.csv", &table(1_000)), ("longer.csv", &table(1_001))]);
    assert_eq!(came_to(&folder.plan("long.csv")), (2, Some(0)));
    let output = folder.plan("longer.csv");
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stderr);
    assert!(said.starts_with("error: a cell on line 2 of `longer.csv` has no closing quote"), "{said}");
}

#[test]
fn a_line_of_a_schedule_that_is_too_long_is_a_breach_and_the_others_are_audited() {
    let folder = Folder::new(&[("users.jsonl", "{\"id\":\"a\"}\n")]);
    let mut child = folder
        .command(&["audit", "-", "--rules", "rules.touch", "--users", "users.jsonl"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let touch =
        "{\"user\":\"a\",\"at\":\"2026-03-01T10:00:00Z\",\"channel\":\"push\",\"message\":\"news\"}\n";
    input.write_all(touch.as_bytes()).unwrap();
    input.write_all(b"{\"user\":\"").unwrap();
    let piece = vec![b'x'; 1 << 20];
    (0..64).for_each(|_| input.write_all(&piece).unwrap());
    input.write_all(b"\"}\n").unwrap();
    input.write_all(touch.replace("03-01", "03-03").as_bytes()).unwrap();
    drop(input);
    let output = child.wait_with_output().unwrap();
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    assert!(said.contains("line 2\n    malformed: the line is longer than 64 MiB"), "{said}");
    assert!(said.contains("3 touches of 1 user: 1 breach"), "{said}");
}
