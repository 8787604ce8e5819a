//! Names that rules and data do not share, though they probably should.

use courtesy::{io::Survey, program::Program, snapshot::Names};

/// Attributes of the rules that no user has, and those of users that are none of the rules' but look like something else.
pub(super) fn attributes<'a>(
    program: &'a Program,
    names: &'a Names,
    survey: &'a Survey,
) -> impl Iterator<Item = String> + 'a {
    let of_rules = |name: &str| names.attribute(name).is_some();
    let missing = program.attributes.iter().filter_map(move |attribute| {
        // These every user has.
        let is_own = matches!(attribute.name.as_str(), "id" | "timezone" | "locale");
        if is_own || survey.has_attribute(&attribute.name) {
            return None;
        }
        let meant = survey.near_attribute(&attribute.name, of_rules);
        let meant = meant.map(|meant| format!(": did you mean {meant}?")).unwrap_or_default();
        Some(format!("none of {} has the attribute `{}`{meant}", survey.users(), attribute.name))
    });
    let channels = program.channels.iter().map(|channel| channel.name.as_str());
    let is_read = |name: &str| names.attribute(name).is_some_and(|id| program.reads(id));
    missing.chain(survey.misplaced(channels, is_read))
}
