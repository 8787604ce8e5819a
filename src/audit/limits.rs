//! Frequency caps and `at most N times`.

use super::{
    BreachCode,
    inspection::Inspection,
    record::{MOST_OTHERS, Record},
};
use crate::{
    program::{MessageId, Send, Step},
    syntax::ast::CapWindow,
    time::{Instant, Local, Weekday, Zone},
};

/// How many members of a window are looked up to tell of them: the one that is blamed, too, is among them.
const MOST_TOLD: usize = MOST_OTHERS + 1;

/// Contacts of one kind, counted in the windows that end with one of them.
struct Counter<'a> {
    zone: &'a Zone,
    week_starts: Weekday,
    /// Since ever, if there is none.
    window: Option<CapWindow>,
    /// Which, in order of time.
    members: Vec<usize>,
    times: Vec<Instant>,
    /// When each leaves a rolling window.
    leaves: Vec<Instant>,
    /// The same, in order of time: where clocks go back one may leave before an earlier one does.
    left: Vec<Instant>,
}

impl<'a> Counter<'a> {
    fn new(
        inspection: &Inspection<'a>,
        window: Option<CapWindow>,
        members: Vec<usize>,
        record: &Record<'_>,
    ) -> Self {
        let zone = &inspection.user.zone;
        let times: Vec<Instant> =
            members.iter().filter_map(|index| Some(record.contacts.get(*index)?.at)).collect();
        let mut leaves = Vec::new();
        if let Some(CapWindow::Rolling(period)) = window {
            leaves.extend(times.iter().map(|at| zone.add(*at, period)));
        }
        let mut left = leaves.clone();
        left.sort_unstable();
        Self { zone, week_starts: inspection.program.week_starts, window, members, times, leaves, left }
    }

    /// How many are in the window that ends at `t`, those at `t` included.
    fn count(&self, t: Instant) -> usize {
        let until = |times: &[Instant], last: Instant| times.partition_point(|at| *at <= last);
        let begun = until(&self.times, t);
        match self.window {
            None => begun,
            Some(CapWindow::Rolling(_)) => begun.saturating_sub(until(&self.left, t)),
            Some(CapWindow::Calendar(unit)) => {
                let (start, _) = self.zone.window(t, unit, self.week_starts);
                begun.saturating_sub(self.times.partition_point(|at| *at < start))
            }
        }
    }

    /// Those in the window that ends at `t`, in order of time: the latest `most` of them.
    fn list(&self, t: Instant, most: usize) -> Vec<usize> {
        let count = self.count(t).min(most);
        let begun = self.times.partition_point(|at| *at <= t);
        // Only rolling windows are left one by one; else the latest ones are those within.
        let is_within = |place: &usize| self.leaves.get(*place).is_none_or(|leaves| t < *leaves);
        let within = (0..begun).rev().filter(is_within).take(count);
        let mut list: Vec<usize> = within.filter_map(|place| self.members.get(place).copied()).collect();
        list.reverse();
        list
    }

    /// When the window that ends at `t` began, for people.
    fn words(&self, t: Instant) -> String {
        match self.window {
            None => "so far".into(),
            Some(CapWindow::Rolling(period)) => format!("in {period}"),
            Some(CapWindow::Calendar(unit)) => {
                format!("since {}", Local(self.zone, self.zone.window(t, unit, self.week_starts).0))
            }
        }
    }
}

/// Finds windows with more contacts than a cap allows.
pub(super) fn check_caps(inspection: &mut Inspection<'_>) {
    let (program, record) = (inspection.program, inspection.record);
    for cap in &program.caps {
        let of_kind: Vec<usize> = record
            .iter()
            .filter(|(_, contact, _)| contact.is(cap.subject))
            .map(|(index, ..)| index)
            .collect();
        let is_counted = |index: &usize| record.entries.get(*index).is_some_and(|entry| entry.is_counted);
        let counted = of_kind.iter().copied().filter(is_counted).collect();
        let counter = Counter::new(inspection, Some(cap.window), counted, record);
        let any_ignores = of_kind.iter().any(|index| ignores(record, *index));
        let least = cap.exceptions.iter().map(|(limit, _)| *limit).fold(cap.limit, u32::min);
        for index in of_kind {
            let Some((contact, entry)) = record.get(index).filter(|(_, entry)| entry.touch.is_some()) else {
                continue;
            };
            let most = counter.count(contact.at).saturating_add(usize::from(!entry.is_counted));
            if most <= least as usize || !inspection.holds(cap.condition, index) {
                continue;
            }
            let exception =
                cap.exceptions.iter().find(|(_, condition)| inspection.holds(Some(*condition), index));
            let limit = exception.map_or(cap.limit, |(limit, _)| *limit);
            // Only to tell who came before those that ignore caps all must be known; a schedule may hold very many.
            let needs_all = any_ignores || !entry.is_counted;
            let mut members = counter.list(contact.at, if needs_all { usize::MAX } else { MOST_TOLD });
            if !entry.is_counted {
                // It stays within the cap itself, but what comes later at the same instant need not heed it.
                members.retain(|other| {
                    record
                        .get(*other)
                        .is_some_and(|(other, known)| other.at < contact.at || known.touch.is_none())
                });
            }
            let (within, blamed) = if needs_all {
                heeding(inspection, index, &members)
            } else {
                (counter.count(contact.at), index)
            };
            if within > limit as usize {
                let words = counter.words(contact.at);
                let problem = format!("{within} {words}, at most {limit}");
                members.retain(|other| *other != blamed);
                inspection.report(blamed, BreachCode::Cap, problem, &cap.text, &members);
            }
        }
    }
}

