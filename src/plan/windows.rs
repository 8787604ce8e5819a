//! Whether one more contact would overfill a window, be it one that ends with the contact or with a later one.

use std::{cmp::Reverse, collections::BinaryHeap};

use super::world::World;
use crate::{
    snapshot::PastContact,
    syntax::ast::CapWindow,
    time::{Instant, Length, Zone},
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

/// What is counted in a window, as its end moves on: what falls out first comes first. That need not be the earliest
/// contact, for the calendar steps from several days to one, and clocks go back.
struct Open {
    window: Option<CapWindow>,
    contacts: BinaryHeap<Reverse<(Instant, usize)>>,
    /// The first contact after the end of the window.
    next: usize,
    /// Contacts before this one were told.
    told: usize,
}

impl Open {
    fn new(world: &World<'_>, window: Option<CapWindow>, members: &[usize], next: usize) -> Self {
        let known = members.iter().filter_map(|index| Some((*index, world.contacts().get(*index)?)));
        let contacts =
            known.map(|(index, contact)| Reverse((expiry(world.zone(), window, contact.at), index)));
        Self { window, contacts: contacts.collect(), next, told: 0 }
    }

    /// Moves the end of the window to `u`.
    fn go_on(&mut self, world: &World<'_>, u: Instant, is_counted: impl Fn(&PastContact) -> bool) {
        while let Some(contact) = world.contacts().get(self.next).filter(|contact| contact.at <= u) {
            if is_counted(contact) {
                self.contacts.push(Reverse((expiry(world.zone(), self.window, contact.at), self.next)));
            }
            self.next += 1;
        }
        while self.contacts.peek().is_some_and(|Reverse((expiry, _))| *expiry <= u) {
            self.contacts.pop();
        }
    }

    /// Tells the contacts that were not told before.
    fn tell(&mut self, contacts: &mut Vec<usize>) {
        let indices = self.contacts.iter().map(|Reverse((_, index))| *index);
        contacts.extend(indices.filter(|index| *index >= self.told));
        self.told = self.next;
    }
}

impl<R, L> Tally<R, L>
where
    R: Fn(&World<'_>, &PastContact) -> Role,
    L: FnMut(&mut World<'_>, Instant) -> Option<(u32, Instant)>,
{
    /// Whether a contact at `t` would be one too many.
    pub(super) fn check(&mut self, world: &mut World<'_>, t: Instant) -> Option<Overfull> {
        if self.least > 0 && !self.has_near(world, t) {
            return None;
        }
        let zone = world.zone();
        let stretch = self.window.and_then(|window| calendar(world, window, t));
        let first_later = world.contacts().partition_point(|contact| contact.at <= t);
        let mut found: Option<Overfull> = None;

        // The window that ends with the touch itself. One without a length is all of time, and no other is needed.
        let end = if self.window.is_some() { t } else { Instant::MAX };
        let members = self.members(world, stretch, end);
        if members.len() >= self.least as usize
            && let Some((limit, stays)) = (self.limit)(world, t)
            && members.len() >= limit as usize
        {
            let free = match stretch {
                Some((_, end)) => end,
                None => self.room(world, &members, limit),
            };
            found = Some(Overfull { until: free.min(stays), contacts: members.clone() });
        }

        // The windows that end with later contacts.
        let has_others = self.is_counted && self.window.is_some();
        let later = if has_others { first_later..world.contacts().len() } else { 0..0 };
        if later.is_empty() {
            return found;
        }
        let own_expiry = expiry(zone, self.window, t);
        let mut open: Option<Open> = None;
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
            let open = open.get_or_insert_with(|| Open::new(world, self.window, &members, first_later));
            open.go_on(world, u, |contact| (self.role)(world, contact) == Role::Counted);
            let count = open.contacts.len() + 1 + usize::from(role == Role::Bound);
            if count > self.least as usize
                && let Some((limit, _)) = (self.limit)(world, u)
                && count > limit as usize
            {
                let found = found.get_or_insert(Overfull { until: t, contacts: Vec::new() });
                found.until = found.until.max(u);
                open.tell(&mut found.contacts);
            }
        }
        found
    }

    /// Whether there is a contact of its concern later than `t`, or so little earlier that a window could hold both: most
    /// often there is none, which takes no clock to tell.
    fn has_near(&self, world: &World<'_>, t: Instant) -> bool {
        let longest = match self.window {
            Some(CapWindow::Rolling(period)) => Length::of(period.count.into(), period.unit),
            Some(CapWindow::Calendar(unit)) => Length::of(2, unit.unit()),
            None => return true,
        };
        let latest_first = world.contacts().iter().rev();
        latest_first
            .take_while(|contact| longest.latest_after(contact.at) > t)
            .any(|contact| (self.role)(world, contact) != Role::None)
    }

    /// What is counted in the window that ends with `u`, the latest first.
    fn members(&self, world: &World<'_>, stretch: Option<(Instant, Instant)>, u: Instant) -> Vec<usize> {
        let contacts = world.contacts();
        let upto = contacts.partition_point(|contact| contact.at <= u);
        let mut members = Vec::new();
        let length = match self.window {
            Some(CapWindow::Rolling(period)) => Some(Length::of(period.count.into(), period.unit)),
            _ => None,
        };
        for (index, contact) in contacts.iter().enumerate().take(upto).rev() {
            // Most contacts are in or out by far, which takes no clock to tell.
            let is_over = match (stretch, length) {
                (Some((start, _)), _) => contact.at < start,
                (None, Some(length)) => length.latest_after(contact.at) <= u,
                (None, None) => false,
            };
            if is_over {
                break;
            }
            if (self.role)(world, contact) != Role::Counted {
                continue;
            }
            let is_inside = length.is_none_or(|length| length.earliest_after(contact.at) > u);
            if is_inside || expiry(world.zone(), self.window, contact.at) > u {
                members.push(index);
            }
        }
        members
    }

    /// When so many of the members have fallen out of a rolling window that there is room for one more.
    fn room(&self, world: &World<'_>, members: &[usize], limit: u32) -> Instant {
        let at = |index: &usize| world.contacts().get(*index).map(|contact| contact.at);
        let mut ends: Vec<Instant> =
            members.iter().filter_map(at).map(|at| expiry(world.zone(), self.window, at)).collect();
        ends.sort_unstable();
        let leave = (ends.len() + 1).saturating_sub(limit as usize);
        leave.checked_sub(1).and_then(|last| ends.get(last)).copied().unwrap_or(Instant::MAX)
    }
}
