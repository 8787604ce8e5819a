//! The texts that rules are compiled from.

use std::borrow::Cow;

/// Which source of a [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct SourceId(pub u32);

/// A text and what it is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its path or another name, for messages.
    pub name: String,
    /// Its text; a lone carriage return stands in it as a line feed.
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
        let mut text = text.into();
        if let Cow::Owned(mended) = line_ends(&text) {
            text = mended;
        }
        self.list.push(Source { name: name.into(), text });
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

/// The text with a line feed for each lone carriage return, which ends a line on an old Macintosh. It is as long as before,
/// so that places in the one are places in the other.
pub(crate) fn line_ends(text: &str) -> Cow<'_, str> {
    if text.split('\r').skip(1).all(|after| after.starts_with('\n')) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        out.push(if c == '\r' && chars.peek() != Some(&'\n') { '\n' } else { c });
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lone_carriage_return_ends_a_line() {
        for (written, read) in
            [("a\r\nb\n", "a\r\nb\n"), ("a\rb\r\rc\r\n\r", "a\nb\n\nc\r\n\n"), ("é\r", "é\n"), ("", "")]
        {
            assert_eq!(line_ends(written), read, "{written:?}");
        }
        assert!(matches!(line_ends("a\r\nb"), Cow::Borrowed(_)));
    }
}
