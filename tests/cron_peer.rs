//! Cron lines against another implementation, `croner`, over random lines, years and zones.
//!
//! # What differs by design
//!
//! | | POSIX and Vixie cron, `croner` | ours |
//! |---|---|---|
//! | weekdays by number | `1` is Monday (in Quartz it is Sunday) | refused; names only |
//! | both kinds of day | either matches | either matches; a stepped day of the month (`*/2`) beside a weekday is refused |
//! | a field that lists every value (`1-31`) | restricts, so `1-31 * FRI` is every day | restricts nothing, so it is every Friday |
//! | ranges that go round (`FRI-MON`, `22-3`) | refused | weekdays go round, as a week does; others are refused |
//! | `L`, `W`, `#`, seconds, years (Quartz) | read | refused, with the way to say it |
//! | clocks go forward | one fixed time goes at the first instant after the gap, others skip it | every line goes at the first instant after it, once |
//! | clocks go back | one fixed time goes once, others go in both hours | every line goes once for each time on the clock |

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use courtesy::time::{CronSchedule, Date, DateTime, DayOffset, Instant, Recurrence, Zone};
use croner::{
    Cron,
    parser::{CronParser, Seconds, Year},
};
use proptest::{prelude::*, sample::select};

fn peer(line: &str) -> Cron {
    CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed).build().parse(line).unwrap()
}

/// A field of numbers: one, several, a range, steps. Never all of them in so many words.
fn numbers(min: u8, max: u8) -> BoxedStrategy<String> {
    let one = (min..=max).prop_map(|number| number.to_string()).boxed();
    let range =
        (min..max, 1..5u8).prop_map(move |(first, length)| format!("{first}-{}", (first + length).min(max)));
    let stepped = (min..max, 5..12u8, 2..5u8)
        .prop_map(move |(first, length, step)| format!("{first}-{}/{step}", (first + length).min(max)));
    let part = prop_oneof![3 => one, 1 => range, 1 => stepped];
    prop::collection::vec(part, 1..4).prop_map(|parts| parts.join(",")).boxed()
}

/// `*`, `*/n` or numbers.
fn field(min: u8, max: u8) -> BoxedStrategy<String> {
    let stepped = (2..=max / 2).prop_map(|step| format!("*/{step}"));
    prop_oneof![2 => Just("*".to_owned()), 1 => stepped, 3 => numbers(min, max)].boxed()
}

const WEEK: &[&str] = &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

fn weekdays() -> BoxedStrategy<String> {
    let list = proptest::sample::subsequence(WEEK.to_vec(), 1..=6).prop_map(|days| days.join(","));
    let range = (0..6usize, 0..6usize).prop_filter_map("in order", |(first, last)| {
        (first < last && last - first < 6).then(|| format!("{}-{}", WEEK[first], WEEK[last]))
    });
    prop_oneof![4 => Just("*".to_owned()), 2 => list, 1 => range].boxed()
}

fn months() -> BoxedStrategy<String> {
    let named = select(vec!["JAN", "FEB,JUL", "MAR-MAY", "DEC", "SEP,OCT,NOV"]).prop_map(String::from);
    prop_oneof![3 => Just("*".to_owned()), 1 => numbers(1, 12), 1 => named].boxed()
}

/// A line that both read alike: no stepped day of the month beside a weekday.
fn line(minutes: BoxedStrategy<String>, hours: BoxedStrategy<String>) -> impl Strategy<Value = String> {
    (minutes, hours, field(1, 28), months(), weekdays()).prop_map(|(minute, hour, day, month, weekday)| {
        let day = if day.starts_with('*') && weekday != "*" { "*".to_owned() } else { day };
        format!("{minute} {hour} {day} {month} {weekday}")
    })
}

fn any_line() -> impl Strategy<Value = String> {
    line(field(0, 59), field(0, 23))
}

/// A line at one time of the day, which is what the other implementation takes for a fixed one.
fn fixed_line() -> impl Strategy<Value = String> {
    let number = |most: u8| (0..=most).prop_map(|number| number.to_string()).boxed();
    line(number(59), number(23))
}

fn moment() -> impl Strategy<Value = DateTime> {
    (1970..2095i16, 1..=12i8, 1..=28i8, 0..24i8, 0..60i8, 0..60i8).prop_map(
        |(year, month, day, hour, minute, second)| {
            Date::new(year, month, day).unwrap().at(hour, minute, second, 0)
        },
    )
}

/// Zones whose clocks change, by an hour or by half of one, at two, at midnight or at three.
const ZONES: &[&str] = &[
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Asia/Beirut",
    "America/Havana",
    "Pacific/Auckland",
    "Africa/Cairo",
    "America/Santiago",
    "Asia/Tehran",
];

/// The instants that we say, from then on.
fn ours(line: &str, zone: &Zone, from: Instant, count: usize) -> Vec<Instant> {
    let recurrence = Recurrence::Cron(CronSchedule::parse(line).unwrap());
    let found = recurrence.occurrences(zone, None, DayOffset::NONE, from, Instant::MAX);
    found.take(count).map(|occurrence| occurrence.at).collect()
}

