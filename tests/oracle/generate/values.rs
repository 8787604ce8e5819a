//! Periods, windows and values.

use super::Setting;

impl Setting {
    pub fn period(&mut self) -> String {
        match self.dice.range(0, 11) {
            0 => "1 day".into(),
            1..=4 => format!("{} days", self.dice.range(1, 9)),
            5..=7 => format!("{} hours", self.dice.range(1, 50)),
            8 => format!("{} minutes", 15 * self.dice.range(1, 8)),
            9 => self.pick(&["1 week", "2 weeks"]).into(),
            10 => "1 month".into(),
            _ => self.pick(&["1 year", "20 days", "36 hours", "3 days"]).into(),
        }
    }

    /// A period short enough for steps to follow one another.
    pub fn short_period(&mut self) -> String {
        match self.dice.range(0, 7) {
            0..=2 => format!("{} days", self.dice.range(1, 4)),
            3..=5 => format!("{} hours", self.dice.range(1, 40)),
            6 => format!("{} minutes", 15 * self.dice.range(1, 12)),
            _ => self.pick(&["1 week", "1 day"]).into(),
        }
    }

    pub fn time(&mut self) -> String {
        let minute = self.pick(&["00", "00", "30", "15"]);
        format!("{:02}:{minute}", self.dice.range(0, 23))
    }

    /// Nothing, or a window.
    pub fn window(&mut self) -> String {
        match self.dice.range(0, 8) {
            0 | 1 => String::new(),
            2..=5 => format!(" in {}", self.period()),
            6 => " today".into(),
            7 => self.pick(&[" this week", " this month", " this year"]).into(),
            _ => format!(" since {}", self.date()),
        }
    }

    fn event(&mut self) -> &'static str {
        self.pick(&["order", "order", "visit", "visit", "entry"])
    }

    /// Nothing, or a filter of orders that stands before a window.
    pub fn filter(&mut self, event: &str) -> String {
        if event != "order" || self.chance(65) {
            return String::new();
        }
        match self.dice.range(0, 10) {
            9 => " of category \"tea\" of gift yes".into(),
            10 => format!(" where amount between {} and {}", self.number(0, 10), self.number(10, 20)),
            0 => " of category \"tea\"".into(),
            1 => format!(" where amount > {}", self.number(0, 20)),
            2 => format!(" where (amount > {} and category is not \"milk\")", self.number(0, 20)),
            3 => " of gift yes".into(),
            4 => " where category in (\"tea\", \"milk\")".into(),
            5 => format!(" where arrives is {}", self.date()),
            6 => " where (amount is known or tier gold)".into(),
            7 => " where amount >= points".into(),
            _ => " where (category contains \"e\" and not gift)".into(),
        }
    }

    /// Events with filter and window.
    pub fn events(&mut self) -> String {
        let event = self.event();
        let kind = if self.chance(5) { "event " } else { "" };
        format!("{kind}{event}{}{}", self.filter(event), self.window())
    }

    /// Contacts with a window.
    pub fn contacts(&mut self) -> String {
        let kind = self.contact_kind();
        let window = match self.dice.range(0, 3) {
            0 => self.window(),
            _ => format!(" in {}", self.period()),
        };
        format!("{kind}{window}")
    }

    pub fn contact_kind(&mut self) -> String {
        match self.dice.range(0, 7) {
            0..=2 => "contact".into(),
            3 => self.pick(&["push", "sms", "email", "channel push", "channel sms"]).into(),
            4 | 5 => self.pick(&["promo", "care", "promo", "care", "category promo"]).into(),
            6 => format!("message {}", self.pick(&["a", "b", "c"])),
            _ => format!("rule r{}", self.dice.range(0, self.rules - 1)),
        }
    }

    pub fn unit(&mut self) -> &'static str {
        self.pick(&["minute", "hour", "hour", "day", "day", "day", "day", "week", "month", "year"])
    }

    /// A length of time, in units that go with nothing else.
    fn length(&mut self) -> String {
        let unit = self.unit();
        match self.dice.range(0, 6) {
            0..=2 => format!("{unit}s since last {}", self.events()),
            3 => format!("{unit}s since first {}", self.events()),
            4 => format!("{unit}s since last {}", self.contacts()),
            5 => {
                let moment = self.moment(unit);
                format!("{unit}s since {moment}")
            }
            _ => {
                let moment = self.moment(unit);
                format!("{unit}s until {moment}")
            }
        }
    }

    fn moment(&mut self, unit: &str) -> &'static str {
        if matches!(unit, "minute" | "hour") {
            "signup_at"
        } else {
            self.pick(&["birthday", "paid_until", "signup_at"])
        }
    }

    /// A number without a unit.
    pub fn plain_number(&mut self, depth: i64) -> String {
        match self.dice.range(0, if depth > 0 { 9 } else { 6 }) {
            0 => self.number(0, 20),
            1 => self.pick(&["points", "score"]).into(),
            2 => format!("number of {}", self.events()),
            3 => format!("number of {}", self.contacts()),
            4 | 5 => {
                let kind = self.pick(&["total", "average", "smallest", "largest"]);
                let (filter, window) = (self.filter("order"), self.window());
                format!("{kind} order amount{filter}{window}")
            }
            6 => format!("{} order amount{}", self.pick(&["last", "first", "most common"]), self.window()),
            7 => format!("-{}", self.pick(&["points", "score"])),
            _ => {
                let op = self.pick(&["+", "-", "*", "/"]);
                format!("({} {op} {})", self.plain_number(depth - 1), self.plain_number(depth - 1))
            }
        }
    }

    /// A comparison of a length of time with a number that it comes near to.
    pub fn length_compared(&mut self) -> String {
        let op = self.pick(&[">=", ">=", "<", "<=", ">", "is", "is not"]);
        if self.chance(12) {
            let unit = self.pick(&["day", "hour"]);
            let factor = self.pick(&["0.8", "2", "1.5"]);
            let events = self.events();
            return format!(
                "{unit}s since last order {op} {factor} * average {unit}s between {events} + {}",
                self.dice.range(0, 2)
            );
        }
        let length = self.length();
        let number = match length.split_once('s').map(|(unit, _)| unit) {
            Some("minute") => format!("{}", 15 * self.dice.range(0, 400)),
            Some("hour") => self.number(0, 200),
            Some("day") => self.pick(&["0", "1", "2", "3", "5", "7", "10", "2.5"]).into(),
            _ => self.number(0, 3),
        };
        let number = if length.contains("until") && self.chance(20) { format!("-{number}") } else { number };
        // The unit may be said again.
        let unit = length.split_once(' ').map(|(unit, _)| unit).filter(|_| self.chance(15));
        match unit {
            Some(unit) => format!("{length} {op} {number} {unit}"),
            None => format!("{length} {op} {number}"),
        }
    }
}
