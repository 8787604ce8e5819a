//! Each breach: the rules, the user, the schedule, and what is found.

mod laws;
mod scenes;
mod sensitivity;

use super::{Auditor, Report, Scheduled};
use crate::{Rules, Snapshot};

fn compiled(rules: &str) -> Rules {
    Rules::compile(&format!("time zone \"UTC\"\n{rules}"))
        .unwrap_or_else(|diagnostics| panic!("{diagnostics}"))
}

/// `2026-03-02T10:00:00Z sms coupon winback.1 due 2026-03-01T10:00:00Z id x in promotion;care`; what follows the message
/// may be left out.
fn touch(text: &str) -> Scheduled {
    let mut words = text.split_whitespace();
    let mut next = || words.next().unwrap();
    let mut touch = Scheduled::new(next().parse().unwrap(), next(), next());
    while let Some(word) = words.next() {
        match word {
            "due" => touch.due = Some(words.next().unwrap().parse().unwrap()),
            "id" => touch.id = words.next().map(String::from),
            "in" => touch.categories = Some(words.next().unwrap().split(';').map(String::from).collect()),
            rule => {
                let (name, step) = rule.split_once('.').unwrap_or((rule, ""));
                touch.rule = Some(name.into());
                touch.step = step.parse().ok();
            }
        }
    }
    touch
}

fn audited(rules: &Rules, user: &Snapshot, touches: &[Scheduled], now: Option<&str>) -> Report {
    let user = user.bind(rules.program()).unwrap();
    let now = now.map(|now| now.parse().unwrap());
    Auditor::new(rules.program(), rules.names()).audit(&user, touches, now)
}

/// The rules, the user, the schedule and what is found.
fn scene(rules: &str, user: &str, schedule: &str, now: Option<&str>) -> String {
    let snapshot: Snapshot = serde_json::from_str(user).unwrap();
    let lines = schedule.lines().map(str::trim).filter(|line| !line.is_empty());
    let touches: Vec<Scheduled> = lines.clone().map(touch).collect();
    let report = audited(&compiled(rules), &snapshot, &touches, now);
    let lines: Vec<&str> = lines.collect();
    let rules: Vec<&str> = rules.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let now = now.map_or(String::new(), |now| format!("now {now}\n"));
    let found = if report.is_clean() { "clean\n".into() } else { report.to_string() };
    format!("{}\n\n{user}\n{now}{}\n\n{found}\n", rules.join("\n"), lines.join("\n"))
}
