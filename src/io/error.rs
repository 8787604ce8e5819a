//! What goes wrong with files and with single records.

use std::{fmt, io, path::Path, sync::Arc};

use serde::Serialize;
use thiserror::Error;

use crate::snapshot::{BindError, LONGEST_ID, plain};

/// A file cannot be read, written or understood as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{problem}")]
pub struct FileError {
    /// What is wrong: no capital, no final period.
    pub problem: String,
    /// How to mend it.
    pub help: Option<String>,
    /// Whoever read the output stopped reading it (`courtesy … | head`), so that nothing is wrong.
    pub is_closed: bool,
}

impl FileError {
    // What names, headers and cells hold can stand in these texts: nothing of it may steer a terminal.

    pub(crate) fn new(problem: impl Into<String>) -> Self {
        Self { problem: plain(&problem.into()), help: None, is_closed: false }
    }

    pub(crate) fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(plain(&text.into()));
        self
    }
}

/// A file could not be read, as all messages say it.
#[must_use]
pub fn cannot_read(path: &Path, error: &io::Error) -> FileError {
    FileError::new(format!("cannot read `{}`: {}", path.display(), reason(error)))
}

/// The same of what is called that in messages.
pub(crate) fn cannot_read_from(name: &str, error: &io::Error) -> FileError {
    FileError::new(format!("cannot read {}: {}", called(name), reason(error)))
}

/// What the standard input is called where files are called by their names.
pub(crate) const STANDARD_INPUT: &str = "standard input";

/// A file in a message; of the standard input there is but one.
pub(crate) fn called(name: &str) -> String {
    if name == STANDARD_INPUT { format!("the {name}") } else { format!("`{name}`") }
}

/// What went wrong with a file, in plain words.
pub(crate) fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or folder".into(),
        io::ErrorKind::PermissionDenied => "it may not be read or written".into(),
        io::ErrorKind::IsADirectory => "it is a folder".into(),
        io::ErrorKind::StorageFull => "the disk is full".into(),
        io::ErrorKind::ReadOnlyFilesystem => "the disk is read-only".into(),
        _ => error.to_string(),
    }
}

/// A record that was left out, and why. Its user gets no schedule: with a part of the data missing it could be a wrong
/// one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reject {
    /// In which file the broken part is.
    pub source: Arc<str>,
    /// On which line of it; of a Parquet file, the number of the row.
    pub line: u64,
    /// Whether it is rows that are counted.
    #[serde(skip)]
    is_row: bool,
    /// Whose, if known; cut to a readable length.
    pub user: Option<String>,
    /// The whole id.
    #[serde(skip)]
    id: Option<Box<str>>,
    /// What is wrong.
    pub reason: String,
    /// How to mend it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

impl Reject {
    /// The user there is left out, since another one of that id came before.
    pub(crate) fn double(place: &Place, user: &str) -> Self {
        let help = "give each user once; this one is left out, the first stays".to_owned();
        Self { help: Some(help), ..place.reject(Some(user), "a user of that id came before") }
    }

    /// The id of the user, if known: the whole of it, which [`Reject::user`] may cut.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// Where the broken part is: ``line 7 of `users.csv` ``.
    #[must_use]
    pub fn place(&self) -> String {
        let unit = if self.is_row { "row" } else { "line" };
        format!("{unit} {} of `{}`", self.line, self.source)
    }
}

impl fmt::Display for Reject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.place())?;
        if let Some(user) = &self.user {
            write!(f, " (user `{user}`)")?;
        }
        write!(f, ": {}", self.reason)
    }
}

/// Where a part of a user was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) source: Arc<str>,
    /// From 1.
    pub(crate) line: u64,
    /// Whether rows are counted, since a Parquet file has no lines.
    pub(crate) is_row: bool,
}

impl Place {
    /// A line of a text file.
    pub(crate) fn line(source: &Arc<str>, line: u64) -> Self {
        Self { source: Arc::clone(source), line, is_row: false }
    }

    pub(crate) fn reject(&self, user: Option<&str>, reason: impl Into<String>) -> Reject {
        // No user has a longer id than that.
        let id = user.filter(|id| id.len() <= LONGEST_ID).map(Box::from);
        let user = user.map(crate::snapshot::shown);
        let (source, reason) = (Arc::clone(&self.source), plain(&reason.into()));
        Reject { source, line: self.line, is_row: self.is_row, user, id, reason, help: None }
    }

    pub(crate) fn reject_value(&self, user: Option<&str>, error: &BindError) -> Reject {
        let help = (!error.help.is_empty()).then(|| plain(&error.help));
        Reject { help, ..self.reject(user, error.to_string()) }
    }
}
