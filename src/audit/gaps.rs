//! Least distances between contacts.

use super::{BreachCode, inspection::Inspection};
use crate::{
    program::Gap,
    snapshot::PastContact,
    time::{Instant, Period, Zone},
};

/// How many contacts that are too close are told of one touch.
const TOLD: usize = 10;

/// Finds contacts that are too close.
pub(super) fn check(inspection: &mut Inspection<'_>) {
    let (program, record) = (inspection.program, inspection.record);
    for gap in &program.gaps {
        let concerned: Vec<usize> = record
            .iter()
            .filter(|(_, contact, _)| contact.is(gap.first) || contact.is(gap.second))
            .map(|(index, ..)| index)
            .collect();
        for (place, later) in concerned.iter().enumerate() {
            let Some((contact, _)) = record.get(*later).filter(|(_, entry)| entry.touch.is_some()) else {
                continue;
            };
            let zone = &inspection.user.zone;
            let since = earliest(zone, contact.at, gap.period);
            let mut close = Vec::new();
            for earlier in concerned.get(..place).unwrap_or_default().iter().rev() {
                let Some((other, _)) = record.get(*earlier) else { continue };
                if other.at < since || close.len() == TOLD {
                    break;
                }
                if !is_between(gap, other, contact) || zone.add(other.at, gap.period) <= contact.at {
                    continue;
                }
                match blamed(inspection, gap, *earlier, *later) {
                    Some(blamed) if blamed == *later => close.push(*earlier),
                    Some(blamed) => {
                        let problem = format!("less than {} before another contact", gap.period);
                        inspection.report(blamed, BreachCode::Gap, problem, &gap.text, &[*later]);
                    }
                    None => {}
                }
            }
            close.reverse();
            if !close.is_empty() {
                let problem = format!("less than {} after another contact", gap.period);
                inspection.report(*later, BreachCode::Gap, problem, &gap.text, &close);
            }
        }
    }
}

/// Whether the gap lies between two contacts of their kinds.
fn is_between(gap: &Gap, one: &PastContact, other: &PastContact) -> bool {
    (one.is(gap.first) && other.is(gap.second)) || (one.is(gap.second) && other.is(gap.first))
}

/// An instant before which nothing is closer than the period to `at`: the same time of day so much earlier, and some
/// days more for months of different length and clock changes.
fn earliest(zone: &Zone, at: Instant, period: Period) -> Instant {
    const DAYS: i64 = 5 * 24 * 60 * 60 * 1_000_000;
    zone.step(at, -i64::from(period.count), period.unit).plus_micros(-DAYS)
}

/// Which of the two should have kept away from the other, by who was placed first and which rules are exempt; `None` if
/// neither.
fn blamed(inspection: &mut Inspection<'_>, gap: &Gap, earlier: usize, later: usize) -> Option<usize> {
    let record = inspection.record;
    let ((a, first), (b, second)) = (record.get(earlier)?, record.get(later)?);
    let is_past = first.touch.is_none();
    match (first.is_counted, second.is_counted) {
        // What is not counted keeps away from what went before it, and is no hindrance to what comes after.
        (false, _) => return None,
        (true, false) if !is_past && a.at == b.at => return None,
        (true, false) if second.ignores_caps => return None,
        _ => {}
    }
    // The gap is asked at the later one, with what had its place before the one that was placed last.
    let holds = |inspection: &mut Inspection<'_>, placed_last| {
        inspection.holds_without(gap.condition, later, placed_last)
    };
    let placed_last = match (first.ignores_caps, second.ignores_caps) {
        (true, true) => return None,
        (true, false) if is_past || inspection.went_before(earlier, later) => later,
        (false, true) if !is_past && inspection.went_before(later, earlier) => earlier,
        (true, false) | (false, true) => return None,
        // It cannot be told who was placed last: whichever it was, the gap must have been in force.
        (false, false) if !is_past && a.rule.is_some() && b.rule.is_some() => {
            return (holds(inspection, earlier) && holds(inspection, later)).then_some(later);
        }
        (false, false) => later,
    };
    holds(inspection, placed_last).then_some(placed_last)
}
