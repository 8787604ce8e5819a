//! Plans for machines.
//!
//! Instants are RFC 3339 in UTC; one that has held since ever is null. Numbers are written with all their digits.

use serde::{
    Serialize, Serializer,
    ser::{SerializeMap, SerializeStruct},
};

use super::outcome::{Blocker, BlockingContact, Candidate, Payload, Plan, Touch, TouchId, Withheld};
use crate::{number::Number, time::Instant};

/// An instant; null if there is none.
struct At(Instant);

impl Serialize for At {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Instant::MIN | Instant::MAX => serializer.serialize_none(),
            at => at.serialize(serializer),
        }
    }
}

/// Something as it shows itself.
struct Shown<T>(T);

impl<T: std::fmt::Display> Serialize for Shown<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// A number: whole if it is.
struct Decimal(Number);

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let millionths = self.0.millionths();
        if millionths % 1_000_000 == 0 {
            serializer.serialize_i64(millionths / 1_000_000)
        } else {
            let written = self.0.to_string();
            let nearest = written.parse().unwrap_or(f64::NAN);
            // The nearest floating-point number mostly prints as the decimal it was read from.
            if Number::from_f64(nearest) == Some(self.0) {
                serializer.serialize_f64(nearest)
            } else {
                exact(written, nearest, serializer)
            }
        }
    }
}

/// A number with more digits than floating point keeps, digit by digit.
#[cfg(feature = "cli")]
fn exact<S: Serializer>(written: String, _: f64, serializer: S) -> Result<S::Ok, S::Error> {
    use serde::ser::Error;
    serde_json::value::RawValue::from_string(written).map_err(Error::custom)?.serialize(serializer)
}

/// Without the library for JSON there is no other way to write a number.
#[cfg(not(feature = "cli"))]
fn exact<S: Serializer>(_: String, nearest: f64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(nearest)
}

impl Serialize for TouchId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for Payload {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Missing => serializer.serialize_none(),
            Self::Number(number) => Decimal(*number).serialize(serializer),
            Self::Text(text) => text.serialize(serializer),
            Self::Date(date) => serializer.collect_str(date),
            Self::Instant(at) => At(*at).serialize(serializer),
            Self::YesNo(yes) => yes.serialize(serializer),
            Self::List(texts) => texts.serialize(serializer),
        }
    }
}

impl Serialize for BlockingContact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("BlockingContact", 4)?;
        out.serialize_field("at", &At(self.at))?;
        out.serialize_field("message", &self.message)?;
        out.serialize_field("channel", &self.channel)?;
        out.serialize_field("planned", &self.planned)?;
        out.end()
    }
}

impl Serialize for Blocker {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Blocker", 6)?;
        out.serialize_field("reason", &self.reason)?;
        out.serialize_field("channel", &self.channel)?;
        out.serialize_field("from", &At(self.from))?;
        out.serialize_field("until", &self.until.map(At))?;
        out.serialize_field("rule_text", &self.rule_text)?;
        out.serialize_field("contacts", &self.contacts)?;
        out.end()
    }
}

struct With<'a>(&'a [(std::sync::Arc<str>, Payload)]);

impl Serialize for With<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, value) in self.0 {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

fn candidate<S: SerializeStruct>(out: &mut S, candidate: &Candidate) -> Result<(), S::Error> {
    // As contacts call it: a touch may be given back as one.
    out.serialize_field("touch_id", &candidate.id)?;
    out.serialize_field("user", &candidate.user)?;
    out.serialize_field("rule", &candidate.rule)?;
    out.serialize_field("step", &candidate.step)?;
    out.serialize_field("occurrence", &candidate.occurrence)?;
    out.serialize_field("message", &candidate.message)
}

impl Serialize for Touch {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Touch", 17)?;
        candidate(&mut out, &self.candidate)?;
        out.serialize_field("channel", &self.channel)?;
        out.serialize_field("at", &At(self.at))?;
        out.serialize_field("local", &Shown(self.local))?;
        out.serialize_field("zone", &self.candidate.zone)?;
        out.serialize_field("due", &At(self.candidate.due))?;
        out.serialize_field("deadline", &self.candidate.deadline.map(At))?;
        out.serialize_field("priority", &Decimal(self.candidate.priority))?;
        out.serialize_field("language", &self.language)?;
        out.serialize_field("categories", &self.categories)?;
        out.serialize_field("with", &With(&self.with))?;
        out.serialize_field("moved_by", &self.moved_by)?;
        out.end()
    }
}

impl Serialize for Withheld {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Withheld", 12)?;
        candidate(&mut out, &self.candidate)?;
        out.serialize_field("zone", &self.candidate.zone)?;
        out.serialize_field("due", &At(self.candidate.due))?;
        out.serialize_field("deadline", &self.candidate.deadline.map(At))?;
        out.serialize_field("priority", &Decimal(self.candidate.priority))?;
        out.serialize_field("reasons", &self.reasons)?;
        out.serialize_field("could_go_at", &self.could_go_at.map(At))?;
        out.end()
    }
}

impl Serialize for Plan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Plan", 6)?;
        out.serialize_field("user", &self.user)?;
        out.serialize_field("zone", &self.zone)?;
        out.serialize_field("now", &At(self.now))?;
        out.serialize_field("end", &At(self.end))?;
        out.serialize_field("touches", &self.touches)?;
        out.serialize_field("withheld", &self.withheld)?;
        out.end()
    }
}
