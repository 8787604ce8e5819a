//! What is wrong with files is told: which file, which column, which row, and how to mend it.

use std::{fs, panic, path::Path, sync::Arc};

use arrow_array::{
    ArrayRef, BooleanArray, Float64Array, Int64Array, StringArray, Time64MicrosecondArray,
    TimestampMicrosecondArray,
};
use courtesy::io::DataFiles;
use proptest::prelude::*;

use crate::{
    people::{DAY, NOW, people},
    same::{compiled, file, plans},
    style::{Numbers, Parts, Style, Texts, Times},
};

const STYLE: Style = Style {
    times: Times::Micros,
    numbers: Numbers::Double,
    texts: Texts::Plain,
    attributes: Parts::Flat,
    addresses: Parts::Flat,
    whole_ids: false,
    dictionary: true,
    new_pages: false,
    compressed: false,
    statistics: true,
    group: 1000,
    sorted: true,
};

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn write(&self, name: &str, columns: Vec<(&'static str, ArrayRef)>) {
        STYLE.write(&self.0.path().join(name), columns);
    }

    fn file(&self, name: &str, columns: &str) -> courtesy::io::DataFile {
        courtesy::io::DataFile { columns: columns.parse().unwrap(), ..file(&self.0.path().join(name)) }
    }

    /// What comes of it, or what is wrong and how to mend it.
    fn says(&self, files: &DataFiles) -> String {
        let said = plans(&compiled(), files).unwrap_or_else(|error| {
            format!("error: {error}\nhelp: {}", error.help.as_deref().unwrap_or_default())
        });
        said.replace(&self.0.path().display().to_string(), "DIR")
    }

    fn users(&self) -> String {
        let users = self.file("users.parquet", "");
        self.says(&DataFiles { users, ..DataFiles::default() })
    }

    fn events(&self, columns: &str) -> String {
        let users = self.file("users.parquet", "");
        let events = vec![self.file("events.parquet", columns)];
        self.says(&DataFiles { users, events, ..DataFiles::default() })
    }
}

fn texts(list: &[&str]) -> ArrayRef {
    Arc::new(StringArray::from(list.to_vec()))
}

fn times(list: &[i64]) -> ArrayRef {
    Arc::new(TimestampMicrosecondArray::from(list.to_vec()).with_timezone("UTC"))
}

#[test]
fn columns_that_do_not_fit_are_named() {
    let folder = Folder::new();
    let mut said = Vec::new();
    let id = || ("id", texts(&["a", "b"]));
    let one: ArrayRef = Arc::new(Int64Array::from(vec![1, 2]));
    let yes: ArrayRef = Arc::new(BooleanArray::from(vec![true, false]));
    let clock: ArrayRef = Arc::new(Time64MicrosecondArray::from(vec![1, 2]));
    for columns in [
        vec![("name", texts(&["a", "b"]))],
        vec![("id", yes.clone())],
        vec![id(), ("points", yes.clone())],
        vec![id(), ("points", clock.clone())],
        vec![id(), ("birthday", one.clone())],
        vec![id(), ("vip", Arc::new(Float64Array::from(vec![1.0, 0.0])))],
        vec![id(), ("tier", yes.clone())],
        vec![id(), ("unasked", clock)],
        vec![id(), ("points", Arc::new(Float64Array::from(vec![f64::NAN, 1.0])))],
        vec![id(), ("points", texts(&["1", "many"]))],
        vec![id(), ("timezone", texts(&["Asia/Shanghi", ""]))],
        vec![id(), ("seen_at", times(&[i64::MAX, 0]))],
        vec![("id", texts(&["a", "a"]))],
    ] {
        folder.write("users.parquet", columns);
        said.push(folder.users());
    }
    folder.write("users.parquet", vec![id()]);
    for (columns, map) in [
        (vec![("user", texts(&["a"])), ("at", times(&[0]))], ""),
        (vec![("user", texts(&["a"])), ("when", times(&[0]))], "type=:order"),
        (vec![("user", texts(&["a"])), ("when", times(&[0]))], "type=:order,at=moment"),
        (
            vec![("user", texts(&["a"])), ("at", Arc::new(Int64Array::from(vec![0])) as ArrayRef)],
            "type=:order",
        ),
        (vec![("user", texts(&["b", "x"])), ("at", texts(&["2026-02-30", ""]))], "type=:order"),
        (vec![("user", texts(&["b", "x", "y", "x"])), ("at", times(&[0, 0, 0, 0]))], "type=:order"),
    ] {
        folder.write("events.parquet", columns);
        said.push(folder.events(map));
    }
    insta::assert_snapshot!(said.join("\n\n"));
}

