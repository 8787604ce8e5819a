//! Rules: their triggers, clauses and steps.

use super::{
    ast::{
        Anchor, Clause, Filter, IfBlocked, MonthDay, Offset, Payload, Rule as RuleNode, Send, Span, Spanned,
        Step, Trigger, Via,
    },
    conditions::named,
    declarations::optional,
    grammar::Rule,
    reader::{Node, Reader},
};
use crate::{
    diagnostic::{Code, Diagnostic},
    time::{Period, Unit},
};

impl<'i> Reader<'i> {
    /// A rule.
    pub(super) fn rule(&mut self, node: &Node<'i>) -> Option<RuleNode> {
        let (mut name, mut title) = (None, None);
        if let Some(head) = Self::find(node, Rule::rule_head) {
            if let Some(named) = Self::find(&head, Rule::rule_name) {
                name = Some(self.name(&named)?);
            }
            if let Some(text) = Self::find(&head, Rule::text) {
                title = Some(self.text(&text)?);
            }
            if let Some(colon) = Self::find(&head, Rule::colon) {
                let message = "no colon stands after a rule's name";
                self.report(Code::Colon, self.span(&colon), message, "leave it out");
            }
        }
        let mut seen: Vec<Node<'i>> = Vec::new();
        let mut clauses: Vec<Option<Spanned<Clause>>> = Vec::new();
        let mut trigger = None;
        let mut steps = Vec::new();
        for child in node.clone().into_inner() {
            match child.as_rule() {
                Rule::rule_head => {}
                Rule::off => clauses.push(Some(self.spanned(&child, Clause::Off))),
                Rule::trigger => {
                    let read = self.trigger(&child);
                    trigger = Some(read.map(|read| self.spanned(&child, read)));
                }
                Rule::step => steps.push(self.step(&child, steps.is_empty())),
                _ => {
                    self.check_repeated(&mut seen, &child);
                    let clause = self.clause(&child);
                    clauses.push(clause.map(|clause| self.spanned(&child, clause)));
                }
            }
        }
        let trigger = optional(trigger)?;
        let clauses: Vec<Spanned<Clause>> = clauses.into_iter().collect::<Option<_>>()?;
        let steps = steps.into_iter().collect::<Option<_>>()?;
        let Some(trigger) = trigger else {
            self.disagree(node, "a trigger");
            return None;
        };
        if matches!(trigger.node, Trigger::If(_))
            && let Some(second) = clauses.iter().find(|clause| matches!(clause.node, Clause::If(_)))
        {
            let found =
                Diagnostic::new(Code::SaidTwice, self.source, second.span, "a rule has one condition");
            self.diagnostics.push(
                found
                    .label("a second one")
                    .also(self.source, trigger.span, "the condition that makes it due")
                    .help("join them with `and`"),
            );
            return None;
        }
        Some(RuleNode { name, title, trigger, clauses, steps })
    }

