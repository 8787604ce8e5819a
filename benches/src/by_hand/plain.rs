//! As a good engineer writes it for this one rule set: typed `serde_json`, and a function for each rule.

mod conditions;
mod customer;

use super::{
    Counts, Work,
    clock::{Clock, Clocks},
    due::{Answer, Past, Who},
    placing::Placer,
};
use conditions::{RULES, Variation};
pub use customer::Customer;

/// The program.
#[derive(Debug, Default)]
pub struct Plain {
    clocks: Clocks,
    placer: Placer,
    rejected: u64,
}

impl Work for Plain {
    fn lines(&mut self, lines: &[u8], out: &mut Vec<u8>) {
        for line in lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            match serde_json::from_slice::<Customer<'_>>(line) {
                Ok(mut customer) => {
                    customer.sort();
                    self.plan(&customer, 1, out);
                }
                Err(_) => self.rejected += 1,
            }
        }
    }

    fn counts(&self) -> Counts {
        Counts { rejected: self.rejected, ..self.placer.counts }
    }
}

impl Plain {
    /// Plans one customer. Each rule is asked so many times, from the second on with other numbers in it and for few customers:
    /// as many rules as there would be.
    pub fn plan(&mut self, customer: &Customer<'_>, times: usize, out: &mut Vec<u8>) {
        let Some(clock) = self.clocks.place(&customer.timezone) else {
            self.rejected += 1;
            return;
        };
        let clock: &Clock = self.clocks.get(clock);
        let contacts: Vec<Past> = customer.contacts.iter().map(customer::Contact::past).collect();
        let orders: Vec<i64> = customer.all(customer::Kind::Order).map(|order| order.at).collect();
        let answer = |answer: Option<bool>| match answer {
            None => Answer::None,
            Some(true) => Answer::Yes,
            Some(false) => Answer::No,
        };
        let consent = &customer.consent;
        let who = Who {
            id: &customer.id,
            clock,
            consent: [consent.push, consent.wechat, consent.sms, consent.email].map(answer),
            reachable: customer.addresses.as_ref().map_or([true; 4], |addresses| {
                [addresses.push, addresses.wechat, addresses.sms, addresses.email]
            }),
            contacts: &contacts,
            orders: &orders,
        };
        for number in 0..times {
            let variation = Variation::new(number);
            for rule in RULES {
                rule(customer, &who, &variation, &mut self.placer);
            }
        }
        self.placer.finish(&who, &customer.facts(clock), out);
    }
}
