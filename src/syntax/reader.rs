//! What all walkers over the grammar's pairs share: spans, names, findings.

use pest::iterators::Pair;

use super::{
    ast::{Name, Span, Spanned},
    grammar::Rule,
};
use crate::diagnostic::{Code, Diagnostic, SourceId};

/// A pair of the grammar.
pub(super) type Node<'i> = Pair<'i, Rule>;

/// Turns pairs into the syntax tree.
///
/// Its functions give `None` when what they read is broken; they have reported it by then.
pub(super) struct Reader<'i> {
    /// The source that findings point into.
    pub(super) source: SourceId,
    /// All of its text.
    pub(super) text: &'i str,
    /// Where the text that the pairs were read from starts.
    pub(super) base: usize,
    /// What was found.
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl<'i> Reader<'i> {
    pub(super) fn new(source: SourceId, text: &'i str) -> Self {
        Self { source, text, base: 0, diagnostics: Vec::new() }
    }

    pub(super) fn span(&self, node: &Node<'_>) -> Span {
        // A pair ends behind the blanks after its last word, where the grammar looked for more: its last leaf does not.
        let mut last = node.clone();
        while let Some(child) = last.clone().into_inner().next_back() {
            last = child;
        }
        Span::new(self.base + node.as_span().start(), self.base + last.as_span().end())
    }

    pub(super) fn spanned<T>(&self, node: &Node<'_>, value: T) -> Spanned<T> {
        Spanned { node: value, span: self.span(node) }
    }

    /// A finding, to which a label and a help may be added.
    pub(super) fn report(&mut self, code: Code, span: Span, message: impl Into<String>, help: &str) {
        let found = Diagnostic::new(code, self.source, span, message);
        self.diagnostics.push(if help.is_empty() { found } else { found.help(help) });
    }

    /// The grammar and the walker disagree: a fault of this program, told as one.
    pub(super) fn disagree(&mut self, node: &Node<'_>, wanted: &str) {
        let message = format!("cannot make sense of this ({wanted} is missing); please report it as a fault");
        self.report(Code::Syntax, self.span(node), message, "");
    }

    /// The first child by that rule, if there is one.
    pub(super) fn find(node: &Node<'i>, rule: Rule) -> Option<Node<'i>> {
        node.clone().into_inner().find(|child| child.as_rule() == rule)
    }

    /// Whether there is a child by that rule.
    pub(super) fn has(node: &Node<'i>, rule: Rule) -> bool {
        Self::find(node, rule).is_some()
    }

    /// All children by that rule.
    pub(super) fn all(node: &Node<'i>, rule: Rule) -> impl Iterator<Item = Node<'i>> {
        node.clone().into_inner().filter(move |child| child.as_rule() == rule)
    }

    /// The first child by that rule, which the grammar says is there.
    pub(super) fn child(&mut self, node: &Node<'i>, rule: Rule) -> Option<Node<'i>> {
        let found = Self::find(node, rule);
        if found.is_none() {
            self.disagree(node, &format!("{rule:?}"));
        }
        found
    }

    /// The first child, which the grammar says is there.
    pub(super) fn first(&mut self, node: &Node<'i>) -> Option<Node<'i>> {
        let found = node.clone().into_inner().next();
        if found.is_none() {
            self.disagree(node, "a part");
        }
        found
    }

    /// The first child that is a `name` or an `item`.
    pub(super) fn name_in(&mut self, node: &Node<'i>) -> Option<Name> {
        let found =
            node.clone().into_inner().find(|child| matches!(child.as_rule(), Rule::name | Rule::item));
        match found {
            Some(name) => self.name(&name),
            None => {
                self.disagree(node, "a name");
                None
            }
        }
    }

    /// All children that are names.
    pub(super) fn names_in(&mut self, node: &Node<'i>) -> Option<Vec<Name>> {
        Self::all(node, Rule::name).map(|name| self.name(&name)).collect()
    }

    /// The text of the first child that is one.
    pub(super) fn text_in(&mut self, node: &Node<'i>) -> Option<Name> {
        let text = self.child(node, Rule::text)?;
        self.text(&text)
    }

    /// A name, without its quotes.
    pub(super) fn name(&mut self, node: &Node<'i>) -> Option<Name> {
        let name = self.text(node)?;
        if name.node.trim().is_empty() {
            self.report(Code::EmptyName, name.span, "a name cannot be empty", "");
            return None;
        }
        Some(name)
    }

    /// A text or a name, without its quotes.
    pub(super) fn text(&mut self, node: &Node<'i>) -> Option<Name> {
        let written = node.as_str();
        let mut chars = written.chars();
        let inner = match chars.next() {
            Some('"') => {
                chars.next_back();
                return self.unescape(node, chars.as_str());
            }
            Some('“' | '”' | '„' | '＂' | '‘' | '’' | '\'' | '「' | '『' | '«') => {
                chars.next_back();
                chars.as_str()
            }
            _ => written,
        };
        Some(self.spanned(node, inner.to_owned()))
    }

    fn unescape(&mut self, node: &Node<'i>, inner: &str) -> Option<Name> {
        let mut out = String::with_capacity(inner.len());
        let mut chars = inner.char_indices();
        while let Some((at, c)) = chars.next() {
            if c != '\\' {
                out.push(c);
                continue;
            }
            match chars.next() {
                Some((_, escaped @ ('"' | '\\'))) => out.push(escaped),
                other => {
                    let start = self.span(node).start + 1 + at;
                    let end = start + 1 + other.map_or(0, |(_, c)| c.len_utf8());
                    let message = "a backslash stands only before a quote or another backslash";
                    self.report(
                        Code::BadEscape,
                        Span::new(start, end),
                        message,
                        "write `\\\\` for a backslash",
                    );
                    return None;
                }
            }
        }
        Some(self.spanned(node, out))
    }
}
