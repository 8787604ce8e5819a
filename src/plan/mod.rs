//! Occurrences → candidates → their places under caps, with a reason for everything.
//!
//! A [`Planner`] asks of each rule by what it is due ([occurrences](self#occurrences)), puts the steps that wait into
//! one queue by priority, and gives each the earliest instant at which everything that concerns it agrees. What a
//! plan says is in [`Plan`].
//!
//! # Occurrences
//!
//! A rule is due by each spell of its condition, by each event, or by each date. An occurrence has a key that does not
//! change when it is looked at again later; the identity of a touch is a hash of it, so that planning again never
//! sends twice.

mod blocks;
mod caps;
mod claims;
mod display;
mod find;
mod gaps;
mod horizon;
mod hours;
mod json;
mod language;
mod names;
mod outcome;
mod planner;
mod reach;
mod repeat;
mod run;
mod search;
mod sequence;
mod settle;
#[cfg(test)]
mod tests;
mod times;
mod touch_id;
mod windows;
mod world;

pub use horizon::Horizon;
pub use outcome::{Blocker, BlockingContact, Candidate, Payload, Plan, Reason, Touch, TouchId, Withheld};
pub use planner::Planner;
pub(crate) use run::MOST_TURNS;
