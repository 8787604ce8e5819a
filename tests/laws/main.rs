//! Laws that hold for every plan, tried on random rules and users through the public interface.
//!
//! `src/plan/tests/laws.rs` has those of replaying, caps and gaps; `src/audit/tests/laws.rs` audits random plans;
//! `src/eval/laws.rs` and `tests/format_laws.rs` are about conditions and about the formatter.

#![cfg(feature = "cli")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    missing_docs,
    unreachable_pub,
    reason = "a test fails by panicking"
)]

mod command;
mod crash;
mod monotony;
mod order;
mod policy;
mod shift;
mod world;

use courtesy::{Horizon, Plan, Rules, Snapshot, time::Instant};
use proptest::prelude::*;

/// Few cases by default, for each is a whole program; `PROPTEST_CASES` asks for more.
fn cases(few: u32) -> ProptestConfig {
    let cases = std::env::var_os("PROPTEST_CASES").map_or(few, |_| ProptestConfig::default().cases);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// A hundredth of that, of cases that each run the command several times.
fn runs(few: u32) -> ProptestConfig {
    let all = cases(100 * few);
    ProptestConfig { cases: (all.cases / 100).max(few), ..all }
}

fn compiled(rules: &str) -> Rules {
    Rules::compile(rules).unwrap_or_else(|diagnostics| panic!("{diagnostics}"))
}

/// The plan of twelve days.
fn planned(rules: &Rules, user: &Snapshot, now: Instant) -> Plan {
    rules.plan(user, now, Horizon::days(12)).unwrap()
}
