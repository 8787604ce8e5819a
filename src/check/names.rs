//! What a name stands for: attributes and fields, channels, messages, segments, calendars.

use super::{
    checker::{Checker, FieldInfo, Scope},
    lints::Place,
    subjects::{Allowed, Counted},
    types::{Guess, Slot, Ty},
    words::{self, nearest, spelled},
};
use crate::{
    diagnostic::{Code, Diagnostic},
    program::{CalendarId, ChannelId, MessageId},
    syntax::ast::{Name, Span},
    time::{Calendar, Date},
};

impl<'a> Checker<'a> {
    /// The attribute or field of that name, if there is one; in a filter fields come first.
    pub(super) fn find_slot(&self, scope: Scope, name: &str) -> Option<Slot> {
        let field = scope.event.and_then(|event| {
            let index = self.events.get(event)?.item.fields.find(name)?;
            Some(Slot::Field(event, index))
        });
        field.or_else(|| self.attributes.find(name).map(Slot::Attribute))
    }

    /// The attribute or field of that name; where names are open it is made. Says so if there is none.
    pub(super) fn slot_named(&mut self, scope: Scope, name: &str, span: Span) -> Option<Slot> {
        if let Some(slot) = self.find_slot(scope, name) {
            return Some(slot);
        }
        if let Some(event) = scope.event.filter(|event| self.has_open_fields(*event)) {
            return Some(self.open_field(event, name));
        }
        if self.open.attributes && scope.event.is_none_or(|event| !self.has_open_fields(event)) {
            if scope.event.is_none() {
                self.take_for(name, scope.origin(span), Place::Value, None);
            }
            return Some(self.open_attribute(name));
        }
        let finding = self.unknown_value_name(scope, name, span);
        self.report_unknown(name, finding);
        None
    }

    /// Whether the event's fields are whatever rules ask for.
    pub(super) fn has_open_fields(&self, event: usize) -> bool {
        self.open.events && self.events.get(event).is_some_and(|entry| entry.origin.is_none())
    }

    pub(super) fn open_attribute(&mut self, name: &str) -> Slot {
        let guess = self.evidence.attributes.get(name).cloned().flatten();
        Slot::Attribute(self.attributes.add(name, None, FieldInfo::guessed(guess)))
    }

    pub(super) fn open_field(&mut self, event: usize, name: &str) -> Slot {
        let key = (self.event_name(event).to_owned(), name.to_owned());
        let guess: Option<Guess> = self.evidence.fields.get(&key).cloned().flatten();
        let fields = self.events.get_mut(event).map(|entry| &mut entry.item.fields);
        let index = fields.map_or(0, |fields| fields.add(name, None, FieldInfo::guessed(guess)));
        Slot::Field(event, index)
    }

    fn unknown_value_name(&self, scope: Scope, name: &str, span: Span) -> Diagnostic {
        let fields = scope.event.and_then(|event| self.events.get(event));
        let field_names = fields.into_iter().flat_map(|entry| entry.item.fields.names());
        let names = field_names.chain(self.attributes.names());
        let message = match fields {
            Some(entry) => format!("`{name}` is neither a field of `{}` nor an attribute", entry.name),
            None => format!("no attribute is called `{name}`"),
        };
        let declare = format!("declare it: `attribute {}: text`, or whatever it holds", spelled(name));
        let event = self.event_meant(name).filter(|_| scope.event.is_none());
        let help = if let Some((event, true)) = event {
            let number = self.number_of(event);
            let called = self.event_name(event);
            format!("`{called}` is an event: ask for `{number}`, or `days since last {}`", spelled(called))
        } else if let Some(near) = self.near(name, names) {
            self.did_you_mean(name, near)
        } else if let Some((event, _)) = event {
            format!("did you mean `{}`? If not, {declare}", self.number_of(event))
        } else if self.segments.find(name).is_some() {
            format!("`{name}` is a segment: use it alone, as a condition")
        } else if self.known.is_some() {
            format!("the data has no such attribute; {declare}")
        } else {
            declare
        };
        self.finding(Code::UnknownName, scope, span, message).help(help)
    }

