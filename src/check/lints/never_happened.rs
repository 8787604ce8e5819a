//! `no order in 30 days` includes those who never ordered.

use crate::{
    check::{
        checker::{Checker, Scope},
        subjects::{Allowed, Counted},
        words::{past_of, spelled},
    },
    diagnostic::{Code, SourceId},
    syntax::ast::{
        Condition, ConditionKind, DeclarationKind, Events, Expr, ExprKind, Moment, Name, Quantity, Trigger,
        Window,
    },
};

impl Checker<'_> {
    /// Looks at segments and at the conditions that rules start with. A filter on events is left alone: `on visit if no
    /// order in 7 days` means those who never ordered as well.
    pub(super) fn lint_never_happened(&mut self) {
        self.index_pasts();
        for unit in self.units() {
            for declaration in &unit.file.declarations {
                let condition = match &declaration.node {
                    DeclarationKind::Segment { condition, .. } => condition,
                    DeclarationKind::Rule(rule) => match &rule.trigger.node {
                        Trigger::If(condition) => condition,
                        _ => continue,
                    },
                    _ => continue,
                };
                self.look(unit.source, condition, &[]);
            }
        }
    }

    /// `happened` are the events of which it is settled what is meant.
    fn look(&mut self, source: SourceId, condition: &Condition, happened: &[usize]) {
        match &condition.node {
            ConditionKind::And(parts) => {
                let mut settled = happened.to_vec();
                parts.iter().for_each(|part| self.requires(part, &mut settled));
                parts.iter().for_each(|part| self.look(source, part, &settled));
            }
            ConditionKind::Or(parts) => {
                let mut settled = happened.to_vec();
                for part in parts {
                    settled.extend(self.explicitly_never(part));
                }
                parts.iter().for_each(|part| self.look(source, part, &settled));
            }
            ConditionKind::Count { quantity: Quantity::None, events } => {
                let Some(window) = events.window.as_ref() else { return };
                let Some(event) = self.event_of(&events.subject.name) else { return };
                if matches!(window.node, Window::Rolling(_)) && !happened.contains(&event) {
                    self.report_never(source, condition, events, event);
                }
            }
            _ => {}
        }
    }

    fn report_never(&mut self, source: SourceId, condition: &Condition, events: &Events, event: usize) {
        let Some(entry) = self.events.get(event) else { return };
        let written = self.text(source, condition.span);
        let name = events.subject.name.node.clone();
        let past = entry.item.past.clone().unwrap_or_else(|| past_of(&entry.name));
        let past = spelled(past.trim_matches('"'));
        let message = format!("this includes users who never had a single `{}`", entry.name);
        let finding = self
            .finding(Code::NeverHappened, Scope::of(source), condition.span, message)
            .label(format!("holds without any `{name}` at all"))
            .help(format!(
                "to leave them out write `{past} before and {written}`; to keep them say so: `({written} or not {past} before)`"
            ));
        self.report(finding);
    }

    fn event_of(&self, name: &Name) -> Option<usize> {
        match self.counted(&name.node, None, Allowed::All).as_slice() {
            [(_, Counted::Event(event))] => Some(*event),
            _ => None,
        }
    }

    /// Adds the events without which the condition cannot hold.
    fn requires(&self, condition: &Condition, happened: &mut Vec<usize>) {
        match &condition.node {
            ConditionKind::And(parts) => parts.iter().for_each(|part| self.requires(part, happened)),
            ConditionKind::Before(name) => happened.extend(self.by_past(&name.node)),
            ConditionKind::Count { quantity, events } => {
                let some = match quantity {
                    Quantity::Some | Quantity::MoreThan(_) => true,
                    Quantity::AtLeast(n) | Quantity::Exactly(n) => *n > 0,
                    Quantity::None | Quantity::AtMost(_) | Quantity::FewerThan(_) => false,
                };
                happened.extend(self.event_of(&events.subject.name).filter(|_| some));
            }
            ConditionKind::Bare(name) | ConditionKind::InSegment(name) => {
                match self.segments.find(&name.node).and_then(|index| self.segments.get(index)) {
                    // Circles are errors of their own; here they are not followed.
                    Some(entry) => self.requires_plainly(entry.item.condition, happened),
                    None => happened.extend(self.event_of(name)),
                }
            }
            ConditionKind::Compare { left, right, .. } => {
                for side in [left, right] {
                    happened.extend(self.measured(side));
                }
            }
            ConditionKind::Between { value, .. } | ConditionKind::In { value, negated: false, .. } => {
                happened.extend(self.measured(value));
            }
            _ => {}
        }
    }

    /// As [`Self::requires`], without looking into segments.
    fn requires_plainly(&self, condition: &Condition, happened: &mut Vec<usize>) {
        match &condition.node {
            ConditionKind::And(parts) => parts.iter().for_each(|part| self.requires_plainly(part, happened)),
            ConditionKind::Bare(name) => happened.extend(self.event_of(name)),
            ConditionKind::InSegment(_) => {}
            _ => self.requires(condition, happened),
        }
    }

    /// The event without which a value is missing.
    fn measured(&self, expr: &Expr) -> Option<usize> {
        match &expr.node {
            ExprKind::Since { moment: Moment::Last(events) | Moment::First(events), .. }
            | ExprKind::FieldOf { events, .. }
            | ExprKind::Rhythm { events, .. } => self.event_of(&events.subject.name),
            ExprKind::Arithmetic { left, right, .. } => self.measured(left).or_else(|| self.measured(right)),
            _ => None,
        }
    }

    /// The event that a branch of an `or` says never happened.
    fn explicitly_never(&self, condition: &Condition) -> Option<usize> {
        match &condition.node {
            ConditionKind::Not(inner) => match &inner.node {
                ConditionKind::Before(name) => self.by_past(&name.node),
                ConditionKind::Bare(name) => self.event_of(name),
                ConditionKind::Count { quantity: Quantity::Some, events } if events.window.is_none() => {
                    self.event_of(&events.subject.name)
                }
                _ => None,
            },
            ConditionKind::Count { quantity: Quantity::None, events } if events.window.is_none() => {
                self.event_of(&events.subject.name)
            }
            _ => None,
        }
    }
}
