//! Users as Parquet: one file with events and contacts within the users, and three tables beside each other.

use std::{
    fs::File,
    io::{self, Write},
    path::Path,
    sync::Arc,
};

use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Int32Array, ListArray, RecordBatch, StringArray,
    StructArray, TimestampMicrosecondArray,
};
use arrow_buffer::{NullBuffer, OffsetBuffer};
use arrow_schema::{ArrowError, DataType, Field, Fields};
use parquet::{
    arrow::ArrowWriter, basic::Compression, errors::ParquetError, file::properties::WriterProperties,
    schema::types::ColumnPath,
};

use super::{Contact, DAY, Event, EventKind, Person};

/// How many users are gathered before they are written.
const GATHERED: usize = 4_096;

/// Users of a row group: several groups even of few users, so that programs that give each thread a group of its own have enough
/// of them.
const USERS: usize = 16_384;

/// Events or contacts of a row group.
const ROWS: usize = 131_072;

/// Columns with a value of its own in each row, for which a dictionary would be a waste.
const IDS: [&str; 4] = ["id", "touch_id", "events.list.item.id", "contacts.list.item.touch_id"];

/// A column: its name, and its values.
type Named = (&'static str, ArrayRef);

/// Writes all four files.
#[derive(Debug)]
pub struct Parquet<W: Write + Send> {
    gathered: Vec<Person>,
    nested: ArrowWriter<W>,
    /// Users, events and contacts.
    tables: [ArrowWriter<W>; 3],
}

impl Parquet<File> {
    /// Begins `nested.parquet`, `users.parquet`, `events.parquet` and `contacts.parquet` in that folder.
    ///
    /// # Errors
    ///
    /// Those of writing.
    pub fn create(folder: &Path) -> io::Result<Self> {
        let file = |name: &str| File::create(folder.join(name));
        let tables = [file("users.parquet")?, file("events.parquet")?, file("contacts.parquet")?];
        Self::new(file("nested.parquet")?, tables)
    }
}

impl<W: Write + Send> Parquet<W> {
    fn new(nested: W, [users, events, contacts]: [W; 3]) -> io::Result<Self> {
        let (nothing, tables) = batches(&[]).map_err(wrong)?;
        let begin = |out, batch: &RecordBatch, rows| {
            let mut properties = WriterProperties::builder()
                .set_compression(Compression::SNAPPY)
                .set_max_row_group_row_count(Some(rows));
            for id in IDS {
                let path = id.split('.').map(str::to_owned).collect::<Vec<_>>();
                properties = properties.set_column_dictionary_enabled(ColumnPath::new(path), false);
            }
            ArrowWriter::try_new(out, batch.schema(), Some(properties.build())).map_err(wrong)
        };
        Ok(Self {
            gathered: Vec::new(),
            nested: begin(nested, &nothing, USERS)?,
            tables: [
                begin(users, &tables[0], USERS)?,
                begin(events, &tables[1], ROWS)?,
                begin(contacts, &tables[2], ROWS)?,
            ],
        })
    }

    /// Writes a user into all of them.
    ///
    /// # Errors
    ///
    /// Those of writing.
    pub fn write(&mut self, person: Person) -> io::Result<()> {
        self.gathered.push(person);
        if self.gathered.len() < GATHERED { Ok(()) } else { self.put().map_err(wrong) }
    }

    fn put(&mut self) -> Result<(), ParquetError> {
        let (nested, tables) = batches(&self.gathered)?;
        self.gathered.clear();
        self.nested.write(&nested)?;
        self.tables.iter_mut().zip(&tables).try_for_each(|(table, rows)| table.write(rows))
    }

    /// Ends the files.
    ///
    /// # Errors
    ///
    /// Those of writing.
    pub fn finish(mut self) -> io::Result<()> {
        self.put().map_err(wrong)?;
        let [users, events, contacts] = self.tables;
        for file in [self.nested, users, events, contacts] {
            file.into_inner().map_err(wrong)?.flush()?;
        }
        Ok(())
    }
}

fn wrong(error: impl Into<ParquetError>) -> io::Error {
    io::Error::other(error.into())
}

/// People as rows of the nested file, and of the three tables.
fn batches(people: &[Person]) -> Result<(RecordBatch, [RecordBatch; 3]), ArrowError> {
    let (consent, attributes) = (consent(people), attributes(people));
    let reached: NullBuffer = people.iter().map(|person| person.addresses.is_some()).collect();
    let events: Vec<_> = people.iter().flat_map(|person| &person.events).collect();
    let contacts: Vec<_> = people.iter().flat_map(|person| &person.contacts).collect();
    let (event_rows, contact_rows) = (event_columns(&events), contact_columns(&contacts));
    let mut nested = who(people);
    nested.push(("attributes", Arc::new(structs(&attributes, None))));
    nested.push(("consent", Arc::new(structs(&consent, None))));
    nested.push(("addresses", Arc::new(structs(&addresses(people), Some(reached)))));
    nested.push(("events", list(people.iter().map(|person| person.events.len()), &event_rows)?));
    nested.push(("contacts", list(people.iter().map(|person| person.contacts.len()), &contact_rows)?));
    let mut users: Vec<_> = who(people).into_iter().chain(attributes).map(owned).collect();
    users.extend(consent.into_iter().map(|(name, column)| (format!("consent.{name}"), column)));
    users.extend(addresses(people).into_iter().map(|(name, column)| (format!("addresses.{name}"), column)));
    let rows = |user: ArrayRef, columns: Vec<Named>| {
        table([("user", user)].into_iter().chain(columns).map(owned).collect())
    };
    let tables = [
        table(users)?,
        rows(texts(people.iter().flat_map(|one| one.events.iter().map(|_| Some(one.id())))), event_rows)?,
        rows(texts(people.iter().flat_map(|one| one.contacts.iter().map(|_| Some(one.id())))), contact_rows)?,
    ];
    Ok((table(nested.into_iter().map(owned).collect())?, tables))
}

fn owned((name, column): Named) -> (String, ArrayRef) {
    (name.to_owned(), column)
}

fn table(columns: Vec<(String, ArrayRef)>) -> Result<RecordBatch, ArrowError> {
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, column)| (name, column, true)))
}