    /// The event that a name in the place of a value speaks of, and whether that is its name or plural, rather than nearly
    /// so.
    pub(super) fn event_meant(&self, name: &str) -> Option<(usize, bool)> {
        if let [(_, Counted::Event(event))] = self.counted(name, None, Allowed::Events).as_slice() {
            return Some((*event, true));
        }
        // Short names of other things are a letter away all too easily, as `age` is from an event `page`; but hardly anyone
        // slips on the first letter.
        let may_be = |form: &str, event: &&str| {
            form.chars().next() == event.chars().next() && words::is_slip(form, event)
        };
        let forms = std::iter::once(name.to_owned()).chain(words::singulars(name));
        let near = forms.into_iter().find_map(|form| {
            let events = self.events.iter().filter(|entry| entry.origin.is_some());
            let events = events.map(|entry| entry.name.as_str()).filter(|event| may_be(&form, event));
            self.near(&form, events)
        });
        near.and_then(|near| self.events.find(near)).map(|event| (event, false))
    }

    /// `number of orders`
    pub(super) fn number_of(&self, event: usize) -> String {
        let plural = self.events.get(event).and_then(|entry| entry.item.plural.as_deref());
        format!("number of {}", words::plural_of(self.event_name(event), plural))
    }

    /// The field of an event. Says so if there is none.
    pub(super) fn field_named(&mut self, scope: Scope, event: usize, name: &Name) -> Option<Slot> {
        if let Some(index) = self.events.get(event)?.item.fields.find(&name.node) {
            return Some(Slot::Field(event, index));
        }
        if self.has_open_fields(event) {
            return Some(self.open_field(event, &name.node));
        }
        let entry = self.events.get(event)?;
        let message = format!("the event `{}` has no field `{}`", entry.name, name.node);
        let help = self.mend(&name.node, entry.item.fields.names(), |list| {
            let declare = format!("declare it: `event {}: …, {} text`", spelled(&entry.name), name.node);
            if list.is_empty() { declare } else { format!("its fields are {list}; {declare}") }
        });
        let mut finding = self.finding(Code::UnknownField, scope, name.span, message).help(help);
        if let Some(origin) = entry.origin {
            finding = finding.also(origin.source, origin.span, "the event is declared here");
        }
        self.report_unknown(&name.node, finding);
        None
    }

    /// The channel of that name. Says so if there is none.
    pub(super) fn channel_named(&mut self, scope: Scope, name: &Name) -> Option<ChannelId> {
        if let Some(index) = self.channels.find(&name.node) {
            return Some(ChannelId::from(index));
        }
        let near = nearest(&name.node, self.channels.names()).map(str::to_owned);
        if self.open.channels && near.is_none() {
            let info = super::checker::ChannelInfo { needs_consent: false };
            let origin = scope.origin(name.span);
            return Some(ChannelId::from(self.channels.add(&name.node, Some(origin), info)));
        }
        let message = format!("no channel is called `{}`", name.node);
        let help = self.mend(&name.node, self.channels.names(), |list| {
            format!("declared so far: {list}; to add one, write `channel {}`", spelled(&name.node))
        });
        let finding = self.finding(Code::UnknownChannel, scope, name.span, message).help(help);
        self.report_unknown(&name.node, finding);
        None
    }

    /// The message of that name. One that no file declares may be sent all the same; but not if it looks like a slip.
    pub(super) fn message_named(&mut self, scope: Scope, name: &Name) -> Option<MessageId> {
        if let Some(index) = self.messages.find(&name.node) {
            return Some(MessageId::from(index));
        }
        let origin = scope.origin(name.span);
        if !self.open.messages {
            let declared = self.messages.iter().filter(|entry| entry.origin.is_some());
            let declared: Vec<&str> = declared.map(|entry| entry.name.as_str()).collect();
            if let Some(near) = nearest(&name.node, declared) {
                let message = format!("no message is called `{}`", name.node);
                let help = self.did_you_mean(&name.node, near);
                let finding = self.finding(Code::UnknownMessage, scope, name.span, message).help(help);
                self.report_unknown(&name.node, finding);
                return None;
            }
            let message = format!("the message `{}` is not declared", name.node);
            let finding = self
                .finding(Code::UndeclaredMessage, scope, name.span, message)
                .label("it belongs to no category, so caps on categories do not count it")
                .help(format!("declare it: `message {}: promotion`", spelled(&name.node)));
            self.report_unknown(&name.node, finding);
        }
        let index = self.messages.add(&name.node, None, super::checker::MessageInfo::default());
        if let Some(entry) = self.messages.get_mut(index) {
            // So that a second use is not reported again, and a subject finds it.
            entry.origin = entry.origin.or(self.open.messages.then_some(origin));
        }
        Some(MessageId::from(index))
    }

