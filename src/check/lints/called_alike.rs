//! Rules without a name whose message gives its name to others as well.

use crate::{
    check::checker::{Checker, RuleInfo, Scope},
    check::words::{self, spelled},
    diagnostic::Code,
};

/// More places than these are not pointed at.
const MOST_SHOWN: usize = 4;

impl Checker<'_> {
    /// Points out rules that would have one name, so that a number tells them apart: it goes by their order, and what was
    /// sent is known by the name. With another rule above it a rule is another one, and sends everything again.
    pub(super) fn lint_called_alike(&mut self) {
        let infos = std::mem::take(&mut self.rules);
        let mut groups: Vec<(&str, Vec<&RuleInfo<'_>>)> = Vec::new();
        let mut index = std::collections::HashMap::new();
        // Those with names of their own keep them, and come first.
        for is_named in [true, false] {
            for info in infos.iter().filter(|info| info.is_named == is_named) {
                let place = *index.entry(info.base_name()).or_insert_with(|| {
                    groups.push((info.base_name(), Vec::new()));
                    groups.len() - 1
                });
                if let Some((_, group)) = groups.get_mut(place) {
                    group.push(info);
                }
            }
        }
        for (name, group) in &groups {
            let unnamed: Vec<_> = group.iter().filter(|info| !info.is_named).collect();
            let Some(last) = unnamed.last().filter(|_| group.len() > 1) else { continue };
            let others = group.iter().filter(|info| !std::ptr::eq(**info, **last)).take(MOST_SHOWN);
            let message = format!("{} rules would be called `{name}`", words::number(group.len()));
            let label = |info: &RuleInfo<'_>| format!("this one is called `{}`", info.name);
            let mut finding = self
                .finding(Code::CalledAlike, Scope::of(last.source), last.rule.trigger.span, message)
                .label(label(last));
            for other in others {
                let span = other.rule.name.as_ref().map_or(other.rule.trigger.span, |name| name.span);
                finding = finding.also(other.source, span, label(other));
            }
            let help = format!(
                "give each a name, such as `rule {}`: what was sent is known by the name of its rule, and a rule that is \
                 renamed sends it again",
                spelled(&format!("{name}_again"))
            );
            self.report(finding.help(help));
        }
        self.rules = infos;
    }
}
