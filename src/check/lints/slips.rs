//! Names that nothing declares, and that are nearly called like something that is declared.

use crate::{
    check::{
        checker::{Checker, Scope},
        table::Table,
        types::{Slot, Ty},
        words::{self, spelled},
    },
    diagnostic::Code,
    program::Origin,
};

/// In which place an undeclared name was taken for something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::check) enum Place {
    /// A condition of its own.
    Alone,
    /// Where something is counted.
    Counted,
    /// After `on`.
    Trigger,
    /// A value.
    Value,
}

/// An undeclared name that was taken for something.
#[derive(Debug, Clone)]
pub(in crate::check) struct Taken {
    /// Its first use.
    origin: Origin,
    place: Place,
    /// How to write it as a value, if it may be one and stands nowhere else.
    as_value: Option<String>,
}

impl Checker<'_> {
    /// Notes that an undeclared name is taken for what the place suggests.
    pub(in crate::check) fn take_for(
        &mut self,
        name: &str,
        origin: Origin,
        place: Place,
        as_value: Option<String>,
    ) {
        if self.evidence.taken.contains_key(name) {
            return;
        }
        let is_value = as_value.is_some();
        let taken = self.taken.entry(name.to_owned()).or_insert(Taken { origin, place, as_value });
        if !is_value {
            taken.as_value = None;
        }
    }

    /// Points out undeclared names that are surely another one, misspelt: as long as of one kind nothing is declared, any name
    /// is taken for one of that kind.
    pub(super) fn lint_slips(&mut self) {
        let mut taken = std::mem::take(&mut self.evidence.taken);
        taken.append(&mut self.taken);
        for (name, Taken { origin, place, as_value }) in taken {
            let near = match place {
                Place::Value => self.counted_near(&name),
                _ => self.declared_near(&name, place).map(|near| spelled(&near)),
            };
            let Some(meant) = near.or(as_value) else { continue };
            let is_event = place != Place::Value && self.events.find(&name).is_some();
            let kind = if is_event { "an event" } else { "an attribute" };
            let written = spelled(&name);
            let declaration = match place {
                _ if is_event => format!("event {written}"),
                Place::Value => format!("attribute {written}: number"),
                _ => format!("attribute {written}: yes or no"),
            };
            let message = format!("`{name}` is not declared, and is taken for {kind}");
            let help = format!("did you mean `{meant}`? If not, declare it: `{declaration}`");
            let finding = self.finding(Code::LikelySlip, Scope::of(origin.source), origin.span, message);
            self.report_unknown(&name, finding.help(help));
        }
    }

    /// How to ask for the number of a declared event, if a number is called after it.
    fn counted_near(&self, name: &str) -> Option<String> {
        let slot = self.attributes.find(name).map(Slot::Attribute)?;
        let may_be_number = matches!(self.slot_type(slot), Ty::Number | Ty::Length { .. } | Ty::Open);
        let (event, _) = self.event_meant(name).filter(|_| may_be_number)?;
        let is_declared = self.events.get(event).is_some_and(|entry| entry.origin.is_some());
        is_declared.then(|| self.number_of(event))
    }

    /// What is declared, could stand at the place, and is written nearly so.
    fn declared_near(&self, name: &str, place: Place) -> Option<String> {
        let mut names: Vec<&str> = Vec::new();
        if place == Place::Trigger {
            let dates = self.attributes.iter().filter(|entry| {
                entry.origin.is_some() && entry.item.ty.as_ref().is_some_and(|ty| ty.is_moment())
            });
            names.extend(dates.map(|entry| entry.name.as_str()));
        } else {
            if place == Place::Alone {
                names.extend(declared(&self.segments));
                names.extend(declared(&self.attributes));
            }
            names.extend(declared(&self.events));
            names.extend(declared(&self.channels));
            names.extend(declared(&self.messages));
            names.extend(declared(&self.categories));
            names.extend(declared(&self.rule_names));
        }
        let names = names.into_iter().filter(|other| words::is_slip(name, other));
        self.near(name, names).map(str::to_owned)
    }
}

fn declared<T>(table: &Table<T>) -> impl Iterator<Item = &str> {
    table.iter().filter(|entry| entry.origin.is_some()).map(|entry| entry.name.as_str())
}
