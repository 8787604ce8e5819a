//! What is known while files are checked: names, guesses, the arena, the findings.

use std::{
    cell::Cell,
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

use super::{
    alternatives::Alternative,
    files::{Files, Unit},
    lints::Taken,
    schema::{Schema, ValueType},
    table::Table,
    types::{Guess, Slot, Ty},
    words,
};
use crate::{
    diagnostic::{Code, Diagnostic, SourceId},
    program::{Arena, Condition, ConditionId, EventId, ExpressionId, Origin},
    syntax::ast::{self, Span},
    time::Calendar,
};

/// An attribute, or a field of an event.
#[derive(Debug, Clone)]
pub(super) struct FieldInfo {
    /// What it was declared to be (or what the data says); none if that is to be guessed.
    pub(super) ty: Option<Ty>,
    pub(super) guess: Option<Guess>,
    /// The only values that the data at hand have. Tomorrow's may have others, so that this makes no type.
    pub(super) seen: Option<Arc<[String]>>,
}

impl FieldInfo {
    pub(super) const fn declared(ty: Ty) -> Self {
        Self { ty: Some(ty), guess: None, seen: None }
    }

    pub(super) const fn guessed(guess: Option<Guess>) -> Self {
        Self { ty: None, guess, seen: None }
    }

    /// As the data at hand have it.
    pub(super) fn found(ty: &ValueType) -> Self {
        match ty {
            ValueType::OneOf(values) => {
                Self { ty: Some(Ty::Text), guess: None, seen: Some(values.iter().cloned().collect()) }
            }
            ty => Self::declared(Ty::from(ty)),
        }
    }
}

#[derive(Debug, Clone, Default)]
pub(super) struct EventInfo {
    pub(super) plural: Option<String>,
    pub(super) past: Option<String>,
    pub(super) fields: Table<FieldInfo>,
}

#[derive(Debug, Clone)]
pub(super) struct ChannelInfo {
    pub(super) needs_consent: bool,
}

#[derive(Debug, Clone, Default)]
pub(super) struct MessageInfo {
    pub(super) categories: Vec<usize>,
    pub(super) languages: Vec<String>,
}

pub(super) struct SegmentInfo<'a> {
    pub(super) condition: &'a ast::Condition,
    pub(super) source: SourceId,
    /// What it was lowered to, once it was.
    pub(super) lowered: Option<ConditionId>,
    pub(super) is_used: bool,
}

pub(super) struct RuleInfo<'a> {
    pub(super) rule: &'a ast::Rule,
    pub(super) source: SourceId,
    pub(super) span: Span,
    pub(super) name: String,
    /// Whether the author named it, so that others can speak of it.
    pub(super) is_named: bool,
}

impl RuleInfo<'_> {
    /// The name that it was given, or else that of its first message.
    pub(super) fn base_name(&self) -> &str {
        if self.is_named {
            return &self.name;
        }
        match self.rule.steps.first().map(|step| &step.send.node) {
            Some(ast::Send::Message(name)) => &name.node,
            Some(ast::Send::OneOf { variants, .. }) => {
                variants.first().map_or("rule", |(name, _)| name.node.as_str())
            }
            None => "rule",
        }
    }
}

/// The kinds that no file declares and no data speaks of: their names are taken as they come.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Open {
    pub(super) attributes: bool,
    pub(super) events: bool,
    pub(super) channels: bool,
    pub(super) messages: bool,
}

/// What the uses of undeclared names tell, gathered in a first pass.
#[derive(Debug, Clone, Default)]
pub(super) struct Evidence {
    pub(super) attributes: BTreeMap<String, Option<Guess>>,
    /// In the order of their first use.
    pub(super) events: Vec<String>,
    pub(super) fields: BTreeMap<(String, String), Option<Guess>>,
    /// What undeclared names were taken for where nothing else tells, and where.
    pub(super) taken: BTreeMap<String, Taken>,
}

/// Where a condition or a value stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scope {
    pub(super) source: SourceId,
    /// The event whose fields are in reach: in filters.
    pub(super) event: Option<usize>,
    /// Whether a count without a window counts since the sequence began.
    pub(super) unless: bool,
}

impl Scope {
    pub(super) const fn of(source: SourceId) -> Self {
        Self { source, event: None, unless: false }
    }

    pub(super) const fn origin(self, span: Span) -> Origin {
        Origin { source: self.source, span }
    }
}

