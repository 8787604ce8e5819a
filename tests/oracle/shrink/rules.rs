//! Smaller rule files, by way of the syntax tree.

use courtesy::{
    diagnostic::SourceId,
    syntax::{
        self,
        ast::{
            Cap, Condition, ConditionKind, DeclarationKind, Events, File, Filter, Gap, Hours, Life, Quantity,
            Rule, Send, Step, Trigger,
        },
    },
};

/// Every file that lacks one part of this one.
pub fn smaller(text: &str) -> impl Iterator<Item = String> + use<> {
    let file = syntax::parse(SourceId(0), text).file;
    let mut list: Vec<File> = Vec::new();
    for index in (0..file.declarations.len()).rev() {
        let mut smaller = file.clone();
        smaller.declarations.remove(index);
        list.push(smaller);
    }
    for (index, declaration) in file.declarations.iter().enumerate() {
        for kind in declarations(&declaration.node) {
            let mut smaller = file.clone();
            smaller.declarations[index].node = kind;
            list.push(smaller);
        }
    }
    let text = text.to_owned();
    list.into_iter().map(|file| syntax::format::file_text(&file)).filter(move |smaller| *smaller != text)
}

fn declarations(kind: &DeclarationKind) -> Vec<DeclarationKind> {
    match kind {
        DeclarationKind::Rule(rule) => {
            rules(rule).into_iter().map(|rule| DeclarationKind::Rule(Box::new(rule))).collect()
        }
        DeclarationKind::Segment { name, condition } => conditions(condition)
            .into_iter()
            .map(|condition| DeclarationKind::Segment { name: name.clone(), condition })
            .collect(),
        DeclarationKind::Cap(cap) => caps(cap).into_iter().map(DeclarationKind::Cap).collect(),
        DeclarationKind::Gap(gap) => gaps(gap).into_iter().map(DeclarationKind::Gap).collect(),
        DeclarationKind::QuietHours(hours) => {
            self::hours(hours).into_iter().map(DeclarationKind::QuietHours).collect()
        }
        DeclarationKind::ContactHours(hours) => {
            self::hours(hours).into_iter().map(DeclarationKind::ContactHours).collect()
        }
        _ => Vec::new(),
    }
}

/// No condition, or a smaller one.
fn optional(condition: Option<&Condition>) -> Vec<Option<Condition>> {
    let some = condition.into_iter().flat_map(|condition| conditions(condition).into_iter().map(Some));
    condition.map(|_| None).into_iter().chain(some).collect()
}

fn caps(cap: &Cap) -> Vec<Cap> {
    let mut list: Vec<Cap> = optional(cap.condition.as_ref())
        .into_iter()
        .map(|condition| Cap { condition, ..cap.clone() })
        .collect();
    list.push(Cap { life: Life::default(), ..cap.clone() });
    for index in 0..cap.exceptions.len() {
        let mut smaller = cap.clone();
        smaller.exceptions.remove(index);
        list.push(smaller);
        for condition in conditions(&cap.exceptions[index].condition) {
            let mut smaller = cap.clone();
            smaller.exceptions[index].condition = condition;
            list.push(smaller);
        }
    }
    list
}

fn gaps(gap: &Gap) -> Vec<Gap> {
    let mut list: Vec<Gap> = optional(gap.condition.as_ref())
        .into_iter()
        .map(|condition| Gap { condition, ..gap.clone() })
        .collect();
    list.push(Gap { life: Life::default(), ..gap.clone() });
    list.push(Gap { second: None, ..gap.clone() });
    list
}

fn hours(hours: &Hours) -> Vec<Hours> {
    let mut list: Vec<Hours> = optional(hours.condition.as_ref())
        .into_iter()
        .map(|condition| Hours { condition, ..hours.clone() })
        .collect();
    list.push(Hours { life: Life::default(), ..hours.clone() });
    list.push(Hours { days: None, ..hours.clone() });
    list.push(Hours { channels: Vec::new(), ..hours.clone() });
    list
}

