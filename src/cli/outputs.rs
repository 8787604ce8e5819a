//! Where a run writes: never over what it reads, and never two things into one file.

use std::path::{Path, PathBuf};

use super::{Failure, screen::visible};

/// A file that a run reads or writes.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    /// How people name it: `` `--out` ``.
    what: String,
    path: PathBuf,
    /// What helps if it is also something else.
    help: Option<&'static str>,
}

impl Named {
    /// The file that was given to an option.
    pub(crate) fn by(option: &str, path: impl Into<PathBuf>) -> Self {
        Self { what: format!("`{option}`"), path: path.into(), help: None }
    }

    /// A rule file, or what one of them uses.
    pub(crate) fn of_rules(path: impl Into<PathBuf>) -> Self {
        Self { what: "a file of the rules".into(), path: path.into(), help: None }
    }

    /// With something that helps better than another name for it.
    pub(crate) fn help(self, help: &'static str) -> Self {
        Self { help: Some(help), ..self }
    }

    /// What tells files apart, whatever they are called here: a link is what it leads to, and what is not there yet has a
    /// name in a folder. `None` of what is no plain file: a pipe, a terminal or `/dev/null` takes whatever comes.
    fn identity(&self, standard: &str) -> Option<PathBuf> {
        let path = if self.path == Path::new("-") { Path::new(standard) } else { &self.path };
        if let Ok(found) = path.canonicalize() {
            return found.is_file().then_some(found);
        }
        let folder = path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
        Some(folder.canonicalize().ok()?.join(path.file_name()?))
    }
}

/// Refuses to write where something is read, or two things to one place, where the later would replace the earlier.
pub(crate) fn keep_apart(outputs: &[Named], inputs: &[Named]) -> Result<(), Failure> {
    // The shell may have led the standard streams to files as well.
    let written: Vec<_> = outputs.iter().map(|output| (output, output.identity("/dev/stdout"))).collect();
    let read: Vec<_> = inputs.iter().map(|input| (input, input.identity("/dev/stdin"))).collect();
    for (index, (output, identity)) in written.iter().enumerate() {
        let Some(identity) = identity else { continue };
        let mut others = written.iter().skip(index.saturating_add(1)).chain(&read);
        if let Some((other, _)) = others.find(|(_, other)| other.as_ref() == Some(identity)) {
            return Err(both(output, other));
        }
    }
    Ok(())
}

fn both(output: &Named, other: &Named) -> Failure {
    let shown = |named: &Named| visible(&named.path.display().to_string());
    let (one, two) = (&output.what, &other.what);
    let failure = Failure::usage(if output.path == other.path {
        format!("{one} and {two} are both `{}`", shown(output))
    } else {
        format!("{one} (`{}`) and {two} (`{}`) are the same file", shown(output), shown(other))
    });
    failure.help(output.help.or(other.help).unwrap_or("name another file"))
}

/// What names of schedules may end with.
const ENDINGS: &str = if cfg!(feature = "parquet") {
    ".csv, .jsonl, .ndjson, .json, .parquet or .txt"
} else {
    ".csv, .jsonl, .ndjson, .json or .txt"
};

/// Refuses a file whose name asks for a format that is none of ours: programs would take what stands in it for something
/// else.
pub(crate) fn must_have_no_ending(path: &Path, mend: &str) -> Result<(), Failure> {
    let is_special = path.metadata().is_ok_and(|found| !found.is_file());
    match path.extension() {
        Some(_) if !is_special => {
            Err(Failure::usage(format!("the ending of `{}` stands for no format", path.display()))
                .help(format!("{mend} one of the endings {ENDINGS}")))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn files_are_told_apart_by_what_they_are() {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        fs::create_dir(path("sub")).unwrap();
        fs::write(path("users.jsonl"), "").unwrap();
        let clash = |output: PathBuf, input: PathBuf| {
            let failed = keep_apart(&[Named::by("--out", output)], &[Named::by("--users", input)]);
            failed.err().map(|failure| failure.message.replace(&dir.path().display().to_string(), "DIR"))
        };
        assert_eq!(
            clash(path("users.jsonl"), path("users.jsonl")).unwrap(),
            "`--out` and `--users` are both `DIR/users.jsonl`"
        );
        assert_eq!(
            clash(path("sub/../users.jsonl"), path("users.jsonl")).unwrap(),
            "`--out` (`DIR/sub/../users.jsonl`) and `--users` (`DIR/users.jsonl`) are the same file"
        );
        assert_eq!(clash(path("new.csv"), path("users.jsonl")), None);
        assert_eq!(clash(path("sub/users.jsonl"), path("users.jsonl")), None);
        assert!(clash(path("new.csv"), path("sub/../new.csv")).is_some(), "neither is there");
        assert_eq!(clash(path("sub"), path("sub")), None, "a folder is refused when it is opened");
        assert_eq!(clash("/dev/null".into(), "/dev/null".into()), None);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_what_it_leads_to() {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        fs::write(path("users.jsonl"), "").unwrap();
        std::os::unix::fs::symlink("users.jsonl", path("link.jsonl")).unwrap();
        let users = [Named::by("--users", path("users.jsonl"))];
        assert!(keep_apart(&[Named::by("--out", path("link.jsonl"))], &users).is_err());
    }
}
