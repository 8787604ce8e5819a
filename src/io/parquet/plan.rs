//! Which column goes where in the users of one program, looked up once for many rows.

use super::{
    Column,
    column::Values,
    rows::RowBatch,
    users::{Lists, UserBatch},
};
use crate::{
    io::table::{Rows, Take},
    program::{
        AttributeId, CategoryId, ChannelId, EventId, FieldId, MessageId, Program, RuleId, Symbol, Type,
    },
    snapshot::{Names, Value},
};

/// Where the columns of users go.
#[derive(Debug)]
pub(super) struct UserPlan {
    pub(super) attributes: Vec<(AttributeId, Source)>,
    pub(super) consent: Vec<(ChannelId, usize)>,
    pub(super) addresses: Vec<(ChannelId, usize)>,
    pub(super) events: Option<RowPlan>,
    pub(super) contacts: Option<RowPlan>,
}

/// Where the columns of rows go.
#[derive(Debug)]
pub(super) enum RowPlan {
    Events {
        kind: Lookup<Kind>,
        id: Option<usize>,
        /// By event.
        fields: Vec<Vec<(FieldId, Source)>>,
    },
    Contacts {
        channel: Lookup<Option<ChannelId>>,
        message: Lookup<Option<MessageId>>,
        rule: Lookup<Option<RuleId>>,
        categories: Categories,
        touch_id: Option<usize>,
    },
}

/// Which event a row is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Known(EventId),
    /// One that the program does not know.
    Other,
    /// It does not say.
    Missing,
}

/// What a column stands for, by row.
#[derive(Debug)]
pub(super) enum Lookup<T> {
    /// The same in all rows.
    Always(T),
    /// By the number of the word.
    Words(usize, Vec<T>),
    /// To be looked up row by row.
    Texts(usize),
}

/// The categories of contacts.
#[derive(Debug)]
pub(super) enum Categories {
    /// Those that messages have.
    OfMessage,
    /// Lists of words: which column, and what each word is.
    Lists(usize, Vec<Option<CategoryId>>),
    /// Of that column, read the other way where there are any.
    Other(usize),
}

/// Where a value comes from, and as what it is read.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) column: usize,
    pub(super) ty: Type,
    /// The value of each word that the program knows, if the column has words.
    pub(super) words: Vec<Option<Value>>,
}

/// More different words than this are looked up where they are needed.
const FEW: usize = 4096;

impl UserPlan {
    /// `None` if the batch has something that is read name by name.
    pub(super) fn new(batch: &UserBatch, program: &Program, names: &Names) -> Option<Self> {
        let table = &batch.layout.table;
        if batch.has_maps() {
            return None;
        }
        let mut attributes: Vec<(AttributeId, Source)> = Vec::new();
        for (name, take) in &table.attributes {
            let Some(id) = names.attribute(name) else { continue };
            let Take::Column(column) = *take else { return None };
            // What is given twice is an error if both are something.
            if attributes.iter().any(|(known, _)| *known == id) {
                return None;
            }
            let ty = &program.attributes.get(id.index())?.ty;
            attributes.push((id, Source::new(column, ty, &batch.columns, program)));
        }
        let channels = |takes: &[(String, Take)]| -> Option<Vec<(ChannelId, usize)>> {
            let known = takes.iter().filter_map(|(name, take)| Some((names.channel(name)?, take)));
            let channels = known.map(|(id, take)| match take {
                Take::Column(column) => Some((id, *column)),
                Take::Constant(_) => None,
            });
            channels.collect()
        };
        let rows = |lists: &Option<Lists>| match lists {
            Some(lists) => RowPlan::new(&lists.rows, program, names).map(Some),
            None => Some(None),
        };
        Some(Self {
            attributes,
            consent: channels(&table.consent)?,
            addresses: channels(&table.addresses)?,
            events: rows(&batch.events)?,
            contacts: rows(&batch.contacts)?,
        })
    }
}

