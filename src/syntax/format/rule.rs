//! Rules: the trigger, each step and each clause on a line of its own, in the author's order.

use super::{
    condition,
    declaration::list,
    doc::Doc,
    value::{left_text, of, payload},
    words::{cap_window, item, listed, name, name_but, period, quoted, time, weekdays},
};
use crate::syntax::ast::{
    Anchor, Clause, IfBlocked, MonthDay, Offset, Payload, Rule, Send, Spanned, Step, Trigger, Via,
};
use crate::time::Period;

/// A rule. Without a name it stays the one sentence that its author wrote, if it fits.
pub(super) fn document(start: usize, rule: &Rule, one_line: bool) -> Doc {
    let (sentence, others) = parts(rule);
    let mut body = vec![Doc::line(), sentence];
    for (_, doc) in others {
        body.extend([Doc::line(), doc]);
    }
    let Some(called) = &rule.name else {
        body.remove(0);
        let first = body.remove(0);
        return Doc::Group { broken: !one_line, parts: vec![first, Doc::Indent(2, body)] };
    };
    let mut head = format!("rule {}", name_but(&called.node, &["every", "cron", "off"]));
    if let Some(title) = &rule.title {
        head.push_str(&format!(" {}", quoted(&title.node)));
    }
    Doc::broken(vec![Doc::atom(start, head), Doc::Indent(2, body)])
}

/// The trigger with the clauses that read on from it, and everything else in order.
fn parts(rule: &Rule) -> (Doc, Vec<(usize, Doc)>) {
    let first_step = rule.steps.first().map_or(usize::MAX, |step| step.span.start);
    let reads_on = |each: &&Spanned<Clause>| {
        let kind =
            matches!(each.node, Clause::If(_) | Clause::At(_) | Clause::Between(..) | Clause::After(_));
        kind && each.span.start <= first_step
    };
    let joined = rule.clauses.iter().take_while(reads_on).count();
    let mut sentence = vec![trigger(&rule.trigger)];
    let mut others = Vec::new();
    for (index, each) in rule.clauses.iter().enumerate() {
        if index < joined {
            sentence.push(Doc::Indent(2, vec![Doc::line(), clause(each)]));
        } else {
            others.push((each.span.start, clause(each)));
        }
    }
    let steps = rule.steps.iter().map(|each| (each.span.start, step(each)));
    // Steps first, so that they stay there in a tree that was not read from a text.
    let mut others: Vec<_> = steps.chain(others).collect();
    others.sort_by_key(|(start, _)| *start);
    (Doc::group(sentence), others)
}

fn trigger(trigger: &Spanned<Trigger>) -> Doc {
    let start = trigger.span.start;
    let text = match &trigger.node {
        Trigger::If(it) => {
            return Doc::group(vec![Doc::text("if "), condition::document(it)]).starting(start);
        }
        Trigger::Event { event, filter } => {
            let mut parts = vec![Doc::atom(start, format!("on {}{}", name(&event.node), of(filter)))];
            if let Some(it) = &filter.condition {
                let it = Doc::group(vec![Doc::text("where "), condition::document(it)]);
                parts.push(Doc::Indent(2, vec![Doc::line(), it]));
            }
            return Doc::group(parts);
        }
        Trigger::Attribute { attribute, offset, once } => {
            format!("{}{}{}", distance(*offset), name(&attribute.node), if *once { " once" } else { "" })
        }
        Trigger::Date { date, offset } => format!("{}{}", distance(*offset), date.node),
        Trigger::Festival { festival, calendar, offset } => {
            format!("{}{} of {}", distance(*offset), quoted(&festival.node), item(&calendar.node))
        }
        Trigger::Weekdays(days) => format!("every {}", weekdays(days, "weekday")),
        Trigger::Monthly(days) => {
            let days = days.iter().map(|day| match day.node {
                MonthDay::Day(day) => day.to_string(),
                MonthDay::Last => "last day".into(),
            });
            format!("every month on {}", listed(days))
        }
        Trigger::Yearly { month, day } => format!("every year on {month:02}-{day:02}"),
        Trigger::Every { period, anchor } => {
            let anchor = match anchor {
                None => String::new(),
                Some(Anchor::From(date)) => format!(" from {}", date.node),
                Some(Anchor::Since(attribute)) => format!(" since {}", name(&attribute.node)),
            };
            format!("every {}{anchor}", interval(period.node))
        }
        Trigger::Cron(pattern) => format!("cron {}", quoted(&pattern.node)),
    };
    Doc::atom(start, text)
}

