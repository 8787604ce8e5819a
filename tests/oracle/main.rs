//! The engine against a slow planner that is written from `docs/semantics.md` alone.
//!
//! `COURTESY_ORACLE_CASES` says how many cases are tried, `COURTESY_ORACLE_SEED` with which one to start; with
//! `COURTESY_ORACLE_SHOW` they are shown.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    missing_docs,
    unreachable_pub,
    reason = "a test fails by panicking"
)]

mod case;
mod forms;
mod generate;
mod planner;
mod shrink;
mod world;

use std::{
    panic::{self, RefUnwindSafe},
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use case::Case;
use forms::Seen;

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().expect("a number"))
}

/// Shows a case, the oracle's plan, and where the engine's differs.
fn shown(case: &Case) -> String {
    let Some(compared) = case.compare() else { return case.text() };
    let oracle: Vec<String> = compared.oracle.iter().map(|line| format!("{line:?}")).collect();
    format!(
        "{}\n# {}\n# in all, the oracle has\n# {}\n",
        case.text(),
        compared.differences().join("\n# "),
        oracle.join("\n# ")
    )
}

/// The seeds of a range for which something is wrong; says which took longest.
fn failing(seeds: std::ops::Range<u64>, is_right: impl Fn(u64) -> bool + Sync + RefUnwindSafe) -> Vec<u64> {
    const MOST: usize = 8;
    let next = AtomicU64::new(seeds.start);
    let failed = Mutex::new(Vec::new());
    let slowest = Mutex::new((Duration::ZERO, seeds.start));
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds.end || failed.lock().unwrap().len() >= MOST {
                        return;
                    }
                    let start = Instant::now();
                    if !panic::catch_unwind(|| is_right(seed)).unwrap_or(false) {
                        println!("seed {seed} is wrong");
                        failed.lock().unwrap().push(seed);
                    }
                    let mut slowest = slowest.lock().unwrap();
                    *slowest = (*slowest).max((start.elapsed(), seed));
                }
            });
        }
    });
    let (took, seed) = slowest.into_inner().unwrap();
    println!("{} cases; the slowest, seed {seed}, took {took:.1?}", seeds.end - seeds.start);
    let mut failed = failed.into_inner().unwrap();
    failed.sort_unstable();
    failed
}

#[test]
fn the_engine_and_the_oracle_agree() {
    let (first, count) = (number("COURTESY_ORACLE_SEED", 0), number("COURTESY_ORACLE_CASES", 2_000));
    let shows = std::env::var_os("COURTESY_ORACLE_SHOW").is_some();
    let agree = |seed| {
        let case = generate::case(seed);
        if shows {
            println!("{}", case.text());
        }
        let differences = case.compare().unwrap().differences();
        // Making it small may take long; this tells before.
        differences.iter().take(3).for_each(|one| println!("seed {seed}: {one}"));
        differences.is_empty()
    };
    let failed = failing(first..first + count, agree);
    for seed in &failed {
        let smallest = shrink::smallest(&generate::case(*seed));
        println!("seed {seed}, made small:\n{}", shown(&smallest));
    }
    assert!(failed.is_empty(), "the plans differ for the seeds {failed:?}");
}

#[test]
fn most_files_check() {
    let accepted = generate::accepted();
    assert!(accepted > 500, "{accepted} of 1000");
}

/// What a file is made of besides what a plan is made of: other files, and tests.
const NOT_PLANNED: &[&str] = &["declaration: use", "declaration: test"];

#[test]
fn every_form_of_the_language_and_every_reason_comes_up() {
    let mut seen = Seen::default();
    for seed in 0..1_000 {
        let case = generate::case(seed);
        seen.text(&case.rules);
        case.reasons().unwrap().into_iter().for_each(|reason| seen.reason(reason));
    }
    assert_eq!(seen.missing(NOT_PLANNED), [""; 0], "{seen:?}");
    for name in NOT_PLANNED {
        assert_eq!(seen.count(name), 0, "{name} comes up: the list of exceptions is out of date");
    }
}

/// That nothing changes between two instants at which something may change is an assumption of the oracle's own.
#[test]
fn walking_from_change_to_change_misses_nothing() {
    let first = number("COURTESY_ORACLE_SEED", 0);
    let count = number("COURTESY_ORACLE_CASES", 2_000).div_ceil(10);
    let same = |seed| {
        let mut case = generate::case(seed);
        case.hours = case.hours.min(30);
        !case.is_on_minutes() || case.walks_alike().unwrap()
    };
    // Others than those with thousands of turns.
    let failed = failing(first + 200..first + 200 + count, same);
    assert!(failed.is_empty(), "the two walks differ for the seeds {failed:?}");
}

/// What once differed agrees.
#[test]
fn regressions_agree() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/regressions");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty());
    for file in files {
        let case = Case::parse(&std::fs::read_to_string(&file).unwrap());
        assert!(
            case.compare().is_some(),
            "{} does not compile: {}",
            file.display(),
            Case::findings(&case.rules)
        );
        assert_eq!(case.compare().unwrap().differences(), [""; 0], "{}\n{}", file.display(), shown(&case));
    }
}
