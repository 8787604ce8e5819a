//! A file: its declarations, the comments between them and the blank lines.

use std::iter;

use unicode_width::UnicodeWidthStr;

use super::{
    declaration,
    doc::{Remark, Row, WIDTH},
};
use crate::syntax::ast::{Declaration, File, Span};

/// The canonical text of a file. `comments` are the places of the comments in `text`, in order.
pub(super) fn file(text: &str, file: &File, comments: &[Span]) -> String {
    let source = Source { text, comments };
    let mut page = Page::default();
    let mut rest = source.remarks().into_iter().peekable();
    let mut above = 0;
    for (index, declaration) in file.declarations.iter().enumerate() {
        let start = declaration.span.start;
        let end = source.code_end(declaration.span);
        let before = iter::from_fn(|| rest.next_if(|remark| remark.start < start)).collect();
        page.between(&source, &mut above, before);
        // In it, or on the line where it ends.
        let next = file.declarations.get(index + 1).map_or(usize::MAX, |next| next.span.start);
        let belongs = |remark: &Remark| {
            let trails = !remark.own_line && remark.start < next && source.same_line(end, remark.start);
            remark.start < end || trails
        };
        let inside = iter::from_fn(|| rest.next_if(belongs)).collect();
        page.declaration(&source, above, declaration, end, inside);
        above = end;
    }
    page.between(&source, &mut above, rest.collect());
    page.finish()
}

/// What is known of the text as its author wrote it.
struct Source<'a> {
    text: &'a str,
    comments: &'a [Span],
}

impl Source<'_> {
    fn slice(&self, start: usize, end: usize) -> &str {
        self.text.get(start..end).unwrap_or_default()
    }

    fn remarks(&self) -> Vec<Remark> {
        let remark = |span: &Span| {
            let line = self.slice(0, span.start).rsplit('\n').next().unwrap_or_default();
            let text = self.slice(span.start, span.end).trim_end().to_owned();
            Remark { start: span.start, text, own_line: line.trim().is_empty() }
        };
        self.comments.iter().map(remark).collect()
    }

    /// Where the code of a declaration ends, whatever space and comments its span holds after it.
    fn code_end(&self, span: Span) -> usize {
        let mut end = span.end;
        let mut comments =
            self.comments.get(..self.comments.partition_point(|c| c.start < end)).unwrap_or_default();
        loop {
            end = span.start + self.slice(span.start, end).trim_end().len();
            match comments {
                [before @ .., last] if last.start >= span.start && last.end >= end && last.start < end => {
                    end = last.start;
                    comments = before;
                }
                _ => return end,
            }
        }
    }

    fn same_line(&self, start: usize, end: usize) -> bool {
        !self.slice(start, end).contains('\n')
    }

    fn blank_between(&self, start: usize, end: usize) -> bool {
        self.slice(start, end).matches('\n').count() > 1
    }

    /// How far a place is from the start of its line.
    fn column(&self, at: usize) -> usize {
        self.slice(0, at).rsplit('\n').next().unwrap_or_default().width()
    }
}

/// What is written so far.
#[derive(Default)]
struct Page {
    rows: Vec<Row>,
    /// The row where the comments start that lead to the next declaration, and whether an empty row precedes it.
    block: Option<(usize, bool)>,
    /// Whether the last declaration took more than one row.
    tall: bool,
    /// The column where the last declaration began in the source; none if comments cannot belong to it any more.
    column: Option<usize>,
}

impl Page {
    /// Comments between declarations. `above` is where the last thing written ends in the source.
    fn between(&mut self, source: &Source<'_>, above: &mut usize, remarks: Vec<Remark>) {
        for remark in remarks {
            let blank = source.blank_between(*above, remark.start);
            *above = remark.start + remark.text.len();
            // A clause that was commented out at the end of a rule stays with the rule.
            let belongs = self.column.is_some_and(|column| !blank && source.column(remark.start) > column);
            if belongs {
                self.row(Row { code: format!("  {}", remark.text), comment: None });
                continue;
            }
            self.column = None;
            self.open(blank);
            self.row(Row { code: remark.text, comment: None });
        }
    }

    /// Starts a block of comments and a declaration, if none is open or an empty line ends the open one.
    fn open(&mut self, blank: bool) {
        if blank || self.block.is_none() {
            let blank = (blank || (self.tall && self.block.is_none())) && !self.rows.is_empty();
            if blank {
                self.rows.push(Row::default());
            }
            self.block = Some((self.rows.len(), blank || self.rows.is_empty()));
        }
    }

    fn declaration(
        &mut self,
        source: &Source<'_>,
        above: usize,
        declaration: &Declaration,
        end: usize,
        remarks: Vec<Remark>,
    ) {
        let start = declaration.span.start;
        let one_line = source.same_line(start, end);
        let mut doc = declaration::document(declaration, one_line);
        let left = doc.place(remarks);
        let mut rows = doc.rows();
        if let Some(last) = rows.last_mut() {
            last.comment = left.trailing;
        }
        self.open(source.blank_between(above, start));
        let tall = rows.len() > 1;
        // What takes more than a line stands apart from its neighbours.
        if let Some((first, false)) = self.block.take()
            && tall
        {
            self.rows.insert(first, Row::default());
        }
        rows.into_iter().for_each(|row| self.row(row));
        for text in left.own_line {
            self.row(Row { code: format!("  {text}"), comment: None });
        }
        self.tall = tall;
        self.column = Some(source.column(start));
    }

    fn row(&mut self, row: Row) {
        self.rows.push(row);
    }

    /// The text, with the comments at the ends of neighbouring lines under one another.
    fn finish(self) -> String {
        let mut out = String::new();
        let mut rows = self.rows.as_slice();
        while let [first, others @ ..] = rows {
            let Some(_) = first.comment else {
                out.push_str(first.code.trim_end());
                out.push('\n');
                rows = others;
                continue;
            };
            let run = rows.iter().take_while(|row| row.comment.is_some());
            let widest = run.clone().map(|row| row.code.width()).filter(|width| *width < WIDTH * 2 / 3).max();
            let mut length = 0;
            for row in run {
                let gap = widest.unwrap_or(0).saturating_sub(row.code.width()) + 2;
                let comment = row.comment.as_deref().unwrap_or_default();
                out.push_str(&format!("{}{:gap$}{comment}\n", row.code, ""));
                length += 1;
            }
            rows = rows.get(length..).unwrap_or_default();
        }
        out
    }
}
