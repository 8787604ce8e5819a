//! `no order in 30 days` includes those who never ordered.

use std::collections::HashSet;

use crate::{
    check::{
        checker::{Checker, Scope},
        subjects::{Allowed, Counted},
        words::past_of,
    },
    diagnostic::{Code, SourceId},
    number::Number,
    syntax::ast::{
        Aggregate, Compare, Condition, ConditionKind, DeclarationKind, Events, Expr, ExprKind, Moment, Name,
        Quantity, Rule, Subject, Trigger, Window,
    },
};

/// How deep segments within segments are followed. Who goes deeper knows what they do.
const DEEPEST: u32 = 50;

/// A count of none that holds without any event.
struct Found<'a> {
    at: At,
    condition: &'a Condition,
    events: &'a Events,
    event: usize,
}

/// What was seen and found of one rule.
struct Look<'a, 'n> {
    /// Whether each segment needs an event, as far as it was asked.
    needs: &'n mut [Option<bool>],
    seen: HashSet<usize>,
    found: Vec<Found<'a>>,
}

/// Where a condition stands.
#[derive(Clone, Copy)]
struct At {
    source: SourceId,
    depth: u32,
    in_segment: bool,
}

impl<'a> Checker<'a> {
    /// Looks at the whole conditions that rules start with, segments included. A filter on events or dates is left alone:
    /// `on visit if no order in 7 days` means those who never ordered as well. So is a condition, or a branch of it, that
    /// requires anything to have happened: it is about people who did something, and whoever wrote it has thought of those
    /// who did not.
    pub(super) fn lint_never_happened(&mut self) {
        self.index_pasts();
        let mut needs = vec![None; self.segments.len()];
        let mut said = HashSet::new();
        for unit in self.units() {
            for declaration in &unit.file.declarations {
                let DeclarationKind::Rule(rule) = &declaration.node else { continue };
                let Trigger::If(condition) = &rule.trigger.node else { continue };
                let mut look = Look { needs: &mut needs, seen: HashSet::new(), found: Vec::new() };
                let at = At { source: unit.source, depth: 0, in_segment: false };
                self.look(condition, at, &[], &mut look);
                for found in look.found {
                    if said.insert((found.at.source, found.condition.span)) {
                        self.report_never(&found, unit.source, rule);
                    }
                }
            }
        }
    }

    /// Finds what holds without any event; of `never` it is said that those who never did it are meant.
    fn look(&self, condition: &'a Condition, at: At, never: &[usize], look: &mut Look<'a, '_>) {
        if self.needs_event(condition, look.needs, 0) {
            return;
        }
        match &condition.node {
            ConditionKind::And(parts) => {
                parts.iter().for_each(|part| self.look(part, at, never, look));
            }
            ConditionKind::Or(parts) => {
                let mut never = never.to_vec();
                never.extend(parts.iter().filter_map(|part| self.explicitly_never(part)));
                parts.iter().for_each(|part| self.look(part, at, &never, look));
            }
            ConditionKind::Count { quantity: Quantity::None, events } => {
                let Some(window) = events.window.as_ref() else { return };
                let Some(event) = self.event_of(&events.subject) else { return };
                if matches!(window.node, Window::Rolling(_)) && !never.contains(&event) {
                    look.found.push(Found { at, condition, events, event });
                }
            }
            ConditionKind::Bare(name) | ConditionKind::InSegment(name) => {
                let Some(segment) = self.segments.find(&name.node) else { return };
                if at.depth >= DEEPEST || !look.seen.insert(segment) {
                    return;
                }
                let Some(entry) = self.segments.get(segment) else { return };
                let at = At { source: entry.item.source, depth: at.depth + 1, in_segment: true };
                self.look(entry.item.condition, at, never, look);
            }
            _ => {}
        }
    }

    fn report_never(&mut self, found: &Found<'a>, source: SourceId, rule: &Rule) {
        let Found { at, condition, events, event } = found;
        let Some(entry) = self.events.get(*event) else { return };
        let written = self.text(at.source, condition.span);
        let name = &events.subject.name.node;
        let past = past_of(&entry.name, entry.item.past.as_deref());
        let message = format!("this includes users who never had a single `{}`", entry.name);
        let mut finding = self
            .finding(Code::NeverHappened, Scope::of(at.source), condition.span, message)
            .label(format!("holds without any `{name}` at all"))
            .help(format!(
                "to leave them out write `{past} before and {written}`; to keep them say so: `({written} or not {past} before)`"
            ));
        if at.in_segment {
            let place = rule.name.as_ref().map_or(rule.trigger.span, |name| name.span);
            finding = finding.also(source, place, "this rule asks it");
        }
        self.report(finding);
    }

