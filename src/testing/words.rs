//! Touches and expectations in the words of a test, so that they can be held against each other, and copied.

use std::fmt::Write;

use crate::{
    plan::{Payload, Touch, Withheld},
    syntax::{
        ast::{Expect, ExpectWhen, Expr, ExprKind},
        is_plain_name,
    },
    time::{DateTime, Zone},
};

/// `coupon via push by gold_winback at 2026-03-01 10:00 with code "BACK20"`
pub(super) fn touch(touch: &Touch, zone: &Zone) -> String {
    let candidate = &touch.candidate;
    let mut text = format!(
        "{} via {} by {} at {}",
        name(&candidate.message),
        name(&touch.channel),
        name(&candidate.rule),
        civil(touch.local)
    );
    for (index, (key, value)) in touch.with.iter().enumerate() {
        let word = if index == 0 { " with" } else { "," };
        // Writing to a text cannot fail.
        let _ = write!(text, "{word} {} {}", name(key), payload(value, zone));
    }
    text
}

/// `coupon withheld because quiet_hours`
pub(super) fn withheld(withheld: &Withheld) -> String {
    let mut codes: Vec<&str> = withheld.reasons.iter().map(|blocker| blocker.reason.code()).collect();
    codes.dedup();
    let candidate = &withheld.candidate;
    format!(
        "{} withheld because {} (rule {})",
        name(&candidate.message),
        codes.join(", "),
        name(&candidate.rule)
    )
}

/// An expectation, in the one way of writing it.
pub(super) fn expectation(expect: &Expect) -> String {
    match expect {
        Expect::Nothing => "nothing".into(),
        Expect::Withheld { name: what, reason } => match reason {
            Some(reason) => format!("{} withheld because {}", name(&what.node), reason.node),
            None => format!("{} withheld", name(&what.node)),
        },
        Expect::Touch { message, channel, rule, when, payload } => {
            let mut text = name(&message.node);
            if let Some(channel) = channel {
                let _ = write!(text, " via {}", name(&channel.node));
            }
            if let Some(rule) = rule {
                let _ = write!(text, " by {}", name(&rule.node));
            }
            match when {
                None => {}
                Some(ExpectWhen::At(at)) => {
                    let _ = write!(text, " at {}", civil(*at));
                }
                Some(ExpectWhen::On(date)) => {
                    let _ = write!(text, " on {date}");
                }
            }
            for (index, one) in payload.iter().enumerate() {
                let word = if index == 0 { " with" } else { "," };
                let _ = write!(text, "{word} {} {}", name(&one.key.node), literal(&one.value));
            }
            text
        }
    }
}

/// A name, in quotes unless it is a plain word.
fn name(name: &str) -> String {
    if is_plain_name(name) { name.into() } else { format!("\"{name}\"") }
}

fn civil(at: DateTime) -> String {
    let pattern = if at.second() == 0 { "%Y-%m-%d %H:%M" } else { "%Y-%m-%d %H:%M:%S" };
    at.strftime(pattern).to_string()
}

fn payload(value: &Payload, zone: &Zone) -> String {
    match value {
        Payload::Missing => "(not known)".into(),
        Payload::Number(number) => number.to_string(),
        Payload::Text(text) => format!("\"{text}\""),
        Payload::Date(date) => date.to_string(),
        Payload::Instant(at) => civil(zone.civil(*at)),
        Payload::YesNo(true) => "yes".into(),
        Payload::YesNo(false) => "no".into(),
        Payload::List(texts) => format!("\"{}\"", texts.join(", ")),
    }
}

fn literal(value: &Expr) -> String {
    match &value.node {
        ExprKind::Number(number, None) => number.to_string(),
        ExprKind::Negative(part) => format!("-{}", literal(part)),
        // A text without quotes is shown as what it is compared as.
        ExprKind::Text(text) | ExprKind::Name(text) => format!("\"{text}\""),
        ExprKind::Date(date) => date.to_string(),
        ExprKind::DateTime(at) => civil(*at),
        ExprKind::YesNo(true) => "yes".into(),
        ExprKind::YesNo(false) => "no".into(),
        _ => "(not a plain value)".into(),
    }
}
