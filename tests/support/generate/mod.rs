//! Random rule files: strategies for every form of the syntax tree that a text can have.
//!
//! Everything takes the [`Words`] it names things with. [`Words::any`] draws any names at all, for the laws of the
//! syntax; give it a few fixed ones to get files whose names mean something.
//!
//! Where a tree could not have been read from any text (two `priority` clauses, 0 days, a count of nothing said),
//! it is not made.

mod conditions;
mod declarations;
mod rules;
mod scenes;
mod values;
mod words;

pub use conditions::condition;
pub use declarations::{declaration, file};
pub use rules::rule;
pub use scenes::test;
pub use values::expr;
pub use words::Words;

use courtesy::syntax::ast::{Name, Span, Spanned};
use proptest::prelude::*;

/// A node at no place.
pub fn at<T>(node: T) -> Spanned<T> {
    Spanned { node, span: Span::default() }
}

/// A name from a strategy of texts.
fn name(texts: &BoxedStrategy<String>) -> BoxedStrategy<Name> {
    texts.clone().prop_map(at).boxed()
}

/// Up to `most` of them, at least `least`.
fn some<S: Strategy + 'static>(each: S, least: usize, most: usize) -> BoxedStrategy<Vec<S::Value>> {
    prop::collection::vec(each, least..=most).boxed()
}