    fn event_of(&self, subject: &Subject) -> Option<usize> {
        match self.counted(&subject.name.node, subject.kind, Allowed::All).as_slice() {
            [(_, Counted::Event(event))] => Some(*event),
            _ => None,
        }
    }

    fn event_named_plainly(&self, name: &Name) -> Option<usize> {
        self.event_of(&Subject { kind: None, name: name.clone() })
    }

    /// Whether the condition cannot hold unless some event happened. `known` is what was found of segments.
    fn needs_event(&self, condition: &Condition, known: &mut [Option<bool>], depth: u32) -> bool {
        match &condition.node {
            ConditionKind::And(parts) => parts.iter().any(|part| self.needs_event(part, known, depth)),
            ConditionKind::Or(parts) => parts.iter().all(|part| self.needs_event(part, known, depth)),
            ConditionKind::Before(_) => true,
            ConditionKind::Count { quantity, events } => {
                let some = match quantity {
                    Quantity::Some | Quantity::MoreThan(_) => true,
                    Quantity::AtLeast(n) | Quantity::Exactly(n) => *n > 0,
                    Quantity::None | Quantity::AtMost(_) | Quantity::FewerThan(_) => false,
                };
                some && self.event_of(&events.subject).is_some()
            }
            ConditionKind::Bare(name) | ConditionKind::InSegment(name) => {
                let Some(segment) = self.segments.find(&name.node) else {
                    return self.event_named_plainly(name).is_some();
                };
                if let Some(needs) = known.get(segment).copied().flatten() {
                    return needs;
                }
                // Circles are errors of their own.
                if let Some(known) = known.get_mut(segment) {
                    *known = Some(false);
                }
                let needs = match self.segments.get(segment) {
                    Some(entry) if depth < DEEPEST => {
                        self.needs_event(entry.item.condition, known, depth + 1)
                    }
                    _ => true,
                };
                if let Some(known) = known.get_mut(segment) {
                    *known = Some(needs);
                }
                needs
            }
            ConditionKind::Compare { left, op, right } => {
                let is_missing_without =
                    *op != Compare::IsNot && (self.is_of_event(left) || self.is_of_event(right));
                is_missing_without || more(left, *op, right)
            }
            ConditionKind::Between { value, low, .. } => {
                self.is_of_event(value) || more(value, Compare::AtLeast, low)
            }
            ConditionKind::In { value, negated, .. }
            | ConditionKind::Known { value, negated }
            | ConditionKind::Contains { value, negated, .. } => !negated && self.is_of_event(value),
            _ => false,
        }
    }

    /// Whether the value is missing if no event happened.
    fn is_of_event(&self, expr: &Expr) -> bool {
        match &expr.node {
            ExprKind::Since { moment: Moment::Last(events) | Moment::First(events), .. }
            | ExprKind::FieldOf { events, .. }
            | ExprKind::Rhythm { events, .. } => self.event_of(&events.subject).is_some(),
            ExprKind::Aggregate { kind, .. } => *kind != Aggregate::Total,
            ExprKind::Arithmetic { left, right, .. } => self.is_of_event(left) || self.is_of_event(right),
            ExprKind::Negative(part) => self.is_of_event(part),
            _ => false,
        }
    }

    /// The event that a branch of an `or` says never happened.
    fn explicitly_never(&self, condition: &Condition) -> Option<usize> {
        match &condition.node {
            ConditionKind::Not(inner) => match &inner.node {
                ConditionKind::Before(name) => self.by_past(&name.node),
                ConditionKind::Bare(name) => self.event_named_plainly(name),
                ConditionKind::Count { quantity: Quantity::Some, events } if events.window.is_none() => {
                    self.event_of(&events.subject)
                }
                _ => None,
            },
            ConditionKind::Count { quantity: Quantity::None, events } if events.window.is_none() => {
                self.event_of(&events.subject)
            }
            _ => None,
        }
    }
}

/// Whether a comparison asks for more than nothing of a count or a total, which are 0 if nothing happened.
fn more(left: &Expr, op: Compare, right: &Expr) -> bool {
    fn is_tally(expr: &Expr) -> bool {
        match &expr.node {
            ExprKind::CountOf(_) => true,
            ExprKind::Aggregate { kind, .. } => *kind == Aggregate::Total,
            ExprKind::Arithmetic { left, right, .. } => is_tally(left) || is_tally(right),
            _ => false,
        }
    }
    let above_zero =
        |expr: &Expr| !matches!(expr.node, ExprKind::Number(number, _) if number <= Number::ZERO);
    match op {
        Compare::Greater => is_tally(left),
        Compare::AtLeast => is_tally(left) && above_zero(right),
        Compare::Less => is_tally(right),
        Compare::AtMost => is_tally(right) && above_zero(left),
        Compare::Is => (is_tally(left) && above_zero(right)) || (is_tally(right) && above_zero(left)),
        Compare::IsNot => false,
    }
}
