//! Users from JSON lines, straight into memory: the usual line in one pass, without a copy.
//!
//! What is not usual (a value of the wrong type, a key twice, a number with an exponent, JSON that is none) is not judged
//! here: the line is declined, and read again by [`super::json`], which knows every form and every error. So this may
//! only ever accept what that one accepts, and must make the same user of it; a law holds it to that.

mod learned;
mod names;
mod rows;
mod scan;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

pub(super) use self::names::names;
use self::{
    learned::Learned,
    rows::{ContactKey, EventKey, Kind},
    scan::{Scan, Token, decoded},
};
use crate::{
    number::Number,
    program::{AttributeId, ChannelId, FieldId, MessageId, Program, RuleId, Type},
    snapshot::{Names, Raw, Stray, UserBuilder, Value},
};

/// Reads usual lines.
#[derive(Debug)]
pub(super) struct Quick<'p> {
    program: &'p Program,
    names: &'p Names,
    user: Learned<UserKey>,
    attributes: Learned<Option<AttributeId>>,
    /// By attribute: texts that the program knows.
    attribute_texts: Vec<Texts>,
    consent: Learned<Option<ChannelId>>,
    addresses: Learned<Option<ChannelId>>,
    event: Learned<EventKey>,
    kinds: Learned<Kind>,
    /// By place of the key in `event`, then by event.
    fields: Vec<Vec<Option<FieldId>>>,
    /// By event, then by field: texts that the program knows.
    field_texts: Vec<Vec<Texts>>,
    /// Fields of the event at hand: the place of the key, and where the value is.
    waiting: Vec<(usize, usize)>,
    contact: Learned<ContactKey>,
    channels: Learned<Option<ChannelId>>,
    messages: Learned<Option<MessageId>>,
    rules: Learned<Option<RuleId>>,
}

/// Values of one attribute or field. None for a text that the program does not know, or that is not one of the declared.
type Texts = Learned<Option<Value>>;

/// A part of a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum UserKey {
    Id,
    Timezone,
    Locale,
    Attributes,
    Consent,
    Addresses,
    Events,
    Contacts,
    Unknown,
}

/// What is told once of a user.
#[derive(Default)]
struct Told<'a> {
    id: Option<Cow<'a, str>>,
    has_timezone: bool,
    has_locale: bool,
}

impl<'p> Quick<'p> {
    pub(super) fn new(program: &'p Program, names: &'p Names) -> Self {
        let texts = |count: usize| (0..count).map(|_| Learned::new(None)).collect();
        Self {
            program,
            names,
            user: Learned::new(UserKey::Unknown),
            attributes: Learned::new(None),
            attribute_texts: texts(program.attributes.len()),
            consent: Learned::new(None),
            addresses: Learned::new(None),
            event: Learned::new(EventKey::Field),
            kinds: Learned::new(Kind::Untold),
            fields: Vec::new(),
            field_texts: program.events.iter().map(|event| texts(event.fields.len())).collect(),
            waiting: Vec::new(),
            contact: Learned::new(ContactKey::Unknown),
            channels: Learned::new(None),
            messages: Learned::new(None),
            rules: Learned::new(None),
        }
    }

    /// Makes the user and says how much was given twice. `None` if the line is not usual: the builder then holds nothing
    /// of use.
    pub(super) fn read(&mut self, builder: &mut UserBuilder<'_>, line: &[u8]) -> Option<usize> {
        let mut scan = Scan::new(line)?;
        builder.clear();
        let mut told = Told::default();
        scan.space();
        let (mut before, mut more) = (0, scan.open(b'{', b'}')?);
        while more {
            let (place, key) = self.user.key(&mut scan, before, 0, user_key)?;
            before = place;
            self.part(key, &mut scan, &mut told, builder)?;
            more = scan.goes_on(b'}')?;
        }
        scan.space();
        if !scan.rest().is_empty() {
            return None;
        }
        builder.id(&told.id?).ok()?;
        builder.finish().ok()
    }

