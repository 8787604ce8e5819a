//! A touch and its row.

use xxhash_rust::xxh3::xxh3_128;

use super::{
    civil::{write_instant, write_local, write_number, write_seconds},
    due::{Due, Key, Who},
    rules::{CHANNELS, Channel, RULES, STORE_EVENT, With, Within},
    search::{Reason, Reasons},
};
use crate::users::DAY;

/// What messages tell of a user.
pub(super) trait Facts {
    /// When they last ordered.
    fn last_order(&self) -> Option<i64>;
    /// What they last ordered.
    fn last_category(&self) -> Option<&str>;
    /// What they spent in the 90 days before, in hundredths.
    fn spent_in_90_days(&self, at: i64) -> i64;
    /// Their points.
    fn points(&self) -> Option<i64>;
    /// The day on which their points are lost.
    fn points_expire_on(&self) -> Option<i64>;
}

/// A touch that has its place.
#[derive(Debug)]
pub(super) struct Touch {
    pub(super) due: Due,
    pub(super) channel: Channel,
    pub(super) at: i64,
    pub(super) id: u128,
    met: Reasons,
}

impl Key {
    fn write(self, texts: &[u8], out: &mut Vec<u8>) {
        match self {
            Self::Spell(start, number) => {
                write_instant(out, start);
                if number > 0 {
                    out.push(b'/');
                    write_number(out, number.into());
                }
            }
            Self::Event(start, length) => out.extend_from_slice(&texts[start..start + length]),
            Self::Clock(local) => write_seconds(out, local),
        }
    }
}

impl Touch {
    pub(super) fn new(
        who: &Who<'_>,
        due: Due,
        channel: Channel,
        at: i64,
        met: Reasons,
        texts: &[u8],
        scratch: &mut Vec<u8>,
    ) -> Self {
        scratch.clear();
        scratch.extend_from_slice(RULES[due.rule].name.as_bytes());
        scratch.push(0);
        scratch.extend_from_slice(who.id.as_bytes());
        scratch.push(0);
        due.key.write(texts, scratch);
        scratch.extend_from_slice(&[0, b'1' + due.step as u8, 0]);
        Self { due, channel, at, id: xxh3_128(scratch), met }
    }

    /// Writes its row.
    pub(super) fn write(&self, who: &Who<'_>, facts: &impl Facts, texts: &[u8], out: &mut Vec<u8>) {
        let Self { due, at, .. } = *self;
        let rule = &RULES[due.rule];
        let step = &rule.steps[due.step];
        let clock = who.clock;
        cell(out, who.id.as_bytes());
        write_instant(out, at);
        out.push(b',');
        write_local(out, clock.local(at));
        out.push(b',');
        cell(out, clock.name.as_bytes());
        plain(out, CHANNELS[self.channel]);
        out.extend_from_slice(step.message.as_bytes());
        if due.rule == STORE_EVENT {
            out.extend_from_slice(if bucket("store-event", who.id) < 5_000 { b"_a" } else { b"_b" });
        }
        out.extend_from_slice(b",,");
        plain(out, step.categories);
        plain(out, rule.name);
        out.extend_from_slice(&[b'1' + due.step as u8, b',']);
        if let Key::Event(start, length) = due.key {
            cell(out, &texts[start..start + length]);
        } else {
            due.key.write(texts, out);
            out.push(b',');
        }
        hex(out, self.id);
        out.push(b',');
        write_instant(out, due.due);
        out.push(b',');
        if rule.within != Within::Ever {
            write_instant(out, rule.within.after(clock, due.due));
        }
        out.push(b',');
        write_number(out, rule.priority);
        out.push(b',');
        self.with(step.with, who, facts, out);
        out.push(b',');
        let many = self.met.list().len() > 1;
        if many {
            out.push(b'"');
        }
        for (place, reason) in self.met.list().iter().enumerate() {
            if place > 0 {
                out.extend_from_slice(b"; ");
            }
            out.extend_from_slice(Reason::CODES[usize::from(*reason)].as_bytes());
        }
        if many {
            out.push(b'"');
        }
        out.push(b'\n');
    }

