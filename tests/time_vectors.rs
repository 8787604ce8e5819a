//! Civil time against vectors that others worked out: wall-clock times of many zones, and dates of lunar festivals.
//!
//! The data lies beside the repository, not in it; where it is absent, the tests say so and pass.

#![allow(clippy::expect_used, reason = "a test stops where its data cannot be read")]

mod shared;

use std::collections::BTreeMap;

use courtesy::time::{Calendar, Date, DateTime, DayOffset, Instant, Recurrence, Zone};

fn rows(text: &str) -> Vec<Vec<&str>> {
    text.lines().skip(1).map(|line| line.trim().split(',').collect()).collect()
}

#[test]
fn wall_clock_times_stand_for_the_instants_that_the_vectors_say() {
    let Some(text) = shared::data("oracles/wall_time.csv") else { return };
    let rows = rows(&text);
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &rows {
        let [name, wall, kind, first, second] = row[..] else { panic!("{row:?}") };
        *kinds.entry(kind).or_default() += 1;
        let zone = Zone::named(name).unwrap();
        let civil: DateTime = wall.parse().unwrap();
        let at = zone.instant(civil);
        let instant = |text: &str| text.parse::<Instant>().unwrap();
        match kind {
            "unique" => {
                assert_eq!(at, instant(first), "{row:?}");
                assert_eq!(zone.civil(at), civil, "{row:?}");
            }
            "fold" => {
                assert_eq!(at, instant(first), "{row:?}");
                assert_eq!([at, instant(second)].map(|at| zone.civil(at)), [civil; 2], "{row:?}");
                assert!(at < instant(second), "{row:?}");
            }
            "gap" => {
                // The first instant after the gap: clocks show less just before, and more from then on.
                assert!(zone.civil(at) > civil, "{row:?}");
                assert!(zone.civil(at.plus_micros(-1)) < civil, "{row:?}");
            }
            other => panic!("{other}"),
        }
    }
    assert!(rows.len() > 700 && kinds["gap"] > 100 && kinds["fold"] > 100, "{kinds:?}");
}

#[test]
fn a_calendar_of_festivals_returns_their_dates() {
    let Some(text) = shared::data("oracles/lunar_festivals.csv") else { return };
    let mut expected: BTreeMap<&str, Vec<Date>> = BTreeMap::new();
    let mut csv = String::from("date,name\n");
    let rows = rows(&text);
    // Last first: the order of the rows does not matter.
    for row in rows.iter().rev() {
        let [_, festival, date] = row[..] else { panic!("{row:?}") };
        expected.entry(festival).or_default().push(date.parse().unwrap());
        csv += &format!("{date},{festival}\n");
    }
    let calendar = Calendar::from_csv(&csv).unwrap();
    assert_eq!(calendar.names().collect::<Vec<_>>(), expected.keys().copied().collect::<Vec<_>>());
    let zone = Zone::named("Asia/Shanghai").unwrap();
    let mut count = 0;
    for (festival, mut dates) in expected {
        dates.sort_unstable();
        dates.dedup();
        assert_eq!(calendar.dates_of(festival), dates);
        assert!(dates.iter().all(|date| calendar.contains(*date)));
        let recurrence = Recurrence::Dates(calendar.dates_of(festival).into());
        let found = recurrence.occurrences(&zone, None, DayOffset::NONE, Instant::MIN, Instant::MAX);
        let found: Vec<Date> = found.map(|occurrence| zone.date(occurrence.at)).collect();
        assert_eq!(found, dates, "{festival}");
        count += found.len();
    }
    assert!(count > 400, "{count}");
    assert_eq!(calendar.dates().len(), rows.len());
}
