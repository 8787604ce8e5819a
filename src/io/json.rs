//! One user as one JSON object.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

use super::{
    given::{Cell, ContactRow, Entries, EventRow, GivenUser},
    misfits,
    touches::GivenTouch,
};
use crate::{
    number::Number,
    snapshot::{Datum, parse_touch_id},
};

/// Reads one object. Values stay in the line where they can.
pub(crate) fn parse(line: &[u8]) -> Result<GivenUser<'_>, String> {
    let text = std::str::from_utf8(line).map_err(|error| not_text(&error))?;
    serde_json::from_str(text).map_err(|error| say(&error, || misfits::in_user(text)))
}

/// The user's id alone, if it can be read.
pub(crate) fn id(line: &[u8]) -> Option<String> {
    let OnlyId { id } = serde_json::from_slice(line).ok()?;
    super::given::text(&id, "id").ok().flatten().map(Cow::into_owned)
}

/// A touch of a schedule.
pub(crate) fn touch(line: &[u8]) -> Result<GivenTouch<'_>, String> {
    let text = std::str::from_utf8(line).map_err(|error| not_text(&error))?;
    serde_json::from_str(text).map_err(|error| say(&error, || misfits::in_touch(text)))
}

fn not_text(error: &std::str::Utf8Error) -> String {
    format!("it is not UTF-8 text from byte {} on", error.valid_up_to().saturating_add(1))
}

/// What is wrong with a line. `misfit` finds the part that is not of its kind: the parser would show that as it likes, and
/// as long as it is.
fn say(error: &serde_json::Error, misfit: impl FnOnce() -> Option<String>) -> String {
    if error.is_data() {
        return misfit().unwrap_or_else(|| without_place(error));
    }
    // Nothing of the user's is in what the parser says of its grammar, so that its words may be changed.
    let said = without_place(error);
    let words = [
        ("EOF while parsing", "the line ends within"),
        ("expected ident", "no value begins here"),
        ("expected value", "no value begins here"),
        ("trailing characters", "something follows the object"),
    ];
    let said = words.iter().fold(said, |said, (word, plain)| said.replace(word, plain));
    format!("not a JSON object: {said} (column {})", error.column())
}

/// The parser's words without its line, which is always the first.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or(text.as_str(), |(said, _)| said).to_owned()
}

/// Whether a contact of the line has an `id` that looks like a touch's, and no `touch_id`.
pub(super) fn has_misnamed_touch_id(line: &[u8]) -> bool {
    #[derive(Deserialize)]
    #[serde(bound(deserialize = "'de: 'a"))]
    struct Line<'a> {
        contacts: Vec<Ids<'a>>,
    }
    #[derive(Default, Deserialize)]
    #[serde(default, bound(deserialize = "'de: 'a"))]
    struct Ids<'a> {
        id: Cell<'a>,
        touch_id: Cell<'a>,
    }
    let is_misnamed = |one: &Ids<'_>| match &one.id {
        Cell::Text(id) => one.touch_id == Cell::Null && parse_touch_id(id).is_some(),
        _ => false,
    };
    // What is not as expected is no touch that was given back.
    serde_json::from_slice(line).is_ok_and(|line: Line<'_>| line.contacts.iter().any(is_misnamed))
}

/// Implements [`Deserialize`] for what is read key by key from an object.
macro_rules! object {
    ($name:ident, $what:literal, |$this:ident, $key:ident, $map:ident| $body:block) => {
        impl<'de: 'a, 'a> Deserialize<'de> for $name<'a> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Keys;
                impl<'de> Visitor<'de> for Keys {
                    type Value = $name<'de>;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str($what)
                    }
                    fn visit_map<M: MapAccess<'de>>(self, mut $map: M) -> Result<Self::Value, M::Error> {
                        let mut $this = $name::default();
                        while let Some(Text($key)) = $map.next_key()? {
                            $body
                        }
                        Ok($this)
                    }
                }
                deserializer.deserialize_map(Keys)
            }
        }
    };
}

