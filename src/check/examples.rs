//! The tests written in rule files: their names and values. What comes of them is the runner's to say.

use super::{
    checker::{Checker, Scope},
    types::Slot,
    words::spelled,
};
use crate::{
    diagnostic::Code,
    syntax::ast::{DeclarationKind, Expect, Expr, Given, Name, Payload, Test},
};

impl Checker<'_> {
    /// Says what is wrong with the names and values of tests.
    pub(super) fn check_tests(&mut self) {
        self.in_test = true;
        for unit in self.units() {
            for declaration in &unit.file.declarations {
                if let DeclarationKind::Test(test) = &declaration.node {
                    self.check_test(Scope::of(unit.source), test);
                }
            }
        }
        self.in_test = false;
    }

    fn check_test(&mut self, scope: Scope, test: &Test) {
        for given in &test.given {
            match &given.node {
                Given::Attribute(name, value) => self.check_given(scope, name, value),
                Given::Consent(channel, _) | Given::Reachable(channel, _) => {
                    self.check_channel(scope, channel)
                }
                Given::Event { event, fields, .. } => self.check_event(scope, event, fields),
                Given::Contact { message, channel, rule, .. } => {
                    self.check_touch(scope, message.as_ref(), channel.as_ref(), rule.as_ref());
                }
                Given::Id(_) | Given::TimeZone(_) | Given::Locale(_) => {}
            }
        }
        for expect in &test.expect {
            match &expect.node {
                Expect::Touch { message, channel, rule, .. } => {
                    self.check_touch(scope, Some(message), channel.as_ref(), rule.as_ref());
                }
                Expect::Withheld { name, .. } => {
                    if self.rules.iter().all(|rule| rule.name != name.node) {
                        self.check_touch(scope, Some(name), None, None);
                    }
                }
                Expect::Nothing => {}
            }
        }
    }

    /// An attribute that no rule asks for changes nothing, unless it is a slip.
    fn check_given(&mut self, scope: Scope, name: &Name, value: &Expr) {
        if self.open.attributes && self.attributes.find(&name.node).is_none() {
            return;
        }
        if let Some(slot) = self.slot_named(scope, &name.node, name.span) {
            self.check_value(scope, slot, name, value);
        }
    }

    fn check_value(&mut self, scope: Scope, slot: Slot, name: &Name, value: &Expr) {
        let left = self.slot_value(slot, name.span);
        let right = self.value_beside(scope, &left, value);
        self.comparable(scope, &left, &right);
    }

    fn check_channel(&mut self, scope: Scope, name: &Name) {
        if !self.open.channels || self.near(&name.node, self.channels.names()).is_some() {
            self.channel_named(scope, name);
        }
    }

    fn check_event(&mut self, scope: Scope, name: &Name, fields: &[Payload]) {
        if self.open.events && self.events.find(&name.node).is_none() {
            return;
        }
        let Some(event) = self.event_named(scope, name) else { return };
        for field in fields {
            if let Some(slot) = self.field_named(scope, event, &field.key) {
                self.check_value(scope, slot, &field.key, &field.value);
            }
        }
    }

    fn check_touch(
        &mut self,
        scope: Scope,
        message: Option<&Name>,
        channel: Option<&Name>,
        rule: Option<&Name>,
    ) {
        if let Some(channel) = channel {
            self.check_channel(scope, channel);
        }
        if let Some(name) = message.filter(|name| self.messages.find(&name.node).is_none()) {
            let message = format!("no message is called `{}`", name.node);
            let help = self.mend(&name.node, self.messages.names(), |list| format!("the rules know {list}"));
            let finding = self.finding(Code::UnknownMessage, scope, name.span, message).help(help);
            self.report_unknown(&name.node, finding);
        }
        if let Some(name) = rule.filter(|name| self.rules.iter().all(|rule| rule.name != name.node)) {
            let names = self.rules.iter().map(|rule| rule.name.as_str());
            let help = match self.near(&name.node, names) {
                Some(near) => format!("did you mean `{}`?", spelled(near)),
                None => "rules are called by their name, or else by their first message".to_owned(),
            };
            let message = format!("no rule is called `{}`", name.node);
            let finding = self.finding(Code::UnknownSubject, scope, name.span, message).help(help);
            self.report_unknown(&name.node, finding);
        }
    }
}
