use proptest::{prelude::*, sample::Index};

use super::*;
use crate::{
    Rules,
    io::{error::Place, json},
    snapshot::{User, Value},
};

const RULES: &str = r#"
time zone "Asia/Shanghai"
attribute tier: one of bronze, silver, gold
attribute points: number
attribute birthday: date
attribute signup_at: date and time
attribute employee: yes or no
attribute tags: list of text
attribute city: text
attribute locale: text
attribute id: text
event order: amount number, category text, paid_at date and time, items list of text, id text
event visit: page text
channel push
channel sms needs consent
message coupon: promotion
rule winback if no order in 30 days and tier gold and points > 3 and city is Berlin then send coupon via push or sms
rule hello on birthday then send greeting with days days since last order, last last order category
"#;

fn rules() -> &'static Rules {
    static RULES_: std::sync::LazyLock<Rules> = std::sync::LazyLock::new(|| Rules::compile(RULES).unwrap());
    &RULES_
}

/// Everything that rules see of a user, texts by their letters.
fn told(user: &User) -> String {
    let program = rules().program();
    let text = |symbol| user.text(program, symbol).to_owned();
    let value = |value: &Value| match *value {
        Value::Text(symbol) => format!("{:?}", text(symbol)),
        Value::List(start, count) => {
            let members: Vec<_> = user.list(start, count).iter().map(|symbol| text(*symbol)).collect();
            format!("{members:?}")
        }
        other => format!("{other:?}"),
    };
    let values = |list: &[Value]| list.iter().map(value).collect::<Vec<_>>().join(" ");
    let mut out = format!("{} {} {:?}\n", user.id, user.zone.name(), user.locale);
    out += &format!("{}\n{:?} {:?}\n", values(&user.attributes), user.consent, user.reachable);
    for events in &user.events {
        for (row, at) in events.at.iter().enumerate() {
            let fields: Vec<_> = events.columns.iter().map(|column| column[row]).collect();
            out += &format!("{at} {:?} {}\n", events.id(row), values(&fields));
        }
    }
    out += &format!("{:#?}", user.contacts);
    out
}

/// Reads a line the quick way, and checks that the other way makes the same of it. Says whether it was quick.
fn same(quick: &mut Quick<'_>, builder: &mut UserBuilder<'_>, line: &[u8]) -> bool {
    let Some(duplicates) = quick.read(builder, line) else { return false };
    let shown = String::from_utf8_lossy(line);
    let place = Place::line(&"users".into(), 1);
    let mut other = UserBuilder::new(rules().program(), rules().names());
    let given = json::parse(line).unwrap_or_else(|reason| panic!("{shown}: {reason}"));
    let found = given.bind(&mut other, &place, |_, _| Ok(()));
    let found = found.unwrap_or_else(|reject| panic!("{shown}: {reject}"));
    assert_eq!(found, duplicates, "{shown}");
    assert_eq!(told(builder.user()), told(other.user()), "{shown}");
    true
}

fn tools() -> (Quick<'static>, UserBuilder<'static>) {
    let (program, names) = (rules().program(), rules().names());
    (Quick::new(program, names), UserBuilder::new(program, names))
}

#[test]
fn the_usual_line_is_read_quickly() {
    let (mut quick, mut builder) = tools();
    let lines = [
        r#"{"id":"u1","timezone":"Europe/Berlin","locale":"de","attributes":{"tier":"gold","points":12.5,"birthday":"1990-05-03","signup_at":"2026-01-01 10:00","employee":false,"tags":["a","Berlin",7],"city":"Köln","shoe":[1,{"x":null}]},"consent":{"sms":true,"fax":false},"addresses":{"push":["t"],"sms":""},"events":[{"type":"order","at":"2026-01-05T08:00:00Z","id":"o1","amount":3,"category":"tea","items":[]},{"type":"return","at":7},{"type":"visit","at":"2026-01-05","page":"a\nb"}],"contacts":[{"at":"2026-01-05T08:00:00Z","channel":"push","message":"coupon","categories":["promotion"]}]}"#,
        r#" { "id" : 7 , "odd" : { } , "events" : [ ] , "contacts" : null , "consent" : { } , "addresses" : { "sms" : 1 } } "#,
        r#"{"contacts":[{"message":"coupon","at":"2026-01-05T08:00:00Z","by":"x"}],"events":[{"amount":1,"at":"2026-01-05T08:00:00Z","category":"a","type":"order"}],"attributes":{"points":"7"},"id":"u","timezone":"Asia/Tokyo"}"#,
    ];
    for _ in 0..3 {
        for line in lines {
            assert!(same(&mut quick, &mut builder, line.as_bytes()), "{line}");
        }
    }
}

