//! What concerns a touch by itself: names, ids, whether the user may be contacted so, and when it was due.

use std::collections::HashMap;

use super::{BreachCode, Scheduled, inspection::Inspection};
use crate::{
    eval::bucket,
    program::ChannelId,
    snapshot::{Answer, PastContact, shown},
    time::Local,
};

/// Checks each touch by itself.
pub(super) fn check(inspection: &mut Inspection<'_>) {
    let record = inspection.record;
    check_ids(inspection);
    for (index, contact, touch) in record.planned() {
        check_names(inspection, index, contact, touch);
        check_hold_out(inspection, index, contact, touch);
        if let Some(channel) = contact.channel {
            check_channel(inspection, index, channel);
        }
        check_due(inspection, index, contact, touch);
    }
}

/// Finds ids that come twice, in the schedule or in the history.
fn check_ids(inspection: &mut Inspection<'_>) {
    let record = inspection.record;
    let mut sent: HashMap<u128, usize> = HashMap::new();
    for (index, contact, entry) in record.iter() {
        if let Some(id) = contact.touch_id.filter(|_| entry.touch.is_none()) {
            sent.entry(id).or_insert(index);
        }
    }
    let mut planned: HashMap<&str, usize> = HashMap::new();
    for (index, contact, touch) in record.planned() {
        let Some(id) = touch.id.as_deref() else { continue };
        if let Some(before) = contact.touch_id.and_then(|id| sent.get(&id)) {
            let problem = format!("the touch `{}` was sent before", shown(id));
            inspection.report(index, BreachCode::AlreadySent, problem, "", &[*before]);
        }
        let first = *planned.entry(id.trim()).or_insert(index);
        if first != index {
            let problem = format!("another touch has the id `{}`", shown(id));
            inspection.report(index, BreachCode::Duplicate, problem, "", &[first]);
        }
    }
}

fn check_names(inspection: &mut Inspection<'_>, index: usize, contact: &PastContact, touch: &Scheduled) {
    if contact.channel.is_none() {
        let problem = format!("the rules have no channel `{}`", shown(&touch.channel));
        inspection.report(index, BreachCode::UnknownChannel, problem, "", &[]);
    }
    if contact.message.is_none() {
        let problem = format!("the rules have no message `{}`", shown(&touch.message));
        inspection.report(index, BreachCode::UnknownMessage, problem, "", &[]);
    }
    let Some(name) = &touch.rule else { return };
    let problem = match (inspection.rule(index), touch.step) {
        (None, _) => format!("there is no rule `{}`", shown(name)),
        (Some((_, rule)), Some(step)) if step == 0 || step as usize > rule.steps.len() => {
            let steps = rule.steps.len();
            let steps = if steps == 1 { "1 step".into() } else { format!("{steps} steps") };
            format!("the rule `{}` has {steps}", shown(name))
        }
        _ => return,
    };
    inspection.report(index, BreachCode::UnknownRule, problem, "", &[]);
}

fn check_hold_out(inspection: &mut Inspection<'_>, index: usize, contact: &PastContact, touch: &Scheduled) {
    let (program, user) = (inspection.program, inspection.user);
    let message = contact.message.and_then(|message| program.messages.get(message.index()));
    let is_service = match message {
        Some(message) => message.is_service,
        // Of a message that the rules do not know only the schedule can tell.
        None => touch.categories.iter().flatten().any(|category| category == "service"),
    };
    if is_service {
        return;
    }
    for hold_out in &program.hold_outs {
        let salt = user.text(program, hold_out.salt);
        if bucket(salt, &user.id) < hold_out.below {
            let problem = "the user is held out, and the message is not of the category `service`";
            inspection.report(index, BreachCode::HoldOut, problem, &hold_out.text, &[]);
        }
    }
}

fn check_channel(inspection: &mut Inspection<'_>, index: usize, channel: ChannelId) {
    let (program, user) = (inspection.program, inspection.user);
    let Some(declared) = program.channels.get(channel.index()) else { return };
    let name = &declared.name;
    if !user.subscribed(program, channel) {
        let said_no = user.consent.get(channel.index()) == Some(&Answer::No);
        let (code, problem, text) = if said_no {
            (BreachCode::OptedOut, format!("the user said no to `{name}`"), String::new())
        } else {
            let words = format!("channel {name} needs consent");
            (BreachCode::NoConsent, format!("the user has not said yes to `{name}`"), words)
        };
        inspection.report(index, code, problem, &text, &[]);
    }
    if !user.reachable(channel) {
        let problem = format!("the user has no address on `{name}`");
        inspection.report(index, BreachCode::NoAddress, problem, "", &[]);
    }
}

fn check_due(inspection: &mut Inspection<'_>, index: usize, contact: &PastContact, touch: &Scheduled) {
    let Some(due) = touch.due else { return };
    let zone = &inspection.user.zone;
    if contact.at < due {
        let problem = format!("it is not due before {}", Local(zone, due));
        inspection.report(index, BreachCode::Early, problem, "", &[]);
    }
    let Some(period) = inspection.rule(index).and_then(|(_, rule)| rule.deadline) else { return };
    let deadline = zone.add(due, period);
    if contact.at >= deadline {
        let problem =
            format!("it was due at {} and too late from {}", Local(zone, due), Local(zone, deadline));
        inspection.report(index, BreachCode::Deadline, problem, &format!("within {period}"), &[]);
    }
}
