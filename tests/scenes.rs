//! Every scene of `rules-examples`: its rules are in order, its tests pass, its schedule is the one that is written down.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// The moment and the horizon that schedules of scenes are written down for.
const NOW: &str = "2026-03-01T01:00:00Z";
const HORIZON: &str = "30d";

fn scenes() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules-examples");
    let entries = std::fs::read_dir(folder).expect("the scenes are there");
    let mut scenes: Vec<PathBuf> =
        entries.map(|entry| entry.expect("readable").path()).filter(|path| path.is_dir()).collect();
    scenes.sort();
    scenes
}

fn courtesy(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_courtesy")).args(arguments).output().expect("the command runs")
}

/// Runs the command for every scene and lists those for which it fails.
fn for_every_scene(arguments: impl Fn(&str) -> Vec<String>) {
    let mut failed = Vec::new();
    for scene in scenes() {
        let scene = scene.display().to_string();
        let arguments = arguments(&scene);
        let output = courtesy(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
        if !output.status.success() {
            failed.push(format!(
                "courtesy {}\n{}{}",
                arguments.join(" "),
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr)
            ));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn rules_are_in_order() {
    for_every_scene(|scene| vec!["check".into(), scene.into()]);
}

#[test]
fn rules_are_formatted() {
    for_every_scene(|scene| vec!["fmt".into(), "--check".into(), format!("{scene}/rules.touch")]);
}

#[test]
fn tests_pass() {
    for_every_scene(|scene| vec!["test".into(), scene.into()]);
}

#[test]
fn schedules_are_those_written_down() {
    for_every_scene(|scene| {
        let (users, snapshot) = (format!("{scene}/users.jsonl"), format!("{scene}/schedule.txt"));
        ["plan", scene, "--users", &users, "--now", NOW, "--for", HORIZON, "--snapshot", &snapshot]
            .map(String::from)
            .to_vec()
    });
}
