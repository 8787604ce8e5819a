//! What is wrong with a line that is JSON, and yet no user and no touch: which part of it is not of its kind.
//!
//! Lines are read without asking this. It looks once more at one that could not be, so that what is told names the part
//! and shows the value as all messages do.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;

use super::given::Cell;
use crate::snapshot::shown;

/// The first part of a user that is not of its kind.
pub(super) fn in_user(line: &str) -> Option<String> {
    let Some(Parts(parts)) = read(line) else { return Some(not(line, "a user (an object)")) };
    parts.iter().filter(|(_, value)| *value != "null").find_map(|(name, value)| {
        let wrong = match &**name {
            "attributes" | "consent" | "addresses" => match read::<Parts<'_>>(value) {
                Some(_) => None,
                None => Some(not(value, "an object")),
            },
            "events" => return rows(name, "event", value),
            "contacts" => return rows(name, "contact", value),
            _ => None,
        };
        wrong.map(|wrong| format!("{name}: {wrong}"))
    })
}

/// What is wrong with a touch as a whole.
pub(super) fn in_touch(line: &str) -> Option<String> {
    read::<Parts<'_>>(line).is_none().then(|| not(line, "a touch (an object)"))
}

/// The first row that is none.
fn rows(part: &str, one: &str, value: &str) -> Option<String> {
    let Some(rows) = read::<Vec<&RawValue>>(value) else {
        return Some(format!("{part}: {}", not(value, "a list")));
    };
    let (row, number) = rows.iter().zip(1_usize..).find(|(row, _)| !row.get().starts_with('{'))?;
    Some(format!("{one} {number}: {}", not(row.get(), "an object")))
}

/// Says so, the value as in all messages.
fn not(written: &str, wanted: &str) -> String {
    // What lies too deep for a value is shown as it is written.
    let value = read::<Cell<'_>>(written).map_or_else(|| shown(written), |cell| cell.raw().shown());
    format!("`{value}` is not {wanted}")
}

fn read<'a, T: Deserialize<'a>>(written: &'a str) -> Option<T> {
    serde_json::from_str(written).ok()
}

/// Names and values of an object, the values as written.
struct Parts<'a>(Vec<(Cow<'a, str>, &'a str)>);

impl<'de: 'a, 'a> Deserialize<'de> for Parts<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Parts<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
                let mut parts = Vec::new();
                while let Some((name, value)) = map.next_entry::<Cow<'de, str>, &'de RawValue>()? {
                    parts.push((name, value.get()));
                }
                Ok(Parts(parts))
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}
