//! Touches, moved and withheld ones, and what stood in their way, in sentences.

use super::{
    facts::Finder,
    words::{list, moment},
};
use crate::{
    plan::{Blocker, BlockingContact, Candidate, MOST_TURNS, Reason, Touch, Withheld},
    program::{AttributeId, Rule, ViaChoice},
    snapshot::Value,
    time::{Instant, Zone},
};

/// A touch, made or not, and everything that is to be said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// `coupon via push`
    pub what: String,
    /// When it goes, or when it was due.
    pub at: Instant,
    /// Each one sentence.
    pub because: Vec<String>,
}

/// What a reason means where the plan quotes no words of the rules.
#[derive(Clone, Copy)]
pub(super) struct Own<'a> {
    /// The rule.
    pub(super) rule: &'a Rule,
    /// For the words of conditions.
    pub(super) finder: &'a Finder<'a>,
}

impl Own<'_> {
    fn text(self, candidate: &Candidate, reason: Reason) -> Option<String> {
        let step = usize::try_from(candidate.step).ok()?.checked_sub(1)?;
        match reason {
            Reason::Unless => {
                let unless = self.rule.steps.get(step)?.unless?;
                Some(format!("unless {}", self.finder.text(unless, None)))
            }
            Reason::NoChannel => {
                let named = self.rule.steps.get(step)?.via.choices.iter().filter_map(|choice| match choice {
                    ViaChoice::Attribute(id) => self.no_channel(*id),
                    ViaChoice::Channel(_) => None,
                });
                Some(named.collect::<Vec<_>>().join(", "))
            }
            _ => None,
        }
    }

    /// `preferred is fax, which is no channel`
    fn no_channel(self, id: AttributeId) -> Option<String> {
        let (ask, words) = (self.finder.ask, self.finder.words);
        let value = ask.user().attribute(id);
        let (name, shown) = (words.attribute(id), words.value(value));
        match value {
            Value::Text(symbol) => {
                let text = ask.user().text(ask.program(), symbol);
                let is_channel = ask.program().channels.iter().any(|channel| *channel.name == *text);
                (!is_channel).then(|| format!("`{name}` is {shown}, which is no channel"))
            }
            _ => Some(format!("`{name}`, which should name a channel, is {shown}")),
        }
    }
}

/// A touch that will be made.
pub(super) fn touch(touch: &Touch, own: Own<'_>, zone: &Zone) -> Told {
    let mut because = Vec::new();
    if !touch.moved_by.is_empty() {
        let due = touch.candidate.due;
        let was_late = due < touch.at;
        because.push(if due == Instant::MIN {
            "always due, and moved because:".into()
        } else if was_late {
            format!("due {}, and moved because:", moment(zone, due))
        } else {
            "not over an earlier channel because:".into()
        });
        because.extend(sentences(&touch.moved_by, &touch.candidate, own, zone));
    }
    Told { what: format!("{} via {}", touch.candidate.message, touch.channel), at: touch.at, because }
}

/// A touch that will not be made.
pub(super) fn withheld(withheld: &Withheld, own: Own<'_>, zone: &Zone) -> Told {
    let mut because = sentences(&withheld.reasons, &withheld.candidate, own, zone);
    if let Some(at) = withheld.could_go_at {
        because.push(format!("the earliest it could go is {}", moment(zone, at)));
    }
    let message = &withheld.candidate.message;
    let what = if message.is_empty() { "nothing to send".into() } else { message.to_string() };
    Told { what, at: withheld.candidate.due, because }
}

/// Everything that stood in the way; what is the same on several channels is said once.
fn sentences(blockers: &[Blocker], candidate: &Candidate, own: Own<'_>, zone: &Zone) -> Vec<String> {
    let mut groups: Vec<(&Blocker, Vec<String>)> = Vec::new();
    for blocker in blockers {
        let same = groups.iter_mut().find(|(first, _)| {
            first.reason == blocker.reason
                && first.rule_text == blocker.rule_text
                && first.until == blocker.until
                && first.contacts == blocker.contacts
        });
        let channel = blocker.channel.as_deref().map(String::from);
        match same {
            Some((_, channels)) => channels.extend(channel),
            None => groups.push((blocker, channel.into_iter().collect())),
        }
    }
    groups.iter().map(|(blocker, channels)| sentence(blocker, channels, candidate, own, zone)).collect()
}

