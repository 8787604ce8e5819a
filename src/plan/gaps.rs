//! Least distances between contacts.

use super::{
    blocks::Block,
    outcome::Reason,
    world::{Probe, World},
};
use crate::{
    snapshot::PastContact,
    time::{Instant, Length},
};

/// Whether the gap keeps the touch from going at `t`.
pub(super) fn check(world: &mut World<'_>, probe: &Probe<'_>, index: usize, t: Instant) -> Option<Block> {
    let gap = world.program.gaps.get(index)?;
    let (first, second) = (probe.is(gap.first), probe.is(gap.second));
    if !first && !second {
        return None;
    }
    let zone = world.zone();
    let length = Length::of(gap.period.count.into(), gap.period.unit);
    let mut until = t;
    let mut contacts = Vec::new();
    let all = world.contacts();
    let later = all.partition_point(|contact| contact.at <= t);
    let is_other =
        |contact: &PastContact| (first && contact.is(gap.second)) || (second && contact.is(gap.first));
    for (index, contact) in all.iter().enumerate().take(later).rev() {
        // Most contacts are far enough away, which takes no clock to tell.
        if length.latest_after(contact.at) <= t {
            break;
        }
        if is_other(contact) && world.is_counted(contact) {
            let end = zone.add(contact.at, gap.period);
            if end > t {
                contacts.push(index);
                until = until.max(end);
            }
        }
    }
    let own_end = if later < all.len() { zone.add(t, gap.period) } else { t };
    for (index, contact) in all.iter().enumerate().skip(later) {
        if contact.at >= own_end {
            break;
        }
        // One that fills nothing must still keep its distance from what went before it.
        let binds = world.is_counted(contact) || (probe.is_counted && !world.ignores_caps(contact));
        if is_other(contact) && binds {
            contacts.push(index);
            let end = if world.is_counted(contact) { zone.add(contact.at, gap.period) } else { contact.at };
            until = until.max(end);
        }
    }
    if contacts.is_empty() {
        return None;
    }
    if let Some(condition) = gap.condition {
        let stretch = world.stretch(condition, t, None);
        if !stretch.holds {
            return None;
        }
        until = until.min(stretch.until);
    }
    Some(Block { contacts, ..Block::new(Reason::Gap, index, until) })
}
