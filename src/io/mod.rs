//! Reading rule files and data, writing schedules. The only part of the library that touches the world.

mod rule_files;

pub use rule_files::{EXTENSION, NamedText, RuleFileError, RuleFiles};
