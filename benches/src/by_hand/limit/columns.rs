//! Columns become persons. What a word means is looked up once for each entry of a dictionary, not for each row.

use std::ops::Range;

use arrow_array::{
    Array, ArrayRef, BooleanArray, Date32Array, Decimal128Array, Int32Array, ListArray, StringViewArray,
    StructArray, TimestampMicrosecondArray,
    cast::AsArray,
    types::{Decimal128Type, Int32Type},
};
use arrow_buffer::NullBuffer;

use super::{
    super::due::Answer,
    cursor::Part,
    person::{Contact, Event, Kind, Left, Person, Tier, is_in_city},
};
use crate::users::{DAY, NOW_SECOND};

/// Parts of users that the rules ask for.
pub(super) const ASKED: [&str; 24] = [
    "id",
    "timezone",
    "attributes.tier",
    "attributes.city",
    "attributes.birthday",
    "attributes.left_because",
    "attributes.points_expire_on",
    "attributes.signup_at",
    "attributes.points",
    "attributes.wants_news",
    "attributes.last_score",
    "consent",
    "addresses",
    "events.list.item.type",
    "events.list.item.at",
    "events.list.item.id",
    "events.list.item.amount",
    "events.list.item.category",
    "events.list.item.severity",
    "contacts.list.item.at",
    "contacts.list.item.channel",
    "contacts.list.item.message",
    "contacts.list.item.rule",
    "contacts.list.item.touch_id",
];

/// A column of texts of which there are few.
struct Words<'b, T> {
    keys: &'b Int32Array,
    /// What each entry of the dictionary means.
    meanings: Vec<T>,
}

impl<'b, T: Copy> Words<'b, T> {
    fn new(column: &'b ArrayRef, mean: impl FnMut(&'b [u8]) -> T) -> Option<Self> {
        let words = column.as_dictionary_opt::<Int32Type>()?;
        let entries = words.values().as_string_opt::<i32>()?;
        let texts = (0..entries.len()).map(|entry| entries.value(entry).as_bytes());
        Some(Self { keys: words.keys(), meanings: texts.map(mean).collect() })
    }

    fn at(&self, row: usize) -> Option<T> {
        self.keys.is_valid(row).then(|| self.meanings[self.keys.value(row) as usize])
    }
}

/// The columns of some users.
pub(super) struct Columns<'b> {
    ids: &'b StringViewArray,
    zones: Words<'b, Part>,
    tiers: Words<'b, Tier>,
    cities: Words<'b, bool>,
    left: Words<'b, Left>,
    birthdays: &'b Date32Array,
    points_expire_on: &'b Date32Array,
    signup_at: &'b TimestampMicrosecondArray,
    points: &'b Int32Array,
    wants_news: &'b BooleanArray,
    last_score: &'b Int32Array,
    /// By text message and mail.
    consent: [&'b BooleanArray; 2],
    reached: Option<&'b NullBuffer>,
    addresses: [&'b BooleanArray; 4],
    events: Events<'b>,
    contacts: Contacts<'b>,
}

struct Events<'b> {
    list: &'b ListArray,
    kinds: Words<'b, Kind>,
    at: &'b TimestampMicrosecondArray,
    ids: &'b StringViewArray,
    amounts: &'b Decimal128Array,
    categories: Words<'b, Part>,
    severities: &'b Int32Array,
}

struct Contacts<'b> {
    list: &'b ListArray,
    at: &'b TimestampMicrosecondArray,
    channels: Words<'b, Part>,
    messages: Words<'b, Part>,
    rules: Words<'b, Part>,
    touches: &'b dyn Array,
}

impl<'b> Columns<'b> {
    /// Nothing comes of columns of other kinds. Words are kept among the texts.
    pub(super) fn new(users: &'b StructArray, texts: &mut Vec<u8>) -> Option<Self> {
        let part = |name: &str| users.column_by_name(name)?.as_struct_opt();
        let [attributes, consent, addresses] = [part("attributes")?, part("consent")?, part("addresses")?];
        let attribute = |name: &str| attributes.column_by_name(name);
        let answer = |part: &'b StructArray, name: &str| part.column_by_name(name)?.as_boolean_opt();
        Some(Self {
            ids: users.column_by_name("id")?.as_string_view_opt()?,
            zones: Words::new(users.column_by_name("timezone")?, |zone| Part::put(zone, texts))?,
            tiers: Words::new(attribute("tier")?, Tier::of)?,
            cities: Words::new(attribute("city")?, is_in_city)?,
            left: Words::new(attribute("left_because")?, Left::of)?,
            birthdays: attribute("birthday")?.as_primitive_opt()?,
            points_expire_on: attribute("points_expire_on")?.as_primitive_opt()?,
            signup_at: attribute("signup_at")?.as_primitive_opt()?,
            points: attribute("points")?.as_primitive_opt()?,
            wants_news: attribute("wants_news")?.as_boolean_opt()?,
            last_score: attribute("last_score")?.as_primitive_opt()?,
            consent: [answer(consent, "sms")?, answer(consent, "email")?],
            reached: addresses.nulls(),
            addresses: [
                answer(addresses, "push")?,
                answer(addresses, "wechat")?,
                answer(addresses, "sms")?,
                answer(addresses, "email")?,
            ],
            events: Events::new(users.column_by_name("events")?.as_list_opt()?, texts)?,
            contacts: Contacts::new(users.column_by_name("contacts")?.as_list_opt()?, texts)?,
        })
    }

