//! A program as one can read it: names for ids, each condition as a nested call, in the order of the files.

use std::fmt::{self, Display, Formatter};

use super::{
    Arena, Condition, ConditionId, ContactTest, DateSource, DateTrigger, Days, Expression, ExpressionId,
    Hours, Program, Rule, Send, Set, SetId, Step, Symbol, Trigger, Type, Via, ViaChoice, Window,
};
use crate::{
    snapshot::Value,
    syntax::ast::{Aggregate, Arithmetic, CapWindow, Compare, DateTest, IfBlocked, Pick},
    time::{CalendarUnit, Recurrence, Unit, WeekdaySet, weekday_name},
};

/// How deep a condition is shown; what lies deeper is told by its number.
const DEEPEST: u32 = 64;

impl Display for Program {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "zone {}, weeks start {}", self.zone.name(), weekday_name(self.week_starts))?;
        for field in &self.attributes {
            writeln!(f, "attribute {}: {}", field.name, type_text(&self.arena, &field.ty))?;
        }
        for event in &self.events {
            let fields = event.fields.iter();
            let fields =
                joined(fields.map(|one| format!("{} {}", one.name, type_text(&self.arena, &one.ty))));
            writeln!(f, "event {}({fields})", event.name)?;
        }
        for channel in &self.channels {
            let consent = if channel.needs_consent { " needs consent" } else { "" };
            writeln!(f, "channel {}{consent}", channel.name)?;
        }
        for message in &self.messages {
            let categories = message.categories.iter().filter_map(|id| self.categories.get(id.index()));
            writeln!(
                f,
                "message {} [{}] in [{}]{}",
                message.name,
                joined(categories),
                joined(&message.languages),
                if message.is_service { " service" } else { "" }
            )?;
        }
        for calendar in &self.calendars {
            writeln!(f, "calendar {}: {} dates", calendar.name, calendar.calendar.dates().len())?;
        }
        for segment in &self.segments {
            writeln!(f, "segment {}: {}", segment.name, self.condition_text(segment.condition))?;
        }
        self.fmt_policy(f)?;
        self.rules.iter().try_for_each(|rule| self.fmt_rule(f, rule))
    }
}

impl Program {
    /// A condition as one can read it.
    #[must_use]
    pub fn condition_text(&self, id: ConditionId) -> String {
        Shown { program: self, event: None, depth: 0 }.condition(id)
    }

    /// An expression as one can read it.
    #[must_use]
    pub fn expression_text(&self, id: ExpressionId) -> String {
        Shown { program: self, event: None, depth: 0 }.expression(id)
    }

    fn fmt_policy(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let condition = |id: Option<ConditionId>| {
            id.map_or_else(String::new, |id| format!(" if {}", self.condition_text(id)))
        };
        for (kind, list) in [("quiet", &self.quiet_hours), ("contact", &self.contact_hours)] {
            for hours in list {
                let shown = self.hours_text(hours);
                writeln!(f, "{kind} hours {shown}{}", condition(hours.condition))?;
            }
        }
        for cap in &self.caps {
            write!(f, "cap {} {} {}", cap.limit, self.contact_text(cap.subject), cap_window(cap.window))?;
            for (limit, exception) in &cap.exceptions {
                write!(f, ", {limit} if {}", self.condition_text(*exception))?;
            }
            writeln!(f, "{}", condition(cap.condition))?;
        }
        for gap in &self.gaps {
            let (first, second) = (self.contact_text(gap.first), self.contact_text(gap.second));
            writeln!(f, "gap {} between {first} and {second}{}", gap.period, condition(gap.condition))?;
        }
        for hold_out in &self.hold_outs {
            writeln!(f, "hold out {}/10000 as {}", hold_out.below, symbol_text(&self.arena, hold_out.salt))?;
        }
        Ok(())
    }

    fn hours_text(&self, hours: &Hours) -> String {
        let days = match hours.days {
            Days::All => "every day".to_owned(),
            Days::Weekdays(days) => weekdays_text(days),
            Days::Calendar { calendar, negated } => {
                let name = self.calendars.get(calendar.index()).map_or("?", |calendar| &calendar.name);
                format!("days {}in {name}", if negated { "not " } else { "" })
            }
        };
        let channels = hours.channels.iter().filter_map(|id| self.channels.get(id.index()));
        let channels = joined(channels.map(|channel| &channel.name));
        let mut text = format!("{} to {} on {days} for [{channels}]", hours.from, hours.to);
        for (word, date) in [("from", hours.life.from), ("until", hours.life.until)] {
            if let Some(date) = date {
                text = format!("{text} {word} {date}");
            }
        }
        text
    }

