//! Tables of events and contacts beside the users, in whatever form they are.

use std::path::Path;

#[cfg(feature = "parquet")]
use super::parquet::{Key, ParquetFile, ParquetRows, ParquetUsers, RowRange};
use super::{
    Columns, DataFile, FileError, Reject,
    file::{self, Kind},
    joined::{JoinedTable, RawRows},
    table::{Header, JoinedLayout},
};

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

    /// The rows of a user, in the order of the file. Once for each user.
    pub(super) fn take(&mut self, user: &[u8], into: &mut Vec<TableRows>) -> Result<(), FileError> {
        match self {
            Self::Text(table) => table.take(user, |rows| into.push(TableRows::Text(rows))),
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

    /// Rows that ended before the column of the user id.
    pub(super) fn ownerless(&self) -> impl Iterator<Item = Reject> {
        let rows = match self {
            Self::Text(table) => table.ownerless.as_slice(),
            #[cfg(feature = "parquet")]
            Self::Parquet(_) => &[],
        };
        rows.iter().map(|place| place.reject(None, "the row ends before the column of the user id"))
    }

    /// What is to be said of rows of users who never came.
    pub(super) fn left_over(&self) -> Option<String> {
        let ((rows, users), layout) = match self {
            Self::Text(table) => (table.left_over(), &table.layout),
            #[cfg(feature = "parquet")]
            Self::Parquet(table) => (table.left_over(), &table.layout),
        };
        let name = &layout.header.source;
        let many =
            |count: u64, one: &str, more: &str| format!("{count} {}", if count == 1 { one } else { more });
        let rows_belong = many(rows, "row", "rows");
        let to = many(users, "user who is", "users who are");
        (rows > 0).then(|| format!("left out of `{name}`: {rows_belong} of {to} not among the users"))
    }
}
