//! A user as the interpreter wants them: resolved against a program, columns by event type, sorted by time.

use std::sync::{Arc, OnceLock};

use super::{
    Categories,
    texts::{Ids, Texts},
};
use crate::{
    number::Number,
    program::{AttributeId, ChannelId, ContactTest, EventId, FieldId, MessageId, Program, RuleId, Symbol},
    time::{Date, Instant, Zone},
};

/// A value. Texts are symbols: two are equal exactly if their texts are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Value {
    /// Not known.
    #[default]
    Missing,
    /// A number.
    Number(Number),
    /// A text, of the program or of the user.
    Text(Symbol),
    /// A civil date.
    Date(Date),
    /// An instant.
    Instant(Instant),
    /// Yes or no.
    YesNo(bool),
    /// A list of texts: where it starts in the user's lists, and how many.
    List(u32, u32),
}

/// What the user said of being contacted over a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Answer {
    /// Nothing.
    #[default]
    None,
    /// Yes.
    Yes,
    /// No.
    No,
}

/// The values of one field, one for each event of its type.
pub type Column = Vec<Value>;

/// The events of one type, in order of time (and, at one instant, of id, then as given).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Events {
    /// When each happened.
    pub at: Vec<Instant>,
    pub(crate) ids: Ids,
    /// By [`FieldId`]; each as long as `at`.
    pub columns: Vec<Column>,
}

/// A contact that was made, or a touch that is planned.
#[derive(Debug, Clone, PartialEq)]
pub struct PastContact {
    /// When.
    pub at: Instant,
    /// Over which channel, if the program knows it.
    pub channel: Option<ChannelId>,
    /// Which message, if the program knows it.
    pub message: Option<MessageId>,
    /// Its categories when it was sent, those that the program knows.
    pub categories: Categories,
    /// Which rule, if the program knows it.
    pub rule: Option<RuleId>,
    /// The id of the touch.
    pub touch_id: Option<u128>,
}

/// A user, resolved against one program. Made by [`super::UserBuilder`].
#[derive(Debug, Clone)]
pub struct User {
    /// Who it is.
    pub id: Arc<str>,
    /// Their zone.
    pub zone: Zone,
    /// Their language tag.
    pub locale: Option<Arc<str>>,
    /// By [`AttributeId`].
    pub attributes: Vec<Value>,
    /// By [`ChannelId`].
    pub consent: Vec<Answer>,
    /// By [`ChannelId`].
    pub reachable: Vec<bool>,
    /// By [`EventId`].
    pub events: Vec<Events>,
    /// In order of time.
    pub contacts: Vec<PastContact>,
    /// Texts that the program does not mention; the first has the symbol after the program's last.
    pub(crate) texts: Texts,
    /// Members of lists.
    pub(crate) lists: Vec<Symbol>,
}

impl User {
    /// The attribute's value.
    #[must_use]
    pub fn attribute(&self, id: AttributeId) -> Value {
        self.attributes.get(id.index()).copied().unwrap_or_default()
    }

    /// The events of a type.
    #[must_use]
    pub fn events(&self, id: EventId) -> &Events {
        static NONE: OnceLock<Events> = OnceLock::new();
        self.events.get(id.index()).unwrap_or_else(|| NONE.get_or_init(Events::default))
    }

    /// Whether they may be contacted over the channel: they said yes, or the channel needs no consent and they did
    /// not say no.
    #[must_use]
    pub fn subscribed(&self, program: &Program, id: ChannelId) -> bool {
        match self.consent.get(id.index()).copied().unwrap_or_default() {
            Answer::Yes => true,
            Answer::No => false,
            Answer::None => program.channels.get(id.index()).is_some_and(|channel| !channel.needs_consent),
        }
    }

    /// Whether they have an address on the channel.
    #[must_use]
    pub fn reachable(&self, id: ChannelId) -> bool {
        self.reachable.get(id.index()).copied().unwrap_or(false)
    }

    /// The text of a symbol, of the program or of this user.
    #[must_use]
    pub fn text<'a>(&'a self, program: &'a Program, symbol: Symbol) -> &'a str {
        let own = symbol.index().checked_sub(program.arena.text_count());
        match own {
            None => program.arena.text(symbol).map_or("", |text| text),
            Some(index) => self.texts.get(index).unwrap_or_default(),
        }
    }

    /// The text of a symbol, shared rather than copied.
    pub(crate) fn shared_text(&self, program: &Program, symbol: Symbol) -> Arc<str> {
        let own = symbol.index().checked_sub(program.arena.text_count());
        let text = match own {
            None => program.arena.text(symbol).map(Arc::clone),
            Some(index) => self.texts.shared(index),
        };
        text.unwrap_or_default()
    }

    /// The members of a list.
    #[must_use]
    pub fn list(&self, start: u32, count: u32) -> &[Symbol] {
        let start = start as usize;
        self.lists.get(start..start.saturating_add(count as usize)).unwrap_or(&[])
    }
}

impl PastContact {
    /// Whether it is of that kind.
    #[must_use]
    pub fn is(&self, test: ContactTest) -> bool {
        match test {
            ContactTest::Any => true,
            ContactTest::Channel(channel) => self.channel == Some(channel),
            ContactTest::Message(message) => self.message == Some(message),
            ContactTest::Category(category) => self.categories.contains(category),
            ContactTest::Rule(rule) => self.rule == Some(rule),
        }
    }
}

impl Events {
    /// The id of one event.
    #[must_use]
    pub fn id(&self, index: usize) -> Option<&str> {
        self.ids.get(index)
    }

    /// The value of a field of one event.
    #[must_use]
    pub fn value(&self, field: FieldId, index: usize) -> Value {
        self.columns.get(field.index()).and_then(|column| column.get(index)).copied().unwrap_or_default()
    }
}