#[test]
fn a_broken_record_takes_no_history_from_the_next_one_of_its_user() {
    let folder = Folder::new();
    let users = |ids: &[Option<&str>], points: &[&str]| {
        let tiers = texts(&vec!["gold"; ids.len()]);
        let ids: ArrayRef = Arc::new(StringArray::from(ids.to_vec()));
        folder.write("users.parquet", vec![("id", ids), ("points", texts(points)), ("tier", tiers)]);
    };
    users(&[Some("u"), Some("v")], &["5", "7"]);
    let without_rows = folder.users();
    for (layout, owners) in [
        ("in order", [None, Some("a"), Some("u"), Some("u"), Some("v")]),
        ("scattered", [Some("u"), Some("v"), None, Some("u"), Some("a")]),
    ] {
        let owners: ArrayRef = Arc::new(StringArray::from(owners.to_vec()));
        let visits = [NOW - 2 * DAY, NOW - DAY, NOW - 3 * DAY, NOW - 4 * DAY, NOW - 5 * DAY];
        let visits = times(&visits.map(|at| at * 1000));
        folder.write("events.parquet", vec![("user", owners), ("at", visits)]);
        users(&[Some("u"), Some("v")], &["5", "7"]);
        let once = folder.events("type=:visit");
        assert_ne!(once, without_rows, "{layout}: the rows matter");
        assert!(once.contains("2 rows of 2 users who are not among the users"), "{layout}: {once}");
        users(&[Some("u"), Some("u"), Some("v")], &["many", "5", "7"]);
        let twice = folder.events("type=:visit");
        let (broken, rest) = twice.split_once('\n').unwrap();
        assert!(broken.contains("`many` is not a number"), "{layout}: {broken}");
        assert_eq!(rest, once, "{layout}");
        users(&[Some("u"), None, Some("v")], &["5", "6", "7"]);
        let nameless = folder.events("type=:visit");
        assert_eq!(
            nameless.replacen("None: there is no user id\n", "", 1),
            once,
            "{layout}: a user without an id takes no rows, nor do they stop the others"
        );
    }
}

#[test]
fn names_that_look_like_slips_are_remarked() {
    let folder = Folder::new();
    let no: ArrayRef = Arc::new(BooleanArray::from(vec![false, false]));
    folder.write("users.parquet", vec![("id", texts(&["a", "b"])), ("consent.Push", no)]);
    let said = folder.users();
    assert!(
        said.contains("consent is given for `Push`, which is no channel: did you mean `push`?"),
        "{said}"
    );
    let when = times(&[0, 0]);
    let events = vec![("user", texts(&["a", "b"])), ("at", when), ("type", texts(&["ordr", "other"]))];
    folder.write("events.parquet", events);
    let said = folder.events("");
    let remark = "there are events `ordr`, which the rules do not know: did you mean `order`?";
    assert!(said.contains(remark) && !said.contains("`other`"), "{said}");
    assert!(folder.events("type=:Order").contains("there are events `Order`"));
}

#[test]
fn files_that_are_not_whole_are_told() {
    let folder = Folder::new();
    let path = folder.0.path().join("users.parquet");
    folder.write("users.parquet", vec![("id", texts(&["a", "b"]))]);
    let whole = fs::read(&path).unwrap();
    let mut said = Vec::new();
    let cuts = [4, 5, 11, whole.len() / 2, whole.len() - 9, whole.len() - 8, whole.len() - 1];
    for cut in cuts {
        fs::write(&path, &whole[..cut]).unwrap();
        said.push(folder.users());
        assert!(said.last().unwrap().starts_with("error: `DIR/users.parquet` is damaged"), "{said:?}");
    }
    fs::write(&path, b"PARE and so on").unwrap();
    said.push(folder.users());
    folder.write("users.parquet", vec![("id", texts(&[]))]);
    assert_eq!(folder.users(), "", "no users are none");
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn large_files_out_of_order_are_told_when_they_are_read() {
    let folder = Folder::new();
    let users: Vec<String> = (1000..1100).map(|id| id.to_string()).collect();
    let users: Vec<&str> = users.iter().map(String::as_str).collect();
    let small = Style { group: 10, ..STYLE };
    small.write(&folder.0.path().join("users.parquet"), vec![("id", texts(&users))]);
    // Within its row group, whose bounds are in order.
    let mut rows = users.clone();
    rows.swap(52, 57);
    let at = times(&vec![0; rows.len()]);
    small.write(&folder.0.path().join("events.parquet"), vec![("user", texts(&rows)), ("at", at)]);
    let said = folder.events("type=:visit");
    assert!(said.starts_with("error: `DIR/events.parquet` is not in the order of the user ids: row 54 (user `1053`) comes after user `1057`"), "{said}");
    assert!(said.ends_with("help: sort it by user id"), "{said}");
}

/// Plans from damaged bytes; what goes wrong must be an error.
fn survives(folder: &Path, bytes: &[u8]) -> Result<String, courtesy::io::FileError> {
    let path = folder.join("damaged.parquet");
    fs::write(&path, bytes).unwrap();
    plans(&compiled(), &DataFiles { users: file(&path), ..DataFiles::default() })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn damaged_bytes_are_never_more_than_an_error(
        people in people(),
        new_pages: bool,
        compressed: bool,
        dictionary: bool,
        damages in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 20),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let style = Style { new_pages, compressed, dictionary, group: 7, ..STYLE };
        style.write_nested(&people, dir.path());
        let whole = fs::read(dir.path().join("nested.parquet")).unwrap();
        for (place, byte) in damages {
            let mut bytes = whole.clone();
            *place.get_mut(&mut bytes) = byte;
            let result = panic::catch_unwind(|| survives(dir.path(), &bytes));
            prop_assert!(result.is_ok(), "byte {} of {} set to {byte}", place.index(whole.len()), whole.len());
        }
    }
}
