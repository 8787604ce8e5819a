//! Conditions and values.

use courtesy::{
    syntax::ast::{
        Aggregate, Arithmetic, Compare, Condition, ConditionKind, DateTest, Events, Expr, ExprKind, Filter,
        Moment, Pick, Quantity, Share, Subject, SubjectKind, Today, Window,
    },
    time::{CalendarUnit, Period, Unit},
};

use super::{Seen, forms};

forms!(ConditionKind {
    ConditionKind::And(_) => "condition: and",
    ConditionKind::Or(_) => "condition: or",
    ConditionKind::Not(_) => "condition: not",
    ConditionKind::Count { .. } => "condition: count",
    ConditionKind::Before(_) => "condition: before",
    ConditionKind::Compare { .. } => "condition: compare",
    ConditionKind::Between { .. } => "condition: between",
    ConditionKind::In { .. } => "condition: in",
    ConditionKind::Contains { .. } => "condition: contains",
    ConditionKind::Known { .. } => "condition: known",
    ConditionKind::Bare(_) => "condition: a lone name",
    ConditionKind::InSegment(_) => "condition: in segment",
    ConditionKind::SubscribedTo(_) => "condition: subscribed to",
    ConditionKind::ReachableOn(_) => "condition: reachable on",
    ConditionKind::Share(_) => "condition: share",
    ConditionKind::Today { .. } => "condition: today",
});

forms!(Quantity {
    Quantity::None => "quantity: no",
    Quantity::Some => "quantity: some",
    Quantity::AtLeast(_) => "quantity: at least",
    Quantity::AtMost(_) => "quantity: at most",
    Quantity::FewerThan(_) => "quantity: fewer than",
    Quantity::MoreThan(_) => "quantity: more than",
    Quantity::Exactly(_) => "quantity: exactly",
});

forms!(Compare {
    Compare::Is => "compare: is",
    Compare::IsNot => "compare: is not",
    Compare::Less => "compare: <",
    Compare::AtMost => "compare: <=",
    Compare::Greater => "compare: >",
    Compare::AtLeast => "compare: >=",
});

forms!(Today {
    Today::Weekdays(_) => "today: weekdays",
    Today::InCalendar(_) => "today: in a calendar",
    Today::Festival { .. } => "today: a festival",
    Today::Date(..) => "today: a date",
});

forms!(DateTest {
    DateTest::On => "today: on",
    DateTest::Before => "today: before",
    DateTest::After => "today: after",
    DateTest::OnOrAfter => "today: on or after",
    DateTest::OnOrBefore => "today: on or before",
});

forms!(SubjectKind {
    SubjectKind::Event => "subject: event",
    SubjectKind::Channel => "subject: channel",
    SubjectKind::Message => "subject: message",
    SubjectKind::Category => "subject: category",
    SubjectKind::Rule => "subject: rule",
});

forms!(Window {
    Window::Rolling(_) => "window: in",
    Window::Calendar(_) => "window: today or this",
    Window::Since(_) => "window: since",
});

forms!(CalendarUnit {
    CalendarUnit::Day => "calendar: day",
    CalendarUnit::Week => "calendar: week",
    CalendarUnit::Month => "calendar: month",
    CalendarUnit::Year => "calendar: year",
});

forms!(Unit {
    Unit::Minute => "unit: minutes",
    Unit::Hour => "unit: hours",
    Unit::Day => "unit: days",
    Unit::Week => "unit: weeks",
    Unit::Month => "unit: months",
    Unit::Year => "unit: years",
});

forms!(ExprKind {
    ExprKind::Number(..) => "value: number",
    ExprKind::Text(_) => "value: text",
    ExprKind::Date(_) => "value: date",
    ExprKind::DateTime(_) => "value: date and time",
    ExprKind::YesNo(_) => "value: yes or no",
    ExprKind::Name(_) => "value: name",
    ExprKind::Negative(_) => "value: negative",
    ExprKind::Arithmetic { .. } => "value: arithmetic",
    ExprKind::CountOf(_) => "value: number of",
    ExprKind::Aggregate { .. } => "value: aggregate",
    ExprKind::Rhythm { .. } => "value: rhythm",
    ExprKind::FieldOf { .. } => "value: field of",
    ExprKind::Since { .. } => "value: since",
    ExprKind::Until { .. } => "value: until",
});

forms!(Arithmetic {
    Arithmetic::Add => "arithmetic: +",
    Arithmetic::Subtract => "arithmetic: -",
    Arithmetic::Multiply => "arithmetic: *",
    Arithmetic::Divide => "arithmetic: /",
});

forms!(Aggregate {
    Aggregate::Total => "aggregate: total",
    Aggregate::Average => "aggregate: average",
    Aggregate::Smallest => "aggregate: smallest",
    Aggregate::Largest => "aggregate: largest",
});

