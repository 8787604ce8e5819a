//! Users, one after another, from JSON lines or from tables.

use std::{collections::VecDeque, path::PathBuf, sync::Arc};

use csv::ByteRecord;

#[cfg(feature = "parquet")]
use super::parquet::{ColumnBinder, ParquetFile, ParquetUsers, UserBatch};
use super::{
    Columns, FileError, Reject,
    blocks::Block,
    error::{Place, cannot_read_from},
    file::{self, Kind, LONGEST, Line, Lines, Source},
    given::{GivenRow, GivenUser, Part},
    json,
    rows::TableReader,
    table::{Cells, JoinedLayout, UsersLayout},
    tables::{Table, TableRows},
};
use crate::{
    program::Program,
    snapshot::{Names, UserBuilder},
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
    /// The users: JSON lines, a table, or Parquet.
    pub users: DataFile,
    /// Tables of events, as text or Parquet.
    pub events: Vec<DataFile>,
    /// Tables of contacts, as text or Parquet.
    pub contacts: Vec<DataFile>,
}

/// How many users are in a block that is no block of lines.
const BATCH: usize = 512;
/// How many bytes of users such a block has, unless its first one alone has more.
const MOST_IN_BATCH: usize = 1024 * 1024;
/// How many bytes of users are looked at before their turn, unless a single one has more.
const MOST_AHEAD: usize = 32 * 1024 * 1024;

enum Reader {
    Json(Lines<Source>),
    Table {
        reader: Box<TableReader<Source>>,
        layout: Arc<UsersLayout>,
    },
    /// The users that were decoded last, and which of them comes next.
    #[cfg(feature = "parquet")]
    Parquet {
        users: Box<ParquetUsers>,
        batch: Option<Arc<UserBatch>>,
        next: usize,
    },
}

/// Reads users one after another. Memory does not grow with the size of the users' file. Tables of events and contacts
/// take some 60 bytes a user as text; in Parquet nothing, if they and the users stand in the order of the user ids.
pub struct UserReader {
    name: Arc<str>,
    reader: Reader,
    tables: Vec<Table>,
    /// Users that were looked at before their turn.
    ahead: VecDeque<UserRecord>,
    /// Whether these are the last ones.
    has_read_all: bool,
}

/// A user as it stands in the files, not yet read.
pub struct UserRecord {
    pub(super) place: Place,
    body: Body,
    rows: Vec<TableRows>,
}

