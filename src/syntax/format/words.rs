//! The smallest pieces: names, texts, dates, times and periods.

use crate::syntax::{
    ast::{CapWindow, Days, Life},
    is_plain_name, is_plain_word, is_reserved,
};
use crate::time::{CalendarUnit, Date, DateTime, Period, Time, Unit, Weekday, weekday_name};

/// A name, in quotes if it would not be read as one without them.
#[must_use]
pub fn name(text: &str) -> String {
    let taken = is_opening(text) || is_one_of(text, &["test", "use"]);
    if is_plain_word(text) && !taken { text.into() } else { quoted(text) }
}

/// Whether a declaration would start here, were another name to follow.
pub(super) fn is_opening(text: &str) -> bool {
    is_one_of(text, &["attribute", "calendar", "channel", "event", "message", "rule", "segment"])
}

/// A name where a clause or the next declaration could start as well.
pub(super) fn item(text: &str) -> String {
    if is_item(text) { text.into() } else { quoted(text) }
}

/// Whether it is a name where a clause or the next declaration could start. `one of` could be more than a name.
pub(super) fn is_item(text: &str) -> bool {
    is_plain_name(text) && !is_one_of(text, &["one"])
}

/// A name where these words would be read as something else.
pub(super) fn name_but(text: &str, taken: &[&str]) -> String {
    if is_one_of(text, taken) { quoted(text) } else { name(text) }
}

/// Whether it is one of these words, in any case.
pub(super) fn is_one_of(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// A text in quotes.
#[must_use]
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A reason's code, which may be any word.
pub(super) fn reason(code: &str) -> String {
    if is_reserved(code) { code.into() } else { name(code) }
}

/// A language tag.
pub(super) fn language(tag: &str) -> String {
    let subtag =
        |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    let first = tag.split('-').next().unwrap_or_default();
    let plain = first.bytes().all(|b| b.is_ascii_alphabetic()) && tag.split('-').all(subtag);
    if plain { tag.into() } else { quoted(tag) }
}

/// Several things with commas between.
pub(super) fn listed(parts: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let mut out = String::new();
    for part in parts {
        if !out.is_empty() {
            out.push_str(", ");
        }
        out.push_str(part.as_ref());
    }
    out
}

/// `days`
pub(super) fn plural(unit: Unit) -> String {
    format!("{unit}s")
}

/// `30 days`
pub(super) fn period(period: Period) -> String {
    period.to_string()
}

/// `10:00`, with seconds only if there are any.
pub(super) fn time(at: Time) -> String {
    let (hour, minute, second) = (at.hour(), at.minute(), at.second());
    if second == 0 { format!("{hour:02}:{minute:02}") } else { format!("{hour:02}:{minute:02}:{second:02}") }
}

/// `2026-10-01 10:00`
pub(super) fn date_time(at: DateTime) -> String {
    format!("{} {}", at.date(), time(at.time()))
}

/// `monday, thursday`, or `all` if they are Monday to Friday.
pub(super) fn weekdays(days: &[Weekday], all: &str) -> String {
    use Weekday::{Friday, Monday, Thursday, Tuesday, Wednesday};
    if days == [Monday, Tuesday, Wednesday, Thursday, Friday] {
        all.into()
    } else {
        listed(days.iter().map(|day| weekday_name(*day)))
    }
}

/// `weekdays`, `days in cn`
pub(super) fn days(days: &Days) -> String {
    match days {
        Days::Weekdays(list) => weekdays(list, "weekdays"),
        Days::Calendar { name: calendar, negated } => {
            format!("days {}in {}", if *negated { "not " } else { "" }, name(&calendar.node))
        }
    }
}

/// `in 7 days`, `per week`
pub(super) fn cap_window(window: CapWindow) -> String {
    match window {
        CapWindow::Rolling(length) => format!("in {}", period(length)),
        CapWindow::Calendar(CalendarUnit::Day) => "per day".into(),
        CapWindow::Calendar(CalendarUnit::Week) => "per week".into(),
        CapWindow::Calendar(CalendarUnit::Month) => "per month".into(),
        CapWindow::Calendar(CalendarUnit::Year) => "per year".into(),
    }
}

/// The dates of a life, each with its word.
pub(super) fn life(life: &Life) -> impl Iterator<Item = (usize, String)> {
    let with = |word: &str, date: &crate::syntax::ast::Spanned<Date>| {
        (date.span.start, format!("{word} {}", date.node))
    };
    let from = life.from.as_ref().map(|date| with("from", date));
    let until = life.until.as_ref().map(|date| with("until", date));
    from.into_iter().chain(until)
}
