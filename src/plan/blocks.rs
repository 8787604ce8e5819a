//! What stood in the way of a touch, gathered while its place is looked for.

use super::{
    names::Names,
    outcome::{Blocker, BlockingContact, Reason},
    world::World,
};
use crate::{program::ChannelId, time::Instant};

/// Something that a touch cannot go against at an instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) reason: Reason,
    /// Which of its kind: the number of the cap, the gap or the hours.
    pub(super) source: usize,
    /// The earliest later instant at which it could be out of the way.
    pub(super) until: Instant,
    /// When it is out of the way for good, as far as is known: what people are told.
    pub(super) free: Instant,
    /// The contacts that make it so, by their number among the world's.
    pub(super) contacts: Vec<usize>,
}

impl Block {
    /// One that no contact makes.
    pub(super) const fn new(reason: Reason, source: usize, until: Instant) -> Self {
        Self { reason, source, until, free: until, contacts: Vec::new() }
    }
}

/// Blocks, each thing that stood in the way once.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    list: Vec<(Block, Option<ChannelId>, Instant)>,
}

impl Blocks {
    /// Notes a block that was met at `from`.
    pub(super) fn note(&mut self, block: Block, channel: Option<ChannelId>, from: Instant) {
        let same = self.list.iter_mut().find(|(known, on, _)| {
            known.reason == block.reason && known.source == block.source && *on == channel
        });
        let Some((known, _, _)) = same else {
            self.list.push((block, channel, from));
            return;
        };
        known.free = known.free.max(block.free);
        known.contacts.extend(block.contacts);
    }

    /// Notes a reason that concerns no channel.
    pub(super) fn note_reason(&mut self, reason: Reason, from: Instant) {
        self.note(Block::new(reason, 0, Instant::MAX), None, from);
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.list.clear();
    }

    /// Everything noted, for people.
    pub(super) fn explain(&mut self, world: &World<'_>, names: &Names, own: &OwnWords<'_>) -> Vec<Blocker> {
        self.list
            .drain(..)
            .map(|(block, channel, from)| blocker(block, channel, from, world, names, own))
            .collect()
    }
}

/// What the rule itself says that may stand in its way.
pub(super) struct OwnWords<'a> {
    pub(super) step: &'a crate::program::Step,
    pub(super) rule: &'a crate::program::Rule,
}

fn blocker(
    mut block: Block,
    channel: Option<ChannelId>,
    from: Instant,
    world: &World<'_>,
    names: &Names,
    own: &OwnWords<'_>,
) -> Blocker {
    block.contacts.sort_unstable();
    block.contacts.dedup();
    let all = world.contacts();
    let contacts = block.contacts.iter().filter_map(|&index| {
        let contact = all.get(index)?;
        Some(BlockingContact {
            at: contact.at,
            message: contact.message.map(|id| names.message(id)),
            channel: contact.channel.map(|id| names.channel(id)),
            planned: world.is_planned(index),
        })
    });
    let rule_text = match block.reason {
        Reason::Cap => names.cap(block.source),
        Reason::Gap => names.gap(block.source),
        Reason::QuietHours => names.quiet_hours(block.source),
        Reason::ContactHours => names.contact_hours(block.source),
        Reason::HoldOut => names.hold_out(block.source),
        Reason::TimeOfDay => own.time_of_day(),
        Reason::Times => own.times(),
        Reason::Deadline => {
            own.rule.deadline.map_or_else(|| "".into(), |period| format!("within {period}").into())
        }
        Reason::Dropped => "if blocked drop".into(),
        Reason::Stopped => "if blocked stop".into(),
        _ => "".into(),
    };
    Blocker {
        reason: block.reason,
        channel: channel.map(|id| names.channel(id)),
        from,
        until: (block.free < Instant::MAX).then_some(block.free),
        rule_text,
        contacts: contacts.collect(),
    }
}

impl OwnWords<'_> {
    fn time_of_day(&self) -> std::sync::Arc<str> {
        let at = self.step.at.map(|at| format!("at {}", at.strftime("%H:%M")));
        let between = self
            .step
            .between
            .map(|(from, to)| format!("between {} and {}", from.strftime("%H:%M"), to.strftime("%H:%M")));
        [at, between].into_iter().flatten().collect::<Vec<_>>().join(" ").into()
    }

    fn times(&self) -> std::sync::Arc<str> {
        use crate::syntax::ast::CapWindow;
        let Some(times) = self.rule.times else { return "".into() };
        let noun = if times.limit == 1 { "time" } else { "times" };
        let window = match times.window {
            None => String::new(),
            Some(CapWindow::Rolling(period)) => format!(" in {period}"),
            Some(CapWindow::Calendar(unit)) => format!(" per {}", format!("{unit:?}").to_lowercase()),
        };
        format!("at most {} {noun}{window}", times.limit).into()
    }
}
