//! Events in order of time, each once.

use std::{collections::HashMap, sync::Arc};

use super::{Events, Value};
use crate::program::Symbol;

/// Two different events have the same id.
pub(super) struct Conflict {
    pub(super) id: Arc<str>,
}

/// Sorts by instant, then id (none first), then as given.
pub(super) fn sort(events: &mut Events) {
    let id = |index: usize| events.ids.get(index).and_then(Option::as_deref);
    let key = |index: &usize| (events.at.get(*index).copied(), id(*index));
    let mut order: Vec<usize> = (0..events.at.len()).collect();
    if order.is_sorted_by_key(key) {
        return;
    }
    order.sort_by(|a, b| key(a).cmp(&key(b)));
    keep(events, &order);
}

/// Drops what has the id and the content of an event before it; says how many.
pub(super) fn drop_duplicates(events: &mut Events, lists: &[Symbol]) -> Result<usize, Conflict> {
    if events.ids.is_empty() {
        return Ok(0);
    }
    let mut seen: HashMap<&Arc<str>, usize> = HashMap::with_capacity(events.ids.len());
    let mut kept = Vec::with_capacity(events.ids.len());
    for (index, id) in events.ids.iter().enumerate() {
        match id.as_ref().map(|id| (id, *seen.entry(id).or_insert(index))) {
            Some((id, first)) if first != index => {
                if !is_same(events, lists, first, index) {
                    return Err(Conflict { id: Arc::clone(id) });
                }
            }
            _ => kept.push(index),
        }
    }
    let dropped = events.ids.len() - kept.len();
    if dropped > 0 {
        keep(events, &kept);
    }
    Ok(dropped)
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

/// Keeps the events with these indices, in this order.
fn keep(events: &mut Events, order: &[usize]) {
    fn pick<T: Clone>(list: &[T], order: &[usize]) -> Vec<T> {
        order.iter().filter_map(|&index| list.get(index).cloned()).collect()
    }
    events.at = pick(&events.at, order);
    if !events.ids.is_empty() {
        events.ids = pick(&events.ids, order);
    }
    for column in &mut events.columns {
        *column = pick(column, order);
    }
}
