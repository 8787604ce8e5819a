//! Names in data that look like slips are remarked after the run: an opt-out must not be lost without a word.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{fs, process::Command};

const RULES: &str = "time zone \"UTC\"\nchannel push\nattribute tier: text\nevent order\n\
    rule hello every day at 10:00 if tier is not gold and no order in 3 days then send news via push\n";

/// The remarks of a run over those files.
fn remarks(verb: &[&str], files: &[(&str, &str)], words: &[&str]) -> String {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("rules.touch"), RULES).unwrap();
    for (name, text) in files {
        fs::write(dir.path().join(name), text).unwrap();
    }
    let output = Command::new(env!("CARGO_BIN_EXE_courtesy"))
        .args(verb)
        .args(["--users", files.first().unwrap().0, "--now", "2026-03-01"])
        .args(words)
        .current_dir(dir.path())
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(matches!(output.status.code(), Some(0 | 1)), "{said}");
    said
}

fn plan(files: &[(&str, &str)], words: &[&str]) -> String {
    remarks(&["plan", "rules.touch"], files, words)
}

const PSUH: &str = "consent is given for `psuh`, which is no channel: did you mean `push`?";
const PUSH: &str = "consent is given for `Push`, which is no channel: did you mean `push`?";
const ORDR: &str = "there are events `ordr`, which the rules do not know: did you mean `order`?";
const ORDER: &str = "there are events `Order`, which the rules do not know: did you mean `order`?";

#[test]
fn a_channel_that_is_misspelt_in_consent_is_remarked() {
    // The last of many, so that no sample would show it.
    let many: String = (0..20_000).map(|index| format!("{{\"id\":\"u{index}\"}}\n")).collect();
    let said = plan(
        &[("u.jsonl", &format!("{many}{{\"id\":\"a\",\"consent\":{{\"Push\":false,\"mail\":true}}}}\n"))],
        &["--for", "1 day", "--out", "out.csv", "--threads", "3"],
    );
    assert!(said.contains(PUSH) && !said.contains("`mail`"), "{said}");
    // A line that only the slow reader knows.
    let said = plan(
        &[("u.jsonl", "{\"id\":\"a\",\"attributes\":{\"tier\":1e2},\"consent\":{\"psuh\":false}}\n")],
        &[],
    );
    assert!(said.contains(PSUH), "{said}");
    for header in ["consent.psuh", "Consent.psuh", "CONSENT.psuh"] {
        let said = plan(&[("u.csv", &format!("id,tier,{header}\na,x,no\n"))], &[]);
        assert!(said.contains(PSUH), "{header}: {said}");
    }
    let said = plan(&[("u.csv", "id,Consent.push\na,no\n")], &["--format", "csv"]);
    assert!(!said.contains("consent is given") && said.contains("0 touches"), "{said}");
}

#[test]
fn a_type_of_event_that_is_misspelt_is_remarked() {
    let users = r#"{"id":"a","events":[{"type":"ordr","at":"2026-02-28"},{"type":"Order","at":"2026-02-28"},{"type":"visit","at":"2026-02-28"}]}"#;
    let said = plan(&[("u.jsonl", users)], &[]);
    assert!(said.contains(ORDR) && said.contains(ORDER) && !said.contains("visit"), "{said}");
    let events = "user,at,type\na,2026-02-28,ordr\na,2026-02-28,visit\n";
    let said = plan(&[("u.csv", "id\na\n"), ("e.csv", events)], &["--events", "e.csv"]);
    assert!(said.contains(ORDR) && !said.contains("visit"), "{said}");
    let said = plan(
        &[("u.csv", "id\na\n"), ("e.csv", "user,at\na,2026-02-28\n")],
        &["--events", "e.csv", "--events-columns", "type=:Order"],
    );
    assert!(said.contains(ORDER), "{said}");
}

#[test]
fn an_attribute_that_is_misspelt_is_remarked() {
    let said = plan(&[("u.csv", "id,Tier\na,gold\n")], &[]);
    assert!(
        said.contains("none of 1 user has the attribute `tier`: did you mean the column `Tier`?"),
        "{said}"
    );
    let said = plan(&[("u.jsonl", "{\"id\":\"a\",\"attributes\":{\"teir\":\"gold\"}}\n")], &[]);
    assert!(said.contains("none of 1 user has the attribute `tier`: did you mean `teir`?"), "{said}");
}

