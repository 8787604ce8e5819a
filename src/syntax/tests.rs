use super::*;
use crate::diagnostic::{Diagnostics, Sources};

/// The errors of a source, as people see them.
fn errors(text: &str) -> String {
    let mut sources = Sources::default();
    let id = sources.add("shop.touch", text);
    let list = parse(id, text).diagnostics;
    Diagnostics { sources, list }.to_string()
}

/// The declarations of a source that must be right.
fn read(text: &str) -> File {
    let parsed = parse(SourceId(0), text);
    assert!(parsed.diagnostics.is_empty(), "{text}\n{}", errors(text));
    parsed.file
}

#[test]
fn the_page_that_introduces_the_language_reads_without_an_error() {
    assert_eq!(read(include_str!("tests/winback.touch")).declarations.len(), 8);
    assert_eq!(read(include_str!("tests/shop.touch")).declarations.len(), 25);
    assert_eq!(read("if no order in 30 days and tier gold then send coupon").declarations.len(), 1);
}
