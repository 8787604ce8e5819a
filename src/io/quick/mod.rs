//! Users from JSON lines, straight into memory: the usual line in one pass, without a copy.
//!
//! What is not usual (a value of the wrong type, a key twice, a number with an exponent, JSON that is none) is not judged
//! here: the line is declined, and read again by [`super::json`], which knows every form and every error. So this may
//! only ever accept what that one accepts, and must make the same user of it; a law holds it to that.

mod keys;
mod names;
mod rows;
mod scan;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

pub(super) use self::names::names;
use self::{
    keys::Keys,
    rows::{ContactKey, EventKey},
    scan::{Scan, Token, decoded},
};
use crate::{
    program::{AttributeId, ChannelId, FieldId, Program, Type},
    snapshot::{Names, Raw, UserBuilder},
};

/// Reads usual lines.
#[derive(Debug)]
pub(super) struct Quick<'p> {
    program: &'p Program,
    names: &'p Names,
    user: Keys<UserKey>,
    attributes: Keys<Option<AttributeId>>,
    consent: Keys<Option<ChannelId>>,
    addresses: Keys<Option<ChannelId>>,
    event: Keys<EventKey>,
    contact: Keys<ContactKey>,
    /// By place of the key in `event`, then by event.
    fields: Vec<Vec<Option<FieldId>>>,
    /// Fields of the event at hand: the place of the key, and where the value is.
    waiting: Vec<(usize, usize)>,
}

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
        Self {
            program,
            names,
            user: Keys::new(UserKey::Unknown),
            attributes: Keys::new(None),
            consent: Keys::new(None),
            addresses: Keys::new(None),
            event: Keys::new(EventKey::Field),
            contact: Keys::new(ContactKey::Unknown),
            fields: Vec::new(),
            waiting: Vec::new(),
        }
    }

    /// Makes the user and says how much was given twice. `None` if the line is not usual: the builder then holds nothing
    /// of use.
    pub(super) fn read(&mut self, builder: &mut UserBuilder<'_>, line: &[u8]) -> Option<usize> {
        let text = std::str::from_utf8(line).ok()?;
        builder.clear();
        let mut scan = Scan::new(text);
        let mut told = Told::default();
        scan.space();
        let (mut before, mut more) = (0, scan.open(b'{', b'}')?);
        while more {
            let (place, key) = self.user.next(&mut scan, before, 0, user_key)?;
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
            let (place, id) = self.attributes.next(scan, before, 0, |name| self.names.attribute(name))?;
            before = place;
            match id {
                None => scan.pass()?,
                Some(id) => {
                    let declared = self.program.attributes.get(id.index())?;
                    match (scan.token()?, &declared.ty) {
                        (Token::List(list), Type::List) => {
                            let list = scan.back_to(list);
                            builder.set_attribute_list(id, |builder| members(list, builder)).ok()?;
                        }
                        (token, ty) => raw(token, ty, |raw| builder.set_attribute(id, raw).ok())?,
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
            let (place, id) = self.consent.next(scan, before, 0, |name| self.names.channel(name))?;
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
            let (place, id) = self.addresses.next(scan, before, 0, |name| self.names.channel(name))?;
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
        Token::Whole(digits) => Some(Some(Cow::Borrowed(digits))),
        _ => None,
    }
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
        Token::Whole(digits) => hand_on(Raw::Whole(digits.parse().ok()?)),
        // With so few digits they are those of the number nearest to them.
        Token::Decimal(digits) if *ty == Type::Number => hand_on(Raw::Text(digits)),
        Token::Decimal(digits) => hand_on(Raw::Float(digits.parse().ok()?)),
        Token::Text(text) => hand_on(Raw::Text(text)),
        Token::Escaped(written) => hand_on(Raw::Text(&decoded(written)?)),
        Token::List(_) => None,
    }
}
