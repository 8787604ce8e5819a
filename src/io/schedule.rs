//! Schedules for machines and for people: JSON lines, CSV, and a table.

use std::{fmt::Write as _, sync::Arc};

use crate::{
    plan::{Blocker, Payload, Plan, Touch, Withheld},
    time::{DateTime, Instant},
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
                Self::Csv => row(&mut out, &touch_cells(touch)),
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
                Self::Csv => row(&mut out, &withheld_cells(withheld)),
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

fn touch_cells(touch: &Touch) -> [String; TOUCHES.len()] {
    let candidate = &touch.candidate;
    [
        candidate.user.to_string(),
        touch.at.to_string(),
        civil(touch.local),
        candidate.zone.to_string(),
        touch.channel.to_string(),
        candidate.message.to_string(),
        touch.language.as_deref().unwrap_or_default().into(),
        touch.categories.join("; "),
        candidate.rule.to_string(),
        candidate.step.to_string(),
        candidate.occurrence.clone(),
        candidate.id.to_string(),
        instant(Some(candidate.due)),
        instant(candidate.deadline),
        candidate.priority.to_string(),
        payloads(&touch.with),
        reasons(&touch.moved_by),
    ]
}

fn withheld_cells(withheld: &Withheld) -> [String; WITHHELD.len()] {
    let candidate = &withheld.candidate;
    [
        candidate.user.to_string(),
        instant(Some(candidate.due)),
        candidate.zone.to_string(),
        candidate.message.to_string(),
        candidate.rule.to_string(),
        candidate.step.to_string(),
        candidate.occurrence.clone(),
        candidate.id.to_string(),
        instant(candidate.deadline),
        candidate.priority.to_string(),
        reasons(&withheld.reasons),
        instant(withheld.could_go_at),
    ]
}

/// An instant; empty if there is none.
fn instant(at: Option<Instant>) -> String {
    at.filter(|at| !matches!(*at, Instant::MIN | Instant::MAX)).map(|at| at.to_string()).unwrap_or_default()
}

/// `2026-03-01 10:00`, with seconds only if there are any.
pub(crate) fn civil(at: DateTime) -> String {
    let (date, time) = (at.date(), at.time());
    let mut out = format!("{date} {:02}:{:02}", time.hour(), time.minute());
    if time.second() != 0 {
        let _ = write!(out, ":{:02}", time.second());
    }
    out
}

/// What goes along, as a JSON object; empty if nothing does.
pub(super) fn payloads(with: &[(Arc<str>, Payload)]) -> String {
    let with =
        with.iter().filter_map(|(key, value)| Some((key.to_string(), serde_json::to_value(value).ok()?)));
    let with: serde_json::Map<_, _> = with.collect();
    if with.is_empty() { String::new() } else { serde_json::Value::Object(with).to_string() }
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

/// A row of a CSV.
fn row(out: &mut String, cells: &[String]) {
    for (index, cell) in cells.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        push_cell(out, cell);
    }
    out.push('\n');
}

/// A cell of a CSV. One that a spreadsheet would take for a formula gets an apostrophe before it, which
/// [reading](super::UserReader) takes away again; numbers stay numbers.
fn push_cell(out: &mut String, cell: &str) {
    let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r'])
        && (cell.starts_with(['+', '\t', '\r']) || cell.parse::<crate::number::Number>().is_err());
    let apostrophe = if is_formula { "'" } else { "" };
    if cell.contains([',', '"', '\n', '\r', ';']) {
        let _ = write!(out, "\"{apostrophe}{}\"", cell.replace('"', "\"\""));
    } else {
        out.push_str(apostrophe);
        out.push_str(cell);
    }
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
                format!("{} {}", civil(touch.local), touch.candidate.zone),
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
