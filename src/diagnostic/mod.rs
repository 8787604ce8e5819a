//! What is wrong with a rule file, where, and how to mend it.

mod code;
mod render;
mod source;

pub use code::Code;
pub(crate) use source::line_ends;
pub use source::{Source, SourceId, Sources};

use crate::syntax::ast::Span;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Legal, but surely not meant.
    Warning,
    /// The rules cannot be used.
    Error,
}

/// A place in a source and what is to be said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Which source.
    pub source: SourceId,
    /// Where in it.
    pub span: Span,
    /// What is to be said; may be empty.
    pub text: String,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its stable code, which also says how severe it is.
    pub code: Code,
    /// What is wrong: no capital, no final period.
    pub message: String,
    /// The exact place.
    pub primary: Label,
    /// Other places, such as the other half of a conflict.
    pub secondary: Vec<Label>,
    /// How to mend it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A finding at one place.
    #[must_use]
    pub fn new(code: Code, source: SourceId, span: Span, message: impl Into<String>) -> Self {
        let primary = Label { source, span, text: String::new() };
        Self { code, message: message.into(), primary, secondary: Vec::new(), help: None }
    }

    /// With words under the exact place.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.primary.text = text.into();
        self
    }

    /// With another place.
    #[must_use]
    pub fn also(mut self, source: SourceId, span: Span, text: impl Into<String>) -> Self {
        self.secondary.push(Label { source, span, text: text.into() });
        self
    }

    /// With the mend.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// How bad it is.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }
}

/// Everything found in a set of rule files, with the sources, so that it can be shown.
///
/// `Display` shows every finding with its lines of source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostics {
    /// The sources.
    pub sources: Sources,
    /// The findings, in order of source and place.
    pub list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Whether any of them is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|diagnostic| diagnostic.severity() == Severity::Error)
    }
}

impl std::error::Error for Diagnostics {}
