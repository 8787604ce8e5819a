//! The fastest that we know to write: one pass over the bytes, of which only what the rules mention is read, in whatever order keys
//! come, with a guess at the next key learned from the records before; then what the rules share is asked once, and most users are let
//! go after a few comparisons. What is out of the ordinary is left to the plain program. Parquet takes the same way but for the reading.

mod columns;
mod conditions;
mod cursor;
mod parquet;
mod person;
mod read;

use super::{
    Counts, Work,
    clock::Clocks,
    due::{Past, Who},
    placing::Placer,
    plain::Plain,
};
pub use parquet::run_over_parquet;
use person::{Moments, Person};
use read::Reader;

/// The program.
#[derive(Debug, Default)]
pub struct Limit {
    clocks: Clocks,
    placer: Placer,
    reader: Reader,
    person: Person,
    contacts: Vec<Past>,
    moments: Moments,
    plain: Plain,
    /// Of users who do not come as lines.
    texts: Vec<u8>,
}

impl Work for Limit {
    fn lines(&mut self, lines: &[u8], out: &mut Vec<u8>) {
        let mut at = 0;
        while at < lines.len() {
            let end = match self.reader.read(lines, at, &mut self.person) {
                Some(end) if self.plan(lines, out) => end,
                _ => {
                    let end =
                        memchr::memchr(b'\n', &lines[at..]).map_or(lines.len(), |length| at + length + 1);
                    self.plain.lines(&lines[at..end], out);
                    end
                }
            };
            at = end;
        }
    }

    fn counts(&self) -> Counts {
        let mut counts = self.plain.counts();
        counts.add(&self.placer.counts);
        counts
    }
}

impl Limit {
    /// Plans the person at hand; not if their zone is not known.
    fn plan(&mut self, lines: &[u8], out: &mut Vec<u8>) -> bool {
        let person = &self.person;
        let due = conditions::may_be_due(person, &self.moments);
        if due == 0 {
            self.placer.counts.users += 1;
            return true;
        }
        let (Ok(id), Ok(zone)) =
            (std::str::from_utf8(person.id.of(lines)), std::str::from_utf8(person.zone.of(lines)))
        else {
            return false;
        };
        let Some(clock) = self.clocks.place(zone) else { return false };
        let clock = self.clocks.get(clock);
        self.contacts.clear();
        self.contacts.extend(person.contacts.iter().map(|contact| contact.past(lines)));
        if !self.contacts.is_sorted_by_key(|contact| contact.at) {
            self.contacts.sort_by_key(|contact| contact.at);
        }
        let who = Who {
            id,
            clock,
            consent: person.consent,
            reachable: person.reachable,
            contacts: &self.contacts,
            orders: &person.order_times,
        };
        conditions::ask(person, lines, &who, due, &mut self.placer);
        self.placer.finish(&who, &person.facts(lines, clock), out);
        true
    }
}
