//! Users worked on by all processors, results in the order of the input.

use std::{
    collections::BTreeMap,
    num::NonZeroUsize,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    thread,
};

use hashbrown::HashTable;
use xxhash_rust::xxh3::xxh3_128;

use super::{FileError, UserReader, blocks::Block, blocks::Records};

/// More threads than this are no help to anybody, and each takes memory.
pub const MOST_THREADS: NonZeroUsize = NonZeroUsize::MIN.saturating_add(1023);

/// How many blocks may wait for one before them that takes longer.
const MOST_WAITING: u64 = 8;

/// Works on each user of a reader, on so many threads (one for each processor if not told, [`MOST_THREADS`] at the most), and hands the results on in the order of the input.
///
/// Each thread takes a block of users, works on it and takes the next; so memory stays the same however many users there
/// are. `prepare` makes what a thread keeps from block to block, `work` adds the results of a block, `take` is given all
/// results, one thread at a time.
///
/// # Errors
///
/// [`FileError`] of reading, or what `take` says.
pub fn for_each_user<S, T: Send, E: From<FileError> + Send>(
    reader: &mut UserReader,
    threads: Option<NonZeroUsize>,
    prepare: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, &mut Records<'_>, &mut Vec<T>) + Sync,
    take: impl FnMut(T) -> Result<(), E> + Send,
) -> Result<(), E> {
    let line = Line {
        source: Mutex::new(Source { reader, next: 0, is_over: false, error: None, spare: Vec::new() }),
        sink: Mutex::new(Sink { take, next: 0, waiting: BTreeMap::new(), stopped: false, error: None }),
        turn: Condvar::new(),
    };
    let worker = || {
        // Whoever waits for a thread that broke down would wait for ever.
        let _stop = StopIfPanicking(&line);
        let mut tool = prepare();
        while let Some((number, mut block)) = line.next_block() {
            let mut results = Vec::new();
            work(&mut tool, &mut block.records(), &mut results);
            line.give_back(block);
            line.hand_on(number, results);
        }
    };
    thread::scope(|scope| {
        let all = threads.or_else(|| thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN);
        let all = all.min(MOST_THREADS).get();
        for _ in 1..all {
            // Those that there are do all the work if there may be no more.
            let _ = thread::Builder::new().spawn_scoped(scope, worker);
        }
        worker();
    });
    let Line { source, sink, .. } = line;
    let sink = sink.into_inner().unwrap_or_else(PoisonError::into_inner);
    let source = source.into_inner().unwrap_or_else(PoisonError::into_inner);
    match (sink.error, source.error) {
        (Some(error), _) => Err(error),
        (None, Some(error)) => Err(error.into()),
        // Rows of the last users may have been read after the reader had come to its end.
        (None, None) => Ok(source.reader.check()?),
    }
}

/// From the reader to whoever takes the results.
struct Line<'r, T, E, F> {
    source: Mutex<Source<'r>>,
    sink: Mutex<Sink<T, E, F>>,
    /// Results were handed on.
    turn: Condvar,
}

struct Source<'r> {
    reader: &'r mut UserReader,
    /// The number of the next block.
    next: u64,
    is_over: bool,
    error: Option<FileError>,
    /// Blocks that were worked on, whose memory is used again.
    spare: Vec<Block>,
}

struct Sink<T, E, F> {
    take: F,
    /// The number of the block whose results come next.
    next: u64,
    waiting: BTreeMap<u64, Vec<T>>,
    stopped: bool,
    error: Option<E>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<T, E, F: FnMut(T) -> Result<(), E>> Line<'_, T, E, F> {
    fn next_block(&self) -> Option<(u64, Block)> {
        let mut source = lock(&self.source);
        if source.is_over {
            return None;
        }
        let spare = source.spare.pop().unwrap_or_default();
        match source.reader.next_block(spare) {
            Ok(Some(block)) => {
                let number = source.next;
                source.next = number.saturating_add(1);
                return Some((number, block));
            }
            Ok(None) => {}
            Err(error) => source.error = Some(error),
        }
        source.is_over = true;
        None
    }

    fn give_back(&self, block: Block) {
        lock(&self.source).spare.push(block);
    }

