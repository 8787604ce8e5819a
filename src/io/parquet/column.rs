//! A decoded column, and its cells.

use std::{borrow::Cow, fmt::Write as _};

use arrow_array::{
    Array, ArrayRef, BinaryViewArray, FixedSizeBinaryArray, StringArray, StringViewArray,
    cast::AsArray,
    types::{
        Date32Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
        TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, UInt8Type, UInt16Type,
        UInt32Type, UInt64Type,
    },
};
use arrow_buffer::{BooleanBuffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow_schema::{DataType, TimeUnit};

use crate::{
    io::given::Cell,
    snapshot::Datum,
    time::{Instant, Zone},
};

/// A column of a batch of rows.
#[derive(Debug)]
pub(crate) struct Column {
    pub(super) values: Values,
    /// Which rows have something; `None` if all have.
    pub(super) nulls: Option<NullBuffer>,
}

/// The values of a column, one for each row.
#[derive(Debug)]
pub(super) enum Values {
    /// Texts.
    Text(StringViewArray),
    /// Texts of which there are few: the number of each in a list.
    Words {
        keys: ScalarBuffer<i32>,
        words: StringArray,
    },
    /// Bytes that should be texts: older writers do not say that they are.
    Bytes(BinaryViewArray),
    /// Ids of 16 bytes.
    Uuid(FixedSizeBinaryArray),
    YesNo(BooleanBuffer),
    Whole(ScalarBuffer<i64>),
    /// Whole numbers without a sign.
    Large(ScalarBuffer<u64>),
    Single(ScalarBuffer<f32>),
    Double(ScalarBuffer<f64>),
    /// Digits, and how many of them stand after the point.
    Decimal(ScalarBuffer<i128>, i8),
    /// Days since 1970-01-01.
    Date(ScalarBuffer<i32>),
    /// Microseconds since 1970-01-01T00:00:00Z.
    Instant(ScalarBuffer<i64>),
    /// The same on some clock that shows 1970-01-01T00:00:00.
    Civil(ScalarBuffer<i64>),
    /// Where the members of each begin and end.
    List(OffsetBuffer<i32>, Box<Column>),
    /// Always nothing.
    Nothing,
    /// Something deeper, which rules cannot read.
    Deep,
}

pub(super) const DAY: i64 = 24 * 60 * 60 * 1_000_000;

/// What a value is that no calendar holds.
const BEYOND: &str = "is a time beyond the years −9999 to 9999";

impl Column {
    /// What the library decoded; `outer` tells which rows have the part of the user that this column belongs to.
    pub(super) fn new(array: &ArrayRef, outer: Option<&NullBuffer>) -> Self {
        let nulls = NullBuffer::union(array.logical_nulls().as_ref(), outer);
        Self { values: Values::new(array), nulls: nulls.filter(|nulls| nulls.null_count() > 0) }
    }

    /// Whether the row has nothing there.
    pub(super) fn is_null(&self, row: usize) -> bool {
        matches!(self.values, Values::Nothing)
            || self.nulls.as_ref().is_some_and(|nulls| row >= nulls.len() || nulls.is_null(row))
    }

    /// How many rows it has.
    pub(super) fn len(&self) -> usize {
        match &self.values {
            Values::Text(texts) => texts.len(),
            Values::Words { keys, .. } => keys.len(),
            Values::Bytes(bytes) => bytes.len(),
            Values::Whole(values) => values.len(),
            _ => 0,
        }
    }

    /// What a row holds as a text, as an id is; empty if it is nothing.
    pub(super) fn shown(&self, row: usize) -> String {
        let cell = self.cell(row).unwrap_or_default();
        cell.raw().text().ok().flatten().unwrap_or_default().into_owned()
    }

    /// The text of a row, if it is one.
    pub(super) fn text(&self, row: usize) -> Option<&str> {
        if self.is_null(row) {
            return None;
        }
        match &self.values {
            Values::Text(texts) => (row < texts.len()).then(|| texts.value(row)),
            Values::Words { keys, words } => {
                let key = usize::try_from(*keys.get(row)?).ok()?;
                (key < words.len()).then(|| words.value(key))
            }
            Values::Bytes(bytes) => std::str::from_utf8((row < bytes.len()).then(|| bytes.value(row))?).ok(),
            _ => None,
        }
    }

    /// The value of a row, or what is wrong with it.
    pub(crate) fn cell(&self, row: usize) -> Result<Cell<'_>, Cow<'static, str>> {
        if self.is_null(row) {
            return Ok(Cell::Null);
        }
        let cell = match &self.values {
            Values::Text(_) | Values::Words { .. } => self.text(row).map(|text| Cell::Text(text.into())),
            Values::Bytes(bytes) => match (row < bytes.len()).then(|| bytes.value(row)) {
                Some(bytes) => match std::str::from_utf8(bytes) {
                    Ok(text) => Some(Cell::Text(text.into())),
                    Err(_) => return Err("is not UTF-8 text".into()),
                },
                None => None,
            },
            Values::Uuid(ids) => (row < ids.len()).then(|| Cell::Text(uuid(ids.value(row)).into())),
            Values::YesNo(values) => (row < values.len()).then(|| Cell::YesNo(values.value(row))),
            Values::Whole(values) => values.get(row).map(|value| Cell::Whole(*value)),
            Values::Large(values) => values.get(row).map(|value| whole(*value)),
            Values::Single(values) => values.get(row).map(|value| Cell::Float(exact(*value))),
            Values::Double(values) => values.get(row).map(|value| Cell::Float(*value)),
            Values::Decimal(values, scale) => {
                values.get(row).map(|value| Cell::Text(decimal(*value, *scale).into()))
            }
            Values::Date(days) => {
                days.get(row).map(|day| date(*day)).transpose()?.map(|text| Cell::Text(text.into()))
            }
            Values::Instant(micros) => match micros.get(row).map(|at| Instant::from_micros(*at)) {
                Some(at) if !at.is_in_calendar() => return Err(BEYOND.into()),
                at => at.map(|at| Cell::Text(at.to_string().into())),
            },
            Values::Civil(micros) => match micros.get(row).map(|at| Instant::from_micros(*at)) {
                Some(at) if !at.is_in_calendar() => return Err(BEYOND.into()),
                at => at.map(|at| Cell::Text(Zone::utc().civil(at).to_string().into())),
            },
            Values::List(offsets, members) => {
                let ends = offsets.get(row).zip(offsets.get(row.saturating_add(1)));
                ends.map(|(start, end)| members.list(*start, *end)).transpose()?.map(Cell::List)
            }
            Values::Nothing => None,
            Values::Deep => Some(Cell::Map),
        };
        Ok(cell.unwrap_or_default())
    }

    fn list(&self, start: i32, end: i32) -> Result<Vec<Datum>, Cow<'static, str>> {
        let members = (start..end).filter_map(|row| usize::try_from(row).ok());
        members.map(|row| Ok(self.cell(row)?.into_datum())).collect()
    }
}

