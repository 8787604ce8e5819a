//! Tables: which column means what, and rows read accordingly.

use std::{borrow::Cow, sync::Arc};

use csv::ByteRecord;

use super::{
    Columns, FileError,
    columns::ColumnSource,
    error::Place,
    given::{Cell, ContactRow, Entries, EventRow, GivenUser},
};

/// A meaning that a column may have, and the names it has in tables that nobody prepared.
pub(super) struct Role {
    name: &'static str,
    aliases: &'static [&'static str],
}

pub(super) const fn role(name: &'static str, aliases: &'static [&'static str]) -> Role {
    Role { name, aliases }
}

const ID: Role = role("id", &["user_id", "user", "userid", "customer_id", "customerid"]);
const TIMEZONE: Role = role("timezone", &["time_zone", "tz"]);
const LOCALE: Role = role("locale", &["language", "lang"]);
pub(super) const USER: Role = role("user", &["user_id", "userid", "customer_id", "customerid"]);
pub(super) const AT: Role = role("at", &["time", "timestamp", "datetime", "date"]);
const TYPE: Role = role("type", &["event", "event_type"]);
const EVENT_ID: Role = role("id", &["event_id"]);
pub(super) const CHANNEL: Role = role("channel", &[]);
pub(super) const MESSAGE: Role = role("message", &["message_id", "template"]);
pub(super) const CATEGORIES: Role = role("categories", &["category"]);
pub(super) const RULE: Role = role("rule", &[]);
const TOUCH_ID: Role = role("touch_id", &["touch"]);

/// Where a value of a row comes from.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Take {
    Column(usize),
    Constant(Box<str>),
}

/// The header of a table.
#[derive(Debug, Clone)]
pub(crate) struct Header {
    pub(crate) source: Arc<str>,
    names: Vec<String>,
}

impl Header {
    pub(crate) fn new(source: &Arc<str>, record: &ByteRecord) -> Result<Self, FileError> {
        let mut names: Vec<String> = Vec::new();
        for cell in record {
            let name = std::str::from_utf8(cell).map_err(|_| {
                FileError::new(format!("the header of `{source}` is not UTF-8 text"))
                    .help("save it as `CSV UTF-8`")
            })?;
            let name = name.trim();
            if !name.is_empty() && names.iter().any(|known| known == name) {
                return Err(
                    FileError::new(format!("`{source}` has two columns named `{name}`")).help("rename one")
                );
            }
            names.push(name.into());
        }
        if names.iter().all(String::is_empty) {
            return Err(FileError::new(format!("`{source}` is empty"))
                .help("a table begins with a line of column names; JSON lines hold one object each"));
        }
        Ok(Self { source: Arc::clone(source), names })
    }

    /// The column of that name, whatever its case and the spaces in it.
    fn find(&self, name: &str) -> Option<usize> {
        let plain = |name: &str| name.to_lowercase().replace([' ', '-'], "_");
        let exactly = self.names.iter().position(|known| known == name);
        exactly.or_else(|| self.names.iter().position(|known| plain(known) == plain(name)))
    }

    fn take(&self, source: &ColumnSource) -> Result<Take, FileError> {
        match source {
            ColumnSource::Constant(text) => Ok(Take::Constant(text.as_str().into())),
            ColumnSource::Column(name) => self.find(name).map(Take::Column).ok_or_else(|| {
                FileError::new(format!("`{}` has no column `{name}`", self.source)).help(self.list_columns())
            }),
        }
    }

    fn list_columns(&self) -> String {
        let names: Vec<_> = self.names.iter().filter(|name| !name.is_empty()).map(String::as_str).collect();
        format!("its columns are {}", names.join(", "))
    }

    /// Where a meaning is found: as the user says, else by name.
    pub(super) fn role(&self, columns: &Columns, role: &Role) -> Result<Option<Take>, FileError> {
        match columns.get(role.name) {
            Some(source) => self.take(source).map(Some),
            None => {
                let mut names = std::iter::once(&role.name).chain(role.aliases);
                Ok(names.find_map(|name| self.find(name)).map(Take::Column))
            }
        }
    }

    pub(super) fn needed(
        &self,
        columns: &Columns,
        role: &Role,
        option: &str,
        what: &str,
    ) -> Result<Take, FileError> {
        self.role(columns, role)?.ok_or_else(|| {
            let hint = match role.name {
                "type" => "type=:order` (every row is an order) or `type=kind",
                "at" if option == "--events-columns" => "at=order_date",
                "at" => "at=send_time",
                "channel" => "channel=:sms` (every row goes over it) or `channel=medium",
                "message" => "message=:news` (every row sends it) or `message=template",
                name if name == USER.name => "user=customer_no",
                _ => "id=customer_no",
            };
            FileError::new(format!("`{}` has no column for {what}", self.source))
                .help(format!("name it, such as `{option} {hint}`; {}", self.list_columns()))
        })
    }

