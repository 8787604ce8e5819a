//! What data holds: the declarations that a rule file for it would have.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt,
};

use memchr::memmem;

use super::{
    Reject, UserRecord,
    given::{Cell, ContactRow, EventRow, GivenRow, Part, text},
    json::has_misnamed_touch_id,
    kinds::{Kinds, Verdict},
    quick,
};
use crate::{
    check::{Schema, ValueType},
    snapshot::{Raw, list_members, nearest, shown as shown_text},
    syntax::{can_be_name, format, is_plain_name},
};

/// The parts of a user.
const PARTS: [&str; 8] =
    ["id", "timezone", "locale", "attributes", "consent", "addresses", "events", "contacts"];

/// In how many users' contacts an `id` is looked for.
const MOST_LOOKED_INTO: u64 = 100;

/// How many names that are none of ours are remembered.
const MOST_UNKNOWN: usize = 5;

/// Looks at users and finds what attributes, events, channels and messages there are.
///
/// `Display` gives declarations for a rule file.
#[derive(Debug, Default)]
pub struct Survey {
    users: u64,
    /// Whether attributes are columns.
    has_columns: bool,
    is_partial: bool,
    attributes: Named<Kinds>,
    events: Named<Named<Kinds>>,
    channels: BTreeMap<String, bool>,
    messages: BTreeMap<String, BTreeSet<String>>,
    /// Names where none of ours was expected, a few of them.
    unknown: BTreeSet<String>,
    /// Whether a contact calls the id of a touch `id`.
    has_misnamed_touch_id: bool,
    /// In how many users' contacts that was looked for.
    looked_into: u64,
}

/// Things by name, in the order first seen.
#[derive(Debug, Default)]
struct Named<T> {
    list: Vec<(String, T)>,
    index: HashMap<String, usize>,
}

impl<T: Default> Named<T> {
    /// What is known under that name, a new one at first.
    fn of(&mut self, name: &str) -> Option<&mut T> {
        let index = match self.index.get(name) {
            Some(&index) => index,
            None => {
                self.index.insert(name.into(), self.list.len());
                self.list.push((name.into(), T::default()));
                self.list.len().saturating_sub(1)
            }
        };
        self.list.get_mut(index).map(|(_, thing)| thing)
    }
}

impl Named<Kinds> {
    fn add(&mut self, name: &str, cell: &Cell<'_>) {
        if let Some(kinds) = self.of(name) {
            kinds.add(cell);
        }
    }

    /// Those that a rule file can name, with what they hold.
    fn verdicts(&self, is_complete: bool) -> Vec<(&str, Verdict)> {
        let told = self.list.iter().filter(|(name, _)| can_be_name(name)).map(|(name, kinds)| {
            let mut verdict = kinds.verdict(is_complete)?;
            // Nobody adds up the digits of an id.
            if verdict.ty == ValueType::Number && name.to_lowercase().ends_with("_id") {
                verdict = Verdict { ty: ValueType::Text, remark: None };
            }
            Some((name.as_str(), verdict))
        });
        told.flatten().collect()
    }
}

