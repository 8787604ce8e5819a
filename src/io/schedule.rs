//! Schedules for machines and for people: JSON lines, CSV, and a table.

use std::{
    collections::BTreeMap,
    fmt::{self, Write as _},
    sync::Arc,
};

use super::formulas::must_be_marked;
use crate::{
    plan::{Blocker, Payload, Plan, Touch, Withheld},
    time::{Civil, Instant},
};

/// How a schedule is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One JSON object a line.
    JsonLines,
    /// A table with a header. Its columns `user`, `at`, `channel`, `message`, `categories`, `rule` and `touch_id` are those
    /// of a table of contacts, so that what was sent can be given back as history.
    Csv,
}

/// The columns of a CSV of touches.
pub(super) const TOUCHES: [&str; 17] = [
    "user",
    "at",
    "local",
    "zone",
    "channel",
    "message",
    "language",
    "categories",
    "rule",
    "step",
    "occurrence",
    "touch_id",
    "due",
    "deadline",
    "priority",
    "with",
    "moved_by",
];

/// The columns of a CSV of what was withheld.
pub(super) const WITHHELD: [&str; 12] = [
    "user",
    "due",
    "zone",
    "message",
    "rule",
    "step",
    "occurrence",
    "touch_id",
    "deadline",
    "priority",
    "reasons",
    "could_go_at",
];

impl Format {
    /// What comes before the first touch.
    #[must_use]
    pub fn touches_header(self) -> String {
        self.header(&TOUCHES)
    }

    /// What comes before the first withheld one.
    #[must_use]
    pub fn withheld_header(self) -> String {
        self.header(&WITHHELD)
    }

    fn header(self, columns: &[&str]) -> String {
        match self {
            Self::JsonLines => String::new(),
            Self::Csv => columns.join(",") + "\n",
        }
    }

    /// The touches of a plan.
    #[must_use]
    pub fn touches(self, plan: &Plan) -> String {
        let mut out = String::new();
        for touch in &plan.touches {
            match self {
                Self::JsonLines => json(&mut out, touch),
                Self::Csv => touch_row(&mut out, touch),
            }
        }
        out
    }

    /// What a plan withheld.
    #[must_use]
    pub fn withheld(self, plan: &Plan) -> String {
        let mut out = String::new();
        for withheld in &plan.withheld {
            match self {
                Self::JsonLines => json(&mut out, withheld),
                Self::Csv => withheld_row(&mut out, withheld),
            }
        }
        out
    }
}

fn json(out: &mut String, value: &impl serde::Serialize) {
    // Plans hold nothing that JSON cannot.
    out.push_str(&serde_json::to_string(value).unwrap_or_default());
    out.push('\n');
}

fn touch_row(out: &mut String, touch: &Touch) {
    let candidate = &touch.candidate;
    let mut row = Row::begin(out);
    row.text(&candidate.user);
    row.cell(touch.at);
    row.cell(Civil(touch.local));
    row.text(&candidate.zone);
    row.text(&touch.channel);
    row.text(&candidate.message);
    row.text(touch.language.as_deref().unwrap_or_default());
    row.list(&touch.categories);
    row.text(&candidate.rule);
    row.cell(candidate.step);
    row.text(&candidate.occurrence);
    row.cell(candidate.id);
    row.instant(Some(candidate.due));
    row.instant(candidate.deadline);
    row.cell(candidate.priority);
    row.text(&payloads(&touch.with));
    row.list(&codes(&touch.moved_by));
    row.end();
}

fn withheld_row(out: &mut String, withheld: &Withheld) {
    let candidate = &withheld.candidate;
    let mut row = Row::begin(out);
    row.text(&candidate.user);
    row.instant(Some(candidate.due));
    row.text(&candidate.zone);
    row.text(&candidate.message);
    row.text(&candidate.rule);
    row.cell(candidate.step);
    row.text(&candidate.occurrence);
    row.cell(candidate.id);
    row.instant(candidate.deadline);
    row.cell(candidate.priority);
    row.list(&codes(&withheld.reasons));
    row.instant(withheld.could_go_at);
    row.end();
}

/// A row of a CSV, cell by cell into the text that is being written.
struct Row<'o> {
    out: &'o mut String,
    is_first: bool,
}

impl<'o> Row<'o> {
    fn begin(out: &'o mut String) -> Self {
        Self { out, is_first: true }
    }

    /// The next cell, as `write` writes it.
    fn with(&mut self, write: impl FnOnce(&mut String)) {
        if !std::mem::take(&mut self.is_first) {
            self.out.push(',');
        }
        let start = self.out.len();
        write(self.out);
        let written = self.out.get(start..).unwrap_or_default();
        if needs_care(written) {
            let cell = careful(written);
            self.out.truncate(start);
            self.out.push_str(&cell);
        }
    }

    fn text(&mut self, text: &str) {
        self.with(|cell| cell.push_str(text));
    }

    fn cell(&mut self, value: impl fmt::Display) {
        self.with(|cell| {
            // Writing to memory does not fail.
            let _ = write!(cell, "{value}");
        });
    }

    /// An instant; empty if there is none.
    fn instant(&mut self, at: Option<Instant>) {
        match at.filter(|at| !matches!(*at, Instant::MIN | Instant::MAX)) {
            Some(at) => self.cell(at),
            None => self.text(""),
        }
    }

