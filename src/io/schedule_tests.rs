use std::sync::Arc;

use super::*;
use crate::{
    number::Number,
    plan::{Candidate, Reason, TouchId},
};

fn candidate(user: &str) -> Candidate {
    Candidate {
        id: TouchId(7),
        user: user.into(),
        zone: "Asia/Shanghai".into(),
        rule: "winback".into(),
        step: 1,
        occurrence: "2026-02-28T16:00:00Z".into(),
        message: "优惠券, \"big\"".into(),
        priority: Number::whole(80).unwrap(),
        due: Instant::MIN,
        deadline: None,
    }
}

fn blocker(reason: Reason) -> Blocker {
    Blocker {
        reason,
        channel: None,
        from: Instant::MIN,
        until: None,
        rule_text: "".into(),
        contacts: Vec::new(),
    }
}

fn plan(user: &str) -> Plan {
    let at: Instant = "2026-03-01T02:00:00Z".parse().unwrap();
    let code: Arc<str> = "code".into();
    Plan {
        user: user.into(),
        zone: "Asia/Shanghai".into(),
        now: at,
        end: at,
        touches: vec![Touch {
            candidate: candidate(user),
            channel: "push".into(),
            at,
            local: "2026-03-01T10:00:00".parse().unwrap(),
            language: Some("zh-CN".into()),
            categories: vec!["promotion".into(), "care".into()],
            with: vec![(code, Payload::Text("=1+1".into())), ("days".into(), Payload::Number(Number::ZERO))],
            moved_by: vec![blocker(Reason::Cap), blocker(Reason::QuietHours), blocker(Reason::Cap)],
        }],
        withheld: vec![Withheld {
            candidate: candidate(user),
            reasons: vec![blocker(Reason::NoConsent)],
            could_go_at: None,
        }],
    }
}

#[test]
fn writes_tables_for_machines() {
    let plan = plan("u1");
    insta::assert_snapshot!(
        [
            Format::Csv.touches_header(),
            Format::Csv.touches(&plan),
            Format::Csv.withheld_header(),
            Format::Csv.withheld(&plan)
        ]
        .concat()
    );
}

#[test]
fn writes_json_lines() {
    let plan = plan("u\u{1}1");
    insta::assert_snapshot!([Format::JsonLines.touches(&plan), Format::JsonLines.withheld(&plan)].concat());
}

#[test]
fn writes_a_table_for_people() {
    let mut table = TouchTable::default();
    table.add(&plan("阿明"));
    table.add(&plan("u1"));
    insta::assert_snapshot!(table.to_text(None));
    assert_eq!(TouchTable::default().to_text(None), "no touches\n");
}

#[test]
fn a_table_for_people_ends_somewhere() {
    let mut table = TouchTable::default();
    (0..1002).for_each(|_| table.add(&plan("u1")));
    assert_eq!(table.left_out(), 2);
}

#[test]
fn no_cell_is_a_formula_and_numbers_stay_numbers() {
    let written = |cell: &str| {
        let mut out = String::new();
        Row::begin(&mut out).text(cell);
        out
    };
    for (cell, expected) in [
        ("=1+1", "'=1+1"),
        ("@sum(a1)", "'@sum(a1)"),
        ("+49170", "'+49170"),
        ("-5", "-5"),
        ("-5+2", "'-5+2"),
        ("\tx", "'\tx"),
        ("=a,b", "\"'=a,b\""),
        ("plain", "plain"),
        ("say \"hi\"", "\"say \"\"hi\"\"\""),
        ("", ""),
        ("\u{ff1d}1+1", "'\u{ff1d}1+1"),
        ("\u{ff0b}1", "'\u{ff0b}1"),
        ("\u{ff0d}1", "'\u{ff0d}1"),
        ("\u{ff20}sum(a1)", "'\u{ff20}sum(a1)"),
        (" =1+1", "' =1+1"),
        ("\u{3000}\u{a0} \u{ff1d}1", "'\u{3000}\u{a0} \u{ff1d}1"),
        ("\u{feff}=1", "'\u{feff}=1"),
        ("\n=1", "\"'\n=1\""),
        (" -5", " -5"),
        (" +5", "' +5"),
        ("-0.5", "-0.5"),
        (" plain", " plain"),
        ("'quoted'", "'quoted'"),
        ("'=1+1", "''=1+1"),
        ("''-5", "'''-5"),
        ("\u{3000}阿明", "\u{3000}阿明"),
        ("a=b", "a=b"),
    ] {
        assert_eq!(written(cell), expected);
    }
}

mod laws {
    use proptest::prelude::*;

    use super::*;
    use crate::io::{Columns, DataFile, DataFiles, UserReader};

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn what_is_written_is_read_back(id in "[=+@\t;,\"a\u{963f}' \u{3000}\u{ff1d}-][=+@;,\"\n a0-9'\u{ff0d}-]{0,8}[a0-9]") {
            let file = tempfile::NamedTempFile::new().unwrap();
            let mut table = "user,second\n".to_owned();
            let mut row = Row::begin(&mut table);
            row.text(&id);
            row.text("x");
            row.end();
            std::fs::write(file.path(), table).unwrap();
            let users = DataFile { path: file.path().into(), columns: Columns::default() };
            let mut reader = UserReader::open(&DataFiles { users, ..DataFiles::default() }).unwrap();
            let record = reader.next_user().unwrap().unwrap();
            let read = record.with(|given| given.unwrap().id().map(|id| id.into_owned()));
            prop_assert_eq!(read, Some(id));
        }
    }
}

#[test]
fn numbers_are_written_with_all_their_digits() {
    for (number, written) in [
        ("1234567890123.123456", "1234567890123.123456"),
        ("-8999999999999.999999", "-8999999999999.999999"),
        ("9000000000000", "9000000000000"),
        ("0.1", "0.1"),
    ] {
        let number: Number = number.parse().unwrap();
        let mut plan = plan("u");
        plan.touches[0].candidate.priority = number;
        plan.withheld[0].candidate.priority = number;
        plan.touches[0].with = vec![("n".into(), Payload::Number(number)), ("a".into(), Payload::Missing)];
        let json = Format::JsonLines.touches(&plan) + &Format::JsonLines.withheld(&plan);
        assert_eq!(json.matches(&format!("\"priority\":{written},")).count(), 2, "{json}");
        assert!(json.contains(&format!("\"with\":{{\"n\":{written},\"a\":null}}")), "{json}");
        let csv = Format::Csv.touches(&plan);
        assert!(csv.contains(&format!(",{written},\"{{\"\"a\"\":null,\"\"n\"\":{written}}}\"")), "{csv}");
    }
}
