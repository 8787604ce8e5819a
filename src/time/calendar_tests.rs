use super::*;

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn shown(calendar: &Calendar) -> String {
    calendar
        .names()
        .map(|name| {
            let dates: Vec<_> = calendar.dates_of(name).iter().map(ToString::to_string).collect();
            format!("{name}: {}\n", dates.join(" "))
        })
        .collect()
}

#[test]
fn rows_may_be_written_by_any_spreadsheet() {
    let plain = "2026-10-01,National Day\n2026-09-25,Mid-Autumn\n2026-10-01,National Day\n";
    let expected = Calendar::from_csv(plain).unwrap();
    assert_eq!(shown(&expected), "Mid-Autumn: 2026-09-25\nNational Day: 2026-10-01\n");
    for text in [
        "\u{feff}date,name\r\n2026-10-01,National Day\r\n\r\n2026-09-25,Mid-Autumn\r\n",
        "Date,Name\r2026/10/1,National Day\r2026.9.25,Mid-Autumn",
        "\"date\",\"name\"\n\"20261001\", \"National Day\"\n 2026-09-25 , Mid-Autumn ,legal\n,,\n",
    ] {
        assert_eq!(Calendar::from_csv(text).as_ref(), Ok(&expected), "{text}");
    }
    let quoted =
        Calendar::from_csv("2026-01-01,\"New Year, the \"\"first\"\"\nday\"\n2026-01-02,next\n").unwrap();
    assert_eq!(quoted.names().collect::<Vec<_>>(), ["New Year, the \"first\"\nday", "next"]);
}

#[test]
fn names_are_found_in_any_case() {
    let calendar =
        Calendar::from_csv("2026-09-25,中秋节\n2027-09-15,中秋节\n2026-12-25,Noël\n2027-12-25,NOËL\n")
            .unwrap();
    assert_eq!(calendar.dates_of("中秋节"), [date("2026-09-25"), date("2027-09-15")]);
    assert_eq!(calendar.dates_of("noël"), [date("2026-12-25"), date("2027-12-25")]);
    assert_eq!(calendar.names().collect::<Vec<_>>(), ["Noël", "中秋节"]);
    assert!(calendar.dates_of("Easter").is_empty());
}

#[test]
fn a_broken_row_is_named_with_its_line_and_the_mend() {
    let mut table = String::new();
    for text in [
        "date,name\n01/10/2026,National Day\n",
        "2026-10-01,fine\n2026-02-30,no such day\n",
        "2026-10-01\n",
        "2026-10-01,  \n",
        "2026-10-01,fine\n\n\"2026-10-02,open\n2026-10-03,fine\n",
        "name,date\nNational Day,2026-10-01\n",
        "2026-10-+1,sign\n",
    ] {
        let error = Calendar::from_csv(text).unwrap_err();
        table += &format!("{text:?}\n  {error}\n  {}\n", error.help);
    }
    insta::assert_snapshot!(table);
}

#[test]
fn changes_lie_where_stretches_begin_and_end() {
    let calendar =
        Calendar::from_csv("2026-05-02,b\n2026-05-01,a\n2026-05-01,b\n2026-05-03,b\n2026-06-01,a\n").unwrap();
    assert_eq!(calendar.dates(), ["2026-05-01", "2026-05-02", "2026-05-03", "2026-06-01"].map(date));
    let row = |day: &str| {
        let day = date(day);
        let show = |change: Option<Date>| change.map_or("-".into(), |change| change.to_string());
        format!(
            "{} {} {}",
            calendar.contains(day),
            show(calendar.previous_change(day)),
            show(calendar.next_change(day))
        )
    };
    assert_eq!(row("2026-04-30"), "false - 2026-05-01");
    assert_eq!(row("2026-05-01"), "true 2026-05-01 2026-05-04");
    assert_eq!(row("2026-05-03"), "true 2026-05-01 2026-05-04");
    assert_eq!(row("2026-05-04"), "false 2026-05-04 2026-06-01");
    assert_eq!(row("2026-06-01"), "true 2026-06-01 2026-06-02");
    assert_eq!(row("2026-06-02"), "false 2026-06-02 -");
    assert_eq!(Calendar::default().next_change(date("2026-01-01")), None);
    assert_eq!(Calendar::default().previous_change(date("2026-01-01")), None);
    let ends = Calendar::from_rows([(Date::MIN, "first".into()), (Date::MAX, "last".into())]);
    assert_eq!(ends.previous_change(Date::MIN), None);
    assert_eq!(ends.next_change(Date::MAX), None);
}

fn ics(events: &str) -> String {
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{}END:VCALENDAR\r\n", events.replace('\n', "\r\n"))
}