#[test]
fn what_is_wrong_or_unusual_is_left_to_others() {
    let (mut quick, mut builder) = tools();
    for line in [
        "",
        "{}",
        "[]",
        "{\"id\":\"u\"} x",
        "{\"id\":\"\"}",
        "{\"id\":null}",
        "{\"id\":\"u\",\"id\":\"u\"}",
        "{\"id\":\"u\",}",
        "{\"id\":\"u\",\"timezone\":\"Mars\"}",
        "{\"id\":\"u\",\"attributes\":{\"points\":\"x\"}}",
        "{\"id\":\"u\",\"attributes\":[]}",
        "{\"id\":\"u\",\"attributes\":{\"points\":1,\"points\":2}}",
        "{\"id\":\"u\",\"attributes\":{\"odd\":1e400}}",
        "{\"id\":\"u\",\"events\":[{\"type\":\"order\"}]}",
        "{\"id\":\"u\",\"events\":[{\"at\":\"2026-01-01\"}]}",
        "{\"id\":\"u\",\"events\":[{\"type\":\"order\",\"at\":\"2026-01-01\",\"amount\":1,\"amount\":1}]}",
        "{\"id\":\"u\",\"events\":[{\"type\":\"order\",\"at\":\"2026-01-01\"}],\"timezone\":\"Asia/Tokyo\"}",
        "{\"id\":\"u\",\"odd\":\"\u{1}\"}",
    ] {
        assert!(!same(&mut quick, &mut builder, line.as_bytes()), "{line}");
    }
    assert!(!same(&mut quick, &mut builder, b"{\"id\":\"u\",\"odd\":\"\xff\"}"));
}

/// A value, now and then one that is wrong where it stands.
fn value() -> impl Strategy<Value = String> {
    let usual = [
        "1",
        "0",
        "-7",
        "12.5",
        "0.1",
        "100.50",
        "123456789.123",
        "true",
        "false",
        "\"yes\"",
        "\"gold\"",
        "\"silver\"",
        "\"Berlin\"",
        "\"own\"",
        "\"2026-01-05T08:00:00Z\"",
        "\"2026-03-29 02:30\"",
        "\"2026-01-05\"",
        "\"2025-12-31T23:59:59.5+08:00\"",
        "[]",
        "[\"a\",\"gold\"]",
        "[\"own\", 3]",
        "\"12.5\"",
        "\"\"",
    ];
    let odd = [
        "null",
        "-0",
        "-0.0",
        "1e3",
        "1E-7",
        "12345678901234567890",
        "99999999999999999999999",
        "0.1234567",
        "1.7976931348623157e309",
        "123456789012345.5",
        "[1.5]",
        "[null]",
        "[[\"a\"]]",
        "{}",
        "{\"a\":1}",
        "\"a\\u00fcb\"",
        "\"\\ud83d\\ude00\"",
        "\"\\ud83d\"",
        "\"\\n\"",
        "\"Köln\"",
        "\" 2026-01-05 \"",
        "\"2026-1-5 9:00\"",
        "\"a;b\"",
        "01",
        "NaN",
        "tru",
        "\"x",
        "\"2026-02-30\"",
        "\"Mars/Base\"",
    ];
    prop_oneof![8 => prop::sample::select(usual.to_vec()), 1 => prop::sample::select(odd.to_vec())]
        .prop_map(str::to_owned)
}

fn pairs(names: &'static [&'static str], most: usize) -> impl Strategy<Value = Vec<String>> {
    let pair = (prop::sample::select(names), value()).prop_map(|(name, value)| format!("\"{name}\":{value}"));
    prop::collection::vec(pair, 0..most)
}

fn object(pairs: &[String]) -> String {
    format!("{{{}}}", pairs.join(","))
}

