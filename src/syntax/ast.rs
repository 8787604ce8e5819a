//! What a rule file says, as written: names unresolved, every node with its byte span.
//!
//! The tree holds no words of the surface language, so that another one can be lowered into it.

use std::ops::Range;

use crate::{
    number::Number,
    time::{CalendarUnit, Date, DateTime, Period, Time, Unit, Weekday},
};

/// A stretch of source text, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

impl Span {
    /// The stretch from `start` up to `end`.
    #[must_use]
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The smallest stretch that holds both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// As a range of bytes.
    #[must_use]
    pub const fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

/// A node with the place it was read from.
#[derive(Debug, Clone, PartialEq)]
pub struct Spanned<T> {
    /// What was read.
    pub node: T,
    /// Where.
    pub span: Span,
}

/// A name or a text, as its author spelled it, without quotes.
pub type Name = Spanned<String>;

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

/// A rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Its name; a rule may go without.
    pub name: Option<Name>,
    /// A title for people.
    pub title: Option<Name>,
    /// What makes it due.
    pub trigger: Spanned<Trigger>,
    /// Its own clauses, in the order written.
    pub clauses: Vec<Spanned<Clause>>,
    /// What it does, at least one.
    pub steps: Vec<Step>,
}

/// What makes a rule due.
#[derive(Debug, Clone, PartialEq)]
#[allow(clippy::large_enum_variant)] // A file holds few of them.
pub enum Trigger {
    /// `if CONDITION`: once per spell.
    If(Condition),
    /// `on EVENT where …`: once per occurrence.
    Event {
        /// The event.
        event: Name,
        /// Which of them.
        filter: Filter,
    },
    /// `on birthday`, `3 days before birthday`, `on paid_until once`. A lone name after `on` is written as
    /// [`Trigger::Event`]; the checker knows which of the two it is.
    Attribute {
        /// The attribute that holds the date.
        attribute: Name,
        /// How far from it.
        offset: Option<Offset>,
        /// Only on the date itself, not every year.
        once: bool,
    },
    /// `on 2026-10-01`, `2 days before 2026-10-01`
    Date {
        /// The date.
        date: Spanned<Date>,
        /// How far from it.
        offset: Option<Offset>,
    },
    /// `2 days before "Mid-Autumn" of cn`
    Festival {
        /// The name in the calendar.
        festival: Name,
        /// The calendar.
        calendar: Name,
        /// How far from it.
        offset: Option<Offset>,
    },
    /// `every monday, thursday`, `every weekday`
    Weekdays(Vec<Weekday>),
    /// `every month on 8, 18`, `every month on last day`
    Monthly(Vec<Spanned<MonthDay>>),
    /// `every year on 11-11`
    Yearly {
        /// 1 to 12.
        month: i8,
        /// 1 to 31.
        day: i8,
    },
    /// `every 2 weeks from 2026-01-05`, `every 6 months since bought_at`, `every day`
    Every {
        /// How often.
        period: Spanned<Period>,
        /// From when; only `every day` may go without.
        anchor: Option<Anchor>,
    },
    /// `cron "0 10 * * MON"`
    Cron(Name),
}

/// A distance from a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offset {
    /// How far; whole days or longer.
    pub period: Period,
    /// Before it, rather than after.
    pub before: bool,
}

/// A day of the month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MonthDay {
    /// 1 to 31.
    Day(i8),
    /// The last day, whichever it is.
    Last,
}

/// Where an interval starts to count.
#[derive(Debug, Clone, PartialEq)]
pub enum Anchor {
    /// `from 2026-01-05`: the first occurrence is that day.
    From(Spanned<Date>),
    /// `since bought_at`: the first occurrence is one interval later.
    Since(Name),
}

