//! Frequency caps.

use super::{
    blocks::Block,
    outcome::Reason,
    windows::{Role, Tally},
    world::{Probe, World},
};
use crate::{program::Cap, snapshot::PastContact, time::Instant};

/// How many later contacts are looked behind.
const MOST_LATER: usize = 16;

/// Whether the cap keeps the touch from going at `t`.
pub(super) fn check(world: &mut World<'_>, probe: &Probe<'_>, index: usize, t: Instant) -> Option<Block> {
    let cap = world.program.caps.get(index)?;
    if !probe.is(cap.subject) {
        return None;
    }
    let role = |world: &World<'_>, contact: &PastContact| {
        if !contact.is(cap.subject) {
            Role::None
        } else if world.is_counted(contact) {
            Role::Counted
        } else if world.ignores_caps(contact) {
            Role::None
        } else {
            Role::Bound
        }
    };
    let least = cap.exceptions.iter().map(|(limit, _)| *limit).fold(cap.limit, u32::min);
    let limit = |world: &mut World<'_>, u| limit_at(world, cap, u);
    let mut tally = Tally { window: Some(cap.window), role, limit, least, is_counted: probe.is_counted };
    let full = tally.check(world, t)?;
    // Behind a later contact whose window is full the touch would stand in that window itself.
    let mut free = full.until;
    let is_later = |index: &usize| world.contacts().get(*index).is_some_and(|contact| contact.at > t);
    if full.contacts.iter().any(is_later) {
        for _ in 0..MOST_LATER {
            match tally.check(world, free) {
                Some(next) if next.until > free => free = next.until,
                _ => break,
            }
        }
    }
    Some(Block { reason: Reason::Cap, source: index, until: full.until, free, contacts: full.contacts })
}

/// The limit that holds at an instant and until when it stays; none if the cap is not in force then.
fn limit_at(world: &mut World<'_>, cap: &Cap, u: Instant) -> Option<(u32, Instant)> {
    let mut stays = Instant::MAX;
    if let Some(condition) = cap.condition {
        let stretch = world.stretch(condition, u, None);
        if !stretch.holds {
            return None;
        }
        stays = stretch.until;
    }
    for (limit, condition) in &cap.exceptions {
        let stretch = world.stretch(*condition, u, None);
        stays = stays.min(stretch.until);
        if stretch.holds {
            return Some((*limit, stays));
        }
    }
    Some((cap.limit, stays))
}
