//! Random users, and the files they can be in.

use std::{fmt::Write as _, fs, path::Path, sync::Arc};

use arrow_array::{
    Array, ArrayRef, BinaryArray, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Float32Array,
    Float64Array, Int32Array, Int64Array, LargeStringArray, ListArray, MapArray, RecordBatch, StringArray,
    StringViewArray, StructArray, TimestampMicrosecondArray, TimestampMillisecondArray,
    TimestampNanosecondArray, types::Int32Type,
};
use arrow_buffer::{NullBuffer, OffsetBuffer};
use arrow_schema::{DataType, Field, Fields};
use courtesy::time::{Instant, Zone};
use parquet::{
    arrow::ArrowWriter,
    basic::{Compression, ZstdLevel},
    file::properties::{EnabledStatistics, WriterProperties, WriterVersion},
};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

#[derive(Debug, Clone)]
pub struct Person {
    pub id: i64,
    pub timezone: Option<&'static str>,
    pub locale: Option<&'static str>,
    pub tier: Option<&'static str>,
    /// In hundredths.
    pub points: Option<i64>,
    /// Days since 1970-01-01.
    pub birthday: Option<i32>,
    pub vip: Option<bool>,
    pub tags: Option<Vec<&'static str>>,
    /// Milliseconds since 1970.
    pub seen_at: Option<i64>,
    pub sms: Option<bool>,
    pub phone: Option<&'static str>,
    pub email: Option<&'static str>,
    pub events: Vec<Event>,
    pub contacts: Vec<Contact>,
}

#[derive(Debug, Clone)]
pub struct Event {
    pub kind: &'static str,
    pub at: i64,
    pub id: Option<i64>,
    pub amount: Option<i64>,
    pub category: Option<&'static str>,
}

#[derive(Debug, Clone)]
pub struct Contact {
    pub at: i64,
    pub channel: Option<&'static str>,
    pub message: Option<&'static str>,
    pub categories: Option<Vec<&'static str>>,
    pub rule: Option<&'static str>,
}

