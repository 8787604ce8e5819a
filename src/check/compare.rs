//! Comparisons: whether two values can be compared, and what a bare word beside one stands for.

use std::sync::Arc;

use super::{
    checker::{Checker, Scope},
    types::{Slot, Ty, Typed},
    words::{listed, spelled},
};
use crate::{
    diagnostic::{Code, Diagnostic},
    program::{Condition, ConditionId, Expression, Origin},
    snapshot::Value,
    syntax::ast::{Compare, Expr, ExprKind, Span},
    time::Unit,
};

impl Checker<'_> {
    /// `left op right`, lowered.
    pub(super) fn compare(
        &mut self,
        scope: Scope,
        span: Span,
        left: &Expr,
        op: Compare,
        right: &Expr,
    ) -> ConditionId {
        let left = self.expression(scope, left);
        let right = self.value_beside(scope, &left, right);
        self.compare_typed(scope, span, &left, op, &right)
    }

    /// A value compared with `left`: where `left` is text, a bare word is that text.
    pub(super) fn value_beside(&mut self, scope: Scope, left: &Typed, expr: &Expr) -> Typed {
        let span = expr.span;
        let right = match &expr.node {
            ExprKind::Name(name) => self.word_beside(scope, left, name, span),
            ExprKind::Text(text) => {
                if let Ty::OneOf(values) = &left.ty
                    && !values.iter().any(|value| value == text)
                {
                    self.unknown_value(scope, left, text, span);
                    return self.wrong(span);
                }
                self.must_be_seen(scope, left, text, span);
                self.expression(scope, expr)
            }
            _ => self.expression(scope, expr),
        };
        if let Some(slot) = left.slot {
            self.learn(slot, right.ty.as_guess(), false, scope.origin(left.span));
        }
        if let Some(slot) = right.slot {
            self.learn(slot, left.ty.as_guess(), false, scope.origin(span));
        }
        right
    }

    fn word_beside(&mut self, scope: Scope, left: &Typed, name: &str, span: Span) -> Typed {
        match &left.ty {
            Ty::OneOf(values) => {
                if values.iter().any(|value| value == name) {
                    let id = self.text_constant(name);
                    return Typed { id, ty: left.ty.clone(), slot: None, span };
                }
                if let Some(slot) = self.find_slot(scope, name).filter(|slot| self.fits(*slot, &left.ty)) {
                    return self.slot_value(slot, span);
                }
                self.unknown_value(scope, left, name, span);
                self.wrong(span)
            }
            Ty::Text if self.has_seen(left, name) => {
                Typed { id: self.text_constant(name), ty: Ty::Text, slot: None, span }
            }
            Ty::Text | Ty::List | Ty::Open | Ty::Wrong => {
                let other = self.find_slot(scope, name).filter(|slot| Some(*slot) != left.slot);
                let declared = other.filter(|slot| self.slot(*slot).is_some_and(|info| info.ty.is_some()));
                if let Some(slot) = declared
                    .filter(|slot| matches!(left.ty, Ty::Open | Ty::Wrong) || self.fits(*slot, &Ty::Text))
                {
                    return self.slot_value(slot, span);
                }
                if let Some(slot) = left.slot {
                    self.learn(slot, Ty::Text, true, scope.origin(span));
                }
                self.must_be_seen(scope, left, name, span);
                let id = self.text_constant(name);
                // What an undeclared name is compared with by word alone is text, unless other uses say otherwise.
                let ty = if left.ty == Ty::Open { Ty::Open } else { Ty::Text };
                Typed { id, ty, slot: None, span }
            }
            _ => match self.slot_named(scope, name, span) {
                Some(slot) => self.slot_value(slot, span),
                None => self.wrong(span),
            },
        }
    }

    /// The values that the data at hand have there, if they have few.
    fn seen(&self, typed: &Typed) -> Option<&Arc<[String]>> {
        typed.slot.and_then(|slot| self.slot(slot)).and_then(|info| info.seen.as_ref())
    }

    fn has_seen(&self, typed: &Typed, value: &str) -> bool {
        self.seen(typed).is_some_and(|seen| seen.iter().any(|one| one == value))
    }

    /// Points out a value that the data at hand do not have: a slip, or one that comes tomorrow.
    fn must_be_seen(&mut self, scope: Scope, left: &Typed, written: &str, span: Span) {
        if self.in_test || self.has_seen(left, written) {
            return;
        }
        let (Some(seen), Some(slot)) = (self.seen(left).cloned(), left.slot) else { return };
        let name = self.slot_name(slot);
        let all = listed(seen.iter().map(String::as_str));
        let declare = match slot {
            Slot::Attribute(_) => format!("`attribute {}: one of …`", spelled(&name)),
            Slot::Field(event, _) => {
                format!("`event {}: {} one of …`", spelled(self.event_name(event)), spelled(&name))
            }
        };
        let help = match self.near(written, seen.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{}`? The data have {all}", spelled(near)),
            None => format!("they have {all}; if there will be others, declare them: {declare}"),
        };
        let message = format!("in the data at hand `{name}` is never `{written}`");
        let finding = self.finding(Code::UnseenValue, scope, span, message).help(help);
        self.report(finding);
    }

    fn unknown_value(&mut self, scope: Scope, left: &Typed, written: &str, span: Span) {
        let Ty::OneOf(values) = &left.ty else { return };
        let name = left.slot.map_or_else(|| "this".to_owned(), |slot| format!("`{}`", self.slot_name(slot)));
        let message = format!("{name} is never `{written}`");
        let all = listed(values.iter().map(String::as_str));
        let help = match self.near(written, values.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{}`? It is one of {all}", spelled(near)),
            None => format!("it is one of {all}"),
        };
        let mut finding = self.finding(Code::UnknownValue, scope, span, message).help(help);
        if let Some(origin) = left.slot.and_then(|slot| self.slot_origin(slot)) {
            finding = finding.also(origin.source, origin.span, "declared here");
        }
        self.report_unknown(written, finding);
    }

    fn slot_origin(&self, slot: Slot) -> Option<Origin> {
        match slot {
            Slot::Attribute(index) => self.attributes.get(index)?.origin,
            Slot::Field(event, index) => self.events.get(event)?.item.fields.get(index)?.origin,
        }
    }

    /// How an attribute or a field would be declared to be of that type.
    pub(super) fn declaration_of(&self, slot: Slot, ty: &Ty) -> String {
        let name = spelled(&self.slot_name(slot));
        let ty = match ty {
            Ty::Number | Ty::Length { .. } => "number",
            Ty::Date | Ty::Moment => "date",
            Ty::DateTime => "date and time",
            Ty::YesNo => "yes or no",
            Ty::List => "list of text",
            Ty::Text | Ty::OneOf(_) | Ty::Open | Ty::Wrong => "text",
        };
        match slot {
            Slot::Attribute(_) => format!("`attribute {name}: {ty}`"),
            Slot::Field(event, _) => format!("`event {}: {name} {ty}`", spelled(self.event_name(event))),
        }
    }

    /// With how to declare it otherwise, and the place where it was declared.
    pub(super) fn with_redeclaration(&self, finding: Diagnostic, slot: Slot, ty: &Ty) -> Diagnostic {
        let declaration = self.declaration_of(slot, ty);
        let finding = finding.help(format!("if it holds {}, declare it so: {declaration}", ty.describe()));
        self.with_declaration(finding, slot)
    }

    /// With the place where the attribute or field was declared.
    pub(super) fn with_declaration(&self, finding: Diagnostic, slot: Slot) -> Diagnostic {
        match self.slot_origin(slot) {
            Some(origin) => {
                let text = format!("`{}` is declared here", self.slot_name(slot));
                finding.also(origin.source, origin.span, text)
            }
            None => finding,
        }
    }

    /// Notes that an undeclared name is used as `ty`.
    pub(super) fn expect(&mut self, scope: Scope, typed: &Typed, ty: &Ty, weak: bool) {
        if let Some(slot) = typed.slot {
            self.learn(slot, ty.as_guess(), weak, scope.origin(typed.span));
        }
    }

    /// Says, once, that two uses of an undeclared name disagree. Whether it is such a name.
    pub(super) fn uses_disagree(&mut self, scope: Scope, typed: &Typed, wanted: &Ty) -> bool {
        let Some(slot) = typed.slot else { return false };
        let Some(guess) =
            self.slot(slot).filter(|info| info.ty.is_none()).and_then(|info| info.guess.clone())
        else {
            return false;
        };
        if self.disagreed.insert(slot) {
            let name = self.slot_name(slot);
            let (here, there) = (wanted.as_guess().describe(), guess.ty.describe());
            let what = self.declaration_of(slot, &guess.ty);
            let message = format!("`{name}` is used as {here} and as {there}");
            let finding = self
                .finding(Code::UsesDisagree, scope, typed.span, message)
                .label(format!("as {here} here"))
                .also(guess.origin.source, guess.origin.span, format!("as {there} here"))
                .help(format!("decide for one, and declare it: {what}"));
            self.report(finding);
        }
        true
    }

    /// A comparison of two values, lowered, if they can be compared.
    pub(super) fn compare_typed(
        &mut self,
        scope: Scope,
        span: Span,
        left: &Typed,
        op: Compare,
        right: &Typed,
    ) -> ConditionId {
        let origin = scope.origin(span);
        let ordered = !matches!(op, Compare::Is | Compare::IsNot);
        if ordered && left.ty == Ty::Open && right.ty == Ty::Open {
            self.expect(scope, left, &Ty::Number, true);
            self.expect(scope, right, &Ty::Number, true);
        }
        if !self.comparable(scope, left, right) || (ordered && !self.has_order(scope, left, right)) {
            return self.constant(false, origin);
        }
        if left.ty == Ty::YesNo && op == Compare::Is && self.is_constant(right, Value::YesNo(true)) {
            return self.add_condition(Condition::Truth(left.id), origin);
        }
        let plain = if op == Compare::IsNot { Compare::Is } else { op };
        let condition =
            self.add_condition(Condition::Compare { left: left.id, op: plain, right: right.id }, origin);
        if op == Compare::IsNot { self.negated(condition, origin) } else { condition }
    }

    fn is_constant(&self, typed: &Typed, value: Value) -> bool {
        *self.arena.expression(typed.id) == Expression::Constant(value)
    }

    /// Whether two values can be compared; says so if not.
    pub(super) fn comparable(&mut self, scope: Scope, left: &Typed, right: &Typed) -> bool {
        match (&left.ty, &right.ty) {
            (Ty::Wrong, _) | (_, Ty::Wrong) => false,
            (Ty::Open, _) | (_, Ty::Open) => true,
            (Ty::Length { unit: a, .. }, Ty::Length { unit: b, .. }) => {
                let same = a == b;
                if !same {
                    self.units_differ(scope, left, *a, right, *b);
                }
                same
            }
            (Ty::Number, Ty::Length { unit, written: true }) => {
                self.unit_on_plain(scope, left, right, *unit);
                false
            }
            (Ty::Length { unit, written: true }, Ty::Number) => {
                self.unit_on_plain(scope, right, left, *unit);
                false
            }
            (Ty::OneOf(a), Ty::OneOf(b)) => {
                let common = a.iter().any(|value| b.contains(value));
                if !common {
                    self.types_differ(scope, left, right);
                }
                common
            }
            (a, b) => {
                let fine = (a.is_number() && b.is_number())
                    || (a.is_text() && b.is_text())
                    || (a.is_moment() && b.is_moment())
                    || (*a == Ty::YesNo && *b == Ty::YesNo);
                if !fine && !self.uses_disagree(scope, left, b) && !self.uses_disagree(scope, right, a) {
                    self.types_differ(scope, left, right);
                }
                fine
            }
        }
    }

    fn types_differ(&mut self, scope: Scope, left: &Typed, right: &Typed) {
        let (a, b) = (left.ty.describe(), right.ty.describe());
        let mut finding = self
            .finding(Code::TypeMismatch, scope, right.span, format!("{a} is compared with {b}"))
            .label(format!("this is {b}"))
            .also(scope.source, left.span, format!("this is {a}"));
        let written = self.text(scope.source, right.span);
        let help = match (&left.ty, &right.ty) {
            (Ty::List, _) => {
                let list = self.text(scope.source, left.span);
                Some(format!("to ask whether it is in the list, write `{list} contains {written}`"))
            }
            (Ty::Text | Ty::OneOf(_), Ty::Number) => {
                Some(format!("write the text in quotes: `\"{written}\"`"))
            }
            (Ty::Number, Ty::Text) => Some("write the number without quotes".to_owned()),
            (Ty::Date | Ty::DateTime | Ty::Moment, Ty::Text) => {
                Some("write the date without quotes, as year-month-day: `2026-10-01`".to_owned())
            }
            (Ty::Date | Ty::DateTime | Ty::Moment, Ty::Length { unit, .. }) => {
                let moment = self.text(scope.source, left.span);
                Some(format!(
                    "say how long ago it was, `{unit}s since {moment}`, or how far ahead, `{unit}s until {moment}`"
                ))
            }
            (Ty::YesNo, _) => Some("write `yes` or `no`".to_owned()),
            _ => None,
        };
        for slot in [left.slot, right.slot].into_iter().flatten() {
            finding = self.with_declaration(finding, slot);
        }
        if let Some(help) = help {
            finding = finding.help(help);
        }
        self.report(finding);
    }

    /// Says that two stretches of time are measured in different units, and converts the written one.
    pub(super) fn units_differ(&mut self, scope: Scope, left: &Typed, a: Unit, right: &Typed, b: Unit) {
        let message = format!("{a}s and {b}s do not mix");
        let mend = self
            .converted(right, b, a)
            .or_else(|| self.converted(left, a, b))
            .map(|period| format!("write `{period}`"));
        let help = mend.unwrap_or_else(|| format!("measure both in the same unit, such as `{b}s since …`"));
        let finding = self
            .finding(Code::UnitMismatch, scope, right.span, message)
            .label(format!("in {b}s"))
            .also(scope.source, left.span, format!("in {a}s"))
            .help(help);
        self.report(finding);
    }

    /// A written number of one unit in another, if that is exact or a calendar's habit.
    fn converted(&self, typed: &Typed, from: Unit, to: Unit) -> Option<String> {
        let Expression::Constant(Value::Number(number)) = self.arena.expression(typed.id) else {
            return None;
        };
        // How many of the smallest steps of its kind a unit has.
        let steps = |unit| match unit {
            Unit::Minute => (0, 1),
            Unit::Hour => (0, 60),
            Unit::Day => (0, 24 * 60),
            Unit::Week => (0, 7 * 24 * 60),
            Unit::Month => (1, 1),
            Unit::Year => (1, 12),
        };
        let ((kind_from, size_from), (kind_to, size_to)) = (steps(from), steps(to));
        let millionths = number.millionths();
        if kind_from != kind_to || millionths % 1_000_000 != 0 {
            return None;
        }
        let total = (millionths / 1_000_000).checked_mul(size_from)?;
        let count = total / size_to;
        let plural = if count == 1 { "" } else { "s" };
        (total % size_to == 0 && count > 0).then(|| format!("{count} {to}{plural}"))
    }

    fn unit_on_plain(&mut self, scope: Scope, plain: &Typed, with_unit: &Typed, unit: Unit) {
        if self.uses_disagree_on_unit(plain) {
            return;
        }
        let message = format!("a plain number is compared with {unit}s");
        let number = match self.arena.expression(with_unit.id) {
            Expression::Constant(Value::Number(number)) => Some(*number),
            _ => None,
        };
        let mut finding = self
            .finding(Code::UnitOnNumber, scope, with_unit.span, message)
            .label(format!("in {unit}s"))
            .also(scope.source, plain.span, "a plain number");
        if let Some(number) = number {
            finding = finding.help(format!("write `{number}`"));
        }
        self.report(finding);
    }

    /// An undeclared number may be one of any unit.
    fn uses_disagree_on_unit(&self, plain: &Typed) -> bool {
        plain.slot.and_then(|slot| self.slot(slot)).is_some_and(|info| info.ty.is_none())
    }

    /// Whether the values have an order; says so if not.
    fn has_order(&mut self, scope: Scope, left: &Typed, right: &Typed) -> bool {
        let unordered = |ty: &Ty| matches!(ty, Ty::Text | Ty::OneOf(_) | Ty::YesNo | Ty::List);
        let Some(which) = [left, right].into_iter().find(|typed| unordered(&typed.ty)) else { return true };
        if self.uses_disagree(scope, which, &Ty::Number) {
            return false;
        }
        let what = match which.ty {
            Ty::OneOf(_) => "values of a `one of` type have".to_owned(),
            _ => format!("{} has", which.ty.describe()),
        };
        let message = format!("{what} no order");
        let finding = self.finding(Code::NoOrder, scope, left.span.to(right.span), message);
        let finding = match &which.ty {
            Ty::OneOf(values) => {
                let name = which.slot.map_or_else(String::new, |slot| self.slot_name(slot));
                let from = match self.arena.expression(right.id) {
                    Expression::Constant(Value::Text(symbol)) => self.arena.text(*symbol),
                    _ => None,
                };
                let start = from.and_then(|from| values.iter().position(|value| **value == **from));
                let names: Vec<&str> = values.iter().skip(start.unwrap_or(0)).map(String::as_str).collect();
                finding.help(format!("name the values: `{} in ({})`", spelled(&name), names.join(", ")))
            }
            Ty::Text => finding.help("compare text with `is`, `is not`, `in (…)` or `contains`"),
            _ => finding.help("compare it with `is` or `is not`"),
        };
        let finding = match which.slot {
            Some(slot) => self.with_declaration(finding, slot),
            None => finding,
        };
        self.report(finding);
        false
    }
}
