//! What the benchmarks work on: users and rule sets, made from a seed.
//!
//! The same seed gives the same bytes on every machine. A user depends on the seed and their own number alone, so that users
//! can be made in any order, by any number of threads.

pub mod by_hand;
pub mod rules;
pub mod users;
pub mod whole;
