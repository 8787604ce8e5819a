//! Dense ids.

macro_rules! ids {
    ($($(#[doc = $doc:literal])+ $name:ident,)+) => {$(
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// As an index.
            #[must_use]
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl From<usize> for $name {
            fn from(index: usize) -> Self {
                Self(u32::try_from(index).unwrap_or(u32::MAX))
            }
        }
    )+};
}

ids! {
    /// A text. Those below the program's count are the program's; the others are the user's.
    Symbol,
    /// An attribute.
    AttributeId,
    /// An event.
    EventId,
    /// A field of an event, counted within the event.
    FieldId,
    /// A channel.
    ChannelId,
    /// A message.
    MessageId,
    /// A category of messages.
    CategoryId,
    /// A calendar.
    CalendarId,
    /// A rule.
    RuleId,
    /// A condition.
    ConditionId,
    /// An expression.
    ExpressionId,
    /// A set of events or contacts.
    SetId,
}