    /// Hands on the results of a block when those of all before it are.
    fn hand_on(&self, number: u64, results: Vec<T>) {
        let mut guard = lock(&self.sink);
        while !guard.stopped && number > guard.next.saturating_add(MOST_WAITING) {
            guard = self.turn.wait(guard).unwrap_or_else(PoisonError::into_inner);
        }
        let sink = &mut *guard;
        sink.waiting.insert(number, results);
        while !sink.stopped
            && let Some(results) = sink.waiting.remove(&sink.next)
        {
            if let Err(error) = results.into_iter().try_for_each(&mut sink.take) {
                sink.error = Some(error);
                sink.stopped = true;
            }
            sink.next = sink.next.saturating_add(1);
        }
        let stopped = sink.stopped;
        drop(guard);
        self.turn.notify_all();
        if stopped {
            lock(&self.source).is_over = true;
        }
    }
}

struct StopIfPanicking<'l, 'r, T, E, F>(&'l Line<'r, T, E, F>);

impl<T, E, F> Drop for StopIfPanicking<'_, '_, T, E, F> {
    fn drop(&mut self) {
        if thread::panicking() {
            lock(&self.0.source).is_over = true;
            lock(&self.0.sink).stopped = true;
            self.0.turn.notify_all();
        }
    }
}

/// Ids that were seen. A user who is given twice would be contacted twice.
///
/// It keeps a hash of each, some 20 to 40 bytes a user.
#[derive(Debug, Default)]
pub struct SeenUsers(HashTable<u128>);

/// The part of a hash that a table wants.
fn part(hash: &u128) -> u64 {
    (*hash >> 64) as u64
}

impl SeenUsers {
    /// Whether the id is new; from now on it is not.
    pub fn is_new(&mut self, id: &str) -> bool {
        let hash = xxh3_128(id.as_bytes());
        if self.0.find(part(&hash), |known| *known == hash).is_some() {
            return false;
        }
        self.0.insert_unique(part(&hash), hash, part);
        true
    }

    /// Whether the id was seen.
    #[must_use]
    pub fn is_known(&self, id: &str) -> bool {
        let hash = xxh3_128(id.as_bytes());
        self.0.find(part(&hash), |known| *known == hash).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::{DataFile, DataFiles};

    fn reader(users: usize) -> (tempfile::NamedTempFile, UserReader) {
        let file = tempfile::NamedTempFile::new().unwrap();
        let filler = "x".repeat(4000);
        let lines = (0..users).map(|user| format!("{{\"id\":\"u{user}\",\"odd\":\"{filler}\"}}\n"));
        std::fs::write(file.path(), lines.collect::<String>()).unwrap();
        let users = DataFile { path: file.path().into(), ..DataFile::default() };
        let reader = UserReader::open(&DataFiles { users, ..DataFiles::default() }).unwrap();
        (file, reader)
    }

    #[test]
    fn results_come_in_the_order_of_the_input() {
        for threads in [1, 2, 5] {
            let (_file, mut reader) = reader(2_000);
            let mut found = Vec::new();
            for_each_user(
                &mut reader,
                NonZeroUsize::new(threads),
                || (),
                |(), records, results| {
                    while let Some(record) = records.next() {
                        results.push(record.line_number());
                    }
                    // Early blocks take longest.
                    if results.first().is_some_and(|line| line % 3 == 1) {
                        thread::sleep(std::time::Duration::from_millis(20));
                    }
                },
                |line| -> Result<(), FileError> {
                    found.push(line);
                    Ok(())
                },
            )
            .unwrap();
            assert!(found.into_iter().eq(1..=2_000), "{threads}");
        }
    }

    #[test]
    fn a_failure_ends_it() {
        let (_file, mut reader) = reader(2_000);
        let mut taken = 0;
        let result = for_each_user(
            &mut reader,
            NonZeroUsize::new(3),
            || (),
            |(), records, results| {
                while let Some(record) = records.next() {
                    results.push(record.line_number());
                }
            },
            |_| {
                taken += 1;
                if taken == 300 { Err(FileError::new("full")) } else { Ok(()) }
            },
        );
        assert_eq!(result.unwrap_err().problem, "full");
        assert_eq!(taken, 300);
    }

    #[test]
    #[should_panic(expected = "scoped thread panicked")]
    fn a_thread_that_breaks_down_does_not_leave_the_others_waiting() {
        let (_file, mut reader) = reader(20_000);
        let worker = thread::current().id();
        let _ = for_each_user(
            &mut reader,
            NonZeroUsize::new(2),
            || (),
            |(), records, results: &mut Vec<()>| {
                while records.next().is_some() {}
                results.push(());
                assert!(thread::current().id() == worker, "breaks down");
                thread::sleep(std::time::Duration::from_millis(5));
            },
            |()| Ok::<(), FileError>(()),
        );
    }
}
