//! Laws of the command: threads and the order of users change nothing, and what it wrote can be cut anywhere.

use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    process::{Command, Output},
};

use proptest::{prelude::*, sample::Index};

use crate::{
    runs,
    world::{ANY, Looks::Years, World, person, world},
};

/// A world with many users.
fn crowd() -> impl Strategy<Value = (World, Vec<String>)> {
    (world(Years, ANY), prop::collection::vec(person(ANY), 3..30)).prop_map(|(world, people)| {
        let line = |(index, mut person): (usize, crate::world::Person)| {
            person.id = format!("user {index}");
            serde_json::to_string(&person.snapshot(0)).unwrap()
        };
        let lines = people.into_iter().enumerate().map(line).collect();
        (world, lines)
    })
}

struct Folder {
    dir: tempfile::TempDir,
    now: String,
}

impl Folder {
    fn new(world: &World) -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("rules.touch"), world.text(0)).unwrap();
        Self { dir, now: world.now().to_string() }
    }

    fn path(&self) -> &Path {
        self.dir.path()
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path().join(name), bytes).unwrap();
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path().join(name)).unwrap()
    }

    /// Plans the users of a file into `touches.X` and `withheld.X`.
    fn plan(&self, users: &str, kind: &str, words: &[&str]) -> Output {
        let (touches, withheld) = (format!("touches.{kind}"), format!("withheld.{kind}"));
        Command::new(env!("CARGO_BIN_EXE_courtesy"))
            .args(["plan", "rules.touch", "--users", users, "--now", &self.now, "--for", "12 days"])
            .args(["--out", &touches, "--withheld", &withheld, "--rejects", "rejects.jsonl"])
            .args(words)
            .current_dir(self.path())
            .output()
            .unwrap()
    }
}

fn sorted(bytes: &[u8]) -> Vec<&[u8]> {
    let mut lines: Vec<_> = bytes.split(|byte| *byte == b'\n').collect();
    lines.sort_unstable();
    lines
}

/// The ids in a schedule, each of which stands there once.
fn ids(table: &[u8]) -> BTreeSet<String> {
    let mut reader = csv::Reader::from_reader(table);
    let column = reader.headers().unwrap().iter().position(|name| name == "touch_id").unwrap();
    let all: Vec<String> = reader.records().map(|row| row.unwrap()[column].to_owned()).collect();
    let once: BTreeSet<String> = all.iter().cloned().collect();
    assert_eq!(all.len(), once.len());
    once
}

/// The id in a last row that has no end, if it has come so far.
fn ids_of_cut_row(part: &[u8], from: usize) -> BTreeSet<String> {
    let words = String::from_utf8_lossy(&part[from..]);
    let is_id = |word: &&str| word.len() == 32 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    words.split(',').filter(is_id).map(String::from).collect()
}

proptest! {
    #![proptest_config(runs(6))]

    /// One, two or five threads write the same bytes.
    #[test]
    fn threads_change_nothing((world, users) in crowd()) {
        let folder = Folder::new(&world);
        folder.write("users.jsonl", users.join("\n"));
        let mut written = Vec::new();
        for threads in ["1", "2", "5"] {
            folder.plan("users.jsonl", "jsonl", &["--threads", threads]);
            written.push((folder.read("touches.jsonl"), folder.read("withheld.jsonl"), folder.read("rejects.jsonl")));
        }
        prop_assert!(written.windows(2).all(|pair| pair[0] == pair[1]), "{}", world.text(0));
    }

    /// Users in another order are the same lines in another order.
    #[test]
    fn the_order_of_users_is_the_order_of_the_output((world, users) in crowd()) {
        let folder = Folder::new(&world);
        folder.write("users.jsonl", users.join("\n"));
        let turned: Vec<&str> = users.iter().rev().map(String::as_str).collect();
        folder.write("turned.jsonl", turned.join("\n"));
        folder.plan("users.jsonl", "csv", &[]);
        let one = (folder.read("touches.csv"), folder.read("withheld.csv"));
        folder.plan("turned.jsonl", "csv", &["--threads", "3"]);
        let two = (folder.read("touches.csv"), folder.read("withheld.csv"));
        prop_assert_eq!((sorted(&one.0), sorted(&one.1)), (sorted(&two.0), sorted(&two.1)), "{}", world.text(0));
    }

    /// A schedule that was cut off after any byte, given back as the contacts that were made: nothing is planned twice,
    /// and the rest is. Where the cut leaves half a row, its user is rejected, and so not contacted, or the whole file
    /// is refused and nothing is written.
    #[test]
    fn a_schedule_cut_anywhere_is_gone_on_with(
        (world, users) in crowd(), cuts in prop::collection::vec(any::<Index>(), 4),
    ) {
        let folder = Folder::new(&world);
        folder.write("users.jsonl", users.join("\n"));
        folder.plan("users.jsonl", "csv", &[]);
        let whole = folder.read("touches.csv");
        let header = whole.iter().position(|byte| *byte == b'\n').unwrap() + 1;
        let all = ids(&whole);
        for cut in cuts {
            let end = header + cut.index(whole.len() - header + 1);
            let part = &whole[..end];
            let lines = part.iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
            folder.write("sent.csv", part);
            fs::remove_file(folder.path().join("touches.csv")).unwrap_or_default();
            let output = folder.plan("users.jsonl", "csv", &["--contacts", "sent.csv"]);
            let again = match output.status.code() {
                Some(0 | 3) => ids(&folder.read("touches.csv")),
                _ => {
                    prop_assert!(lines < end && !folder.path().join("touches.csv").exists(), "{:?}", output);
                    continue;
                }
            };
            let sent = ids(&part[..lines]);
            prop_assert!(sent.is_disjoint(&again), "{}", world.text(0));
            let union: BTreeSet<String> = sent.union(&again).cloned().collect();
            prop_assert!(union.is_subset(&all), "{}", world.text(0));
            // A row cut within its last cell still tells of its touch.
            let cut_row = ids_of_cut_row(part, lines);
            if output.status.success() {
                let union: BTreeSet<String> = union.union(&cut_row).cloned().collect();
                prop_assert_eq!(&union, &all, "cut at {} of {}\n{}", end, whole.len(), world.text(0));
            }
        }
    }
}
