//! What values are, as far as checking goes.

use std::sync::Arc;

use crate::{
    check::schema::ValueType,
    program::{ExpressionId, Origin},
    syntax::ast::{Span, TypeName},
    time::Unit,
};

/// What a value is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Ty {
    /// A plain number.
    Number,
    /// A number of units; `written` if only literals say so (`30 days`), not if it was measured (`days since …`).
    Length { unit: Unit, written: bool },
    /// Text.
    Text,
    /// A civil date.
    Date,
    /// An instant.
    DateTime,
    /// A date or an instant: what `days since x` says of an undeclared `x`.
    Moment,
    /// Yes or no.
    YesNo,
    /// One of these texts.
    OneOf(Arc<[String]>),
    /// A list of texts.
    List,
    /// Not known: an undeclared name of which no use says more.
    Open,
    /// Wrong, which has been said.
    Wrong,
}

impl Ty {
    /// As people call it.
    pub(super) fn describe(&self) -> String {
        match self {
            Self::Number => "a number".into(),
            Self::Length { unit, .. } => format!("a number of {unit}s"),
            Self::Text => "text".into(),
            Self::Date => "a date".into(),
            Self::DateTime => "a date and time".into(),
            Self::Moment => "a date or a date and time".into(),
            Self::YesNo => "yes or no".into(),
            Self::OneOf(values) => {
                format!("one of {}", super::words::listed(values.iter().map(String::as_str)))
            }
            Self::List => "a list".into(),
            Self::Open | Self::Wrong => "a value".into(),
        }
    }

    pub(super) fn is_number(&self) -> bool {
        matches!(self, Self::Number | Self::Length { .. } | Self::Wrong)
    }

    pub(super) fn is_text(&self) -> bool {
        matches!(self, Self::Text | Self::OneOf(_) | Self::Wrong)
    }

    pub(super) fn is_moment(&self) -> bool {
        matches!(self, Self::Date | Self::DateTime | Self::Moment | Self::Wrong)
    }

    /// What an undeclared name compared with this is taken for.
    pub(super) fn as_guess(&self) -> Self {
        match self {
            Self::Length { .. } => Self::Number,
            Self::OneOf(_) => Self::Text,
            other => other.clone(),
        }
    }
}

impl From<&TypeName> for Ty {
    fn from(name: &TypeName) -> Self {
        match name {
            TypeName::Text => Self::Text,
            TypeName::Number => Self::Number,
            TypeName::Date => Self::Date,
            TypeName::DateTime => Self::DateTime,
            TypeName::YesNo => Self::YesNo,
            TypeName::OneOf(values) => Self::OneOf(values.iter().map(|value| value.node.clone()).collect()),
            TypeName::List => Self::List,
        }
    }
}

impl From<&ValueType> for Ty {
    fn from(ty: &ValueType) -> Self {
        match ty {
            ValueType::Text => Self::Text,
            ValueType::Number => Self::Number,
            ValueType::Date => Self::Date,
            ValueType::DateTime => Self::DateTime,
            ValueType::YesNo => Self::YesNo,
            ValueType::OneOf(values) => Self::OneOf(values.iter().cloned().collect()),
            ValueType::List => Self::List,
        }
    }
}

/// An undeclared name's type, as its uses tell.
#[derive(Debug, Clone)]
pub(super) struct Guess {
    /// What it is taken for.
    pub(super) ty: Ty,
    /// Whether another use may overrule it.
    pub(super) weak: bool,
    /// The use that says so.
    pub(super) origin: Origin,
}

impl Guess {
    /// What both uses say, or the first if they disagree.
    pub(super) fn merged(self, other: Self) -> Self {
        match (&self.ty, &other.ty) {
            (Ty::Open, _) => other,
            (_, Ty::Open) => self,
            (Ty::Moment, Ty::Date | Ty::DateTime) | (Ty::Date, Ty::DateTime) => other,
            (Ty::Text, Ty::List) if self.weak => other,
            _ if self.weak && !other.weak => other,
            _ => self,
        }
    }
}

/// The attribute or field that an expression is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Slot {
    /// An attribute, by index.
    Attribute(usize),
    /// An event and its field, by index.
    Field(usize, usize),
}

/// A lowered expression and what it is.
#[derive(Debug, Clone)]
pub(super) struct Typed {
    pub(super) id: ExpressionId,
    pub(super) ty: Ty,
    /// What it names, if it is but a name.
    pub(super) slot: Option<Slot>,
    pub(super) span: Span,
}
