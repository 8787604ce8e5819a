//! The users of a Parquet file: a column for each of their parts, or lists of events and contacts within them.

use std::{borrow::Cow, ops::Range, sync::Arc};

use arrow_array::{Array, StructArray, cast::AsArray};
use arrow_buffer::{NullBuffer, OffsetBuffer};

use super::{
    Column, Key,
    file::{Batches, ParquetFile},
    outline::{Entry, Outline},
    rows::{Asked, RowBatch, Wanted, wanted},
};
use crate::io::{
    Columns, FileError,
    error::Place,
    given::{Entries, GivenUser},
    table::{Cells, Header, JoinedLayout, Take, UsersLayout},
};

/// How many users are decoded at a time.
const SIZE: usize = 4096;

/// Which column of a file means what.
#[derive(Debug)]
pub(crate) struct Layout {
    file: Arc<ParquetFile>,
    pub(super) table: UsersLayout,
    events: Option<Within>,
    contacts: Option<Within>,
}

/// A list of events or contacts within users.
#[derive(Debug)]
struct Within {
    list: Entry,
    outline: Outline,
    layout: Arc<JoinedLayout>,
}

/// Reads users, some at a time.
pub(crate) struct ParquetUsers {
    layout: Arc<Layout>,
    batches: Batches,
}

/// Users that were decoded together.
#[derive(Debug)]
pub(crate) struct UserBatch {
    pub(crate) layout: Arc<Layout>,
    /// The number of the first in the file, from 1.
    first: u64,
    pub(crate) count: usize,
    /// By the number of the column; those that nothing asks for are not there.
    pub(super) columns: Vec<Option<Column>>,
    /// Which users have addresses, if these are parts of one struct.
    pub(super) addresses: Option<NullBuffer>,
    maps: Vec<Map>,
    pub(super) events: Option<Lists>,
    pub(super) contacts: Option<Lists>,
}

/// Names and values of each user.
#[derive(Debug)]
struct Map {
    name: String,
    offsets: OffsetBuffer<i32>,
    nulls: Option<NullBuffer>,
    keys: Column,
    values: Column,
}

/// Rows within users, and where those of each begin and end.
#[derive(Debug)]
pub(super) struct Lists {
    offsets: OffsetBuffer<i32>,
    pub(super) rows: RowBatch,
}

impl ParquetUsers {
    /// Opens a file.
    pub(crate) fn open(file: ParquetFile, columns: &Columns) -> Result<Self, FileError> {
        let header = |outline: &Outline| {
            Header::of(&file.name, outline.columns.iter().map(|entry| entry.name.clone()).collect())
        };
        let within = |name: &str, layout: fn(Header) -> Result<JoinedLayout, FileError>| {
            let found = file.outline.lists.iter().find(|(list, _)| list.name == name);
            let within = found.map(|(list, outline)| -> Result<Within, FileError> {
                let layout = Arc::new(layout(header(outline)?)?);
                Ok(Within { list: list.clone(), outline: outline.clone(), layout })
            });
            within.transpose()
        };
        let events = within("events", JoinedLayout::events_within)?;
        let contacts = within("contacts", JoinedLayout::contacts_within)?;
        let table = UsersLayout::new(header(&file.outline)?, columns)?;
        let file = Arc::new(file);
        let layout = Arc::new(Layout { file: Arc::clone(&file), table, events, contacts });
        Ok(Self { batches: layout.read(None)?, layout })
    }

    /// The column of the user ids.
    pub(super) fn key(&self) -> Option<(&Arc<ParquetFile>, &Entry)> {
        match self.layout.table.id {
            Take::Column(index) => Some((&self.layout.file, self.layout.file.outline.columns.get(index)?)),
            Take::Constant(_) => None,
        }
    }

    /// Begins anew, and reads only what the rules ask for.
    pub(crate) fn restart(&mut self, asked: Asked<'_>) -> Result<(), FileError> {
        self.batches = self.layout.read(asked)?;
        Ok(())
    }

    /// The next users.
    pub(crate) fn next(&mut self) -> Result<Option<Arc<UserBatch>>, FileError> {
        let batch = self.batches.next()?;
        Ok(batch.map(|(first, rows)| Arc::new(UserBatch::new(&self.layout, first, &rows))))
    }
}

impl Layout {
    fn read(&self, asked: Asked<'_>) -> Result<Batches, FileError> {
        let outline = &self.file.outline;
        let mut columns = Wanted { source: &self.file.name, outline, columns: Vec::new() };
        let table = &self.table;
        columns.text(&table.id)?;
        table.timezone.iter().chain(&table.locale).try_for_each(|take| columns.text(take))?;
        for (name, take) in &table.attributes {
            match asked {
                None => columns.take(take),
                Some((program, names)) => {
                    let declared = names.attribute(name).and_then(|id| program.attributes.get(id.index()));
                    if let Some(declared) = declared {
                        columns.typed(take, &declared.ty, || format!("the attribute `{name}`"))?;
                    }
                }
            }
        }
        for (channel, take) in table.consent.iter().chain(&table.addresses) {
            if asked.is_none_or(|(_, names)| names.channel(channel).is_some()) {
                columns.take(take);
            }
        }
        // Whether there are any addresses at all is told by any of them.
        table.addresses.iter().take(1).for_each(|(_, take)| columns.take(take));
        let mut leaves = columns.leaves();
        leaves.extend(outline.maps.iter().flat_map(|map| &map.leaves));
        for within in self.events.iter().chain(&self.contacts) {
            leaves.extend(wanted(&within.layout, &within.outline, asked)?);
        }
        Ok(self.file.read(&leaves, SIZE))
    }
}