pub(super) struct Checker<'a> {
    pub(super) files: &'a Files,
    pub(super) known: Option<&'a Schema>,
    /// In the first pass over open kinds uses are gathered and findings dropped.
    pub(super) gathering: bool,
    pub(super) evidence: Evidence,
    pub(super) open: Open,
    pub(super) arena: Arena,
    /// How deep each condition of the arena goes.
    pub(super) depths: Vec<u32>,
    /// How many parts each condition has once its segments are written out.
    pub(super) sizes: Vec<u32>,
    pub(super) attributes: Table<FieldInfo>,
    pub(super) events: Table<EventInfo>,
    pub(super) channels: Table<ChannelInfo>,
    pub(super) messages: Table<MessageInfo>,
    pub(super) categories: Table<()>,
    pub(super) calendars: Table<Option<&'a Calendar>>,
    pub(super) segments: Table<SegmentInfo<'a>>,
    /// The rules that have names of their own.
    pub(super) rule_names: Table<usize>,
    pub(super) rules: Vec<RuleInfo<'a>>,
    /// Events by the plurals declared for them.
    pub(super) plurals: HashMap<String, Vec<usize>>,
    /// Events by their past forms, as far as they are indexed.
    pub(super) pasts: HashMap<String, usize>,
    pub(super) pasts_indexed: usize,
    /// How many near names have been looked for.
    looked_for: Cell<u32>,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Undeclared names whose uses disagree, so that it is said once.
    pub(super) disagreed: HashSet<Slot>,
    /// As [`Evidence::taken`], in this pass.
    pub(super) taken: BTreeMap<String, Taken>,
    /// In an `or`: the name that may be one more value of the comparison before it, and how to write that.
    pub(super) alternative: Option<Alternative>,
    /// Whether what is looked at is a test, which may give what the data at hand do not have.
    pub(super) in_test: bool,
}

impl<'a> Checker<'a> {
    pub(super) fn new(
        files: &'a Files,
        known: Option<&'a Schema>,
        gathering: bool,
        evidence: Evidence,
    ) -> Self {
        Self {
            files,
            known,
            gathering,
            evidence,
            open: Open::default(),
            arena: Arena::new(),
            depths: Vec::new(),
            sizes: Vec::new(),
            attributes: Table::default(),
            events: Table::default(),
            channels: Table::default(),
            messages: Table::default(),
            categories: Table::default(),
            calendars: Table::default(),
            segments: Table::default(),
            rule_names: Table::default(),
            rules: Vec::new(),
            plurals: HashMap::new(),
            pasts: HashMap::new(),
            pasts_indexed: 0,
            looked_for: Cell::new(0),
            diagnostics: Vec::new(),
            disagreed: HashSet::new(),
            taken: BTreeMap::new(),
            alternative: None,
            in_test: false,
        }
    }

