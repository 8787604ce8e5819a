//! What a condition is on a whole stretch, without walking it.
//!
//! Where numbers tick within a sum or a product, its value changes with every tick though the condition may not. Here
//! each number is known by its bounds on the stretch only; often that is enough to decide.

use super::{Evaluator, Situation, ticks::Ticker, values};
use crate::{
    number::Number,
    program::{Condition, ConditionId, Expression, ExpressionId},
    snapshot::Value,
    syntax::ast::{Arithmetic, Compare},
    time::Instant,
};

/// What is known of a value on a stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Range {
    /// It does not change.
    Constant(Value),
    /// It is a number between these, both included.
    Between(Number, Number),
    /// Nothing.
    Unknown,
}

impl Range {
    fn bounds(self) -> Option<(Number, Number)> {
        match self {
            Self::Constant(Value::Number(number)) => Some((number, number)),
            Self::Between(least, most) => Some((least, most)),
            _ => None,
        }
    }

    fn between(all: [Option<Number>; 4]) -> Self {
        let [Some(a), Some(b), Some(c), Some(d)] = all else { return Self::Unknown };
        Self::Between(a.min(b).min(c).min(d), a.max(b).max(c).max(d))
    }
}

/// No deeper nesting is looked into.
const DEPTH: usize = 100;

impl Evaluator {
    /// What the condition is on all of `[from, end)`, if that is plain.
    pub(super) fn decided(
        &mut self,
        s: &Situation<'_>,
        c: ConditionId,
        from: Instant,
        end: Instant,
    ) -> Option<bool> {
        self.decided_within(s, c, from, end, DEPTH)
    }

    fn decided_within(
        &mut self,
        s: &Situation<'_>,
        c: ConditionId,
        from: Instant,
        end: Instant,
        depth: usize,
    ) -> Option<bool> {
        let depth = depth.checked_sub(1)?;
        let mut part = |c: &ConditionId| self.decided_within(s, *c, from, end, depth);
        match s.program.arena.condition(c) {
            Condition::And(parts) => joined(parts.iter().map(&mut part), false),
            Condition::Or(parts) => joined(parts.iter().map(&mut part), true),
            Condition::Not(negated) => part(negated).map(|holds| !holds),
            Condition::Compare { left, op, right } => {
                self.compared_within(s, (*left, *op, *right), from, end)
            }
            Condition::In { value, options } => {
                let mut is = |option: &ExpressionId| {
                    self.compared_within(s, (*value, Compare::Is, *option), from, end)
                };
                joined(options.iter().map(&mut is), true)
            }
            Condition::Known(value) => match self.range(s, *value, from, end) {
                Range::Constant(value) => Some(value != Value::Missing),
                Range::Between(..) => Some(true),
                Range::Unknown => None,
            },
            Condition::Truth(value) => match self.range(s, *value, from, end) {
                Range::Constant(value) => Some(value == Value::YesNo(true)),
                Range::Between(..) => Some(false),
                Range::Unknown => None,
            },
            Condition::Contains { value, part } => {
                match (self.range(s, *value, from, end), self.range(s, *part, from, end)) {
                    (Range::Constant(value), Range::Constant(part)) => Some(values::contains(s, value, part)),
                    (Range::Between(..), _) | (_, Range::Between(..)) => Some(false),
                    _ => None,
                }
            }
            _ => {
                let stretch = self.condition(s, c, from);
                (stretch.until >= end).then_some(stretch.holds)
            }
        }
    }

    fn compared_within(
        &mut self,
        s: &Situation<'_>,
        (left, op, right): (ExpressionId, Compare, ExpressionId),
        from: Instant,
        end: Instant,
    ) -> Option<bool> {
        let (one, other) = (self.range(s, left, from, end), self.range(s, right, from, end));
        compared(s, one, op, other).or_else(|| {
            let (Range::Between(..), Range::Between(..)) = (one, other) else { return None };
            let zero = Range::Constant(values::whole(0));
            compared(s, self.distance(s, left, right, from)?, op, zero)
        })
    }

    /// Bounds of how much greater one number is than another, where both tick alike: however long the stretch.
    fn distance(
        &mut self,
        s: &Situation<'_>,
        left: ExpressionId,
        right: ExpressionId,
        from: Instant,
    ) -> Option<Range> {
        if left == right {
            return Some(Range::Constant(values::whole(0)));
        }
        let (left, right) = (self.ticker(s, left, from).0?, self.ticker(s, right, from).0?);
        let (least, most) = left.ahead_of(right, &s.user.zone)?;
        Some(Range::Between(Number::whole(least)?, Number::whole(most)?))
    }

