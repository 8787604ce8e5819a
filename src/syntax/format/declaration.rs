//! Declarations other than rules and tests.

use super::{
    condition::{self, share},
    doc::Doc,
    rule, test,
    value::subject,
    words::{cap_window, days, language, life, name, period, quoted, time},
};
use crate::syntax::ast::{
    Cap, Channel, Condition, Declaration, DeclarationKind, Event, Field, Gap, Hours, Life, Message, Name,
    TypeName,
};
use crate::time::weekday_name;

/// A declaration. `one_line`: its author wrote it on one line.
pub(super) fn document(declaration: &Declaration, one_line: bool) -> Doc {
    let start = declaration.span.start;
    let doc = match &declaration.node {
        DeclarationKind::Use(path) => Doc::atom(start, format!("use {}", quoted(&path.node))),
        DeclarationKind::TimeZone(zone) => Doc::atom(start, format!("time zone {}", quoted(&zone.node))),
        DeclarationKind::WeekStarts(day) => Doc::atom(start, format!("week starts {}", weekday_name(*day))),
        DeclarationKind::Attribute(field) => attribute(start, field),
        DeclarationKind::Event(event) => self::event(start, event),
        DeclarationKind::Channels(list) => channels(start, list),
        DeclarationKind::Message(message) => self::message(start, message),
        DeclarationKind::Calendar { name: calendar, path } => {
            Doc::atom(start, format!("calendar {} {}", name(&calendar.node), quoted(&path.node)))
        }
        DeclarationKind::Segment { name: segment, condition } => Doc::group(vec![
            Doc::atom(start, format!("segment {}:", name(&segment.node))),
            Doc::Indent(2, vec![Doc::line(), condition::document(condition)]),
        ]),
        DeclarationKind::QuietHours(hours) => self::hours(start, "quiet", hours),
        DeclarationKind::ContactHours(hours) => self::hours(start, "contact", hours),
        DeclarationKind::Cap(cap) => self::cap(start, cap),
        DeclarationKind::Gap(gap) => self::gap(start, gap),
        DeclarationKind::HoldOut(part) => Doc::atom(start, format!("hold out {}", share(part, ""))),
        DeclarationKind::Rule(rule) => rule::document(start, rule, one_line),
        DeclarationKind::Test(test) => test::document(start, test),
    };
    doc.starting(start)
}

/// `HEAD a, b, c`, broken after the commas.
pub(super) fn list(head: Doc, items: impl IntoIterator<Item = (usize, String)>) -> Doc {
    let mut parts = Vec::new();
    for (start, text) in items {
        if !parts.is_empty() {
            parts.push(Doc::text(","));
        }
        parts.extend([Doc::line(), Doc::atom(start, text)]);
    }
    Doc::group(vec![head, Doc::Indent(2, parts)])
}

fn names(list: &[Name]) -> impl Iterator<Item = (usize, String)> {
    list.iter().map(|each| (each.span.start, name(&each.node)))
}

fn attribute(start: usize, field: &Field) -> Doc {
    let head = format!("attribute {}:", name(&field.name.node));
    match &field.ty.node {
        TypeName::OneOf(values) => list(Doc::atom(start, format!("{head} one of")), names(values)),
        ty => Doc::atom(start, format!("{head} {}", type_name(ty))),
    }
}

fn type_name(ty: &TypeName) -> String {
    match ty {
        TypeName::Text => "text".into(),
        TypeName::Number => "number".into(),
        TypeName::Date => "date".into(),
        TypeName::DateTime => "date and time".into(),
        TypeName::YesNo => "yes or no".into(),
        TypeName::OneOf(values) => {
            format!("one of {}", super::words::listed(names(values).map(|(_, text)| text)))
        }
        TypeName::List => "list of text".into(),
    }
}

fn event(start: usize, event: &Event) -> Doc {
    let mut head = format!("event {}", name(&event.name.node));
    if let Some(plural) = &event.plural {
        head.push_str(&format!(" plural {}", name(&plural.node)));
    }
    if let Some(past) = &event.past {
        head.push_str(&format!(" past {}", name(&past.node)));
    }
    if !event.fields.is_empty() {
        head.push(':');
    }
    let fields = event.fields.iter().map(|field| {
        (field.name.span.start, format!("{} {}", name(&field.name.node), type_name(&field.ty.node)))
    });
    list(Doc::atom(start, head), fields)
}

fn channels(start: usize, channels: &[Channel]) -> Doc {
    let items = channels.iter().map(|channel| {
        let consent = if channel.needs_consent { " needs consent" } else { "" };
        (channel.name.span.start, format!("{}{consent}", name(&channel.name.node)))
    });
    list(Doc::atom(start, "channel"), items)
}

fn message(start: usize, message: &Message) -> Doc {
    let mut head = format!("message {}", name(&message.name.node));
    if !message.categories.is_empty() {
        head.push(':');
    }
    let mut parts = vec![list(Doc::atom(start, head), names(&message.categories))];
    if let Some(first) = message.languages.first() {
        let languages =
            list(Doc::text("in"), message.languages.iter().map(|tag| (tag.span.start, language(&tag.node))))
                .starting(first.span.start);
        parts.push(Doc::Indent(2, vec![Doc::line(), languages]));
    }
    Doc::group(parts)
}

/// A line, and what follows it two further right.
fn clause(doc: Doc) -> Doc {
    Doc::Indent(2, vec![Doc::line(), doc])
}

/// `if CONDITION`, `from DATE`, `until DATE`, each broken off.
fn limits(condition: Option<&Condition>, dates: &Life, out: &mut Vec<Doc>) {
    if let Some(condition) = condition {
        out.push(clause(Doc::group(vec![Doc::text("if "), condition::document(condition)])));
    }
    out.extend(life(dates).map(|(start, text)| clause(Doc::atom(start, text))));
}

fn hours(start: usize, kind: &str, hours: &Hours) -> Doc {
    let mut head = format!("{kind} hours {} to {}", time(hours.from.node), time(hours.to.node));
    if let Some(on) = &hours.days {
        head.push_str(&format!(" on {}", days(&on.node)));
    }
    let mut parts = vec![Doc::atom(start, head)];
    if let Some(first) = hours.channels.first() {
        parts.push(clause(list(Doc::text("for"), names(&hours.channels)).starting(first.span.start)));
    }
    limits(hours.condition.as_ref(), &hours.life, &mut parts);
    Doc::group(parts)
}

fn cap(start: usize, cap: &Cap) -> Doc {
    let what = subject(&cap.subject);
    let mut parts =
        vec![Doc::atom(start, format!("at most {} {what} {}", cap.limit.node, cap_window(cap.window.node)))];
    for other in &cap.exceptions {
        parts.push(Doc::text(","));
        parts.push(clause(Doc::group(vec![
            Doc::atom(other.limit.span.start, format!("{} if ", other.limit.node)),
            condition::document(&other.condition),
        ])));
    }
    limits(cap.condition.as_ref(), &cap.life, &mut parts);
    Doc::group(parts)
}

fn gap(start: usize, gap: &Gap) -> Doc {
    let mut head = format!("at least {} between {}", period(gap.period.node), subject(&gap.first));
    if let Some(second) = &gap.second {
        head.push_str(&format!(" and {}", subject(second)));
    }
    let mut parts = vec![Doc::atom(start, head)];
    limits(gap.condition.as_ref(), &gap.life, &mut parts);
    Doc::group(parts)
}
