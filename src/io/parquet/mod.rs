//! Parquet files: users with their events and contacts within them, or tables beside each other.
//!
//! Only the columns that the rules ask for are decoded, a few thousand rows at a time, so that memory does not grow with the
//! number of users.

mod bind;
mod column;
mod file;
mod guard;
mod joined;
mod order;
mod outline;
mod plain;
mod plan;
mod rows;
mod scattered;
mod schedule;
mod users;

pub(super) use bind::ColumnBinder;
pub(super) use column::Column;
pub(super) use file::ParquetFile;
pub(super) use joined::{Key, ParquetRows, RowRange};
pub(super) use plain::ParquetTable;
pub(super) use rows::Asked;
pub use schedule::ParquetSchedule;
pub(super) use users::{ParquetUsers, UserBatch};
