use std::{fmt::Write, fs, path::Path};

use super::*;
use crate::io::given::{Cell, ContactRow, Entries, EventRow, GivenRow, Part};

fn cell(cell: &Cell<'_>) -> String {
    match cell {
        Cell::Null => "-".into(),
        other => other
            .raw()
            .text()
            .map_or_else(|_| format!("{other:?}"), |text| text.unwrap_or_default().into_owned()),
    }
}

fn shown_event(event: &EventRow<'_>) -> String {
    let line = event.place.as_ref().map_or(0, |place| place.line);
    let parts = [&event.kind, &event.at, &event.id].map(cell).join(" ");
    format!("  {line}: event {parts}{}\n", entries(&event.fields))
}

fn shown_contact(contact: &ContactRow<'_>) -> String {
    let line = contact.place.as_ref().map_or(0, |place| place.line);
    let parts = [&contact.at, &contact.channel, &contact.message, &contact.categories].map(cell).join(" ");
    format!("  {line}: contact {parts}\n")
}

fn entries(entries: &Entries<'_>) -> String {
    entries.iter().map(|(name, value)| format!(" {name}={}", cell(value))).collect()
}

fn file(path: &Path, columns: &str) -> DataFile {
    DataFile { path: path.into(), columns: columns.parse().unwrap() }
}

/// Everything that is read, one line for each part; then what is to be remarked.
fn read(files: &DataFiles) -> String {
    let mut out = String::new();
    let mut reader = match UserReader::open(files) {
        Ok(reader) => reader,
        Err(error) => return format!("error: {error}\nhelp: {}", error.help.as_deref().unwrap_or_default()),
    };
    loop {
        let record = match reader.next_user() {
            Ok(Some(record)) => record,
            Ok(None) => break,
            Err(error) => {
                return format!("{out}error: {error}\nhelp: {}", error.help.as_deref().unwrap_or_default());
            }
        };
        record.with(|given| {
            let given = match given {
                Ok(given) => given,
                Err(reject) => {
                    let user = reject.user.as_deref().unwrap_or("?");
                    writeln!(out, "REJECTED {user} line {}: {}", reject.line, reject.reason).unwrap();
                    return;
                }
            };
            let line = record.place.line;
            let (zone, locale) = (cell(&given.timezone), cell(&given.locale));
            writeln!(out, "{line}: {} {zone} {locale}{}", cell(&given.id), entries(&given.attributes))
                .unwrap();
            let says = |out: &mut String, what: &str, list: &Entries<'_>| {
                if !list.is_empty() {
                    writeln!(out, "  {what}{}", entries(list)).unwrap();
                }
            };
            says(&mut out, "consent", &given.consent);
            says(&mut out, "addresses", given.addresses.as_ref().unwrap_or(&Vec::new()));
            given.events.iter().for_each(|event| out.push_str(&shown_event(event)));
            given.contacts.iter().for_each(|contact| out.push_str(&shown_contact(contact)));
            let (id, before) = (given.id(), out.len());
            for part in [Part::Events, Part::Contacts] {
                let rows = record.rows(part, id.as_deref(), |row| {
                    out.push_str(&match row {
                        GivenRow::Event(event) => shown_event(&event),
                        GivenRow::Contact(contact) => shown_contact(&contact),
                    });
                    Ok(())
                });
                if let Err(reject) = rows {
                    out.truncate(before);
                    let user = reject.user.as_deref().unwrap_or("?");
                    writeln!(out, "  REJECTED {user} line {}: {}", reject.line, reject.reason).unwrap();
                    break;
                }
            }
        });
    }
    let rejected = reader.ownerless(|reject| -> Result<(), FileError> {
        writeln!(out, "REJECTED ? line {}: {}", reject.line, reject.reason).unwrap();
        Ok(())
    });
    rejected.unwrap();
    for remark in reader.left_over() {
        writeln!(out, "{remark}").unwrap();
    }
    out
}

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(dir.path().join(name), text).unwrap();
    }
    dir
}

/// Reads one table or one file of JSON lines.
fn users(text: impl AsRef<[u8]>) -> String {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("users");
    fs::write(&path, text).unwrap();
    let out = read(&DataFiles { users: file(&path, ""), ..DataFiles::default() });
    out.replace(&path.display().to_string(), "users")
}

const USERS: &str = "customer_no,Time Zone,tier\nc,Asia/Shanghai,gold\na,,silver\nb,,\n";

