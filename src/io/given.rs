//! A user as any of the readers gives them: names and values, nothing looked up yet.

use std::borrow::Cow;

use super::{Reject, error::Place};
use crate::snapshot::{Datum, GivenContact, GivenEvent, Raw, Stray, UserBuilder};

/// A value.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) enum Cell<'a> {
    #[default]
    Null,
    YesNo(bool),
    Whole(i64),
    Float(f64),
    Text(Cow<'a, str>),
    List(Vec<Datum>),
    Map,
}

impl Cell<'_> {
    pub(crate) fn raw(&self) -> Raw<'_> {
        match self {
            Self::Null => Raw::Null,
            Self::YesNo(value) => Raw::YesNo(*value),
            Self::Whole(value) => Raw::Whole(*value),
            Self::Float(value) => Raw::Float(*value),
            Self::Text(text) => Raw::Text(text),
            Self::List(list) => Raw::List(list),
            Self::Map => Raw::Map,
        }
    }
}

/// Names and values, in the order given.
pub(crate) type Entries<'a> = Vec<(Cow<'a, str>, Cell<'a>)>;

/// A user.
#[derive(Debug, Default)]
pub(crate) struct GivenUser<'a> {
    pub(crate) id: Cell<'a>,
    pub(crate) timezone: Cell<'a>,
    pub(crate) locale: Cell<'a>,
    pub(crate) attributes: Entries<'a>,
    pub(crate) consent: Entries<'a>,
    pub(crate) addresses: Option<Entries<'a>>,
    pub(crate) events: Vec<EventRow<'a>>,
    pub(crate) contacts: Vec<ContactRow<'a>>,
    /// Names where none of ours was expected.
    pub(crate) unknown: Vec<Cow<'a, str>>,
}

/// What the rows of a table are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Events,
    Contacts,
}

/// A row of a table.
#[derive(Debug)]
pub(crate) enum GivenRow<'a> {
    Event(EventRow<'a>),
    Contact(ContactRow<'a>),
}

/// An event.
#[derive(Debug, Default)]
pub(crate) struct EventRow<'a> {
    /// Its row, if it has one of its own.
    pub(crate) place: Option<Place>,
    pub(crate) kind: Cell<'a>,
    pub(crate) at: Cell<'a>,
    pub(crate) id: Cell<'a>,
    pub(crate) fields: Entries<'a>,
}

/// A contact.
#[derive(Debug, Default)]
pub(crate) struct ContactRow<'a> {
    /// Its row, if it has one of its own.
    pub(crate) place: Option<Place>,
    pub(crate) at: Cell<'a>,
    pub(crate) channel: Cell<'a>,
    pub(crate) message: Cell<'a>,
    pub(crate) categories: Cell<'a>,
    pub(crate) rule: Cell<'a>,
    pub(crate) touch_id: Cell<'a>,
}

/// Reads a text that may also be written as a number.
pub(crate) fn text<'c>(cell: &'c Cell<'_>, what: &str) -> Result<Option<Cow<'c, str>>, String> {
    let text = cell.raw().text().map_err(|problem| format!("{what}: {}", problem.what))?;
    Ok(text.filter(|text| !text.is_empty()))
}

impl GivenUser<'_> {
    /// Who it is, for messages.
    pub(crate) fn id(&self) -> Option<Cow<'_, str>> {
        text(&self.id, "id").ok().flatten()
    }

    /// Makes the user of the builder's program; says how much was given twice. `joined` adds what tables beside the users
    /// hold of each part.
    pub(crate) fn bind(
        &self,
        builder: &mut UserBuilder<'_>,
        place: &Place,
        mut joined: impl FnMut(&mut UserBuilder<'_>, Part) -> Result<(), Reject>,
    ) -> Result<usize, Reject> {
        let known = self.id();
        let user = known.as_deref();
        let wrong = |reason: String| place.reject(user, reason);
        let bad = |error| place.reject_value(user, &error);
        let id =
            text(&self.id, "id").map_err(wrong)?.ok_or_else(|| place.reject(None, "there is no user id"))?;
        builder.begin(&id).map_err(bad)?;
        if let Some(name) = text(&self.timezone, "timezone").map_err(wrong)? {
            builder.timezone(&name).map_err(bad)?;
        }
        if let Some(tag) = text(&self.locale, "locale").map_err(wrong)? {
            builder.locale(&tag);
        }
        for (name, cell) in &self.attributes {
            builder.attribute(name, cell.raw()).map_err(bad)?;
        }
        for (channel, cell) in &self.consent {
            builder.consent(channel, cell.raw()).map_err(bad)?;
        }
        if let Some(addresses) = &self.addresses {
            builder.has_addresses();
            for (channel, cell) in addresses {
                builder.address(channel, cell.raw());
            }
        }
        for (row, number) in self.events.iter().zip(1..) {
            let own = row.place.as_ref().unwrap_or(place);
            row.bind(builder, number).map_err(|error| error.at(own, user))?;
        }
        joined(builder, Part::Events)?;
        for (row, number) in self.contacts.iter().zip(1..) {
            let own = row.place.as_ref().unwrap_or(place);
            row.bind(builder, number).map_err(|error| error.at(own, user))?;
        }
        joined(builder, Part::Contacts)?;
        builder.finish().map_err(bad)
    }
}

