//! Caps, gaps, and how often a rule may begin (8.1 to 8.4, 8.6).

use courtesy::{
    program::{Cap, Gap, RuleId, Times},
    snapshot::PastContact,
    syntax::ast::CapWindow,
    time::Instant,
};

use super::sequence::messages;
use crate::world::{Change, Changes, Contact, World, is};

/// Whether what happened at `at`, not after `end`, is in the window that ends then.
fn in_window(world: &World<'_>, at: Instant, end: Instant, window: Option<CapWindow>) -> bool {
    at <= end
        && match window {
            None => true,
            Some(CapWindow::Rolling(period)) => end < world.clock.add(at, period),
            Some(CapWindow::Calendar(unit)) => {
                world.clock.window(end, unit, world.program.week_starts).0 <= at
            }
        }
}

/// The limit of a cap that holds at an instant, if the cap does.
fn limit(world: &World<'_>, cap: &Cap, t: Instant) -> Option<usize> {
    let holds = |condition| world.holds(condition, t, None);
    cap.condition.is_none_or(holds).then(|| {
        let exception = cap.exceptions.iter().find(|(_, condition)| holds(*condition));
        exception.map_or(cap.limit, |(limit, _)| *limit) as usize
    })
}

/// Whether caps and gaps know nothing of a contact: it neither heeds them nor counts.
fn is_unknown(world: &World<'_>, one: &Contact) -> bool {
    let ignores = |rule: RuleId| world.program.rules[rule.index()].ignores_caps;
    !one.counted && one.what.rule.is_some_and(ignores)
}

/// Whether a new contact keeps to a cap, and leaves later ones within it.
fn keeps(world: &World<'_>, cap: &Cap, new: &PastContact, new_counts: bool) -> bool {
    let kind: Vec<&Contact> = world.contacts.iter().filter(|one| is(&one.what, cap.subject)).collect();
    let window = Some(cap.window);
    let counted = |end| {
        let counted = kind.iter().filter(|one| one.counted);
        counted.filter(|one| in_window(world, one.what.at, end, window)).count()
    };
    let itself = limit(world, cap, new.at).is_none_or(|limit| counted(new.at) < limit);
    let later = kind.iter().filter(|one| {
        one.what.at > new.at && in_window(world, new.at, one.what.at, window) && !is_unknown(world, one)
    });
    itself
        && later.into_iter().all(|one| {
            // What is not counted takes no room of later ones; one of these that is not counted takes its own.
            let own = usize::from(!one.counted);
            !new_counts
                || limit(world, cap, one.what.at).is_none_or(|limit| counted(one.what.at) + 1 + own <= limit)
        })
}

pub fn breaks_a_cap(world: &World<'_>, new: &PastContact, new_counts: bool) -> bool {
    let mut caps = world.program.caps.iter().filter(|cap| is(new, cap.subject));
    caps.any(|cap| !keeps(world, cap, new, new_counts))
}

fn keeps_apart(world: &World<'_>, gap: &Gap, new: &PastContact, new_counts: bool) -> bool {
    let t = new.at;
    let in_force = |at| gap.condition.is_none_or(|condition| world.holds(condition, at, None));
    let other_kind = |one: &PastContact| {
        is(new, gap.first) && is(one, gap.second) || is(new, gap.second) && is(one, gap.first)
    };
    let others = world.contacts.iter().filter(|one| other_kind(&one.what) && !is_unknown(world, one));
    others.filter(|one| in_force(one.what.at.max(t))).all(|one| {
        let u = one.what.at;
        if u <= t {
            !one.counted || world.clock.add(u, gap.period) <= t
        } else {
            // Two that are not counted need not heed each other.
            !(one.counted || new_counts) || world.clock.add(t, gap.period) <= u
        }
    })
}

pub fn breaks_a_gap(world: &World<'_>, new: &PastContact, new_counts: bool) -> bool {
    world.program.gaps.iter().any(|gap| !keeps_apart(world, gap, new, new_counts))
}

/// Whether the rule has begun as often as it may; `on_channel`: only that channel's contacts are asked.
pub fn begins_too_often(world: &World<'_>, rule: RuleId, new: &PastContact, on_channel: bool) -> bool {
    let declared = &world.program.rules[rule.index()];
    let Some(Times { limit, window }) = declared.times else { return false };
    let messages = messages(&declared.steps[0].send);
    let of_kind = |one: &&Contact| {
        one.what.rule == Some(rule)
            && one.what.message.is_some_and(|message| messages.contains(&message))
            && (!on_channel || one.what.channel == new.channel)
    };
    let kind: Vec<Instant> = world.contacts.iter().filter(of_kind).map(|one| one.what.at).collect();
    let full = |end| kind.iter().filter(|at| in_window(world, **at, end, window)).count() >= limit as usize;
    let mut later = kind.iter().filter(|at| **at > new.at && in_window(world, new.at, **at, window));
    full(new.at) || later.any(|at| full(*at))
}

/// When the answers of this file may change.
pub fn changes(world: &World<'_>, rule: RuleId) -> Changes {
    let mut list = Vec::new();
    let mut of_window = |window: Option<CapWindow>| {
        for contact in &world.contacts {
            let at = contact.what.at;
            list.push(Change::At(at));
            match window {
                None => {}
                Some(CapWindow::Rolling(period)) => list.push(Change::At(world.clock.add(at, period))),
                Some(CapWindow::Calendar(unit)) => {
                    list.push(Change::At(world.clock.window(at, unit, world.program.week_starts).1));
                }
            }
        }
    };
    for cap in &world.program.caps {
        of_window(Some(cap.window));
    }
    for gap in &world.program.gaps {
        of_window(Some(CapWindow::Rolling(gap.period)));
    }
    of_window(world.program.rules[rule.index()].times.and_then(|times| times.window));
    let caps = world.program.caps.iter();
    let of_caps =
        caps.flat_map(|cap| cap.condition.into_iter().chain(cap.exceptions.iter().map(|(_, one)| *one)));
    for condition in of_caps.chain(world.program.gaps.iter().filter_map(|gap| gap.condition)) {
        world.changes_of(condition, &mut list);
    }
    // Where clocks go back, what lies a day ahead does so too.
    let last = world.contacts.last().map_or(world.now, |one| one.what.at);
    let (from, to) = (world.now, world.clock.step(last, 400, courtesy::time::Unit::Day));
    list.extend(world.clock.changes(from, to).into_iter().map(Change::At));
    Changes::new(list)
}
