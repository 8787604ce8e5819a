//! Tables of events and contacts, joined to users by their ids.
//!
//! A first pass notes where the rows of each user are: some 60 bytes a user if the rows of each stand together, and 24
//! bytes more for every further place. The rows themselves stay in the file until their user comes, and those of a user
//! who has many until they are asked for one by one.

use std::{
    collections::HashMap,
    fs::File,
    io::{self, BufReader, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use csv::ByteRecord;
use xxhash_rust::xxh3::xxh3_128;

#[cfg(test)]
use super::Columns;
use super::{
    FileError, Reject,
    error::{Place, cannot_read, reason},
    file::{self, DataReader},
    given::{GivenRow, Part},
    pieces::{Pieces, Stop},
    rows::{Extent, TableReader},
    table::{Cells, Header, JoinedLayout},
};

/// Rows of one user that stand together.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    offset: u64,
    length: u32,
    /// The line of the first.
    line: u32,
    /// How many rows.
    rows: u32,
    /// The next stretch of this user, or `NONE`.
    next: u32,
}

const NONE: u32 = u32::MAX;

/// Rows of a user that take no more bytes than these are read in one go when the user comes.
const SHORT: u64 = 16 * 1024;

/// The stretches of one user.
#[derive(Debug, Clone, Copy)]
struct Chain {
    first: u32,
    last: u32,
    is_taken: bool,
}

/// A table whose rows belong to users of another.
pub(crate) struct JoinedTable {
    rows: Arc<TableFile>,
    path: PathBuf,
    /// For rows that are read when their user comes.
    file: BufReader<File>,
    position: u64,
    /// By a hash of the user id.
    chains: HashMap<u128, Chain>,
    /// Whether there are rows that end before the column of the user id.
    has_ownerless: bool,
}

/// Where the rows of a table are, for all who read them.
#[derive(Debug)]
struct TableFile {
    layout: JoinedLayout,
    delimiter: u8,
    has_old_breaks: bool,
    stretches: Vec<Stretch>,
    /// For rows that are read one by one.
    file: Mutex<File>,
    /// What reading failed with, if it did: then no user can be trusted to have all of their rows.
    failure: OnceLock<FileError>,
}

/// The rows of one user, in the order of the file.
#[derive(Debug)]
pub(crate) struct RawRows {
    table: Arc<TableFile>,
    first: u32,
    /// How many there are.
    pub(crate) count: u64,
    /// All of them, if they are few.
    bytes: Option<Vec<u8>>,
}

impl JoinedTable {
    /// Opens a table and notes where the rows of each user are.
    pub(crate) fn open(
        path: &Path,
        data: DataReader,
        delimiter: u8,
        layout: impl FnOnce(Header) -> Result<JoinedLayout, FileError>,
    ) -> Result<Self, FileError> {
        Self::open_within(path, data, delimiter, layout, NONE)
    }

    /// The same, with a limit to the places at which rows of a user begin.
    fn open_within(
        path: &Path,
        data: DataReader,
        delimiter: u8,
        layout: impl FnOnce(Header) -> Result<JoinedLayout, FileError>,
        most_places: u32,
    ) -> Result<Self, FileError> {
        let (mut table, header) = TableReader::new(&data.name, delimiter, data.reader)?;
        let layout = layout(header)?;
        let mut record = ByteRecord::new();
        let mut chains = HashMap::<u128, Chain>::new();
        let mut stretches: Vec<Stretch> = Vec::new();
        let mut has_ownerless = false;
        let mut latest: Option<(u128, u64)> = None;
        while let Some(Extent { start, end }) = table.read(&mut record)? {
            let line = table.line;
            let Some(user) = layout.user(&record) else {
                has_ownerless = true;
                continue;
            };
            let key = xxh3_128(user);
            let length = u32::try_from(end.saturating_sub(start)).unwrap_or(u32::MAX);
            let together = latest == Some((key, start));
            latest = Some((key, end));
            if together
                && let Some(last) = stretches.last_mut()
                && let Some(longer) = last.length.checked_add(length)
            {
                last.length = longer;
                last.rows = last.rows.saturating_add(1);
                continue;
            }
            let index = u32::try_from(stretches.len()).unwrap_or(NONE);
            if index >= most_places {
                return Err(FileError::new(format!("`{}` has too many rows to be joined", data.name))
                    .help("sort it by user id"));
            }
            let line = u32::try_from(line).unwrap_or(u32::MAX);
            stretches.push(Stretch {
                offset: data.skipped.saturating_add(start),
                length,
                line,
                rows: 1,
                next: NONE,
            });
            let chain = chains.entry(key).or_insert(Chain { first: index, last: NONE, is_taken: false });
            if let Some(before) = stretches.get_mut(chain.last as usize) {
                before.next = index;
            }
            chain.last = index;
        }
        let open = || File::open(path).map_err(|error| cannot_read(path, &error));
        let rows = TableFile {
            layout,
            delimiter,
            has_old_breaks: data.has_old_breaks,
            stretches,
            file: Mutex::new(open()?),
            failure: OnceLock::new(),
        };
        let file = BufReader::new(open()?);
        Ok(Self { rows: Arc::new(rows), path: path.into(), file, position: 0, chains, has_ownerless })
    }

    /// What its columns mean.
    pub(crate) fn layout(&self) -> &JoinedLayout {
        &self.rows.layout
    }

    /// What reading rows failed with after their users were handed on, if it did.
    pub(crate) fn failure(&self) -> Option<&FileError> {
        self.rows.failure.get()
    }

    /// The rows of a user, if there are any. A user who comes again gets them again: if the first record of them cannot
    /// be read, the second must not look like somebody without a history.
    pub(crate) fn take(&mut self, user: &[u8]) -> Result<Option<RawRows>, FileError> {
        let Some(chain) = self.chains.get_mut(&xxh3_128(user)) else { return Ok(None) };
        chain.is_taken = true;
        let (mut count, mut length) = (0_u64, 0_u64);
        for stretch in self.rows.chain(chain.first) {
            count = count.saturating_add(u64::from(stretch.rows));
            length = length.saturating_add(u64::from(stretch.length));
        }
        let mut rows = RawRows { table: Arc::clone(&self.rows), first: chain.first, count, bytes: None };
        if length <= SHORT {
            let bytes = self.read(rows.first).map_err(|error| self.rows.cannot(&error))?;
            rows.bytes = Some(bytes);
        }
        Ok(Some(rows))
    }

    /// No user has come yet.
    #[cfg(feature = "parquet")]
    pub(crate) fn restart(&mut self) {
        self.chains.values_mut().for_each(|chain| chain.is_taken = false);
    }

    /// Reads all rows of a user.
    fn read(&mut self, first: u32) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        for stretch in self.rows.chain(first) {
            // Going on from where the last user ended keeps what is read ahead.
            match i64::try_from(i128::from(stretch.offset) - i128::from(self.position)) {
                Ok(distance) => self.file.seek_relative(distance)?,
                Err(_) => drop(self.file.seek(SeekFrom::Start(stretch.offset))?),
            }
            let start = bytes.len();
            bytes.resize(start.saturating_add(stretch.length as usize), 0);
            self.file.read_exact(bytes.get_mut(start..).unwrap_or_default())?;
            self.position = stretch.offset.saturating_add(u64::from(stretch.length));
        }
        if self.rows.has_old_breaks {
            file::renew_breaks(&mut bytes);
        }
        Ok(bytes)
    }

    /// Hands on the places of rows that end before the column of the user id. There may be any number of them, so that they
    /// are looked for a second time rather than kept.
    pub(crate) fn ownerless<E: From<FileError>>(
        &self,
        mut take: impl FnMut(Place) -> Result<(), E>,
    ) -> Result<(), E> {
        if !self.has_ownerless {
            return Ok(());
        }
        let data = file::open(&self.path)?;
        let (mut table, _) = TableReader::new(&data.name, self.rows.delimiter, data.reader)?;
        let mut record = ByteRecord::new();
        while table.read(&mut record)?.is_some() {
            if self.rows.layout.user(&record).is_none() {
                take(Place::line(&data.name, table.line))?;
            }
        }
        Ok(())
    }

    /// How many rows are of users that never came, and of how many.
    pub(crate) fn left_over(&self) -> (u64, u64) {
        let mut rows = 0_u64;
        let mut users = 0_u64;
        for chain in self.chains.values().filter(|chain| !chain.is_taken) {
            users = users.saturating_add(1);
            let of_user = self.rows.chain(chain.first).map(|stretch| u64::from(stretch.rows));
            rows = of_user.fold(rows, u64::saturating_add);
        }
        (rows, users)
    }
}

