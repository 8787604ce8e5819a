//! What is true of one user at one instant: every condition and expression from its definition.

mod changes;
mod clock;
mod condition;
mod expression;
mod members;
mod spells;

pub use changes::{Change, Changes};
pub use clock::{Clock, shift};
pub use spells::Spell;

use courtesy::{
    program::{ContactTest, Program},
    snapshot::{PastContact, User},
    time::Instant,
};

/// The start of year 1: what is asked of "always" is asked then.
const EARLIEST: Instant = Instant::from_seconds(-62_135_596_800);

/// A contact that was made, or a touch that the plan holds.
#[derive(Clone, Debug)]
pub struct Contact {
    pub what: PastContact,
    /// Whether caps and gaps count it.
    pub counted: bool,
}

/// One user, the moment of planning, and the contacts made and placed so far.
#[derive(Clone)]
pub struct World<'a> {
    pub program: &'a Program,
    pub user: &'a User,
    pub clock: Clock,
    pub now: Instant,
    /// In order of time; touches as they are placed.
    pub contacts: Vec<Contact>,
}

impl<'a> World<'a> {
    pub fn new(program: &'a Program, user: &'a User, now: Instant) -> Self {
        let mut world =
            Self { program, user, clock: Clock::new(user.zone.name()), now, contacts: Vec::new() };
        for contact in &user.contacts {
            // 2.4: of later contacts, only those that were handed over exist.
            if contact.at <= now || contact.touch_id.is_some() {
                world.add(contact.clone());
            }
        }
        world
    }

    pub fn add(&mut self, what: PastContact) {
        let counted = what.rule.is_none_or(|rule| self.program.rules[rule.index()].is_counted);
        let place = self.contacts.partition_point(|other| other.what.at <= what.at);
        self.contacts.insert(place, Contact { what, counted });
    }

    /// The user's bucket under a salt, out of 10,000 (9.1).
    pub fn bucket(&self, salt: &str) -> u32 {
        let fnv = |text: &str| {
            text.bytes()
                .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
        };
        fnv(&fnv(&format!("{salt}{}", self.user.id)).to_string()) % 10_000
    }
}

/// Whether a contact is of that kind.
pub fn is(contact: &PastContact, test: ContactTest) -> bool {
    match test {
        ContactTest::Any => true,
        ContactTest::Channel(channel) => contact.channel == Some(channel),
        ContactTest::Message(message) => contact.message == Some(message),
        ContactTest::Category(category) => contact.categories.contains(category),
        ContactTest::Rule(rule) => contact.rule == Some(rule),
    }
}
