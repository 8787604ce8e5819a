//! Parts of a program in words, and numbers, moments and stretches of time in good grammar.

use crate::{
    number::Number,
    program::{
        AttributeId, CalendarId, ChannelId, Condition, ConditionId, ContactTest, EventId, Expression,
        ExpressionId, FieldId, Program, Set, SetId, Symbol, Window,
    },
    snapshot::{User, Value},
    syntax::ast::{Aggregate, Arithmetic, Compare, DateTest, Pick},
    time::{CalendarUnit, Date, Instant, Unit, Zone, weekday_name},
};

/// A moment in a zone, to the minute: `2026-03-19 14:03`.
pub(super) fn moment(zone: &Zone, at: Instant) -> String {
    match at {
        Instant::MIN => "always".into(),
        Instant::MAX => "never".into(),
        at => {
            let civil = zone.civil(at);
            let pattern = if civil.second() == 0 { "%Y-%m-%d %H:%M" } else { "%Y-%m-%d %H:%M:%S" };
            civil.strftime(pattern).to_string()
        }
    }
}

/// How long ago: `12 days ago`, `3 hours ago`, `just now`.
pub(super) fn ago(zone: &Zone, at: Instant, now: Instant) -> String {
    for unit in [Unit::Day, Unit::Hour, Unit::Minute] {
        let count = zone.complete(at, now, unit);
        if count > 0 {
            return format!("{} ago", counted(count, unit.name()));
        }
    }
    "just now".into()
}

/// A count of something: `1 order`, `3 orders`.
pub(super) fn counted(count: i64, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {}", plural(noun)) }
}

/// The plural of an English noun; a name in another script stays as it is.
pub(super) fn plural(noun: &str) -> String {
    let mut last_first = noun.chars().rev();
    let (Some(last), before) = (last_first.next(), last_first.next()) else { return String::new() };
    if !last.is_ascii_alphabetic() {
        return noun.into();
    }
    let ends = |end: &str| noun.ends_with(end);
    match last {
        'y' if before.is_some_and(|c| !matches!(c, 'a' | 'e' | 'i' | 'o' | 'u')) => {
            format!("{}ies", noun.trim_end_matches('y'))
        }
        's' | 'x' | 'z' => format!("{noun}es"),
        'h' if ends("ch") || ends("sh") => format!("{noun}es"),
        _ => format!("{noun}s"),
    }
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn list(parts: &[String], and: &str) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [all @ .., last] => format!("{} {and} {last}", all.join(", ")),
    }
}

/// The words of one program, for one user.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words<'a> {
    program: &'a Program,
    user: &'a User,
    /// The event whose fields are spoken of, in a filter.
    event: Option<EventId>,
}

impl<'a> Words<'a> {
    /// Of that program, for that user.
    pub(super) const fn new(program: &'a Program, user: &'a User) -> Self {
        Self { program, user, event: None }
    }

    /// A value.
    pub(super) fn value(self, value: Value) -> String {
        match value {
            Value::Missing => "not known".into(),
            Value::Number(number) => number.to_string(),
            Value::Text(symbol) => self.text(symbol),
            Value::Date(date) => date.to_string(),
            Value::Instant(at) => moment(&self.user.zone, at),
            Value::YesNo(true) => "yes".into(),
            Value::YesNo(false) => "no".into(),
            Value::List(start, count) => {
                let texts: Vec<String> =
                    self.user.list(start, count).iter().map(|symbol| self.text(*symbol)).collect();
                if texts.is_empty() { "an empty list".into() } else { list(&texts, "and") }
            }
        }
    }

    /// A text; in quotes if it is not a plain word.
    fn text(self, symbol: Symbol) -> String {
        let text = self.user.text(self.program, symbol);
        let is_word = !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_');
        if is_word { text.into() } else { format!("\"{text}\"") }
    }

    /// A text of the program, in quotes.
    pub(super) fn quoted(self, symbol: Symbol) -> String {
        format!("\"{}\"", self.user.text(self.program, symbol))
    }

