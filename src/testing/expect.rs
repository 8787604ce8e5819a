//! What a test expects, held against what the rules do.

use std::collections::BTreeSet;

use super::{
    names::{nearest, unknown},
    words,
};
use crate::{
    diagnostic::{Code, Diagnostic, SourceId},
    plan::{Candidate, Payload, Plan, Reason, Touch, Withheld},
    program::{self, Program},
    syntax::ast::{self, Expect, ExpectWhen, Expr, ExprKind, Name, Spanned, Test},
    time::Zone,
};

/// One line of what was expected against what came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// Expected, and it came.
    Same(String),
    /// Expected, and it did not come.
    Missing(String),
    /// It came, and nobody expected it.
    Extra(String),
}

/// Everything in the expectations that does not fit the rules.
pub(super) fn problems(program: &Program, source: SourceId, test: &Test) -> Vec<Diagnostic> {
    let mut list = Vec::new();
    for expect in &test.expect {
        match &expect.node {
            Expect::Nothing => {
                let touch = test.expect.iter().find(|other| matches!(other.node, Expect::Touch { .. }));
                if let Some(touch) = touch {
                    list.push(
                        Diagnostic::new(
                            Code::TestContradiction,
                            source,
                            expect.span,
                            "the test expects nothing and something",
                        )
                        .also(source, touch.span, "here something")
                        .help("take one of the two out"),
                    );
                }
            }
            Expect::Touch { message, payload, .. } => {
                check_keys(program, source, message, payload, &mut list)
            }
            Expect::Withheld { reason, .. } => {
                if let Some(reason) =
                    reason.as_ref().filter(|reason| Reason::from_code(&reason.node).is_none())
                {
                    list.push(unknown_reason(source, reason));
                }
            }
        }
    }
    if test.expect.is_empty() {
        list.push(
            Diagnostic::new(
                Code::TestContradiction,
                source,
                test.name.span,
                format!("the test `{}` expects neither something nor nothing", test.name.node),
            )
            .help("add what must come of it, such as `expect nothing`"),
        );
    }
    list
}

/// A key that no step sends with the message. Where it is never sent at all, the test fails by that.
fn check_keys(
    program: &Program,
    source: SourceId,
    message: &Name,
    payload: &[ast::Payload],
    list: &mut Vec<Diagnostic>,
) {
    let steps = program.rules.iter().flat_map(|rule| &rule.steps);
    let mut sending = steps.filter(|step| sends(program, step, &message.node)).peekable();
    if sending.peek().is_none() {
        return;
    }
    let keys: Vec<&str> = sending.flat_map(|step| &step.payload).map(|(key, _)| key.as_str()).collect();
    for given in payload.iter().filter(|given| !keys.contains(&given.key.node.as_str())) {
        let what = format!("key sent with `{}`", message.node);
        list.push(unknown(source, &given.key, &what, keys.iter().copied()));
    }
}

/// Whether the step can send the message.
fn sends(program: &Program, step: &program::Step, message: &str) -> bool {
    let is_it =
        |id: program::MessageId| program.messages.get(id.index()).is_some_and(|one| one.name == message);
    match &step.send {
        program::Send::Message(id) => is_it(*id),
        program::Send::OneOf { variants, .. } => variants.iter().any(|variant| is_it(variant.message)),
    }
}

fn unknown_reason(source: SourceId, reason: &Name) -> Diagnostic {
    let codes = || Reason::ALL.iter().map(|reason| reason.code());
    let text = format!("`{}` is not a reason to withhold a touch", reason.node);
    let problem = Diagnostic::new(Code::TestUnknownName, source, reason.span, text);
    let all = format!("the reasons are {}", codes().collect::<Vec<_>>().join(", "));
    problem.help(match nearest(&reason.node, codes()) {
        Some(near) => format!("did you mean `{near}`? {all}"),
        None => all,
    })
}

/// What came of a test.
#[derive(Debug, Default)]
pub(super) struct Comparison {
    pub(super) rows: Vec<Row>,
    /// The rules that a difference is about: those that made what nobody expected, and those that could have made what
    /// did not come.
    pub(super) rules: BTreeSet<String>,
}

