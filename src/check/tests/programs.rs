//! Source → program.

use super::{compile, folder, shown};

const SHOP: &str = include_str!("shop.touch");
const WINBACK: &str = include_str!("winback.touch");

#[test]
fn the_real_example_compiles() {
    let files = folder(&[("shop.touch", SHOP)]);
    let compiled = compile(vec![("winback.touch".into(), WINBACK.into())], &files, None)
        .unwrap_or_else(|found| panic!("{found}"));
    insta::assert_snapshot!("the_real_example", format!("{}\n{}", compiled.program, compiled.warnings()));
}

#[test]
fn the_smallest_complete_file_is_one_sentence() {
    insta::assert_snapshot!(shown("if no order in 30 days and tier gold then send coupon"));
}