fn joined(events: &str, columns: &str) -> String {
    let dir = folder(&[("users.csv", USERS), ("events.csv", events)]);
    let at = |name: &str| dir.path().join(name);
    let files = DataFiles {
        users: file(&at("users.csv"), "id=customer_no"),
        events: vec![file(&at("events.csv"), columns)],
        contacts: Vec::new(),
    };
    read(&files).replace(&dir.path().display().to_string(), "DIR")
}

#[test]
fn tables_are_joined_by_user_in_any_order() {
    insta::assert_snapshot!(joined(
        "id,user,at,amount\n1,a,2026-01-01,5\n2,a,2026-01-02,6\n3,b,2026-01-03,7\n4,a,2026-01-04,8\n5,x,2026-01-05,9\n",
        "type=:order"
    ));
}

#[test]
fn lines_that_end_as_on_an_old_macintosh_are_counted() {
    let events = "id,user,at,amount\r1,a,2026-01-01,5\r\r2,b,2026-01-02,6,7\r";
    let mac = joined(events, "type=:order");
    assert_eq!(mac, joined(&events.replace('\r', "\n"), "type=:order"));
    assert!(mac.contains("REJECTED b line 4"), "{mac}");
    let mac = users("id,tier\ra,gold\rb,silver,7\r{\"id\":1}");
    assert_eq!(mac, users("id,tier\na,gold\nb,silver,7\n{\"id\":1}"));
}

#[test]
fn what_a_table_says_steers_no_terminal() {
    let reject = users(b"id,a\x1b[2J\nu,\xff\n");
    assert!(reject.contains("the cell under `a\\u{1b}[2J`") && !reject.contains('\u{1b}'), "{reject}");
}

#[test]
fn several_tables_with_their_own_columns_come_together() {
    let dir = folder(&[
        ("users.csv", USERS),
        (
            "orders.csv",
            "nr;customer_no;at_utc;amount;category\r\n7;a;2026-01-01 10:00;5,5;\"tea; green\"\r\n\r\n8;c;x;;\r\n",
        ),
        ("visits.tsv", "user id\twhen\nc\t2026-02-01\n"),
        ("mail.csv", "customer_no,start_date,kind\na,2026-03-01,Type A\n"),
    ]);
    let at = |name: &str| dir.path().join(name);
    let files = DataFiles {
        users: file(&at("users.csv"), "id=customer_no,consent.sms=:yes,city=:Paris"),
        events: vec![
            file(&at("orders.csv"), "user=customer_no,at=at_utc,type=:order,id=nr"),
            file(&at("visits.tsv"), "at=when,type=:visit"),
        ],
        contacts: vec![file(&at("mail.csv"), "user=customer_no,at=start_date,channel=:mail,categories=kind")],
    };
    insta::assert_snapshot!(read(&files));
}

#[test]
fn rows_that_are_broken_are_named() {
    insta::assert_snapshot!(joined(
        "user,at,type,note\na,2026-01-01,order\nb,2026-01-01,order,1,2\nc,2026-01-01,order,ok\n",
        ""
    ));
    insta::assert_snapshot!(joined("at,type,user\n2026-01-01\n2026-01-01,order,c\n", ""));
}

#[test]
fn says_which_column_is_missing() {
    let cases = [
        ("user,at,amount\n", ""),
        ("who,at,type\n", ""),
        ("user,placed,type\n", ""),
        ("user,at,type\n", "amount=total"),
        ("user,at,type\n", "user=:me"),
        ("user,at,type,at\n", ""),
        ("", ""),
        ("{\"id\":1}\n", ""),
        ("user,at,type,note\na,2026-01-01,order,\"never closed\nb,2026-01-01,order,\n", ""),
    ];
    let shown =
        cases.iter().map(|(table, columns)| format!("{table}[{columns}]\n{}\n", joined(table, columns)));
    insta::assert_snapshot!(shown.collect::<Vec<_>>().join("\n"));
}

#[test]
fn reads_odd_but_legal_tables() {
    insta::assert_snapshot!(users(
        "\u{feff}ID;Locale;consent.sms;address.email;First name;;quoted\r\n7;de;yes;a@b.c;Ann;x;\"a \"\"b\"\"\r\nc\"\r\n8;;;;;;last"
    ));
}

#[test]
fn reads_odd_json_lines() {
    insta::assert_snapshot!(users(b"\xef\xbb\xbf{\"id\":\"a\"}\r\n\r\n{\"id\":7,\"attributes\":{\"x\":1.50}}\n{\"id\":\"b\"\n\n[]\n{\"id\":\"\xff\"}\n{\"id\":\"last\"}"));
}

