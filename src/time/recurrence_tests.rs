use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{super::Weekday, *};

fn zone(name: &str) -> Zone {
    Zone::named(name).unwrap()
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

/// The occurrences between two civil dates: civil time and, where the two differ, what the clocks show.
fn found(
    recurrence: &Recurrence,
    zone_name: &str,
    time: Option<&str>,
    offset: DayOffset,
    days: [&str; 2],
) -> Vec<String> {
    let zone = zone(zone_name);
    let [from, to] = days.map(|day| zone.start_of_day(date(day)));
    let time = time.map(|time| time.parse().unwrap());
    let found = recurrence.occurrences(&zone, time, offset, from, to);
    found
        .map(|found| {
            let shown = zone.civil(found.at);
            let written = found.civil.strftime("%Y-%m-%d %H:%M").to_string();
            if shown == found.civil {
                written
            } else {
                format!("{written} = {}", shown.strftime("%Y-%m-%d %H:%M"))
            }
        })
        .collect()
}

fn days(recurrence: &Recurrence, days: [&str; 2]) -> Vec<String> {
    found(recurrence, "UTC", None, DayOffset::NONE, days).iter().map(|shown| shown[..10].to_owned()).collect()
}

fn every(count: u32, unit: Unit, anchor: Anchor) -> Recurrence {
    Recurrence::Every { period: Period::new(count, unit), anchor }
}

#[test]
fn a_29_february_birthday_is_28_february_in_other_years() {
    let birthday = Recurrence::Yearly { month: 2, day: 29 };
    assert_eq!(
        days(&birthday, ["2023-01-01", "2027-01-01"]),
        ["2023-02-28", "2024-02-29", "2025-02-28", "2026-02-28"]
    );
    let before =
        found(&birthday, "UTC", Some("09:00"), DayOffset::new(-3, Unit::Day), ["2024-01-01", "2026-01-01"]);
    assert_eq!(before, ["2024-02-26 09:00", "2025-02-25 09:00"]);
}

#[test]
fn a_month_without_the_day_has_its_last() {
    let month = Recurrence::Monthly(vec![MonthDay::Day(31), MonthDay::Day(8)]);
    assert_eq!(
        days(&month, ["2026-01-09", "2026-05-01"]),
        ["2026-01-31", "2026-02-08", "2026-02-28", "2026-03-08", "2026-03-31", "2026-04-08", "2026-04-30"]
    );
    // The 30th and the last are one day in April, and one occurrence.
    let month = Recurrence::Monthly(vec![MonthDay::Last, MonthDay::Day(30)]);
    assert_eq!(days(&month, ["2026-03-01", "2026-05-01"]), ["2026-03-30", "2026-03-31", "2026-04-30"]);
    assert!(days(&Recurrence::Monthly(vec![]), ["2026-03-01", "2026-05-01"]).is_empty());
}

#[test]
fn an_interval_does_not_drift_and_since_leaves_out_the_anchor() {
    let anchor = date("2026-01-31");
    let from = every(1, Unit::Month, Anchor::From(anchor));
    let months = ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"];
    assert_eq!(days(&from, ["2025-01-01", "2026-05-01"]), months);
    let since = every(1, Unit::Month, Anchor::Since(anchor));
    assert_eq!(days(&since, ["2025-01-01", "2026-05-01"]), months[1..]);
    let weeks = every(2, Unit::Week, Anchor::From(date("2026-01-05")));
    assert_eq!(days(&weeks, ["2026-06-01", "2026-07-01"]), ["2026-06-08", "2026-06-22"]);
    assert!(days(&every(0, Unit::Day, Anchor::From(anchor)), ["2026-01-01", "2026-05-01"]).is_empty());
    assert!(days(&every(0, Unit::Hour, Anchor::From(anchor)), ["2026-01-01", "2026-05-01"]).is_empty());
}

#[test]
fn an_interval_since_an_instant_keeps_its_time_of_day() {
    let bought = every(6, Unit::Month, Anchor::SinceInstant(at("2025-09-30T13:15:00Z")));
    let range = ["2025-01-01", "2027-01-01"];
    let shown = found(&bought, "Europe/Berlin", None, DayOffset::NONE, range);
    assert_eq!(shown, ["2026-03-30 15:15", "2026-09-30 15:15"]);
    let shown = found(&bought, "Europe/Berlin", Some("10:00"), DayOffset::NONE, range);
    assert_eq!(shown, ["2026-03-30 10:00", "2026-09-30 10:00"]);
    for end in [Instant::MIN, Instant::MAX] {
        for unit in [Unit::Hour, Unit::Month] {
            let never = every(1, unit, Anchor::SinceInstant(end));
            let count = never
                .occurrences(&Zone::utc(), None, DayOffset::NONE, Instant::MIN, Instant::MAX)
                .take(2)
                .count();
            assert_eq!(count, 0);
        }
    }
}

#[test]
fn hours_are_exact_across_a_clock_change() {
    let zone = zone("Europe/Berlin");
    let every = every(5, Unit::Hour, Anchor::From(date("2026-10-24")));
    let (from, to) = (at("2026-10-24T20:00:00Z"), at("2026-10-25T12:00:00Z"));
    let found = every.occurrences(&zone, None, DayOffset::NONE, from, to);
    let found: Vec<_> = found.map(|found| found.at.to_string()).collect();
    assert_eq!(found, ["2026-10-24T23:00:00Z", "2026-10-25T04:00:00Z", "2026-10-25T09:00:00Z"]);
}

#[test]
fn dates_may_lie_before_and_after() {
    let festival = Recurrence::Dates([date("2026-02-17"), date("2026-09-25"), date("2027-02-06")].into());
    let shifted = |count, unit| {
        found(&festival, "Asia/Shanghai", None, DayOffset::new(count, unit), ["2026-02-16", "2027-02-06"])
    };
    assert_eq!(shifted(-1, Unit::Day), ["2026-02-16 00:00", "2026-09-24 00:00", "2027-02-05 00:00"]);
    assert_eq!(shifted(1, Unit::Week), ["2026-02-24 00:00", "2026-10-02 00:00"]);
    assert_eq!(shifted(1, Unit::Year), [] as [&str; 0]);
    assert_eq!(shifted(-2, Unit::Month), ["2026-07-25 00:00", "2026-12-06 00:00"]);
    // Three days whose date a month before is the same 28 February make one.
    let march = Recurrence::Dates(["2026-03-29", "2026-03-30", "2026-03-31"].map(date).into());
    let before = found(&march, "UTC", None, DayOffset::new(-1, Unit::Month), ["2026-01-01", "2027-01-01"]);
    assert_eq!(before, ["2026-02-28 00:00"]);
    assert_eq!(days(&Recurrence::Once(date("2026-10-01")), ["2026-10-01", "2026-10-02"]), ["2026-10-01"]);
    assert!(days(&Recurrence::Once(date("2026-10-01")), ["2026-10-02", "2026-12-02"]).is_empty());
    assert!(days(&Recurrence::Once(date("2026-10-01")), ["2026-01-02", "2026-10-01"]).is_empty());
}

#[test]
fn each_civil_time_happens_once_in_gaps_and_folds() {
    let cron = |line: &str| Recurrence::Cron(CronSchedule::parse(line).unwrap());
    let none = DayOffset::NONE;
    // The cron crate alone skips the gap day, and fires twice in the fold.
    let half_past_two = cron("30 2 * * *");
    assert_eq!(
        found(&half_past_two, "Europe/Berlin", None, none, ["2026-03-28", "2026-03-31"]),
        ["2026-03-28 02:30", "2026-03-29 02:30 = 2026-03-29 03:00", "2026-03-30 02:30"]
    );
    let fold = found(&half_past_two, "Europe/Berlin", None, none, ["2026-10-25", "2026-10-27"]);
    assert_eq!(fold, ["2026-10-25 02:30", "2026-10-26 02:30"]);
    // Four civil times end the gap at one instant; the first of them stands for all.
    let quarters = found(&cron("*/15 2-3 * * *"), "Europe/Berlin", None, none, ["2026-03-29", "2026-03-30"]);
    assert_eq!(
        quarters,
        ["2026-03-29 02:00 = 2026-03-29 03:00", "2026-03-29 03:15", "2026-03-29 03:30", "2026-03-29 03:45"]
    );
    let daily = Recurrence::Weekdays(WeekdaySet::all());
    assert_eq!(
        found(&daily, "America/Santiago", None, none, ["2026-09-05", "2026-09-08"]),
        ["2026-09-05 00:00", "2026-09-06 00:00 = 2026-09-06 01:00", "2026-09-07 00:00"]
    );
    // Apia's missing day and the day after it begin at the same instant.
    assert_eq!(
        found(&daily, "Pacific/Apia", None, none, ["2011-12-29", "2012-01-02"]),
        ["2011-12-29 00:00", "2011-12-30 00:00 = 2011-12-31 00:00", "2012-01-01 00:00"]
    );
    assert_eq!(
        found(&daily, "Pacific/Apia", Some("10:00"), none, ["2011-12-29", "2012-01-02"]),
        ["2011-12-29 10:00", "2011-12-30 10:00 = 2011-12-31 00:00", "2011-12-31 10:00", "2012-01-01 10:00"]
    );
}

#[test]
fn far_off_is_as_near_as_today() {
    let far = at("9000-01-01T00:00:00Z");
    let cases = [
        every(1, Unit::Minute, Anchor::From(date("1970-01-01"))),
        every(1, Unit::Day, Anchor::From(date("1970-01-01"))),
        Recurrence::Yearly { month: 1, day: 1 },
        Recurrence::Weekdays(WeekdaySet::all()),
        Recurrence::Monthly(vec![MonthDay::Day(1)]),
    ];
    let utc = Zone::utc();
    for recurrence in &cases {
        for offset in [DayOffset::NONE, DayOffset::new(-1, Unit::Year), DayOffset::new(2, Unit::Year)] {
            let first = recurrence.occurrences(&utc, None, offset, far, Instant::MAX).next();
            assert_eq!(first.map(|first| first.at), Some(far), "{recurrence:?}");
            // From the beginning of time and beyond its end, there is an answer too.
            let mut ever = recurrence.occurrences(&utc, None, offset, Instant::MIN, Instant::MAX);
            assert!(ever.next().is_some_and(|first| first.at < far));
            assert_eq!(recurrence.occurrences(&utc, None, offset, Instant::MAX, Instant::MAX).next(), None);
        }
        for count in [i64::MIN, i64::MAX] {
            for unit in [Unit::Day, Unit::Year] {
                let shifted = recurrence.occurrences(
                    &utc,
                    None,
                    DayOffset::new(count, unit),
                    Instant::MIN,
                    Instant::MAX,
                );
                assert!(shifted.take(3).count() <= 3);
            }
        }
    }
}

// The slow, obvious way: walk every civil day (for cron lines every minute) and ask whether it is one.

type Matches = fn(DateTime) -> bool;

const CRON: &[(&str, Matches)] = &[
    ("*/20 * * * *", |time| time.minute() % 20 == 0),
    ("30 2 * * *", |time| (time.hour(), time.minute()) == (2, 30)),
    ("5 0,23 31 * *", |time| matches!(time.hour(), 0 | 23) && time.minute() == 5 && time.day() == 31),
    ("0 10 * * MON-WED", |time| {
        (time.hour(), time.minute()) == (10, 0)
            && matches!(time.weekday(), Weekday::Monday | Weekday::Tuesday | Weekday::Wednesday)
    }),
    ("0 1 1,15 */3 SUN", |time| {
        (time.hour(), time.minute()) == (1, 0)
            && matches!(time.month(), 1 | 4 | 7 | 10)
            && (matches!(time.day(), 1 | 15) || time.weekday() == Weekday::Sunday)
    }),
    ("59 23 28-31 2,12 *", |time| {
        (time.hour(), time.minute()) == (23, 59) && matches!(time.month(), 2 | 12) && time.day() >= 28
    }),
];

fn is_one(recurrence: &Recurrence, zone: &Zone, day: Date) -> bool {
    let is_last = day.tomorrow().unwrap().day() == 1;
    match recurrence {
        Recurrence::Once(only) => *only == day,
        Recurrence::Dates(dates) => dates.contains(&day),
        Recurrence::Yearly { month, day: of } => {
            day.month() == *month && (day.day() == *of || is_last && *of > day.day())
        }
        Recurrence::Weekdays(days) => days.iter().any(|weekday| weekday == day.weekday()),
        Recurrence::Monthly(days) => days.iter().any(|of| match of {
            MonthDay::Day(of) => day.day() == *of || is_last && *of > day.day(),
            MonthDay::Last => is_last,
        }),
        Recurrence::Every { period, anchor } => {
            let (start, first) = match anchor {
                Anchor::From(date) => (*date, 0),
                Anchor::Since(date) => (*date, 1),
                Anchor::SinceInstant(at) => (zone.date(*at), 1),
            };
            let step = |count: i64| {
                let count = count * i64::from(period.count);
                let span = match period.unit {
                    Unit::Day => jiff::Span::new().days(count),
                    Unit::Week => jiff::Span::new().weeks(count),
                    Unit::Month => jiff::Span::new().months(count),
                    _ => jiff::Span::new().years(count),
                };
                start.checked_add(span).unwrap()
            };
            (first..).map(step).take_while(|date| *date <= day).any(|date| date == day)
        }
        Recurrence::Cron(_) => false,
    }
}

fn slowly(
    recurrence: &Recurrence,
    zone: &Zone,
    time: Option<Time>,
    offset: DayOffset,
    from: Instant,
    to: Instant,
) -> Vec<Occurrence> {
    let days = |margin: i64| {
        let first = civil::add_days(zone.date(from), -margin).unwrap();
        let last = civil::add_days(zone.date(to), margin).unwrap();
        first.series(jiff::Span::new().days(1)).take_while(move |day| *day <= last)
    };
    let default = match recurrence {
        Recurrence::Every { anchor: Anchor::SinceInstant(at), .. } => zone.civil(*at).time(),
        _ => Time::midnight(),
    };
    let written: Vec<DateTime> = match recurrence {
        Recurrence::Cron(schedule) => {
            let (_, matches) = CRON.iter().find(|(line, _)| *line == schedule.source()).unwrap();
            let minutes = jiff::Span::new().minutes(1);
            days(2)
                .flat_map(|day| day.at(0, 0, 0, 0).series(minutes).take(1_440))
                .filter(|time| matches(*time))
                .collect()
        }
        _ => days(100)
            .filter(|day| is_one(recurrence, zone, *day))
            .map(|day| offset.apply(day).unwrap().to_datetime(time.unwrap_or(default)))
            .collect(),
    };
    let mut by_instant = BTreeMap::new();
    for civil in written {
        let at = zone.instant(civil);
        if from <= at && at < to {
            by_instant.entry(at).or_insert(civil);
        }
    }
    by_instant.into_iter().map(|(at, civil)| Occurrence { civil, at }).collect()
}

fn recurrences() -> impl Strategy<Value = Recurrence> {
    let some_day = || (0_i64..1_500).prop_map(|ahead| civil::add_days(date("2023-06-01"), ahead).unwrap());
    let month_day = prop_oneof![(1_i8..=31).prop_map(MonthDay::Day), Just(MonthDay::Last)];
    let unit = prop::sample::select(vec![Unit::Day, Unit::Week, Unit::Month, Unit::Year]);
    let anchor = prop_oneof![
        some_day().prop_map(Anchor::From),
        some_day().prop_map(Anchor::Since),
        (1_685_000_000_i64..1_800_000_000)
            .prop_map(|seconds| Anchor::SinceInstant(Instant::from_seconds(seconds))),
    ];
    prop_oneof![
        some_day().prop_map(Recurrence::Once),
        prop::collection::btree_set(some_day(), 0..40)
            .prop_map(|days| Recurrence::Dates(days.into_iter().collect())),
        some_day().prop_map(|day| Recurrence::Yearly { month: day.month(), day: day.day() }),
        Just(Recurrence::Yearly { month: 2, day: 29 }),
        prop::collection::vec(0_i8..7, 0..4).prop_map(|days| Recurrence::Weekdays(
            days.into_iter().map(|day| Weekday::from_monday_zero_offset(day).unwrap()).collect()
        )),
        prop::collection::vec(month_day, 1..4).prop_map(Recurrence::Monthly),
        (1_u32..14, unit, anchor).prop_map(|(count, unit, anchor)| every(count, unit, anchor)),
        prop::sample::select(CRON.to_vec())
            .prop_map(|(line, _)| Recurrence::Cron(CronSchedule::parse(line).unwrap())),
    ]
}

/// A zone and an instant, often within a day of a clock change.
fn places() -> impl Strategy<Value = (Zone, Instant)> {
    let names = [
        "UTC",
        "Asia/Shanghai",
        "Europe/Berlin",
        "America/Santiago",
        "America/New_York",
        "Australia/Lord_Howe",
        "Africa/Casablanca",
        "Pacific/Chatham",
    ];
    let changes = prop::sample::select(vec![
        "2024-03-31T01:00:00Z",
        "2024-10-27T01:00:00Z",
        "2025-09-07T04:00:00Z",
        "2026-04-05T03:00:00Z",
        "2026-03-08T07:00:00Z",
        "2026-11-01T06:00:00Z",
        "2025-10-04T15:30:00Z",
        "2024-02-29T12:00:00Z",
    ]);
    (prop::sample::select(names.to_vec()), changes, -172_800_i64..172_800)
        .prop_map(|(name, change, off)| (zone(name), at(change).plus_micros(off * 1_000_000)))
}

fn offsets() -> impl Strategy<Value = DayOffset> {
    let unit = prop::sample::select(vec![Unit::Day, Unit::Week, Unit::Month]);
    prop_oneof![
        Just(DayOffset::NONE),
        (-2_i64..=2, unit).prop_map(|(count, unit)| DayOffset::new(count, unit))
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn walking_every_day_finds_the_same(
        recurrence in recurrences(), (zone, from) in places(), offset in offsets(),
        minute in prop::option::of(0_i64..1_440), length in 0_i64..12_000_000, cut in 0.0..1.0_f64,
    ) {
        let is_cron = matches!(recurrence, Recurrence::Cron(_));
        let time = minute.map(|minute| Time::midnight().saturating_add(jiff::SignedDuration::from_mins(minute)));
        let micros = length * if is_cron { 60_000 } else { 1_000_000 };
        let to = from.plus_micros(micros);
        let found: Vec<_> = recurrence.occurrences(&zone, time, offset, from, to).collect();
        prop_assert_eq!(&found, &slowly(&recurrence, &zone, time, offset, from, to));
        // What is found in two parts is what is found in one.
        let middle = from.plus_micros((micros as f64 * cut) as i64);
        let parts = [(from, middle), (middle, to)]
            .into_iter()
            .flat_map(|(from, to)| recurrence.occurrences(&zone, time, offset, from, to));
        prop_assert_eq!(found, parts.collect::<Vec<_>>());
    }

    #[test]
    fn exact_intervals_are_multiples(
        (zone, from) in places(), count in 1_u32..100, hours in any::<bool>(), since in any::<bool>(), length in 0_i64..90,
    ) {
        let anchor = date("2024-03-30");
        let unit = if hours { Unit::Hour } else { Unit::Minute };
        let recurrence = every(count, unit, if since { Anchor::Since(anchor) } else { Anchor::From(anchor) });
        let to = zone.step(from, length, unit);
        let start = zone.start_of_day(anchor);
        let first = zone.complete(start, from, unit) / i64::from(count) - 2;
        let slowly: Vec<_> = (first.max(since.into())..first + 200)
            .map(|k| zone.step(start, k * i64::from(count), unit))
            .filter(|at| from <= *at && *at < to)
            .collect();
        let found = recurrence.occurrences(&zone, None, DayOffset::NONE, from, to);
        prop_assert_eq!(found.map(|found| found.at).collect::<Vec<_>>(), slowly);
    }
}
