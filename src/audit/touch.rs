//! Touches to be audited, as any system may have planned them.

use crate::{plan, time::Instant};

/// A touch of a schedule. Whoever made it says at least when it goes, over which channel and with which message.
///
/// ```
/// use courtesy::audit::Scheduled;
/// let touch = Scheduled::new("2026-03-01T09:00:00Z".parse()?, "sms", "coupon");
/// assert_eq!(touch.rule, None);
/// # Ok::<(), courtesy::time::ParseInstantError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scheduled {
    /// The line of the schedule that says so, if it was read from a file.
    pub line: Option<u64>,
    /// Whether that is the number of a row instead: Parquet has no lines.
    pub is_row: bool,
    /// When.
    pub at: Instant,
    /// Over which channel.
    pub channel: String,
    /// Which message.
    pub message: String,
    /// The categories it goes with; those that the message has if absent.
    pub categories: Option<Vec<String>>,
    /// Its own id.
    pub id: Option<String>,
    /// Which rule makes it. Only with it can exemptions and deadlines be known.
    pub rule: Option<String>,
    /// Which step of the rule, from 1.
    pub step: Option<u32>,
    /// When it was due.
    pub due: Option<Instant>,
}

impl Scheduled {
    /// A touch of which nothing else is known.
    #[must_use]
    pub fn new(at: Instant, channel: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            line: None,
            is_row: false,
            at,
            channel: channel.into(),
            message: message.into(),
            categories: None,
            id: None,
            rule: None,
            step: None,
            due: None,
        }
    }

    /// Made by that rule.
    #[must_use]
    pub fn rule(mut self, name: impl Into<String>) -> Self {
        self.rule = Some(name.into());
        self
    }

    /// With that id.
    #[must_use]
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }
}

impl From<&plan::Touch> for Scheduled {
    fn from(touch: &plan::Touch) -> Self {
        let candidate = &touch.candidate;
        Self {
            line: None,
            is_row: false,
            at: touch.at,
            channel: touch.channel.to_string(),
            message: candidate.message.to_string(),
            categories: Some(touch.categories.iter().map(ToString::to_string).collect()),
            id: Some(candidate.id.to_string()),
            rule: Some(candidate.rule.to_string()),
            step: Some(candidate.step),
            due: Some(candidate.due),
        }
    }
}
