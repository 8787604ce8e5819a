//! What the rules want to know of a person.

use super::{
    super::{
        clock::Clock,
        due::{Answer, Past},
        touch::Facts,
    },
    cursor::Part,
};
use crate::users::{DAY, NOW_SECOND};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Tier {
    #[default]
    Other,
    Silver,
    Gold,
    Diamond,
}

impl Tier {
    pub(super) fn of(name: &[u8]) -> Self {
        match name {
            b"silver" => Self::Silver,
            b"gold" => Self::Gold,
            b"diamond" => Self::Diamond,
            _ => Self::Other,
        }
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Left {
    #[default]
    Other,
    Price,
    Service,
}

impl Left {
    pub(super) fn of(reason: &[u8]) -> Self {
        match reason {
            b"price" => Self::Price,
            b"service" | b"safety" => Self::Service,
            _ => Self::Other,
        }
    }
}

/// Whether it is one of the cities that a rule names.
pub(super) fn is_in_city(city: &[u8]) -> bool {
    ["上海", "北京", "广州", "Paris"].iter().any(|known| known.as_bytes() == city)
}

/// Which event it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Unknown,
    Other,
    Visit,
    Cart,
    Order,
    Delivery,
    Complaint,
    FriendJoined,
}

impl Kind {
    pub(super) const COUNT: usize = 8;

    pub(super) fn of(name: &[u8]) -> Self {
        match name {
            b"visit" => Self::Visit,
            b"order" => Self::Order,
            b"cart" => Self::Cart,
            b"delivery" => Self::Delivery,
            b"complaint" => Self::Complaint,
            b"friend_joined" => Self::FriendJoined,
            _ => Self::Other,
        }
    }
}

/// What the rules want to know of an event.
#[derive(Debug, Clone, Copy)]
pub(super) struct Event {
    pub(super) kind: Kind,
    pub(super) at: i64,
    pub(super) id: Part,
    pub(super) cents: i64,
    pub(super) category: Part,
    pub(super) severity: i64,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Order {
    pub(super) at: i64,
    pub(super) cents: i64,
    pub(super) category: Part,
}

/// An event that a rule goes on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Happening {
    pub(super) at: i64,
    pub(super) id: Part,
}

#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Contact {
    pub(super) at: i64,
    pub(super) channel: Part,
    pub(super) message: Part,
    pub(super) rule: Part,
    /// Whether it tells the touch that it was planned as.
    pub(super) has_id: bool,
}

impl Contact {
    pub(super) fn past(&self, lines: &[u8]) -> Past {
        let [channel, message, rule] = [self.channel, self.message, self.rule].map(|part| part.of(lines));
        Past::new(self.at, channel, message, rule, self.has_id)
    }
}

/// A person. Texts are parts of the lines.
#[derive(Debug, Default)]
pub(super) struct Person {
    pub(super) id: Part,
    pub(super) zone: Part,
    pub(super) tier: Tier,
    pub(super) left: Left,
    pub(super) is_in_city: bool,
    pub(super) wants_news: bool,
    pub(super) birthday: Option<i64>,
    pub(super) signup_at: Option<i64>,
    pub(super) points: Option<i64>,
    pub(super) points_expire_on: Option<i64>,
    pub(super) last_score: Option<i64>,
    pub(super) consent: [Answer; 4],
    pub(super) reachable: [bool; 4],
    /// All these in order of time.
    pub(super) orders: Vec<Order>,
    pub(super) order_times: Vec<i64>,
    pub(super) milk: Vec<i64>,
    pub(super) visits: Vec<i64>,
    /// Those of at least 50.
    pub(super) carts: Vec<Happening>,
    pub(super) deliveries: Vec<Happening>,
    pub(super) last_complaint: Option<i64>,
    /// Those of severity 2 and more.
    pub(super) complaints: Vec<Happening>,
    pub(super) friends: Vec<Happening>,
    /// In the order given.
    pub(super) contacts: Vec<Contact>,
}

