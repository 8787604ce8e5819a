//! Events and contacts within a user.

use super::{
    Quick, Read, members, raw,
    scan::{Scan, Token},
    text, value,
};
use crate::{
    program::{EventId, FieldId, Type},
    snapshot::{Categories, PastContact, Raw, Stray, UserBuilder, parse_touch_id},
    time::Instant,
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
pub(super) enum Kind {
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
        let (program, names) = (self.program, self.names);
        let mut kind = Kind::Untold;
        let (mut at, mut id) = (None, None);
        // The event, as soon as its type and time are told.
        let mut begun = None;
        self.waiting.clear();
        let (mut before, mut more) = (0, scan.open(b'{', b'}')?);
        while more {
            let mut fields = None;
            let learn = |text: &str| {
                let key = event_key(text);
                if key == EventKey::Field {
                    let events = (0..program.events.len()).map(EventId::from);
                    fields = Some(events.map(|event| names.field(event, text)).collect());
                }
                key
            };
            let (place, key) = self.event.key(scan, before, kind.group(), learn)?;
            if let Some(fields) = fields {
                if place == 0 {
                    // It is one of too many to be learned.
                    return None;
                }
                self.fields.resize(place.saturating_add(1), Vec::new());
                *self.fields.last_mut()? = fields;
            }
            before = place;
            match key {
                EventKey::Type if kind == Kind::Untold => {
                    let learn = |name: &str| match names.event(name) {
                        Some(event) => Kind::Known(event),
                        None if name.is_empty() => Kind::Untold,
                        None => {
                            builder.stray(Stray::Event, name);
                            Kind::Unknown
                        }
                    };
                    kind = self.kinds.word(scan, 0, learn)?.1;
                }
                // Nobody looks at what the program does not know.
                EventKey::At if at.is_none() && kind == Kind::Unknown => {
                    at = Some(Instant::MIN);
                    scan.pass()?;
                }
                EventKey::At if at.is_none() => at = Some(instant(scan.token()?, builder)?),
                EventKey::Id if id.is_none() => {
                    id = Some(text(scan.token()?)?);
                    if let (Some(event), Some(Some(id))) = (begun, &id) {
                        builder.set_event_id(event, id).ok()?;
                    }
                }
                EventKey::Field => match (kind, begun) {
                    (Kind::Unknown, _) => scan.pass()?,
                    (_, Some(event)) => match self.field(place, event) {
                        Some(field) => self.set_field(event, field, scan, builder)?,
                        None => scan.pass()?,
                    },
                    (_, None) => {
                        self.waiting.push((place, scan.at()));
                        scan.pass()?;
                    }
                },
                EventKey::Type | EventKey::At | EventKey::Id => return None,
            }
            if let (Kind::Known(event), Some(at), None) = (kind, at, begun) {
                builder.begin_event(event, at, id.as_ref().and_then(Option::as_deref)).ok()?;
                begun = Some(event);
            }
            more = scan.goes_on(b'}')?;
        }
        let event = match (kind, begun) {
            (Kind::Unknown, _) => return Some(()),
            (_, begun) => begun?,
        };
        for index in 0..self.waiting.len() {
            let (place, at) = self.waiting.get(index).copied()?;
            if let Some(field) = self.field(place, event) {
                self.set_field(event, field, &mut scan.back_to(at), builder)?;
            }
        }
        builder.finish_event(event, id.flatten().as_deref()).ok()
    }

    /// Reads the value of a field.
    fn set_field(
        &mut self,
        event: EventId,
        field: FieldId,
        scan: &mut Scan<'_>,
        builder: &mut UserBuilder<'_>,
    ) -> Option<()> {
        let ty = &self.program.events.get(event.index())?.fields.get(field.index())?.ty;
        let texts = self.field_texts.get_mut(event.index())?.get_mut(field.index())?;
        match (value(self.program, ty, texts, scan)?, ty) {
            (Read::Value(value), _) => builder.give_field(event, field, value),
            (Read::Token(Token::List(list)), Type::List) => {
                let list = scan.back_to(list);
                let list = builder.list_of(|builder| members(list, builder));
                builder.give_field(event, field, list)
            }
            (Read::Token(token), ty) => raw(token, ty, |raw| builder.set_field(event, field, raw).ok()),
        }
    }

    /// The field that the key at that place stands for.
    fn field(&self, place: usize, event: EventId) -> Option<FieldId> {
        self.fields.get(place)?.get(event.index()).copied().flatten()
    }

    pub(super) fn contact(&mut self, scan: &mut Scan<'_>, builder: &mut UserBuilder<'_>) -> Option<()> {
        let names = self.names;
        let [mut at, mut touch_id, mut categories] = [None; 3];
        let (mut channel, mut message, mut rule) = (None, None, None);
        let (mut before, mut more) = (0, scan.open(b'{', b'}')?);
        // Rules send few messages each.
        let mut sent = 0;
        while more {
            let (place, key) = self.contact.key(scan, before, 0, contact_key)?;
            before = place;
            let is_text = scan.peek() == Some(b'"');
            match key {
                ContactKey::Channel if is_text && channel.is_none() => {
                    channel = Some(
                        self.channels
                            .word(scan, 0, |name| {
                                builder.known(Stray::Channel, Some(name), |name| names.channel(name))
                            })?
                            .1,
                    );
                }
                ContactKey::Message if is_text && message.is_none() => {
                    let (place, id) = self.messages.word(scan, 0, |name| {
                        builder.known(Stray::Message, Some(name), |name| names.message(name))
                    })?;
                    (sent, message) = (place, Some(id));
                }
                ContactKey::Rule if is_text && rule.is_none() => {
                    rule = Some(
                        self.rules
                            .word(scan, sent, |name| {
                                builder.known(Stray::Rule, Some(name), |name| names.rule(name))
                            })?
                            .1,
                    );
                }
                ContactKey::At if at.is_none() => at = Some(scan.token()?),
                ContactKey::TouchId if touch_id.is_none() => touch_id = Some(scan.token()?),
                ContactKey::Categories if categories.is_none() => categories = Some(scan.token()?),
                ContactKey::Unknown => scan.pass()?,
                _ => return None,
            }
            more = scan.goes_on(b'}')?;
        }
        let at = instant(at?, builder)?;
        let (channel, message, rule) = (channel.flatten(), message.flatten(), rule.flatten());
        let touch_id = match touch_id {
            Some(Token::Text(text)) => parse_touch_id(text),
            Some(token) => text(token)?.and_then(|text| parse_touch_id(&text)),
            None => None,
        };
        let categories = match categories {
            None | Some(Token::Null) => None,
            Some(Token::List(list)) => {
                let mut found = Categories::default();
                scan.back_to(list).list(|name| {
                    let id = builder.known(Stray::Category, Some(&*name), |name| names.category(name));
                    id.into_iter().for_each(|id| found.insert(id));
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

/// When it was.
fn instant(token: Token<'_>, builder: &mut UserBuilder<'_>) -> Option<Instant> {
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