    fn fmt_rule(&self, f: &mut Formatter<'_>, rule: &Rule) -> fmt::Result {
        write!(f, "rule {}", rule.name)?;
        if let Some(title) = &rule.title {
            write!(f, " {title:?}")?;
        }
        writeln!(f, "{}", if rule.is_off { " off" } else { "" })?;
        match &rule.trigger {
            Trigger::Condition => {}
            Trigger::Event(set) => writeln!(f, "  on {}", self.shown().set(*set))?,
            Trigger::Dates(dates) => writeln!(f, "  on {}", self.dates_text(dates))?,
        }
        if let Some(condition) = rule.condition {
            writeln!(f, "  if {}", self.condition_text(condition))?;
        }
        let periods = [("after", rule.delay), ("within", rule.deadline), ("again after", rule.again)];
        for (word, period) in periods {
            if let Some(period) = period {
                writeln!(f, "  {word} {period}")?;
            }
        }
        if let Some(times) = rule.times {
            let window = times.window.map_or_else(|| "ever".to_owned(), cap_window);
            writeln!(f, "  at most {} times {window}", times.limit)?;
        }
        if let Some(priority) = rule.priority {
            writeln!(f, "  priority {}", self.expression_text(priority))?;
        }
        let flags = [
            (rule.ignores_caps, "ignoring caps"),
            (!rule.is_counted, "not counted"),
            (rule.even_in_quiet_hours, "even in quiet hours"),
            (rule.if_blocked == IfBlocked::Drop, "if blocked drop"),
            (rule.if_blocked == IfBlocked::Stop, "if blocked stop"),
        ];
        for (_, word) in flags.iter().filter(|(set, _)| *set) {
            writeln!(f, "  {word}")?;
        }
        rule.steps.iter().try_for_each(|step| self.fmt_step(f, step))
    }

    fn fmt_step(&self, f: &mut Formatter<'_>, step: &Step) -> fmt::Result {
        write!(f, "  then")?;
        if let Some(delay) = step.delay {
            write!(f, " after {delay}")?;
        }
        if let Some(at) = step.at {
            write!(f, " at {at}")?;
        }
        if let Some((from, to)) = step.between {
            write!(f, " between {from} and {to}")?;
        }
        let message = |id: super::MessageId| self.messages.get(id.index()).map_or("?", |one| &one.name);
        match &step.send {
            Send::Message(id) => write!(f, " send {}", message(*id))?,
            Send::OneOf { salt, variants } => {
                let shown =
                    variants.iter().map(|one| format!("{} below {}", message(one.message), one.below));
                write!(f, " send one of {} as {}", joined(shown), symbol_text(&self.arena, *salt))?;
            }
        }
        write!(f, " via {}", self.via_text(&step.via))?;
        for (key, value) in &step.payload {
            write!(f, " with {key} = {}", self.expression_text(*value))?;
        }
        if let Some(unless) = step.unless {
            write!(f, " unless {}", self.condition_text(unless))?;
        }
        writeln!(f)
    }

    fn via_text(&self, via: &Via) -> String {
        let names = via.choices.iter().map(|choice| match choice {
            ViaChoice::Channel(id) => {
                self.channels.get(id.index()).map_or("?", |one| one.name.as_str()).to_owned()
            }
            ViaChoice::Attribute(id) => {
                let name = self.attributes.get(id.index()).map_or("?", |one| one.name.as_str());
                format!("(attribute {name})")
            }
        });
        names.collect::<Vec<_>>().join(if via.all { " and " } else { " or " })
    }

    fn contact_text(&self, test: ContactTest) -> String {
        let (kind, name) = match test {
            ContactTest::Any => return "contact".into(),
            ContactTest::Channel(id) => ("channel", self.channels.get(id.index()).map(|one| &one.name)),
            ContactTest::Message(id) => ("message", self.messages.get(id.index()).map(|one| &one.name)),
            ContactTest::Category(id) => ("category", self.categories.get(id.index())),
            ContactTest::Rule(id) => ("rule", self.rules.get(id.index()).map(|one| &one.name)),
        };
        format!("{kind} {}", name.map_or("?", |name| name))
    }

    fn dates_text(&self, dates: &DateTrigger) -> String {
        let attribute = |id: super::AttributeId| self.attributes.get(id.index()).map_or("?", |one| &one.name);
        let mut text = match &dates.source {
            DateSource::Fixed(recurrence) => recurrence_text(recurrence),
            DateSource::Attribute { attribute: id, once: true } => format!("{} once", attribute(*id)),
            DateSource::Attribute { attribute: id, once: false } => format!("{} every year", attribute(*id)),
            DateSource::Since { attribute: id, period } => format!("every {period} since {}", attribute(*id)),
        };
        let (count, unit) = dates.offset;
        if count != 0 {
            text = format!("{text}, moved by {count} {unit}");
        }
        match dates.at {
            Some(at) => format!("{text} at {at}"),
            None => text,
        }
    }

