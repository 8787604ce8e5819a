//! The first look at all files: what they declare, of which kinds nothing is declared.

use super::{
    checker::{ChannelInfo, Checker, EventInfo, FieldInfo, MessageInfo, RuleInfo, Scope, SegmentInfo},
    files::Unit,
    table::Table,
    types::Ty,
    words,
};
use crate::{
    diagnostic::Code,
    program::Origin,
    syntax::ast::{self, DeclarationKind, Name, Send},
};

/// Names that stand for every contact.
const CONTACT_WORDS: [&str; 4] = ["contact", "contacts", "touch", "touches"];

impl<'a> Checker<'a> {
    /// Enters all declarations into the tables.
    pub(super) fn declare(&mut self) {
        for unit in self.units() {
            for declaration in &unit.file.declarations {
                self.declare_one(unit, declaration);
            }
        }
        self.open.attributes = self.attributes.is_empty();
        self.open.events = self.events.is_empty();
        self.open.channels = self.channels.is_empty();
        self.open.messages = self.messages.is_empty();
        self.take_schema();
        self.open_channels();
        self.name_rules();
        self.recall();
    }

    fn declare_one(&mut self, unit: &'a Unit, declaration: &'a ast::Declaration) {
        let scope = Scope::of(unit.source);
        match &declaration.node {
            DeclarationKind::Attribute(field) => {
                let info = FieldInfo::declared(self.declared_type(scope, field));
                if !self.is_taken("attribute", &field.name, scope, |c| taken(&c.attributes, &field.name)) {
                    self.attributes.add(&field.name.node, Some(scope.origin(field.name.span)), info);
                }
            }
            DeclarationKind::Event(event) => self.declare_event(scope, event),
            DeclarationKind::Channels(channels) => {
                for channel in channels {
                    self.check_reserved("channel", &channel.name, scope);
                    if !self.is_taken("channel", &channel.name, scope, |c| taken(&c.channels, &channel.name))
                    {
                        let info = ChannelInfo { needs_consent: channel.needs_consent };
                        self.channels.add(&channel.name.node, Some(scope.origin(channel.name.span)), info);
                    }
                }
            }
            DeclarationKind::Message(message) => self.declare_message(scope, message),
            DeclarationKind::Calendar { name, path } => self.declare_calendar(scope, name, path),
            DeclarationKind::Segment { name, condition } => self.declare_segment(scope, name, condition),
            DeclarationKind::Rule(rule) => {
                let index = self.rules.len();
                if let Some(name) = &rule.name {
                    self.check_reserved("rule", name, scope);
                    if !self.is_taken("rule", name, scope, |c| taken(&c.rule_names, name)) {
                        self.rule_names.add(&name.node, Some(scope.origin(name.span)), index);
                    }
                }
                self.rules.push(RuleInfo {
                    rule,
                    source: unit.source,
                    span: declaration.span,
                    name: rule.name.as_ref().map(|name| name.node.clone()).unwrap_or_default(),
                    is_named: rule.name.is_some(),
                });
            }
            _ => {}
        }
    }

    fn declare_calendar(&mut self, scope: Scope, name: &Name, path: &Name) {
        if !self.is_taken("calendar", name, scope, |c| taken(&c.calendars, name)) {
            let calendar = self.files.calendars.get(&(scope.source, path.node.clone()));
            self.calendars.add(&name.node, Some(scope.origin(name.span)), calendar);
        }
    }

    fn declare_segment(&mut self, scope: Scope, name: &Name, condition: &'a ast::Condition) {
        if !self.is_taken("segment", name, scope, |c| taken(&c.segments, name)) {
            let info = SegmentInfo { condition, source: scope.source, lowered: None, is_used: false };
            self.segments.add(&name.node, Some(scope.origin(name.span)), info);
        }
    }

    fn declare_event(&mut self, scope: Scope, event: &ast::Event) {
        self.check_reserved("event", &event.name, scope);
        if self.is_taken("event", &event.name, scope, |c| taken(&c.events, &event.name)) {
            return;
        }
        let mut info = EventInfo {
            plural: event.plural.as_ref().map(|name| name.node.clone()),
            past: event.past.as_ref().map(|name| name.node.clone()),
            fields: Table::default(),
        };
        for field in &event.fields {
            let ty = self.declared_type(scope, field);
            let first = info.fields.find(&field.name.node).and_then(|index| info.fields.get(index)?.origin);
            if !self.is_taken("field", &field.name, scope, |_| first) {
                let place = Some(scope.origin(field.name.span));
                info.fields.add(&field.name.node, place, FieldInfo::declared(ty));
            }
        }
        let plural = info.plural.clone();
        let index = self.events.add(&event.name.node, Some(scope.origin(event.name.span)), info);
        if let Some(plural) = plural {
            self.plurals.entry(plural).or_default().push(index);
        }
    }

    fn declare_message(&mut self, scope: Scope, message: &ast::Message) {
        self.check_reserved("message", &message.name, scope);
        if self.is_taken("message", &message.name, scope, |c| taken(&c.messages, &message.name)) {
            return;
        }
        let mut categories = Vec::new();
        for name in &message.categories {
            self.check_reserved("category", name, scope);
            let category = self.categories.add(&name.node, Some(scope.origin(name.span)), ());
            if !categories.contains(&category) {
                categories.push(category);
            }
        }
        let languages = message.languages.iter().map(|name| name.node.clone()).collect();
        let info = MessageInfo { categories, languages };
        self.messages.add(&message.name.node, Some(scope.origin(message.name.span)), info);
    }

