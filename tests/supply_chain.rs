//! What Courtesy is built from: licences and sources of all dependencies, by the lists in `deny.toml`.
//!
//! `cargo deny check` says the same and more (advisories, bans), but has to be installed; this needs cargo alone.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::{path::Path, process::Command};

use serde_json::Value;

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// All packages that a build on this machine takes in, tests and benchmarks included.
fn packages() -> Vec<Value> {
    let version = cargo(&["--version", "--verbose"]);
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).expect("cargo knows its host");
    let metadata = cargo(&["metadata", "--format-version", "1", "--locked", "--filter-platform", host]);
    let metadata: Value = serde_json::from_str(&metadata).unwrap();
    let used: Vec<&str> = metadata["resolve"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| node["id"].as_str().unwrap())
        .collect();
    let all = metadata["packages"].as_array().unwrap();
    all.iter().filter(|one| used.contains(&one["id"].as_str().unwrap())).cloned().collect()
}

/// The licences that `deny.toml` allows.
fn allowed() -> Vec<String> {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("deny.toml")).unwrap();
    let list = text.split_once("\nallow = [").unwrap().1.split_once(']').unwrap().0;
    list.split(',')
        .map(|name| name.trim().trim_matches('"').to_owned())
        .filter(|name| !name.is_empty())
        .collect()
}

/// Whether an expression such as `(MIT OR Apache-2.0) AND Unicode-3.0` can be met. `/` is an old way to write `OR`.
fn is_met(expression: &str, allowed: &[String]) -> bool {
    let alternatives = |text: &str| {
        let text = text.replace('/', " OR ");
        text.split(" OR ").any(|name| allowed.iter().any(|one| one == name.trim()))
    };
    let mut parts = expression.split(" AND ").map(|part| part.trim().trim_matches(['(', ')']));
    parts.all(alternatives)
}

#[test]
fn every_licence_is_allowed() {
    let allowed = allowed();
    assert!(allowed.len() > 5, "{allowed:?}");
    let packages = packages();
    assert!(packages.len() > 50, "{} packages", packages.len());
    for package in packages {
        let licence = package["license"].as_str().unwrap_or_default();
        assert!(is_met(licence, &allowed), "{} {}: `{licence}`", package["name"], package["version"]);
    }
}

#[test]
fn everything_comes_from_the_registry_or_from_here() {
    for package in packages() {
        let here = package["manifest_path"].as_str().unwrap().starts_with(env!("CARGO_MANIFEST_DIR"));
        let registry = package["source"] == "registry+https://github.com/rust-lang/crates.io-index";
        assert!(here || registry, "{} comes from {}", package["name"], package["source"]);
    }
}

/// Whoever embeds the library takes in none of the command's dependencies, and nothing that talks to a network.
#[test]
fn the_library_alone_is_small() {
    let tree = cargo(&["tree", "--locked", "--no-default-features", "--edges", "normal", "--prefix", "none"]);
    let mut names: Vec<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    names.sort_unstable();
    names.dedup();
    for unwanted in ["clap", "rayon", "tempfile", "csv", "serde_json", "indicatif", "tokio", "chrono-tz"] {
        assert!(!names.contains(&unwanted), "{unwanted}");
    }
    assert!(names.len() < 60, "{} crates: {names:?}", names.len());
}

#[test]
fn licence_expressions_are_understood() {
    let allowed = ["MIT", "Unicode-3.0", "Apache-2.0 WITH LLVM-exception"].map(String::from);
    for met in [
        "MIT",
        "GPL-3.0 OR MIT",
        "GPL-3.0/MIT",
        "(GPL-3.0 OR MIT) AND Unicode-3.0",
        "Apache-2.0 WITH LLVM-exception",
    ] {
        assert!(is_met(met, &allowed), "{met}");
    }
    for unmet in ["", "GPL-3.0", "MIT AND GPL-3.0", "(GPL-3.0 OR MPL-2.0) AND Unicode-3.0", "Apache-2.0"] {
        assert!(!is_met(unmet, &allowed), "{unmet}");
    }
}
