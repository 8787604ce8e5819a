//! Customers as `serde` reads them.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, de::Error};

use super::super::{
    civil::{read_date, read_instant},
    clock::Clock,
    due::Past,
    touch::Facts,
};

/// A customer, as far as the rules care.
#[derive(Debug, Deserialize)]
pub struct Customer<'a> {
    #[serde(borrow)]
    pub(in super::super) id: Cow<'a, str>,
    #[serde(borrow, default)]
    pub(in super::super) timezone: Cow<'a, str>,
    #[serde(borrow, default)]
    pub(in super::super) attributes: Attributes<'a>,
    #[serde(default)]
    pub(in super::super) consent: Consent,
    pub(in super::super) addresses: Option<Addresses>,
    #[serde(borrow, default)]
    pub(in super::super) events: Vec<Event<'a>>,
    #[serde(borrow, default)]
    pub(in super::super) contacts: Vec<Contact<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Attributes<'a> {
    #[serde(borrow)]
    pub(in super::super) tier: Cow<'a, str>,
    #[serde(borrow)]
    pub(in super::super) city: Cow<'a, str>,
    #[serde(borrow)]
    pub(in super::super) left_because: Cow<'a, str>,
    #[serde(borrow)]
    pub(in super::super) store: Cow<'a, str>,
    #[serde(deserialize_with = "date")]
    pub(in super::super) birthday: Option<i64>,
    #[serde(deserialize_with = "date")]
    pub(in super::super) points_expire_on: Option<i64>,
    #[serde(deserialize_with = "maybe_instant")]
    pub(in super::super) signup_at: Option<i64>,
    pub(in super::super) points: Option<i64>,
    pub(in super::super) last_score: Option<i64>,
    pub(in super::super) wants_news: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Consent {
    pub(in super::super) push: Option<bool>,
    pub(in super::super) wechat: Option<bool>,
    pub(in super::super) sms: Option<bool>,
    pub(in super::super) email: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Addresses {
    pub(in super::super) push: bool,
    pub(in super::super) wechat: bool,
    pub(in super::super) sms: bool,
    pub(in super::super) email: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in super::super) enum Kind {
    Visit,
    Cart,
    Order,
    Delivery,
    Complaint,
    FriendJoined,
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
pub(in super::super) struct Event<'a> {
    #[serde(rename = "type")]
    pub(in super::super) kind: Kind,
    #[serde(deserialize_with = "instant")]
    pub(in super::super) at: i64,
    #[serde(borrow, default)]
    pub(in super::super) id: Cow<'a, str>,
    /// In hundredths.
    #[serde(rename = "amount", default, deserialize_with = "cents")]
    pub(in super::super) cents: i64,
    #[serde(borrow, default)]
    pub(in super::super) category: Cow<'a, str>,
    #[serde(default)]
    pub(in super::super) severity: i64,
}

#[derive(Debug, Deserialize)]
pub(in super::super) struct Contact<'a> {
    #[serde(deserialize_with = "instant")]
    at: i64,
    #[serde(borrow, default)]
    channel: Cow<'a, str>,
    #[serde(borrow, default)]
    message: Cow<'a, str>,
    #[serde(borrow, default)]
    rule: Cow<'a, str>,
    #[serde(borrow, default)]
    touch_id: Cow<'a, str>,
}

impl Contact<'_> {
    pub(super) fn past(&self) -> Past {
        Past::new(
            self.at,
            self.channel.as_bytes(),
            self.message.as_bytes(),
            self.rule.as_bytes(),
            !self.touch_id.is_empty(),
        )
    }
}

fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    let text: Option<&str> = Deserialize::deserialize(deserializer)?;
    text.map(|text| read_date(text.as_bytes()).ok_or_else(|| D::Error::custom("no date"))).transpose()
}

fn instant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    let text: &str = Deserialize::deserialize(deserializer)?;
    read_instant(text.as_bytes()).ok_or_else(|| D::Error::custom("no instant"))
}

fn maybe_instant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    instant(deserializer).map(Some)
}

fn cents<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    let amount: f64 = Deserialize::deserialize(deserializer)?;
    Ok((amount * 100.0).round() as i64)
}

impl Customer<'_> {
    /// Puts events and contacts in order of time.
    pub fn sort(&mut self) {
        self.events.sort_by_key(|event| event.at);
        self.contacts.sort_by_key(|contact| contact.at);
    }

    pub(super) fn facts<'c>(&'c self, clock: &'c Clock) -> CustomerFacts<'c> {
        CustomerFacts { customer: self, clock }
    }

    /// Events of a kind, in order of time.
    pub(super) fn all(&self, kind: Kind) -> impl DoubleEndedIterator<Item = &Event<'_>> {
        self.events.iter().filter(move |event| event.kind == kind)
    }

    /// When something last happened.
    pub(super) fn last(&self, kind: Kind) -> Option<i64> {
        self.all(kind).next_back().map(|event| event.at)
    }
}

/// What messages tell of a customer.
pub(super) struct CustomerFacts<'c> {
    customer: &'c Customer<'c>,
    clock: &'c Clock,
}

impl Facts for CustomerFacts<'_> {
    fn last_order(&self) -> Option<i64> {
        self.customer.last(Kind::Order)
    }

    fn last_category(&self) -> Option<&str> {
        let last = self.customer.all(Kind::Order).next_back()?;
        Some(&*last.category).filter(|category| !category.is_empty())
    }

    fn spent_in_90_days(&self, at: i64) -> i64 {
        let orders = self.customer.all(Kind::Order);
        orders.filter(|order| self.clock.add_days(order.at, 90) > at).map(|order| order.cents).sum()
    }

    fn points(&self) -> Option<i64> {
        self.customer.attributes.points
    }

    fn points_expire_on(&self) -> Option<i64> {
        self.customer.attributes.points_expire_on
    }
}
