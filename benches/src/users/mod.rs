//! Users of a shop, made from a seed.

mod chance;
mod json;
mod parquet;
mod person;
mod tables;
pub mod world;

use std::ops::Range;

pub(crate) use chance::weighted;
pub use json::Json;
pub use parquet::Parquet;
pub use person::{Contact, Event, EventKind, Person};
pub use tables::Tables;

/// The moment at which the snapshots were taken: 10:00 in Shanghai on a Thursday, three days before clocks
/// change in New York.
pub const NOW: &str = "2026-03-05T02:00:00Z";

/// [`NOW`] in seconds since 1970.
pub const NOW_SECOND: i64 = 1_772_676_000;

/// Seconds of a day of 24 hours.
pub(crate) const DAY: i64 = 86_400;

/// How many events a user has.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Events {
    /// So many on average, most users fewer and a few many more.
    Around(f64),
    /// Each user so many.
    Exactly(u32),
}

/// Which users are made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shape {
    /// The same seed gives the same users.
    pub seed: u64,
    /// How many events each has.
    pub events: Events,
}

impl Default for Shape {
    fn default() -> Self {
        Self { seed: 2026, events: Events::Around(12.0) }
    }
}

impl Shape {
    /// The user of that number.
    #[must_use]
    pub fn person(&self, number: u64) -> Person {
        Person::new(self, number)
    }
}

/// The numbers of users in the order of the users' ids, in which tables can be merged.
#[must_use]
pub fn by_id(numbers: Range<u64>) -> Vec<u64> {
    let mut numbers: Vec<u64> = numbers.collect();
    numbers.sort_by_cached_key(|number| person::id(*number));
    numbers
}

/// The moment of a second, as texts have it.
pub(crate) fn moment(second: i64) -> jiff::Timestamp {
    jiff::Timestamp::from_second(second).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_depends_on_the_seed_and_the_number_alone() {
        let shape = Shape::default();
        assert_eq!(shape.person(7), shape.person(7));
        assert_ne!(shape.person(7), shape.person(8));
        assert_ne!(shape.person(7), Shape { seed: 1, ..shape }.person(7));
    }

    #[test]
    fn ids_are_put_in_order() {
        let ids: Vec<_> = by_id(0..200).into_iter().map(person::id).collect();
        assert!(ids.is_sorted());
        assert_eq!(ids.len(), 200);
    }

    #[test]
    fn the_moment_is_what_it_says() {
        assert_eq!(moment(NOW_SECOND).to_string(), NOW);
    }

    #[test]
    fn users_are_of_the_size_that_is_promised() {
        let shape = Shape::default();
        let people: Vec<_> = (0..2_000).map(|number| shape.person(number)).collect();
        let mean = |sizes: usize| sizes as f64 / people.len() as f64;
        let events = mean(people.iter().map(|person| person.events.len()).sum());
        let contacts = mean(people.iter().map(|person| person.contacts.len()).sum());
        let mut text = Vec::new();
        people.iter().for_each(|person| Json::default().write(person, &mut text));
        assert!((11.0..13.0).contains(&events), "{events}");
        assert!((3.2..4.0).contains(&contacts), "{contacts}");
        assert!((1_550.0..1_850.0).contains(&mean(text.len())), "{}", mean(text.len()));
    }
}
