//! Cron lines and calendars.

use courtesy::time::{Calendar, CronSchedule, Date, DateTime, DayOffset, Recurrence, Zone};

/// A cron line: what it gives comes later and later, and in a zone too.
pub fn cron(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let schedule = match CronSchedule::parse(text) {
        Ok(schedule) => schedule,
        Err(error) => {
            assert!(!error.help().is_empty());
            let _ = error.to_string();
            return;
        }
    };
    assert_eq!(CronSchedule::parse(schedule.source()).as_ref(), Ok(&schedule));
    let start: DateTime = "2026-03-01T12:00".parse().expect("a civil time");
    for from in [DateTime::MIN, start, DateTime::MAX] {
        let mut at = from;
        for _ in 0..20 {
            let Some(next) = schedule.next_after(at) else { break };
            assert!(next > at, "{text}: {next} after {at}");
            at = next;
        }
    }
    let zone = Zone::named("America/Santiago").expect("a zone");
    let from = "2026-04-01T00:00:00Z".parse().expect("an instant");
    let to = "2026-10-01T00:00:00Z".parse().expect("an instant");
    let recurrence = Recurrence::Cron(schedule);
    let mut last = None;
    for occurrence in recurrence.occurrences(&zone, None, DayOffset::NONE, from, to).take(500) {
        assert!(occurrence.at >= from && occurrence.at < to && Some(occurrence.at) > last);
        last = Some(occurrence.at);
    }
}

/// A calendar, as CSV and as iCalendar: its questions agree with one another.
pub fn calendar(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    for read in [Calendar::from_csv(text), Calendar::from_ics(text)] {
        let calendar = match read {
            Ok(calendar) => calendar,
            Err(error) => {
                assert!(error.line >= 1 && !error.help.is_empty());
                continue;
            }
        };
        let named: usize = calendar.names().map(|name| calendar.dates_of(name).len()).sum();
        assert!(named >= calendar.dates().len());
        for &date in calendar.dates().iter().take(50) {
            assert!(calendar.contains(date));
            if let Some(next) = calendar.next_change(date) {
                assert!(next > date && !calendar.contains(next));
            }
            if let Some(since) = calendar.previous_change(date) {
                assert!(since <= date && calendar.contains(since));
            }
        }
        for date in [Date::MIN, Date::MAX] {
            let _ = (calendar.next_change(date), calendar.previous_change(date));
        }
    }
}
