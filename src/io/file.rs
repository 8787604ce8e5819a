//! Opening data files: what they hold, told by their first bytes.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Chain, Cursor, Read},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU8, AtomicU64, AtomicUsize, Ordering},
    },
};

use super::{
    FileError,
    error::{STANDARD_INPUT, called, cannot_read, cannot_read_from},
    rule_files::EXTENSION,
};

/// The longest record that is read, in bytes.
pub(crate) const LONGEST: usize = 64 * 1024 * 1024;

/// How much of a file is looked at to tell what it holds.
const HEAD: u64 = 64 * 1024;

/// What a data file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One JSON object a line.
    JsonLines,
    /// A table with a header.
    Table {
        /// What stands between cells.
        delimiter: u8,
    },
    /// Columns, described at the end of the file.
    Parquet,
}

/// A file: what was looked at, then the rest.
pub(crate) type Source = BufReader<Chain<Cursor<Vec<u8>>, Box<dyn Read + Send>>>;

/// A data file, opened after its byte order mark.
pub(crate) struct DataReader {
    /// What it is called in messages.
    pub(crate) name: Arc<str>,
    pub(crate) kind: Kind,
    /// How many bytes were left out at the start.
    pub(crate) skipped: u64,
    /// Whether its lines end in `\r` alone, as in tables saved for an old Macintosh; it is read with `\n`.
    pub(crate) has_old_breaks: bool,
    pub(crate) reader: Source,
}

/// Reads `\n` for `\r`.
struct NewBreaks<R>(R);

impl<R: Read> Read for NewBreaks<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.0.read(buffer)?;
        buffer.get_mut(..read).into_iter().for_each(renew_breaks);
        Ok(read)
    }
}

/// Puts `\n` for `\r`.
pub(crate) fn renew_breaks(bytes: &mut [u8]) {
    bytes.iter_mut().filter(|byte| **byte == b'\r').for_each(|byte| *byte = b'\n');
}

/// Opens a file, or the standard input for `-`.
pub(crate) fn open(path: &Path) -> Result<DataReader, FileError> {
    let (name, mut from): (String, Box<dyn Read + Send>) = if path == Path::new("-") {
        (STANDARD_INPUT.into(), Box::new(io::stdin()))
    } else {
        if path.extension().is_some_and(|ending| ending == EXTENSION) {
            return Err(FileError::new(format!(
                "`{}` is a rule file, and data belongs here",
                path.display()
            ))
            .help("data is JSON lines, CSV or Parquet: have the rules and the data changed places?"));
        }
        let file = File::open(path).map_err(|error| cannot_read(path, &error))?;
        (path.display().to_string(), Box::new(file))
    };
    let mut head = Vec::new();
    from.by_ref().take(HEAD).read_to_end(&mut head).map_err(|error| cannot_read_from(&name, &error))?;
    refuse_other_formats(&name, &head)?;
    let skipped = if head.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    head.drain(..skipped);
    let has_old_breaks = head.contains(&b'\r') && !head.contains(&b'\n');
    if has_old_breaks {
        renew_breaks(&mut head);
        from = Box::new(NewBreaks(from));
    }
    let kind = match head.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'{') if goes_over_lines(&head) => {
            return Err(FileError::new(format!("an object of {} goes over several lines", called(&name)))
                .help("write one a line (`jq -c .` does it)"));
        }
        Some(b'{') => Kind::JsonLines,
        _ if head.starts_with(b"PAR1") => {
            if path == Path::new("-") {
                return Err(FileError::new("a Parquet file cannot be read from the standard input")
                    .help("give its path: its description stands at its end"));
            }
            Kind::Parquet
        }
        Some(b'[') => {
            return Err(FileError::new(format!("{} is one JSON list", called(&name)))
                .help("write one object a line instead (`jq -c '.[]'` does it)"));
        }
        _ => Kind::Table { delimiter: delimiter(&head) },
    };
    Ok(DataReader {
        name: name.into(),
        kind,
        skipped: skipped as u64,
        has_old_breaks,
        reader: BufReader::with_capacity(256 * 1024, Cursor::new(head).chain(from)),
    })
}