forms!(Pick {
    Pick::Last => "field of: last",
    Pick::First => "field of: first",
    Pick::MostCommon => "field of: most common",
});

forms!(Moment {
    Moment::Last(_) => "since: last",
    Moment::First(_) => "since: first",
    Moment::Attribute(_) => "since: attribute",
});

impl Seen {
    pub(super) fn condition(&mut self, condition: &Condition) {
        self.one(&condition.node);
        match &condition.node {
            ConditionKind::And(parts) | ConditionKind::Or(parts) => {
                parts.iter().for_each(|part| self.condition(part));
            }
            ConditionKind::Not(part) => self.condition(part),
            ConditionKind::Count { quantity, events } => {
                self.one(quantity);
                self.events(events);
            }
            ConditionKind::Compare { left, op, right } => {
                self.one(op);
                self.value(left);
                self.value(right);
            }
            ConditionKind::Between { value, low, high } => {
                [value, low, high].into_iter().for_each(|part| self.value(part));
            }
            ConditionKind::In { value, negated, options } => {
                self.sometimes("not in", *negated);
                self.value(value);
                options.iter().for_each(|option| self.value(option));
            }
            ConditionKind::Contains { value, part, negated } => {
                self.sometimes("does not contain", *negated);
                self.value(value);
                self.value(part);
            }
            ConditionKind::Known { value, negated } => {
                self.sometimes("is not known", *negated);
                self.value(value);
            }
            ConditionKind::Share(Share { percent: _, salt: _ }) => {}
            ConditionKind::Today { negated, test } => {
                self.sometimes("today is not", *negated);
                self.one(test);
                match test {
                    Today::Weekdays(_) | Today::InCalendar(_) | Today::Festival { .. } => {}
                    Today::Date(test, value) => {
                        self.one(test);
                        self.value(value);
                    }
                }
            }
            ConditionKind::Before(_)
            | ConditionKind::Bare(_)
            | ConditionKind::InSegment(_)
            | ConditionKind::SubscribedTo(_)
            | ConditionKind::ReachableOn(_) => {}
        }
    }

    fn events(&mut self, events: &Events) {
        let Events { subject, filter, window } = events;
        self.subject(subject);
        self.filter(filter);
        self.sometimes("a count without a window", window.is_none());
        let Some(window) = window else { return };
        self.one(&window.node);
        match window.node {
            Window::Rolling(period) => self.period(period),
            Window::Calendar(unit) => self.one(&unit),
            Window::Since(_) => {}
        }
    }

    pub(super) fn subject(&mut self, subject: &Subject) {
        let Subject { kind, name: _ } = subject;
        self.sometimes("a subject without a kind", kind.is_none());
        if let Some(kind) = kind {
            self.one(kind);
        }
    }

    pub(super) fn filter(&mut self, filter: &Filter) {
        let Filter { of, condition } = filter;
        self.sometimes("filter: of", !of.is_empty());
        self.sometimes("filter: of, twice", of.len() > 1);
        of.iter().for_each(|(_, value)| self.value(value));
        self.sometimes("filter: where", condition.is_some());
        if let Some(condition) = condition {
            self.condition(condition);
        }
    }

    pub(super) fn period(&mut self, period: Period) {
        self.one(&period.unit);
    }

    pub(super) fn value(&mut self, value: &Expr) {
        self.one(&value.node);
        match &value.node {
            ExprKind::Number(_, unit) => {
                self.sometimes("a number with a unit", unit.is_some());
                self.sometimes("a number without a unit", unit.is_none());
            }
            ExprKind::Text(_)
            | ExprKind::Date(_)
            | ExprKind::DateTime(_)
            | ExprKind::YesNo(_)
            | ExprKind::Name(_) => {}
            ExprKind::Negative(part) => self.value(part),
            ExprKind::Arithmetic { left, op, right } => {
                self.one(op);
                self.value(left);
                self.value(right);
            }
            ExprKind::CountOf(events) => self.events(events),
            ExprKind::Aggregate { kind, field: _, events } => {
                self.one(kind);
                self.events(events);
            }
            ExprKind::Rhythm { unit, events } => {
                self.one(unit);
                self.events(events);
            }
            ExprKind::FieldOf { which, field: _, events } => {
                self.one(which);
                self.events(events);
            }
            ExprKind::Since { unit, moment } => {
                self.one(unit);
                self.one(moment);
                match moment {
                    Moment::Last(events) | Moment::First(events) => self.events(events),
                    Moment::Attribute(_) => {}
                }
            }
            ExprKind::Until { unit, attribute: _ } => self.one(unit),
        }
    }
}