impl Person {
    pub(super) fn clear(&mut self) {
        let Self { orders, order_times, milk, visits, carts, deliveries, complaints, friends, .. } = self;
        [order_times, milk, visits].into_iter().for_each(Vec::clear);
        [carts, deliveries, complaints, friends].into_iter().for_each(Vec::clear);
        orders.clear();
        self.contacts.clear();
        (self.id, self.zone) = (Part::default(), Part::default());
        (self.tier, self.left) = (Tier::Other, Left::Other);
        (self.is_in_city, self.wants_news) = (false, false);
        (self.birthday, self.signup_at, self.points) = (None, None, None);
        (self.points_expire_on, self.last_score, self.last_complaint) = (None, None, None);
        (self.consent, self.reachable) = ([Answer::None; 4], [true; 4]);
    }

    /// Takes in an event; not if it is not known what it is.
    #[inline(always)]
    pub(super) fn take(&mut self, event: Event) -> Option<()> {
        let Event { kind, at, id, cents, category, severity } = event;
        let happening = Happening { at, id };
        match kind {
            Kind::Visit => self.visits.push(at),
            Kind::Order => self.orders.push(Order { at, cents, category }),
            Kind::Cart if cents >= 5_000 => self.carts.push(happening),
            Kind::Delivery => self.deliveries.push(happening),
            Kind::Complaint => {
                self.last_complaint = self.last_complaint.max(Some(at));
                if severity >= 2 {
                    self.complaints.push(happening);
                }
            }
            Kind::FriendJoined => self.friends.push(happening),
            Kind::Unknown => return None,
            Kind::Other | Kind::Cart => {}
        }
        Some(())
    }

    /// Puts in order of time what was not given so.
    pub(super) fn put_in_order(&mut self, lines: &[u8]) {
        if !self.orders.is_sorted_by_key(|order| order.at) {
            self.orders.sort_by_key(|order| order.at);
        }
        self.order_times.extend(self.orders.iter().map(|order| order.at));
        let milk = self.orders.iter().filter(|order| order.category.of(lines) == b"milk");
        self.milk.extend(milk.map(|order| order.at));
        if !self.visits.is_sorted() {
            self.visits.sort_unstable();
        }
        for happenings in [&mut self.carts, &mut self.deliveries, &mut self.complaints, &mut self.friends] {
            if !happenings.is_sorted_by_key(|happening| happening.at) {
                happenings.sort_by_key(|happening| happening.at);
            }
        }
    }

    pub(super) fn facts<'p>(&'p self, lines: &'p [u8], clock: &'p Clock) -> PersonFacts<'p> {
        PersonFacts { person: self, lines, clock }
    }
}

/// What messages tell of a person.
pub(super) struct PersonFacts<'p> {
    person: &'p Person,
    lines: &'p [u8],
    clock: &'p Clock,
}

impl Facts for PersonFacts<'_> {
    fn last_order(&self) -> Option<i64> {
        self.person.order_times.last().copied()
    }

    fn last_category(&self) -> Option<&str> {
        let category = self.person.orders.last()?.category.of(self.lines);
        std::str::from_utf8(category).ok().filter(|category| !category.is_empty())
    }

    fn spent_in_90_days(&self, at: i64) -> i64 {
        let counted = |order: &&Order| self.clock.add_days(order.at, 90) > at;
        self.person.orders.iter().rev().take_while(counted).map(|order| order.cents).sum()
    }

    fn points(&self) -> Option<i64> {
        self.person.points
    }

    fn points_expire_on(&self) -> Option<i64> {
        self.person.points_expire_on
    }
}

/// What depends on the moment of planning alone.
#[derive(Debug)]
pub(super) struct Moments {
    /// The days, by month and day, that may be within the horizon somewhere.
    birthdays: [bool; 13 * 32],
}

impl Default for Moments {
    fn default() -> Self {
        let mut birthdays = [false; 13 * 32];
        let today = NOW_SECOND.div_euclid(DAY);
        for day in today - 3..today + 11 {
            let (_, month, day) = super::super::civil::date_of(day);
            birthdays[(month * 32 + day) as usize] = true;
            // Those born on a 29 February.
            if (month, day) == (2, 28) {
                birthdays[(month * 32 + 29) as usize] = true;
            }
        }
        Self { birthdays }
    }
}

impl Moments {
    pub(super) fn may_have_birthday(&self, born: i64) -> bool {
        let (_, month, day) = super::super::civil::date_of(born);
        self.birthdays[(month * 32 + day) as usize]
    }
}
