//! Times of day that quiet and contact hours leave no room for.

use crate::{
    check::{
        checker::{Checker, RuleInfo, Scope},
        finish::Lowered,
        policy::Policy,
    },
    diagnostic::Code,
    program::{ChannelId, DateSource, Days, Hours, Life, Origin, Rule, Step, Trigger, ViaChoice},
    syntax::ast::{self, Clause, Span, Spanned},
    time::{Recurrence, Time, Unit},
};

const MINUTES: usize = 24 * 60;

/// For each minute of any day, whether something is open then.
type Minutes = Vec<bool>;

impl Checker<'_> {
    /// Points out steps that can never go, times that are always moved, and deadlines that quiet hours outlast.
    pub(super) fn lint_hours(&mut self, lowered: &Lowered) {
        let infos = std::mem::take(&mut self.rules);
        for (info, rule) in infos.iter().zip(&lowered.rules).filter(|(_, rule)| !rule.is_off) {
            self.lint_life(info, rule);
            for (step, written) in rule.steps.iter().zip(&info.rule.steps) {
                self.lint_step(info, rule, step, written, &lowered.policy);
            }
            self.lint_deadline(info, rule, &lowered.policy);
        }
        self.rules = infos;
        self.lint_closed(lowered);
    }

    /// A rule on a date outside its own life.
    fn lint_life(&mut self, info: &RuleInfo<'_>, rule: &Rule) {
        let Trigger::Dates(dates) = &rule.trigger else { return };
        let (DateSource::Fixed(Recurrence::Once(date)), (0, _)) = (&dates.source, dates.offset) else {
            return;
        };
        let mut life = Life::default();
        let mut place = None;
        for clause in &info.rule.clauses {
            match &clause.node {
                Clause::From(date) => (life.from, place) = (Some(*date), Some(clause.span)),
                Clause::Until(date) => (life.until, place) = (Some(*date), Some(clause.span)),
                _ => {}
            }
        }
        if let Some(place) = place.filter(|_| !life.contains(*date)) {
            let finding = self
                .finding(
                    Code::NeverGoes,
                    Scope::of(info.source),
                    info.rule.trigger.span,
                    "this rule never goes",
                )
                .label("due on this day only")
                .also(info.source, place, "when the rule is not in force")
                .help("correct one of the dates");
            self.report(finding);
        }
    }

    fn lint_step(
        &mut self,
        info: &RuleInfo<'_>,
        rule: &Rule,
        step: &Step,
        written: &ast::Step,
        policy: &Policy,
    ) {
        let Some(channels) = channels_of(step) else { return };
        let Some(place) = time_place(info.rule, written) else { return };
        let scope = Scope::of(info.source);
        let wanted = wanted(step);
        let open: Vec<Minutes> =
            channels.iter().map(|channel| open(policy, *channel, rule.even_in_quiet_hours)).collect();
        let fits = |minute: usize| {
            wanted.get(minute).is_some_and(|wanted| *wanted)
                && open.iter().any(|open| open.get(minute).is_some_and(|open| *open))
        };
        if !(0..MINUTES).any(fits) {
            let finding = self.finding(Code::NeverGoes, scope, place, "at these times this never goes").help(
                if is_quiet(policy, &channels) {
                    "choose other times, or write `even in quiet hours`"
                } else {
                    "choose other times"
                },
            );
            let finding = with_hours(finding, policy, &channels);
            self.report(finding);
            return;
        }
        let Some(at) = step.at.map(minute_of) else { return };
        if let Some((from, to)) = step.between {
            if !covers(from, to, at) {
                self.lint_at_outside(scope, at, (from, to), info.rule, written);
            }
            return;
        }
        if fits(at) {
            return;
        }
        if let Some(first) = (at..MINUTES).find(|minute| fits(*minute)) {
            let message = format!("this always waits until {}", shown(first));
            let help = format!("write `at {}`, or choose another time", shown(first));
            let finding = self.finding(Code::TimeInQuietHours, scope, place, message).help(help);
            let finding = with_hours(finding, policy, &channels);
            self.report(finding);
        }
    }

    /// A step that goes at a time and between two others, of which the one is not between the others.
    fn lint_at_outside(
        &mut self,
        scope: Scope,
        at: usize,
        (from, to): (Time, Time),
        rule: &ast::Rule,
        step: &ast::Step,
    ) {
        let find = |is_it: fn(&Clause) -> bool| {
            let own = step.clauses.iter().find(|clause| is_it(&clause.node));
            own.or_else(|| rule.clauses.iter().find(|clause| is_it(&clause.node))).map(|clause| clause.span)
        };
        let places = find(|clause| matches!(clause, Clause::At(_)))
            .zip(find(|clause| matches!(clause, Clause::Between(..))));
        let Some((at_place, between_place)) = places else { return };
        let first = shown(minute_of(from));
        let message = format!("{} is not between {first} and {}", shown(at), shown(minute_of(to)));
        let finding = self
            .finding(Code::TimeOutsideBetween, scope, at_place, message)
            .label(format!("waits until {first}"))
            .also(scope.source, between_place, "only then may it go")
            .help("leave one of the two out: `at` is the earliest time of day, `between` the times at which it may go");
        self.report(finding);
    }

    /// Channels that are never open: hours that close them all day, or contact hours within quiet hours.
    fn lint_closed(&mut self, lowered: &Lowered) {
        let policy = &lowered.policy;
        let goes = |channel: ChannelId, rule: &Rule| {
            rule.even_in_quiet_hours
                && rule.steps.iter().any(|step| step.via.choices.contains(&ViaChoice::Channel(channel)))
                && open(policy, channel, true).contains(&true)
        };
        let channels: Vec<ChannelId> = (0..self.channels.len()).map(ChannelId::from).collect();
        let is_closed = |channel: &ChannelId| {
            !open(policy, *channel, false).contains(&true)
                && !lowered.rules.iter().any(|rule| goes(*channel, rule))
        };
        let closed: Vec<ChannelId> = channels.iter().copied().filter(is_closed).collect();
        let all = closed.len() == channels.len();
        let groups: Vec<&[ChannelId]> =
            if all && !closed.is_empty() { vec![&closed] } else { closed.chunks(1).collect() };
        for group in groups {
            let hours = policy.quiet_hours.iter().chain(&policy.contact_hours);
            let Some(hours) = hours.into_iter().find(|hours| group.iter().any(|one| concerns(hours, *one)))
            else {
                continue;
            };
            let name = group.first().and_then(|channel| self.channels.get(channel.index()));
            let name = name.map_or("", |entry| entry.name.as_str());
            let message = if all {
                "nothing is ever sent".to_owned()
            } else {
                format!("nothing is ever sent over `{name}`")
            };
            let label = if all { "no channel is ever open" } else { "it is never open" };
            let origin = hours.origin;
            let mut finding = self
                .finding(Code::ClosedForGood, Scope::of(origin.source), origin.span, message)
                .label(label)
                .help("correct the times, or say on which days the hours hold: `on sunday`");
            let others = with_hours(finding.clone(), policy, group).secondary;
            finding.secondary = others.into_iter().filter(|one| one.span != origin.span).collect();
            self.report(finding);
        }
    }

    /// A rule by events whose touches are lost if the event happens at the wrong time of day.
    fn lint_deadline(&mut self, info: &RuleInfo<'_>, rule: &Rule, policy: &Policy) {
        let (Trigger::Event(_), Some(deadline), Some(step)) =
            (&rule.trigger, rule.deadline, rule.steps.first())
        else {
            return;
        };
        let minutes = match deadline.unit {
            Unit::Minute => u64::from(deadline.count),
            Unit::Hour => u64::from(deadline.count) * 60,
            _ => return,
        };
        let Some(channels) = channels_of(step) else { return };
        if step.at.is_some() || step.between.is_some() {
            return;
        }
        let open: Vec<Minutes> =
            channels.iter().map(|channel| open(policy, *channel, rule.even_in_quiet_hours)).collect();
        let closed = |minute: usize| !open.iter().any(|open| open.get(minute).is_some_and(|open| *open));
        // Twice around, for hours over midnight.
        let (mut longest, mut run) = (0u64, 0u64);
        for minute in 0..2 * MINUTES {
            run = if closed(minute % MINUTES) { run + 1 } else { 0 };
            longest = longest.max(run);
        }
        let place = info.rule.clauses.iter().find(|clause| matches!(clause.node, Clause::Within { .. }));
        if let Some(place) = place.filter(|_| minutes <= longest && longest > 0) {
            let finding = self
                .finding(
                    Code::ShortDeadline,
                    Scope::of(info.source),
                    place.span,
                    format!("some touches are lost: one may have to wait for {}", length(longest)),
                )
                .label("lost after this")
                .help("allow more time, write `even in quiet hours`, or add a channel");
            let finding = with_hours(finding, policy, &channels);
            self.report(finding);
        }
    }
}

