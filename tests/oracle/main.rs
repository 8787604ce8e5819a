//! The engine against a slow planner that is written from `docs/semantics.md` alone.
//!
//! `COURTESY_ORACLE_CASES` says how many cases are tried, `COURTESY_ORACLE_SEED` with which one to start.

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
mod generate;
mod planner;
mod shrink;
mod world;

use std::{
    panic,
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use case::Case;

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().expect("a number"))
}

/// Shows a case and where the plans differ.
fn shown(case: &Case) -> String {
    let differences = case.compare().map_or_else(Vec::new, |compared| compared.differences());
    format!("{}\n# {}\n", case.text(), differences.join("\n# "))
}

/// The seeds of a range for which the two plans differ.
fn failing(seeds: std::ops::Range<u64>) -> Vec<u64> {
    const MOST: usize = 8;
    let next = AtomicU64::new(seeds.start);
    let failed = Mutex::new(Vec::new());
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds.end || failed.lock().unwrap().len() >= MOST {
                        return;
                    }
                    let compared =
                        panic::catch_unwind(|| generate::case(seed).compare().unwrap().differences());
                    if compared.is_err() || compared.is_ok_and(|differences| !differences.is_empty()) {
                        failed.lock().unwrap().push(seed);
                    }
                }
            });
        }
    });
    let mut failed = failed.into_inner().unwrap();
    failed.sort_unstable();
    failed
}

#[test]
fn the_engine_and_the_oracle_agree() {
    let (first, count) = (number("COURTESY_ORACLE_SEED", 0), number("COURTESY_ORACLE_CASES", 500));
    let failed = failing(first..first + count);
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