    /// A channel's name.
    pub(super) fn channel(self, id: ChannelId) -> &'a str {
        self.program.channels.get(id.index()).map_or("", |channel| &channel.name)
    }

    /// An attribute's name.
    pub(super) fn attribute(self, id: AttributeId) -> String {
        self.program.attributes.get(id.index()).map_or("", |field| &field.name).into()
    }

    /// A calendar's name.
    pub(super) fn calendar(self, id: CalendarId) -> &'a str {
        self.program.calendars.get(id.index()).map_or("", |calendar| &calendar.name)
    }

    /// The festival that has these dates, of those that the text names: `"Mid-Autumn" of cn`.
    pub(super) fn festival(self, dates: &[Date], text: &str) -> Option<String> {
        self.program.calendars.iter().find_map(|calendar| {
            let named = |name: &&str| text.contains(*name) && calendar.calendar.dates_of(name) == dates;
            let name = calendar.calendar.names().find(named)?;
            Some(format!("\"{name}\" of {}", calendar.name))
        })
    }

    /// An expression.
    pub(super) fn expression(self, id: ExpressionId) -> String {
        match self.program.arena.expression(id) {
            Expression::Constant(value) => self.value(*value),
            Expression::Attribute(id) => self.attribute(*id),
            Expression::Field(id) => self.field(self.event, *id).into(),
            Expression::Negative(part) => format!("-{}", self.operand(*part)),
            Expression::Arithmetic { left, op, right } => {
                format!("{} {} {}", self.operand(*left), sign(*op), self.operand(*right))
            }
            Expression::Count { set, window } => format!("number of {}", self.members(*set, *window, true)),
            Expression::Aggregate { kind, set, field, window } => {
                format!("{} {}", aggregate(*kind), self.field_of(*set, *field, *window))
            }
            Expression::Rhythm { unit, set, window } => {
                format!("average {} between {}", plural(unit.name()), self.members(*set, *window, true))
            }
            Expression::Pick { which, set, field, window } => {
                let which = match which {
                    Pick::Last => "last",
                    Pick::First => "first",
                    Pick::MostCommon => "most common",
                };
                format!("{which} {}", self.field_of(*set, *field, *window))
            }
            Expression::SinceLast { unit, set, window } => {
                format!("{} since last {}", plural(unit.name()), self.members(*set, *window, false))
            }
            Expression::SinceFirst { unit, set, window } => {
                format!("{} since first {}", plural(unit.name()), self.members(*set, *window, false))
            }
            Expression::Since { unit, moment } => {
                format!("{} since {}", plural(unit.name()), self.expression(*moment))
            }
            Expression::Until { unit, moment } => {
                format!("{} until {}", plural(unit.name()), self.expression(*moment))
            }
        }
    }

    fn operand(self, id: ExpressionId) -> String {
        match self.program.arena.expression(id) {
            Expression::Arithmetic { .. } => format!("({})", self.expression(id)),
            _ => self.expression(id),
        }
    }

    fn field(self, event: Option<EventId>, id: FieldId) -> &'a str {
        event
            .and_then(|event| self.program.events.get(event.index()))
            .and_then(|event| event.fields.get(id.index()))
            .map_or("", |field| &field.name)
    }

    /// `order amount of category "milk" in 90 days`
    fn field_of(self, set: SetId, field: FieldId, window: Window) -> String {
        let Set::Events { event, filter } = self.program.arena.set(set) else { return String::new() };
        let noun = self.program.events.get(event.index()).map_or("", |event| &event.name);
        let field = self.field(Some(*event), field);
        join(&[noun, field, &self.filter(*event, *filter), &window_words(window)])
    }

    /// Members of a set in a window: `orders of category "milk" in 90 days`.
    pub(super) fn members(self, set: SetId, window: Window, many: bool) -> String {
        let noun = if many { self.nouns(set) } else { self.noun(set) };
        join(&[&noun, &self.filter_of(set), &window_words(window)])
    }

    /// What one member of the set is called: `order`, `contact via sms`.
    pub(super) fn noun(self, set: SetId) -> String {
        let program = self.program;
        match program.arena.set(set) {
            Set::Events { event, .. } => program.events.get(event.index()).map_or("", |one| &one.name).into(),
            Set::Contacts(test) => self.contact_noun(*test),
        }
    }

    /// What several members of the set are called, by the plural declared for an event if there is one.
    pub(super) fn nouns(self, set: SetId) -> String {
        let noun = self.noun(set);
        match self.program.arena.set(set) {
            Set::Events { event, .. } => {
                let declared = self.program.events.get(event.index()).and_then(|one| one.plural.clone());
                declared.unwrap_or_else(|| plural(&noun))
            }
            // `2 sms`: channels are called by things that one uses, not counts.
            Set::Contacts(ContactTest::Channel(_)) => noun,
            Set::Contacts(_) => plural(&noun),
        }
    }

    /// So many members of the set: `1 order`, `3 entries`.
    pub(super) fn so_many(self, count: i64, set: SetId) -> String {
        let noun = if count == 1 { self.noun(set) } else { self.nouns(set) };
        format!("{count} {noun}")
    }

    /// What one contact of that kind is called.
    pub(super) fn contact_noun(self, test: ContactTest) -> String {
        let program = self.program;
        match test {
            ContactTest::Any => "contact".into(),
            ContactTest::Channel(id) => self.channel(id).into(),
            ContactTest::Message(id) => program.messages.get(id.index()).map_or("", |one| &one.name).into(),
            ContactTest::Category(id) => program.categories.get(id.index()).map_or("", |one| one).into(),
            ContactTest::Rule(id) => program.rules.get(id.index()).map_or("", |one| &one.name).into(),
        }
    }

    /// The filter of a set: `of category "milk"`, `where amount > 100`; empty if it has none.
    pub(super) fn filter_of(self, set: SetId) -> String {
        match self.program.arena.set(set) {
            Set::Events { event, filter } => self.filter(*event, *filter),
            Set::Contacts(_) => String::new(),
        }
    }

    fn filter(self, event: EventId, filter: Option<ConditionId>) -> String {
        let Some(filter) = filter else { return String::new() };
        let words = Self { event: Some(event), ..self };
        if let Condition::Compare { left, op: Compare::Is, right } = self.program.arena.condition(filter)
            && let Expression::Field(_) = self.program.arena.expression(*left)
        {
            let value = match self.program.arena.expression(*right) {
                Expression::Constant(Value::Text(symbol)) => self.quoted(*symbol),
                _ => words.expression(*right),
            };
            return format!("of {} {value}", words.expression(*left));
        }
        format!("where {}", words.condition(filter))
    }

    /// A condition, in full.
    pub(super) fn condition(self, id: ConditionId) -> String {
        let expression = |id: &ExpressionId| self.expression(*id);
        match self.program.arena.condition(id) {
            Condition::Constant(true) => "always".into(),
            Condition::Constant(false) => "never".into(),
            Condition::And(parts) => self.joined(parts, " and "),
            Condition::Or(parts) => self.joined(parts, " or "),
            Condition::Not(part) => format!("not {}", self.part(*part)),
            Condition::Count { set, window, least, most } => {
                let quantity = match (*least, *most) {
                    (0, 0) => return format!("no {}", self.members(*set, *window, false)),
                    (least, u32::MAX) => format!("at least {least}"),
                    (least, most) if least == most => format!("exactly {least}"),
                    (0, most) => format!("at most {most}"),
                    (least, most) => format!("from {least} to {most}"),
                };
                let many = *least.max(if *most == u32::MAX { &0 } else { most }) != 1;
                format!("{quantity} {}", self.members(*set, *window, many))
            }
            Condition::Compare { left, op, right } => {
                format!("{} {} {}", expression(left), comparison(*op), expression(right))
            }
            Condition::In { value, options } => {
                let options: Vec<String> = options.iter().map(expression).collect();
                format!("{} in ({})", expression(value), options.join(", "))
            }
            Condition::Contains { value, part } => {
                format!("{} contains {}", expression(value), expression(part))
            }
            Condition::Known(value) => format!("{} is known", expression(value)),
            Condition::Truth(value) => expression(value),
            Condition::SubscribedTo(id) => format!("subscribed to {}", self.channel(*id)),
            Condition::ReachableOn(id) => format!("reachable on {}", self.channel(*id)),
            Condition::Share { salt, below } => {
                format!("for {}% of users as {}", percent(*below), self.quoted(*salt))
            }
            Condition::TodayWeekday(days) => {
                let days: Vec<String> = days.iter().map(|day| weekday_name(day).into()).collect();
                format!("today is {}", list(&days, "or"))
            }
            Condition::TodayIn(id) => format!("today is in {}", self.calendar(*id)),
            Condition::TodayOneOf(dates) => {
                let dates: Vec<String> = dates.iter().map(ToString::to_string).collect();
                format!("today is {}", list(&dates, "or"))
            }
            Condition::TodayDate(test, date) => {
                let test = match test {
                    DateTest::On => "",
                    DateTest::Before => "before",
                    DateTest::After => "after",
                    DateTest::OnOrAfter => "on or after",
                    DateTest::OnOrBefore => "on or before",
                };
                join(&["today is", test, &expression(date)])
            }
        }
    }

    fn joined(self, parts: &[ConditionId], word: &str) -> String {
        let parts: Vec<String> = parts.iter().map(|part| self.part(*part)).collect();
        parts.join(word)
    }

    fn part(self, id: ConditionId) -> String {
        match self.program.arena.condition(id) {
            Condition::And(_) | Condition::Or(_) => format!("({})", self.condition(id)),
            _ => self.condition(id),
        }
    }
}