    const fn shown(&self) -> Shown<'_> {
        Shown { program: self, event: None, depth: 0 }
    }
}

/// Conditions and expressions in words; within a filter, which event's fields are meant.
#[derive(Clone, Copy)]
struct Shown<'p> {
    program: &'p Program,
    event: Option<super::EventId>,
    depth: u32,
}

impl Shown<'_> {
    fn condition(mut self, id: ConditionId) -> String {
        self.depth += 1;
        if self.depth > DEEPEST {
            return format!("condition {}", id.0);
        }
        let all = |ids: &[ConditionId], word: &str| {
            let parts: Vec<String> = ids.iter().map(|part| self.condition(*part)).collect();
            format!("({})", parts.join(word))
        };
        match self.program.arena.condition(id) {
            Condition::Constant(value) => if *value { "always" } else { "never" }.into(),
            Condition::And(parts) => all(parts, " and "),
            Condition::Or(parts) => all(parts, " or "),
            Condition::Not(part) => format!("not {}", self.condition(*part)),
            Condition::Count { set, window, least, most } => {
                let bounds = match (*least, *most) {
                    (least, u32::MAX) => format!(">= {least}"),
                    (least, most) if least == most => format!("= {least}"),
                    (0, most) => format!("<= {most}"),
                    (least, most) => format!("in {least}..={most}"),
                };
                format!("count({}{}) {bounds}", self.set(*set), window_text(*window))
            }
            Condition::Compare { left, op, right } => {
                format!("{} {} {}", self.expression(*left), compare_text(*op), self.expression(*right))
            }
            Condition::In { value, options } => {
                let options = joined(options.iter().map(|option| self.expression(*option)));
                format!("{} in ({options})", self.expression(*value))
            }
            Condition::Contains { value, part } => {
                format!("{} contains {}", self.expression(*value), self.expression(*part))
            }
            Condition::Known(value) => format!("known({})", self.expression(*value)),
            Condition::Truth(value) => format!("yes({})", self.expression(*value)),
            Condition::SubscribedTo(channel) => {
                format!("subscribed({})", self.program.contact_text(ContactTest::Channel(*channel)))
            }
            Condition::ReachableOn(channel) => {
                format!("reachable({})", self.program.contact_text(ContactTest::Channel(*channel)))
            }
            Condition::Share { salt, below } => {
                format!("share({below}/10000 as {})", symbol_text(&self.program.arena, *salt))
            }
            Condition::TodayWeekday(days) => format!("today is {}", weekdays_text(*days)),
            Condition::TodayIn(calendar) => {
                let name = self.program.calendars.get(calendar.index()).map_or("?", |one| &one.name);
                format!("today is in {name}")
            }
            Condition::TodayOneOf(dates) => format!("today is one of ({})", joined(dates.iter())),
            Condition::TodayDate(test, date) => {
                let word = match test {
                    DateTest::On => "on",
                    DateTest::Before => "before",
                    DateTest::After => "after",
                    DateTest::OnOrAfter => "on or after",
                    DateTest::OnOrBefore => "on or before",
                };
                format!("today is {word} {}", self.expression(*date))
            }
        }
    }

    fn expression(mut self, id: ExpressionId) -> String {
        self.depth += 1;
        if self.depth > DEEPEST {
            return format!("expression {}", id.0);
        }
        match self.program.arena.expression(id) {
            Expression::Constant(value) => self.value(*value),
            Expression::Attribute(id) => {
                self.program.attributes.get(id.index()).map_or("?", |one| one.name.as_str()).to_owned()
            }
            Expression::Field(field) => format!(".{}", self.field(*field)),
            Expression::Negative(part) => format!("-{}", self.expression(*part)),
            Expression::Arithmetic { left, op, right } => {
                let sign = match op {
                    Arithmetic::Add => "+",
                    Arithmetic::Subtract => "-",
                    Arithmetic::Multiply => "*",
                    Arithmetic::Divide => "/",
                };
                format!("({} {sign} {})", self.expression(*left), self.expression(*right))
            }
            Expression::Count { set, window } => self.call("count", *set, *window, None),
            Expression::Aggregate { kind, set, field, window } => {
                let word = match kind {
                    Aggregate::Total => "total",
                    Aggregate::Average => "average",
                    Aggregate::Smallest => "smallest",
                    Aggregate::Largest => "largest",
                };
                self.call(word, *set, *window, Some(*field))
            }
            Expression::Rhythm { unit, set, window } => self.timed("rhythm", *unit, *set, *window),
            Expression::Pick { which, set, field, window } => {
                let word = match which {
                    Pick::Last => "last",
                    Pick::First => "first",
                    Pick::MostCommon => "most common",
                };
                self.call(word, *set, *window, Some(*field))
            }
            Expression::SinceLast { unit, set, window } => self.timed("since last", *unit, *set, *window),
            Expression::SinceFirst { unit, set, window } => self.timed("since first", *unit, *set, *window),
            Expression::Since { unit, moment } => format!("{unit}s since({})", self.expression(*moment)),
            Expression::Until { unit, moment } => format!("{unit}s until({})", self.expression(*moment)),
        }
    }

    fn timed(self, word: &str, unit: Unit, set: SetId, window: Window) -> String {
        format!("{unit}s {}", self.call(word, set, window, None))
    }

    fn call(self, word: &str, set: SetId, window: Window, field: Option<super::FieldId>) -> String {
        let event = match self.program.arena.set(set) {
            Set::Events { event, .. } => Some(*event),
            Set::Contacts(_) => None,
        };
        let inner = Shown { event, ..self };
        let field = field.map_or_else(String::new, |field| format!(" .{}", inner.field(field)));
        format!("{word}({}{field}{})", self.set(set), window_text(window))
    }

    fn set(self, id: SetId) -> String {
        match self.program.arena.set(id) {
            Set::Contacts(test) => self.program.contact_text(*test),
            Set::Events { event, filter } => {
                let name = self.program.events.get(event.index()).map_or("?", |one| one.name.as_str());
                let inner = Shown { event: Some(*event), ..self };
                match filter {
                    Some(filter) => format!("{name} where {}", inner.condition(*filter)),
                    None => name.to_owned(),
                }
            }
        }
    }

    fn field(self, id: super::FieldId) -> String {
        let event = self.event.and_then(|event| self.program.events.get(event.index()));
        event
            .and_then(|event| event.fields.get(id.index()))
            .map_or_else(|| "?".into(), |field| field.name.clone())
    }

    fn value(self, value: Value) -> String {
        match value {
            Value::Missing => "missing".into(),
            Value::Number(number) => number.to_string(),
            Value::Text(symbol) => symbol_text(&self.program.arena, symbol),
            Value::Date(date) => date.to_string(),
            Value::Instant(at) => at.to_string(),
            Value::YesNo(yes) => if yes { "yes" } else { "no" }.into(),
            Value::List(..) => "list".into(),
        }
    }
}

