//! Faults of the world: what is written is there whole or not at all, the exit status is right, and the message says it.
#![cfg(all(feature = "cli", unix))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use std::{
    fs,
    io::{Read as _, Write as _},
    path::Path,
    process::{Command, Output, Stdio},
};

const RULES: &str = "time zone \"UTC\"\nchannel push\nattribute tier: text\nrule hello every day at 10:00 then send news via push\n";
const NOW: [&str; 4] = ["--now", "2026-03-01 09:00", "--for", "30 days"];

struct Folder(tempfile::TempDir);

impl Folder {
    /// With rules and so many users.
    fn new(users: usize) -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("rules.touch"), RULES).unwrap();
        let lines: String = (0..users).map(|index| format!("{{\"id\":\"u{index}\"}}\n")).collect();
        fs::write(dir.path().join("users.jsonl"), lines).unwrap();
        Self(dir)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.path().join(name), bytes).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap()
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_courtesy"));
        command.args(words).current_dir(self.path());
        command
    }

    /// `plan rules.touch --users users.jsonl --now … --for …` and those words.
    fn plan(&self, words: &[&str]) -> Command {
        let start = ["plan", "rules.touch", "--users", "users.jsonl"];
        self.command(&[start.as_slice(), &NOW, words].concat())
    }

    /// What is in it, so that nothing is left behind.
    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