object!(GivenUser, "a user (an object)", |user, key, map| {
    match &*key {
        "id" => once(&mut user.id, map.next_value()?, "id")?,
        "timezone" => once(&mut user.timezone, map.next_value()?, "timezone")?,
        "locale" => once(&mut user.locale, map.next_value()?, "locale")?,
        "attributes" => user.attributes.extend(map.next_value::<Object<'_>>()?.0),
        "consent" => user.consent.extend(map.next_value::<Object<'_>>()?.0),
        "addresses" => {
            if let Some(Object(entries)) = map.next_value()? {
                user.addresses.get_or_insert_default().extend(entries);
            }
        }
        "events" => user.events.extend(map.next_value::<Option<Vec<EventRow<'_>>>>()?.unwrap_or_default()),
        "contacts" => {
            user.contacts.extend(map.next_value::<Option<Vec<ContactRow<'_>>>>()?.unwrap_or_default())
        }
        _ => {
            map.next_value::<IgnoredAny>()?;
            user.unknown.push(key);
        }
    }
});

/// Who a line is about, whatever else it holds.
#[derive(Default)]
struct OnlyId<'a> {
    id: Cell<'a>,
}

object!(OnlyId, "a user (an object)", |user, key, map| {
    match &*key {
        "id" => once(&mut user.id, map.next_value()?, "id")?,
        _ => drop(map.next_value::<IgnoredAny>()?),
    }
});

object!(EventRow, "an event (an object)", |event, key, map| {
    match &*key {
        "type" => once(&mut event.kind, map.next_value()?, "type")?,
        "at" => once(&mut event.at, map.next_value()?, "at")?,
        "id" => once(&mut event.id, map.next_value()?, "id")?,
        _ => event.fields.push((key, map.next_value()?)),
    }
});

object!(ContactRow, "a contact (an object)", |contact, key, map| {
    match &*key {
        "at" => once(&mut contact.at, map.next_value()?, "at")?,
        "channel" => once(&mut contact.channel, map.next_value()?, "channel")?,
        "message" => once(&mut contact.message, map.next_value()?, "message")?,
        "categories" => once(&mut contact.categories, map.next_value()?, "categories")?,
        "rule" => once(&mut contact.rule, map.next_value()?, "rule")?,
        "touch_id" => once(&mut contact.touch_id, map.next_value()?, "touch_id")?,
        _ => drop(map.next_value::<IgnoredAny>()?),
    }
});

object!(GivenTouch, "a touch (an object)", |touch, key, map| {
    match &*key {
        "user" => once(&mut touch.user, map.next_value()?, "user")?,
        "at" => once(&mut touch.at, map.next_value()?, "at")?,
        "channel" => once(&mut touch.channel, map.next_value()?, "channel")?,
        "message" => once(&mut touch.message, map.next_value()?, "message")?,
        "categories" => once(&mut touch.categories, map.next_value()?, "categories")?,
        "touch_id" => once(&mut touch.touch_id, map.next_value()?, "touch_id")?,
        "id" => once(&mut touch.id, map.next_value()?, "id")?,
        "rule" => once(&mut touch.rule, map.next_value()?, "rule")?,
        "step" => once(&mut touch.step, map.next_value()?, "step")?,
        "due" => once(&mut touch.due, map.next_value()?, "due")?,
        _ => drop(map.next_value::<IgnoredAny>()?),
    }
});

fn once<'a, E: serde::de::Error>(slot: &mut Cell<'a>, value: Cell<'a>, name: &str) -> Result<(), E> {
    match (&*slot, &value) {
        // Nothing is no second value.
        (_, Cell::Null) => {}
        (Cell::Null, _) => *slot = value,
        _ => return Err(E::custom(format_args!("`{name}` is given twice"))),
    }
    Ok(())
}

/// Names and values of an object.
struct Object<'a>(Entries<'a>);

impl<'de: 'a, 'a> Deserialize<'de> for Object<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Object<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Object(Vec::new()))
            }
            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
                let mut entries = Vec::with_capacity(map.size_hint().unwrap_or(8));
                while let Some(Text(key)) = map.next_key()? {
                    entries.push((key, map.next_value()?));
                }
                Ok(Object(entries))
            }
        }
        deserializer.deserialize_any(Pairs)
    }
}