impl Values {
    fn new(array: &ArrayRef) -> Self {
        macro_rules! whole {
            ($ty:ty) => {
                Self::Whole(
                    array.as_primitive::<$ty>().values().iter().map(|value| i64::from(*value)).collect(),
                )
            };
        }
        match array.data_type() {
            DataType::Utf8View => Self::Text(array.as_string_view().clone()),
            DataType::Dictionary(key, value) if **key == DataType::Int32 && **value == DataType::Utf8 => {
                let dictionary = array.as_dictionary::<Int32Type>();
                let words = dictionary.values().as_string::<i32>().clone();
                Self::Words { keys: dictionary.keys().values().clone(), words }
            }
            DataType::BinaryView => Self::Bytes(array.as_binary_view().clone()),
            DataType::FixedSizeBinary(16) => Self::Uuid(array.as_fixed_size_binary().clone()),
            DataType::Boolean => Self::YesNo(array.as_boolean().values().clone()),
            DataType::Int8 => whole!(Int8Type),
            DataType::Int16 => whole!(Int16Type),
            DataType::Int32 => whole!(Int32Type),
            DataType::Int64 => Self::Whole(array.as_primitive::<Int64Type>().values().clone()),
            DataType::UInt8 => whole!(UInt8Type),
            DataType::UInt16 => whole!(UInt16Type),
            DataType::UInt32 => whole!(UInt32Type),
            DataType::UInt64 => Self::Large(array.as_primitive::<UInt64Type>().values().clone()),
            DataType::Float32 => Self::Single(array.as_primitive::<Float32Type>().values().clone()),
            DataType::Float64 => Self::Double(array.as_primitive::<Float64Type>().values().clone()),
            DataType::Decimal128(_, scale) => {
                Self::Decimal(array.as_primitive::<Decimal128Type>().values().clone(), *scale)
            }
            DataType::Date32 => Self::Date(array.as_primitive::<Date32Type>().values().clone()),
            DataType::Timestamp(unit, zone) => {
                let micros = match unit {
                    TimeUnit::Microsecond => {
                        array.as_primitive::<TimestampMicrosecondType>().values().clone()
                    }
                    TimeUnit::Millisecond => {
                        let millis = array.as_primitive::<TimestampMillisecondType>().values();
                        millis.iter().map(|at| at.saturating_mul(1_000)).collect()
                    }
                    TimeUnit::Nanosecond => {
                        let nanos = array.as_primitive::<TimestampNanosecondType>().values();
                        nanos.iter().map(|at| at.div_euclid(1_000)).collect()
                    }
                    TimeUnit::Second => return Self::Deep,
                };
                if zone.is_some() { Self::Instant(micros) } else { Self::Civil(micros) }
            }
            DataType::List(_) => {
                let list = array.as_list::<i32>();
                Self::List(list.offsets().clone(), Box::new(Column::new(list.values(), None)))
            }
            DataType::Null => Self::Nothing,
            _ => Self::Deep,
        }
    }
}

