//! Output files that are there whole or not at all.

use std::{
    fs,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

use super::{FileError, error::reason};

/// A file that is being written. It takes its name when it is [finished](OutFile::finish), so that nobody ever sees half
/// of it and a failure leaves the old one as it was. `-` is the standard output.
pub struct OutFile {
    path: PathBuf,
    to: To,
}

enum To {
    Standard(BufWriter<io::Stdout>),
    File(BufWriter<NamedTempFile>),
}

impl OutFile {
    /// Begins a file.
    ///
    /// # Errors
    ///
    /// [`FileError`] if its folder cannot be written to.
    pub fn create(path: &Path) -> Result<Self, FileError> {
        let to = if path == Path::new("-") {
            To::Standard(BufWriter::new(io::stdout()))
        } else {
            let folder = path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
            if path.is_dir() {
                return Err(FileError::new(format!("cannot write `{}`: it is a folder", path.display())));
            }
            let wrong = |error: io::Error| cannot_write(path, &error);
            To::File(BufWriter::new(NamedTempFile::new_in(folder).map_err(wrong)?))
        };
        Ok(Self { path: path.into(), to })
    }

    /// Writes on. Whoever reads the standard output may stop reading (`courtesy … | head`): then the process ends at once
    /// and in silence.
    ///
    /// # Errors
    ///
    /// [`FileError`] if it cannot be written.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), FileError> {
        match &mut self.to {
            To::Standard(out) => out.write_all(bytes).or_else(quiet),
            To::File(out) => out.write_all(bytes),
        }
        .map_err(|error| cannot_write(&self.path, &error))
    }

    /// Ends the file and gives it its name.
    ///
    /// # Errors
    ///
    /// [`FileError`] if it cannot be written.
    pub fn finish(self) -> Result<(), FileError> {
        let Self { path, to } = self;
        let wrong = |error: io::Error| cannot_write(&path, &error);
        match to {
            To::Standard(mut out) => out.flush().or_else(quiet).map_err(wrong),
            To::File(out) => {
                let file = out.into_inner().map_err(|error| wrong(error.into_error()))?;
                readable(&file, &path).map_err(wrong)?;
                file.persist(&path).map(drop).map_err(|error| wrong(error.error))
            }
        }
    }
}

/// Gives the file the rights of the one it replaces, or those of any new file: temporary ones are their owner's alone.
fn readable(file: &NamedTempFile, path: &Path) -> io::Result<()> {
    if let Ok(old) = fs::metadata(path) {
        return file.as_file().set_permissions(old.permissions());
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // What everybody may read by default, the owner's group and others included, as `umask` 022 has it.
        file.as_file().set_permissions(fs::Permissions::from_mode(0o644))?;
    }
    Ok(())
}

fn quiet(error: io::Error) -> io::Result<()> {
    if error.kind() == io::ErrorKind::BrokenPipe { std::process::exit(0) } else { Err(error) }
}

fn cannot_write(path: &Path, error: &io::Error) -> FileError {
    FileError::new(format!("cannot write `{}`: {}", path.display(), reason(error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_appears_whole_or_not_at_all() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("out.csv");
        fs::write(&path, "old").unwrap();
        let mut out = OutFile::create(&path).unwrap();
        out.write(b"new").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        drop(out);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "nothing is left behind");
        let mut out = OutFile::create(&path).unwrap();
        out.write(b"new").unwrap();
        out.finish().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
    }

    #[test]
    fn says_where_it_cannot_write() {
        let dir = tempfile::tempdir().unwrap();
        let error = OutFile::create(dir.path()).err().unwrap().problem;
        assert!(error.ends_with("it is a folder"), "{error}");
        let error = OutFile::create(&dir.path().join("no/such")).err().unwrap().problem;
        assert!(error.ends_with("there is no such file or folder"), "{error}");
    }
}
