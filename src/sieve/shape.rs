//! From a program's conditions to questions, and from their answers to those of whole conditions.

use std::collections::HashMap;

use super::{
    attributes::Attributes,
    leaves::{LeafId, Leaves, Users},
    members::Measure,
    question::Question,
    range::{May, code},
    sets::Sets,
    span::Era,
    today::Days,
};
use crate::{
    eval::mirrored,
    program::{Arena, Condition, ConditionId, Expression, ExpressionId, Program, Set, SetId, Type, Window},
    snapshot::Value,
    syntax::ast::Compare,
    time::Unit,
};

/// A condition's place among the nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NodeId(u32);

#[derive(Debug)]
enum Node {
    Constant(bool),
    /// Only the interpreter can tell.
    NotKnown,
    Leaf(LeafId),
    And(Box<[NodeId]>),
    Or(Box<[NodeId]>),
    Not(NodeId),
}

/// What is asked of users, and what that says of conditions. Parts come before wholes.
#[derive(Debug, Default)]
pub(super) struct Shape {
    pub(super) leaves: Leaves,
    pub(super) sets: Sets,
    pub(super) attributes: Attributes,
    pub(super) days: Days,
    nodes: Vec<Node>,
    answers: Vec<Users>,
}

/// More shares than this, by different salts, are left to the interpreter: each is a hash a user.
const MOST_SALTS: usize = 8;