    pub(super) fn units(&self) -> &'a [Unit] {
        &self.files.units
    }

    /// Keeps a finding.
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        if !self.gathering {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Keeps a finding about a name that nothing declares, unless a declaration that could not be read may have.
    pub(super) fn report_unknown(&mut self, name: &str, diagnostic: Diagnostic) {
        let mentions = |unit: &Unit| {
            let text = self.files.sources.get(unit.source).map_or("", |source| source.text.as_str());
            unit.gaps.iter().any(|gap| text.get(gap.range()).is_some_and(|lost| lost.contains(name)))
        };
        if !self.files.incomplete && !self.files.units.iter().any(mentions) {
            self.report(diagnostic);
        }
    }

    /// A finding at a place.
    pub(super) fn finding(
        &self,
        code: Code,
        scope: Scope,
        span: Span,
        message: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic::new(code, scope.source, span, message)
    }

    /// The source text of a span, on one line and without comments.
    pub(super) fn text(&self, source: SourceId, span: Span) -> String {
        let text = self.files.sources.get(source).and_then(|source| source.text.get(span.range()));
        words::one_line(text.unwrap_or_default())
    }

    /// The name that is probably meant; none once so many have been looked for that another would help nobody.
    pub(super) fn near<'n>(
        &self,
        written: &str,
        names: impl IntoIterator<Item = &'n str>,
    ) -> Option<&'n str> {
        const MOST: u32 = 500;
        self.looked_for.set(self.looked_for.get().saturating_add(1));
        if self.looked_for.get() > MOST || self.gathering { None } else { words::nearest(written, names) }
    }

    /// What helps with an unknown name: the near one, or else those that there are.
    pub(super) fn mend<'n>(
        &self,
        written: &str,
        names: impl Iterator<Item = &'n str>,
        otherwise: impl FnOnce(String) -> String,
    ) -> String {
        let names: Vec<&str> = names.collect();
        match self.near(written, names.iter().copied()) {
            Some(near) => self.did_you_mean(written, near),
            None => otherwise(words::listed(names)),
        }
    }

    /// `did you mean …?`; of a name that looks the same, how it differs.
    pub(super) fn did_you_mean(&self, written: &str, near: &str) -> String {
        if !words::look_alike(written, near) {
            return format!("did you mean `{}`?", words::spelled(near));
        }
        let place = self.declared_at(near).and_then(|origin| {
            let source = self.files.sources.get(origin.source)?;
            let line = source.text.get(..origin.span.start)?.matches('\n').count() + 1;
            Some(format!("in line {line} of `{}`", source.name))
        });
        let place = place.unwrap_or_else(|| "where it comes from".to_owned());
        format!("it looks the same {place}, but is written with other characters there: copy it")
    }

    /// Where anything of that name is declared.
    fn declared_at(&self, name: &str) -> Option<Origin> {
        fn origin<T>(table: &Table<T>, name: &str) -> Option<Origin> {
            table.find(name).and_then(|index| table.get(index)?.origin)
        }
        origin(&self.attributes, name)
            .or_else(|| origin(&self.events, name))
            .or_else(|| origin(&self.segments, name))
            .or_else(|| origin(&self.channels, name))
            .or_else(|| origin(&self.messages, name))
            .or_else(|| origin(&self.categories, name))
            .or_else(|| origin(&self.calendars, name))
            .or_else(|| origin(&self.rule_names, name))
    }

    pub(super) fn add_condition(&mut self, condition: Condition, origin: Origin) -> ConditionId {
        let below = |id: &ConditionId| self.depths.get(id.index()).copied().unwrap_or(0);
        let depth = 1 + match &condition {
            Condition::And(parts) | Condition::Or(parts) => parts.iter().map(below).max().unwrap_or(0),
            Condition::Not(part) => below(part),
            _ => 0,
        };
        let parts = |id: &ConditionId| self.sizes.get(id.index()).copied().unwrap_or(0);
        let size = match &condition {
            Condition::And(all) | Condition::Or(all) => all.iter().map(parts).fold(1, u32::saturating_add),
            Condition::Not(part) => parts(part).saturating_add(1),
            _ => 1,
        };
        let id = self.arena.add_condition(condition, origin);
        if id.index() == self.depths.len() {
            self.depths.push(depth);
            self.sizes.push(size);
        }
        id
    }

    pub(super) fn constant(&mut self, value: bool, origin: Origin) -> ConditionId {
        self.add_condition(Condition::Constant(value), origin)
    }

    pub(super) fn text_constant(&mut self, text: &str) -> ExpressionId {
        let symbol = self.arena.intern(text);
        self.value(crate::snapshot::Value::Text(symbol))
    }

    pub(super) fn value(&mut self, value: crate::snapshot::Value) -> ExpressionId {
        self.arena.add_expression(crate::program::Expression::Constant(value))
    }

    pub(super) fn event_name(&self, event: usize) -> &str {
        self.events.get(event).map_or("", |entry| entry.name.as_str())
    }

    pub(super) fn event_id(event: usize) -> EventId {
        EventId::from(event)
    }

    /// What an attribute or a field is; open if nothing tells.
    pub(super) fn slot_type(&self, slot: Slot) -> Ty {
        let Some(info) = self.slot(slot) else { return Ty::Wrong };
        match (&info.ty, &info.guess) {
            (Some(ty), _) => ty.clone(),
            (None, Some(guess)) if !self.gathering => guess.ty.clone(),
            (None, _) => Ty::Open,
        }
    }

    pub(super) fn slot(&self, slot: Slot) -> Option<&FieldInfo> {
        match slot {
            Slot::Attribute(index) => self.attributes.get(index).map(|entry| &entry.item),
            Slot::Field(event, index) => {
                self.events.get(event)?.item.fields.get(index).map(|entry| &entry.item)
            }
        }
    }

    pub(super) fn slot_mut(&mut self, slot: Slot) -> Option<&mut FieldInfo> {
        match slot {
            Slot::Attribute(index) => self.attributes.get_mut(index).map(|entry| &mut entry.item),
            Slot::Field(event, index) => {
                self.events.get_mut(event)?.item.fields.get_mut(index).map(|entry| &mut entry.item)
            }
        }
    }

    pub(super) fn slot_name(&self, slot: Slot) -> String {
        match slot {
            Slot::Attribute(index) => self.attributes.get(index).map(|entry| entry.name.clone()),
            Slot::Field(event, index) => self
                .events
                .get(event)
                .and_then(|entry| entry.item.fields.get(index))
                .map(|entry| entry.name.clone()),
        }
        .unwrap_or_default()
    }

    /// Notes that a use takes an undeclared name for `ty`.
    pub(super) fn learn(&mut self, slot: Slot, ty: Ty, weak: bool, origin: Origin) {
        let gathering = self.gathering;
        let Some(info) = self.slot_mut(slot) else { return };
        if info.ty.is_some() || matches!(ty, Ty::Open | Ty::Wrong) || (!gathering && info.guess.is_some()) {
            return;
        }
        let guess = Guess { ty, weak, origin };
        info.guess = Some(match info.guess.take() {
            Some(before) => before.merged(guess),
            None => guess,
        });
    }

    /// What the first pass learned.
    pub(super) fn into_evidence(self) -> Evidence {
        let mut evidence = Evidence { taken: self.taken, ..Evidence::default() };
        if self.open.attributes {
            for entry in self.attributes.iter() {
                evidence.attributes.insert(entry.name.clone(), entry.item.guess.clone());
            }
        }
        for entry in self.events.iter() {
            if self.open.events {
                evidence.events.push(entry.name.clone());
            }
            for field in entry.item.fields.iter().filter(|field| field.item.ty.is_none()) {
                evidence.fields.insert((entry.name.clone(), field.name.clone()), field.item.guess.clone());
            }
        }
        evidence
    }
}
