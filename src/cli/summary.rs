//! What came of a run, counted.

use std::{collections::BTreeMap, fmt, sync::Arc};

use courtesy::{
    io::Reject,
    plan::{Plan, Reason},
};

/// How many rejected records are shown at once.
const SHOWN: usize = 3;

/// What came of a run, counted.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    users: u64,
    touches: BTreeMap<(Arc<str>, Arc<str>), u64>,
    withheld: u64,
    reasons: BTreeMap<Reason, u64>,
    /// Events and contacts that were given before.
    duplicates: u64,
    pub(crate) rejected: u64,
    examples: Vec<String>,
    remarks: Vec<String>,
}

impl Summary {
    /// Counts a user.
    pub(crate) fn add(&mut self, plan: &Plan, duplicates: usize) {
        self.users = self.users.saturating_add(1);
        self.duplicates = self.duplicates.saturating_add(duplicates as u64);
        for touch in &plan.touches {
            let key = (Arc::clone(&touch.candidate.rule), Arc::clone(&touch.channel));
            count(&mut self.touches, key);
        }
        for withheld in &plan.withheld {
            self.withheld = self.withheld.saturating_add(1);
            let mut reasons: Vec<Reason> = withheld.reasons.iter().map(|blocker| blocker.reason).collect();
            reasons.sort_unstable();
            reasons.dedup();
            reasons.into_iter().for_each(|reason| count(&mut self.reasons, reason));
        }
    }

    /// Counts a record that was left out.
    pub(crate) fn reject(&mut self, reject: &Reject) {
        self.rejected = self.rejected.saturating_add(1);
        if self.examples.len() < SHOWN {
            self.examples.push(reject.to_string());
        }
    }

    /// Adds a line at the end.
    pub(crate) fn remark(&mut self, text: String) {
        self.remarks.push(text);
    }
}

fn count<K: Ord>(counts: &mut BTreeMap<K, u64>, key: K) {
    let count = counts.entry(key).or_default();
    *count = count.saturating_add(1);
}

/// `1 user`, `1,234 users`
fn many(count: u64, one: &str, more: &str) -> String {
    format!("{} {}", grouped(count), if count == 1 { one } else { more })
}

/// `1,234,567`
fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let touches = self.touches.values().fold(0_u64, |sum, count| sum.saturating_add(*count));
        write!(
            f,
            "{}: {}, {} withheld, {} rejected",
            many(self.users, "user", "users"),
            many(touches, "touch", "touches"),
            grouped(self.withheld),
            grouped(self.rejected),
        )?;
        let mut rules: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for ((rule, channel), count) in &self.touches {
            rules.entry(rule).or_default().push(format!("{channel} {}", grouped(*count)));
        }
        for (rule, channels) in rules {
            write!(f, "\n  {rule}: {}", channels.join(", "))?;
        }
        if !self.reasons.is_empty() {
            let reasons: Vec<_> =
                self.reasons.iter().map(|(reason, count)| format!("{reason} {}", grouped(*count))).collect();
            write!(f, "\n  withheld by {}", reasons.join(", "))?;
        }
        for example in &self.examples {
            write!(f, "\n  rejected: {example}")?;
        }
        if let Some(more) = self.rejected.checked_sub(self.examples.len() as u64).filter(|more| *more > 0) {
            write!(f, "\n  rejected: {} more", grouped(more))?;
        }
        if self.duplicates > 0 {
            let twice = many(self.duplicates, "event or contact", "events and contacts");
            write!(f, "\n  {twice} given twice and counted once")?;
        }
        for remark in &self.remarks {
            write!(f, "\n  {remark}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_twice_may_be_a_contact() {
        let said = |duplicates| Summary { duplicates, ..Summary::default() }.to_string();
        assert!(said(1).ends_with("\n  1 event or contact given twice and counted once"));
        assert!(said(1_234).ends_with("\n  1,234 events and contacts given twice and counted once"));
    }
}