/// How many contacts the last one placed that heeds caps found in the window that ends with `last`, itself included; and
/// which one that is, for all that is known.
///
/// Those are all but the ones that ignore caps and may have been placed after it; 0 if none of the schedule heeds caps.
fn heeding(inspection: &mut Inspection<'_>, last: usize, members: &[usize]) -> (usize, usize) {
    let record = inspection.record;
    let is_touch = |index: usize| record.get(index).is_some_and(|(_, entry)| entry.touch.is_some());
    let own = (!members.contains(&last)).then_some(last);
    if own.is_some_and(|own| ignores(record, own)) {
        return (0, last);
    }
    let (ignoring, heeding): (Vec<usize>, Vec<usize>) =
        members.iter().copied().chain(own).partition(|index| ignores(record, *index));
    let planned: Vec<usize> = heeding.iter().copied().filter(|index| is_touch(*index)).collect();
    let Some(latest) = planned.last() else { return (0, last) };
    let mut before =
        |ignoring: &&usize| planned.iter().any(|other| inspection.went_before(**ignoring, *other));
    if ignoring.contains(&last) && !before(&&last) {
        // It came when all others had their places, and nobody asked what its window holds.
        return (0, last);
    }
    let count = heeding.len().saturating_add(ignoring.iter().filter(before).count());
    (count, if planned.contains(&last) { last } else { *latest })
}

/// Whether it is a touch that ignores caps.
fn ignores(record: &Record<'_>, index: usize) -> bool {
    record.get(index).is_some_and(|(_, entry)| entry.ignores_caps && entry.touch.is_some())
}

/// Finds first steps of rules that begin more often than they may.
pub(super) fn check_times(inspection: &mut Inspection<'_>) {
    let (program, record) = (inspection.program, inspection.record);
    for (place, rule) in program.rules.iter().enumerate() {
        let Some((times, step)) = rule.times.zip(rule.steps.first()) else { continue };
        // A first step over several channels is counted on each by itself.
        let channels: Vec<_> = if step.via.all {
            (0..program.channels.len()).map(|channel| Some(channel.into())).collect()
        } else {
            vec![None]
        };
        for channel in channels {
            let is_one = |index: &usize| {
                record.get(*index).is_some_and(|(contact, entry)| {
                    contact.rule.is_some_and(|rule| rule.index() == place)
                        && contact.message.is_some_and(|message| sends(step, message))
                        && (channel.is_none() || contact.channel == channel)
                        && entry.touch.and_then(|touch| touch.step).is_none_or(|step| step == 1)
                })
            };
            let firsts: Vec<usize> = (0..record.contacts.len()).filter(is_one).collect();
            let counter = Counter::new(inspection, times.window, firsts.clone(), record);
            for index in firsts {
                let Some((contact, _)) = record.get(index) else { continue };
                let within = counter.count(contact.at);
                if within > times.limit as usize {
                    let problem = format!("{within} {}, at most {}", counter.words(contact.at), times.limit);
                    let mut others = counter.list(contact.at, MOST_TOLD);
                    others.retain(|other| *other != index);
                    let unit = if times.limit == 1 { "time" } else { "times" };
                    let words = format!("at most {} {unit}", times.limit);
                    inspection.report(index, BreachCode::Times, problem, &words, &others);
                }
            }
        }
    }
}

fn sends(step: &Step, message: MessageId) -> bool {
    match &step.send {
        Send::Message(known) => *known == message,
        Send::OneOf { variants, .. } => variants.iter().any(|variant| variant.message == message),
    }
}