fn errors(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// It failed as a wrong call does, saying that, and left nothing behind.
#[track_caller]
fn fails(folder: &Folder, mut command: Command, said: &str) {
    let before = folder.names();
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", errors(&output));
    assert!(errors(&output).starts_with("error: ") && errors(&output).contains(said), "{}", errors(&output));
    assert_eq!(folder.names(), before);
}

#[test]
fn a_full_disk_is_told_and_nothing_is_half_there() {
    if !Path::new("/dev/full").exists() {
        println!("left out: there is no /dev/full here");
        return;
    }
    let folder = Folder::new(500);
    let full = || Stdio::from(fs::OpenOptions::new().write(true).open("/dev/full").unwrap());
    for format in ["csv", "jsonl", "table", "text"] {
        let mut command = folder.plan(&["--format", format]);
        command.stdout(full());
        fails(&folder, command, "cannot write the standard output: the disk is full");
    }
    fails(
        &folder,
        folder.plan(&["--out", "/dev/full", "--format", "csv"]),
        "cannot write `/dev/full`: the disk is full",
    );
    fails(
        &folder,
        folder.plan(&["--out", "o.csv", "--withheld", "/dev/full"]),
        "cannot write `/dev/full`: the disk is full",
    );
    assert!(!fs::metadata("/dev/full").unwrap().is_file(), "a device is written to, not replaced");
    let mut check = folder.command(&["check", "rules.touch"]);
    check.stdout(full());
    fails(&folder, check, "cannot write the standard output: the disk is full");
}

#[test]
fn whoever_reads_may_stop_reading() {
    let folder = Folder::new(2_000);
    for more in [&["--format", "csv"][..], &["--format", "jsonl", "--withheld", "w.jsonl"]] {
        let mut child = folder.plan(more).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut some = [0; 10];
        child.stdout.take().unwrap().read_exact(&mut some).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", errors(&output));
        assert_eq!(errors(&output), "");
        let names: &[&str] = if more.len() > 2 {
            &["rules.touch", "users.jsonl", "w.jsonl"]
        } else {
            &["rules.touch", "users.jsonl"]
        };
        assert_eq!(folder.names(), names, "nothing is left behind");
    }
    // What is withheld is told of all users, as if the touches had been read to their end.
    let told = folder.read("w.jsonl");
    let output = folder.plan(&["--format", "jsonl", "--withheld", "all.jsonl"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", errors(&output));
    assert!(told == folder.read("all.jsonl"));
}

#[test]
fn who_stops_reading_does_not_take_the_rejects_away() {
    let folder = Folder::new(2_000);
    // The last of all: whether it is found must not hang on when the reader stopped.
    let users = format!("{{\"id\":\"first\"}}\noops\n{}{{\"id\":\"u7\"}}\n", folder.read("users.jsonl"));
    folder.write("users.jsonl", users.as_bytes());
    for format in ["csv", "jsonl", "text", "table"] {
        let mut child = folder
            .plan(&["--format", format, "--withheld", "w.jsonl"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut some = [0; 10];
        child.stdout.take().unwrap().read_exact(&mut some).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(3), "{format}: {}", errors(&output));
        assert_eq!(errors(&output), "rejected: 2 records, which `rejects.jsonl` holds\n", "{format}");
        assert_eq!(folder.names(), ["rejects.jsonl", "rules.touch", "users.jsonl", "w.jsonl"], "{format}");
        let rejects = folder.read("rejects.jsonl");
        assert!(rejects.contains("\"line\":2,") && rejects.contains("\"line\":2003,"), "{rejects}");
        assert_eq!(rejects.lines().count(), 2);
        fs::remove_file(folder.path().join("rejects.jsonl")).unwrap();
    }
}

#[test]
fn breaches_are_breaches_though_nobody_reads_them_to_the_end() {
    let folder = Folder::new(1);
    let row = |user: usize| {
        format!(
            "{{\"user\":\"nobody{user}\",\"at\":\"2026-03-01\",\"channel\":\"push\",\"message\":\"x\"}}\n"
        )
    };
    folder.write("schedule.jsonl", (0..20_000).map(row).collect::<String>().as_bytes());
    let words = ["audit", "schedule.jsonl", "--rules", "rules.touch", "--users", "users.jsonl"];
    let mut child = folder.command(&words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut some = [0; 10];
    child.stdout.take().unwrap().read_exact(&mut some).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), errors(&output).as_str()), (Some(1), ""));
}

#[test]
fn rules_are_laid_out_whole_or_not_at_all() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new(0);
    let ugly = "time zone   \"UTC\"\nrule a every day at 10:00 then   send news\n";
    folder.write("a.touch", ugly.as_bytes());
    std::os::unix::fs::symlink("a.touch", folder.path().join("link.touch")).unwrap();
    let rights = |mode: u32| {
        fs::set_permissions(folder.path().join("a.touch"), fs::Permissions::from_mode(mode)).unwrap();
    };
    rights(0o440);
    fails(
        &folder,
        folder.command(&["fmt", "a.touch"]),
        "cannot write `a.touch`: it may not be read or written",
    );
    assert_eq!(folder.read("a.touch"), ugly);
    rights(0o620);
    assert!(folder.command(&["fmt", "link.touch"]).output().unwrap().status.success());
    assert!(folder.path().join("link.touch").is_symlink(), "a link is followed");
    assert!(folder.read("a.touch").contains("then send news"));
    let mode = fs::metadata(folder.path().join("a.touch")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o620, "the rights of the file stay");
    assert_eq!(folder.names(), ["a.touch", "link.touch", "rules.touch", "users.jsonl"]);
}

#[test]
fn of_the_rejects_of_two_runs_those_of_one_are_there_whole() {
    let folder = Folder::new(0);
    let bad = |word: &str, count: usize| {
        let lines: String = (0..count)
            .map(|index| format!("{{\"id\":\"{word}{index}\",\"contacts\":[{{\"at\":\"{word}\"}}]}}\n"))
            .collect();
        folder.write(&format!("{word}.jsonl"), lines.as_bytes());
    };
    bad("Mars", 3_000);
    bad("Venus", 2_000);
    let start = |word: &str| {
        let users = format!("{word}.jsonl");
        let words = ["plan", "rules.touch", "--users", &users, "--now", "2026-03-01", "--format", "csv"];
        folder.command(&words).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    let runs: Vec<_> = ["Mars", "Venus", "Mars", "Venus"].iter().map(|word| start(word)).collect();
    for mut run in runs {
        assert_eq!(run.wait().unwrap().code(), Some(3));
    }
    let rejects = folder.read("rejects.jsonl");
    let of = |word: &str| rejects.lines().filter(|line| line.contains(word)).count();
    assert!(matches!((of("Mars"), of("Venus")), (3_000, 0) | (0, 2_000)), "{} {}", of("Mars"), of("Venus"));
    assert_eq!(folder.names(), ["Mars.jsonl", "Venus.jsonl", "rejects.jsonl", "rules.touch", "users.jsonl"]);
}

#[test]
fn files_that_end_too_early_are_told() {
    let folder = Folder::new(0);
    folder.write("users.jsonl", b"{\"id\":\"a\"}\n{\"id\":\"b\"}\n{\"id\":\"c\",\"attributes\":{\"ti");
    let output = folder.plan(&["--format", "csv"]).output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    let rejects = folder.read("rejects.jsonl");
    assert!(rejects.contains("\"line\":3") && rejects.contains("the line ends within"), "{rejects}");
    assert_eq!(
        String::from_utf8(output.stdout).unwrap().lines().count(),
        1 + 2 * 30,
        "two of three are planned"
    );

    folder.write("users.csv", b"id,tier\na,gold\nb,\"go");
    let cut = ["plan", "rules.touch", "--users", "users.csv", "--out", "o.csv"];
    fails(&folder, folder.command(&cut), "a cell on line 3 of `users.csv` has no closing quote");
    folder.write("users.csv", b"id,tier\na,gold\nb,5\" pipe");
    assert!(folder.command(&cut).output().unwrap().status.success(), "an inch is no quote");
}

#[test]
fn bytes_that_are_no_text_reject_their_user_alone() {
    let folder = Folder::new(0);
    folder.write("users.jsonl", b"{\"id\":\"a\"}\n{\"id\":\"\xff\xfe\"}\n\x00\x01\n{\"id\":\"d\"}");
    let output = folder.plan(&["--format", "csv"]).output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    let touches = String::from_utf8(output.stdout).unwrap();
    assert_eq!(touches.lines().count(), 1 + 2 * 30, "{touches}");
    assert_eq!(folder.read("rejects.jsonl").lines().count(), 2);
}

#[test]
fn a_user_who_comes_twice_is_contacted_once() {
    let folder = Folder::new(3);
    let twice = folder.read("users.jsonl") + "{\"id\":\"u1\",\"timezone\":\"Asia/Tokyo\"}\n";
    folder.write("users.jsonl", twice.as_bytes());
    let output = folder.plan(&["--format", "csv"]).output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), 1 + 3 * 30);
    assert!(folder.read("rejects.jsonl").contains("\"line\":4"));
}