/// What stood in the way on some channels (none if it concerns no channel), with the facts.
fn sentence(
    blocker: &Blocker,
    channels: &[String],
    candidate: &Candidate,
    own: Own<'_>,
    zone: &Zone,
) -> String {
    let own = own.text(candidate, blocker.reason);
    let text = own.as_deref().unwrap_or(&blocker.rule_text);
    let says = if text.is_empty() { String::new() } else { format!(" (`{text}`)") };
    let named = list(channels, "and");
    let on = if channels.is_empty() { String::new() } else { format!(" for {named}") };
    let need = if channels.len() == 1 { "needs" } else { "need" };
    let at = |at: Instant| moment(zone, at);
    let until = blocker.until.filter(|until| *until < Instant::MAX);
    let free = until.map_or_else(String::new, |until| format!("; free from {}", at(until)));
    let lasting = until.map_or_else(String::new, |until| format!(", until {}", at(until)));
    let filled_by = contacts(&blocker.contacts, zone);
    match blocker.reason {
        Reason::Cap => format!("the cap{says} is full{on}{filled_by}{free}"),
        Reason::Gap => format!("too close to another contact{says}{on}{filled_by}{free}"),
        Reason::Times => format!("the rule has begun as often as it may{says}{filled_by}{free}"),
        Reason::QuietHours => format!("quiet hours{on}{says}{lasting}"),
        Reason::ContactHours => format!("outside the contact hours{on}{says}{lasting}"),
        Reason::TimeOfDay => format!("it goes at another time of day{says}{lasting}"),
        Reason::NoConsent => format!("{named} {need} a yes from the user, who has not given one"),
        Reason::OptedOut => format!("the user said no to {named}"),
        Reason::NoAddress => format!("the user has no address on {named}"),
        Reason::NoChannel if text.is_empty() => "no channel is named".into(),
        Reason::NoChannel => text.into(),
        Reason::HoldOut => format!("the user is held out{says}"),
        Reason::NoVariant => format!("the user's share gets none of the variants{says}"),
        Reason::ConditionEnded => format!("its condition ended on {}{says}", at(blocker.from)),
        Reason::Unless => format!("what the rule excludes is the case{says}"),
        Reason::Deadline => format!("it is too late after {}{says}", at(blocker.from)),
        Reason::Dropped => format!("it could not go when it was due, and such touches are dropped{says}"),
        Reason::Stopped => format!("an earlier step was withheld, which ends the sequence{says}"),
        Reason::Horizon => "it can go only after the time planned for".into(),
        Reason::TooMany => format!(
            "the rule came up {MOST_TURNS} times before this in one plan, and all that would come later is left out; \
             plan for a shorter time, or let it come up less often"
        ),
    }
}

/// `: coupon via push on 2026-03-01 10:00 (planned)`
fn contacts(contacts: &[BlockingContact], zone: &Zone) -> String {
    const MOST: usize = 5;
    let mut told: Vec<String> = contacts
        .iter()
        .take(MOST)
        .map(|contact| {
            let message = contact.message.as_deref().unwrap_or("a contact");
            let via =
                contact.channel.as_deref().map_or_else(String::new, |channel| format!(" via {channel}"));
            let how = if contact.planned { "planned for" } else { "sent" };
            format!("{message}{via} {how} {}", moment(zone, contact.at))
        })
        .collect();
    if contacts.len() > MOST {
        told.push(format!("{} more", contacts.len() - MOST));
    }
    if told.is_empty() { String::new() } else { format!(": {}", list(&told, "and")) }
}