    fn check_repeated(&mut self, seen: &mut Vec<Node<'i>>, clause: &Node<'i>) {
        let kind = |node: &Node<'i>| match node.as_rule() {
            Rule::late_if => Rule::c_if,
            Rule::c_expires => Rule::c_within,
            rule => rule,
        };
        // `not counted` twice does no harm, but is surely a leftover.
        if let Some(first) = seen.iter().find(|first| kind(first) == kind(clause)).cloned() {
            self.said_twice(&first, clause, clause_name(kind(clause)));
        } else {
            seen.push(clause.clone());
        }
    }

    fn trigger(&mut self, node: &Node<'i>) -> Option<Trigger> {
        let inner = self.first(node)?;
        match inner.as_rule() {
            Rule::t_if => Some(Trigger::If(self.condition_in(&inner)?)),
            Rule::t_cron => Some(Trigger::Cron(self.text_in(&inner)?)),
            Rule::t_every => {
                let every = inner.into_inner().last()?;
                self.every(&every)
            }
            Rule::t_offset => {
                let period = self.period_in(&inner);
                let before = Self::has(&inner, Rule::kw_before);
                if let Some(period) = &period
                    && period.node.unit.is_exact()
                {
                    let message = "a date is some days before or after another, not hours";
                    let help = "write `1 day before …` and the time with `at 10:00`";
                    self.report(Code::BadPeriod, period.span, message, help);
                    return None;
                }
                let offset = Offset { period: period?.node, before };
                self.dated(&inner, Some(offset))
            }
            _ => self.dated(&inner, None),
        }
    }

    /// What `on`, `before` or `after` is followed by.
    fn dated(&mut self, node: &Node<'i>, offset: Option<Offset>) -> Option<Trigger> {
        let target = node.clone().into_inner().last()?;
        match target.as_rule() {
            Rule::date => Some(Trigger::Date { date: self.date(&target)?, offset }),
            Rule::festival => {
                let (festival, calendar) = (self.text_in(&target), self.name_in(&target));
                Some(Trigger::Festival { festival: festival?, calendar: calendar?, offset })
            }
            Rule::once => Some(Trigger::Attribute { attribute: self.name_in(&target)?, offset, once: true }),
            Rule::event_trigger => {
                let event = self.name_in(&target);
                let filter = self.filter(&target);
                Some(Trigger::Event { event: event?, filter: filter? })
            }
            _ => Some(Trigger::Attribute { attribute: self.name(&target)?, offset, once: false }),
        }
    }

    /// The `of` and `where` of an event that makes a rule due.
    fn filter(&mut self, node: &Node<'i>) -> Option<Filter> {
        let of: Vec<_> = Self::all(node, Rule::of_filter).map(|of| self.of_filter(&of)).collect();
        let condition = self.at_most_one(node, Rule::trigger_where, "`where`");
        let condition = condition.map(|clause| self.condition_in(&clause));
        let condition = optional(condition)?.map(Box::new);
        Some(Filter { of: of.into_iter().collect::<Option<_>>()?, condition })
    }

    fn every(&mut self, node: &Node<'i>) -> Option<Trigger> {
        match node.as_rule() {
            Rule::every_weekdays => {
                let weekdays = self.child(node, Rule::weekdays)?;
                Some(Trigger::Weekdays(self.weekdays(&weekdays)?))
            }
            Rule::every_month => {
                let days: Vec<_> = Self::all(node, Rule::month_day).map(|day| self.month_day(&day)).collect();
                Some(Trigger::Monthly(days.into_iter().collect::<Option<_>>()?))
            }
            Rule::every_year => {
                let day = self.child(node, Rule::year_day)?;
                let (month, day) = self.day_of_year(day.as_str(), self.span(&day))?;
                Some(Trigger::Yearly { month, day })
            }
            _ => self.interval(node),
        }
    }

    fn month_day(&mut self, node: &Node<'i>) -> Option<Spanned<MonthDay>> {
        let Some(number) = Self::find(node, Rule::month_number) else {
            return Some(self.spanned(node, MonthDay::Last));
        };
        let digits = number.as_str().trim_end_matches(|c: char| !c.is_ascii_digit());
        let day = self.day_of_month(digits, self.span(&number))?;
        Some(self.spanned(node, MonthDay::Day(day)))
    }

    fn interval(&mut self, node: &Node<'i>) -> Option<Trigger> {
        let period = if let Some(period) = Self::find(node, Rule::period) {
            self.period(&period)?
        } else {
            let unit = self.unit_in(node)?;
            let span = self.child(node, Rule::unit).map(|unit| self.span(&unit))?;
            Spanned { node: Period::new(1, unit), span }
        };
        let from = Self::find(node, Rule::anchor_from).map(|anchor| self.date_in(&anchor));
        let since = Self::find(node, Rule::anchor_since).map(|anchor| self.name_in(&anchor));
        let anchor = match (optional(from)?, optional(since)?) {
            (Some(date), _) => Some(Anchor::From(date)),
            (_, Some(name)) => Some(Anchor::Since(name)),
            _ => None,
        };
        if anchor.is_none() && period.node != Period::new(1, Unit::Day) {
            let example = match period.node.unit {
                Unit::Month if period.node.count == 1 => ", or the days: `every month on 8`",
                Unit::Year if period.node.count == 1 => ", or the day: `every year on 11-11`",
                Unit::Week if period.node.count == 1 => ", or the days: `every monday`",
                _ => "",
            };
            let help = format!(
                "say from when: `every {} from 2026-01-05`, `… since ATTRIBUTE`{example}",
                period.node
            );
            let message = "this says how often, but not counted from when";
            self.report(Code::MissingPart, self.span(node), message, &help);
            return None;
        }
        Some(Trigger::Every { period, anchor })
    }

    fn clause(&mut self, node: &Node<'i>) -> Option<Clause> {
        Some(match node.as_rule() {
            Rule::c_if | Rule::late_if => Clause::If(self.condition_in(node)?),
            Rule::c_if_blocked if Self::has(node, Rule::kw_drop) => Clause::IfBlocked(IfBlocked::Drop),
            Rule::c_if_blocked if Self::has(node, Rule::kw_stop) => Clause::IfBlocked(IfBlocked::Stop),
            Rule::c_if_blocked => Clause::IfBlocked(IfBlocked::Wait),
            Rule::c_after => Clause::After(self.period_in(node)?.node),
            Rule::c_at => {
                let time = self.child(node, Rule::time)?;
                Clause::At(self.time(&time)?.node)
            }
            Rule::c_between => {
                let mut times = Self::all(node, Rule::time);
                let (low, high) = (times.next(), times.next());
                let low = low.and_then(|time| self.time(&time));
                let high = high.and_then(|time| self.closing_time(&time));
                Clause::Between(low?.node, high?.node)
            }
            Rule::c_within => Clause::Within { period: self.period_in(node)?.node, expires: false },
            Rule::c_expires => Clause::Within { period: self.period_in(node)?.node, expires: true },
            Rule::c_again => Clause::Again(self.period_in(node)?.node),
            Rule::c_times => {
                let limit = if Self::has(node, Rule::kw_once) {
                    Some(1)
                } else {
                    self.count_in(node).map(|n| n.node)
                };
                let window = Self::find(node, Rule::cap_window).map(|window| self.cap_window(&window));
                Clause::AtMostTimes { limit: limit?, window: optional(window)? }
            }
            Rule::c_priority => {
                let sum = self.child(node, Rule::sum)?;
                Clause::Priority(named(self.sum(&sum)?))
            }
            Rule::c_ignoring => Clause::IgnoringCaps,
            Rule::c_not_counted => Clause::NotCounted,
            Rule::c_even => Clause::EvenInQuietHours,
            Rule::c_from => Clause::From(self.date_in(node)?.node),
            Rule::c_until => Clause::Until(self.date_in(node)?.node),
            Rule::c_off => Clause::Off,
            _ => {
                self.disagree(node, "a clause");
                return None;
            }
        })
    }

    fn step(&mut self, node: &Node<'i>, first: bool) -> Option<Step> {
        let mut seen = Vec::new();
        let mut clauses = Vec::new();
        let mut payload = Vec::new();
        let mut message = None;
        for child in node.clone().into_inner() {
            match child.as_rule() {
                Rule::c_after | Rule::c_at | Rule::c_between => {
                    self.check_repeated(&mut seen, &child);
                    let clause = self.clause(&child);
                    clauses.push(clause.map(|clause| self.spanned(&child, clause)));
                }
                Rule::send_one_of => message = Some((child.clone(), self.send_one_of(&child))),
                Rule::name => message = Some((child.clone(), self.name(&child).map(Send::Message))),
                Rule::with => payload.push(self.with(&child)),
                _ => {}
            }
        }
        if !Self::has(node, Rule::then) {
            let send = self.child(node, Rule::kw_send)?;
            let message =
                if first { "`then` is missing before `send`" } else { "a second step needs its own `then`" };
            self.report(Code::MissingThen, self.span(&send), message, "write `then send …`");
        }
        let via = self.at_most_one(node, Rule::via, "`via`").map(|via| self.via(&via));
        let unless = self.at_most_one(node, Rule::unless, "`unless`");
        let unless = unless.map(|unless| self.condition_in(&unless));
        let Some((sent, message)) = message else {
            self.disagree(node, "a message");
            return None;
        };
        let clauses = clauses.into_iter().collect::<Option<_>>()?;
        let payload = payload.into_iter().collect::<Option<Vec<_>>>()?;
        Some(Step {
            span: self.span(node),
            clauses,
            send: self.spanned(&sent, message?),
            via: optional(via)?,
            payload: payload.into_iter().flatten().collect(),
            unless: optional(unless)?,
        })
    }

    fn send_one_of(&mut self, node: &Node<'i>) -> Option<Send> {
        let variants: Vec<_> = Self::all(node, Rule::variant)
            .map(|variant| {
                let name = self.name_in(&variant);
                let percent = self.child(&variant, Rule::percent)?;
                let percent = self.percent(&percent);
                Some((name?, percent?))
            })
            .collect();
        let salt = self.text_in(node);
        Some(Send::OneOf { variants: variants.into_iter().collect::<Option<_>>()?, salt: salt? })
    }

    /// `with code "BACK20", days_quiet 3`
    pub(super) fn with(&mut self, node: &Node<'i>) -> Option<Vec<Payload>> {
        Self::all(node, Rule::payload)
            .map(|payload| {
                let key = self.name_in(&payload);
                if let Some(mark) = Self::find(&payload, Rule::is_mark)
                    && mark.as_str() != "="
                {
                    let message = "no colon stands between a key and its value";
                    self.report(Code::Colon, self.span(&mark), message, "write `with code \"BACK20\"`");
                }
                let value = self.child(&payload, Rule::sum)?;
                let value = self.sum(&value);
                Some(Payload { key: key?, value: value? })
            })
            .collect()
    }

    fn via(&mut self, node: &Node<'i>) -> Option<Via> {
        let mut joints: Vec<(bool, Span)> = Vec::new();
        for joint in node.clone().into_inner() {
            match joint.as_rule() {
                Rule::via_and => joints.push((true, self.span(&joint))),
                Rule::via_or => joints.push((false, self.span(&joint))),
                Rule::comma => {
                    let message = "channels are joined with `or` or `and`";
                    let help = "`via push or sms` uses the first that works, `via push and sms` uses both";
                    self.report(Code::Channels, self.span(&joint), message, help);
                }
                _ => {}
            }
        }
        let all = joints.first().is_some_and(|(all, _)| *all);
        if let Some((_, other)) = joints.iter().find(|(each, _)| *each != all) {
            let message = "`or` and `and` cannot be mixed in `via`";
            let help = "`via push or sms` uses the first that works, `via push and sms` uses both";
            self.report(Code::Channels, *other, message, help);
        }
        Some(Via { channels: self.names_in(node)?, all })
    }
}

fn clause_name(rule: Rule) -> &'static str {
    match rule {
        Rule::c_if => "`if`",
        Rule::c_if_blocked => "`if blocked`",
        Rule::c_after => "`after`",
        Rule::c_at => "`at`",
        Rule::c_between => "`between`",
        Rule::c_within => "the deadline",
        Rule::c_again => "`again after`",
        Rule::c_times => "`at most … times`",
        Rule::c_priority => "`priority`",
        Rule::c_ignoring => "`ignoring caps`",
        Rule::c_not_counted => "`not counted`",
        Rule::c_even => "`even in quiet hours`",
        Rule::c_from => "`from`",
        Rule::c_until => "`until`",
        Rule::c_off => "`off`",
        _ => "this",
    }
}
