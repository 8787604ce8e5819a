//! Users as Parquet files.

use std::{fs, path::Path, sync::Arc};

use arrow_array::{
    Array, ArrayRef, BinaryArray, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Float32Array,
    Float64Array, Int32Array, Int64Array, LargeStringArray, ListArray, MapArray, RecordBatch, StringArray,
    StringViewArray, StructArray, TimestampMicrosecondArray, TimestampMillisecondArray,
    TimestampNanosecondArray, types::Int32Type,
};
use arrow_buffer::{NullBuffer, OffsetBuffer};
use arrow_schema::{DataType, Field, Fields};
use parquet::{
    arrow::ArrowWriter,
    basic::{Compression, ZstdLevel},
    file::properties::{EnabledStatistics, WriterProperties, WriterVersion},
};

use crate::{
    people::{Contact, Event, Person},
    style::{Numbers, Parts, Style, Texts, Times},
    texts::{hundredths, instant},
};

/// Columns being gathered.
type Named = Vec<(&'static str, ArrayRef)>;

impl Style {
    pub fn times(self, values: Vec<Option<i64>>) -> ArrayRef {
        match self.times {
            Times::Millis => Arc::new(TimestampMillisecondArray::from(values).with_timezone("UTC")),
            Times::Micros => {
                let micros = values.into_iter().map(|at| at.map(|at| at * 1000));
                Arc::new(TimestampMicrosecondArray::from_iter(micros).with_timezone("UTC"))
            }
            Times::Nanos => {
                let nanos = values.into_iter().map(|at| at.map(|at| at * 1_000_000 + 999));
                Arc::new(TimestampNanosecondArray::from_iter(nanos).with_timezone("UTC"))
            }
            Times::Text => self.texts(values.into_iter().map(|at| at.map(instant)).collect()),
        }
    }

    pub fn numbers(self, values: Vec<Option<i64>>) -> ArrayRef {
        match self.numbers {
            Numbers::Double => {
                let doubles =
                    values.into_iter().map(|value| value.map(|v| hundredths(v).parse::<f64>().unwrap()));
                Arc::new(doubles.collect::<Float64Array>())
            }
            Numbers::Single => {
                let singles =
                    values.into_iter().map(|value| value.map(|v| hundredths(v).parse::<f32>().unwrap()));
                Arc::new(singles.collect::<Float32Array>())
            }
            Numbers::Decimal => {
                let decimals = values.into_iter().map(|value| value.map(|v| i128::from(v) * 100));
                let decimals = decimals.collect::<Decimal128Array>();
                Arc::new(decimals.with_precision_and_scale(30, 4).unwrap())
            }
            Numbers::Text => self.texts(values.into_iter().map(|value| value.map(hundredths)).collect()),
        }
    }

    pub fn texts(self, values: Vec<Option<impl AsRef<str>>>) -> ArrayRef {
        let values = || values.iter().map(|text| text.as_ref().map(AsRef::as_ref));
        match self.texts {
            Texts::Plain => Arc::new(values().collect::<StringArray>()),
            Texts::Large => Arc::new(values().collect::<LargeStringArray>()),
            Texts::View => Arc::new(values().collect::<StringViewArray>()),
            Texts::Dictionary => Arc::new(values().collect::<DictionaryArray<Int32Type>>()),
            Texts::Bytes => {
                let bytes: Vec<Option<&[u8]>> = values().map(|text| text.map(str::as_bytes)).collect();
                Arc::new(BinaryArray::from(bytes))
            }
        }
    }

    pub fn ids(self, values: Vec<i64>) -> ArrayRef {
        if self.whole_ids {
            return Arc::new(Int64Array::from(values));
        }
        self.texts(values.into_iter().map(|id| Some(id.to_string())).collect())
    }

    fn users(self, people: &[Person], whole: bool) -> Named {
        let of = |text: fn(&Person) -> Option<&'static str>| self.texts(people.iter().map(text).collect());
        let mut columns: Named = vec![
            ("id", self.ids(people.iter().map(|person| person.id).collect())),
            ("timezone", of(|person| person.timezone)),
            ("locale", of(|person| person.locale)),
        ];
        let attributes: Named = vec![
            ("tier", of(|person| person.tier)),
            ("points", self.numbers(people.iter().map(|person| person.points).collect())),
            ("birthday", Arc::new(people.iter().map(|person| person.birthday).collect::<Date32Array>())),
            ("vip", Arc::new(people.iter().map(|person| person.vip).collect::<BooleanArray>())),
            ("tags", lists(people.iter().map(|person| person.tags.clone()).collect())),
            ("seen_at", self.times(people.iter().map(|person| person.seen_at).collect())),
        ];
        match self.attributes {
            Parts::Flat => columns.extend(attributes),
            // A map has one type for all values.
            Parts::Struct | Parts::Map => columns.push(("attributes", structs(attributes, people.len()))),
        }
        let consent = Arc::new(people.iter().map(|person| person.sms).collect::<BooleanArray>());
        let (sms, push) = (of(|person| person.phone), of(|person| person.email));
        match self.addresses {
            Parts::Flat => {
                columns.push(("consent.sms", consent));
                columns.extend([("address.sms", sms), ("address.push", push)]);
            }
            Parts::Struct => {
                columns.push(("consent", structs(vec![("sms", consent)], people.len())));
                columns.push(("addresses", structs(vec![("sms", sms), ("push", push)], people.len())));
            }
            Parts::Map => {
                let sms =
                    people.iter().map(|person| person.sms.map(|sms| ("sms", sms)).into_iter().collect());
                columns.push((
                    "consent",
                    map(sms.collect(), |values| {
                        Arc::new(values.into_iter().map(Some).collect::<BooleanArray>())
                    }),
                ));
                let addresses = people.iter().map(|person| {
                    let sms = person.phone.map(|sms| ("sms", sms));
                    sms.into_iter().chain(person.email.map(|push| ("push", push))).collect()
                });
                columns.push((
                    "addresses",
                    map(addresses.collect(), |values| self.texts(values.into_iter().map(Some).collect())),
                ));
            }
        }
        if whole {
            let all: Vec<&Event> = people.iter().flat_map(|person| &person.events).collect();
            let lengths = people.iter().map(|person| person.events.len());
            columns.push(("events", list(structs(self.events(&all), all.len()), lengths)));
            let all: Vec<&Contact> = people.iter().flat_map(|person| &person.contacts).collect();
            let lengths = people.iter().map(|person| person.contacts.len());
            columns.push(("contacts", list(structs(self.contacts(&all), all.len()), lengths)));
        }
        columns
    }

    fn events(self, events: &[&Event]) -> Named {
        let ids = events.iter().map(|event| event.id);
        let ids: ArrayRef = match self.whole_ids {
            true => Arc::new(ids.map(|id| id.map(|id| i32::try_from(id).unwrap())).collect::<Int32Array>()),
            false => self.texts(ids.map(|id| id.map(|id| id.to_string())).collect()),
        };
        vec![
            ("category", self.texts(events.iter().map(|event| event.category).collect())),
            ("type", self.texts(events.iter().map(|event| Some(event.kind)).collect())),
            ("at", self.times(events.iter().map(|event| Some(event.at)).collect())),
            ("id", ids),
            ("amount", self.numbers(events.iter().map(|event| event.amount).collect())),
        ]
    }

    fn contacts(self, contacts: &[&Contact]) -> Named {
        let of = |text: fn(&Contact) -> Option<&'static str>| {
            self.texts(contacts.iter().map(|contact| text(contact)).collect())
        };
        vec![
            ("at", self.times(contacts.iter().map(|contact| Some(contact.at)).collect())),
            ("channel", of(|contact| contact.channel)),
            ("message", of(|contact| contact.message)),
            ("categories", lists(contacts.iter().map(|contact| contact.categories.clone()).collect())),
            ("rule", of(|contact| contact.rule)),
        ]
    }

    /// One file: `nested.parquet`.
    pub fn write_nested(self, people: &[Person], folder: &Path) {
        self.write(&folder.join("nested.parquet"), self.users(people, true));
    }

    /// Three files: `users.parquet`, `events.parquet`, `contacts.parquet`.
    pub fn write_tables(self, people: &[Person], folder: &Path) {
        self.write(&folder.join("users.parquet"), self.users(people, false));
        let mut events: Vec<(i64, &Event)> =
            people.iter().flat_map(|person| person.events.iter().map(|event| (person.id, event))).collect();
        let mut contacts: Vec<(i64, &Contact)> =
            people.iter().flat_map(|person| person.contacts.iter().map(|one| (person.id, one))).collect();
        if !self.sorted {
            events.sort_by_key(|(_, event)| event.at);
            contacts.sort_by_key(|(_, contact)| contact.at);
        }
        let (users, rows): (Vec<i64>, Vec<&Event>) = events.into_iter().unzip();
        let mut columns = self.events(&rows);
        columns.push(("user", self.ids(users)));
        self.write(&folder.join("events.parquet"), columns);
        let (users, rows): (Vec<i64>, Vec<&Contact>) = contacts.into_iter().unzip();
        let mut columns = self.contacts(&rows);
        columns.insert(0, ("user_id", self.ids(users)));
        self.write(&folder.join("contacts.parquet"), columns);
    }

    pub fn write(self, path: &Path, columns: Named) {
        let batch = RecordBatch::try_from_iter_with_nullable(
            columns.into_iter().map(|(name, column)| (name, column, true)),
        )
        .unwrap();
        let level = ZstdLevel::try_new(1).unwrap();
        let properties = WriterProperties::builder()
            .set_dictionary_enabled(self.dictionary)
            .set_compression(if self.compressed { Compression::ZSTD(level) } else { Compression::SNAPPY })
            .set_writer_version(if self.new_pages {
                WriterVersion::PARQUET_2_0
            } else {
                WriterVersion::PARQUET_1_0
            })
            .set_statistics_enabled(if self.statistics {
                EnabledStatistics::Page
            } else {
                EnabledStatistics::None
            })
            .set_max_row_group_row_count(Some(self.group))
            .set_data_page_row_count_limit(5)
            .set_write_batch_size(3)
            .build();
        let mut writer =
            ArrowWriter::try_new(fs::File::create(path).unwrap(), batch.schema(), Some(properties)).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
    }
}

