//! Text that knows where it may break, and where comments go in it.
//!
//! A declaration becomes a tree of atoms, which never break, glue between them, and the lines where it may
//! break. Every atom knows where its source begins, so a comment finds the two atoms it stands between; the
//! line between those two must then break, and carries it.

use std::mem;

use unicode_width::UnicodeWidthStr;

/// How many columns a line should not exceed.
pub(super) const WIDTH: usize = 100;

/// A piece of a declaration.
#[derive(Debug)]
pub(super) enum Doc {
    /// Words that belong to the atom before or after them.
    Text(String),
    /// Words that stay together.
    Atom {
        /// Where their source begins.
        start: usize,
        /// What is written.
        text: String,
    },
    /// A space, or a new line if the group around it is broken.
    Line(Remarks),
    /// What is written on one line if it fits, and otherwise broken at each of its own lines.
    Group {
        /// Whether it is broken even if it would fit.
        broken: bool,
        /// What is in it.
        parts: Vec<Doc>,
    },
    /// What stands further right where it is broken.
    Indent(usize, Vec<Doc>),
}

/// The comments between two atoms.
#[derive(Debug, Default)]
pub(super) struct Remarks {
    /// At the end of the line of the first.
    pub(super) trailing: Option<String>,
    /// On lines of their own before the second.
    pub(super) own_line: Vec<String>,
}

impl Remarks {
    fn is_empty(&self) -> bool {
        self.trailing.is_none() && self.own_line.is_empty()
    }

    /// Adds a comment that follows all those already here.
    fn push(&mut self, remark: Remark) {
        if remark.own_line || !self.is_empty() {
            self.own_line.push(remark.text);
        } else {
            self.trailing = Some(remark.text);
        }
    }

    fn append(&mut self, later: Self) {
        let first = later.trailing.into_iter().map(|text| Remark { start: 0, text, own_line: false });
        let rest = later.own_line.into_iter().map(|text| Remark { start: 0, text, own_line: true });
        first.chain(rest).for_each(|remark| self.push(remark));
    }
}

/// A comment of the source.
#[derive(Debug, Clone)]
pub(super) struct Remark {
    /// Where it begins.
    pub(super) start: usize,
    /// Its text, with the `#`.
    pub(super) text: String,
    /// Whether nothing stands before it on its line.
    pub(super) own_line: bool,
}

/// A line of the result.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Row {
    /// What stands before the comment.
    pub(super) code: String,
    /// The comment at its end.
    pub(super) comment: Option<String>,
}

impl Doc {
    /// Words that stay together.
    pub(super) fn atom(start: usize, text: impl Into<String>) -> Self {
        Self::Atom { start, text: text.into() }
    }

    /// Glue.
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A place to break, as yet without comments.
    pub(super) fn line() -> Self {
        Self::Line(Remarks::default())
    }

    /// What breaks together, if it does not fit.
    pub(super) fn group(parts: Vec<Self>) -> Self {
        Self::Group { broken: false, parts }
    }

    /// What breaks in any case.
    pub(super) fn broken(parts: Vec<Self>) -> Self {
        Self::Group { broken: true, parts }
    }

    /// Makes the first atom begin no later than `start`, because a keyword before it does.
    pub(super) fn starting(mut self, start: usize) -> Self {
        fn first(doc: &mut Doc, at: usize) -> bool {
            match doc {
                Doc::Text(_) | Doc::Line(_) => false,
                Doc::Atom { start, .. } => {
                    *start = at.min(*start);
                    true
                }
                Doc::Group { parts, .. } | Doc::Indent(_, parts) => {
                    parts.iter_mut().any(|part| first(part, at))
                }
            }
        }
        first(&mut self, start);
        self
    }

    /// On one line, without comments.
    pub(super) fn flat(&self) -> String {
        fn write(doc: &Doc, out: &mut String) {
            match doc {
                Doc::Text(text) | Doc::Atom { text, .. } => out.push_str(text),
                Doc::Line(_) => out.push(' '),
                Doc::Group { parts, .. } | Doc::Indent(_, parts) => {
                    parts.iter().for_each(|part| write(part, out));
                }
            }
        }
        let mut out = String::new();
        write(self, &mut out);
        out
    }

    /// How wide it is on one line.
    pub(super) fn width(&self) -> usize {
        match self {
            Self::Text(text) | Self::Atom { text, .. } => text.width(),
            Self::Line(_) => 1,
            Self::Group { parts, .. } | Self::Indent(_, parts) => parts.iter().map(Self::width).sum(),
        }
    }

