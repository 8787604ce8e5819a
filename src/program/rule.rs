//! Rules.

use super::{AttributeId, ChannelId, ConditionId, ExpressionId, MessageId, Origin, SetId, Symbol};
use crate::{
    syntax::ast::{CapWindow, IfBlocked},
    time::{Period, Recurrence, Time, Unit},
};

/// A rule.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Its name; unique.
    pub name: String,
    /// A title for people.
    pub title: Option<String>,
    /// What makes it due.
    pub trigger: Trigger,
    /// For [`Trigger::Condition`] what it is due by; otherwise the filter. The rule's dates (`from`, `until`) are
    /// part of it.
    pub condition: Option<ConditionId>,
    /// How long after the trigger it is due.
    pub delay: Option<Period>,
    /// How long after it is due it may still go. Rules by events and dates always have one.
    pub deadline: Option<Period>,
    /// How long after its last contact it is due again within one spell.
    pub again: Option<Period>,
    /// How often it may begin.
    pub times: Option<Times>,
    /// Its priority, a number; 50 if it has none.
    pub priority: Option<ExpressionId>,
    /// Whether it goes in spite of caps and gaps.
    pub ignores_caps: bool,
    /// Whether its touches fill caps and gaps for others.
    pub is_counted: bool,
    /// Whether quiet hours do not hold for it.
    pub even_in_quiet_hours: bool,
    /// What becomes of a touch that cannot go when due.
    pub if_blocked: IfBlocked,
    /// Whether it is switched off.
    pub is_off: bool,
    /// What it does, at least one.
    pub steps: Vec<Step>,
    /// Where it was written.
    pub origin: Origin,
}

/// How often a rule may begin: `at most 3 times in 1 year`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// How often at the most.
    pub limit: u32,
    /// In which stretch of time; ever if absent.
    pub window: Option<CapWindow>,
}

/// What makes a rule due.
#[derive(Debug, Clone)]
pub enum Trigger {
    /// Its condition, once per spell.
    Condition,
    /// Each event of a set ([`super::Set::Events`]).
    Event(SetId),
    /// Dates.
    Dates(DateTrigger),
}

/// Dates that make a rule due.
#[derive(Debug, Clone)]
pub struct DateTrigger {
    /// Which dates.
    pub source: DateSource,
    /// How far from them, as a signed number of days or longer units; 0 days if none was written.
    pub offset: (i64, Unit),
    /// The time of day, if the rule names one.
    pub at: Option<Time>,
}

/// Where the dates of a trigger come from.
#[derive(Debug, Clone)]
pub enum DateSource {
    /// The same for all users.
    Fixed(Recurrence),
    /// A date that the user has: every year, or once.
    Attribute {
        /// The date, or an instant whose civil date counts.
        attribute: AttributeId,
        /// Whether only the date itself counts.
        once: bool,
    },
    /// Intervals after a date that the user has.
    Since {
        /// The date or instant.
        attribute: AttributeId,
        /// The interval.
        period: Period,
    },
}

/// One thing that a rule does.
#[derive(Debug, Clone)]
pub struct Step {
    /// How long after the step before it (for the first: after the rule is due).
    pub delay: Option<Period>,
    /// Not before this time on any day: its own, or the rule's.
    pub at: Option<Time>,
    /// Only within these hours of any day, the end excluded: its own, or the rule's.
    pub between: Option<(Time, Time)>,
    /// What it sends.
    pub send: Send,
    /// Over which channels.
    pub via: Via,
    /// What goes along.
    pub payload: Vec<(String, ExpressionId)>,
    /// When not to.
    pub unless: Option<ConditionId>,
    /// Where it was written.
    pub origin: Origin,
}

/// What a step sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Send {
    /// One message.
    Message(MessageId),
    /// One of several, by the user's bucket.
    OneOf {
        /// What users are hashed with.
        salt: Symbol,
        /// In order; a user whose bucket is at or above the last bound gets nothing.
        variants: Vec<Variant>,
    },
}

/// One of several messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variant {
    /// The message.
    pub message: MessageId,
    /// The bucket that it ends below, out of 10,000.
    pub below: u32,
}

/// The channels of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Via {
    /// In order, at least one.
    pub choices: Vec<ViaChoice>,
    /// Whether all are used rather than the first that works.
    pub all: bool,
}

/// A channel, or an attribute that names one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ViaChoice {
    /// A channel.
    Channel(ChannelId),
    /// The channel that the attribute names; none if it names no channel.
    Attribute(AttributeId),
}
