//! Courtesy over users who are in memory already: in_memory RULES.touch USERS.jsonl
//!
//! Histories, clocks and caps included. The decisions are those of the command, which is checked elsewhere.

use std::{
    env, fs,
    fs::File,
    hint::black_box,
    io::{self, BufRead, BufReader},
    time::{Duration, Instant},
};

use courtesy::{Horizon, Planner, Rules, Snapshot};

/// How many users are held in memory at a time.
const BATCH: usize = 1_000;

fn main() -> io::Result<()> {
    let files: Vec<_> = env::args().skip(1).collect();
    let [rules, users] = files.as_slice() else {
        return Err(io::Error::other("two files are needed: the rules and the users"));
    };
    let rules = Rules::compile(&fs::read_to_string(rules)?).map_err(wrong)?;
    let now = "2026-03-05T02:00:00Z".parse().map_err(wrong)?;
    let mut planner = Planner::new(rules.program());
    let mut lines = BufReader::with_capacity(1 << 20, File::open(users)?).lines();
    let (mut count, mut touches, mut took) = (0, 0, Duration::ZERO);
    loop {
        let mut batch = Vec::with_capacity(BATCH);
        for line in lines.by_ref().take(BATCH) {
            let snapshot: Snapshot = serde_json::from_str(&line?)?;
            batch.push(snapshot.bind(rules.program()).map_err(wrong)?);
        }
        if batch.is_empty() {
            break;
        }
        count += batch.len();
        let started = Instant::now();
        planner.plan_all(&batch, now, Horizon::hours(1), |plan| touches += black_box(plan).touches.len());
        took += started.elapsed();
    }
    eprintln!("{{\"evaluation\": {:.3}, \"touches\": {touches}}}", took.as_secs_f64() * 1e6 / count as f64);
    Ok(())
}

fn wrong(what: impl std::fmt::Display) -> io::Error {
    io::Error::other(what.to_string())
}
