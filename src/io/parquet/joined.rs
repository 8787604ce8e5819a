//! Tables of events and contacts in Parquet, joined to users by their ids.
//!
//! If users and rows both stand in the order of the user ids they are merged: each file is read once, from its start to
//! its end, in constant memory. Else the rows are kept in memory, as far as they are not too many.

use std::{cmp::Ordering, ops::Range, sync::Arc};

use super::{
    Column, ParquetUsers,
    column::Values,
    file::{Batches, ParquetFile},
    order,
    rows::{Asked, RowBatch, wanted},
    scattered::Scattered,
};
use crate::io::{
    Columns, FileError,
    table::{Header, JoinedLayout},
};

/// How many rows are decoded at a time.
pub(super) const SIZE: usize = 16 * 1024;

/// A table whose rows belong to users of another file.
pub(crate) struct ParquetRows {
    pub(crate) layout: Arc<JoinedLayout>,
    file: Arc<ParquetFile>,
    rows: Rows,
    /// Whether users and rows both stand in the order of their ids.
    is_ordered: bool,
}

enum Rows {
    Merged(Merged),
    Scattered(Scattered),
}

/// Some rows of one user.
#[derive(Debug, Clone)]
pub(crate) struct RowRange {
    pub(crate) batch: Arc<RowBatch>,
    pub(crate) rows: Range<usize>,
}

/// A user id as files give it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key<'a> {
    Whole(i64),
    Text(&'a str),
}

impl Key<'_> {
    /// The id in a row of that column, if it can be compared.
    pub(super) fn of(column: &Column, row: usize) -> Option<Key<'_>> {
        match &column.values {
            Values::Whole(values) if !column.is_null(row) => values.get(row).map(|value| Key::Whole(*value)),
            _ => column.text(row).map(Key::Text),
        }
    }

    pub(super) fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Whole(a), Self::Whole(b)) => a.cmp(b),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            // Files that differ in this are not merged.
            (Self::Whole(_), Self::Text(_)) => Ordering::Less,
            (Self::Text(_), Self::Whole(_)) => Ordering::Greater,
        }
    }

    pub(crate) fn to_text(self) -> String {
        match self {
            Self::Whole(value) => value.to_string(),
            Self::Text(text) => text.into(),
        }
    }
}

impl ParquetRows {
    /// Opens a table for those users, if they are in a Parquet file too.
    pub(crate) fn open(
        file: ParquetFile,
        columns: &Columns,
        layout: fn(Header, &Columns) -> Result<JoinedLayout, FileError>,
        users: Option<&ParquetUsers>,
    ) -> Result<Self, FileError> {
        let names = file.outline.columns.iter().map(|entry| entry.name.clone()).collect();
        let layout = Arc::new(layout(Header::of(&file.name, names)?, columns)?);
        let file = Arc::new(file);
        let key = layout.user.and_then(|index| file.outline.columns.get(index));
        let is_ordered = match (users.and_then(ParquetUsers::key), key) {
            (Some((users, id)), Some(key)) => {
                id.shape == key.shape && order::is_ascending(users, id)? && order::is_ascending(&file, key)?
            }
            _ => false,
        };
        let rows = Rows::begin(&file, &layout, is_ordered, None)?;
        Ok(Self { layout, file, rows, is_ordered })
    }

    /// Begins anew, and reads only what the rules ask for.
    pub(crate) fn restart(&mut self, asked: Asked<'_>) -> Result<(), FileError> {
        self.rows = Rows::begin(&self.file, &self.layout, self.is_ordered, asked)?;
        Ok(())
    }

    /// The rows of a user, in the order of the file. A user who comes again gets them again: if the first record of them
    /// cannot be read, the second must not look like somebody without a history.
    pub(crate) fn take(&mut self, user: Key<'_>, take: impl FnMut(RowRange)) -> Result<(), FileError> {
        match &mut self.rows {
            Rows::Merged(rows) => rows.take(user, take),
            Rows::Scattered(rows) => {
                let digits;
                let text = match user {
                    Key::Text(text) => text,
                    Key::Whole(_) => {
                        digits = user.to_text();
                        &digits
                    }
                };
                rows.take(text, take)
            }
        }
    }

