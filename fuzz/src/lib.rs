//! What is fuzzed, as plain functions: each takes any bytes and panics if a property does not hold.
//!
//! They are shared by the coverage-guided targets (`fuzz_targets/`) and by the driver for stable toolchains (`blind`).

mod calendars;
mod planning;
mod schedules;
mod sources;
mod stories;
mod tables;
mod values;

pub use calendars::{calendar, cron};
pub use planning::plan;
pub use schedules::schedule;
pub use sources::{check, format, rules};
pub use stories::tests;
pub use tables::{parquet, tables, users};
pub use values::values;

/// A target: a name and a function.
pub type Target = (&'static str, fn(&[u8]));

/// All targets.
pub const TARGETS: &[Target] = &[
    ("rules", rules),
    ("check", check),
    ("format", format),
    ("users", users),
    ("tables", tables),
    ("parquet", parquet),
    ("cron", cron),
    ("calendar", calendar),
    ("plan", plan),
    ("schedule", schedule),
    ("tests", tests),
    ("values", values),
];

/// The parts of an input, between lines that are `---`.
fn parts<const N: usize>(text: &str) -> [&str; N] {
    let mut parts = text.splitn(N, "\n---\n");
    std::array::from_fn(|_| parts.next().unwrap_or_default())
}
