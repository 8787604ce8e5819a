//! Rows of a stretch of a table, a piece of it in memory at a time.

use std::io;

use csv::ByteRecord;

use super::rows::settings;

/// Reads rows piece by piece, in memory that is used again.
pub(crate) struct Pieces {
    delimiter: u8,
    /// How many bytes are read at once. A row that is longer gets as many as it needs.
    piece: usize,
    record: ByteRecord,
    bytes: Vec<u8>,
}

/// Why rows are not read to their end.
#[derive(Debug)]
pub(crate) enum Stop<E> {
    /// They cannot be read.
    Failed(io::Error),
    /// Whoever takes them wants no more.
    Refused(E),
}

impl<E> From<csv::Error> for Stop<E> {
    fn from(error: csv::Error) -> Self {
        Self::Failed(io::Error::other(error))
    }
}

/// Where reading has come to within a stretch.
struct Cursor {
    /// The line of what comes next.
    line: u64,
    /// Up to where the line breaks of the bytes at hand are counted.
    counted: usize,
}

impl Pieces {
    /// How many bytes are read at once.
    pub(crate) const USUAL: usize = 64 * 1024;

    pub(crate) fn new(delimiter: u8, piece: usize) -> Self {
        Self { delimiter, piece: piece.max(1), record: ByteRecord::new(), bytes: Vec::new() }
    }

    /// Hands on the rows of bytes that are at hand, with their lines; the first is on that line.
    pub(crate) fn of_bytes<E>(
        &mut self,
        line: u64,
        bytes: &[u8],
        mut take: impl FnMut(u64, &ByteRecord) -> Result<(), E>,
    ) -> Result<(), Stop<E>> {
        // The stretch may begin with the end of the line before it.
        let mut cursor = Cursor { line, counted: content_from(bytes, 0) };
        self.rows(bytes, true, &mut cursor, &mut take).map(drop)
    }

    /// Hands on the rows of so many bytes, which `read` fetches from how far behind the first of them it is told.
    pub(crate) fn of_file<E>(
        &mut self,
        line: u64,
        length: usize,
        mut read: impl FnMut(u64, &mut [u8]) -> io::Result<()>,
        mut take: impl FnMut(u64, &ByteRecord) -> Result<(), E>,
    ) -> Result<(), Stop<E>> {
        let mut bytes = std::mem::take(&mut self.bytes);
        bytes.clear();
        let (mut fetched, mut room) = (0_usize, self.piece);
        let mut cursor: Option<Cursor> = None;
        let done = loop {
            let more = room.saturating_sub(bytes.len()).min(length.saturating_sub(fetched));
            let start = bytes.len();
            bytes.resize(start.saturating_add(more), 0);
            if let Err(error) = read(fetched as u64, bytes.get_mut(start..).unwrap_or_default()) {
                break Err(Stop::Failed(error));
            }
            fetched = fetched.saturating_add(more);
            let is_last = fetched >= length;
            let breaks = content_from(&bytes, 0);
            if cursor.is_none() && breaks == bytes.len() && !is_last {
                // Nothing but the end of the line before: it belongs to no row.
                bytes.clear();
                continue;
            }
            let cursor = cursor.get_or_insert(Cursor { line, counted: breaks });
            let used = match self.rows(&bytes, is_last, cursor, &mut take) {
                Ok(used) => used,
                Err(stop) => break Err(stop),
            };
            if is_last {
                break Ok(());
            }
            // A row that does not fit gets more room.
            if used == 0 {
                room = room.saturating_mul(2);
            } else {
                room = self.piece.max(bytes.len().saturating_sub(used).saturating_add(1));
            }
            if let Some(passed) = bytes.get(cursor.counted..used) {
                cursor.line = cursor.line.saturating_add(breaks_in(passed));
                cursor.counted = used;
            }
            bytes.drain(..used);
            cursor.counted = cursor.counted.saturating_sub(used);
        };
        self.bytes = bytes;
        done
    }

    /// Hands on the rows that end within the bytes, and the last one too if no more bytes come. Gives how many bytes they
    /// take.
    fn rows<E>(
        &mut self,
        bytes: &[u8],
        is_last: bool,
        cursor: &mut Cursor,
        take: &mut impl FnMut(u64, &ByteRecord) -> Result<(), E>,
    ) -> Result<usize, Stop<E>> {
        let buffer = bytes.len().clamp(64, 8 * 1024);
        let mut reader = settings(self.delimiter, buffer).from_reader(bytes);
        let mut used = 0;
        loop {
            let more = reader.read_byte_record(&mut self.record)?;
            let end = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
            // What reaches to the end may go on in what comes.
            if !more || (!is_last && end >= bytes.len()) {
                return Ok(used);
            }
            let start = content_from(bytes, used);
            let passed = bytes.get(cursor.counted..start).unwrap_or_default();
            cursor.line = cursor.line.saturating_add(breaks_in(passed));
            cursor.counted = start.max(cursor.counted);
            used = end;
            take(cursor.line, &self.record).map_err(Stop::Refused)?;
        }
    }
}

fn breaks_in(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

/// The first byte at or after that one which is no line break.
fn content_from(bytes: &[u8], start: usize) -> usize {
    let rest = bytes.get(start..).unwrap_or_default();
    start.saturating_add(rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count())
}