impl TableFile {
    /// The stretches of a user, from the first on.
    fn chain(&self, first: u32) -> impl Iterator<Item = Stretch> {
        let at = |index: u32| self.stretches.get(index as usize).copied();
        std::iter::successors(at(first), move |stretch| at(stretch.next))
    }

    fn cannot(&self, error: &io::Error) -> FileError {
        FileError::new(format!("cannot read `{}`: {}", self.layout.header.source, reason(error)))
    }

    /// Reads bytes from there, all of them if the file has so many.
    fn read_at(&self, offset: u64, bytes: &mut [u8]) -> io::Result<()> {
        // What another thread may have broken off leaves no trace: each reader seeks for itself.
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(offset))?;
        file.read_exact(bytes)?;
        if self.has_old_breaks {
            file::renew_breaks(bytes);
        }
        Ok(())
    }
}

impl RawRows {
    /// Whether they are events or contacts.
    pub(crate) fn part(&self) -> Part {
        self.table.layout.part()
    }

    /// The event that each of them is, if the whole table has one.
    pub(crate) fn only_event(&self) -> Option<&str> {
        self.table.layout.only_event()
    }

    /// How many bytes of them are in memory.
    pub(crate) fn size(&self) -> usize {
        self.bytes.as_ref().map_or(0, Vec::len)
    }

