//! Rule files and what they use, read from folders that were given and from nowhere else.

use std::{
    fs,
    io::{self, Read},
    path::{Component, Path, PathBuf},
};

use super::{
    FileError,
    error::{STANDARD_INPUT, called, cannot_read, cannot_read_from},
};
use crate::diagnostic::line_ends;

/// The largest rule file or calendar that is read, in bytes.
const LARGEST: u64 = 16 * 1024 * 1024;

/// What rule files are called.
pub const EXTENSION: &str = "touch";

/// A text and what it is called in messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedText {
    /// Its path, as given.
    pub name: String,
    /// Its text, without a byte order mark.
    pub text: String,
}

/// The rule files that were named on the command line. What they `use` is read from their folders (and folders within)
/// only, so that a rule file from a stranger cannot read other files of the machine.
#[derive(Debug, Clone, Default)]
pub struct RuleFiles {
    /// The files, those of a folder in the order of their names.
    pub files: Vec<NamedText>,
    /// Canonical.
    roots: Vec<PathBuf>,
}

impl RuleFiles {
    /// Reads files, all `.touch` files of folders, and `-`, the standard input.
    ///
    /// # Errors
    ///
    /// [`FileError`] if one cannot be read or a folder has none.
    pub fn read(paths: impl IntoIterator<Item = impl AsRef<Path>>) -> Result<Self, FileError> {
        let mut rules = Self::default();
        let paths: Vec<_> = paths.into_iter().collect();
        // Whatever lies in any of the folders may be read, in whatever order they are named.
        for path in paths.iter().map(AsRef::as_ref) {
            rules.allow(match path {
                _ if path == Path::new("-") => Path::new("."),
                _ if path.is_dir() => path,
                _ => folder_of(path),
            })?;
        }
        for path in paths.iter().map(AsRef::as_ref) {
            if path == Path::new("-") {
                let text = read_text(io::stdin().lock(), STANDARD_INPUT)?;
                must_be_rules(path, &text)?;
                rules.files.push(NamedText { name: STANDARD_INPUT.into(), text });
            } else if path.is_dir() {
                for file in files_of(path)? {
                    rules.must_stay_inside(&file, path)?;
                    rules.add(&file)?;
                }
            } else {
                rules.add(path)?;
            }
        }
        Ok(rules)
    }

    fn add(&mut self, path: &Path) -> Result<(), FileError> {
        // Named as it would be if another file used it.
        let name = within(Path::new(""), path).display().to_string();
        // A file that is named twice, or named and in a folder that is named, is one file.
        if !self.files.iter().any(|file| file.name == name) {
            must_be_rules(path, "")?;
            let text = read_file(path)?;
            must_be_rules(path, &text)?;
            self.files.push(NamedText { text, name });
        }
        Ok(())
    }

    /// Whether it lies in one of the folders, links followed.
    fn is_inside(&self, found: &Path) -> bool {
        self.roots.iter().any(|root| found.starts_with(root))
    }

    /// Refuses a file of a folder that is a link to somewhere else: nobody named it, and it would be shown or rewritten.
    fn must_stay_inside(&self, file: &Path, folder: &Path) -> Result<(), FileError> {
        let found = file.canonicalize().map_err(|error| cannot_read(file, &error))?;
        if self.is_inside(&found) {
            return Ok(());
        }
        let (file, folder) = (file.display(), folder.display());
        Err(FileError::new(format!("`{file}` is a link that leads out of `{folder}`"))
            .help("take it away, or name what it leads to on the command line as well"))
    }

    /// Lets files be used from that folder.
    fn allow(&mut self, folder: &Path) -> Result<(), FileError> {
        let root = folder.canonicalize().map_err(|error| cannot_read(folder, &error))?;
        self.roots.push(root);
        Ok(())
    }

    /// Reads what a file names, a path relative to that file.
    ///
    /// # Errors
    ///
    /// [`FileError`] if it cannot be read or lies outside the folders of the rule files.
    pub fn load(&self, from: &str, path: &str) -> Result<NamedText, FileError> {
        let asked = within(folder_of(Path::new(from)), Path::new(path));
        let found = asked.canonicalize().map_err(|error| cannot_read(&asked, &error))?;
        if !self.is_inside(&found) {
            return Err(FileError::new(format!("`{path}` lies outside the folders of the rule files"))
                .help("put it beside the rule files, or name its folder on the command line as well"));
        }
        if found.is_dir() {
            return Err(FileError::new(format!("`{path}` is a folder")).help("name a file in it"));
        }
        // A pipe that nobody writes to would be waited for for ever.
        if !found.is_file() {
            return Err(FileError::new(format!("`{path}` is no plain file")).help("put its text into a file"));
        }
        Ok(NamedText { name: asked.display().to_string(), text: read_file(&found)? })
    }
}

