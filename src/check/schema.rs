//! What the data at hand holds, for files that do not declare it.

/// The names and types found in data. A kind that the rule files declare is theirs; the schema speaks for the others.
///
/// ```
/// use courtesy::check::{Schema, ValueType};
/// let schema = Schema {
///     attributes: vec![("points".into(), ValueType::Number)],
///     ..Schema::default()
/// };
/// assert_eq!(schema.attributes.len(), 1);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Schema {
    /// Attributes of users and what they hold.
    pub attributes: Vec<(String, ValueType)>,
    /// Events and their fields.
    pub events: Vec<(String, Vec<(String, ValueType)>)>,
    /// Channels named by consent, addresses or contacts.
    pub channels: Vec<String>,
}

/// What an attribute or a field holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ValueType {
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
    /// One of these texts.
    OneOf(Vec<String>),
    /// A list of texts.
    List,
}
