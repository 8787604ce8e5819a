//! Texts of one user, kept in one buffer that the next user takes over.

use std::sync::Arc;

/// Longer texts are shared rather than copied when a plan sends them along.
const SHORT: usize = 256;

/// Texts, one after another.
#[derive(Debug, Clone, Default)]
pub(crate) struct Texts {
    buffer: String,
    list: Vec<Held>,
}

#[derive(Debug, Clone)]
enum Held {
    /// From where to where in the buffer.
    Within(usize, usize),
    Alone(Arc<str>),
}

impl Texts {
    /// Adds a text.
    pub(crate) fn push(&mut self, text: &str) {
        if text.len() > SHORT {
            self.list.push(Held::Alone(text.into()));
            return;
        }
        let start = self.buffer.len();
        self.buffer.push_str(text);
        self.list.push(Held::Within(start, self.buffer.len()));
    }

    /// The text of that number.
    pub(crate) fn get(&self, index: usize) -> Option<&str> {
        match self.list.get(index)? {
            Held::Within(start, end) => self.buffer.get(*start..*end),
            Held::Alone(text) => Some(text),
        }
    }

    /// The same, to be kept.
    pub(crate) fn shared(&self, index: usize) -> Option<Arc<str>> {
        match self.list.get(index)? {
            Held::Within(start, end) => self.buffer.get(*start..*end).map(Arc::from),
            Held::Alone(text) => Some(Arc::clone(text)),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    /// The number of a text that is there.
    pub(crate) fn find(&self, text: &str) -> Option<usize> {
        let bytes = self.buffer.as_bytes();
        self.list.iter().position(|held| match held {
            Held::Within(start, end) => {
                end - start == text.len() && bytes.get(*start..*end) == Some(text.as_bytes())
            }
            Held::Alone(known) => **known == *text,
        })
    }

    pub(crate) fn clear(&mut self) {
        self.buffer.clear();
        self.list.clear();
    }
}

/// Ids of events, of which some have none.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ids {
    buffer: String,
    /// From where to where in the buffer, for each event; nothing at all while none has an id.
    list: Vec<(u32, u32)>,
}

/// An event without an id.
const NONE: (u32, u32) = (0, 0);

impl Ids {
    /// Adds the id of the event of that number; those before it that were not told have none.
    pub(crate) fn set(&mut self, event: usize, id: &str) {
        // A million events with ids of a thousand bytes are far from the end.
        let here = |buffer: &String| u32::try_from(buffer.len()).unwrap_or(u32::MAX);
        let start = here(&self.buffer);
        self.buffer.push_str(id);
        self.list.resize(event, NONE);
        self.list.push((start, here(&self.buffer)));
    }

    /// The id of the event of that number.
    pub(crate) fn get(&self, event: usize) -> Option<&str> {
        let (start, end) = self.list.get(event).copied().filter(|range| *range != NONE)?;
        self.buffer.get(start as usize..end as usize)
    }

    /// Whether no event has one.
    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Keeps some of those of so many events, in another order: what `pick` makes of the list.
    pub(crate) fn keep(&mut self, events: usize, pick: impl FnOnce(&mut Vec<(u32, u32)>)) {
        if !self.is_empty() {
            self.list.resize(events, NONE);
            pick(&mut self.list);
        }
    }

    pub(crate) fn clear(&mut self) {
        self.buffer.clear();
        self.list.clear();
    }
}

/// Two are equal if each event has the same id.
impl PartialEq for Ids {
    fn eq(&self, other: &Self) -> bool {
        let most = self.list.len().max(other.list.len());
        (0..most).all(|event| self.get(event) == other.get(event))
    }
}