    /// Where the first of them is.
    pub(crate) fn place(&self) -> Place {
        let line = self.table.chain(self.first).next().map_or(0, |stretch| u64::from(stretch.line));
        Place::line(&self.table.layout.header.source, line)
    }

    /// Hands on the rows one by one, and no more of them after the first that is wrong.
    pub(crate) fn each(
        &self,
        user: Option<&str>,
        take: impl FnMut(GivenRow<'_>) -> Result<(), Reject>,
    ) -> Result<(), Reject> {
        self.each_in_pieces(Pieces::USUAL, user, take)
    }

    fn each_in_pieces(
        &self,
        piece: usize,
        user: Option<&str>,
        mut take: impl FnMut(GivenRow<'_>) -> Result<(), Reject>,
    ) -> Result<(), Reject> {
        let table = &*self.table;
        let mut pieces = Pieces::new(table.delimiter, piece);
        let mut known = self.bytes.as_deref();
        for stretch in table.chain(self.first) {
            let line = u64::from(stretch.line);
            let row = |line: u64, record: &ByteRecord| {
                let place = Place::line(&table.layout.header.source, line);
                let read = table.layout.read(Cells::Texts(record), Some(place.clone()));
                take(read.map_err(|reason| place.reject(user, reason))?)
            };
            let length = stretch.length as usize;
            let done = match known.and_then(|bytes| bytes.split_at_checked(length)) {
                Some((bytes, rest)) => {
                    known = Some(rest);
                    pieces.of_bytes(line, bytes, row)
                }
                None => pieces.of_file(
                    line,
                    length,
                    |at, bytes| table.read_at(stretch.offset.saturating_add(at), bytes),
                    row,
                ),
            };
            done.map_err(|stop| match stop {
                Stop::Refused(reject) => reject,
                Stop::Failed(error) => {
                    let error = table.cannot(&error);
                    let problem = error.problem.clone();
                    // The first failure is the one that is told.
                    let _ = table.failure.set(error);
                    Place::line(&table.layout.header.source, line).reject(user, problem)
                }
            })?;
        }
        Ok(())
    }
}

/// Opens the table at a path, for tests.
#[cfg(test)]
fn opened(
    path: &Path,
    layout: fn(Header, &Columns) -> Result<JoinedLayout, FileError>,
    columns: &str,
    most_places: u32,
) -> Result<JoinedTable, FileError> {
    let data = file::open(path)?;
    let file::Kind::Table { delimiter } = data.kind else { return Err(FileError::new("no table")) };
    let columns: Columns = columns.parse()?;
    JoinedTable::open_within(path, data, delimiter, |header| layout(header, &columns), most_places)
}

#[cfg(test)]
#[path = "joined_tests.rs"]
mod tests;
