//! What a test gives: the user, the moment and the horizon.

use std::collections::BTreeMap;

use super::names::nearest;
use crate::{
    diagnostic::{Code, Diagnostic, SourceId},
    program::{Field, Program, Type},
    snapshot::{self, Datum, Snapshot},
    syntax::ast::{Expr, ExprKind, Given, Name, Payload, Span, Spanned, Test, When},
    time::{Instant, Period, Zone},
};

/// The user, the moment and the horizon of a test.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// The user.
    pub user: Snapshot,
    /// Their zone.
    pub zone: Zone,
    /// The moment that counts as now.
    pub now: Instant,
    /// How far the plan looks; 30 days unless the test says otherwise.
    pub horizon: Period,
}

impl Scenario {
    /// What a test gives.
    ///
    /// Relative moments are civil steps back from the test's `at`, in the user's zone. A user of whom nothing is said
    /// can be reached everywhere; `given reachable on push` means there and nowhere else, `given not reachable on push`
    /// everywhere but there.
    ///
    /// Names that the rules do not mention change nothing, as in any data; the checker has said where they are slips.
    ///
    /// # Errors
    ///
    /// Everything in the test that cannot be: zones that there are not, values that are to be worked out or of another
    /// type, moments that lie after `at`, and a missing `at`.
    pub fn of(program: &Program, source: SourceId, test: &Test) -> Result<Self, Vec<Diagnostic>> {
        let mut problems = Vec::new();
        let zone = zone_of(program, source, test, &mut problems);
        let now = match &test.at {
            Some(at) => zone.instant(at.node),
            None => {
                problems.push(
                    Diagnostic::new(
                        Code::TestWithoutAt,
                        source,
                        test.name.span,
                        format!("the test `{}` does not say when it takes place", test.name.node),
                    )
                    .help("add the moment that counts as now, such as `at 2026-03-01 09:00`"),
                );
                Instant::MAX
            }
        };
        let mut builder = Builder {
            program,
            source,
            zone: &zone,
            now,
            user: Snapshot::new("test-user"),
            reachable: Vec::new(),
            problems,
        };
        for given in &test.given {
            builder.add(given);
        }
        builder.settle_addresses();
        let Builder { user, problems, .. } = builder;
        let horizon = test.horizon.as_ref().map_or(Period::days(30), |horizon| horizon.node);
        if problems.is_empty() { Ok(Self { user, zone, now, horizon }) } else { Err(problems) }
    }
}

/// The zone that the test names, else the rules'.
fn zone_of(program: &Program, source: SourceId, test: &Test, problems: &mut Vec<Diagnostic>) -> Zone {
    let named = test.given.iter().rev().find_map(|given| match &given.node {
        Given::TimeZone(name) => Some(name),
        _ => None,
    });
    let Some(name) = named else { return program.zone };
    Zone::named(&name.node).unwrap_or_else(|error| {
        let mut problem = Diagnostic::new(Code::TestUnknownName, source, name.span, error.to_string());
        if let Some(near) = error.suggestion {
            problem = problem.help(format!("did you mean `{near}`?"));
        }
        problems.push(problem);
        program.zone
    })
}

/// A user in the making.
struct Builder<'a> {
    program: &'a Program,
    source: SourceId,
    zone: &'a Zone,
    now: Instant,
    user: Snapshot,
    reachable: Vec<(&'a str, bool)>,
    problems: Vec<Diagnostic>,
}

impl<'a> Builder<'a> {
    fn add(&mut self, given: &'a Spanned<Given>) {
        match &given.node {
            Given::Attribute(name, value) => self.add_attribute(name, value),
            Given::Id(id) => self.user.id.clone_from(&id.node),
            Given::TimeZone(name) => self.user.timezone = Some(name.node.clone()),
            Given::Locale(tag) => self.user.locale = Some(tag.node.clone()),
            Given::Consent(channel, said_yes) => {
                self.user.consent.insert(channel.node.clone(), *said_yes);
            }
            Given::Reachable(channel, is_reachable) => {
                self.reachable.push((&channel.node, *is_reachable));
            }
            Given::Event { event, when, fields } => self.add_event(event, when, fields, given.span),
            Given::Contact { message, channel, rule, when } => {
                self.add_contact([message.as_ref(), channel.as_ref(), rule.as_ref()], when, given.span);
            }
        }
    }

    fn add_attribute(&mut self, name: &Name, value: &Expr) {
        let known = self.program.attributes.iter().find(|field| field.name == name.node);
        let Some(datum) = known.and_then(|field| self.datum(field, value)) else { return };
        // A list is given member by member.
        if let (Datum::List(more), Some(Datum::List(list))) =
            (&datum, self.user.attributes.get_mut(&name.node))
        {
            list.extend(more.iter().cloned());
        } else {
            self.user.attributes.insert(name.node.clone(), datum);
        }
    }

