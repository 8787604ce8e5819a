//! Things by name.

use std::collections::HashMap;

use crate::program::Origin;

/// A thing that has a name.
#[derive(Debug, Clone)]
pub(super) struct Entry<T> {
    pub(super) name: String,
    /// Where it was declared, if it was.
    pub(super) origin: Option<Origin>,
    pub(super) item: T,
}

/// Things of one kind, by name, in the order they were added.
#[derive(Debug, Clone)]
pub(super) struct Table<T> {
    list: Vec<Entry<T>>,
    index: HashMap<String, usize>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { list: Vec::new(), index: HashMap::new() }
    }
}

impl<T> Table<T> {
    /// Adds a thing; the first of a name stays. Its index.
    pub(super) fn add(&mut self, name: &str, origin: Option<Origin>, item: T) -> usize {
        if let Some(&index) = self.index.get(name) {
            return index;
        }
        let index = self.list.len();
        self.list.push(Entry { name: name.to_owned(), origin, item });
        self.index.insert(name.to_owned(), index);
        index
    }

    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.index.get(name).copied()
    }

    pub(super) fn get(&self, index: usize) -> Option<&Entry<T>> {
        self.list.get(index)
    }

    pub(super) fn get_mut(&mut self, index: usize) -> Option<&mut Entry<T>> {
        self.list.get_mut(index)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(|entry| entry.name.as_str())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Entry<T>> {
        self.list.iter()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }
}
