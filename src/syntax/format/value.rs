//! Values: one line each, with no more parentheses than they need.

use super::{
    condition,
    words::{is_item, is_one_of, is_opening, item, name, name_but, period, plural, quoted},
};
use crate::syntax::ast::{
    Aggregate, Arithmetic, Condition, ConditionKind, Events, Expr, ExprKind, Filter, Moment, Payload, Pick,
    Quantity, Subject, SubjectKind, Window,
};
use crate::time::CalendarUnit;

/// A value in canonical words, on one line.
#[must_use]
pub fn expr_text(expr: &Expr) -> String {
    match &expr.node {
        ExprKind::Number(number, None) => number.to_string(),
        ExprKind::Number(number, Some(unit)) => {
            let number = number.to_string();
            let unit = if number == "1" { unit.name().into() } else { plural(*unit) };
            format!("{number} {unit}")
        }
        ExprKind::Text(text) => quoted(text),
        ExprKind::Date(date) => date.to_string(),
        ExprKind::DateTime(at) => super::words::date_time(*at),
        ExprKind::YesNo(true) => "yes".into(),
        ExprKind::YesNo(false) => "no".into(),
        // A name in quotes would be a text, but one in parentheses starts no declaration.
        ExprKind::Name(text) if is_opening(text) => format!("({text})"),
        ExprKind::Name(text) => text.clone(),
        ExprKind::Negative(inner) => {
            format!("-{}", enclosed(inner, binding(inner) < Binding::Atom || is_open(inner)))
        }
        ExprKind::Arithmetic { left, op, right } => {
            let (sign, own) = match op {
                Arithmetic::Add => ("+", Binding::Sum),
                Arithmetic::Subtract => ("-", Binding::Sum),
                Arithmetic::Multiply => ("*", Binding::Product),
                Arithmetic::Divide => ("/", Binding::Product),
            };
            // Operations of one strength are read from the left.
            let left = operand(left, binding(left) < own || is_open(left));
            format!("{left} {sign} {}", operand(right, binding(right) <= own || is_open(right)))
        }
        ExprKind::CountOf(events) => format!("number of {}", counted(events)),
        ExprKind::Aggregate { kind, field, events } => {
            let which = match kind {
                Aggregate::Total => "total",
                Aggregate::Average => "average",
                Aggregate::Smallest => "smallest",
                Aggregate::Largest => "largest",
            };
            format!("{which} {}", with_field(events, &field.node))
        }
        ExprKind::Rhythm { unit, events } => {
            format!("average {} between {}", plural(*unit), counted(events))
        }
        ExprKind::FieldOf { which, field, events } => {
            let which = match which {
                Pick::Last => "last",
                Pick::First => "first",
                Pick::MostCommon => "most common",
            };
            format!("{which} {}", with_field(events, &field.node))
        }
        ExprKind::Since { unit, moment } => {
            let moment = match moment {
                Moment::Last(events) => format!("last {}", counted(events)),
                Moment::First(events) => format!("first {}", counted(events)),
                Moment::Attribute(attribute) => name_but(&attribute.node, &["last", "first"]),
            };
            format!("{} since {moment}", plural(*unit))
        }
        ExprKind::Until { unit, attribute } => format!("{} until {}", plural(*unit), name(&attribute.node)),
    }
}

/// How strongly a value holds together.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Sum,
    Product,
    Sign,
    Atom,
}

fn binding(expr: &Expr) -> Binding {
    match expr.node {
        ExprKind::Arithmetic { op: Arithmetic::Add | Arithmetic::Subtract, .. } => Binding::Sum,
        ExprKind::Arithmetic { .. } => Binding::Product,
        ExprKind::Negative(_) => Binding::Sign,
        _ => Binding::Atom,
    }
}

/// A value where a text in quotes is a name: before a comparison, in arithmetic.
fn operand(expr: &Expr, parenthesised: bool) -> String {
    if let ExprKind::Name(text) = &expr.node {
        return name(text);
    }
    enclosed(expr, parenthesised)
}

fn enclosed(expr: &Expr, parenthesised: bool) -> String {
    let text = expr_text(expr);
    if parenthesised { format!("({text})") } else { text }
}

/// Whether a value ends with a `where` that would take what follows for a part of itself.
fn is_open(expr: &Expr) -> bool {
    let events = match &expr.node {
        ExprKind::CountOf(events)
        | ExprKind::Aggregate { events, .. }
        | ExprKind::Rhythm { events, .. }
        | ExprKind::FieldOf { events, .. }
        | ExprKind::Since { moment: Moment::Last(events) | Moment::First(events), .. } => events,
        _ => return false,
    };
    events.filter.condition.is_some() && events.window.is_none()
}