/// A text, kept in the line where it has no escapes.
struct Text<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Borrowing;
        impl<'de> Visitor<'de> for Borrowing {
            type Value = Text<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Borrowing)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Cell<'a> {
    /// Reads what is written itself: the parser would make of a number the nearest one that floating point has.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = <&RawValue>::deserialize(deserializer)?.get();
        let plain = match written.as_bytes() {
            [b'"', inner @ .., b'"'] if !inner.contains(&b'\\') => {
                written.get(1..written.len() - 1).map(|text| Cell::Text(Cow::Borrowed(text)))
            }
            [b'-' | b'0'..=b'9', ..] => number(written),
            _ => None,
        };
        match plain {
            Some(cell) => Ok(cell),
            None => {
                let read = serde_json::from_str(written).and_then(|Any(mut cell)| {
                    keep_digits(&mut cell, written)?;
                    Ok(cell)
                });
                // Where in the line the value stands is not known here.
                read.map_err(|error| {
                    D::Error::custom(format_args!("not a JSON object: {}", without_place(&error)))
                })
            }
        }
    }
}

/// A number that is not as floating point would have it; none if it is.
fn number(written: &str) -> Option<Cell<'_>> {
    let is_changed = if written.contains(['.', 'e', 'E']) {
        let value = written.parse::<f64>().ok().filter(|value| value.is_finite())?;
        Number::from_f64(value) != written.parse().ok()
    } else {
        // With so many digits only an id can be meant. As a number it is refused, since it is too large.
        written.parse::<i64>().is_err()
    };
    is_changed.then_some(Cell::Text(Cow::Borrowed(written)))
}

/// Gives the numbers of a list their digits back, where floating point changed them.
fn keep_digits(cell: &mut Cell<'_>, written: &str) -> serde_json::Result<()> {
    let Cell::List(list) = cell else { return Ok(()) };
    if !list.iter().any(|member| matches!(member, Datum::Float(_))) {
        return Ok(());
    }
    let members: Vec<&RawValue> = serde_json::from_str(written)?;
    for (member, written) in list.iter_mut().zip(members) {
        if let (Datum::Float(_), Some(Cell::Text(digits))) = (&*member, number(written.get())) {
            *member = Datum::Text(digits.into_owned());
        }
    }
    Ok(())
}

/// A value within others, as the parser reads it.
struct Any<'a>(Cell<'a>);

