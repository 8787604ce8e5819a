//! Schedules as Parquet.

use std::{io, sync::Arc};

use arrow_array::{
    ArrayRef, RecordBatch,
    builder::{Decimal128Builder, Int32Builder, ListBuilder, StringBuilder, TimestampMicrosecondBuilder},
};
use parquet::{
    arrow::ArrowWriter, basic::Compression, errors::ParquetError, file::properties::WriterProperties,
};

use crate::{
    io::{
        FileError, OutFile,
        schedule::{TOUCHES, WITHHELD, codes, payloads},
    },
    number::Number,
    plan::{Candidate, Plan},
    time::{DateTime, Instant, Zone},
};

/// How many rows are gathered before they are encoded.
const ROWS: usize = 16 * 1024;

/// How many rows stand in one row group, which is kept in memory until it is full.
const GROUP: usize = 256 * 1024;

/// A schedule that is being written as Parquet: the columns of [`Format::Csv`](super::super::Format), times as timestamps,
/// lists as lists. It takes its name when it is [finished](ParquetSchedule::finish).
pub struct ParquetSchedule {
    writer: ArrowWriter<Target>,
    names: &'static [&'static str],
    columns: Vec<Builder>,
    rows: usize,
}

/// Values being gathered.
enum Builder {
    Text(StringBuilder),
    Time(TimestampMicrosecondBuilder),
    /// On the user's clocks.
    Civil(TimestampMicrosecondBuilder),
    Whole(Int32Builder),
    Number(Decimal128Builder),
    List(ListBuilder<StringBuilder>),
}

/// A value of a row.
enum Value<'a> {
    Text(&'a str),
    /// An empty one is nothing.
    Shown(String),
    Time(Option<Instant>),
    Civil(DateTime),
    Step(u32),
    Number(Number),
    List(Vec<&'a str>),
}

impl ParquetSchedule {
    /// Begins a file of touches.
    ///
    /// # Errors
    ///
    /// [`FileError`] if it cannot be written.
    pub fn touches(out: OutFile) -> Result<Self, FileError> {
        Self::begin(out, &TOUCHES)
    }

    /// Begins a file of what was withheld.
    ///
    /// # Errors
    ///
    /// [`FileError`] if it cannot be written.
    pub fn withheld(out: OutFile) -> Result<Self, FileError> {
        Self::begin(out, &WITHHELD)
    }

    fn begin(out: OutFile, names: &'static [&'static str]) -> Result<Self, FileError> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_max_row_group_row_count(Some(GROUP))
            .set_created_by(concat!("courtesy ", env!("CARGO_PKG_VERSION")).into())
            .build();
        let mut columns: Vec<Builder> = names.iter().map(|name| Builder::of(name)).collect();
        let schema = batch(names, &mut columns).map_err(|error| cannot(&error))?.schema();
        let target = Target { out: Some(out), failed: None };
        let writer =
            ArrowWriter::try_new(target, schema, Some(properties)).map_err(|error| cannot(&error))?;
        Ok(Self { writer, names, columns, rows: 0 })
    }

    /// Adds the touches of a plan, or what it withheld.
    ///
    /// # Errors
    ///
    /// [`FileError`] if the file cannot be written.
    pub fn add(&mut self, plan: &Plan) -> Result<(), FileError> {
        if self.names.len() == TOUCHES.len() {
            for touch in &plan.touches {
                let candidate = &touch.candidate;
                self.push(candidate, |name| match name {
                    "at" => Value::Time(Some(touch.at)),
                    "local" => Value::Civil(touch.local),
                    "channel" => Value::Text(&touch.channel),
                    "language" => Value::Shown(touch.language.as_deref().unwrap_or_default().into()),
                    "with" => Value::Shown(payloads(&touch.with)),
                    "moved_by" => Value::List(codes(&touch.moved_by)),
                    _ => Value::List(touch.categories.iter().map(|name| &**name).collect()),
                })?;
            }
        } else {
            for withheld in &plan.withheld {
                self.push(&withheld.candidate, |name| match name {
                    "could_go_at" => Value::Time(withheld.could_go_at),
                    _ => Value::List(codes(&withheld.reasons)),
                })?;
            }
        }
        Ok(())
    }

    fn push<'a>(
        &mut self,
        candidate: &'a Candidate,
        other: impl Fn(&str) -> Value<'a>,
    ) -> Result<(), FileError> {
        for (name, column) in self.names.iter().zip(&mut self.columns) {
            column.push(match *name {
                "user" => Value::Text(&candidate.user),
                "zone" => Value::Text(&candidate.zone),
                "message" => Value::Text(&candidate.message),
                "rule" => Value::Text(&candidate.rule),
                "step" => Value::Step(candidate.step),
                "occurrence" => Value::Text(&candidate.occurrence),
                "touch_id" => Value::Shown(candidate.id.to_string()),
                "due" => Value::Time(Some(candidate.due)),
                "deadline" => Value::Time(candidate.deadline),
                "priority" => Value::Number(candidate.priority),
                name => other(name),
            });
        }
        self.rows = self.rows.saturating_add(1);
        if self.rows >= ROWS { self.encode() } else { Ok(()) }
    }

    fn encode(&mut self) -> Result<(), FileError> {
        self.rows = 0;
        let written = batch(self.names, &mut self.columns).and_then(|batch| self.writer.write(&batch));
        written.map_err(|error| self.failed(&error))
    }

    /// Sees to it that all of it is on the disk, so that [`finish`](Self::finish) has only the name left to give.
    ///
    /// # Errors
    ///
    /// [`FileError`] if it cannot be written.
    pub fn flush(&mut self) -> Result<(), FileError> {
        self.encode()?;
        // Ends the file: nothing comes after it.
        self.writer.finish().map_err(|error| self.failed(&error))?;
        self.writer.inner_mut().out.as_mut().map_or(Ok(()), OutFile::flush)
    }

    /// Ends the file and gives it its name. To be [flushed](Self::flush) before.
    ///
    /// # Errors
    ///
    /// [`FileError`] if it cannot be written.
    pub fn finish(mut self) -> Result<(), FileError> {
        self.writer.inner_mut().out.take().map_or(Ok(()), OutFile::finish)
    }

    /// What stood in the way: mostly the file.
    fn failed(&mut self, error: &ParquetError) -> FileError {
        self.writer.inner_mut().failed.take().unwrap_or_else(|| cannot(error))
    }
}

