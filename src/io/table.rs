//! Tables: which column means what, and rows read accordingly.

use std::{borrow::Cow, collections::HashSet, sync::Arc};

use csv::ByteRecord;

#[cfg(feature = "parquet")]
use super::parquet::Column;
use super::{
    Columns, FileError,
    columns::ColumnSource,
    error::Place,
    formulas::unmarked,
    given::{Cell, ContactRow, Entries, EventRow, GivenRow, GivenUser, Part},
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
            names.push(name.trim().into());
        }
        if names.iter().all(String::is_empty) {
            return Err(FileError::new(format!("`{source}` is empty"))
                .help("a table begins with a line of column names; JSON lines hold one object each"));
        }
        Self::of(source, names)
    }

    /// With those names; an empty one is that of a column without a name.
    pub(crate) fn of(source: &Arc<str>, names: Vec<String>) -> Result<Self, FileError> {
        let mut known = HashSet::new();
        for name in names.iter().filter(|name| !name.is_empty()) {
            if !known.insert(name.as_str()) {
                return Err(
                    FileError::new(format!("`{source}` has two columns named `{name}`")).help("rename one")
                );
            }
        }
        Ok(Self { source: Arc::clone(source), names })
    }

    /// What a column is called.
    pub(super) fn name(&self, index: usize) -> &str {
        self.names.get(index).map_or("", String::as_str)
    }

    /// The column of that name, whatever its case and the spaces in it.
    fn find(&self, name: &str) -> Option<usize> {
        let plain = |name: &str| name.to_lowercase().replace([' ', '-'], "_");
        let exactly = self.names.iter().position(|known| known == name);
        let wanted = plain(name);
        exactly.or_else(|| self.names.iter().position(|known| plain(known) == wanted))
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

    /// Where a part of an event or contact within its user is found.
    #[cfg(feature = "parquet")]
    fn needed_within(&self, name: &'static str, list: &str, known: &str) -> Result<Take, FileError> {
        self.role(&Columns::default(), &role(name, &[]))?.ok_or_else(|| {
            FileError::new(format!("the {list} of `{}` have no `{name}`", self.source)).help(format!(
                "they have {known}; {}",
                self.list_columns().replace("its columns", "here they")
            ))
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
        // Each name of the header is there once.
        let mapped: HashSet<String> = others.iter().map(|(name, _)| name.clone()).collect();
        for (index, name) in self.names.iter().enumerate() {
            let is_taken = is_role(name) || taken.contains(&Take::Column(index));
            if !name.is_empty() && !is_taken && !mapped.contains(name) {
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
    pub(super) id: Take,
    pub(super) timezone: Option<Take>,
    pub(super) locale: Option<Take>,
    pub(super) consent: Vec<(String, Take)>,
    pub(super) addresses: Vec<(String, Take)>,
    pub(super) attributes: Vec<(String, Take)>,
}

impl UsersLayout {
    pub(crate) fn new(header: Header, columns: &Columns) -> Result<Self, FileError> {
        let mut consent = Vec::new();
        let mut addresses = Vec::new();
        let mut attributes = Vec::new();
        for (name, take) in header.others(columns, &[&ID, &TIMEZONE, &LOCALE])? {
            let (kind, rest) = name.split_once('.').unwrap_or(("", &name));
            match kind {
                // However it is written: an opt-out must not be lost.
                _ if kind.eq_ignore_ascii_case("consent") => consent.push((rest.to_owned(), take)),
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
            Take::Column(index) => record.get(index).map(unmarked),
            Take::Constant(_) => None,
        }
    }

    pub(crate) fn read<'r>(&'r self, cells: Cells<'r>) -> Result<GivenUser<'r>, String> {
        let row = Row::new(&self.header, cells)?;
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
    /// The column of the user id; `None` if the rows are parts of their users.
    pub(super) user: Option<usize>,
    pub(super) at: Take,
    pub(super) rows: Rows,
}

/// What the rows are.
#[derive(Debug)]
pub(super) enum Rows {
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
            user: Some(user_column(&header, columns, OPTION)?),
            at: header.needed(columns, &AT, OPTION, "the time of the event")?,
            rows: Rows::Events {
                kind: header.needed(columns, &TYPE, OPTION, "which event it is")?,
                id: header.role(columns, &EVENT_ID)?,
                fields: header.others(columns, &[&USER, &AT, &TYPE, &EVENT_ID])?,
            },
            header,
        })
    }

    /// Events that are parts of their users, under the names that JSON lines have.
    #[cfg(feature = "parquet")]
    pub(crate) fn events_within(header: Header) -> Result<Self, FileError> {
        let columns = &Columns::default();
        let needed = |name| header.needed_within(name, "events", "type, at and perhaps id");
        Ok(Self {
            user: None,
            at: needed("at")?,
            rows: Rows::Events {
                kind: needed("type")?,
                id: header.role(columns, &role("id", &[]))?,
                fields: header.others(columns, &[&role("at", &[]), &role("type", &[]), &role("id", &[])])?,
            },
            header,
        })
    }

    /// Contacts that are parts of their users, under the names that JSON lines have.
    #[cfg(feature = "parquet")]
    pub(crate) fn contacts_within(header: Header) -> Result<Self, FileError> {
        const KNOWN: &str = "at, channel, message, categories, rule and touch_id";
        let plain = |name| header.role(&Columns::default(), &role(name, &[]));
        Ok(Self {
            user: None,
            at: header.needed_within("at", "contacts", KNOWN)?,
            rows: Rows::Contacts {
                channel: plain("channel")?,
                message: plain("message")?,
                categories: plain("categories")?,
                rule: plain("rule")?,
                touch_id: plain("touch_id")?,
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
            user: Some(user_column(&header, columns, OPTION)?),
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
        record.get(self.user?).map(unmarked)
    }

    /// Whether its rows are events or contacts.
    pub(crate) fn part(&self) -> Part {
        match self.rows {
            Rows::Events { .. } => Part::Events,
            Rows::Contacts { .. } => Part::Contacts,
        }
    }

    /// The event that every row is, if the whole table has one.
    pub(crate) fn only_event(&self) -> Option<&str> {
        match &self.rows {
            Rows::Events { kind: Take::Constant(kind), .. } => Some(kind),
            _ => None,
        }
    }

    /// Reads a row.
    pub(crate) fn read<'r>(&'r self, cells: Cells<'r>, place: Option<Place>) -> Result<GivenRow<'r>, String> {
        let row = Row::new(&self.header, cells)?;
        let at = row.cell(&self.at)?;
        Ok(match &self.rows {
            Rows::Events { kind, id, fields } => GivenRow::Event(EventRow {
                place,
                at,
                kind: row.cell(kind)?,
                id: row.maybe(id.as_ref())?,
                fields: row.fields(fields)?,
            }),
            Rows::Contacts { channel, message, categories, rule, touch_id } => {
                GivenRow::Contact(ContactRow {
                    place,
                    at,
                    channel: row.maybe(channel.as_ref())?,
                    message: row.maybe(message.as_ref())?,
                    categories: row.maybe(categories.as_ref())?,
                    rule: row.maybe(rule.as_ref())?,
                    touch_id: row.maybe(touch_id.as_ref())?,
                })
            }
        })
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

/// The cells of a row.
#[derive(Clone, Copy)]
pub(crate) enum Cells<'r> {
    /// Texts.
    Texts(&'r ByteRecord),
    /// The row of that number of typed columns. Those that nothing asks for are not there.
    #[cfg(feature = "parquet")]
    Columns(&'r [Option<Column>], usize),
}

/// A row, being read.
#[derive(Clone, Copy)]
pub(super) struct Row<'r> {
    header: &'r Header,
    cells: Cells<'r>,
}

impl<'r> Row<'r> {
    /// A row under that header.
    pub(super) fn new(header: &'r Header, cells: Cells<'r>) -> Result<Self, String> {
        let wanted = header.names.len();
        let found = match cells {
            Cells::Texts(record) => record.len(),
            #[cfg(feature = "parquet")]
            Cells::Columns(..) => wanted,
        };
        if found != wanted {
            let cells = if found == 1 { "cell" } else { "cells" };
            return Err(format!("the row has {found} {cells}, the header {wanted}"));
        }
        Ok(Self { header, cells })
    }

    /// The cell; an empty one is nothing.
    pub(super) fn cell(self, take: &'r Take) -> Result<Cell<'r>, String> {
        let text = match (take, self.cells) {
            (Take::Constant(text), _) => &**text,
            (Take::Column(index), Cells::Texts(record)) => {
                let bytes = unmarked(record.get(*index).unwrap_or_default());
                std::str::from_utf8(bytes).map_err(|_| {
                    let name = self.header.name(*index);
                    format!("the cell under `{name}` is not UTF-8 text: save the table as `CSV UTF-8`")
                })?
            }
            #[cfg(feature = "parquet")]
            (Take::Column(index), Cells::Columns(columns, row)) => {
                let cell = columns.get(*index).and_then(Option::as_ref).map(|column| column.cell(row));
                return cell.unwrap_or(Ok(Cell::Null)).map_err(|problem| {
                    let name = self.header.name(*index);
                    format!("the value under `{name}` {problem}")
                });
            }
        };
        Ok(if text.is_empty() { Cell::Null } else { Cell::Text(Cow::Borrowed(text)) })
    }

    pub(super) fn maybe(self, take: Option<&'r Take>) -> Result<Cell<'r>, String> {
        take.map_or(Ok(Cell::Null), |take| self.cell(take))
    }

    /// The fields of an event. What is nothing in a typed column is no field of its type.
    fn fields(self, takes: &'r [(String, Take)]) -> Result<Entries<'r>, String> {
        let mut entries = self.entries(takes)?;
        if !matches!(self.cells, Cells::Texts(_)) {
            entries.retain(|(_, cell)| *cell != Cell::Null);
        }
        Ok(entries)
    }

    fn entries(self, takes: &'r [(String, Take)]) -> Result<Entries<'r>, String> {
        let entries = takes.iter().map(|(name, take)| Ok((Cow::Borrowed(name.as_str()), self.cell(take)?)));
        entries.collect()
    }
}