impl Comparison {
    fn extra(&mut self, text: String, made: &Candidate) {
        self.rows.push(Row::Extra(text));
        self.rules.insert(made.rule.to_string());
    }

    /// Adds the rules that could have sent the message: the one named, else all that can.
    fn blame(&mut self, program: &Program, message: &str, by: Option<&Name>) {
        let can = program.rules.iter().filter(|rule| match by {
            Some(by) => rule.name == by.node,
            None => rule.name == message || rule.steps.iter().any(|step| sends(program, step, message)),
        });
        self.rules.extend(can.map(|rule| rule.name.clone()));
    }
}

/// Holds the expectations of a test against a plan: the touches must be the expected ones and no others; of what was
/// withheld the expected must be there.
pub(super) fn compare(
    program: &Program,
    expects: &[Spanned<Expect>],
    plan: &Plan,
    zone: &Zone,
) -> Comparison {
    let touches: Vec<&Expect> = kind(expects, |expect| matches!(expect, Expect::Touch { .. }));
    let withheld: Vec<&Expect> = kind(expects, |expect| matches!(expect, Expect::Withheld { .. }));
    let mut found = Comparison::default();

    let of_touch = pair(touches.len(), plan.touches.len(), |expected, made| {
        match (touches.get(expected), plan.touches.get(made)) {
            (Some(expect), Some(touch)) => touch_matches(expect, touch, zone),
            _ => false,
        }
    });
    let mut told = vec![false; plan.touches.len()];
    for (expect, partner) in touches.iter().zip(&of_touch) {
        let text = words::expectation(expect);
        if partner.is_some() {
            found.rows.push(Row::Same(text));
            continue;
        }
        found.rows.push(Row::Missing(text));
        // What came instead stands beside it: a touch of the same message, else of the same rule.
        let free = |index: &usize| !of_touch.contains(&Some(*index)) && told.get(*index) == Some(&false);
        let all: Vec<usize> = (0..plan.touches.len()).filter(free).collect();
        let near = |close: fn(&Expect, &Touch) -> bool| {
            all.iter()
                .copied()
                .find(|index| plan.touches.get(*index).is_some_and(|touch| close(expect, touch)))
        };
        let beside = near(same_message).or_else(|| near(same_rule));
        if let Some((index, touch)) = beside.and_then(|index| Some((index, plan.touches.get(index)?))) {
            found.extra(words::touch(touch, zone), &touch.candidate);
            if let Some(told) = told.get_mut(index) {
                *told = true;
            }
        }
        if let Expect::Touch { message, rule, .. } = expect
            && (beside.is_none() || rule.is_some())
        {
            found.blame(program, &message.node, rule.as_ref());
        }
    }
    if plan.touches.is_empty() && !touches.is_empty() {
        found.rows.push(Row::Extra(words::expectation(&Expect::Nothing)));
    }
    for (index, touch) in plan.touches.iter().enumerate() {
        if !of_touch.contains(&Some(index)) && told.get(index) == Some(&false) {
            found.extra(words::touch(touch, zone), &touch.candidate);
        }
    }

    // One withheld touch may answer several of these: it has several reasons.
    for expect in withheld {
        let text = words::expectation(expect);
        if plan.withheld.iter().any(|withheld| withheld_matches(expect, withheld, true)) {
            found.rows.push(Row::Same(text));
            continue;
        }
        found.rows.push(Row::Missing(text));
        match plan.withheld.iter().find(|withheld| withheld_matches(expect, withheld, false)) {
            Some(other) => found.extra(words::withheld(other), &other.candidate),
            None => {
                if let Expect::Withheld { name, .. } = expect {
                    found.blame(program, &name.node, None);
                }
            }
        }
    }

    let expects_nothing = expects.iter().any(|expect| matches!(expect.node, Expect::Nothing));
    if expects_nothing {
        let text = words::expectation(&Expect::Nothing);
        found.rows.insert(0, if plan.touches.is_empty() { Row::Same(text) } else { Row::Missing(text) });
    }
    found
}