    /// All users have come.
    pub(crate) fn end(&mut self) -> Result<(), FileError> {
        match &mut self.rows {
            Rows::Merged(rows) => rows.end(),
            Rows::Scattered(rows) => rows.load(),
        }
    }

    /// How many rows are of users that never came, and of how many.
    pub(crate) fn left_over(&self) -> (u64, u64) {
        match &self.rows {
            Rows::Merged(rows) => rows.left_over,
            Rows::Scattered(rows) => rows.left_over(),
        }
    }
}

impl Rows {
    fn begin(
        file: &Arc<ParquetFile>,
        layout: &Arc<JoinedLayout>,
        is_ordered: bool,
        asked: Asked<'_>,
    ) -> Result<Self, FileError> {
        let leaves = wanted(layout, &file.outline, asked)?;
        let stream = Stream { layout: Arc::clone(layout), batches: file.read(&leaves, SIZE) };
        Ok(if is_ordered {
            Self::Merged(Merged::new(stream))
        } else {
            Self::Scattered(Scattered::new(stream))
        })
    }
}

/// The rows of a table, some at a time.
pub(super) struct Stream {
    pub(super) layout: Arc<JoinedLayout>,
    pub(super) batches: Batches,
}

impl Stream {
    pub(super) fn next(&mut self) -> Result<Option<Arc<RowBatch>>, FileError> {
        let Some((first, rows)) = self.batches.next()? else { return Ok(None) };
        let entries = &self.batches.file.outline.columns;
        Ok(Some(Arc::new(RowBatch::new(&self.layout, entries, &rows, Some(first)))))
    }
}

/// Rows in the order of the users.
struct Merged {
    stream: Stream,
    batch: Option<Arc<RowBatch>>,
    /// The next row of the batch.
    next: usize,
    /// Whose rows were read last.
    latest: Option<OwnedKey>,
    /// Which user came last.
    user: Option<OwnedKey>,
    /// The rows of that user, should they come again.
    rows_of_user: Vec<RowRange>,
    /// Rows of users that never came, and how many these are.
    left_over: (u64, u64),
    /// Whether rows without a user id came, which count as those of one user.
    has_nameless: bool,
}

/// Reuses its text from user to user.
#[derive(Debug, Default)]
struct OwnedKey {
    whole: Option<i64>,
    text: String,
}

impl OwnedKey {
    fn set(slot: &mut Option<Self>, key: Key<'_>) {
        let owned = slot.get_or_insert_default();
        owned.text.clear();
        owned.whole = None;
        match key {
            Key::Whole(value) => owned.whole = Some(value),
            Key::Text(text) => owned.text.push_str(text),
        }
    }

    fn key(&self) -> Key<'_> {
        self.whole.map_or(Key::Text(&self.text), Key::Whole)
    }
}

impl Merged {
    fn new(stream: Stream) -> Self {
        Self {
            stream,
            batch: None,
            next: 0,
            latest: None,
            user: None,
            rows_of_user: Vec::new(),
            left_over: (0, 0),
            has_nameless: false,
        }
    }

    /// The batch that has the next row.
    fn batch(&mut self) -> Result<Option<Arc<RowBatch>>, FileError> {
        if self.batch.as_ref().is_none_or(|batch| self.next >= batch.count()) {
            self.batch = self.stream.next()?;
            self.next = 0;
        }
        Ok(self.batch.clone())
    }