fn structs(columns: Named, rows: usize) -> ArrayRef {
    let fields: Fields =
        columns.iter().map(|(name, array)| Field::new(*name, array.data_type().clone(), true)).collect();
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    Arc::new(StructArray::try_new_with_length(fields, arrays, None, rows).unwrap())
}

fn list(members: ArrayRef, lengths: impl Iterator<Item = usize>) -> ArrayRef {
    let field = Arc::new(Field::new("element", members.data_type().clone(), true));
    Arc::new(ListArray::new(field, OffsetBuffer::from_lengths(lengths), members, None))
}

fn lists(values: Vec<Option<Vec<&'static str>>>) -> ArrayRef {
    let members: StringArray = values.iter().flatten().flatten().copied().map(Some).collect();
    let offsets = OffsetBuffer::from_lengths(values.iter().map(|list| list.as_ref().map_or(0, Vec::len)));
    let nulls: NullBuffer = values.iter().map(Option::is_some).collect();
    let field = Arc::new(Field::new("element", DataType::Utf8, true));
    Arc::new(ListArray::new(field, offsets, Arc::new(members), Some(nulls)))
}

fn map<T>(entries: Vec<Vec<(&'static str, T)>>, values: impl FnOnce(Vec<T>) -> ArrayRef) -> ArrayRef {
    let offsets = OffsetBuffer::from_lengths(entries.iter().map(Vec::len));
    let (keys, given): (Vec<&str>, Vec<T>) = entries.into_iter().flatten().unzip();
    let keys = StringArray::from(keys);
    let values = values(given);
    let fields: Fields =
        vec![Field::new("key", DataType::Utf8, false), Field::new("value", values.data_type().clone(), true)]
            .into();
    let entries = StructArray::new(fields, vec![Arc::new(keys), values], None);
    let field = Arc::new(Field::new("entries", entries.data_type().clone(), false));
    Arc::new(MapArray::new(field, offsets, entries, None, false))
}
