//! One rule's part of a story.

use super::{
    RuleStory,
    ask::Edge,
    dates::Dates,
    facts::{Finder, Finding},
    reasons::{self, Own, Told},
    words::{ago, counted, moment},
};
use crate::{
    plan::Plan,
    program::{ConditionId, DateTrigger, Rule, RuleId, SetId, Trigger, Window},
    snapshot::PastContact,
    time::{Instant, Unit, Zone},
};

/// What there is to say of the rule.
pub(super) fn tell(finder: &Finder<'_>, plan: &Plan, id: RuleId, rule: &Rule) -> RuleStory {
    let zone = &finder.ask.user().zone;
    let own = Own { rule, finder };
    let planned: Vec<Told> = plan
        .touches
        .iter()
        .filter(|touch| *touch.candidate.rule == *rule.name)
        .map(|touch| reasons::touch(touch, own, zone))
        .collect();
    let withheld: Vec<Told> = plan
        .withheld
        .iter()
        .filter(|withheld| *withheld.candidate.rule == *rule.name)
        .map(|withheld| reasons::withheld(withheld, own, zone))
        .collect();
    let teller = Teller { finder, id, rule, is_in_plan: !planned.is_empty() || !withheld.is_empty() };
    let condition = rule.condition.map(|id| finder.find(id));
    let mut state = teller.state(condition.as_ref());
    if let Some(found) = &condition {
        let (now, does) = (
            if rule.is_off { "Its" } else { "Now its" },
            if found.holds { "holds" } else { "does not hold" },
        );
        if rule.is_off || !matches!(rule.trigger, Trigger::Condition) {
            state.push(format!("{now} condition {does}:"));
        }
    }
    RuleStory {
        name: rule.name.clone(),
        title: rule.title.clone(),
        state,
        outlook: rule.condition.and_then(|id| teller.outlook(id)),
        condition,
        sent: teller.sent(),
        planned,
        withheld,
    }
}

pub(super) struct Teller<'a> {
    pub(super) finder: &'a Finder<'a>,
    id: RuleId,
    pub(super) rule: &'a Rule,
    is_in_plan: bool,
}

