//! What is true of one user at one instant: every condition and expression from its definition.

mod changes;
mod clock;
mod condition;
mod expression;
mod members;
mod spells;

pub use changes::{Change, Changes};
pub use clock::{Clock, shift};
pub use spells::{First, Spell};

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use courtesy::{
    program::{ConditionId, ContactTest, Program, SetId},
    snapshot::{PastContact, User},
    time::Instant,
};

/// The start of year 1: what is asked of "always" is asked then.
const EARLIEST: Instant = Instant::from_seconds(-62_135_596_800);

const MINUTE: i64 = 60_000_000;

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
    /// A stretch of time that is walked minute by minute, whatever can change there.
    pub every_minute: Option<(Instant, Instant)>,
    /// What looks at no contact, and so stays as it is whatever is placed.
    of_events: Rc<Known>,
    /// What looks at contacts; forgotten with each that is placed.
    of_contacts: Rc<Known>,
}

/// Members of a set: when they happened, and their rows.
pub type Members = Rc<[(Instant, usize)]>;

/// What was worked out before.
#[derive(Default)]
struct Known {
    members: RefCell<HashMap<SetId, Members>>,
    changes: RefCell<HashMap<ConditionId, Rc<Changes>>>,
}

impl<'a> World<'a> {
    pub fn new(program: &'a Program, user: &'a User, now: Instant) -> Self {
        let clock = Clock::new(user.zone.name());
        let contacts = Vec::new();
        let mut world = Self {
            program,
            user,
            clock,
            now,
            contacts,
            every_minute: None,
            of_events: Rc::default(),
            of_contacts: Rc::default(),
        };
        for contact in &user.contacts {
            // 2.4: of later contacts, only those that were handed over exist.
            if contact.at <= now || contact.touch_id.is_some() {
                world.add(contact.clone());
            }
        }
        world
    }

    /// The next whole minute, where every minute is walked.
    pub fn minute_after(&self, t: Instant) -> Option<Instant> {
        let (from, to) = self.every_minute?;
        (from <= t && t < to).then(|| Instant::from_micros((t.as_micros().div_euclid(MINUTE) + 1) * MINUTE))
    }

    /// The last whole minute before, where every minute is walked.
    fn minute_before(&self, t: Instant) -> Option<Instant> {
        let (from, to) = self.every_minute?;
        (from < t && t <= to).then(|| Instant::from_micros((t.as_micros() - 1).div_euclid(MINUTE) * MINUTE))
    }

    pub fn add(&mut self, what: PastContact) {
        let counted = what.rule.is_none_or(|rule| self.program.rules[rule.index()].is_counted);
        let place = self.contacts.partition_point(|other| other.what.at <= what.at);
        self.contacts.insert(place, Contact { what, counted });
        self.of_contacts = Rc::default();
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
