//! Tables of events and contacts beside the users, in whatever form they are.

use std::path::Path;

#[cfg(feature = "parquet")]
use super::parquet::{Key, ParquetFile, ParquetRows, ParquetUsers, RowRange};
use super::{
    Columns, DataFile, FileError, Reject,
    error::Place,
    file::{self, Kind},
    given::{GivenRow, Part},
    joined::{JoinedTable, RawRows},
    table::{Header, JoinedLayout},
};
use crate::snapshot::UserBuilder;

/// A table whose rows belong to users.
pub(super) enum Table {
    Text(JoinedTable),
    #[cfg(feature = "parquet")]
    Parquet(Box<ParquetRows>),
}

/// Rows of one user.
pub(super) enum TableRows {
    Text(RawRows),
    #[cfg(feature = "parquet")]
    Parquet(RowRange),
}

/// Where the users are, for tables that can be read beside them.
#[cfg(feature = "parquet")]
pub(super) type Beside<'u> = Option<&'u ParquetUsers>;
#[cfg(not(feature = "parquet"))]
pub(super) type Beside<'u> = Option<&'u std::convert::Infallible>;

impl Table {
    /// Opens a table.
    pub(super) fn open(
        table: &DataFile,
        layout: fn(Header, &Columns) -> Result<JoinedLayout, FileError>,
        users: Beside<'_>,
    ) -> Result<Self, FileError> {
        if table.path == Path::new("-") {
            return Err(FileError::new("only users can be read from the standard input").help("give a file"));
        }
        let data = file::open(&table.path)?;
        #[cfg(feature = "parquet")]
        if data.kind == Kind::Parquet {
            let file = ParquetFile::open(&table.path)?;
            let rows = ParquetRows::open(file, &table.columns, layout, users)?;
            return Ok(Self::Parquet(Box::new(rows)));
        }
        let _ = users;
        let Kind::Table { delimiter } = data.kind else {
            return Err(FileError::new(format!("`{}` is not a table", data.name))
                .help("events and contacts beside the users come as tables; in JSON lines they are a part of the user"));
        };
        let layout = |header| layout(header, &table.columns);
        JoinedTable::open(&table.path, data, delimiter, layout).map(Self::Text)
    }

    /// The rows of a user, in the order of the file, as often as they come.
    pub(super) fn take(&mut self, user: &[u8], into: &mut Vec<TableRows>) -> Result<(), FileError> {
        match self {
            Self::Text(table) => {
                into.extend(table.take(user)?.map(TableRows::Text));
                Ok(())
            }
            #[cfg(feature = "parquet")]
            Self::Parquet(table) => match std::str::from_utf8(user) {
                Ok(user) => table.take(Key::Text(user), |rows| into.push(TableRows::Parquet(rows))),
                Err(_) => Ok(()),
            },
        }
    }

    /// The rows of a user of a Parquet file.
    #[cfg(feature = "parquet")]
    pub(super) fn take_key(&mut self, user: Key<'_>, into: &mut Vec<TableRows>) -> Result<(), FileError> {
        match self {
            Self::Text(_) => self.take(user.to_text().as_bytes(), into),
            Self::Parquet(table) => table.take(user, |rows| into.push(TableRows::Parquet(rows))),
        }
    }

    /// Begins anew, and reads only what the rules ask for.
    #[cfg(feature = "parquet")]
    pub(super) fn restart(&mut self, asked: super::parquet::Asked<'_>) -> Result<(), FileError> {
        match self {
            Self::Text(table) => table.restart(),
            Self::Parquet(table) => return table.restart(asked),
        }
        Ok(())
    }

    /// All users have come.
    pub(super) fn end(&mut self) -> Result<(), FileError> {
        match self {
            Self::Text(_) => Ok(()),
            #[cfg(feature = "parquet")]
            Self::Parquet(table) => table.end(),
        }
    }

    /// What reading rows failed with after their users were handed on, if it did.
    pub(super) fn failure(&self) -> Option<&FileError> {
        match self {
            Self::Text(table) => table.failure(),
            #[cfg(feature = "parquet")]
            Self::Parquet(_) => None,
        }
    }

    /// Hands on the rows that end before the column of the user id.
    pub(super) fn ownerless<E: From<FileError>>(
        &self,
        mut take: impl FnMut(Reject) -> Result<(), E>,
    ) -> Result<(), E> {
        match self {
            Self::Text(table) => table
                .ownerless(|place| take(place.reject(None, "the row ends before the column of the user id"))),
            #[cfg(feature = "parquet")]
            Self::Parquet(_) => Ok(()),
        }
    }

    /// What is to be said of rows of users who never came.
    pub(super) fn left_over(&self) -> Option<String> {
        let ((rows, users), layout) = match self {
            Self::Text(table) => (table.left_over(), table.layout()),
            #[cfg(feature = "parquet")]
            Self::Parquet(table) => (table.left_over(), &*table.layout),
        };
        let name = &layout.header.source;
        let many =
            |count: u64, one: &str, more: &str| format!("{count} {}", if count == 1 { one } else { more });
        let rows_belong = many(rows, "row", "rows");
        let to = many(users, "user who is", "users who are");
        (rows > 0).then(|| format!("left out of `{name}`: {rows_belong} of {to} not among the users"))
    }
}

impl TableRows {
    /// Whether they are events or contacts.
    pub(super) fn part(&self) -> Part {
        match self {
            Self::Text(rows) => rows.part(),
            #[cfg(feature = "parquet")]
            Self::Parquet(rows) => rows.batch.layout.part(),
        }
    }

    /// How many bytes of them are in memory, where they are no part of a batch.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Text(rows) => rows.size(),
            #[cfg(feature = "parquet")]
            Self::Parquet(_) => 0,
        }
    }

    /// Refuses rows that are more than a user may have, as far as that can be told without reading them: where all of
    /// them count.
    pub(super) fn must_be_few(&self, user: Option<&str>, builder: &UserBuilder<'_>) -> Result<(), Reject> {
        let rows = match self {
            Self::Text(rows) => rows,
            #[cfg(feature = "parquet")]
            Self::Parquet(_) => return Ok(()),
        };
        let room = match rows.part() {
            Part::Events if rows.only_event().is_some_and(|kind| builder.knows_event(kind)) => {
                builder.must_have_room_for_events(rows.count)
            }
            Part::Events => Ok(()),
            Part::Contacts => builder.must_have_room_for_contacts(rows.count),
        };
        room.map_err(|error| rows.place().reject_value(user, &error))
    }

    /// Hands on the rows one by one, and no more of them after the first that is wrong. `place` is that of their user.
    pub(super) fn each(
        &self,
        place: &Place,
        user: Option<&str>,
        mut take: impl FnMut(GivenRow<'_>) -> Result<(), Reject>,
    ) -> Result<(), Reject> {
        let _ = place;
        match self {
            Self::Text(rows) => rows.each(user, &mut take),
            #[cfg(feature = "parquet")]
            Self::Parquet(rows) => rows.rows.clone().try_for_each(|row| {
                let wrong = |reason| rows.batch.place(row).as_ref().unwrap_or(place).reject(user, reason);
                take(rows.batch.read(row).map_err(wrong)?)
            }),
        }
    }
}
