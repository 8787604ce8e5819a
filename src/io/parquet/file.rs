//! Parquet files: what they hold, and their rows, so many at a time.

use std::{
    fs::File,
    path::{Path, PathBuf},
    sync::Arc,
};

use arrow_array::StructArray;
use arrow_schema::{DataType, Field, FieldRef, Fields, Schema, TimeUnit};
use parquet::{
    arrow::{
        ProjectionMask,
        arrow_reader::{
            ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
            ParquetRecordBatchReaderBuilder,
        },
    },
    basic::{Compression, Type as PhysicalType},
    errors::ParquetError,
    file::{metadata::ParquetMetaData, statistics::Statistics},
};

use super::{guard::guarded, outline::Outline};
use crate::io::{FileError, error::cannot_read};

/// A Parquet file, its description read.
#[derive(Debug)]
pub(crate) struct ParquetFile {
    pub(super) name: Arc<str>,
    path: PathBuf,
    metadata: ArrowReaderMetadata,
    pub(super) outline: Outline,
}

impl ParquetFile {
    /// Opens a file.
    pub(crate) fn open(path: &Path) -> Result<Self, FileError> {
        let name: Arc<str> = path.display().to_string().into();
        let file = File::open(path).map_err(|error| cannot_read(path, &error))?;
        let wrong = |error| damaged(&name, &error);
        let options = || ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        let plain = guarded(|| ArrowReaderMetadata::load(&file, options())).map_err(wrong)?;
        for group in plain.metadata().row_groups() {
            for column in group.columns() {
                refuse_codec(&name, column.compression())?;
            }
        }
        let fields = hints(plain.schema().fields(), plain.metadata(), &mut 0);
        let schema = Schema::new_with_metadata(fields, plain.schema().metadata().clone());
        let metadata = guarded(|| {
            let options = options().with_schema(Arc::new(schema));
            ArrowReaderMetadata::try_new(Arc::clone(plain.metadata()), options)
        })
        .map_err(wrong)?;
        let outline = Outline::new(metadata.schema().fields());
        Ok(Self { name, path: path.into(), metadata, outline })
    }

    /// How many rows it has.
    pub(super) fn rows(&self) -> u64 {
        u64::try_from(self.metadata.metadata().file_metadata().num_rows()).unwrap_or(0)
    }

    /// How many row groups it has.
    pub(super) fn groups(&self) -> usize {
        self.metadata.metadata().num_row_groups()
    }

    /// What each row group says of one of its columns, if it does.
    pub(super) fn statistics(&self, leaf: usize) -> impl Iterator<Item = Option<&Statistics>> {
        let groups = self.metadata.metadata().row_groups().iter();
        groups.map(move |group| group.columns().get(leaf)?.statistics())
    }

    /// Its rows, of those columns of the file, so many at a time.
    pub(super) fn read(self: &Arc<Self>, leaves: &[usize], size: usize) -> Batches {
        let descriptor = self.metadata.metadata().file_metadata().schema_descr();
        let mask = ProjectionMask::leaves(descriptor, leaves.iter().copied());
        Batches { file: Arc::clone(self), mask, size, next_group: 0, reader: None, rows: 0 }
    }

    fn group(
        &self,
        group: usize,
        mask: &ProjectionMask,
        size: usize,
    ) -> Result<ParquetRecordBatchReader, FileError> {
        let file = File::open(&self.path).map_err(|error| cannot_read(&self.path, &error))?;
        guarded(|| {
            ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone())
                .with_row_groups(vec![group])
                .with_projection(mask.clone())
                .with_batch_size(size)
                .build()
        })
        .map_err(|error| damaged(&self.name, &error))
    }
}

/// The rows of a file, some at a time, never from two row groups at once: each has its own dictionaries.
pub(super) struct Batches {
    pub(super) file: Arc<ParquetFile>,
    mask: ProjectionMask,
    size: usize,
    next_group: usize,
    reader: Option<ParquetRecordBatchReader>,
    /// How many rows came.
    rows: u64,
}