/// `09:05`, for a minute of the day.
fn shown(minute: usize) -> String {
    format!("{:02}:{:02}", minute / 60 % 24, minute % 60)
}

/// `12 hours`.
fn length(minutes: u64) -> String {
    let plural = |count: u64| if count == 1 { "" } else { "s" };
    if minutes >= 24 * 60 {
        "days on end".to_owned()
    } else if minutes.is_multiple_of(60) {
        format!("{} hour{}", minutes / 60, plural(minutes / 60))
    } else {
        format!("{minutes} minute{}", plural(minutes))
    }
}

/// With the hours that are in the way.
fn with_hours(
    mut finding: crate::diagnostic::Diagnostic,
    policy: &Policy,
    channels: &[ChannelId],
) -> crate::diagnostic::Diagnostic {
    let mut named: Vec<Origin> = Vec::new();
    for (list, what) in [(&policy.quiet_hours, "quiet hours"), (&policy.contact_hours, "contact hours")] {
        for hours in list {
            if channels.iter().any(|channel| concerns(hours, *channel)) && !named.contains(&hours.origin) {
                finding = finding.also(hours.origin.source, hours.origin.span, format!("these {what}"));
                named.push(hours.origin);
            }
        }
    }
    finding
}

/// Whether quiet hours concern any of the channels.
fn is_quiet(policy: &Policy, channels: &[ChannelId]) -> bool {
    policy.quiet_hours.iter().any(|hours| channels.iter().any(|channel| concerns(hours, *channel)))
}

