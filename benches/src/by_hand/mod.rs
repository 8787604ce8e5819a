//! The twenty rules of `rules/twenty.touch` written by hand, twice, to compare with: *plain*, as a good engineer writes them for this one
//! rule set, and *limit*, the fastest that we know to write. Both decide the same as Courtesy and write the same file.
//!
//! What both share is what follows once it is known which rules are due for a user: the caps, the quiet hours and the file.

mod civil;
mod clock;
mod due;
pub mod limit;
mod pipeline;
mod placing;
pub mod plain;
mod rules;
mod search;
mod spells;
mod touch;

pub use pipeline::{Counts, Work, run};

/// Days from now on that are planned.
const HORIZON_DAYS: i64 = 7;
