//! Conditions.

use super::{
    ast::{
        Compare, Condition, ConditionKind, DateTest, Events, Expr, ExprKind, Filter, Quantity, Span, Spanned,
        Subject, Today,
    },
    grammar::Rule,
    reader::{Node, Reader},
};
use crate::diagnostic::Code;

/// How many `not` or `-` may stand in a row, and operations in a chain.
pub(super) const LONGEST_CHAIN: usize = 64;

impl<'i> Reader<'i> {
    /// The condition among the children.
    pub(super) fn condition_in(&mut self, node: &Node<'i>) -> Option<Condition> {
        let condition = self.child(node, Rule::condition)?;
        self.condition(&condition)
    }

    /// A condition.
    pub(super) fn condition(&mut self, node: &Node<'i>) -> Option<Condition> {
        self.joined(node, Rule::conjunction, Self::conjunction, ConditionKind::Or)
    }

    fn conjunction(&mut self, node: &Node<'i>) -> Option<Condition> {
        self.joined(node, Rule::negation, Self::negation, ConditionKind::And)
    }

    fn joined(
        &mut self,
        node: &Node<'i>,
        rule: Rule,
        read: impl Fn(&mut Self, &Node<'i>) -> Option<Condition>,
        join: impl Fn(Vec<Condition>) -> ConditionKind,
    ) -> Option<Condition> {
        let parts: Vec<_> = Self::all(node, rule).map(|part| read(self, &part)).collect();
        let mut parts = parts.into_iter().collect::<Option<Vec<_>>>()?;
        if parts.len() == 1 { parts.pop() } else { Some(self.spanned(node, join(parts))) }
    }

    fn negation(&mut self, node: &Node<'i>) -> Option<Condition> {
        let atom = self.child(node, Rule::atom)?;
        let condition = self.atom(&atom)?;
        self.negated(node, condition)
    }

    /// As many times `not` as there are marks among the children.
    fn negated(&mut self, node: &Node<'i>, mut condition: Condition) -> Option<Condition> {
        let marks: Vec<Span> = Self::all(node, Rule::not_mark).map(|mark| self.span(&mark)).collect();
        if marks.len() > LONGEST_CHAIN {
            self.too_deep(self.span(node));
            return None;
        }
        for mark in marks.into_iter().rev() {
            let span = mark.to(self.span(node));
            condition = Spanned { node: ConditionKind::Not(Box::new(condition)), span };
        }
        Some(condition)
    }

    /// Reports nesting that is too deep.
    pub(super) fn too_deep(&mut self, span: Span) {
        let help = "split it into segments, and use their names here";
        self.report(Code::TooDeep, span, "this is nested too deeply", help);
    }

    fn atom(&mut self, node: &Node<'i>) -> Option<Condition> {
        let inner = self.first(node)?;
        let kind = match inner.as_rule() {
            Rule::count => {
                let quantity = self.child(&inner, Rule::quantity)?;
                let quantity = self.quantity(&quantity);
                let events = self.child(&inner, Rule::events)?;
                let events = self.events(&events);
                ConditionKind::Count { quantity: quantity?, events: events? }
            }
            Rule::in_segment => ConditionKind::InSegment(self.name_in(&inner)?),
            Rule::subscribed => ConditionKind::SubscribedTo(self.name_in(&inner)?),
            Rule::reachable => ConditionKind::ReachableOn(self.name_in(&inner)?),
            Rule::share => ConditionKind::Share(self.share(&inner)?),
            Rule::today_is => self.today(&inner)?,
            _ => return self.compared(&inner),
        };
        Some(self.spanned(&inner, kind))
    }

    fn quantity(&mut self, node: &Node<'i>) -> Option<Quantity> {
        let inner = self.first(node)?;
        Some(match inner.as_rule() {
            Rule::q_at_least => Quantity::AtLeast(self.count_in(&inner)?.node),
            Rule::q_at_most => Quantity::AtMost(self.count_in(&inner)?.node),
            Rule::q_fewer => Quantity::FewerThan(self.count_in(&inner)?.node),
            Rule::q_more => Quantity::MoreThan(self.count_in(&inner)?.node),
            Rule::q_exactly => Quantity::Exactly(self.count_in(&inner)?.node),
            Rule::q_bare => {
                let number = inner.as_str().trim();
                let message = format!("`{number}` alone does not say whether more would do");
                let help = format!("write `at least {number}`, `exactly {number}` or `at most {number}`");
                self.report(Code::NotACondition, self.span(&inner), message, &help);
                return None;
            }
            _ => Quantity::None,
        })
    }

    fn today(&mut self, node: &Node<'i>) -> Option<ConditionKind> {
        let negated = Self::has(node, Rule::kw_not);
        let inner = node.clone().into_inner().last()?;
        let test = match inner.as_rule() {
            Rule::today_calendar => Today::InCalendar(self.name_in(&inner)?),
            Rule::today_festival => {
                let (festival, calendar) = (self.text_in(&inner), self.name_in(&inner));
                Today::Festival { festival: festival?, calendar: calendar? }
            }
            Rule::weekdays => Today::Weekdays(self.weekdays(&inner)?),
            Rule::today_compare => {
                let test = self.child(&inner, Rule::date_test)?;
                let test = match self.first(&test)?.as_rule() {
                    Rule::date_on_or_after => DateTest::OnOrAfter,
                    Rule::date_on_or_before => DateTest::OnOrBefore,
                    Rule::date_before => DateTest::Before,
                    Rule::date_after => DateTest::After,
                    _ => DateTest::On,
                };
                let sum = self.child(&inner, Rule::sum)?;
                Today::Date(test, self.sum(&sum)?)
            }
            _ => Today::Date(DateTest::On, self.sum(&inner)?),
        };
        Some(ConditionKind::Today { negated, test })
    }

    /// A value alone, or with what it is compared with.
    fn compared(&mut self, node: &Node<'i>) -> Option<Condition> {
        let mut children = node.clone().into_inner();
        let (Some(left), tail) = (children.next(), children.next()) else {
            self.disagree(node, "a value");
            return None;
        };
        let Some(tail) = tail else {
            return self.alone(&left);
        };
        match tail.as_rule() {
            Rule::before_tail => {
                let name = self.lone(&left, &tail, "`before` follows the past form of an event")?;
                Some(self.spanned(node, ConditionKind::Before(name)))
            }
            Rule::events_tail => {
                let name = self.lone(&left, &tail, "only events and contacts are counted")?;
                let subject = Subject { kind: None, name };
                let (filter, window) = self.event_tails(&tail)?;
                let events = Events { subject, filter, window };
                Some(self.spanned(node, ConditionKind::Count { quantity: Quantity::Some, events }))
            }
            _ => {
                let value = self.sum(&left).map(named);
                let kind = self.tail(value, &tail)?;
                let spanned = self.spanned(node, kind);
                // `not between` has no node of its own.
                if matches!(spanned.node, ConditionKind::Between { .. }) && Self::has(&tail, Rule::kw_not) {
                    let span = spanned.span;
                    return Some(Spanned { node: ConditionKind::Not(Box::new(spanned)), span });
                }
                Some(spanned)
            }
        }
    }

    fn tail(&mut self, value: Option<Expr>, tail: &Node<'i>) -> Option<ConditionKind> {
        let negated = Self::has(tail, Rule::kw_not);
        let mut sums: Vec<Option<Expr>> = Vec::new();
        for sum in tail.clone().into_inner() {
            if matches!(sum.as_rule(), Rule::sum | Rule::where_sum) {
                sums.push(self.sum(&sum));
            }
        }
        let mut sums = sums.into_iter();
        let mut next = || sums.next().flatten();
        Some(match tail.as_rule() {
            Rule::known_tail => {
                if let Some(null) = Self::find(tail, Rule::null) {
                    let fix = if negated { "is known" } else { "is not known" };
                    let message = format!("there is no `{}`", null.as_str());
                    self.report(Code::ForeignWord, self.span(&null), message, &format!("write `{fix}`"));
                    return None;
                }
                let unknown = Self::has(tail, Rule::kw_unknown) || Self::has(tail, Rule::kw_missing);
                ConditionKind::Known { value: value?, negated: negated != unknown }
            }
            Rule::in_tail => {
                let options = sums.collect::<Option<_>>()?;
                ConditionKind::In { value: value?, negated, options }
            }
            Rule::between_tail | Rule::where_between => {
                let (low, high) = (next(), next());
                ConditionKind::Between { value: value?, low: low?, high: high? }
            }
            Rule::contains_tail | Rule::where_contains => {
                ConditionKind::Contains { value: value?, part: next()?, negated }
            }
            Rule::compare_tail | Rule::where_compare => {
                let right = next();
                let op = self.child(tail, Rule::compare_op)?;
                let op = match self.first(&op)?.as_rule() {
                    Rule::op_at_most => Compare::AtMost,
                    Rule::op_at_least => Compare::AtLeast,
                    Rule::op_is_not => Compare::IsNot,
                    Rule::op_less => Compare::Less,
                    Rule::op_greater => Compare::Greater,
                    _ => Compare::Is,
                };
                ConditionKind::Compare { left: value?, op, right: right? }
            }
            Rule::adjacent => return self.adjacent(value?, tail),
            _ => {
                self.disagree(tail, "a comparison");
                return None;
            }
        })
    }

    /// `tier gold`
    fn adjacent(&mut self, left: Expr, tail: &Node<'i>) -> Option<ConditionKind> {
        let right = self.first(tail)?;
        let text = right.as_rule() == Rule::text;
        let word = self.text(&right)?;
        if let ExprKind::Name(name) = &left.node {
            let lower = name.to_lowercase();
            if matches!(lower.as_str(), "never" | "without") {
                let help = format!("write `no …`, or `not {} before`", self.source_text(word.span));
                self.report(Code::ForeignWord, left.span, format!("`{name}` is not a word of rules"), &help);
                return None;
            }
            if let Some(help) = aggregate_help(&lower, &word.node) {
                let message = format!("`{name} {}` is not complete", word.node);
                self.report(Code::MissingPart, left.span.to(word.span), message, &help);
                return None;
            }
        } else if !matches!(left.node, ExprKind::FieldOf { .. }) {
            let message = "a comparison is missing between these";
            self.report(
                Code::NotACondition,
                left.span.to(word.span),
                message,
                "write `is` or `>=`, for example",
            );
            return None;
        }
        let span = word.span;
        let right = if text { ExprKind::Text(word.node) } else { ExprKind::Name(word.node) };
        Some(ConditionKind::Compare { left, op: Compare::Is, right: Spanned { node: right, span } })
    }

    /// A value that stands where a condition must: a lone name, or a condition in parentheses.
    fn alone(&mut self, sum: &Node<'i>) -> Option<Condition> {
        if let Some(primary) = Self::sole_primary(sum) {
            match primary.as_rule() {
                Rule::paren => return self.condition_in(&primary),
                // In a condition's first place a word in quotes is a name.
                Rule::text => {
                    let name = self.name(&primary)?;
                    return Some(self.spanned(&primary, ConditionKind::Bare(name)));
                }
                Rule::lone_name => {
                    let name = self.name_in(&primary)?;
                    return Some(self.spanned(&primary, ConditionKind::Bare(name)));
                }
                Rule::yes_no => {
                    let word = primary.as_str();
                    let help = if word.eq_ignore_ascii_case("no") {
                        "say of what: `no order in 30 days`"
                    } else {
                        "compare it: `employee is yes`, or write `employee` alone"
                    };
                    self.report(
                        Code::NotACondition,
                        self.span(&primary),
                        format!("`{word}` alone says nothing"),
                        help,
                    );
                    return None;
                }
                _ => {}
            }
        }
        let message = "this is a value, not a condition";
        self.report(Code::NotACondition, self.span(sum), message, "compare it: `… >= 100`, `… is gold`");
        None
    }

    /// The name that the value must be.
    fn lone(&mut self, sum: &Node<'i>, tail: &Node<'i>, message: &str) -> Option<super::ast::Name> {
        match Self::sole_primary(sum) {
            Some(primary) if primary.as_rule() == Rule::lone_name => return self.name_in(&primary),
            Some(primary) if primary.as_rule() == Rule::text => return self.name(&primary),
            _ => {}
        }
        let help = "compare the value first: `… >= 100`";
        self.report(Code::NotACondition, self.span(sum).to(self.span(tail)), message, help);
        None
    }

    /// What the sum is, if it is one thing without an operation.
    pub(super) fn sole_primary(sum: &Node<'i>) -> Option<Node<'i>> {
        let mut node = sum.clone();
        loop {
            let mut children = node.into_inner();
            let (first, second) = (children.next()?, children.next());
            if second.is_some() {
                return None;
            }
            match first.as_rule() {
                Rule::primary | Rule::where_primary => return first.into_inner().next(),
                _ => node = first,
            }
        }
    }

    /// The condition after `where`.
    pub(super) fn where_test(&mut self, node: &Node<'i>) -> Option<Condition> {
        let compared = self.child(node, Rule::where_compared)?;
        let condition = self.compared(&compared)?;
        self.negated(node, condition)
    }

    /// `of category "milk"`, `where …` and the window among the children.
    pub(super) fn event_tails(
        &mut self,
        node: &Node<'i>,
    ) -> Option<(Filter, Option<Spanned<super::ast::Window>>)> {
        let of: Vec<_> = Self::all(node, Rule::of_filter).map(|of| self.of_filter(&of)).collect();
        let condition = self.at_most_one(node, Rule::where_filter, "`where`");
        let window = self.at_most_one(node, Rule::window, "the window");
        let condition = match condition {
            Some(filter) => {
                let test = self.child(&filter, Rule::where_test)?;
                Some(Box::new(self.where_test(&test)?))
            }
            None => None,
        };
        let window = match window {
            Some(window) => Some(self.window(&window)?),
            None => None,
        };
        Some((Filter { of: of.into_iter().collect::<Option<_>>()?, condition }, window))
    }
}

/// A text that stands where only a name makes sense: before a comparison, or in arithmetic.
pub(super) fn named(value: Expr) -> Expr {
    let node = match value.node {
        ExprKind::Text(text) => ExprKind::Name(text),
        other => other,
    };
    Spanned { node, span: value.span }
}

/// The help for an aggregate that lacks its event or its field.
pub(super) fn aggregate_help(word: &str, next: &str) -> Option<String> {
    let example = match word {
        "total" | "average" | "smallest" | "largest" => {
            format!("name the event and its field: `{word} order amount in 90 days`")
        }
        "last" | "first" => {
            format!("name the field: `{word} {next} category`, or write `days since {word} {next}`")
        }
        "most" => "write `most common order category`".to_owned(),
        "number" => format!("write `number of {next}`"),
        _ => return None,
    };
    Some(example)
}
