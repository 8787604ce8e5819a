//! Large and strange files.

use super::{Code, compile, found};
use crate::check::NoFiles;

#[test]
fn a_long_chain_of_segments_is_refused_rather_than_followed() {
    let mut source = String::from("time zone \"UTC\"\nsegment s0: vip\n");
    for i in 1..1_000 {
        source += &format!("segment s{i}: not (s{} or a{i} > 3)\n", i - 1);
    }
    source += "if s999 then send coupon";
    let found = found(&source, None);
    assert_eq!(found.list.iter().map(|one| one.code).collect::<Vec<_>>(), [Code::ChainTooLong]);
    insta::assert_snapshot!(found);
}

#[test]
fn segments_that_double_each_time_stay_small() {
    let mut source = String::from("time zone \"UTC\"\nsegment s0: vip\n");
    for i in 1..60 {
        source += &format!("segment s{i}: (s{0} and a{i} > 1) or (s{0} and a{i} < 0)\n", i - 1);
    }
    source += "if s59 then send coupon";
    let compiled =
        compile(vec![("a".into(), source)], &NoFiles, None).unwrap_or_else(|found| panic!("{found}"));
    assert!(compiled.program.arena.condition_count() < 600);
}
