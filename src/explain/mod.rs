//! The whole story of one user: why each rule is due or not, and what becomes of it.
//!
//! A [`Story`] is a value; its `Display` is what people read. Nothing in it is decided here: the evaluator says what
//! holds and since when, the plan says what goes and what does not.
//!
//! ```
//! use courtesy::{Horizon, Planner, Snapshot, check, explain};
//! let source = "time zone \"UTC\"\nrule winback if ordered before and no order in 30 days then send coupon";
//! let compiled = check::compile(vec![("shop.touch".into(), source.into())], &check::NoFiles, None)?;
//! let user = Snapshot::new("u1").event("order", "2026-02-20T04:00:00Z".parse()?).bind(&compiled.program)?;
//! let plan = Planner::new(&compiled.program).plan(&user, "2026-03-01T00:00:00Z".parse()?, Horizon::days(7));
//! let story = explain::story(&compiled.program, &compiled.sources, &user, &plan, |rule| rule == "winback");
//! assert!(story.to_string().contains("no order in 30 days · last order 8 days ago (2026-02-20 04:00)"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod ask;
mod dates;
mod display;
mod facts;
mod over;
mod reasons;
mod rule;
#[cfg(test)]
mod tests;
mod words;

pub use facts::{Finding, Joint};
pub use reasons::Told;

use std::{cell::RefCell, sync::Arc};

use crate::{
    diagnostic::Sources,
    eval::Evaluator,
    plan::{Plan, Touch},
    program::{Program, RuleId},
    snapshot::{PastContact, User},
    time::{Instant, Zone},
};
use ask::Ask;
use facts::Finder;
use words::Words;

/// The whole story of one user at one moment. All moments are shown in the user's zone.
#[derive(Debug, Clone, PartialEq)]
pub struct Story {
    /// Who.
    pub user: Arc<str>,
    /// Their zone.
    pub zone: Zone,
    /// The moment.
    pub now: Instant,
    /// How far the plan looks.
    pub end: Instant,
    /// The holdouts of the rules, and whether the user is in them.
    pub hold_outs: Vec<String>,
    /// Each rule's part, in the order of the files.
    pub rules: Vec<RuleStory>,
}

/// What there is to say of one rule.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleStory {
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: Option<String>,
    /// Whether it is due, and why or why not; each one sentence.
    pub state: Vec<String>,
    /// Its condition, part by part.
    pub condition: Option<Finding>,
    /// What the condition will do if nothing happens.
    pub outlook: Option<String>,
    /// What it sent before, the latest first.
    pub sent: Vec<Told>,
    /// What it will send.
    pub planned: Vec<Told>,
    /// What it would send, but for the reasons given.
    pub withheld: Vec<Told>,
}

/// Tells the story of a user: of all rules, or of those whose names `tells` takes.
///
/// The plan must be that of the same rules and user; the sources are those that the rules were compiled from, and
/// lend the story the rules' own words.
#[must_use]
pub fn story(
    program: &Program,
    sources: &Sources,
    user: &User,
    plan: &Plan,
    tells: impl Fn(&str) -> bool,
) -> Story {
    let mut contacts = user.contacts.clone();
    contacts.extend(plan.touches.iter().map(|touch| placed(program, touch)));
    contacts.sort_by_key(|contact| contact.at);
    let evaluator = RefCell::new(Evaluator::new(program));
    evaluator.borrow_mut().begin();
    let ask = Ask::new(program, user, plan.now, &contacts, &evaluator);
    let finder = Finder { ask, words: Words::new(program, user), sources };
    let rules = program
        .rules
        .iter()
        .enumerate()
        .filter(|(_, rule)| tells(&rule.name))
        .map(|(index, rule)| rule::tell(&finder, plan, RuleId::from(index), rule))
        .collect();
    let hold_outs = program.hold_outs.iter().map(|hold_out| {
        let bucket = ask.bucket(hold_out.salt);
        let (is_in, than) = if bucket < hold_out.below { ("in", "below") } else { ("not in", "not below") };
        let name = finder.words.quoted(hold_out.salt);
        format!(
            "The user is {is_in} the holdout {name}: bucket {bucket} of 10000 is {than} {}.",
            hold_out.below
        )
    });
    Story {
        user: plan.user.clone(),
        zone: user.zone,
        now: plan.now,
        end: plan.end,
        hold_outs: hold_outs.collect(),
        rules,
    }
}

/// A planned touch as conditions over contacts see it.
fn placed(program: &Program, touch: &Touch) -> PastContact {
    let categories = touch.categories.iter();
    PastContact {
        at: touch.at,
        channel: program.channels.iter().position(|one| *one.name == *touch.channel).map(Into::into),
        message: program
            .messages
            .iter()
            .position(|one| *one.name == *touch.candidate.message)
            .map(Into::into),
        categories: categories
            .filter_map(|name| program.categories.iter().position(|one| **one == **name).map(Into::into))
            .collect(),
        rule: program.rules.iter().position(|one| *one.name == *touch.candidate.rule).map(Into::into),
        touch_id: Some(touch.candidate.id.0),
    }
}