/// How values are written.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    pub times: Times,
    pub numbers: Numbers,
    pub texts: Texts,
    pub attributes: Parts,
    pub addresses: Parts,
    pub whole_ids: bool,
    pub dictionary: bool,
    pub new_pages: bool,
    pub compressed: bool,
    pub statistics: bool,
    pub group: usize,
    /// Whether events and contacts stand in the order of the users.
    pub sorted: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Times {
    Micros,
    Millis,
    Nanos,
    Text,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Numbers {
    Double,
    Single,
    Decimal,
    Text,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Texts {
    Plain,
    Large,
    View,
    Dictionary,
    Bytes,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Parts {
    Flat,
    Struct,
    Map,
}

/// 2026-03-01T00:00:00Z in milliseconds.
pub const NOW: i64 = 1_772_323_200_000;
const DAY: i64 = 24 * 60 * 60 * 1000;

fn pick<T: Clone + std::fmt::Debug + 'static>(list: &'static [T]) -> impl Strategy<Value = T> {
    proptest::sample::select(list)
}

fn moment() -> impl Strategy<Value = i64> {
    (-90 * DAY..DAY).prop_map(|ago| NOW + ago)
}

pub fn people() -> impl Strategy<Value = Vec<Person>> {
    let event = (
        pick(&["order", "visit", "other"]),
        moment(),
        prop::option::of(0..1000_i64),
        prop::option::of(0..50_000_i64),
        prop::option::of(pick(&["tea", "a category with a long name", "ä", "neu"])),
    )
        .prop_map(|(kind, at, id, amount, category)| Event { kind, at, id, amount, category });
    let contact = (
        moment(),
        prop::option::of(pick(&["push", "sms", "fax"])),
        prop::option::of(pick(&["coupon", "news", "unknown message of another system"])),
        prop::option::of(prop::collection::vec(pick(&["promo", "care", "x"]), 1..3)),
        prop::option::of(pick(&["winback", "monthly", "old"])),
    )
        .prop_map(|(at, channel, message, categories, rule)| Contact {
            at,
            channel,
            message,
            categories,
            rule,
        });
    let who = (
        prop::option::of(pick(&["Asia/Shanghai", "Europe/Berlin", "America/New_York"])),
        prop::option::of(pick(&["de", "zh-HK"])),
        prop::option::of(pick(&["gold", "silver", "a tier that no rule mentions"])),
        prop::option::of(-1000..100_000_i64),
        prop::option::of(-10_000..20_000_i32),
        any::<Option<bool>>(),
        prop::option::of(prop::collection::vec(pick(&["tea", "coffee", "milk"]), 1..4)),
        prop::option::of(moment()),
    );
    let reach = (
        any::<Option<bool>>(),
        prop::option::of(pick(&["+49170", "0"])),
        prop::option::of(pick(&["a@b.c", ""])),
    );
    let person = (who, reach, prop::collection::vec(event, 0..9), prop::collection::vec(contact, 0..5))
        .prop_map(|(who, reach, events, contacts)| {
            let (timezone, locale, tier, points, birthday, vip, tags, seen_at) = who;
            let (sms, phone, email) = reach;
            Person {
                id: 0,
                timezone,
                locale,
                tier,
                points,
                birthday,
                vip,
                tags,
                seen_at,
                sms,
                phone,
                email,
                events,
                contacts,
            }
        });
    prop::collection::vec(person, 1..40).prop_map(|mut people| {
        for (person, id) in people.iter_mut().zip(100_i64..) {
            person.id = id;
            // What happens at one instant is in the order given, which not all files keep.
            for (event, number) in person.events.iter_mut().zip(0..) {
                event.at += number;
                // The same id twice is an error, which is tried as well, but not often.
                event.id = event.id.map(|id| if id < 990 { id * 100 + number } else { id });
            }
            for (contact, number) in person.contacts.iter_mut().zip(0..) {
                contact.at += number;
            }
        }
        people
    })
}

pub fn style() -> impl Strategy<Value = Style> {
    let parts = || pick(&[Parts::Flat, Parts::Struct, Parts::Map]);
    (
        (
            pick(&[Times::Micros, Times::Millis, Times::Nanos, Times::Text]),
            pick(&[Numbers::Double, Numbers::Single, Numbers::Decimal, Numbers::Text]),
            pick(&[Texts::Plain, Texts::Large, Texts::View, Texts::Dictionary, Texts::Bytes]),
        ),
        (parts(), parts()),
        (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>()),
        pick(&[2_usize, 7, 1000]),
    )
        .prop_map(|((times, numbers, texts), (attributes, addresses), flags, group)| {
            let (whole_ids, dictionary, new_pages, compressed, statistics, sorted) = flags;
            Style {
                times,
                numbers,
                texts,
                attributes,
                addresses,
                whole_ids,
                dictionary,
                new_pages,
                compressed,
                statistics,
                group,
                sorted,
            }
        })
}

pub fn hundredths(value: i64) -> String {
    format!("{}{}.{:02}", if value < 0 { "-" } else { "" }, value.abs() / 100, value.abs() % 100)
}

pub fn instant(millis: i64) -> String {
    Instant::from_micros(millis * 1000).to_string()
}

fn date(days: i32) -> String {
    Zone::utc().date(Instant::from_micros(i64::from(days) * DAY * 1000)).to_string()
}

/// One line of JSON.
pub fn json(person: &Person) -> String {
    fn put(map: &mut Map<String, Value>, name: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            map.insert(name.into(), value.into());
        }
    }
    let number = |value: i64| -> Value { serde_json::from_str(&hundredths(value)).unwrap() };
    let mut user = Map::new();
    user.insert("id".into(), json!(person.id.to_string()));
    put(&mut user, "timezone", person.timezone);
    put(&mut user, "locale", person.locale);
    let mut attributes = Map::new();
    put(&mut attributes, "tier", person.tier);
    put(&mut attributes, "points", person.points.map(number));
    put(&mut attributes, "birthday", person.birthday.map(date));
    put(&mut attributes, "vip", person.vip);
    put(&mut attributes, "tags", person.tags.clone());
    put(&mut attributes, "seen_at", person.seen_at.map(instant));
    user.insert("attributes".into(), attributes.into());
    let mut consent = Map::new();
    put(&mut consent, "sms", person.sms);
    user.insert("consent".into(), consent.into());
    let mut addresses = Map::new();
    put(&mut addresses, "sms", person.phone);
    put(&mut addresses, "push", person.email);
    user.insert("addresses".into(), addresses.into());
    let events: Vec<Value> = person
        .events
        .iter()
        .map(|given| {
            let mut event = Map::new();
            event.insert("type".into(), given.kind.into());
            event.insert("at".into(), instant(given.at).into());
            put(&mut event, "id", given.id.map(|id| id.to_string()));
            put(&mut event, "amount", given.amount.map(number));
            put(&mut event, "category", given.category);
            event.into()
        })
        .collect();
    user.insert("events".into(), events.into());
    let contacts: Vec<Value> = person
        .contacts
        .iter()
        .map(|given| {
            let mut contact = Map::new();
            contact.insert("at".into(), instant(given.at).into());
            put(&mut contact, "channel", given.channel);
            put(&mut contact, "message", given.message);
            put(&mut contact, "categories", given.categories.clone());
            put(&mut contact, "rule", given.rule);
            contact.into()
        })
        .collect();
    user.insert("contacts".into(), contacts.into());
    Value::from(user).to_string() + "\n"
}

/// Three tables: `users.csv`, `events.csv`, `contacts.csv`.
pub fn write_csv(people: &[Person], folder: &Path) {
    let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
    let mut users =
        "id,timezone,locale,tier,points,birthday,vip,tags,seen_at,consent.sms,address.sms,address.push\n"
            .to_owned();
    let mut events = "user,type,at,id,amount,category\n".to_owned();
    let mut contacts = "user,at,channel,message,categories,rule\n".to_owned();
    for person in people {
        let cells = [
            person.id.to_string(),
            text(person.timezone),
            text(person.locale),
            text(person.tier),
            person.points.map(hundredths).unwrap_or_default(),
            person.birthday.map(date).unwrap_or_default(),
            person.vip.map(|vip| vip.to_string()).unwrap_or_default(),
            person.tags.as_ref().map(|tags| tags.join(";")).unwrap_or_default(),
            person.seen_at.map(instant).unwrap_or_default(),
            person.sms.map(|sms| if sms { "yes" } else { "no" }.to_owned()).unwrap_or_default(),
            text(person.phone),
            text(person.email),
        ];
        writeln!(users, "{}", cells.join(",")).unwrap();
        for event in &person.events {
            let amount = event.amount.map(hundredths).unwrap_or_default();
            let id = event.id.map(|id| id.to_string()).unwrap_or_default();
            let (user, kind, at) = (person.id, event.kind, instant(event.at));
            writeln!(events, "{user},{kind},{at},{id},{amount},{}", text(event.category)).unwrap();
        }
        for contact in &person.contacts {
            let categories = contact.categories.as_ref().map(|list| list.join("; ")).unwrap_or_default();
            let (user, at) = (person.id, instant(contact.at));
            let (channel, message, rule) = (text(contact.channel), text(contact.message), text(contact.rule));
            writeln!(contacts, "{user},{at},{channel},{message},{categories},{rule}").unwrap();
        }
    }
    fs::write(folder.join("users.csv"), users).unwrap();
    fs::write(folder.join("events.csv"), events).unwrap();
    fs::write(folder.join("contacts.csv"), contacts).unwrap();
}

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
