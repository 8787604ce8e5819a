//! Rules, their clauses and steps.

use courtesy::syntax::ast::{
    Anchor, Clause, IfBlocked, MonthDay, Offset, Payload, Rule, Send, Step, Trigger, Via,
};

use super::{Seen, forms};

forms!(Trigger {
    Trigger::If(_) => "trigger: if",
    Trigger::Event { .. } => "trigger: event, or a date that the user has",
    Trigger::Attribute { .. } => "trigger: around a date that the user has",
    Trigger::Date { .. } => "trigger: date",
    Trigger::Festival { .. } => "trigger: festival",
    Trigger::Weekdays(_) => "trigger: every monday",
    Trigger::Monthly(_) => "trigger: every month",
    Trigger::Yearly { .. } => "trigger: every year",
    Trigger::Every { .. } => "trigger: every so often",
    Trigger::Cron(_) => "trigger: cron",
});

forms!(MonthDay {
    MonthDay::Day(_) => "every month: on a day",
    MonthDay::Last => "every month: on the last day",
});

forms!(Anchor {
    Anchor::From(_) => "every so often: from",
    Anchor::Since(_) => "every so often: since",
});

forms!(Clause {
    Clause::If(_) => "clause: if",
    Clause::After(_) => "clause: after",
    Clause::At(_) => "clause: at",
    Clause::Between(..) => "clause: between",
    Clause::Within { expires: false, .. } => "clause: within",
    Clause::Within { expires: true, .. } => "clause: expires after",
    Clause::Again(_) => "clause: again after",
    Clause::AtMostTimes { .. } => "clause: at most n times",
    Clause::Priority(_) => "clause: priority",
    Clause::IgnoringCaps => "clause: ignoring caps",
    Clause::NotCounted => "clause: not counted",
    Clause::EvenInQuietHours => "clause: even in quiet hours",
    Clause::IfBlocked(_) => "clause: if blocked",
    Clause::From(_) => "clause: from",
    Clause::Until(_) => "clause: until",
    Clause::Off => "clause: off",
});

forms!(IfBlocked {
    IfBlocked::Wait => "if blocked: wait",
    IfBlocked::Drop => "if blocked: drop",
    IfBlocked::Stop => "if blocked: stop",
});

forms!(Send {
    Send::Message(_) => "send: a message",
    Send::OneOf { .. } => "send: one of",
});

impl Seen {
    pub(super) fn rule(&mut self, rule: &Rule) {
        let Rule { name, title, trigger, clauses, steps } = rule;
        self.sometimes("rule: without a name", name.is_none());
        self.sometimes("rule: title", title.is_some());
        self.trigger(&trigger.node);
        clauses.iter().for_each(|clause| self.clause(&clause.node));
        self.sometimes("rule: several steps", steps.len() > 1);
        steps.iter().for_each(|step| self.step(step));
    }

    fn trigger(&mut self, trigger: &Trigger) {
        self.one(trigger);
        let mut offset = |offset: &Option<Offset>| {
            self.sometimes("trigger: no offset", offset.is_none());
            if let Some(Offset { period, before }) = offset {
                self.sometimes("trigger: before", *before);
                self.sometimes("trigger: after", !*before);
                self.period(*period);
            }
        };
        match trigger {
            Trigger::If(condition) => self.condition(condition),
            Trigger::Event { event: _, filter } => self.filter(filter),
            Trigger::Attribute { attribute: _, offset: found, once } => {
                offset(found);
                self.sometimes("trigger: once", *once);
            }
            Trigger::Date { date: _, offset: found }
            | Trigger::Festival { festival: _, calendar: _, offset: found } => offset(found),
            Trigger::Monthly(days) => days.iter().for_each(|day| self.one(&day.node)),
            Trigger::Every { period, anchor } => {
                self.period(period.node);
                self.sometimes("every day", anchor.is_none());
                anchor.iter().for_each(|anchor| self.one(anchor));
            }
            Trigger::Weekdays(_) | Trigger::Yearly { month: _, day: _ } | Trigger::Cron(_) => {}
        }
    }

    fn clause(&mut self, clause: &Clause) {
        self.one(clause);
        match clause {
            Clause::If(condition) => self.condition(condition),
            Clause::After(period) | Clause::Within { period, expires: _ } | Clause::Again(period) => {
                self.period(*period);
            }
            Clause::AtMostTimes { limit: _, window } => {
                self.sometimes("at most n times: ever", window.is_none());
                window.iter().for_each(|window| self.cap_window(window));
            }
            Clause::Priority(value) => self.value(value),
            Clause::IfBlocked(what) => self.one(what),
            Clause::At(_)
            | Clause::Between(..)
            | Clause::IgnoringCaps
            | Clause::NotCounted
            | Clause::EvenInQuietHours
            | Clause::From(_)
            | Clause::Until(_)
            | Clause::Off => {}
        }
    }

    fn step(&mut self, step: &Step) {
        let Step { span: _, clauses, send, via, payload, unless } = step;
        for clause in clauses {
            self.sometimes("step: after", matches!(clause.node, Clause::After(_)));
            self.sometimes("step: at", matches!(clause.node, Clause::At(_)));
            self.sometimes("step: between", matches!(clause.node, Clause::Between(..)));
            self.clause(&clause.node);
        }
        self.one(&send.node);
        self.sometimes("step: without via", via.is_none());
        if let Some(Via { channels, all }) = via {
            self.sometimes("via: one", channels.len() == 1);
            self.sometimes("via: or", channels.len() > 1 && !*all);
            self.sometimes("via: and", *all);
        }
        self.sometimes("step: with", !payload.is_empty());
        self.sometimes("step: with several values", payload.len() > 1);
        for Payload { key: _, value } in payload {
            self.value(value);
        }
        self.sometimes("step: unless", unless.is_some());
        unless.iter().for_each(|unless| self.condition(unless));
    }
}