impl Survey {
    /// Looks at a user.
    ///
    /// # Errors
    ///
    /// [`Reject`] if they cannot be read.
    pub fn add(&mut self, record: &UserRecord) -> Result<(), Reject> {
        self.look_for_touch_ids(record);
        self.has_columns = record.has_columns();
        record.with(|given| {
            let given = given?;
            let id = given.id();
            // Nothing is taken from a user with a broken row, so that all of them are looked at before any is taken.
            record.rows(Part::Events, id.as_deref(), |_| Ok(()))?;
            record.rows(Part::Contacts, id.as_deref(), |_| Ok(()))?;
            self.users = self.users.saturating_add(1);
            self.note_unknown(given.unknown.iter().map(AsRef::as_ref));
            for (name, cell) in &given.attributes {
                self.attributes.add(name, cell);
            }
            for (channel, _) in &given.consent {
                self.channels.insert(channel.to_string(), true);
            }
            for (channel, _) in given.addresses.iter().flatten() {
                self.channels.entry(channel.to_string()).or_default();
            }
            given.events.iter().for_each(|event| self.event(event));
            given.contacts.iter().for_each(|contact| self.contact(contact));
            let mut row = |row: GivenRow<'_>| {
                match row {
                    GivenRow::Event(event) => self.event(&event),
                    GivenRow::Contact(contact) => self.contact(&contact),
                }
                Ok(())
            };
            record.rows(Part::Events, id.as_deref(), &mut row)?;
            record.rows(Part::Contacts, id.as_deref(), &mut row)
        })
    }

    fn event(&mut self, event: &EventRow<'_>) {
        let Ok(Some(kind)) = text(&event.kind, "type") else { return };
        if let Some(fields) = self.events.of(&kind) {
            event.fields.iter().for_each(|(name, cell)| fields.add(name, cell));
        }
    }

    fn contact(&mut self, contact: &ContactRow<'_>) {
        if let Ok(Some(channel)) = text(&contact.channel, "channel") {
            self.channels.entry(channel.into_owned()).or_default();
        }
        let Ok(Some(message)) = text(&contact.message, "message") else { return };
        let categories = self.messages.entry(message.into_owned()).or_default();
        match contact.categories.raw() {
            Raw::List(list) => {
                let texts = list.iter().filter_map(|member| Raw::from(member).text().ok().flatten());
                categories.extend(texts.map(std::borrow::Cow::into_owned));
            }
            Raw::Text(list) => categories.extend(list_members(list).map(str::to_owned)),
            _ => {}
        }
    }

    /// Looks at the names of a user's attributes and of parts that are none of ours, which is far less work.
    ///
    /// # Errors
    ///
    /// [`Reject`] if they cannot be read.
    pub fn add_names(&mut self, record: &UserRecord) -> Result<(), Reject> {
        self.look_for_touch_ids(record);
        self.has_columns = record.has_columns();
        if let Some(names) = record.line().and_then(quick::names) {
            self.note(names.unknown.iter().map(AsRef::as_ref), names.attributes.iter().map(AsRef::as_ref));
            return Ok(());
        }
        record.with(|given| {
            let given = given?;
            let attributes = given.attributes.iter().map(|(name, _)| name.as_ref());
            self.note(given.unknown.iter().map(AsRef::as_ref), attributes);
            Ok(())
        })
    }

    /// One more user, and the names of theirs.
    fn note<'n>(
        &mut self,
        unknown: impl Iterator<Item = &'n str>,
        attributes: impl Iterator<Item = &'n str>,
    ) {
        self.users = self.users.saturating_add(1);
        self.note_unknown(unknown);
        attributes.for_each(|name| self.attributes.add(name, &Cell::Null));
    }

    /// Names of a user that are none of ours. One user may have thousands.
    fn note_unknown<'n>(&mut self, names: impl Iterator<Item = &'n str>) {
        for name in names {
            if self.unknown.len() >= MOST_UNKNOWN {
                break;
            }
            self.unknown.insert(shown_text(name));
        }
    }

    /// A touch that is given back as a contact loses its identity if its id goes by another name: without it a touch to come
    /// is planned once more.
    fn look_for_touch_ids(&mut self, record: &UserRecord) {
        let Some(line) = record.line().filter(|_| !self.has_misnamed_touch_id) else { return };
        let in_contacts = memmem::find(line, b"\"contacts\"").and_then(|start| line.get(start..));
        if self.looked_into < MOST_LOOKED_INTO
            && in_contacts.is_some_and(|rest| memmem::find(rest, b"\"id\"").is_some())
        {
            self.looked_into = self.looked_into.saturating_add(1);
            self.has_misnamed_touch_id = has_misnamed_touch_id(line);
        }
    }

    /// There are more users than it looked at.
    pub fn leave_open(&mut self) {
        self.is_partial = true;
    }

    /// What looks like a slip: parts of users that have no name of ours, and ids of touches under another name.
    pub fn remarks(&self) -> impl Iterator<Item = String> {
        let misnamed = "contacts have an `id`, which is not read: if it is the id of a touch, call it `touch_id`, or the touch \
                        may be planned again";
        let unknown = self.unknown.iter().map(|name| {
            let near =
                PARTS.iter().map(|part| (strsim::damerau_levenshtein(part, &name.to_lowercase()), part));
            let near = near.min().filter(|(distance, _)| *distance <= 2);
            let meant = near.map(|(_, part)| format!(": did you mean `{part}`?")).unwrap_or_default();
            format!("`{name}` is no part of a user and is not read{meant}")
        });
        unknown.chain(self.has_misnamed_touch_id.then(|| misnamed.to_owned()))
    }

    /// How many users it looked at, in words: `the first 10000 users`.
    #[must_use]
    pub fn users(&self) -> String {
        let users = if self.users == 1 { "1 user".into() } else { format!("{} users", self.users) };
        if self.is_partial { format!("the first {users}") } else { users }
    }

    /// Whether any user has something under that attribute's name.
    #[must_use]
    pub fn has_attribute(&self, name: &str) -> bool {
        self.attributes.index.contains_key(name)
    }

    /// What an attribute of the rules that no user has is probably called in the data; `of_rules` tells which names are
    /// those of other attributes.
    pub fn near_attribute(&self, name: &str, of_rules: impl Fn(&str) -> bool) -> Option<String> {
        let others = self.attributes.list.iter().map(|(other, _)| other.as_str());
        let near = nearest(name, others.filter(|other| !of_rules(other)), 2)?;
        let column = if self.has_columns { "the column " } else { "" };
        Some(format!("{column}`{}`", shown_text(near)))
    }

    /// Attributes that no rule reads and whose names say that they are consents or addresses: an opt-out in them counts for
    /// nothing. `is_read` tells which attributes rules read.
    pub fn misplaced<'s>(
        &'s self,
        channels: impl Iterator<Item = &'s str> + Clone,
        is_read: impl Fn(&str) -> bool,
    ) -> impl Iterator<Item = String> {
        let names = self.attributes.list.iter().map(|(name, _)| name.as_str());
        let found = names.filter_map(move |name| {
            let part = |channel: &str| {
                let is = |other: String| nearest(name, [other.as_str()], 0).is_some();
                let consents = [
                    format!("consent {channel}"),
                    format!("consents {channel}"),
                    format!("{channel} consent"),
                ];
                if consents.into_iter().any(is) {
                    return Some("consent");
                }
                is(format!("address {channel}")).then_some("addresses")
            };
            let (channel, part) = channels.clone().find_map(|channel| Some((channel, part(channel)?)))?;
            if is_read(name) {
                return None;
            }
            let (name, column) = (shown_text(name), part.trim_end_matches("es"));
            Some(if self.has_columns {
                format!("the column `{name}` is an attribute that no rule reads: did you mean `{column}.{channel}`?")
            } else {
                format!("no rule reads the attribute `{name}`: did you mean `{channel}` in `{part}`?")
            })
        });
        found.take(MOST_UNKNOWN)
    }

    /// What it found, for rule files that do not declare it.
    #[must_use]
    pub fn schema(&self) -> Schema {
        let plain = |(name, verdict): (&str, Verdict)| (name.to_owned(), verdict.ty);
        Schema {
            attributes: self.attributes.verdicts(!self.is_partial).into_iter().map(plain).collect(),
            events: self
                .events
                .list
                .iter()
                .filter(|(name, _)| can_be_name(name))
                .map(|(name, fields)| {
                    (name.clone(), fields.verdicts(!self.is_partial).into_iter().map(plain).collect())
                })
                .collect(),
            channels: self.channels.keys().filter(|name| can_be_name(name)).cloned().collect(),
        }
    }

    /// Names that no rule file can hold, each once, a few of them.
    fn unwritable(&self) -> BTreeSet<String> {
        let events = self.events.list.iter();
        let fields = events.clone().flat_map(|(_, fields)| fields.list.iter().map(|(name, _)| name));
        let attributes = self.attributes.list.iter().map(|(name, _)| name);
        let all = attributes.chain(events.map(|(name, _)| name)).chain(fields);
        let all = all.chain(self.channels.keys()).chain(self.messages.keys());
        let shown = all.filter(|name| !can_be_name(name)).map(|name| shown_text(name));
        shown.take(MOST_UNKNOWN).collect()
    }
}

