//! What the command refuses before it reads or writes anything, and how it says so.
#![cfg(all(feature = "cli", unix))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    fs,
    os::unix::fs::symlink,
    path::Path,
    process::{Command, Output, Stdio},
};

const RULES: &str = "time zone \"UTC\"\nuse \"more/used.touch\"\ncalendar shop \"more/days.csv\"\n\
    rule hello every day at 10:00 then send news via push\n";
const NOW: [&str; 4] = ["--now", "2026-03-01 09:00", "--for", "30 days"];

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join("m/more")).unwrap();
        let folder = Self(dir);
        folder.write("m/rules.touch", RULES);
        folder.write("m/more/used.touch", "channel push\n");
        folder.write("m/more/days.csv", "2026-03-02,day off\n");
        folder.write("m/users.jsonl", "{\"id\":\"a\"}\n{\"id\":\"b\"}\n");
        folder
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.path().join(name), text).unwrap();
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_courtesy"));
        command.args(words).current_dir(self.path());
        command
    }

    fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }

    /// `plan m --now … --for …` and those words.
    fn plan(&self, words: &[&str]) -> Output {
        self.run(&[&["plan", "m"], NOW.as_slice(), words].concat())
    }

    /// All files and what they hold.
    fn contents(&self) -> Vec<(String, Vec<u8>)> {
        let mut all = Vec::new();
        for folder in [".", "m", "m/more"] {
            for entry in fs::read_dir(self.path().join(folder)).unwrap().map(Result::unwrap) {
                if entry.path().is_file() {
                    all.push((entry.path().display().to_string(), fs::read(entry.path()).unwrap()));
                }
            }
        }
        all.sort();
        all
    }

    /// Runs that, which fails with status 2, and leaves everything as it was.
    fn refuses(&self, words: &[&str], said: &str) {
        let before = self.contents();
        let output = self.run(words);
        assert_eq!(output.status.code(), Some(2), "{words:?}: {}", errors(&output));
        assert!(errors(&output).contains(said), "{words:?}: {}", errors(&output));
        assert_eq!(before, self.contents(), "{words:?}");
    }
}

