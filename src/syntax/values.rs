//! Values, and the events and contacts that they count.

use super::{
    ast::{
        Aggregate, Arithmetic, Events, Expr, ExprKind, Moment, Name, Pick, Span, Spanned, Subject,
        SubjectKind, Window,
    },
    conditions::{LONGEST_CHAIN, named},
    grammar::Rule,
    reader::{Node, Reader},
};
use crate::diagnostic::Code;

impl<'i> Reader<'i> {
    /// A value.
    pub(super) fn sum(&mut self, node: &Node<'i>) -> Option<Expr> {
        self.chain(node, Self::product)
    }

    fn product(&mut self, node: &Node<'i>) -> Option<Expr> {
        self.chain(node, Self::unary)
    }

    fn chain(
        &mut self,
        node: &Node<'i>,
        read: impl Fn(&mut Self, &Node<'i>) -> Option<Expr>,
    ) -> Option<Expr> {
        let mut value: Option<Expr> = None;
        let mut op = None;
        let start = self.span(node);
        for (place, child) in node.clone().into_inner().enumerate() {
            if place > 2 * LONGEST_CHAIN {
                self.too_deep(self.span(node));
                return None;
            }
            match child.as_rule() {
                Rule::add_op | Rule::multiply_op => op = Some(operation(child.as_str())),
                _ => {
                    let right = read(self, &child)?;
                    value = Some(match (value, op) {
                        (Some(left), Some(op)) => {
                            let span = Span::new(start.start, self.span(&child).end);
                            let (left, right) = (Box::new(named(left)), Box::new(named(right)));
                            Spanned { node: ExprKind::Arithmetic { left, op, right }, span }
                        }
                        _ => right,
                    });
                }
            }
        }
        if value.is_none() {
            self.disagree(node, "a value");
        }
        value
    }

    fn unary(&mut self, node: &Node<'i>) -> Option<Expr> {
        let mut minuses = Vec::new();
        for child in node.clone().into_inner() {
            if child.as_rule() == Rule::minus {
                minuses.push(self.span(&child));
                continue;
            }
            let inner = self.first(&child)?;
            let mut value = self.primary(&inner)?;
            if minuses.len() > LONGEST_CHAIN {
                self.too_deep(self.span(node));
                return None;
            }
            for minus in minuses.into_iter().rev() {
                let span = minus.to(self.span(&child));
                value = Spanned { node: ExprKind::Negative(Box::new(value)), span };
            }
            return Some(value);
        }
        self.disagree(node, "a value");
        None
    }

    fn primary(&mut self, node: &Node<'i>) -> Option<Expr> {
        let kind = match node.as_rule() {
            Rule::paren => return self.paren_value(node),
            Rule::date_time => ExprKind::DateTime(self.date_time(node)?.node),
            Rule::date => ExprKind::Date(self.date(node)?.node),
            Rule::amount => {
                let number = self.child(node, Rule::number)?;
                let unit = if Self::has(node, Rule::unit) { Some(self.unit_in(node)?) } else { None };
                ExprKind::Number(self.number(&number)?.node, unit)
            }
            Rule::text => ExprKind::Text(self.text(node)?.node),
            Rule::yes_no => ExprKind::YesNo(Self::has(node, Rule::kw_yes)),
            Rule::count_of => ExprKind::CountOf(self.events_in(node)?),
            Rule::rhythm => {
                let unit = self.unit_in(node)?;
                ExprKind::Rhythm { unit, events: self.events_in(node)? }
            }
            Rule::aggregate => {
                let head = self.child(node, Rule::aggregate_head)?;
                return self.aggregate(node, &head);
            }
            Rule::aggregate_head => return self.aggregate(node, node),
            Rule::field_of => {
                let head = self.child(node, Rule::field_head)?;
                return self.field_of(node, &head);
            }
            Rule::field_head => return self.field_of(node, node),
            Rule::since_event => {
                let unit = self.unit_in(node)?;
                let last = Self::has(node, Rule::kw_last);
                let events = self.events_in(node)?;
                let moment = if last { Moment::Last(events) } else { Moment::First(events) };
                ExprKind::Since { unit, moment }
            }
            Rule::since_attribute => {
                let unit = self.unit_in(node)?;
                ExprKind::Since { unit, moment: Moment::Attribute(self.name_in(node)?) }
            }
            Rule::until_attribute => {
                let unit = self.unit_in(node)?;
                ExprKind::Until { unit, attribute: self.name_in(node)? }
            }
            Rule::lone_name => ExprKind::Name(self.name_in(node)?.node),
            Rule::item => ExprKind::Name(self.name(node)?.node),
            _ => {
                self.disagree(node, "a value");
                return None;
            }
        };
        Some(self.spanned(node, kind))
    }

    /// The value in parentheses, which are read as if a condition stood in them.
    fn paren_value(&mut self, node: &Node<'i>) -> Option<Expr> {
        let condition = self.child(node, Rule::condition)?;
        let mut inner = condition.clone();
        let value = loop {
            let mut children = inner.into_inner();
            let (Some(only), None) = (children.next(), children.next()) else { break None };
            if only.as_rule() == Rule::sum {
                break Some(only);
            }
            inner = only;
        };
        let Some(value) = value else {
            let message = "a condition stands where a value is needed";
            self.report(
                Code::NotAValue,
                self.span(&condition),
                message,
                "a value is a number, a text, a date or a name",
            );
            return None;
        };
        self.sum(&value)
    }

    fn aggregate(&mut self, node: &Node<'i>, head: &Node<'i>) -> Option<Expr> {
        let kind = self.child(head, Rule::aggregate_kind)?;
        let kind = match self.first(&kind)?.as_rule() {
            Rule::kw_total => Aggregate::Total,
            Rule::kw_average => Aggregate::Average,
            Rule::kw_smallest => Aggregate::Smallest,
            _ => Aggregate::Largest,
        };
        let (field, events) = self.field_and_events(node, head)?;
        Some(self.spanned(node, ExprKind::Aggregate { kind, field, events }))
    }

    fn field_of(&mut self, node: &Node<'i>, head: &Node<'i>) -> Option<Expr> {
        let which = self.child(head, Rule::pick)?;
        let which = match self.first(&which)?.as_rule() {
            Rule::kw_last => Pick::Last,
            Rule::kw_first => Pick::First,
            _ => Pick::MostCommon,
        };
        let (field, events) = self.field_and_events(node, head)?;
        Some(self.spanned(node, ExprKind::FieldOf { which, field, events }))
    }

    fn field_and_events(&mut self, node: &Node<'i>, head: &Node<'i>) -> Option<(Name, Events)> {
        let mut items = Self::all(head, Rule::item);
        let (Some(event), Some(field)) = (items.next(), items.next()) else {
            self.disagree(head, "a field");
            return None;
        };
        let (event, field) = (self.name(&event), self.name(&field));
        let (filter, window) = self.event_tails(node)?;
        let subject = Subject { kind: None, name: event? };
        Some((field?, Events { subject, filter, window }))
    }

    /// The events among the children.
    fn events_in(&mut self, node: &Node<'i>) -> Option<Events> {
        let events = self.child(node, Rule::events)?;
        self.events(&events)
    }

    /// Events or contacts, which of them, and in which window.
    pub(super) fn events(&mut self, node: &Node<'i>) -> Option<Events> {
        let subject = self.child(node, Rule::subject)?;
        let subject = self.subject(&subject);
        let (filter, window) = self.event_tails(node)?;
        Some(Events { subject: subject?, filter, window })
    }

    /// `order`, `message survey`
    pub(super) fn subject(&mut self, node: &Node<'i>) -> Option<Subject> {
        let kind = match Self::find(node, Rule::subject_kind) {
            Some(kind) => Some(match self.first(&kind)?.as_rule() {
                Rule::kw_event => SubjectKind::Event,
                Rule::kw_channel => SubjectKind::Channel,
                Rule::kw_message => SubjectKind::Message,
                Rule::kw_category => SubjectKind::Category,
                _ => SubjectKind::Rule,
            }),
            None => None,
        };
        Some(Subject { kind, name: self.name_in(node)? })
    }

    /// `of category "milk"`
    pub(super) fn of_filter(&mut self, node: &Node<'i>) -> Option<(Name, Expr)> {
        let field = self.name_in(node);
        let value = self.child(node, Rule::of_value)?;
        let value = self.first(&value)?;
        let value = self.primary(&value);
        Some((field?, value?))
    }

    /// `in 30 days`, `this week`
    pub(super) fn window(&mut self, node: &Node<'i>) -> Option<Spanned<Window>> {
        let inner = self.first(node)?;
        let window = match inner.as_rule() {
            Rule::window_rolling => Window::Rolling(self.period_in(&inner)?.node),
            Rule::window_today => Window::Calendar(crate::time::CalendarUnit::Day),
            Rule::window_this => Window::Calendar(self.calendar_unit_in(&inner)?),
            _ => Window::Since(self.date_in(&inner)?.node),
        };
        Some(self.spanned(node, window))
    }
}

fn operation(written: &str) -> Arithmetic {
    match written {
        "+" | "＋" => Arithmetic::Add,
        "*" | "×" => Arithmetic::Multiply,
        "/" | "÷" => Arithmetic::Divide,
        _ => Arithmetic::Subtract,
    }
}
