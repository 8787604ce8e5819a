//! What a Parquet file holds: columns by name, parts of structs among them, and lists of events and contacts.

use arrow_array::{Array, ArrayRef, StructArray, cast::AsArray};
use arrow_buffer::NullBuffer;
use arrow_schema::{DataType, Field, Fields, TimeUnit};

use super::{Column, Key};

/// Maps from names to values that are parts of a user.
const MAPS: [&str; 3] = ["attributes", "consent", "addresses"];

/// Lists of structs that are parts of a user.
const LISTS: [&str; 2] = ["events", "contacts"];

/// The columns that stand side by side: those of the file, or those of the events or contacts within a user.
#[derive(Debug, Clone, Default)]
pub(super) struct Outline {
    /// Values, in the order of the file; a part of a struct is called `struct.part`.
    pub(super) columns: Vec<Entry>,
    /// `attributes`, `consent` and `addresses`, as far as they are maps.
    pub(super) maps: Vec<Entry>,
    /// `events` and `contacts`, as far as they are lists of structs.
    pub(super) lists: Vec<(Entry, Outline)>,
}

/// Where something is in the file.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) name: String,
    /// The names of the structs around it, then its own.
    path: Vec<String>,
    /// The columns of the file that it is made of.
    pub(super) leaves: Vec<usize>,
    pub(super) shape: Shape,
}

/// What a column holds, as far as rules tell kinds of values apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Text,
    /// 16 bytes.
    Uuid,
    Whole,
    Number,
    Date,
    Instant,
    YesNo,
    List,
    /// Nothing at all.
    Nothing,
    /// What rules cannot read, in plain words.
    Strange(&'static str),
}

impl Shape {
    /// In plain words, as in `holds dates`.
    pub(super) fn plural(self) -> &'static str {
        match self {
            Self::Text => "texts",
            Self::Uuid => "ids of 16 bytes",
            Self::Whole => "whole numbers",
            Self::Number => "numbers",
            Self::Date => "dates",
            Self::Instant => "dates and times",
            Self::YesNo => "yes or no",
            Self::List => "lists",
            Self::Nothing => "nothing",
            Self::Strange(what) => what,
        }
    }

    pub(super) fn of(ty: &DataType) -> Self {
        match ty {
            DataType::Utf8 | DataType::Utf8View | DataType::LargeUtf8 => Self::Text,
            DataType::Binary | DataType::BinaryView | DataType::LargeBinary => Self::Text,
            DataType::FixedSizeBinary(16) => Self::Uuid,
            DataType::Dictionary(_, value) => Self::of(value),
            DataType::Int8 | DataType::Int16 | DataType::Int32 | DataType::Int64 => Self::Whole,
            DataType::UInt8 | DataType::UInt16 | DataType::UInt32 => Self::Whole,
            DataType::UInt64 | DataType::Float32 | DataType::Float64 | DataType::Decimal128(..) => {
                Self::Number
            }
            DataType::Boolean => Self::YesNo,
            DataType::Date32 => Self::Date,
            DataType::Timestamp(TimeUnit::Millisecond | TimeUnit::Microsecond | TimeUnit::Nanosecond, _) => {
                Self::Instant
            }
            DataType::Null => Self::Nothing,
            DataType::List(member) => match Self::of(member.data_type()) {
                Self::Strange(_) | Self::List => Self::Strange("lists of something deeper"),
                _ => Self::List,
            },
            DataType::Decimal256(..) => Self::Strange("decimals of more than 38 digits"),
            DataType::Float16 => Self::Strange("numbers of 16 bits"),
            DataType::Time32(_) | DataType::Time64(_) => Self::Strange("times of day"),
            DataType::Interval(_) | DataType::Duration(_) => Self::Strange("lengths of time"),
            DataType::FixedSizeBinary(_) => Self::Strange("bytes"),
            DataType::Map(..) => Self::Strange("maps"),
            _ => Self::Strange("something that rules cannot read"),
        }
    }
}

impl Shape {
    /// An id that was shown.
    pub(super) fn key(self, text: &str) -> Option<Key<'_>> {
        if self == Self::Whole { text.parse().ok().map(Key::Whole) } else { Some(Key::Text(text)) }
    }
}

impl Outline {
    /// Of the columns of a file.
    pub(super) fn new(fields: &Fields) -> Self {
        let mut outline = Self::default();
        outline.add(fields, &[], &mut 0);
        outline
    }

    fn add(&mut self, fields: &Fields, around: &[String], leaf: &mut usize) {
        for field in fields {
            let path = [around, &[field.name().clone()]].concat();
            let name = path.join(".");
            match field.data_type() {
                DataType::Struct(parts) => {
                    self.add(parts, &path, leaf);
                }
                ty => {
                    let first = *leaf;
                    *leaf = leaf.saturating_add(leaves(field));
                    let entry = Entry { path, leaves: (first..*leaf).collect(), shape: Shape::of(ty), name };
                    match rows_of(ty) {
                        _ if matches!(ty, DataType::Map(..)) && MAPS.contains(&&*entry.name) => {
                            self.maps.push(entry);
                        }
                        Some(parts) if LISTS.contains(&&*entry.name) => {
                            let mut within = Self::default();
                            within.add(parts, &[], &mut first.clone());
                            self.lists.push((entry, within));
                        }
                        _ => self.columns.push(entry),
                    }
                }
            }
        }
    }
}

/// The parts of each member, if it is a list of structs.
fn rows_of(ty: &DataType) -> Option<&Fields> {
    match ty {
        DataType::List(member) => match member.data_type() {
            DataType::Struct(parts) => Some(parts),
            _ => None,
        },
        _ => None,
    }
}

/// How many columns of the file a field is made of.
fn leaves(field: &Field) -> usize {
    match field.data_type() {
        DataType::Struct(parts) => parts.iter().map(|part| leaves(part)).sum(),
        DataType::List(member) | DataType::Map(member, _) => leaves(member),
        _ => 1,
    }
}

impl Entry {
    /// What was decoded of it, and which rows have the structs around it; nothing if it was left out.
    pub(super) fn find(&self, rows: &StructArray) -> Option<(ArrayRef, Option<NullBuffer>)> {
        let (last, around) = self.path.split_last()?;
        let mut within = rows;
        let mut nulls = rows.nulls().cloned();
        for name in around {
            within = within.column_by_name(name)?.as_struct_opt()?;
            nulls = NullBuffer::union(nulls.as_ref(), within.nulls());
        }
        Some((within.column_by_name(last)?.clone(), nulls))
    }

    /// The column, decoded.
    pub(super) fn column(&self, rows: &StructArray) -> Option<Column> {
        let (array, outer) = self.find(rows)?;
        Some(Column::new(&array, outer.as_ref()))
    }
}
