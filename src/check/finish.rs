//! The last step: from what was lowered to the program.

use super::{
    checker::{Checker, FieldInfo},
    files::Files,
    policy::Policy,
    table::Entry,
    types::Ty,
};
use crate::{
    diagnostic::SourceId,
    program::{
        self, Arena, CategoryId, Channel, ConditionId, Event, Field, Message, NamedCalendar, Program, Rule,
        Segment, Type,
    },
    syntax::ast::{self, DeclarationKind},
    time::{Weekday, Zone},
};

/// The category that holdouts leave alone.
const SERVICE: &str = "service";

/// Everything lowered.
pub(super) struct Lowered {
    pub(super) policy: Policy,
    /// Those rules that are wrong are left out; then there is no program.
    pub(super) rules: Vec<Rule>,
}

impl Files {
    /// The tests written in the files.
    pub(super) fn tests(&self) -> Vec<(SourceId, ast::Test)> {
        let all = self.units.iter().flat_map(|unit| {
            unit.file.declarations.iter().filter_map(|declaration| match &declaration.node {
                DeclarationKind::Test(test) => Some((unit.source, (**test).clone())),
                _ => None,
            })
        });
        all.collect()
    }
}

impl Checker<'_> {
    /// Lowers everything that was declared.
    pub(super) fn lower(&mut self) -> Lowered {
        if self.open.channels && self.channels.is_empty() {
            // A file that names no channel has one.
            self.channels.add("default", None, super::checker::ChannelInfo { needs_consent: false });
        }
        self.declare_sent();
        self.lower_segments();
        let policy = self.policy();
        let infos = std::mem::take(&mut self.rules);
        let rules = infos.iter().filter_map(|info| self.rule(info)).collect();
        self.rules = infos;
        Lowered { policy, rules }
    }

    /// The program; what was guessed of undeclared names is settled.
    pub(super) fn finish(mut self, lowered: Lowered) -> Program {
        let attributes: Vec<Field> =
            self.attributes.iter().map(|entry| field(&mut self.arena, entry)).collect();
        let mut events = Vec::new();
        for entry in self.events.iter() {
            let fields = entry.item.fields.iter().map(|one| field(&mut self.arena, one)).collect();
            events.push(Event { name: entry.name.clone(), plural: entry.item.plural.clone(), fields });
        }
        let channels = self
            .channels
            .iter()
            .map(|entry| Channel { name: entry.name.clone(), needs_consent: entry.item.needs_consent });
        let service = self.categories.find(SERVICE);
        let messages = self.messages.iter().map(|entry| Message {
            name: entry.name.clone(),
            categories: entry.item.categories.iter().map(|index| CategoryId::from(*index)).collect(),
            languages: entry.item.languages.clone(),
            is_service: service.is_some_and(|service| entry.item.categories.contains(&service)),
        });
        let calendars = self.calendars.iter().map(|entry| NamedCalendar {
            name: entry.name.clone(),
            calendar: entry.item.cloned().unwrap_or_default(),
        });
        let segments = self.segments.iter().map(|entry| Segment {
            name: entry.name.clone(),
            condition: entry.item.lowered.unwrap_or(ConditionId(u32::MAX)),
            origin: entry.origin.unwrap_or_default(),
        });
        let policy = lowered.policy;
        Program {
            zone: policy.zone.unwrap_or_else(Zone::utc),
            week_starts: policy.week_starts.unwrap_or(Weekday::Monday),
            attributes,
            events,
            channels: channels.collect(),
            messages: messages.collect(),
            categories: self.categories.names().map(str::to_owned).collect(),
            calendars: calendars.collect(),
            segments: segments.collect(),
            quiet_hours: policy.quiet_hours,
            contact_hours: policy.contact_hours,
            caps: policy.caps,
            gaps: policy.gaps,
            hold_outs: policy.hold_outs,
            rules: lowered.rules,
            arena: self.arena,
        }
    }
}

fn field(arena: &mut Arena, entry: &Entry<FieldInfo>) -> program::Field {
    let guess = entry.item.guess.as_ref().map(|guess| &guess.ty);
    let ty = match entry.item.ty.as_ref().or(guess) {
        Some(Ty::Number | Ty::Length { .. }) => Type::Number,
        Some(Ty::Date) => Type::Date,
        Some(Ty::DateTime | Ty::Moment) => Type::DateTime,
        Some(Ty::YesNo) => Type::YesNo,
        Some(Ty::OneOf(values)) => Type::OneOf(values.iter().map(|value| arena.intern(value)).collect()),
        Some(Ty::List) => Type::List,
        Some(Ty::Text | Ty::Open | Ty::Wrong) | None => Type::Text,
    };
    Field { name: entry.name.clone(), ty }
}
