//! Which touches were made already (6.7), and what they are called (6.8).

use std::collections::HashSet;

use courtesy::{
    program::{ChannelId, MessageId, RuleId},
    time::Instant,
};

use super::{Planner, occurrences::Occurrence};

/// XXH3-128 of the parts, each followed by a zero byte.
pub fn touch_id(rule: &str, user: &str, key: &str, step: usize, channel: Option<&str>) -> u128 {
    let number = step.to_string();
    let mut bytes = Vec::new();
    for part in [rule, user, key, &number].into_iter().chain(channel) {
        bytes.extend_from_slice(part.as_bytes());
        bytes.push(0);
    }
    xxhash_rust::xxh3::xxh3_128(&bytes)
}

impl Planner<'_> {
    /// When a touch with that id was made.
    pub fn made(&self, id: u128) -> Option<Instant> {
        self.history().find(|(_, one)| one.touch_id == Some(id)).map(|(_, one)| one.at)
    }

    /// The contacts that are not of this plan.
    fn history(&self) -> impl Iterator<Item = (usize, &courtesy::snapshot::PastContact)> {
        let made = self.world.user.contacts.iter().enumerate();
        made.filter(|(_, one)| one.at <= self.world.now || one.touch_id.is_some())
    }

    /// The first contact without an id that counts for a step: from the occurrence's moment on, before
    /// the next one's, and not counted yet.
    pub fn counts(
        &self,
        occurrence: &Occurrence,
        (from, before): (Instant, Option<Instant>),
        messages: &[MessageId],
        channel: Option<ChannelId>,
        used: &mut Vec<usize>,
    ) -> Option<Instant> {
        let (index, at) = self
            .history()
            .filter(|(index, one)| {
                one.touch_id.is_none()
                    && one.rule == Some(occurrence.rule)
                    && one.message.is_some_and(|message| messages.contains(&message))
                    && (channel.is_none() || one.channel == channel)
                    && one.at >= from
                    && before.is_none_or(|before| one.at < before)
                    && !used.contains(index)
            })
            .map(|(index, one)| (index, one.at))
            .next()?;
        used.push(index);
        Some(at)
    }

    /// Whether no contact of the history can be one of the rule.
    pub fn sent_nothing(&self, rule: RuleId) -> bool {
        !self.history().any(|(_, one)| one.rule == Some(rule) || one.rule.is_none() && one.touch_id.is_some())
    }

    /// Whether a spell is over and nothing was sent in it; a contact may itself have ended it (5.6).
    pub fn is_over(&self, occurrence: &Occurrence) -> bool {
        let Some(end) = occurrence.spell.and_then(|spell| spell.end).filter(|end| *end <= self.world.now)
        else {
            return false;
        };
        let mut inside = self.history().map(|(_, one)| one);
        !inside.any(|one| {
            let named = one.rule == Some(occurrence.rule);
            let id = one.touch_id.filter(|_| one.rule.is_none());
            occurrence.moment <= one.at
                && one.at <= end
                && (named || id.is_some_and(|id| self.is_touch_of(occurrence, id, end)))
        })
    }

    /// Whether the id is that of a touch of the spell that ends then.
    fn is_touch_of(&self, occurrence: &Occurrence, id: u128, end: Instant) -> bool {
        let known = (occurrence.rule, occurrence.key.clone());
        let mut touches = self.touches.borrow_mut();
        touches.entry(known).or_insert_with(|| self.touches_of(occurrence, end)).contains(&id)
    }

    fn touches_of(&self, occurrence: &Occurrence, end: Instant) -> HashSet<u128> {
        let rule = &self.world.program.rules[occurrence.rule.index()];
        let repetitions = rule.again.map_or(0, |again| {
            // The n-th is due n periods after the beginning, or after a contact, at the earliest.
            let first = self.history().map(|(_, one)| one.at).next().unwrap_or(end);
            let mut at = if occurrence.moment == Instant::MIN { first } else { occurrence.moment };
            let mut count = 0;
            while at <= end && count < 10_000 {
                at = self.world.clock.step(at, again.count.into(), again.unit);
                count += 1;
            }
            count
        });
        let key = |turn| match turn {
            0 => occurrence.key.clone(),
            turn => format!("{}/{turn}", occurrence.key),
        };
        let steps = (0..=repetitions).flat_map(|turn| (0..rule.steps.len()).map(move |step| (turn, step)));
        steps
            .flat_map(|(turn, step)| self.targets(occurrence, &key(turn), step))
            .map(|target| target.id)
            .collect()
    }

    /// The contacts of an occurrence's rule from an instant on.
    pub fn contacts_of(&self, occurrence: &Occurrence, from: Instant) -> Vec<Instant> {
        let all = self.world.contacts.iter().filter(|one| one.what.rule == Some(occurrence.rule));
        all.map(|one| one.what.at).filter(|at| *at >= from).collect()
    }
}