impl<'de: 'a, 'a> Deserialize<'de> for Any<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Values;
        impl<'de> Visitor<'de> for Values {
            type Value = Cell<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value")
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Cell::Null)
            }
            fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
                Ok(Cell::YesNo(value))
            }
            fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
                Ok(Cell::Whole(value))
            }
            fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
                // Only within a list: elsewhere such digits are not left to the parser.
                Ok(i64::try_from(value).map_or_else(|_| Cell::Text(value.to_string().into()), Cell::Whole))
            }
            fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
                Ok(Cell::Float(value))
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Cell::Text(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Cell::Text(Cow::Owned(text.to_owned())))
            }
            fn visit_seq<S: SeqAccess<'de>>(self, mut seq: S) -> Result<Self::Value, S::Error> {
                let mut list = Vec::new();
                while let Some(Any(member)) = seq.next_element()? {
                    list.push(match member {
                        Cell::Null => Datum::Null,
                        Cell::YesNo(value) => Datum::YesNo(value),
                        Cell::Whole(value) => Datum::Whole(value),
                        Cell::Float(value) => Datum::Float(value),
                        Cell::Text(text) => Datum::Text(text.into_owned()),
                        Cell::List(list) => Datum::List(list),
                        Cell::Map => Datum::Map(Default::default()),
                    });
                }
                Ok(Cell::List(list))
            }
            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Cell::Map)
            }
        }
        deserializer.deserialize_any(Values).map(Any)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_user_without_copying_its_texts() {
        let line = br#"{"id":"u1","attributes":{"tier":"gold","n":1.5,"likes":["a",1],"deep":{"x":[1]}},"consent":null,
            "addresses":{"sms":true},"events":[{"amount":3,"type":"order","at":"2026-01-01"}],"contacts":null,"odd":[{}]}"#;
        let user = parse(line).unwrap();
        insta::assert_debug_snapshot!(user);
        assert!(matches!(&user.attributes[0].1, Cell::Text(Cow::Borrowed("gold"))));
    }

    #[test]
    fn says_what_is_wrong_with_a_line() {
        let endless = format!("{{\"events\":\"{}\"}}", "x".repeat(200_000));
        let cases: [&[u8]; 22] = [
            b"{",
            b"[]",
            b"7",
            b"{\"id\":\"u1\"} x",
            b"{\"id\":\"u1\",\"id\":\"u2\"}",
            b"{\"attributes\":[]}",
            b"{\"events\":{}}",
            b"{\"events\":[7]}",
            b"{\"events\":[{},[]]}",
            b"{\"events\":\"roadmap of a sequence at line 7 of it\"}",
            endless.as_bytes(),
            b"{\"contacts\":{\"at\":\"2026-01-01\"}}",
            b"{\"contacts\":[null]}",
            b"{\"consent\":[\"push\"]}",
            b"{\"consent\":true}",
            b"{\"addresses\":7}",
            b"{\"contacts\":[],\"contacts\":12345678901234567890123}",
            b"\"map\"",
            b"{\"map\"",
            b"{\"attributes\":{\"x\":NaN}}",
            b"{\"attributes\":{\"x\":1e400}}",
            b"{\"id\":\"\xff\"}",
        ];
        let shown: Vec<_> = cases
            .iter()
            .map(|line| {
                let line_shown: String = String::from_utf8_lossy(line).chars().take(80).collect();
                format!("{line_shown}\n  {}", parse(line).unwrap_err())
            })
            .collect();
        insta::assert_snapshot!(shown.join("\n"));
    }

    #[test]
    fn numbers_are_what_is_written() {
        let number = |written: &str| {
            let line = format!("{{\"attributes\":{{\"n\": {written}}}}}");
            let user = parse(line.as_bytes()).unwrap();
            user.attributes[0]
                .1
                .raw()
                .number()
                .map(|number| number.unwrap().to_string())
                .map_err(|wrong| wrong.what)
        };
        for (written, read) in [
            ("12345678901.123456", "12345678901.123456"),
            ("-8999999999999.999999", "-8999999999999.999999"),
            ("9000000000000", "9000000000000"),
            ("0.12345649999999999999", "0.123456"),
            ("1.5e3", "1500"),
            ("1e-7", "0"),
            ("-0", "0"),
            ("-0.0", "0"),
        ] {
            assert_eq!(number(written), Ok(read.into()), "{written}");
        }
        for written in [
            "9000000000000.000001",
            "9000000000001",
            "-9.1e12",
            "18446744073709551615",
            "12345678901234567890123",
            "-12345678901234567890123",
        ] {
            assert!(number(written).unwrap_err().ends_with("is too large for a number"), "{written}");
        }
    }

    #[test]
    fn what_lies_too_deep_is_refused() {
        let line = format!("{{\"attributes\":{{\"n\":{}}}}}", "[".repeat(100_000) + &"]".repeat(100_000));
        assert_eq!(parse(line.as_bytes()).unwrap_err(), "not a JSON object: recursion limit exceeded");
    }

    #[test]
    fn ids_keep_their_digits() {
        for written in ["7", "18446744073709551615", "12345678901234567890123", "-12345678901234567890124"] {
            let line =
                format!("{{\"id\":{written},\"attributes\":{{\"n\":{written},\"all\":[1.5,{written}]}}}}");
            let user = parse(line.as_bytes()).unwrap();
            assert_eq!(user.id().as_deref(), Some(written));
            assert_eq!(id(line.as_bytes()).as_deref(), Some(written));
            assert_eq!(user.attributes[0].1.raw().text().unwrap().as_deref(), Some(written));
            let Cell::List(list) = &user.attributes[1].1 else { panic!("{:?}", user.attributes) };
            assert_eq!(list[0], Datum::Float(1.5));
            assert_eq!(crate::snapshot::Raw::from(&list[1]).text().unwrap().as_deref(), Some(written));
        }
        let digits = "1234567890".repeat(50);
        let user = format!("{{\"id\":{digits}}}");
        assert_eq!(parse(user.as_bytes()).unwrap().id().as_deref(), Some(digits.as_str()));
    }

    #[test]
    fn nothing_is_no_second_value() {
        let read = |line: &str| parse(line.as_bytes()).map(|user| user.id().map(Cow::into_owned));
        for line in ["{\"id\":\"u\",\"id\":null}", "{\"id\":null,\"id\":\"u\"}"] {
            assert_eq!(read(line), Ok(Some("u".into())), "{line}");
        }
        assert_eq!(read("{\"id\":\"u\",\"id\":\"u\"}"), Err("`id` is given twice".into()));
    }

    #[test]
    fn a_list_is_nobody() {
        assert_eq!(id(b"{\"id\":\"u\",\"contacts\":{}}").as_deref(), Some("u"));
        assert_eq!(id(b"[\"u\"]"), None);
    }
}