/// The channels of a step, if all are known beforehand.
fn channels_of(step: &Step) -> Option<Vec<ChannelId>> {
    let channels: Option<Vec<ChannelId>> = step
        .via
        .choices
        .iter()
        .map(|choice| match choice {
            ViaChoice::Channel(channel) => Some(*channel),
            ViaChoice::Attribute(_) => None,
        })
        .collect();
    channels.filter(|channels| !channels.is_empty())
}

/// Where the time of day of a step was written: in the step, or in its rule.
fn time_place(rule: &ast::Rule, step: &ast::Step) -> Option<Span> {
    let is_time = |clause: &&Spanned<Clause>| matches!(clause.node, Clause::At(_) | Clause::Between(..));
    step.clauses.iter().find(is_time).or_else(|| rule.clauses.iter().find(is_time)).map(|clause| clause.span)
}

fn concerns(hours: &Hours, channel: ChannelId) -> bool {
    hours.channels.is_empty() || hours.channels.contains(&channel)
}

fn minute_of(time: Time) -> usize {
    let part = |number: i8| usize::try_from(number).unwrap_or(0);
    part(time.hour()) * 60 + part(time.minute())
}

/// Whether a minute of the day lies in hours that may run over midnight.
fn covers(from: Time, to: Time, minute: usize) -> bool {
    let (from, to) = (minute_of(from), minute_of(to));
    if from < to { from <= minute && minute < to } else { minute >= from || minute < to }
}

/// The minutes at which the step's own words let it go.
fn wanted(step: &Step) -> Minutes {
    (0..MINUTES)
        .map(|minute| {
            step.at.is_none_or(|at| minute >= minute_of(at))
                && step.between.is_none_or(|(from, to)| covers(from, to, minute))
        })
        .collect()
}

/// The minutes at which the channel is open on some day at least.
fn open(policy: &Policy, channel: ChannelId, even_in_quiet_hours: bool) -> Minutes {
    let contact: Vec<&Hours> = policy.contact_hours.iter().filter(|hours| concerns(hours, channel)).collect();
    let always_quiet = |hours: &&Hours| {
        concerns(hours, channel)
            && hours.days == Days::All
            && hours.condition.is_none()
            && hours.life == Life::default()
            && !even_in_quiet_hours
    };
    let quiet: Vec<&Hours> = policy.quiet_hours.iter().filter(always_quiet).collect();
    (0..MINUTES)
        .map(|minute| {
            let in_contact =
                contact.is_empty() || contact.iter().any(|hours| covers(hours.from, hours.to, minute));
            in_contact && !quiet.iter().any(|hours| covers(hours.from, hours.to, minute))
        })
        .collect()
}
