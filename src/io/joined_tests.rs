use std::fs;

use proptest::prelude::*;

use super::*;
use crate::io::{DataFile, DataFiles, UserReader, given::EventRow};

fn event(row: GivenRow<'_>) -> EventRow<'_> {
    match row {
        GivenRow::Event(event) => event,
        GivenRow::Contact(_) => panic!("a contact"),
    }
}

/// The rows of `u`: the line of each and what its note says. With `None` they are in memory, else read in pieces so large.
fn rows_of_u(table: &str, piece: Option<usize>) -> Vec<(u64, String)> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("events.csv");
    fs::write(&path, table).unwrap();
    let mut table = opened(&path, JoinedLayout::events, "at=:2026-01-01,type=:order", NONE).unwrap();
    let Some(mut rows) = table.take(b"u").unwrap() else { return Vec::new() };
    if piece.is_some() {
        rows.bytes = None;
    }
    let mut found = Vec::new();
    let note = |row: GivenRow<'_>| {
        let event = event(row);
        let note = event.fields.iter().find(|(name, _)| name == "note").unwrap();
        found
            .push((event.place.unwrap().line, note.1.raw().text().unwrap().unwrap_or_default().into_owned()));
        Ok(())
    };
    rows.each_in_pieces(piece.unwrap_or(1), None, note).unwrap();
    assert_eq!(found.len() as u64, rows.count);
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn rows_are_the_same_in_pieces_of_any_size(
        cells in prop::collection::vec((any::<bool>(), "[ab]{0,9}(\n[ab]{0,2}|\"\"){0,2}", 0..3_usize), 1..9),
        breaks in prop::sample::select(vec!["\n", "\r\n", "\r"]),
        ends: bool,
        piece in 1..40_usize,
    ) {
        let mut table = "user,note".to_owned();
        for (is_other, cell, blank) in &cells {
            table.push_str(&"\n".repeat(blank + 1));
            table.push_str(&format!("{},\"{cell}\"", if *is_other { "v" } else { "u" }));
        }
        if ends {
            table.push('\n');
        }
        let table = table.replace('\n', breaks);
        prop_assert_eq!(rows_of_u(&table, Some(piece)), rows_of_u(&table, None));
    }
}

/// A table of one user with so many rows that they are not read before they are asked for.
fn heavy(dir: &Path, rows: usize) -> (DataFiles, PathBuf) {
    let (users, events) = (dir.join("users.csv"), dir.join("events.csv"));
    fs::write(&users, "id\nheavy\nlight\n").unwrap();
    let mut table = "user,at,type,note\nlight,2026-01-01,order,x\n".to_owned();
    (0..rows).for_each(|row| table.push_str(&format!("heavy,2026-01-01,order,\"row\n{row}\"\n")));
    fs::write(&events, table).unwrap();
    let file = |path: &Path| DataFile { path: path.into(), ..DataFile::default() };
    let files = DataFiles { users: file(&users), events: vec![file(&events)], ..DataFiles::default() };
    (files, events)
}

#[test]
fn rows_of_a_user_who_has_many_know_their_lines_too() {
    let dir = tempfile::tempdir().unwrap();
    let (files, _) = heavy(dir.path(), 20_000);
    let user = UserReader::open(&files).unwrap().next_user().unwrap().unwrap();
    let mut lines = Vec::new();
    user.rows(Part::Events, None, |row| {
        lines.push(event(row).place.unwrap().line);
        Ok(())
    })
    .unwrap();
    assert!(lines.into_iter().eq((0..20_000).map(|row| 3 + 2 * row)));
}

#[test]
fn rows_that_cannot_be_read_any_more_plan_nobody_and_end_the_run() {
    let dir = tempfile::tempdir().unwrap();
    let (files, events) = heavy(dir.path(), 20_000);
    let mut reader = UserReader::open(&files).unwrap();
    let user = reader.next_user().unwrap().unwrap();
    fs::OpenOptions::new().write(true).open(&events).unwrap().set_len(100_000).unwrap();
    let reject = user.rows(Part::Events, Some("heavy"), |_| Ok(())).unwrap_err();
    let said = format!("cannot read `{}`: ", events.display());
    assert!(reject.reason.starts_with(&said) && reject.user.as_deref() == Some("heavy"), "{reject}");
    let error = reader.next_user().err().unwrap();
    assert!(error.problem.starts_with(&said), "{error}");
}

#[test]
fn rows_in_no_order_are_joined_up_to_so_many_places() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("events.csv");
    fs::write(&path, "user,at,type\na,2026-01-01,x\nb,2026-01-01,x\na,2026-01-02,x\n").unwrap();
    assert!(opened(&path, JoinedLayout::events, "", 3).is_ok());
    let error = opened(&path, JoinedLayout::events, "", 2).err().unwrap();
    assert_eq!(error.problem, format!("`{}` has too many rows to be joined", path.display()));
    assert_eq!(error.help.as_deref(), Some("sort it by user id"));
}

#[test]
fn every_row_of_nobody_is_told_however_many_there_are() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("events.csv");
    let rows: String =
        (0..1_000).map(|row| if row % 3 == 0 { "2026-01-01,x,a\n" } else { "2026-01-01\n" }).collect();
    fs::write(&path, format!("at,type,user\n{rows}")).unwrap();
    let table = opened(&path, JoinedLayout::events, "", NONE).unwrap();
    let mut lines = Vec::new();
    table
        .ownerless(|place| -> Result<(), FileError> {
            lines.push(place.line);
            Ok(())
        })
        .unwrap();
    assert!(lines.into_iter().eq((0..1_000).filter(|row| row % 3 != 0).map(|row| row + 2)));
}