impl<'a> Teller<'a> {
    pub(super) fn zone(&self) -> &'a Zone {
        &self.finder.ask.user().zone
    }

    pub(super) fn now(&self) -> Instant {
        self.finder.ask.now()
    }

    fn state(&self, condition: Option<&Finding>) -> Vec<String> {
        if self.rule.is_off {
            return vec!["The rule is switched off.".into()];
        }
        match (&self.rule.trigger, self.rule.condition) {
            (Trigger::Condition, Some(id)) => self.spell(id, condition.is_some_and(|found| found.holds)),
            (Trigger::Condition, None) => Vec::new(),
            (Trigger::Event(set), _) => self.event(*set, condition),
            (Trigger::Dates(dates), _) => self.dates(dates, condition),
        }
    }

    /// Of a rule that is due once a spell.
    fn spell(&self, id: ConditionId, holds: bool) -> Vec<String> {
        let (edge, _) = self.finder.ask.stretch(id);
        if !holds {
            let not = match edge {
                Edge::None => "does not hold".into(),
                Edge::At(from) => format!("has not held since {}", self.at(from)),
                Edge::Beyond(from) => format!("has not held since {} at least", self.at(from)),
            };
            let yet = if self.is_in_plan { " yet" } else { "" };
            return vec![format!("Not due{yet}: its condition {not}.")];
        }
        let since = |from| format!("Its condition has held since {} ({})", self.at(from), self.ago(from));
        let (from, holds) = match edge {
            Edge::None => (Instant::MIN, "Its condition holds, and always has".into()),
            Edge::At(from) => (from, since(from)),
            Edge::Beyond(from) => {
                (from, format!("{} at least; it was followed no further back", since(from)))
            }
        };
        let mut told = vec![format!("{holds}.")];
        let last = self.contacts().filter(|contact| contact.at >= from).map(|contact| contact.at).max();
        match (last, self.rule.again) {
            (Some(last), Some(again)) => {
                let next = self.zone().add(last, again);
                told.push(format!(
                    "It was sent in this time, last on {}, and is due again after {again}, from {}.",
                    self.at(last),
                    self.at(next)
                ));
            }
            (Some(last), None) => {
                told.push(format!("It is done for this time: it was sent on {}.", self.at(last)));
            }
            (None, _) if !self.is_in_plan => {
                told.extend(self.over(from, !matches!(edge, Edge::Beyond(_))));
            }
            (None, _) => {}
        }
        told
    }

    /// Of a rule that is due at each event.
    fn event(&self, set: SetId, filter: Option<&Finding>) -> Vec<String> {
        let words = &self.finder.words;
        let what = words.members(set, Window::Ever, false);
        let mut told = vec![format!("Due at each {what}{}.", only_if(filter))];
        let members = self.finder.ask.members(set);
        let Some(last) = members.last().copied() else {
            told.push("There has been none.".into());
            return told;
        };
        let count = i64::try_from(members.len()).unwrap_or(i64::MAX);
        let of = if count == 1 { "the only one".into() } else { format!("the last of {count}") };
        told.push(format!("There was one on {} ({}), {of}.", self.at(last), self.ago(last)));
        if !self.is_in_plan && self.contacts().all(|contact| contact.at < last) {
            told.extend(self.over(last, true));
        }
        told
    }

    /// Of a rule that is due on dates.
    fn dates(&self, trigger: &DateTrigger, filter: Option<&Finding>) -> Vec<String> {
        const YEARS: i64 = 5;
        let ask = &self.finder.ask;
        let dates = Dates::of(trigger, ask.user(), self.finder.words, self.finder.source(self.rule.origin));
        let text = match &dates {
            Dates::Unknown(name) => return vec![format!("Never due: {name} is not known.")],
            Dates::Known { text, .. } => text,
        };
        let mut told = vec![format!("Due {text}{}.", only_if(filter))];
        let to = self.zone().step(self.now(), YEARS, Unit::Year);
        told.push(match dates.next(trigger, self.zone(), self.now(), to) {
            None => format!("It will not be due within {YEARS} years."),
            Some(next) => {
                let due = self.rule.delay.map_or(next, |delay| self.zone().add(next, delay));
                let then = match self.rule.condition.map(|id| ask.at(due).holds(id)) {
                    None => "",
                    Some(true) => "; its condition will hold then, if nothing happens",
                    Some(false) => "; its condition will not hold then, if nothing happens",
                };
                format!("The next time is {}{then}.", self.at(due))
            }
        });
        told
    }

    /// What the condition will do if nothing happens.
    fn outlook(&self, id: ConditionId) -> Option<String> {
        let ask = &self.finder.ask;
        if self.rule.is_off || !matches!(self.rule.trigger, Trigger::Condition) {
            return None;
        }
        let (_, until) = ask.stretch(id);
        Some(match (ask.holds(id), until) {
            (true, Edge::None) => "If nothing happens, it goes on holding.".into(),
            (true, Edge::At(until)) => format!("If nothing happens, it holds until {}.", self.at(until)),
            (true, Edge::Beyond(until)) => {
                let until = self.at(until);
                format!("If nothing happens, it holds until {until} at least; it was followed no further.")
            }
            (false, Edge::None) if self.is_over(id) => {
                "It cannot hold any more: the days that it asks for are over.".into()
            }
            (false, Edge::None) => "It will not hold unless something happens.".into(),
            (false, Edge::At(from)) => {
                let (_, end) = ask.at(from).stretch(id);
                let until = match end {
                    Edge::None => String::new(),
                    Edge::At(end) => format!(" until {}", self.at(end)),
                    Edge::Beyond(end) => format!(" until {} at least", self.at(end)),
                };
                format!("If nothing happens, it will hold from {}{until}.", self.at(from))
            }
            (false, Edge::Beyond(until)) => {
                let until = self.at(until);
                format!("If nothing happens, it does not hold before {until}; it was followed no further.")
            }
        })
    }

    fn contacts(&self) -> impl Iterator<Item = &'a PastContact> {
        let (id, now) = (self.id, self.now());
        self.finder
            .ask
            .user()
            .contacts
            .iter()
            .filter(move |contact| contact.rule == Some(id) && contact.at <= now)
    }

    fn sent(&self) -> Vec<Told> {
        const MOST: usize = 5;
        let program = self.finder.ask.program();
        let mut contacts: Vec<&PastContact> = self.contacts().collect();
        contacts.sort_by_key(|contact| std::cmp::Reverse(contact.at));
        let more = contacts.len().saturating_sub(MOST);
        let mut told: Vec<Told> = contacts
            .iter()
            .take(MOST)
            .map(|contact| {
                let message = contact.message.and_then(|id| program.messages.get(id.index()));
                let message = message.map_or("a message", |message| &message.name);
                let via = contact
                    .channel
                    .map_or_else(String::new, |id| format!(" via {}", self.finder.words.channel(id)));
                Told { what: format!("{message}{via}"), at: contact.at, because: Vec::new() }
            })
            .collect();
        if let (true, Some(last)) = (more > 0, told.last_mut()) {
            let more = counted(i64::try_from(more).unwrap_or(i64::MAX), "contact");
            last.because.push(format!("and {more} before"));
        }
        told
    }

    pub(super) fn at(&self, at: Instant) -> String {
        moment(self.zone(), at)
    }

    fn ago(&self, at: Instant) -> String {
        ago(self.zone(), at, self.now())
    }
}

fn only_if(filter: Option<&Finding>) -> &'static str {
    if filter.is_some() { ", if its condition holds then" } else { "" }
}
