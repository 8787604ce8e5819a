//! Rules drawn from the wording that marketers use: a behaviour, a kind of customer, a place.

use fastrand::Rng;

use crate::users::world;

/// What the drawn rules need besides what the twenty declare.
pub(super) const DECLARATIONS: &str = "\
attribute device: text
attribute source: text
attribute store: text
event search plural searches: words text

message offer: promotion
message discount: promotion, coupon
message gift: promotion, coupon
message new_arrivals: promotion
message back_in_stock: promotion
message replenish: care
message tips: care
message invitation: promotion
message thanks: care
message question: care

segment new_here: days since signup_at < 60
segment regular: at least 4 orders in 180 days
segment big_spender: total order amount in 1 year >= 3000
segment at_risk: ordered before and no order in 45 days and no visit in 14 days
";

const MESSAGES: [&str; 10] = [
    "offer",
    "discount",
    "gift",
    "new_arrivals",
    "back_in_stock",
    "replenish",
    "tips",
    "invitation",
    "thanks",
    "question",
];

const CHANNELS: [(&str, u32); 7] = [
    ("push", 20),
    ("wechat", 15),
    ("push or wechat", 25),
    ("wechat or sms", 15),
    ("push or sms", 10),
    ("email", 10),
    ("email or wechat", 5),
];

/// Stretches people think in, with weights.
const WINDOWS: [(&str, u32); 15] = [
    ("3 days", 4),
    ("7 days", 14),
    ("10 days", 4),
    ("14 days", 12),
    ("21 days", 5),
    ("30 days", 22),
    ("45 days", 7),
    ("60 days", 12),
    ("75 days", 2),
    ("90 days", 14),
    ("120 days", 4),
    ("150 days", 2),
    ("180 days", 8),
    ("270 days", 2),
    ("1 year", 9),
];

pub(super) struct Draw {
    rng: Rng,
}

impl Draw {
    pub(super) fn new() -> Self {
        Self { rng: Rng::with_seed(7) }
    }

    /// A rule of that number.
    pub(super) fn rule(&mut self, number: usize) -> String {
        let message = self.of(&MESSAGES);
        let via = self.weighted(&CHANNELS);
        let head = format!("rule {message}_{number}\n");
        match self.rng.u32(0..100) {
            0..6 => head + &self.on_event(message, via),
            6..12 => head + &self.on_date(message, via),
            _ => head + &self.when_true(message, via),
        }
    }

    fn when_true(&mut self, message: &str, via: &str) -> String {
        let mut conditions = vec![self.place()];
        if self.chance(88) {
            conditions.push(self.kind());
        }
        conditions.push(self.behaviour());
        if self.chance(45) {
            conditions.push(self.behaviour());
        }
        if self.chance(12) {
            conditions.push(self.contact());
        }
        self.rng.shuffle(&mut conditions);
        let mut rule = format!("  if {}\n  then send {message} via {via}", conditions.join(" and "));
        if self.chance(30) {
            let value = self.of(&[
                "points points",
                "spent total order amount in 1 year",
                "last_bought last order category",
            ]);
            rule += &format!("\n       with {value}");
        }
        rule.push('\n');
        if self.chance(12) {
            let other = self.of(&MESSAGES);
            rule +=
                &format!("  then after {} days send {other} via {via} unless order\n", self.rng.u32(2..8));
        }
        if self.chance(40) {
            rule += &format!("  at {}:00\n", self.rng.u32(9..20));
        }
        if self.chance(35) {
            rule += &format!("  again after {}\n", self.of(&["30 days", "60 days", "90 days", "180 days"]));
        } else if self.chance(30) {
            rule += &format!("  expires after {} days\n", self.rng.u32(2..15));
        }
        if self.chance(15) {
            rule += self.of(&[
                "  until 2026-04-30\n",
                "  from 2026-03-01\n  until 2026-03-31\n",
                "  from 2026-02-01\n",
            ]);
        }
        rule + &self.priority()
    }

    fn on_event(&mut self, message: &str, via: &str) -> String {
        let category = self.weighted(&world::CATEGORIES);
        let trigger = match self.rng.u32(0..3) {
            0 => format!("order where category is \"{category}\""),
            1 => format!("cart where amount >= {}", 50 * self.rng.u32(1..12)),
            _ => format!("order where amount >= {}", 50 * self.rng.u32(2..20)),
        };
        let (place, days) = (self.place(), self.rng.u32(1..15));
        let rest = self.priority();
        format!(
            "  on {trigger}\n  if {place}\n  then send {message} via {via}\n  after {days} days\n  at 10:00\n  within 1 day\n{rest}"
        )
    }