#[test]
fn events_of_an_icalendar_file_are_days_with_names() {
    let text = ics("BEGIN:VTIMEZONE
BEGIN:STANDARD
DTSTART:19671029T020000
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
DTSTART;VALUE=DATE:20260217
DTEND;VALUE=DATE:20260220
SUMMARY;LANGUAGE=en:Spring Fes
 tival\\, 3 days
BEGIN:VALARM
DURATION:P9D
SUMMARY:not this
END:VALARM
END:VEVENT
BEGIN:VEVENT
SUMMARY:Sale
DTSTART;TZID=\"Europe: Berlin\":20260301T090000
DTEND;TZID=\"Europe: Berlin\":20260302T000000
END:VEVENT
BEGIN:VEVENT
SUMMARY:Two days
DTSTART:20260401
DURATION:P2D
END:VEVENT
BEGIN:VEVENT
SUMMARY:Called off
STATUS:CANCELLED
DTSTART:20260501
END:VEVENT
BEGIN:VEVENT
SUMMARY:Leap
DTSTART:20240229
RRULE:FREQ=YEARLY;COUNT=3
EXDATE:20280229
END:VEVENT
BEGIN:VEVENT
SUMMARY:Labour Day
DTSTART:20260501
RRULE:FREQ=YEARLY;UNTIL=20280501T000000Z;BYMONTH=5;BYMONTHDAY=1
END:VEVENT
");
    insta::assert_snapshot!(shown(&Calendar::from_ics(&text).unwrap()), @r"
    Labour Day: 2026-05-01 2027-05-01 2028-05-01
    Leap: 2024-02-29 2032-02-29
    Sale: 2026-03-01
    Spring Festival, 3 days: 2026-02-17 2026-02-18 2026-02-19
    Two days: 2026-04-01 2026-04-02
    ");
    let endless =
        ics("BEGIN:VEVENT\nSUMMARY:x\nDTSTART:20260501\nRRULE:FREQ=YEARLY;INTERVAL=2\nEND:VEVENT\n");
    let endless = Calendar::from_ics(&endless).unwrap();
    assert_eq!(endless.dates().last(), Some(&date("2100-05-01")));
    assert_eq!(endless.dates().len(), 38);
}

#[test]
fn what_an_icalendar_file_cannot_mean_is_refused() {
    let mut table = String::new();
    let event = |lines: &str| ics(&format!("BEGIN:VEVENT\n{lines}END:VEVENT\n"));
    for text in [
        "2026-10-01,National Day\n".to_owned(),
        String::new(),
        event("SUMMARY:no start\n"),
        event("DTSTART:20260501\n"),
        event("SUMMARY:x\nDTSTART:2026-05-01\n"),
        event("SUMMARY:x\nDTSTART:20260501\nDTEND:22260501\n"),
        event("SUMMARY:x\nDTSTART:20260501\nRRULE:FREQ=WEEKLY\n"),
        event("SUMMARY:x\nDTSTART:20260501\nRRULE:FREQ=YEARLY;BYDAY=1MO\n"),
        event("SUMMARY:x\nDTSTART:20260501\nRRULE:FREQ=YEARLY;INTERVAL=0\n"),
        event("SUMMARY:x\nDTSTART:20260501\nRDATE:20260601\n"),
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\nDTSTART:20260501\n".to_owned(),
    ] {
        let error = Calendar::from_ics(&text).unwrap_err();
        table += &format!("{text:?}\n  {error}\n  {}\n", error.help);
    }
    insta::assert_snapshot!(table);
}

proptest::proptest! {
    #[test]
    fn changes_agree_with_asking_every_day(days in proptest::collection::vec(0_i64..60, 0..20)) {
        let day = |ahead: i64| crate::time::civil::add_days(date("2026-01-01"), ahead).unwrap();
        let calendar = Calendar::from_rows(days.iter().map(|ahead| (day(*ahead), "x".to_owned())));
        for ahead in -3..64 {
            let here = calendar.contains(day(ahead));
            proptest::prop_assert_eq!(here, days.contains(&ahead));
            let next = (ahead + 1..64).find(|later| calendar.contains(day(*later)) != here).map(day);
            proptest::prop_assert_eq!(calendar.next_change(day(ahead)), next);
            let before = (-9..ahead).rev().find(|earlier| calendar.contains(day(*earlier)) != here);
            proptest::prop_assert_eq!(calendar.previous_change(day(ahead)), before.map(|earlier| day(earlier + 1)));
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in "([A-Z]{1,8}[:;=,]|[0-9]{1,9}|BEGIN:VEVENT\n|DTSTART:20260101\n|SUMMARY:x\n|RRULE:FREQ=YEARLY|[,\"\n\r -]|\\PC){0,20}") {
        let _ = Calendar::from_csv(&text);
        let _ = Calendar::from_ics(&format!("BEGIN:VCALENDAR\n{text}\nEND:VEVENT\n"));
    }
}

#[test]
fn a_calendar_holds_so_many_dates_and_no_more() {
    let many = |count: usize| "2026-10-01,x\n".repeat(count);
    assert_eq!(Calendar::from_csv(&many(MOST_DATES)).unwrap().dates().len(), 1);
    let error = Calendar::from_csv(&many(MOST_DATES + 1)).unwrap_err();
    assert_eq!(error.to_string(), "line 100001: there are more than 100000 dates");
    // Ten years long, every year for two thousand years: seven million dates in five lines.
    let event = "BEGIN:VEVENT\nDTSTART:01000101\nDURATION:P3660D\nRRULE:FREQ=YEARLY\nSUMMARY:x\nEND:VEVENT\n";
    let error = Calendar::from_ics(&format!("BEGIN:VCALENDAR\n{event}")).unwrap_err();
    assert_eq!(error.to_string(), "line 2: there are more than 100000 dates");
    let error = Calendar::from_csv(&format!("2026-10-01,{}", "x".repeat(LONGEST_NAME + 1))).unwrap_err();
    assert_eq!(error.to_string(), "line 1: the name of `2026-10-01` is longer than 1000 bytes");
}

#[test]
fn an_event_lasts_ten_years_at_the_most() {
    let lasting = |days: i64| {
        Calendar::from_ics(&ics(&format!(
            "BEGIN:VEVENT\nSUMMARY:x\nDTSTART:20260501\nDURATION:P{days}D\nEND:VEVENT\n"
        )))
    };
    assert_eq!(lasting(3_660).unwrap().dates().len(), 3_660);
    let error = lasting(3_661).unwrap_err();
    assert_eq!(error.to_string(), "line 3: the event on `2026-05-01` lasts 3661 days");
}
