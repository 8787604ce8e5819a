//! Declarations and policies.

use courtesy::syntax::ast::{
    Cap, CapException, CapWindow, Channel, Days, DeclarationKind, Event, Field, Gap, Hours, Life, Message,
    Share, TypeName,
};

use super::{Seen, forms};

forms!(DeclarationKind {
    DeclarationKind::Use(_) => "declaration: use",
    DeclarationKind::TimeZone(_) => "declaration: time zone",
    DeclarationKind::WeekStarts(_) => "declaration: week starts",
    DeclarationKind::Attribute(_) => "declaration: attribute",
    DeclarationKind::Event(_) => "declaration: event",
    DeclarationKind::Channels(_) => "declaration: channels",
    DeclarationKind::Message(_) => "declaration: message",
    DeclarationKind::Calendar { .. } => "declaration: calendar",
    DeclarationKind::Segment { .. } => "declaration: segment",
    DeclarationKind::QuietHours(_) => "declaration: quiet hours",
    DeclarationKind::ContactHours(_) => "declaration: contact hours",
    DeclarationKind::Cap(_) => "declaration: cap",
    DeclarationKind::Gap(_) => "declaration: gap",
    DeclarationKind::HoldOut(_) => "declaration: hold out",
    DeclarationKind::Rule(_) => "declaration: rule",
    DeclarationKind::Test(_) => "declaration: test",
});

forms!(TypeName {
    TypeName::Text => "type: text",
    TypeName::Number => "type: number",
    TypeName::Date => "type: date",
    TypeName::DateTime => "type: date and time",
    TypeName::YesNo => "type: yes or no",
    TypeName::OneOf(_) => "type: one of",
    TypeName::List => "type: list",
});

forms!(Days {
    Days::Weekdays(_) => "hours: on weekdays",
    Days::Calendar { negated: false, .. } => "hours: on days in a calendar",
    Days::Calendar { negated: true, .. } => "hours: on days not in a calendar",
});

forms!(CapWindow {
    CapWindow::Rolling(_) => "at most: in",
    CapWindow::Calendar(_) => "at most: per",
});

impl Seen {
    pub(super) fn declaration(&mut self, kind: &DeclarationKind) {
        self.one(kind);
        match kind {
            DeclarationKind::Use(_)
            | DeclarationKind::TimeZone(_)
            | DeclarationKind::WeekStarts(_)
            | DeclarationKind::Calendar { name: _, path: _ }
            | DeclarationKind::HoldOut(Share { percent: _, salt: _ })
            // What a test says is no part of what a plan is made of.
            | DeclarationKind::Test(_) => {}
            DeclarationKind::Attribute(field) => self.field(field),
            DeclarationKind::Event(Event { name: _, plural, past, fields }) => {
                self.sometimes("event: plural", plural.is_some());
                self.sometimes("event: past", past.is_some());
                self.sometimes("event: without fields", fields.is_empty());
                fields.iter().for_each(|field| self.field(field));
            }
            DeclarationKind::Channels(channels) => {
                self.sometimes("channels: several", channels.len() > 1);
                for Channel { name: _, needs_consent } in channels {
                    self.sometimes("channel: needs consent", *needs_consent);
                    self.sometimes("channel: needs no consent", !*needs_consent);
                }
            }
            DeclarationKind::Message(Message { name: _, categories, languages }) => {
                self.sometimes("message: without a category", categories.is_empty());
                self.sometimes("message: several categories", categories.len() > 1);
                self.sometimes("message: languages", languages.len() > 1);
            }
            DeclarationKind::Segment { name: _, condition } => self.condition(condition),
            DeclarationKind::QuietHours(hours) | DeclarationKind::ContactHours(hours) => self.hours(hours),
            DeclarationKind::Cap(cap) => self.cap(cap),
            DeclarationKind::Gap(gap) => self.gap(gap),
            DeclarationKind::Rule(rule) => self.rule(rule),
        }
    }

    fn field(&mut self, field: &Field) {
        let Field { name: _, ty } = field;
        self.one(&ty.node);
    }

    fn life(&mut self, life: &Life) {
        let Life { from, until } = life;
        self.sometimes("policy: from", from.is_some());
        self.sometimes("policy: until", until.is_some());
    }

    fn hours(&mut self, hours: &Hours) {
        let Hours { from, to, days, channels, condition, life } = hours;
        self.sometimes("hours: within a day", from.node < to.node);
        self.sometimes("hours: over midnight", from.node > to.node);
        self.sometimes("hours: all day", from.node == to.node);
        self.sometimes("hours: on every day", days.is_none());
        if let Some(days) = days {
            self.one(&days.node);
        }
        self.sometimes("hours: for all channels", channels.is_empty());
        self.sometimes("hours: for some channels", !channels.is_empty());
        self.sometimes("hours: if", condition.is_some());
        condition.iter().for_each(|condition| self.condition(condition));
        self.life(life);
    }

    fn cap(&mut self, cap: &Cap) {
        let Cap { limit: _, subject, window, exceptions, condition, life } = cap;
        self.subject(subject);
        self.cap_window(&window.node);
        self.sometimes("cap: exception", !exceptions.is_empty());
        self.sometimes("cap: several exceptions", exceptions.len() > 1);
        for CapException { limit: _, condition } in exceptions {
            self.condition(condition);
        }
        self.sometimes("cap: if", condition.is_some());
        condition.iter().for_each(|condition| self.condition(condition));
        self.life(life);
    }

    pub(super) fn cap_window(&mut self, window: &CapWindow) {
        self.one(window);
        match window {
            CapWindow::Rolling(period) => self.period(*period),
            CapWindow::Calendar(unit) => self.one(unit),
        }
    }

    fn gap(&mut self, gap: &Gap) {
        let Gap { period, first, second, condition, life } = gap;
        self.period(period.node);
        self.subject(first);
        self.sometimes("gap: and", second.is_some());
        second.iter().for_each(|second| self.subject(second));
        self.sometimes("gap: if", condition.is_some());
        condition.iter().for_each(|condition| self.condition(condition));
        self.life(life);
    }
}
