//! Mends that say again what was written, in the words and the order that the language has for it.

use super::{expected::Expected, words::is_word};
use crate::time::{Weekday, weekday_name, weekday_named};

/// The mend of what stands in the wrong place: the word where reading failed, what stands before it and what from it on.
pub(super) fn turned(token: &str, before: &str, rest: &str, expected: &Expected) -> Option<String> {
    let is = |word: &str, wanted: &[&str]| wanted.iter().any(|one| one.eq_ignore_ascii_case(word));
    let mut words = before.split_whitespace().rev();
    let (last, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let sends = before.split_whitespace().any(|word| is(word, &["send"]));
    if is(last, &["the"]) && token.chars().all(is_word) {
        return Some(format!("names stand without `the`: `{second} {token}`"));
    }
    if is(last, &["last"]) && is(second, &["after"]) {
        let (unit, count) = (words.next()?, words.next()?);
        return Some(format!("write `on {token} then after {count} {unit} send …`"));
    }
    if sends && is(token, &["for"]) && expected.has("a clause") {
        let percent = rest.split_whitespace().nth(1).filter(|share| share.ends_with('%'))?;
        return Some(format!("a share is a part of the condition: `for {percent} of users as \"pilot\"`"));
    }
    if expected.has("a day of the week") {
        let number = if is(token, &["other", "second"]) { "2" } else { "1" };
        let is_which = is(token, &["other", "second", "first", "third", "fourth", "last"]);
        return every_so_many_weeks(number, rest.get(token.len()..)?).filter(|_| is_which);
    }
    if !sends && expected.has("`and` or `or`") {
        return window_first(before, &window(rest)?);
    }
    None
}

/// `number of orders > 3`, and a window after it.
fn window_first(before: &str, window: &str) -> Option<String> {
    let joint = |word: &str| {
        ["if", "and", "or", "not", "unless"].iter().any(|joint| joint.eq_ignore_ascii_case(word))
    };
    let words: Vec<&str> = before.split_whitespace().collect();
    let start = words.iter().rposition(|word| joint(word)).map_or(0, |at| at + 1);
    let words = words.get(start..)?;
    let sign = words.iter().position(|word| matches!(*word, ">" | ">=" | "<" | "<=" | "is"))?;
    let (value, comparison) = words.split_at_checked(sign)?;
    let counted = match value {
        [event] => format!("number of {event}"),
        [first, ..] if ["number", "total", "average", "smallest", "largest"].contains(first) => {
            value.join(" ")
        }
        _ => return None,
    };
    let comparison = comparison.join(" ");
    Some(format!("the window stands before the comparison: `{counted} {window} {comparison}`"))
}

/// The window that a text starts with: `in 30 days`, `this month`.
fn window(text: &str) -> Option<String> {
    let mut words = text.split_whitespace();
    let (first, second) = (words.next()?, words.next()?);
    if first.eq_ignore_ascii_case("this") {
        return Some(format!("this {second}"));
    }
    let is_rolling = first.eq_ignore_ascii_case("in") && second.chars().all(|c| c.is_ascii_digit());
    let unit = words.next().filter(|_| is_rolling)?;
    Some(format!("in {second} {unit}"))
}

/// `visited 3 times in 7 days`, from its number on.
pub(super) fn so_many_times(before: &str, rest: &str) -> Option<String> {
    let (number, rest) = rest.split_once(char::is_whitespace)?;
    let rest = rest.trim_start();
    let after = rest.strip_prefix("times").or_else(|| rest.strip_prefix("time"))?;
    let event = before.split_whitespace().next_back()?;
    let noun = match event.strip_suffix("ed") {
        Some(stem) if stem.ends_with(['s', 'c', 'v', 'g', 'z', 'u']) => format!("{stem}es"),
        Some(stem) => format!("{stem}s"),
        None if event.ends_with('s') => event.to_owned(),
        None => format!("{event}s"),
    };
    let window = window(after.trim_start()).map(|window| format!(" {window}")).unwrap_or_default();
    Some(format!("write `at least {number} {noun}{window}`, or `exactly {number} {noun}{window}`"))
}

/// `every 2nd monday`, from its day on.
pub(super) fn every_so_many_weeks(number: &str, rest: &str) -> Option<String> {
    let mut words = rest.split_whitespace();
    let weekday = day_in(words.next()?)?;
    let day = weekday_name(weekday);
    let of_month = words.next().is_some_and(|word| word.eq_ignore_ascii_case("of"));
    if number == "1" || of_month {
        return Some(format!(
            "a rule is due `every {day}` or `every month on 1`, but not on a {day} of a month"
        ));
    }
    // The fifth of January 2026 is a Monday.
    let date = weekday.to_monday_zero_offset().checked_add(5)?;
    Some(format!("write `every {number} weeks from 2026-01-{date:02}`, with a {day} to count from"))
}

/// The day of the week that the line names.
pub(super) fn weekday_in(text: &str) -> Option<&'static str> {
    day_in(text).map(weekday_name)
}

fn day_in(text: &str) -> Option<Weekday> {
    let line = text.lines().next().unwrap_or_default().to_ascii_lowercase();
    let mut words = line.split(|c| !is_word(c)).map(|word| word.strip_suffix('s').unwrap_or(word));
    words.find_map(weekday_named)
}

/// `if vip then send coupon every monday`, the other way round.
pub(super) fn trigger_first(line: &str, rest: &str, last: &str) -> Option<String> {
    let late = rest.get(..last.len()).filter(|late| late.to_ascii_lowercase().starts_with("every "))?;
    // An interval needs to know from when it counts as well.
    let is_interval = late.contains(|c: char| c.is_ascii_digit());
    let rule = line.trim().strip_suffix(late).filter(|_| !is_interval)?.trim_end();
    rule.to_ascii_lowercase().starts_with("if ").then(|| format!("write `{late} {rule}`"))
}
