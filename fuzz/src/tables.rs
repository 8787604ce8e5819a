//! Users as JSON lines, as tables and in Parquet.

use std::{io::Write, path::PathBuf};

use courtesy::{
    Rules,
    check::NoFiles,
    diagnostic::SourceId,
    io::{Binder, DataFile, DataFiles, FileError, Survey, UserReader},
    syntax,
};
use tempfile::NamedTempFile;

use crate::parts;

const SHOP: &str = r#"
time zone "Asia/Shanghai"
attribute tier: one of bronze, silver, gold
attribute points: number
attribute birthday: date
attribute signup_at: date and time
attribute employee: yes or no
attribute tags: list of text
event order: amount number, category text
event visit
channel push
channel sms needs consent
rule winback if no order in 30 days and tier gold and points > 3 then send coupon via push or sms
rule hello on birthday then send greeting with days days since last order, last last order category
"#;

fn shop() -> &'static Rules {
    static RULES: std::sync::LazyLock<Rules> =
        std::sync::LazyLock::new(|| Rules::compile(SHOP).unwrap_or_else(|found| panic!("{found}")));
    &RULES
}

/// Users as JSON lines: each line is one user or one reject, in order of the lines.
pub fn users(data: &[u8]) {
    let count = |end: u8| data.iter().filter(|byte| **byte == end).count() as u64;
    // Of a file whose lines end now so and now so only one sort is counted.
    let lines = if count(b'\n') > 0 && count(b'\r') > 0 { u64::MAX } else { count(b'\n') + count(b'\r') + 1 };
    read(&[data], lines);
}

/// Users, events and contacts as tables, parted by lines that are `---`.
pub fn tables(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let [users, events, contacts] = parts(&text);
    read(&[users.as_bytes(), events.as_bytes(), contacts.as_bytes()], u64::MAX);
}

/// A Parquet file as users, and as events and contacts of some.
pub fn parquet(data: &[u8]) {
    read(&[data], u64::MAX);
    let users = b"id\n100\n101\n102\n";
    read(&[users, data, data], u64::MAX);
}

fn read(files: &[&[u8]], lines: u64) {
    let kept: Vec<NamedTempFile> = files.iter().map(|bytes| file(bytes)).collect();
    let mut named = kept.iter().map(|file| DataFile { path: file.path().into(), ..DataFile::default() });
    let files = DataFiles {
        users: named.next().unwrap_or_default(),
        events: named.next().into_iter().collect(),
        contacts: named.next().into_iter().collect(),
    };
    let rules = shop();
    let Ok(mut reader) = UserReader::open(&files) else { return };
    if reader.read_only(rules.program(), rules.names()).is_err() {
        return;
    }
    let mut binder = Binder::new(rules.program(), rules.names(), None);
    let mut survey = Survey::default();
    let mut last = 0;
    while let Ok(Some(record)) = reader.next_user() {
        let _ = survey.add(&record);
        match binder.bind(&record) {
            Ok(_) => {
                let user = binder.user();
                assert!(!user.id.trim().is_empty() && !user.id.chars().any(char::is_control));
                assert!(user.contacts.is_sorted_by_key(|contact| contact.at));
                for events in &user.events {
                    assert!(events.at.is_sorted());
                    assert!(events.columns.iter().all(|column| column.len() == events.at.len()));
                }
            }
            Err(reject) => {
                let shown = reject.to_string();
                assert!(!shown.chars().any(|c| c.is_control()), "{shown:?}");
                if lines < u64::MAX {
                    assert!(reject.line > last && reject.line <= lines, "{shown}");
                    last = reject.line;
                }
            }
        }
    }
    let _ =
        (reader.ownerless(|_| Ok::<(), FileError>(())), reader.left_over().count(), survey.remarks().count());
    let declared = survey.to_string();
    let parsed = syntax::parse(SourceId(0), &declared);
    assert!(parsed.diagnostics.is_empty(), "{:?} in\n{declared}", parsed.diagnostics);
    let asks = vec![("fuzzed".into(), "if tier is gold or points > 3 then send coupon".into())];
    let _ = Rules::compile_with_schema(asks, &NoFiles, &survey.schema());
}

/// A file in memory, where the machine has such a place.
pub fn file(bytes: &[u8]) -> NamedTempFile {
    let memory = PathBuf::from("/dev/shm");
    let folder = if memory.is_dir() { memory } else { std::env::temp_dir() };
    let mut file = NamedTempFile::new_in(folder).expect("a temporary file");
    file.write_all(bytes).expect("room for it");
    file
}