    fn on_date(&mut self, message: &str, via: &str) -> String {
        let hour = self.rng.u32(9..20);
        let trigger = match self.rng.u32(0..5) {
            0 => format!("{} days before birthday at {hour}:00", self.rng.u32(1..20)),
            1 => format!("every month on {} at {hour}:00", self.rng.u32(1..29)),
            2 => format!("{} days after signup_at once at {hour}:00", self.rng.u32(2..120)),
            3 => format!("on 2026-03-{:02} at {hour}:00", self.rng.u32(1..29)),
            _ => format!(
                "every {} at {hour}:00",
                self.of(&["monday", "wednesday", "friday", "saturday", "sunday"])
            ),
        };
        let (place, behaviour, rest) = (self.place(), self.behaviour(), self.priority());
        format!("  {trigger}\n  if {place} and {behaviour}\n  then send {message} via {via}\n{rest}")
    }

    /// Few people.
    fn place(&mut self) -> String {
        match self.rng.u32(0..10) {
            0..5 => format!("city is \"{}\"", self.weighted(&world::CITIES)),
            5 => format!(
                "city in (\"{}\", \"{}\")",
                self.weighted(&world::CITIES),
                self.weighted(&world::CITIES)
            ),
            6..9 => format!("store is \"S{:04}\"", self.rng.u32(1..250)),
            _ => format!("for 1% of users as \"pilot-{}\"", self.rng.u32(1..40)),
        }
    }

    /// Some people.
    fn kind(&mut self) -> String {
        match self.rng.u32(0..14) {
            0..3 => format!("tier is {}", self.weighted(&world::TIERS)),
            3 => "tier in (gold, diamond)".into(),
            4 => format!("tier is not {}", self.weighted(&world::TIERS)),
            5 => format!("points >= {}", 100 * self.rng.u32(1..31)),
            6 => format!("points between {0}00 and {0}99", self.rng.u32(1..20)),
            7 => format!("left_because is {}", self.weighted(&world::REASONS)),
            8 => format!("last_score {} {}", self.of(&[">=", "<="]), self.rng.u32(1..11)),
            9 => format!("device is \"{}\"", self.weighted(&world::DEVICES)),
            10 => format!("source is \"{}\"", self.weighted(&world::SOURCES)),
            11 => format!("months since signup_at >= {}", self.rng.u32(1..25)),
            12 => self
                .of(&["new_here", "regular", "big_spender", "contented", "not wants_news", "wants_news"])
                .into(),
            _ => format!("subscribed to {}", self.of(&["sms", "email"])),
        }
    }

    /// What they did and did not do.
    fn behaviour(&mut self) -> String {
        let window = self.weighted(&WINDOWS);
        let (one, many, filter) = self.events();
        let orders = self.orders();
        match self.rng.u32(0..20) {
            0..5 => format!("at least {} {many}{filter} in {window}", self.rng.u32(2..6)),
            5..8 => format!("({one} before and no {one}{filter} in {window})"),
            8 => format!("fewer than {} {many}{filter} in {window}", self.rng.u32(2..5)),
            9..13 => format!("total order amount{orders} in {window} >= {}", 100 * self.rng.u32(1..21)),
            13..16 => format!(
                "days since last order{orders} >= {}",
                self.of(&[5, 7, 10, 14, 20, 21, 25, 28, 30, 35, 40, 45, 50, 60, 75, 90])
            ),
            16 => format!("days since last visit <= {}", self.rng.u32(1..31)),
            17 => format!("last order category is \"{}\"", self.weighted(&world::CATEGORIES)),
            18 => {
                format!("most common order category in 90 days is \"{}\"", self.weighted(&world::CATEGORIES))
            }
            _ => self.of(&["at_risk", "lapsed", "regular"]).into(),
        }
    }

    fn events(&mut self) -> (&'static str, &'static str, String) {
        match self.rng.u32(0..10) {
            0..5 => ("order", "orders", self.orders()),
            5..7 => ("visit", "visits", String::new()),
            7 => ("cart", "carts", String::new()),
            8 => ("search", "searches", String::new()),
            _ => ("delivery", "deliveries", String::new()),
        }
    }

    fn orders(&mut self) -> String {
        match self.chance(50) {
            true => format!(" of category \"{}\"", self.weighted(&world::CATEGORIES)),
            false => String::new(),
        }
    }

    fn contact(&mut self) -> String {
        let days = self.of(&["3 days", "7 days", "14 days", "30 days", "60 days"]);
        match self.rng.u32(0..3) {
            0 => format!("no {} in {days}", self.of(&MESSAGES)),
            1 => format!("no coupon in {days}"),
            _ => format!("no contact in {days}"),
        }
    }

    fn priority(&mut self) -> String {
        if self.chance(60) { format!("  priority {}\n", 5 * self.rng.u32(2..19)) } else { String::new() }
    }

    fn chance(&mut self, percent: u32) -> bool {
        self.rng.u32(0..100) < percent
    }

    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.rng.usize(0..choices.len())]
    }

    fn weighted<T: Copy>(&mut self, choices: &[(T, u32)]) -> T {
        crate::users::weighted(&mut self.rng, choices)
    }
}
