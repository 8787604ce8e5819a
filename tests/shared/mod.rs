//! Data that is beside the repository, never in it.

use std::path::PathBuf;

/// The path of a file of the shared data; says so and answers nothing if it is not there. Where `COURTESY_SHARED` says
/// that there is some, it must be.
pub(crate) fn path(name: &str) -> Option<PathBuf> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let named = std::env::var_os("COURTESY_SHARED").map(PathBuf::from);
    let is_named = named.is_some();
    let path = named.unwrap_or_else(beside).join(name);
    if path.exists() {
        return Some(path);
    }
    assert!(!is_named, "{} is not there", path.display());
    println!("skipped: {} is not there", path.display());
    None
}

/// The text of a file of the shared data.
pub(crate) fn data(name: &str) -> Option<String> {
    path(name).map(|path| std::fs::read_to_string(path).expect("shared data is readable"))
}
