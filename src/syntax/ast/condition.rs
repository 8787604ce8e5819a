//! Conditions.

use super::{Expr, Name, Share, Spanned};
use crate::time::{CalendarUnit, Date, Period, Weekday};

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