/// `on `, or `3 days before `
fn distance(offset: Option<Offset>) -> String {
    match offset {
        None => "on ".into(),
        Some(Offset { period: far, before }) => {
            format!("{} {} ", period(far), if before { "before" } else { "after" })
        }
    }
}

/// `day`, `2 weeks`
fn interval(each: Period) -> String {
    if each.count == 1 { each.unit.to_string() } else { period(each) }
}

fn clause(clause: &Spanned<Clause>) -> Doc {
    let start = clause.span.start;
    match &clause.node {
        Clause::If(it) => Doc::group(vec![Doc::text("if "), condition::document(it)]).starting(start),
        other => Doc::atom(start, clause_text(other)),
    }
}

fn clause_text(clause: &Clause) -> String {
    match clause {
        Clause::If(it) => format!("if {}", condition::condition_text(it)),
        Clause::After(delay) => format!("after {}", period(*delay)),
        Clause::At(at) => format!("at {}", time(*at)),
        Clause::Between(from, to) => format!("between {} and {}", time(*from), time(*to)),
        Clause::Within { period: length, expires: false } => format!("within {}", period(*length)),
        Clause::Within { period: length, expires: true } => format!("expires after {}", period(*length)),
        Clause::Again(pause) => format!("again after {}", period(*pause)),
        Clause::AtMostTimes { limit, window } => {
            let window = window.map(|window| format!(" {}", cap_window(window))).unwrap_or_default();
            if *limit == 1 {
                format!("at most once{window}")
            } else {
                format!("at most {limit} times{window}")
            }
        }
        Clause::Priority(value) => format!("priority {}", left_text(value)),
        Clause::IgnoringCaps => "ignoring caps".into(),
        Clause::NotCounted => "not counted".into(),
        Clause::EvenInQuietHours => "even in quiet hours".into(),
        Clause::IfBlocked(IfBlocked::Wait) => "if blocked wait".into(),
        Clause::IfBlocked(IfBlocked::Drop) => "if blocked drop".into(),
        Clause::IfBlocked(IfBlocked::Stop) => "if blocked stop".into(),
        Clause::From(date) => format!("from {date}"),
        Clause::Until(date) => format!("until {date}"),
        Clause::Off => "off".into(),
    }
}

fn step(step: &Step) -> Doc {
    let start = step.span.start;
    let mut head = String::from("then ");
    for each in &step.clauses {
        head.push_str(&clause_text(&each.node));
        head.push(' ');
    }
    let mut parts = Vec::new();
    match &step.send.node {
        Send::Message(message) => parts.push(Doc::atom(start, format!("{head}send {}", name(&message.node)))),
        Send::OneOf { variants, salt } => {
            let variants = variants.iter().map(|(message, percent)| {
                (message.span.start, format!("{} {}%", name(&message.node), percent.node))
            });
            parts.push(list(Doc::atom(start, format!("{head}send one of")), variants));
            parts.push(Doc::text(format!(" as {}", quoted(&salt.node))));
        }
    }
    if let Some(over) = &step.via {
        parts.push(Doc::text(format!(" {}", via(over))));
    }
    let mut tail = Vec::new();
    if !step.payload.is_empty() {
        tail.extend([Doc::line(), with(&step.payload)]);
    }
    if let Some(unless) = &step.unless {
        tail.extend([Doc::line(), Doc::group(vec![Doc::text("unless "), condition::document(unless)])]);
    }
    parts.push(Doc::Indent(5, tail));
    Doc::group(parts)
}

fn via(via: &Via) -> String {
    let word = if via.all { " and " } else { " or " };
    let channels: Vec<_> = via.channels.iter().map(|channel| name(&channel.node)).collect();
    format!("via {}", channels.join(word))
}

/// `with KEY EXPRESSION, …`
fn with(list: &[Payload]) -> Doc {
    let mut parts = vec![Doc::text("with ")];
    for (index, each) in list.iter().enumerate() {
        let doc = Doc::atom(each.key.span.start, payload(each));
        if index == 0 {
            parts.push(doc);
        } else {
            parts.extend([Doc::text(","), Doc::Indent(5, vec![Doc::line(), doc])]);
        }
    }
    Doc::group(parts)
}