    /// All columns that have no role, under their own names, and what the user maps besides.
    fn others(&self, columns: &Columns, roles: &[&Role]) -> Result<Vec<(String, Take)>, FileError> {
        let mut taken = Vec::new();
        for role in roles {
            taken.extend(self.role(columns, role)?);
        }
        let is_role = |name: &str| roles.iter().any(|role| role.name == name);
        let mut others = Vec::new();
        for (name, source) in columns.iter().filter(|(name, _)| !is_role(name)) {
            others.push((name.to_owned(), self.take(source)?));
        }
        for (index, name) in self.names.iter().enumerate() {
            let is_taken = is_role(name) || taken.contains(&Take::Column(index));
            if !name.is_empty() && !is_taken && !others.iter().any(|(known, _)| known == name) {
                others.push((name.clone(), Take::Column(index)));
            }
        }
        Ok(others)
    }
}

/// The table of users.
#[derive(Debug)]
pub(crate) struct UsersLayout {
    pub(crate) header: Header,
    id: Take,
    timezone: Option<Take>,
    locale: Option<Take>,
    consent: Vec<(String, Take)>,
    addresses: Vec<(String, Take)>,
    attributes: Vec<(String, Take)>,
}

impl UsersLayout {
    pub(crate) fn new(header: Header, columns: &Columns) -> Result<Self, FileError> {
        let mut consent = Vec::new();
        let mut addresses = Vec::new();
        let mut attributes = Vec::new();
        for (name, take) in header.others(columns, &[&ID, &TIMEZONE, &LOCALE])? {
            let (kind, rest) = name.split_once('.').unwrap_or(("", &name));
            match kind {
                "consent" => consent.push((rest.to_owned(), take)),
                "address" | "addresses" => addresses.push((rest.to_owned(), take)),
                "attributes" => attributes.push((rest.to_owned(), take)),
                _ => attributes.push((name, take)),
            }
        }
        Ok(Self {
            id: header.needed(columns, &ID, "--users-columns", "the user id")?,
            timezone: header.role(columns, &TIMEZONE)?,
            locale: header.role(columns, &LOCALE)?,
            consent,
            addresses,
            attributes,
            header,
        })
    }

    pub(crate) fn id<'r>(&self, record: &'r ByteRecord) -> Option<&'r [u8]> {
        match self.id {
            Take::Column(index) => record.get(index).map(plain),
            Take::Constant(_) => None,
        }
    }

    pub(crate) fn read<'r>(&'r self, record: &'r ByteRecord) -> Result<GivenUser<'r>, String> {
        check_width(&self.header, record)?;
        let row = Row { header: &self.header, record };
        Ok(GivenUser {
            id: row.cell(&self.id)?,
            timezone: row.maybe(self.timezone.as_ref())?,
            locale: row.maybe(self.locale.as_ref())?,
            attributes: row.entries(&self.attributes)?,
            consent: row.entries(&self.consent)?,
            addresses: if self.addresses.is_empty() { None } else { Some(row.entries(&self.addresses)?) },
            ..GivenUser::default()
        })
    }
}

/// A table of events or of contacts.
#[derive(Debug)]
pub(crate) struct JoinedLayout {
    pub(crate) header: Header,
    user: usize,
    at: Take,
    rows: Rows,
}

#[derive(Debug)]
enum Rows {
    Events {
        kind: Take,
        id: Option<Take>,
        fields: Vec<(String, Take)>,
    },
    Contacts {
        channel: Option<Take>,
        message: Option<Take>,
        categories: Option<Take>,
        rule: Option<Take>,
        touch_id: Option<Take>,
    },
}

impl JoinedLayout {
    pub(crate) fn events(header: Header, columns: &Columns) -> Result<Self, FileError> {
        const OPTION: &str = "--events-columns";
        Ok(Self {
            user: user_column(&header, columns, OPTION)?,
            at: header.needed(columns, &AT, OPTION, "the time of the event")?,
            rows: Rows::Events {
                kind: header.needed(columns, &TYPE, OPTION, "which event it is")?,
                id: header.role(columns, &EVENT_ID)?,
                fields: header.others(columns, &[&USER, &AT, &TYPE, &EVENT_ID])?,
            },
            header,
        })
    }

