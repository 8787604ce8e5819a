//! What stands in options and cells: moments, dates, numbers, units, zones, and which columns mean what.

use std::{fmt::Display, str::FromStr};

use courtesy::{
    io::Columns,
    number::Number,
    time::{Date, DateTime, Instant, Time, Unit, Zone},
};

/// Each line is read as everything that it may be. What is read is written so that it is read again.
pub fn values(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let santiago = Zone::named("America/Santiago").expect("a zone");
    for line in text.lines().take(20) {
        let instant = again::<Instant>(line);
        again::<Number>(line);
        again::<Unit>(line);
        let date = again::<Date>(line);
        let civil = again::<DateTime>(line);
        again::<Time>(line);
        let zone = Zone::named(line).unwrap_or(santiago);
        assert_eq!(Zone::named(zone.name()).as_ref(), Ok(&zone));
        if let Some(at) = instant {
            let shown = zone.civil(at);
            let back = zone.instant(shown);
            assert!(zone.civil(back) >= shown, "{line}: {shown} in {}", zone.name());
        }
        if let Some(date) = date {
            let start = zone.start_of_day(date);
            let is_endless = start == Instant::MIN || start == Instant::MAX;
            assert!(zone.date(start) >= date || is_endless, "{line} in {}", zone.name());
        }
        if let Some(civil) = civil {
            let at = zone.instant(civil);
            for unit in Unit::ALL {
                for count in [-1_000_000, -1, 1, 1_000_000] {
                    let there = zone.step(at, count, unit);
                    let _ = (zone.complete(at, there, unit), zone.complete(there, at, unit));
                }
            }
        }
        if let Err(error) = line.parse::<Columns>() {
            assert!(error.help.is_some() && !error.problem.chars().any(char::is_control), "{error:?}");
        }
    }
}

/// Reads it; what is read is read again from what is shown of it.
fn again<T: FromStr + Display + PartialEq + std::fmt::Debug>(text: &str) -> Option<T> {
    let value = text.parse::<T>().ok()?;
    let shown = value.to_string();
    assert_eq!(shown.parse::<T>().ok().as_ref(), Some(&value), "{text}, shown as {shown}");
    Some(value)
}
