//! Users worked on by all processors, results in the order of the input.

use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
};

use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_128;

use super::{FileError, UserReader, UserRecord};

/// How many users are read before they are worked on.
const BATCH: usize = 1024;

/// How many users one thread takes at a time.
const SHARE: usize = 32;

/// Works on each user of a reader, on all threads of the current pool, and hands the results on in the order of the
/// input. While one batch is worked on the next is read, so that memory stays the same however many users there are.
///
/// `prepare` makes what a thread keeps from user to user.
///
/// # Errors
///
/// [`FileError`] of reading, or what `take` says.
pub fn for_each_user<S: Send, T: Send, E: From<FileError> + Send>(
    reader: &mut UserReader,
    prepare: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, &UserRecord) -> T + Sync,
    mut take: impl FnMut(T) -> Result<(), E> + Send,
) -> Result<(), E> {
    let tools: Mutex<Vec<S>> = Mutex::new(Vec::new());
    let share = |records: &[UserRecord]| -> Vec<T> {
        let spare = tools.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut tool = spare.unwrap_or_else(&prepare);
        let results = records.iter().map(|record| work(&mut tool, record)).collect();
        tools.lock().unwrap_or_else(PoisonError::into_inner).push(tool);
        results
    };
    let mut batch = read_batch(reader)?;
    while !batch.is_empty() {
        let (results, next) =
            rayon::join(|| batch.par_chunks(SHARE).map(share).collect::<Vec<_>>(), || read_batch(reader));
        for result in results.into_iter().flatten() {
            take(result)?;
        }
        batch = next?;
    }
    Ok(())
}

fn read_batch(reader: &mut UserReader) -> Result<Vec<UserRecord>, FileError> {
    let mut batch = Vec::with_capacity(BATCH);
    while batch.len() < BATCH {
        match reader.next_user()? {
            Some(record) => batch.push(record),
            None => break,
        }
    }
    Ok(batch)
}

/// Ids that were seen. A user who is given twice would be contacted twice.
///
/// It keeps a hash of each, some 20 bytes a user.
#[derive(Debug, Default)]
pub struct SeenUsers(HashSet<u128>);

impl SeenUsers {
    /// Whether the id is new; from now on it is not.
    pub fn is_new(&mut self, id: &str) -> bool {
        self.0.insert(xxh3_128(id.as_bytes()))
    }

    /// Whether the id was seen.
    #[must_use]
    pub fn is_known(&self, id: &str) -> bool {
        self.0.contains(&xxh3_128(id.as_bytes()))
    }
}
