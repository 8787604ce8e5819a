//! What is declared and never used, and the zone that is not declared.

use std::collections::HashSet;

use crate::{
    check::{
        checker::{Checker, Scope},
        finish::Lowered,
    },
    diagnostic::{Code, SourceId},
    program::ViaChoice,
    syntax::ast::{DeclarationKind, Span},
};

impl Checker<'_> {
    /// Points out what nothing uses. Files that are shared declare for others: only those that have rules, and were
    /// asked for themselves, are looked at.
    pub(super) fn lint_unused(&mut self, lowered: &Lowered) {
        let roots: HashSet<SourceId> = self
            .units()
            .iter()
            .filter(|unit| {
                unit.is_root
                    && unit.file.declarations.iter().any(|one| matches!(one.node, DeclarationKind::Rule(_)))
            })
            .map(|unit| unit.source)
            .collect();
        self.lint_zone(lowered);
        self.lint_channels(lowered, &roots);
        let segments: Vec<_> = self
            .segments
            .iter()
            .filter(|entry| !entry.item.is_used && roots.contains(&entry.item.source))
            .filter_map(|entry| Some((entry.name.clone(), entry.origin?)))
            .collect();
        for (name, origin) in segments {
            let message = format!("nothing refers to the segment `{name}`");
            let finding = self
                .finding(Code::UnusedSegment, Scope::of(origin.source), origin.span, message)
                .help("use it in a rule, or remove it");
            self.report(finding);
        }
    }

    fn lint_channels(&mut self, lowered: &Lowered, roots: &HashSet<SourceId>) {
        let mut used = HashSet::new();
        for choice in lowered.rules.iter().flat_map(|rule| &rule.steps).flat_map(|step| &step.via.choices) {
            match choice {
                ViaChoice::Channel(channel) => {
                    used.insert(channel.index());
                }
                ViaChoice::Attribute(_) => return,
            }
        }
        let unused: Vec<_> = self
            .channels
            .iter()
            .enumerate()
            .filter(|(index, _)| !used.contains(index))
            .filter_map(|(_, entry)| Some((entry.name.clone(), entry.origin?)))
            .filter(|(_, origin)| roots.contains(&origin.source))
            .collect();
        for (name, origin) in unused {
            let message = format!("no rule sends anything over `{name}`");
            let finding = self
                .finding(Code::UnusedChannel, Scope::of(origin.source), origin.span, message)
                .help(format!("name it in a `via`, such as `via {name} or …`, or remove it"));
            self.report(finding);
        }
    }

    fn lint_zone(&mut self, lowered: &Lowered) {
        if lowered.policy.zone.is_some() || lowered.rules.is_empty() {
            return;
        }
        let first = self.units().iter().filter(|unit| unit.is_root).find_map(|unit| {
            let declaration = unit.file.declarations.first()?;
            Some((unit.source, declaration.span.start))
        });
        let Some((source, start)) = first else { return };
        let finding = self
            .finding(
                Code::NoZone,
                Scope::of(source),
                Span::new(start, start),
                "users without a time zone of their own are taken to live in UTC",
            )
            .help("say where most of them live: `time zone \"Europe/Berlin\"`");
        // A file or a declaration that could not be read may have said it.
        self.report_unknown("time zone", finding);
    }
}
