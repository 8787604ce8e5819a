//! What a plan says: touches, what was withheld, and why.

use std::{fmt, sync::Arc};

use crate::{
    number::Number,
    time::{Date, DateTime, Instant},
};

/// The stable identity of a touch: the same rule, user, occurrence and step always have the same one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TouchId(pub u128);

impl fmt::Display for TouchId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// The contact schedule of one user over one horizon, with a reason for every touch made, moved or withheld.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Who.
    pub user: Arc<str>,
    /// The name of their zone.
    pub zone: Arc<str>,
    /// The first instant of the horizon.
    pub now: Instant,
    /// The end of the horizon, excluded.
    pub end: Instant,
    /// In order of time, then of priority and of the file.
    pub touches: Vec<Touch>,
    /// In order of when they were due, then of priority and of the file.
    pub withheld: Vec<Withheld>,
}

impl Plan {
    /// The contacts to be made, in order of time.
    #[must_use]
    pub fn touches(&self) -> &[Touch] {
        &self.touches
    }

    /// What is not sent, and why, in order of when it was due.
    #[must_use]
    pub fn withheld(&self) -> &[Withheld] {
        &self.withheld
    }
}

/// What a touch is, whether it goes or not.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Its identity.
    pub id: TouchId,
    /// For whom.
    pub user: Arc<str>,
    /// The name of their zone.
    pub zone: Arc<str>,
    /// The rule's name.
    pub rule: Arc<str>,
    /// Which step of the rule, from 1.
    pub step: u32,
    /// What made it due: the start of the spell, the event, or the civil date.
    pub occurrence: String,
    /// The message; none if the user's bucket fell outside all variants.
    pub message: Arc<str>,
    /// The priority it was placed with.
    pub priority: Number,
    /// When it was due.
    pub due: Instant,
    /// When it is too late.
    pub deadline: Option<Instant>,
}

/// A contact to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct Touch {
    /// What it is.
    pub candidate: Candidate,
    /// Over which channel.
    pub channel: Arc<str>,
    /// When.
    pub at: Instant,
    /// When, in the user's zone.
    pub local: DateTime,
    /// In which of the message's languages, if it names any.
    pub language: Option<Arc<str>>,
    /// The message's categories.
    pub categories: Vec<Arc<str>>,
    /// What goes along.
    pub with: Vec<(Arc<str>, Payload)>,
    /// What kept it from going when it was due, or over an earlier channel. Empty if nothing did.
    pub moved_by: Vec<Blocker>,
}

/// A contact that is not made.
#[derive(Debug, Clone, PartialEq)]
pub struct Withheld {
    /// What it would have been.
    pub candidate: Candidate,
    /// Everything that stood in its way; at least one.
    pub reasons: Vec<Blocker>,
    /// The earliest instant after the horizon at which it could go, if it only came too late for the horizon.
    pub could_go_at: Option<Instant>,
}

/// A value that goes along with a touch.
#[derive(Debug, Clone, PartialEq)]
pub enum Payload {
    /// Not known.
    Missing,
    /// A number.
    Number(Number),
    /// A text.
    Text(Arc<str>),
    /// A civil date.
    Date(Date),
    /// An instant.
    Instant(Instant),
    /// Yes or no.
    YesNo(bool),
    /// Several texts.
    List(Vec<Arc<str>>),
}

/// Something that stood in the way of a touch.
#[derive(Debug, Clone, PartialEq)]
pub struct Blocker {
    /// Its stable code.
    pub reason: Reason,
    /// On which channel, if it concerns one.
    pub channel: Option<Arc<str>>,
    /// From when it stood in the way.
    pub from: Instant,
    /// When it stops to, if it does.
    pub until: Option<Instant>,
    /// What says so, in the words of a rule file and on one line, be it written or taken for granted (`within 1 day`);
    /// empty if there are none.
    pub rule_text: Arc<str>,
    /// The contacts and touches that fill a cap or stand too close.
    pub contacts: Vec<BlockingContact>,
}

/// A contact or a planned touch that another one has to keep away from.
#[derive(Debug, Clone, PartialEq)]
pub struct BlockingContact {
    /// When.
    pub at: Instant,
    /// Which message, if known.
    pub message: Option<Arc<str>>,
    /// Over which channel, if known.
    pub channel: Option<Arc<str>>,
    /// Whether it is planned rather than past.
    pub planned: bool,
}

macro_rules! reasons {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal,)+) => {
        /// Why a touch was moved or withheld. The codes are stable.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Reason { $($(#[doc = $doc])+ $name,)+ }

        impl Reason {
            /// Every reason.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The stable code.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// The reason with that code.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|reason| reason.code() == code)
            }
        }
    };
}

reasons! {
    /// A frequency cap is full.
    Cap = "cap",
    /// Another contact is too close.
    Gap = "gap",
    /// The rule has begun as often as it may.
    Times = "times",
    /// The channel has quiet hours.
    QuietHours = "quiet_hours",
    /// It is outside the channel's contact hours.
    ContactHours = "contact_hours",
    /// The rule or step goes at another time of day.
    TimeOfDay = "time_of_day",
    /// The user has not said yes to a channel that needs it.
    NoConsent = "no_consent",
    /// The user said no to the channel.
    OptedOut = "opted_out",
    /// The user has no address on the channel.
    NoAddress = "no_address",
    /// The attribute that should name a channel names none.
    NoChannel = "no_channel",
    /// The user is in a holdout.
    HoldOut = "hold_out",
    /// The user's bucket falls outside all variants.
    NoVariant = "no_variant",
    /// The condition ended before the touch could go.
    ConditionEnded = "condition_ended",
    /// What `unless` names is the case.
    Unless = "unless",
    /// The deadline came first.
    Deadline = "deadline",
    /// It was blocked when due and the rule says `if blocked drop`.
    Dropped = "dropped",
    /// An earlier step was withheld and the rule says `if blocked stop`.
    Stopped = "stopped",
    /// It can only go after the horizon.
    Horizon = "horizon",
    /// The rule came up more often than it may in one plan: with this one, all that would come later is left out.
    TooMany = "too_many",
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl serde::Serialize for Reason {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}
