//! Keys of objects and words that stand for something, learned from the lines before.
//!
//! Whatever writes lines writes their keys in the same order, line after line, and few words again and again. So what
//! came the last times is tried first, together with the quotes, the colon and the blanks around it: one comparison, and
//! nothing to look up.

use std::borrow::Cow;

use hashbrown::HashMap;

use super::scan::Scan;

/// The most that is learned. Users with other keys each must not fill the memory.
const MOST: usize = 512;
/// How many are tried before one is looked up.
const TRIED: usize = 8;

/// The keys of one kind of object or the words of one place, and what each stands for.
#[derive(Debug)]
pub(super) struct Learned<A> {
    /// The first stands for the begin, and for what was not learned.
    list: Vec<Entry<A>>,
    /// By what is written.
    places: HashMap<Box<[u8]>, u16>,
}

#[derive(Debug)]
struct Entry<A> {
    /// A word with its quotes; of a key, all between the value before and its own: `"at":`, with blanks if there are any.
    written: Box<[u8]>,
    /// Its first bytes as a number, and which bits of it count.
    begin: u128,
    mask: u128,
    means: A,
    /// By group: those that followed, the most frequent first.
    next: Vec<[u16; TRIED]>,
}

impl<A: Copy> Entry<A> {
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

    /// Whether it comes next; `begin` are the first bytes of `rest`.
    #[inline]
    fn begins(&self, begin: u128, rest: &[u8]) -> bool {
        (begin ^ self.begin) & self.mask == 0 && (self.written.len() <= 16 || rest.starts_with(&self.written))
    }
}

impl<A: Copy> Learned<A> {
    /// Nothing yet; `nothing` is what the begin stands for.
    pub(super) fn new(nothing: A) -> Self {
        Self { list: vec![Entry::new(&[], nothing)], places: HashMap::new() }
    }

    /// Goes over the next key and its colon. `before` is the place of the key before it, 0 at the begin; what follows is
    /// learned apart for each group. `means` tells what a name stands for. Gives the place of the key and what it means.
    #[inline]
    pub(super) fn key(
        &mut self,
        scan: &mut Scan<'_>,
        before: usize,
        group: usize,
        means: impl FnOnce(&str) -> A,
    ) -> Option<(usize, A)> {
        match self.expected(scan, before, group) {
            Some(found) => Some(found),
            None => self.look_up(scan, before, group, Scan::key, means),
        }
    }

    /// Goes over a text, one of few. `before` is the place of what it is likely to go with, else 0. Gives its place and what
    /// it means.
    #[inline]
    pub(super) fn word(
        &mut self,
        scan: &mut Scan<'_>,
        before: usize,
        means: impl FnOnce(&str) -> A,
    ) -> Option<(usize, A)> {
        match self.expected(scan, before, 0) {
            Some(found) => Some(found),
            None => self.look_up(scan, before, 0, Scan::text, means),
        }
    }

    /// What comes next, if it often does.
    #[inline]
    fn expected(&mut self, scan: &mut Scan<'_>, before: usize, group: usize) -> Option<(usize, A)> {
        let rest = scan.rest();
        let begin = u128::from_le_bytes(*rest.first_chunk::<16>()?);
        let tried = self.list.get(before)?.next.get(group)?;
        for (turn, place) in tried.iter().enumerate() {
            let entry = self.list.get(usize::from(*place)).filter(|_| *place > 0)?;
            if entry.begins(begin, rest) {
                scan.skip(entry.written.len());
                let found = (usize::from(*place), entry.means);
                if turn > 0 {
                    self.follows(before, group, found.0);
                }
                return Some(found);
            }
        }
        None
    }

    /// What comes next and was not expected, as `read` reads it.
    #[inline(never)]
    fn look_up<'a>(
        &mut self,
        scan: &mut Scan<'a>,
        before: usize,
        group: usize,
        read: impl FnOnce(&mut Scan<'a>) -> Option<Cow<'a, str>>,
        means: impl FnOnce(&str) -> A,
    ) -> Option<(usize, A)> {
        let start = scan.at();
        let name = read(scan)?;
        let written = scan.since(start);
        let place = match self.places.get(written) {
            Some(place) => usize::from(*place),
            None if self.list.len() >= MOST => return Some((0, means(&name))),
            None => {
                let place = self.list.len();
                self.places.insert(written.into(), u16::try_from(place).ok()?);
                self.list.push(Entry::new(written, means(&name)));
                place
            }
        };
        self.follows(before, group, place);
        self.list.get(place).map(|entry| (place, entry.means))
    }

    /// Remembers that the one at `place` followed the one at `before`.
    fn follows(&mut self, before: usize, group: usize, place: usize) {
        let Some(entry) = self.list.get_mut(before) else { return };
        if entry.next.len() <= group {
            entry.next.resize(group.saturating_add(1), [0; TRIED]);
        }
        let Some(next) = entry.next.get_mut(group) else { return };
        let place = u16::try_from(place).unwrap_or(0);
        // One step ahead at a time, so that what is rare does not push what is common aside.
        match next.iter().position(|known| *known == place || *known == 0) {
            Some(known) if next.get(known) == Some(&place) => next.swap(known, known.saturating_sub(1)),
            known => {
                if let Some(slot) = next.get_mut(known.unwrap_or(TRIED - 1)) {
                    *slot = place;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(keys: &mut Learned<usize>, text: &str) -> Option<Vec<usize>> {
        let mut scan = Scan::new(text.as_bytes())?;
        let mut found = Vec::new();
        let (mut before, mut more) = (0, scan.open(b'{', b'}')?);
        while more {
            let (place, means) = keys.key(&mut scan, before, 0, str::len)?;
            scan.pass()?;
            found.push(means);
            before = place;
            more = scan.goes_on(b'}')?;
        }
        Some(found)
    }

    #[test]
    fn finds_keys_in_any_order_and_form() {
        let mut keys = Learned::new(0);
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
    fn finds_words() {
        let mut words = Learned::new(0);
        for _ in 0..3 {
            for (text, length) in [("visit", 5), ("visitor", 7), ("", 0), ("a word that is rather long", 26)]
            {
                let line = format!("\"{text}\",\"and so on\"");
                let mut scan = Scan::new(line.as_bytes()).unwrap();
                assert_eq!(words.word(&mut scan, 0, str::len).unwrap().1, length);
                assert!(scan.take(b','), "{text}");
            }
            let mut scan = Scan::new(br#""\u0061""#).unwrap();
            assert_eq!(words.word(&mut scan, 0, str::len).unwrap().1, 1);
            assert_eq!(words.word(&mut Scan::new(b"null").unwrap(), 0, str::len), None);
        }
    }

    #[test]
    fn learns_only_so_many() {
        let mut keys = Learned::new(0);
        for number in 0..2 * MOST {
            assert_eq!(walk(&mut keys, &format!("{{\"{number:05}\":1}}")), Some(vec![5]));
        }
        assert!(keys.list.len() <= MOST);
        assert_eq!(walk(&mut keys, r#"{"a":1,"bb":2}"#), Some(vec![1, 2]));
    }
}