impl fmt::Display for Survey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "# What the data of {} holds.", self.users())?;
        let attributes = self.attributes.verdicts(!self.is_partial);
        gap(f, !attributes.is_empty())?;
        for (name, verdict) in attributes {
            let remark = verdict.remark.map(|remark| format!("  # {remark}")).unwrap_or_default();
            writeln!(f, "attribute {}: {}{remark}", quoted(name), shown(&verdict.ty))?;
        }
        let events: Vec<_> = self.events.list.iter().filter(|(name, _)| can_be_name(name)).collect();
        gap(f, !events.is_empty())?;
        for (name, fields) in events {
            let fields = fields.verdicts(!self.is_partial);
            for (field, verdict) in &fields {
                if let Some(remark) = &verdict.remark {
                    writeln!(f, "# {}: {remark}", shown_text(field))?;
                }
            }
            let fields: Vec<_> = fields
                .iter()
                .map(|(name, verdict)| format!("{} {}", quoted(name), shown(&verdict.ty)))
                .collect();
            let colon = if fields.is_empty() { "" } else { ": " };
            writeln!(f, "event {}{colon}{}", quoted(name), fields.join(", "))?;
        }
        let channels: Vec<_> = self.channels.iter().filter(|(name, _)| can_be_name(name)).collect();
        gap(f, !channels.is_empty())?;
        for (name, needs_consent) in channels {
            writeln!(f, "channel {}{}", quoted(name), if *needs_consent { " needs consent" } else { "" })?;
        }
        let messages: Vec<_> = self.messages.iter().filter(|(name, _)| can_be_name(name)).collect();
        gap(f, !messages.is_empty())?;
        for (name, categories) in messages {
            let categories = categories.iter().filter(|name| can_be_name(name));
            let list: Vec<_> = categories.map(|name| quoted(name)).collect();
            let colon = if list.is_empty() { "" } else { ": " };
            writeln!(f, "message {}{colon}{}", quoted(name), list.join(", "))?;
        }
        let unwritable = self.unwritable();
        gap(f, !unwritable.is_empty())?;
        for name in unwritable {
            writeln!(f, "# left out, since no rule can name it: `{name}`")?;
        }
        Ok(())
    }
}

