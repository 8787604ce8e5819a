//! Which touches were made, as the contacts in the history tell.

use std::{cell::OnceCell, ops::Range};

use hashbrown::{HashMap, HashSet};

use super::outcome::TouchId;
use crate::{program::RuleId, snapshot::PastContact, time::Instant};

/// The contacts in the history of one user, and which touches they are of.
pub(super) struct Claims<'a> {
    history: &'a [PastContact],
    /// Each contact that a rule may claim, by what it is looked up; nobody looks for those of most users.
    marks: OnceCell<Vec<(Mark, usize)>>,
    /// The touches that contacts without an id were taken for, and when these were.
    made: HashMap<TouchId, Instant>,
    /// These contacts.
    taken: HashSet<usize>,
}

/// What tells whose a contact is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Mark {
    Touch(u128),
    /// Of one that bears no id.
    Rule(RuleId),
}

impl<'a> Claims<'a> {
    pub(super) fn new(history: &'a [PastContact]) -> Self {
        Self { history, marks: OnceCell::new(), made: HashMap::new(), taken: HashSet::new() }
    }

    /// All marks, and of equal ones the earlier contact first.
    fn marks(&self) -> &[(Mark, usize)] {
        self.marks.get_or_init(|| {
            let mark = |contact: &PastContact| {
                contact.touch_id.map(Mark::Touch).or_else(|| contact.rule.map(Mark::Rule))
            };
            let marked = self.history.iter().enumerate();
            let mut marks: Vec<_> =
                marked.filter_map(|(index, contact)| Some((mark(contact)?, index))).collect();
            marks.sort_unstable();
            marks
        })
    }

    /// The contacts of a mark, in order of time.
    fn of(&self, mark: Mark) -> &[(Mark, usize)] {
        let marks = self.marks();
        let start = marks.partition_point(|(other, _)| *other < mark);
        let marks = marks.get(start..).unwrap_or_default();
        marks.get(..marks.partition_point(|(other, _)| *other == mark)).unwrap_or_default()
    }

    /// The contacts without an id that the rule made at an instant or later.
    fn without_id(
        &self,
        rule: RuleId,
        from: Instant,
    ) -> impl Iterator<Item = (usize, &'a PastContact)> + use<'_, 'a> {
        let at = |index: usize| self.history.get(index).map_or(Instant::MAX, |contact| contact.at);
        let own = self.of(Mark::Rule(rule));
        let later = own.get(own.partition_point(|(_, index)| at(*index) < from)..).unwrap_or_default();
        later.iter().filter_map(|(_, index)| Some((*index, self.history.get(*index)?)))
    }

    /// Whether any contact may be of a touch of the rule; most are of other rules, which takes no hash to tell.
    pub(super) fn may_have(&self, rule: RuleId) -> bool {
        matches!(self.marks().first(), Some((Mark::Touch(_), _))) || !self.of(Mark::Rule(rule)).is_empty()
    }

    /// The contacts that bear an id.
    pub(super) fn with_id(&self, id: u128) -> impl Iterator<Item = &'a PastContact> {
        self.of(Mark::Touch(id)).iter().filter_map(|(_, index)| self.history.get(*index))
    }

    /// When the rule made its first contact without an id from an instant on.
    pub(super) fn first_without_id(&self, rule: RuleId, from: Instant) -> Option<Instant> {
        self.without_id(rule, from).next().map(|(_, contact)| contact.at)
    }

    /// When a touch was made, if that is known.
    pub(super) fn made(&self, id: TouchId) -> Option<Instant> {
        let by_id = self.with_id(id.0).next().map(|contact| contact.at);
        by_id.or_else(|| self.made.get(&id).copied())
    }

    /// Takes the first contact without an id for a touch that is of the rule, within a time, fits, and is of no other touch.
    pub(super) fn take(
        &mut self,
        rule: RuleId,
        id: TouchId,
        within: Range<Instant>,
        fits: impl Fn(&PastContact) -> bool,
    ) -> Option<Instant> {
        let until_then = self.without_id(rule, within.start);
        let (index, contact) = until_then
            .take_while(|(_, contact)| contact.at < within.end)
            .find(|(index, contact)| fits(contact) && !self.taken.contains(index))?;
        self.taken.insert(index);
        self.made.insert(id, contact.at);
        Some(contact.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contact(at: i64, rule: Option<u32>, touch_id: Option<u128>) -> PastContact {
        let at = Instant::from_seconds(at);
        let rule = rule.map(RuleId);
        PastContact { at, channel: None, message: None, categories: [].into_iter().collect(), rule, touch_id }
    }

    fn time(seconds: i64) -> Instant {
        Instant::from_seconds(seconds)
    }

    #[test]
    fn a_contact_is_of_one_touch_only() {
        let history = [1, 2, 2, 3].map(|at| contact(at, Some(7), None));
        let mut claims = Claims::new(&history);
        let rule = RuleId(7);
        let mut take = |id, within: Range<i64>| {
            claims.take(rule, TouchId(id), time(within.start)..time(within.end), |_| true)
        };
        assert_eq!(take(10, 2..3), Some(time(2)));
        assert_eq!(take(11, 2..3), Some(time(2)));
        assert_eq!(take(12, 2..3), None);
        assert_eq!(take(13, 0..9), Some(time(1)));
        assert_eq!(take(14, Range { start: 9, end: 0 }), None);
        assert_eq!(claims.made(TouchId(11)), Some(time(2)));
        assert_eq!(claims.made(TouchId(12)), None);
        assert_eq!(claims.first_without_id(rule, time(3)), Some(time(3)));
    }

    #[test]
    fn what_bears_an_id_is_of_that_touch_and_of_no_other() {
        let history = [contact(1, Some(7), Some(5)), contact(2, None, Some(5)), contact(3, Some(8), None)];
        let mut claims = Claims::new(&history);
        assert_eq!(claims.made(TouchId(5)), Some(time(1)));
        assert_eq!(claims.with_id(5).count(), 2);
        assert_eq!(claims.take(RuleId(7), TouchId(6), time(0)..time(9), |_| true), None);
        assert!(claims.may_have(RuleId(9)), "an id may be of any rule");
        let claims = Claims::new(&history[2..]);
        assert!(claims.may_have(RuleId(8)) && !claims.may_have(RuleId(9)));
    }
}