    fn part<'a>(
        &mut self,
        key: UserKey,
        scan: &mut Scan<'a>,
        told: &mut Told<'a>,
        builder: &mut UserBuilder<'_>,
    ) -> Option<()> {
        match key {
            UserKey::Id => {
                let id = text(scan.token()?)?;
                if told.id.is_some() || id.is_none() {
                    return None;
                }
                told.id = id;
            }
            UserKey::Timezone => {
                // Times that were read in another zone are to be read again.
                if std::mem::replace(&mut told.has_timezone, true) || builder.is_zone_used() {
                    return None;
                }
                if let Some(name) = text(scan.token()?)? {
                    builder.timezone(&name).ok()?;
                }
            }
            UserKey::Locale => {
                if std::mem::replace(&mut told.has_locale, true) {
                    return None;
                }
                if let Some(tag) = text(scan.token()?)? {
                    builder.locale(&tag);
                }
            }
            UserKey::Unknown => scan.pass()?,
            _ if scan.peek() == Some(b'n') => drop(scan.token()?),
            UserKey::Attributes => self.attributes(scan, builder)?,
            UserKey::Consent => self.consent(scan, builder)?,
            UserKey::Addresses => self.addresses(scan, builder)?,
            UserKey::Events | UserKey::Contacts => {
                let mut more = scan.open(b'[', b']')?;
                while more {
                    scan.space();
                    match key {
                        UserKey::Events => self.event(scan, builder)?,
                        _ => self.contact(scan, builder)?,
                    }
                    more = scan.goes_on(b']')?;
                }
            }
        }
        Some(())
    }

    fn attributes(&mut self, scan: &mut Scan<'_>, builder: &mut UserBuilder<'_>) -> Option<()> {
        let (mut before, mut more) = (0, scan.open(b'{', b'}')?);
        while more {
            let (place, id) = self.attributes.key(scan, before, 0, |name| self.names.attribute(name))?;
            before = place;
            match id {
                None => scan.pass()?,
                Some(id) => {
                    let declared = self.program.attributes.get(id.index())?;
                    let texts = self.attribute_texts.get_mut(id.index())?;
                    match (value(self.program, &declared.ty, texts, scan)?, &declared.ty) {
                        (Read::Value(value), _) => builder.give_attribute(id, value)?,
                        (Read::Token(Token::List(list)), Type::List) => {
                            let list = scan.back_to(list);
                            let list = builder.list_of(|builder| members(list, builder));
                            builder.give_attribute(id, list)?;
                        }
                        (Read::Token(token), ty) => {
                            raw(token, ty, |raw| builder.set_attribute(id, raw).ok())?;
                        }
                    }
                }
            }
            more = scan.goes_on(b'}')?;
        }
        Some(())
    }

    fn consent(&mut self, scan: &mut Scan<'_>, builder: &mut UserBuilder<'_>) -> Option<()> {
        let (mut before, mut more) = (0, scan.open(b'{', b'}')?);
        while more {
            let learn =
                |name: &str| builder.known(Stray::Consent, Some(name), |name| self.names.channel(name));
            let (place, id) = self.consent.key(scan, before, 0, learn)?;
            before = place;
            match id {
                None => scan.pass()?,
                Some(id) => raw(scan.token()?, &Type::YesNo, |raw| builder.set_consent(id, raw).ok())?,
            }
            more = scan.goes_on(b'}')?;
        }
        Some(())
    }

    fn addresses(&mut self, scan: &mut Scan<'_>, builder: &mut UserBuilder<'_>) -> Option<()> {
        builder.has_addresses();
        let (mut before, mut more) = (0, scan.open(b'{', b'}')?);
        while more {
            let learn =
                |name: &str| builder.known(Stray::Address, Some(name), |name| self.names.channel(name));
            let (place, id) = self.addresses.key(scan, before, 0, learn)?;
            before = place;
            match id {
                None => scan.pass()?,
                Some(id) => match scan.token()? {
                    // What is in it does not matter.
                    Token::List(list) => {
                        let is_filled = scan.back_to(list).open(b'[', b']')?;
                        builder.set_address(id, if is_filled { Raw::Map } else { Raw::List(&[]) });
                    }
                    token => raw(token, &Type::YesNo, |raw| {
                        builder.set_address(id, raw);
                        Some(())
                    })?,
                },
            }
            more = scan.goes_on(b'}')?;
        }
        Some(())
    }
}

