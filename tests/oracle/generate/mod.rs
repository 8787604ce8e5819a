//! Random rule files that check, and users for them.

mod clauses;
mod conditions;
mod crowded;
mod users;
mod values;

use courtesy::time::{Date, Instant, Unit};

use crate::{
    case::Case,
    world::{Clock, shift},
};

/// Random numbers from a seed, the same on every machine.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From `least` to `most`.
    pub fn range(&mut self, least: i64, most: i64) -> i64 {
        let width = u64::try_from(most - least + 1).unwrap();
        least + i64::try_from(self.roll() % width).unwrap()
    }

    pub fn chance(&mut self, percent: i64) -> bool {
        self.range(1, 100) <= percent
    }

    pub fn pick<T: Clone>(&mut self, list: &[T]) -> T {
        let index = usize::try_from(self.range(0, i64::try_from(list.len()).unwrap() - 1)).unwrap();
        list[index].clone()
    }
}

/// Zones with clock changes of every kind: of half an hour and of two hours, at midnight, over midnight, none at all,
/// backwards in summer, and offsets that are no whole hours.
const ZONES: &[&str] = &[
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Shanghai",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "Africa/Casablanca",
    "Antarctica/Troll",
    "America/Nuuk",
    "Africa/Cairo",
    "America/Havana",
    "Asia/Beirut",
    "Atlantic/Azores",
    "Pacific/Chatham",
    "America/Santiago",
    "Europe/Dublin",
];

/// What a random file is about: where and when.
pub struct Setting {
    pub dice: Dice,
    pub zone: &'static str,
    pub now: Instant,
    pub today: Date,
    /// How many rules the file has.
    pub rules: i64,
    /// The length of the plan, where the file is for one.
    pub hours: Option<i64>,
    /// By how much instants may lie off the quarter of an hour, in microseconds.
    off: i64,
}

impl Setting {
    fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let zone = dice.pick(ZONES);
        let clock = Clock::new(zone);
        // Drawn apart, so that a file does not depend on it.
        let off = Dice::new(!seed).pick(&[0, 0, 0, 0, 1, 1, 40_000_000, 500_000_000]);
        // On a quarter of an hour in 2024 to 2026.
        let mut now = Instant::from_seconds(1_704_067_200 + 900 * dice.range(0, 3 * 365 * 96));
        let year = clock.step(now, 1, Unit::Year);
        let changes = clock.changes(now, year);
        if dice.chance(60) && !changes.is_empty() {
            now = dice.pick(&changes).plus_micros(-900_000_000 * dice.range(-96, 5 * 96));
        }
        let today = clock.today(now);
        let rules = dice.range(1, 4);
        Self { dice, zone, now, today, rules, hours: None, off }
    }

    /// By how much an instant lies off the quarter of an hour.
    pub fn off(&mut self) -> i64 {
        match self.off {
            0 => 0,
            most => self.dice.range(-most, most),
        }
    }

    /// A day near today.
    pub fn date(&mut self) -> Date {
        let reach = self.dice.pick(&[3, 8, 8, 30]);
        let ahead = self.dice.range(-reach, reach);
        shift(self.today, ahead, Unit::Day).unwrap()
    }

    pub fn chance(&mut self, percent: i64) -> bool {
        self.dice.chance(percent)
    }

    pub fn pick<T: Clone>(&mut self, list: &[T]) -> T {
        self.dice.pick(list)
    }

    /// One of these, filled in.
    pub fn number(&mut self, least: i64, most: i64) -> String {
        self.dice.range(least, most).to_string()
    }
}

/// A random case; the same for the same seed.
pub fn case(seed: u64) -> Case {
    // Some files that come out are refused, such as one with a rule that is never due: then another is drawn.
    for attempt in 0.. {
        let mut setting = Setting::new(seed.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(attempt));
        let rules = if seed % 500 == 123 { crowded::file(&mut setting) } else { clauses::file(&mut setting) };
        if Case::compiles(&rules) {
            return users::case(&mut setting, rules);
        }
        assert!(attempt < 200, "hardly any file checks:\n{rules}\n{}", Case::findings(&rules));
    }
    unreachable!()
}

/// How many of a thousand files check.
pub fn accepted() -> usize {
    let checks = |seed: &u64| Case::compiles(&clauses::file(&mut Setting::new(*seed)));
    (0..1000).filter(checks).count()
}