    pub(crate) fn contacts(header: Header, columns: &Columns) -> Result<Self, FileError> {
        const OPTION: &str = "--contacts-columns";
        const KNOWN: [&Role; 7] = [&USER, &AT, &CHANNEL, &MESSAGE, &CATEGORIES, &RULE, &TOUCH_ID];
        if let Some((name, _)) = columns.iter().find(|(name, _)| !KNOWN.iter().any(|role| role.name == *name))
        {
            let known: Vec<_> = KNOWN.iter().map(|role| role.name).collect();
            return Err(FileError::new(format!("a contact has no `{name}`"))
                .help(format!("it has {}", known.join(", "))));
        }
        Ok(Self {
            user: user_column(&header, columns, OPTION)?,
            at: header.needed(columns, &AT, OPTION, "the time of the contact")?,
            rows: Rows::Contacts {
                channel: header.role(columns, &CHANNEL)?,
                message: header.role(columns, &MESSAGE)?,
                categories: header.role(columns, &CATEGORIES)?,
                rule: header.role(columns, &RULE)?,
                touch_id: header.role(columns, &TOUCH_ID)?,
            },
            header,
        })
    }

    /// Whose row it is; `None` if it ends before that column.
    pub(crate) fn user<'r>(&self, record: &'r ByteRecord) -> Option<&'r [u8]> {
        record.get(self.user).map(plain)
    }

    /// Adds the row to the user.
    pub(crate) fn read<'r>(
        &'r self,
        record: &'r ByteRecord,
        place: Place,
        user: &mut GivenUser<'r>,
    ) -> Result<(), String> {
        check_width(&self.header, record)?;
        let row = Row { header: &self.header, record };
        let place = Some(place);
        let at = row.cell(&self.at)?;
        match &self.rows {
            Rows::Events { kind, id, fields } => user.events.push(EventRow {
                place,
                at,
                kind: row.cell(kind)?,
                id: row.maybe(id.as_ref())?,
                fields: row.entries(fields)?,
            }),
            Rows::Contacts { channel, message, categories, rule, touch_id } => {
                user.contacts.push(ContactRow {
                    place,
                    at,
                    channel: row.maybe(channel.as_ref())?,
                    message: row.maybe(message.as_ref())?,
                    categories: row.maybe(categories.as_ref())?,
                    rule: row.maybe(rule.as_ref())?,
                    touch_id: row.maybe(touch_id.as_ref())?,
                })
            }
        }
        Ok(())
    }
}

/// Rows of one user are brought together by a column; a constant would give all of them to one.
fn user_column(header: &Header, columns: &Columns, option: &str) -> Result<usize, FileError> {
    match header.needed(columns, &USER, option, "the user id")? {
        Take::Column(index) => Ok(index),
        Take::Constant(_) => {
            Err(FileError::new(format!("all rows of `{}` would be one user's", header.source))
                .help("name the column of the user id, such as user=customer_no"))
        }
    }
}

pub(super) fn check_width(header: &Header, record: &ByteRecord) -> Result<(), String> {
    let (found, wanted) = (record.len(), header.names.len());
    if found == wanted {
        return Ok(());
    }
    let cells = if found == 1 { "cell" } else { "cells" };
    Err(format!("the row has {found} {cells}, the header {wanted}"))
}

/// A cell without the apostrophe that keeps spreadsheets from taking it for a formula, as our own tables write it.
fn plain(cell: &[u8]) -> &[u8] {
    match cell {
        [b'\'', rest @ ..] if matches!(rest.first(), Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r')) => rest,
        _ => cell,
    }
}

/// A row, being read.
#[derive(Clone, Copy)]
pub(super) struct Row<'r> {
    pub(super) header: &'r Header,
    pub(super) record: &'r ByteRecord,
}

impl<'r> Row<'r> {
    /// The cell; an empty one is nothing.
    pub(super) fn cell(self, take: &'r Take) -> Result<Cell<'r>, String> {
        let text = match take {
            Take::Constant(text) => &**text,
            Take::Column(index) => {
                let bytes = plain(self.record.get(*index).unwrap_or_default());
                std::str::from_utf8(bytes).map_err(|_| {
                    let name = self.header.names.get(*index).map_or("", String::as_str);
                    format!("the cell under `{name}` is not UTF-8 text: save the table as `CSV UTF-8`")
                })?
            }
        };
        Ok(if text.is_empty() { Cell::Null } else { Cell::Text(Cow::Borrowed(text)) })
    }

    pub(super) fn maybe(self, take: Option<&'r Take>) -> Result<Cell<'r>, String> {
        take.map_or(Ok(Cell::Null), |take| self.cell(take))
    }

    fn entries(self, takes: &'r [(String, Take)]) -> Result<Entries<'r>, String> {
        let entries = takes.iter().map(|(name, take)| Ok((Cow::Borrowed(name.as_str()), self.cell(take)?)));
        entries.collect()
    }
}