/// Ten-thousandths as a percentage.
pub(super) fn percent(below: u32) -> String {
    Number::from_millionths(i64::from(below).saturating_mul(10_000)).to_string()
}

/// A window: ` in 30 days`, `today`; empty for ever.
pub(super) fn window_words(window: Window) -> String {
    match window {
        Window::Ever => String::new(),
        Window::Rolling(period) => format!("in {period}"),
        Window::Calendar(CalendarUnit::Day) => "today".into(),
        Window::Calendar(CalendarUnit::Week) => "this week".into(),
        Window::Calendar(CalendarUnit::Month) => "this month".into(),
        Window::Calendar(CalendarUnit::Year) => "this year".into(),
        Window::Since(date) => format!("since {date}"),
        Window::Sequence => "since the sequence began".into(),
    }
}

/// The words that are not empty, with spaces between.
pub(super) fn join(words: &[&str]) -> String {
    let words: Vec<&str> = words.iter().copied().filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// A comparison, as rules write it.
pub(super) const fn comparison(op: Compare) -> &'static str {
    match op {
        Compare::Is => "is",
        Compare::IsNot => "is not",
        Compare::Less => "<",
        Compare::AtMost => "<=",
        Compare::Greater => ">",
        Compare::AtLeast => ">=",
    }
}

