//! A machine with little: the command keeps to little memory however many users there are, and on a disk that is really
//! full its output is there whole or not at all.
#![cfg(all(feature = "cli", target_os = "linux"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use std::{
    fs,
    io::{BufRead as _, BufReader, BufWriter, Write as _},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

const RULES: &str = "\
time zone \"UTC\"
channel push
attribute tier: text
event order: amount number
rule hello every monday at 10:00 then send news via push
rule back if no order in 3 days and ordered before then send coupon via push
at most 2 touches per day
";

/// Address space that the command gets, in bytes; a debug build of it fills a third by itself.
const MEMORY: u64 = 192 << 20;

fn write_users(path: &Path, users: usize) {
    let mut file = BufWriter::new(fs::File::create(path).unwrap());
    for index in 0..users {
        let day = index % 28 + 1;
        writeln!(
            file,
            "{{\"id\":\"customer-{index:08}\",\"tier\":\"gold\",\"events\":[{{\"type\":\"order\",\"at\":\"2026-02-{day:02}T08:00:00Z\",\"amount\":{index}}}]}}"
        )
        .unwrap();
    }
    file.into_inner().unwrap();
}

fn plan(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_courtesy"));
    command.args(["plan", "rules.touch", "--users", "users.jsonl", "--threads", "2"]);
    command.args(["--now", "2026-03-01 09:00", "--for", "7 days"]).args(words);
    command
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The command, with so much address space and no more; none if there is no tool for it.
fn with_memory(bytes: u64, command: &Command) -> Option<Command> {
    let is_there = Command::new("prlimit").arg("--version").output().is_ok_and(|said| said.status.success());
    if !is_there {
        println!("left out: `prlimit` is not here");
        return None;
    }
    let mut limited = Command::new("prlimit");
    limited.arg(format!("--as={bytes}")).arg("--").arg(command.get_program()).args(command.get_args());
    Some(limited)
}

#[test]
fn memory_does_not_grow_with_the_number_of_users() {
    // All of them at once would take some hundred megabytes, and their schedule fifty.
    const USERS: usize = 150_000;
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("rules.touch"), RULES).unwrap();
    write_users(&folder.path().join("users.jsonl"), USERS);
    let command = plan(&["--out", "schedule.csv", "--withheld", "withheld.jsonl"]);
    let Some(mut limited) = with_memory(MEMORY, &command) else { return };
    let output = limited.current_dir(folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", errors(&output));
    // Each user gets the news on Monday.
    let schedule = BufReader::new(fs::File::open(folder.path().join("schedule.csv")).unwrap());
    let news = schedule.lines().filter(|line| line.as_ref().unwrap().contains(",hello,")).count();
    assert_eq!(news, USERS);
}

#[test]
fn a_user_with_too_many_rows_does_not_fill_the_memory_and_is_rejected_alone() {
    // As texts they would take two hundred megabytes at least.
    const ROWS: usize = 1_000_001;
    const OTHERS: usize = 50_000;
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| BufWriter::new(fs::File::create(folder.path().join(name)).unwrap());
    fs::write(folder.path().join("rules.touch"), RULES).unwrap();
    fs::write(folder.path().join("users.csv"), "id\nfirst\nheavy\nhunted\ncurious\nlast\n").unwrap();
    let (mut orders, mut sent, mut events) = (file("orders.csv"), file("sent.csv"), file("events.csv"));
    orders.write_all(b"user,at\nfirst,2026-02-01\n").unwrap();
    (0..ROWS).for_each(|_| orders.write_all(b"heavy,2026-02-01T08:00:00Z\n").unwrap());
    orders.write_all(b"last,2026-02-01\n").unwrap();
    sent.write_all(b"user,at,channel,message\n").unwrap();
    (0..100_001).for_each(|_| sent.write_all(b"hunted,2026-02-01,push,old\n").unwrap());
    // Rows of other events are passed over, and rows of nobody are told.
    events.write_all(b"at,type,user\n").unwrap();
    (0..OTHERS).for_each(|_| events.write_all(b"2026-02-01,visit,curious\n2026-02-01\n").unwrap());
    [orders, sent, events].into_iter().for_each(|file| drop(file.into_inner().unwrap()));
    let mut command = Command::new(env!("CARGO_BIN_EXE_courtesy"));
    command.args(["plan", "rules.touch", "--users", "users.csv", "--events", "orders.csv"]);
    command.args(["--events-columns", "type=:order", "--events", "events.csv", "--contacts", "sent.csv"]);
    command.args(["--threads", "2", "--now", "2026-03-01 09:00", "--for", "7 days", "--out", "o.csv"]);
    let Some(mut limited) = with_memory(MEMORY, &command) else { return };
    let output = limited.current_dir(folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", errors(&output));
    let schedule = fs::read_to_string(folder.path().join("o.csv")).unwrap();
    let planned: Vec<&str> = schedule.lines().filter(|line| line.contains(",hello,")).collect();
    let users: Vec<&str> = planned.iter().filter_map(|line| line.split(',').next()).collect();
    assert_eq!(users, ["first", "curious", "last"]);
    let rejects = BufReader::new(fs::File::open(folder.path().join("rejects.jsonl")).unwrap());
    let (mut told, mut rows) = (Vec::new(), 0);
    for line in rejects.lines().map(Result::unwrap) {
        match line.contains("the row ends before the column of the user id") {
            true => rows += 1,
            false => told.push(line),
        }
    }
    assert_eq!(rows, OTHERS, "each row of nobody is told");
    let source = |file: &str, line: u32| format!("{{\"source\":\"{file}\",\"line\":{line},");
    assert!(told[0].starts_with(&source("orders.csv", 3)), "{told:?}");
    assert!(
        told[0].contains("\"heavy\"") && told[0].contains("events: there are more than 1000000"),
        "{told:?}"
    );
    assert!(told[1].starts_with(&source("sent.csv", 2)), "{told:?}");
    assert!(told[1].contains("contacts: there are more than 100000") && told.len() == 2, "{told:?}");
}

/// A line of that many bytes, made as it is read.
fn stream(child: &mut std::process::Child, before: &[u8], line: u64, after: &[u8]) {
    let mut input = child.stdin.take().unwrap();
    input.write_all(before).unwrap();
    let piece = vec![b'x'; 1 << 20];
    for _ in 0..line >> 20 {
        // Whoever has read enough to know that it is too long need not read on.
        if input.write_all(&piece).is_err() {
            return;
        }
    }
    let _ = input.write_all(after);
}

#[test]
fn a_line_of_hundreds_of_megabytes_does_not_fill_the_memory() {
    // The longest that is read, twice while it grows, and what the command takes by itself.
    const ENOUGH: u64 = 320 << 20;
    const LINE: u64 = 512 << 20;
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("rules.touch"), RULES).unwrap();
    let run = |before: &[u8], after: &[u8]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_courtesy"));
        command.args(["plan", "rules.touch", "--users", "-", "--threads", "2", "--format", "csv"]);
        command.args(["--now", "2026-03-01 09:00", "--for", "7 days"]);
        let mut limited = with_memory(ENOUGH, &command)?;
        limited
            .current_dir(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = limited.spawn().unwrap();
        stream(&mut child, before, LINE, after);
        Some(child.wait_with_output().unwrap())
    };
    let news = |output: &Output| String::from_utf8_lossy(&output.stdout).matches(",hello,").count();
    let Some(output) = run(b"{\"id\":\"a\"}\n{\"id\":\"", b"\"}\n{\"id\":\"c\"}\n") else { return };
    assert_eq!((output.status.code(), news(&output)), (Some(3), 2), "{}", errors(&output));
    let rejects = fs::read_to_string(folder.path().join("rejects.jsonl")).unwrap();
    assert!(
        rejects.contains("\"line\":2,") && rejects.contains("the line is longer than 64 MiB"),
        "{rejects}"
    );

    for (before, after) in
        [(&b"id,note\na,x\nb,\""[..], &b"\"\nc,x\n"[..]), (b"id,note\na,x\nb,", b"\nc,x\n")]
    {
        let Some(output) = run(before, after) else { return };
        assert_eq!(output.status.code(), Some(2), "{}", errors(&output));
        let said = "error: cannot read the standard input: a record is longer than 64 MiB: is a closing quote missing?";
        assert!(errors(&output).starts_with(said), "{}", errors(&output));
    }
}

#[test]
fn large_users_are_not_all_in_memory_before_their_turn() {
    // Some of them are looked at for what they have before any is planned: not all, if each has megabytes.
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("rules.touch"), RULES).unwrap();
    let mut users = BufWriter::new(fs::File::create(folder.path().join("users.jsonl")).unwrap());
    let note = "x".repeat(1 << 20);
    (0..120).for_each(|user| writeln!(users, "{{\"id\":\"u{user}\",\"note\":\"{note}\"}}").unwrap());
    users.into_inner().unwrap();
    let Some(mut limited) = with_memory(MEMORY, &plan(&["--out", "o.csv"])) else { return };
    let output = limited.current_dir(folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", errors(&output));
    let schedule = fs::read_to_string(folder.path().join("o.csv")).unwrap();
    assert_eq!(schedule.matches(",hello,").count(), 120);
}

/// That the limit is one: a reader that keeps the whole file does not get by with it.
#[test]
fn the_limit_of_memory_limits() {
    let mut hungry = Command::new("sh");
    // `dd` takes its block from the heap.
    hungry.args(["-c", &format!("dd if=/dev/zero of=/dev/null bs={MEMORY} count=1")]);
    let Some(mut limited) = with_memory(MEMORY, &hungry) else { return };
    assert!(!limited.output().unwrap().status.success());
}

/// A file system of its own, so small that it is soon full.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// None where the tests may not mount anything.
    fn new(at: &Path, size: &str) -> Option<Self> {
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"])
            .arg(at)
            .output();
        match mounted {
            Ok(said) if said.status.success() => Some(Self(at.into())),
            Ok(said) => {
                println!("left out: cannot mount a small disk: {}", errors(&said).trim());
                None
            }
            Err(error) => {
                println!("left out: cannot mount a small disk: {error}");
                None
            }
        }
    }
}