    fn with(&self, with: With, who: &Who<'_>, facts: &impl Facts, out: &mut Vec<u8>) {
        let number = |out: &mut Vec<u8>, number: Option<i64>| match number {
            Some(number) => write_number(out, number),
            None => out.extend_from_slice(b"null"),
        };
        match with {
            With::Nothing => {}
            With::Text(text) => out.extend_from_slice(text.as_bytes()),
            With::CodeAndDaysQuiet => {
                out.extend_from_slice(br#""{""code"":""BACK20"",""days_quiet"":"#);
                number(out, facts.last_order().map(|last| who.clock.days_between(last, self.at)));
                out.extend_from_slice(b"}\"");
            }
            With::PointsAndDays => {
                out.extend_from_slice(br#""{""days"":"#);
                number(out, facts.points_expire_on().map(|day| day - who.clock.day(self.at)));
                out.extend_from_slice(br#",""points"":"#);
                number(out, facts.points());
                out.extend_from_slice(b"}\"");
            }
            With::Spent => {
                out.extend_from_slice(br#""{""spent"":"#);
                let cents = facts.spent_in_90_days(self.at);
                write_number(out, cents / 100);
                match cents % 100 {
                    0 => {}
                    rest if rest % 10 == 0 => out.extend_from_slice(&[b'.', b'0' + (rest / 10) as u8]),
                    rest => {
                        out.extend_from_slice(&[b'.', b'0' + (rest / 10) as u8, b'0' + (rest % 10) as u8])
                    }
                }
                out.extend_from_slice(b"}\"");
            }
            With::LastCategory => {
                out.extend_from_slice(br#""{""category"":"#);
                match facts.last_category() {
                    // Categories hold no quotes.
                    Some(category) => {
                        out.extend_from_slice(b"\"\"");
                        out.extend_from_slice(category.as_bytes());
                        out.extend_from_slice(b"\"\"");
                    }
                    None => out.extend_from_slice(b"null"),
                }
                out.extend_from_slice(b"}\"");
            }
        }
    }
}

fn plain(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(text.as_bytes());
    out.push(b',');
}

/// A cell of any text, and the comma after it.
fn cell(out: &mut Vec<u8>, text: &[u8]) {
    let is_formula = matches!(text.first(), Some(b'=' | b'+' | b'-' | b'@'));
    if text.iter().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r' | b';')) {
        out.push(b'"');
        if is_formula {
            out.push(b'\'');
        }
        for byte in text {
            if *byte == b'"' {
                out.push(b'"');
            }
            out.push(*byte);
        }
        out.push(b'"');
    } else {
        if is_formula {
            out.push(b'\'');
        }
        out.extend_from_slice(text);
    }
    out.push(b',');
}

fn hex(out: &mut Vec<u8>, id: u128) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for byte in id.to_be_bytes() {
        out.push(DIGITS[usize::from(byte >> 4)]);
        out.push(DIGITS[usize::from(byte & 15)]);
    }
}

/// GrowthBook's hash, version 2: a number below 10,000.
pub(super) fn bucket(salt: &str, id: &str) -> u32 {
    let fnv = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    let mut inner = salt.bytes().chain(id.bytes()).fold(0x811c_9dc5, fnv);
    let mut digits = [0; 10];
    let mut first = digits.len();
    loop {
        first -= 1;
        digits[first] = b'0' + (inner % 10) as u8;
        inner /= 10;
        if inner == 0 {
            break;
        }
    }
    digits[first..].iter().copied().fold(0x811c_9dc5, fnv) % 10_000
}

/// The moments, on the clocks, of a day and a time of day.
pub(super) fn on(day: i64, hour: i64) -> i64 {
    day * DAY + hour * 3_600
}
