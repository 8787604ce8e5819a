//! Tests: what is given, the moment and what is expected, each on a line of its own in the author's order.

use super::{
    doc::Doc,
    value::{expr_text, payload},
    words::{self, date_time, language, listed, name, name_but, period, quoted},
};
use crate::syntax::ast::{Expect, ExpectWhen, Given, Name, Payload, Test, When};

/// A test.
pub(super) fn document(start: usize, test: &Test) -> Doc {
    let mut lines: Vec<(usize, String)> = Vec::new();
    lines.extend(test.given.iter().map(|each| (each.span.start, format!("given {}", given(&each.node)))));
    lines.extend(test.at.iter().map(|at| (at.span.start, format!("at {}", date_time(at.node)))));
    lines.extend(test.horizon.iter().map(|each| (each.span.start, format!("for {}", period(each.node)))));
    lines.extend(test.expect.iter().map(|each| (each.span.start, format!("expect {}", expect(&each.node)))));
    lines.sort_by_key(|(start, _)| *start);
    let mut body = Vec::new();
    for (start, text) in lines {
        body.extend([Doc::line(), Doc::atom(start, text)]);
    }
    Doc::broken(vec![Doc::atom(start, format!("test {}", quoted(&test.name.node))), Doc::Indent(2, body)])
}

/// The words after `given` that do not start an attribute or an event.
const TAKEN: [&str; 9] =
    ["contact", "hold", "id", "locale", "quiet", "reachable", "subscribed", "time", "week"];

fn given(given: &Given) -> String {
    let not = |yes: bool| if yes { "" } else { "not " };
    match given {
        Given::Attribute(attribute, value) => {
            format!("{} {}", name_but(&attribute.node, &TAKEN), expr_text(value))
        }
        Given::Id(id) => format!("id {}", quoted(&id.node)),
        Given::TimeZone(zone) => format!("time zone {}", quoted(&zone.node)),
        Given::Locale(locale) => format!("locale {}", language(&locale.node)),
        Given::Consent(channel, yes) => format!("{}subscribed to {}", not(*yes), name(&channel.node)),
        Given::Reachable(channel, yes) => format!("{}reachable on {}", not(*yes), name(&channel.node)),
        Given::Event { event, when, fields } => {
            format!("{} {}{}", name_but(&event.node, &TAKEN), moment(when), with(fields))
        }
        Given::Contact { message, channel, rule, when } => {
            let message = message
                .as_ref()
                .map(|message| format!(" {}", name_but(&message.node, &["by"])))
                .unwrap_or_default();
            let (via, by) = (word("via ", channel.as_ref()), word("by ", rule.as_ref()));
            format!("contact{message}{via}{by} {}", moment(when))
        }
    }
}

/// A space, a word and a name, if there is a name.
fn word(before: &str, it: Option<&Name>) -> String {
    it.map(|it| format!(" {before}{}", name(&it.node))).unwrap_or_default()
}

fn with(fields: &[Payload]) -> String {
    if fields.is_empty() { String::new() } else { format!(" with {}", listed(fields.iter().map(payload))) }
}

fn moment(when: &When) -> String {
    match when {
        When::Ago(length) => format!("{} ago", period(*length)),
        When::At(at) => format!("at {}", date_time(*at)),
    }
}

fn expect(expect: &Expect) -> String {
    match expect {
        Expect::Nothing => "nothing".into(),
        Expect::Touch { message, channel, rule, when, payload } => {
            let (via, by) = (word("via ", channel.as_ref()), word("by ", rule.as_ref()));
            let when = match when {
                None => String::new(),
                Some(ExpectWhen::At(at)) => format!(" at {}", date_time(*at)),
                Some(ExpectWhen::On(date)) => format!(" on {date}"),
            };
            format!("{}{via}{by}{when}{}", name_but(&message.node, &["nothing"]), with(payload))
        }
        Expect::Withheld { name: what, reason } => {
            let because = reason
                .as_ref()
                .map(|code| format!(" because {}", words::reason(&code.node)))
                .unwrap_or_default();
            format!("{} withheld{}", name_but(&what.node, &["nothing"]), because)
        }
    }
}
