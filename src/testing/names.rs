//! Looking up what a test names.

use crate::{
    diagnostic::{Code, Diagnostic, SourceId},
    syntax::ast::Name,
};

/// A name that nothing has, with the nearest that something has.
pub(super) fn unknown<'a>(
    source: SourceId,
    name: &Name,
    what: &str,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Diagnostic {
    let found = Diagnostic::new(
        Code::TestUnknownName,
        source,
        name.span,
        format!("no {what} is called `{}`", name.node),
    );
    if let Some(near) = nearest(&name.node, known.clone()) {
        return found.help(format!("did you mean `{near}`?"));
    }
    match list(known) {
        Some(all) => found.help(format!("there is {all}")),
        None => found.help(format!("the rules know no {what} at all")),
    }
}

/// The known name that was probably meant.
pub(super) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let lower = name.to_lowercase();
    let limit = (name.chars().count() / 3).max(1);
    known
        .map(|candidate| (strsim::damerau_levenshtein(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// `a`, `b` and `c`; at most eight of them.
fn list<'a>(known: impl Iterator<Item = &'a str>) -> Option<String> {
    const MOST: usize = 8;
    let mut names: Vec<String> = known.take(MOST + 1).map(|name| format!("`{name}`")).collect();
    if names.len() > MOST {
        names.truncate(MOST);
        return Some(format!("{} and more", names.join(", ")));
    }
    let last = names.pop()?;
    Some(if names.is_empty() { last } else { format!("{} and {last}", names.join(", ")) })
}
