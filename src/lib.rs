//! Courtesy decides whom to contact, when, over which channel, and when not to.

pub mod check;
pub mod diagnostic;
pub mod eval;
#[cfg(feature = "cli")]
pub mod io;
pub mod number;
pub mod program;
pub mod snapshot;
pub mod syntax;
pub mod time;