impl Batches {
    /// The next rows, and the number of the first of them, from 1.
    pub(super) fn next(&mut self) -> Result<Option<(u64, StructArray)>, FileError> {
        loop {
            let Some(reader) = &mut self.reader else {
                if self.next_group >= self.file.metadata.metadata().num_row_groups() {
                    return self.end().map(|()| None);
                }
                self.reader = Some(self.file.group(self.next_group, &self.mask, self.size)?);
                self.next_group = self.next_group.saturating_add(1);
                continue;
            };
            let batch = guarded(|| reader.next().transpose().map_err(ParquetError::from));
            match batch.map_err(|error| damaged(&self.file.name, &error))? {
                None => self.reader = None,
                Some(batch) if batch.num_rows() == 0 => {}
                Some(batch) => {
                    let first = self.rows.saturating_add(1);
                    self.rows = self.rows.saturating_add(batch.num_rows() as u64);
                    return Ok(Some((first, StructArray::from(batch))));
                }
            }
        }
    }

    /// All rows have come, or some were lost.
    fn end(&self) -> Result<(), FileError> {
        let promised = self.file.rows();
        if self.rows == promised {
            return Ok(());
        }
        let lost = format!("it says that it has {promised} rows, and {} came", self.rows);
        Err(damaged(&self.file.name, &ParquetError::General(lost)))
    }
}

/// The same fields, decoded in the best way: texts as the numbers of dictionary entries where the file has
/// dictionaries, else in place; the times of old writers in microseconds, since nanoseconds do not hold all years.
fn hints(fields: &Fields, metadata: &ParquetMetaData, leaf: &mut usize) -> Fields {
    fields.iter().map(|field| hint(field, metadata, leaf)).collect()
}

fn hint(field: &FieldRef, metadata: &ParquetMetaData, leaf: &mut usize) -> FieldRef {
    let ty = match field.data_type() {
        DataType::Struct(parts) => DataType::Struct(hints(parts, metadata, leaf)),
        DataType::List(member) => DataType::List(hint(member, metadata, leaf)),
        DataType::Map(member, sorted) => DataType::Map(hint(member, metadata, leaf), *sorted),
        ty => {
            let index = *leaf;
            *leaf = leaf.saturating_add(1);
            let is_dictionary = metadata.row_groups().iter().all(|group| {
                let column = group.columns().get(index);
                column.is_some_and(|column| column.dictionary_page_offset().is_some())
            });
            match ty {
                DataType::Utf8 if is_dictionary => {
                    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
                }
                DataType::Utf8 => DataType::Utf8View,
                DataType::Binary => DataType::BinaryView,
                DataType::Timestamp(..) if is_old_time(metadata, index) => {
                    DataType::Timestamp(TimeUnit::Microsecond, None)
                }
                ty => ty.clone(),
            }
        }
    };
    Arc::new(Field::clone(field).with_data_type(ty))
}

fn is_old_time(metadata: &ParquetMetaData, leaf: usize) -> bool {
    let schema = metadata.file_metadata().schema_descr();
    leaf < schema.num_columns() && schema.column(leaf).physical_type() == PhysicalType::INT96
}

fn refuse_codec(name: &str, codec: Compression) -> Result<(), FileError> {
    let called = match codec {
        Compression::UNCOMPRESSED | Compression::SNAPPY | Compression::ZSTD(_) => return Ok(()),
        Compression::GZIP(_) => "gzip",
        Compression::BROTLI(_) => "brotli",
        Compression::LZ4 | Compression::LZ4_RAW => "lz4",
        Compression::LZO => "lzo",
    };
    Err(FileError::new(format!("`{name}` is compressed with {called}"))
        .help("write it with snappy or zstd, or without compression"))
}

/// The file cannot be understood.
fn damaged(name: &str, error: &ParquetError) -> FileError {
    let text = error.to_string();
    let said = ["Parquet error: ", "EOF: ", "Arrow: ", "External: "]
        .iter()
        .fold(text.as_str(), |said, prefix| said.strip_prefix(prefix).unwrap_or(said));
    let is_cut = ["Corrupt footer", "too small"].iter().any(|words| said.contains(words));
    let said = if is_cut { "its end, where it says what it holds, is missing" } else { said };
    FileError::new(format!("`{name}` is damaged or not whole: {said}")).help("write it or copy it once more")
}
