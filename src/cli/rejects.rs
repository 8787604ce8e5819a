//! What was wrong with records: the file of it, and the first few on the screen.

use std::path::{Path, PathBuf};

use courtesy::io::{FileError, OutFile, Reject};

use super::{Exit, Failure, Screen, rules::number_of, screen::visible, summary::Summary};

/// Where rejects go if nobody says where.
pub(crate) const REJECTS: &str = "rejects.jsonl";

/// The file of what was wrong with records: there is none before the first, unless it was asked for.
pub(crate) struct Rejects {
    path: Option<PathBuf>,
    out: Option<OutFile>,
}

impl Rejects {
    /// Of that name, if one was given.
    pub(crate) fn new(path: Option<&Path>) -> Result<Self, Failure> {
        Ok(Self { path: path.map(Into::into), out: path.map(OutFile::create).transpose()? })
    }

    fn path(&self) -> &Path {
        self.path.as_deref().unwrap_or(Path::new(REJECTS))
    }

    /// Writes one down.
    pub(crate) fn add(&mut self, reject: &Reject, summary: &mut Summary) -> Result<(), Failure> {
        summary.reject(reject);
        let mut out = match self.out.take() {
            Some(out) => out,
            None => OutFile::create(self.path()).map_err(|error| {
                Failure::from(error).help("say with `--rejects` where they may be written")
            })?,
        };
        let line = serde_json::to_string(reject).unwrap_or_default() + "\n";
        out.write(line.as_bytes()).map_err(rejected)?;
        self.out = Some(out);
        Ok(())
    }

    /// Sees to it that all of it is on the disk.
    pub(crate) fn flush(&mut self) -> Result<(), Failure> {
        self.out.as_mut().map_or(Ok(()), OutFile::flush).map_err(rejected)
    }

    /// Ends the file; says where it is, if there is one.
    pub(crate) fn finish(mut self) -> Result<Option<PathBuf>, Failure> {
        let Some(out) = self.out.take() else { return Ok(None) };
        out.finish().map_err(rejected)?;
        Ok(Some(self.path().into()))
    }

    /// Ends the file of a run whose other output nobody reads any more, and says how that ends.
    pub(crate) fn finish_alone(self, summary: &Summary, screen: Screen) -> Result<Exit, Failure> {
        let path = self.finish()?;
        let Some(path) = path.filter(|_| summary.rejected > 0) else { return Ok(Exit::Fine) };
        let count = number_of(usize::try_from(summary.rejected).unwrap_or(usize::MAX), "record");
        screen
            .note(format_args!("rejected: {count}, which `{}` holds", visible(&path.display().to_string())));
        Ok(Exit::DataRejected)
    }
}

/// The first few rejects and how many more there are: there may be very many of them.
pub(crate) struct FewRejects {
    few: Vec<Reject>,
    most: usize,
    more: usize,
}

impl FewRejects {
    /// None so far; so many are to be shown at the most.
    pub(crate) const fn at_most(most: usize) -> Self {
        Self { few: Vec::new(), most, more: 0 }
    }

    /// One more.
    pub(crate) fn push(&mut self, reject: Reject) {
        if self.few.len() < self.most {
            self.few.push(reject);
        } else {
            self.more = self.more.saturating_add(1);
        }
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.few.is_empty()
    }

    /// Shows them: what became of them, and each.
    pub(crate) fn show(&self, fate: &str, screen: Screen) {
        for reject in &self.few {
            screen.note(format_args!("{fate}: {reject}"));
        }
        if self.more > 0 {
            screen.note(format_args!("{fate}: {} more", self.more));
        }
    }
}

/// Rejects that nobody reads to their end are rejects.
fn rejected(error: FileError) -> Failure {
    let failure = Failure::from(error);
    if failure.is_closed() { Failure { exit: Exit::DataRejected, ..failure } } else { failure }
}
