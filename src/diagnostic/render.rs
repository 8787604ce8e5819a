//! Findings as people read them, with their lines of source.

use std::fmt;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::{Diagnostic, Diagnostics, Severity, SourceId, Sources};

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(&Renderer::plain()))
    }
}

impl Diagnostics {
    /// All findings, in colour for a terminal or plain.
    #[must_use]
    pub fn to_text(&self, colour: bool) -> String {
        self.render(&if colour { Renderer::styled() } else { Renderer::plain() })
    }

    fn render(&self, renderer: &Renderer) -> String {
        let shown: Vec<String> =
            self.list.iter().map(|one| render_one(one, &self.sources, renderer)).collect();
        shown.join("\n\n")
    }
}

fn render_one(diagnostic: &Diagnostic, sources: &Sources, renderer: &Renderer) -> String {
    let level = match diagnostic.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let code = diagnostic.code.to_string();
    let mut group = Group::with_title(level.primary_title(diagnostic.message.as_str()).id(code.as_str()));
    // One snippet a source, the exact place's first.
    let mut ids: Vec<SourceId> = vec![diagnostic.primary.source];
    for label in &diagnostic.secondary {
        if !ids.contains(&label.source) {
            ids.push(label.source);
        }
    }
    for id in ids {
        let Some(source) = sources.get(id) else { continue };
        let clamp =
            |at: usize| (0..=at.min(source.text.len())).rev().find(|at| source.text.is_char_boundary(*at));
        let mut snippet = Snippet::source(source.text.as_str()).path(source.name.as_str());
        let primary = std::iter::once((&diagnostic.primary, AnnotationKind::Primary));
        let secondary = diagnostic.secondary.iter().map(|label| (label, AnnotationKind::Context));
        for (label, kind) in primary.chain(secondary).filter(|(label, _)| label.source == id) {
            let span = clamp(label.span.start).unwrap_or(0)..clamp(label.span.end).unwrap_or(0);
            snippet = snippet.annotation(kind.span(span).label(label.text.as_str()));
        }
        group = group.element(snippet);
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    renderer.render(&[group])
}
