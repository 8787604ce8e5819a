//! The parser that the grammar describes.

#![allow(missing_docs)]

/// The parser that `grammar/courtesy.pest` describes.
#[derive(pest_derive::Parser)]
#[grammar = "../grammar/courtesy.pest"]
pub(super) struct Grammar;