#[test]
fn a_broken_record_takes_no_history_from_the_next_one_of_its_user() {
    let folder = Folder::new(0);
    folder.write(
        "rules.touch",
        b"time zone \"UTC\"\nchannel push\nattribute points: number\nat most 1 touch in 30 days\nif points > 0 then send coupon via push\n",
    );
    folder.write("users.csv", b"id,points\nu,many\nu,5\nu,6\nv,7\n");
    folder.write(
        "sent.csv",
        b"user,at,channel,message\nu,2026-02-27 10:00,push,news\nu,2026-02-28 10:00,push,news\n",
    );
    let words = ["plan", "rules.touch", "--users", "users.csv", "--contacts", "sent.csv", "--format", "csv"];
    let output = folder.command(&[words.as_slice(), &NOW].concat()).output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", errors(&output));
    let touches = String::from_utf8(output.stdout).unwrap();
    let of = |user: &str| touches.lines().filter(|line| line.starts_with(user)).collect::<Vec<_>>();
    assert!(of("v,").len() == 1 && of("u,").len() == 1, "{touches}");
    assert!(of("u,")[0].starts_with("u,2026-03-30T10:00:00Z"), "thirty days after what was sent: {touches}");
    let rejects = folder.read("rejects.jsonl");
    assert!(rejects.contains("\"line\":2") && rejects.contains("\"line\":4"), "{rejects}");
    assert!(rejects.contains("a user of that id came before"), "{rejects}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_killed_run_leaves_the_old_schedule_and_a_file_that_says_whose_it_is() {
    let folder = Folder::new(0);
    folder.write("out.csv", b"the old schedule");
    folder.write("withheld.jsonl", b"the old reasons");
    let words = ["plan", "rules.touch", "--users", "-", "--out", "out.csv", "--withheld", "withheld.jsonl"];
    let mut child = folder
        .command(&[words.as_slice(), &NOW].concat())
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // So many users that some of the schedule is on the disk, and then no end.
    let mut input = child.stdin.take().unwrap();
    let is_begun = || {
        let new = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap());
        let mut begun = new.filter(|entry| entry.file_name().to_string_lossy().starts_with(".out.csv."));
        begun.any(|entry| entry.metadata().unwrap().len() > 0)
    };
    for index in 0.. {
        writeln!(input, "{{\"id\":\"u{index}\"}}").unwrap();
        if index % 500 == 0 && is_begun() {
            break;
        }
    }
    child.kill().unwrap();
    assert!(!child.wait().unwrap().success());
    assert_eq!(folder.read("out.csv"), "the old schedule");
    assert_eq!(folder.read("withheld.jsonl"), "the old reasons");
    let left: Vec<String> = folder.names().into_iter().filter(|name| name.starts_with('.')).collect();
    assert!(left.iter().all(|name| name.ends_with(".part")), "{left:?}");
    assert!(left.iter().any(|name| name.starts_with(".out.csv.")), "{left:?}");
    // And it stands in nobody's way.
    folder.write("users.jsonl", b"{\"id\":\"u\"}\n");
    assert!(folder.plan(&["--out", "out.csv"]).output().unwrap().status.success());
    assert_eq!(folder.read("out.csv").lines().count(), 1 + 30);
}