    /// Reads a user.
    pub(super) fn read(&self, row: usize, texts: &mut Vec<u8>, person: &mut Person) -> Option<()> {
        person.clear();
        person.id = Part::put(self.ids.value(row).as_bytes(), texts);
        person.zone = self.zones.at(row).unwrap_or_default();
        person.tier = self.tiers.at(row).unwrap_or_default();
        person.is_in_city = self.cities.at(row).unwrap_or_default();
        person.left = self.left.at(row).unwrap_or_default();
        let day = |days: &Date32Array| days.is_valid(row).then(|| days.value(row).into());
        (person.birthday, person.points_expire_on) = (day(self.birthdays), day(self.points_expire_on));
        person.signup_at = self.signup_at.is_valid(row).then(|| second(self.signup_at, row));
        let whole = |numbers: &Int32Array| numbers.is_valid(row).then(|| numbers.value(row).into());
        (person.points, person.last_score) = (whole(self.points), whole(self.last_score));
        person.wants_news = self.wants_news.is_valid(row) && self.wants_news.value(row);
        for (answer, given) in person.consent[2..].iter_mut().zip(self.consent) {
            if given.is_valid(row) {
                *answer = if given.value(row) { Answer::Yes } else { Answer::No };
            }
        }
        if self.reached.is_none_or(|reached| reached.is_valid(row)) {
            person.reachable = self.addresses.map(|given| given.is_valid(row) && given.value(row));
        }
        self.events.read(row, texts, person)?;
        self.contacts.read(row, person)?;
        person.put_in_order(texts);
        Some(())
    }
}

/// Where the members of a row are.
fn members(list: &ListArray, row: usize) -> Range<usize> {
    let offsets = list.value_offsets();
    offsets[row] as usize..offsets[row + 1] as usize
}

fn second(moments: &TimestampMicrosecondArray, row: usize) -> i64 {
    moments.value(row).div_euclid(1_000_000)
}

impl<'b> Events<'b> {
    fn new(list: &'b ListArray, texts: &mut Vec<u8>) -> Option<Self> {
        let rows = list.values().as_struct_opt()?;
        let column = |name: &str| rows.column_by_name(name);
        Some(Self {
            list,
            kinds: Words::new(column("type")?, Kind::of)?,
            at: column("at")?.as_primitive_opt()?,
            ids: column("id")?.as_string_view_opt()?,
            amounts: column("amount")?
                .as_primitive_opt::<Decimal128Type>()
                .filter(|amounts| amounts.scale() == 2)?,
            categories: Words::new(column("category")?, |category| Part::put(category, texts))?,
            severities: column("severity")?.as_primitive_opt()?,
        })
    }

    fn read(&self, row: usize, texts: &mut Vec<u8>, person: &mut Person) -> Option<()> {
        // Rules that go on an event, and tell its id, care for those of the last days alone.
        const LATELY: i64 = NOW_SECOND - 10 * DAY;
        for row in members(self.list, row) {
            let (kind, at) = (self.kinds.at(row)?, second(self.at, row));
            let mut event =
                Event { kind, at, id: Part::default(), cents: 0, category: Part::default(), severity: 0 };
            match kind {
                Kind::Order => event.category = self.categories.at(row).unwrap_or_default(),
                Kind::Complaint if self.severities.is_valid(row) => {
                    event.severity = self.severities.value(row).into();
                }
                _ => {}
            }
            if matches!(kind, Kind::Order | Kind::Cart) && self.amounts.is_valid(row) {
                event.cents = self.amounts.value(row) as i64;
            }
            if at >= LATELY && !matches!(kind, Kind::Order | Kind::Visit) && self.ids.is_valid(row) {
                event.id = Part::put(self.ids.value(row).as_bytes(), texts);
            }
            person.take(event)?;
        }
        Some(())
    }
}

impl<'b> Contacts<'b> {
    fn new(list: &'b ListArray, texts: &mut Vec<u8>) -> Option<Self> {
        let rows = list.values().as_struct_opt()?;
        let column = |name: &str| rows.column_by_name(name);
        let mut words = |name: &str| Words::new(column(name)?, |word| Part::put(word, texts));
        Some(Self {
            list,
            at: column("at")?.as_primitive_opt()?,
            channels: words("channel")?,
            messages: words("message")?,
            rules: words("rule")?,
            touches: column("touch_id")?,
        })
    }

    fn read(&self, row: usize, person: &mut Person) -> Option<()> {
        for row in members(self.list, row) {
            person.contacts.push(Contact {
                at: self.at.is_valid(row).then(|| second(self.at, row))?,
                channel: self.channels.at(row).unwrap_or_default(),
                message: self.messages.at(row).unwrap_or_default(),
                rule: self.rules.at(row).unwrap_or_default(),
                has_id: self.touches.is_valid(row),
            });
        }
        Some(())
    }
}
