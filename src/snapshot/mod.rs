//! A user as the world tells of them ([`Snapshot`]) and as the interpreter wants them ([`User`]).

mod bind;
mod builder;
mod categories;
mod data;
mod names;
mod order;
mod raw;
mod rows;
mod slips;
mod texts;
mod user;
mod values;

#[cfg(feature = "cli")]
pub(crate) use bind::LONGEST_ID;
pub(crate) use bind::parse_touch_id;
pub use bind::{BindError, Bound, GivenContact, GivenEvent};
pub use builder::UserBuilder;
pub use categories::Categories;
pub use data::{Contact, Datum, Event, Snapshot};
pub use names::Names;
pub use raw::Raw;
pub(crate) use raw::shown;
#[cfg(feature = "cli")]
pub(crate) use raw::{list_members, parse_instant, plain};
pub use slips::Slips;
#[cfg(feature = "cli")]
pub(crate) use slips::Stray;
#[cfg(feature = "cli")]
pub(crate) use slips::nearest;
#[cfg(test)]
pub(crate) use texts::Texts;
pub use user::{Answer, Column, Events, PastContact, User, Value};
