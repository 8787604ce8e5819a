//! What a touch is placed into: one user, what they got and what is planned for them so far.

use std::borrow::Cow;

use crate::{
    eval::{Evaluator, Situation, Stretch},
    program::{
        CategoryId, ChannelId, ConditionId, ContactKinds, ContactTest, ExpressionId, MessageId, Program,
        RuleId, SetId,
    },
    snapshot::{PastContact, User, Value},
    time::{Instant, Length, Unit, Zone},
};

/// How many years ahead an instant is looked for.
const SEARCH_YEARS: i64 = 5;

/// One user, what they got and what is planned for them so far.
pub(super) struct World<'a> {
    pub(super) program: &'a Program,
    pub(super) user: &'a User,
    pub(super) now: Instant,
    pub(super) end: Instant,
    evaluator: &'a mut Evaluator,
    /// The contacts until now, and touches of earlier plans that were handed over and are still to go.
    history: &'a [PastContact],
    /// The history and the touches placed so far; empty until the first is placed.
    merged: Vec<PastContact>,
    /// Which of `merged` are planned.
    planned: Vec<bool>,
    /// When the first touch goes of those placed since this was asked, and of which kinds they are.
    news: Option<(Instant, ContactKinds)>,
}

/// A touch that looks for its place.
pub(super) struct Probe<'a> {
    pub(super) rule: RuleId,
    pub(super) channel: ChannelId,
    pub(super) message: MessageId,
    pub(super) categories: &'a [CategoryId],
    pub(super) is_counted: bool,
}

impl Probe<'_> {
    /// Whether it is of that kind.
    pub(super) fn is(&self, test: ContactTest) -> bool {
        match test {
            ContactTest::Any => true,
            ContactTest::Channel(channel) => self.channel == channel,
            ContactTest::Message(message) => self.message == message,
            ContactTest::Category(category) => self.categories.contains(&category),
            ContactTest::Rule(rule) => self.rule == rule,
        }
    }
}

/// What a plan from `now` knows of a user's contacts: those until `now`, and those after it that bear the id of a touch.
/// These were planned before and handed over; all else after `now` does not exist.
pub(super) fn known_contacts(contacts: &[PastContact], now: Instant) -> Cow<'_, [PastContact]> {
    let past = contacts.partition_point(|contact| contact.at <= now);
    let (until_now, after) = contacts.split_at(past);
    let handed_over = || after.iter().filter(|contact| contact.touch_id.is_some());
    if handed_over().next().is_none() {
        return Cow::Borrowed(until_now);
    }
    Cow::Owned(until_now.iter().chain(handed_over()).cloned().collect())
}

fn kinds_of(contact: &PastContact) -> ContactKinds {
    let channel = contact.channel.map(ContactTest::Channel);
    let message = contact.message.map(ContactTest::Message);
    let rule = contact.rule.map(ContactTest::Rule);
    let categories = contact.categories.iter().map(ContactTest::Category);
    let all = channel.into_iter().chain(message).chain(rule).chain(categories);
    all.fold(ContactKinds::default(), |kinds, test| kinds.and(ContactKinds::of(test)))
}

impl<'a> World<'a> {
    pub(super) fn new(
        program: &'a Program,
        user: &'a User,
        history: &'a [PastContact],
        now: Instant,
        end: Instant,
        evaluator: &'a mut Evaluator,
    ) -> Self {
        evaluator.begin();
        Self {
            program,
            user,
            now,
            end,
            evaluator,
            history,
            merged: Vec::new(),
            planned: Vec::new(),
            news: None,
        }
    }

    /// Where the search for an instant ends for what is due then.
    pub(super) fn search_end(&self, due: Instant) -> Instant {
        self.zone().step(due.max(self.now), SEARCH_YEARS, Unit::Year)
    }

    /// Whether an instant is past [`Self::search_end`].
    pub(super) fn ends_search(&self, due: Instant, at: Instant) -> bool {
        // Most are far from it, which takes no calendar to tell.
        let for_sure = Length::of(SEARCH_YEARS, Unit::Year).earliest_after(due.max(self.now));
        at >= for_sure && at >= self.search_end(due)
    }

