//! Courtesy decides **whom to contact, when, over which channel, and when not to**.
//!
//! Rules read like the sentence one would say aloud. They are compiled once, and give for each user a contact schedule
//! that keeps every frequency cap, with a reason for every touch made, moved or withheld:
//!
//! ```
//! use courtesy::{Horizon, Rules, Snapshot};
//!
//! let rules = Rules::compile(
//!     r#"
//!     time zone "Asia/Shanghai"
//!     at most 1 touch per day
//!
//!     rule winback
//!       if ordered before and no order in 30 days then send coupon
//!       then after 3 days send reminder unless order
//!       at 10:00
//!     "#,
//! )?;
//! let user = Snapshot::new("u1").event("order", "2026-02-01T04:00:00Z".parse()?);
//! let plan = rules.plan(&user, "2026-03-01T01:00:00Z".parse()?, Horizon::days(30))?;
//!
//! assert_eq!(
//!     plan.to_string(),
//!     "\
//! u1 from 2026-03-01 09:00 to 2026-03-31 09:00 Asia/Shanghai
//!   2026-03-04 10:00 winback.1: coupon via default
//!   2026-03-07 10:00 winback.2: reminder via default
//! "
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A schedule is a forecast that is exact if the user does nothing. Feed back what was sent as contacts, with the id of
//! each touch, and plan again as often as you like: nothing is sent twice.
//!
//! The library has no clock, no randomness and reads no files: the same rules, snapshot, moment and horizon give the
//! same plan, on any machine and any number of threads. The stages are values that can be looked at:
//! source → [`syntax::ast::File`] → [`program::Program`] → [`Plan`].

pub mod audit;
pub mod check;
pub mod diagnostic;
pub mod eval;
pub mod explain;
#[cfg(feature = "cli")]
pub mod io;
pub mod number;
pub mod plan;
pub mod program;
mod rules;
mod sieve;
pub mod snapshot;
pub mod syntax;
pub mod testing;
pub mod time;

pub use diagnostic::Diagnostics;
pub use plan::{Horizon, Plan, Planner};
pub use rules::Rules;
pub use snapshot::Snapshot;

/// The examples of the front page run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct FrontPage;
