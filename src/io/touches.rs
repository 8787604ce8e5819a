//! Schedules, read back: those that `plan` wrote and those of other systems.

use std::{borrow::Cow, collections::HashMap, io::BufRead, path::Path, sync::Arc};

use csv::ByteRecord;

#[cfg(feature = "parquet")]
use super::parquet::{ParquetFile, ParquetTable};
use super::{
    Columns, FileError,
    error::cannot_read_from,
    file::{self, Kind, LONGEST, Line, Lines},
    given::{Cell, text},
    json,
    rows::TableReader,
    table::{self, Cells, Header, Role, Row, Take, role},
};
use crate::{
    audit::Scheduled,
    snapshot::{Raw, list_members, parse_instant, plain, shown},
    time::{Instant, Zone},
};

const TOUCH_ID: Role = role("touch_id", &["touch", "id"]);
const STEP: Role = role("step", &[]);
const DUE: Role = role("due", &[]);

/// A touch as a schedule gives it. Its times are read when its user's clocks are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduleRow {
    /// On which line of the schedule; in Parquet, in which row.
    pub line: u64,
    /// When, as written.
    at: String,
    /// When it was due, as written.
    due: Option<String>,
    /// The rest.
    touch: Scheduled,
}

/// A row of a schedule that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    /// On which line of the schedule; in Parquet, in which row.
    pub line: u64,
    /// Whose touch it is, if that can be read.
    pub user: Option<String>,
    /// What is wrong.
    pub reason: String,
}

/// A schedule, by user.
#[derive(Debug, Default)]
pub struct ScheduleFile {
    /// The users, in the order in which they come first.
    users: Vec<String>,
    rows: HashMap<String, Vec<ScheduleRow>>,
    /// What cannot be read, in order.
    pub bad: Vec<BadRow>,
    /// How many rows there are, those that cannot be read included.
    pub count: usize,
    /// Whether its lines are rows, as Parquet has them.
    pub has_rows: bool,
}

impl ScheduleFile {
    /// Reads a schedule: JSON lines, a table with a header, or Parquet; `-` is the standard input.
    ///
    /// A touch has `user`, `at`, `channel` and `message`; `touch_id` (or `id`), `rule`, `step`, `due` and `categories`
    /// are read if they are there, and everything else is left alone. `columns` says which columns of a table mean that.
    ///
    /// # Errors
    ///
    /// [`FileError`] if it cannot be read at all. What is wrong with single rows is in [`ScheduleFile::bad`].
    pub fn read(path: &Path, columns: &Columns) -> Result<Self, FileError> {
        let mut data = file::open(path)?;
        let mut schedule = Self::default();
        let cannot = |error: std::io::Error| cannot_read_from(&data.name, &error);
        if data.reader.fill_buf().map_err(cannot)?.is_empty() {
            // A schedule without touches, as JSON lines.
            return Ok(schedule);
        }
        match data.kind {
            Kind::JsonLines => {
                if !columns.is_empty() {
                    return Err(FileError::new(format!("`{}` is JSON lines and has no columns", data.name))
                        .help("leave out --schedule-columns"));
                }
                let name = Arc::clone(&data.name);
                let mut lines = Lines::new(data.reader, LONGEST);
                let cannot = |error: std::io::Error| cannot_read_from(&name, &error);
                while let Some(line) = lines.next().map_err(cannot)? {
                    let given = match &line {
                        Line::TooLong => Err("the line is longer than 64 MiB".into()),
                        Line::Bytes(bytes) => json::touch(bytes),
                    };
                    schedule.add(lines.number, given);
                }
            }
            Kind::Table { delimiter } => {
                let (mut reader, header) = TableReader::new(&data.name, delimiter, data.reader)?;
                let layout = Layout::new(header, columns)?;
                let mut record = ByteRecord::new();
                while reader.read(&mut record)?.is_some() {
                    schedule.add(reader.line, layout.read(Cells::Texts(&record)));
                }
            }
            #[cfg(feature = "parquet")]
            Kind::Parquet => {
                let (table, header) = ParquetTable::new(ParquetFile::open(path)?)?;
                let layout = Layout::new(header, columns)?;
                schedule.has_rows = true;
                table.read(|number, cells| schedule.add(number, layout.read(cells)))?;
            }
            #[cfg(not(feature = "parquet"))]
            Kind::Parquet => {}
        }
        Ok(schedule)
    }

    fn add(&mut self, line: u64, given: Result<GivenTouch<'_>, String>) {
        self.count = self.count.saturating_add(1);
        let given = match given {
            Ok(given) => given,
            Err(reason) => return self.bad.push(BadRow { line, user: None, reason: plain(&reason) }),
        };
        let user = text(&given.user, "user");
        let known = user.as_ref().ok().and_then(|user| user.as_deref()).map(str::to_owned);
        let user =
            match user.and_then(|user| user.ok_or_else(|| "it does not say whose it is (`user`)".into())) {
                Ok(user) => user.into_owned(),
                Err(reason) => return self.bad.push(BadRow { line, user: None, reason: plain(&reason) }),
            };
        match given.row(line) {
            Ok(mut row) => {
                row.touch.is_row = self.has_rows;
                if !self.rows.contains_key(&user) {
                    self.users.push(user.clone());
                }
                self.rows.entry(user).or_default().push(row);
            }
            Err(reason) => self.bad.push(BadRow { line, user: known, reason: plain(&reason) }),
        }
    }

