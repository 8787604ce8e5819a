//! The ways in which a Parquet file may hold what it holds.

use proptest::prelude::*;

use crate::people::pick;

/// How values are written.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    pub times: Times,
    pub numbers: Numbers,
    pub texts: Texts,
    pub attributes: Parts,
    pub addresses: Parts,
    pub whole_ids: bool,
    pub dictionary: bool,
    pub new_pages: bool,
    pub compressed: bool,
    pub statistics: bool,
    pub group: usize,
    /// Whether events and contacts stand in the order of the users.
    pub sorted: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Times {
    Micros,
    Millis,
    Nanos,
    Text,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Numbers {
    Double,
    Single,
    Decimal,
    Text,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Texts {
    Plain,
    Large,
    View,
    Dictionary,
    Bytes,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Parts {
    Flat,
    Struct,
    Map,
}

pub fn style() -> impl Strategy<Value = Style> {
    let parts = || pick(&[Parts::Flat, Parts::Struct, Parts::Map]);
    (
        (
            pick(&[Times::Micros, Times::Millis, Times::Nanos, Times::Text]),
            pick(&[Numbers::Double, Numbers::Single, Numbers::Decimal, Numbers::Text]),
            pick(&[Texts::Plain, Texts::Large, Texts::View, Texts::Dictionary, Texts::Bytes]),
        ),
        (parts(), parts()),
        (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>()),
        pick(&[2_usize, 7, 1000]),
    )
        .prop_map(|((times, numbers, texts), (attributes, addresses), flags, group)| {
            let (whole_ids, dictionary, new_pages, compressed, statistics, sorted) = flags;
            Style {
                times,
                numbers,
                texts,
                attributes,
                addresses,
                whole_ids,
                dictionary,
                new_pages,
                compressed,
                statistics,
                group,
                sorted,
            }
        })
}
