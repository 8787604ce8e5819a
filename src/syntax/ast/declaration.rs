//! Declarations: data, messages, policy.

use super::{Condition, Name, Rule, Spanned, Subject, Test};
use crate::{
    number::Number,
    time::{CalendarUnit, Date, Period, Time, Weekday},
};

/// One rule file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct File {
    /// Its declarations, in order.
    pub declarations: Vec<Declaration>,
}

/// One declaration.
pub type Declaration = Spanned<DeclarationKind>;

/// What a declaration declares.
#[derive(Debug, Clone, PartialEq)]
pub enum DeclarationKind {
    /// `use "shop.touch"`
    Use(Name),
    /// `time zone "Asia/Shanghai"`
    TimeZone(Name),
    /// `week starts monday`
    WeekStarts(Weekday),
    /// `attribute points: number`
    Attribute(Field),
    /// `event order plural orders past ordered: amount number, category text`
    Event(Event),
    /// `channel sms needs consent`, `channel email, wechat`
    Channels(Vec<Channel>),
    /// `message coupon: promotion in zh-CN, en`
    Message(Message),
    /// `calendar cn "calendars/cn.csv"`
    Calendar {
        /// What rules call it.
        name: Name,
        /// The file, as written.
        path: Name,
    },
    /// `segment lapsed: ordered before and no order in 30 days`
    Segment {
        /// What rules call it.
        name: Name,
        /// Who is in it.
        condition: Condition,
    },
    /// `quiet hours 21:00 to 09:00 for sms`
    QuietHours(Hours),
    /// `contact hours 10:00 to 20:00 on weekdays for call`
    ContactHours(Hours),
    /// `at most 3 touches in 7 days, 5 if tier is gold`
    Cap(Cap),
    /// `at least 12 hours between promotion`
    Gap(Gap),
    /// `hold out 10% as "q1-control"`
    HoldOut(Share),
    /// `rule NAME …`, or a rule without a name
    Rule(Box<Rule>),
    /// `test "…" …`
    Test(Box<Test>),
}

/// An attribute, or a field of an event.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Its name.
    pub name: Name,
    /// What it holds.
    pub ty: Spanned<TypeName>,
}

/// What an attribute or a field holds.
#[derive(Debug, Clone, PartialEq)]
pub enum TypeName {
    /// `text`
    Text,
    /// `number`
    Number,
    /// `date`
    Date,
    /// `date and time`
    DateTime,
    /// `yes or no`
    YesNo,
    /// `one of bronze, silver, gold`
    OneOf(Vec<Name>),
    /// `list of text`
    List,
}

/// An event and its fields.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Its name.
    pub name: Name,
    /// Its plural, where `s` at the end would be wrong.
    pub plural: Option<Name>,
    /// What stands before `before` (`bought before`), where `ed` at the end would be wrong.
    pub past: Option<Name>,
    /// Its fields.
    pub fields: Vec<Field>,
}

/// A channel.
#[derive(Debug, Clone, PartialEq)]
pub struct Channel {
    /// Its name.
    pub name: Name,
    /// Whether only those who said yes may be contacted over it.
    pub needs_consent: bool,
}

/// A message, the categories it belongs to and the languages it exists in.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Its name.
    pub name: Name,
    /// Its categories.
    pub categories: Vec<Name>,
    /// Its languages, the fall-back first.
    pub languages: Vec<Name>,
}

/// Dates between which something is in force; both may be absent, both are included.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Life {
    /// The first day.
    pub from: Option<Spanned<Date>>,
    /// The last day.
    pub until: Option<Spanned<Date>>,
}

/// Quiet hours or contact hours.
#[derive(Debug, Clone, PartialEq)]
pub struct Hours {
    /// The time they begin.
    pub from: Spanned<Time>,
    /// The time they end; on the next day if it is not after `from`. Midnight at the end of a day is 00:00.
    pub to: Spanned<Time>,
    /// The days they begin on; every day if absent.
    pub days: Option<Spanned<Days>>,
    /// The channels they hold for; all if empty.
    pub channels: Vec<Name>,
    /// For whom and when they hold.
    pub condition: Option<Condition>,
    /// The dates they hold on.
    pub life: Life,
}

/// A kind of day.
#[derive(Debug, Clone, PartialEq)]
pub enum Days {
    /// `on monday, friday`, `on weekdays`
    Weekdays(Vec<Weekday>),
    /// `on days in cn`, `on days not in cn`
    Calendar {
        /// The calendar.
        name: Name,
        /// Whether days outside it are meant.
        negated: bool,
    },
}

/// A frequency cap.
#[derive(Debug, Clone, PartialEq)]
pub struct Cap {
    /// How many at the most.
    pub limit: Spanned<u32>,
    /// Of what.
    pub subject: Subject,
    /// In which stretch of time.
    pub window: Spanned<CapWindow>,
    /// Other limits for some users; the first that holds is taken.
    pub exceptions: Vec<CapException>,
    /// For whom and when the cap holds.
    pub condition: Option<Condition>,
    /// The dates it holds on.
    pub life: Life,
}

/// Another limit for some users: `, 5 if tier is gold`.
#[derive(Debug, Clone, PartialEq)]
pub struct CapException {
    /// How many at the most.
    pub limit: Spanned<u32>,
    /// For whom.
    pub condition: Condition,
}

/// The stretch of time that a cap counts in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CapWindow {
    /// `in 7 days`
    Rolling(Period),
    /// `per week`
    Calendar(CalendarUnit),
}

/// A least distance between contacts.
#[derive(Debug, Clone, PartialEq)]
pub struct Gap {
    /// How far apart at the least.
    pub period: Spanned<Period>,
    /// One kind of contact.
    pub first: Subject,
    /// The other kind; the same one if absent.
    pub second: Option<Subject>,
    /// For whom and when the gap holds.
    pub condition: Option<Condition>,
    /// The dates it holds on.
    pub life: Life,
}

/// A share of users: `20% … as "pilot"`.
#[derive(Debug, Clone, PartialEq)]
pub struct Share {
    /// The percentage, 0 to 100.
    pub percent: Spanned<Number>,
    /// The salt that users are hashed with.
    pub salt: Name,
}
