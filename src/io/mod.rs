//! Reading rule files and data, writing schedules. The only part of the library that touches the world.

mod columns;
mod error;
mod file;
mod given;
mod joined;
mod json;
mod rows;
mod rule_files;
mod table;
mod users;

pub use columns::Columns;
pub use error::{FileError, Reject};
pub use rule_files::{EXTENSION, NamedText, RuleFiles};
pub use users::{DataFile, DataFiles, UserReader, UserRecord};