    /// The touches of a user, as given; none if there are none.
    #[must_use]
    pub fn of(&self, user: &str) -> &[ScheduleRow] {
        self.rows.get(user).map_or(&[], Vec::as_slice)
    }

    /// The users, in the order in which they come first.
    pub fn users(&self) -> impl Iterator<Item = &str> {
        self.users.iter().map(String::as_str)
    }
}

impl ScheduleRow {
    /// The touch. Times without an offset are on the clocks of `times_in`, else on the user's.
    ///
    /// # Errors
    ///
    /// What is wrong with one of its times.
    pub fn bind(&self, home: &Zone, times_in: Option<&Zone>) -> Result<Scheduled, String> {
        let clock = times_in.unwrap_or(home);
        let read = |text: &str, what: &str| -> Result<Instant, String> {
            parse_instant(text.trim(), home, clock)
                .ok_or_else(|| format!("{what}: `{}` is not a date and time", shown(text)))
        };
        let due = self.due.as_deref().map(|due| read(due, "due")).transpose()?;
        Ok(Scheduled { at: read(&self.at, "at")?, due, ..self.touch.clone() })
    }
}

/// The columns of a table of touches.
struct Layout {
    header: Header,
    user: Take,
    at: Take,
    channel: Take,
    message: Take,
    others: [Option<Take>; 5],
}

impl Layout {
    fn new(header: Header, columns: &Columns) -> Result<Self, FileError> {
        const OPTION: &str = "--schedule-columns";
        let needed = |role, what| header.needed(columns, role, OPTION, what);
        let maybe = |role| header.role(columns, role);
        Ok(Self {
            user: needed(&table::USER, "the user id")?,
            at: needed(&table::AT, "the time of the touch")?,
            channel: needed(&table::CHANNEL, "the channel")?,
            message: needed(&table::MESSAGE, "the message")?,
            others: [
                maybe(&table::CATEGORIES)?,
                maybe(&TOUCH_ID)?,
                maybe(&table::RULE)?,
                maybe(&STEP)?,
                maybe(&DUE)?,
            ],
            header,
        })
    }

    fn read<'r>(&'r self, cells: Cells<'r>) -> Result<GivenTouch<'r>, String> {
        let row = Row::new(&self.header, cells)?;
        let [categories, touch_id, rule, step, due] = &self.others;
        Ok(GivenTouch {
            user: row.cell(&self.user)?,
            at: row.cell(&self.at)?,
            channel: row.cell(&self.channel)?,
            message: row.cell(&self.message)?,
            categories: row.maybe(categories.as_ref())?,
            touch_id: row.maybe(touch_id.as_ref())?,
            id: Cell::Null,
            rule: row.maybe(rule.as_ref())?,
            step: row.maybe(step.as_ref())?,
            due: row.maybe(due.as_ref())?,
        })
    }
}

/// A touch as a row gives it.
#[derive(Debug, Default)]
pub(super) struct GivenTouch<'a> {
    pub(super) user: Cell<'a>,
    pub(super) at: Cell<'a>,
    pub(super) channel: Cell<'a>,
    pub(super) message: Cell<'a>,
    pub(super) categories: Cell<'a>,
    pub(super) touch_id: Cell<'a>,
    pub(super) id: Cell<'a>,
    pub(super) rule: Cell<'a>,
    pub(super) step: Cell<'a>,
    pub(super) due: Cell<'a>,
}

impl GivenTouch<'_> {
    fn row(&self, line: u64) -> Result<ScheduleRow, String> {
        let maybe = |cell: &Cell<'_>, what: &str| -> Result<Option<String>, String> {
            Ok(text(cell, what)?.map(Cow::into_owned))
        };
        let needed = |cell: &Cell<'_>, what: &str, says: &str| -> Result<String, String> {
            maybe(cell, what)?.ok_or_else(|| format!("it does not say {says} (`{what}`)"))
        };
        let step = match maybe(&self.step, "step")? {
            None => None,
            Some(digits) => Some(
                digits
                    .trim()
                    .parse()
                    .map_err(|_| format!("step: `{}` is not the number of a step", shown(&digits)))?,
            ),
        };
        let categories = match &self.categories {
            Cell::List(list) => {
                let names = list.iter().map(|member| Raw::from(member).text());
                let names: Result<Vec<_>, _> =
                    names.map(|name| name.map(Option::unwrap_or_default)).collect();
                let names = names.map_err(|problem| format!("categories: {}", problem.what))?;
                Some(names.into_iter().map(Cow::into_owned).collect())
            }
            other => maybe(other, "categories")?.map(|list| list_members(&list).map(str::to_owned).collect()),
        };
        let touch = Scheduled {
            line: Some(line),
            categories,
            id: match maybe(&self.touch_id, "touch_id")? {
                None => maybe(&self.id, "id")?,
                known => known,
            },
            rule: maybe(&self.rule, "rule")?,
            step,
            ..Scheduled::new(
                Instant::MIN,
                needed(&self.channel, "channel", "over which channel")?,
                needed(&self.message, "message", "which message")?,
            )
        };
        Ok(ScheduleRow { line, at: needed(&self.at, "at", "when")?, due: maybe(&self.due, "due")?, touch })
    }
}

#[cfg(test)]
#[path = "touches_tests.rs"]
mod tests;