fn refuse_other_formats(name: &str, head: &[u8]) -> Result<(), FileError> {
    const TABLE: &str = "save it as `CSV UTF-8`";
    let is_json = [".json", ".jsonl", ".ndjson"].iter().any(|ending| name.to_lowercase().ends_with(ending));
    let (what, help) = match head {
        [b'P', b'K', 3, 4, ..] => ("a spreadsheet or an archive", TABLE),
        [0xd0, 0xcf, 0x11, 0xe0, ..] => ("an old spreadsheet", TABLE),
        [0xff, 0xfe, b'{', 0, ..] | [0xfe, 0xff, 0, b'{', ..] => ("UTF-16 text", "save it as UTF-8"),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] if is_json => ("UTF-16 text", "save it as UTF-8"),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => ("UTF-16 text", TABLE),
        [b'P', b'A', b'R', b'1', ..] if !cfg!(feature = "parquet") => {
            ("a Parquet file, which this build cannot read", "write it as CSV or JSON lines")
        }
        [b'P', b'A', b'R', b'E', ..] => ("an encrypted Parquet file", "write it without encryption"),
        [0x1f, 0x8b, ..] | [0x28, 0xb5, 0x2f, 0xfd, ..] => {
            ("compressed", "unpack it, or pipe it in and give `-`")
        }
        _ => return Ok(()),
    };
    Err(FileError::new(format!("{} is {what}", called(name))).help(help))
}

/// Whether the first object of JSON lines goes on in the next line, so that each of its lines would be wrong: the first is
/// no more than its begin, and the next begins none.
fn goes_over_lines(head: &[u8]) -> bool {
    let mut lines = head.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    let (Some(first), Some(second)) = (lines.next(), lines.next()) else { return false };
    let is_begin = serde_json::from_slice::<serde::de::IgnoredAny>(first).is_err_and(|error| error.is_eof());
    is_begin && !second.starts_with(b"{")
}

/// What stands between the cells of the header: the most frequent of `,`, `;`, tab and `|` outside quotes.
fn delimiter(head: &[u8]) -> u8 {
    const CANDIDATES: [u8; 4] = [b',', b';', b'\t', b'|'];
    let mut counts = [0_usize; CANDIDATES.len()];
    let mut quoted = false;
    let header = head.iter().skip_while(|byte| byte.is_ascii_whitespace());
    for byte in header.take_while(|byte| !matches!(byte, b'\n' | b'\r')) {
        quoted ^= *byte == b'"';
        for (candidate, count) in CANDIDATES.iter().zip(&mut counts) {
            *count += usize::from(!quoted && byte == candidate);
        }
    }
    // The first of those that are equally frequent.
    let best = CANDIDATES.iter().zip(counts).rev().max_by_key(|(_, count)| *count);
    best.map_or(b',', |(candidate, _)| *candidate)
}

/// Gives lines without their ends.
pub(crate) struct Lines<R> {
    reader: R,
    longest: usize,
    /// The line that was read last, from 1.
    pub(crate) number: u64,
}

/// How much is read at once.
const BLOCK: u64 = 1024 * 1024;
/// How much memory of a block is kept for the next one.
const MOST_KEPT: usize = 4 * 1024 * 1024;

/// Many lines.
#[derive(Debug, Default)]
pub(crate) struct LineBlock {
    bytes: Vec<u8>,
    /// How many lines were given so far, those before the block included.
    before: u64,
}

impl LineBlock {
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
    }

    /// The next line that is not blank, without its end, and its number. `at` is where it begins, and is moved on.
    pub(crate) fn next(&mut self, at: &mut usize) -> Option<(u64, &[u8])> {
        loop {
            let rest = self.bytes.get(*at..).filter(|rest| !rest.is_empty())?;
            let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let start = *at;
            *at = start.saturating_add(end).saturating_add(1);
            self.before = self.before.saturating_add(1);
            let line = rest.get(..end).unwrap_or_default();
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if !line.iter().all(u8::is_ascii_whitespace) {
                let end = start.saturating_add(line.len());
                return Some((self.before, self.bytes.get(start..end).unwrap_or_default()));
            }
        }
    }
}

/// A line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// Its bytes.
    Bytes(Vec<u8>),
    /// It was longer than is read, and left out.
    TooLong,
}

impl<R: BufRead> Lines<R> {
    pub(crate) fn new(reader: R, longest: usize) -> Self {
        Self { reader, longest, number: 0 }
    }

    /// The next line that is not blank.
    pub(crate) fn next(&mut self) -> io::Result<Option<Line>> {
        loop {
            let mut line = Vec::new();
            let limit = (self.longest as u64).saturating_add(2);
            if self.reader.by_ref().take(limit).read_until(b'\n', &mut line)? == 0 {
                return Ok(None);
            }
            self.number = self.number.saturating_add(1);
            if line.last() == Some(&b'\n') {
                line.pop();
            } else if line.len() as u64 == limit {
                self.skip_line()?;
            }
            if line.last() == Some(&b'\r') {
                line.pop();
            }
            if line.len() > self.longest {
                return Ok(Some(Line::TooLong));
            }
            if !line.iter().all(u8::is_ascii_whitespace) {
                return Ok(Some(Line::Bytes(line)));
            }
        }
    }

