//! The texts of a program that plans mention, shared by all plans.

use std::{collections::BTreeMap, sync::Arc};

use crate::program::{CategoryId, ChannelId, Message, MessageId, Program, RuleId};

/// The texts of a program that plans mention, shared by all plans.
#[derive(Debug)]
pub(super) struct Names {
    rules: Vec<Arc<str>>,
    messages: Vec<Arc<str>>,
    channels: Vec<Arc<str>>,
    categories: Vec<Arc<str>>,
    caps: Vec<Arc<str>>,
    gaps: Vec<Arc<str>>,
    quiet_hours: Vec<Arc<str>>,
    contact_hours: Vec<Arc<str>>,
    hold_outs: Vec<Arc<str>>,
    languages: Vec<Vec<Arc<str>>>,
    keys: Vec<Vec<Vec<Arc<str>>>>,
    zones: BTreeMap<String, Arc<str>>,
    empty: Arc<str>,
}

fn each<T>(list: &[T], text: impl Fn(&T) -> &str) -> Vec<Arc<str>> {
    list.iter().map(|one| text(one).into()).collect()
}

impl Names {
    pub(super) fn new(program: &Program) -> Self {
        let languages = |message: &Message| each(&message.languages, |tag| tag);
        let keys = |rule: &crate::program::Rule| {
            rule.steps.iter().map(|step| each(&step.payload, |(key, _)| key)).collect()
        };
        Self {
            rules: each(&program.rules, |rule| &rule.name),
            messages: each(&program.messages, |message| &message.name),
            channels: each(&program.channels, |channel| &channel.name),
            categories: each(&program.categories, |name| name),
            caps: each(&program.caps, |cap| &cap.text),
            gaps: each(&program.gaps, |gap| &gap.text),
            quiet_hours: each(&program.quiet_hours, |hours| &hours.text),
            contact_hours: each(&program.contact_hours, |hours| &hours.text),
            hold_outs: each(&program.hold_outs, |hold_out| &hold_out.text),
            languages: program.messages.iter().map(languages).collect(),
            keys: program.rules.iter().map(keys).collect(),
            zones: BTreeMap::new(),
            empty: "".into(),
        }
    }

    fn pick(&self, list: &[Arc<str>], index: usize) -> Arc<str> {
        list.get(index).unwrap_or(&self.empty).clone()
    }

    pub(super) fn none(&self) -> Arc<str> {
        self.empty.clone()
    }

    pub(super) fn rule(&self, id: RuleId) -> Arc<str> {
        self.pick(&self.rules, id.index())
    }

    pub(super) fn message(&self, id: MessageId) -> Arc<str> {
        self.pick(&self.messages, id.index())
    }

    pub(super) fn channel(&self, id: ChannelId) -> Arc<str> {
        self.pick(&self.channels, id.index())
    }

    pub(super) fn category(&self, id: CategoryId) -> Arc<str> {
        self.pick(&self.categories, id.index())
    }

    pub(super) fn cap(&self, index: usize) -> Arc<str> {
        self.pick(&self.caps, index)
    }

    pub(super) fn gap(&self, index: usize) -> Arc<str> {
        self.pick(&self.gaps, index)
    }

    pub(super) fn quiet_hours(&self, index: usize) -> Arc<str> {
        self.pick(&self.quiet_hours, index)
    }

    pub(super) fn contact_hours(&self, index: usize) -> Arc<str> {
        self.pick(&self.contact_hours, index)
    }

    pub(super) fn hold_out(&self, index: usize) -> Arc<str> {
        self.pick(&self.hold_outs, index)
    }

    /// The message's languages, the fall-back first.
    pub(super) fn languages(&self, id: MessageId) -> &[Arc<str>] {
        self.languages.get(id.index()).map_or(&[], |list| list)
    }

    /// The key of what goes along with a step.
    pub(super) fn key(&self, rule: RuleId, step: usize, index: usize) -> Arc<str> {
        let keys = self.keys.get(rule.index()).and_then(|steps| steps.get(step));
        keys.and_then(|keys| keys.get(index)).unwrap_or(&self.empty).clone()
    }

    /// A zone's name.
    pub(super) fn zone(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.zones.get(name) {
            return known.clone();
        }
        let shared: Arc<str> = name.into();
        self.zones.insert(name.into(), shared.clone());
        shared
    }
}
