//! Large and strange files.

use proptest::prelude::*;

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
fn conditions_go_two_hundred_levels_deep_and_no_deeper() {
    let levels = |count: usize| {
        let mut source = String::from(
            "time zone \"UTC\"\nattribute vip: yes or no\nattribute a: number\nsegment s1: vip\n",
        );
        for level in 2..=count {
            let (below, word) = (level - 1, if level % 2 == 0 { "and" } else { "or" });
            source += &format!("segment s{level}: s{below} {word} a > {level}\n");
        }
        compile(vec![("a".into(), format!("{source}if s{count} then send coupon"))], &NoFiles, None)
    };
    assert!(levels(200).is_ok());
    let found = levels(201).unwrap_err();
    assert_eq!(found.list[0].code, Code::ChainTooLong);
    assert_eq!(found.list[0].primary.text, "segments within segments, more than 200 levels");
}

/// Words of the language and names, in any order.
fn fragments() -> impl Strategy<Value = String> {
    let words: Vec<&str> = "if on every cron then send via or and not no in is segment a: b: a b order orders ordered before \
        coupon sms tier gold points >= < 100 30 days 2 months 10% as \"x\" \"y\" where of category amount total average \
        last since until ( ) , : today monday unless after at 10:00 within 4 hours again priority ignoring caps rule \
        attribute tier: number text date one of event channel message quiet hours to for most least touches between \
        per week use \"shop.touch\" calendar hold out 2026-10-01 contact reachable subscribed known contains yes with \
        test given expect 中文 \n"
        .split(' ')
        .collect();
    proptest::collection::vec(proptest::sample::select(words), 0..60).prop_map(|words| words.join(" "))
}

/// Declarations that can be read, in any order and number.
fn declarations() -> impl Strategy<Value = String> {
    let lines: Vec<&str> = "segment a: b or tier gold;segment b: not a;segment c: c;segment c: ordered before;attribute tier: number\
        ;attribute tier: one of gold, silver;event order: amount number;event order;event a;message coupon: order;message sms\
        ;channel sms;channel push needs consent;rule a if a then send coupon;rule a on order then send a via sms or tier\
        ;if no order in 3 days and c then send coupon unless order;on tier then send sms at 22:00;at most 1 order per week\
        ;at most 3 touches in 2 days, 1 if a;quiet hours 21:00 to 21:00;quiet hours 20:00 to 06:00 for sms;use \"shop.touch\"\
        ;time zone \"Nowhere\";if days since order > 3 weeks or tier contains x and tier > 3 then send a;hold out 10.123% as \"x\"\
        ;test \"x\" given tier gold at 2026-01-01 10:00 expect coupon via sms;cron \"* * * * *\" at 10:00 then send coupon\
        ;if order where (amount > 3 and x is tier) then send one of a 60%, a 50% as \"x\";calendar cn \"broken.csv\""
        .split(';')
        .collect();
    proptest::collection::vec(proptest::sample::select(lines), 0..12).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #[test]
    fn nothing_panics_and_the_outcome_is_the_same_twice(source in prop_oneof![fragments(), declarations()]) {
        let (first, second) = (found(&source, None), found(&source, None));
        prop_assert_eq!(first.to_string(), second.to_string());
        if let Ok(compiled) = compile(vec![("a".into(), source)], &NoFiles, None) {
            prop_assert!(!compiled.program.to_string().contains('?'));
        }
    }
}

#[test]
fn segments_that_double_each_time_are_followed_until_they_are_too_large() {
    let doubling = |levels: u32| {
        let mut source = String::from("time zone \"UTC\"\nsegment s0: vip\n");
        for i in 1..=levels {
            source += &format!("segment s{i}: (s{0} and a{i} > 1) or (s{0} and a{i} < 0)\n", i - 1);
        }
        source + &format!("if s{levels} then send coupon")
    };
    let small =
        compile(vec![("a".into(), doubling(8))], &NoFiles, None).unwrap_or_else(|found| panic!("{found}"));
    assert!(small.program.arena.condition_count() < 100);
    let found = found(&doubling(60), None);
    assert!(found.list.iter().all(|one| one.code == Code::ChainTooLong), "{found}");
    assert!(found.list.len() <= 6, "one for every ten thousandfold");
    insta::assert_snapshot!(found.list[0].primary.text, @"with its segments written out it has more than 10000 parts");
}
