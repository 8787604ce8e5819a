//! Declarations other than rules and tests.

use super::{
    ast::Days,
    ast::{
        Cap, CapException, CapWindow, Channel, Condition, Declaration, DeclarationKind, Event, Field, Gap,
        Hours, Life, Message, Name, Spanned, TypeName,
    },
    grammar::Rule,
    reader::{Node, Reader},
};
use crate::diagnostic::Code;

impl<'i> Reader<'i> {
    /// One declaration.
    pub(super) fn declaration(&mut self, node: &Node<'i>) -> Option<Declaration> {
        let inner = self.first(node)?;
        let kind = self.declaration_kind(&inner)?;
        // A pair ends with its last word; what the grammar looked at beyond does not count.
        Some(self.spanned(&inner, kind))
    }

    fn declaration_kind(&mut self, node: &Node<'i>) -> Option<DeclarationKind> {
        Some(match node.as_rule() {
            Rule::use_file => DeclarationKind::Use(self.text_in(node)?),
            Rule::time_zone => DeclarationKind::TimeZone(self.text_in(node)?),
            Rule::week_starts => {
                let day = self.child(node, Rule::weekday)?;
                DeclarationKind::WeekStarts(self.weekday(&day)?)
            }
            Rule::attribute => DeclarationKind::Attribute(self.field(node)?),
            Rule::event => DeclarationKind::Event(self.event(node)?),
            Rule::channels => DeclarationKind::Channels(
                Self::all(node, Rule::channel)
                    .map(|channel| {
                        let needs_consent = Self::has(&channel, Rule::consent_needed);
                        Some(Channel { name: self.name_in(&channel)?, needs_consent })
                    })
                    .collect::<Option<_>>()?,
            ),
            Rule::message => DeclarationKind::Message(self.message(node)?),
            Rule::calendar => {
                let (name, path) = (self.name_in(node), self.text_in(node));
                DeclarationKind::Calendar { name: name?, path: path? }
            }
            Rule::segment => {
                let name = self.name_in(node);
                if !Self::has(node, Rule::colon)
                    && let Some(name) = &name
                {
                    let message = "a colon is missing after the segment's name";
                    let help = format!("write `segment {}: …`", self.source_text(name.span));
                    self.report(Code::Colon, name.span, message, &help);
                }
                let condition = self.condition_in(node);
                DeclarationKind::Segment { name: name?, condition: condition? }
            }
            Rule::quiet_hours => DeclarationKind::QuietHours(self.hours(node)?),
            Rule::contact_hours => DeclarationKind::ContactHours(self.hours(node)?),
            Rule::cap => DeclarationKind::Cap(self.cap(node)?),
            Rule::gap => DeclarationKind::Gap(self.gap(node)?),
            Rule::hold_out => DeclarationKind::HoldOut(self.share(node)?),
            Rule::contact_rule => DeclarationKind::Rule(Box::new(self.rule(node)?)),
            Rule::test => DeclarationKind::Test(Box::new(self.test(node)?)),
            _ => {
                self.disagree(node, "a declaration");
                return None;
            }
        })
    }

    fn field(&mut self, node: &Node<'i>) -> Option<Field> {
        let name = self.name_in(node);
        if node.as_rule() == Rule::field
            && let Some(colon) = Self::find(node, Rule::colon)
        {
            let message = "no colon stands between a field and its type";
            self.report(Code::Colon, self.span(&colon), message, "write `amount number`");
        }
        let ty = self.child(node, Rule::type_name)?;
        let kind = self.type_name(&ty);
        Some(Field { name: name?, ty: self.spanned(&ty, kind?) })
    }

