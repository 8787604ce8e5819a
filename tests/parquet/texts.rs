//! Users as lines of JSON and as CSV tables.

use std::{fmt::Write as _, fs, path::Path};

use courtesy::time::{Instant, Zone};
use serde_json::{Map, Value, json};

use crate::people::{DAY, Person};

pub fn hundredths(value: i64) -> String {
    format!("{}{}.{:02}", if value < 0 { "-" } else { "" }, value.abs() / 100, value.abs() % 100)
}

pub fn instant(millis: i64) -> String {
    Instant::from_micros(millis * 1000).to_string()
}

fn date(days: i32) -> String {
    Zone::utc().date(Instant::from_micros(i64::from(days) * DAY * 1000)).to_string()
}

/// One line of JSON.
pub fn json(person: &Person) -> String {
    fn put(map: &mut Map<String, Value>, name: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            map.insert(name.into(), value.into());
        }
    }
    let number = |value: i64| -> Value { serde_json::from_str(&hundredths(value)).unwrap() };
    let mut user = Map::new();
    user.insert("id".into(), json!(person.id.to_string()));
    put(&mut user, "timezone", person.timezone);
    put(&mut user, "locale", person.locale);
    let mut attributes = Map::new();
    put(&mut attributes, "tier", person.tier);
    put(&mut attributes, "points", person.points.map(number));
    put(&mut attributes, "birthday", person.birthday.map(date));
    put(&mut attributes, "vip", person.vip);
    put(&mut attributes, "tags", person.tags.clone());
    put(&mut attributes, "seen_at", person.seen_at.map(instant));
    user.insert("attributes".into(), attributes.into());
    let mut consent = Map::new();
    put(&mut consent, "sms", person.sms);
    user.insert("consent".into(), consent.into());
    let mut addresses = Map::new();
    put(&mut addresses, "sms", person.phone);
    put(&mut addresses, "push", person.email);
    user.insert("addresses".into(), addresses.into());
    let events: Vec<Value> = person
        .events
        .iter()
        .map(|given| {
            let mut event = Map::new();
            event.insert("type".into(), given.kind.into());
            event.insert("at".into(), instant(given.at).into());
            put(&mut event, "id", given.id.map(|id| id.to_string()));
            put(&mut event, "amount", given.amount.map(number));
            put(&mut event, "category", given.category);
            event.into()
        })
        .collect();
    user.insert("events".into(), events.into());
    let contacts: Vec<Value> = person
        .contacts
        .iter()
        .map(|given| {
            let mut contact = Map::new();
            contact.insert("at".into(), instant(given.at).into());
            put(&mut contact, "channel", given.channel);
            put(&mut contact, "message", given.message);
            put(&mut contact, "categories", given.categories.clone());
            put(&mut contact, "rule", given.rule);
            contact.into()
        })
        .collect();
    user.insert("contacts".into(), contacts.into());
    Value::from(user).to_string() + "\n"
}

/// Three tables: `users.csv`, `events.csv`, `contacts.csv`.
pub fn write_csv(people: &[Person], folder: &Path) {
    let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
    let mut users =
        "id,timezone,locale,tier,points,birthday,vip,tags,seen_at,consent.sms,address.sms,address.push\n"
            .to_owned();
    let mut events = "user,type,at,id,amount,category\n".to_owned();
    let mut contacts = "user,at,channel,message,categories,rule\n".to_owned();
    for person in people {
        let cells = [
            person.id.to_string(),
            text(person.timezone),
            text(person.locale),
            text(person.tier),
            person.points.map(hundredths).unwrap_or_default(),
            person.birthday.map(date).unwrap_or_default(),
            person.vip.map(|vip| vip.to_string()).unwrap_or_default(),
            person.tags.as_ref().map(|tags| tags.join(";")).unwrap_or_default(),
            person.seen_at.map(instant).unwrap_or_default(),
            person.sms.map(|sms| if sms { "yes" } else { "no" }.to_owned()).unwrap_or_default(),
            text(person.phone),
            text(person.email),
        ];
        writeln!(users, "{}", cells.join(",")).unwrap();
        for event in &person.events {
            let amount = event.amount.map(hundredths).unwrap_or_default();
            let id = event.id.map(|id| id.to_string()).unwrap_or_default();
            let (user, kind, at) = (person.id, event.kind, instant(event.at));
            writeln!(events, "{user},{kind},{at},{id},{amount},{}", text(event.category)).unwrap();
        }
        for contact in &person.contacts {
            let categories = contact.categories.as_ref().map(|list| list.join("; ")).unwrap_or_default();
            let (user, at) = (person.id, instant(contact.at));
            let (channel, message, rule) = (text(contact.channel), text(contact.message), text(contact.rule));
            writeln!(contacts, "{user},{at},{channel},{message},{categories},{rule}").unwrap();
        }
    }
    fs::write(folder.join("users.csv"), users).unwrap();
    fs::write(folder.join("events.csv"), events).unwrap();
    fs::write(folder.join("contacts.csv"), contacts).unwrap();
}
