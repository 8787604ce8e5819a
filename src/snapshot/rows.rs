//! Events and contacts of a user who is being made.

use super::{
    BindError, Categories, GivenContact, GivenEvent, PastContact, Raw, UserBuilder, Value,
    bind::{MOST_CONTACTS, MOST_EVENTS, bad_id, parse_touch_id, too_many, twice},
    raw::shown,
    slips::Stray,
    values::give,
};
use crate::{
    program::{EventId, Field, FieldId},
    time::Instant,
};

impl UserBuilder<'_> {
    /// Whether the program knows an event of that name; others need not be read.
    #[must_use]
    pub fn knows_event(&self, kind: &str) -> bool {
        self.names.event(kind).is_some()
    }

    /// Whether the user may have so many events more.
    #[cfg(feature = "cli")]
    pub(crate) fn must_have_room_for_events(&self, more: u64) -> Result<(), BindError> {
        must_have_room(self.events, more, "events", MOST_EVENTS)
    }

    /// Whether the user may have so many contacts more.
    #[cfg(feature = "cli")]
    pub(crate) fn must_have_room_for_contacts(&self, more: u64) -> Result<(), BindError> {
        must_have_room(self.user.contacts.len(), more, "contacts", MOST_CONTACTS)
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
        let Some(event) = self.names.event(given.kind) else {
            self.stray(Stray::Event, given.kind);
            return Ok(());
        };
        self.begin_event(event, given.at, given.id)?;
        for (name, value) in fields {
            if let Some(field) = self.names.field(event, name) {
                self.set_field(event, field, value)?;
            }
        }
        self.finish_event(event, given.id)
    }

    /// Begins an event, told by its id; its fields and [`Self::finish_event`] follow.
    ///
    /// # Errors
    ///
    /// [`BindError`] if the id is longer than 1,000 bytes or has control characters, or if there are more than 1,000,000
    /// events.
    pub fn begin_event(&mut self, event: EventId, at: Instant, id: Option<&str>) -> Result<(), BindError> {
        let Some(events) = self.user.events.get_mut(event.index()) else { return Ok(()) };
        let id = id.filter(|id| !id.is_empty());
        if let Some(problem) = id.and_then(bad_id) {
            let kind = self.program.events.get(event.index()).map_or("", |event| &event.name);
            return Err(wrong_event_id(kind, Some(at), id.unwrap_or_default(), problem));
        }
        self.events += 1;
        if self.events > MOST_EVENTS {
            return Err(too_many("events", MOST_EVENTS));
        }
        if let Some(id) = id {
            events.ids.set(events.at.len(), id);
        }
        events.at.push(at);
        events.columns.iter_mut().for_each(|column| column.push(Value::Missing));
        Ok(())
    }

    /// The id of the event begun last, which is of that type and was begun without one.
    #[cfg(feature = "cli")]
    pub(crate) fn set_event_id(&mut self, event: EventId, id: &str) -> Result<(), BindError> {
        let Some(events) = self.user.events.get_mut(event.index()) else { return Ok(()) };
        let Some(last) = events.at.len().checked_sub(1) else { return Ok(()) };
        if let Some(problem) = bad_id(id) {
            let kind = self.program.events.get(event.index()).map_or("", |event| &event.name);
            return Err(wrong_event_id(kind, events.at.last().copied(), id, problem));
        }
        events.ids.set(last, id);
        Ok(())
    }

    /// A field of the event begun last, which is of that type.
    ///
    /// # Errors
    ///
    /// [`BindError`] if the value is not of the declared type, or the field was given before.
    pub fn set_field(&mut self, event: EventId, field: FieldId, value: Raw<'_>) -> Result<(), BindError> {
        let program = self.program;
        let Some(declared) = program.events.get(event.index()) else { return Ok(()) };
        let Some(Field { name, ty }) = declared.fields.get(field.index()) else { return Ok(()) };
        let read = self.read(ty, value);
        let at = self.user.events.get(event.index()).and_then(|events| events.at.last()).copied();
        let place = || {
            let at = at.map_or_else(String::new, |at| at.to_string());
            format!("field `{name}` of the event `{}` of {at}", declared.name)
        };
        let read = read.map_err(|problem| problem.at(place()))?;
        self.give_field(event, field, read).ok_or_else(|| twice(place(), value))
    }

    /// A field of the event begun last, whose value is of its type. `None` if it was given before.
    pub(crate) fn give_field(&mut self, event: EventId, field: FieldId, value: Value) -> Option<()> {
        let column = self.user.events.get_mut(event.index())?.columns.get_mut(field.index())?;
        give(column.last_mut()?, value)
    }

    /// Ends the event begun last, which is of that type and has that id.
    ///
    /// # Errors
    ///
    /// [`BindError`] if the program declares the id as a field as well, and it was given as one.
    pub fn finish_event(&mut self, event: EventId, id: Option<&str>) -> Result<(), BindError> {
        // A rule file may declare the id as a field as well, to send it along.
        match (self.names.id_field(event), id.filter(|id| !id.is_empty())) {
            (Some(field), Some(id)) => self.set_field(event, field, Raw::Text(id)),
            _ => Ok(()),
        }
    }

    /// Having been contacted.
    ///
    /// # Errors
    ///
    /// [`BindError`] if there are more than 100,000 contacts.
    pub fn contact(&mut self, given: &GivenContact<'_>) -> Result<(), BindError> {
        let names = self.names;
        let channel = self.known(Stray::Channel, given.channel, |name| names.channel(name));
        let message = self.known(Stray::Message, given.message, |name| names.message(name));
        let rule = self.known(Stray::Rule, given.rule, |name| names.rule(name));
        let categories = given.categories.as_ref().map(|list| {
            let known = list
                .iter()
                .filter_map(|name| self.known(Stray::Category, Some(name), |name| names.category(name)));
            known.collect()
        });
        let touch_id = given.touch_id.and_then(parse_touch_id);
        let contact =
            PastContact { at: given.at, channel, message, categories: Categories::default(), rule, touch_id };
        self.add_contact(contact, categories)
    }

    /// What a name of that kind stands for. One that the program does not know may be a slip.
    pub(crate) fn known<T>(
        &mut self,
        kind: Stray,
        name: Option<&str>,
        find: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let name = name?;
        let found = find(name);
        if found.is_none() {
            self.stray(kind, name);
        }
        found
    }

    /// Having been contacted, with those categories or else those that the message has today.
    ///
    /// # Errors
    ///
    /// [`BindError`] if there are more than 100,000 contacts.
    pub fn add_contact(
        &mut self,
        mut contact: PastContact,
        categories: Option<Categories>,
    ) -> Result<(), BindError> {
        if self.user.contacts.len() >= MOST_CONTACTS {
            return Err(too_many("contacts", MOST_CONTACTS));
        }
        let of_message = || Some(self.names.categories_of(contact.message?)?.clone());
        contact.categories = categories.or_else(of_message).unwrap_or_default();
        self.user.contacts.push(contact);
        Ok(())
    }
}

#[cfg(feature = "cli")]
fn must_have_room(known: usize, more: u64, field: &str, most: usize) -> Result<(), BindError> {
    let all = u64::try_from(known).unwrap_or(u64::MAX).saturating_add(more);
    if all > u64::try_from(most).unwrap_or(u64::MAX) { Err(too_many(field, most)) } else { Ok(()) }
}

fn wrong_event_id(kind: &str, at: Option<Instant>, id: &str, problem: String) -> BindError {
    let at = at.map_or_else(String::new, |at| at.to_string());
    BindError {
        field: format!("id of the event `{kind}` of {at}"),
        value: shown(id),
        problem,
        help: "give it a shorter or plainer id, or none".into(),
    }
}
