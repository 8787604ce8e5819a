//! Rule files that are their own tests: `docs/semantics.md` sentence by sentence, and what other products publish of
//! how they behave, in our own words.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::{path::Path, process::Command};

#[test]
fn every_sentence_holds() {
    pass("tests/semantics", 10);
}

#[test]
fn what_others_publish_holds_or_differs_as_said() {
    pass("tests/published", 10);
}

/// The tests in all rule files of a folder, which are at least so many files.
fn pass(folder: &str, least: usize) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = std::fs::read_dir(folder).expect("the rule files are there");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("readable").path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "touch"));
    files.sort();
    assert!(files.len() >= least, "{files:?}");
    let mut failed = Vec::new();
    for file in files {
        let output =
            Command::new(env!("CARGO_BIN_EXE_courtesy")).arg("test").arg(&file).output().expect("it runs");
        if !output.status.success() {
            failed.push(format!(
                "{}\n{}{}",
                file.display(),
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr)
            ));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