impl Within {
    fn lists(&self, rows: &StructArray) -> Option<Lists> {
        let (list, _) = self.list.find(rows)?;
        let list = list.as_list_opt::<i32>()?;
        let rows = RowBatch::new(&self.layout, &self.outline.columns, list.values().as_struct_opt()?, None);
        Some(Lists { offsets: list.offsets().clone(), rows })
    }
}

impl Lists {
    /// The rows of a user.
    pub(super) fn of(&self, user: usize) -> Range<usize> {
        range(&self.offsets, user)
    }
}

pub(super) fn range(offsets: &OffsetBuffer<i32>, row: usize) -> Range<usize> {
    let at = |index: usize| offsets.get(index).and_then(|offset| usize::try_from(*offset).ok()).unwrap_or(0);
    at(row)..at(row.saturating_add(1))
}

impl Map {
    fn new(entry: &Entry, rows: &StructArray) -> Option<Self> {
        let (map, _) = entry.find(rows)?;
        let map = map.as_map_opt()?;
        Some(Self {
            name: entry.name.clone(),
            offsets: map.offsets().clone(),
            nulls: map.nulls().cloned(),
            keys: Column::new(map.keys(), None),
            values: Column::new(map.values(), None),
        })
    }

    /// Names and values of a user; `None` if there is no map.
    fn entries(&self, user: usize) -> Result<Option<Entries<'_>>, String> {
        if self.nulls.as_ref().is_some_and(|nulls| nulls.is_null(user)) {
            return Ok(None);
        }
        let entries = range(&self.offsets, user).filter_map(|row| Some((self.keys.text(row)?, row)));
        let entries = entries.map(|(name, row)| {
            let cell = self.values.cell(row);
            let cell = cell.map_err(|problem| format!("the value under `{}.{name}` {problem}", self.name))?;
            Ok((Cow::Borrowed(name), cell))
        });
        entries.collect::<Result<_, String>>().map(Some)
    }
}

impl UserBatch {
    fn new(layout: &Arc<Layout>, first: u64, rows: &StructArray) -> Self {
        let outline = &layout.file.outline;
        let addresses =
            ["addresses", "address"].iter().find_map(|name| rows.column_by_name(name)?.as_struct_opt());
        Self {
            layout: Arc::clone(layout),
            first,
            count: rows.len(),
            columns: outline.columns.iter().map(|entry| entry.column(rows)).collect(),
            addresses: addresses.and_then(|addresses| addresses.nulls().cloned()),
            maps: outline.maps.iter().filter_map(|entry| Map::new(entry, rows)).collect(),
            events: layout.events.as_ref().and_then(|within| within.lists(rows)),
            contacts: layout.contacts.as_ref().and_then(|within| within.lists(rows)),
        }
    }

    /// The column of the user id.
    pub(super) fn ids(&self) -> Option<&Column> {
        match self.layout.table.id {
            Take::Column(index) => self.columns.get(index)?.as_ref(),
            Take::Constant(_) => None,
        }
    }

    /// Hands on the id of a user as other files may have it; nothing if there is none: rows without an id are not theirs.
    pub(crate) fn with_key<T>(&self, user: usize, use_it: impl FnOnce(Key<'_>) -> T) -> Option<T> {
        let ids = self.ids().filter(|ids| !ids.is_null(user))?;
        Some(match Key::of(ids, user) {
            Some(key) => use_it(key),
            None => use_it(Key::Text(&ids.shown(user))),
        })
    }

    /// Where a user is.
    pub(crate) fn place(&self, user: usize) -> Place {
        let source = Arc::clone(&self.layout.table.header.source);
        Place { source, line: self.first.saturating_add(user as u64), is_row: true }
    }

    /// Whether there are maps, which are read name by name.
    pub(super) fn has_maps(&self) -> bool {
        !self.maps.is_empty()
    }

    /// A user, nothing looked up yet.
    pub(crate) fn read(&self, user: usize) -> Result<GivenUser<'_>, String> {
        let mut given = self.layout.table.read(Cells::Columns(&self.columns, user))?;
        if self.addresses.as_ref().is_some_and(|nulls| nulls.is_null(user)) {
            given.addresses = None;
        }
        for map in &self.maps {
            let Some(entries) = map.entries(user)? else { continue };
            match map.name.as_str() {
                "consent" => given.consent.extend(entries),
                "addresses" => given.addresses.get_or_insert_default().extend(entries),
                _ => given.attributes.extend(entries),
            }
        }
        for lists in self.events.iter().chain(&self.contacts) {
            lists.of(user).try_for_each(|row| lists.rows.read(row).map(|row| given.add(row)))?;
        }
        Ok(given)
    }
}
