//! Which forms of the language, and which reasons, come up in the random cases.
//!
//! Every part of the tree is taken apart without a wildcard, so a form that is new to the tree must be named here
//! before this compiles, and must be generated before the test passes.

mod conditions;
mod declarations;
mod rules;

use std::collections::BTreeMap;

use courtesy::{
    diagnostic::SourceId,
    syntax::{self, ast::File},
};

/// How often each form came up; those that could have come up beside one that did are there with none.
#[derive(Debug, Default)]
pub struct Seen(BTreeMap<&'static str, usize>);

/// An enum of the tree, with a name for each of its variants.
trait Forms {
    const ALL: &'static [&'static str];
    fn form(&self) -> &'static str;
}

/// Names the variants of an enum, all of them.
macro_rules! forms {
    ($type:ty { $($variant:pat => $name:literal,)+ }) => {
        impl $crate::forms::Forms for $type {
            const ALL: &'static [&'static str] = &[$($name,)+];
            fn form(&self) -> &'static str {
                match self { $($variant => $name,)+ }
            }
        }
    };
}
use forms;

impl Seen {
    /// Counts a variant, and takes down that its siblings exist.
    fn one<T: Forms>(&mut self, value: &T) {
        for name in T::ALL {
            self.0.entry(name).or_default();
        }
        self.sometimes(value.form(), true);
    }

    /// Counts what need not be there, if it is.
    fn sometimes(&mut self, name: &'static str, is_there: bool) {
        *self.0.entry(name).or_default() += usize::from(is_there);
    }

    /// Counts all forms in a rule file.
    pub fn text(&mut self, rules: &str) {
        let File { declarations } = syntax::parse(SourceId(0), rules).file;
        for declaration in &declarations {
            self.declaration(&declaration.node);
        }
    }

    /// Counts a reason that a plan gave, and takes down that the others exist.
    pub fn reason(&mut self, reason: courtesy::plan::Reason) {
        for other in courtesy::plan::Reason::ALL {
            self.sometimes(other.code(), *other == reason);
        }
    }

    /// The forms that never came up, but for those named.
    pub fn missing(&self, except: &[&str]) -> Vec<&'static str> {
        let none = self.0.iter().filter(|(name, count)| **count == 0 && !except.contains(name));
        none.map(|(name, _)| *name).collect()
    }

    pub fn count(&self, name: &str) -> usize {
        self.0.get(name).copied().unwrap_or(0)
    }
}