/// A value before a comparison, and the number of `priority`. `no` would be read as the beginning of a count.
pub(super) fn left_text(expr: &Expr) -> String {
    operand(expr, is_open(expr) || matches!(expr.node, ExprKind::YesNo(false)))
}

/// A value before `and`.
pub(super) fn low_text(expr: &Expr) -> String {
    enclosed(expr, is_open(expr))
}

/// A value after `is`, where some words say something else.
pub(super) fn right_text(expr: &Expr) -> String {
    const TAKEN: [&str; 8] = ["known", "unknown", "missing", "null", "none", "nil", "empty", "before"];
    let mut first = expr;
    while let ExprKind::Arithmetic { left, .. } = &first.node {
        first = left;
    }
    enclosed(expr, is_name(first, |word| is_one_of(word, &TAKEN)))
}

/// Whether a value is a name of that kind.
fn is_name(expr: &Expr, kind: impl Fn(&str) -> bool) -> bool {
    matches!(&expr.node, ExprKind::Name(word) if kind(word))
}

/// Whether a value is a single word, text, number or date.
fn is_plain(expr: &Expr) -> bool {
    matches!(
        expr.node,
        ExprKind::Number(..)
            | ExprKind::Text(_)
            | ExprKind::Date(_)
            | ExprKind::DateTime(_)
            | ExprKind::YesNo(_)
            | ExprKind::Name(_)
    )
}

/// A count in a condition: `no order where amount > 100 today`.
pub(super) fn count(quantity: Quantity, events: &Events) -> String {
    let what = counted(events);
    match quantity {
        Quantity::None => format!("no {what}"),
        Quantity::Some => what,
        Quantity::AtLeast(n) => format!("at least {n} {what}"),
        Quantity::AtMost(n) => format!("at most {n} {what}"),
        Quantity::FewerThan(n) => format!("fewer than {n} {what}"),
        Quantity::MoreThan(n) => format!("more than {n} {what}"),
        Quantity::Exactly(n) => format!("exactly {n} {what}"),
    }
}

fn counted(events: &Events) -> String {
    format!("{}{}{}", subject(&events.subject), filter(&events.filter), window(events))
}

fn with_field(events: &Events, field: &str) -> String {
    let (subject, field) = (item(&events.subject.name.node), item(field));
    format!("{subject} {field}{}{}", filter(&events.filter), window(events))
}

/// The words that would not be read as what is counted.
const TAKEN: [&str; 8] = ["event", "channel", "message", "category", "rule", "number", "time", "times"];

/// What is counted.
pub(super) fn subject(subject: &Subject) -> String {
    let kind = match subject.kind {
        None => return name_but(&subject.name.node, &TAKEN),
        Some(SubjectKind::Event) => "event",
        Some(SubjectKind::Channel) => "channel",
        Some(SubjectKind::Message) => "message",
        Some(SubjectKind::Category) => "category",
        Some(SubjectKind::Rule) => "rule",
    };
    format!("{kind} {}", item(&subject.name.node))
}

fn filter(filter: &Filter) -> String {
    let mut out = of(filter);
    if let Some(condition) = &filter.condition {
        let text = condition::condition_text(condition);
        out.push_str(&if is_simple(condition) {
            format!(" where {text}")
        } else {
            format!(" where ({text})")
        });
    }
    out
}

/// The `of FIELD VALUE` of a filter, each with a space before it.
pub(super) fn of(filter: &Filter) -> String {
    let parts = filter.of.iter();
    parts
        .map(|(field, value)| {
            let closed = !is_plain(value) || is_name(value, |word| !is_item(word) && !is_opening(word));
            format!(" of {} {}", item(&field.node), enclosed(value, closed))
        })
        .collect()
}

/// Whether a condition is one comparison of plain values: what follows it cannot be taken for a part of it.
fn is_simple(condition: &Condition) -> bool {
    match &condition.node {
        ConditionKind::Compare { left, right, .. } => is_plain(left) && is_plain(right),
        _ => false,
    }
}

fn window(events: &Events) -> String {
    match events.window.as_ref().map(|window| window.node) {
        None => String::new(),
        Some(Window::Rolling(length)) => format!(" in {}", period(length)),
        Some(Window::Calendar(CalendarUnit::Day)) => " today".into(),
        Some(Window::Calendar(CalendarUnit::Week)) => " this week".into(),
        Some(Window::Calendar(CalendarUnit::Month)) => " this month".into(),
        Some(Window::Calendar(CalendarUnit::Year)) => " this year".into(),
        Some(Window::Since(date)) => format!(" since {date}"),
    }
}

/// `KEY EXPRESSION`
pub(super) fn payload(payload: &Payload) -> String {
    let key = name_but(&payload.key.node, &["contact", "hold", "quiet", "time", "week"]);
    format!("{key} {}", expr_text(&payload.value))
}