const fn sign(op: Arithmetic) -> char {
    match op {
        Arithmetic::Add => '+',
        Arithmetic::Subtract => '-',
        Arithmetic::Multiply => '*',
        Arithmetic::Divide => '/',
    }
}

const fn aggregate(kind: Aggregate) -> &'static str {
    match kind {
        Aggregate::Total => "total",
        Aggregate::Average => "average",
        Aggregate::Smallest => "smallest",
        Aggregate::Largest => "largest",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Unit;

    #[test]
    fn counts_in_good_grammar() {
        let all: Vec<String> =
            [(1, "order"), (0, "order"), (2, "entry"), (3, "visit"), (5, "pass"), (2, "day")]
                .map(|(count, noun)| counted(count, noun))
                .into();
        assert_eq!(all.join(", "), "1 order, 0 orders, 2 entries, 3 visits, 5 passes, 2 days");
        assert_eq!(plural("订单"), "订单");
        assert_eq!(plural("branch"), "branches");
    }

    #[test]
    fn tells_how_long_ago() {
        let zone = Zone::named("Europe/Berlin").unwrap();
        let now: Instant = "2026-03-30T08:00:00Z".parse().unwrap();
        let said = |count: i64, unit| ago(&zone, zone.step(now, -count, unit), now);
        assert_eq!(said(1, Unit::Day), "1 day ago");
        assert_eq!(said(40, Unit::Day), "40 days ago");
        assert_eq!(said(5, Unit::Hour), "5 hours ago");
        assert_eq!(said(1, Unit::Minute), "1 minute ago");
        assert_eq!(ago(&zone, now, now), "just now");
    }

    #[test]
    fn lists_with_a_word_before_the_last() {
        let names = ["a", "b", "c"].map(String::from);
        assert_eq!(list(&names, "and"), "a, b and c");
        assert_eq!(list(&names[..1], "or"), "a");
        assert_eq!(percent(2050), "20.5");
    }
}
