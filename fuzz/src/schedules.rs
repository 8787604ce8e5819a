//! Schedules: anyone's, audited, and those of the planner, written and read back.

use courtesy::{
    Horizon, Planner, Rules, Snapshot,
    audit::{Auditor, Scheduled},
    io::{Columns, Format, ScheduleFile},
    program::Program,
    snapshot::User,
    time::Instant,
};

use crate::{parts, sources::Beside, tables::file};

/// Rules, users as JSON lines, a schedule, and perhaps the moment it was planned from, parted by lines that are `---`.
///
/// Each row of the schedule is a touch or one that cannot be read; the audit blames none but touches of the schedule,
/// on plain lines, and the same whenever it is asked. What the planner writes is read back as it was, and is clean.
pub fn schedule(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let [source, users, schedule, moment] = parts(text);
    let Ok(rules) = Rules::compile_files(vec![("fuzzed".into(), source.into())], &Beside(source)) else {
        return;
    };
    let now = moment.trim().parse::<Instant>().ok();
    let schedule = read(schedule);
    let mut auditor = Auditor::new(rules.program(), rules.names());
    let mut planner = rules.planner();
    for line in users.lines().take(3) {
        let Ok(snapshot) = serde_json::from_str::<Snapshot>(line) else { continue };
        let Ok(bound) = snapshot.bind_with(rules.program(), rules.names()) else { continue };
        let user = bound.user;
        if let Some(schedule) = &schedule {
            let rows = schedule.of(&user.id).iter();
            let touches: Vec<Scheduled> = rows.filter_map(|row| row.bind(&user.zone, None).ok()).collect();
            let report = auditor.audit(&user, &touches, now);
            assert_eq!(report.touches, touches.len());
            for breach in &report.breaches {
                assert!(touches.contains(&breach.touch), "a breach of no touch: {breach:?}");
            }
            let shown = report.to_string();
            assert!(!shown.chars().any(|c| c.is_control() && c != '\n'), "{shown:?}");
            assert_eq!(shown, auditor.audit(&user, &touches, now).to_string());
        }
        its_own(rules.program(), &mut planner, &mut auditor, &user, now);
    }
}

/// Reads a schedule, and counts its rows.
fn read(text: &str) -> Option<ScheduleFile> {
    let kept = file(text.as_bytes());
    let schedule = ScheduleFile::read(kept.path(), &Columns::default()).ok()?;
    assert!(schedule.bad.is_sorted_by_key(|row| row.line), "out of order");
    for row in &schedule.bad {
        assert!(!row.reason.chars().any(char::is_control), "{row:?}");
    }
    let rows: usize = schedule.users().map(|user| schedule.of(user).len()).sum();
    assert_eq!(rows + schedule.bad.len(), schedule.count, "rows are lost");
    Some(schedule)
}

/// Plans, writes, reads back and audits.
fn its_own(
    program: &Program,
    planner: &mut Planner<'_>,
    auditor: &mut Auditor<'_>,
    user: &User,
    now: Option<Instant>,
) {
    let now = now.unwrap_or_else(|| "2026-03-01T01:00:00Z".parse().expect("an instant"));
    let plan = planner.plan(user, now, Horizon::days(20));
    // Of what was always due no time is written, and an empty cell may be a list without members.
    let as_written = |touch: Scheduled| Scheduled {
        line: None,
        is_row: false,
        due: touch.due.filter(|due| *due > Instant::MIN),
        categories: touch.categories.filter(|list| !list.is_empty()),
        ..touch
    };
    let touches: Vec<Scheduled> = plan.touches.iter().map(|touch| as_written(touch.into())).collect();
    for format in [Format::Csv, Format::JsonLines] {
        let written = format.touches_header() + &format.touches(&plan);
        let schedule = read(&written).expect("a schedule");
        assert_eq!(schedule.bad, []);
        let rows = schedule.of(&user.id).iter();
        let back: Vec<Scheduled> =
            rows.map(|row| as_written(row.bind(&user.zone, None).expect("its times"))).collect();
        assert_eq!(back, touches, "read back otherwise:\n{written}");
    }
    if !asks_contacts(program) {
        let report = auditor.audit(user, &touches, Some(now));
        assert!(report.is_clean(), "{plan}\n{report}");
    }
}

/// Whether caps, gaps or hours look at contacts. Then placing a touch can change what held for one placed before it,
/// while the audit asks at the end.
fn asks_contacts(program: &Program) -> bool {
    let caps = program.caps.iter().flat_map(|cap| {
        cap.condition.into_iter().chain(cap.exceptions.iter().map(|(_, condition)| *condition))
    });
    let gaps = program.gaps.iter().filter_map(|gap| gap.condition);
    let hours = program.quiet_hours.iter().chain(&program.contact_hours).filter_map(|hours| hours.condition);
    caps.chain(gaps).chain(hours).any(|condition| program.arena.condition_needs(condition).contacts)
}
