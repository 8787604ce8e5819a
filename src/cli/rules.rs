//! Rule files from the disk to a program, and what is wrong with them to the screen.

use std::{cell::RefCell, path::PathBuf};

use courtesy::{
    check::{self, Compiled, Loaded, Loader, Schema},
    diagnostic::{Diagnostics, Severity},
    io::{Reject, RuleFiles, Survey, UserReader, UserRecord},
    snapshot::Names,
};

use super::{Exit, Failure, Screen};

/// How many users are looked at for what rule files do not declare.
const LOOKED_AT: usize = 10_000;

/// The rule files that a verb is about.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct RulesArgs {
    /// Rule files, or folders of them (*.touch)
    #[arg(required = true, value_name = "RULES")]
    pub(crate) rules: Vec<PathBuf>,
}

/// Rules, what the data holds that they are for, and which files of rules were read.
pub(crate) type WithData = (Compiled, Survey, Vec<PathBuf>);

impl RulesArgs {
    /// Reads the files.
    pub(crate) fn read(&self) -> Result<RuleFiles, Failure> {
        Ok(RuleFiles::read(&self.rules)?)
    }

    /// Reads and compiles the files for a verb that is about something else: errors are shown and end it, warnings are
    /// left to `check`.
    pub(crate) fn compile(&self, screen: Screen) -> Result<Result<Compiled, Exit>, Failure> {
        Ok(compile(&self.read()?).map_err(|found| show(&found, screen)))
    }

    /// Reads and compiles the files for a verb that is about data: what the files do not declare is told by its first
    /// users. Errors are shown and end the verb, warnings are left to `check`. Says which files were read, too.
    pub(crate) fn compile_for(
        &self,
        reader: &mut UserReader,
        screen: Screen,
    ) -> Result<Result<WithData, Exit>, Failure> {
        let all = reader.look_ahead(LOOKED_AT)?.count();
        // Those who are in memory come again.
        let has_read_all = reader.has_read_all();
        let records: Vec<_> = reader.look_ahead(all)?.collect();
        let look = |add: fn(&mut Survey, &UserRecord) -> Result<(), Reject>| {
            let mut survey = Survey::default();
            // What is wrong with a record is said when its turn comes.
            records.iter().for_each(|record| drop(add(&mut survey, record)));
            if !has_read_all {
                survey.leave_open();
            }
            survey
        };
        let mut whole = None;
        let files = self.read()?;
        let disk = Disk::of(&files);
        let compiled = compile_asking(&disk, || Some(whole.insert(look(Survey::add)).schema()));
        let survey = whole.unwrap_or_else(|| look(Survey::add_names));
        match compiled {
            Ok(compiled) => {
                reader.read_only(&compiled.program, &Names::new(&compiled.program))?;
                Ok(Ok((compiled, survey, disk.read())))
            }
            Err(found) => Ok(Err(show(&found, screen))),
        }
    }
}

fn show(found: &Diagnostics, screen: Screen) -> Exit {
    screen.note(found.to_text(screen.colour_of_notes));
    screen.note(format_args!("\n{}", summary(found)));
    Exit::Problems
}

/// Finds what rule files use on the disk.
struct Disk<'a> {
    files: &'a RuleFiles,
    /// What they used.
    used: RefCell<Vec<PathBuf>>,
}

impl<'a> Disk<'a> {
    fn of(files: &'a RuleFiles) -> Self {
        Self { files, used: RefCell::default() }
    }

    /// All files that were read, so far.
    fn read(&self) -> Vec<PathBuf> {
        let asked_for = self.files.files.iter().map(|file| PathBuf::from(&file.name));
        asked_for.chain(self.used.borrow().iter().cloned()).collect()
    }
}

impl Loader for Disk<'_> {
    fn load(&self, path: &str, from: &str) -> Result<Loaded, String> {
        match self.files.load(from, path) {
            Ok(found) => {
                self.used.borrow_mut().push(PathBuf::from(&found.name));
                Ok(Loaded { name: found.name, text: found.text })
            }
            Err(error) => Err(error.problem),
        }
    }
}

/// Compiles rule files and what they use.
pub(crate) fn compile(files: &RuleFiles) -> Result<Compiled, Diagnostics> {
    compile_asking(&Disk::of(files), || None)
}

fn compile_asking(disk: &Disk<'_>, known: impl FnOnce() -> Option<Schema>) -> Result<Compiled, Diagnostics> {
    let inputs = disk.files.files.iter().map(|file| (file.name.clone(), file.text.clone())).collect();
    check::compile_asking(inputs, disk, known)
}

/// `2 errors, 1 warning in 3 files`
pub(crate) fn summary(found: &Diagnostics) -> String {
    let count = |severity| found.list.iter().filter(|one| one.severity() == severity).count();
    let counted = [(count(Severity::Error), "error"), (count(Severity::Warning), "warning")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, noun)| number_of(count, noun))
        .collect::<Vec<_>>();
    format!("{} in {}", counted.join(", "), number_of(found.sources.iter().count(), "file"))
}

/// `1 rule`, `3 rules`
pub(crate) fn number_of(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
