//! The rows of a table, each with its line.

use std::{io::Read, sync::Arc};

use csv::{ByteRecord, ReaderBuilder};

use super::{
    FileError,
    error::{called, cannot_read_from},
    file::{Guard, Watch},
    table::Header,
};

/// Cells with more lines than this are taken for a missing quote.
const MOST_LINES: u64 = 1000;

/// Reads a table row by row.
pub(crate) struct TableReader<R> {
    name: Arc<str>,
    reader: csv::Reader<Guard<R>>,
    watch: Watch,
    /// Whether the line break after a row is read with it. Of `\r\n` the second half is left to the next row.
    reads_line_break: bool,
    /// The line that the row which was read last begins on.
    pub(crate) line: u64,
}

/// Where the bytes of a row are, from the start of what was read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Extent {
    pub(crate) start: u64,
    pub(crate) end: u64,
}

impl<R: Read> TableReader<R> {
    /// Begins a table: reads its header.
    pub(crate) fn new(name: &Arc<str>, delimiter: u8, reader: R) -> Result<(Self, Header), FileError> {
        let (guard, watch) = Guard::new(reader);
        let reader = settings(delimiter, 256 * 1024).from_reader(guard);
        let mut table = Self { name: Arc::clone(name), reader, watch, reads_line_break: false, line: 0 };
        let mut record = ByteRecord::new();
        table.read(&mut record)?;
        // The header is line 1.
        table.reads_line_break = table.line > 1;
        let header = Header::new(name, &record)?;
        Ok((table, header))
    }

    /// Reads the next row; `None` at the end.
    pub(crate) fn read(&mut self, record: &mut ByteRecord) -> Result<Option<Extent>, FileError> {
        self.watch.renew();
        let start = self.reader.position().byte();
        let more = self.reader.read_byte_record(record).map_err(|error| match error.kind() {
            csv::ErrorKind::Io(error) => cannot_read_from(&self.name, error),
            _ => FileError::new(format!("cannot read {}: {error}", called(&self.name))),
        })?;
        if !more {
            return Ok(None);
        }
        let end = self.reader.position().byte();
        let lines = memchr::memchr_iter(b'\n', record.as_slice()).count() as u64;
        // A cell without its closing quote hides the rows after it, and with them whole users: nothing can be said of
        // such a table.
        let is_cut = lines > 0 && self.watch.has_odd_quotes() && self.watch.is_end(end);
        // The last line break of such a cell is in it, and so counted already.
        let read_break = self.reads_line_break && !is_cut && !self.watch.is_end_within_line(end);
        let line = self.reader.position().line().saturating_sub(lines);
        self.line = line.saturating_sub(u64::from(read_break));
        // The same within the last line, where it is a row of its own, where a quote may also stand for an inch: that one is still in its cell.
        let is_last_cut = lines == 0
            && self.watch.is_end_within_line(end)
            && self.watch.has_odd_quotes_in_line()
            && memchr::memchr(b'"', record.as_slice()).is_none();
        if lines > MOST_LINES || is_cut || is_last_cut {
            let problem = format!("a cell on line {} of `{}` has no closing quote", self.line, self.name);
            return Err(FileError::new(problem).help("close it, or write a quote within a cell twice"));
        }
        Ok(Some(Extent { start, end }))
    }
}

/// How tables are read.
pub(crate) fn settings(delimiter: u8, buffer: usize) -> ReaderBuilder {
    let mut settings = ReaderBuilder::new();
    settings.has_headers(false).flexible(true).delimiter(delimiter).buffer_capacity(buffer);
    settings
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is wrong with a table.
    fn said(text: &str) -> String {
        let (mut table, _) = TableReader::new(&"t.csv".into(), b',', text.as_bytes()).unwrap();
        let mut record = ByteRecord::new();
        loop {
            match table.read(&mut record) {
                Ok(more) => assert!(more.is_some(), "nothing is wrong with {text:?}"),
                Err(error) => return error.problem,
            }
        }
    }

    #[test]
    fn a_cell_without_its_closing_quote_is_on_the_line_that_its_row_begins_on() {
        for (text, line) in [
            ("id,tier\na,1\nb,\"2\nc,3\n", 3),
            ("id,tier\na,1\nb,\"2\nc,3", 3),
            ("id,tier\na,1\n\"b,2\n", 3),
            ("id,tier\na,\"1\n\"\n\nb,\"2\nc,3\nd,4\n", 5),
            ("id,tier\nb,\"2\n", 2),
        ] {
            for breaks in ["\n", "\r\n"] {
                let text = text.replace('\n', breaks);
                let expected = format!("a cell on line {line} of `t.csv` has no closing quote");
                assert_eq!(said(&text), expected, "{text:?}");
            }
        }
    }
}