/// The instants that the other one says.
fn theirs(line: &str, zone: &str, from: Instant, count: usize) -> Vec<Instant> {
    let start = jiff::Timestamp::from_microsecond(from.as_micros() - 1).unwrap().in_tz(zone).unwrap();
    // Ours ends with the year 2100.
    let found = peer(line).iter_after(start).take_while(|at| at.year() <= 2100).take(count);
    found.map(|at| Instant::from_micros(at.timestamp().as_microsecond())).collect()
}

/// Whether the clocks of the zone change on that day or the one before or after it.
fn is_near_a_change(zone: &Zone, at: Instant) -> bool {
    let offset = |at: Instant| {
        let utc = Zone::named("UTC").unwrap();
        utc.instant(zone.civil(at)).as_micros() - at.as_micros()
    };
    (-36..36).any(|hours| offset(at.plus_micros(hours * 3_600_000_000)) != offset(at))
}

fn cases() -> ProptestConfig {
    let cases = std::env::var_os("PROPTEST_CASES").map_or(96, |_| ProptestConfig::default().cases);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases())]

    /// On a calendar without zones, line for line.
    #[test]
    fn the_same_civil_times(line in any_line(), after in moment()) {
        let (ours, theirs) = (CronSchedule::parse(&line).unwrap(), peer(&line));
        let (mut one, mut two) = (after, after);
        for _ in 0..30 {
            let next = ours.next_after(one);
            prop_assert!(next.is_some() || one.year() > 2090, "{} after {}", line, one);
            let Some(next) = next else { break };
            two = theirs.find_next_occurrence(&two, false).unwrap();
            prop_assert_eq!(next, two, "{} after {}", line, one);
            one = next;
        }
    }

    /// Fixed times in zones with changes of clocks, for a year and more: in a gap at its end, in a fold once.
    #[test]
    fn the_same_instants_of_fixed_times(line in fixed_line(), zone in select(ZONES), from in moment()) {
        let own = Zone::named(zone).unwrap();
        let from = own.instant(from);
        let (ours, theirs) = (ours(&line, &own, from, 400), theirs(&line, zone, from, 400));
        let first = ours.iter().zip(&theirs).find(|(one, two)| one != two);
        prop_assert!(first.is_none() && ours.len() == theirs.len(), "{first:?}: {} in {} from {}", line, zone, from);
    }

    /// Any line, wherever clocks do not change.
    #[test]
    fn the_same_instants_away_from_changes(line in any_line(), zone in select(ZONES), from in moment()) {
        let own = Zone::named(zone).unwrap();
        let from = own.instant(from);
        let far = |list: Vec<Instant>| -> Vec<Instant> {
            list.into_iter().take_while(|at| !is_near_a_change(&own, *at)).collect()
        };
        let (ours, theirs) = (far(ours(&line, &own, from, 12)), far(theirs(&line, zone, from, 12)));
        if !is_near_a_change(&own, from) {
            prop_assert_eq!(ours, theirs, "{} in {} from {}", line, zone, from);
        }
    }
}

/// Each row of the table above that can be seen.
#[test]
fn the_differences_are_those_listed() {
    let refused = |line: &str| CronSchedule::parse(line).is_err();
    for line in ["0 9 * * 1", "0 9 */2 * FRI", "0 22-3 * * *", "0 9 L * *", "0 9 15W * *", "0 9 * * FRI#2"] {
        assert!(refused(line), "{line}");
    }
    let after: DateTime = "2026-03-01T00:00".parse().unwrap();
    let next = |line: &str| CronSchedule::parse(line).unwrap().next_after(after).unwrap().to_string();
    let peers = |line: &str| peer(line).find_next_occurrence(&after, false).unwrap().to_string();
    assert_eq!(
        (next("0 9 1-31 * FRI"), peers("0 9 1-31 * FRI")),
        ("2026-03-06T09:00:00".into(), "2026-03-01T09:00:00".into())
    );
    assert_eq!(next("0 9 * * FRI-MON"), "2026-03-01T09:00:00");

    let berlin = Zone::named("Europe/Berlin").unwrap();
    let at = |text: &str| text.parse::<Instant>().unwrap();
    let hours =
        |list: Vec<Instant>| list.iter().map(|at| at.to_string()[11..16].to_owned()).collect::<Vec<_>>();
    // Every half hour through the gap of 29 March, 01:00 UTC: 02:00 and 02:30 are both 03:00, and go once.
    let spring = at("2026-03-29T00:30:00Z");
    assert_eq!(hours(ours("*/30 * * * *", &berlin, spring, 3)), ["00:30", "01:00", "01:30"]);
    // Through the fold of 25 October: the second 02:00 and 02:30 are no other times on the clock.
    let autumn = at("2026-10-25T00:00:00Z");
    assert_eq!(hours(ours("*/30 * * * *", &berlin, autumn, 3)), ["00:00", "00:30", "02:00"]);
    assert_eq!(hours(theirs("*/30 * * * *", "Europe/Berlin", autumn, 3)), ["00:00", "00:30", "01:00"]);
}
