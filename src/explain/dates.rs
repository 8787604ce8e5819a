//! Dates that make a rule due, in words, and the next of them.

use super::words::{Words, list, plural};
use crate::{
    program::{AttributeId, DateSource, DateTrigger},
    snapshot::{User, Value},
    time::{
        Anchor, Date, DayOffset, Instant, MonthDay, Recurrence, Time, Unit, WeekdaySet, Zone, weekday_name,
    },
};

/// The dates of one user.
pub(super) enum Dates {
    /// The user lacks the date that they are counted from; its name.
    Unknown(String),
    /// They are these.
    Known {
        /// `every year on birthday (1990-05-02) at 09:00`
        text: String,
        /// Themselves.
        recurrence: Recurrence,
        /// None is before this one.
        first: Option<Date>,
    },
}

impl Dates {
    /// Of the trigger, for the user.
    ///
    /// `written` is the rule as it stands in the file.
    pub(super) fn of(trigger: &DateTrigger, user: &User, words: Words<'_>, written: &str) -> Self {
        let name = |id: AttributeId| words.attribute(id);
        let value = |id: AttributeId| (user.attribute(id), words.value(user.attribute(id)));
        let (text, recurrence, first) = match &trigger.source {
            DateSource::Fixed(recurrence) => {
                let festival = match recurrence {
                    Recurrence::Dates(dates) => words.festival(dates, written),
                    _ => None,
                };
                let text = festival.map_or_else(|| fixed(recurrence), |festival| format!("on {festival}"));
                (text, recurrence.clone(), None)
            }
            DateSource::Attribute { attribute, once } => {
                let (found, shown) = value(*attribute);
                let Some(date) = date_of(found, &user.zone) else { return Self::Unknown(name(*attribute)) };
                let text = format!("{} ({shown})", name(*attribute));
                if *once {
                    (format!("on {text}"), Recurrence::Once(date), Some(date))
                } else {
                    let yearly = Recurrence::Yearly { month: date.month(), day: date.day() };
                    (format!("on {text} every year"), yearly, Some(date))
                }
            }
            DateSource::Since { attribute, period } => {
                let (found, shown) = value(*attribute);
                let anchor = match found {
                    Value::Date(date) => Anchor::Since(date),
                    Value::Instant(at) => Anchor::SinceInstant(at),
                    _ => return Self::Unknown(name(*attribute)),
                };
                let text = format!("{} since {} ({shown})", every(*period), name(*attribute));
                (text, Recurrence::Every { period: *period, anchor }, None)
            }
        };
        let (count, unit) = trigger.offset;
        let text = if count == 0 { text } else { format!("{} {}", offset(count, unit), moved(&text)) };
        let text = match trigger.at {
            Some(time) => format!("{text} at {}", clock(time)),
            None => text,
        };
        Self::Known { text, recurrence, first }
    }

    /// The first of them in `[from, to)`.
    pub(super) fn next(
        &self,
        trigger: &DateTrigger,
        zone: &Zone,
        from: Instant,
        to: Instant,
    ) -> Option<Instant> {
        let Self::Known { recurrence, first, .. } = self else { return None };
        let offset = DayOffset::new(trigger.offset.0, trigger.offset.1);
        let from = first.map_or(from, |date| from.max(offset.start(zone, date)));
        let mut found = recurrence.occurrences(zone, trigger.at, offset, from, to);
        found.next().map(|occurrence| occurrence.at)
    }
}

fn date_of(value: Value, zone: &Zone) -> Option<Date> {
    match value {
        Value::Date(date) => Some(date),
        Value::Instant(at) => Some(zone.date(at)),
        _ => None,
    }
}

fn fixed(recurrence: &Recurrence) -> String {
    match recurrence {
        Recurrence::Once(date) => format!("on {date}"),
        Recurrence::Dates(_) => "on its days of the calendar".into(),
        Recurrence::Yearly { month, day } => format!("on {month:02}-{day:02} every year"),
        Recurrence::Weekdays(days) => format!("every {}", weekdays(*days)),
        Recurrence::Monthly(days) => {
            let days: Vec<String> = days
                .iter()
                .map(|day| match day {
                    MonthDay::Day(day) => day.to_string(),
                    MonthDay::Last => "the last day".into(),
                })
                .collect();
            format!("every month on {}", list(&days, "and"))
        }
        Recurrence::Every { period, anchor } => match anchor {
            Anchor::From(date) => format!("{} from {date}", every(*period)),
            Anchor::Since(date) => format!("{} since {date}", every(*period)),
            Anchor::SinceInstant(_) => every(*period),
        },
        Recurrence::Cron(line) => format!("by cron \"{line}\""),
    }
}

/// `every day`, `every 2 weeks`
fn every(period: crate::time::Period) -> String {
    if period.count == 1 { format!("every {}", period.unit) } else { format!("every {period}") }
}

fn weekdays(days: WeekdaySet) -> String {
    let names: Vec<String> = days.iter().map(|day| weekday_name(day).into()).collect();
    list(&names, "and")
}

/// `3 days before`
fn offset(count: i64, unit: Unit) -> String {
    let word = if count < 0 { "before" } else { "after" };
    let number = count.unsigned_abs();
    let unit = if number == 1 { unit.name().to_string() } else { plural(unit.name()) };
    format!("{number} {unit} {word}")
}

/// What stands after `3 days before`: `on 2026-10-01` loses its `on`.
fn moved(text: &str) -> &str {
    text.strip_prefix("on ").unwrap_or(text)
}

/// `09:00`
fn clock(time: Time) -> String {
    time.strftime("%H:%M").to_string()
}
