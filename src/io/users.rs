//! Users, one after another, from JSON lines or from tables.

use std::{collections::VecDeque, path::PathBuf, sync::Arc};

use csv::ByteRecord;

use super::{
    Columns, FileError, Reject,
    blocks::Block,
    error::{Place, reason},
    file::{self, Kind, LONGEST, Line, Lines, Source},
    given::GivenUser,
    joined::{JoinedTable, RawRows},
    json,
    rows::TableReader,
    table::{JoinedLayout, UsersLayout},
};
/// A data file and which of its columns mean what.
#[derive(Debug, Clone, Default)]
pub struct DataFile {
    /// Where it is; `-` is the standard input.
    pub path: PathBuf,
    /// Which columns mean what; the others are found by name.
    pub columns: Columns,
}

/// Where users, their events and their contacts are.
#[derive(Debug, Clone, Default)]
pub struct DataFiles {
    /// The users: JSON lines, or a table.
    pub users: DataFile,
    /// Tables of events.
    pub events: Vec<DataFile>,
    /// Tables of contacts.
    pub contacts: Vec<DataFile>,
}

/// How many users are in a block that is no block of lines.
const BATCH: usize = 512;

enum Reader {
    Json(Lines<Source>),
    Table { reader: Box<TableReader<Source>>, layout: Arc<UsersLayout> },
}

/// Reads users one after another. Memory does not grow with the size of the users' file; tables of events and contacts
/// take some 60 bytes a user, see [`DataFiles`].
pub struct UserReader {
    name: Arc<str>,
    reader: Reader,
    tables: Vec<JoinedTable>,
    /// Users that were looked at before their turn.
    ahead: VecDeque<UserRecord>,
}

/// A user as it stands in the files, not yet read.
pub struct UserRecord {
    pub(super) place: Place,
    body: Body,
    rows: Vec<RawRows>,
}

enum Body {
    Json(Vec<u8>),
    TooLong,
    Row(Arc<UsersLayout>, ByteRecord),
}

impl UserReader {
    /// Opens the files.
    ///
    /// # Errors
    ///
    /// [`FileError`] if one cannot be read, or it cannot be told which column means what.
    pub fn open(files: &DataFiles) -> Result<Self, FileError> {
        let data = file::open(&files.users.path)?;
        let name = data.name;
        let reader = match data.kind {
            Kind::JsonLines => {
                if !files.users.columns.is_empty() {
                    return Err(FileError::new(format!("`{name}` is JSON lines and has no columns"))
                        .help("leave out --users-columns"));
                }
                Reader::Json(Lines::new(data.reader, LONGEST))
            }
            Kind::Table { delimiter } => {
                let (reader, header) = TableReader::new(&name, delimiter, data.reader)?;
                let layout = UsersLayout::new(header, &files.users.columns)?;
                Reader::Table { reader: Box::new(reader), layout: Arc::new(layout) }
            }
        };
        let mut tables = Vec::new();
        for table in &files.events {
            tables
                .push(JoinedTable::open(&table.path, |header| JoinedLayout::events(header, &table.columns))?);
        }
        for table in &files.contacts {
            tables.push(JoinedTable::open(&table.path, |header| {
                JoinedLayout::contacts(header, &table.columns)
            })?);
        }
        Ok(Self { name, reader, tables, ahead: VecDeque::new() })
    }

    /// What the file of users is called in messages.
    #[must_use]
    pub fn name(&self) -> Arc<str> {
        Arc::clone(&self.name)
    }

    /// The next user; `None` at the end.
    ///
    /// # Errors
    ///
    /// [`FileError`] if reading fails. A record that is wrong in itself is found by [`Binder::bind`](super::Binder::bind).
    pub fn next_user(&mut self) -> Result<Option<UserRecord>, FileError> {
        match self.ahead.pop_front() {
            Some(record) => Ok(Some(record)),
            None => self.read_user(),
        }
    }

    /// Looks at the next users, so many at the most, without taking them.
    ///
    /// # Errors
    ///
    /// [`FileError`] if reading fails.
    pub fn look_ahead(&mut self, most: usize) -> Result<impl Iterator<Item = &UserRecord>, FileError> {
        while self.ahead.len() < most {
            match self.read_user()? {
                Some(record) => self.ahead.push_back(record),
                None => break,
            }
        }
        Ok(self.ahead.iter().take(most))
    }

    /// The next users; `None` at the end. `spare` is a block whose memory may be used again.
    pub(crate) fn next_block(&mut self, mut spare: Block) -> Result<Option<Block>, FileError> {
        spare.records.clear();
        spare.lines.clear();
        spare.source = None;
        if let Reader::Json(lines) = &mut self.reader
            && self.ahead.is_empty()
            && self.tables.is_empty()
        {
            let has_more = lines.block(&mut spare.lines).map_err(|error| cannot(&self.name, &error))?;
            spare.source = Some(Arc::clone(&self.name));
            return Ok(has_more.then_some(spare));
        }
        while spare.records.len() < BATCH {
            match self.next_user()? {
                Some(record) => spare.records.push(record),
                None => break,
            }
            // Lines come many at once as soon as those that were looked at are gone.
            if self.ahead.is_empty() && self.tables.is_empty() && matches!(self.reader, Reader::Json(_)) {
                break;
            }
        }
        Ok((!spare.records.is_empty()).then_some(spare))
    }