/// The folder that a file is in.
fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    }
}

/// A path in a folder, for people: without `.`, and without `..` where it goes back a named folder.
fn within(folder: &Path, path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in folder.join(path).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(out.components().next_back(), Some(Component::Normal(_))) => {
                out.pop();
            }
            part => out.push(part),
        }
    }
    out
}

/// The rule files of a folder, in the order of their names.
fn files_of(folder: &Path) -> Result<Vec<PathBuf>, FileError> {
    let wrong = |error: io::Error| cannot_read(folder, &error);
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(wrong)? {
        let path = entry.map_err(wrong)?.path();
        if path.extension().is_some_and(|extension| extension == EXTENSION) && path.is_file() {
            files.push(path);
        }
    }
    if files.is_empty() {
        return Err(FileError::new(format!("the folder `{}` has no rule files", folder.display()))
            .help("rule files are called something.touch"));
    }
    files.sort();
    Ok(files)
}

/// Refuses data that was given as rules: none of its lines would be right. What it is, its name tells, or its begin.
fn must_be_rules(path: &Path, text: &str) -> Result<(), FileError> {
    const DATA: [&str; 6] = ["csv", "tsv", "json", "jsonl", "ndjson", "parquet"];
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    if !DATA.iter().any(|data| ending.eq_ignore_ascii_case(data))
        && !text.trim_start().starts_with(['{', '['])
    {
        return Ok(());
    }
    let name = if path == Path::new("-") { STANDARD_INPUT.into() } else { path.display().to_string() };
    Err(FileError::new(format!("{} is data, and rules belong here", called(&name))).help(
        "rule files are called something.touch, and data is given with `--users`: have the rules and the data changed places?",
    ))
}

fn read_file(path: &Path) -> Result<String, FileError> {
    let file = fs::File::open(path).map_err(|error| cannot_read(path, &error))?;
    read_text(file, &path.display().to_string())
}

