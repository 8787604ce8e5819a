//! Conditions.

use super::{
    checker::{Checker, Scope},
    expressions::Members,
    lints::Place,
    subjects::{Allowed, Counted},
    types::{Slot, Ty, Typed},
    words::{self, spelled},
};
use crate::{
    diagnostic::Code,
    program::{Condition, ConditionId, Origin, Set, Window},
    syntax::ast::{self, Compare, ConditionKind, Events, Expr, Filter, Name, Quantity, Share, Span, Today},
    time::{Weekday, WeekdaySet},
};

impl Checker<'_> {
    /// The condition, lowered. Whatever is wrong with it has been said.
    pub(super) fn condition(&mut self, scope: Scope, condition: &ast::Condition) -> ConditionId {
        let span = condition.span;
        let origin = scope.origin(span);
        match &condition.node {
            ConditionKind::And(parts) => {
                let lowered = self.alternatives(scope, parts, false);
                let origins = parts.iter().map(|part| scope.origin(part.span));
                let lowered: Vec<(ConditionId, Origin)> = lowered.into_iter().zip(origins).collect();
                self.lint_contradiction(&lowered);
                self.all_of(lowered.into_iter().map(|(id, _)| id).collect(), origin)
            }
            ConditionKind::Or(parts) => {
                let lowered = self.alternatives(scope, parts, true);
                self.any_of(lowered, origin)
            }
            ConditionKind::Not(part) => {
                let lowered = self.condition(scope, part);
                self.negated(lowered, origin)
            }
            ConditionKind::Count { quantity, events } => self.count(scope, span, *quantity, events),
            ConditionKind::Before(name) => self.before(scope, name, origin),
            ConditionKind::Compare { left, op, right } => self.compare(scope, span, left, *op, right),
            ConditionKind::Between { value, low, high } => {
                let value = self.expression(scope, value);
                let (low, high) =
                    (self.value_beside(scope, &value, low), self.value_beside(scope, &value, high));
                let (low_at, high_at) = (scope.origin(low.span), scope.origin(high.span));
                let parts = vec![
                    (self.compare_typed(scope, span, &value, Compare::AtLeast, &low), low_at),
                    (self.compare_typed(scope, span, &value, Compare::AtMost, &high), high_at),
                ];
                self.lint_between(scope, &low, &high);
                self.all_of(parts.into_iter().map(|(id, _)| id).collect(), origin)
            }
            ConditionKind::In { value, negated, options } => {
                self.one_of(scope, origin, value, *negated, options)
            }
            ConditionKind::Contains { value, part, negated } => {
                self.contains(scope, origin, value, part, *negated)
            }
            ConditionKind::Known { value, negated } => {
                let value = self.expression(scope, value);
                let known = self.add_condition(Condition::Known(value.id), origin);
                if *negated { self.negated(known, origin) } else { known }
            }
            ConditionKind::Bare(name) => self.bare(scope, name),
            ConditionKind::InSegment(name) => {
                self.refuse_in_filter(scope, span);
                match self.segment_named(scope, name) {
                    Some(segment) => self.segment_condition(segment, origin),
                    None => self.constant(false, origin),
                }
            }
            ConditionKind::SubscribedTo(name) => {
                self.refuse_in_filter(scope, span);
                match self.channel_named(scope, name) {
                    Some(channel) => self.add_condition(Condition::SubscribedTo(channel), origin),
                    None => self.constant(false, origin),
                }
            }
            ConditionKind::ReachableOn(name) => {
                self.refuse_in_filter(scope, span);
                match self.channel_named(scope, name) {
                    Some(channel) => self.add_condition(Condition::ReachableOn(channel), origin),
                    None => self.constant(false, origin),
                }
            }
            ConditionKind::Share(share) => {
                self.refuse_in_filter(scope, span);
                self.share(scope, share, origin)
            }
            ConditionKind::Today { negated, test } => {
                self.refuse_in_filter(scope, span);
                let today = self.today(scope, test, origin);
                if *negated { self.negated(today, origin) } else { today }
            }
        }
    }

    fn count(&mut self, scope: Scope, span: Span, quantity: Quantity, events: &Events) -> ConditionId {
        let origin = scope.origin(span);
        let plural = !matches!(
            quantity,
            Quantity::None | Quantity::Some | Quantity::AtLeast(1) | Quantity::Exactly(1)
        );
        let Some(Members { set, window, .. }) = self.members(scope, events, Allowed::All, plural, true)
        else {
            return self.constant(false, origin);
        };
        let (least, most) = match quantity {
            Quantity::None => (0, 0),
            Quantity::Some => (1, u32::MAX),
            Quantity::AtLeast(n) => (n, u32::MAX),
            Quantity::AtMost(n) => (0, n),
            Quantity::FewerThan(0) => return self.plain_outcome(origin, false),
            Quantity::FewerThan(n) => (0, n.saturating_sub(1)),
            Quantity::MoreThan(n) => (n.saturating_add(1), u32::MAX),
            Quantity::Exactly(n) => (n, n),
        };
        if least == 0 && most == u32::MAX {
            return self.plain_outcome(origin, true);
        }
        self.add_condition(Condition::Count { set, window, least, most }, origin)
    }

    /// A condition that says nothing; it is pointed out.
    fn plain_outcome(&mut self, origin: Origin, value: bool) -> ConditionId {
        let scope = Scope::of(origin.source);
        let how = if value { "always" } else { "never" };
        let finding = self
            .finding(Code::PlainOutcome, scope, origin.span, format!("this {how} holds"))
            .help("correct the number, or leave the condition out");
        self.report(finding);
        self.constant(value, origin)
    }

    fn before(&mut self, scope: Scope, name: &Name, origin: Origin) -> ConditionId {
        self.refuse_in_filter(scope, origin.span);
        match self.event_of_past(scope, name) {
            Some(event) => {
                let set = self.event_set(scope, event, &Filter::default());
                let count = Condition::Count { set, window: Window::Ever, least: 1, most: u32::MAX };
                self.add_condition(count, origin)
            }
            None => self.constant(false, origin),
        }
    }

    fn one_of(
        &mut self,
        scope: Scope,
        origin: Origin,
        value: &Expr,
        negated: bool,
        options: &[Expr],
    ) -> ConditionId {
        let value = self.expression(scope, value);
        let mut ids = Vec::new();
        let mut fine = value.ty != Ty::Wrong;
        for option in options {
            let option = self.value_beside(scope, &value, option);
            // The comparison with each says what is wrong with it, and how dates stand beside instants.
            let equal = self.compare_typed(scope, option.span, &value, Compare::Is, &option);
            match *self.arena.condition(equal) {
                Condition::Constant(false) => fine = false,
                Condition::Compare { right, .. } => ids.push(right),
                _ => ids.push(option.id),
            }
        }
        if !fine || ids.is_empty() {
            return self.constant(false, origin);
        }
        ids.sort_unstable();
        ids.dedup();
        let condition = Condition::In { value: value.id, options: ids.into() };
        let lowered = self.add_condition(condition, origin);
        if negated { self.negated(lowered, origin) } else { lowered }
    }

    fn contains(
        &mut self,
        scope: Scope,
        origin: Origin,
        value: &Expr,
        part: &Expr,
        negated: bool,
    ) -> ConditionId {
        let value = self.expression(scope, value);
        let beside = Typed {
            ty: if value.ty == Ty::Wrong { Ty::Wrong } else { Ty::Text },
            slot: None,
            ..value.clone()
        };
        let part = self.value_beside(scope, &beside, part);
        self.expect(scope, &value, &Ty::Text, true);
        if !(value.ty.is_text() || matches!(value.ty, Ty::List | Ty::Open)) {
            if !self.uses_disagree(scope, &value, &Ty::Text) {
                let message = format!("{} cannot contain anything", value.ty.describe());
                let finding = self
                    .finding(Code::TypeMismatch, scope, value.span, message)
                    .help("`contains` asks a text for a part of it, or a list for a member");
                self.report(finding);
            }
            return self.constant(false, origin);
        }
        if !part.ty.is_text() && part.ty != Ty::Open {
            let written = self.text(scope.source, part.span);
            let message = format!("text is needed here, and this is {}", part.ty.describe());
            let finding = self
                .finding(Code::TypeMismatch, scope, part.span, message)
                .help(format!("write it in quotes: `\"{written}\"`"));
            self.report(finding);
            return self.constant(false, origin);
        }
        let lowered = self.add_condition(Condition::Contains { value: value.id, part: part.id }, origin);
        if negated { self.negated(lowered, origin) } else { lowered }
    }

    /// A lone name: a segment, an attribute that is yes or no, something that can be counted.
    fn bare(&mut self, scope: Scope, name: &Name) -> ConditionId {
        let origin = scope.origin(name.span);
        let field = self.find_slot(scope, &name.node);
        if let (Some(event), None) = (scope.event, field) {
            // Inside a filter there is nothing but fields and attributes.
            if !self.has_open_fields(event) && !self.open.attributes {
                self.slot_named(scope, &name.node, name.span);
                return self.constant(false, origin);
            }
        }
        let segment = self.segments.find(&name.node).filter(|_| scope.event.is_none());
        let truth = field.filter(|slot| matches!(self.slot_type(*slot), Ty::YesNo | Ty::Open));
        let counted =
            if scope.event.is_some() { Vec::new() } else { self.counted(&name.node, None, Allowed::All) };
        let mut kinds: Vec<String> = Vec::new();
        kinds.extend(segment.map(|_| "segment".to_owned()));
        kinds.extend(truth.map(|_| "attribute".to_owned()));
        kinds.extend(counted.iter().map(|(kind, _)| kind.clone()));
        if kinds.len() > 1 {
            self.ambiguous_bare(scope, name, &kinds);
            return self.constant(false, origin);
        }
        if let Some(segment) = segment {
            return self.segment_condition(segment, origin);
        }
        if let Some(slot) = truth {
            return self.truth(scope, slot, name);
        }
        if let Some((_, counted)) = counted.first() {
            return self.at_least_one(scope, *counted, origin);
        }
        if let Some(slot) = field {
            return self.not_a_condition(scope, slot, name);
        }
        self.unknown_bare(scope, name)
    }

    fn ambiguous_bare(&mut self, scope: Scope, name: &Name, kinds: &[String]) {
        let written = spelled(&name.node);
        let ways: Vec<String> = kinds
            .iter()
            .map(|kind| match kind.as_str() {
                "segment" => format!("`in segment {written}`"),
                "attribute" => format!("`{written} is yes`"),
                kind => format!("`at least 1 {kind} {written}`"),
            })
            .collect();
        let what: Vec<String> = kinds.iter().map(|kind| words::with_article(kind)).collect();
        let finding = self
            .finding(
                Code::AmbiguousName,
                scope,
                name.span,
                format!("`{}` means {}", name.node, words::things(kinds.len())),
            )
            .label(format!("it is {}", what.join(" and ")))
            .help(format!("say which: {}", ways.join(" or ")));
        self.report(finding);
    }

    fn truth(&mut self, scope: Scope, slot: Slot, name: &Name) -> ConditionId {
        self.learn(slot, Ty::YesNo, false, scope.origin(name.span));
        let value = self.slot_value(slot, name.span);
        self.add_condition(Condition::Truth(value.id), scope.origin(name.span))
    }

    fn at_least_one(&mut self, scope: Scope, counted: Counted, origin: Origin) -> ConditionId {
        let set = match counted {
            Counted::Event(event) => self.event_set(scope, event, &Filter::default()),
            Counted::Contacts(test) => self.arena.add_set(Set::Contacts(test)),
        };
        let window = if scope.unless { Window::Sequence } else { Window::Ever };
        self.add_condition(Condition::Count { set, window, least: 1, most: u32::MAX }, origin)
    }

    fn not_a_condition(&mut self, scope: Scope, slot: Slot, name: &Name) -> ConditionId {
        let ty = self.slot_type(slot);
        let value = self.slot_value(slot, name.span);
        if ty != Ty::Wrong && !self.uses_disagree(scope, &value, &Ty::YesNo) {
            let written = spelled(&name.node);
            let help = match &ty {
                Ty::OneOf(values) => {
                    let first = values.first().map_or("…", String::as_str);
                    format!("compare it: `{written} is {}`", spelled(first))
                }
                Ty::Number | Ty::Length { .. } => format!("compare it: `{written} >= 100`"),
                Ty::List => format!("ask what it holds: `{written} contains \"…\"`"),
                Ty::Text => format!("compare it: `{written} is \"…\"`, or ask whether `{written} is known`"),
                _ => format!("ask whether `{written} is known`, or for `days since {written}`"),
            };
            let message = format!("`{}` alone is not a condition: it is {}", name.node, ty.describe());
            let finding = self.finding(Code::NotYesNo, scope, name.span, message).help(help);
            let finding = self.with_declaration(finding, slot);
            self.report(finding);
        }
        self.constant(false, scope.origin(name.span))
    }

    fn unknown_bare(&mut self, scope: Scope, name: &Name) -> ConditionId {
        let origin = scope.origin(name.span);
        if let Some(event) = scope.event {
            let slot = if self.has_open_fields(event) {
                self.open_field(event, &name.node)
            } else {
                self.open_attribute(&name.node)
            };
            return self.truth(scope, slot, name);
        }
        let alternative = self.alternative.take().filter(|alternative| alternative.span == name.span);
        if let Some(alternative) = alternative.as_ref().filter(|alternative| alternative.is_value) {
            return self.more_values(scope, name, alternative);
        }
        let seen = self.evidence.attributes.contains_key(&name.node);
        if self.open.attributes || self.open.events {
            let as_value = alternative.as_ref().map(|alternative| alternative.mend.clone());
            self.take_for(&name.node, origin, Place::Alone, as_value);
        }
        if self.open.attributes && self.open.events {
            // The first pass waits for what other uses tell; `unless order` alone tells of an event.
            if scope.unless && !seen {
                let event = self.open_event(&name.node, false);
                return self.at_least_one(scope, Counted::Event(event), origin);
            }
            if self.gathering {
                return self.constant(false, origin);
            }
        }
        if self.open.attributes {
            let slot = self.open_attribute(&name.node);
            return self.truth(scope, slot, name);
        }
        if self.open.events {
            let event = self.open_event(&name.node, false);
            return self.at_least_one(scope, Counted::Event(event), origin);
        }
        let yes_no = self.attributes.iter().filter(|entry| entry.item.ty == Some(Ty::YesNo));
        let names: Vec<&str> = self
            .segments
            .names()
            .chain(yes_no.map(|entry| entry.name.as_str()))
            .chain(self.events.names())
            .chain(self.attributes.names())
            .collect();
        let help = if let Some(comparison) = self.value_elsewhere(&name.node) {
            format!("did you mean `{comparison}`?")
        } else {
            self.mend(&name.node, names.iter().copied(), |_| match alternative {
                Some(alternative) => alternative.help(),
                None => format!(
                    "declare it: `segment {0}: …`, `attribute {0}: yes or no` or `event {0}`",
                    spelled(&name.node)
                ),
            })
        };
        let message = format!("no segment, attribute or event is called `{}`", name.node);
        let finding = self.finding(Code::UnknownName, scope, name.span, message).help(help);
        self.report_unknown(&name.node, finding);
        self.constant(false, origin)
    }

    fn share(&mut self, scope: Scope, share: &Share, origin: Origin) -> ConditionId {
        let below = self.percent(scope, share.percent.node, share.percent.span).unwrap_or(0);
        let salt = self.arena.intern(&share.salt.node);
        self.add_condition(Condition::Share { salt, below }, origin)
    }

    fn today(&mut self, scope: Scope, today: &Today, origin: Origin) -> ConditionId {
        let lowered = match today {
            Today::Weekdays(days) => Some(Condition::TodayWeekday(weekday_set(days))),
            Today::InCalendar(name) => {
                self.calendar_named(scope, name).map(|(calendar, _)| Condition::TodayIn(calendar))
            }
            Today::Festival { festival, calendar } => {
                let dates = self.festival_dates(scope, festival, calendar);
                (!dates.is_empty()).then(|| Condition::TodayOneOf(dates.into()))
            }
            Today::Date(test, date) => {
                let date = self.expression(scope, date);
                self.expect(scope, &date, &Ty::Date, false);
                self.must_be_moment(scope, &date).then_some(Condition::TodayDate(*test, date.id))
            }
        };
        match lowered {
            Some(condition) => self.add_condition(condition, origin),
            None => self.constant(false, origin),
        }
    }

    /// What a filter asks of one event; none if it asks nothing.
    pub(super) fn filter(&mut self, scope: Scope, event: usize, filter: &Filter) -> Option<ConditionId> {
        let inner = Scope { event: Some(event), ..scope };
        let mut parts = Vec::new();
        for (name, value) in &filter.of {
            let Some(slot) = self.field_named(scope, event, name) else { continue };
            let field = self.slot_value(slot, name.span);
            let value = self.value_beside(inner, &field, value);
            let span = name.span.to(value.span);
            let equal = self.compare_typed(inner, span, &field, Compare::Is, &value);
            parts.push((equal, scope.origin(span)));
        }
        if let Some(condition) = &filter.condition {
            parts.push((self.condition(inner, condition), scope.origin(condition.span)));
        }
        self.lint_contradiction(&parts);
        let origin = parts.first().map(|(_, origin)| *origin)?;
        Some(self.all_of(parts.into_iter().map(|(id, _)| id).collect(), origin))
    }
}

/// The set of some days of the week.
pub(super) fn weekday_set(days: &[Weekday]) -> WeekdaySet {
    days.iter().fold(WeekdaySet::EMPTY, |set, day| set.with(*day))
}
