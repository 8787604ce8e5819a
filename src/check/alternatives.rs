//! `tier is gold or silver`, which means `tier in (gold, silver)`; `tier is not gold or silver`, which means `tier not in
//! (gold, silver)`.

use super::{
    checker::{Checker, Scope},
    types::{Slot, Ty},
    words::spelled,
};
use crate::{
    diagnostic::Code,
    program::ConditionId,
    syntax::ast::{Compare, Condition, ConditionKind, Expr, ExprKind, Name, Span},
};

/// A name alone after a comparison and an `or` (or an `and`, if it says what is not), which may be one more value to
/// compare with.
#[derive(Debug, Clone)]
pub(super) struct Alternative {
    pub(super) span: Span,
    /// Whether what is compared has such a value, so that nothing else can be meant.
    pub(super) is_value: bool,
    /// How to write it.
    pub(super) mend: String,
    is_negated: bool,
}

impl Alternative {
    pub(super) fn help(&self) -> String {
        let which = if self.is_negated { "none" } else { "one" };
        format!("for {which} of several values write `{}`", self.mend)
    }
}

/// `tier is gold`, `not tier is gold`, `tier not in (gold, silver)`.
struct Compared<'a> {
    name: &'a str,
    values: Vec<&'a str>,
    is_negated: bool,
}

impl<'a> Compared<'a> {
    fn of(condition: &'a Condition) -> Option<Self> {
        let (value, values, is_negated) = match &condition.node {
            ConditionKind::Not(inner) => {
                let inner = Self::of(inner)?;
                return Some(Self { is_negated: !inner.is_negated, ..inner });
            }
            ConditionKind::Compare { left, op: op @ (Compare::Is | Compare::IsNot), right } => {
                (left, std::slice::from_ref(right), *op == Compare::IsNot)
            }
            ConditionKind::In { value, negated, options } => (value, options.as_slice(), *negated),
            _ => return None,
        };
        let ExprKind::Name(name) = &value.node else { return None };
        let word = |value: &'a Expr| match &value.node {
            ExprKind::Name(word) | ExprKind::Text(word) => Some(word.as_str()),
            _ => None,
        };
        Some(Self { name, values: values.iter().map(word).collect::<Option<_>>()?, is_negated })
    }
}

impl Checker<'_> {
    /// The parts of an `and` or an `or`, lowered.
    pub(super) fn alternatives(
        &mut self,
        scope: Scope,
        parts: &[Condition],
        is_or: bool,
    ) -> Vec<ConditionId> {
        let mut lowered = Vec::with_capacity(parts.len());
        for (index, part) in parts.iter().enumerate() {
            if let ConditionKind::Bare(name) = &part.node {
                let alternative = parts
                    .split_at_checked(index)
                    .and_then(|(before, rest)| self.value_of(before, rest, name));
                // `tier is gold and vip` says two things, unless `vip` is a tier, and not this one.
                self.alternative = alternative.filter(|one| is_or || one.is_negated && one.is_value);
            }
            lowered.push(self.condition(scope, part));
        }
        self.alternative = None;
        lowered
    }

    /// The name as one more value of the comparison before it, names alone between them aside.
    fn value_of(&self, before: &[Condition], rest: &[Condition], name: &Name) -> Option<Alternative> {
        let start = before.iter().rposition(|part| !matches!(part.node, ConditionKind::Bare(_)))?;
        let compared = Compared::of(before.get(start)?)?;
        let slot = self.attributes.find(compared.name).map(Slot::Attribute).and_then(|slot| self.slot(slot));
        let known = slot.and_then(|info| match (&info.ty, &info.seen) {
            (Some(Ty::OneOf(values)), _) | (_, Some(values)) => Some(values),
            _ => None,
        });
        let has = |word: &str| known.map(|known| known.iter().any(|one| one.eq_ignore_ascii_case(word)));
        let bare = |part: &Condition| match &part.node {
            ConditionKind::Bare(name) if has(&name.node) != Some(false) => Some(spelled(&name.node)),
            _ => None,
        };
        let values = compared.values.iter().map(|value| spelled(value));
        let values = values.chain(before.iter().skip(start + 1).filter_map(bare));
        let values: Vec<String> = values.chain(rest.iter().map_while(bare)).collect();
        let not = if compared.is_negated { "not " } else { "" };
        let mend = format!("{} {not}in ({})", spelled(compared.name), values.join(", "));
        let is_value = has(&name.node) == Some(true);
        Some(Alternative { span: name.span, is_value, mend, is_negated: compared.is_negated })
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
