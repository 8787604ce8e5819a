//! Declarations, rules and their clauses.

use std::fmt::Write;

use super::Setting;

const DECLARED: &str = "\
attribute tier: one of bronze, silver, gold
attribute name: text
attribute favourite: text
attribute points: number
attribute score: number
attribute birthday: date
attribute paid_until: date
attribute signup_at: date and time
attribute vip: yes or no
attribute tags: list of text
event order: amount number, category text, gift yes or no, arrives date
event visit: page text
event entry plural entries past entered
channel push
channel sms needs consent
channel email, letter
message a: promo in en, zh-HK, zh, pt-BR
message b: promo, care
message c: care in de, en
message d: service
message e
calendar cn \"cn.csv\"
";

/// What rules speak of.
pub fn declarations(setting: &mut Setting) -> String {
    let mut text = String::new();
    let zone = setting.zone;
    let _ = writeln!(text, "time zone \"{zone}\"");
    if setting.chance(40) {
        let day = setting.pick(&["monday", "sunday", "saturday", "wednesday"]);
        let _ = writeln!(text, "week starts {day}");
    }
    text += DECLARED;
    let _ = writeln!(text, "segment recent: {}", setting.condition());
    text
}

/// A whole file.
pub fn file(setting: &mut Setting) -> String {
    let mut text = declarations(setting);
    for _ in 0..setting.pick(&[0, 1, 1, 2, 3]) {
        text += &setting.policy();
    }
    for index in 0..setting.rules {
        text += &setting.rule(index);
    }
    // A rule may go without a name if nobody asks for it.
    if setting.chance(5) && text.matches("rule r0").count() == 1 {
        text = text.replace("rule r0", "");
    }
    text
}

impl Setting {
    /// Dates between which something holds; mostly none.
    fn life(&mut self) -> String {
        match self.dice.range(0, 9) {
            0 => format!(" from {}", self.date()),
            1 => format!(" until {}", self.date()),
            _ => String::new(),
        }
    }

    /// For whom and when something holds; mostly for all.
    fn late_if(&mut self) -> String {
        if self.chance(25) { format!(" if {}", self.any_condition()) } else { String::new() }
    }

    fn policy(&mut self) -> String {
        match self.dice.range(0, 9) {
            0..=3 => {
                let window = match self.dice.range(0, 2) {
                    0 => self.pick(&["per day", "per week", "per month", "per year"]).into(),
                    _ => format!("in {}", self.period()),
                };
                let (limit, kind) = (self.dice.range(1, 3), self.contact_kind());
                let exceptions = self.pick(&[0, 0, 0, 1, 1, 2]);
                let other: String = (0..exceptions)
                    .map(|_| format!(", {} if {}", self.dice.range(1, 4), self.any_condition()))
                    .collect();
                format!("at most {limit} {kind} {window}{other}{}{}\n", self.late_if(), self.life())
            }
            4 | 5 => {
                let period = self.short_period();
                let kind = self.contact_kind();
                let second =
                    if self.chance(50) { format!(" and {}", self.contact_kind()) } else { String::new() };
                format!("at least {period} between {kind}{second}{}{}\n", self.late_if(), self.life())
            }
            6..=8 => {
                let what = self.pick(&["quiet", "quiet", "contact"]);
                let (from, to) = match self.dice.range(0, 3) {
                    0 => ("21:00".into(), "09:00".into()),
                    1 => ("00:00".into(), "24:00".into()),
                    _ => (self.time(), self.time()),
                };
                let days = match self.dice.range(0, 5) {
                    0 => " on weekdays".into(),
                    1 => format!(" on {}", self.pick(&["saturday, sunday", "monday, friday", "sunday"])),
                    2 => " on days in cn".into(),
                    3 => " on days not in cn".into(),
                    _ => String::new(),
                };
                let channels = self.pick(&["", "", " for sms", " for push", " for push, email, letter"]);
                format!("{what} hours {from} to {to}{days}{channels}{}{}\n", self.late_if(), self.life())
            }
            _ => format!("hold out {}% as \"control\"\n", self.dice.range(1, 30)),
        }
    }

    fn trigger(&mut self) -> String {
        match self.dice.range(0, 25) {
            0..=6 => format!("if {}", self.condition()),
            7..=10 => format!("if {}", self.any_condition()),
            11 | 12 => format!("on {}", self.pick(&["visit", "visit", "entry"])),
            13 | 14 => format!("on order{}", self.filter("order")),
            15 => format!("on {}", self.pick(&["birthday", "signup_at", "paid_until once"])),
            16 => {
                let side = self.pick(&["before", "after"]);
                let moment = self.pick(&["birthday", "paid_until", "signup_at", "signup_at once"]);
                format!("{} {side} {moment}", self.pick(&["1 day", "3 days", "1 week", "1 month"]))
            }
            17 => format!("on {}", self.date()),
            18 => match self.dice.range(0, 2) {
                0 => format!("2 days {} {}", self.pick(&["before", "after"]), self.date()),
                1 => "on \"Fair\" of cn".into(),
                _ => format!("1 day {} \"Fair\" of cn", self.pick(&["before", "after"])),
            },
            19 => format!("every {}", self.pick(&["monday, thursday", "weekday", "day", "day", "sunday"])),
            20 => {
                let day = self.today.day();
                format!(
                    "every month on {}",
                    self.pick(&["last day".into(), "31".into(), format!("{day}, 29")])
                )
            }
            21 => {
                let date = self.date();
                format!("every year on {:02}-{:02}", date.month(), date.day())
            }
            22 => {
                let date = self.date();
                format!("every {} from {date}", self.pick(&["2 days", "3 days", "1 week", "1 month"]))
            }
            23 => {
                let moment = self.pick(&["signup_at", "birthday", "paid_until"]);
                format!("every {} since {moment}", self.pick(&["2 days", "1 week", "1 month", "1 year"]))
            }
            24 => match self.dice.range(0, 1) {
                0 => format!(
                    "every {} from {}",
                    self.pick(&["7 hours", "25 hours", "1000 minutes"]),
                    self.date()
                ),
                _ => format!("every {} since signup_at", self.pick(&["31 hours", "10 hours", "900 minutes"])),
            },
            _ => {
                let line = self.pick(&[
                    "30 10 * * MON",
                    "0 2 * * *",
                    "30 2 * * *",
                    "15 */9 * * *",
                    "0 12 1,15 * FRI",
                    "30 1 * * SAT,SUN",
                    "0 0 28-31 * *",
                    "30 23 * * MON-FRI",
                ]);
                format!("cron \"{line}\"")
            }
        }
    }

