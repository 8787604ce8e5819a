//! Categories of messages, as a set.

use std::fmt;

use crate::program::CategoryId;

/// A set of categories.
///
/// ```
/// use courtesy::{program::CategoryId, snapshot::Categories};
/// let set: Categories = [CategoryId(3), CategoryId(80)].into_iter().collect();
/// assert!(set.contains(CategoryId(80)) && !set.contains(CategoryId(4)));
/// ```
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Categories {
    /// A bit for each of the first 64: nobody has more.
    first: u64,
    /// The others, in order.
    more: Vec<CategoryId>,
}

impl Categories {
    /// Adds a category.
    pub fn insert(&mut self, id: CategoryId) {
        match 1_u64.checked_shl(id.0) {
            Some(bit) => self.first |= bit,
            None => {
                if let Err(place) = self.more.binary_search(&id) {
                    self.more.insert(place, id);
                }
            }
        }
    }

    /// Whether the category is one of them.
    #[must_use]
    pub fn contains(&self, id: CategoryId) -> bool {
        match 1_u64.checked_shl(id.0) {
            Some(bit) => self.first & bit != 0,
            None => self.more.binary_search(&id).is_ok(),
        }
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = CategoryId> {
        (0..u64::BITS).map(CategoryId).filter(|id| self.contains(*id)).chain(self.more.iter().copied())
    }
}

impl FromIterator<CategoryId> for Categories {
    fn from_iter<I: IntoIterator<Item = CategoryId>>(ids: I) -> Self {
        let mut set = Self::default();
        ids.into_iter().for_each(|id| set.insert(id));
        set
    }
}

impl fmt::Debug for Categories {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}