fn event() -> impl Strategy<Value = String> {
    let fields = pairs(&["amount", "category", "paid_at", "items", "page", "odd", "id"], 4);
    let at = prop::sample::select(
        &["\"2026-01-05T08:00:00Z\"", "\"2026-01-06 09:00\"", "\"2026-01-05\"", "null", "3"][..],
    );
    let kind = prop::sample::select(&["\"order\"", "\"order\"", "\"visit\"", "\"other\"", "\"\"", "7"][..]);
    let id = prop::sample::select(&["", "", "\"id\":\"e1\"", "\"id\":\"e2\"", "\"id\":3", "\"id\":null"][..]);
    (fields, at, kind, id, any::<bool>()).prop_flat_map(|(mut all, at, kind, id, is_first)| {
        let kind = format!("\"type\":{kind}");
        all.push(format!("\"at\":{at}"));
        all.extend(Some(id.to_owned()).filter(|id| !id.is_empty()));
        all.insert(if is_first { 0 } else { all.len() }, kind);
        prop_oneof![Just(all.clone()), Just(all).prop_shuffle()].prop_map(|all| object(&all))
    })
}

fn contact() -> impl Strategy<Value = String> {
    let at = prop::sample::select(&["\"2026-01-05T08:00:00Z\"", "\"2026-01-06 09:00\""][..]);
    let others = [
        "\"channel\":\"push\"",
        "\"channel\":7",
        "\"message\":\"coupon\"",
        "\"message\":\"other\"",
        "\"categories\":[\"promotion\",\"x\"]",
        "\"categories\":\"promotion\"",
        "\"rule\":\"winback\"",
        "\"touch_id\":\"0123456789abcdef0123456789abcdef\"",
        "\"odd\":{}",
    ];
    let others = prop::collection::vec(prop::sample::select(others.to_vec()), 0..4);
    (at, others).prop_map(|(at, others)| {
        let mut all = vec![format!("\"at\":{at}")];
        all.extend(others.into_iter().map(str::to_owned));
        object(&all)
    })
}

fn line() -> impl Strategy<Value = String> {
    let id = prop::sample::select(&["\"u1\"", "7", "\"u\\u0031\"", "\"ü\""][..])
        .prop_map(|id| format!("\"id\":{id}"));
    let zone =
        prop::sample::select(&["\"Europe/Berlin\"", "\"asia/tokyo\"", "null", "\"\"", "\" UTC \""][..]);
    let attributes = pairs(
        &[
            "tier",
            "points",
            "birthday",
            "signup_at",
            "employee",
            "tags",
            "city",
            "locale",
            "id",
            "odd",
            "e\\u0301",
        ],
        8,
    );
    let channels = pairs(&["push", "sms", "fax"], 3);
    let addresses = prop::option::of(pairs(&["push", "sms", "default", "fax"], 3));
    let events = prop::collection::vec(event(), 0..5);
    let contacts = prop::collection::vec(contact(), 0..3);
    (id, zone, attributes, channels, addresses, events, contacts).prop_flat_map(
        |(id, zone, attributes, consent, addresses, events, contacts)| {
            let mut parts = vec![
                id,
                format!("\"timezone\":{zone}"),
                format!("\"attributes\":{}", object(&attributes)),
                format!("\"consent\":{}", object(&consent)),
                format!("\"events\":[{}]", events.join(",")),
                format!("\"contacts\":[{}]", contacts.join(", ")),
                "\"locale\":\"de\"".to_owned(),
            ];
            parts.extend(addresses.map(|list| format!("\"addresses\":{}", object(&list))));
            prop_oneof![3 => Just(parts.clone()), 1 => Just(parts).prop_shuffle()]
                .prop_map(|parts| object(&parts))
        },
    )
}

/// Changes a byte here and there.
fn mutated(line: &str, changes: &[(Index, u8)]) -> Vec<u8> {
    let mut bytes = line.as_bytes().to_vec();
    for (index, byte) in changes {
        let at = index.index(bytes.len());
        match byte % 4 {
            0 => drop(bytes.remove(at)),
            1 => bytes.insert(at, b"{}[],:\"\\ 0e-"[usize::from(byte / 4) % 12]),
            _ => bytes[at] = *byte,
        }
    }
    bytes
}

proptest! {
    #[test]
    fn what_is_read_quickly_is_read_right(
        lines in prop::collection::vec((line(), prop::collection::vec((any::<Index>(), any::<u8>()), 0..3)), 1..8)
    ) {
        let (mut quick, mut builder) = tools();
        for (line, changes) in &lines {
            same(&mut quick, &mut builder, line.as_bytes());
            same(&mut quick, &mut builder, &mutated(line, changes));
        }
    }
}
