//! Rules and their steps.

use super::{
    checker::{Checker, RuleInfo, Scope},
    triggers::Due,
    types::{Slot, Ty},
    words::{nearest, spelled},
};
use crate::{
    diagnostic::Code,
    number::Number,
    program::{
        ChannelId, Condition, ConditionId, ExpressionId, Rule, Send, Step, Times, Trigger, Variant, Via,
        ViaChoice,
    },
    snapshot::Value,
    syntax::ast::{self, Clause, DateTest, IfBlocked, Name, Span, Spanned},
    time::{Date, Period, Time},
};

/// The clauses of a rule or a step, sorted out.
#[derive(Default)]
struct Clauses<'r> {
    filter: Option<&'r ast::Condition>,
    after: Option<Period>,
    at: Option<Spanned<Time>>,
    between: Option<Spanned<(Time, Time)>>,
    deadline: Option<Period>,
    again: Option<Spanned<Period>>,
    times: Option<Spanned<Times>>,
    priority: Option<&'r ast::Expr>,
    ignores_caps: bool,
    not_counted: bool,
    even_in_quiet_hours: bool,
    if_blocked: IfBlocked,
    from: Option<Spanned<Date>>,
    until: Option<Spanned<Date>>,
    off: bool,
}

impl<'r> Clauses<'r> {
    fn of(list: &'r [Spanned<Clause>]) -> Self {
        let mut all = Self::default();
        for clause in list {
            let span = clause.span;
            match &clause.node {
                Clause::If(condition) => all.filter = Some(condition),
                Clause::After(period) => all.after = Some(*period),
                Clause::At(time) => all.at = Some(Spanned { node: *time, span }),
                Clause::Between(from, to) => all.between = Some(Spanned { node: (*from, *to), span }),
                Clause::Within { period, .. } => all.deadline = Some(*period),
                Clause::Again(period) => all.again = Some(Spanned { node: *period, span }),
                Clause::AtMostTimes { limit, window } => {
                    all.times = Some(Spanned { node: Times { limit: *limit, window: *window }, span });
                }
                Clause::Priority(expr) => all.priority = Some(expr),
                Clause::IgnoringCaps => all.ignores_caps = true,
                Clause::NotCounted => all.not_counted = true,
                Clause::EvenInQuietHours => all.even_in_quiet_hours = true,
                Clause::IfBlocked(what) => all.if_blocked = *what,
                Clause::From(date) => all.from = Some(Spanned { node: *date, span }),
                Clause::Until(date) => all.until = Some(Spanned { node: *date, span }),
                Clause::Off => all.off = true,
            }
        }
        all
    }
}

/// The names of the messages that may be sent.
fn messages(send: &ast::Send) -> Vec<&str> {
    match send {
        ast::Send::Message(name) => vec![&name.node],
        ast::Send::OneOf { variants, .. } => variants.iter().map(|(name, _)| name.node.as_str()).collect(),
    }
}

/// The mend for a limit of 0.
pub(super) const OFF: &str = "to switch a rule off write `off` in it; a limit is at least 1";

