//! From data to a [`User`] of one program: declared types decide how values are read.

use std::{borrow::Cow, collections::HashMap, sync::Arc};

use thiserror::Error;

use super::{Answer, Column, Events, Names, PastContact, Raw, Snapshot, User, Value, raw::shown};
use crate::{
    program::{CategoryId, ChannelId, EventId, Program, Symbol},
    time::{Instant, UnknownZone, Zone},
};

/// The longest id of a user or an event, in bytes: longer than any mail address.
pub(crate) const LONGEST_ID: usize = 1_000;
/// The most events of one user that rules look at.
pub(crate) const MOST_EVENTS: usize = 1_000_000;
/// The most contacts of one user.
pub(crate) const MOST_CONTACTS: usize = 100_000;

/// Why a user cannot be read against the rules.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{field}: {problem}")]
pub struct BindError {
    /// Where it is, such as ``attribute `points` ``.
    pub field: String,
    /// The value, cut to a readable length.
    pub value: String,
    /// What is wrong with it.
    pub problem: String,
    /// How to mend it.
    pub help: String,
}

/// Makes a [`User`] of one [`Program`], name by name. Names that the program does not know are ignored.
///
/// Numbers are read from numbers and from decimal text, dates from the day as written, yes or no from `yes`, `no`,
/// `true`, `false`, `1` and `0`, lists from lists and from text with `;`, `|` or `,` between members. An empty text is
/// missing, except where a text is wanted. A time without an offset is on the user's own clocks (or on those of
/// [`UserBuilder::times_in`]), and a date that stands for an instant is the start of that day for the user.
#[derive(Debug)]
pub struct UserBuilder<'p> {
    pub(super) program: &'p Program,
    names: &'p Names,
    pub(super) user: User,
    /// The clocks that times without an offset are read on, if not the user's.
    pub(super) clock: Option<Zone>,
    /// The user's own texts, once there are too many to search.
    pub(super) symbols: HashMap<Arc<str>, Symbol>,
    has_addresses: bool,
    /// How many events there are.
    events: usize,
}

/// An event as data gives it.
#[derive(Debug, Clone, Copy)]
pub struct GivenEvent<'a> {
    /// Which event.
    pub kind: &'a str,
    /// When.
    pub at: Instant,
    /// Its own id.
    pub id: Option<&'a str>,
}

/// A contact as data gives it.
#[derive(Debug, Clone)]
pub struct GivenContact<'a> {
    /// When.
    pub at: Instant,
    /// Over which channel.
    pub channel: Option<&'a str>,
    /// Which message.
    pub message: Option<&'a str>,
    /// The categories it had; those that the message has today if absent.
    pub categories: Option<Vec<Cow<'a, str>>>,
    /// Which rule made it.
    pub rule: Option<&'a str>,
    /// The id of the touch it was planned as; one that is no touch id of Courtesy's never matches any.
    pub touch_id: Option<&'a str>,
}

/// A user, and what was left out on the way.
#[derive(Debug, Clone)]
pub struct Bound {
    /// The user.
    pub user: User,
    /// How many events and contacts were given a second time with the same id and content, and dropped.
    pub duplicates: usize,
}

impl Snapshot {
    /// The user as the interpreter wants them. For many users make [`Names`] once and use [`Snapshot::bind_with`].
    ///
    /// # Errors
    ///
    /// [`BindError`] for the first value that cannot be read as the program declares it.
    pub fn bind(&self, program: &Program) -> Result<User, BindError> {
        Ok(self.bind_with(program, &Names::new(program))?.user)
    }

    /// The user as the interpreter wants them.
    ///
    /// # Errors
    ///
    /// [`BindError`] for the first value that cannot be read as the program declares it.
    pub fn bind_with(&self, program: &Program, names: &Names) -> Result<Bound, BindError> {
        let mut builder = UserBuilder::new(program, names, &self.id)?;
        if let Some(name) = &self.timezone {
            builder.timezone(name)?;
        }
        if let Some(locale) = &self.locale {
            builder.locale(locale);
        }
        for (name, value) in &self.attributes {
            builder.attribute(name, value.into())?;
        }
        for (channel, given) in &self.consent {
            builder.consent(channel, Raw::YesNo(*given))?;
        }
        if let Some(addresses) = &self.addresses {
            builder.has_addresses();
            for (channel, address) in addresses {
                builder.address(channel, address.into());
            }
        }
        for event in &self.events {
            let given = GivenEvent { kind: &event.kind, at: event.at, id: event.id.as_deref() };
            builder.event(given, event.fields.iter().map(|(name, value)| (name.as_str(), value.into())))?;
        }
        for contact in &self.contacts {
            let categories = contact.categories.as_ref();
            builder.contact(&GivenContact {
                at: contact.at,
                channel: contact.channel.as_deref(),
                message: contact.message.as_deref(),
                categories: categories.map(|list| list.iter().map(|name| name.as_str().into()).collect()),
                rule: contact.rule.as_deref(),
                touch_id: contact.touch_id.as_deref(),
            })?;
        }
        builder.finish()
    }
}

