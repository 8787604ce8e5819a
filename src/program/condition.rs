//! Conditions and expressions.

use std::sync::Arc;

use super::{
    AttributeId, CalendarId, CategoryId, ChannelId, ConditionId, EventId, ExpressionId, FieldId, MessageId,
    RuleId, SetId, Symbol,
};
use crate::{
    snapshot::Value,
    syntax::ast::{Aggregate, Arithmetic, Compare, DateTest, Pick},
    time::{CalendarUnit, Date, Period, Unit, WeekdaySet},
};

/// A condition. Its parts are in the arena before it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Condition {
    /// Always, or never.
    Constant(bool),
    /// All of them.
    And(Box<[ConditionId]>),
    /// Any of them.
    Or(Box<[ConditionId]>),
    /// Not that.
    Not(ConditionId),
    /// The number of members of the set in the window is at least `least` and at most `most`.
    Count {
        /// Of what.
        set: SetId,
        /// In which stretch of time.
        window: Window,
        /// The least that holds.
        least: u32,
        /// The most that holds; `u32::MAX` if there is no bound.
        most: u32,
    },
    /// Both sides have a value and compare so. Never [`Compare::IsNot`], which is `Not(Is)`.
    Compare {
        /// The left side.
        left: ExpressionId,
        /// The comparison.
        op: Compare,
        /// The right side, of a comparable type.
        right: ExpressionId,
    },
    /// The value is one of these.
    In {
        /// What is looked for.
        value: ExpressionId,
        /// Where.
        options: Box<[ExpressionId]>,
    },
    /// The text holds that text, or the list holds that member.
    Contains {
        /// A text or a list.
        value: ExpressionId,
        /// What it must hold.
        part: ExpressionId,
    },
    /// It has a value.
    Known(ExpressionId),
    /// It is yes.
    Truth(ExpressionId),
    /// The user may be contacted over the channel.
    SubscribedTo(ChannelId),
    /// The user has an address on the channel.
    ReachableOn(ChannelId),
    /// The user's bucket under the salt is below so many ten-thousandths.
    Share {
        /// What users are hashed with.
        salt: Symbol,
        /// Out of 10,000.
        below: u32,
    },
    /// Today, in the user's zone, is one of these days of the week.
    TodayWeekday(WeekdaySet),
    /// Today is in the calendar.
    TodayIn(CalendarId),
    /// Today is one of these dates, in order.
    TodayOneOf(Arc<[Date]>),
    /// Today compares so with a date.
    TodayDate(DateTest, ExpressionId),
}

/// An expression. Its parts are in the arena before it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Expression {
    /// Always the same.
    Constant(Value),
    /// An attribute of the user.
    Attribute(AttributeId),
    /// A field of the event that a filter looks at. Only in filters.
    Field(FieldId),
    /// `-x`
    Negative(ExpressionId),
    /// `a + b`
    Arithmetic {
        /// The left side.
        left: ExpressionId,
        /// The operation.
        op: Arithmetic,
        /// The right side.
        right: ExpressionId,
    },
    /// The number of members.
    Count {
        /// Of what.
        set: SetId,
        /// In which stretch of time.
        window: Window,
    },
    /// An aggregate of a number field.
    Aggregate {
        /// Which.
        kind: Aggregate,
        /// Of what; always events.
        set: SetId,
        /// The field.
        field: FieldId,
        /// In which stretch of time.
        window: Window,
    },
    /// The mean number of units between one member and the next; missing for fewer than two.
    Rhythm {
        /// The unit.
        unit: Unit,
        /// Of what.
        set: SetId,
        /// In which stretch of time.
        window: Window,
    },
    /// The field's value in one of the members.
    Pick {
        /// In which.
        which: Pick,
        /// Of what; always events.
        set: SetId,
        /// The field.
        field: FieldId,
        /// In which stretch of time.
        window: Window,
    },
    /// Complete units since the last member of the set.
    SinceLast {
        /// The unit.
        unit: Unit,
        /// Of what.
        set: SetId,
        /// In which stretch of time.
        window: Window,
    },
    /// Complete units since the first member of the set.
    SinceFirst {
        /// The unit.
        unit: Unit,
        /// Of what.
        set: SetId,
        /// In which stretch of time.
        window: Window,
    },
    /// Complete units since the moment; negative before it.
    Since {
        /// The unit.
        unit: Unit,
        /// A date (its first instant in the user's zone) or an instant.
        moment: ExpressionId,
    },
    /// The negative of the complete units since the moment: on the day before a date, 1 day until it.
    Until {
        /// The unit.
        unit: Unit,
        /// A date (its first instant in the user's zone) or an instant.
        moment: ExpressionId,
    },
}

/// Events or contacts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Set {
    /// Events of one type.
    Events {
        /// The type.
        event: EventId,
        /// A condition over [`Expression::Field`]s, attributes and constants; it does not change with time.
        filter: Option<ConditionId>,
    },
    /// Contacts.
    Contacts(ContactTest),
}

/// Which contacts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ContactTest {
    /// All of them.
    Any,
    /// Those over a channel.
    Channel(ChannelId),
    /// Those that carried a message.
    Message(MessageId),
    /// Those of a category.
    Category(CategoryId),
    /// Those made by a rule.
    Rule(RuleId),
}

/// A stretch of time that ends at the instant of evaluation, which it includes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Window {
    /// Since ever.
    Ever,
    /// A member counts from its instant until one period later, that end excluded.
    Rolling(Period),
    /// The day, week, month or year of the instant of evaluation, in the user's zone.
    Calendar(CalendarUnit),
    /// Since the first instant of that day in the user's zone.
    Since(Date),
    /// After the sequence began (that instant itself excluded). Only in `unless`.
    Sequence,
}
