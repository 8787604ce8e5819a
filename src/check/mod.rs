//! Syntax trees → [`Program`]: names, types, lints, and everything that can be wrong with a rule file.
//!
//! ```
//! use courtesy::check::{NoFiles, compile};
//! let source = "time zone \"Asia/Shanghai\"\nif ordered before and no order in 30 days then send coupon";
//! let compiled = compile(vec![("shop.touch".into(), source.into())], &NoFiles, None)?;
//! assert_eq!(compiled.program.rules[0].name, "coupon");
//! assert!(compiled.warnings.is_empty());
//! # Ok::<(), courtesy::diagnostic::Diagnostics>(())
//! ```

mod alternatives;
mod checker;
mod compare;
mod conditions;
mod declare;
mod examples;
mod expressions;
mod files;
mod finish;
mod lints;
mod logic;
mod names;
mod policy;
mod rules;
mod schema;
mod segments;
mod subjects;
mod table;
#[cfg(test)]
mod tests;
mod triggers;
mod types;
mod words;

use self::checker::{Checker, Evidence};
pub use self::{
    files::{Loaded, Loader, NoFiles},
    schema::{Schema, ValueType},
};
use crate::{
    diagnostic::{Diagnostic, Diagnostics, SourceId, Sources},
    program::Program,
    syntax::ast,
};

/// Rule files that can be used.
#[derive(Debug, Clone)]
pub struct Compiled {
    /// The rules.
    pub program: Program,
    /// The tests written in the files, with the source of each.
    pub tests: Vec<(SourceId, ast::Test)>,
    /// What is legal but surely not meant.
    pub warnings: Vec<Diagnostic>,
    /// The texts, for showing warnings.
    pub sources: Sources,
}

impl Compiled {
    /// The warnings with the sources, so that they can be shown.
    #[must_use]
    pub fn warnings(&self) -> Diagnostics {
        Diagnostics { sources: self.sources.clone(), list: self.warnings.clone() }
    }
}

/// Compiles rule files, given by name and text, together with what they `use`. Names that no file declares are taken
/// from `known`, what the data at hand holds, or else as they come.
///
/// # Errors
///
/// Everything that is wrong, in all files, in order of place; warnings too.
pub fn compile(
    inputs: Vec<(String, String)>,
    loader: &dyn Loader,
    known: Option<&Schema>,
) -> Result<Compiled, Diagnostics> {
    compile_asking(inputs, loader, || known.cloned())
}

/// As [`compile`]; what the data at hand holds is asked for only if there are names that no file declares.
///
/// # Errors
///
/// Everything that is wrong, in all files, in order of place; warnings too.
pub fn compile_asking(
    inputs: Vec<(String, String)>,
    loader: &dyn Loader,
    known: impl FnOnce() -> Option<Schema>,
) -> Result<Compiled, Diagnostics> {
    let mut files = files::read(inputs, loader);
    let mut declared = Checker::new(&files, None, true, Evidence::default());
    declared.declare();
    let is_open = declared.open.attributes || declared.open.events;
    let known = if is_open { known() } else { None };
    let known = known.as_ref();
    let mut found = std::mem::take(&mut files.diagnostics);
    // What undeclared names are is told by all their uses together, so these are gathered first.
    let mut first = Checker::new(&files, known, true, Evidence::default());
    first.declare();
    let open = first.open.attributes || first.open.events;
    let evidence = if open {
        first.lower();
        first.into_evidence()
    } else {
        Evidence::default()
    };
    let mut checker = Checker::new(&files, known, false, evidence);
    checker.declare();
    let lowered = checker.lower();
    checker.check_tests();
    checker.lint(&lowered);
    found.append(&mut checker.diagnostics);
    let program = checker.finish(lowered);
    let tests = files.tests();
    found.sort_by_key(|one| (one.primary.source, one.primary.span, one.code));
    found.dedup();
    let diagnostics = Diagnostics { sources: files.sources, list: found };
    if diagnostics.has_errors() {
        return Err(diagnostics);
    }
    let Diagnostics { sources, list: warnings } = diagnostics;
    Ok(Compiled { program, tests, warnings, sources })
}
