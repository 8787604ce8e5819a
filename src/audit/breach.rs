//! What an audit finds.

use std::{fmt, sync::Arc};

use serde::Serialize;

use super::Scheduled;
use crate::{
    snapshot::shown,
    time::{Instant, Local, Zone},
};

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal,)+) => {
        /// What kind of breach it is. The codes are stable; those that a plan gives as reasons are the same.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum BreachCode { $($(#[doc = $doc])+ $name,)+ }

        impl BreachCode {
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The stable code.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }
        }
    };
}

codes! {
    /// The row cannot be read.
    Malformed = "malformed",
    /// The data has no such user.
    UnknownUser = "unknown_user",
    /// The rules have no such channel.
    UnknownChannel = "unknown_channel",
    /// The rules have no such message.
    UnknownMessage = "unknown_message",
    /// The rules have no such rule, or the rule has no such step.
    UnknownRule = "unknown_rule",
    /// Another touch of the schedule has the same id.
    Duplicate = "duplicate",
    /// A touch of that id was sent before.
    AlreadySent = "already_sent",
    /// The user is in a holdout, and the message is not of the category `service`.
    HoldOut = "hold_out",
    /// The user has not said yes to a channel that needs it.
    NoConsent = "no_consent",
    /// The user said no to the channel.
    OptedOut = "opted_out",
    /// The user has no address on the channel.
    NoAddress = "no_address",
    /// It goes before it is due.
    Early = "early",
    /// It goes at or after its deadline.
    Deadline = "deadline",
    /// It goes in quiet hours.
    QuietHours = "quiet_hours",
    /// It goes outside the channel's contact hours.
    ContactHours = "contact_hours",
    /// More contacts than a frequency cap allows.
    Cap = "cap",
    /// Another contact is too close.
    Gap = "gap",
    /// The rule begins more often than it may.
    Times = "times",
}

impl fmt::Display for BreachCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for BreachCode {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

/// A contact or touch that has to do with a breach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Concerned {
    /// When.
    pub at: Instant,
    /// Which message, if known.
    pub message: Option<Arc<str>>,
    /// Over which channel, if known.
    pub channel: Option<Arc<str>>,
    /// The line of the schedule that says so, if it is planned and was read from a file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// Whether that is the number of a row instead.
    #[serde(skip)]
    pub is_row: bool,
    /// Whether it is planned rather than past.
    pub planned: bool,
}

/// Something in a schedule that the rules do not allow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breach {
    /// Its stable code.
    pub code: BreachCode,
    /// The touch that it is about.
    pub touch: Scheduled,
    /// What is wrong, with the facts.
    pub problem: String,
    /// The words of the rule file that forbid it, on one line; empty if there are none.
    pub rule_text: String,
    /// The other contacts and touches concerned, the latest ten of them, in order of time.
    pub others: Vec<Concerned>,
}

/// What an audit found in the schedule of one user.
///
/// ```
/// use courtesy::{Rules, Snapshot, audit::{Auditor, Scheduled}};
///
/// let rules = Rules::compile(
///     r#"
///     time zone "Asia/Shanghai"
///     channel sms
///     message coupon
///     quiet hours 21:00 to 09:00 for sms
///     "#,
/// )?;
/// let user = Snapshot::new("u1").bind(rules.program())?;
/// let touch = Scheduled::new("2026-03-01T14:30:00Z".parse()?, "sms", "coupon");
/// let report = Auditor::new(rules.program(), rules.names()).audit(&user, &[touch], None);
///
/// assert_eq!(
///     report.to_string(),
///     "\
/// u1 (Asia/Shanghai)
///   2026-03-01 22:30 coupon via sms
///     quiet_hours: they last until 2026-03-02 09:00 [quiet hours 21:00 to 09:00 for sms]
/// "
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// Who.
    pub user: Arc<str>,
    /// Their zone.
    pub zone: Zone,
    /// How many touches were looked at.
    pub touches: usize,
    /// In order of the touches' times, then as given, then of the codes.
    pub breaches: Vec<Breach>,
}

impl Report {
    /// Whether nothing was found.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.breaches.is_empty()
    }
}

impl fmt::Display for Report {
    /// Each touch with what is wrong with it, in local times; nothing if nothing is.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_clean() {
            return Ok(());
        }
        writeln!(f, "{} ({})", shown(&self.user), self.zone.name())?;
        let mut last: Option<&Scheduled> = None;
        for breach in &self.breaches {
            if last != Some(&breach.touch) {
                write_touch(f, &breach.touch, &self.zone)?;
            }
            last = Some(&breach.touch);
            write!(f, "    {}: {}", breach.code, breach.problem)?;
            if !breach.rule_text.is_empty() {
                write!(f, " [{}]", breach.rule_text)?;
            }
            writeln!(f)?;
            for other in &breach.others {
                write_other(f, other, &self.zone)?;
            }
        }
        Ok(())
    }
}

fn write_touch(f: &mut fmt::Formatter<'_>, touch: &Scheduled, zone: &Zone) -> fmt::Result {
    write!(f, "  {} {}", Local(zone, touch.at), shown(&touch.message))?;
    write!(f, " via {}", shown(&touch.channel))?;
    if let Some(rule) = &touch.rule {
        write!(f, " by {}", shown(rule))?;
        if let Some(step) = touch.step {
            write!(f, ".{step}")?;
        }
    }
    match touch.line {
        Some(line) => writeln!(f, " ({} {line})", unit(touch.is_row)),
        None => writeln!(f),
    }
}

const fn unit(is_row: bool) -> &'static str {
    if is_row { "row" } else { "line" }
}

fn write_other(f: &mut fmt::Formatter<'_>, other: &Concerned, zone: &Zone) -> fmt::Result {
    write!(f, "      {}", Local(zone, other.at))?;
    if let Some(message) = &other.message {
        write!(f, " {}", shown(message))?;
    }
    if let Some(channel) = &other.channel {
        write!(f, " via {}", shown(channel))?;
    }
    match (other.planned, other.line) {
        (true, Some(line)) => writeln!(f, ", planned ({} {line})", unit(other.is_row)),
        (true, None) => writeln!(f, ", planned"),
        (false, _) => writeln!(f, ", sent"),
    }
}
