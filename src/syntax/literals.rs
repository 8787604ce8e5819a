//! Numbers, dates, times, periods and percentages.

use super::{
    ast::{Share, Span, Spanned},
    grammar::Rule,
    reader::{Node, Reader},
};
use crate::{
    diagnostic::Code,
    number::Number,
    time::{CalendarUnit, Date, DateTime, Period, Time, Unit, Weekday, weekday_named},
};

impl<'i> Reader<'i> {
    /// A decimal number.
    pub(super) fn number(&mut self, node: &Node<'i>) -> Option<Spanned<Number>> {
        let written = node.as_str();
        let span = self.span(node);
        if written.contains(',') {
            let help = format!(
                "write `{}`, or put a space after the comma if these are several numbers",
                written.replace(',', "")
            );
            self.report(Code::BadNumber, span, "numbers are written without separators", &help);
            return None;
        }
        if decimals(written) > MOST_DECIMALS {
            let message = format!("`{written}` has more than six decimals");
            self.report(Code::BadNumber, span, message, "write six decimals at the most");
            return None;
        }
        match written.parse() {
            Ok(number) => Some(Spanned { node: number, span }),
            Err(error) => {
                self.report(Code::BadNumber, span, error.to_string(), "");
                None
            }
        }
    }

    /// A whole number, zero or more, among the children.
    pub(super) fn count_in(&mut self, node: &Node<'i>) -> Option<Spanned<u32>> {
        let number = self.child(node, Rule::number)?;
        let value = self.number(&number)?;
        let whole = whole(value.node);
        if whole.is_none() {
            let message = format!("`{}` is not a whole number that can be counted to", number.as_str());
            self.report(Code::BadNumber, value.span, message, "");
        }
        whole.map(|node| Spanned { node, span: value.span })
    }

    /// `30 days`, `a day`
    pub(super) fn period(&mut self, node: &Node<'i>) -> Option<Spanned<Period>> {
        let unit = self.unit_in(node)?;
        let Some(number) = Self::find(node, Rule::number) else {
            return Some(self.spanned(node, Period::new(1, unit)));
        };
        let value = self.number(&number)?;
        if value.node > LONGEST_PERIOD {
            let message = format!("`{}` is too long", node.as_str());
            let help = format!("a length of time has at most {} {}s", u32::MAX, unit.name());
            self.report(Code::BadPeriod, self.span(node), message, &help);
            return None;
        }
        match whole(value.node) {
            Some(count) if count > 0 => Some(self.spanned(node, Period::new(count, unit))),
            Some(_) => {
                let message = format!("`{}` is no time at all", node.as_str());
                self.report(Code::BadPeriod, self.span(node), message, "a length of time is at least 1");
                None
            }
            None => {
                let help = match unit {
                    Unit::Minute => "use whole minutes",
                    Unit::Hour => "use whole hours, or minutes: `90 minutes`",
                    Unit::Day => "use whole days, or hours: `36 hours`",
                    Unit::Week => "use whole weeks, or days: `10 days`",
                    Unit::Month => "use whole months, or days: `45 days`",
                    Unit::Year => "use whole years, or months: `18 months`",
                };
                let message = format!("`{}` is not a whole number of {}s", number.as_str(), unit.name());
                self.report(Code::BadPeriod, self.span(node), message, help);
                None
            }
        }
    }

    /// The period among the children.
    pub(super) fn period_in(&mut self, node: &Node<'i>) -> Option<Spanned<Period>> {
        let period = self.child(node, Rule::period)?;
        self.period(&period)
    }

    /// The unit among the children.
    pub(super) fn unit_in(&mut self, node: &Node<'i>) -> Option<Unit> {
        let unit = self.child(node, Rule::unit)?;
        let read = unit.as_str().parse().ok();
        if read.is_none() {
            self.disagree(&unit, "a unit");
        }
        read
    }

    /// The calendar unit among the children: `per week`, `this month`.
    pub(super) fn calendar_unit_in(&mut self, node: &Node<'i>) -> Option<CalendarUnit> {
        match self.unit_in(node)? {
            Unit::Day => Some(CalendarUnit::Day),
            Unit::Week => Some(CalendarUnit::Week),
            Unit::Month => Some(CalendarUnit::Month),
            Unit::Year => Some(CalendarUnit::Year),
            unit @ (Unit::Hour | Unit::Minute) => {
                let message = format!("there is no calendar {unit}");
                let help = format!("write `in 1 {unit}`, or name a day, a week, a month or a year");
                self.report(Code::BadPeriod, self.span(node), message, &help);
                None
            }
        }
    }

