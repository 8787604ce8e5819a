//! Several files.

use super::{Code, compile, folder};

#[test]
fn files_that_use_each_other_are_read_once() {
    let files = folder(&[
        ("a.touch", "use \"b.touch\"\nuse \"shared.touch\"\nrule a if vip then send coupon via push"),
        ("b.touch", "use \"a.touch\"\nuse \"shared.touch\"\nrule b if lapsed then send coupon via push"),
        (
            "shared.touch",
            "time zone \"UTC\"\nchannel push\nattribute vip: yes or no\nevent order\nsegment lapsed: ordered before and no order in 30 days",
        ),
    ]);
    let compiled = compile(vec![("a.touch".into(), files.0["a.touch"].into())], &files, None)
        .unwrap_or_else(|found| panic!("{found}"));
    let rules: Vec<&str> = compiled.program.rules.iter().map(|rule| rule.name.as_str()).collect();
    assert_eq!(rules.len(), 2);
    assert!(rules.contains(&"a") && rules.contains(&"b"));
    assert_eq!(compiled.sources.iter().count(), 3);
    assert!(compiled.warnings.is_empty(), "{}", compiled.warnings());
}

#[test]
fn what_is_wrong_is_shown_in_the_file_where_it_is() {
    let files = folder(&[(
        "shop.touch",
        "time zone \"UTC\"\nattribute tier: one of silver, gold\nrule winback if tier golden then send coupon",
    )]);
    let rules = "use \"shop.touch\"\nrule winback if tier is sliver and then send coupon\nif tier is sliver then send news\nrule winback on order then send news";
    let found = compile(vec![("rules.touch".into(), rules.into())], &files, None).unwrap_err();
    insta::assert_snapshot!(found);
}

#[test]
fn without_a_used_file_names_are_not_held_against_the_rules() {
    let found = compile(
        vec![(
            "rules.touch".into(),
            "use \"shop.touch\"\nattribute vip: yes or no\nif tier gold then send coupon".into(),
        )],
        &super::super::NoFiles,
        None,
    )
    .unwrap_err();
    assert_eq!(found.list.iter().map(|one| one.code).collect::<Vec<_>>(), [Code::FileNotFound], "{found}");
}
