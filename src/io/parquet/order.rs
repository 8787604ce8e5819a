//! Whether a file stands in the order of its ids.

use std::{cmp::Ordering, sync::Arc};

use parquet::file::statistics::Statistics;

use super::{
    Key,
    file::ParquetFile,
    joined::SIZE,
    outline::{Entry, Shape},
};
use crate::io::FileError;

/// With so many row groups, whose bounds the file tells, their order tells that of the rows. Whether that is so
/// shows when they are read.
const GROUPS: usize = 4;

/// Whether the rows stand in the order of that column. Rows without an id do not count.
pub(super) fn is_ascending(file: &Arc<ParquetFile>, key: &Entry) -> Result<bool, FileError> {
    if !matches!(key.shape, Shape::Text | Shape::Whole) {
        return Ok(false);
    }
    if file.groups() >= GROUPS && has_ascending_bounds(file, key) {
        return Ok(true);
    }
    let mut batches = file.read(&key.leaves, SIZE);
    let mut latest: Option<String> = None;
    while let Some((_, rows)) = batches.next()? {
        let Some(column) = key.column(&rows) else { return Ok(false) };
        let mut before: Option<Key<'_>> = None;
        for row in 0..column.len() {
            let Some(id) = Key::of(&column, row) else { continue };
            let is_before = match (&before, &latest) {
                (Some(before), _) => before.order(&id) == Ordering::Greater,
                (None, Some(latest)) => {
                    key.shape.key(latest).is_none_or(|latest| latest.order(&id) == Ordering::Greater)
                }
                (None, None) => false,
            };
            if is_before {
                return Ok(false);
            }
            before = Some(id);
        }
        latest = before.map(Key::to_text).or(latest);
    }
    Ok(true)
}

/// Whether each row group begins where the one before it ends, or later.
fn has_ascending_bounds(file: &ParquetFile, key: &Entry) -> bool {
    let Some(&leaf) = key.leaves.first() else { return false };
    let bounds: Option<Vec<_>> = file.statistics(leaf).collect();
    let Some(bounds) = bounds else { return false };
    bounds.windows(2).all(|pair| match pair {
        [Statistics::Int64(a), Statistics::Int64(b)] => is_before(a.max_opt(), b.min_opt()),
        [Statistics::Int32(a), Statistics::Int32(b)] => is_before(a.max_opt(), b.min_opt()),
        [Statistics::ByteArray(a), Statistics::ByteArray(b)] => {
            is_before(a.max_opt().map(|bytes| bytes.data()), b.min_opt().map(|bytes| bytes.data()))
        }
        _ => false,
    })
}

fn is_before<T: Ord>(last: Option<T>, first: Option<T>) -> bool {
    last.zip(first).is_some_and(|(last, first)| last <= first)
}
