//! Least distances between contacts.

use super::{
    blocks::Block,
    outcome::Reason,
    world::{Probe, World},
};
use crate::{
    program::Gap,
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
    // Which contacts are too close, when the gap is asked of each, and until when each stands in the way.
    let mut close = Vec::new();
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
                close.push((index, t, end));
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
            let end = if world.is_counted(contact) { zone.add(contact.at, gap.period) } else { contact.at };
            close.push((index, contact.at, end));
        }
    }
    let mut until = t;
    let mut contacts = Vec::new();
    for (index, asked_at, end) in close {
        if let Some(in_force) = in_force_until(world, gap, asked_at) {
            contacts.push(index);
            until = until.max(end.min(in_force));
        }
    }
    (!contacts.is_empty()).then(|| Block { contacts, ..Block::new(Reason::Gap, index, until) })
}

/// Until when a gap that is in force stays so; none if it is not.
///
/// Of two contacts it is asked at the later one, whichever of them is placed first: so a touch that was sent before
/// another one was placed keeps the distance that it would have been given after it.
fn in_force_until(world: &mut World<'_>, gap: &Gap, at: Instant) -> Option<Instant> {
    let Some(condition) = gap.condition else { return Some(Instant::MAX) };
    let stretch = world.stretch(condition, at, None);
    stretch.holds.then_some(stretch.until)
}
