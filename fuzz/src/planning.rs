//! Plans: any rules, any users.

use std::collections::HashSet;

use courtesy::{
    Horizon, Plan, Rules, Snapshot,
    program::{Cap, ContactTest, Program},
    snapshot::{PastContact, User},
    syntax::ast::CapWindow,
    time::Instant,
};

use crate::{parts, sources::Beside};

/// Rules, a line that is `---`, users as JSON lines, and perhaps another such line and the moment of planning.
///
/// Plans are in order and within the horizon, tell of everything once and with a reason, keep the caps, and what was
/// sent is not sent again.
pub fn plan(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let [source, users, moment] = parts(text);
    let Ok(rules) = Rules::compile_files(vec![("fuzzed".into(), source.into())], &Beside(source)) else {
        return;
    };
    let usual: Instant = "2026-03-01T01:00:00Z".parse().expect("an instant");
    let now = moment.trim().parse().unwrap_or(usual);
    for line in users.lines().take(3) {
        let Ok(snapshot) = serde_json::from_str::<Snapshot>(line) else { continue };
        let Ok(bound) = snapshot.bind_with(rules.program(), rules.names()) else { continue };
        let horizon = Horizon::days(30 + u32::try_from(line.len() % 50).unwrap_or_default());
        let mut planner = rules.planner();
        let plan = planner.plan(&bound.user, now, horizon);
        sound(&plan);
        let _ = (plan.to_string(), serde_json::to_string(&plan).expect("JSON"));
        assert_eq!(
            plan,
            planner.plan(&bound.user, now, horizon),
            "planning depends on what was planned before"
        );
        keeps_caps(rules.program(), &bound.user, &plan);
        // What was due by some moment was sent.
        let Some(middle) = plan.touches.get(plan.touches.len() / 2) else { continue };
        let sent = plan.touches.iter().filter(|touch| touch.at <= middle.at);
        let mut user = bound.user.clone();
        user.contacts.retain(|contact| contact.at <= now);
        user.contacts.extend(sent.clone().map(|touch| past(rules.program(), touch)));
        let again = planner.plan_until(&user, middle.at, plan.end);
        sound(&again);
        let ids: HashSet<_> = sent.map(|touch| touch.candidate.id).collect();
        for touch in &again.touches {
            assert!(!ids.contains(&touch.candidate.id), "sent twice: {touch:?}");
        }
    }
}

fn sound(plan: &Plan) {
    let mut ids = HashSet::new();
    assert!(plan.touches.is_sorted_by_key(|touch| touch.at), "out of order");
    for touch in &plan.touches {
        assert!(touch.at >= plan.now && touch.at < plan.end, "outside the horizon: {touch:?}");
        assert!(touch.at >= touch.candidate.due, "before it is due: {touch:?}");
        assert!(touch.candidate.deadline.is_none_or(|limit| touch.at < limit), "too late: {touch:?}");
        assert!(ids.insert(touch.candidate.id), "twice: {touch:?}");
    }
    for withheld in &plan.withheld {
        assert!(!withheld.reasons.is_empty(), "without a reason: {withheld:?}");
        assert!(ids.insert(withheld.candidate.id), "twice: {withheld:?}");
    }
}

fn past(program: &Program, touch: &courtesy::plan::Touch) -> PastContact {
    fn place<'n>(mut names: impl Iterator<Item = &'n String>, name: &str) -> Option<u32> {
        names.position(|known| known == name).map(|index| u32::try_from(index).expect("few"))
    }
    let message = place(program.messages.iter().map(|message| &message.name), &touch.candidate.message);
    let channel = place(program.channels.iter().map(|channel| &channel.name), &touch.channel);
    let rule = place(program.rules.iter().map(|rule| &rule.name), &touch.candidate.rule);
    let message = message.map(courtesy::program::MessageId);
    let declared = message.and_then(|id| program.messages.get(id.index()));
    PastContact {
        at: touch.at,
        channel: channel.map(courtesy::program::ChannelId),
        message,
        categories: declared.map(|message| message.categories.iter().copied().collect()).unwrap_or_default(),
        rule: rule.map(courtesy::program::RuleId),
        touch_id: Some(touch.candidate.id.0),
    }
}

/// Counts for each touch, from scratch, what is in each cap's window that ends with it.
fn keeps_caps(program: &Program, user: &User, plan: &Plan) {
    if program.rules.iter().any(|rule| rule.ignores_caps || !rule.is_counted) {
        return;
    }
    let mut all: Vec<PastContact> =
        user.contacts.iter().filter(|contact| contact.at <= plan.now).cloned().collect();
    all.extend(plan.touches.iter().map(|touch| past(program, touch)));
    for cap in &program.caps {
        if cap.condition.is_some() || !cap.exceptions.is_empty() {
            continue;
        }
        for touch in &plan.touches {
            let last = past(program, touch);
            if !is(cap, &last) {
                continue;
            }
            let within = |contact: &&PastContact| {
                contact.at <= last.at
                    && match cap.window {
                        CapWindow::Rolling(period) => last.at < user.zone.add(contact.at, period),
                        CapWindow::Calendar(unit) => {
                            user.zone.window(last.at, unit, program.week_starts).0 <= contact.at
                        }
                    }
            };
            let count = all.iter().filter(|contact| is(cap, contact)).filter(within).count();
            assert!(count <= cap.limit as usize, "{count} break `{}`: {touch:?}", cap.text);
        }
    }
}

fn is(cap: &Cap, contact: &PastContact) -> bool {
    match cap.subject {
        ContactTest::Any => true,
        ContactTest::Channel(channel) => contact.channel == Some(channel),
        ContactTest::Message(message) => contact.message == Some(message),
        ContactTest::Category(category) => contact.categories.contains(category),
        ContactTest::Rule(rule) => contact.rule == Some(rule),
    }
}