    fn type_name(&mut self, node: &Node<'i>) -> Option<TypeName> {
        let inner = self.first(node)?;
        Some(match inner.as_rule() {
            Rule::type_text => TypeName::Text,
            Rule::type_number => TypeName::Number,
            Rule::type_date => TypeName::Date,
            Rule::type_date_time => TypeName::DateTime,
            Rule::type_yes_no => TypeName::YesNo,
            Rule::type_list => TypeName::List,
            Rule::type_one_of => TypeName::OneOf(self.names_in(&inner)?),
            _ => {
                let written = inner.as_str();
                let help = match written.to_ascii_lowercase().as_str() {
                    "string" | "str" | "varchar" | "words" => "write `text`",
                    "int" | "integer" | "float" | "decimal" | "double" | "money" | "numeric" => {
                        "write `number`"
                    }
                    "bool" | "boolean" | "flag" => "write `yes or no`",
                    "datetime" | "timestamp" | "instant" | "moment" => "write `date and time`",
                    "enum" | "choice" => "write `one of a, b, c`",
                    "array" | "list" | "set" | "texts" => "write `list of text`",
                    _ => {
                        "the types are `text`, `number`, `date`, `date and time`, `yes or no`, `one of …` and \
                         `list of text`"
                    }
                };
                self.report(
                    Code::UnknownType,
                    self.span(&inner),
                    format!("there is no type `{written}`"),
                    help,
                );
                return None;
            }
        })
    }

    fn event(&mut self, node: &Node<'i>) -> Option<Event> {
        let name = self.name_in(node);
        let plural = self.at_most_one(node, Rule::plural, "the plural");
        let past = self.at_most_one(node, Rule::past, "the past form");
        let plural = plural.map(|plural| self.name_in(&plural));
        let past = past.map(|past| self.name_in(&past));
        let fields: Vec<_> = Self::all(node, Rule::field).map(|field| self.field(&field)).collect();
        let (plural, past) = (optional(plural)?, optional(past)?);
        Some(Event { name: name?, plural, past, fields: fields.into_iter().collect::<Option<_>>()? })
    }

    fn message(&mut self, node: &Node<'i>) -> Option<Message> {
        let name = self.name_in(node);
        let categories = match Self::find(node, Rule::categories) {
            Some(categories) => self.names_in(&categories),
            None => Some(Vec::new()),
        };
        let languages = match Self::find(node, Rule::languages) {
            Some(languages) => Self::all(&languages, Rule::language).map(|tag| self.language(&tag)).collect(),
            None => Some(Vec::new()),
        };
        Some(Message { name: name?, categories: categories?, languages: languages? })
    }

    /// A language tag.
    pub(super) fn language(&mut self, node: &Node<'i>) -> Option<Name> {
        let tag = self.name(node)?;
        if tag.node.contains('_') {
            let help = format!("write `{}`", tag.node.replace('_', "-"));
            self.report(Code::BadLanguage, tag.span, "languages are written with a hyphen", &help);
            return None;
        }
        Some(tag)
    }

    fn hours(&mut self, node: &Node<'i>) -> Option<Hours> {
        let node = &self.child(node, Rule::hours)?;
        let mut times = Self::all(node, Rule::time);
        let (Some(from), Some(to)) = (times.next(), times.next()) else {
            self.disagree(node, "a time");
            return None;
        };
        let (from, to) = (self.time(&from), self.closing_time(&to));
        if let Some(dash) = Self::find(node, Rule::hours_to)
            && !dash.as_str().eq_ignore_ascii_case("to")
        {
            self.report(
                Code::Syntax,
                self.span(&dash),
                format!("`{}` does not stand between two times here", dash.as_str()),
                "write `to`: `21:00 to 09:00`",
            );
        }
        let days = match self.at_most_one(node, Rule::hours_days, "the days") {
            Some(days) => Some(self.days(&days)?),
            None => None,
        };
        let channels = match self.at_most_one(node, Rule::hours_channels, "`for`") {
            Some(channels) => self.names_in(&channels)?,
            None => Vec::new(),
        };
        let (condition, life) = self.scope(node)?;
        Some(Hours { from: from?, to: to?, days, channels, condition, life })
    }