    /// Reads many lines at once, the last of them whole. `None` at the end.
    pub(crate) fn block(&mut self, block: &mut LineBlock) -> io::Result<bool> {
        let bytes = &mut block.bytes;
        bytes.clear();
        bytes.shrink_to(MOST_KEPT);
        self.reader.by_ref().take(BLOCK).read_to_end(bytes)?;
        let last = memchr::memrchr(b'\n', bytes).map_or(0, |end| end + 1);
        // All of the last line, but no more than is read of any.
        let room = (self.longest as u64).saturating_add(2).saturating_sub((bytes.len() - last) as u64);
        if last < bytes.len()
            && self.reader.by_ref().take(room).read_until(b'\n', bytes)? as u64 == room
            && bytes.last() != Some(&b'\n')
        {
            self.skip_line()?;
        }
        let is_open = bytes.last().is_some_and(|byte| *byte != b'\n');
        block.before = self.number;
        let lines = memchr::memchr_iter(b'\n', bytes).count() + usize::from(is_open);
        self.number = self.number.saturating_add(lines as u64);
        Ok(!bytes.is_empty())
    }

    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let buffer = self.reader.fill_buf()?;
            let end = memchr::memchr(b'\n', buffer);
            let read = end.map_or(buffer.len(), |end| end + 1);
            self.reader.consume(read);
            if end.is_some() || read == 0 {
                return Ok(());
            }
        }
    }
}

/// Watches over a table that is being read: no record may grow beyond what is read (without a closing quote it would be
/// the rest of the file), and quotes come in pairs.
pub(crate) struct Guard<R> {
    inner: R,
    watch: Watch,
    last: u8,
}

/// What a [`Guard`] knows, to be asked while a reader owns it.
#[derive(Clone)]
pub(crate) struct Watch {
    left: Arc<AtomicUsize>,
    quotes: Arc<AtomicUsize>,
    quotes_in_line: Arc<AtomicUsize>,
    seen: Arc<AtomicU64>,
    ends: Arc<AtomicU8>,
}

/// The table goes on.
const GOES_ON: u8 = 0;
/// All is read, and it ended with a line break.
const ENDED: u8 = 1;
/// All is read, and the last line was cut or has no line break.
const ENDED_WITHIN_LINE: u8 = 2;

impl Watch {
    /// A new record begins.
    pub(crate) fn renew(&self) {
        self.left.store(LONGEST, Ordering::Relaxed);
    }

    /// Whether a quote is left without its other half.
    pub(crate) fn has_odd_quotes(&self) -> bool {
        self.quotes.load(Ordering::Relaxed) % 2 == 1
    }

    /// Whether a quote of the line that was read last is left without its other half.
    pub(crate) fn has_odd_quotes_in_line(&self) -> bool {
        self.quotes_in_line.load(Ordering::Relaxed) % 2 == 1
    }

    /// Whether all is read, so far as those bytes.
    pub(crate) fn is_end(&self, position: u64) -> bool {
        self.ends.load(Ordering::Relaxed) != GOES_ON && self.seen.load(Ordering::Relaxed) == position
    }

    /// Whether all is read, so far as those bytes, and the last of them is no line break.
    pub(crate) fn is_end_within_line(&self, position: u64) -> bool {
        self.is_end(position) && self.ends.load(Ordering::Relaxed) == ENDED_WITHIN_LINE
    }
}

impl<R: Read> Guard<R> {
    pub(crate) fn new(inner: R) -> (Self, Watch) {
        let watch = Watch {
            left: Arc::new(AtomicUsize::new(LONGEST)),
            quotes: Arc::default(),
            quotes_in_line: Arc::default(),
            seen: Arc::default(),
            ends: Arc::default(),
        };
        (Self { inner, watch: watch.clone(), last: b'\n' }, watch)
    }
}

