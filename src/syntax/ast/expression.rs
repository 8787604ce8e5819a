//! Values.

use super::{Events, Name, Spanned};
use crate::{
    number::Number,
    time::{Date, DateTime, Unit},
};

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
