//! What is counted: an event, or contacts by channel, message, category or rule.

use super::{
    checker::{Checker, EventInfo, Scope},
    lints::Place,
    words::{self, listed, spelled},
};
use crate::{
    diagnostic::Code,
    program::{CategoryId, ChannelId, ContactTest, MessageId, RuleId},
    syntax::ast::{Name, Span, Subject, SubjectKind},
};

/// What a subject stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counted {
    /// An event, by index.
    Event(usize),
    Contacts(ContactTest),
}

/// What may be counted at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Allowed {
    /// Events and contacts.
    All,
    /// Contacts: caps and gaps.
    Contacts,
    /// Events: triggers, and where a field is asked for.
    Events,
}

impl Checker<'_> {
    /// What the subject stands for. Says so if it is nothing, or two things.
    pub(super) fn subject(
        &mut self,
        scope: Scope,
        subject: &Subject,
        allowed: Allowed,
        plural: bool,
    ) -> Option<Counted> {
        let name = &subject.name;
        let found = self.counted(&name.node, subject.kind, allowed);
        match found.as_slice() {
            [(_, one)] => Some(*one),
            [] => self.unknown_subject(scope, subject, allowed, plural),
            several => {
                let kinds: Vec<String> = several.iter().map(|(kind, _)| kind.clone()).collect();
                self.ambiguous(scope, name, &kinds);
                None
            }
        }
    }

    /// Says that a name means two things.
    pub(super) fn ambiguous(&mut self, scope: Scope, name: &Name, kinds: &[String]) {
        let message = format!("`{}` means {}", name.node, words::things(kinds.len()));
        let listed: Vec<String> = kinds.iter().map(|kind| words::with_article(kind)).collect();
        let ways: Vec<String> =
            kinds.iter().map(|kind| format!("`{kind} {}`", spelled(&name.node))).collect();
        let finding = self
            .finding(Code::AmbiguousName, scope, name.span, message)
            .label(format!("it is {}", listed.join(" and ")))
            .help(format!("say which: {}", ways.join(" or ")));
        self.report(finding);
    }

    /// Everything that a name may stand for where something is counted: the exact name first, then plurals.
    pub(super) fn counted(
        &self,
        name: &str,
        kind: Option<SubjectKind>,
        allowed: Allowed,
    ) -> Vec<(String, Counted)> {
        let any = matches!(name, "contact" | "contacts" | "touch" | "touches");
        if any && kind.is_none() && allowed != Allowed::Events {
            return vec![("contact".into(), Counted::Contacts(ContactTest::Any))];
        }
        let exact = self.counted_exactly(name, kind, allowed);
        if !exact.is_empty() {
            return exact;
        }
        let mut found = Vec::new();
        if allowed != Allowed::Contacts && matches!(kind, None | Some(SubjectKind::Event)) {
            let declared = self.plurals.get(name).into_iter().flatten();
            found.extend(declared.map(|index| ("event".to_owned(), Counted::Event(*index))));
        }
        for form in words::singulars(name) {
            for one in self.counted_exactly(&form, kind, allowed) {
                if !found.contains(&one) {
                    found.push(one);
                }
            }
        }
        found
    }

    fn counted_exactly(
        &self,
        name: &str,
        kind: Option<SubjectKind>,
        allowed: Allowed,
    ) -> Vec<(String, Counted)> {
        let mut found = Vec::new();
        let asked = |wanted: SubjectKind| kind.is_none_or(|kind| kind == wanted);
        if allowed != Allowed::Contacts && asked(SubjectKind::Event) {
            found.extend(self.events.find(name).map(|index| ("event".to_owned(), Counted::Event(index))));
        }
        if allowed != Allowed::Events {
            let mut contacts = |kind: SubjectKind, word: &str, test: Option<ContactTest>| {
                if asked(kind) {
                    found.extend(test.map(|test| (word.to_owned(), Counted::Contacts(test))));
                }
            };
            let channel = self.channels.find(name).map(|i| ContactTest::Channel(ChannelId::from(i)));
            contacts(SubjectKind::Channel, "channel", channel);
            let message = self.messages.find(name).map(|i| ContactTest::Message(MessageId::from(i)));
            contacts(SubjectKind::Message, "message", message);
            let category = self.categories.find(name).map(|i| ContactTest::Category(CategoryId::from(i)));
            contacts(SubjectKind::Category, "category", category);
            let rule = self.rule_names.find(name).and_then(|i| self.rule_names.get(i));
            contacts(SubjectKind::Rule, "rule", rule.map(|e| ContactTest::Rule(RuleId::from(e.item))));
        }
        found
    }

    fn unknown_subject(
        &mut self,
        scope: Scope,
        subject: &Subject,
        allowed: Allowed,
        plural: bool,
    ) -> Option<Counted> {
        let name = &subject.name;
        let may_be_event =
            allowed != Allowed::Contacts && matches!(subject.kind, None | Some(SubjectKind::Event));
        if self.open.events && may_be_event {
            let place = if allowed == Allowed::Events { Place::Trigger } else { Place::Counted };
            self.take_for(&name.node, scope.origin(name.span), place, None);
            return Some(Counted::Event(self.open_event(&name.node, plural)));
        }
        let event = self.events.find(&name.node).is_some()
            || words::singulars(&name.node).iter().any(|form| self.events.find(form).is_some());
        let contact_names = || {
            let contacts = self.channels.names().chain(self.messages.names()).chain(self.categories.names());
            contacts.chain(self.rule_names.names())
        };
        let (code, message, list): (_, _, Vec<&str>) = match (subject.kind, allowed) {
            (None, Allowed::All) => (
                Code::UnknownSubject,
                format!("nothing that can be counted is called `{}`", name.node),
                self.events.names().chain(["contact"]).chain(contact_names()).collect(),
            ),
            (None, Allowed::Contacts) if event => (
                Code::UnknownSubject,
                format!("`{}` is an event, and what is limited here is contacts", name.node),
                Vec::new(),
            ),
            (None, Allowed::Contacts) => (
                Code::UnknownSubject,
                format!("no channel, message, category or rule is called `{}`", name.node),
                ["touch"].into_iter().chain(contact_names()).collect(),
            ),
            (Some(SubjectKind::Event), _) | (_, Allowed::Events) => (
                Code::UnknownEvent,
                format!("no event is called `{}`", name.node),
                self.events.names().collect(),
            ),
            (Some(SubjectKind::Channel), _) => (
                Code::UnknownChannel,
                format!("no channel is called `{}`", name.node),
                self.channels.names().collect(),
            ),
            (Some(SubjectKind::Message), _) => (
                Code::UnknownMessage,
                format!("no message is called `{}`", name.node),
                self.messages.names().collect(),
            ),
            (Some(SubjectKind::Category), _) => (
                Code::UnknownSubject,
                format!("no category is called `{}`", name.node),
                self.categories.names().collect(),
            ),
            (Some(SubjectKind::Rule), _) => (
                Code::UnknownSubject,
                format!("no rule is called `{}`", name.node),
                self.rule_names.names().collect(),
            ),
        };
        let singular = words::singulars(&name.node);
        let near = self
            .near(&name.node, list.iter().copied())
            .or_else(|| singular.iter().find_map(|form| self.near(form, list.iter().copied())));
        let help = if let Some(near) = near {
            self.did_you_mean(&name.node, near)
        } else if list.is_empty() && event {
            "name a channel, a message, a category or a rule, or `touch` for all contacts".to_owned()
        } else if may_be_event && self.attributes.find(&name.node).is_some() {
            let name = spelled(&name.node);
            format!(
                "`{name}` is an attribute; of a date that lies ahead write `days until {name} <= 3`, or begin the rule with \
                 `3 days before {name}`"
            )
        } else if may_be_event {
            let declare =
                format!("declare the event: `event {}`", spelled(&words::likely_singular(&name.node)));
            let source = if self.known.is_some() { "the data has no such event; " } else { "" };
            format!("{source}{declare}")
        } else if list.is_empty() {
            "none is declared".to_owned()
        } else {
            format!("there are {}", listed(list.iter().copied()))
        };
        let finding = self.finding(code, scope, name.span, message).help(help);
        self.report_unknown(&name.node, finding);
        None
    }

    /// The event of an undeclared name, made where there is none.
    pub(super) fn open_event(&mut self, name: &str, plural: bool) -> usize {
        let name = if plural { words::likely_singular(name) } else { name.to_owned() };
        self.events.add(&name, None, EventInfo::default())
    }

    /// The event of that name, for a trigger or a field. Says so if there is none.
    pub(super) fn event_named(&mut self, scope: Scope, name: &Name) -> Option<usize> {
        let subject = Subject { kind: None, name: name.clone() };
        match self.subject(scope, &subject, Allowed::Events, false)? {
            Counted::Event(event) => Some(event),
            Counted::Contacts(_) => None,
        }
    }

    /// Indexes the past forms of the events that there are by now.
    pub(super) fn index_pasts(&mut self) {
        for index in self.pasts_indexed..self.events.len() {
            let Some(entry) = self.events.get(index) else { continue };
            let forms = match &entry.item.past {
                Some(past) => vec![past.clone()],
                None => words::past_forms(&entry.name.to_lowercase()),
            };
            for form in forms {
                self.pasts.entry(form).or_insert(index);
            }
        }
        self.pasts_indexed = self.events.len();
    }

    /// The event of a past form, or of that very name, among those indexed.
    pub(super) fn by_past(&self, written: &str) -> Option<usize> {
        let found = self.pasts.get(written).or_else(|| self.pasts.get(&written.to_lowercase()));
        found.copied().or_else(|| self.events.find(written))
    }

    /// The event that a past form belongs to (`ordered before`).
    pub(super) fn event_of_past(&mut self, scope: Scope, name: &Name) -> Option<usize> {
        self.index_pasts();
        if let Some(event) = self.by_past(&name.node) {
            return Some(event);
        }
        if self.open.events {
            // In the first pass the other uses are not all known yet, so that nothing is made of the form alone.
            let present = words::likely_present(&name.node);
            return (!self.gathering).then(|| self.open_event(&present, false));
        }
        let pasts: Vec<(String, &str)> = self
            .events
            .iter()
            .map(|entry| (words::past_of(&entry.name, entry.item.past.as_deref()), entry.name.as_str()))
            .collect();
        let message = format!("`{}` is not the past of any event", name.node);
        let help = match self.near(&name.node, pasts.iter().map(|(past, _)| past.as_str())) {
            Some(near) => format!("did you mean `{near} before`?"),
            None => {
                let ways = listed(pasts.iter().map(|(past, _)| past.as_str()));
                let declare = format!("to say `{0}` of an event, write `event NAME past {0}`", name.node);
                if ways.is_empty() { declare } else { format!("you can say {ways}; {declare}") }
            }
        };
        let finding = self.finding(Code::UnknownEvent, scope, name.span, message).help(help);
        self.report_unknown(&name.node, finding);
        None
    }

    /// Says that a filter stands where contacts are counted, which have no fields.
    pub(super) fn contacts_have_no_fields(&mut self, scope: Scope, span: Span) {
        let finding = self
            .finding(Code::UnknownField, scope, span, "contacts have no fields to choose by")
            .help("count them by channel, message, category or rule: `no sms in 7 days`");
        self.report(finding);
    }
}
