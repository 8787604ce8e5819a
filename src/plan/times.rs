//! How often a rule may begin: `at most 3 times in 1 year`.

use super::{
    blocks::Block,
    outcome::Reason,
    windows::{Role, Tally},
    world::{Probe, World},
};
use crate::{
    program::{MessageId, Rule, Send, Step},
    snapshot::PastContact,
    time::Instant,
};

/// Whether the step may send the message.
pub(super) fn sends(step: &Step, message: Option<MessageId>) -> bool {
    let Some(message) = message else { return false };
    match &step.send {
        Send::Message(own) => *own == message,
        Send::OneOf { variants, .. } => variants.iter().any(|variant| variant.message == message),
    }
}

/// Whether the rule has begun too often for its first step to go at `t`.
///
/// A step that goes over several channels begins the rule once: it is counted on each channel by itself.
pub(super) fn check(world: &mut World<'_>, probe: &Probe<'_>, rule: &Rule, t: Instant) -> Option<Block> {
    let times = rule.times?;
    let step = rule.steps.first()?;
    let role = |_: &World<'_>, contact: &PastContact| {
        let begins = contact.rule == Some(probe.rule)
            && sends(step, contact.message)
            && (!step.via.all || contact.channel == Some(probe.channel));
        if begins { Role::Counted } else { Role::None }
    };
    let limit = |_: &mut World<'_>, _| Some((times.limit, Instant::MAX));
    let mut tally = Tally { window: times.window, role, limit, least: times.limit, is_counted: true };
    let full = tally.check(world, t)?;
    Some(Block { contacts: full.contacts, ..Block::new(Reason::Times, 0, full.until) })
}
