use super::*;
use crate::{
    program::{Arena, CategoryId, Channel, Event, Field, Message, Type},
    snapshot::{Contact, Datum, PastContact, Value},
    time::{Weekday, Zone},
};

/// A program that declares one of everything and has no rules.
fn program() -> Program {
    let mut arena = Arena::new();
    let tiers = ["bronze", "silver", "gold"].map(|name| arena.intern(name)).to_vec();
    let field = |name: &str, ty| Field { name: name.into(), ty };
    Program {
        zone: Zone::named("Asia/Shanghai").unwrap(),
        week_starts: Weekday::Monday,
        attributes: vec![
            field("tier", Type::OneOf(tiers)),
            field("points", Type::Number),
            field("birthday", Type::Date),
            field("employee", Type::YesNo),
            field("likes", Type::List),
            field("nickname", Type::Text),
            field("signup_at", Type::DateTime),
            field("id", Type::Text),
        ],
        events: vec![
            Event {
                name: "order".into(),
                plural: None,
                fields: vec![field("amount", Type::Number), field("category", Type::Text)],
            },
            Event { name: "visit".into(), plural: None, fields: Vec::new() },
        ],
        channels: ["push", "sms", "default"]
            .map(|name| Channel { name: name.into(), needs_consent: name == "sms" })
            .to_vec(),
        messages: vec![Message {
            name: "coupon".into(),
            categories: vec![CategoryId(0)],
            languages: Vec::new(),
            is_service: false,
        }],
        categories: vec!["promotion".into(), "care".into()],
        arena,
        calendars: Vec::new(),
        segments: Vec::new(),
        quiet_hours: Vec::new(),
        contact_hours: Vec::new(),
        caps: Vec::new(),
        gaps: Vec::new(),
        hold_outs: Vec::new(),
        rules: Vec::new(),
    }
}

/// Reads JSON as a snapshot and prints what the program sees of it, or why it cannot be read.
fn bound(json: &str) -> String {
    let program = program();
    let snapshot: Snapshot = serde_json::from_str(json).unwrap();
    let bound = match snapshot.bind_with(&program, &Names::new(&program)) {
        Ok(bound) => bound,
        Err(error) => return format!("{error}\nhelp: {}", error.help),
    };
    let user = &bound.user;
    let show = |value: Value| match value {
        Value::Text(symbol) => user.text(&program, symbol).to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Date(date) => date.to_string(),
        Value::Instant(at) => at.to_string(),
        Value::List(start, count) => {
            let members: Vec<_> = user.list(start, count).iter().map(|s| user.text(&program, *s)).collect();
            format!("{members:?}")
        }
        value => format!("{value:?}"),
    };
    let mut out = format!("{} in {}\n", user.id, user.zone.name());
    for (field, value) in program.attributes.iter().zip(&user.attributes) {
        if *value != Value::Missing {
            out += &format!("{}: {}\n", field.name, show(*value));
        }
    }
    for (id, channel) in program.channels.iter().enumerate() {
        out += &format!("{} {:?} {}\n", channel.name, user.consent[id], user.reachable[id]);
    }
    for (event, events) in program.events.iter().zip(&user.events) {
        for (index, at) in events.at.iter().enumerate() {
            let values: Vec<_> = events.columns.iter().map(|column| show(column[index])).collect();
            out += &format!("{} {at} {:?} {values:?}\n", event.name, events.id(index));
        }
    }
    for contact in &user.contacts {
        let PastContact { at, channel, message, categories, rule, touch_id } = contact;
        out += &format!("contact {at} {channel:?} {message:?} {categories:?} {rule:?} {touch_id:?}\n");
    }
    if bound.duplicates > 0 {
        out += &format!("{} duplicates\n", bound.duplicates);
    }
    out
}

