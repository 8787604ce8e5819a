//! Events and contacts within a user.

use std::borrow::Cow;

use super::{
    Quick, members, raw,
    scan::{Scan, Token},
    text,
};
use crate::{
    program::{EventId, FieldId, Type},
    snapshot::{Categories, PastContact, Raw, UserBuilder, parse_touch_id},
};

/// A key of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EventKey {
    Type,
    At,
    Id,
    Field,
}

/// A key of a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ContactKey {
    At,
    Channel,
    Message,
    Categories,
    Rule,
    TouchId,
    Unknown,
}

/// What is known of the type of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Untold,
    /// One that the program does not know.
    Unknown,
    Known(EventId),
}

impl Kind {
    /// What comes after a key depends on the type.
    fn group(self) -> usize {
        match self {
            Self::Untold => 0,
            Self::Unknown => 1,
            Self::Known(event) => event.index().saturating_add(2),
        }
    }
}

impl Quick<'_> {
    pub(super) fn event(&mut self, scan: &mut Scan<'_>, builder: &mut UserBuilder<'_>) -> Option<()> {
        let mut kind = Kind::Untold;
        let (mut at, mut id) = (None, None);
        // The event, as soon as its type and time are told and a field follows.
        let mut begun = None;
        // The keys of fields that come before these, and where their values are.
        let mut fields = std::mem::take(&mut self.waiting);
        fields.clear();
        let (mut before, mut more) = (0, scan.open(b'{', b'}')?);
        while more {
            let names = self.names;
            let mut name = None;
            let learn = |text: &str| {
                let key = event_key(text);
                if key == EventKey::Field {
                    let events = 0..self.program.events.len();
                    name = Some(events.map(|event| names.field(EventId::from(event), text)).collect());
                }
                key
            };
            let (place, key) = self.event.next(scan, before, kind.group(), learn)?;
            if let Some(ids) = name {
                if place == 0 {
                    // It is one of too many to be learned.
                    return None;
                }
                self.fields.resize(place.saturating_add(1), Vec::new());
                *self.fields.last_mut()? = ids;
            }
            before = place;
            match key {
                EventKey::Type if kind == Kind::Untold => {
                    let Token::Text(name) = scan.token()? else { return None };
                    kind = match self.names.event(name) {
                        Some(event) => Kind::Known(event),
                        None if name.is_empty() => return None,
                        None => Kind::Unknown,
                    };
                }
                EventKey::At if at.is_none() => at = Some(scan.token()?),
                EventKey::Id if id.is_none() => {
                    id = Some(scan.token()?);
                    if let (Some(event), Some(id)) = (begun, maybe(id)?) {
                        builder.set_event_id(event, &id).ok()?;
                    }
                }
                EventKey::Field => match kind {
                    Kind::Untold => {
                        fields.push((place, scan.at()));
                        scan.pass()?;
                    }
                    Kind::Unknown => scan.pass()?,
                    Kind::Known(event) => match self.field(place, event) {
                        Some(field) => {
                            if begun.is_none()
                                && fields.is_empty()
                                && let Some(at) = at
                            {
                                let at = instant(at, builder)?;
                                builder.begin_event(event, at, maybe(id)?.as_deref()).ok()?;
                                begun = Some(event);
                            }
                            if begun.is_some() {
                                self.set_field(event, field, scan, builder)?;
                            } else {
                                fields.push((place, scan.at()));
                                scan.pass()?;
                            }
                        }
                        None => scan.pass()?,
                    },
                },
                EventKey::Type | EventKey::At | EventKey::Id => return None,
            }
            more = scan.goes_on(b'}')?;
        }
        let event = match kind {
            Kind::Known(event) => event,
            Kind::Unknown => return Some(()),
            Kind::Untold => return None,
        };
        let id = maybe(id)?;
        if begun.is_none() {
            let at = instant(at?, builder)?;
            builder.begin_event(event, at, id.as_deref()).ok()?;
        }
        for (place, at) in &fields {
            if let Some(field) = self.field(*place, event) {
                self.set_field(event, field, &mut scan.back_to(*at), builder)?;
            }
        }
        self.waiting = fields;
        builder.finish_event(event, id.as_deref()).ok()
    }

    /// Reads the value of a field.
    fn set_field(
        &self,
        event: EventId,
        field: FieldId,
        scan: &mut Scan<'_>,
        builder: &mut UserBuilder<'_>,
    ) -> Option<()> {
        match (scan.token()?, &self.program.events.get(event.index())?.fields.get(field.index())?.ty) {
            (Token::List(list), Type::List) => {
                let list = scan.back_to(list);
                builder.set_field_list(event, field, |builder| members(list, builder)).ok()
            }
            (token, ty) => raw(token, ty, |raw| builder.set_field(event, field, raw).ok()),
        }
    }

    /// The field that the key at that place stands for.
    fn field(&self, place: usize, event: EventId) -> Option<FieldId> {
        self.fields.get(place)?.get(event.index()).copied().flatten()
    }

    pub(super) fn contact(&mut self, scan: &mut Scan<'_>, builder: &mut UserBuilder<'_>) -> Option<()> {
        let mut at = None;
        let [mut channel, mut message, mut rule, mut touch_id, mut categories] = [const { None }; 5];
        let (mut before, mut more) = (0, scan.open(b'{', b'}')?);
        while more {
            let (place, key) = self.contact.next(scan, before, 0, contact_key)?;
            before = place;
            let slot = match key {
                ContactKey::At => &mut at,
                ContactKey::Channel => &mut channel,
                ContactKey::Message => &mut message,
                ContactKey::Categories => &mut categories,
                ContactKey::Rule => &mut rule,
                ContactKey::TouchId => &mut touch_id,
                ContactKey::Unknown => {
                    scan.pass()?;
                    more = scan.goes_on(b'}')?;
                    continue;
                }
            };
            if slot.is_some() {
                return None;
            }
            *slot = Some(scan.token()?);
            more = scan.goes_on(b'}')?;
        }
        let names = self.names;
        let at = instant(at?, builder)?;
        let channel = maybe(channel)?.and_then(|name| names.channel(&name));
        let message = maybe(message)?.and_then(|name| names.message(&name));
        let rule = maybe(rule)?.and_then(|name| names.rule(&name));
        let touch_id = maybe(touch_id)?.and_then(|text| parse_touch_id(&text));
        let categories = match categories {
            None | Some(Token::Null) => None,
            Some(Token::List(list)) => {
                let mut found = Categories::default();
                scan.back_to(list).list(|name| {
                    names.category(&name).into_iter().for_each(|id| found.insert(id));
                    Some(())
                })?;
                Some(found)
            }
            Some(_) => return None,
        };
        let contact = PastContact { at, channel, message, categories: Categories::default(), rule, touch_id };
        builder.add_contact(contact, categories).ok()
    }
}

/// A text that need not be there.
fn maybe(token: Option<Token<'_>>) -> Option<Option<Cow<'_, str>>> {
    text(token.unwrap_or(Token::Null))
}

/// When it was.
fn instant(token: Token<'_>, builder: &mut UserBuilder<'_>) -> Option<crate::time::Instant> {
    let Token::Text(text) = token else { return None };
    builder.instant(Raw::Text(text), String::new).ok()
}

fn event_key(name: &str) -> EventKey {
    match name {
        "type" => EventKey::Type,
        "at" => EventKey::At,
        "id" => EventKey::Id,
        _ => EventKey::Field,
    }
}

fn contact_key(name: &str) -> ContactKey {
    match name {
        "at" => ContactKey::At,
        "channel" => ContactKey::Channel,
        "message" => ContactKey::Message,
        "categories" => ContactKey::Categories,
        "rule" => ContactKey::Rule,
        "touch_id" => ContactKey::TouchId,
        _ => ContactKey::Unknown,
    }
}