    fn range(&mut self, s: &Situation<'_>, e: ExpressionId, from: Instant, end: Instant) -> Range {
        match s.program.arena.expression(e) {
            Expression::Negative(part) => match self.range(s, *part, from, end) {
                Range::Constant(value) => Range::Constant(values::negative(value)),
                Range::Between(least, most) => {
                    Range::between([least.negated(), most.negated(), least.negated(), most.negated()])
                }
                Range::Unknown => Range::Unknown,
            },
            Expression::Arithmetic { left, op, right } => {
                let (one, other) = (self.range(s, *left, from, end), self.range(s, *right, from, end));
                match (op, one, other) {
                    (Arithmetic::Subtract, Range::Between(..), Range::Between(..)) => {
                        let distance = self.distance(s, *left, *right, from);
                        distance.unwrap_or_else(|| arithmetic(one, *op, other))
                    }
                    _ => arithmetic(one, *op, other),
                }
            }
            Expression::SinceLast { .. }
            | Expression::SinceFirst { .. }
            | Expression::Since { .. }
            | Expression::Until { .. } => {
                let (ticker, _, until) = self.ticker(s, e, from);
                match ticker {
                    _ if until < end => Range::Unknown,
                    None => Range::Constant(Value::Missing),
                    Some(ticker) => ticks(s, ticker, from, end),
                }
            }
            _ => {
                let reading = self.expression(s, e, from);
                if reading.until < end { Range::Unknown } else { Range::Constant(reading.value) }
            }
        }
    }
}

/// The bounds of a number that ticks.
fn ticks(s: &Situation<'_>, ticker: Ticker, from: Instant, end: Instant) -> Range {
    let number = |t: Instant| match ticker.reading(&s.user.zone, t).value {
        Value::Number(number) => Some(number),
        _ => None,
    };
    let (Some(first), Some(last)) = (number(from), number(end.plus_micros(-1))) else {
        return Range::Unknown;
    };
    // At month ends and clock changes `until` may go back and forth by one.
    let play = Number::whole(i64::from(ticker.until)).unwrap_or_default();
    match (first.min(last).minus(play), first.max(last).plus(play)) {
        (Some(least), Some(most)) => Range::Between(least, most),
        _ => Range::Unknown,
    }
}

/// Rounding keeps the order, so the bounds of a result are among the results of the bounds.
fn arithmetic(left: Range, op: Arithmetic, right: Range) -> Range {
    if let (Range::Constant(left), Range::Constant(right)) = (left, right) {
        return Range::Constant(values::arithmetic(left, op, right));
    }
    let (Some((a, b)), Some((c, d))) = (left.bounds(), right.bounds()) else {
        let is_constant = |range: Range| matches!(range, Range::Constant(_)) && range.bounds().is_none();
        // No arithmetic on what is no number.
        let missing = is_constant(left) || is_constant(right);
        return if missing { Range::Constant(Value::Missing) } else { Range::Unknown };
    };
    match op {
        Arithmetic::Add => Range::between([a.plus(c), b.plus(d), a.plus(c), b.plus(d)]),
        Arithmetic::Subtract => Range::between([a.minus(d), b.minus(c), a.minus(d), b.minus(c)]),
        Arithmetic::Multiply => Range::between([a.times(c), a.times(d), b.times(c), b.times(d)]),
        Arithmetic::Divide if c <= Number::ZERO && d >= Number::ZERO => Range::Unknown,
        Arithmetic::Divide => Range::between([a.over(c), a.over(d), b.over(c), b.over(d)]),
    }
}

fn compared(s: &Situation<'_>, left: Range, op: Compare, right: Range) -> Option<bool> {
    if let (Range::Constant(left), Range::Constant(right)) = (left, right) {
        return Some(values::compare(s, left, op, right));
    }
    let (Some((a, b)), Some((c, d))) = (left.bounds(), right.bounds()) else {
        // A number does not compare with what is none.
        let known = left != Range::Unknown && right != Range::Unknown;
        return known.then_some(op == Compare::IsNot);
    };
    match op {
        Compare::AtLeast if a >= d => Some(true),
        Compare::AtLeast if b < c => Some(false),
        Compare::Greater if a > d => Some(true),
        Compare::Greater if b <= c => Some(false),
        Compare::AtMost if b <= c => Some(true),
        Compare::AtMost if a > d => Some(false),
        Compare::Less if b < c => Some(true),
        Compare::Less if a >= d => Some(false),
        Compare::Is | Compare::IsNot if b < c || a > d => Some(op == Compare::IsNot),
        Compare::Is | Compare::IsNot if a == b && c == d => Some(op == Compare::Is),
        _ => None,
    }
}

/// One part with the `deciding` value decides; otherwise all must be known.
fn joined(parts: impl Iterator<Item = Option<bool>>, deciding: bool) -> Option<bool> {
    let mut all = Some(!deciding);
    for part in parts {
        match part {
            Some(part) if part == deciding => return Some(deciding),
            None => all = None,
            Some(_) => {}
        }
    }
    all
}
