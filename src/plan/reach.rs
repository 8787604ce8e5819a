//! Whether a channel reaches a user at all: address and consent.

use super::{blocks::Block, outcome::Reason};
use crate::{
    program::{AttributeId, ChannelId, Program},
    snapshot::{Answer, User, Value},
    time::Instant,
};

/// What keeps the channel from the user.
pub(super) fn check(program: &Program, user: &User, channel: ChannelId) -> impl Iterator<Item = Block> {
    let answer = user.consent.get(channel.index()).copied().unwrap_or_default();
    let consent = match answer {
        Answer::No => Some(Reason::OptedOut),
        _ if user.subscribed(program, channel) => None,
        _ => Some(Reason::NoConsent),
    };
    let address = (!user.reachable(channel)).then_some(Reason::NoAddress);
    [consent, address].into_iter().flatten().map(|reason| Block::new(reason, 0, Instant::MAX))
}

/// The channel that the attribute names.
pub(super) fn named(program: &Program, user: &User, attribute: AttributeId) -> Option<ChannelId> {
    let Value::Text(symbol) = user.attribute(attribute) else { return None };
    let name = user.text(program, symbol);
    program.channels.iter().position(|channel| channel.name == name).map(ChannelId::from)
}