fn symbol_text(arena: &Arena, symbol: Symbol) -> String {
    format!("{:?}", arena.text(symbol).map_or("?", |text| text))
}

fn type_text(arena: &Arena, ty: &Type) -> String {
    match ty {
        Type::Text => "text".into(),
        Type::Number => "number".into(),
        Type::Date => "date".into(),
        Type::DateTime => "date and time".into(),
        Type::YesNo => "yes or no".into(),
        Type::OneOf(values) => {
            let names = values.iter().map(|value| arena.text(*value).map_or("?", |text| text));
            format!("one of {}", joined(names))
        }
        Type::List => "list of text".into(),
    }
}

fn window_text(window: Window) -> String {
    match window {
        Window::Ever => String::new(),
        Window::Rolling(period) => format!(" in {period}"),
        Window::Calendar(unit) => format!(" this {}", unit_text(unit)),
        Window::Since(date) => format!(" since {date}"),
        Window::Sequence => " since the sequence began".into(),
    }
}

const fn unit_text(unit: CalendarUnit) -> &'static str {
    match unit {
        CalendarUnit::Day => "day",
        CalendarUnit::Week => "week",
        CalendarUnit::Month => "month",
        CalendarUnit::Year => "year",
    }
}

fn cap_window(window: CapWindow) -> String {
    match window {
        CapWindow::Rolling(period) => format!("in {period}"),
        CapWindow::Calendar(unit) => format!("per {}", unit_text(unit)),
    }
}

fn weekdays_text(days: WeekdaySet) -> String {
    joined(days.iter().map(weekday_name))
}

fn recurrence_text(recurrence: &Recurrence) -> String {
    match recurrence {
        Recurrence::Once(date) => date.to_string(),
        Recurrence::Dates(dates) => joined(dates.iter()),
        Recurrence::Yearly { month, day } => format!("every year on {month:02}-{day:02}"),
        Recurrence::Weekdays(days) => format!("every {}", weekdays_text(*days)),
        Recurrence::Monthly(days) => format!("every month on {days:?}"),
        Recurrence::Every { period, anchor } => format!("every {period} {anchor:?}"),
        Recurrence::Cron(schedule) => format!("cron {:?}", schedule.source()),
    }
}

const fn compare_text(op: Compare) -> &'static str {
    match op {
        Compare::Is => "is",
        Compare::IsNot => "is not",
        Compare::Less => "<",
        Compare::AtMost => "<=",
        Compare::Greater => ">",
        Compare::AtLeast => ">=",
    }
}

fn joined(parts: impl IntoIterator<Item = impl Display>) -> String {
    let parts: Vec<String> = parts.into_iter().map(|part| part.to_string()).collect();
    parts.join(", ")
}