impl<'p> UserBuilder<'p> {
    /// A user of whom nothing is known yet, in the rules' zone.
    ///
    /// # Errors
    ///
    /// [`BindError`] if the id is empty, longer than 1,000 bytes or has control characters.
    pub fn new(program: &'p Program, names: &'p Names, id: &str) -> Result<Self, BindError> {
        let wrong = |problem: &str| {
            Err(BindError {
                field: "id".into(),
                value: shown(id),
                problem: problem.into(),
                help: "give each user one id, the same in all tables".into(),
            })
        };
        if id.trim().is_empty() {
            return wrong("a user needs an id, and this one is empty");
        }
        if let Some(problem) = bad_id(id) {
            return wrong(&problem);
        }
        let events = program
            .events
            .iter()
            .map(|event| Events { columns: vec![Column::new(); event.fields.len()], ..Events::default() });
        let user = User {
            id: id.into(),
            zone: program.zone.clone(),
            locale: None,
            attributes: vec![Value::Missing; program.attributes.len()],
            consent: vec![Answer::None; program.channels.len()],
            reachable: vec![true; program.channels.len()],
            events: events.collect(),
            contacts: Vec::new(),
            texts: Vec::new(),
            lists: Vec::new(),
        };
        Ok(Self {
            program,
            names,
            user,
            clock: None,
            symbols: HashMap::new(),
            has_addresses: false,
            events: 0,
        })
    }

    /// In that zone. To be said before any time is read. An empty name says nothing.
    ///
    /// # Errors
    ///
    /// [`BindError`] if there is no such zone.
    pub fn timezone(&mut self, name: &str) -> Result<(), BindError> {
        if name.trim().is_empty() {
            return Ok(());
        }
        self.user.zone = Zone::named(name.trim()).map_err(|UnknownZone { name, suggestion }| BindError {
            field: "timezone".into(),
            value: shown(&name),
            problem: format!("no time zone is called `{}`", shown(&name)),
            help: match suggestion {
                Some(suggestion) => format!("did you mean `{suggestion}`?"),
                None => "use a name of the IANA database, such as Europe/Berlin".into(),
            },
        })?;
        Ok(())
    }

    /// Times without an offset are on the clocks of that zone, not on the user's own.
    pub fn times_in(&mut self, zone: Zone) {
        self.clock = Some(zone);
    }

    /// Speaking that language.
    pub fn locale(&mut self, tag: &str) {
        if !tag.trim().is_empty() {
            self.user.locale = Some(tag.trim().into());
        }
    }

    /// With that attribute.
    ///
    /// # Errors
    ///
    /// [`BindError`] if the value is not of the declared type, or the attribute was given before.
    pub fn attribute(&mut self, name: &str, value: Raw<'_>) -> Result<(), BindError> {
        let Some(id) = self.names.attribute(name) else { return Ok(()) };
        let program = self.program;
        let Some(declared) = program.attributes.get(id.index()) else { return Ok(()) };
        let place = || format!("attribute `{name}`");
        let read = self.read(&declared.ty, value).map_err(|problem| problem.at(place()))?;
        let Some(slot) = self.user.attributes.get_mut(id.index()) else { return Ok(()) };
        if *slot != Value::Missing {
            return Err(twice(place(), value));
        }
        *slot = read;
        Ok(())
    }

    /// Having said yes, no or nothing to a channel.
    ///
    /// # Errors
    ///
    /// [`BindError`] if it is neither.
    pub fn consent(&mut self, channel: &str, given: Raw<'_>) -> Result<(), BindError> {
        let Some(id) = self.names.channel(channel) else { return Ok(()) };
        let place = || format!("consent to `{channel}`");
        let answer = match given.yes_no().map_err(|problem| problem.at(place()))? {
            None => return Ok(()),
            Some(true) => Answer::Yes,
            Some(false) => Answer::No,
        };
        let Some(slot) = self.user.consent.get_mut(id.index()) else { return Ok(()) };
        if *slot != Answer::None {
            return Err(twice(place(), given));
        }
        *slot = answer;
        Ok(())
    }