    /// The segment of that name, if its condition could be read.
    pub(super) fn segment_named(&mut self, scope: Scope, name: &Name) -> Option<usize> {
        if let Some(index) = self.segments.find(&name.node) {
            return Some(index);
        }
        let message = format!("no segment is called `{}`", name.node);
        let help = self.mend(&name.node, self.segments.names(), |list| {
            let declare = format!("declare one: `segment {}: …`", spelled(&name.node));
            if list.is_empty() { declare } else { format!("declared so far: {list}; {declare}") }
        });
        let finding = self.finding(Code::UnknownSegment, scope, name.span, message).help(help);
        self.report_unknown(&name.node, finding);
        None
    }

    /// The calendar of that name; its days too, if they could be read. Says so if there is none.
    pub(super) fn calendar_named(
        &mut self,
        scope: Scope,
        name: &Name,
    ) -> Option<(CalendarId, Option<&'a Calendar>)> {
        if let Some(index) = self.calendars.find(&name.node) {
            return Some((CalendarId::from(index), self.calendars.get(index).and_then(|entry| entry.item)));
        }
        let message = format!("no calendar is called `{}`", name.node);
        let help = self.mend(&name.node, self.calendars.names(), |list| {
            let declare = format!("declare it: `calendar {0} \"{0}.csv\"`", spelled(&name.node));
            if list.is_empty() { declare } else { format!("declared so far: {list}; {declare}") }
        });
        let finding = self.finding(Code::UnknownCalendar, scope, name.span, message).help(help);
        self.report_unknown(&name.node, finding);
        None
    }

    /// The dates of a festival. Says so if there are none.
    pub(super) fn festival_dates(&mut self, scope: Scope, festival: &Name, calendar: &Name) -> Vec<Date> {
        let Some((_, Some(days))) = self.calendar_named(scope, calendar) else { return Vec::new() };
        let dates = days.dates_of(&festival.node).to_vec();
        if dates.is_empty() {
            let message = format!("the calendar `{}` has no `{}`", calendar.node, festival.node);
            let names: Vec<&str> = days.names().collect();
            let help = self.mend(&festival.node, names.iter().copied(), |list| {
                if list.is_empty() { "the calendar is empty".into() } else { format!("it has {list}") }
            });
            let finding = self.finding(Code::UnknownFestival, scope, festival.span, message).help(help);
            self.report(finding);
        }
        dates
    }

    /// Whether an attribute may be what a name in the place of a value of type `ty` stands for.
    pub(super) fn fits(&self, slot: Slot, ty: &Ty) -> bool {
        match (self.slot_type(slot), ty) {
            (Ty::Wrong, _) => true,
            (found, Ty::Text | Ty::OneOf(_)) => found.is_text(),
            (found, Ty::Number | Ty::Length { .. }) => found.is_number(),
            (found, Ty::Date | Ty::DateTime | Ty::Moment) => found.is_moment(),
            (found, other) => found == *other,
        }
    }

    /// `tier gold`, for a lone `gold`.
    pub(super) fn value_elsewhere(&self, value: &str) -> Option<String> {
        self.attributes.iter().find_map(|entry| {
            let values = match (&entry.item.ty, &entry.item.seen) {
                (Some(Ty::OneOf(values)), _) | (_, Some(values)) => values,
                _ => return None,
            };
            let is_one = values.iter().any(|known| known == value);
            is_one.then(|| format!("{} is {}", words::spelled(&entry.name), words::spelled(value)))
        })
    }
}
