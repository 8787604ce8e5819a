//! The typed, resolved rules: dense ids, no names to look up, equal parts stored once.
//!
//! A [`Program`] is made by the checker and read by the interpreter. Conditions and expressions live in two arenas;
//! a node's parts come before it, and equal nodes have the same id, so that what many rules ask is asked once.

mod arena;
mod condition;
mod display;
mod ids;
mod policy;
mod rule;

pub use arena::{Arena, ContactKinds, Needs};
pub use condition::{Condition, ContactTest, Expression, Set, Window};
pub use ids::{
    AttributeId, CalendarId, CategoryId, ChannelId, ConditionId, EventId, ExpressionId, FieldId, MessageId,
    RuleId, SetId, Symbol,
};
pub use policy::{Cap, Days, Gap, HoldOut, Hours, Life};
pub use rule::{DateSource, DateTrigger, Rule, Send, Step, Times, Trigger, Variant, Via, ViaChoice};

use crate::{
    diagnostic::SourceId,
    syntax::ast::Span,
    time::{Calendar, Weekday, Zone},
};

/// Where a part of the program was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Origin {
    /// In which source.
    pub source: SourceId,
    /// Where in it.
    pub span: Span,
}

/// What an attribute or a field holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    /// Text.
    Text,
    /// A number.
    Number,
    /// A civil date.
    Date,
    /// An instant.
    DateTime,
    /// Yes or no.
    YesNo,
    /// One of these texts, in the order declared.
    OneOf(Vec<Symbol>),
    /// A list of texts.
    List,
}

/// An attribute, or a field of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub ty: Type,
}

/// An event and its fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its name.
    pub name: String,
    /// Its plural, where one was declared.
    pub plural: Option<String>,
    /// Its fields, by [`FieldId`].
    pub fields: Vec<Field>,
}

/// A channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    /// Its name.
    pub name: String,
    /// Whether only those who said yes may be contacted over it.
    pub needs_consent: bool,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its name.
    pub name: String,
    /// Its categories.
    pub categories: Vec<CategoryId>,
    /// Its languages, the fall-back first.
    pub languages: Vec<String>,
    /// Whether it is of the category `service`, which holdouts leave alone.
    pub is_service: bool,
}

/// A named condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Its name.
    pub name: String,
    /// Who is in it.
    pub condition: ConditionId,
    /// Where it was written.
    pub origin: Origin,
}

/// A calendar and what rules call it.
#[derive(Debug, Clone)]
pub struct NamedCalendar {
    /// Its name.
    pub name: String,
    /// Its days.
    pub calendar: Calendar,
}

/// The typed rules of a set of rule files.
#[derive(Debug, Clone)]
pub struct Program {
    /// The zone of users who have none.
    pub zone: Zone,
    /// The day that weeks start on.
    pub week_starts: Weekday,
    /// Texts, conditions and expressions.
    pub arena: Arena,
    /// By [`AttributeId`].
    pub attributes: Vec<Field>,
    /// By [`EventId`].
    pub events: Vec<Event>,
    /// By [`ChannelId`], in the order declared.
    pub channels: Vec<Channel>,
    /// By [`MessageId`].
    pub messages: Vec<Message>,
    /// By [`CategoryId`].
    pub categories: Vec<String>,
    /// By [`CalendarId`].
    pub calendars: Vec<NamedCalendar>,
    /// Named conditions.
    pub segments: Vec<Segment>,
    /// When channels must stay silent.
    pub quiet_hours: Vec<Hours>,
    /// When channels may be used; a channel with none may be used at any time.
    pub contact_hours: Vec<Hours>,
    /// Frequency caps.
    pub caps: Vec<Cap>,
    /// Least distances.
    pub gaps: Vec<Gap>,
    /// Shares of users who get nothing.
    pub hold_outs: Vec<HoldOut>,
    /// By [`RuleId`], in the order of the files.
    pub rules: Vec<Rule>,
}

impl Program {
    /// Whether anything reads the attribute. Of files that declare none, those that the data has are here.
    #[must_use]
    pub fn reads(&self, attribute: AttributeId) -> bool {
        let mut expressions = (0..self.arena.expression_count()).map(ExpressionId::from);
        let is_asked =
            |id| matches!(self.arena.expression(id), Expression::Attribute(read) if *read == attribute);
        let names_dates = |rule: &Rule| match &rule.trigger {
            Trigger::Dates(dates) => match dates.source {
                DateSource::Attribute { attribute: read, .. } | DateSource::Since { attribute: read, .. } => {
                    read == attribute
                }
                DateSource::Fixed(_) => false,
            },
            Trigger::Condition | Trigger::Event(_) => false,
        };
        let names_channel = |rule: &Rule| {
            let mut choices = rule.steps.iter().flat_map(|step| &step.via.choices);
            choices.any(|choice| *choice == ViaChoice::Attribute(attribute))
        };
        expressions.any(is_asked) || self.rules.iter().any(|rule| names_dates(rule) || names_channel(rule))
    }
}
