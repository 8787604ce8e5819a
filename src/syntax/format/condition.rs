//! Conditions, which may break before `and`, `or` and a comparison.

use super::{
    doc::Doc,
    value::{count, expr_text, left_text, low_text, right_text},
    words::{is_one_of, item, listed, name, quoted, weekdays},
};
use crate::syntax::ast::{Compare, Condition, ConditionKind, DateTest, Expr, ExprKind, Share, Today};
use crate::time::{Weekday, weekday_name};

/// A condition in canonical words, on one line.
#[must_use]
pub fn condition_text(condition: &Condition) -> String {
    document(condition).flat()
}

/// A condition that may break; what is broken off stands two further right.
pub(super) fn document(condition: &Condition) -> Doc {
    let start = condition.span.start;
    match &condition.node {
        ConditionKind::And(parts) => joined(parts, "and "),
        ConditionKind::Or(parts) => joined(parts, "or "),
        ConditionKind::Not(inner) => {
            let inner_doc = operand(inner, binding(inner) < Binding::Not);
            Doc::group(vec![Doc::text("not "), inner_doc])
        }
        ConditionKind::Compare { left, op, right } => {
            let sign = match op {
                Compare::Is => "is",
                Compare::IsNot => "is not",
                Compare::Less => "<",
                Compare::AtMost => "<=",
                Compare::Greater => ">",
                Compare::AtLeast => ">=",
            };
            Doc::group(vec![
                Doc::atom(start, left_text(left)),
                Doc::Indent(
                    2,
                    vec![
                        Doc::line(),
                        Doc::text(format!("{sign} ")),
                        Doc::atom(right.span.start, right_text(right)),
                    ],
                ),
            ])
        }
        _ => Doc::atom(start, atom(condition)),
    }
}

/// How strongly a condition holds together.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Or,
    And,
    Not,
    Atom,
}

fn binding(condition: &Condition) -> Binding {
    match condition.node {
        ConditionKind::Or(_) => Binding::Or,
        ConditionKind::And(_) => Binding::And,
        ConditionKind::Not(_) => Binding::Not,
        _ => Binding::Atom,
    }
}

fn operand(condition: &Condition, parenthesised: bool) -> Doc {
    if parenthesised {
        Doc::group(vec![Doc::text("("), document(condition), Doc::text(")")])
    } else {
        document(condition)
    }
}

fn joined(parts: &[Condition], word: &str) -> Doc {
    let own = if word == "or " { Binding::Or } else { Binding::And };
    let mut first = Vec::new();
    let mut others = Vec::new();
    for part in parts {
        let strength = binding(part);
        let doc = operand(part, strength <= own);
        if !first.is_empty() {
            others.extend([Doc::line(), Doc::text(word), doc]);
        } else if strength == Binding::And && own == Binding::Or {
            // Its own `and` stand further right than the `or` around it.
            first.push(Doc::Indent(2, vec![doc]));
        } else {
            first.push(doc);
        }
    }
    first.push(Doc::Indent(2, others));
    Doc::group(first)
}

/// The conditions that never break.
fn atom(condition: &Condition) -> String {
    match &condition.node {
        ConditionKind::And(_)
        | ConditionKind::Or(_)
        | ConditionKind::Not(_)
        | ConditionKind::Compare { .. } => condition_text(condition),
        ConditionKind::Count { quantity, events } => count(*quantity, events),
        ConditionKind::Before(past) => format!("{} before", name(&past.node)),
        ConditionKind::Between { value, low, high } => {
            format!("{} between {} and {}", left_text(value), low_text(low), expr_text(high))
        }
        ConditionKind::In { value, negated, options } => {
            let options = listed(options.iter().map(expr_text));
            format!("{}{} in ({options})", left_text(value), if *negated { " not" } else { "" })
        }
        ConditionKind::Contains { value, part, negated } => {
            let verb = if *negated { "does not contain" } else { "contains" };
            format!("{} {verb} {}", left_text(value), expr_text(part))
        }
        ConditionKind::Known { value, negated } => {
            format!("{} is {}known", left_text(value), if *negated { "not " } else { "" })
        }
        ConditionKind::Bare(it) => name(&it.node),
        ConditionKind::InSegment(segment) => format!("in segment {}", name(&segment.node)),
        ConditionKind::SubscribedTo(channel) => format!("subscribed to {}", name(&channel.node)),
        ConditionKind::ReachableOn(channel) => format!("reachable on {}", name(&channel.node)),
        ConditionKind::Share(part) => format!("for {}", share(part, "of users ")),
        ConditionKind::Today { negated, test } => {
            format!("today is {}{}", if *negated { "not " } else { "" }, today(test))
        }
    }
}

/// `10% as "salt"`, with words between if any.
pub(super) fn share(share: &Share, of: &str) -> String {
    format!("{}% {of}as {}", share.percent.node, quoted(&share.salt.node))
}

fn today(test: &Today) -> String {
    match test {
        Today::Weekdays(days) => weekdays(days, "a weekday"),
        Today::InCalendar(calendar) => format!("in {}", name(&calendar.node)),
        Today::Festival { festival, calendar } => {
            format!("{} of {}", quoted(&festival.node), item(&calendar.node))
        }
        Today::Date(test, date) => date_test(*test, date),
    }
}

fn date_test(test: DateTest, date: &Expr) -> String {
    let word = match test {
        DateTest::On if is_day(date) => "",
        DateTest::On => "on ",
        DateTest::Before => "before ",
        DateTest::After => "after ",
        DateTest::OnOrAfter => "on or after ",
        DateTest::OnOrBefore => "on or before ",
    };
    format!("{word}{}", expr_text(date))
}

/// Whether it is read as a day right after `today is`.
fn is_day(date: &Expr) -> bool {
    match &date.node {
        ExprKind::Date(_) => true,
        ExprKind::Name(word) => {
            let days = Weekday::Monday.cycle_forward().take(7).map(weekday_name);
            let others = ["before", "a", "an", "weekday", "weekend"];
            let singular = word.strip_suffix(['s', 'S']).unwrap_or(word);
            !days.chain(others).any(|taken| is_one_of(word, &[taken]) || is_one_of(singular, &[taken]))
        }
        _ => false,
    }
}