#[test]
fn refuses_what_is_neither() {
    let cases: [&[u8]; 6] = [b"", b"[{\"id\":1}]", b"PK\x03\x04", b"\xff\xfei\0d\0", b"PAR1", b"\x1f\x8b"];
    let shown: Vec<_> = cases.iter().map(users).collect();
    insta::assert_snapshot!(shown.join("\n"));
    insta::assert_snapshot!(users(b"id,\xc4\xe3\n1,2\n"));
    insta::assert_snapshot!(users(b"id,name\n1,\xc4\xe3\n2,ok\n"));
}

#[test]
fn json_lines_are_joined_too() {
    let dir = folder(&[
        (
            "users.jsonl",
            "{\"id\":7}\n{\"id\":\"b\",\"events\":[{\"type\":\"visit\",\"at\":\"2026-01-01\"}]}\n",
        ),
        ("events.csv", "user,at,type\nb,2026-01-02,order\n7,2026-01-03,order\n"),
    ]);
    let files = DataFiles {
        users: file(&dir.path().join("users.jsonl"), ""),
        events: vec![file(&dir.path().join("events.csv"), "")],
        contacts: Vec::new(),
    };
    insta::assert_snapshot!(read(&files));
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let error =
        UserReader::open(&DataFiles { users: file(Path::new("no/such.csv"), ""), ..DataFiles::default() });
    assert_eq!(error.err().unwrap().problem, "cannot read `no/such.csv`: there is no such file or folder");
}

mod laws {
    use proptest::prelude::*;

    use super::*;

    /// The lines that rows begin on, read as users and as events of one user.
    fn lines(table: &str) -> (Vec<u64>, Vec<u64>) {
        let dir = folder(&[("users.csv", "id\nu\n"), ("table.csv", table)]);
        let table = file(&dir.path().join("table.csv"), "");
        let mut alone =
            UserReader::open(&DataFiles { users: table.clone(), ..DataFiles::default() }).unwrap();
        let users =
            std::iter::from_fn(|| alone.next_user().unwrap().map(|record| record.place.line)).collect();
        let events = DataFile { columns: "user=key,at=:2026-01-01,type=:order".parse().unwrap(), ..table };
        let users_file = file(&dir.path().join("users.csv"), "");
        let files = DataFiles { users: users_file, events: vec![events], contacts: Vec::new() };
        let record = UserReader::open(&files).unwrap().next_user().unwrap().unwrap();
        let mut of_rows = Vec::new();
        let take = |row: GivenRow<'_>| {
            let GivenRow::Event(event) = row else { panic!("a contact") };
            of_rows.push(event.place.unwrap().line);
            Ok(())
        };
        record.rows(Part::Events, None, take).unwrap();
        (users, of_rows)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn rows_know_their_lines(
            cells in prop::collection::vec(("[ab]{0,2}(\n[ab]{0,2}){0,2}", 0..3_usize), 1..8),
            crlf: bool,
            ends: bool,
        ) {
            let mut table = "id,key,note".to_owned();
            let mut line = 1;
            let mut expected = Vec::new();
            for (index, (cell, blank)) in cells.iter().enumerate() {
                table.push_str(&"\n".repeat(blank + 1));
                line += 1 + *blank as u64;
                expected.push(line);
                table.push_str(&format!("{index},u,\"{cell}\""));
                line += cell.matches('\n').count() as u64;
            }
            if ends {
                table.push('\n');
            }
            let table = if crlf { table.replace('\n', "\r\n") } else { table };
            prop_assert_eq!(lines(&table), (expected.clone(), expected));
        }

        #[test]
        fn no_bytes_break_the_reader(text in "(\u{feff}|\\{|id,a\n)?[\"\n\r,;{}:\\[\\]a\u{e9}0-9'=\t -]{0,80}", cut in 0..200_usize) {
            let bytes = text.as_bytes();
            // A cut within a character makes bad UTF-8.
            let text = users(bytes.get(..cut).unwrap_or(bytes));
            prop_assert!(!text.contains("panicked"));
        }
    }
}

#[test]
fn who_a_broken_line_is_about_is_told() {
    let read = users(
        b"{\"id\":\"k\",\"contacts\":{\"at\":\"2026-01-01\"}}\n{\"consent\":[\"push\"],\"id\":7}\n[\"k\"]\n",
    );
    let told: Vec<_> = read.lines().collect();
    assert_eq!(
        told,
        [
            "REJECTED k line 1: contacts: `{…}` is not a list",
            "REJECTED 7 line 2: consent: `[push]` is not an object",
            "REJECTED ? line 3: `[k]` is not a user (an object)",
        ]
    );
}