/// A clause of a rule, or of a step (there only `After`, `At` and `Between`).
#[derive(Debug, Clone, PartialEq)]
#[allow(clippy::large_enum_variant)] // A file holds few of them.
pub enum Clause {
    /// `if CONDITION`, a filter on a rule that events or dates make due.
    If(Condition),
    /// `after 2 days`
    After(Period),
    /// `at 10:00`
    At(Time),
    /// `between 10:00 and 12:00`
    Between(Time, Time),
    /// `within 4 hours`, `expires after 3 days`
    Within {
        /// How long.
        period: Period,
        /// Which of the two ways of saying it was used.
        expires: bool,
    },
    /// `again after 90 days`
    Again(Period),
    /// `at most 3 times in 1 year`
    AtMostTimes {
        /// How often.
        limit: u32,
        /// In which stretch of time; ever if absent.
        window: Option<CapWindow>,
    },
    /// `priority 80`
    Priority(Expr),
    /// `ignoring caps`
    IgnoringCaps,
    /// `not counted`
    NotCounted,
    /// `even in quiet hours`
    EvenInQuietHours,
    /// `if blocked wait`, `if blocked drop`, `if blocked stop`
    IfBlocked(IfBlocked),
    /// `from 2026-10-01`
    From(Date),
    /// `until 2026-10-31`
    Until(Date),
    /// `off`
    Off,
}

/// What becomes of a touch that cannot go when it is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum IfBlocked {
    /// It waits.
    #[default]
    Wait,
    /// It goes when it is due or not at all; only hours may move it.
    Drop,
    /// It waits, and if it is withheld in the end so are the steps after it.
    Stop,
}

/// One `then … send …`.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// From `then` to the end of the step's own words.
    pub span: Span,
    /// What stands between `then` and `send`: `After`, `At`, `Between`.
    pub clauses: Vec<Spanned<Clause>>,
    /// The message, or the variants to choose from.
    pub send: Spanned<Send>,
    /// Over which channels.
    pub via: Option<Via>,
    /// What goes along.
    pub payload: Vec<Payload>,
    /// When not to.
    pub unless: Option<Condition>,
}

/// What a step sends.
#[derive(Debug, Clone, PartialEq)]
pub enum Send {
    /// `send coupon`
    Message(Name),
    /// `send one of coupon_a 50%, coupon_b 50% as "offer-test"`
    OneOf {
        /// The messages and their percentages.
        variants: Vec<(Name, Spanned<Number>)>,
        /// The salt that users are hashed with.
        salt: Name,
    },
}

/// The channels of a step.
#[derive(Debug, Clone, PartialEq)]
pub struct Via {
    /// The channels, or attributes that name one.
    pub channels: Vec<Name>,
    /// Whether all are used (`and`) rather than the first that works (`or`).
    pub all: bool,
}

/// `with KEY EXPRESSION`
#[derive(Debug, Clone, PartialEq)]
pub struct Payload {
    /// The key.
    pub key: Name,
    /// What it carries.
    pub value: Expr,
}

/// A condition.
pub type Condition = Spanned<ConditionKind>;

/// What a condition says.
#[derive(Debug, Clone, PartialEq)]
pub enum ConditionKind {
    /// All of them; at least two.
    And(Vec<Condition>),
    /// Any of them; at least two.
    Or(Vec<Condition>),
    /// Not that.
    Not(Box<Condition>),
    /// A count of events or contacts: `no order in 30 days`, `order`, `at least 3 orders this week`.
    Count {
        /// How many are asked for.
        quantity: Quantity,
        /// Of what, which of them, and in which window.
        events: Events,
    },
    /// `ordered before`: the past form of an event's name.
    Before(Name),
    /// `points >= 100`, `tier is not gold`, `tier gold`.
    Compare {
        /// The left side.
        left: Expr,
        /// The comparison.
        op: Compare,
        /// The right side.
        right: Expr,
    },
    /// `points between 10 and 20`, both included.
    Between {
        /// What is compared.
        value: Expr,
        /// The smallest.
        low: Expr,
        /// The largest.
        high: Expr,
    },
    /// `tier in (gold, silver)`, `tier not in (gold)`
    In {
        /// What is looked for.
        value: Expr,
        /// Whether it must be absent.
        negated: bool,
        /// Where.
        options: Vec<Expr>,
    },
    /// `name contains "x"`
    Contains {
        /// A text or a list.
        value: Expr,
        /// What it must hold.
        part: Expr,
        /// Whether it must not.
        negated: bool,
    },
    /// `birthday is known`, `birthday is not known`
    Known {
        /// What must have a value.
        value: Expr,
        /// Whether it must not.
        negated: bool,
    },
    /// A lone name: a segment, a yes-or-no attribute, or an event that happened.
    Bare(Name),
    /// `in segment lapsed`
    InSegment(Name),
    /// `subscribed to sms`
    SubscribedTo(Name),
    /// `reachable on push`
    ReachableOn(Name),
    /// `for 20% of users as "pilot"`
    Share(Share),
    /// `today is …`
    Today {
        /// Whether the opposite is meant.
        negated: bool,
        /// What today is said to be.
        test: Today,
    },
}

