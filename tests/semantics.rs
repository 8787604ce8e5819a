//! Rule files that state `docs/semantics.md` sentence by sentence, as their own tests.

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
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/semantics");
    let entries = std::fs::read_dir(folder).expect("the rule files are there");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("readable").path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "touch"));
    files.sort();
    assert!(files.len() >= 10, "{files:?}");
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