fn read_text(from: impl io::Read, name: &str) -> Result<String, FileError> {
    let mut bytes = Vec::new();
    from.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| cannot_read_from(name, &error))?;
    if bytes.len() as u64 > LARGEST {
        return Err(
            FileError::new(format!("{} is larger than 16 MiB", called(name))).help("is it a rule file?")
        );
    }
    if matches!(bytes.as_slice(), [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) {
        return Err(FileError::new(format!("{} is UTF-16 text", called(name))).help("save it as UTF-8"));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let before = error.utf8_error().valid_up_to();
        let start = error.as_bytes().get(..before).map(String::from_utf8_lossy).unwrap_or_default();
        let line = line_ends(&start).matches('\n').count() + 1;
        FileError::new(format!("{} is not UTF-8 text (line {line})", called(name))).help("save it as UTF-8")
    })?;
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.into(),
        None => text,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = dir.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("rules/b.touch", "rule b");
        write("rules/a.touch", "\u{feff}rule a");
        write("rules/notes.txt", "not a rule file");
        write("rules/calendars/cn.csv", "2026-01-01,New Year");
        write("secret.touch", "secret");
        dir
    }

    #[test]
    fn reads_a_folder_in_the_order_of_names() {
        let dir = folder();
        let rules = RuleFiles::read([dir.path().join("rules")]).unwrap();
        let texts: Vec<_> = rules.files.iter().map(|file| file.text.as_str()).collect();
        assert_eq!(texts, ["rule a", "rule b"]);
        let file = dir.path().join("rules/a.touch");
        assert_eq!(
            RuleFiles::read([dir.path().join("rules"), file]).unwrap().files.len(),
            2,
            "each file once"
        );
    }

    #[test]
    fn what_is_used_is_found_beside_the_file_that_asks() {
        let dir = folder();
        let rules = RuleFiles::read([dir.path().join("rules/a.touch")]).unwrap();
        let name = &rules.files[0].name;
        assert_eq!(rules.load(name, "b.touch").unwrap().text, "rule b");
        let calendar = rules.load(name, "./calendars/../calendars/cn.csv").unwrap();
        assert_eq!(calendar.name, dir.path().join("rules/calendars/cn.csv").display().to_string());
    }

    #[test]
    fn nothing_outside_the_given_folders_is_read() {
        let dir = folder();
        let rules = RuleFiles::read([dir.path().join("rules")]).unwrap();
        let name = &rules.files[0].name;
        let secret = dir.path().join("secret.touch").display().to_string();
        for path in ["../secret.touch", "calendars/../../secret.touch", &secret] {
            let error = rules.load(name, path).unwrap_err();
            assert_eq!(error.problem, format!("`{path}` lies outside the folders of the rule files"));
        }
        assert!(
            rules
                .load(name, "missing.touch")
                .unwrap_err()
                .problem
                .ends_with("there is no such file or folder")
        );
        assert_eq!(rules.load(name, "calendars").unwrap_err().problem, "`calendars` is a folder");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_out_of_the_folder_is_not_followed() {
        let dir = folder();
        std::os::unix::fs::symlink(dir.path().join("secret.touch"), dir.path().join("rules/link.csv"))
            .unwrap();
        let rules = RuleFiles::read([dir.path().join("rules")]).unwrap();
        assert!(rules.load(&rules.files[0].name, "link.csv").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn nor_is_one_that_a_listed_folder_has() {
        let dir = folder();
        let (rules, secret) = (dir.path().join("rules"), dir.path().join("secret.touch"));
        std::os::unix::fs::symlink("a.touch", rules.join("inside.touch")).unwrap();
        assert_eq!(RuleFiles::read([&rules]).unwrap().files.len(), 3, "a link within is a file");
        std::os::unix::fs::symlink(&secret, rules.join("link.touch")).unwrap();
        let problem = RuleFiles::read([&rules]).unwrap_err().problem;
        assert!(problem.contains("link.touch` is a link that leads out of `"), "{problem}");
        // Who names what it leads to has seen it.
        assert!(RuleFiles::read([&rules, &secret]).is_ok() && RuleFiles::read([&secret, &rules]).is_ok());
        assert!(RuleFiles::read([rules.join("link.touch")]).is_ok());
    }

    #[test]
    fn data_is_no_rule_file() {
        let dir = folder();
        fs::write(dir.path().join("users.txt"), " {\"id\":\"a\"}\n").unwrap();
        fs::write(dir.path().join("users.csv"), "id\na\n").unwrap();
        fs::write(dir.path().join("utf16.touch"), b"\xff\xfer\0u\0l\0e\0").unwrap();
        for (name, said) in [
            ("users.txt", "is data, and rules belong here"),
            ("users.csv", "is data, and rules belong here"),
            ("utf16.touch", "is UTF-16 text"),
        ] {
            let problem = RuleFiles::read([dir.path().join(name)]).unwrap_err().problem;
            assert!(problem.ends_with(said), "{problem}");
        }
    }

    #[test]
    fn says_why_a_file_cannot_be_read() {
        let dir = folder();
        fs::write(dir.path().join("gbk.touch"), b"rule a\n# \xc4\xe3").unwrap();
        let problem = |path: PathBuf| {
            let error = RuleFiles::read([path]).unwrap_err().problem;
            error.replace(&dir.path().display().to_string(), "DIR")
        };
        assert_eq!(problem(dir.path().join("gbk.touch")), "`DIR/gbk.touch` is not UTF-8 text (line 2)");
        assert_eq!(
            problem(dir.path().join("rules/calendars")),
            "the folder `DIR/rules/calendars` has no rule files"
        );
        assert_eq!(
            problem(dir.path().join("no.touch")),
            "cannot read `DIR/no.touch`: there is no such file or folder"
        );
    }

    #[test]
    fn what_is_too_large_for_a_rule_file_is_not_read() {
        let dir = folder();
        let file = fs::File::create(dir.path().join("rules/a.touch")).unwrap();
        file.set_len(LARGEST).unwrap();
        let rules = RuleFiles::read([dir.path().join("rules/a.touch")]).unwrap();
        assert_eq!(rules.files[0].text.len() as u64, LARGEST);
        let calendar = fs::File::create(dir.path().join("rules/calendars/cn.csv")).unwrap();
        [file, calendar].iter().for_each(|larger| larger.set_len(LARGEST + 1).unwrap());
        let error = rules.load(&rules.files[0].name, "calendars/cn.csv").unwrap_err();
        assert!(error.problem.ends_with("cn.csv` is larger than 16 MiB"), "{error}");
        let error = RuleFiles::read([dir.path().join("rules/a.touch")]).unwrap_err();
        assert!(error.problem.ends_with("a.touch` is larger than 16 MiB"), "{error}");
        assert_eq!(error.help.as_deref(), Some("is it a rule file?"));
    }
}
