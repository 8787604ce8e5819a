//! The texts that rules are compiled from.

/// Which source of a [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct SourceId(pub u32);

/// A text and what it is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its path or another name, for messages.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// The texts that rules are compiled from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sources {
    list: Vec<Source>,
}

impl Sources {
    /// Adds a source.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> SourceId {
        let id = SourceId(u32::try_from(self.list.len()).unwrap_or(u32::MAX));
        self.list.push(Source { name: name.into(), text: text.into() });
        id
    }

    /// The source with that id.
    #[must_use]
    pub fn get(&self, id: SourceId) -> Option<&Source> {
        self.list.get(id.0 as usize)
    }

    /// All sources with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        self.list.iter().zip(0..).map(|(source, id)| (SourceId(id), source))
    }
}
