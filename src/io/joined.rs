//! Tables of events and contacts, joined to users by their ids.
//!
//! A first pass notes where the rows of each user are: some 60 bytes a user if the rows of each stand together, and 24
//! bytes more for every further place. The rows themselves stay in the file until their user comes.

use std::{
    collections::HashMap,
    fs::File,
    io::{BufReader, Read, Seek, SeekFrom},
    path::Path,
    sync::Arc,
};

use csv::ByteRecord;
use xxhash_rust::xxh3::xxh3_128;

use super::{
    FileError,
    error::{Place, cannot_read, reason},
    file::{self, DataReader},
    rows::{Extent, TableReader, settings},
    table::{Header, JoinedLayout},
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

/// The stretches of one user.
#[derive(Debug, Clone, Copy)]
struct Chain {
    first: u32,
    last: u32,
    is_taken: bool,
}

/// A table whose rows belong to users of another.
pub(crate) struct JoinedTable {
    pub(crate) layout: Arc<JoinedLayout>,
    delimiter: u8,
    has_old_breaks: bool,
    file: BufReader<File>,
    position: u64,
    /// By a hash of the user id.
    chains: HashMap<u128, Chain>,
    stretches: Vec<Stretch>,
    /// Rows that end before the column of the user id.
    pub(crate) ownerless: Vec<Place>,
}

/// Rows of one user, as they stand in the file.
#[derive(Debug)]
pub(crate) struct RawRows {
    pub(crate) layout: Arc<JoinedLayout>,
    delimiter: u8,
    line: u64,
    bytes: Vec<u8>,
}

impl JoinedTable {
    /// Opens a table and notes where the rows of each user are.
    pub(crate) fn open(
        path: &Path,
        data: DataReader,
        delimiter: u8,
        layout: impl FnOnce(Header) -> Result<JoinedLayout, FileError>,
    ) -> Result<Self, FileError> {
        let (mut table, header) = TableReader::new(&data.name, delimiter, data.reader)?;
        let layout = Arc::new(layout(header)?);
        let mut record = ByteRecord::new();
        let mut chains = HashMap::<u128, Chain>::new();
        let mut stretches: Vec<Stretch> = Vec::new();
        let mut ownerless = Vec::new();
        let mut latest: Option<(u128, u64)> = None;
        while let Some(Extent { start, end }) = table.read(&mut record)? {
            let line = table.line;
            let Some(user) = layout.user(&record) else {
                ownerless.push(Place::line(&data.name, line));
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
            if index == NONE {
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
        let file = File::open(path).map_err(|error| cannot_read(path, &error))?;
        Ok(Self {
            layout,
            delimiter,
            has_old_breaks: data.has_old_breaks,
            file: BufReader::new(file),
            position: 0,
            chains,
            stretches,
            ownerless,
        })
    }

    /// The rows of a user, in the order of the file. A user who comes again gets them again: if the first record of them
    /// cannot be read, the second must not look like somebody without a history.
    pub(crate) fn take(&mut self, user: &[u8], mut take: impl FnMut(RawRows)) -> Result<(), FileError> {
        let Some(chain) = self.chains.get_mut(&xxh3_128(user)) else { return Ok(()) };
        chain.is_taken = true;
        let mut next = chain.first;
        while let Some(&stretch) = self.stretches.get(next as usize) {
            let bytes = self.read(stretch).map_err(|error| {
                FileError::new(format!("cannot read `{}`: {}", self.layout.header.source, reason(&error)))
            })?;
            let layout = Arc::clone(&self.layout);
            take(RawRows { layout, delimiter: self.delimiter, line: u64::from(stretch.line), bytes });
            next = stretch.next;
        }
        Ok(())
    }

    /// No user has come yet.
    #[cfg(feature = "parquet")]
    pub(crate) fn restart(&mut self) {
        self.chains.values_mut().for_each(|chain| chain.is_taken = false);
    }

    fn read(&mut self, stretch: Stretch) -> std::io::Result<Vec<u8>> {
        // Going on from where the last user ended keeps what is read ahead.
        match i64::try_from(i128::from(stretch.offset) - i128::from(self.position)) {
            Ok(distance) => self.file.seek_relative(distance)?,
            Err(_) => drop(self.file.seek(SeekFrom::Start(stretch.offset))?),
        }
        let mut bytes = vec![0; stretch.length as usize];
        self.file.read_exact(&mut bytes)?;
        if self.has_old_breaks {
            file::renew_breaks(&mut bytes);
        }
        self.position = stretch.offset.saturating_add(u64::from(stretch.length));
        Ok(bytes)
    }

    /// How many rows are of users that never came, and of how many.
    pub(crate) fn left_over(&self) -> (u64, u64) {
        let mut rows = 0_u64;
        let mut users = 0_u64;
        for chain in self.chains.values().filter(|chain| !chain.is_taken) {
            users = users.saturating_add(1);
            let mut next = chain.first;
            while let Some(stretch) = self.stretches.get(next as usize) {
                rows = rows.saturating_add(u64::from(stretch.rows));
                next = stretch.next;
            }
        }
        (rows, users)
    }
}

impl RawRows {
    /// The first byte at or after that one which is no line break.
    fn content_from(&self, start: usize) -> usize {
        let rest = self.bytes.get(start..).unwrap_or_default();
        start.saturating_add(rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count())
    }

    /// The rows and their lines.
    pub(crate) fn parse(&self) -> Result<Vec<(u64, ByteRecord)>, csv::Error> {
        let buffer = self.bytes.len().clamp(64, 8 * 1024);
        let mut reader = settings(self.delimiter, buffer).from_reader(self.bytes.as_slice());
        let mut rows = Vec::new();
        let mut record = ByteRecord::new();
        // Line breaks before the row, from the first row on: the stretch may begin with the end of the line before it.
        let mut line = self.line;
        let mut counted = self.content_from(0);
        loop {
            let start = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
            if !reader.read_byte_record(&mut record)? {
                break;
            }
            let start = self.content_from(start);
            let passed = self.bytes.get(counted..start).unwrap_or_default();
            line = line.saturating_add(passed.iter().filter(|byte| **byte == b'\n').count() as u64);
            counted = start;
            rows.push((line, record.clone()));
        }
        Ok(rows)
    }
}
