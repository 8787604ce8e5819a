//! Scenes: rules and a user, then the plan; one for each sentence of the semantics that the planner keeps. And laws.

mod hours;
mod json;
mod laws;
mod limits;
mod occurrences;
mod placing;
mod steps;

use super::{Horizon, Plan};
use crate::{rules::Rules, snapshot::Snapshot};

/// The user that a JSON text tells of.
fn user(json: &str) -> Snapshot {
    serde_json::from_str(json).unwrap()
}

fn compiled(rules: &str) -> Rules {
    let source = format!("time zone \"UTC\"\n{rules}");
    Rules::compile(&source).unwrap_or_else(|diagnostics| panic!("{diagnostics}"))
}

fn plan(rules: &str, snapshot: &str, now: &str, horizon: Horizon) -> Plan {
    compiled(rules).plan(&user(snapshot), now.parse().unwrap(), horizon).unwrap()
}

/// The rules, the user and the plan for a number of days.
fn scene(rules: &str, snapshot: &str, now: &str, days: u32) -> String {
    let plan = plan(rules, snapshot, now, Horizon::days(days));
    format!("{}\n\n{}\n\n{plan}", rules.trim(), snapshot.trim())
}

/// The plan alone, for a second look at the same scene.
fn again(rules: &str, snapshot: &str, now: &str, days: u32) -> String {
    format!("\n{}\n\n{}", snapshot.trim(), plan(rules, snapshot, now, Horizon::days(days)))
}