fn cannot(error: &ParquetError) -> FileError {
    FileError::new(format!("cannot write Parquet: {error}"))
}

/// What was gathered.
fn batch(names: &[&str], columns: &mut [Builder]) -> Result<RecordBatch, ParquetError> {
    let arrays = columns.iter_mut().map(Builder::finish);
    let columns = names.iter().zip(arrays).map(|(name, array)| (*name, array, true));
    Ok(RecordBatch::try_from_iter_with_nullable(columns)?)
}

impl Builder {
    fn of(name: &str) -> Self {
        match name {
            "at" | "due" | "deadline" | "could_go_at" => {
                Self::Time(TimestampMicrosecondBuilder::new().with_timezone("UTC"))
            }
            "local" => Self::Civil(TimestampMicrosecondBuilder::new()),
            "step" => Self::Whole(Int32Builder::new()),
            // A number has six places and fewer than twenty digits.
            "priority" => {
                let digits = Decimal128Builder::new();
                Self::Number(digits.with_precision_and_scale(19, 6).unwrap_or_default())
            }
            "categories" | "moved_by" | "reasons" => Self::List(ListBuilder::new(StringBuilder::new())),
            _ => Self::Text(StringBuilder::new()),
        }
    }

    fn push(&mut self, value: Value<'_>) {
        match (self, value) {
            (Self::Text(column), Value::Text(text)) => column.append_value(text),
            (Self::Text(column), Value::Shown(text)) => {
                column.append_option(Some(text).filter(|text| !text.is_empty()));
            }
            (Self::Time(column), Value::Time(at)) => {
                let at = at.filter(|at| !matches!(*at, Instant::MIN | Instant::MAX));
                column.append_option(at.map(Instant::as_micros));
            }
            (Self::Civil(column), Value::Civil(at)) => {
                column.append_value(Zone::utc().instant(at).as_micros());
            }
            (Self::Whole(column), Value::Step(step)) => column.append_option(i32::try_from(step).ok()),
            (Self::Number(column), Value::Number(number)) => {
                column.append_value(i128::from(number.millionths()));
            }
            (Self::List(column), Value::List(members)) => column.append_value(members.into_iter().map(Some)),
            // Each name has one kind of value.
            (column, _) => column.push_nothing(),
        }
    }

    fn push_nothing(&mut self) {
        match self {
            Self::Text(column) => column.append_null(),
            Self::Time(column) | Self::Civil(column) => column.append_null(),
            Self::Whole(column) => column.append_null(),
            Self::Number(column) => column.append_null(),
            Self::List(column) => column.append_null(),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(column) => Arc::new(column.finish()),
            Self::Time(column) | Self::Civil(column) => Arc::new(column.finish()),
            Self::Whole(column) => Arc::new(column.finish()),
            Self::Number(column) => Arc::new(column.finish()),
            Self::List(column) => Arc::new(column.finish()),
        }
    }
}

/// Keeps what is wrong with the file, in our words.
struct Target {
    /// Until it is finished.
    out: Option<OutFile>,
    failed: Option<FileError>,
}

impl io::Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.out.as_mut().map_or(Ok(()), |out| out.write(bytes)) {
            Ok(()) => Ok(bytes.len()),
            Err(error) => {
                let problem = io::Error::other(error.to_string());
                self.failed = Some(error);
                Err(problem)
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