#[test]
fn reads_what_the_rules_declare_and_nothing_else() {
    insta::assert_snapshot!(bound(
        r#"{
        "id": "u1", "timezone": "europe/berlin", "locale": "de",
        "attributes": {"tier": "gold", "points": "12.50", "birthday": "1990-05-03T00:00:00Z", "employee": "no",
            "likes": ["tea", "gold", 7], "nickname": "阿明", "signup_at": "2026-03-29 02:30", "shoe_size": {"eu": 42}},
        "consent": {"sms": true, "fax": true},
        "addresses": {"push": ["token"], "sms": ""},
        "events": [
            {"type": "order", "at": "2026-02-01T08:00:00Z", "amount": 5, "category": "tea"},
            {"type": "order", "at": "2026-01-01T08:00:00Z", "id": "b", "amount": 19.99, "category": 3},
            {"type": "order", "at": "2026-01-01T08:00:00Z", "id": "a"},
            {"type": "yawn", "at": "2026-01-01T08:00:00Z", "loudness": [1]}
        ],
        "contacts": [
            {"at": "2026-02-03T08:00:00Z", "channel": "sms", "message": "coupon", "touch_id": "000000000000000000000000000000ff"},
            {"at": "2026-02-02T08:00:00Z", "channel": "fax", "message": "coupon", "categories": ["care", "odd"], "touch_id": "x"}
        ]}"#
    ));
}

#[test]
fn a_user_of_whom_nothing_is_known_can_be_reached_everywhere() {
    insta::assert_snapshot!(bound(r#"{"id": "u1"}"#));
}

#[test]
fn says_what_is_wrong_where_and_how_to_mend_it() {
    let cases = [
        r#"{}"#,
        r#"{"id": "u\u0000"}"#,
        r#"{"id": "u", "timezone": "Beijing"}"#,
        r#"{"id": "u", "attributes": {"tier": "Gold"}}"#,
        r#"{"id": "u", "attributes": {"tier": "platinum"}}"#,
        r#"{"id": "u", "attributes": {"tier": true}}"#,
        r#"{"id": "u", "attributes": {"points": "many"}}"#,
        r#"{"id": "u", "attributes": {"points": 1e13}}"#,
        r#"{"id": "u", "attributes": {"birthday": "3 May 1990"}}"#,
        r#"{"id": "u", "attributes": {"employee": "sometimes"}}"#,
        r#"{"id": "u", "attributes": {"likes": [["tea"]]}}"#,
        r#"{"id": "u", "attributes": {"nickname": {"first": "A"}}}"#,
        r#"{"id": "u", "attributes": {"signup_at": 1769850000}}"#,
        r#"{"id": "u", "events": [{"type": "order", "at": "2026-01-01T00:00:00Z", "amount": "x"}]}"#,
        r#"{"id": "u", "events": [{"type": "order", "at": "2026-01-01T00:00:00Z", "id": "7", "amount": 1},
                                  {"type": "order", "at": "2026-01-01T00:00:00Z", "id": "7", "amount": 2}]}"#,
    ];
    let shown: Vec<_> = cases.iter().map(|json| format!("{json}\n{}\n", bound(json))).collect();
    insta::assert_snapshot!(shown.join("\n"));
}

#[test]
fn the_same_event_given_twice_is_one() {
    insta::assert_snapshot!(bound(
        r#"{"id": "u", "events": [
        {"type": "order", "at": "2026-01-02T00:00:00Z", "id": "7", "amount": 1},
        {"type": "order", "at": "2026-01-02T00:00:00Z", "id": "7", "amount": "1.0"},
        {"type": "visit", "at": "2026-01-01T00:00:00Z", "id": "7"},
        {"type": "visit", "at": "2026-01-01T00:00:00Z"},
        {"type": "visit", "at": "2026-01-01T00:00:00Z"}]}"#
    ));
}

