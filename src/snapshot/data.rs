//! A user as the world tells of them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{number::Number, time::Instant};

/// What is known of one user at one moment.
///
/// Names that the rules do not mention are ignored. Events and contacts may come in any order.
///
/// ```
/// use courtesy::snapshot::Snapshot;
/// let user = Snapshot::new("u1").attribute("tier", "gold").event("order", "2026-01-05T08:00:00Z".parse()?);
/// assert_eq!(user.events.len(), 1);
/// # Ok::<(), courtesy::time::ParseInstantError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Snapshot {
    /// Who it is. May not be empty.
    pub id: String,
    /// An IANA zone name; the rule file's zone if absent.
    pub timezone: Option<String>,
    /// A language tag, such as `zh-HK`.
    pub locale: Option<String>,
    /// By name.
    pub attributes: BTreeMap<String, Datum>,
    /// What they said of being contacted, by channel.
    pub consent: BTreeMap<String, bool>,
    /// Where they can be reached, by channel: a text, a list, or yes. If the whole is absent, they can be reached
    /// everywhere.
    pub addresses: Option<BTreeMap<String, Datum>>,
    /// What they did.
    pub events: Vec<Event>,
    /// How they were contacted.
    pub contacts: Vec<Contact>,
}

/// A value in a snapshot, of whatever type the world gave it. Rules read it as the type that they declare.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Datum {
    /// Nothing.
    Null,
    /// Yes or no.
    YesNo(bool),
    /// A whole number.
    Whole(i64),
    /// A number with a fraction.
    Float(f64),
    /// A text; also a date, an instant, or a number in a table.
    Text(String),
    /// A list.
    List(Vec<Datum>),
    /// Something deeper, which rules cannot read.
    Map(BTreeMap<String, Datum>),
}

/// Something the user did, or that happened to them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Which event.
    #[serde(rename = "type")]
    pub kind: String,
    /// When.
    pub at: Instant,
    /// Its own id; it makes an occurrence stable when other data changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its fields.
    #[serde(flatten)]
    pub fields: BTreeMap<String, Datum>,
}

/// A contact that was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contact {
    /// When.
    pub at: Instant,
    /// Over which channel.
    #[serde(default)]
    pub channel: Option<String>,
    /// Which message.
    #[serde(default)]
    pub message: Option<String>,
    /// The categories that the message had then; today's if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub categories: Option<Vec<String>>,
    /// Which rule made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The id of the touch it was planned as.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub touch_id: Option<String>,
}

impl Snapshot {
    /// A user of whom nothing is known.
    #[must_use]
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), ..Self::default() }
    }

    /// In that zone.
    #[must_use]
    pub fn timezone(mut self, name: impl Into<String>) -> Self {
        self.timezone = Some(name.into());
        self
    }

    /// With that attribute.
    #[must_use]
    pub fn attribute(mut self, name: impl Into<String>, value: impl Into<Datum>) -> Self {
        self.attributes.insert(name.into(), value.into());
        self
    }

    /// Having said yes or no to a channel.
    #[must_use]
    pub fn consent(mut self, channel: impl Into<String>, given: bool) -> Self {
        self.consent.insert(channel.into(), given);
        self
    }

    /// Having done that, then.
    #[must_use]
    pub fn event(mut self, kind: impl Into<String>, at: Instant) -> Self {
        self.events.push(Event { kind: kind.into(), at, id: None, fields: BTreeMap::new() });
        self
    }

    /// Having been contacted.
    #[must_use]
    pub fn contact(mut self, contact: Contact) -> Self {
        self.contacts.push(contact);
        self
    }
}

impl From<&str> for Datum {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Datum {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Datum {
    fn from(value: bool) -> Self {
        Self::YesNo(value)
    }
}

impl From<i64> for Datum {
    fn from(value: i64) -> Self {
        Self::Whole(value)
    }
}

impl From<f64> for Datum {
    fn from(value: f64) -> Self {
        Self::Float(value)
    }
}

impl From<Number> for Datum {
    fn from(value: Number) -> Self {
        Self::Text(value.to_string())
    }
}