fn kind(expects: &[Spanned<Expect>], is_it: impl Fn(&Expect) -> bool) -> Vec<&Expect> {
    expects.iter().map(|expect| &expect.node).filter(|expect| is_it(expect)).collect()
}

/// Gives as many of the left ones as possible a partner of their own among the right ones (augmenting paths), so that
/// a vague expectation never takes the touch that only a stricter one matches.
fn pair(left: usize, right: usize, fits: impl Fn(usize, usize) -> bool) -> Vec<Option<usize>> {
    fn find(
        one: usize,
        right: usize,
        fits: &impl Fn(usize, usize) -> bool,
        seen: &mut [bool],
        owners: &mut [Option<usize>],
    ) -> bool {
        for other in (0..right).filter(|other| fits(one, *other)) {
            match seen.get_mut(other) {
                Some(seen) if !*seen => *seen = true,
                _ => continue,
            }
            let owner = owners.get(other).copied().flatten();
            if owner.is_none_or(|owner| find(owner, right, fits, seen, owners)) {
                if let Some(slot) = owners.get_mut(other) {
                    *slot = Some(one);
                }
                return true;
            }
        }
        false
    }
    let mut owners: Vec<Option<usize>> = vec![None; right];
    for one in 0..left {
        find(one, right, &fits, &mut vec![false; right], &mut owners);
    }
    (0..left).map(|one| owners.iter().position(|owner| *owner == Some(one))).collect()
}

fn same_message(expect: &Expect, touch: &Touch) -> bool {
    matches!(expect, Expect::Touch { message, .. } if *message.node == *touch.candidate.message)
}

fn same_rule(expect: &Expect, touch: &Touch) -> bool {
    matches!(expect, Expect::Touch { rule: Some(rule), .. } if *rule.node == *touch.candidate.rule)
}

fn touch_matches(expect: &Expect, touch: &Touch, zone: &Zone) -> bool {
    let Expect::Touch { channel, rule, when, payload, .. } = expect else { return false };
    same_message(expect, touch)
        && channel.as_ref().is_none_or(|channel| *channel.node == *touch.channel)
        && rule.as_ref().is_none_or(|rule| *rule.node == *touch.candidate.rule)
        && match when {
            None => true,
            Some(ExpectWhen::At(civil)) => zone.instant(*civil) == touch.at,
            Some(ExpectWhen::On(date)) => touch.local.date() == *date,
        }
        && payload.iter().all(|expected| {
            let sent = touch.with.iter().find(|(key, _)| **key == *expected.key.node);
            sent.is_some_and(|(_, sent)| payload_matches(&expected.value, sent, zone))
        })
}

fn payload_matches(expected: &Expr, sent: &Payload, zone: &Zone) -> bool {
    match (&expected.node, sent) {
        (ExprKind::Number(number, None), Payload::Number(sent)) => number == sent,
        (ExprKind::Negative(part), Payload::Number(sent)) => match part.node {
            ExprKind::Number(number, None) => number.negated() == Some(*sent),
            _ => false,
        },
        (ExprKind::Text(text) | ExprKind::Name(text), Payload::Text(sent)) => **text == **sent,
        (ExprKind::Text(text), Payload::List(sent)) => *text == sent.join(", "),
        (ExprKind::Date(date), Payload::Date(sent)) => date == sent,
        (ExprKind::DateTime(civil), Payload::Instant(sent)) => zone.instant(*civil) == *sent,
        (ExprKind::YesNo(answer), Payload::YesNo(sent)) => answer == sent,
        _ => false,
    }
}

fn withheld_matches(expect: &Expect, withheld: &Withheld, also_reason: bool) -> bool {
    let Expect::Withheld { name, reason } = expect else { return false };
    let candidate = &withheld.candidate;
    let code = reason.as_ref().filter(|_| also_reason);
    (*name.node == *candidate.message || *name.node == *candidate.rule)
        && code.is_none_or(|code| withheld.reasons.iter().any(|one| one.reason.code() == code.node))
}
