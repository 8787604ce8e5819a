//! Quiet hours, contact hours and the times of day of a step.

use super::{blocks::Block, outcome::Reason, world::World};
use crate::{
    program::{ChannelId, Days, Hours, Program, Step},
    time::{Date, Instant, Time, Zone},
};

/// How many days are looked through for one on which hours begin. Calendars are jumped through, not walked.
const DAYS_AHEAD: usize = 400;

/// The window that begins on a day, the end excluded; over midnight if `to` is not after `from`.
fn window(zone: &Zone, from: Time, to: Time, day: Date) -> (Instant, Instant) {
    let last = if to > from { Some(day) } else { day.tomorrow().ok() };
    let end = last.map_or(Instant::MAX, |last| zone.instant(last.to_datetime(to)));
    (zone.instant(day.to_datetime(from)), end)
}

/// The days on which a window that holds `t` can have begun. Where clocks go back over midnight that may even be
/// the day after the one they show.
fn near(day: Date) -> impl Iterator<Item = Date> {
    [day.yesterday().ok(), Some(day), day.tomorrow().ok()].into_iter().flatten()
}

/// The end of the window that holds `t`, if one does.
fn end_of_window(
    zone: &Zone,
    from: Time,
    to: Time,
    t: Instant,
    begins: impl Fn(Date) -> bool,
) -> Option<Instant> {
    if let Some(shown) = zone.steady_civil(t) {
        // A window of tomorrow has not begun, and one of the day before yesterday is over.
        let ends =
            [shown.date().yesterday().ok(), Some(shown.date())].into_iter().flatten().filter_map(|day| {
                let last = if to > from { day } else { day.tomorrow().ok()? };
                let end = last.to_datetime(to);
                (day.to_datetime(from) <= shown && shown < end && begins(day)).then_some(end)
            });
        return ends.max().map(|end| zone.instant(end));
    }
    near(zone.date(t))
        .filter(|day| begins(*day))
        .map(|day| window(zone, from, to, day))
        .filter(|(start, end)| *start <= t && t < *end)
        .map(|(_, end)| end)
        .max()
}

fn begins_on(program: &Program, hours: &Hours, day: Date) -> bool {
    hours.life.contains(day)
        && match hours.days {
            Days::All => true,
            Days::Weekdays(days) => days.contains(day.weekday()),
            Days::Calendar { calendar, negated } => {
                program.calendars.get(calendar.index()).is_some_and(|named| named.calendar.contains(day))
                    != negated
            }
        }
}

fn concerns(hours: &Hours, channel: ChannelId) -> bool {
    hours.channels.is_empty() || hours.channels.contains(&channel)
}

/// Whether quiet hours keep the channel silent at `t`.
pub(super) fn quiet(world: &mut World<'_>, channel: ChannelId, index: usize, t: Instant) -> Option<Block> {
    let hours = world.program.quiet_hours.get(index).filter(|hours| concerns(hours, channel))?;
    let program = world.program;
    let begins = |day| begins_on(program, hours, day);
    let mut until = end_of_window(world.zone(), hours.from, hours.to, t, begins)?;
    let mut is_endless = false;
    if hours.from == hours.to && hours.days == Days::All {
        // Whole days, one after another: there is no end of each to go to.
        let after = hours.life.until.and_then(|last| last.tomorrow().ok());
        is_endless = after.is_none();
        until = after.map_or(world.search_end(t), |after| world.zone().start_of_day(after));
    }
    if let Some(condition) = hours.condition {
        let stretch = world.stretch(condition, t, None);
        if !stretch.holds {
            return None;
        }
        is_endless &= stretch.until == Instant::MAX;
        until = until.min(stretch.until);
    }
    let block = Block::new(Reason::QuietHours, index, until);
    Some(if is_endless { Block { free: Instant::MAX, ..block } } else { block })
}

/// Whether `t` is outside the channel's contact hours. Hours that are not in force at `t`, by their `if` or their
/// dates, neither open nor close it.
pub(super) fn contact(world: &mut World<'_>, channel: ChannelId, t: Instant) -> Option<Block> {
    let program = world.program;
    if program.contact_hours.is_empty() {
        return None;
    }
    let zone = world.zone();
    let day = zone.date(t);
    let mut closed_by = None;
    let mut until = Instant::MAX;
    for (index, hours) in
        program.contact_hours.iter().enumerate().filter(|(_, hours)| concerns(hours, channel))
    {
        if let Some(condition) = hours.condition {
            let stretch = world.stretch(condition, t, None);
            until = until.min(stretch.until);
            if !stretch.holds {
                continue;
            }
        }
        if !hours.life.contains(day) {
            let first = hours.life.from.filter(|from| *from > day);
            until = until.min(first.map_or(Instant::MAX, |from| zone.start_of_day(from)));
            continue;
        }
        if end_of_window(zone, hours.from, hours.to, t, |day| begins_on(program, hours, day)).is_some() {
            return None;
        }
        closed_by.get_or_insert(index);
        until = until.min(next_start(program, zone, hours, t));
        if let Some(after) = hours.life.until.and_then(|last| last.tomorrow().ok()) {
            until = until.min(zone.start_of_day(after));
        }
    }
    closed_by.map(|index| Block::new(Reason::ContactHours, index, until.max(t.next())))
}

/// The first instant after `t` at which the hours begin.
fn next_start(program: &Program, zone: &Zone, hours: &Hours, t: Instant) -> Instant {
    let mut day = zone.date(t).yesterday().ok();
    for _ in 0..DAYS_AHEAD {
        let Some(date) = day else { break };
        if hours.life.until.is_some_and(|last| last < date) {
            break;
        }
        if begins_on(program, hours, date) {
            let (start, end) = window(zone, hours.from, hours.to, date);
            if start > t && start < end {
                return start;
            }
            day = date.tomorrow().ok();
            continue;
        }
        day = match hours.days {
            Days::Calendar { calendar, .. } if hours.life.contains(date) => {
                program.calendars.get(calendar.index()).and_then(|named| named.calendar.next_change(date))
            }
            _ => date.tomorrow().ok(),
        };
    }
    Instant::MAX
}

/// Whether `t` is at another time of day than the step goes.
pub(super) fn time_of_day(zone: &Zone, step: &Step, t: Instant) -> Option<Block> {
    let mut until = t;
    if let Some(at) = step.at {
        let shown = zone.civil(t);
        if shown.time() < at {
            until = until.max(zone.instant(shown.date().to_datetime(at)));
        }
    }
    if let Some((from, to)) = step.between
        && end_of_window(zone, from, to, t, |_| true).is_none()
    {
        let start = near(zone.date(t))
            .map(|day| window(zone, from, to, day))
            .filter(|(start, end)| *start > t && start < end)
            .map(|(start, _)| start)
            .min();
        until = until.max(start.unwrap_or_else(|| zone.next_at_time(t.next(), from)));
    }
    (until > t).then(|| Block::new(Reason::TimeOfDay, 0, until))
}
