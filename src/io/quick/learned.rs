//! Keys of objects, learned from the lines before.
//!
//! Whatever writes lines writes their keys in the same order, line after line. So the key that followed the last time is
//! tried first, together with the quotes, the colon and the blanks around it: one comparison, and nothing to look up.

use hashbrown::HashMap;

use super::scan::Scan;

/// The most keys that are learned. Users with other keys each must not fill the memory.
const MOST: usize = 512;
/// How many keys are tried before one is looked up.
const TRIED: usize = 3;

/// The keys of one kind of object, and what each stands for.
#[derive(Debug)]
pub(super) struct Keys<A> {
    /// The first stands for the begin of an object, and for keys that were not learned.
    list: Vec<Key<A>>,
    /// By what stands between the value before and the one of the key.
    places: HashMap<Box<[u8]>, u16>,
}

#[derive(Debug)]
struct Key<A> {
    /// What stands between the value before and the one of the key: `"at":`, with blanks if there are any.
    written: Box<[u8]>,
    /// Its first bytes as a number, and which bits of it count.
    begin: u128,
    mask: u128,
    means: A,
    /// By group: the keys that followed, the latest first.
    next: Vec<[u16; TRIED]>,
}

impl<A: Copy> Key<A> {
    fn new(written: &[u8], means: A) -> Self {
        let (mut begin, mut mask) = ([0; 16], [0; 16]);
        for ((byte, bits), from) in begin.iter_mut().zip(&mut mask).zip(written) {
            (*byte, *bits) = (*from, u8::MAX);
        }
        Self {
            written: written.into(),
            begin: u128::from_le_bytes(begin),
            mask: u128::from_le_bytes(mask),
            means,
            next: Vec::new(),
        }
    }

    fn begins(&self, rest: &[u8]) -> bool {
        match rest.first_chunk::<16>() {
            Some(first) => {
                (u128::from_le_bytes(*first) ^ self.begin) & self.mask == 0
                    && (self.written.len() <= 16 || rest.starts_with(&self.written))
            }
            None => rest.starts_with(&self.written),
        }
    }
}

impl<A: Copy> Keys<A> {
    /// None known yet; `nothing` is what the begin of an object stands for.
    pub(super) fn new(nothing: A) -> Self {
        Self { list: vec![Key::new(&[], nothing)], places: HashMap::new() }
    }

    /// Goes over the next key and its colon. `before` is the place of the key before it, 0 at the begin; what follows is
    /// learned apart for each group. `means` tells what a name stands for. Gives the place of the key and what it means.
    pub(super) fn next(
        &mut self,
        scan: &mut Scan<'_>,
        before: usize,
        group: usize,
        means: impl FnOnce(&str) -> A,
    ) -> Option<(usize, A)> {
        let rest = scan.rest();
        if let Some(tried) = self.list.get(before).and_then(|key| key.next.get(group)) {
            for (turn, place) in tried.iter().enumerate() {
                let Some(key) = self.list.get(usize::from(*place)).filter(|_| *place > 0) else { break };
                if key.begins(rest) {
                    scan.skip(key.written.len());
                    let found = (usize::from(*place), key.means);
                    if turn > 0 {
                        self.follows(before, group, found.0);
                    }
                    return Some(found);
                }
            }
        }
        let start = scan.at();
        let name = scan.key()?;
        let written = scan.since(start);
        let place = match self.places.get(written) {
            Some(place) => usize::from(*place),
            None if self.list.len() >= MOST => return Some((0, means(&name))),
            None => {
                let place = self.list.len();
                self.places.insert(written.into(), u16::try_from(place).ok()?);
                self.list.push(Key::new(written, means(&name)));
                place
            }
        };
        self.follows(before, group, place);
        self.list.get(place).map(|key| (place, key.means))
    }

    /// Remembers that the key at `place` followed the one at `before`.
    fn follows(&mut self, before: usize, group: usize, place: usize) {
        let Some(key) = self.list.get_mut(before) else { return };
        if key.next.len() <= group {
            key.next.resize(group.saturating_add(1), [0; TRIED]);
        }
        let Some(next) = key.next.get_mut(group) else { return };
        let place = u16::try_from(place).unwrap_or(0);
        let known = next.iter().position(|known| *known == place).unwrap_or(TRIED - 1);
        if let Some(until) = next.get_mut(..=known) {
            until.rotate_right(1);
        }
        if let Some(first) = next.first_mut() {
            *first = place;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(keys: &mut Keys<usize>, text: &str) -> Option<Vec<usize>> {
        let mut scan = Scan::new(text);
        let mut found = Vec::new();
        let (mut before, mut more) = (0, scan.open(b'{', b'}')?);
        while more {
            let (place, means) = keys.next(&mut scan, before, 0, str::len)?;
            scan.pass()?;
            found.push(means);
            before = place;
            more = scan.goes_on(b'}')?;
        }
        Some(found)
    }

    #[test]
    fn finds_keys_in_any_order_and_form() {
        let mut keys = Keys::new(0);
        for _ in 0..3 {
            assert_eq!(walk(&mut keys, "{}"), Some(vec![]));
            assert_eq!(
                walk(&mut keys, r#"{"a":1,"bb":2,"a key that is rather long":3}"#),
                Some(vec![1, 2, 25])
            );
            assert_eq!(
                walk(&mut keys, r#"{"bb":1,"a":2,"a key that is rather lone":3}"#),
                Some(vec![2, 1, 25])
            );
            assert_eq!(walk(&mut keys, r#"{ "a" : 1 , "bb" : 2 }"#), Some(vec![1, 2]));
            assert_eq!(walk(&mut keys, r#"{"a":1,"\u0062\n":2}"#), Some(vec![1, 2]));
            assert_eq!(walk(&mut keys, r#"{"a":1,}"#), None);
            assert_eq!(walk(&mut keys, r#"{"a" 1}"#), None);
        }
    }

    #[test]
    fn learns_only_so_many() {
        let mut keys = Keys::new(0);
        for number in 0..2 * MOST {
            assert_eq!(walk(&mut keys, &format!("{{\"{number:05}\":1}}")), Some(vec![5]));
        }
        assert!(keys.list.len() <= MOST);
        assert_eq!(walk(&mut keys, r#"{"a":1,"bb":2}"#), Some(vec![1, 2]));
    }
}