    pub(super) fn zone(&self) -> &'a Zone {
        &self.user.zone
    }

    /// The contacts until now, and touches that were handed over.
    pub(super) fn history(&self) -> &'a [PastContact] {
        self.history
    }

    /// The contacts in the history that may be of the rule.
    pub(super) fn own_contacts(&self, rule: RuleId) -> impl Iterator<Item = &'a PastContact> + use<'a> {
        self.history.iter().filter(move |contact| {
            contact.rule == Some(rule) || (contact.rule.is_none() && contact.touch_id.is_some())
        })
    }

    /// The history and the touches placed so far, in order of time.
    pub(super) fn contacts(&self) -> &[PastContact] {
        if self.merged.is_empty() { self.history } else { &self.merged }
    }

    /// Whether a contact is planned rather than past.
    pub(super) fn is_planned(&self, index: usize) -> bool {
        let is_ahead = || self.history.get(index).is_some_and(|contact| contact.at > self.now);
        self.planned.get(index).copied().unwrap_or_else(is_ahead)
    }

    /// When the first touch goes of those placed since this was asked, and of which kinds they are.
    pub(super) fn take_news(&mut self) -> Option<(Instant, ContactKinds)> {
        self.news.take()
    }

    /// Adds a touch.
    pub(super) fn place(&mut self, touch: PastContact) {
        let (at, kinds) = self.news.unwrap_or((touch.at, ContactKinds::default()));
        self.news = Some((at.min(touch.at), kinds.and(kinds_of(&touch))));
        if self.merged.is_empty() {
            self.merged.extend_from_slice(self.history);
            self.planned.extend(self.history.iter().map(|contact| contact.at > self.now));
        }
        let index = self.merged.partition_point(|contact| contact.at <= touch.at);
        self.merged.insert(index, touch);
        self.planned.insert(index, true);
        self.evaluator.contacts_changed();
    }

    /// Whether a contact fills caps and gaps for others.
    pub(super) fn is_counted(&self, contact: &PastContact) -> bool {
        let rule = contact.rule.and_then(|rule| self.program.rules.get(rule.index()));
        rule.is_none_or(|rule| rule.is_counted)
    }

    /// Whether a contact goes whatever caps and gaps say.
    pub(super) fn ignores_caps(&self, contact: &PastContact) -> bool {
        let rule = contact.rule.and_then(|rule| self.program.rules.get(rule.index()));
        rule.is_some_and(|rule| rule.ignores_caps)
    }

    fn ask(&mut self, sequence: Option<Instant>) -> (Situation<'_>, &mut Evaluator) {
        let contacts = if self.merged.is_empty() { self.history } else { &self.merged };
        let situation =
            Situation { program: self.program, user: self.user, now: self.now, contacts, sequence };
        (situation, self.evaluator)
    }

    /// Whether the condition holds at an instant, and a stretch on which that does not change.
    pub(super) fn stretch(&mut self, c: ConditionId, t: Instant, sequence: Option<Instant>) -> Stretch {
        let (situation, evaluator) = self.ask(sequence);
        evaluator.stretch(&situation, c, t)
    }

    /// Whether the condition holds at an instant.
    pub(super) fn holds(&mut self, c: ConditionId, t: Instant) -> bool {
        let (situation, evaluator) = self.ask(None);
        evaluator.holds(&situation, c, t)
    }

    /// The first instant from `t` on at which the condition does not hold, as far as is searched for what is due then.
    pub(super) fn ends(&mut self, c: ConditionId, t: Instant, due: Instant) -> Instant {
        let limit = self.search_end(due);
        let (situation, evaluator) = self.ask(None);
        let end = evaluator.holds_until(&situation, c, t, limit);
        if end < limit { end } else { Instant::MAX }
    }

    /// The first instant in `[from, before)` at which the condition holds.
    pub(super) fn first_holding(
        &mut self,
        c: ConditionId,
        from: Instant,
        before: Instant,
        sequence: Option<Instant>,
    ) -> Option<Instant> {
        let (situation, evaluator) = self.ask(sequence);
        evaluator.first_holding(&situation, c, from, before)
    }

    /// The spell that holds at an instant.
    pub(super) fn spell_at(&mut self, c: ConditionId, t: Instant) -> Option<(Instant, Instant)> {
        let (situation, evaluator) = self.ask(None);
        evaluator.spell_at(&situation, c, t).map(|spell| (spell.start, spell.end))
    }

    /// The first spell that starts in `[from, before)`.
    pub(super) fn next_spell(
        &mut self,
        c: ConditionId,
        from: Instant,
        before: Instant,
    ) -> Option<(Instant, Instant)> {
        let (situation, evaluator) = self.ask(None);
        evaluator.next_spell(&situation, c, from, before).map(|spell| (spell.start, spell.end))
    }

    /// An expression's value at an instant.
    pub(super) fn value(&mut self, e: ExpressionId, t: Instant) -> Value {
        let (situation, evaluator) = self.ask(None);
        evaluator.value(&situation, e, t)
    }

    /// The rows of a set's members, in order of time.
    pub(super) fn members(&mut self, set: SetId) -> Vec<usize> {
        let (situation, evaluator) = self.ask(None);
        evaluator.rows(&situation, set).collect()
    }
}
