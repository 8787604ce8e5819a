//! What the integration tests share.

// Each test takes what it needs of it, and none of it is linted as a test because it is a module of one.
#![allow(dead_code, unused_imports, unreachable_pub, clippy::indexing_slicing)]

pub mod generate;

use std::fmt::Debug;

/// A syntax tree as text without its places, to compare what was read with what was written.
///
/// ```ignore
/// assert_eq!(shape(&parsed.file), shape(&file));
/// ```
pub fn shape(tree: &impl Debug) -> String {
    let mut out = String::new();
    let mut within_span = false;
    // `span: Span { start: 1, end: 2 },`, on several lines; texts in the tree have their line ends escaped.
    for line in format!("{tree:#?}").lines() {
        let starts = line.trim_start() == "span: Span {";
        if !starts && !within_span {
            out.push_str(line);
            out.push('\n');
        }
        within_span = (within_span || starts) && line.trim_start() != "},";
    }
    out
}
