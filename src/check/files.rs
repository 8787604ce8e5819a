//! The files that are compiled together: those asked for, those they `use`, and their calendars.

use std::collections::{HashMap, VecDeque, hash_map::Entry};

use crate::{
    diagnostic::{Code, Diagnostic, Severity, SourceId, Sources},
    syntax::{
        self,
        ast::{DeclarationKind, File, Name, Span},
    },
    time::Calendar,
};

/// A text that was asked for by another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    /// What to call it: the same name for the same file, whoever asks.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// Finds what rule files ask for: other rule files (`use`) and calendars. The core itself reads no files.
pub trait Loader {
    /// The text at `path`, as seen from the source named `from`.
    ///
    /// # Errors
    ///
    /// Why there is none: no capital, no final period.
    fn load(&self, path: &str, from: &str) -> Result<Loaded, String>;
}

/// Finds nothing: for rules that stand alone.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoFiles;

impl Loader for NoFiles {
    fn load(&self, _path: &str, _from: &str) -> Result<Loaded, String> {
        Err("these rules were given as text, without a place to look for files".into())
    }
}

/// One parsed file.
pub(super) struct Unit {
    pub(super) source: SourceId,
    pub(super) file: File,
    /// Whether it was asked for itself, rather than by a `use`.
    pub(super) is_root: bool,
    /// What could not be read: the text between the declarations around it.
    pub(super) gaps: Vec<Span>,
}

/// All files, read.
pub(super) struct Files {
    pub(super) sources: Sources,
    pub(super) units: Vec<Unit>,
    /// By the source that names it and the path written there.
    pub(super) calendars: HashMap<(SourceId, String), Calendar>,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Whether a `use` came to nothing, so that names may be missing that are none of the author's fault.
    pub(super) incomplete: bool,
    /// Whether anything could not be read.
    pub(super) is_broken: bool,
}

/// Reads the inputs and whatever they ask for, each file once.
pub(super) fn read(inputs: Vec<(String, String)>, loader: &dyn Loader) -> Files {
    let mut files = Files {
        sources: Sources::default(),
        units: Vec::new(),
        calendars: HashMap::new(),
        diagnostics: Vec::new(),
        incomplete: false,
        is_broken: false,
    };
    let mut seen: HashMap<String, SourceId> = HashMap::new();
    let mut waiting = VecDeque::new();
    for (name, text) in inputs {
        if let Entry::Vacant(free) = seen.entry(name) {
            let source = files.sources.add(free.key().clone(), text);
            free.insert(source);
            waiting.push_back((source, true));
        }
    }
    let mut calendars: HashMap<String, Option<Calendar>> = HashMap::new();
    while let Some((source, is_root)) = waiting.pop_front() {
        let unit = files.parse(source, is_root);
        let name = files.sources.get(source).map_or_else(String::new, |source| source.name.clone());
        for declaration in &unit.file.declarations {
            match &declaration.node {
                DeclarationKind::Use(path) => match loader.load(&path.node, &name) {
                    Ok(loaded) if seen.contains_key(&loaded.name) => {}
                    Ok(loaded) => {
                        let id = files.sources.add(loaded.name.clone(), loaded.text);
                        seen.insert(loaded.name, id);
                        waiting.push_back((id, false));
                    }
                    Err(why) => {
                        files.incomplete = true;
                        files.not_found(source, path, &why);
                    }
                },
                DeclarationKind::Calendar { path, .. } => {
                    files.read_calendar(source, path, &name, loader, &mut calendars);
                }
                _ => {}
            }
        }
        files.units.push(unit);
    }
    // Used files come first: what they declare is what the others build on.
    files.units.sort_by_key(|unit| unit.is_root);
    files.is_broken = files.diagnostics.iter().any(|one| one.severity() == Severity::Error);
    files
}

impl Files {
    fn parse(&mut self, source: SourceId, is_root: bool) -> Unit {
        let text = self.sources.get(source).map_or("", |source| source.text.as_str());
        let parsed = syntax::parse(source, text);
        let mut gaps = Vec::new();
        for diagnostic in &parsed.diagnostics {
            let at = diagnostic.primary.span;
            let spans = || parsed.file.declarations.iter().map(|declaration| declaration.span);
            let start = spans().map(|span| span.end).filter(|end| *end <= at.start).max().unwrap_or(0);
            let end = spans().map(|span| span.start).filter(|start| *start >= at.end).min();
            gaps.push(Span::new(start, end.unwrap_or(text.len())));
        }
        self.diagnostics.extend(parsed.diagnostics);
        Unit { source, file: parsed.file, is_root, gaps }
    }

    fn not_found(&mut self, source: SourceId, path: &Name, why: &str) {
        // What the message says already is not said again.
        let why =
            why.split_once("`: ").filter(|_| why.starts_with("cannot read `")).map_or(why, |(_, why)| why);
        let message = format!("`{}` cannot be read", path.node);
        self.diagnostics.push(
            Diagnostic::new(Code::FileNotFound, source, path.span, message)
                .label(why)
                .help("a path is looked for beside the file that names it"),
        );
    }

    fn read_calendar(
        &mut self,
        source: SourceId,
        path: &Name,
        from: &str,
        loader: &dyn Loader,
        known: &mut HashMap<String, Option<Calendar>>,
    ) {
        let loaded = match loader.load(&path.node, from) {
            Ok(loaded) => loaded,
            Err(why) => return self.not_found(source, path, &why),
        };
        let calendar = match known.get(&loaded.name) {
            Some(calendar) => calendar.clone(),
            None => {
                let is_ics = std::path::Path::new(&loaded.name)
                    .extension()
                    .is_some_and(|ending| ending.eq_ignore_ascii_case("ics"));
                let read =
                    if is_ics { Calendar::from_ics(&loaded.text) } else { Calendar::from_csv(&loaded.text) };
                let calendar = read.map_err(|error| {
                    let message = format!("`{}` is not a calendar", path.node);
                    self.diagnostics.push(
                        Diagnostic::new(Code::BadCalendar, source, path.span, message)
                            .label(error.to_string())
                            .help(error.help.clone()),
                    );
                });
                known.insert(loaded.name, calendar.as_ref().ok().cloned());
                calendar.ok()
            }
        };
        if let Some(calendar) = calendar {
            self.calendars.insert((source, path.node.clone()), calendar);
        }
    }
}
