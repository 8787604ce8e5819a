//! How often a plan of a single user asks for memory, and for how much.

use std::{alloc::System, error::Error, hint::black_box};

use courtesy::{Horizon, Rules, snapshot::Snapshot};
use courtesy_benches::{
    rules::rules,
    users::{Json, NOW, Shape},
};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static MEMORY: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const USERS: u64 = 1_000;

fn main() -> Result<(), Box<dyn Error>> {
    let (shape, now, horizon) = (Shape::default(), NOW.parse()?, Horizon::days(7));
    let rules = Rules::compile(&rules(20))?;
    let mut snapshots: Vec<Snapshot> = Vec::new();
    for number in 0..USERS {
        let mut line = Vec::new();
        Json::default().write(&shape.person(number), &mut line);
        snapshots.push(serde_json::from_slice(&line)?);
    }
    let mut planner = rules.planner();
    println!("20 rules, {USERS} users, means a user\n");
    println!("| what | allocations | bytes |\n|---|--:|--:|");
    let tell = |what: &str, region: Region<'_, System>| {
        let change = region.change();
        let mean = |count: usize| count as f64 / USERS as f64;
        println!("| {what} | {:.1} | {:.0} |", mean(change.allocations), mean(change.bytes_allocated));
    };
    // The first round is not counted: a planner keeps its memory from user to user.
    for is_counted in [false, true] {
        let region = Region::new(MEMORY);
        for user in &snapshots {
            black_box(rules.plan(user, now, horizon)?);
        }
        if is_counted {
            tell("`Rules::plan`", region);
        }
        let mut users = Vec::with_capacity(snapshots.len());
        let region = Region::new(MEMORY);
        for user in &snapshots {
            users.push(user.bind_with(rules.program(), rules.names())?.user);
        }
        if is_counted {
            tell("`Snapshot::bind_with`", region);
        }
        let region = Region::new(MEMORY);
        for user in &users {
            black_box(planner.plan(user, now, horizon));
        }
        if is_counted {
            tell("`Planner::plan`", region);
        }
    }
    Ok(())
}
