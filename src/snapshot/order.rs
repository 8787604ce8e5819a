//! Events in order of time, each once.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable, hash_table::Entry};

use super::{Events, Value};
use crate::{program::Symbol, time::Instant};

/// What is used to sort and to find duplicates, kept from user to user.
#[derive(Debug, Default)]
pub(super) struct Order {
    order: Vec<usize>,
    at: Vec<Instant>,
    column: Vec<Value>,
    ids: Vec<(u32, u32)>,
    seen: HashTable<usize>,
    hashes: DefaultHashBuilder,
}

impl Order {
    /// Sorts by instant, then id (none first), then as given.
    pub(super) fn sort(&mut self, events: &mut Events) {
        // Nearly all data is in order.
        let is_later = |pair: &[Instant]| matches!(pair, [first, second] if first < second);
        if events.at.windows(2).all(is_later) {
            return;
        }
        let key = |index: &usize| (events.at.get(*index).copied(), events.id(*index));
        self.order.clear();
        self.order.extend(0..events.at.len());
        if self.order.is_sorted_by_key(key) {
            return;
        }
        self.order.sort_by(|a, b| key(a).cmp(&key(b)));
        self.keep(events);
    }

    /// Drops what has the id and the content of an event before it; says how many. An error is the id that two different
    /// events have.
    pub(super) fn drop_duplicates(&mut self, events: &mut Events, lists: &[Symbol]) -> Result<usize, String> {
        let count = events.at.len();
        let is_rising = |index: usize| match (events.id(index), events.id(index.saturating_add(1))) {
            (Some(first), Some(second)) => first < second,
            _ => false,
        };
        // Ids are often counted up.
        if events.ids.is_empty() || (0..count.saturating_sub(1)).all(is_rising) {
            return Ok(0);
        }
        self.seen.clear();
        self.order.clear();
        for index in 0..count {
            let Some(id) = events.id(index) else {
                self.order.push(index);
                continue;
            };
            let hash = |index: &usize| self.hashes.hash_one(events.id(*index));
            match self.seen.entry(hash(&index), |other| events.id(*other) == Some(id), hash) {
                Entry::Occupied(first) if is_same(events, lists, *first.get(), index) => {}
                Entry::Occupied(_) => return Err(id.to_owned()),
                Entry::Vacant(place) => {
                    place.insert(index);
                    self.order.push(index);
                }
            }
        }
        let dropped = count - self.order.len();
        if dropped > 0 {
            self.keep(events);
        }
        Ok(dropped)
    }

    /// Keeps the events with the indices in `order`, in that order.
    fn keep(&mut self, events: &mut Events) {
        events.ids.keep(events.at.len(), |list| pick(list, &self.order, &mut self.ids));
        pick(&mut events.at, &self.order, &mut self.at);
        for column in &mut events.columns {
            pick(column, &self.order, &mut self.column);
        }
    }
}

fn pick<T: Copy>(list: &mut Vec<T>, order: &[usize], spare: &mut Vec<T>) {
    spare.clear();
    spare.extend(order.iter().filter_map(|&index| list.get(index)));
    std::mem::swap(list, spare);
}

fn is_same(events: &Events, lists: &[Symbol], a: usize, b: usize) -> bool {
    let list = |start: u32, count: u32| {
        let start = start as usize;
        lists.get(start..start.saturating_add(count as usize))
    };
    events.at.get(a) == events.at.get(b)
        && events.columns.iter().all(|column| match (column.get(a), column.get(b)) {
            (Some(&Value::List(start_a, count_a)), Some(&Value::List(start_b, count_b))) => {
                list(start_a, count_a) == list(start_b, count_b)
            }
            (a, b) => a == b,
        })
}
