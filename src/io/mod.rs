//! Reading rule files and data, writing schedules. The only part of the library that touches the world.

mod batches;
mod binder;
mod blocks;
mod columns;
mod error;
mod file;
mod formulas;
mod given;
mod joined;
mod json;
mod kinds;
mod misfits;
mod out_file;
#[cfg(feature = "parquet")]
mod parquet;
mod pieces;
mod quick;
mod rows;
mod rule_files;
mod schedule;
mod survey;
mod table;
mod tables;
mod touches;
mod users;

pub use batches::{MOST_THREADS, SeenUsers, for_each_user};
pub use binder::Binder;
pub use blocks::Records;
pub use columns::Columns;
pub use error::{FileError, Reject, cannot_read};
pub use out_file::OutFile;
#[cfg(feature = "parquet")]
pub use parquet::ParquetSchedule;
pub use rule_files::{EXTENSION, NamedText, RuleFiles};
pub use schedule::{Format, TouchTable};
pub use survey::Survey;
pub use touches::{BadRow, ScheduleFile, ScheduleRow};
pub use users::{DataFile, DataFiles, UserReader, UserRecord};
