//! Users as JSON lines, as an export writes them: the same keys in the same order, and those without a value left out.

use std::{fmt::Display, io::Write};

use fastrand::Rng;

use super::{Contact, DAY, Event, EventKind, Person, moment};

/// How JSON lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Json {
    /// The keys of each object, the events and the contacts in an order of their own.
    pub shuffled: bool,
}

impl Json {
    /// Writes a user as one line.
    pub fn write(self, person: &Person, out: &mut Vec<u8>) {
        let rng = &mut Rng::with_seed(person.number);
        let mut object = Object::new(self.shuffled);
        object.text("id", &person.id());
        if let Some(zone) = person.zone {
            object.text("timezone", zone);
        }
        object.text("locale", person.locale);
        object.put("attributes", |out| self.attributes(person, rng, out));
        if person.consent.iter().any(Option::is_some) {
            object.put("consent", |out| {
                let mut consent = Object::new(self.shuffled);
                for (channel, answer) in ["sms", "email"].iter().zip(person.consent) {
                    if let Some(answer) = answer {
                        consent.plain(channel, answer);
                    }
                }
                consent.end(rng, out);
            });
        }
        if let Some(reachable) = person.addresses {
            object.put("addresses", |out| {
                let mut addresses = Object::new(self.shuffled);
                for (channel, reachable) in ["push", "wechat", "sms", "email"].iter().zip(reachable) {
                    addresses.plain(channel, reachable);
                }
                addresses.end(rng, out);
            });
        }
        object.put("events", |out| self.list(&person.events, rng, out, event));
        object.put("contacts", |out| self.list(&person.contacts, rng, out, contact));
        object.end(rng, out);
        out.push(b'\n');
    }

    fn attributes(self, person: &Person, rng: &mut Rng, out: &mut Vec<u8>) {
        let mut object = Object::new(self.shuffled);
        let mut maybe = |name, value: Option<&str>| {
            if let Some(value) = value {
                object.text(name, value);
            }
        };
        maybe("name", Some(person.name));
        maybe("gender", person.gender);
        maybe("tier", Some(person.tier));
        maybe("city", person.city);
        maybe("birthday", person.birthday.map(date).as_deref());
        maybe("left_because", person.left_because);
        maybe("points_expire_on", person.points_expire_on.map(date).as_deref());
        object.time("signup_at", person.signup_at);
        object.plain("points", person.points);
        object.plain("wants_news", person.wants_news);
        if let Some(score) = person.last_score {
            object.plain("last_score", score);
        }
        object.text("device", person.device);
        let (major, minor, patch) = person.app_version;
        object.text("app_version", &format!("{major}.{minor}.{patch}"));
        object.text("source", person.source);
        object.text("store", &format!("S{:04}", person.store));
        object.end(rng, out);
    }

    fn list<T>(self, members: &[T], rng: &mut Rng, out: &mut Vec<u8>, fill: impl Fn(&mut Object, &T)) {
        let mut order: Vec<usize> = (0..members.len()).collect();
        if self.shuffled {
            rng.shuffle(&mut order);
        }
        out.push(b'[');
        for (place, index) in order.into_iter().enumerate() {
            if place > 0 {
                out.push(b',');
            }
            let mut object = Object::new(self.shuffled);
            fill(&mut object, &members[index]);
            object.end(rng, out);
        }
        out.push(b']');
    }
}

fn event(object: &mut Object, event: &Event) {
    let (kind, letter) = event.name();
    object.text("type", kind);
    object.time("at", event.at);
    if let Some(letter) = letter {
        object.text("id", &format!("{letter}{}", event.number));
    }
    match event.kind {
        EventKind::Visit { page } => object.text("page", &format!("/p/{page}")),
        EventKind::Search { words } => object.text("words", words),
        EventKind::Cart { cents, items } => {
            object.plain("amount", money(cents));
            object.plain("items", items);
        }
        EventKind::Order { cents, category, article } => {
            object.plain("amount", money(cents));
            object.text("category", category);
            object.plain("article", article);
        }
        EventKind::Delivery { days } => object.plain("days", days),
        EventKind::Complaint { severity, category } => {
            object.plain("severity", severity);
            object.text("category", category);
        }
        EventKind::FriendJoined => {}
    }
}

fn contact(object: &mut Object, contact: &Contact) {
    object.time("at", contact.at);
    object.text("channel", contact.channel);
    object.text("message", contact.message);
    object.text("rule", contact.rule);
    if let Some(id) = contact.touch_id {
        object.text("touch_id", &format!("{id:032x}"));
    }
}

impl Event {
    /// The name of its type, and the letter that its id begins with.
    pub(super) fn name(&self) -> (&'static str, Option<char>) {
        match self.kind {
            EventKind::Visit { .. } => ("visit", None),
            EventKind::Search { .. } => ("search", None),
            EventKind::Cart { .. } => ("cart", Some('k')),
            EventKind::Order { .. } => ("order", Some('o')),
            EventKind::Delivery { .. } => ("delivery", Some('d')),
            EventKind::Complaint { .. } => ("complaint", Some('c')),
            EventKind::FriendJoined => ("friend_joined", Some('f')),
        }
    }
}

/// The day that begins at that second in UTC.
pub(super) fn date(second: i64) -> String {
    let days = jiff::SignedDuration::from_secs(second.div_euclid(DAY) * DAY);
    (jiff::civil::date(1970, 1, 1) + days).to_string()
}

/// An amount as people write it: no more digits than it takes.
pub(super) fn money(cents: u32) -> String {
    match (cents / 100, cents % 100) {
        (whole, 0) => whole.to_string(),
        (whole, rest) if rest % 10 == 0 => format!("{whole}.{}", rest / 10),
        (whole, rest) => format!("{whole}.{rest:02}"),
    }
}

/// An object whose members are put together when it ends.
struct Object {
    shuffled: bool,
    text: Vec<u8>,
    /// Where each member ends.
    ends: Vec<usize>,
}

impl Object {
    fn new(shuffled: bool) -> Self {
        Self { shuffled, text: Vec::new(), ends: Vec::new() }
    }

    fn put(&mut self, key: &str, value: impl FnOnce(&mut Vec<u8>)) {
        self.text.push(b'"');
        self.text.extend_from_slice(key.as_bytes());
        self.text.extend_from_slice(b"\":");
        value(&mut self.text);
        self.ends.push(self.text.len());
    }

    fn text(&mut self, key: &str, value: &str) {
        self.put(key, |out| {
            out.push(b'"');
            for byte in value.bytes() {
                if matches!(byte, b'"' | b'\\') {
                    out.push(b'\\');
                }
                out.push(byte);
            }
            out.push(b'"');
        });
    }

    fn plain(&mut self, key: &str, value: impl Display) {
        // Writing to memory does not fail.
        self.put(key, |out| drop(write!(out, "{value}")));
    }

    fn time(&mut self, key: &str, second: i64) {
        self.put(key, |out| drop(write!(out, "\"{}\"", moment(second))));
    }

    fn end(self, rng: &mut Rng, out: &mut Vec<u8>) {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let mut members: Vec<_> = starts.zip(self.ends.iter().copied()).collect();
        if self.shuffled {
            rng.shuffle(&mut members);
        }
        out.push(b'{');
        for (place, (start, end)) in members.into_iter().enumerate() {
            if place > 0 {
                out.push(b',');
            }
            out.extend_from_slice(&self.text[start..end]);
        }
        out.push(b'}');
    }
}
