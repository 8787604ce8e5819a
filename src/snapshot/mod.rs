//! A user as the world tells of them ([`Snapshot`]) and as the interpreter wants them ([`User`]).

mod data;
mod user;

pub use data::{Contact, Datum, Event, Snapshot};
pub use user::{Answer, Column, Events, PastContact, User, Value};
