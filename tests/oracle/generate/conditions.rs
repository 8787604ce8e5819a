//! Conditions of every form.

use super::Setting;

impl Setting {
    /// A condition that looks at no contact.
    pub fn condition(&mut self) -> String {
        self.condition_of(2, false)
    }

    /// A condition that may look at contacts.
    pub fn any_condition(&mut self) -> String {
        self.condition_of(2, true)
    }

    fn condition_of(&mut self, depth: i64, contacts: bool) -> String {
        if depth == 0 || self.chance(55) {
            return self.atom(contacts);
        }
        match self.dice.range(0, 5) {
            0..=2 => format!("{} and {}", self.part(depth, contacts), self.part(depth, contacts)),
            3 | 4 => format!("{} or {}", self.part(depth, contacts), self.part(depth, contacts)),
            _ => format!("not {}", self.part(depth, contacts)),
        }
    }

    fn part(&mut self, depth: i64, contacts: bool) -> String {
        format!("({})", self.condition_of(depth - 1, contacts))
    }

    fn quantity(&mut self) -> String {
        match self.dice.range(0, 7) {
            0 | 1 => "no".into(),
            2 | 3 => "at least 1".into(),
            4 => format!("at most {}", self.dice.range(1, 3)),
            5 => format!("fewer than {}", self.dice.range(2, 3)),
            6 => format!("more than {}", self.dice.range(1, 2)),
            _ => format!("exactly {}", self.dice.range(1, 3)),
        }
    }

    fn atom(&mut self, contacts: bool) -> String {
        if contacts && self.chance(40) {
            let (quantity, contacts) = (self.quantity(), self.contacts());
            return format!("{quantity} {contacts}");
        }
        match self.dice.range(0, 29) {
            0..=4 => {
                let (quantity, events) = (self.quantity(), self.events());
                format!("{quantity} {events}")
            }
            5 | 6 => {
                let event = self.pick(&["order", "visit", "entry"]);
                format!("{event} in {}", self.period())
            }
            7 => self.pick(&["ordered before", "visited before", "entered before"]).into(),
            8..=11 => self.length_compared(),
            12 | 13 => {
                let op = self.pick(&[">=", "<", "<=", ">", "is", "is not"]);
                format!("{} {op} {}", self.plain_number(1), self.plain_number(1))
            }
            14 => self
                .pick(&["tier gold", "tier is not gold", "tier in (gold, silver)", "tier not in (silver)"])
                .into(),
            15 => format!("points between {} and {}", self.number(0, 5), self.number(5, 15)),
            16 => self
                .pick(&[
                    "name contains \"a\"",
                    "tags contains \"tea\"",
                    "name is \"Lin\"",
                    "not tags contains \"x\"",
                    "name does not contain \"o\"",
                    "tags does not contain \"milk\"",
                ])
                .into(),
            17 => self
                .pick(&[
                    "birthday is known",
                    "points is not known",
                    "signup_at is known",
                    "tags is not known",
                ])
                .into(),
            18 => self.pick(&["vip", "not vip"]).into(),
            19 => self.pick(&["recent", "in segment recent", "not recent"]).into(),
            20 => self
                .pick(&[
                    "subscribed to sms",
                    "reachable on push",
                    "subscribed to push",
                    "not reachable on email",
                ])
                .into(),
            21 => format!("for {}% of users as \"pilot\"", self.dice.range(1, 99)),
            22 | 23 => self.today(),
            24 => {
                let op = self.pick(&["is", ">=", "<", "is not"]);
                let left = self.pick(&["signup_at", "paid_until", "last order arrives"]);
                format!("{left} {op} {}", self.date())
            }
            25 => {
                let op = self.pick(&["is", ">=", "<", "<="]);
                format!("paid_until {op} {}", self.pick(&["signup_at", "birthday"]))
            }
            26 => {
                let which = self.pick(&["last", "first", "most common"]);
                let op = self.pick(&["is", "is not"]);
                format!("{which} order category{} {op} \"tea\"", self.window())
            }
            27 => format!("signup_at {} {} {}", self.pick(&[">=", "<"]), self.date(), self.time()),
            28 => self
                .pick(&["most common order gift is yes", "last order gift", "first visit page is \"home\""])
                .into(),
            _ => format!(
                "{} is known",
                self.pick(&["last order category", "average days between orders", "days since last visit"])
            ),
        }
    }

    fn today(&mut self) -> String {
        let what = match self.dice.range(0, 9) {
            0 => "monday, thursday".into(),
            1 => "a weekday".into(),
            2 => "in cn".into(),
            3 => "\"Fair\" of cn".into(),
            4 => self.date().to_string(),
            5 | 6 => {
                format!("{} {}", self.pick(&["before", "after", "on or after", "on or before"]), self.date())
            }
            7 => format!("{} paid_until", self.pick(&["before", "after", "on or after", "on"])),
            8 => format!("{} signup_at", self.pick(&["before", "after"])),
            _ => format!("{} last order arrives", self.pick(&["before", "on or after"])),
        };
        let is = if self.chance(25) && !what.starts_with('a') { "is not" } else { "is" };
        format!("today {is} {what}")
    }
}
