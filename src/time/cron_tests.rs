use super::*;

fn next(line: &str, after: &str, count: usize) -> Vec<String> {
    let schedule = CronSchedule::parse(line).unwrap();
    let mut after: DateTime = after.parse().unwrap();
    let mut found = Vec::new();
    for _ in 0..count {
        after = schedule.next_after(after).unwrap();
        found.push(format!("{} {:.3}", after.strftime("%Y-%m-%d %H:%M"), format!("{:?}", after.weekday())));
    }
    found
}

#[test]
fn weekdays_are_those_named() {
    assert_eq!(next("0 10 * * MON", "2026-03-01T00:00", 2), ["2026-03-02 10:00 Mon", "2026-03-09 10:00 Mon"],);
    assert_eq!(
        next("0 10 * * Fri-Sun", "2026-03-01T10:00", 4),
        ["2026-03-06 10:00 Fri", "2026-03-07 10:00 Sat", "2026-03-08 10:00 Sun", "2026-03-13 10:00 Fri"],
    );
    assert_eq!(
        next("0 10 * * saturday,wednesday", "2026-03-01T10:00", 2),
        ["2026-03-04 10:00 Wed", "2026-03-07 10:00 Sat"]
    );
}

#[test]
fn a_day_of_either_kind_counts() {
    // Friday the 13th would be 2026-11-13 next; either is any Friday, and any 13th.
    assert_eq!(
        next("30 9 13 * FRI", "2026-04-09T00:00", 4),
        ["2026-04-10 09:30 Fri", "2026-04-13 09:30 Mon", "2026-04-17 09:30 Fri", "2026-04-24 09:30 Fri"],
    );
    // A field that allows every value restricts nothing.
    assert_eq!(
        next("30 9 13 * SUN-SAT", "2026-04-09T00:00", 2),
        ["2026-04-13 09:30 Mon", "2026-05-13 09:30 Wed"]
    );
    assert_eq!(
        next("30 9 1-31 * FRI", "2026-04-09T00:00", 2),
        ["2026-04-10 09:30 Fri", "2026-04-17 09:30 Fri"]
    );
}

#[test]
fn steps_lists_and_names_of_months_are_read() {
    assert_eq!(
        next("*/20 9-10 1 JAN,july *", "2026-07-01T09:30", 4),
        ["2026-07-01 09:40 Wed", "2026-07-01 10:00 Wed", "2026-07-01 10:20 Wed", "2026-07-01 10:40 Wed"],
    );
    assert_eq!(
        next("5/25 0 ? * *", "2026-07-01T00:00", 3),
        ["2026-07-01 00:05 Wed", "2026-07-01 00:30 Wed", "2026-07-01 00:55 Wed"]
    );
    assert_eq!(next("0 9 29 2 *", "2026-01-01T00:00", 2), ["2028-02-29 09:00 Tue", "2032-02-29 09:00 Sun"]);
    assert_eq!(next("@weekly", "2026-07-01T00:00", 1), ["2026-07-05 00:00 Sun"]);
}

#[test]
fn the_time_asked_from_is_left_out_and_fractions_are_not_lost() {
    assert_eq!(next("* * * * *", "2026-07-01T09:30", 1), ["2026-07-01 09:31 Wed"]);
    assert_eq!(next("* * * * *", "2026-07-01T09:29:59.999999", 1), ["2026-07-01 09:30 Wed"]);
    assert_eq!(next("* * * * *", "2026-07-01T09:30:00.000001", 1), ["2026-07-01 09:31 Wed"]);
}

#[test]
fn it_runs_from_1970_to_2100() {
    assert_eq!(next("0 0 * * *", "-009000-01-01T00:00", 2), ["1970-01-01 00:00 Thu", "1970-01-02 00:00 Fri"]);
    let daily = CronSchedule::parse("@daily").unwrap();
    assert_eq!(daily.next_after("2100-12-31T00:00".parse().unwrap()), None);
    assert_eq!(daily.next_after(DateTime::MAX), None);
}

#[test]
fn what_is_refused_is_refused_with_the_fix() {
    let mut table = String::new();
    for line in [
        "",
        "0 10 * *",
        "0 0 10 * * MON",
        "0 0 10 * * MON 2026",
        "0 10 * * 1",
        "0 10 * * 1-5",
        "0 10 * * 0,6",
        "0 10 * * 7",
        "0 10 * * 0-7",
        "0 10 * * 5-7",
        "0 10 * * */2",
        "0 10 * * 1-5/2",
        "0 10 * * MON,3",
        "0 10 * * MON-FRI/2",
        "0 10 * * 8",
        "0 10 * * MON#1",
        "0 10 * * 1#1",
        "0 10 L * *",
        "0 10 15W * *",
        "60 10 * * *",
        "0 24 * * *",
        "0 22-3 * * *",
        "0 10 0 * *",
        "0 10 * 13 *",
        "0 10 * FOO *",
        "*/0 10 * * *",
        "+5 10 * * *",
        "1,,2 10 * * *",
        "0 10 */2 * MON",
        "0 9 30 2 *",
        "0 9 31 4,6,9,11 *",
        "@reboot",
        "@",
        "每 天 十 点 半",
    ] {
        let refused = CronSchedule::parse(line).unwrap_err();
        table += &format!("{line}\n  {refused}\n  {}\n", refused.help());
    }
    insta::assert_snapshot!(table);
}

#[test]
fn what_the_help_proposes_is_accepted() {
    for (line, days) in [
        ("0 10 * * 0", "SUN"),
        ("0 10 * * 1-5", "MON-FRI"),
        ("0 10 * * 5-7", "FRI-SUN"),
        ("0 10 * * 6,7", "SAT,SUN"),
        ("0 10 * * 1/2", "MON,WED,FRI"),
    ] {
        let refused = CronSchedule::parse(line).unwrap_err();
        let fixed = format!("0 10 * * {days}");
        assert_eq!(refused.help(), format!("write `{fixed}`"));
        CronSchedule::parse(&fixed).unwrap();
    }
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "[-*/,0-9A-Z#@? ]{0,24}|.{0,20}") {
        if let Ok(schedule) = CronSchedule::parse(&text) {
            let first = schedule.next_after(DateTime::MIN);
            proptest::prop_assert!(first.is_some());
        }
    }
}
