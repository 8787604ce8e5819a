//! Where in time a touch can go.

use super::{
    clock::Clock,
    due::{Answer, Who},
    rules::{Channel, SMS},
};
use crate::users::DAY;

/// Why a touch went later, or not at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    Cap,
    QuietHours,
    TimeOfDay,
    NoConsent,
    OptedOut,
    NoAddress,
    HoldOut,
    ConditionEnded,
    Unless,
    Deadline,
    Horizon,
}

impl Reason {
    pub(super) const COUNT: usize = 11;

    /// Its code, in the order in which they are counted.
    pub(super) const CODES: [&str; Self::COUNT] = [
        "cap",
        "quiet_hours",
        "time_of_day",
        "no_consent",
        "opted_out",
        "no_address",
        "hold_out",
        "condition_ended",
        "unless",
        "deadline",
        "horizon",
    ];
}

/// The reasons met so far, in the order in which they were.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Reasons {
    list: [u8; Reason::COUNT],
    count: usize,
}

impl Reasons {
    pub(super) fn note(&mut self, reason: Reason) {
        if !self.list().contains(&(reason as u8)) {
            self.list[self.count] = reason as u8;
            self.count += 1;
        }
    }

    pub(super) fn list(&self) -> &[u8] {
        &self.list[..self.count]
    }
}

/// A contact, past or planned, as far as caps care.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    pub(super) at: i64,
    pub(super) channel: Option<Channel>,
    pub(super) is_coupon: bool,
}

/// A touch that looks for its place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Probe {
    pub(super) channel: Channel,
    pub(super) is_coupon: bool,
    /// The time of day it goes at, in seconds.
    pub(super) at: Option<i64>,
}

/// Where a search ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    At(i64),
    TooLate,
    Never,
}

const QUIET_FROM: i64 = 21 * 3_600;
const QUIET_TO: i64 = 9 * 3_600;

/// The earliest moment in `[from, limit)` at which nothing stands in the way.
pub(super) fn search(
    who: &Who<'_>,
    marks: &[Mark],
    probe: &Probe,
    from: i64,
    limit: i64,
    met: &mut Reasons,
) -> Found {
    let mut at = from;
    loop {
        if at >= limit {
            return Found::TooLate;
        }
        match blocked_until(who, marks, probe, at, met) {
            i64::MAX => return Found::Never,
            until if until <= at => return Found::At(at),
            until => at = until,
        }
    }
}

/// When what stands in the way at `t` could be out of it; `t` itself if nothing does.
fn blocked_until(who: &Who<'_>, marks: &[Mark], probe: &Probe, t: i64, met: &mut Reasons) -> i64 {
    let clock = who.clock;
    let local = clock.local(t);
    let (day, time) = (local.div_euclid(DAY), local.rem_euclid(DAY));
    let mut until = t;
    if let Some(at) = probe.at.filter(|at| time < *at) {
        met.note(Reason::TimeOfDay);
        until = until.max(clock.instant(day * DAY + at));
    }
    if !(QUIET_TO..QUIET_FROM).contains(&time) {
        met.note(Reason::QuietHours);
        let morning = if time < QUIET_TO { day } else { day + 1 };
        until = until.max(clock.instant(morning * DAY + QUIET_TO));
    }
    let reach = match who.consent[probe.channel] {
        Answer::No => Some(Reason::OptedOut),
        Answer::None if probe.channel >= SMS => Some(Reason::NoConsent),
        _ => None,
    };
    let address = (!who.reachable[probe.channel]).then_some(Reason::NoAddress);
    for reason in [reach, address].into_iter().flatten() {
        met.note(reason);
        until = i64::MAX;
    }
    if let Some(free) = capped_until(clock, marks, probe, t, day) {
        met.note(Reason::Cap);
        until = until.max(free);
    }
    until
}

/// When a cap that is full at `t` has room again.
fn capped_until(clock: &Clock, marks: &[Mark], probe: &Probe, t: i64, day: i64) -> Option<i64> {
    if marks.is_empty() {
        return None;
    }
    let mut until: Option<i64> = None;
    let mut full = |free: i64| until = Some(until.map_or(free, |known| known.max(free)));
    let today = |mark: &&Mark| mark.channel == Some(probe.channel) && clock.day(mark.at) == day;
    if let Some(first) = marks.iter().find(today) {
        full(if first.at <= t { clock.instant((day + 1) * DAY) } else { first.at });
    }
    rolling(clock, marks, t, 7, 3, &mut full);
    if probe.is_coupon && marks.iter().any(|mark| mark.is_coupon) {
        let coupons: Vec<Mark> = marks.iter().filter(|mark| mark.is_coupon).copied().collect();
        rolling(clock, &coupons, t, 30, 1, &mut full);
    }
    until
}

/// At most so many in so many days.
fn rolling(clock: &Clock, marks: &[Mark], t: i64, days: i64, limit: usize, full: &mut impl FnMut(i64)) {
    if marks.len() < limit {
        return;
    }
    let near = |mark: &&Mark, u: i64| mark.at <= u && mark.at + (days + 1) * DAY > u;
    let inside = |mark: &&Mark, u: i64| near(mark, u) && clock.add_days(mark.at, days) > u;
    let count = marks.iter().filter(|mark| inside(mark, t)).count();
    if count >= limit {
        // In order of time, so that they leave in order.
        let leaves = marks.iter().filter(|mark| inside(mark, t)).nth(count - limit);
        if let Some(mark) = leaves {
            full(clock.add_days(mark.at, days));
        }
    }
    for later in marks.iter().filter(|mark| mark.at > t) {
        if later.at >= clock.add_days(t, days) {
            break;
        }
        if marks.iter().filter(|mark| inside(mark, later.at)).count() + 1 > limit {
            full(later.at);
        }
    }
}
