//! Whether one more contact would overfill a window, be it one that ends with the contact or with a later one.

use super::world::World;
use crate::{
    snapshot::PastContact,
    syntax::ast::CapWindow,
    time::{Instant, Zone},
};

/// What a contact is to a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Not its concern.
    None,
    /// It fills it.
    Counted,
    /// It must itself respect the limit, but leaves no trace for others.
    Bound,
}

/// Why one more contact would be too many.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Overfull {
    /// The earliest later instant at which it could be otherwise.
    pub(super) until: Instant,
    /// The contacts that fill the windows.
    pub(super) contacts: Vec<usize>,
}

/// A window and what counts in it.
pub(super) struct Tally<R, L> {
    /// How long it is; for ever if absent.
    pub(super) window: Option<CapWindow>,
    /// What a contact is to it.
    pub(super) role: R,
    /// The limit at an instant and until when it stays; none if there is no limit then.
    pub(super) limit: L,
    /// A number below which no limit is.
    pub(super) least: u32,
    /// Whether the touch fills the window for others.
    pub(super) is_counted: bool,
}

/// The calendar stretch that holds an instant.
fn calendar(world: &World<'_>, window: CapWindow, t: Instant) -> Option<(Instant, Instant)> {
    match window {
        CapWindow::Rolling(_) => None,
        CapWindow::Calendar(unit) => Some(world.zone().window(t, unit, world.program.week_starts)),
    }
}

/// When a contact at `a` falls out of a rolling window.
fn expiry(zone: &Zone, window: Option<CapWindow>, a: Instant) -> Instant {
    match window {
        Some(CapWindow::Rolling(period)) => zone.add(a, period),
        _ => Instant::MAX,
    }
}

impl<R, L> Tally<R, L>
where
    R: Fn(&World<'_>, &PastContact) -> Role,
    L: FnMut(&mut World<'_>, Instant) -> Option<(u32, Instant)>,
{
    /// Whether a contact at `t` would be one too many.
    pub(super) fn check(&mut self, world: &mut World<'_>, t: Instant) -> Option<Overfull> {
        let zone = world.zone();
        let stretch = self.window.and_then(|window| calendar(world, window, t));
        let own_expiry = expiry(zone, self.window, t);
        let first_later = world.contacts().partition_point(|contact| contact.at <= t);
        let mut found: Option<Overfull> = None;

        // The window that ends with the touch itself.
        let inside = |world: &World<'_>, contact: &PastContact| match stretch {
            Some((start, _)) => start <= contact.at,
            None => expiry(world.zone(), self.window, contact.at) > t,
        };
        let mut members: Vec<usize> = Vec::new();
        for index in (0..first_later).rev() {
            let Some(contact) = world.contacts().get(index) else { break };
            if !inside(world, contact) {
                break;
            }
            if (self.role)(world, contact) == Role::Counted {
                members.push(index);
            }
        }
        if members.len() >= self.least as usize
            && let Some((limit, stays)) = (self.limit)(world, t)
            && members.len() >= limit as usize
        {
            // Latest first: the one that must expire is as far from the front as may stay.
            let free = match stretch {
                Some((_, end)) => end,
                None => (limit as usize)
                    .checked_sub(1)
                    .and_then(|stay| members.get(stay))
                    .and_then(|index| world.contacts().get(*index))
                    .map_or(Instant::MAX, |contact| expiry(zone, self.window, contact.at)),
            };
            found = Some(Overfull { until: free.min(stays), contacts: members.clone() });
        }

        // The windows that end with later contacts.
        let later = if self.is_counted { first_later..world.contacts().len() } else { 0..0 };
        for index in later {
            let Some(contact) = world.contacts().get(index) else { break };
            let u = contact.at;
            if stretch.map_or(u >= own_expiry, |(_, end)| u >= end) {
                break;
            }
            let role = (self.role)(world, contact);
            if role == Role::None {
                continue;
            }
            let in_window = |contact: &PastContact| match stretch {
                Some((start, _)) => start <= contact.at,
                None => expiry(zone, self.window, contact.at) > u,
            };
            let upto = world.contacts().partition_point(|contact| contact.at <= u);
            let members: Vec<usize> = (0..upto)
                .rev()
                .map_while(|index| world.contacts().get(index).filter(|c| in_window(c)).map(|c| (index, c)))
                .filter(|(_, contact)| (self.role)(world, contact) == Role::Counted)
                .map(|(index, _)| index)
                .collect();
            let count = members.len() + 1 + usize::from(role == Role::Bound);
            if count > self.least as usize
                && let Some((limit, _)) = (self.limit)(world, u)
                && count > limit as usize
            {
                let found = found.get_or_insert(Overfull { until: t, contacts: Vec::new() });
                // What leaves no trace may be joined at its instant.
                found.until = found.until.max(if role == Role::Bound { u } else { u.next() });
                found.contacts.extend(members);
            }
        }
        found
    }
}
