//! Names and texts in data that the rules do not know, but that look like slips of those that they do.

use std::collections::{BTreeMap, HashSet};

use super::raw::shown;

/// How many slips of a kind are remembered.
const MOST: usize = 5;
/// How many names are known to have been looked at. Beyond these each is looked at again.
const MOST_SEEN: usize = 512;

/// Names and texts in data that the rules do not know, but that look like slips of those that they do: an opt-out under
/// such a name would be lost without a word.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Slips {
    /// Channels that consent is given for: as written, and what was probably meant. The smallest few, so that it does
    /// not matter in which order they came.
    channels: BTreeMap<Box<str>, Box<str>>,
    /// Types of events, likewise.
    events: BTreeMap<Box<str>, Box<str>>,
    /// Texts with spaces at their ends, and the same without.
    texts: BTreeMap<Box<str>, Box<str>>,
}

impl Slips {
    /// Adds those that others found.
    pub fn merge(&mut self, others: Self) {
        for (own, other) in [
            (&mut self.channels, others.channels),
            (&mut self.events, others.events),
            (&mut self.texts, others.texts),
        ] {
            own.extend(other);
            while own.len() > MOST {
                own.pop_last();
            }
        }
    }

    /// What is to be said of them, one line each.
    pub fn remarks(&self) -> impl Iterator<Item = String> {
        let channels = self.channels.iter().map(|(written, meant)| {
            format!("consent is given for `{written}`, which is no channel: did you mean `{meant}`?")
        });
        let events = self.events.iter().map(|(written, meant)| {
            format!("there are events `{written}`, which the rules do not know: did you mean `{meant}`?")
        });
        let texts = self.texts.iter().map(|(written, meant)| {
            format!(
                "the data has `{written}` with spaces at its ends, which is not the `{meant}` of the rules"
            )
        });
        channels.chain(events).chain(texts)
    }
}

/// Slips, being looked for.
#[derive(Debug, Default)]
pub(super) struct Strays {
    channels: HashSet<Box<str>>,
    events: HashSet<Box<str>>,
    found: Slips,
}

impl Strays {
    /// Looks at the name of a channel that the rules do not know.
    pub(super) fn channel<'n>(&mut self, name: &str, known: impl Iterator<Item = &'n str>) {
        // An opt-out is worth a remark too many.
        look(name, known, 2, &mut self.channels, &mut self.found.channels);
    }

    /// Looks at a type of event that the rules do not know.
    pub(super) fn event<'n>(&mut self, name: &str, known: impl Iterator<Item = &'n str>) {
        look(name, known, 1, &mut self.events, &mut self.found.events);
    }

    /// Looks at a text that the rules do not know; `knows` tells what they do know.
    pub(super) fn text(&mut self, text: &str, knows: impl FnOnce(&str) -> bool) {
        let meant = text.trim();
        if meant.len() != text.len() && knows(meant) {
            remember(&mut self.found.texts, text, meant);
        }
    }

    /// What was found since this was asked before.
    pub(super) fn take(&mut self) -> Option<Slips> {
        let is_empty = self.found == Slips::default();
        (!is_empty).then(|| std::mem::take(&mut self.found))
    }
}

fn look<'n>(
    name: &str,
    known: impl Iterator<Item = &'n str>,
    most: usize,
    seen: &mut HashSet<Box<str>>,
    found: &mut BTreeMap<Box<str>, Box<str>>,
) {
    if seen.contains(name) {
        return;
    }
    if seen.len() < MOST_SEEN {
        seen.insert(name.into());
    }
    if let Some(meant) = nearest(name, known, most) {
        remember(found, name, meant);
    }
}

fn remember(found: &mut BTreeMap<Box<str>, Box<str>>, written: &str, meant: &str) {
    found.insert(shown(written).into(), shown(meant).into());
    if found.len() > MOST {
        found.pop_last();
    }
}

/// The name that is probably meant: one that differs in case and what stands between words only, or by so many letters.
pub(crate) fn nearest<'n>(
    name: &str,
    known: impl IntoIterator<Item = &'n str>,
    most: usize,
) -> Option<&'n str> {
    let written = folded(name);
    let near = known.into_iter().filter_map(|known| {
        let distance = distance(&written, &folded(known), most)?;
        Some((distance, known))
    });
    near.min().map(|(_, known)| known)
}

/// Without case, and without what stands between words.
fn folded(name: &str) -> Vec<char> {
    // Nobody takes a long text for a name.
    const LONGEST: usize = 100;
    let letters = name.chars().filter(|c| !matches!(c, ' ' | '_' | '-' | '.')).flat_map(char::to_lowercase);
    letters.take(LONGEST).collect()
}

fn distance(written: &[char], known: &[char], most: usize) -> Option<usize> {
    if written == known {
        return Some(0);
    }
    // Short names are near to many, and those with other numbers are other things.
    let most = match written.len().min(known.len()) {
        0..=2 => return None,
        3..=5 => most.min(1),
        _ => most,
    };
    let without_digits = |name: &[char]| name.iter().filter(|c| !c.is_numeric()).collect::<String>();
    if written.len().abs_diff(known.len()) > most || without_digits(written) == without_digits(known) {
        return None;
    }
    let text = |name: &[char]| name.iter().collect::<String>();
    Some(strsim::osa_distance(&text(written), &text(known))).filter(|distance| *distance <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_near_and_other_things_are_not() {
        let near = |name, most| nearest(name, ["push", "sms", "newsletter", "step1"], most);
        for (name, meant) in [
            ("psuh", "push"),
            ("Push", "push"),
            ("PUSH ", "push"),
            ("pus", "push"),
            ("SMS", "sms"),
            ("news-letter", "newsletter"),
            ("newslettre", "newsletter"),
        ] {
            assert_eq!(near(name, 1), Some(meant), "{name}");
        }
        assert_eq!(near("newsltter s", 2), Some("newsletter"));
        for name in ["mail", "pish me", "step2", "step", "", "s", "letter", "\u{1f600}"] {
            assert_eq!(near(name, 2), None, "{name}");
        }
    }

    #[test]
    fn the_order_in_which_they_come_makes_no_difference() {
        let names: Vec<String> = ('a'..='z').map(|c| format!("push{c}")).collect();
        let of = |names: &mut dyn Iterator<Item = &String>| {
            let mut strays = Strays::default();
            names.for_each(|name| strays.channel(name, ["push"].into_iter()));
            strays.take().unwrap_or_default()
        };
        let whole = of(&mut names.iter());
        let (first, second) = names.split_at(9);
        let mut parts = of(&mut second.iter().rev());
        parts.merge(of(&mut first.iter()));
        assert_eq!(parts, whole);
        assert_eq!(whole.remarks().count(), MOST);
        assert_eq!(
            whole.remarks().next().as_deref(),
            Some("consent is given for `pusha`, which is no channel: did you mean `push`?")
        );
    }
}
