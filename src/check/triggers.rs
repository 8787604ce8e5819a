//! What makes a rule due.

use super::{
    checker::{Checker, Scope},
    conditions::weekday_set,
    subjects::Allowed,
    types::{Slot, Ty},
    words::spelled,
};
use crate::{
    diagnostic::Code,
    program::{AttributeId, DateSource, DateTrigger, Trigger},
    syntax::ast::{self, Anchor, MonthDay, Name, Offset},
    time::{self, CronSchedule, Recurrence, Time, Unit, WeekdaySet},
};

/// A trigger, lowered, and whether it has times of its own.
pub(super) struct Due {
    pub(super) trigger: Trigger,
    /// Minutes, hours or a cron line, which say the time of day themselves.
    pub(super) has_times: bool,
    /// Whether events make it due.
    pub(super) by_events: bool,
}

impl Checker<'_> {
    /// The trigger of a rule, other than a condition. Whatever is wrong with it has been said.
    pub(super) fn trigger(&mut self, scope: Scope, trigger: &ast::Trigger, at: Option<Time>) -> Option<Due> {
        let fixed = |recurrence| Some((DateSource::Fixed(recurrence), None));
        let mut has_times = false;
        let dates = match trigger {
            ast::Trigger::If(_) => {
                return Some(Due { trigger: Trigger::Condition, has_times: false, by_events: false });
            }
            ast::Trigger::Event { event, filter } => {
                if filter.of.is_empty() && filter.condition.is_none() && self.is_date(scope, event) {
                    self.yearly(scope, event, false).map(|source| (source, None))
                } else {
                    let found = self.event_named(scope, event)?;
                    let trigger = Trigger::Event(self.event_set(scope, found, filter));
                    return Some(Due { trigger, has_times: false, by_events: true });
                }
            }
            ast::Trigger::Attribute { attribute, offset: Some(Offset { period, before: false }), .. }
                if self.find_slot(scope, &attribute.node).is_none() && self.is_event(&attribute.node) =>
            {
                let event =
                    self.event_meant(&attribute.node).map(|(event, _)| spelled(self.event_name(event)));
                let message = format!("`{}` happens again and again, and is no date", attribute.node);
                let help = format!("write `on {} then after {period} send …`", event.unwrap_or_default());
                let finding = self.finding(Code::NotAMoment, scope, attribute.span, message).help(help);
                self.report(finding);
                None
            }
            ast::Trigger::Attribute { attribute, offset, once } => {
                self.yearly(scope, attribute, *once).map(|source| (source, *offset))
            }
            ast::Trigger::Date { date, offset } => {
                Some((DateSource::Fixed(Recurrence::Once(date.node)), *offset))
            }
            ast::Trigger::Festival { festival, calendar, offset } => {
                let dates = self.festival_dates(scope, festival, calendar);
                (!dates.is_empty()).then(|| (DateSource::Fixed(Recurrence::Dates(dates.into())), *offset))
            }
            ast::Trigger::Weekdays(days) => fixed(Recurrence::Weekdays(weekday_set(days))),
            ast::Trigger::Monthly(days) => fixed(Recurrence::Monthly(
                days.iter()
                    .map(|day| match day.node {
                        MonthDay::Day(day) => time::MonthDay::Day(day),
                        MonthDay::Last => time::MonthDay::Last,
                    })
                    .collect(),
            )),
            ast::Trigger::Yearly { month, day } => fixed(Recurrence::Yearly { month: *month, day: *day }),
            ast::Trigger::Every { period, anchor } => {
                has_times = period.node.unit.is_exact();
                match anchor {
                    None => fixed(Recurrence::Weekdays(WeekdaySet::all())),
                    Some(Anchor::From(date)) => fixed(Recurrence::Every {
                        period: period.node,
                        anchor: time::Anchor::From(date.node),
                    }),
                    Some(Anchor::Since(name)) => {
                        let attribute = self.moment_attribute(scope, name, period.node.unit);
                        attribute
                            .map(|attribute| (DateSource::Since { attribute, period: period.node }, None))
                    }
                }
            }
            ast::Trigger::Cron(line) => {
                has_times = true;
                match CronSchedule::parse(&line.node) {
                    Ok(schedule) => fixed(Recurrence::Cron(schedule)),
                    Err(error) => {
                        let finding = self
                            .finding(Code::CronLine, scope, line.span, error.to_string())
                            .help(error.help());
                        self.report(finding);
                        None
                    }
                }
            }
        };
        let (source, offset) = dates?;
        let offset = offset.map_or((0, Unit::Day), |offset: Offset| {
            let count = i64::from(offset.period.count);
            (if offset.before { -count } else { count }, offset.period.unit)
        });
        Some(Due { trigger: Trigger::Dates(DateTrigger { source, offset, at }), has_times, by_events: false })
    }

    /// Whether the name after `on` is that of a date rather than of an event. Says so if it is both.
    fn is_date(&mut self, scope: Scope, name: &Name) -> bool {
        let event = !self.counted(&name.node, None, Allowed::Events).is_empty();
        let Some(slot) = self.attributes.find(&name.node).map(Slot::Attribute) else {
            // Undeclared: a date if nothing but dates is made of it elsewhere.
            let seen = self.evidence.attributes.get(&name.node);
            let as_date = seen.and_then(Option::as_ref).is_some_and(|guess| guess.ty.is_moment());
            return as_date && !event;
        };
        let moment = self.slot_type(slot).is_moment();
        if event && moment {
            let message = format!("`{}` means two things", name.node);
            let finding = self
                .finding(Code::AmbiguousName, scope, name.span, message)
                .label("it is an event and a date that users have")
                .help("give one of them another name");
            self.report(finding);
        }
        if event {
            return false;
        }
        true
    }

    fn is_event(&self, name: &str) -> bool {
        self.event_meant(name).is_some_and(|(_, surely)| surely)
    }

    fn yearly(&mut self, scope: Scope, name: &Name, once: bool) -> Option<DateSource> {
        let attribute = self.moment_attribute(scope, name, Unit::Day)?;
        let slot = Slot::Attribute(attribute.index());
        self.learn(slot, Ty::Date, true, scope.origin(name.span));
        Some(DateSource::Attribute { attribute, once })
    }

    fn moment_attribute(&mut self, scope: Scope, name: &Name, unit: Unit) -> Option<AttributeId> {
        self.moment(scope, name, unit)?;
        match self.find_slot(scope, &name.node)? {
            Slot::Attribute(index) => Some(AttributeId::from(index)),
            Slot::Field(..) => None,
        }
    }
}
