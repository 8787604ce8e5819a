//! A user as the world tells of them ([`Snapshot`]) and as the interpreter wants them ([`User`]).

mod bind;
mod data;
mod names;
mod order;
mod raw;
mod user;
mod values;

pub use bind::{BindError, Bound, GivenContact, GivenEvent, UserBuilder};
pub use data::{Contact, Datum, Event, Snapshot};
pub use names::Names;
pub use raw::Raw;
#[cfg(feature = "cli")]
pub(crate) use raw::{list_members, shown};
pub use user::{Answer, Column, Events, PastContact, User, Value};