fn user_key(name: &str) -> UserKey {
    match name {
        "id" => UserKey::Id,
        "timezone" => UserKey::Timezone,
        "locale" => UserKey::Locale,
        "attributes" => UserKey::Attributes,
        "consent" => UserKey::Consent,
        "addresses" => UserKey::Addresses,
        "events" => UserKey::Events,
        "contacts" => UserKey::Contacts,
        _ => UserKey::Unknown,
    }
}

/// A text that may also be written as a whole number. `Some(None)` if it is nothing.
fn text(token: Token<'_>) -> Option<Option<Cow<'_, str>>> {
    match token {
        Token::Null => Some(None),
        Token::Text(text) => Some(Some(Cow::Borrowed(text)).filter(|text| !text.is_empty())),
        Token::Escaped(written) => decoded(written).map(|text| Some(Cow::Owned(text))),
        Token::Whole(digits, _) => Some(Some(Cow::Borrowed(digits))),
        _ => None,
    }
}

/// What was read of a value.
enum Read<'a> {
    Value(Value),
    /// Something that is still to be made a value.
    Token(Token<'a>),
}

/// Reads a value of that type; numbers, and texts that the program knows, at once.
#[inline]
fn value<'a>(program: &Program, ty: &Type, texts: &mut Texts, scan: &mut Scan<'a>) -> Option<Read<'a>> {
    match (ty, scan.peek()?) {
        (Type::Text | Type::OneOf(_), b'"') => {
            let start = scan.at();
            let known = |text: &str| {
                let symbol = program.arena.symbol(text).filter(|_| !text.is_empty())?;
                match ty {
                    Type::OneOf(options) => options.contains(&symbol).then_some(Value::Text(symbol)),
                    _ => Some(Value::Text(symbol)),
                }
            };
            if let (_, Some(value)) = texts.word(scan, 0, known)? {
                return Some(Read::Value(value));
            }
            *scan = scan.back_to(start);
        }
        (Type::Number, b'-' | b'0'..=b'9') => {
            return Some(match scan.token()? {
                Token::Whole(_, value) => Read::Value(Value::Number(Number::whole(value)?)),
                token => Read::Token(token),
            });
        }
        _ => {}
    }
    scan.token().map(Read::Token)
}

/// Hands on the members of a list that was walked over before.
fn members(mut list: Scan<'_>, builder: &mut UserBuilder<'_>) {
    let _ = list.list(|member| {
        builder.member(&member);
        Some(())
    });
}

/// Hands a value on as one that is to be of that type.
fn raw<R>(token: Token<'_>, ty: &Type, hand_on: impl FnOnce(Raw<'_>) -> Option<R>) -> Option<R> {
    match token {
        Token::Null => hand_on(Raw::Null),
        Token::YesNo(value) => hand_on(Raw::YesNo(value)),
        Token::Whole(_, value) => hand_on(Raw::Whole(value)),
        // With so few digits they are those of the number nearest to them.
        Token::Decimal(digits) if *ty == Type::Number => hand_on(Raw::Text(digits)),
        Token::Decimal(digits) => hand_on(Raw::Float(digits.parse().ok()?)),
        Token::Text(text) => hand_on(Raw::Text(text)),
        Token::Escaped(written) => hand_on(Raw::Text(&decoded(written)?)),
        Token::List(_) => None,
    }
}
