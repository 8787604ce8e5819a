//! Data that is beside the repository, never in it.

use std::path::PathBuf;

/// The path of a file of the shared data; says so and answers nothing if it is not there.
pub(crate) fn path(name: &str) -> Option<PathBuf> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let path = std::env::var_os("COURTESY_SHARED").map_or_else(beside, PathBuf::from).join(name);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {} is not there", path.display());
    None
}

/// The text of a file of the shared data.
#[allow(dead_code, reason = "not every test reads the text")]
pub(crate) fn data(name: &str) -> Option<String> {
    path(name).map(|path| std::fs::read_to_string(path).expect("shared data is readable"))
}
