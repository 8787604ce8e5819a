//! Random caps, gaps and hours, each of which can be made stricter.

use proptest::{prelude::*, sample::select};

use crate::world::{
    Looks::{self, Days, Weeks, Years},
    of,
};

/// A cap, a gap or hours, as a choice from lists whose later entries are stricter.
#[derive(Debug, Clone)]
pub struct Policy {
    kind: Kind,
    /// When and for whom it holds; always and for all if nothing is said.
    condition: &'static str,
}

#[derive(Debug, Clone)]
enum Kind {
    Cap { limit: u32, subject: &'static str, window: &'static [&'static str], at: usize, exception: bool },
    Gap { subject: &'static str, at: usize },
    Hours { list: &'static [&'static str], at: usize },
}

/// Windows, each longer than the one before it.
const ROLLING: &[&str] = &["in 20 hours", "in 1 day", "in 30 hours", "in 3 days", "in 5 days"];
const MONTHS: &[&str] = &["in 3 weeks", "in 1 month", "in 2 months"];
const DAY: &[&str] = &["per day"];
const WEEK: &[&str] = &["per week"];
const MONTH: &[&str] = &["per month", "per year"];
const GAPS: &[&str] = &["5 hours", "1 day", "2 days", "1 week"];
const NIGHT: &[&str] =
    &["quiet hours 22:00 to 07:00", "quiet hours 21:00 to 09:00", "quiet hours 20:00 to 10:30"];
const NOON: &[&str] = &["quiet hours 13:00 to 14:00 for sms", "quiet hours 12:30 to 15:00 for sms, push"];
const OFFICE: &[&str] = &["contact hours 08:00 to 20:00 for sms", "contact hours 10:00 to 18:00 for sms"];
const WEEKDAYS: &[&str] = &[
    "contact hours 08:00 to 20:00 on weekdays for email",
    "contact hours 08:00 to 20:00 on monday, tuesday, friday for email",
];
const MONDAY: &[&str] =
    &["quiet hours 21:00 to 09:00 on monday for push", "quiet hours 20:00 to 12:00 on monday"];

const CONDITIONS: &[(Looks, &str)] = &[
    (Days, ""),
    (Days, ""),
    (Days, ""),
    (Days, " if points > 50"),
    (Days, " if order in 3 days"),
    (Days, " from {3}"),
    (Days, " until {5}"),
    (Weeks, " if today is a weekday"),
];

pub fn policies(looks: Looks) -> impl Strategy<Value = Vec<Policy>> {
    prop::collection::vec(policy(looks), 0..4)
}

pub fn policy(looks: Looks) -> impl Strategy<Value = Policy> {
    let windows: &[(Looks, &'static [&'static str])] =
        &[(Days, ROLLING), (Days, ROLLING), (Days, DAY), (Weeks, WEEK), (Years, MONTHS), (Years, MONTH)];
    let subjects: &'static [&'static str] = &["touch", "touch", "promo", "care", "sms", "a", "r0"];
    let cap = (1..4u32, select(subjects), of(windows, looks), any::<prop::sample::Index>(), any::<bool>())
        .prop_map(|(limit, subject, window, at, exception)| Kind::Cap {
            limit,
            subject,
            window,
            at: at.index(window.len()),
            exception,
        });
    let subjects: &'static [&'static str] = &["touch", "promo", "care and promo", "sms and push", "a and r0"];
    let gap = (select(subjects), 0..GAPS.len()).prop_map(|(subject, at)| Kind::Gap { subject, at });
    let lists: &[(Looks, &'static [&'static str])] =
        &[(Days, NIGHT), (Days, NOON), (Days, OFFICE), (Weeks, WEEKDAYS), (Weeks, MONDAY)];
    let hours = (of(lists, looks), any::<prop::sample::Index>())
        .prop_map(|(list, at)| Kind::Hours { list, at: at.index(list.len()) });
    (prop_oneof![3 => cap, 2 => gap, 2 => hours], of(CONDITIONS, looks)).prop_map(|(kind, condition)| {
        // Of two contact hours for a channel one that is not in force leaves the other, so they hold for all here.
        let policy = Policy { kind, condition };
        if policy.only_closes() { policy } else { Policy { condition: "", ..policy } }
    })
}

impl Policy {
    pub fn text(&self) -> String {
        let condition = self.condition;
        match self.kind {
            Kind::Cap { limit, subject, window, at, exception } => {
                let exception =
                    if exception { format!(", {} if tier is gold", limit + 2) } else { String::new() };
                format!("at most {limit} {subject} {}{exception}{condition}\n", window[at])
            }
            Kind::Gap { subject, at } => format!("at least {} between {subject}{condition}\n", GAPS[at]),
            Kind::Hours { list, at } => format!("{}{condition}\n", list[at]),
        }
    }

    /// The same in every way in which it can be stricter: what it forbids is forbidden by each of them.
    pub fn stricter(&self) -> Vec<Self> {
        let mut kinds = Vec::new();
        match self.kind {
            Kind::Cap { limit, subject, window, at, exception } => {
                let cap = |limit, subject, at, exception| Kind::Cap { limit, subject, window, at, exception };
                if limit > 1 {
                    kinds.push(cap(limit - 1, subject, at, exception));
                }
                if subject != "touch" {
                    kinds.push(cap(limit, "touch", at, exception));
                }
                if at + 1 < window.len() {
                    kinds.push(cap(limit, subject, at + 1, exception));
                }
                if exception {
                    kinds.push(cap(limit, subject, at, false));
                }
            }
            Kind::Gap { subject, at } => {
                if at + 1 < GAPS.len() {
                    kinds.push(Kind::Gap { subject, at: at + 1 });
                }
                if subject != "touch" {
                    kinds.push(Kind::Gap { subject: "touch", at });
                }
            }
            Kind::Hours { list, at } => {
                if at + 1 < list.len() {
                    kinds.push(Kind::Hours { list, at: at + 1 });
                }
            }
        }
        let condition = self.condition;
        let mut ways: Vec<Self> = kinds.into_iter().map(|kind| Self { kind, condition }).collect();
        if !condition.is_empty() {
            ways.push(Self { condition: "", ..self.clone() });
        }
        ways
    }

    /// Whether another one of its kind can only forbid more. Contact hours open as well as close.
    pub fn only_closes(&self) -> bool {
        !matches!(self.kind, Kind::Hours { list, .. } if list[0].starts_with("contact"))
    }
}