#[test]
fn spaces_around_a_text_are_remarked_and_around_a_declared_value_they_are_none() {
    let said = plan(&[("u.csv", "id,tier\na,gold \nb, gold\nc,silver \n")], &[]);
    let remark =
        |text| format!("the data has `{text}` with spaces at its ends, which is not the `gold` of the rules");
    assert!(
        said.contains(&remark("gold ")) && said.contains(&remark(" gold")) && !said.contains("silver"),
        "{said}"
    );
    let said = plan(&[("u.jsonl", "{\"id\":\"a\",\"attributes\":{\"tier\":\"gold\\t\"}}\n")], &[]);
    assert!(said.contains(&remark("gold\\t")), "{said}");
    let declared =
        "time zone \"UTC\"\nattribute tier: one of (gold, silver)\nrule r if tier is gold then send news";
    let said = plan(&[("u.csv", "id,tier\na, gold\nb,  \nc,gold\n"), ("rules.touch", declared)], &[]);
    assert!(said.contains("3 users: 2 touches, 0 withheld") && !said.contains("spaces"), "{said}");
}

#[test]
fn audit_and_explain_say_it_too() {
    let users = ("u.jsonl", "{\"id\":\"a\",\"consent\":{\"Push\":false}}\n");
    let said = remarks(&["audit", "s.jsonl", "--rules", "rules.touch"], &[users, ("s.jsonl", "")], &[]);
    assert!(said.contains(PUSH), "{said}");
    let said = remarks(&["explain", "rules.touch", "--user", "a"], &[users], &[]);
    assert!(said.contains(PUSH), "{said}");
}

#[test]
fn names_in_contacts_and_addresses_are_remarked() {
    let contact = |parts: &str| format!(r#"{{"at":"2026-02-28T10:00:00Z",{parts}}}"#);
    let contacts = [
        contact(r#""channel":"Push""#),
        contact(r#""message":"newz""#),
        contact(r#""message":"of another system""#),
        contact(r#""rule":"helo""#),
    ];
    let line = format!(r#"{{"id":"a","addresses":{{"Push":"x"}},"contacts":[{}]}}"#, contacts.join(","));
    // A line that only the slow reader knows says the same.
    let slow = line.replace(r#""id":"a""#, r#""id":"b","attributes":{"tier":1e2}"#);
    let table = "user,at,channel,message,rule\n\
        a,2026-02-28,Push,newz,helo\na,2026-02-28,push,of another system,hello\n";
    let said = [
        plan(&[("u.jsonl", &format!("{line}\n"))], &[]),
        plan(&[("u.jsonl", &format!("{slow}\n"))], &[]),
        plan(&[("u.csv", "id,address.Push\na,x\n"), ("c.csv", table)], &["--contacts", "c.csv"]),
    ];
    for said in said {
        for remark in [
            "there are addresses for `Push`, which is no channel: did you mean `push`?",
            "there are contacts over `Push`, which is no channel: did you mean `push`?",
            "there are contacts with the message `newz`, which the rules do not know: did you mean `news`?",
            "there are contacts of the rule `helo`, which is none of these: did you mean `hello`?",
        ] {
            assert!(said.contains(remark), "{remark}\n{said}");
        }
        assert!(!said.contains("another"), "{said}");
    }
}

#[test]
fn a_consent_that_stands_among_the_attributes_is_remarked() {
    for header in ["consent_push", "push_consent", "consents.push", "Consent Push"] {
        let said = plan(&[("u.csv", &format!("id,{header}\na,no\n"))], &[]);
        let remark =
            format!("the column `{header}` is an attribute that no rule reads: did you mean `consent.push`?");
        assert!(said.contains(&remark), "{said}");
    }
    let said = plan(&[("u.jsonl", "{\"id\":\"a\",\"attributes\":{\"address_push\":\"x\"}}\n")], &[]);
    assert!(
        said.contains("no rule reads the attribute `address_push`: did you mean `push` in `addresses`?"),
        "{said}"
    );
}
