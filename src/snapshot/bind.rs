//! From data to a [`User`] of one program: declared types decide how values are read.

use std::borrow::Cow;

use thiserror::Error;

use super::{Names, Raw, Snapshot, User, UserBuilder, raw::shown};
use crate::{program::Program, time::Instant};

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
        let mut builder = UserBuilder::new(program, names);
        builder.begin(&self.id)?;
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
        let duplicates = builder.finish()?;
        Ok(Bound { user: builder.into_user(), duplicates })
    }
}

pub(super) fn twice(place: String, value: Raw<'_>) -> BindError {
    BindError {
        field: place,
        value: value.shown(),
        problem: "it is given twice".into(),
        help: "give each name once".into(),
    }
}

/// What is wrong with an id, if anything is. Ids go into outputs as they are.
pub(super) fn bad_id(id: &str) -> Option<String> {
    if id.len() > LONGEST_ID {
        Some(format!("`{}` is {} bytes long, and an id has {LONGEST_ID} at the most", shown(id), id.len()))
    } else if has_control(id) {
        Some(format!("`{}` has control characters", shown(id)))
    } else {
        None
    }
}

/// Whether a text has control characters: those of ASCII, and those that UTF-8 writes as C2 80 to C2 9F.
fn has_control(text: &str) -> bool {
    text.bytes().any(|byte| !(b' '..0x7f).contains(&byte)) && text.chars().any(char::is_control)
}

pub(super) fn too_many(field: &str, most: usize) -> BindError {
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
    let half = |digits: Option<&str>| {
        let digits = digits.filter(|digits| !digits.starts_with('+'))?;
        u64::from_str_radix(digits, 16).ok()
    };
    let high = half(digits.get(..16).filter(|_| digits.len() == 32))?;
    Some(u128::from(high) << 64 | u128::from(half(digits.get(16..))?))
}

#[cfg(test)]
#[path = "bind_tests.rs"]
mod tests;