fn fields(columns: &[Named]) -> Fields {
    columns.iter().map(|(name, column)| Field::new(*name, column.data_type().clone(), true)).collect()
}

fn structs(columns: &[Named], nulls: Option<NullBuffer>) -> StructArray {
    StructArray::new(fields(columns), columns.iter().map(|(_, column)| Arc::clone(column)).collect(), nulls)
}

fn list(lengths: impl Iterator<Item = usize>, columns: &[Named]) -> Result<ArrayRef, ArrowError> {
    let field = Arc::new(Field::new_list_field(DataType::Struct(fields(columns)), true));
    let rows = Arc::new(structs(columns, None));
    Ok(Arc::new(ListArray::try_new(field, OffsetBuffer::from_lengths(lengths), rows, None)?))
}

fn texts(values: impl Iterator<Item = Option<impl AsRef<str>>>) -> ArrayRef {
    Arc::new(values.collect::<StringArray>())
}

fn wholes(values: impl Iterator<Item = Option<u32>>) -> ArrayRef {
    Arc::new(values.map(|value| value.and_then(|value| i32::try_from(value).ok())).collect::<Int32Array>())
}

fn answers(values: impl Iterator<Item = Option<bool>>) -> ArrayRef {
    Arc::new(values.collect::<BooleanArray>())
}

fn dates(values: impl Iterator<Item = Option<i64>>) -> ArrayRef {
    let day = |second: i64| i32::try_from(second.div_euclid(DAY)).ok();
    Arc::new(values.map(|value| value.and_then(day)).collect::<Date32Array>())
}

fn moments(seconds: impl Iterator<Item = i64>) -> ArrayRef {
    let micros = seconds.map(|second| second * 1_000_000);
    Arc::new(TimestampMicrosecondArray::from_iter_values(micros).with_timezone("UTC"))
}

/// Amounts, exact as a shop keeps them.
fn amounts(cents: impl Iterator<Item = Option<u32>>) -> ArrayRef {
    let cents: Decimal128Array = cents.map(|cents| cents.map(i128::from)).collect();
    Arc::new(cents.with_data_type(DataType::Decimal128(9, 2)))
}

fn who(people: &[Person]) -> Vec<Named> {
    vec![
        ("id", texts(people.iter().map(|one| Some(one.id())))),
        ("timezone", texts(people.iter().map(|one| one.zone))),
        ("locale", texts(people.iter().map(|one| Some(one.locale)))),
    ]
}

