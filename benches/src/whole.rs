//! Everything side by side: Courtesy and the programs written by hand, over the same users, with the same decisions.

mod data;
mod inside;
mod programs;
mod report;

use std::{io, path::PathBuf};

pub use data::Data;
pub use programs::Program;
pub use report::{Measure, Report};

/// What is measured, and how.
#[derive(Debug)]
pub struct Settings {
    /// How many users.
    pub users: u64,
    /// How often each program runs, one after another in turns.
    pub rounds: usize,
    /// The command of Courtesy.
    pub courtesy: PathBuf,
    /// The program of the rules written by hand.
    pub by_hand: PathBuf,
    /// Where data is made and kept, and schedules are written.
    pub folder: PathBuf,
    /// Measures within this process as well: evaluation alone, and how it grows.
    pub inside: bool,
}

/// Measures everything. Says on standard error what it does.
///
/// # Errors
///
/// Those of reading, writing and running, and if two programs decide differently.
pub fn measure(settings: &Settings) -> io::Result<Report> {
    let data = Data::make(&settings.folder, settings.users)?;
    let mut report = Report::new(settings.users, settings.rounds);
    programs::measure(settings, &data, &mut report)?;
    if settings.inside {
        inside::measure(settings, &data, &mut report)?;
    }
    Ok(report)
}

/// What went wrong, as an error.
fn wrong(what: impl std::fmt::Display) -> io::Error {
    io::Error::other(what.to_string())
}