    /// `2026-10-01`
    pub(super) fn date(&mut self, node: &Node<'i>) -> Option<Spanned<Date>> {
        let mut parts = node.as_str().split('-').map(str::parse::<i16>);
        let read = match (parts.next(), parts.next(), parts.next()) {
            (Some(Ok(year)), Some(Ok(month)), Some(Ok(day))) => {
                (i8::try_from(month).ok()).zip(i8::try_from(day).ok()).map(|(m, d)| (year, m, d))
            }
            _ => None,
        };
        let date = read.and_then(|(year, month, day)| Date::new(year, month, day).ok());
        if date.is_none() {
            let help = match read {
                Some((year, month @ 1..=12, _)) => Date::new(year, month, 1)
                    .map(|first| {
                        format!("{year:04}-{month:02} ends on {}", first.last_of_month().strftime("%Y-%m-%d"))
                    })
                    .unwrap_or_default(),
                _ => "dates are written year-month-day: `2026-10-01`".to_owned(),
            };
            let message = format!("there is no day {}", node.as_str());
            self.report(Code::BadDate, self.span(node), message, &help);
        }
        date.map(|date| self.spanned(node, date))
    }

    /// The date among the children.
    pub(super) fn date_in(&mut self, node: &Node<'i>) -> Option<Spanned<Date>> {
        let date = self.child(node, Rule::date)?;
        self.date(&date)
    }

    /// `2026-10-01 10:00`
    pub(super) fn date_time(&mut self, node: &Node<'i>) -> Option<Spanned<DateTime>> {
        let date = self.date_in(node);
        let time = self.child(node, Rule::time)?;
        let time = self.time(&time);
        Some(self.spanned(node, date?.node.to_datetime(time?.node)))
    }

    /// The date with a time among the children.
    pub(super) fn date_time_in(&mut self, node: &Node<'i>) -> Option<Spanned<DateTime>> {
        let found = self.child(node, Rule::date_time)?;
        self.date_time(&found)
    }

    /// `10:00`
    pub(super) fn time(&mut self, node: &Node<'i>) -> Option<Spanned<Time>> {
        self.time_of(node, false)
    }

    /// `10:00`; `24:00` too, which stands for the midnight at the end of a day.
    pub(super) fn closing_time(&mut self, node: &Node<'i>) -> Option<Spanned<Time>> {
        self.time_of(node, true)
    }

    fn time_of(&mut self, node: &Node<'i>, closing: bool) -> Option<Spanned<Time>> {
        let written = node.as_str();
        let span = self.span(node);
        let mut parts = written.split([':', '：']);
        let plain = match (parts.next(), parts.next(), parts.next()) {
            (Some(hour), Some(minute), None) => hour.parse::<i8>().ok().zip(minute.parse::<i8>().ok()),
            _ => None,
        };
        let Some((hour, minute)) = plain else {
            let message = format!("`{written}` is not how a time is written");
            let help = match said_time(written) {
                Some(time) => format!("write `{time}`"),
                None => "times are hours and minutes: `09:30`, `21:00`".to_owned(),
            };
            self.report(Code::BadTime, span, message, &help);
            return None;
        };
        if closing && (hour, minute) == (24, 0) {
            return Some(Spanned { node: Time::midnight(), span });
        }
        let time = Time::new(hour, minute, 0, 0).ok();
        if time.is_none() {
            let help = match (hour, minute) {
                (24, 0) => "a day starts at `00:00`; `24:00` can only end quiet hours or contact hours",
                _ => "times go from `00:00` to `23:59`",
            };
            self.report(Code::BadTime, span, format!("there is no time `{written}`"), help);
        }
        time.map(|node| Spanned { node, span })
    }

    /// `20%`, between 0 and 100
    pub(super) fn percent(&mut self, node: &Node<'i>) -> Option<Spanned<Number>> {
        let span = self.span(node);
        let digits = node.as_str().trim_end_matches(|c: char| !c.is_ascii_digit());
        if decimals(digits) > MOST_DECIMALS {
            let message = format!("`{digits}%` is finer than shares can be");
            self.report(Code::PercentTooFine, span, message, "write at most two decimals: `12.25%`");
            return None;
        }
        let number = digits.parse::<Number>().ok();
        let percent = number.filter(|percent| *percent <= Number::from_millionths(100_000_000));
        if percent.is_none() {
            self.report(
                Code::BadPercent,
                span,
                format!("`{digits}%` is more than all"),
                "a share is 0% to 100%",
            );
        } else if !node.as_str().ends_with('%') {
            let help = format!("write `{digits}%`");
            self.report(Code::BadPercent, span, "shares are written with `%`", &help);
            return None;
        }
        percent.map(|node| Spanned { node, span })
    }