    fn add_event(&mut self, name: &Name, when: &When, fields: &[Payload], span: Span) {
        let at = self.moment(when, span);
        let event = self.program.events.iter().find(|event| event.name == name.node);
        let fields = fields.iter().filter_map(|given| {
            let field = event?.fields.iter().find(|field| field.name == given.key.node)?;
            Some((field.name.clone(), self.datum(field, &given.value)?))
        });
        let fields = fields.collect();
        self.user.events.push(snapshot::Event { kind: name.node.clone(), at, id: None, fields });
    }

    fn add_contact(&mut self, [message, channel, rule]: [Option<&Name>; 3], when: &When, span: Span) {
        let at = self.moment(when, span);
        let text = |name: Option<&Name>| name.map(|name| name.node.clone());
        self.user.contacts.push(snapshot::Contact {
            at,
            channel: text(channel),
            message: text(message),
            categories: None,
            rule: text(rule),
            touch_id: None,
        });
    }

    /// When something happened. What lies after `at` does not exist then.
    fn moment(&mut self, when: &When, span: Span) -> Instant {
        let at = match when {
            When::Ago(period) => self.zone.step(self.now, -i64::from(period.count), period.unit),
            When::At(civil) => self.zone.instant(*civil),
        };
        if at > self.now {
            self.problems.push(
                Diagnostic::new(
                    Code::TestAfterNow,
                    self.source,
                    span,
                    "this happens after the test's `at`, so at that moment it does not exist",
                )
                .help("give an earlier moment, or make the test's `at` later"),
            );
        }
        at
    }

    /// The value as data, if it is of the field's type.
    fn datum(&mut self, field: &Field, value: &Expr) -> Option<Datum> {
        let datum = match (&field.ty, &value.node) {
            (Type::Number, node) => number(node),
            (Type::Text, ExprKind::Text(text) | ExprKind::Name(text)) => Some(Datum::Text(text.clone())),
            (Type::List, ExprKind::Text(text) | ExprKind::Name(text)) => {
                Some(Datum::List(vec![Datum::Text(text.clone())]))
            }
            (Type::OneOf(options), ExprKind::Text(text) | ExprKind::Name(text)) => {
                return self.option(field, options, text, value.span);
            }
            (Type::Date, ExprKind::Date(date)) => Some(Datum::Text(date.to_string())),
            (Type::DateTime, ExprKind::Date(date)) => {
                Some(Datum::Text(self.zone.start_of_day(*date).to_string()))
            }
            (Type::DateTime, ExprKind::DateTime(civil)) => {
                Some(Datum::Text(self.zone.instant(*civil).to_string()))
            }
            (Type::YesNo, ExprKind::YesNo(answer)) => Some(Datum::YesNo(*answer)),
            _ => None,
        };
        if datum.is_none() {
            let (holds, example) = holds(&field.ty);
            self.problems.push(
                Diagnostic::new(
                    Code::TestValue,
                    self.source,
                    value.span,
                    format!("`{}` needs a plain value here: {holds}", field.name),
                )
                .help(format!("write a value such as `{example}`")),
            );
        }
        datum
    }

    fn option(
        &mut self,
        field: &Field,
        options: &[crate::program::Symbol],
        text: &str,
        span: Span,
    ) -> Option<Datum> {
        let texts: Vec<&str> = options
            .iter()
            .filter_map(|symbol| self.program.arena.text(*symbol).map(|text| &**text))
            .collect();
        if texts.contains(&text) {
            return Some(Datum::Text(text.into()));
        }
        let problem = Diagnostic::new(
            Code::TestValue,
            self.source,
            span,
            format!("`{}` is never `{text}`: it is one of {}", field.name, texts.join(", ")),
        );
        self.problems.push(match nearest(text, texts.iter().copied()) {
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None => problem,
        });
        None
    }

    fn settle_addresses(&mut self) {
        if self.reachable.is_empty() {
            return;
        }
        let only_named = self.reachable.iter().any(|(_, is_reachable)| *is_reachable);
        let mut addresses: BTreeMap<String, Datum> = self
            .program
            .channels
            .iter()
            .filter(|_| !only_named)
            .map(|channel| (channel.name.clone(), Datum::YesNo(true)))
            .collect();
        for (channel, is_reachable) in &self.reachable {
            if *is_reachable {
                addresses.insert((*channel).into(), Datum::YesNo(true));
            } else {
                addresses.remove(*channel);
            }
        }
        self.user.addresses = Some(addresses);
    }
}

fn number(node: &ExprKind) -> Option<Datum> {
    match node {
        ExprKind::Number(number, None) => Some(Datum::from(*number)),
        ExprKind::Negative(part) => match part.node {
            ExprKind::Number(number, None) => number.negated().map(Datum::from),
            _ => None,
        },
        _ => None,
    }
}

/// What a type holds, in words, and an example.
fn holds(ty: &Type) -> (&'static str, &'static str) {
    match ty {
        Type::Text => ("a text", "\"Anna\""),
        Type::OneOf(_) => ("one of the texts declared", "gold"),
        Type::List => ("texts", "\"milk\""),
        Type::Number => ("a number", "100"),
        Type::Date => ("a date", "2026-03-01"),
        Type::DateTime => ("a date and time", "2026-03-01 10:00"),
        Type::YesNo => ("yes or no", "yes"),
    }
}