    /// Puts every comment on the line between the atoms it stands between, and gives back those that come after
    /// the last of them.
    pub(super) fn place(&mut self, remarks: Vec<Remark>) -> Remarks {
        fn starts(doc: &Doc, out: &mut Vec<usize>) {
            match doc {
                Doc::Text(_) | Doc::Line(_) => {}
                // Should an atom stand before one that is earlier in the source, comments still keep their order.
                Doc::Atom { start, .. } => out.push((*start).max(out.last().copied().unwrap_or(0))),
                Doc::Group { parts, .. } | Doc::Indent(_, parts) => {
                    parts.iter().for_each(|part| starts(part, out));
                }
            }
        }
        fn hang(doc: &mut Doc, passed: &mut usize, gaps: &mut [Remarks]) -> bool {
            match doc {
                Doc::Text(_) => false,
                Doc::Atom { .. } => {
                    *passed += 1;
                    false
                }
                Doc::Line(remarks) => {
                    // Whatever found no line in the gaps before goes here, so that nothing is lost.
                    gaps.iter_mut().take(*passed).for_each(|gap| remarks.append(mem::take(gap)));
                    !remarks.is_empty()
                }
                Doc::Group { broken, parts } => {
                    let mut any = false;
                    for part in parts {
                        any |= hang(part, passed, gaps);
                    }
                    *broken |= any;
                    any
                }
                Doc::Indent(_, parts) => {
                    let mut any = false;
                    for part in parts {
                        any |= hang(part, passed, gaps);
                    }
                    any
                }
            }
        }
        if remarks.is_empty() {
            return Remarks::default();
        }
        let mut order = Vec::new();
        starts(self, &mut order);
        let mut gaps: Vec<Remarks> = order.iter().map(|_| Remarks::default()).collect();
        for remark in remarks {
            let after = order.partition_point(|start| *start <= remark.start).saturating_sub(1);
            if let Some(gap) = gaps.get_mut(after) {
                gap.push(remark);
            }
        }
        hang(self, &mut 0, &mut gaps);
        let mut rest = Remarks::default();
        gaps.into_iter().for_each(|gap| rest.append(gap));
        rest
    }

    /// Writes it out, broken where it has to be.
    pub(super) fn rows(&self) -> Vec<Row> {
        let mut writer = Writer { rows: Vec::new(), row: Row::default() };
        writer.write(self, false, 0, 0);
        writer.rows.push(writer.row);
        writer.rows
    }
}

/// How wide the parts are up to the first line, and whether there is one.
fn head(parts: &[Doc]) -> (usize, bool) {
    let mut width = 0;
    for part in parts {
        let (more, ends) = match part {
            Doc::Text(text) | Doc::Atom { text, .. } => (text.width(), false),
            Doc::Line(_) => (0, true),
            Doc::Group { parts, .. } | Doc::Indent(_, parts) => head(parts),
        };
        width += more;
        if ends {
            return (width, true);
        }
    }
    (width, false)
}

struct Writer {
    rows: Vec<Row>,
    row: Row,
}

impl Writer {
    /// Writes a part. `after` is how much follows it before the next chance to break.
    fn write(&mut self, doc: &Doc, broken: bool, indent: usize, after: usize) {
        match doc {
            Doc::Text(text) | Doc::Atom { text, .. } => self.row.code.push_str(text),
            Doc::Line(remarks) if broken => self.new_line(remarks, indent),
            Doc::Line(_) => self.row.code.push(' '),
            Doc::Indent(by, parts) => self.all(parts, broken, indent + by, after),
            Doc::Group { broken, parts } => {
                let fits = || self.row.code.width() + doc.width() + after <= WIDTH;
                let broken = *broken || !fits();
                self.all(parts, broken, indent, after);
            }
        }
    }

    fn all(&mut self, parts: &[Doc], broken: bool, indent: usize, after: usize) {
        let mut rest = parts;
        while let [part, others @ ..] = rest {
            let (width, ends) = head(others);
            self.write(part, broken, indent, if ends { width } else { width + after });
            rest = others;
        }
    }

    fn new_line(&mut self, remarks: &Remarks, indent: usize) {
        self.row.comment.clone_from(&remarks.trailing);
        self.rows.push(mem::take(&mut self.row));
        let space = " ".repeat(indent);
        for text in &remarks.own_line {
            self.rows.push(Row { code: format!("{space}{text}"), comment: None });
        }
        self.row.code = space;
    }
}