impl RowPlan {
    /// `None` if the rows have something that is read name by name.
    pub(super) fn new(batch: &RowBatch, program: &Program, names: &Names) -> Option<Self> {
        let column = |take: &Option<Take>| match take {
            None => Some(None),
            Some(Take::Column(index)) => Some(Some(*index)),
            Some(Take::Constant(_)) => None,
        };
        match &batch.layout.rows {
            Rows::Events { kind, id, fields } => {
                let event = |kind: &str| match names.event(kind) {
                    Some(id) => Kind::Known(id),
                    None if kind.is_empty() => Kind::Missing,
                    None => Kind::Other,
                };
                let mut by_event = Vec::with_capacity(program.events.len());
                for (index, declared) in program.events.iter().enumerate() {
                    let mut known: Vec<(FieldId, Source)> = Vec::new();
                    for (name, take) in fields {
                        let Some(field) = names.field(EventId::from(index), name) else { continue };
                        let Take::Column(column) = *take else { return None };
                        if known.iter().any(|(other, _)| *other == field) {
                            return None;
                        }
                        let ty = &declared.fields.get(field.index())?.ty;
                        known.push((field, Source::new(column, ty, &batch.columns, program)));
                    }
                    by_event.push(known);
                }
                let kind = Lookup::new(Some(kind), &batch.columns, Kind::Missing, event)?;
                Some(Self::Events { kind, id: column(id)?, fields: by_event })
            }
            Rows::Contacts { channel, message, categories, rule, touch_id } => {
                let columns = &batch.columns;
                let categories = match column(categories)? {
                    None => Categories::OfMessage,
                    Some(index) => Categories::new(index, columns.get(index)?.as_ref(), names),
                };
                Some(Self::Contacts {
                    channel: Lookup::new(channel.as_ref(), columns, None, |name| names.channel(name))?,
                    message: Lookup::new(message.as_ref(), columns, None, |name| names.message(name))?,
                    rule: Lookup::new(rule.as_ref(), columns, None, |name| names.rule(name))?,
                    categories,
                    touch_id: column(touch_id)?,
                })
            }
        }
    }
}

impl<T: Copy> Lookup<T> {
    fn new(
        take: Option<&Take>,
        columns: &[Option<Column>],
        nothing: T,
        look_up: impl Fn(&str) -> T,
    ) -> Option<Self> {
        let index = match take {
            None => return Some(Self::Always(nothing)),
            Some(Take::Constant(text)) => return Some(Self::Always(look_up(text))),
            Some(Take::Column(index)) => *index,
        };
        Some(match &columns.get(index)?.as_ref()?.values {
            Values::Words { words, .. } if arrow_array::Array::len(words) <= FEW => {
                Self::Words(index, words.iter().map(|word| word.map_or(nothing, &look_up)).collect())
            }
            _ => Self::Texts(index),
        })
    }

    /// What it stands for in a row; the outer `None` means that it is no text.
    pub(super) fn of(
        &self,
        columns: &[Option<Column>],
        row: usize,
        nothing: T,
        look_up: impl Fn(&str) -> T,
    ) -> Option<T> {
        let index = match self {
            Self::Always(thing) => return Some(*thing),
            Self::Words(index, _) | Self::Texts(index) => *index,
        };
        let column = columns.get(index)?.as_ref()?;
        if column.is_null(row) {
            return Some(nothing);
        }
        match (self, &column.values) {
            (Self::Words(_, things), Values::Words { keys, .. }) => {
                things.get(usize::try_from(*keys.get(row)?).ok()?).copied()
            }
            _ => column.text(row).map(look_up),
        }
    }
}

impl Categories {
    fn new(index: usize, column: Option<&Column>, names: &Names) -> Self {
        if let Some(Column { values: Values::List(_, members), .. }) = column
            && let Values::Words { words, .. } = &members.values
            && arrow_array::Array::len(words) <= FEW
        {
            return Self::Lists(index, words.iter().map(|word| names.category(word?)).collect());
        }
        Self::Other(index)
    }
}

impl Source {
    fn new(column: usize, ty: &Type, columns: &[Option<Column>], program: &Program) -> Self {
        let words = match columns.get(column).and_then(Option::as_ref).map(|column| &column.values) {
            Some(Values::Words { words, .. }) if arrow_array::Array::len(words) <= FEW => {
                words.iter().map(|word| symbol(word?, ty, program).map(Value::Text)).collect()
            }
            _ => Vec::new(),
        };
        Self { column, ty: ty.clone(), words }
    }
}

/// The program's symbol for a word, if it is one that this type may have.
fn symbol(word: &str, ty: &Type, program: &Program) -> Option<Symbol> {
    match ty {
        Type::Text => program.arena.symbol(word),
        Type::OneOf(options) => program.arena.symbol(word).filter(|symbol| options.contains(symbol)),
        _ => None,
    }
}
