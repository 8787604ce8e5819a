//! From the names in data to the ids of a program.

use hashbrown::HashMap;

use super::Categories;
use crate::program::{AttributeId, CategoryId, ChannelId, EventId, FieldId, MessageId, Program, RuleId};

/// The names that a program knows. Made once for a program; looking up is cheap.
#[derive(Debug, Clone, Default)]
pub struct Names {
    attributes: HashMap<Box<str>, AttributeId>,
    events: HashMap<Box<str>, EventId>,
    fields: Vec<HashMap<Box<str>, FieldId>>,
    channels: HashMap<Box<str>, ChannelId>,
    messages: HashMap<Box<str>, MessageId>,
    categories: HashMap<Box<str>, CategoryId>,
    rules: HashMap<Box<str>, RuleId>,
    /// Attributes that repeat what every user has: id, time zone and locale.
    mirrors: [Option<AttributeId>; 3],
    /// By event: the field that repeats its id.
    id_fields: Vec<Option<FieldId>>,
    /// By message.
    categories_of: Vec<Categories>,
}

fn index<'n, I: From<usize>>(names: impl Iterator<Item = &'n str>) -> HashMap<Box<str>, I> {
    names.enumerate().map(|(index, name)| (name.into(), I::from(index))).collect()
}

impl Names {
    /// The names of a program.
    #[must_use]
    pub fn new(program: &Program) -> Self {
        let mut names = Self {
            attributes: index(program.attributes.iter().map(|attribute| attribute.name.as_str())),
            events: index(program.events.iter().map(|event| event.name.as_str())),
            fields: program
                .events
                .iter()
                .map(|event| index(event.fields.iter().map(|field| field.name.as_str())))
                .collect(),
            channels: index(program.channels.iter().map(|channel| channel.name.as_str())),
            messages: index(program.messages.iter().map(|message| message.name.as_str())),
            categories: index(program.categories.iter().map(String::as_str)),
            rules: index(program.rules.iter().map(|rule| rule.name.as_str())),
            categories_of: program
                .messages
                .iter()
                .map(|message| message.categories.iter().copied().collect())
                .collect(),
            ..Self::default()
        };
        names.mirrors = ["id", "timezone", "locale"].map(|name| names.attribute(name));
        names.id_fields = names.fields.iter().map(|fields| fields.get("id").copied()).collect();
        names
    }

    /// The attribute of that name.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<AttributeId> {
        self.attributes.get(name).copied()
    }

    /// The event of that name.
    #[must_use]
    pub fn event(&self, name: &str) -> Option<EventId> {
        self.events.get(name).copied()
    }

    /// The field of that name.
    #[must_use]
    pub fn field(&self, event: EventId, name: &str) -> Option<FieldId> {
        self.fields.get(event.index())?.get(name).copied()
    }

    /// The channel of that name.
    #[must_use]
    pub fn channel(&self, name: &str) -> Option<ChannelId> {
        self.channels.get(name).copied()
    }

    /// The message of that name.
    #[must_use]
    pub fn message(&self, name: &str) -> Option<MessageId> {
        self.messages.get(name).copied()
    }

    /// The category of that name.
    #[must_use]
    pub fn category(&self, name: &str) -> Option<CategoryId> {
        self.categories.get(name).copied()
    }

    /// The rule of that name.
    #[must_use]
    pub fn rule(&self, name: &str) -> Option<RuleId> {
        self.rules.get(name).copied()
    }

    /// Attributes that repeat what every user has: id, time zone and locale.
    pub(super) fn mirrors(&self) -> [Option<AttributeId>; 3] {
        self.mirrors
    }

    /// The field that repeats the id of the event.
    pub(super) fn id_field(&self, event: EventId) -> Option<FieldId> {
        self.id_fields.get(event.index()).copied().flatten()
    }

    /// The categories that the message has today.
    pub(super) fn categories_of(&self, message: MessageId) -> Option<&Categories> {
        self.categories_of.get(message.index())
    }
}
