//! The same over Parquet: threads take row groups, of which only the columns that the rules mention are decoded.

use std::{
    fs::File,
    io,
    path::Path,
    sync::{
        Arc, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use arrow_array::{Array, StructArray};
use arrow_schema::{DataType, Field, FieldRef, Schema};
use parquet::arrow::{
    ProjectionMask,
    arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder},
};

use super::{
    super::pipeline::{Counts, Output, Work, in_threads},
    Limit,
    columns::{ASKED, Columns},
};

/// How many users are decoded at a time: as many as caches hold.
const SIZE: usize = 2_048;

/// Runs the program over a file of users with their events and contacts within them.
///
/// # Errors
///
/// Those of reading and writing.
pub fn run_over_parquet(input: &Path, output: &Path, threads: usize) -> io::Result<Counts> {
    let metadata = describe(input)?;
    let columns = metadata.metadata().file_metadata().schema_descr();
    let mask = ProjectionMask::columns(columns, ASKED);
    let next = AtomicUsize::new(0);
    let output = Output::create(output)?;
    in_threads(threads, || {
        let mut limit = Limit::default();
        loop {
            let group = next.fetch_add(1, Ordering::Relaxed);
            if group >= metadata.metadata().num_row_groups() {
                return Ok(limit.counts());
            }
            let file = File::open(input)?;
            let batches = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata.clone())
                .with_row_groups(vec![group])
                .with_projection(mask.clone())
                .with_batch_size(SIZE)
                .build()?;
            let mut rows = Vec::new();
            for batch in batches {
                let batch = batch.map_err(io::Error::other)?;
                let done = limit.batch(&batch.into(), &mut rows);
                done.ok_or_else(|| io::Error::other("the columns are not of the kinds that are expected"))?;
            }
            output.lock().unwrap_or_else(PoisonError::into_inner).put(group as u64, rows)?;
        }
    })
}

/// What the file holds, texts to be decoded as the numbers of dictionary entries, ids in place.
fn describe(input: &Path) -> io::Result<ArrowReaderMetadata> {
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let plain = ArrowReaderMetadata::load(&File::open(input)?, options.clone())?;
    let schema = Schema::new(plain.schema().fields().iter().map(decoded).collect::<Vec<_>>());
    let options = options.with_schema(Arc::new(schema));
    Ok(ArrowReaderMetadata::try_new(Arc::clone(plain.metadata()), options)?)
}

fn decoded(field: &FieldRef) -> FieldRef {
    let ty = match field.data_type() {
        DataType::Struct(parts) => DataType::Struct(parts.iter().map(decoded).collect()),
        DataType::List(member) => DataType::List(decoded(member)),
        DataType::Utf8 if field.name().ends_with("id") => DataType::Utf8View,
        DataType::Utf8 => DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)),
        other => other.clone(),
    };
    Arc::new(Field::clone(field).with_data_type(ty))
}

impl Limit {
    /// Works on some users.
    fn batch(&mut self, users: &StructArray, out: &mut Vec<u8>) -> Option<()> {
        let mut texts = std::mem::take(&mut self.texts);
        texts.clear();
        let columns = Columns::new(users, &mut texts)?;
        let words = texts.len();
        for row in 0..users.len() {
            texts.truncate(words);
            columns.read(row, &mut texts, &mut self.person)?;
            if !self.plan(&texts, out) {
                self.placer.counts.rejected += 1;
            }
        }
        self.texts = texts;
        Some(())
    }
}
