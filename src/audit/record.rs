//! Everything that a user got and is to get, in order of time.

use std::sync::Arc;

use super::{Concerned, Scheduled};
use crate::{
    program::Program,
    snapshot::{Names, PastContact, User, parse_touch_id},
    time::Instant,
};

/// Of how many other contacts a breach tells.
pub(super) const MOST_OTHERS: usize = 10;

/// A contact of the record, besides what conditions see of it.
pub(super) struct Entry<'a> {
    /// The touch, if it is planned rather than past.
    pub(super) touch: Option<&'a Scheduled>,
    /// Whether it fills caps and gaps.
    pub(super) is_counted: bool,
    /// Whether caps and gaps do not hold for it.
    pub(super) ignores_caps: bool,
}

/// Everything that a user got and is to get, in order of time; at one instant what is past comes first.
pub(super) struct Record<'a> {
    pub(super) contacts: Vec<PastContact>,
    pub(super) entries: Vec<Entry<'a>>,
}

impl<'a> Record<'a> {
    /// History until the schedule begins, then the schedule.
    pub(super) fn new(
        program: &Program,
        names: &Names,
        user: &User,
        touches: &'a [Scheduled],
        now: Option<Instant>,
    ) -> Self {
        let mut all: Vec<(PastContact, Option<&'a Scheduled>)> = Vec::new();
        let planned = touches.iter().map(|touch| (contact(program, names, touch), touch));
        let planned: Vec<_> = planned.collect();
        if let Some(first) = touches.iter().map(|touch| touch.at).min() {
            let is_past = |past: &&PastContact| match now {
                Some(now) if now <= first => past.at <= now,
                // What was sent at the very instant of the first touch may be that touch itself.
                _ => {
                    let is_it = |touch: &PastContact| {
                        touch.touch_id.is_some() && touch.touch_id == past.touch_id && touch.at == past.at
                    };
                    past.at < first || (past.at == first && !planned.iter().any(|(touch, _)| is_it(touch)))
                }
            };
            all.extend(user.contacts.iter().filter(is_past).map(|past| (past.clone(), None)));
        }
        all.extend(planned.into_iter().map(|(contact, touch)| (contact, Some(touch))));
        // Stable: history stays before the schedule, and the schedule as given.
        all.sort_by_key(|(contact, _)| contact.at);
        let mut record =
            Self { contacts: Vec::with_capacity(all.len()), entries: Vec::with_capacity(all.len()) };
        for (contact, touch) in all {
            let rule = contact.rule.and_then(|rule| program.rules.get(rule.index()));
            record.entries.push(Entry {
                touch,
                is_counted: rule.is_none_or(|rule| rule.is_counted),
                ignores_caps: rule.is_some_and(|rule| rule.ignores_caps),
            });
            record.contacts.push(contact);
        }
        record
    }

    /// The contact, with what else is known of it.
    pub(super) fn get(&self, index: usize) -> Option<(&PastContact, &Entry<'a>)> {
        Some((self.contacts.get(index)?, self.entries.get(index)?))
    }

    /// All, each with its number.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, &PastContact, &Entry<'a>)> {
        self.contacts
            .iter()
            .zip(&self.entries)
            .enumerate()
            .map(|(index, (contact, entry))| (index, contact, entry))
    }

    /// The planned ones, each with its number.
    pub(super) fn planned(&self) -> impl Iterator<Item = (usize, &PastContact, &'a Scheduled)> {
        self.iter().filter_map(|(index, contact, entry)| Some((index, contact, entry.touch?)))
    }

    /// What is told of some of them: of the latest ten, in order of time.
    pub(super) fn concerned(&self, program: &Program, indices: &[usize]) -> Vec<Concerned> {
        let told = indices.get(indices.len().saturating_sub(MOST_OTHERS)..).unwrap_or_default();
        let tell = |index: &usize| {
            let (contact, entry) = self.get(*index)?;
            let known = |name: Option<&str>| name.map(Arc::from);
            let message = contact.message.and_then(|id| program.messages.get(id.index()));
            let channel = contact.channel.and_then(|id| program.channels.get(id.index()));
            let touch = entry.touch;
            Some(Concerned {
                at: contact.at,
                message: known(touch.map(|touch| &*touch.message).or(message.map(|message| &*message.name))),
                channel: known(touch.map(|touch| &*touch.channel).or(channel.map(|channel| &*channel.name))),
                line: touch.and_then(|touch| touch.line),
                is_row: touch.is_some_and(|touch| touch.is_row),
                planned: touch.is_some(),
            })
        };
        told.iter().filter_map(tell).collect()
    }
}

/// The touch as conditions, caps and gaps see it once it is sent.
fn contact(program: &Program, names: &Names, touch: &Scheduled) -> PastContact {
    let message = names.message(&touch.message);
    let categories = match &touch.categories {
        Some(list) => list.iter().filter_map(|name| names.category(name)).collect(),
        None => message
            .and_then(|id| program.messages.get(id.index()))
            .map(|message| message.categories.iter().copied().collect())
            .unwrap_or_default(),
    };
    PastContact {
        at: touch.at,
        channel: names.channel(&touch.channel),
        message,
        categories,
        rule: touch.rule.as_deref().and_then(|name| names.rule(name)),
        touch_id: touch.id.as_deref().and_then(parse_touch_id),
    }
}