    /// `20% … as "pilot"`
    pub(super) fn share(&mut self, node: &Node<'i>) -> Option<Share> {
        let percent = self.child(node, Rule::percent)?;
        let percent = self.percent(&percent);
        let salt = self.text_in(node);
        Some(Share { percent: percent?, salt: salt? })
    }

    /// `monday, friday`, `weekdays`, in the order written, without repetitions
    pub(super) fn weekdays(&mut self, node: &Node<'i>) -> Option<Vec<Weekday>> {
        let mut days = Vec::new();
        for day in Self::all(node, Rule::day_name) {
            let named = self.first(&day)?;
            let meant: &[Weekday] = match named.as_rule() {
                Rule::day_group if named.as_str().to_ascii_lowercase().starts_with("weekd") => &WEEKDAYS,
                Rule::day_group => &[Weekday::Saturday, Weekday::Sunday],
                _ => &[self.weekday(&named)?],
            };
            for day in meant {
                if !days.contains(day) {
                    days.push(*day);
                }
            }
        }
        Some(days)
    }

    /// `monday`, `mondays`
    pub(super) fn weekday(&mut self, node: &Node<'i>) -> Option<Weekday> {
        let name = node.as_str().to_ascii_lowercase();
        let found = weekday_named(name.trim_end_matches('s'));
        if found.is_none() {
            self.disagree(node, "a weekday");
        }
        found
    }

    /// A day of the month.
    pub(super) fn day_of_month(&mut self, digits: &str, span: Span) -> Option<i8> {
        let day = digits.parse::<i8>().ok().filter(|day| (1..=31).contains(day));
        if day.is_none() {
            let message = format!("no month has a day {digits}");
            self.report(Code::BadDate, span, message, "a month has the days 1 to 31, and a `last day`");
        }
        day
    }

    /// `11-11`, a month and a day that some year has.
    pub(super) fn day_of_year(&mut self, written: &str, span: Span) -> Option<(i8, i8)> {
        let parts =
            written.split_once('-').map(|(month, day)| (month.parse::<i8>().ok(), day.parse::<i8>().ok()));
        // A leap year, so that 29 February is a day.
        let read = match parts {
            Some((Some(month), Some(day))) => Date::new(2024, month, day).ok().map(|_| (month, day)),
            _ => None,
        };
        if read.is_none() {
            let month = parts.and_then(|(month, _)| month).filter(|month| (1..=12).contains(month));
            let help = match month.and_then(|month| Date::new(2024, month, 1).ok()) {
                Some(first) => format!("{0} ends on {0}-{1}", first.strftime("%m"), first.days_in_month()),
                None => "write the month, then the day: `11-25`".to_owned(),
            };
            self.report(Code::BadDate, span, format!("no year has a day {written}"), &help);
        }
        read
    }
}

const WEEKDAYS: [Weekday; 5] =
    [Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday, Weekday::Friday];

/// How many decimals a number keeps.
const MOST_DECIMALS: usize = 6;

/// How many of its units a length of time may have.
const LONGEST_PERIOD: Number = Number::from_millionths(u32::MAX as i64 * 1_000_000);

/// How many decimals are written, zeros at the end aside.
fn decimals(written: &str) -> usize {
    written.split_once('.').map_or(0, |(_, decimals)| decimals.trim_end_matches('0').len())
}

/// A number as a count, if it is whole and not too large.
fn whole(number: Number) -> Option<u32> {
    let millionths = number.millionths();
    (millionths % 1_000_000 == 0).then(|| u32::try_from(millionths / 1_000_000).ok()).flatten()
}

/// What `9am`, `21h30` or `10点` means, as a time is written here.
pub(super) fn said_time(written: &str) -> Option<String> {
    let lower = written.to_ascii_lowercase();
    let mut numbers = lower.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    let hour: u8 = numbers.next()?.parse().ok()?;
    let minute: u8 = numbers.next().map_or(Some(0), |minute| minute.parse().ok())?;
    let hour = match (lower.contains('p'), lower.contains('a')) {
        (true, _) if hour < 12 => hour + 12,
        (_, true) if hour == 12 => 0,
        _ => hour,
    };
    (hour < 24 && minute < 60).then(|| format!("{hour:02}:{minute:02}"))
}
