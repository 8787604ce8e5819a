//! What each kind of expression answers.

use super::{Evaluator, Reading, Situation, aggregates::rhythm, values};
use crate::{
    program::{Expression, ExpressionId},
    snapshot::Value,
    time::Instant,
};

impl Evaluator {
    /// The value of an expression at an instant, and on which stretch around it.
    pub(super) fn expression(&mut self, s: &Situation<'_>, e: ExpressionId, t: Instant) -> Reading {
        match s.program.arena.expression(e) {
            // Looking these up costs less than remembering them.
            Expression::Constant(constant) => return Reading::always(*constant),
            Expression::Attribute(attribute) => return Reading::always(s.user.attribute(*attribute)),
            _ => {}
        }
        if let Some(known) = self.expressions.get(&self.epochs, e.index(), t) {
            return known;
        }
        let found = self.expression_anew(s, e, t);
        let found = Reading { from: found.from.min(t), until: found.until.max(t.next()), ..found };
        self.expressions.put(&self.epochs, e.index(), found);
        found
    }

    fn expression_anew(&mut self, s: &Situation<'_>, e: ExpressionId, t: Instant) -> Reading {
        match s.program.arena.expression(e) {
            Expression::Constant(constant) => Reading::always(*constant),
            Expression::Attribute(attribute) => Reading::always(s.user.attribute(*attribute)),
            // Outside of a filter there is no event to look at.
            Expression::Field(_) => Reading::always(Value::Missing),
            Expression::Negative(part) => {
                let part = self.expression(s, *part, t);
                Reading { value: values::negative(part.value), ..part }
            }
            Expression::Arithmetic { left, op, right } => {
                let (left, right) = (self.expression(s, *left, t), self.expression(s, *right, t));
                let value = values::arithmetic(left.value, *op, right.value);
                Reading { value, ..left }.within(right.from, right.until)
            }
            Expression::Count { set, window } => {
                let (counted, _) = self.counted(s, *set, *window, t);
                let (from, until) = counted.unchanged();
                let number = i64::try_from(counted.number()).unwrap_or(i64::MAX);
                Reading { value: values::whole(number), from, until }
            }
            Expression::Aggregate { kind, set, field, window } => {
                self.aggregate(s, e, (*kind, *set, *field, *window), t)
            }
            Expression::Rhythm { unit, set, window } => {
                let (counted, _) = self.counted(s, *set, *window, t);
                let (from, until) = counted.unchanged();
                Reading { value: rhythm(&s.user.zone, &counted, *unit), from, until }
            }
            Expression::Pick { which, set, field, window } => {
                self.pick(s, e, (*which, *set, *field, *window), t)
            }
            Expression::SinceLast { .. }
            | Expression::SinceFirst { .. }
            | Expression::Since { .. }
            | Expression::Until { .. } => {
                let (ticker, from, until) = self.ticker(s, e, t);
                match ticker {
                    Some(ticker) => ticker.reading(&s.user.zone, t).within(from, until),
                    None => Reading { value: Value::Missing, from, until },
                }
            }
        }
    }
}