impl Checker<'_> {
    /// Lowers one rule. Whatever is wrong with it has been said.
    pub(super) fn rule(&mut self, info: &RuleInfo<'_>) -> Option<Rule> {
        let scope = Scope::of(info.source);
        let rule = info.rule;
        let clauses = Clauses::of(&rule.clauses);
        self.check_clauses(scope, &clauses);
        let at = clauses.at.as_ref().map(|at| at.node);
        let due = self.trigger(scope, &rule.trigger.node, at);
        if let (Some(Due { has_times: true, .. }), Some(at)) = (&due, &clauses.at) {
            let finding = self
                .finding(Code::TimeConflict, scope, at.span, "this rule says its times already")
                .also(scope.source, rule.trigger.span, "these are its times")
                .help("leave the `at` out, or write `every day at …`");
            self.report(finding);
        }
        let condition = self.rule_condition(scope, rule, &clauses);
        if let (Some(again), false) = (&clauses.again, matches!(rule.trigger.node, ast::Trigger::If(_))) {
            let finding = self
                .finding(Code::AgainNeedsIf, scope, again.span, "this rule is due again by itself")
                .also(scope.source, rule.trigger.span, "each of these makes it due")
                .help("`again after` is for rules that start with `if`; leave it out");
            self.report(finding);
        }
        let by_events = due.as_ref().is_some_and(|due| due.by_events);
        if by_events && clauses.deadline.is_none() {
            self.warn_of_no_deadline(scope, rule);
        }
        let by_dates = due.as_ref().is_some_and(|due| matches!(due.trigger, Trigger::Dates(_)));
        let deadline = clauses.deadline.or((by_events || by_dates).then_some(Period::days(1)));
        let priority = clauses.priority.and_then(|expr| self.priority(scope, expr));
        let steps: Vec<Option<Step>> =
            rule.steps.iter().map(|step| self.step(scope, step, &clauses)).collect();
        if let Some(times) = &clauses.times {
            self.beginnings_must_be_clear(scope, times.span, rule);
        }
        Some(Rule {
            name: info.name.clone(),
            title: rule.title.as_ref().map(|title| title.node.clone()),
            trigger: due?.trigger,
            condition,
            delay: clauses.after,
            deadline,
            again: clauses.again.map(|again| again.node),
            times: clauses.times.map(|times| times.node),
            priority,
            ignores_caps: clauses.ignores_caps,
            is_counted: !clauses.not_counted,
            even_in_quiet_hours: clauses.even_in_quiet_hours,
            if_blocked: clauses.if_blocked,
            is_off: clauses.off,
            steps: steps.into_iter().collect::<Option<_>>()?,
            origin: scope.origin(info.span),
        })
    }

    /// Contacts tell which message they carried, not which step they were: a later step that sends what the first one
    /// sends would count as one more beginning.
    fn beginnings_must_be_clear(&mut self, scope: Scope, times: Span, rule: &ast::Rule) {
        let Some((first, later)) = rule.steps.split_first() else { return };
        let first = messages(&first.send.node);
        let repeats = |step: &ast::Step| {
            let name = messages(&step.send.node).into_iter().find(|name| first.contains(name))?;
            Some((step.send.span, name.to_owned()))
        };
        let Some((span, name)) = later.iter().find_map(repeats) else { return };
        let message = "it cannot be told how often this rule has begun";
        let label = format!("the first step sends `{name}` too");
        let help =
            format!("give the later step a message of its own, such as `{}`", spelled(&(name + "_again")));
        let finding = self.finding(Code::UnclearBeginnings, scope, times, message);
        self.report(finding.also(scope.source, span, label).help(help));
    }

    fn check_clauses(&mut self, scope: Scope, clauses: &Clauses<'_>) {
        if let Some(between) = clauses.between.as_ref().filter(|between| between.node.0 == between.node.1) {
            let at = between.node.0;
            let help = format!("write two times, or `at {:02}:{:02}`", at.hour(), at.minute());
            self.hours_are_empty(scope, between.span, &help);
        }
        if let Some(times) = clauses.times.as_ref().filter(|times| times.node.limit == 0) {
            self.limit_is_zero(scope, times.span, OFF);
        }
        self.must_be_in_order(scope, clauses.from.as_ref(), clauses.until.as_ref());
    }

    fn warn_of_no_deadline(&mut self, scope: Scope, rule: &ast::Rule) {
        let ast::Trigger::Event { event, filter } = &rule.trigger.node else { return };
        let mut help =
            "say how long it is still worth sending: `within 4 hours`, `expires after 3 days`".to_owned();
        if self.open.attributes && filter.of.is_empty() && filter.condition.is_none() {
            let name = spelled(&event.node);
            help = format!(
                "{help}; if `{name}` is a date that users have, declare it: `attribute {name}: date`"
            );
        }
        let finding = self
            .finding(
                Code::NoDeadline,
                scope,
                rule.trigger.span,
                "this rule has no deadline, so it has one of 1 day",
            )
            .help(help);
        self.report(finding);
    }

    /// The condition of an `if` rule, or the filter of another, with the rule's dates.
    fn rule_condition(
        &mut self,
        scope: Scope,
        rule: &ast::Rule,
        clauses: &Clauses<'_>,
    ) -> Option<ConditionId> {
        let asked = match &rule.trigger.node {
            ast::Trigger::If(condition) => Some(condition),
            _ => clauses.filter,
        };
        let lowered = asked.map(|condition| {
            let id = self.condition(scope, condition);
            self.must_be_shallow(id, scope.origin(condition.span));
            id
        });
        let life = ast::Life { from: clauses.from.clone(), until: clauses.until.clone() };
        self.within_life(scope, lowered, &life)
    }

    /// The condition, and that today is within the dates.
    pub(super) fn within_life(
        &mut self,
        scope: Scope,
        condition: Option<ConditionId>,
        life: &ast::Life,
    ) -> Option<ConditionId> {
        let mut parts: Vec<ConditionId> = condition.into_iter().collect();
        let mut place: Option<Span> = None;
        for (date, test) in [(&life.from, DateTest::OnOrAfter), (&life.until, DateTest::OnOrBefore)] {
            if let Some(date) = date {
                let day = self.value(Value::Date(date.node));
                let origin = scope.origin(date.span);
                parts.push(self.add_condition(Condition::TodayDate(test, day), origin));
                place = Some(place.map_or(date.span, |span| span.to(date.span)));
            }
        }
        match place {
            Some(span) => Some(self.all_of(parts, scope.origin(span))),
            None => condition,
        }
    }

    fn priority(&mut self, scope: Scope, expr: &ast::Expr) -> Option<ExpressionId> {
        let value = self.expression(scope, expr);
        self.must_be_number(scope, &value).then_some(value.id)
    }

    fn step(&mut self, scope: Scope, step: &ast::Step, rule: &Clauses<'_>) -> Option<Step> {
        let own = Clauses::of(&step.clauses);
        self.check_clauses(scope, &own);
        // A step that says its time of day says all of it.
        let time = if own.at.is_some() || own.between.is_some() { &own } else { rule };
        self.must_not_be_channel(scope, step);
        let send = self.send(scope, &step.send);
        let via = self.via(scope, step.via.as_ref());
        let payload = step.payload.iter().map(|payload| {
            let value = self.expression(scope, &payload.value);
            (payload.key.node.clone(), value.id)
        });
        let payload: Vec<(String, ExpressionId)> = payload.collect();
        self.check_payload(scope, &step.payload);
        let unless = step.unless.as_ref().map(|condition| {
            let id = self.condition(Scope { unless: true, ..scope }, condition);
            self.must_be_shallow(id, scope.origin(condition.span));
            id
        });
        Some(Step {
            delay: own.after,
            at: time.at.as_ref().map(|at| at.node),
            between: time.between.as_ref().map(|between| between.node),
            send: send?,
            via: via?,
            payload,
            unless,
            origin: scope.origin(step.span),
        })
    }

    fn check_payload(&mut self, scope: Scope, payload: &[ast::Payload]) {
        for (index, one) in payload.iter().enumerate() {
            if let Some(first) = payload.iter().take(index).find(|other| other.key.node == one.key.node) {
                let message = format!("`{}` goes along twice", one.key.node);
                let finding = self
                    .finding(Code::DuplicateName, scope, one.key.span, message)
                    .also(scope.source, first.key.span, "first here")
                    .help("remove one of them, or give it another name");
                self.report(finding);
            }
        }
    }

    /// `send sms`, which names how and not what.
    fn must_not_be_channel(&mut self, scope: Scope, step: &ast::Step) {
        let ast::Send::Message(name) = &step.send.node else { return };
        let is_channel = self.channels.find(&name.node).is_some() && !self.open.channels;
        if !is_channel || step.via.is_some() {
            return;
        }
        let is_declared = |declaration: &ast::Declaration| match &declaration.node {
            ast::DeclarationKind::Message(message) => message.name.node == name.node,
            _ => false,
        };
        if !self.units().iter().any(|unit| unit.file.declarations.iter().any(is_declared)) {
            let message = format!("no message is called `{}`", name.node);
            let written = spelled(&name.node);
            let finding = self
                .finding(Code::UnknownMessage, scope, name.span, message)
                .help(format!("`{written}` is a channel: write `send MESSAGE via {written}`"));
            self.report_unknown(&name.node, finding);
        }
    }

    fn send(&mut self, scope: Scope, send: &Spanned<ast::Send>) -> Option<Send> {
        let (variants, salt) = match &send.node {
            ast::Send::Message(name) => return self.message_named(scope, name).map(Send::Message),
            ast::Send::OneOf { variants, salt } => (variants, salt),
        };
        let mut below = 0u32;
        let mut lowered = Vec::new();
        let mut fine = true;
        for (index, (name, percent)) in variants.iter().enumerate() {
            if let Some((first, _)) = variants.iter().take(index).find(|(other, _)| other.node == name.node) {
                let message = format!("`{}` gets two shares", name.node);
                let finding = self
                    .finding(Code::SharedTwice, scope, name.span, message)
                    .also(scope.source, first.span, "its first one")
                    .help("add the two shares up");
                self.report(finding);
                fine = false;
            }
            let share = self.percent(scope, percent.node, percent.span);
            if share == Some(0) {
                let message = format!("nobody gets `{}`", name.node);
                let finding = self
                    .finding(Code::PlainOutcome, scope, percent.span, message)
                    .help("correct the share, or leave this message out");
                self.report(finding);
            }
            below = below.saturating_add(share.unwrap_or(0));
            match (self.message_named(scope, name), share) {
                (Some(message), Some(_)) => lowered.push(Variant { message, below }),
                _ => fine = false,
            }
        }
        if fine && below != 10_000 {
            let total = Number::from_millionths(i64::from(below) * 10_000);
            let finding = if below > 10_000 {
                fine = false;
                let message = format!("the shares add up to {total}%");
                self.finding(Code::SharesTooMuch, scope, send.span, message)
                    .help("make them add up to 100%, or less to leave some users out")
            } else {
                self.finding(
                    Code::SharesTooLittle,
                    scope,
                    send.span,
                    format!("the shares add up to {total}%"),
                )
                .label("the other users get nothing from this step")
                .help("make them add up to 100% if that is not meant")
            };
            self.report(finding);
        }
        let salt = self.arena.intern(&salt.node);
        fine.then_some(Send::OneOf { salt, variants: lowered })
    }

    /// A percentage in ten-thousandths.
    pub(super) fn percent(&mut self, scope: Scope, percent: Number, span: Span) -> Option<u32> {
        const HUNDREDTH: i64 = 10_000;
        if percent.millionths() % HUNDREDTH != 0 {
            let message = format!("`{percent}%` is finer than shares can be");
            let finding = self
                .finding(Code::PercentTooFine, scope, span, message)
                .help("write at most two decimals: `12.25%`");
            self.report(finding);
            return None;
        }
        u32::try_from(percent.millionths() / HUNDREDTH).ok()
    }

    fn via(&mut self, scope: Scope, via: Option<&ast::Via>) -> Option<Via> {
        let Some(via) = via else {
            let declared = 0..self.channels.len();
            let choices = declared.map(|index| ViaChoice::Channel(ChannelId::from(index))).collect();
            return Some(Via { choices, all: false });
        };
        let choices: Vec<Option<ViaChoice>> =
            via.channels.iter().map(|name| self.via_choice(scope, name)).collect();
        for (index, name) in via.channels.iter().enumerate() {
            if let Some(first) = via.channels.iter().take(index).find(|other| other.node == name.node) {
                let message = format!("`{}` is named twice", name.node);
                let finding = self
                    .finding(Code::DuplicateName, scope, name.span, message)
                    .also(scope.source, first.span, "first here")
                    .help("leave one of them out");
                self.report(finding);
            }
        }
        Some(Via { choices: choices.into_iter().collect::<Option<_>>()?, all: via.all })
    }

    /// A channel, or an attribute that names one. An attribute called like a channel is taken for its address.
    fn via_choice(&mut self, scope: Scope, name: &Name) -> Option<ViaChoice> {
        if let Some(index) = self.channels.find(&name.node) {
            return Some(ViaChoice::Channel(ChannelId::from(index)));
        }
        let Some(index) = self.attributes.find(&name.node) else {
            let attributes: Vec<&str> = self
                .attributes
                .iter()
                .filter(|entry| entry.item.ty.as_ref().is_some_and(Ty::is_text))
                .map(|entry| entry.name.as_str())
                .collect();
            let near_attribute = self.near(&name.node, attributes).map(str::to_owned);
            let near_channel = nearest(&name.node, self.channels.names()).is_some();
            if let (Some(near), false) = (near_attribute, near_channel) {
                let message = format!("neither a channel nor an attribute is called `{}`", name.node);
                let finding = self
                    .finding(Code::UnknownChannel, scope, name.span, message)
                    .help(format!("did you mean `{}`?", spelled(&near)));
                self.report_unknown(&name.node, finding);
                return None;
            }
            return self.channel_named(scope, name).map(ViaChoice::Channel);
        };
        let slot = Slot::Attribute(index);
        let value = self.slot_value(slot, name.span);
        self.expect(scope, &value, &Ty::Text, false);
        if !(value.ty.is_text() || value.ty == Ty::Open || self.uses_disagree(scope, &value, &Ty::Text)) {
            let message = format!("`{}` cannot name a channel: it is {}", name.node, value.ty.describe());
            let finding = self
                .finding(Code::TypeMismatch, scope, name.span, message)
                .help("name a channel, or an attribute that holds the name of one");
            let finding = self.with_declaration(finding, slot);
            self.report(finding);
            return None;
        }
        Some(ViaChoice::Attribute(crate::program::AttributeId::from(index)))
    }

    /// Says so if the last of two dates comes before the first.
    pub(super) fn must_be_in_order(
        &mut self,
        scope: Scope,
        from: Option<&Spanned<Date>>,
        until: Option<&Spanned<Date>>,
    ) {
        if let (Some(from), Some(until)) = (from, until)
            && until.node < from.node
        {
            let finding = self
                .finding(Code::LifeOver, scope, until.span, "this ends before it starts")
                .label(format!("the last day is {}", until.node))
                .also(scope.source, from.span, format!("the first day is {}", from.node))
                .help("exchange the two dates, or correct the year");
            self.report(finding);
        }
    }

    pub(super) fn hours_are_empty(&mut self, scope: Scope, span: Span, help: &str) {
        let finding =
            self.finding(Code::EmptyHours, scope, span, "these hours end when they begin").help(help);
        self.report(finding);
    }

    pub(super) fn limit_is_zero(&mut self, scope: Scope, span: Span, help: &str) {
        let finding =
            self.finding(Code::LimitZero, scope, span, "a limit of 0 lets nothing through").help(help);
        self.report(finding);
    }
}
