//! A machine with little: the command keeps to little memory however many users there are, and on a disk that is really
//! full its output is there whole or not at all.
#![cfg(all(feature = "cli", target_os = "linux"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use std::{
    fs,
    io::{BufRead as _, BufReader, BufWriter, Write as _},
    path::{Path, PathBuf},
    process::{Command, Output},
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
fn with_little_memory(command: &Command) -> Option<Command> {
    let is_there = Command::new("prlimit").arg("--version").output().is_ok_and(|said| said.status.success());
    if !is_there {
        println!("left out: `prlimit` is not here");
        return None;
    }
    let mut limited = Command::new("prlimit");
    limited.arg(format!("--as={MEMORY}")).arg("--").arg(command.get_program()).args(command.get_args());
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
    let Some(mut limited) = with_little_memory(&command) else { return };
    let output = limited.current_dir(folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", errors(&output));
    // Each user gets the news on Monday.
    let schedule = BufReader::new(fs::File::open(folder.path().join("schedule.csv")).unwrap());
    let news = schedule.lines().filter(|line| line.as_ref().unwrap().contains(",hello,")).count();
    assert_eq!(news, USERS);
}

/// That the limit is one: a reader that keeps the whole file does not get by with it.
#[test]
fn the_limit_of_memory_limits() {
    let mut hungry = Command::new("sh");
    // `dd` takes its block from the heap.
    hungry.args(["-c", &format!("dd if=/dev/zero of=/dev/null bs={MEMORY} count=1")]);
    let Some(mut limited) = with_little_memory(&hungry) else { return };
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