/// Also if others were sent at the same instant, as the touches of `via push and email` are.
#[test]
fn the_same_contact_given_twice_is_one() {
    let contact = |id: u8| format!(r#"{{"at": "2026-01-01T00:00:00Z", "touch_id": "{id:032x}"}}"#);
    let nameless = r#"{"at": "2026-01-01T00:00:00Z"}"#.to_owned();
    let contacts = [contact(1), contact(2), nameless.clone(), contact(1), contact(2), nameless].join(", ");
    let snapshot: Snapshot =
        serde_json::from_str(&format!(r#"{{"id": "u", "contacts": [{contacts}]}}"#)).unwrap();
    let rules = crate::rules::Rules::compile("if today is monday then send x").unwrap();
    let user = snapshot.bind(rules.program()).unwrap();
    let ids: Vec<_> = user.contacts.iter().map(|contact| contact.touch_id).collect();
    assert_eq!(ids, [None, None, Some(1), Some(2)]);
}

#[test]
fn what_is_given_twice_is_refused() {
    let program = program();
    let names = Names::new(&program);
    let mut user = UserBuilder::new(&program, &names);
    user.begin("u").unwrap();
    user.attribute("points", Raw::Whole(1)).unwrap();
    assert_eq!(
        user.attribute("points", Raw::Whole(1)).unwrap_err().to_string(),
        "attribute `points`: it is given twice"
    );
    user.consent("sms", Raw::YesNo(true)).unwrap();
    assert!(user.consent("sms", Raw::YesNo(false)).is_err());
    let at = Instant::from_seconds(0);
    let event = GivenEvent { kind: "order", at, id: None };
    assert!(user.event(event, [("amount", Raw::Whole(1)), ("amount", Raw::Whole(2))]).is_err());
}

#[test]
fn nothing_is_no_second_value() {
    let program = program();
    let names = Names::new(&program);
    let mut user = UserBuilder::new(&program, &names);
    let at = Instant::from_seconds(0);
    for order in [[Raw::Whole(1), Raw::Null], [Raw::Null, Raw::Whole(1)]] {
        user.begin("u").unwrap();
        for value in order {
            user.attribute("points", value).unwrap();
        }
        user.event(GivenEvent { kind: "order", at, id: None }, order.map(|value| ("amount", value))).unwrap();
        user.finish().unwrap();
        let one = Value::Number("1".parse().unwrap());
        assert_eq!(user.user().attribute(names.attribute("points").unwrap()), one, "{order:?}");
        let order_event = names.event("order").unwrap();
        let amount = names.field(order_event, "amount").unwrap();
        let column = &user.user().events[order_event.index()].columns[amount.index()];
        assert_eq!(column.last(), Some(&one), "{order:?}");
    }
}

#[test]
fn times_without_an_offset_are_the_users_unless_told_otherwise() {
    let program = program();
    let names = Names::new(&program);
    let mut user = UserBuilder::new(&program, &names);
    user.begin("u").unwrap();
    let read =
        |user: &mut UserBuilder<'_>, text| user.instant(Raw::Text(text), String::new).unwrap().to_string();
    assert_eq!(read(&mut user, "2026-01-31 09:00"), "2026-01-31T01:00:00Z");
    user.times_in(Zone::utc());
    assert_eq!(read(&mut user, "2026-01-31 09:00"), "2026-01-31T09:00:00Z");
    // A date without a time is a day of the user's life all the same.
    assert_eq!(read(&mut user, "2026-01-31"), "2026-01-30T16:00:00Z");
    assert_eq!(
        user.instant(Raw::Null, || "event 1".into()).unwrap_err().to_string(),
        "event 1: it does not say when"
    );
}

#[test]
fn many_texts_keep_their_symbols() {
    let program = program();
    let names = Names::new(&program);
    let mut user = UserBuilder::new(&program, &names);
    user.begin("u").unwrap();
    let texts: Vec<String> = (0..100).map(|n| format!("text {}", n % 40)).collect();
    for text in &texts {
        let event = GivenEvent { kind: "order", at: Instant::from_seconds(0), id: None };
        user.event(event, [("category", Raw::Text(text))]).unwrap();
    }
    user.finish().unwrap();
    let user = user.into_user();
    assert_eq!(user.texts.len(), 41, "forty texts and the id");
    for (value, text) in user.events[0].columns[1].iter().zip(&texts) {
        let Value::Text(symbol) = value else { panic!("{value:?}") };
        assert_eq!(user.text(&program, *symbol), text);
    }
}

#[test]
fn a_snapshot_may_be_built_by_hand() {
    let program = program();
    let contact = Contact {
        at: Instant::from_seconds(0),
        channel: Some("push".into()),
        message: Some("coupon".into()),
        categories: None,
        rule: None,
        touch_id: None,
    };
    let snapshot = Snapshot::new("u").attribute("points", 3).attribute("tier", Datum::Null).contact(contact);
    let user = snapshot.bind(&program).unwrap();
    assert_eq!(user.attributes[0], Value::Missing);
    assert_eq!(
        user.contacts[0].categories,
        [CategoryId(0)].into_iter().collect(),
        "today's categories of the message"
    );
}
