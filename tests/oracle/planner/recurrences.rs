//! The civil dates and times of date triggers, each from its definition: by looking at every day (5.4).

use courtesy::{
    program::DateTrigger,
    snapshot::Value,
    time::{Anchor, Date, DateTime, Instant, MonthDay, Period, Recurrence, Time, Unit},
};

use crate::world::{World, shift};

/// A date that a trigger names, before its offset; or a date and time that it names itself.
#[derive(Clone, Copy, Debug)]
pub enum Named {
    Day(Date),
    At(DateTime),
    /// Exact intervals go by no civil time; they are called by that of UTC.
    Exact(Instant),
}

impl Named {
    /// The civil date and time, and the instant it stands for.
    pub fn resolve(self, world: &World<'_>, trigger: &DateTrigger) -> Option<(DateTime, Instant)> {
        let civil = match self {
            Self::Day(date) => {
                let (count, unit) = trigger.offset;
                let date = if count == 0 { date } else { shift(date, count, unit)? };
                date.to_datetime(trigger.at.unwrap_or(Time::midnight()))
            }
            Self::At(civil) => civil,
            Self::Exact(at) => return Some((jiff::tz::Offset::UTC.to_datetime(timestamp(at)), at)),
        };
        Some((civil, world.clock.instant(civil)))
    }
}

fn timestamp(at: Instant) -> jiff::Timestamp {
    jiff::Timestamp::from_microsecond(at.as_micros()).unwrap()
}

fn days((from, to): (Date, Date)) -> impl Iterator<Item = Date> {
    std::iter::successors(Some(from), |day| day.tomorrow().ok()).take_while(move |day| *day <= to)
}

/// The day of that number in the month, or the month's last day (1.2).
fn is_day_of_month(day: Date, number: i8) -> bool {
    day.day() == number.min(day.days_in_month())
}

pub fn fixed(
    world: &World<'_>,
    recurrence: &Recurrence,
    range: (Date, Date),
    at: Option<Time>,
) -> Vec<Named> {
    let on = |is: &dyn Fn(Date) -> bool| days(range).filter(|day| is(*day)).map(Named::Day).collect();
    match recurrence {
        Recurrence::Once(date) => vec![Named::Day(*date)],
        Recurrence::Dates(dates) => dates.iter().map(|date| Named::Day(*date)).collect(),
        Recurrence::Yearly { month, day } => {
            on(&|date| date.month() == *month && is_day_of_month(date, *day))
        }
        Recurrence::Weekdays(set) => on(&|date| set.contains(date.weekday())),
        Recurrence::Monthly(list) => on(&|date| {
            list.iter().any(|day| match day {
                MonthDay::Day(number) => is_day_of_month(date, *number),
                MonthDay::Last => date.day() == date.days_in_month(),
            })
        }),
        Recurrence::Every { period, anchor } => match anchor {
            Anchor::From(date) if period.unit.is_exact() => {
                exact(world.clock.start_of_day(*date), 0, *period, world, range)
            }
            Anchor::From(date) => intervals(*date, 0, *period, range).map(Named::Day).collect(),
            Anchor::Since(_) | Anchor::SinceInstant(_) => Vec::new(),
        },
        Recurrence::Cron(line) => {
            assert!(at.is_none(), "a cron line has its own time");
            cron(line.source(), range)
        }
    }
}

/// `anchor + k × period` for every `k` from the first.
fn intervals(anchor: Date, first: i64, period: Period, range: (Date, Date)) -> impl Iterator<Item = Date> {
    let all = (first..).map_while(move |k| shift(anchor, k * i64::from(period.count), period.unit));
    all.take_while(move |day| *day <= range.1).filter(move |day| *day >= range.0)
}

fn exact(anchor: Instant, first: i64, period: Period, world: &World<'_>, range: (Date, Date)) -> Vec<Named> {
    // Only what is near `now` matters, and there may be one every minute.
    let (from, to) = (world.clock.start_of_day(range.0), world.clock.start_of_day(range.1));
    let length = i64::from(period.count) * if period.unit == Unit::Hour { 3_600_000_000 } else { 60_000_000 };
    let skipped = ((from.as_micros() - anchor.as_micros()).div_euclid(length)).max(first);
    let all = (skipped..).map(|k| anchor.plus_micros(k * length)).take_while(|at| *at < to);
    all.map(Named::Exact).collect()
}

/// A date that the user has: every year from itself on, or once (1.4, 5.4).
pub fn returns(date: Date, once: bool, range: (Date, Date)) -> Vec<Named> {
    if once {
        return vec![Named::Day(date)];
    }
    let same = |day: &Date| day.month() == date.month() && is_day_of_month(*day, date.day());
    days(range).filter(same).filter(|day| *day >= date).map(Named::Day).collect()
}

/// Intervals after a date that the user has.
pub fn since(
    world: &World<'_>,
    value: Value,
    period: Period,
    range: (Date, Date),
    at: Option<Time>,
) -> Vec<Named> {
    let (date, time, instant) = match value {
        Value::Date(date) => (date, None, world.clock.start_of_day(date)),
        Value::Instant(instant) => {
            let civil = world.clock.civil(instant);
            (civil.date(), Some(civil.time()), instant)
        }
        _ => return Vec::new(),
    };
    if period.unit.is_exact() {
        return exact(instant, 1, period, world, range);
    }
    let dates = intervals(date, 1, period, range);
    match time.filter(|_| at.is_none()) {
        Some(time) => dates.map(|date| Named::At(date.to_datetime(time))).collect(),
        None => dates.map(Named::Day).collect(),
    }
}

const WEEKDAYS: [&str; 7] = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"];

/// The values that a field of a cron line admits.
fn field(text: &str, least: i8, most: i8) -> Vec<i8> {
    let number = |text: &str| match WEEKDAYS.iter().position(|name| *name == text) {
        Some(index) => i8::try_from(index).unwrap() + 1,
        None => text.parse().unwrap(),
    };
    let mut values = Vec::new();
    for part in text.split(',') {
        let (range, step) = part.split_once('/').map_or((part, 1), |(range, step)| (range, number(step)));
        let (from, to) = match range.split_once('-') {
            Some((from, to)) => (number(from), number(to)),
            None if range == "*" => (least, most),
            None => (number(range), number(range)),
        };
        values.extend((from..=to).step_by(usize::try_from(step).unwrap()));
    }
    values.sort_unstable();
    values
}

fn cron(line: &str, range: (Date, Date)) -> Vec<Named> {
    let fields: Vec<&str> = line.split(' ').collect();
    let [minute, hour, day, month, weekday] = fields[..] else { panic!("{line}") };
    let (minutes, hours) = (field(minute, 0, 59), field(hour, 0, 23));
    let (of_month, months, of_week) = (field(day, 1, 31), field(month, 1, 12), field(weekday, 1, 7));
    let is_right = |date: &Date| {
        let in_month = of_month.contains(&date.day());
        let in_week = of_week.contains(&date.weekday().to_monday_one_offset());
        // If both kinds of day are said, either will do.
        let both = day != "*" && weekday != "*";
        months.contains(&date.month()) && if both { in_month || in_week } else { in_month && in_week }
    };
    let mut found = Vec::new();
    for date in days(range).filter(is_right) {
        for hour in &hours {
            for minute in &minutes {
                found.push(Named::At(date.at(*hour, *minute, 0, 0)));
            }
        }
    }
    found
}
