//! Rows that stand in no order, kept in memory and found by their user.

use std::sync::Arc;

use xxhash_rust::xxh3::xxh3_128;

use super::{
    Key,
    joined::{RowRange, Stream},
    rows::RowBatch,
};
use crate::io::FileError;

/// The most rows that are kept in memory.
pub(super) const MOST: u64 = 20_000_000;

/// Rows that stand in no order.
pub(super) struct Scattered {
    /// Until they are read.
    stream: Option<Stream>,
    batches: Vec<Arc<RowBatch>>,
    /// Every row, by a hash of its user's id and then as given.
    rows: Vec<Row>,
    /// The most rows of the table.
    most: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    user: u128,
    batch: u32,
    row: u32,
    is_taken: bool,
}

impl Scattered {
    pub(super) fn new(stream: Stream) -> Self {
        Self { stream: Some(stream), batches: Vec::new(), rows: Vec::new(), most: MOST }
    }

    /// With another limit.
    #[cfg(test)]
    pub(super) fn allow(&mut self, most: u64) {
        self.most = most;
    }

    /// Reads the rows, if that is not done.
    pub(super) fn load(&mut self) -> Result<(), FileError> {
        let Some(mut stream) = self.stream.take() else { return Ok(()) };
        let most = self.most;
        if stream.batches.file.rows() > most {
            let name = &stream.layout.header.source;
            return Err(FileError::new(format!(
                "`{name}` and the users are not both in the order of the user ids, and it has more than {most} rows"
            ))
            .help("sort both by user id: then they are read side by side"));
        }
        let short = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        while let Some(batch) = stream.next()? {
            let Some(keys) = batch.keys() else { continue };
            for row in 0..batch.count() {
                let user = match Key::of(keys, row) {
                    Some(Key::Text(text)) => xxh3_128(text.as_bytes()),
                    _ => xxh3_128(keys.shown(row).as_bytes()),
                };
                let (batch, row) = (short(self.batches.len()), short(row));
                self.rows.push(Row { user, batch, row, is_taken: false });
            }
            self.batches.push(batch);
        }
        self.rows.sort_unstable();
        Ok(())
    }

    /// Hands on the rows of a user, as often as they come.
    pub(super) fn take(&mut self, user: &str, mut take: impl FnMut(RowRange)) -> Result<(), FileError> {
        self.load()?;
        let user = xxh3_128(user.as_bytes());
        let start = self.rows.partition_point(|row| row.user < user);
        let rows = self.rows.get_mut(start..).unwrap_or_default();
        let count = rows.iter().take_while(|row| row.user == user).count();
        let rows = rows.get_mut(..count).unwrap_or_default();
        for run in rows.chunk_by_mut(|a, b| a.batch == b.batch && a.row.checked_add(1) == Some(b.row)) {
            run.iter_mut().for_each(|row| row.is_taken = true);
            let Some(first) = run.first() else { continue };
            let Some(batch) = self.batches.get(first.batch as usize) else { continue };
            let start = first.row as usize;
            take(RowRange { batch: Arc::clone(batch), rows: start..start.saturating_add(run.len()) });
        }
        Ok(())
    }

    /// How many rows are of users that never came, and of how many.
    pub(super) fn left_over(&self) -> (u64, u64) {
        let left = self.rows.chunk_by(|a, b| a.user == b.user);
        let left = left.filter(|rows| rows.first().is_some_and(|row| !row.is_taken));
        left.fold((0, 0), |(rows, users), more| {
            (rows.saturating_add(more.len() as u64), users.saturating_add(1))
        })
    }
}
