//! Parquet: the same users give the same plans, whatever files they are in; damaged files are told.
#![cfg(feature = "parquet")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "a test that cannot go on fails"
)]

mod columns;
mod faults;
mod people;
mod same;
mod schedule;
mod style;
mod texts;
