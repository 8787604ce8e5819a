//! Findings as people read them, with their lines of source.

use std::fmt;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::{Diagnostic, Diagnostics, Severity, Source, SourceId, Sources};

/// How many findings are shown: nobody reads more, and showing one takes as long as its line is.
const MOST_SHOWN: usize = 500;

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
        let lines: Vec<Lines<'_>> = self.sources.iter().map(|(_, source)| Lines::new(source)).collect();
        let shown = self.list.iter().take(MOST_SHOWN);
        let mut shown: Vec<String> =
            shown.map(|one| render_one(one, &self.sources, &lines, renderer)).collect();
        if let Some(more) = self.list.len().checked_sub(MOST_SHOWN).filter(|more| *more > 0) {
            shown.push(format!("{more} more are not shown: mend those above first"));
        }
        shown.join("\n\n")
    }
}

/// Where the lines of a source start.
struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn new(source: &'a Source) -> Self {
        let text = source.text.as_str();
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1));
        // What stands behind the last line break is told of in the line before it.
        Self { text, starts: starts.filter(|start| *start == 0 || *start < text.len()).collect() }
    }

    /// The number, from 1, and the start of the line that holds the place.
    fn holding(&self, at: usize) -> (usize, usize) {
        let number = self.starts.partition_point(|start| *start <= at).max(1);
        (number, self.starts.get(number - 1).copied().unwrap_or(0))
    }

    /// The end of the line that holds the place, its line break included.
    fn end(&self, at: usize) -> usize {
        let (number, _) = self.holding(at);
        self.starts.get(number).copied().unwrap_or(self.text.len())
    }
}

fn render_one(
    diagnostic: &Diagnostic,
    sources: &Sources,
    lines: &[Lines<'_>],
    renderer: &Renderer,
) -> String {
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
        let (Some(source), Some(lines)) = (sources.get(id), lines.get(id.0 as usize)) else { continue };
        let clamp = |at: usize| {
            (0..=at.min(source.text.len())).rev().find(|at| source.text.is_char_boundary(*at)).unwrap_or(0)
        };
        let primary = std::iter::once((&diagnostic.primary, AnnotationKind::Primary));
        let secondary = diagnostic.secondary.iter().map(|label| (label, AnnotationKind::Context));
        let labels: Vec<_> = primary
            .chain(secondary)
            .filter(|(label, _)| label.source == id)
            .map(|(label, kind)| (clamp(label.span.start)..clamp(label.span.end), label, kind))
            .collect();
        // No more than the lines concerned: what is handed over is looked through for each finding.
        let first = labels.iter().map(|(span, ..)| span.start).min().unwrap_or(0);
        let last = labels.iter().map(|(span, ..)| span.end.max(span.start)).max().unwrap_or(0);
        let ((number, start), end) = (lines.holding(first), lines.end(last));
        let text = source.text.get(start..end).unwrap_or_default();
        let mut snippet = Snippet::source(text).path(visible(&source.name)).line_start(number);
        for (span, label, kind) in labels {
            let span = span.start - start..span.end.saturating_sub(start);
            snippet = snippet.annotation(kind.span(span).label(label.text.as_str()));
        }
        group = group.element(snippet);
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    renderer.render(&[group])
}

/// The name of a file with all written out that cannot be seen, so that it does not steer a terminal.
fn visible(name: &str) -> String {
    let is_hidden =
        |c: char| c.is_control() || matches!(c, '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}');
    let mut shown = String::with_capacity(name.len());
    for c in name.chars() {
        if is_hidden(c) { shown.extend(c.escape_default()) } else { shown.push(c) }
    }
    shown
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
    fn a_finding_far_down_is_shown_with_the_number_of_its_line() {
        let mut sources = Sources::default();
        let id = sources.add("a", format!("{}third\r\nlast", "x\n".repeat(9_998)));
        let list = vec![Diagnostic::new(Code::Syntax, id, Span::new(19_998, 20_000), "both").also(
            id,
            Span::new(20_003, 20_005),
            "here",
        )];
        insta::assert_snapshot!(Diagnostics { sources, list }, @r"
        error[E101]: both
             --> a:9999:3
              |
         9999 | third
              |   ^^
        10000 | last
              | -- here
        ");
    }

    #[test]
    fn many_findings_in_a_long_line_are_shown_in_time() {
        // Were the whole text looked through for each, it would take hours.
        let mut sources = Sources::default();
        let text = format!("{}{}", "x\n".repeat(200_000), "y".repeat(20_000));
        let found =
            |at| Diagnostic::new(Code::Syntax, SourceId(0), Span::new(at, at + 1), "this cannot stand here");
        let list: Vec<Diagnostic> =
            (0..100_000).map(|n| found(2 * n)).chain((400_000..420_000).map(found)).collect();
        sources.add("a", text);
        let shown = Diagnostics { sources, list }.to_string();
        assert!(shown.ends_with("\n\n119500 more are not shown: mend those above first"));
        assert!(shown.contains(" --> a:500:1\n"));
    }

    #[test]
    fn the_name_of_a_file_does_not_steer_a_terminal() {
        let mut sources = Sources::default();
        let id = sources.add("\u{1b}[31m\u{202e}a", "b");
        let found =
            Diagnostics { sources, list: vec![Diagnostic::new(Code::Syntax, id, Span::new(0, 1), "c")] };
        assert!(found.to_string().contains("--> \\u{1b}[31m\\u{202e}a:1:1"), "{found}");
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