/// How many are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    /// `no`
    None,
    /// No number given: at least one.
    Some,
    /// `at least n`
    AtLeast(u32),
    /// `at most n`
    AtMost(u32),
    /// `fewer than n`
    FewerThan(u32),
    /// `more than n`
    MoreThan(u32),
    /// `exactly n`
    Exactly(u32),
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Compare {
    /// `is`
    Is,
    /// `is not`
    IsNot,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
}

/// What today may be.
#[derive(Debug, Clone, PartialEq)]
pub enum Today {
    /// `today is monday`, `today is saturday, sunday`, `today is a weekday`
    Weekdays(Vec<Weekday>),
    /// `today is in cn`
    InCalendar(Name),
    /// `today is "Mid-Autumn" of cn`
    Festival {
        /// The name in the calendar.
        festival: Name,
        /// The calendar.
        calendar: Name,
    },
    /// `today is 2026-11-11`, `today is on or after 2026-11-01`, `today is before paid_until`
    Date(DateTest, Expr),
}

/// How today compares with a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DateTest {
    /// That day.
    On,
    /// An earlier day.
    Before,
    /// A later day.
    After,
    /// That day or a later one.
    OnOrAfter,
    /// That day or an earlier one.
    OnOrBefore,
}

/// Events or contacts: which, and in which window.
#[derive(Debug, Clone, PartialEq)]
pub struct Events {
    /// What they are.
    pub subject: Subject,
    /// Which of them.
    pub filter: Filter,
    /// In which stretch of time; ever if absent.
    pub window: Option<Spanned<Window>>,
}

/// An event, `contact`, a channel, a message, a category or a rule: `order`, `orders`, `message survey`.
#[derive(Debug, Clone, PartialEq)]
pub struct Subject {
    /// What kind it was said to be, where a name alone could mean two things.
    pub kind: Option<SubjectKind>,
    /// Its name, in the singular or the plural, as written.
    pub name: Name,
}

/// A kind of thing that can be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubjectKind {
    /// An event.
    Event,
    /// A contact over a channel.
    Channel,
    /// A contact that carried a message.
    Message,
    /// A contact of a category.
    Category,
    /// A contact made by a rule.
    Rule,
}

/// Which events: `of category "milk"`, `where amount > 100`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Filter {
    /// `of FIELD VALUE`, one after another.
    pub of: Vec<(Name, Expr)>,
    /// `where CONDITION`; names in it are the event's fields first.
    pub condition: Option<Box<Condition>>,
}

/// A stretch of time that ends now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// `in 30 days`
    Rolling(Period),
    /// `today`, `this week`, `this month`, `this year`
    Calendar(CalendarUnit),
    /// `since 2026-11-01`
    Since(Date),
}

/// A value: a number, a text, a date, a yes or a no.
pub type Expr = Spanned<ExprKind>;

/// What a value is.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// `0.8`, `30 days`
    Number(Number, Option<Unit>),
    /// `"BACK20"`
    Text(String),
    /// `2026-10-01`
    Date(Date),
    /// `2026-10-01 10:00`
    DateTime(DateTime),
    /// `yes`, `no`
    YesNo(bool),
    /// An attribute, a field, or a value of a `one of` type.
    Name(String),
    /// `-x`
    Negative(Box<Expr>),
    /// `a + b`
    Arithmetic {
        /// The left side.
        left: Box<Expr>,
        /// The operation.
        op: Arithmetic,
        /// The right side.
        right: Box<Expr>,
    },
    /// `number of orders in 90 days`
    CountOf(Events),
    /// `total order amount in 90 days`, and average, smallest, largest
    Aggregate {
        /// Which aggregate.
        kind: Aggregate,
        /// Over which field.
        field: Name,
        /// Of what.
        events: Events,
    },
    /// `average days between orders of category "milk"`
    Rhythm {
        /// In which unit.
        unit: Unit,
        /// Of what.
        events: Events,
    },
    /// `last order category`, `first order amount`, `most common order category in 90 days`
    FieldOf {
        /// Which of them.
        which: Pick,
        /// The field.
        field: Name,
        /// Of what.
        events: Events,
    },
    /// `days since last order`, `hours since signup_at`, `years since birthday`
    Since {
        /// In which unit.
        unit: Unit,
        /// Since what.
        moment: Moment,
    },
    /// `days until paid_until`
    Until {
        /// In which unit.
        unit: Unit,
        /// The attribute that holds the moment.
        attribute: Name,
    },
}