    fn list(&mut self, texts: &[impl AsRef<str>]) {
        self.with(|cell| {
            for (index, text) in texts.iter().enumerate() {
                cell.push_str(if index > 0 { "; " } else { "" });
                cell.push_str(text.as_ref());
            }
        });
    }

    fn end(self) {
        self.out.push('\n');
    }
}

/// Whether a cell may not stand as it is: it would end too early, or look like a formula.
fn needs_care(cell: &str) -> bool {
    let is_special = |byte: u8| matches!(byte, b',' | b'"' | b'\n' | b'\r' | b';');
    must_be_marked(cell) || cell.bytes().any(is_special)
}

/// A cell that needs care. One that a spreadsheet would take for a formula gets an apostrophe before it, which
/// [reading](super::UserReader) takes away again; numbers stay numbers.
fn careful(cell: &str) -> String {
    let apostrophe = if must_be_marked(cell) { "'" } else { "" };
    if cell.contains([',', '"', '\n', '\r', ';']) {
        format!("\"{apostrophe}{}\"", cell.replace('"', "\"\""))
    } else {
        format!("{apostrophe}{cell}")
    }
}

/// What goes along, as a JSON object; empty if nothing does.
pub(super) fn payloads(with: &[(Arc<str>, Payload)]) -> String {
    if with.is_empty() {
        return String::new();
    }
    let with: BTreeMap<&str, &Payload> = with.iter().map(|(key, value)| (&**key, value)).collect();
    // Plans hold nothing that JSON cannot.
    serde_json::to_string(&with).unwrap_or_default()
}

/// The codes of blockers, each once, in order.
fn reasons(blockers: &[Blocker]) -> String {
    codes(blockers).join("; ")
}

/// The codes of blockers, each once, in order.
pub(super) fn codes(blockers: &[Blocker]) -> Vec<&'static str> {
    let mut codes: Vec<&'static str> = Vec::new();
    for blocker in blockers {
        if !codes.contains(&blocker.reason.code()) {
            codes.push(blocker.reason.code());
        }
    }
    codes
}

/// A table of touches for people: local times, and what moved each. It is made as a whole, so that columns line up.
#[derive(Debug, Default)]
pub struct TouchTable {
    rows: Vec<[String; 6]>,
    left_out: u64,
}

impl TouchTable {
    /// More touches than people read; the rest is counted.
    const MOST: usize = 1000;

    /// Adds the touches of a plan.
    pub fn add(&mut self, plan: &Plan) {
        for touch in &plan.touches {
            if self.rows.len() == Self::MOST {
                self.left_out = self.left_out.saturating_add(1);
                continue;
            }
            let with: Vec<_> =
                touch.with.iter().map(|(key, value)| format!("{key} {}", payload(value))).collect();
            let with = if with.is_empty() { String::new() } else { format!(" ({})", with.join(", ")) };
            let moved = match reasons(&touch.moved_by) {
                reasons if reasons.is_empty() => reasons,
                reasons => format!("moved by {reasons}"),
            };
            self.rows.push([
                format!("{} {}", Civil(touch.local), touch.candidate.zone),
                crate::snapshot::shown(&touch.candidate.user),
                format!("{}{with}", touch.candidate.message),
                touch.channel.to_string(),
                touch.candidate.rule.to_string(),
                moved,
            ]);
        }
    }

    /// How many touches it leaves out.
    #[must_use]
    pub fn left_out(&self) -> u64 {
        self.left_out
    }

    /// The table, at most so many columns of the screen wide, if that is known.
    #[must_use]
    pub fn to_text(&self, width: Option<u16>) -> String {
        if self.rows.is_empty() {
            return "no touches\n".into();
        }
        let mut table = comfy_table::Table::new();
        table.load_style(comfy_table::presets::UTF8_FULL_CONDENSED);
        table.set_content_arrangement(comfy_table::ContentArrangement::Dynamic);
        if let Some(width) = width {
            table.set_width(width);
        } else {
            table.set_content_arrangement(comfy_table::ContentArrangement::Disabled);
        }
        // The remarks stand last, if there are any.
        let columns = ["when", "user", "message", "via", "rule", "note"];
        let has_notes = self.rows.iter().any(|row| row.last().is_some_and(|note| !note.is_empty()));
        let shown = if has_notes { columns.len() } else { columns.len() - 1 };
        table.set_header(columns.iter().take(shown));
        for row in &self.rows {
            table.add_row(row.iter().take(shown));
        }
        let mut text = table.to_string();
        text.push('\n');
        text
    }
}

fn payload(value: &Payload) -> String {
    match value {
        Payload::Missing => "unknown".into(),
        Payload::Number(number) => number.to_string(),
        Payload::Text(text) => crate::snapshot::shown(text),
        Payload::Date(date) => date.to_string(),
        Payload::Instant(at) => at.to_string(),
        Payload::YesNo(true) => "yes".into(),
        Payload::YesNo(false) => "no".into(),
        Payload::List(texts) => texts.join(", "),
    }
}

#[cfg(test)]
#[path = "schedule_tests.rs"]
mod tests;