enum Body {
    Json(Vec<u8>),
    TooLong,
    Row(Arc<UsersLayout>, ByteRecord),
    #[cfg(feature = "parquet")]
    Parquet(Arc<UserBatch>, usize),
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
            #[cfg(feature = "parquet")]
            Kind::Parquet => {
                let file = ParquetFile::open(&files.users.path)?;
                let users = Box::new(ParquetUsers::open(file, &files.users.columns)?);
                Reader::Parquet { users, batch: None, next: 0 }
            }
            #[cfg(not(feature = "parquet"))]
            Kind::Parquet => return Err(FileError::new("this build cannot read Parquet files")),
        };
        let beside = match &reader {
            #[cfg(feature = "parquet")]
            Reader::Parquet { users, .. } => Some(&**users),
            _ => None,
        };
        let mut tables = Vec::new();
        for table in &files.events {
            tables.push(Table::open(table, JoinedLayout::events, beside)?);
        }
        for table in &files.contacts {
            tables.push(Table::open(table, JoinedLayout::contacts, beside)?);
        }
        Ok(Self { name, reader, tables, ahead: VecDeque::new(), has_read_all: false })
    }

    /// Rejects the user on that line (or in that row), since another one of that id came before.
    pub fn reject_doubles(&self) -> impl Fn(u64, &str) -> Reject + Send + Sync + use<> {
        let mut place = Place::line(&self.name, 0);
        place.is_row = !matches!(self.reader, Reader::Json(_) | Reader::Table { .. });
        move |line, user| Reject::double(&Place { line, ..place.clone() }, user)
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

    /// Looks at the next users without taking them: so many at the most, and fewer if they are large, since all of them
    /// are in memory.
    ///
    /// # Errors
    ///
    /// [`FileError`] if reading fails.
    pub fn look_ahead(&mut self, most: usize) -> Result<impl Iterator<Item = &UserRecord>, FileError> {
        let mut size = self.ahead.iter().map(UserRecord::size).fold(0, usize::saturating_add);
        while self.ahead.len() < most && size < MOST_AHEAD {
            match self.read_user()? {
                Some(record) => {
                    size = size.saturating_add(record.size());
                    self.ahead.push_back(record);
                }
                None => {
                    self.has_read_all = true;
                    break;
                }
            }
        }
        Ok(self.ahead.iter().take(most))
    }

    /// Whether there are no users but those who were looked at.
    #[must_use]
    pub fn has_read_all(&self) -> bool {
        self.has_read_all
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
            let has_more =
                lines.block(&mut spare.lines).map_err(|error| cannot_read_from(&self.name, &error))?;
            spare.source = Some(Arc::clone(&self.name));
            return Ok(has_more.then_some(spare));
        }
        let mut size = 0_usize;
        while spare.records.len() < BATCH && size < MOST_IN_BATCH {
            match self.next_user()? {
                Some(record) => {
                    size = size.saturating_add(record.size());
                    spare.records.push(record);
                }
                None => break,
            }
            // Lines come many at once as soon as those that were looked at are gone.
            if self.ahead.is_empty() && self.tables.is_empty() && matches!(self.reader, Reader::Json(_)) {
                break;
            }
        }
        Ok((!spare.records.is_empty()).then_some(spare))
    }

    /// Reads only what the rules ask for, if the files can be read in parts. To be said before users are taken; those
    /// that were looked at come once more.
    ///
    /// # Errors
    ///
    /// [`FileError`] if a file holds something else than the rules read from it.
    pub fn read_only(&mut self, program: &Program, names: &Names) -> Result<(), FileError> {
        #[cfg(feature = "parquet")]
        if let Reader::Parquet { users, batch, next } = &mut self.reader {
            let asked = Some((program, names));
            users.restart(asked)?;
            (*batch, *next) = (None, 0);
            self.ahead.clear();
            self.has_read_all = false;
            self.tables.iter_mut().try_for_each(|table| table.restart(asked))?;
        }
        let _ = (program, names);
        Ok(())
    }

    /// The next user of a Parquet file, with their rows of the tables.
    #[cfg(feature = "parquet")]
    fn read_parquet(&mut self) -> Result<Option<UserRecord>, FileError> {
        let Reader::Parquet { users, batch, next } = &mut self.reader else { return Ok(None) };
        if batch.as_ref().is_none_or(|batch| *next >= batch.count) {
            (*batch, *next) = (users.next()?, 0);
        }
        let Some(batch) = batch else { return Ok(None) };
        let user = *next;
        *next = next.saturating_add(1);
        let mut rows = Vec::with_capacity(self.tables.len());
        if !self.tables.is_empty() {
            let taken = batch.with_key(user, |key| {
                self.tables.iter_mut().try_for_each(|table| table.take_key(key, &mut rows))
            });
            taken.transpose()?;
        }
        let body = Body::Parquet(Arc::clone(batch), user);
        Ok(Some(UserRecord { place: batch.place(user), body, rows }))
    }

    fn read_user(&mut self) -> Result<Option<UserRecord>, FileError> {
        self.check()?;
        let record = self.read_record()?;
        if record.is_none() {
            self.tables.iter_mut().try_for_each(Table::end)?;
        }
        Ok(record)
    }

    fn read_record(&mut self) -> Result<Option<UserRecord>, FileError> {
        let place = |line| Place::line(&self.name, line);
        let mut record = match &mut self.reader {
            Reader::Json(lines) => {
                let line = lines.next().map_err(|error| cannot_read_from(&self.name, &error))?;
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
            #[cfg(feature = "parquet")]
            Reader::Parquet { .. } => return self.read_parquet(),
        };
        if !self.tables.is_empty() {
            let id = match &record.body {
                Body::Row(layout, row) => layout.id(row).map(<[u8]>::to_vec),
                Body::Json(line) => json::id(line).map(String::into_bytes),
                Body::TooLong => None,
                #[cfg(feature = "parquet")]
                Body::Parquet(..) => None,
            };
            for table in &mut self.tables {
                if let Some(id) = &id {
                    table.take(id, &mut record.rows)?;
                }
            }
        }
        Ok(Some(record))
    }

    /// Hands on what is wrong with rows of joined tables that end before the column of the user id.
    ///
    /// # Errors
    ///
    /// [`FileError`] of reading, or what `take` says.
    pub fn ownerless<E: From<FileError>>(
        &self,
        mut take: impl FnMut(Reject) -> Result<(), E>,
    ) -> Result<(), E> {
        self.tables.iter().try_for_each(|table| table.ownerless(&mut take))
    }

    /// Whether rows of all users who were handed on could be read.
    pub(crate) fn check(&self) -> Result<(), FileError> {
        self.tables.iter().find_map(Table::failure).map_or(Ok(()), |error| Err(error.clone()))
    }

    /// What is to be said of joined tables when all users are read: rows of users who are not among them.
    pub fn left_over(&self) -> impl Iterator<Item = String> {
        self.tables.iter().filter_map(Table::left_over)
    }
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

    /// The line that it begins on, or the number of its row.
    #[must_use]
    pub fn line_number(&self) -> u64 {
        self.place.line
    }

    /// Whether its parts are cells of columns.
    pub(super) fn has_columns(&self) -> bool {
        !matches!(self.body, Body::Json(_) | Body::TooLong)
    }

    /// The whole of it, if it is a line of JSON and nothing else.
    pub(super) fn line(&self) -> Option<&[u8]> {
        match &self.body {
            Body::Json(line) if self.rows.is_empty() => Some(line),
            _ => None,
        }
    }

    /// Makes the user of columns, if it stands in columns and all about it is usual.
    #[cfg(feature = "parquet")]
    pub(super) fn bind_columns(
        &self,
        binder: &mut ColumnBinder,
        builder: &mut UserBuilder<'_>,
    ) -> Option<usize> {
        let Body::Parquet(batch, user) = &self.body else { return None };
        let rows = self.rows.iter().map(|rows| match rows {
            TableRows::Parquet(rows) => Some((&rows.batch, rows.rows.clone())),
            TableRows::Text(_) => None,
        });
        binder.bind(batch, *user, rows, builder)
    }

    /// Reads it and hands it on, its texts still where they were read, without its rows of joined tables.
    pub(crate) fn with<T>(&self, use_it: impl FnOnce(Result<&GivenUser<'_>, Reject>) -> T) -> T {
        let given = match &self.body {
            Body::TooLong => Err(self.place.reject(None, "the line is longer than 64 MiB")),
            Body::Json(line) => {
                json::parse(line).map_err(|reason| self.place.reject(json::id(line).as_deref(), reason))
            }
            Body::Row(layout, row) => {
                let id = layout.id(row).and_then(|id| std::str::from_utf8(id).ok());
                layout.read(Cells::Texts(row)).map_err(|reason| self.place.reject(id, reason))
            }
            #[cfg(feature = "parquet")]
            Body::Parquet(batch, user) => batch.read(*user).map_err(|reason| {
                let id = batch.with_key(*user, |key| key.to_text());
                self.place.reject(id.as_deref(), reason)
            }),
        };
        match given {
            Ok(given) => use_it(Ok(&given)),
            Err(reject) => use_it(Err(reject)),
        }
    }

    /// Hands on its rows of joined tables, one by one as they are read: there may be very many.
    pub(crate) fn rows(
        &self,
        part: Part,
        user: Option<&str>,
        mut take: impl FnMut(GivenRow<'_>) -> Result<(), Reject>,
    ) -> Result<(), Reject> {
        let mut rows = self.rows.iter().filter(|rows| rows.part() == part);
        rows.try_for_each(|rows| rows.each(&self.place, user, &mut take))
    }

    /// Makes the user of the builder's program; says how much was given twice.
    pub(super) fn bind(&self, builder: &mut UserBuilder<'_>) -> Result<usize, Reject> {
        self.with(|given| {
            let given = given?;
            let id = given.id();
            let user = id.as_deref();
            given.bind(builder, &self.place, |builder, part| {
                self.rows.iter().filter(|rows| rows.part() == part).try_for_each(|rows| {
                    rows.must_be_few(user, builder)?;
                    rows.each(&self.place, user, |row| row.bind(builder, &self.place, user))
                })
            })
        })
    }

    /// How many bytes of it are in memory, where it is no part of a batch.
    fn size(&self) -> usize {
        let own = match &self.body {
            Body::Json(line) => line.len(),
            Body::Row(_, row) => row.as_slice().len(),
            Body::TooLong => 0,
            #[cfg(feature = "parquet")]
            Body::Parquet(..) => 0,
        };
        self.rows.iter().map(TableRows::size).fold(own, usize::saturating_add)
    }
}

#[cfg(test)]
#[path = "users_tests.rs"]
mod tests;
