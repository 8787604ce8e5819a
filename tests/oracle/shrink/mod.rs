//! Makes a failing case small: drops what it can do without, again and again.

mod rules;

use courtesy::snapshot::Snapshot;

use crate::case::Case;

/// The smallest case found for which the two plans differ.
pub fn smallest(case: &Case) -> Case {
    let fails = |case: &Case| case.compare().is_some_and(|compared| !compared.differences().is_empty());
    let mut best = case.clone();
    while let Some(smaller) = smaller(&best).find(&fails) {
        best = smaller;
    }
    best
}

/// The case with something left out, large parts first.
fn smaller(case: &Case) -> impl Iterator<Item = Case> + use<> {
    let users = users(&case.user);
    let hours = [24, 48, 96, case.hours / 2, case.hours - case.hours / 4, case.hours.saturating_sub(24)];
    let hours = hours.into_iter().filter(|hours| *hours > 0 && *hours < case.hours).collect::<Vec<_>>();
    let (one, two, three) = (case.clone(), case.clone(), case.clone());
    let rules = rules::smaller(&case.rules).map(move |rules| Case { rules, ..one.clone() });
    let users = users.into_iter().map(move |user| Case { user, ..two.clone() });
    let hours = hours.into_iter().map(move |hours| Case { hours, ..three.clone() });
    rules.chain(users).chain(hours)
}

fn users(user: &Snapshot) -> Vec<Snapshot> {
    let mut list = Vec::new();
    let mut with = |change: &dyn Fn(&mut Snapshot)| {
        let mut smaller = user.clone();
        change(&mut smaller);
        if smaller != *user {
            list.push(smaller);
        }
    };
    for index in 0..user.events.len() {
        with(&|user| drop(user.events.remove(index)));
    }
    for index in 0..user.contacts.len() {
        with(&|user| drop(user.contacts.remove(index)));
    }
    for name in user.attributes.keys() {
        with(&|user| drop(user.attributes.remove(name)));
    }
    for channel in user.consent.keys() {
        with(&|user| {
            user.consent.remove(channel);
        });
    }
    with(&|user| user.addresses = None);
    with(&|user| user.timezone = None);
    for (index, event) in user.events.iter().enumerate() {
        for field in event.fields.keys() {
            with(&|user| drop(user.events[index].fields.remove(field)));
        }
        with(&|user| user.events[index].id = None);
    }
    for index in 0..user.contacts.len() {
        with(&|user| user.contacts[index].categories = None);
        with(&|user| user.contacts[index].touch_id = None);
        with(&|user| user.contacts[index].rule = None);
        with(&|user| user.contacts[index].message = None);
        with(&|user| user.contacts[index].channel = None);
    }
    list
}