    fn days(&mut self, node: &Node<'i>) -> Option<Spanned<Days>> {
        let days = if let Some(calendar) = Self::find(node, Rule::calendar_days) {
            let negated = Self::has(&calendar, Rule::kw_not);
            Days::Calendar { name: self.name_in(&calendar)?, negated }
        } else {
            let weekdays = self.child(node, Rule::weekdays)?;
            Days::Weekdays(self.weekdays(&weekdays)?)
        };
        Some(self.spanned(node, days))
    }

    fn cap(&mut self, node: &Node<'i>) -> Option<Cap> {
        let limit = self.count_in(node);
        let subject = self.child(node, Rule::subject)?;
        let subject = self.subject(&subject);
        let window = self.child(node, Rule::cap_window)?;
        let kind = self.cap_window(&window);
        let window = kind.map(|kind| self.spanned(&window, kind));
        let exceptions: Vec<_> = Self::all(node, Rule::cap_else)
            .map(|exception| {
                let limit = self.count_in(&exception);
                let condition = self.condition_in(&exception);
                Some(CapException { limit: limit?, condition: condition? })
            })
            .collect();
        let (condition, life) = self.scope(node)?;
        let exceptions = exceptions.into_iter().collect::<Option<_>>()?;
        Some(Cap { limit: limit?, subject: subject?, window: window?, exceptions, condition, life })
    }

    /// `in 7 days`, `per week`
    pub(super) fn cap_window(&mut self, node: &Node<'i>) -> Option<CapWindow> {
        let inner = self.first(node)?;
        Some(match inner.as_rule() {
            Rule::cap_rolling => CapWindow::Rolling(self.period_in(&inner)?.node),
            _ => CapWindow::Calendar(self.calendar_unit_in(&inner)?),
        })
    }

    fn gap(&mut self, node: &Node<'i>) -> Option<Gap> {
        let period = self.period_in(node);
        let mut subjects = Self::all(node, Rule::subject);
        let (first, second) = (subjects.next(), subjects.next());
        let first = first.and_then(|subject| self.subject(&subject));
        let second = second.map(|subject| self.subject(&subject));
        let (condition, life) = self.scope(node)?;
        Some(Gap { period: period?, first: first?, second: optional(second)?, condition, life })
    }

    /// The `if`, `from` and `until` of hours, caps and gaps.
    fn scope(&mut self, node: &Node<'i>) -> Option<(Option<Condition>, Life)> {
        let condition = self.at_most_one(node, Rule::late_if, "`if`");
        let from = self.at_most_one(node, Rule::c_from, "`from`");
        let until = self.at_most_one(node, Rule::c_until, "`until`");
        let condition = condition.map(|clause| self.condition_in(&clause));
        let from = from.map(|clause| self.date_in(&clause));
        let until = until.map(|clause| self.date_in(&clause));
        let life = Life { from: optional(from)?, until: optional(until)? };
        Some((optional(condition)?, life))
    }

    /// The only child by that rule; a second one is reported.
    pub(super) fn at_most_one(&mut self, node: &Node<'i>, rule: Rule, what: &str) -> Option<Node<'i>> {
        let mut found = Self::all(node, rule);
        let first = found.next()?;
        if let Some(second) = found.next() {
            self.said_twice(&first, &second, what);
        }
        Some(first)
    }

    /// Reports that something is said a second time.
    pub(super) fn said_twice(&mut self, first: &Node<'i>, second: &Node<'i>, what: &str) {
        let (first, second) = (self.span(first), self.span(second));
        let found = crate::diagnostic::Diagnostic::new(
            Code::SaidTwice,
            self.source,
            second,
            format!("{what} is said twice"),
        );
        self.diagnostics.push(found.label("here again").also(self.source, first, "first here"));
    }

    /// The source's own words.
    pub(super) fn source_text(&self, span: super::ast::Span) -> &'i str {
        self.text.get(span.range()).unwrap_or_default()
    }
}

/// Absent, read, or broken (the outer `None`).
pub(super) fn optional<T>(read: Option<Option<T>>) -> Option<Option<T>> {
    match read {
        Some(None) => None,
        Some(read) => Some(read),
        None => Some(None),
    }
}
