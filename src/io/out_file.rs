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
///
/// A process that is killed leaves behind what it had written, as `.NAME.….part`; nobody reads it, and it may be deleted.
///
/// What is no plain file, such as `/dev/stderr` or a named pipe, is written as it comes; a link is followed.
pub struct OutFile {
    /// As given.
    path: PathBuf,
    to: To,
}

enum To {
    Standard(BufWriter<io::Stdout>),
    Device(BufWriter<fs::File>),
    /// And what it will be called.
    File(BufWriter<NamedTempFile>, PathBuf),
}

impl OutFile {
    /// Begins a file.
    ///
    /// # Errors
    ///
    /// [`FileError`] if its folder cannot be written to, or there is a file of that name that may not be.
    pub fn create(path: &Path) -> Result<Self, FileError> {
        let wrong = |error: io::Error| cannot_write(path, &error);
        let to = if path == Path::new("-") {
            To::Standard(BufWriter::new(io::stdout()))
        } else {
            let target = path.canonicalize().unwrap_or_else(|_| path.into());
            let folder = target.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
            match fs::metadata(&target) {
                Ok(old) if old.is_dir() => return Err(wrong(io::ErrorKind::IsADirectory.into())),
                Ok(old) if !old.is_file() => {
                    let file = fs::OpenOptions::new().write(true).open(&target).map_err(wrong)?;
                    To::Device(BufWriter::new(file))
                }
                Ok(old) if old.permissions().readonly() => {
                    return Err(wrong(io::ErrorKind::PermissionDenied.into()));
                }
                // It gets the rights of the one it replaces in the end, and is its owner's alone until then.
                old => {
                    let file = temporary(folder, &target, old.is_err()).map_err(wrong)?;
                    To::File(BufWriter::new(file), target)
                }
            }
        };
        Ok(Self { path: path.into(), to })
    }

    /// Writes on.
    ///
    /// # Errors
    ///
    /// [`FileError`] if it cannot be written.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), FileError> {
        match &mut self.to {
            To::Standard(out) => out.write_all(bytes),
            To::Device(out) => out.write_all(bytes),
            To::File(out, _) => out.write_all(bytes),
        }
        .map_err(|error| cannot_write(&self.path, &error))
    }

    /// Sees to it that all of it is on the disk, so that [`finish`](Self::finish) has only the name left to give. Of
    /// several files that belong together none is finished before all are flushed.
    ///
    /// # Errors
    ///
    /// [`FileError`] if it cannot be written.
    pub fn flush(&mut self) -> Result<(), FileError> {
        match &mut self.to {
            To::Standard(out) => out.flush(),
            To::Device(out) => out.flush(),
            To::File(out, _) => out.flush().and_then(|()| out.get_ref().as_file().sync_data()),
        }
        .map_err(|error| cannot_write(&self.path, &error))
    }

    /// Ends the file and gives it its name.
    ///
    /// # Errors
    ///
    /// [`FileError`] if it cannot be written.
    pub fn finish(mut self) -> Result<(), FileError> {
        self.flush()?;
        let Self { path, to } = self;
        let wrong = |error: io::Error| cannot_write(&path, &error);
        match to {
            To::Standard(_) | To::Device(_) => Ok(()),
            To::File(out, target) => {
                let file = out.into_inner().map_err(|error| wrong(error.into_error()))?;
                if let Ok(old) = fs::metadata(&target) {
                    file.as_file().set_permissions(old.permissions()).map_err(wrong)?;
                }
                file.persist(&target).map(drop).map_err(|error| wrong(error.error))
            }
        }
    }
}

/// A file beside the one that it becomes. Whoever kills the process finds by its name what it was to be:
/// `.schedule.csv.x7Gk2a.part`. One that replaces nothing has the rights that new files have here, as `umask` says.
fn temporary(folder: &Path, target: &Path, is_new: bool) -> io::Result<NamedTempFile> {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    // Names have an end; of a long one its beginning tells enough.
    let prefix = format!(".{}.", name.chars().take(50).collect::<String>());
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix).suffix(".part");
    #[cfg(unix)]
    if is_new {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    #[cfg(not(unix))]
    let _ = is_new;
    // The error would name a file that nobody asked for.
    builder.tempfile_in(folder).map_err(|error| error.kind().into())
}

fn cannot_write(path: &Path, error: &io::Error) -> FileError {
    let name = if path == Path::new("-") {
        "the standard output".to_owned()
    } else {
        format!("`{}`", path.display())
    };
    let is_closed = error.kind() == io::ErrorKind::BrokenPipe;
    FileError { is_closed, ..FileError::new(format!("cannot write {name}: {}", reason(error))) }
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

    #[cfg(unix)]
    #[test]
    fn a_link_is_followed_and_what_may_not_be_written_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        fs::write(path("real.csv"), "old").unwrap();
        std::os::unix::fs::symlink("real.csv", path("link.csv")).unwrap();
        let mut out = OutFile::create(&path("link.csv")).unwrap();
        out.write(b"new").unwrap();
        out.finish().unwrap();
        assert!(path("link.csv").is_symlink());
        assert_eq!(fs::read_to_string(path("real.csv")).unwrap(), "new");
        let mut rights = fs::metadata(path("real.csv")).unwrap().permissions();
        rights.set_readonly(true);
        fs::set_permissions(path("real.csv"), rights).unwrap();
        let error = OutFile::create(&path("real.csv")).err().unwrap().problem;
        assert!(error.ends_with("it may not be read or written"), "{error}");
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