    /// It is known where they can be reached: on the channels that [`Self::address`] names and on no others. Without
    /// this they can be reached everywhere.
    pub fn has_addresses(&mut self) {
        if !self.has_addresses {
            self.has_addresses = true;
            self.user.reachable.fill(false);
            // The channel of rules that name none is whatever carries them.
            self.reach(self.names.channel("default"), true);
        }
    }

    /// Having that address on a channel: a text, a number, a list or yes. Nothing, an empty one, 0 and no mean that
    /// there is none. Says [`Self::has_addresses`].
    pub fn address(&mut self, channel: &str, address: Raw<'_>) {
        self.has_addresses();
        let reachable = match address {
            Raw::Null => false,
            Raw::YesNo(value) => value,
            Raw::Whole(value) => value != 0,
            Raw::Float(value) => value != 0.0,
            Raw::Text(text) => {
                let text = text.trim();
                !text.is_empty() && !matches!(address.yes_no(), Ok(Some(false)))
            }
            Raw::List(list) => !list.is_empty(),
            Raw::Map => true,
        };
        self.reach(self.names.channel(channel), reachable);
    }

    fn reach(&mut self, channel: Option<ChannelId>, reachable: bool) {
        if let Some(slot) = channel.and_then(|id| self.user.reachable.get_mut(id.index())) {
            *slot = reachable;
        }
    }

    /// Reads an instant, on the user's clocks if it has no offset.
    ///
    /// # Errors
    ///
    /// [`BindError`] at that place if there is none, or it is not an instant.
    pub fn instant(&self, value: Raw<'_>, place: impl FnOnce() -> String) -> Result<Instant, BindError> {
        let clock = self.clock.as_ref().unwrap_or(&self.user.zone);
        match value.instant(&self.user.zone, clock) {
            Ok(Some(at)) => Ok(at),
            Ok(None) => Err(BindError {
                field: place(),
                value: String::new(),
                problem: "it does not say when".into(),
                help: "give the date and time, such as 2026-01-31T09:30:00Z".into(),
            }),
            Err(problem) => Err(problem.at(place())),
        }
    }

    /// Whether the program knows an event of that name; others need not be read.
    #[must_use]
    pub fn knows_event(&self, kind: &str) -> bool {
        self.names.event(kind).is_some()
    }