impl SmallDisk {
    /// From now on nothing is written to it; false where that may not be said.
    fn make_read_only(&self) -> bool {
        let said = Command::new("mount").args(["-o", "remount,ro"]).arg(&self.0).output();
        said.is_ok_and(|said| said.status.success())
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let said = Command::new("umount").arg(&self.0).output().unwrap();
        assert!(said.status.success(), "{}", errors(&said));
    }
}

#[test]
fn on_a_disk_that_is_full_the_old_output_stays_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().join("disk");
    fs::create_dir(&at).unwrap();
    fs::write(folder.path().join("rules.touch"), RULES).unwrap();
    write_users(&folder.path().join("users.jsonl"), 20_000);
    let Some(disk) = SmallDisk::new(&at, "1m") else { return };
    let names = || -> Vec<String> {
        let entries = fs::read_dir(&at).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    fs::write(at.join("schedule.csv"), "the schedule of yesterday\n").unwrap();
    let mut formats = vec!["csv", "jsonl"];
    if cfg!(feature = "parquet") {
        formats.push("parquet");
    }
    for format in formats {
        let out = format!("disk/schedule.{format}");
        let before = names();
        let output = plan(&["--out", &out]).current_dir(folder.path()).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{format}: {}", errors(&output));
        let said = format!("error: cannot write `{out}`: the disk is full");
        assert!(errors(&output).contains(&said), "{format}: {}", errors(&output));
        assert_eq!(names(), before, "{format}");
    }
    let kept = fs::read_to_string(at.join("schedule.csv")).unwrap();
    assert_eq!(kept, "the schedule of yesterday\n");
    // Of two outputs, neither replaces what was there if one does not fit.
    let both = ["--out", "fits.csv", "--withheld", "disk/withheld.jsonl"];
    fs::write(folder.path().join("rules.touch"), format!("{RULES}quiet hours 00:00 to 24:00\n")).unwrap();
    let output = plan(&both).current_dir(folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", errors(&output));
    assert!(!folder.path().join("fits.csv").exists(), "{}", errors(&output));
    assert_eq!(names(), ["schedule.csv"]);
    drop(disk);
}

/// Rules that `fmt` would lay out anew.
const UGLY: &str = "time zone   \"UTC\"\nrule a every day at 10:00 then   send news\n";

#[test]
fn rules_on_a_disk_that_is_full_stay_as_they_were() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = SmallDisk::new(folder.path(), "64k") else { return };
    fs::write(folder.path().join("a.touch"), UGLY).unwrap();
    let mut filler = fs::File::create(folder.path().join("filler")).unwrap();
    while filler.write_all(&[b'x'; 512]).is_ok() {}
    drop(filler);
    let output = Command::new(env!("CARGO_BIN_EXE_courtesy"))
        .args(["fmt", "a.touch"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", errors(&output));
    assert!(
        errors(&output).starts_with("error: cannot write `a.touch`: the disk is full"),
        "{}",
        errors(&output)
    );
    assert_eq!(fs::read_to_string(folder.path().join("a.touch")).unwrap(), UGLY);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    drop(disk);
}

#[test]
fn in_a_folder_that_is_read_only_everything_stays_and_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().join("disk");
    fs::create_dir(&at).unwrap();
    let Some(disk) = SmallDisk::new(&at, "1m") else { return };
    fs::write(at.join("a.touch"), UGLY).unwrap();
    fs::write(at.join("rules.touch"), RULES).unwrap();
    write_users(&at.join("users.jsonl"), 1);
    fs::write(at.join("bad.jsonl"), "{\"id\":\"u\"}\noops\n").unwrap();
    fs::write(at.join("old.csv"), "the schedule of yesterday\n").unwrap();
    if !disk.make_read_only() {
        println!("left out: cannot make a small disk read-only");
        return;
    }
    let bad = ["plan", "rules.touch", "--users", "bad.jsonl", "--now", "2026-03-01", "--format", "csv"];
    let good = ["plan", "rules.touch", "--users", "users.jsonl", "--now", "2026-03-01"];
    for (words, said) in [
        (&[&good[..], &["--out", "old.csv"]].concat(), "cannot write `old.csv`"),
        (&[&good[..], &["--out", "new.csv"]].concat(), "cannot write `new.csv`"),
        (&[&good[..], &["--withheld", "w.jsonl"]].concat(), "cannot write `w.jsonl`"),
        (&bad.to_vec(), "cannot write `rejects.jsonl`"),
        (&vec!["fmt", "a.touch"], "cannot write `a.touch`"),
        (&vec!["schema", "--users", "users.jsonl", "--out", "s.touch"], "cannot write `s.touch`"),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_courtesy"));
        let output = command.args(words.iter()).current_dir(&at).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{words:?}: {}", errors(&output));
        let said = format!("error: {said}: the disk is read-only");
        assert!(errors(&output).starts_with(&said), "{words:?}: {}", errors(&output));
    }
    assert_eq!(fs::read_to_string(at.join("old.csv")).unwrap(), "the schedule of yesterday\n");
    assert_eq!(fs::read_dir(&at).unwrap().count(), 5);
    drop(disk);
}