#[cfg(feature = "parquet")]
impl<'a> GivenUser<'a> {
    /// Takes in a row that is a part of the user.
    pub(crate) fn add(&mut self, row: GivenRow<'a>) {
        match row {
            GivenRow::Event(event) => self.events.push(event),
            GivenRow::Contact(contact) => self.contacts.push(contact),
        }
    }
}

impl GivenRow<'_> {
    /// Adds the row to its user.
    pub(crate) fn bind(
        &self,
        builder: &mut UserBuilder<'_>,
        place: &Place,
        user: Option<&str>,
    ) -> Result<(), Reject> {
        // It has a place of its own, so that its number is not asked for.
        let (own, bound) = match self {
            Self::Event(row) => (&row.place, row.bind(builder, 0)),
            Self::Contact(row) => (&row.place, row.bind(builder, 0)),
        };
        bound.map_err(|error| error.at(own.as_ref().unwrap_or(place), user))
    }
}

/// What is wrong with a row; its place is added.
enum RowError {
    Reason(String),
    Value(crate::snapshot::BindError),
}

impl RowError {
    fn at(self, place: &Place, user: Option<&str>) -> Reject {
        match self {
            Self::Reason(reason) => place.reject(user, reason),
            Self::Value(error) => place.reject_value(user, &error),
        }
    }
}

impl From<String> for RowError {
    fn from(reason: String) -> Self {
        Self::Reason(reason)
    }
}

impl From<crate::snapshot::BindError> for RowError {
    fn from(error: crate::snapshot::BindError) -> Self {
        Self::Value(error)
    }
}

/// How a row is called: by its number, if it has no line of its own.
fn called(what: &str, place: Option<&Place>, number: usize) -> String {
    match place {
        Some(_) => what.to_owned(),
        None => format!("{what} {number}"),
    }
}

impl EventRow<'_> {
    fn bind(&self, builder: &mut UserBuilder<'_>, number: usize) -> Result<(), RowError> {
        let name = || called("event", self.place.as_ref(), number);
        let kind = text(&self.kind, "type").map_err(|reason| format!("{}: {reason}", name()))?;
        let kind = kind.ok_or_else(|| format!("{}: it does not say which event it is (`type`)", name()))?;
        if !builder.knows_event(&kind) {
            builder.stray(Stray::Event, &kind);
            return Ok(());
        }
        let at = builder.instant(self.at.raw(), || format!("{} (`{kind}`), at", name()))?;
        let id = text(&self.id, "id").map_err(|reason| format!("{} (`{kind}`): {reason}", name()))?;
        let given = GivenEvent { kind: &kind, at, id: id.as_deref() };
        Ok(builder.event(given, self.fields.iter().map(|(name, cell)| (&**name, cell.raw())))?)
    }
}

impl ContactRow<'_> {
    fn bind(&self, builder: &mut UserBuilder<'_>, number: usize) -> Result<(), RowError> {
        let name = || called("contact", self.place.as_ref(), number);
        let read = |cell, what| text(cell, what).map_err(|reason| format!("{}: {reason}", name()));
        let at = builder.instant(self.at.raw(), || format!("{}, at", name()))?;
        let channel = read(&self.channel, "channel")?;
        let message = read(&self.message, "message")?;
        let rule = read(&self.rule, "rule")?;
        let touch_id = read(&self.touch_id, "touch_id")?;
        let categories = match &self.categories {
            Cell::Null => None,
            Cell::List(list) => {
                let mut names = Vec::with_capacity(list.len());
                for member in list {
                    let member = Raw::from(member).text();
                    names.extend(
                        member.map_err(|problem| format!("{}, categories: {}", name(), problem.what))?,
                    );
                }
                Some(names)
            }
            other => {
                let list = read(other, "categories")?;
                // As in a table: `promotion; care`.
                let members = list.as_deref().map(crate::snapshot::list_members);
                members.map(|members| members.map(|member| Cow::Owned(member.to_owned())).collect())
            }
        };
        builder.contact(&GivenContact {
            at,
            channel: channel.as_deref(),
            message: message.as_deref(),
            categories,
            rule: rule.as_deref(),
            touch_id: touch_id.as_deref(),
        })?;
        Ok(())
    }
}
