//! Blocks of lines, worked on by several threads, and their results in the order of the input.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Read, Write},
    path::Path,
    sync::{Mutex, PoisonError},
    thread,
};

use super::search::Reason;

/// How many bytes a thread takes at a time.
const BLOCK: usize = 4 << 20;

/// What the rows say, as Courtesy heads them.
const HEADER: &str = "user,at,local,zone,channel,message,language,categories,rule,step,occurrence,touch_id,due,\
    deadline,priority,with,moved_by\n";

/// What came of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Counts {
    pub users: u64,
    pub touches: u64,
    pub withheld: u64,
    /// By reason, in the order of [`Counts::reasons`].
    pub(super) reasons: [u64; Reason::COUNT],
    /// Lines that could not be read.
    pub rejected: u64,
}

impl Counts {
    pub(super) fn add(&mut self, other: &Self) {
        self.users += other.users;
        self.touches += other.touches;
        self.withheld += other.withheld;
        self.rejected += other.rejected;
        self.reasons.iter_mut().zip(other.reasons).for_each(|(sum, count)| *sum += count);
    }

    /// Why touches were withheld, and how many.
    pub fn reasons(&self) -> impl Iterator<Item = (&'static str, u64)> {
        Reason::CODES.into_iter().zip(self.reasons)
    }
}

/// A program that turns lines into rows.
pub trait Work: Default + Send {
    /// Works on whole lines.
    fn lines(&mut self, lines: &[u8], out: &mut Vec<u8>);

    /// What came of all lines so far.
    fn counts(&self) -> Counts;
}

struct Input {
    file: File,
    /// What was read and belongs to the next block.
    rest: Vec<u8>,
    number: u64,
}

impl Input {
    /// The next block, of whole lines.
    fn next(&mut self, block: &mut Vec<u8>) -> io::Result<Option<u64>> {
        block.clear();
        block.append(&mut self.rest);
        loop {
            let read = (&mut self.file).take(BLOCK as u64).read_to_end(block)?;
            let cut = match read {
                0 => block.len(),
                _ => match block.iter().rposition(|byte| *byte == b'\n') {
                    Some(last) => last + 1,
                    None => continue,
                },
            };
            self.rest.extend_from_slice(&block[cut..]);
            block.truncate(cut);
            self.number += 1;
            return Ok((!block.is_empty()).then_some(self.number - 1));
        }
    }
}

/// The schedule, written block by block.
pub(super) struct Output {
    file: File,
    /// The number of the block that is written next.
    next: u64,
    waiting: BTreeMap<u64, Vec<u8>>,
}

impl Output {
    /// Begins the file.
    pub(super) fn create(path: &Path) -> io::Result<Mutex<Self>> {
        let mut file = File::create(path)?;
        file.write_all(HEADER.as_bytes())?;
        Ok(Mutex::new(Self { file, next: 0, waiting: BTreeMap::new() }))
    }

    /// Writes the rows of the block of that number, as soon as those before it are written.
    pub(super) fn put(&mut self, number: u64, rows: Vec<u8>) -> io::Result<()> {
        self.waiting.insert(number, rows);
        while let Some(rows) = self.waiting.remove(&self.next) {
            self.file.write_all(&rows)?;
            self.next += 1;
        }
        Ok(())
    }
}

/// Runs the program over a file of JSON lines.
///
/// # Errors
///
/// Those of reading and writing.
pub fn run<W: Work>(input: &Path, output: &Path, threads: usize) -> io::Result<Counts> {
    let input = Mutex::new(Input { file: File::open(input)?, rest: Vec::new(), number: 0 });
    let output = Output::create(output)?;
    in_threads(threads, || {
        let mut work = W::default();
        let mut block = Vec::with_capacity(BLOCK + (1 << 16));
        loop {
            let number = input.lock().unwrap_or_else(PoisonError::into_inner).next(&mut block)?;
            let Some(number) = number else { return Ok(work.counts()) };
            let mut rows = Vec::with_capacity(BLOCK / 8);
            work.lines(&block, &mut rows);
            output.lock().unwrap_or_else(PoisonError::into_inner).put(number, rows)?;
        }
    })
}

/// Does the same work on so many threads, and sums up what came of it.
pub(super) fn in_threads(threads: usize, work: impl Fn() -> io::Result<Counts> + Sync) -> io::Result<Counts> {
    let mut counts = Counts::default();
    thread::scope(|scope| {
        let running: Vec<_> = (0..threads.max(1)).map(|_| scope.spawn(&work)).collect();
        for thread in running {
            match thread.join() {
                Ok(result) => counts.add(&result?),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        Ok(counts)
    })
}