impl<R: Read> Read for Guard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        match buffer.get(..read).and_then(<[u8]>::last) {
            Some(last) => self.last = *last,
            None if buffer.is_empty() => {}
            None => {
                let ends = if self.last == b'\n' { ENDED } else { ENDED_WITHIN_LINE };
                self.watch.ends.store(ends, Ordering::Relaxed);
            }
        }
        self.watch.seen.fetch_add(read as u64, Ordering::Relaxed);
        let bytes = buffer.get(..read).unwrap_or_default();
        let quotes_in = |bytes: &[u8]| memchr::memchr_iter(b'"', bytes).count();
        self.watch.quotes.fetch_add(quotes_in(bytes), Ordering::Relaxed);
        let line = memchr::memrchr(b'\n', bytes);
        let in_line = quotes_in(bytes.get(line.map_or(0, |at| at + 1)..).unwrap_or_default());
        match line {
            Some(_) => self.watch.quotes_in_line.store(in_line, Ordering::Relaxed),
            None => drop(self.watch.quotes_in_line.fetch_add(in_line, Ordering::Relaxed)),
        }
        let left = self.watch.left.load(Ordering::Relaxed);
        match left.checked_sub(read) {
            Some(left) => self.watch.left.store(left, Ordering::Relaxed),
            None => {
                return Err(io::Error::other("a record is longer than 64 MiB: is a closing quote missing?"));
            }
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &[u8]) -> Vec<(u64, Line)> {
        let mut lines = Lines::new(text, 5);
        std::iter::from_fn(|| lines.next().unwrap().map(|line| (lines.number, line))).collect()
    }

    fn blocks(text: &[u8]) -> Vec<(u64, Line)> {
        let mut lines = Lines::new(text, 5);
        let (mut block, mut found) = (LineBlock::default(), Vec::new());
        while lines.block(&mut block).unwrap() {
            let mut at = 0;
            while let Some((number, line)) = block.next(&mut at) {
                found.push((number, if line.len() > 5 { Line::TooLong } else { Line::Bytes(line.into()) }));
            }
        }
        found
    }

    #[test]
    fn blocks_have_the_same_lines() {
        let long = format!("{}\n{}\nend", "ab\n\ncd\r\n".repeat(150_000), "x".repeat(3_000_000));
        let texts =
            ["", "\n", "a", "a\n", "a\r\n\n \nb\nc", "12345\r\n12345", "123456\n1234567890123\nok", &long];
        for text in texts {
            assert_eq!(blocks(text.as_bytes()), lines(text.as_bytes()));
        }
    }

    #[test]
    fn lines_end_in_many_ways() {
        let line = |text: &str| Line::Bytes(text.into());
        assert_eq!(lines(b"a\r\n\n \nb\nc"), [(1, line("a")), (4, line("b")), (5, line("c"))]);
        assert_eq!(lines(b""), []);
        assert_eq!(lines(b"12345\r\n12345"), [(1, line("12345")), (2, line("12345"))]);
    }

    #[test]
    fn a_line_that_is_too_long_is_left_out_alone() {
        let line = |text: &str| Line::Bytes(text.into());
        assert_eq!(
            lines(b"123456\n1234567890123\nok"),
            [(1, Line::TooLong), (2, Line::TooLong), (3, line("ok"))]
        );
    }

    #[test]
    fn a_table_shows_its_delimiter() {
        for (header, found) in [
            ("a,b;c,d\n;;;;", b','),
            ("id;name\n", b';'),
            ("id\tname", b'\t'),
            ("a|b", b'|'),
            ("\"a,b,c\";d", b';'),
            ("one", b','),
            ("", b','),
        ] {
            assert_eq!(delimiter(header.as_bytes()), found, "{header}");
        }
    }

    #[test]
    fn an_object_over_several_lines_is_told_from_broken_ones() {
        for over in ["{\n  \"id\": \"a\"\n}\n", "{ \"id\": \"a\",\r\n\"events\": [\n", "\n{\n}\n"] {
            assert!(goes_over_lines(over.as_bytes()), "{over}");
        }
        for lines in ["{\"id\":\"a\"}\n{", "{\"id\":\n{\"id\":\"b\"}\n", "{\"id\":", "{oops\nmore\n", "{}\nx"]
        {
            assert!(!goes_over_lines(lines.as_bytes()), "{lines}");
        }
    }

    #[test]
    fn a_record_cannot_eat_the_memory() {
        let (mut guard, watch) = Guard::new(io::repeat(b'x'));
        let mut buffer = vec![0; LONGEST / 2];
        assert!(guard.read(&mut buffer).is_ok() && guard.read(&mut buffer).is_ok());
        assert!(guard.read(&mut buffer).is_err());
        watch.renew();
        assert!(guard.read(&mut buffer).is_ok());
    }
}