    fn rule(&mut self, index: i64) -> String {
        let trigger = self.trigger();
        let title = self.pick(&["", "", "", " \"A title\""]);
        let mut text = format!("rule r{index}{title}\n");
        if self.chance(2) {
            text += "  off\n";
        }
        let _ = writeln!(text, "  {trigger}");
        let by_condition = trigger.starts_with("if");
        if !by_condition && self.chance(35) {
            let _ = writeln!(text, "  if {}", self.any_condition());
        }
        let has_times = trigger.contains("cron") || trigger.contains("hours") || trigger.contains("minutes");
        let steps = self.pick(&[1, 1, 1, 2, 2, 3]);
        for _ in 0..steps {
            text += &self.step(steps > 1);
        }
        text += &self.clauses(by_condition, has_times);
        text
    }

    fn clauses(&mut self, by_condition: bool, has_times: bool) -> String {
        let mut text = String::new();
        let mut clause = |on: bool, words: String| {
            if on {
                let _ = writeln!(text, "  {words}");
            }
        };
        let words = format!("after {}", self.short_period());
        clause(self.chance(20), words);
        if self.chance(25) && !has_times {
            let words = format!("at {}", self.time());
            clause(true, words);
        } else {
            let words = format!("between {} and {}", self.time(), self.time());
            clause(self.chance(15), words);
        }
        let deadline = if self.chance(60) { self.short_period() } else { self.period() };
        let words = format!("{} {deadline}", self.pick(&["within", "expires after"]));
        clause(self.chance(45), words);
        let words = format!("again after {}", self.short_period());
        clause(by_condition && self.chance(40), words);
        let window = match self.dice.range(0, 3) {
            0 => String::new(),
            1 => format!(" {}", self.pick(&["per day", "per week", "per month", "per year"])),
            _ => format!(" in {}", self.period()),
        };
        let words = format!("at most {} times{window}", self.dice.range(1, 3));
        clause(self.chance(20), words);
        let priority = match self.dice.range(0, 3) {
            0 => self.plain_number(1),
            1 => "days since last visit".into(),
            _ => self.number(0, 100),
        };
        let words = format!("priority {priority}");
        clause(self.chance(35), words);
        clause(self.chance(8), "ignoring caps".into());
        clause(self.chance(8), "not counted".into());
        clause(self.chance(10), "even in quiet hours".into());
        let words = format!("if blocked {}", self.pick(&["drop", "stop", "wait"]));
        clause(self.chance(25), words);
        let words = format!("from {}", self.date());
        clause(self.chance(7), words);
        let words = format!("until {}", self.date());
        clause(self.chance(7), words);
        text
    }

    /// What goes along; mostly nothing.
    fn payload(&mut self) -> String {
        if !self.chance(20) {
            return String::new();
        }
        let value = match self.dice.range(0, 4) {
            0 => self.plain_number(1),
            1 => format!("days since last {}", self.events()),
            2 => format!("last order category{}", self.window()),
            3 => self.date().to_string(),
            _ => self.pick(&["\"BACK20\"", "tags", "paid_until", "signup_at", "vip", "tier", "name"]).into(),
        };
        let second = self.pick(&["", "", ", points points", ", \"a key\" number of contact"]);
        format!(" with code {value}{second}")
    }

    fn step(&mut self, of_several: bool) -> String {
        let mut text = String::from("  then");
        if self.chance(if of_several { 65 } else { 15 }) {
            let _ = write!(text, " after {}", self.short_period());
        }
        match self.dice.range(0, 9) {
            0 => text += &format!(" at {}", self.time()),
            1 => text += &format!(" between {} and {}", self.time(), self.time()),
            _ => {}
        }
        let message = if self.chance(10) {
            let (first, second) = (self.dice.range(10, 60), self.dice.range(10, 40));
            format!("one of a {first}%, c {second}% as \"split\"")
        } else {
            self.pick(&["a", "b", "c", "d", "e", "a"]).into()
        };
        let via = self.pick(&[
            "",
            "",
            " via push",
            " via push",
            " via sms",
            " via sms or push",
            " via push or email",
            " via push and email",
            " via sms and push",
            " via favourite",
            " via favourite or push",
            " via favourite and email",
            " via letter",
        ]);
        let _ = write!(text, " send {message}{via}{}", self.payload());
        if self.chance(20) {
            let unless = match self.dice.range(0, 4) {
                0 => "order".into(),
                1 => "contact".into(),
                2 => format!("at least 2 {}", self.pick(&["visit", "contact", "promo"])),
                _ => self.any_condition(),
            };
            let _ = write!(text, " unless {unless}");
        }
        text + "\n"
    }
}
