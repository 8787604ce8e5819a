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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{diagnostic::Code, syntax::ast::Span};

    #[test]
    fn every_label_is_shown_in_its_own_source_and_wide_characters_are_counted_twice() {
        let mut sources = Sources::default();
        let rules = sources.add("rules.touch", "if 会员等级 金卡 then send x\n\tat 10:00\n");
        let shop = sources.add("shop.touch", "message x\n");
        let list = vec![
            Diagnostic::new(Code::Syntax, rules, Span::new(16, 22), "this cannot stand here")
                .label("here")
                .also(shop, Span::new(8, 9), "declared here")
                .also(rules, Span::new(29, 30), "sent here")
                .help("take it away"),
            Diagnostic::new(Code::Syntax, rules, Span::new(39, 44), "behind a tab"),
            Diagnostic::new(Code::Syntax, rules, Span::new(17, 400), "out of bounds and between two bytes"),
            Diagnostic::new(Code::Syntax, rules, Span::new(500, 500), "behind the end"),
            Diagnostic::new(Code::Syntax, SourceId(7), Span::new(0, 0), "in no source"),
        ];
        insta::assert_snapshot!(Diagnostics { sources, list }, @r"
        error[E101]: this cannot stand here
         --> rules.touch:1:9
          |
        1 | if 会员等级 金卡 then send x
          |             ^^^^ here  - sent here
          |
         ::: shop.touch:1:9
          |
        1 | message x
          |         - declared here
          |
          = help: take it away

        error[E101]: behind a tab
         --> rules.touch:2:5
          |
        2 |     at 10:00
          |        ^^^^^

        error[E101]: out of bounds and between two bytes
         --> rules.touch:1:9
          |
        1 |   if 会员等级 金卡 then send x
          |  _____________^
        2 | |     at 10:00
          | |_____________^

        error[E101]: behind the end
         --> rules.touch:2:11
          |
        2 |     at 10:00
          |             ^

        error[E101]: in no source
        ");
    }

    #[test]
    fn colours_are_for_terminals_alone() {
        let mut sources = Sources::default();
        let id = sources.add("a", "b");
        let list = vec![Diagnostic::new(Code::Syntax, id, Span::new(0, 1), "c")];
        let found = Diagnostics { sources, list };
        assert!(found.to_text(true).contains('\u{1b}') && !found.to_text(false).contains('\u{1b}'));
        assert_eq!(found.to_text(false), found.to_string());
    }
}
