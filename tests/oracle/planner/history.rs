//! Which touches were made already (6.7), and what they are called (6.8).

use courtesy::{
    program::{ChannelId, MessageId},
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

    /// Whether a spell is over and nothing was sent in it; a contact may itself have ended it (5.6).
    pub fn is_over(&self, occurrence: &Occurrence) -> bool {
        let Some(end) = occurrence.spell.and_then(|spell| spell.end).filter(|end| *end <= self.world.now)
        else {
            return false;
        };
        let mut own = self.history().filter(|(_, one)| {
            one.rule == Some(occurrence.rule) || one.rule.is_none() && one.touch_id.is_some()
        });
        !own.any(|(_, one)| occurrence.moment <= one.at && one.at <= end)
    }

    /// The contacts of an occurrence's rule from an instant on, before the next occurrence.
    pub fn contacts_of(
        &self,
        occurrence: &Occurrence,
        from: Instant,
        next_moment: Option<Instant>,
    ) -> Vec<Instant> {
        let all = self.world.contacts.iter().filter(|one| one.what.rule == Some(occurrence.rule));
        let all = all.map(|one| one.what.at).filter(|at| *at >= from);
        all.filter(|at| next_moment.is_none_or(|next| *at < next)).collect()
    }
}
