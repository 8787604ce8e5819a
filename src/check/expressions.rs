//! Values: their names, their types, their units.

use super::{
    checker::{Checker, Scope},
    subjects::{Allowed, Counted},
    types::{Slot, Ty, Typed},
    words::spelled,
};
use crate::{
    diagnostic::Code,
    number::Number,
    program::{AttributeId, Expression, FieldId, Set, SetId, Window},
    snapshot::Value,
    syntax::ast::{self, Aggregate, Arithmetic, Events, Expr, ExprKind, Filter, Moment, Name, Pick, Span},
    time::{Unit, Zone},
};

/// Events or contacts in a window, lowered.
pub(super) struct Members {
    pub(super) set: SetId,
    pub(super) window: Window,
    /// Which event, if they are events.
    pub(super) event: Option<usize>,
}

impl Checker<'_> {
    /// The value, and what it is. Whatever is wrong with it has been said.
    pub(super) fn expression(&mut self, scope: Scope, expr: &Expr) -> Typed {
        let span = expr.span;
        let typed = |id, ty| Typed { id, ty, slot: None, span };
        match &expr.node {
            ExprKind::Number(number, unit) => {
                let ty = unit.map_or(Ty::Number, |unit| Ty::Length { unit, written: true });
                typed(self.value(Value::Number(*number)), ty)
            }
            ExprKind::Text(text) => typed(self.text_constant(text), Ty::Text),
            ExprKind::Date(date) => typed(self.value(Value::Date(*date)), Ty::Date),
            ExprKind::DateTime(civil) => {
                // A written date and time is civil; it stands for one instant in the zone of the file.
                let at = self.file_zone().instant(*civil);
                typed(self.value(Value::Instant(at)), Ty::DateTime)
            }
            ExprKind::YesNo(yes) => typed(self.value(Value::YesNo(*yes)), Ty::YesNo),
            ExprKind::Name(name) => match self.slot_named(scope, name, span) {
                Some(slot) => self.slot_value(slot, span),
                None => self.wrong(span),
            },
            ExprKind::Negative(part) => {
                let part = self.expression(scope, part);
                self.must_be_number(scope, &part);
                if let Expression::Constant(Value::Number(number)) = self.arena.expression(part.id)
                    && let Some(negated) = number.negated()
                {
                    return typed(self.value(Value::Number(negated)), part.ty);
                }
                let id = self.arena.add_expression(Expression::Negative(part.id));
                typed(id, number_type(&part.ty))
            }
            ExprKind::Arithmetic { left, op, right } => self.arithmetic(scope, span, left, *op, right),
            ExprKind::CountOf(events) => match self.members(scope, events, Allowed::All, true, true) {
                Some(Members { set, window, .. }) => {
                    typed(self.arena.add_expression(Expression::Count { set, window }), Ty::Number)
                }
                None => self.wrong(span),
            },
            ExprKind::Aggregate { kind, field, events } => self.aggregate(scope, span, *kind, field, events),
            ExprKind::Rhythm { unit, events } => {
                match self.members(scope, events, Allowed::All, true, false) {
                    Some(Members { set, window, .. }) => {
                        let rhythm = Expression::Rhythm { unit: *unit, set, window };
                        typed(self.arena.add_expression(rhythm), Ty::Length { unit: *unit, written: false })
                    }
                    None => self.wrong(span),
                }
            }
            ExprKind::FieldOf { which, field, events } => self.field_of(scope, span, *which, field, events),
            ExprKind::Since { unit, moment } => self.since(scope, span, *unit, moment),
            ExprKind::Until { unit, attribute } => {
                self.refuse_in_filter(scope, span);
                match self.moment(scope, attribute, *unit) {
                    Some(moment) => {
                        let until = Expression::Until { unit: *unit, moment: moment.id };
                        typed(self.arena.add_expression(until), Ty::Length { unit: *unit, written: false })
                    }
                    None => self.wrong(span),
                }
            }
        }
    }

    /// A value of which it has been said what is wrong with it.
    pub(super) fn wrong(&mut self, span: Span) -> Typed {
        Typed { id: self.value(Value::Missing), ty: Ty::Wrong, slot: None, span }
    }

    /// The value of an attribute or a field.
    pub(super) fn slot_value(&mut self, slot: Slot, span: Span) -> Typed {
        let expression = match slot {
            Slot::Attribute(index) => Expression::Attribute(AttributeId::from(index)),
            Slot::Field(_, index) => Expression::Field(FieldId::from(index)),
        };
        let id = self.arena.add_expression(expression);
        Typed { id, ty: self.slot_type(slot), slot: Some(slot), span }
    }

    /// The zone of the files, as far as it is known while they are checked.
    fn file_zone(&self) -> Zone {
        let named = self.units().iter().flat_map(|unit| &unit.file.declarations).find_map(|declaration| {
            match &declaration.node {
                ast::DeclarationKind::TimeZone(name) => Zone::named(&name.node).ok(),
                _ => None,
            }
        });
        named.unwrap_or_else(Zone::utc)
    }

    fn arithmetic(&mut self, scope: Scope, span: Span, left: &Expr, op: Arithmetic, right: &Expr) -> Typed {
        let (left, right) = (self.expression(scope, left), self.expression(scope, right));
        let fine = self.must_be_number(scope, &left) & self.must_be_number(scope, &right);
        if !fine {
            return self.wrong(span);
        }
        let Some(ty) = self.arithmetic_type(scope, &left, op, &right) else { return self.wrong(span) };
        let is_zero = *self.arena.expression(right.id) == Expression::Constant(Value::Number(Number::ZERO));
        if op == Arithmetic::Divide && is_zero {
            let finding = self
                .finding(Code::DividedByZero, scope, right.span, "nothing can be divided by 0")
                .help("correct the number: what is divided by 0 is never known, and no comparison with it holds");
            self.report(finding);
        }
        let constant = match (self.arena.expression(left.id), self.arena.expression(right.id)) {
            (Expression::Constant(Value::Number(a)), Expression::Constant(Value::Number(b))) => match op {
                Arithmetic::Add => a.plus(*b),
                Arithmetic::Subtract => a.minus(*b),
                Arithmetic::Multiply => a.times(*b),
                Arithmetic::Divide => a.over(*b),
            },
            _ => None,
        };
        let id = match constant {
            Some(number) => self.value(Value::Number(number)),
            None => self.arena.add_expression(Expression::Arithmetic { left: left.id, op, right: right.id }),
        };
        Typed { id, ty, slot: None, span }
    }

    fn arithmetic_type(&mut self, scope: Scope, left: &Typed, op: Arithmetic, right: &Typed) -> Option<Ty> {
        use Arithmetic::{Add, Divide, Multiply, Subtract};
        match (&left.ty, op, &right.ty) {
            (
                Ty::Length { unit: a, written: x },
                Add | Subtract | Divide,
                Ty::Length { unit: b, written: y },
            ) => {
                if a != b {
                    self.units_differ(scope, left, *a, right, *b);
                    return None;
                }
                let unit = *a;
                Some(if op == Divide { Ty::Number } else { Ty::Length { unit, written: *x && *y } })
            }
            (Ty::Length { .. }, Multiply, Ty::Length { .. }) => {
                let span = left.span.to(right.span);
                let finding = self
                    .finding(Code::UnitMismatch, scope, span, "two stretches of time cannot be multiplied")
                    .help("write one of them as a plain number");
                self.report(finding);
                None
            }
            (Ty::Length { unit, written }, _, other) => {
                // `… - 7` takes the unit over; `… * x` keeps it.
                Some(Ty::Length { unit: *unit, written: *written && !matches!(other, Ty::Open) })
            }
            (_, Multiply | Add | Subtract, Ty::Length { unit, written }) => {
                Some(Ty::Length { unit: *unit, written: *written })
            }
            _ => Some(Ty::Number),
        }
    }

    /// Whether it is a number; says so if not. An undeclared name is taken for one.
    pub(super) fn must_be_number(&mut self, scope: Scope, typed: &Typed) -> bool {
        self.expect(scope, typed, &Ty::Number, false);
        if typed.ty.is_number() || typed.ty == Ty::Open {
            return true;
        }
        if !self.uses_disagree(scope, typed, &Ty::Number) {
            let message = format!("a number is needed here, and this is {}", typed.ty.describe());
            let finding = self.finding(Code::NotANumber, scope, typed.span, message);
            let finding = match &typed.ty {
                Ty::Date | Ty::DateTime => finding.help("ask for `days since …` or `days until …`"),
                _ => match typed.slot {
                    Some(slot) => self.with_redeclaration(finding, slot, &Ty::Number),
                    None => finding,
                },
            };
            self.report(finding);
        }
        false
    }

    fn aggregate(
        &mut self,
        scope: Scope,
        span: Span,
        kind: Aggregate,
        field: &Name,
        events: &Events,
    ) -> Typed {
        let found = self.members(scope, events, Allowed::Events, false, false);
        let Some(Members { set, window, event: Some(event) }) = found else { return self.wrong(span) };
        let Some(slot) = self.field_named(scope, event, field) else { return self.wrong(span) };
        let value = Typed { span: field.span, ..self.slot_value(slot, field.span) };
        if !self.must_be_number(scope, &value) {
            return self.wrong(span);
        }
        let Slot::Field(_, index) = slot else { return self.wrong(span) };
        let aggregate = Expression::Aggregate { kind, set, field: FieldId::from(index), window };
        Typed { id: self.arena.add_expression(aggregate), ty: Ty::Number, slot: None, span }
    }

    fn field_of(&mut self, scope: Scope, span: Span, which: Pick, field: &Name, events: &Events) -> Typed {
        let found = self.members(scope, events, Allowed::Events, false, false);
        let Some(Members { set, window, event: Some(event) }) = found else { return self.wrong(span) };
        let Some(slot) = self.field_named(scope, event, field) else { return self.wrong(span) };
        let Slot::Field(_, index) = slot else { return self.wrong(span) };
        let pick = Expression::Pick { which, set, field: FieldId::from(index), window };
        // Its type is the field's, so that its uses tell of the field.
        Typed { id: self.arena.add_expression(pick), ty: self.slot_type(slot), slot: Some(slot), span }
    }

    fn since(&mut self, scope: Scope, span: Span, unit: Unit, moment: &Moment) -> Typed {
        let expression = match moment {
            Moment::Last(events) | Moment::First(events) => {
                let Some(members) = self.members(scope, events, Allowed::All, false, false) else {
                    return self.wrong(span);
                };
                let Members { set, window, .. } = members;
                match moment {
                    Moment::Last(_) => Expression::SinceLast { unit, set, window },
                    _ => Expression::SinceFirst { unit, set, window },
                }
            }
            Moment::Attribute(name) => {
                self.refuse_in_filter(scope, span);
                let Some(moment) = self.moment(scope, name, unit) else { return self.wrong(span) };
                Expression::Since { unit, moment: moment.id }
            }
        };
        let id = self.arena.add_expression(expression);
        Typed { id, ty: Ty::Length { unit, written: false }, slot: None, span }
    }

    /// The date or instant that an attribute holds. Says so if it holds something else.
    pub(super) fn moment(&mut self, scope: Scope, name: &Name, unit: Unit) -> Option<Typed> {
        let is_event = self.find_slot(scope, &name.node).is_none()
            && !self.counted(&name.node, None, Allowed::All).is_empty();
        if is_event {
            let message = format!("`{}` happens again and again", name.node);
            let finding = self
                .finding(Code::NotAMoment, scope, name.span, message)
                .label("which one is meant?")
                .help(format!("write `{unit}s since last {}`, or `first`", spelled(&name.node)));
            self.report(finding);
            return None;
        }
        let slot = self.slot_named(scope, &name.node, name.span)?;
        let value = self.slot_value(slot, name.span);
        let guess = if unit.is_exact() { Ty::DateTime } else { Ty::Moment };
        self.learn(slot, guess, false, scope.origin(name.span));
        self.must_be_moment(scope, &value).then_some(value)
    }

    /// Whether it is a date or an instant; says so if not.
    pub(super) fn must_be_moment(&mut self, scope: Scope, value: &Typed) -> bool {
        if value.ty.is_moment() || value.ty == Ty::Open {
            return true;
        }
        if !self.uses_disagree(scope, value, &Ty::Moment) {
            let message = format!("a date is needed here, and this is {}", value.ty.describe());
            let finding = self.finding(Code::NotAMoment, scope, value.span, message);
            let finding = match value.slot {
                Some(slot) => self.with_redeclaration(finding, slot, &Ty::Date),
                None => finding,
            };
            self.report(finding);
        }
        false
    }

    /// The set and the window of what is counted. `counts` is whether, in an `unless`, it counts since the
    /// sequence began.
    pub(super) fn members(
        &mut self,
        scope: Scope,
        events: &Events,
        allowed: Allowed,
        plural: bool,
        counts: bool,
    ) -> Option<Members> {
        let subject = self.subject(scope, &events.subject, allowed, plural)?;
        let span = events.subject.name.span;
        self.refuse_in_filter(scope, span);
        let window = match &events.window {
            Some(window) => window_of(window.node),
            None if counts && scope.unless => Window::Sequence,
            None => Window::Ever,
        };
        match subject {
            Counted::Event(event) => {
                let set = self.event_set(scope, event, &events.filter);
                Some(Members { set, window, event: Some(event) })
            }
            Counted::Contacts(test) => {
                let filter = &events.filter;
                let first = filter.of.first().map(|(name, value)| name.span.to(value.span));
                if let Some(span) = first.or(filter.condition.as_ref().map(|condition| condition.span)) {
                    self.contacts_have_no_fields(scope, span);
                }
                Some(Members { set: self.arena.add_set(Set::Contacts(test)), window, event: None })
            }
        }
    }

    /// The events of one type that a filter admits.
    pub(super) fn event_set(&mut self, scope: Scope, event: usize, filter: &Filter) -> SetId {
        let condition = self.filter(scope, event, filter);
        self.arena.add_set(Set::Events { event: Self::event_id(event), filter: condition })
    }

    /// Says so where a filter asks for what is not a matter of one event.
    pub(super) fn refuse_in_filter(&mut self, scope: Scope, span: Span) {
        if scope.event.is_some() {
            let message = "a filter looks at one event, and this looks beyond it";
            let finding = self.finding(Code::BeyondFilter, scope, span, message).help(
                "compare the event's fields with values and attributes, and ask the rest outside the filter",
            );
            self.report(finding);
        }
    }
}

/// What remains of a number's type when it is reckoned with.
fn number_type(ty: &Ty) -> Ty {
    match ty {
        Ty::Length { .. } | Ty::Wrong => ty.clone(),
        _ => Ty::Number,
    }
}

const fn window_of(window: ast::Window) -> Window {
    match window {
        ast::Window::Rolling(period) => Window::Rolling(period),
        ast::Window::Calendar(unit) => Window::Calendar(unit),
        ast::Window::Since(date) => Window::Since(date),
    }
}