fn rules(rule: &Rule) -> Vec<Rule> {
    let mut list = Vec::new();
    let mut push = |change: &dyn Fn(&mut Rule)| {
        let mut smaller = rule.clone();
        change(&mut smaller);
        list.push(smaller);
    };
    for index in 0..rule.steps.len() {
        if rule.steps.len() > 1 {
            push(&|rule| drop(rule.steps.remove(index)));
        }
        for step in steps(&rule.steps[index]) {
            push(&|rule| rule.steps[index] = step.clone());
        }
    }
    for index in 0..rule.clauses.len() {
        push(&|rule| drop(rule.clauses.remove(index)));
        if let syntax::ast::Clause::If(condition) = &rule.clauses[index].node {
            for condition in conditions(condition) {
                push(&|rule| rule.clauses[index].node = syntax::ast::Clause::If(condition.clone()));
            }
        }
    }
    match &rule.trigger.node {
        Trigger::If(condition) => {
            for condition in conditions(condition) {
                push(&|rule| rule.trigger.node = Trigger::If(condition.clone()));
            }
        }
        Trigger::Event { event, .. } => {
            let event = event.clone();
            push(&|rule| {
                rule.trigger.node = Trigger::Event { event: event.clone(), filter: Filter::default() };
            });
        }
        _ => {}
    }
    list
}

fn steps(step: &Step) -> Vec<Step> {
    let mut list: Vec<Step> =
        optional(step.unless.as_ref()).into_iter().map(|unless| Step { unless, ..step.clone() }).collect();
    for index in 0..step.clauses.len() {
        let mut smaller = step.clone();
        smaller.clauses.remove(index);
        list.push(smaller);
    }
    if !step.payload.is_empty() {
        list.push(Step { payload: Vec::new(), ..step.clone() });
    }
    if let Some(via) = &step.via {
        list.push(Step { via: None, ..step.clone() });
        for index in 0..via.channels.len() {
            let mut smaller = step.clone();
            let via = smaller.via.as_mut().unwrap();
            via.channels.remove(index);
            via.all &= via.channels.len() > 1;
            if !via.channels.is_empty() {
                list.push(smaller);
            }
        }
    }
    if let Send::OneOf { variants, .. } = &step.send.node {
        let mut smaller = step.clone();
        smaller.send.node = Send::Message(variants[0].0.clone());
        list.push(smaller);
    }
    list
}

fn conditions(condition: &Condition) -> Vec<Condition> {
    let node = |node| Condition { node, span: condition.span };
    match &condition.node {
        ConditionKind::And(parts) | ConditionKind::Or(parts) => {
            let mut list = parts.clone();
            for (index, part) in parts.iter().enumerate() {
                for smaller in conditions(part) {
                    let mut parts = parts.clone();
                    parts[index] = smaller;
                    list.push(node(match &condition.node {
                        ConditionKind::And(_) => ConditionKind::And(parts),
                        _ => ConditionKind::Or(parts),
                    }));
                }
            }
            list
        }
        ConditionKind::Not(part) => {
            let negated = conditions(part).into_iter().map(|part| node(ConditionKind::Not(Box::new(part))));
            std::iter::once((**part).clone()).chain(negated).collect()
        }
        ConditionKind::Count { quantity, events } => events_without(events)
            .into_iter()
            .map(|events| (*quantity, events))
            .filter(|(quantity, events)| *quantity != Quantity::Some || events.window.is_some())
            .map(|(quantity, events)| node(ConditionKind::Count { quantity, events }))
            .collect(),
        _ => Vec::new(),
    }
}

fn events_without(events: &Events) -> Vec<Events> {
    let mut list = Vec::new();
    if !(events.filter.of.is_empty() && events.filter.condition.is_none()) {
        list.push(Events { filter: Filter::default(), ..events.clone() });
    }
    if events.window.is_some() {
        list.push(Events { window: None, ..events.clone() });
    }
    list
}