fn errors(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn no_output_replaces_what_the_run_reads() {
    let folder = Folder::new();
    symlink("m/users.jsonl", folder.path().join("link.jsonl")).unwrap();
    folder.write("m/sent.csv", "user,at,channel,message\n");
    folder.write("m/orders.csv", "user,at,type\n");
    folder.write("rejects.jsonl", "{\"id\":\"a\"}\n");
    let plan = |words: &[&str], said: &str| {
        folder.refuses(&[&["plan", "m"], NOW.as_slice(), words].concat(), said);
    };
    let users = ["--users", "m/users.jsonl"];
    let with = |words: &[&'static str]| [users.as_slice(), words].concat();
    plan(
        &with(&["--out", "m/users.jsonl"]),
        "error: `--out` and `--users` are both `m/users.jsonl`\nhelp: name another file\n",
    );
    plan(
        &with(&["--out", "link.jsonl"]),
        "`--out` (`link.jsonl`) and `--users` (`m/users.jsonl`) are the same file",
    );
    plan(&["--users", "link.jsonl", "--out", "./m/users.jsonl"], "are the same file");
    plan(&with(&["--rejects", "m/users.jsonl"]), "`--rejects` and `--users` are both `m/users.jsonl`");
    plan(&with(&["--withheld", "m/users.jsonl"]), "`--withheld` and `--users` are both `m/users.jsonl`");
    plan(
        &with(&["--snapshot", "m/users.jsonl", "--accept"]),
        "`--snapshot` and `--users` are both `m/users.jsonl`",
    );
    plan(&with(&["--contacts", "m/sent.csv", "--out", "m/sent.csv"]), "`--out` and `--contacts` are both");
    plan(&with(&["--events", "m/orders.csv", "--out", "m/orders.csv"]), "`--out` and `--events` are both");
    for rules in ["m/rules.touch", "m/more/used.touch", "m/more/days.csv"] {
        plan(
            &with(&["--format", "csv", "--out", rules]),
            &format!("`--out` and a file of the rules are both `{rules}`"),
        );
    }
    // Rejects have a place of their own, though nobody named it.
    let help = "help: records that are rejected go there: name another file with `--rejects`";
    plan(
        &["--users", "rejects.jsonl"],
        &format!("`--rejects` and `--users` are both `rejects.jsonl`\n{help}"),
    );
    plan(
        &with(&["--out", "rejects.jsonl"]),
        &format!("`--out` and `--rejects` are both `rejects.jsonl`\n{help}"),
    );
    plan(
        &with(&["--out", "a.csv", "--withheld", "./a.csv"]),
        "`--out` (`a.csv`) and `--withheld` (`./a.csv`)",
    );
    folder.refuses(
        &["schema", "--users", "m/users.jsonl", "--out", "m/users.jsonl"],
        "`--out` and `--users` are both `m/users.jsonl`",
    );

    let fine = folder.plan(&["--users", "m/users.jsonl", "--out", "m/new.csv", "--rejects", "m/new.jsonl"]);
    assert_eq!(fine.status.code(), Some(0), "{}", errors(&fine));
    let nowhere = folder.plan(&["--users", "m/users.jsonl", "--out", "/dev/null", "--withheld", "/dev/null"]);
    assert_eq!(nowhere.status.code(), Some(0), "{}", errors(&nowhere));
}

#[test]
fn standard_streams_that_are_files_are_these_files() {
    let folder = Folder::new();
    let open = |name: &str, write: bool| {
        fs::OpenOptions::new().read(true).append(write).open(folder.path().join(name)).unwrap()
    };
    let appended = folder
        .command(&["plan", "m", "--users", "m/users.jsonl", "--format", "jsonl"])
        .stdout(open("m/users.jsonl", true))
        .output()
        .unwrap();
    assert_eq!(appended.status.code(), Some(2));
    let replaced = folder
        .command(&["plan", "m", "--users", "-", "--out", "m/users.jsonl"])
        .stdin(open("m/users.jsonl", false))
        .stdout(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(replaced.status.code(), Some(2), "{}", errors(&replaced));
}

#[test]
fn names_that_ask_for_another_format_are_refused() {
    let folder = Folder::new();
    let plan = ["plan", "m", "--users", "m/users.jsonl"];
    let said = "error: the ending of `x.xlsx` stands for no format\nhelp: ";
    folder.refuses(&[&plan[..], &["--out", "x.xlsx"]].concat(), said);
    folder.refuses(&[&plan[..], &["--withheld", "x.xlsx"]].concat(), said);
    let output = folder.plan(&["--users", "m/users.jsonl", "--out", "x.xlsx"]);
    assert!(
        errors(&output).contains("use one of the endings .csv, .jsonl, .ndjson, .json"),
        "{}",
        errors(&output)
    );
    for words in [&["--out", "x.dat", "--format", "csv"][..], &["--out", "schedule"], &["--out", "/dev/null"]]
    {
        let output = folder.plan(&[&["--users", "m/users.jsonl"], words].concat());
        assert_eq!(output.status.code(), Some(0), "{}", errors(&output));
    }
}

#[test]
fn a_listed_folder_keeps_to_itself() {
    let folder = Folder::new();
    folder.write("outside.touch", "rule   x every day at 10:00   then send news via push\n");
    fs::create_dir(folder.path().join("lk")).unwrap();
    symlink("../outside.touch", folder.path().join("lk/a.touch")).unwrap();
    for verb in ["check", "fmt", "test"] {
        folder.refuses(
            &[verb, "lk"],
            "error: `lk/a.touch` is a link that leads out of `lk`\nhelp: take it away, or name what it leads to",
        );
    }
    // Nor is a test file that stands beside a named one.
    fs::create_dir(folder.path().join("beside")).unwrap();
    folder.write("beside/a.touch", "rule x every day at 10:00 then send news via push\n");
    symlink("../outside.touch", folder.path().join("beside/a.test.touch")).unwrap();
    folder.refuses(&["test", "beside/a.touch"], "is a link that leads out of its folder");
}

#[test]
fn what_is_used_is_a_plain_file() {
    let folder = Folder::new();
    let made = Command::new("mkfifo").arg(folder.path().join("m/pipe")).status().unwrap();
    assert!(made.success());
    for line in ["use \"pipe\"\n", "calendar shop \"pipe\"\n"] {
        folder.write("m/rules.touch", line);
        let output = folder.run(&["check", "m"]);
        assert_eq!(output.status.code(), Some(1));
        assert!(errors(&output).contains("`pipe` is no plain file"), "{}", errors(&output));
    }
}

#[test]
fn rules_and_data_that_changed_places_are_told_once() {
    let folder = Folder::new();
    folder.write("users.csv", "id,tier\na,gold\n");
    for (words, said) in [
        (
            &["plan", "m/users.jsonl", "--users", "m/rules.touch"][..],
            "error: `m/rules.touch` is a rule file, and data belongs here\nhelp: ",
        ),
        (
            &["plan", "m/users.jsonl", "--users", "m/users.jsonl"],
            "error: `m/users.jsonl` is data, and rules belong here\nhelp: ",
        ),
        (&["check", "users.csv"], "error: `users.csv` is data, and rules belong here\nhelp: "),
    ] {
        folder.refuses(words, said);
        assert_eq!(errors(&folder.run(words)).lines().count(), 2);
    }
}

#[test]
fn data_in_another_form_is_told_once() {
    let folder = Folder::new();
    let utf16 = |text: &str| -> Vec<u8> {
        "\u{feff}".chars().chain(text.chars()).flat_map(|c| (c as u16).to_le_bytes()).collect()
    };
    folder.write("pretty.json", "{\n  \"id\": \"a\"\n}\n{\n  \"id\": \"b\"\n}\n");
    folder.write("utf16.jsonl", utf16("{\"id\":\"a\"}\n"));
    folder.write("utf16.csv", utf16("id\na\n"));
    folder.write("utf16.touch", utf16(RULES));
    let plan = |users| ["plan", "m", "--users", users];
    for (words, said) in [
        (
            &plan("pretty.json")[..],
            "error: an object of `pretty.json` goes over several lines\nhelp: write one a line (`jq -c .` does it)\n",
        ),
        (&plan("utf16.jsonl"), "error: `utf16.jsonl` is UTF-16 text\nhelp: save it as UTF-8\n"),
        (&plan("utf16.csv"), "error: `utf16.csv` is UTF-16 text\nhelp: save it as `CSV UTF-8`\n"),
        (&["check", "utf16.touch"], "error: `utf16.touch` is UTF-16 text\nhelp: save it as UTF-8\n"),
    ] {
        folder.refuses(words, said);
    }
    let from_folder = folder
        .command(&["plan", "m", "--users", "-"])
        .stdin(fs::File::open(folder.path()).unwrap())
        .output()
        .unwrap();
    assert!(errors(&from_folder).starts_with("error: cannot read the standard input: it is a folder"));
}

#[test]
fn words_that_make_no_sense_are_told_why() {
    let folder = Folder::new();
    let plan = ["plan", "m", "--users", "m/users.jsonl"];
    for (words, said) in [
        (["--for", "-5 days"], "`-5 days` for `--for <PERIOD>`: a plan looks ahead: leave out the minus\n"),
        (["--for", "0 days"], "`0 days` for `--for <PERIOD>`: give at least 1 day\n"),
        (["--for", "1.5 days"], "write whole units, such as `36 hours` for `1.5 days`\n"),
        (["--threads", "0"], "`0` for `--threads <COUNT>`: give at least 1 thread\n"),
        (["--threads", "1000000"], "`--threads <COUNT>`: give at most 1024 threads\n"),
        (["--threads", "many"], "give a whole number\n"),
    ] {
        folder.refuses(&[&plan[..], &words].concat(), said);
    }
    let output = folder.run(&[&plan[..], &["--wat"]].concat());
    assert!(!errors(&output).contains("-- --wat"), "{}", errors(&output));
    assert_eq!(folder.plan(&["--users", "m/users.jsonl", "--threads", "1024"]).status.code(), Some(0));
}

#[test]
fn help_is_a_verb_too() {
    let folder = Folder::new();
    for (words, same) in [(&["help"][..], &["--help"][..]), (&["help", "plan"], &["plan", "--help"])] {
        let (output, same) = (folder.run(words), folder.run(same));
        assert_eq!(output.status.code(), Some(0));
        assert_eq!(output.stdout, same.stdout);
    }
    assert_eq!(folder.run(&["help", "wat"]).status.code(), Some(2));
}

#[cfg(target_os = "linux")]
#[test]
fn help_that_cannot_be_written_is_a_failure() {
    let folder = Folder::new();
    for word in ["--help", "--version"] {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = folder.command(&[word]).stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert_eq!(errors(&output), "error: cannot write the help: the disk is full\n");
    }
}

#[test]
fn words_and_names_of_files_do_not_steer_a_terminal() {
    let folder = Folder::new();
    let odd = "\u{1b}[31m\u{202e}x";
    fs::create_dir(folder.path().join(odd)).unwrap();
    folder.write(&format!("{odd}/a.touch"), "rule x if then\n");
    let users = ["--users", "m/users.jsonl"];
    for words in [
        &[&["explain", "m", "--user", odd], &users[..]].concat()[..],
        &[&["plan", "m", "--times-in", odd], &users[..]].concat(),
        &[&["plan", "m", "--out", &format!("x.{odd}")], &users[..]].concat(),
        &[&["plan", "m", "--snapshot", odd, "--now", "2026-03-01"], &users[..]].concat(),
        &["check", odd],
        &["fmt", odd],
        &["check", &format!("{odd}.touch")],
        &[&["explain", "m", "--user", "a", "--rule", odd], &users[..]].concat(),
        &[odd],
    ] {
        let output = folder.run(words);
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8(said).unwrap();
        assert!(said.contains("\\u{202e}") && !said.contains(['\u{1b}', '\u{202e}']), "{words:?}: {said}");
    }
}

#[test]
fn a_place_that_may_not_be_written_is_named_and_another_way_told() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    folder.write("m/users.jsonl", "oops\n");
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o555)).unwrap();
    if fs::write(folder.path().join("probe"), "").is_ok() {
        // Whoever may do everything is refused nothing.
        return;
    }
    let output = folder.plan(&["--users", "m/users.jsonl"]);
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let said = "error: cannot write `rejects.jsonl`: it may not be read or written\n\
        help: say with `--rejects` where they may be written\n";
    assert_eq!((output.status.code(), errors(&output).as_str()), (Some(2), said));
}

#[test]
fn a_wide_table_takes_no_longer_than_its_width() {
    let folder = Folder::new();
    let names = (0..40_000).map(|index| format!("column_{index}")).collect::<Vec<_>>().join(",");
    let cells = vec!["1"; 40_000].join(",");
    folder.write("wide.csv", format!("id,{names}\na,{cells}\n"));
    let began = std::time::Instant::now();
    let output = folder.plan(&["--users", "wide.csv"]);
    assert_eq!(output.status.code(), Some(0), "{}", errors(&output));
    // Were each name compared with each, it would take minutes without optimization.
    assert!(began.elapsed().as_secs() < 30, "{:?}", began.elapsed());
}
