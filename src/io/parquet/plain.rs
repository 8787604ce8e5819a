//! Tables that are read by themselves.

use std::sync::Arc;

use super::{Column, file::ParquetFile, joined::SIZE};
use crate::io::{
    FileError,
    table::{Cells, Header},
};

/// A table.
pub(crate) struct ParquetTable(Arc<ParquetFile>);

impl ParquetTable {
    /// A table and its columns.
    pub(crate) fn new(file: ParquetFile) -> Result<(Self, Header), FileError> {
        let names = file.outline.columns.iter().map(|entry| entry.name.clone()).collect();
        let header = Header::of(&file.name, names)?;
        Ok((Self(Arc::new(file)), header))
    }

    /// Hands on each row and its number.
    pub(crate) fn read(&self, mut take: impl FnMut(u64, Cells<'_>)) -> Result<(), FileError> {
        let columns = &self.0.outline.columns;
        let leaves: Vec<usize> = columns.iter().flat_map(|entry| entry.leaves.iter().copied()).collect();
        let mut batches = self.0.read(&leaves, SIZE);
        while let Some((first, rows)) = batches.next()? {
            let decoded: Vec<Option<Column>> = columns.iter().map(|entry| entry.column(&rows)).collect();
            for (row, number) in (0..arrow_array::Array::len(&rows)).zip(first..) {
                take(number, Cells::Columns(&decoded, row));
            }
        }
        Ok(())
    }
}
