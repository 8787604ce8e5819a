//! `tier is gold or silver`, which means `tier in (gold, silver)`.

use super::{
    checker::{Checker, Scope},
    types::{Slot, Ty},
    words::spelled,
};
use crate::{
    diagnostic::Code,
    program::ConditionId,
    syntax::ast::{Compare, Condition, ConditionKind, ExprKind, Name, Span},
};

/// A name alone after a comparison and an `or`, which may be one more value to compare with.
#[derive(Debug, Clone)]
pub(super) struct Alternative {
    pub(super) span: Span,
    /// Whether what is compared has such a value, so that nothing else can be meant.
    pub(super) is_value: bool,
    /// How to write it.
    pub(super) mend: String,
}

impl Alternative {
    pub(super) fn help(&self) -> String {
        format!("for one of several values write `{}`", self.mend)
    }
}

impl Checker<'_> {
    /// The parts of an `or`, lowered.
    pub(super) fn alternatives(&mut self, scope: Scope, parts: &[Condition]) -> Vec<ConditionId> {
        let mut lowered = Vec::with_capacity(parts.len());
        for (index, part) in parts.iter().enumerate() {
            if let ConditionKind::Bare(name) = &part.node {
                self.alternative = parts
                    .split_at_checked(index)
                    .and_then(|(before, rest)| self.value_of(before, rest, name));
            }
            lowered.push(self.condition(scope, part));
        }
        self.alternative = None;
        lowered
    }

    /// The name as one more value of the comparison before it, names alone between them aside.
    fn value_of(&self, before: &[Condition], rest: &[Condition], name: &Name) -> Option<Alternative> {
        let start = before.iter().rposition(|part| !matches!(part.node, ConditionKind::Bare(_)))?;
        let ConditionKind::Compare { left, op: Compare::Is, right } = &before.get(start)?.node else {
            return None;
        };
        let (ExprKind::Name(left), ExprKind::Name(first) | ExprKind::Text(first)) = (&left.node, &right.node)
        else {
            return None;
        };
        let bare = |part: &Condition| match &part.node {
            ConditionKind::Bare(name) => Some(spelled(&name.node)),
            _ => None,
        };
        let values = std::iter::once(spelled(first))
            .chain(before.iter().skip(start + 1).filter_map(bare))
            .chain(rest.iter().map_while(bare));
        let mend = format!("{} in ({})", spelled(left), values.collect::<Vec<_>>().join(", "));
        let slot = self.attributes.find(left).map(Slot::Attribute).and_then(|slot| self.slot(slot));
        let known = slot.and_then(|info| match (&info.ty, &info.seen) {
            (Some(Ty::OneOf(values)), _) | (_, Some(values)) => Some(values),
            _ => None,
        });
        let is_value =
            known.is_some_and(|known| known.iter().any(|one| one.eq_ignore_ascii_case(&name.node)));
        Some(Alternative { span: name.span, is_value, mend })
    }

    /// Says that a name alone is no condition, but one more value.
    pub(super) fn more_values(
        &mut self,
        scope: Scope,
        name: &Name,
        alternative: &Alternative,
    ) -> ConditionId {
        let message = format!("no segment, attribute or event is called `{}`", name.node);
        let finding = self.finding(Code::UnknownName, scope, name.span, message).help(alternative.help());
        self.report_unknown(&name.node, finding);
        self.constant(false, scope.origin(name.span))
    }
}