fn gap(f: &mut fmt::Formatter<'_>, wanted: bool) -> fmt::Result {
    if wanted { writeln!(f) } else { Ok(()) }
}

/// A name as rule files write it.
fn quoted(name: &str) -> String {
    if is_plain_name(name) {
        return name.into();
    }
    format::quoted(name)
}

/// A type as rule files write it.
fn shown(ty: &ValueType) -> String {
    match ty {
        ValueType::Text => "text".into(),
        ValueType::Number => "number".into(),
        ValueType::Date => "date".into(),
        ValueType::DateTime => "date and time".into(),
        ValueType::YesNo => "yes or no".into(),
        ValueType::List => "list of text".into(),
        ValueType::OneOf(options) => {
            let options: Vec<_> = options.iter().map(|option| quoted(option)).collect();
            format!("one of {}", options.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::{DataFile, DataFiles, UserReader};

    fn survey(text: &str) -> Survey {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        let users = DataFile { path: file.path().into(), ..DataFile::default() };
        let mut reader = UserReader::open(&DataFiles { users, ..DataFiles::default() }).unwrap();
        let mut survey = Survey::default();
        while let Some(record) = reader.next_user().unwrap() {
            survey.add(&record).unwrap();
        }
        survey
    }

    #[test]
    fn declares_what_it_finds_and_says_where_it_guessed() {
        let user = r#"{"id": "u", "attributes": {"tier": "gold", "points": 12.5, "if": "x", "phone": "+49170", "vip": 1,
            "deep": {"x": 1}, "tags": ["a"], "birthday": "1990-05-03", "seen_at": "2026-01-01T10:00:00Z", "store_id": 7, "note": null, "ok": true},
            "consent": {"sms": true}, "addresses": {"e mail": "a@b.c"},
            "events": [{"type": "order", "at": "2026-01-01", "amount": 3, "at_home": "yes", "code": "007"},
                       {"type": "visit", "at": "2026-01-01"}],
            "contacts": [{"at": "2026-01-01", "message": "coupon", "channel": "push", "categories": ["promotion"]},
                         {"at": "2026-01-01", "message": "hello"}]}"#;
        let line = user.replace('\n', " ") + "\n";
        let declared = survey(&line.repeat(12)).to_string();
        let read = crate::syntax::parse(crate::diagnostic::SourceId(0), &declared);
        assert_eq!(read.diagnostics, [], "it is a rule file");
        insta::assert_snapshot!(declared);
    }

    #[test]
    fn names_that_are_no_part_of_a_user_are_remarked() {
        let found = survey("{\"id\":\"u\",\"contact\":[],\"shoe_size\":42}\n");
        let remarks: Vec<_> = found.remarks().collect();
        assert_eq!(
            remarks,
            [
                "`contact` is no part of a user and is not read: did you mean `contacts`?",
                "`shoe_size` is no part of a user and is not read",
            ]
        );
    }

    #[test]
    fn of_names_that_are_no_part_of_a_user_a_few_are_remarked() {
        let odd: String = (0..2_000).map(|number| format!(",\"odd{number}\":1")).collect();
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), format!("{{\"id\":\"u\"{odd}}}\n")).unwrap();
        let users = DataFile { path: file.path().into(), ..DataFile::default() };
        let mut reader = UserReader::open(&DataFiles { users, ..DataFiles::default() }).unwrap();
        let record = reader.next_user().unwrap().unwrap();
        let (mut whole, mut names) = (Survey::default(), Survey::default());
        whole.add(&record).unwrap();
        names.add_names(&record).unwrap();
        assert_eq!((whole.remarks().count(), names.remarks().count()), (MOST_UNKNOWN, MOST_UNKNOWN));
    }

    #[test]
    fn an_id_of_a_contact_that_looks_like_a_touchs_is_remarked() {
        let remarks = |contact: &str| {
            let line = format!(
                "{{\"id\":\"u\",\"contacts\":[{{\"at\":\"2026-01-01\"}},{{\"at\":\"2026-01-01\",{contact}}}]}}\n"
            );
            survey(&line).remarks().count()
        };
        assert_eq!(remarks("\"id\":\"0123456789abcdef0123456789abcdef\""), 1);
        for fine in [
            "\"touch_id\":\"0123456789abcdef0123456789abcdef\"",
            "\"id\":\"0123456789abcdef0123456789abcdef\",\"touch_id\":\"0123456789abcdef0123456789abcdef\"",
            "\"id\":\"message 7\"",
            "\"id\":7",
        ] {
            assert_eq!(remarks(fine), 0, "{fine}");
        }
    }

    #[test]
    fn names_that_no_rule_file_can_hold_are_left_out() {
        let user = r#"{"id":"u","attributes":{"":1,"a\u001bb":2,"tier":"x\u200by"},"consent":{"\n":true},"events":[{"type":" ",
            "at":"2026-01-01"},{"type":"order","at":"2026-01-01","":3,"\u202e":4}],"contacts":[{"at":"2026-01-01","message":"\u0007","categories":["","promo"]}]}"#;
        let found = survey(&(user.replace('\n', " ") + "\n").repeat(12));
        let declared = found.to_string();
        assert_eq!(crate::syntax::parse(crate::diagnostic::SourceId(0), &declared).diagnostics, []);
        insta::assert_snapshot!(declared);
        assert_eq!(found.schema().channels, [""; 0]);
    }

    #[test]
    fn a_choice_is_not_closed_while_there_are_more_users() {
        let mut survey = survey(&"{\"id\":\"u\",\"attributes\":{\"tier\":\"gold\"}}\n".repeat(12));
        let tier = |survey: &Survey| survey.schema().attributes[0].1.clone();
        assert_eq!(tier(&survey), ValueType::OneOf(vec!["gold".into()]));
        survey.leave_open();
        assert_eq!(tier(&survey), ValueType::Text);
    }
}
