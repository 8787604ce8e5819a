//! Names and texts in data that the rules do not know, but that look like slips of those that they do.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::raw::shown;

/// How many slips of a kind are remembered.
const MOST: usize = 5;
/// How many names are known to have been looked at. Beyond these each is looked at again.
const MOST_SEEN: usize = 512;

/// What a name in data is the name of, in the order in which remarks are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Stray {
    /// A channel that consent is given for.
    Consent,
    /// A channel that there is an address for.
    Address,
    /// The type of an event.
    Event,
    /// The channel of a contact.
    Channel,
    /// The message of a contact.
    Message,
    /// A category of a contact.
    Category,
    /// The rule of a contact.
    Rule,
    /// A text that is a value.
    Text,
}

impl Stray {
    const ALL: [Self; 8] = [
        Self::Consent,
        Self::Address,
        Self::Event,
        Self::Channel,
        Self::Message,
        Self::Category,
        Self::Rule,
        Self::Text,
    ];

    /// By how many letters a name of this kind may differ from the one that is meant.
    const fn most(self) -> usize {
        match self {
            // An opt-out is worth a remark too many.
            Self::Consent => 2,
            _ => 1,
        }
    }

    fn remark(self, written: &str, meant: &str) -> String {
        let unknown = match self {
            Self::Consent => format!("consent is given for `{written}`, which is no channel"),
            Self::Address => format!("there are addresses for `{written}`, which is no channel"),
            Self::Event => format!("there are events `{written}`, which the rules do not know"),
            Self::Channel => format!("there are contacts over `{written}`, which is no channel"),
            Self::Message => {
                format!("there are contacts with the message `{written}`, which the rules do not know")
            }
            Self::Category => {
                format!("there are contacts of the category `{written}`, which the rules do not know")
            }
            Self::Rule => format!("there are contacts of the rule `{written}`, which is none of these"),
            Self::Text => {
                return format!(
                    "the data has `{written}` with spaces at its ends, which is not the `{meant}` of the rules"
                );
            }
        };
        format!("{unknown}: did you mean `{meant}`?")
    }
}

/// Names and texts in data that the rules do not know, but that look like slips of those that they do: an opt-out under
/// such a name would be lost without a word.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Slips {
    /// As written, and what was probably meant. Of each kind the smallest few, so that it does not matter in which order
    /// they came.
    found: BTreeMap<(Stray, Box<str>), Box<str>>,
}

impl Slips {
    /// Adds those that others found.
    pub fn merge(&mut self, others: Self) {
        self.found.extend(others.found);
        Stray::ALL.into_iter().for_each(|kind| self.keep_few(kind));
    }

    /// What is to be said of them, one line each.
    pub fn remarks(&self) -> impl Iterator<Item = String> {
        self.found.iter().map(|((kind, written), meant)| kind.remark(written, meant))
    }

    fn remember(&mut self, kind: Stray, written: &str, meant: &str) {
        self.found.insert((kind, shown(written).into()), shown(meant).into());
        self.keep_few(kind);
    }

    fn keep_few(&mut self, kind: Stray) {
        let of_kind = || self.found.keys().filter(|(of, _)| *of == kind);
        let more: Vec<_> = of_kind().skip(MOST).cloned().collect();
        more.iter().for_each(|key| drop(self.found.remove(key)));
    }
}

/// Slips, being looked for.
#[derive(Debug, Default)]
pub(super) struct Strays {
    seen: HashMap<Stray, HashSet<Box<str>>>,
    found: Slips,
}

impl Strays {
    /// Looks at a name that the rules do not know, among those of its kind that they do.
    pub(super) fn name<'n>(&mut self, kind: Stray, name: &str, known: impl Iterator<Item = &'n str>) {
        let seen = self.seen.entry(kind).or_default();
        if seen.contains(name) {
            return;
        }
        if seen.len() < MOST_SEEN {
            seen.insert(name.into());
        }
        if let Some(meant) = nearest(name, known, kind.most()) {
            self.found.remember(kind, name, meant);
        }
    }

    /// Looks at a text that the rules do not know; `knows` tells what they do know.
    pub(super) fn text(&mut self, text: &str, knows: impl FnOnce(&str) -> bool) {
        let meant = text.trim();
        if meant.len() != text.len() && knows(meant) {
            self.found.remember(Stray::Text, text, meant);
        }
    }

    /// What was found since this was asked before.
    pub(super) fn take(&mut self) -> Option<Slips> {
        let is_empty = self.found.found.is_empty();
        (!is_empty).then(|| std::mem::take(&mut self.found))
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
            names.for_each(|name| strays.name(Stray::Consent, name, ["push"].into_iter()));
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