    fn read_user(&mut self) -> Result<Option<UserRecord>, FileError> {
        let place = |line| Place { source: Arc::clone(&self.name), line };
        let mut record = match &mut self.reader {
            Reader::Json(lines) => {
                let line = lines.next().map_err(|error| cannot(&self.name, &error))?;
                let body = match line {
                    None => return Ok(None),
                    Some(Line::TooLong) => Body::TooLong,
                    Some(Line::Bytes(bytes)) => Body::Json(bytes),
                };
                UserRecord { place: place(lines.number), body, rows: Vec::new() }
            }
            Reader::Table { reader, layout } => {
                let mut row = ByteRecord::new();
                if reader.read(&mut row)?.is_none() {
                    return Ok(None);
                }
                let place = place(reader.line);
                UserRecord { place, body: Body::Row(Arc::clone(layout), row), rows: Vec::new() }
            }
        };
        if !self.tables.is_empty() {
            let id = match &record.body {
                Body::Row(layout, row) => layout.id(row).map(<[u8]>::to_vec),
                Body::Json(line) => json::id(line).map(String::into_bytes),
                Body::TooLong => None,
            };
            for table in &mut self.tables {
                if let Some(id) = &id {
                    table.take(id, &mut record.rows)?;
                }
            }
        }
        Ok(Some(record))
    }

    /// Rows of joined tables that ended before the column of the user id, as far as the tables were read.
    pub fn ownerless(&self) -> impl Iterator<Item = Reject> {
        self.tables.iter().flat_map(|table| {
            let rows = table.ownerless.iter();
            rows.map(|place| place.reject(None, "the row ends before the column of the user id"))
        })
    }

    /// What is to be said of joined tables when all users are read: rows of users who are not among them.
    pub fn left_over(&self) -> impl Iterator<Item = String> {
        self.tables.iter().filter_map(|table| {
            let (rows, users) = table.left_over();
            let name = &table.layout.header.source;
            let many = |count: u64, one: &str, more: &str| {
                format!("{count} {}", if count == 1 { one } else { more })
            };
            let rows_belong = many(rows, "row", "rows");
            let to = many(users, "user who is", "users who are");
            (rows > 0).then(|| format!("left out of `{name}`: {rows_belong} of {to} not among the users"))
        })
    }
}

fn cannot(name: &str, error: &std::io::Error) -> FileError {
    FileError::new(format!("cannot read `{name}`: {}", reason(error)))
}

impl UserRecord {
    /// One that is filled later.
    pub(super) fn empty(place: Place) -> Self {
        Self { place, body: Body::TooLong, rows: Vec::new() }
    }

    /// Takes in a line of JSON, or one that is too long.
    pub(super) fn refill(&mut self, number: u64, line: Option<&[u8]>) {
        self.place.line = number;
        match (&mut self.body, line) {
            (Body::Json(bytes), Some(line)) => {
                bytes.clear();
                bytes.extend_from_slice(line);
            }
            (body, Some(line)) => *body = Body::Json(line.to_vec()),
            (body, None) => *body = Body::TooLong,
        }
    }

    /// The line that it begins on.
    #[must_use]
    pub fn line_number(&self) -> u64 {
        self.place.line
    }

    /// The whole of it, if it is a line of JSON and nothing else.
    pub(super) fn line(&self) -> Option<&[u8]> {
        match &self.body {
            Body::Json(line) if self.rows.is_empty() => Some(line),
            _ => None,
        }
    }

    /// Reads it and hands it on, its texts still where they were read.
    pub(crate) fn with<T>(&self, use_it: impl FnOnce(Result<&GivenUser<'_>, Reject>) -> T) -> T {
        let wrong = |reason: String| self.place.reject(None, reason);
        let given = match &self.body {
            Body::TooLong => Err(wrong("the line is longer than 64 MiB".into())),
            Body::Json(line) => json::parse(line).map_err(wrong),
            Body::Row(layout, row) => {
                let id = layout.id(row).and_then(|id| std::str::from_utf8(id).ok());
                layout.read(row).map_err(|reason| self.place.reject(id, reason))
            }
        };
        let mut given = match given {
            Ok(given) => given,
            Err(reject) => return use_it(Err(reject)),
        };
        let id = given.id().map(std::borrow::Cow::into_owned);
        let mut parsed = Vec::new();
        for rows in &self.rows {
            let source = &rows.layout.header.source;
            match rows.parse() {
                Ok(list) => parsed.extend(list.into_iter().map(|(line, row)| {
                    let place = Place { source: Arc::clone(source), line };
                    (&*rows.layout, place, row)
                })),
                Err(error) => return use_it(Err(self.place.reject(id.as_deref(), error.to_string()))),
            }
        }
        // The rows are read in one go so that the user can borrow from all of them.
        for (layout, place, row) in &parsed {
            if let Err(reason) = layout.read(row, place.clone(), &mut given) {
                return use_it(Err(place.reject(id.as_deref(), reason)));
            }
        }
        use_it(Ok(&given))
    }
}

#[cfg(test)]
#[path = "users_tests.rs"]
mod tests;
