//! Filters: a condition over the fields of one event.

use super::{Situation, bucket::bucket, values};
use crate::{
    program::{Condition, ConditionId, EventId, Expression, ExpressionId},
    snapshot::Value,
};

/// Whether a row of the user's events of that type passes a filter.
///
/// A filter looks at fields, attributes and constants. What would change with time holds for no row.
#[must_use]
pub fn row_holds(s: &Situation<'_>, event: EventId, row: usize, c: ConditionId) -> bool {
    let holds = |c: ConditionId| row_holds(s, event, row, c);
    let value = |e: ExpressionId| row_value(s, event, row, e);
    match s.program.arena.condition(c) {
        Condition::Constant(constant) => *constant,
        Condition::And(parts) => parts.iter().all(|part| holds(*part)),
        Condition::Or(parts) => parts.iter().any(|part| holds(*part)),
        Condition::Not(part) => !holds(*part),
        Condition::Compare { left, op, right } => values::compare(s, value(*left), *op, value(*right)),
        Condition::In { value: looked_for, options } => {
            let looked_for = value(*looked_for);
            options.iter().any(|option| values::same(s, looked_for, value(*option)))
        }
        Condition::Contains { value: whole, part } => values::contains(s, value(*whole), value(*part)),
        Condition::Known(known) => value(*known) != Value::Missing,
        Condition::Truth(truth) => value(*truth) == Value::YesNo(true),
        Condition::SubscribedTo(channel) => s.user.subscribed(s.program, *channel),
        Condition::ReachableOn(channel) => s.user.reachable(*channel),
        Condition::Share { salt, below } => bucket(s.user.text(s.program, *salt), &s.user.id) < *below,
        Condition::Count { .. }
        | Condition::TodayWeekday(_)
        | Condition::TodayIn(_)
        | Condition::TodayOneOf(_)
        | Condition::TodayDate(..) => false,
    }
}

/// The value of an expression for a row; missing if it would change with time.
fn row_value(s: &Situation<'_>, event: EventId, row: usize, e: ExpressionId) -> Value {
    let value = |e: ExpressionId| row_value(s, event, row, e);
    match s.program.arena.expression(e) {
        Expression::Constant(constant) => *constant,
        Expression::Attribute(attribute) => s.user.attribute(*attribute),
        Expression::Field(field) => s.user.events(event).value(*field, row),
        Expression::Negative(part) => values::negative(value(*part)),
        Expression::Arithmetic { left, op, right } => values::arithmetic(value(*left), *op, value(*right)),
        Expression::Count { .. }
        | Expression::Aggregate { .. }
        | Expression::Rhythm { .. }
        | Expression::Pick { .. }
        | Expression::SinceLast { .. }
        | Expression::SinceFirst { .. }
        | Expression::Since { .. }
        | Expression::Until { .. } => Value::Missing,
    }
}