    fn declared_type(&mut self, scope: Scope, field: &ast::Field) -> Ty {
        let ty = Ty::from(&field.ty.node);
        if let ast::TypeName::OneOf(values) = &field.ty.node {
            for (index, value) in values.iter().enumerate() {
                let first = values.iter().take(index).find(|other| other.node == value.node);
                let first = first.map(|name| scope.origin(name.span));
                self.is_taken("value", value, scope, |_| first);
            }
        }
        ty
    }

    /// Whether the name is declared already; says so.
    fn is_taken(
        &mut self,
        kind: &str,
        name: &Name,
        scope: Scope,
        first: impl FnOnce(&Self) -> Option<Origin>,
    ) -> bool {
        let Some(first) = first(self) else { return false };
        let message = format!("the {kind} `{}` is declared twice", name.node);
        let help = match kind {
            "rule" => "give one of them another name: the names of rules end up in reports",
            "value" => "leave one of them out",
            _ => "remove one of them, or give it another name",
        };
        let finding = self
            .finding(Code::DuplicateName, scope, name.span, message)
            .label("declared again here")
            .also(first.source, first.span, "first declared here")
            .help(help);
        self.report(finding);
        true
    }

    fn check_reserved(&mut self, kind: &str, name: &Name, scope: Scope) {
        if CONTACT_WORDS.contains(&name.node.as_str()) {
            let message = format!("{} cannot be called `{}`", words::with_article(kind), name.node);
            let finding = self
                .finding(Code::ReservedName, scope, name.span, message)
                .label("this word stands for every contact with a user")
                .help("choose another name");
            self.report(finding);
        }
    }

    /// Takes what no file declares from the data at hand.
    fn take_schema(&mut self) {
        let Some(schema) = self.known else { return };
        if self.open.attributes && !schema.attributes.is_empty() {
            self.open.attributes = false;
            for (name, ty) in &schema.attributes {
                self.attributes.add(name, None, FieldInfo::found(ty));
            }
        }
        if self.open.events && !schema.events.is_empty() {
            self.open.events = false;
            for (name, fields) in &schema.events {
                let mut info = EventInfo::default();
                for (field, ty) in fields {
                    info.fields.add(field, None, FieldInfo::found(ty));
                }
                self.events.add(name, None, info);
            }
        }
    }

    /// If no channel is declared, those that `via` names are the channels.
    fn open_channels(&mut self) {
        if !self.open.channels {
            return;
        }
        let rules: Vec<(Scope, &ast::Rule)> =
            self.rules.iter().map(|info| (Scope::of(info.source), info.rule)).collect();
        for (scope, rule) in rules {
            for name in rule.steps.iter().filter_map(|step| step.via.as_ref()).flat_map(|via| &via.channels) {
                if self.attributes.find(&name.node).is_none() {
                    let info = ChannelInfo { needs_consent: false };
                    self.channels.add(&name.node, Some(scope.origin(name.span)), info);
                }
            }
        }
    }

    /// Gives rules without a name that of their first message, each its own.
    fn name_rules(&mut self) {
        let mut taken: std::collections::HashSet<String> =
            self.rules.iter().filter(|info| info.is_named).map(|info| info.name.clone()).collect();
        let mut last: std::collections::HashMap<String, u32> = std::collections::HashMap::new();
        for info in self.rules.iter_mut().filter(|info| !info.is_named) {
            let base = info.base_name().to_owned();
            // Counted on from the last one, so that many rules with one message take no long.
            let next = last.entry(base.clone()).or_insert(0u32);
            loop {
                *next = next.saturating_add(1);
                info.name = if *next == 1 { base.clone() } else { format!("{base} {next}") };
                if taken.insert(info.name.clone()) || *next == u32::MAX {
                    break;
                }
            }
        }
    }

    /// Enters the messages that are sent but not declared, before anything asks for them.
    pub(super) fn declare_sent(&mut self) {
        let rules: Vec<(Scope, &ast::Rule)> =
            self.rules.iter().map(|info| (Scope::of(info.source), info.rule)).collect();
        for (scope, rule) in rules {
            for step in &rule.steps {
                match &step.send.node {
                    Send::Message(name) => {
                        self.message_named(scope, name);
                    }
                    Send::OneOf { variants, .. } => {
                        for (name, _) in variants {
                            self.message_named(scope, name);
                        }
                    }
                }
            }
        }
    }

    /// In the second pass: enters the undeclared names that the first pass met.
    fn recall(&mut self) {
        if self.open.attributes {
            // What is an event elsewhere is not an attribute here.
            let events: std::collections::HashSet<&String> = self.evidence.events.iter().collect();
            let is_event = |name: &&String| events.contains(name);
            let met = self.evidence.attributes.keys().filter(|name| !is_event(name));
            for name in met.cloned().collect::<Vec<_>>() {
                self.open_attribute(&name);
            }
        }
        if self.open.events {
            let met: std::collections::HashSet<&String> = self.evidence.events.iter().collect();
            // `orders` here and `order` there are one event.
            let is_plural = |name: &&String| words::singulars(name).iter().any(|form| met.contains(form));
            for name in self.evidence.events.iter().filter(|name| !is_plural(name)) {
                self.events.add(name, None, EventInfo::default());
            }
        }
    }
}

fn taken<T>(table: &Table<T>, name: &Name) -> Option<Origin> {
    table.find(&name.node).and_then(|index| table.get(index)?.origin)
}
