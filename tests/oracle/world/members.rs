//! Which events and contacts count at an instant (section 2).

use courtesy::{
    program::{EventId, FieldId, Set, SetId, Window},
    snapshot::Value,
    time::Instant,
};

use super::{Members, World, is};

/// The event that a filter looks at.
pub type Row = Option<(EventId, usize)>;

/// At what an expression is evaluated.
#[derive(Clone, Copy)]
pub struct At {
    pub t: Instant,
    /// When the sequence began, if it has (6.4).
    pub began: Option<Instant>,
    pub row: Row,
}

impl World<'_> {
    /// Everything of the set that ever exists: when, and the row of it.
    pub fn all(&self, set: SetId) -> Members {
        let known = match self.program.arena.set(set) {
            Set::Events { .. } => &self.of_events.members,
            Set::Contacts(_) => &self.of_contacts.members,
        };
        if let Some(known) = known.borrow().get(&set) {
            return known.clone();
        }
        let found: Members = self.find_all(set).into();
        known.borrow_mut().insert(set, found.clone());
        found
    }

    fn find_all(&self, set: SetId) -> Vec<(Instant, usize)> {
        match self.program.arena.set(set) {
            Set::Events { event, filter } => {
                let rows = self.user.events(*event).at.iter().copied().enumerate();
                let exists = rows.filter(|(_, at)| *at <= self.now);
                exists
                    .filter(|(row, at)| {
                        let at = At { t: *at, began: None, row: Some((*event, *row)) };
                        filter.is_none_or(|filter| self.holds_at(filter, at))
                    })
                    .map(|(row, at)| (at, row))
                    .collect()
            }
            Set::Contacts(test) => {
                let rows = self.contacts.iter().enumerate();
                rows.filter(|(_, one)| is(&one.what, *test)).map(|(row, one)| (one.what.at, row)).collect()
            }
        }
    }

    /// Those in the window that ends with the instant.
    pub fn members(&self, set: SetId, window: Window, at: At) -> Vec<(Instant, usize)> {
        let all = self.all(set);
        let members =
            all.iter().filter(|(happened, _)| *happened <= at.t && self.is_in(*happened, window, at));
        members.copied().collect()
    }

    /// Whether what happened then, not after the instant, is in the window that ends with it.
    fn is_in(&self, happened: Instant, window: Window, at: At) -> bool {
        match window {
            Window::Ever => true,
            Window::Rolling(period) => at.t < self.clock.add(happened, period),
            Window::Calendar(unit) => self.clock.window(at.t, unit, self.program.week_starts).0 <= happened,
            Window::Since(date) => self.clock.start_of_day(date) <= happened,
            Window::Sequence => at.began.is_some_and(|began| began < happened),
        }
    }

    /// The values of a field in the members, in order of time.
    pub fn fields(&self, set: SetId, field: FieldId, window: Window, at: At) -> Vec<Value> {
        let Set::Events { event, .. } = self.program.arena.set(set) else { return Vec::new() };
        let members = self.members(set, window, at).into_iter();
        members.map(|(_, row)| self.user.events(*event).value(field, row)).collect()
    }
}
