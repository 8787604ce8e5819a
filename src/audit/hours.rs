//! Quiet hours and contact hours.

use super::{BreachCode, inspection::Inspection};
use crate::{
    program::{ChannelId, Days, Hours, Program},
    time::{Date, Instant, Local, Zone},
};

/// Finds touches in quiet hours and outside contact hours.
pub(super) fn check(inspection: &mut Inspection<'_>) {
    let record = inspection.record;
    for (index, contact, _) in record.planned() {
        let Some(channel) = contact.channel else { continue };
        let is_exempt = inspection.rule(index).is_some_and(|(_, rule)| rule.even_in_quiet_hours);
        if !is_exempt {
            quiet(inspection, index, contact.at, channel);
        }
        contact_hours(inspection, index, contact.at, channel);
    }
}

fn quiet(inspection: &mut Inspection<'_>, index: usize, at: Instant, channel: ChannelId) {
    let (program, zone) = (inspection.program, &inspection.user.zone);
    for hours in program.quiet_hours.iter().filter(|hours| concern(hours, channel)) {
        let Some(end) = running_until(program, zone, hours, at) else { continue };
        if inspection.holds(hours.condition, index) {
            let problem = format!("they last until {}", Local(zone, end));
            inspection.report(index, BreachCode::QuietHours, problem, &hours.text, &[]);
        }
    }
}

fn contact_hours(inspection: &mut Inspection<'_>, index: usize, at: Instant, channel: ChannelId) {
    let (program, zone) = (inspection.program, &inspection.user.zone);
    let mut closed: Vec<&str> = Vec::new();
    for hours in program.contact_hours.iter().filter(|hours| concern(hours, channel)) {
        if !inspection.holds(hours.condition, index) {
            continue;
        }
        if running_until(program, zone, hours, at).is_some() {
            return;
        }
        if hours.life.contains(day(zone, at)) {
            closed.push(&hours.text);
        }
    }
    if !closed.is_empty() {
        inspection.report(index, BreachCode::ContactHours, "it is outside them", &closed.join("; "), &[]);
    }
}

fn concern(hours: &Hours, channel: ChannelId) -> bool {
    hours.channels.is_empty() || hours.channels.contains(&channel)
}

/// The civil day at an instant. Where clocks go back over midnight, the later day has begun for good.
fn day(zone: &Zone, at: Instant) -> Date {
    let shown = zone.date(at);
    match shown.tomorrow() {
        Ok(next) if zone.start_of_day(next) <= at => next,
        _ => shown,
    }
}

/// When the hours that run at an instant end; `None` if none do. Their `if` is not asked.
fn running_until(program: &Program, zone: &Zone, hours: &Hours, at: Instant) -> Option<Instant> {
    let today = zone.date(at);
    // Those of yesterday may last over midnight; those of tomorrow may have begun where clocks go back over midnight.
    let days = [today.yesterday().ok(), Some(today), today.tomorrow().ok()];
    days.into_iter().flatten().find_map(|day| {
        let last = if hours.to > hours.from { Some(day) } else { day.tomorrow().ok() }?;
        let start = zone.instant(day.to_datetime(hours.from));
        let end = zone.instant(last.to_datetime(hours.to));
        let runs = start <= at && at < end && begin_on(program, hours, day);
        runs.then_some(end)
    })
}

/// Whether the hours begin on that day.
fn begin_on(program: &Program, hours: &Hours, day: Date) -> bool {
    let is_one = match hours.days {
        Days::All => true,
        Days::Weekdays(days) => days.contains(day.weekday()),
        Days::Calendar { calendar, negated } => {
            let named = program.calendars.get(calendar.index());
            named.is_some_and(|named| named.calendar.contains(day)) != negated
        }
    };
    is_one && hours.life.contains(day)
}