impl Shape {
    /// Enters the conditions, with all their parts, each once.
    pub(super) fn enter(
        &mut self,
        program: &Program,
        roots: impl IntoIterator<Item = ConditionId>,
        era: Era,
    ) -> HashMap<ConditionId, NodeId> {
        let arena = &program.arena;
        let mut wanted = vec![false; arena.condition_count()];
        for root in roots {
            if let Some(wanted) = wanted.get_mut(root.index()) {
                *wanted = true;
            }
        }
        // Parts lie before wholes: so no recursion, however deep conditions are.
        for index in (0..wanted.len()).rev() {
            if wanted.get(index) != Some(&true) {
                continue;
            }
            let mut want = |part: &ConditionId| {
                if let Some(wanted) = wanted.get_mut(part.index()) {
                    *wanted = true;
                }
            };
            match arena.condition(ConditionId::from(index)) {
                Condition::And(parts) | Condition::Or(parts) => parts.iter().for_each(want),
                Condition::Not(part) => want(part),
                _ => {}
            }
        }
        let mut known = HashMap::new();
        for index in (0..wanted.len()).filter(|index| wanted.get(*index) == Some(&true)) {
            let id = ConditionId::from(index);
            let node = self.node(program, id, era, &known);
            known.insert(id, NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX)));
            self.nodes.push(node);
        }
        known
    }

    fn node(
        &mut self,
        program: &Program,
        id: ConditionId,
        era: Era,
        known: &HashMap<ConditionId, NodeId>,
    ) -> Node {
        let parts = |parts: &[ConditionId]| -> Box<[NodeId]> {
            parts.iter().filter_map(|part| known.get(part).copied()).collect()
        };
        match program.arena.condition(id) {
            Condition::Constant(constant) => Node::Constant(*constant),
            Condition::And(all) => Node::And(parts(all)),
            Condition::Or(any) => Node::Or(parts(any)),
            Condition::Not(part) => known.get(part).map_or(Node::NotKnown, |part| Node::Not(*part)),
            condition => self.leaf(program, id, condition, era).map_or(Node::NotKnown, Node::Leaf),
        }
    }

    fn leaf(
        &mut self,
        program: &Program,
        id: ConditionId,
        condition: &Condition,
        era: Era,
    ) -> Option<LeafId> {
        let arena = &program.arena;
        match condition {
            Condition::Count { set, window, least, most } => {
                let most = if *most == u32::MAX { i64::MAX } else { i64::from(*most) * 1_000_000 };
                let question = Question::between(i64::from(*least) * 1_000_000, most);
                self.ask_set(program, *set, (Measure::Count, *window, era), question)
            }
            Condition::Compare { left, op, right } => {
                match (arena.expression(*left), arena.expression(*right)) {
                    (_, Expression::Constant(value)) => self.compare(program, *left, *op, *value, era),
                    (Expression::Constant(value), _) => {
                        self.compare(program, *right, mirrored(*op), *value, era)
                    }
                    _ => None,
                }
            }
            Condition::In { value, options } => {
                let values: Option<Vec<Value>> = options
                    .iter()
                    .map(|option| match arena.expression(*option) {
                        Expression::Constant(value) => Some(*value),
                        _ => None,
                    })
                    .collect();
                self.one_of(program, *value, &values?, era)
            }
            Condition::Contains { value, part } => {
                match (arena.expression(*value), arena.expression(*part)) {
                    (Expression::Attribute(id), Expression::Constant(Value::Text(member)))
                        if program.attributes.get(id.index())?.ty == Type::List =>
                    {
                        Some(self.attributes.ask_member(*id, *member, &mut self.leaves))
                    }
                    _ => None,
                }
            }
            Condition::Known(value) => match arena.expression(*value) {
                Expression::Attribute(id) => {
                    Some(self.attributes.ask(*id, Question::Known, &mut self.leaves))
                }
                _ => {
                    let measure = self.measure(arena, *value, era)?;
                    self.ask_set(program, measure.0, measure.1, Question::Known)
                }
            },
            Condition::Truth(value) => self.compare(program, *value, Compare::Is, Value::YesNo(true), era),
            Condition::SubscribedTo(channel) => {
                Some(self.attributes.ask_subscribed(*channel, &mut self.leaves))
            }
            Condition::ReachableOn(channel) => {
                Some(self.attributes.ask_reachable(*channel, &mut self.leaves))
            }
            Condition::Share { salt, below } => {
                self.attributes.ask_share(*salt, *below, MOST_SALTS, &mut self.leaves)
            }
            Condition::TodayWeekday(_)
            | Condition::TodayIn(_)
            | Condition::TodayOneOf(_)
            | Condition::TodayDate(..) => Some(self.days.ask(id, era, &mut self.leaves)),
            Condition::Constant(_) | Condition::And(_) | Condition::Or(_) | Condition::Not(_) => None,
        }
    }

    /// A question to a set; none if it is of contacts, which a plan itself adds to.
    fn ask_set(
        &mut self,
        program: &Program,
        set: SetId,
        what: (Measure, Window, Era),
        question: Question,
    ) -> Option<LeafId> {
        if what.1 == Window::Sequence || matches!(program.arena.set(set), Set::Contacts(_)) {
            return None;
        }
        Some(self.sets.ask(program, set, what, question, &mut self.leaves))
    }

    /// What is measured of which set.
    fn measure(
        &self,
        arena: &Arena,
        expression: ExpressionId,
        era: Era,
    ) -> Option<(SetId, (Measure, Window, Era))> {
        match *arena.expression(expression) {
            Expression::Count { set, window } => Some((set, (Measure::Count, window, era))),
            Expression::Aggregate { kind, set, field, window } => {
                Some((set, (Measure::Aggregate(kind, field), window, era)))
            }
            Expression::Pick { which, set, field, window } => {
                Some((set, (Measure::pick(which, field)?, window, era)))
            }
            _ => None,
        }
    }

    /// Whether an expression compares so with a constant.
    fn compare(
        &mut self,
        program: &Program,
        expression: ExpressionId,
        op: Compare,
        with: Value,
        era: Era,
    ) -> Option<LeafId> {
        let arena = &program.arena;
        match *arena.expression(expression) {
            Expression::Attribute(id) => {
                let code = comparable(&program.attributes.get(id.index())?.ty, with)?;
                Some(match op {
                    Compare::Is => self.attributes.ask_is(id, &[code], &mut self.leaves),
                    _ => self.attributes.ask(id, Question::compare(op, code), &mut self.leaves),
                })
            }
            Expression::SinceLast { unit, set, window } => {
                self.ask_set(program, set, (Measure::SinceLast, window, era), since(op, unit, with)?)
            }
            Expression::SinceFirst { unit, set, window } => {
                self.ask_set(program, set, (Measure::SinceFirst, window, era), since(op, unit, with)?)
            }
            Expression::Since { unit, moment } => {
                let Expression::Attribute(id) = *arena.expression(moment) else { return None };
                Some(self.attributes.ask_elapsed(id, era, since(op, unit, with)?, &mut self.leaves))
            }
            Expression::Until { unit, moment } => {
                let Expression::Attribute(id) = *arena.expression(moment) else { return None };
                let Value::Number(number) = with else { return None };
                // So many units until it are as many since it, less than none.
                let question = since(mirrored(op), unit, Value::Number(number.negated()?))?;
                Some(self.attributes.ask_elapsed(id, era, question, &mut self.leaves))
            }
            _ => {
                let (set, what) = self.measure(arena, expression, era)?;
                let code = comparable(measured(program, set, what.0)?, with)?;
                self.ask_set(program, set, what, Question::compare(op, code))
            }
        }
    }

    fn one_of(
        &mut self,
        program: &Program,
        expression: ExpressionId,
        values: &[Value],
        era: Era,
    ) -> Option<LeafId> {
        match *program.arena.expression(expression) {
            Expression::Attribute(id) => {
                let ty = &program.attributes.get(id.index())?.ty;
                let codes: Option<Vec<i64>> = values.iter().map(|value| comparable(ty, *value)).collect();
                Some(self.attributes.ask_is(id, &codes?, &mut self.leaves))
            }
            _ => {
                let (set, what) = self.measure(&program.arena, expression, era)?;
                let ty = measured(program, set, what.0)?;
                let codes: Option<Box<[i64]>> = values.iter().map(|value| comparable(ty, *value)).collect();
                self.ask_set(program, set, what, Question::OneOf(codes?))
            }
        }
    }

    /// Works out all conditions from the answers to the questions.
    pub(super) fn conclude(&mut self) {
        self.sets.conclude(&mut self.leaves);
        self.attributes.conclude(&mut self.leaves);
        self.answers.clear();
        for node in &self.nodes {
            let answer =
                |node: &NodeId| self.answers.get(node.0 as usize).copied().unwrap_or(Users::NOT_KNOWN);
            let found = match node {
                Node::Constant(constant) => Users::everyone(May::surely(*constant)),
                Node::NotKnown => Users::NOT_KNOWN,
                Node::Leaf(leaf) => self.leaves.get(*leaf),
                Node::And(parts) => parts.iter().map(answer).fold(Users::ALL, Users::and),
                Node::Or(parts) => parts.iter().map(answer).fold(Users::ALL.not(), Users::or),
                Node::Not(part) => answer(part).not(),
            };
            self.answers.push(found);
        }
    }

    /// Whether the condition may hold, and whether it may not, for the user of that bit.
    #[cfg(test)]
    pub(super) fn answers_of(&self, node: NodeId, bit: u64) -> (bool, bool) {
        let users = self.answers[node.0 as usize];
        (users.hold & bit != 0, users.fail & bit != 0)
    }

    /// For whom the condition may hold.
    pub(super) fn holding(&self, node: NodeId) -> u64 {
        self.answers.get(node.0 as usize).map_or(u64::MAX, |users| users.hold)
    }
}

/// The type of what is measured.
fn measured(program: &Program, set: SetId, measure: Measure) -> Option<&Type> {
    match (measure, program.arena.set(set)) {
        (Measure::Count | Measure::Aggregate(..), _) => Some(&Type::Number),
        (Measure::Last(field) | Measure::First(field), Set::Events { event, .. }) => {
            Some(&program.events.get(event.index())?.fields.get(field.index())?.ty)
        }
        _ => None,
    }
}

/// The code of a constant, if it compares by code with values of the type.
fn comparable(ty: &Type, constant: Value) -> Option<i64> {
    let is_same = matches!(
        (ty, constant),
        (Type::Number, Value::Number(_))
            | (Type::Text | Type::OneOf(_), Value::Text(_))
            | (Type::Date, Value::Date(_))
            | (Type::DateTime, Value::Instant(_))
            | (Type::YesNo, Value::YesNo(_))
    );
    code(constant).filter(|_| is_same)
}

/// A question about complete units that have gone by.
fn since(op: Compare, unit: Unit, with: Value) -> Option<Question> {
    match with {
        Value::Number(number) => Some(Question::elapsed(op, unit, number.millionths())),
        _ => None,
    }
}