#[test]
fn what_cannot_be_read_or_written_is_named() {
    let folder = Folder::new(1);
    fs::create_dir(folder.path().join("folder")).unwrap();
    folder.write("old.csv", b"old");
    let mut rights = fs::metadata(folder.path().join("old.csv")).unwrap().permissions();
    rights.set_readonly(true);
    fs::set_permissions(folder.path().join("old.csv"), rights).unwrap();
    for (words, said) in [
        (
            &["--out", "no/such/out.csv"][..],
            "cannot write `no/such/out.csv`: there is no such file or folder",
        ),
        (&["--out", "folder"], "cannot write `folder`: it is a folder"),
        (&["--out", "old.csv"], "cannot write `old.csv`: it may not be read or written"),
        (&["--out", "/proc/courtesy.csv"], "cannot write `/proc/courtesy.csv`: "),
        (
            &["--out", "o.csv", "--withheld", "./o.csv"],
            "`--out` (`o.csv`) and `--withheld` (`./o.csv`) are the same file",
        ),
        (
            &["--withheld", "r.jsonl", "--rejects", "r.jsonl"],
            "`--withheld` and `--rejects` are both `r.jsonl`",
        ),
    ] {
        fails(&folder, folder.plan(words), said);
    }
    assert_eq!(folder.read("old.csv"), "old");
    for (words, said) in [
        (
            &["plan", "no.touch", "--users", "users.jsonl"][..],
            "cannot read `no.touch`: there is no such file or folder",
        ),
        (
            &["plan", "rules.touch", "--users", "no.jsonl"],
            "cannot read `no.jsonl`: there is no such file or folder",
        ),
        (&["plan", "rules.touch", "--users", "folder"], "cannot read `folder`: it is a folder"),
        (&["plan", "folder", "--users", "users.jsonl"], "the folder `folder` has no rule files"),
        (
            &["plan", "rules.touch", "--users", "users.jsonl", "--for", "6 years"],
            "a plan looks 5 years ahead at the most",
        ),
        (&["check", "no.touch"], "cannot read `no.touch`: there is no such file or folder"),
    ] {
        fails(&folder, folder.command(words), said);
    }
}