fn attributes(people: &[Person]) -> Vec<Named> {
    let all = || people.iter();
    let version = |(major, minor, patch): (u32, u32, u32)| format!("{major}.{minor}.{patch}");
    vec![
        ("name", texts(all().map(|one| Some(one.name)))),
        ("gender", texts(all().map(|one| one.gender))),
        ("tier", texts(all().map(|one| Some(one.tier)))),
        ("city", texts(all().map(|one| one.city))),
        ("birthday", dates(all().map(|one| one.birthday))),
        ("left_because", texts(all().map(|one| one.left_because))),
        ("points_expire_on", dates(all().map(|one| one.points_expire_on))),
        ("signup_at", moments(all().map(|one| one.signup_at))),
        ("points", wholes(all().map(|one| Some(one.points)))),
        ("wants_news", answers(all().map(|one| Some(one.wants_news)))),
        ("last_score", wholes(all().map(|one| one.last_score))),
        ("device", texts(all().map(|one| Some(one.device)))),
        ("app_version", texts(all().map(|one| Some(version(one.app_version))))),
        ("source", texts(all().map(|one| Some(one.source)))),
        ("store", texts(all().map(|one| Some(format!("S{:04}", one.store))))),
    ]
}

fn consent(people: &[Person]) -> Vec<Named> {
    let of = |channel: usize| answers(people.iter().map(|one| one.consent[channel]));
    vec![("sms", of(0)), ("email", of(1))]
}

/// In tables no address is known of those who can be reached everywhere, which is written as yes.
fn addresses(people: &[Person]) -> Vec<Named> {
    let of = |channel: usize| {
        answers(people.iter().map(|one| Some(one.addresses.is_none_or(|addresses| addresses[channel]))))
    };
    vec![("push", of(0)), ("wechat", of(1)), ("sms", of(2)), ("email", of(3))]
}

/// What there is to say of an event.
#[derive(Debug, Default)]
struct Said {
    cents: Option<u32>,
    category: Option<&'static str>,
    severity: Option<u32>,
    page: Option<u32>,
    words: Option<&'static str>,
    items: Option<u32>,
    article: Option<u32>,
    days: Option<u32>,
}

impl Said {
    fn of(event: &Event) -> Self {
        let nothing = Self::default();
        match event.kind {
            EventKind::Visit { page } => Self { page: Some(page), ..nothing },
            EventKind::Search { words } => Self { words: Some(words), ..nothing },
            EventKind::Cart { cents, items } => Self { cents: Some(cents), items: Some(items), ..nothing },
            EventKind::Order { cents, category, article } => {
                Self { cents: Some(cents), category: Some(category), article: Some(article), ..nothing }
            }
            EventKind::Delivery { days } => Self { days: Some(days), ..nothing },
            EventKind::Complaint { severity, category } => {
                Self { severity: Some(severity), category: Some(category), ..nothing }
            }
            EventKind::FriendJoined => nothing,
        }
    }
}

fn event_columns(events: &[&Event]) -> Vec<Named> {
    let said: Vec<_> = events.iter().map(|event| Said::of(event)).collect();
    let id = |event: &Event| event.name().1.map(|letter| format!("{letter}{}", event.number));
    vec![
        ("type", texts(events.iter().map(|event| Some(event.name().0)))),
        ("at", moments(events.iter().map(|event| event.at))),
        ("id", texts(events.iter().map(|event| id(event)))),
        ("amount", amounts(said.iter().map(|said| said.cents))),
        ("category", texts(said.iter().map(|said| said.category))),
        ("severity", wholes(said.iter().map(|said| said.severity))),
        ("page", texts(said.iter().map(|said| said.page.map(|page| format!("/p/{page}"))))),
        ("words", texts(said.iter().map(|said| said.words))),
        ("items", wholes(said.iter().map(|said| said.items))),
        ("article", wholes(said.iter().map(|said| said.article))),
        ("days", wholes(said.iter().map(|said| said.days))),
    ]
}

fn contact_columns(contacts: &[&Contact]) -> Vec<Named> {
    let id = |contact: &Contact| contact.touch_id.map(|id| format!("{id:032x}"));
    vec![
        ("at", moments(contacts.iter().map(|contact| contact.at))),
        ("channel", texts(contacts.iter().map(|contact| Some(contact.channel)))),
        ("message", texts(contacts.iter().map(|contact| Some(contact.message)))),
        ("rule", texts(contacts.iter().map(|contact| Some(contact.rule)))),
        ("touch_id", texts(contacts.iter().map(|contact| id(contact)))),
    ]
}
