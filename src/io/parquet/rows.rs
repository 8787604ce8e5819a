//! Rows of events and contacts: those of a table, or those within their users.

use std::sync::Arc;

use arrow_array::{Array, StructArray};

use super::{
    Column,
    outline::{Entry, Outline, Shape},
};
use crate::{
    io::{
        FileError,
        error::Place,
        given::GivenRow,
        table::{Cells, JoinedLayout, Rows, Take},
    },
    program::{Program, Type},
    snapshot::Names,
};

/// Rows that were decoded together.
#[derive(Debug)]
pub(crate) struct RowBatch {
    pub(crate) layout: Arc<JoinedLayout>,
    /// By the number of the column; those that nothing asks for are not there.
    pub(super) columns: Vec<Option<Column>>,
    /// The number of the first row in its file; `None` for rows within their users.
    first: Option<u64>,
    count: usize,
}

/// What the rules ask for; everything if there are none yet.
pub(crate) type Asked<'p> = Option<(&'p Program, &'p Names)>;

impl RowBatch {
    pub(super) fn new(
        layout: &Arc<JoinedLayout>,
        entries: &[Entry],
        rows: &StructArray,
        first: Option<u64>,
    ) -> Self {
        let columns = entries.iter().map(|entry| entry.column(rows)).collect();
        Self { layout: Arc::clone(layout), columns, first, count: rows.len() }
    }

    /// How many rows there are.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// The column of the user ids.
    pub(super) fn keys(&self) -> Option<&Column> {
        self.columns.get(self.layout.user?)?.as_ref()
    }

    /// Where a row is, if it has a place of its own.
    pub(crate) fn place(&self, row: usize) -> Option<Place> {
        let line = self.first?.saturating_add(row as u64);
        Some(Place { source: Arc::clone(&self.layout.header.source), line, is_row: true })
    }

    /// Reads a row.
    pub(crate) fn read(&self, row: usize) -> Result<GivenRow<'_>, String> {
        self.layout.read(Cells::Columns(&self.columns, row), self.place(row))
    }
}

/// The columns of the file that a layout of events or contacts reads. It is an error if one holds something else.
pub(super) fn wanted(
    layout: &JoinedLayout,
    outline: &Outline,
    asked: Asked<'_>,
) -> Result<Vec<usize>, FileError> {
    let source = &layout.header.source;
    let mut wanted = Wanted { source, outline, columns: layout.user.into_iter().collect() };
    wanted.time(&layout.at)?;
    match &layout.rows {
        Rows::Events { kind, id, fields } => {
            wanted.text(kind)?;
            id.iter().try_for_each(|take| wanted.text(take))?;
            for (name, take) in fields {
                let Some((program, names)) = asked else {
                    wanted.take(take);
                    continue;
                };
                for (index, event) in program.events.iter().enumerate() {
                    let field = names.field(index.into(), name);
                    if let Some(field) = field.and_then(|id| event.fields.get(id.index())) {
                        wanted
                            .typed(take, &field.ty, || format!("the field `{name}` of `{}`", event.name))?;
                    }
                }
            }
        }
        Rows::Contacts { channel, message, categories, rule, touch_id } => {
            let texts = [channel, message, rule, touch_id];
            texts.into_iter().flatten().try_for_each(|take| wanted.text(take))?;
            categories.iter().for_each(|take| wanted.take(take));
        }
    }
    Ok(wanted.leaves())
}

/// Columns that are read, being gathered.
pub(super) struct Wanted<'l> {
    pub(super) source: &'l str,
    pub(super) outline: &'l Outline,
    pub(super) columns: Vec<usize>,
}

impl Wanted<'_> {
    fn shape(&self, take: &Take) -> Option<(&str, Shape)> {
        let Take::Column(index) = take else { return None };
        self.outline.columns.get(*index).map(|entry| (entry.name.as_str(), entry.shape))
    }

    fn refuse(
        &self,
        take: &Take,
        fits: impl Fn(Shape) -> bool,
        wanted: &str,
        help: &str,
    ) -> Result<(), FileError> {
        match self.shape(take) {
            Some((name, shape)) if !fits(shape) && shape != Shape::Nothing => {
                let (source, plural) = (self.source, shape.plural());
                Err(FileError::new(format!("`{name}` of `{source}` holds {plural}, and {wanted}")).help(help))
            }
            _ => Ok(()),
        }
    }

    /// Reads it, whatever it holds.
    pub(super) fn take(&mut self, take: &Take) {
        if let Take::Column(index) = take
            && !self.columns.contains(index)
        {
            self.columns.push(*index);
        }
    }

    /// Reads it as an id or a name.
    pub(super) fn text(&mut self, take: &Take) -> Result<(), FileError> {
        let fits = |shape| matches!(shape, Shape::Text | Shape::Uuid | Shape::Whole | Shape::Number);
        self.refuse(take, fits, "should hold texts", "write it as text, or name another column")?;
        self.take(take);
        Ok(())
    }

    /// Reads it as a time.
    fn time(&mut self, take: &Take) -> Result<(), FileError> {
        let fits = |shape| matches!(shape, Shape::Text | Shape::Date | Shape::Instant);
        self.refuse(
            take,
            fits,
            "should hold dates and times",
            "write it as a timestamp, or name another column",
        )?;
        self.take(take);
        Ok(())
    }

    /// Reads it as what the rules declare.
    pub(super) fn typed(
        &mut self,
        take: &Take,
        ty: &Type,
        what: impl Fn() -> String,
    ) -> Result<(), FileError> {
        let (kind, fits): (&str, &[Shape]) = match ty {
            Type::Number => ("numbers", &[Shape::Text, Shape::Whole, Shape::Number]),
            Type::Date => ("dates", &[Shape::Text, Shape::Date, Shape::Instant]),
            Type::DateTime => ("dates and times", &[Shape::Text, Shape::Date, Shape::Instant]),
            Type::YesNo => ("yes or no", &[Shape::Text, Shape::YesNo, Shape::Whole]),
            Type::Text | Type::OneOf(_) => (
                "texts",
                &[Shape::Text, Shape::Uuid, Shape::Whole, Shape::Number, Shape::Date, Shape::Instant],
            ),
            Type::List => ("lists", &[Shape::Text, Shape::List, Shape::Whole, Shape::Number]),
        };
        let wanted = format!("the rules read {} as {kind}", what());
        self.refuse(
            take,
            |shape| fits.contains(&shape),
            &wanted,
            "declare it as what it holds, or name another column",
        )?;
        self.take(take);
        Ok(())
    }

    /// The columns of the file that it is made of.
    pub(super) fn leaves(&self) -> Vec<usize> {
        let entries = self.columns.iter().filter_map(|index| self.outline.columns.get(*index));
        entries.flat_map(|entry| entry.leaves.iter().copied()).collect()
    }
}