#[test]
fn a_failed_run_leaves_the_old_schedule() {
    let folder = Folder::new(3);
    folder.write("out.csv", b"the old schedule");
    folder.write("users.csv", b"id\na\n\"b\n");
    let cut = ["plan", "rules.touch", "--users", "users.csv", "--out", "out.csv"];
    fails(&folder, folder.command(&cut), "has no closing quote");
    assert_eq!(folder.read("out.csv"), "the old schedule");
    assert!(folder.plan(&["--out", "out.csv"]).output().unwrap().status.success());
    assert_eq!(folder.read("out.csv").lines().count(), 1 + 3 * 30);
}

#[test]
fn of_two_runs_into_one_file_one_is_there_whole() {
    let folder = Folder::new(300);
    let start = |days: &str| {
        let words = [
            "plan",
            "rules.touch",
            "--users",
            "users.jsonl",
            "--now",
            "2026-03-01",
            "--out",
            "o.csv",
            "--for",
            days,
        ];
        folder.command(&words).stderr(Stdio::null()).spawn().unwrap()
    };
    let runs: Vec<_> = ["10 days", "20 days", "10 days", "20 days"].iter().map(|days| start(days)).collect();
    for mut run in runs {
        assert!(run.wait().unwrap().success());
    }
    let lines = folder.read("o.csv").lines().count();
    assert!(lines == 1 + 300 * 10 || lines == 1 + 300 * 20, "{lines}");
    assert_eq!(folder.names(), ["o.csv", "rules.touch", "users.jsonl"]);
}

/// That it takes no memory either is a test of `tests/bounded_world.rs`.
#[test]
fn a_line_that_is_too_long_rejects_its_user_alone() {
    let folder = Folder::new(1);
    let mut child = folder
        .command(&[
            "plan",
            "rules.touch",
            "--users",
            "-",
            "--now",
            "2026-03-01",
            "--for",
            "2 days",
            "--format",
            "csv",
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let piece = vec![b'x'; 1 << 20];
    input.write_all(b"{\"id\":\"a\"}\n{\"id\":\"").unwrap();
    for _ in 0..65 {
        input.write_all(&piece).unwrap();
    }
    input.write_all(b"\"}\n{\"id\":\"c\"}\n").unwrap();
    drop(input);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(folder.read("rejects.jsonl").contains("the line is longer than 64 MiB"));
    assert_eq!(
        String::from_utf8(output.stdout).unwrap().lines().count(),
        1 + 2 * 2,
        "the others are planned"
    );
}

#[test]
fn outputs_are_for_those_whom_umask_or_the_old_file_allows() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new(1);
    let rights = |name: &str| fs::metadata(folder.path().join(name)).unwrap().permissions().mode() & 0o777;
    for (mask, expected) in [("077", 0o600), ("027", 0o640), ("022", 0o644)] {
        let line = format!(
            "umask {mask}; '{}' plan rules.touch --users users.jsonl --now 2026-03-01 --out new-{mask}.csv",
            env!("CARGO_BIN_EXE_courtesy")
        );
        let output = Command::new("sh").args(["-c", &line]).current_dir(folder.path()).output().unwrap();
        assert!(output.status.success(), "{}", errors(&output));
        assert_eq!(rights(&format!("new-{mask}.csv")), expected, "{mask}");
    }
    folder.write("old.csv", b"");
    fs::set_permissions(folder.path().join("old.csv"), fs::Permissions::from_mode(0o620)).unwrap();
    assert!(folder.plan(&["--out", "old.csv"]).output().unwrap().status.success());
    assert_eq!(rights("old.csv"), 0o620);
}
