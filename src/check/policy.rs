//! What holds for all rules: zone, week, hours, caps, gaps, holdouts.

use super::{
    checker::{Checker, Scope},
    conditions::weekday_set,
    files::Unit,
    rules::OFF,
    subjects::{Allowed, Counted},
};
use crate::{
    diagnostic::Code,
    program::{Cap, ContactTest, Days, Gap, HoldOut, Hours, Life, Origin},
    syntax::ast::{self, ConditionKind, DeclarationKind, Span, Subject},
    time::{Time, Weekday, Zone},
};

/// What holds for all rules.
#[derive(Default)]
pub(super) struct Policy {
    pub(super) zone: Option<Zone>,
    pub(super) week_starts: Option<Weekday>,
    pub(super) quiet_hours: Vec<Hours>,
    pub(super) contact_hours: Vec<Hours>,
    pub(super) caps: Vec<Cap>,
    pub(super) gaps: Vec<Gap>,
    pub(super) hold_outs: Vec<HoldOut>,
}

impl Checker<'_> {
    /// Lowers what holds for all rules.
    pub(super) fn policy(&mut self) -> Policy {
        let mut policy = Policy::default();
        let mut zone: Option<(String, Origin)> = None;
        let mut week: Option<(Weekday, Origin)> = None;
        for unit in self.units() {
            let scope = Scope::of(unit.source);
            for declaration in &unit.file.declarations {
                let origin = scope.origin(declaration.span);
                match &declaration.node {
                    DeclarationKind::TimeZone(name) => match Zone::named(&name.node) {
                        Ok(found) => {
                            let differs = zone.as_ref().filter(|(first, _)| *first != found.name());
                            if let Some((_, first)) = differs {
                                self.settings_differ(scope, declaration.span, *first, "time zone");
                            }
                            zone.get_or_insert((found.name().to_owned(), origin));
                            policy.zone.get_or_insert(found);
                        }
                        Err(error) => {
                            let help = match &error.suggestion {
                                Some(near) => format!("did you mean `{near}`?"),
                                None => "zones are called by region and city: `Europe/Berlin`".to_owned(),
                            };
                            let finding = self
                                .finding(Code::UnknownZone, scope, name.span, error.to_string())
                                .help(help);
                            self.report(finding);
                            // It was meant to be said, so nobody need be told to say it.
                            policy.zone.get_or_insert(Zone::utc());
                        }
                    },
                    DeclarationKind::WeekStarts(day) => {
                        if let Some((_, first)) = week.filter(|(first, _)| first != day) {
                            self.settings_differ(scope, declaration.span, first, "first day of the week");
                        }
                        week.get_or_insert((*day, origin));
                    }
                    _ => self.policy_part(&mut policy, unit, declaration),
                }
            }
        }
        policy.week_starts = week.map(|(day, _)| day);
        policy
    }

    fn policy_part(&mut self, policy: &mut Policy, unit: &Unit, declaration: &ast::Declaration) {
        let scope = Scope::of(unit.source);
        let span = declaration.span;
        match &declaration.node {
            DeclarationKind::QuietHours(hours) => policy.quiet_hours.extend(self.hours(scope, hours, span)),
            DeclarationKind::ContactHours(hours) => {
                policy.contact_hours.extend(self.hours(scope, hours, span));
            }
            DeclarationKind::Cap(cap) => policy.caps.extend(self.cap(scope, cap, span)),
            DeclarationKind::Gap(gap) => policy.gaps.extend(self.gap(scope, gap, span)),
            DeclarationKind::HoldOut(share) => {
                if let Some(hold_out) = self.hold_out(scope, share, span, &policy.hold_outs) {
                    policy.hold_outs.push(hold_out);
                }
            }
            _ => {}
        }
    }

    fn settings_differ(&mut self, scope: Scope, span: Span, first: Origin, what: &str) {
        let finding = self
            .finding(Code::SettingsDiffer, scope, span, format!("the {what} is said in two ways"))
            .label("and so here")
            .also(first.source, first.span, "so here")
            .help("files that are used together share it: keep one of the two");
        self.report(finding);
    }

    fn hours(&mut self, scope: Scope, hours: &ast::Hours, span: Span) -> Option<Hours> {
        let whole_day =
            hours.from.node == Time::midnight() && self.text(scope.source, hours.to.span).starts_with("24");
        if hours.from.node == hours.to.node && !whole_day {
            let span = hours.from.span.to(hours.to.span);
            let help = "for the whole day write `00:00 to 24:00`; for none leave the line out";
            self.hours_are_empty(scope, span, help);
        }
        let mut channels = Vec::new();
        let mut fine = true;
        for name in &hours.channels {
            match self.channel_named(scope, name) {
                Some(channel) => channels.push(channel),
                None => fine = false,
            }
        }
        let days = match hours.days.as_ref().map(|days| &days.node) {
            None => Days::All,
            Some(ast::Days::Weekdays(days)) => Days::Weekdays(weekday_set(days)),
            Some(ast::Days::Calendar { name, negated }) => {
                let (calendar, _) = self.calendar_named(scope, name)?;
                Days::Calendar { calendar, negated: *negated }
            }
        };
        self.must_be_in_order(scope, hours.life.from.as_ref(), hours.life.until.as_ref());
        let condition = hours.condition.as_ref().map(|condition| self.condition(scope, condition));
        fine.then(|| Hours {
            from: hours.from.node,
            to: hours.to.node,
            days,
            life: Life {
                from: hours.life.from.as_ref().map(|date| date.node),
                until: hours.life.until.as_ref().map(|date| date.node),
            },
            channels,
            condition,
            text: self.text(scope.source, span),
            origin: scope.origin(span),
        })
    }

    fn contact_subject(&mut self, scope: Scope, subject: &Subject) -> Option<ContactTest> {
        match self.subject(scope, subject, Allowed::Contacts, true)? {
            Counted::Contacts(test) => Some(test),
            Counted::Event(_) => None,
        }
    }

    fn cap(&mut self, scope: Scope, cap: &ast::Cap, span: Span) -> Option<Cap> {
        let mut exceptions = Vec::new();
        if cap.limit.node == 0 {
            self.limit_is_zero(scope, cap.limit.span, OFF);
        }
        for none in cap.exceptions.iter().filter(|exception| exception.limit.node == 0) {
            let whom = self.text(scope.source, none.condition.span);
            let is_joined = matches!(none.condition.node, ConditionKind::And(_) | ConditionKind::Or(_));
            let not = if is_joined { format!("not ({whom})") } else { format!("not {whom}") };
            let help = format!("to send them nothing add `{not}` to the conditions of the rules");
            self.limit_is_zero(scope, none.limit.span, &help);
        }
        let subject = self.contact_subject(scope, &cap.subject);
        for exception in &cap.exceptions {
            exceptions.push((exception.limit.node, self.condition(scope, &exception.condition)));
        }
        self.must_be_in_order(scope, cap.life.from.as_ref(), cap.life.until.as_ref());
        let condition = cap.condition.as_ref().map(|condition| self.condition(scope, condition));
        let condition = self.within_life(scope, condition, &cap.life);
        Some(Cap {
            limit: cap.limit.node,
            exceptions,
            subject: subject?,
            window: cap.window.node,
            condition,
            text: self.text(scope.source, span),
            origin: scope.origin(span),
        })
    }

    fn gap(&mut self, scope: Scope, gap: &ast::Gap, span: Span) -> Option<Gap> {
        let first = self.contact_subject(scope, &gap.first);
        let second = match &gap.second {
            Some(second) => self.contact_subject(scope, second),
            None => first,
        };
        self.must_be_in_order(scope, gap.life.from.as_ref(), gap.life.until.as_ref());
        let condition = gap.condition.as_ref().map(|condition| self.condition(scope, condition));
        let condition = self.within_life(scope, condition, &gap.life);
        Some(Gap {
            period: gap.period.node,
            first: first?,
            second: second?,
            condition,
            text: self.text(scope.source, span),
            origin: scope.origin(span),
        })
    }

    fn hold_out(
        &mut self,
        scope: Scope,
        share: &ast::Share,
        span: Span,
        others: &[HoldOut],
    ) -> Option<HoldOut> {
        let below = self.percent(scope, share.percent.node, share.percent.span)?;
        let salt = self.arena.intern(&share.salt.node);
        if let Some(first) = others.iter().find(|other| other.salt == salt) {
            let message = format!("`{}` holds out two shares", share.salt.node);
            let finding = self
                .finding(Code::SharedTwice, scope, share.salt.span, message)
                .label("the same name hashes to the same users")
                .also(first.origin.source, first.origin.span, "its first share")
                .help("remove one of them, or give it another name");
            self.report(finding);
        }
        if below == 0 || below == 10_000 {
            let what = if below == 0 { "nobody is held out" } else { "everybody is held out" };
            let finding = self
                .finding(Code::PlainOutcome, scope, share.percent.span, what)
                .help("correct the share, or leave the line out");
            self.report(finding);
        }
        Some(HoldOut { salt, below, text: self.text(scope.source, span), origin: scope.origin(span) })
    }
}