impl Cell<'_> {
    fn into_datum(self) -> Datum {
        match self {
            Self::Null => Datum::Null,
            Self::YesNo(value) => Datum::YesNo(value),
            Self::Whole(value) => Datum::Whole(value),
            Self::Float(value) => Datum::Float(value),
            Self::Text(text) => Datum::Text(text.into_owned()),
            Self::List(list) => Datum::List(list),
            Self::Map => Datum::Map(Default::default()),
        }
    }
}

/// Beyond `i64` only an id can be meant, and its digits must stay as they are.
fn whole(value: u64) -> Cell<'static> {
    i64::try_from(value).map_or_else(|_| Cell::Text(value.to_string().into()), Cell::Whole)
}

/// The number with the digits that a short one is written with: 0.1 is meant by what is nearest to it.
pub(super) fn exact(value: f32) -> f64 {
    value.to_string().parse().unwrap_or_else(|_| f64::from(value))
}

/// `-12.50`, with all the places that the column has.
fn decimal(value: i128, scale: i8) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let digits = value.unsigned_abs().to_string();
    match usize::try_from(scale) {
        Ok(0) => format!("{sign}{digits}"),
        Ok(places) => {
            let padded = format!("{digits:0>width$}", width = places.saturating_add(1));
            let (whole, fraction) = padded.split_at(padded.len().saturating_sub(places));
            format!("{sign}{whole}.{fraction}")
        }
        Err(_) => format!("{sign}{digits}{}", "0".repeat(usize::from(scale.unsigned_abs()))),
    }
}

fn date(days: i32) -> Result<String, Cow<'static, str>> {
    let at = Instant::from_micros(i64::from(days).saturating_mul(DAY));
    if at.is_in_calendar() { Ok(Zone::utc().date(at).to_string()) } else { Err(BEYOND.into()) }
}

/// `123e4567-e89b-12d3-a456-426614174000`
fn uuid(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(36);
    for (index, byte) in bytes.iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        let _ = write!(text, "{byte:02x}");
    }
    text
}