/// A moment of the past.
#[derive(Debug, Clone, PartialEq)]
pub enum Moment {
    /// `last order of category "milk"`
    Last(Events),
    /// `first order`
    First(Events),
    /// An attribute that holds a date or a date and time.
    Attribute(Name),
}

/// Which of several events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Pick {
    /// The latest.
    Last,
    /// The earliest.
    First,
    /// The value that occurs most often; of two, the one that occurred later.
    MostCommon,
}

/// An operation on numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
}

/// An aggregate over a field of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Aggregate {
    /// The sum; 0 over none.
    Total,
    /// The mean.
    Average,
    /// The least.
    Smallest,
    /// The greatest.
    Largest,
}

/// A test: a user, a moment, and what is expected.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// What it shows.
    pub name: Name,
    /// What is known of the user.
    pub given: Vec<Spanned<Given>>,
    /// The moment that counts as now, in the user's zone.
    pub at: Option<Spanned<DateTime>>,
    /// The horizon; 30 days if absent.
    pub horizon: Option<Spanned<Period>>,
    /// What must come of it.
    pub expect: Vec<Spanned<Expect>>,
}

/// Something known of a test's user.
#[derive(Debug, Clone, PartialEq)]
pub enum Given {
    /// `given tier gold`, `given points 200`
    Attribute(Name, Expr),
    /// `given id "u1"`
    Id(Name),
    /// `given time zone "Asia/Shanghai"`
    TimeZone(Name),
    /// `given locale "zh-HK"`
    Locale(Name),
    /// `given subscribed to sms`, `given not subscribed to sms`
    Consent(Name, bool),
    /// `given reachable on push`, `given not reachable on push`
    Reachable(Name, bool),
    /// `given order 31 days ago with amount 20, category "milk"`, `given order at 2026-01-01 10:00`
    Event {
        /// The event.
        event: Name,
        /// When it happened.
        when: When,
        /// Its fields.
        fields: Vec<Payload>,
    },
    /// `given contact 3 days ago`, `given contact coupon via sms by gold_winback 3 days ago`
    Contact {
        /// The message it carried.
        message: Option<Name>,
        /// Over which channel.
        channel: Option<Name>,
        /// Which rule made it.
        rule: Option<Name>,
        /// When it was made.
        when: When,
    },
}

/// A moment in a test.
#[derive(Debug, Clone, PartialEq)]
pub enum When {
    /// `31 days ago`
    Ago(Period),
    /// `at 2026-01-01 10:00`
    At(DateTime),
}

/// Something a test expects.
#[derive(Debug, Clone, PartialEq)]
pub enum Expect {
    /// `expect nothing`
    Nothing,
    /// `expect coupon via push by gold_winback at 2026-03-01 10:00 with code "BACK20"`
    Touch {
        /// The message.
        message: Name,
        /// Over which channel.
        channel: Option<Name>,
        /// Which rule makes it.
        rule: Option<Name>,
        /// When: `at` a moment or `on` a day.
        when: Option<ExpectWhen>,
        /// What goes along.
        payload: Vec<Payload>,
    },
    /// `expect coupon withheld because quiet_hours`
    Withheld {
        /// The message or the rule.
        name: Name,
        /// The reason's code.
        reason: Option<Name>,
    },
}

/// When a test expects a touch.
#[derive(Debug, Clone, PartialEq)]
pub enum ExpectWhen {
    /// `at 2026-03-01 10:00`
    At(DateTime),
    /// `on 2026-03-01`
    On(Date),
}
