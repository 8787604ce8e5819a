use super::*;

#[test]
fn an_hourly_interval_keeps_its_anchor() {
    let zone = Zone::named("Europe/Berlin").unwrap();
    let every = Recurrence::Every {
        period: Period::new(5, Unit::Hour),
        anchor: Anchor::From("2026-10-24".parse().unwrap()),
    };
    let from = "2026-10-24T20:00:00Z".parse().unwrap();
    let to = "2026-10-25T12:00:00Z".parse().unwrap();
    let found: Vec<_> =
        every.occurrences(&zone, None, DayOffset::NONE, from, to).map(|found| found.at.to_string()).collect();
    assert_eq!(found, ["2026-10-24T23:00:00Z", "2026-10-25T04:00:00Z", "2026-10-25T09:00:00Z"]);
}