    /// Having done that, or it having happened to them.
    ///
    /// # Errors
    ///
    /// [`BindError`] if a field is not of its declared type or was given twice, if the id is longer than 1,000 bytes or has
    /// control characters, or if there are more than 1,000,000 events.
    pub fn event<'a>(
        &mut self,
        given: GivenEvent<'a>,
        fields: impl IntoIterator<Item = (&'a str, Raw<'a>)>,
    ) -> Result<(), BindError> {
        let Some(event) = self.names.event(given.kind) else { return Ok(()) };
        let Some(events) = self.user.events.get_mut(event.index()) else { return Ok(()) };
        let id = given.id.filter(|id| !id.is_empty());
        if let Some(problem) = id.and_then(bad_id) {
            return Err(BindError {
                field: format!("id of the event `{}` of {}", given.kind, given.at),
                value: id.map_or_else(String::new, shown),
                problem,
                help: "give it a shorter or plainer id, or none".into(),
            });
        }
        self.events += 1;
        if self.events > MOST_EVENTS {
            return Err(too_many("events", MOST_EVENTS));
        }
        events.at.push(given.at);
        events.columns.iter_mut().for_each(|column| column.push(Value::Missing));
        if id.is_some() || !events.ids.is_empty() {
            // Those before it have none.
            events.ids.resize(events.at.len().saturating_sub(1), None);
            events.ids.push(id.map(Arc::from));
        }
        for (name, value) in fields {
            self.field(event, given, name, value)?;
        }
        // A rule file may declare the id as a field as well, to send it along.
        if let Some(id) = id.filter(|_| self.names.field(event, "id").is_some()) {
            self.field(event, given, "id", Raw::Text(id))?;
        }
        Ok(())
    }

    fn field(
        &mut self,
        event: EventId,
        given: GivenEvent<'_>,
        name: &str,
        value: Raw<'_>,
    ) -> Result<(), BindError> {
        let Some(field) = self.names.field(event, name) else { return Ok(()) };
        let program = self.program;
        let declared = program.events.get(event.index()).and_then(|event| event.fields.get(field.index()));
        let Some(declared) = declared else { return Ok(()) };
        let place = || format!("field `{name}` of the event `{}` of {}", given.kind, given.at);
        let read = self.read(&declared.ty, value).map_err(|problem| problem.at(place()))?;
        let column = self.user.events.get_mut(event.index()).and_then(|e| e.columns.get_mut(field.index()));
        let Some(slot) = column.and_then(|column| column.last_mut()) else { return Ok(()) };
        if *slot != Value::Missing {
            return Err(twice(place(), value));
        }
        *slot = read;
        Ok(())
    }

    /// Having been contacted.
    ///
    /// # Errors
    ///
    /// [`BindError`] if there are more than 100,000 contacts.
    pub fn contact(&mut self, given: &GivenContact<'_>) -> Result<(), BindError> {
        if self.user.contacts.len() >= MOST_CONTACTS {
            return Err(too_many("contacts", MOST_CONTACTS));
        }
        let names = self.names;
        let message = given.message.and_then(|name| names.message(name));
        let categories: Vec<CategoryId> = match &given.categories {
            Some(list) => list.iter().filter_map(|name| names.category(name)).collect(),
            None => message
                .and_then(|id| self.program.messages.get(id.index()))
                .map(|message| message.categories.clone())
                .unwrap_or_default(),
        };
        self.user.contacts.push(PastContact {
            at: given.at,
            channel: given.channel.and_then(|name| names.channel(name)),
            message,
            categories,
            rule: given.rule.and_then(|name| names.rule(name)),
            touch_id: given.touch_id.and_then(parse_touch_id),
        });
        Ok(())
    }

    /// The user: events and contacts in order of time, each once.
    ///
    /// # Errors
    ///
    /// [`BindError`] if two events of one type have the same id and are not the same.
    pub fn finish(mut self) -> Result<Bound, BindError> {
        self.mirror()?;
        let mut duplicates = 0;
        for (events, declared) in self.user.events.iter_mut().zip(&self.program.events) {
            super::order::sort(events);
            duplicates +=
                super::order::drop_duplicates(events, &self.user.lists).map_err(|at| BindError {
                    field: format!("event `{}`", declared.name),
                    value: shown(&at.id),
                    problem: format!("two different events have the id `{}`", shown(&at.id)),
                    help: "give each event of a type an id of its own, or none".into(),
                })?;
        }
        let contacts = &mut self.user.contacts;
        contacts.sort_by_key(|contact| contact.at);
        let before = contacts.len();
        contacts.dedup_by(|second, first| first.touch_id.is_some() && first == second);
        duplicates += before - contacts.len();
        Ok(Bound { user: self.user, duplicates })
    }

    /// What every user has may also be declared as an attribute, to be asked and sent along.
    fn mirror(&mut self) -> Result<(), BindError> {
        let missing = |builder: &Self, name| {
            builder.names.attribute(name).is_some_and(|id| builder.user.attribute(id) == Value::Missing)
        };
        if missing(self, "id") {
            let id = Arc::clone(&self.user.id);
            self.attribute("id", Raw::Text(&id))?;
        }
        if missing(self, "timezone") {
            let zone = self.user.zone.clone();
            self.attribute("timezone", Raw::Text(zone.name()))?;
        }
        if let Some(locale) = self.user.locale.clone().filter(|_| missing(self, "locale")) {
            self.attribute("locale", Raw::Text(&locale))?;
        }
        Ok(())
    }
}

fn twice(place: String, value: Raw<'_>) -> BindError {
    BindError {
        field: place,
        value: value.shown(),
        problem: "it is given twice".into(),
        help: "give each name once".into(),
    }
}

/// What is wrong with an id, if anything is. Ids go into outputs as they are.
fn bad_id(id: &str) -> Option<String> {
    if id.len() > LONGEST_ID {
        Some(format!("`{}` is {} bytes long, and an id has {LONGEST_ID} at the most", shown(id), id.len()))
    } else if id.chars().any(char::is_control) {
        Some(format!("`{}` has control characters", shown(id)))
    } else {
        None
    }
}

fn too_many(field: &str, most: usize) -> BindError {
    BindError {
        field: field.into(),
        value: String::new(),
        problem: format!("there are more than {most}"),
        help: "leave out what the rules do not look back to".into(),
    }
}

/// A touch id as Courtesy writes it.
pub(crate) fn parse_touch_id(text: &str) -> Option<u128> {
    let digits = text.trim();
    (digits.len() == 32 && digits.bytes().all(|b| b.is_ascii_hexdigit()))
        .then(|| u128::from_str_radix(digits, 16).ok())
        .flatten()
}

#[cfg(test)]
#[path = "bind_tests.rs"]
mod tests;
