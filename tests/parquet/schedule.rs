//! Schedules as Parquet: what CSV has, read back as history and by the auditor.

use std::{fs, path::Path, process::Command};

use arrow_array::{Array, RecordBatch, cast::AsArray, types::TimestampMicrosecondType};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

const RULES: &str = "time zone \"UTC\"\nchannel push\nmessage news: promo, care\nmessage coupon: promo\nattribute tier: text\n\
                     at most 1 promo in 3 days\nrule hello every day at 10:00 then send news via push with t tier\n\
                     rule more every monday at 10:00 then send coupon via push priority 80.5\n";

fn courtesy(folder: &Path, words: &[&str]) -> (Option<i32>, String, String) {
    let output =
        Command::new(env!("CARGO_BIN_EXE_courtesy")).args(words).current_dir(folder).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn folder() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("rules.touch"), RULES).unwrap();
    let users =
        "{\"id\":\"a\",\"timezone\":\"Asia/Shanghai\",\"attributes\":{\"tier\":\"gold\"}}\n{\"id\":\"b\"}\n";
    fs::write(dir.path().join("users.jsonl"), users).unwrap();
    dir
}

fn read(path: &Path) -> RecordBatch {
    let file = fs::File::open(path).unwrap();
    let mut reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap();
    reader.next().unwrap().unwrap()
}

fn plan(folder: &Path, more: &[&str]) -> (Option<i32>, String, String) {
    let words = ["plan", "rules.touch", "--users", "users.jsonl", "--now", "2026-03-01", "--for", "14 days"];
    courtesy(folder, &[&words, more].concat())
}

#[test]
fn a_schedule_has_the_columns_of_csv_with_their_types() {
    let dir = folder();
    let said = plan(dir.path(), &["--out", "s.parquet", "--withheld", "w.parquet"]);
    assert_eq!(said.0, Some(0), "{}", said.2);
    plan(dir.path(), &["--out", "s.csv", "--withheld", "w.csv"]);
    for name in ["s", "w"] {
        let parquet = read(&dir.path().join(format!("{name}.parquet")));
        let csv = fs::read_to_string(dir.path().join(format!("{name}.csv"))).unwrap();
        let header: Vec<&str> = csv.lines().next().unwrap().split(',').collect();
        let fields: Vec<&str> =
            parquet.schema_ref().fields().iter().map(|field| field.name().as_str()).collect();
        assert_eq!(fields, header);
        assert_eq!(parquet.num_rows(), csv.lines().count() - 1);
    }
    let touches = read(&dir.path().join("s.parquet"));
    let column = |name: &str| touches.column_by_name(name).unwrap();
    let types: Vec<String> = touches
        .schema_ref()
        .fields()
        .iter()
        .map(|field| format!("{}: {}", field.name(), field.data_type()))
        .collect();
    insta::assert_snapshot!(types.join("\n"));
    let at = column("at").as_primitive::<TimestampMicrosecondType>();
    assert_eq!(at.value(0), 1_772_416_800_000_000);
    assert_eq!(column("message").as_string::<i32>().value(0), "coupon");
    assert_eq!(column("message").as_string::<i32>().value(1), "news");
    assert_eq!(column("categories").as_list::<i32>().value(1).as_string::<i32>().value(1), "care");
    assert_eq!(column("with").as_string::<i32>().value(1), "{\"t\":\"gold\"}");
    assert!(column("language").is_null(0));
}

#[test]
fn what_was_sent_comes_back_as_history_and_the_auditor_reads_it() {
    let dir = folder();
    plan(dir.path(), &["--out", "s.parquet"]);
    let again = plan(dir.path(), &["--contacts", "s.parquet", "--out", "again.parquet"]);
    assert_eq!(again.0, Some(0), "{}", again.2);
    assert_eq!(read_rows(&dir.path().join("again.parquet")), 0, "nothing is sent twice");
    let audit = |name: &str| {
        courtesy(
            dir.path(),
            &["audit", name, "--rules", "rules.touch", "--users", "users.jsonl", "--now", "2026-03-01"],
        )
    };
    let (code, out, err) = audit("s.parquet");
    assert_eq!((code, out.as_str()), (Some(0), "8 touches of 2 users: no breach\n"), "{err}");
    // Stricter rules than those it was made by.
    fs::write(dir.path().join("rules.touch"), RULES.replace("in 3 days", "in 4 days")).unwrap();
    let (code, out, _) = audit("s.parquet");
    assert_eq!(code, Some(1), "{out}");
    assert!(out.contains("(row 2)") && !out.contains("line "), "{out}");
    plan(dir.path(), &["--out", "old.csv"]);
}

/// How many rows it has.
fn read_rows(path: &Path) -> i64 {
    let file = fs::File::open(path).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    reader.metadata().file_metadata().num_rows()
}

#[test]
fn it_is_there_whole_or_not_at_all() {
    let dir = folder();
    fs::write(dir.path().join("s.parquet"), "old").unwrap();
    fs::write(dir.path().join("users.jsonl"), "[]\n").unwrap();
    let (code, _, _) = plan(dir.path(), &["--out", "s.parquet"]);
    assert_eq!(code, Some(2));
    assert_eq!(fs::read_to_string(dir.path().join("s.parquet")).unwrap(), "old");
    if Path::new("/dev/full").exists() {
        let dir = folder();
        let (code, _, said) = plan(dir.path(), &["--out", "/dev/full", "--format", "parquet"]);
        assert_eq!(code, Some(2));
        assert!(said.contains("cannot write `/dev/full`: the disk is full"), "{said}");
    }
}