    fn take(&mut self, user: Key<'_>, mut take: impl FnMut(RowRange)) -> Result<(), FileError> {
        match self.user.as_ref().map(|before| before.key().order(&user)) {
            Some(Ordering::Greater) => {
                let before = self.user.as_ref().map(|before| before.key().to_text()).unwrap_or_default();
                return Err(FileError::new(format!(
                    "the users are not in the order of their ids: `{}` comes after `{}`",
                    crate::snapshot::shown(&user.to_text()),
                    crate::snapshot::shown(&before)
                ))
                .help("sort all files by user id"));
            }
            Some(Ordering::Equal) => {
                self.rows_of_user.iter().cloned().for_each(take);
                return Ok(());
            }
            _ => OwnedKey::set(&mut self.user, user),
        }
        self.rows_of_user.clear();
        while let Some(batch) = self.batch()? {
            let Some((key, rows)) = self.run(&batch)? else { continue };
            match key.order(&user) {
                Ordering::Greater => break,
                Ordering::Equal => {
                    self.next = rows.end;
                    OwnedKey::set(&mut self.latest, key);
                    let range = RowRange { batch: Arc::clone(&batch), rows };
                    self.rows_of_user.push(range.clone());
                    take(range);
                }
                Ordering::Less => {
                    self.next = rows.end;
                    self.leave(rows.len(), key);
                }
            }
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), FileError> {
        while let Some(batch) = self.batch()? {
            if let Some((key, rows)) = self.run(&batch)? {
                self.next = rows.end;
                self.leave(rows.len(), key);
            }
        }
        Ok(())
    }

    /// Passes over rows of a user who never came.
    fn leave(&mut self, rows: usize, key: Key<'_>) {
        let is_new = self.latest.as_ref().is_none_or(|latest| latest.key() != key);
        let (all, users) = self.left_over;
        self.left_over = (all.saturating_add(rows as u64), users.saturating_add(u64::from(is_new)));
        OwnedKey::set(&mut self.latest, key);
    }

    /// The rows of the user whose turn it is, as far as they are in the batch. Rows of nobody are passed over.
    fn run<'b>(&mut self, batch: &'b RowBatch) -> Result<Option<(Key<'b>, Range<usize>)>, FileError> {
        let Some(keys) = batch.keys() else { return Ok(None) };
        let start = self.next;
        let Some(key) = Key::of(keys, start) else {
            let rows = (start..batch.count()).take_while(|row| Key::of(keys, *row).is_none()).count();
            self.next = start.saturating_add(rows);
            let (all, users) = self.left_over;
            self.left_over =
                (all.saturating_add(rows as u64), users.saturating_add(u64::from(!self.has_nameless)));
            self.has_nameless = true;
            return Ok(None);
        };
        if let Some(latest) = &self.latest
            && latest.key().order(&key) == Ordering::Greater
        {
            let (source, line) =
                (&self.stream.layout.header.source, batch.place(start).map_or(0, |place| place.line));
            return Err(FileError::new(format!(
                "`{source}` is not in the order of the user ids: row {line} (user `{}`) comes after user `{}`",
                crate::snapshot::shown(&key.to_text()),
                crate::snapshot::shown(&latest.key().to_text())
            ))
            .help("sort it by user id"));
        }
        let length = (start..batch.count()).take_while(|row| Key::of(keys, *row) == Some(key)).count();
        Ok(Some((key, start..start.saturating_add(length))))
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::{ArrayRef, RecordBatch, StringArray};
    use parquet::arrow::ArrowWriter;

    use super::*;

    /// Rows of so many users in no order, of which so many may be.
    fn taken(users: &[&str], most: u64) -> Result<usize, FileError> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("events.parquet");
        let users: ArrayRef = Arc::new(StringArray::from(users.to_vec()));
        let rows = RecordBatch::try_from_iter([("user", users)]).unwrap();
        let out = std::fs::File::create(&path).unwrap();
        let mut writer = ArrowWriter::try_new(out, rows.schema(), None).unwrap();
        writer.write(&rows).unwrap();
        writer.close().unwrap();
        let columns = "at=:2026-01-01,type=:order".parse().unwrap();
        let mut table =
            ParquetRows::open(ParquetFile::open(&path).unwrap(), &columns, JoinedLayout::events, None)?;
        match &mut table.rows {
            Rows::Scattered(rows) => rows.allow(most),
            Rows::Merged(_) => panic!("without users nothing is in their order"),
        }
        let mut count = 0;
        table.take(Key::Text("b"), |range| count += range.rows.len())?;
        Ok(count)
    }

    #[test]
    fn rows_in_no_order_are_kept_up_to_so_many() {
        assert_eq!(taken(&["b", "a", "b"], 3), Ok(2));
        let error = taken(&["b", "a", "b"], 2).unwrap_err();
        assert!(
            error.problem.ends_with("are not both in the order of the user ids, and it has more than 2 rows"),
            "{error}"
        );
        assert_eq!(super::super::scattered::MOST, 20_000_000, "as docs/limits.md says");
    }
}
