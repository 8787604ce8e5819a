//! When a rule could come up.

use super::{
    leaves::LeafId,
    shape::{NodeId, Shape},
    span::{Era, Span, Spans},
};
use crate::{
    eval::Situation,
    program::{ConditionId, DateSource, Program, Rule, RuleId, Trigger},
    syntax::ast::IfBlocked,
    time::{DAY, Length, Period, Unit},
};

/// What a rule needs for coming up.
#[derive(Debug)]
struct Sifted {
    rule: RuleId,
    /// A condition that must hold at some time.
    condition: Option<NodeId>,
    /// Something that must be due.
    trigger: Option<LeafId>,
    /// Whether it may go on, whatever holds now, because it has sent something.
    has_more_steps: bool,
}

/// All rules of a program, and what is asked for them.
#[derive(Debug)]
pub(super) struct Rules {
    rules: Vec<Sifted>,
    shape: Shape,
    /// How long ago something may have been due that can still go, in microseconds, for all rules whose conditions are
    /// asked about such times.
    age: i64,
    /// By rule: the users who got something of it before.
    own: Vec<u64>,
    /// The users who got something that does not tell its rule.
    of_any: u64,
}

/// Conditions are not asked about times longer ago.
const LONGEST_AGE: i64 = 40 * DAY;

impl Rules {
    pub(super) fn new(program: &Program) -> Self {
        let mut shape = Shape::default();
        let active = || {
            let all = program.rules.iter().enumerate();
            all.filter(|(_, rule)| !rule.is_off).map(|(index, rule)| (RuleId::from(index), rule))
        };
        let era = |rule: &Rule| match rule.trigger {
            Trigger::Condition => Some(Era::Ahead),
            _ if age(rule) <= LONGEST_AGE => Some(Era::Around),
            _ => None,
        };
        let mut nodes = |wanted: Era| {
            let conditions = active().filter(|(_, rule)| era(rule) == Some(wanted));
            let roots: Vec<ConditionId> = conditions.filter_map(|(_, rule)| rule.condition).collect();
            shape.enter(program, roots, wanted)
        };
        let (ahead, around) = (nodes(Era::Ahead), nodes(Era::Around));
        let rules = active().map(|(id, rule)| {
            let nodes = match era(rule) {
                Some(Era::Ahead) => Some(&ahead),
                Some(Era::Around) => Some(&around),
                None => None,
            };
            let condition = nodes.zip(rule.condition).and_then(|(nodes, id)| nodes.get(&id).copied());
            let trigger = trigger(program, id, rule, &mut shape);
            Sifted { rule: id, condition, trigger, has_more_steps: rule.steps.len() > 1 }
        });
        let rules = rules.collect();
        let ages = active().filter(|(_, rule)| era(rule) == Some(Era::Around)).map(|(_, rule)| age(rule));
        let age = ages.max().unwrap_or(0);
        Self { rules, shape, age, own: vec![0; program.rules.len()], of_any: 0 }
    }

    /// Turns to other users, and to that span.
    pub(super) fn turn_to(&mut self, program: &Program, ahead: Span) {
        let spans = Spans { ahead, around: Span { from: ahead.from.plus_micros(-self.age), ..ahead } };
        let shape = &mut self.shape;
        shape.sets.turn_to(program, spans);
        shape.attributes.turn_to(spans);
        shape.days.turn_to(program, spans);
        shape.leaves.clear();
        shape.days.answer(&mut shape.leaves);
        self.own.fill(0);
        self.of_any = 0;
    }

    /// Asks everything of the user, the one of that bit.
    pub(super) fn look_at(&mut self, s: &Situation<'_>, bit: u64) {
        let shape = &mut self.shape;
        shape.attributes.look_at(s.program, s.user, bit, &mut shape.leaves);
        shape.sets.look_at(s, bit, &mut shape.leaves);
        for contact in s.contacts {
            match contact.rule {
                Some(rule) => {
                    if let Some(own) = self.own.get_mut(rule.index()) {
                        *own |= bit;
                    }
                }
                None if contact.touch_id.is_some() => self.of_any |= bit,
                None => {}
            }
        }
    }

    /// Adds to each user the rules that could come up for them.
    pub(super) fn conclude(&mut self, passed: &mut [Vec<RuleId>]) {
        self.shape.conclude();
        let all = u64::MAX.checked_shr(64 - u32::try_from(passed.len()).unwrap_or(64).min(64)).unwrap_or(0);
        for sifted in &self.rules {
            let mut users = sifted.condition.map_or(u64::MAX, |node| self.shape.holding(node));
            if let Some(trigger) = sifted.trigger {
                users &= self.shape.leaves.get(trigger).hold;
            }
            if sifted.has_more_steps {
                users |= self.of_any | self.own.get(sifted.rule.index()).copied().unwrap_or(u64::MAX);
            }
            users &= all;
            while users != 0 {
                if let Some(passed) = passed.get_mut(users.trailing_zeros() as usize) {
                    passed.push(sifted.rule);
                }
                users &= users - 1;
            }
        }
    }
}

/// What must be due for the rule, where that can be told.
fn trigger(program: &Program, id: RuleId, rule: &Rule, shape: &mut Shape) -> Option<LeafId> {
    let age = age(rule);
    let leaves = &mut shape.leaves;
    match &rule.trigger {
        Trigger::Condition => None,
        Trigger::Event(set) => Some(shape.sets.alarm(program, *set, age, leaves)),
        Trigger::Dates(dates) => match dates.source {
            DateSource::Fixed(_) => Some(shape.days.ask_rule(id, age, leaves)),
            DateSource::Attribute { attribute, once } => {
                let (count, unit) = dates.offset;
                let offset = match unit {
                    _ if count == 0 => 0,
                    Unit::Day => count,
                    Unit::Week => count.checked_mul(7)?,
                    _ => return None,
                };
                (offset.abs() < 10_000)
                    .then(|| shape.attributes.ask_date(attribute, (once, offset, age), leaves))
            }
            DateSource::Since { .. } => None,
        },
    }
}

/// How long ago the rule's trigger may have been for a step to be still to go, in microseconds.
fn age(rule: &Rule) -> i64 {
    let long = |period: Option<Period>| {
        period.map_or(0, |period| Length::of(period.count.into(), period.unit).bounds().1)
    };
    let patience = match (rule.deadline, rule.if_blocked) {
        (Some(deadline), _) => long(Some(deadline)),
        (None, IfBlocked::Drop) => long(Some(Period::new(1, Unit::Year))),
        (None, _) => i64::MAX,
    };
    rule.steps.iter().fold(long(rule.delay), |age, step| {
        // A time of day may put it off until the next day, and clocks a bit more.
        [long(step.delay), patience, 3 * DAY].into_iter().fold(age, i64::saturating_add)
    })
}
