//! What a condition finds at one moment: every part of it with the value that decides it.

use super::{
    ask::{Ask, Edge},
    words::{Words, ago, join, list, moment, plural, window_words},
};
use crate::{
    diagnostic::Sources,
    program::{Condition, ConditionId, Expression, ExpressionId, Origin, SetId, Window},
    snapshot::{Answer, Value},
    syntax::ast::Compare,
    time::{Instant, Unit, weekday_name},
};

/// A condition, or a part of one, at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Whether it holds.
    pub holds: bool,
    /// The condition, as written where that is known.
    pub text: String,
    /// What decides it: `last order 12 days ago (2026-02-17 14:03)`. Empty if its text or its parts say it all.
    pub fact: String,
    /// When it will change if nothing happens, if it will.
    pub changes_at: Option<Instant>,
    /// How far it was followed, if not to its next change: it changes then or later, or never.
    pub followed_to: Option<Instant>,
    /// Whether it is a segment, and the text its name.
    pub is_segment: bool,
    /// How its parts make it up.
    pub joint: Joint,
    /// Its parts.
    pub parts: Vec<Finding>,
}

/// How a condition is made up of its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joint {
    /// It has no parts.
    None,
    /// All of them must hold.
    All,
    /// One of them must hold.
    Any,
    /// Its one part must not hold.
    Not,
}

/// Looks into conditions.
#[derive(Clone, Copy)]
pub(super) struct Finder<'a> {
    pub(super) ask: Ask<'a>,
    pub(super) words: Words<'a>,
    pub(super) sources: &'a Sources,
}

impl Finder<'_> {
    /// What the condition finds.
    pub(super) fn find(&self, id: ConditionId) -> Finding {
        self.find_in(id, None, false)
    }

    /// Below a `not` nothing is needed, so nothing is said of needs.
    fn find_in(&self, id: ConditionId, parent: Option<&str>, below_not: bool) -> Finding {
        let program = self.ask.program();
        let segment = program.segments.iter().find(|segment| segment.condition == id);
        let parts = |joint, ids: &[ConditionId]| {
            let text = segment.map_or_else(|| self.text(id, parent), |segment| segment.name.clone());
            let below_not = below_not || joint == Joint::Not;
            let (changes_at, followed_to) = self.change(id);
            let parts = ids.iter().map(|part| self.find_in(*part, Some(&text), below_not)).collect();
            Finding {
                holds: self.ask.holds(id),
                fact: String::new(),
                changes_at,
                followed_to,
                is_segment: segment.is_some(),
                joint,
                parts,
                text,
            }
        };
        let (asked, wanted) = match program.arena.condition(id) {
            Condition::And(ids) => return parts(Joint::All, ids),
            Condition::Or(ids) => return parts(Joint::Any, ids),
            Condition::Not(part) if self.is_group(*part) => return parts(Joint::Not, &[*part]),
            Condition::Not(part) => (*part, false),
            _ => (id, true),
        };
        let holds = self.ask.holds(id);
        // A segment's name alone would not say what is asked.
        let text = match segment {
            Some(segment) => format!("{}: {}", segment.name, self.text(id, None)),
            None => self.text(id, parent),
        };
        let fact = self.fact(asked, wanted, holds || below_not);
        let (changes_at, followed_to) = self.change(id);
        Finding {
            holds,
            fact: if fact == text { String::new() } else { fact },
            text,
            changes_at,
            followed_to,
            is_segment: segment.is_some(),
            joint: Joint::None,
            parts: Vec::new(),
        }
    }

    fn is_group(&self, id: ConditionId) -> bool {
        matches!(
            self.ask.program().arena.condition(id),
            Condition::And(_) | Condition::Or(_) | Condition::Not(_)
        )
    }

    /// When the condition changes, or how far it was followed without finding that.
    fn change(&self, id: ConditionId) -> (Option<Instant>, Option<Instant>) {
        match self.ask.stretch(id).1 {
            Edge::None => (None, None),
            Edge::At(at) => (Some(at), None),
            Edge::Beyond(at) => (None, Some(at)),
        }
    }

    /// The words of the rule file on one line; the program's own where the checker put the condition together, as it
    /// does of `points between 10 and 20`.
    pub(super) fn text(&self, id: ConditionId, parent: Option<&str>) -> String {
        const LONGEST: usize = 100;
        let written = self.source(self.ask.program().arena.origin(id));
        let written = Some(written)
            .map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "))
            .filter(|text| !text.is_empty() && text.len() <= LONGEST && !text.contains('#'));
        match written {
            Some(text) if parent != Some(&text) || self.is_life(id) => text,
            _ => self.words.condition(id),
        }
    }

    /// What stands at a place of the rule files.
    pub(super) fn source(&self, origin: Origin) -> &str {
        let source = self.sources.get(origin.source);
        source.and_then(|source| source.text.get(origin.span.range())).unwrap_or_default()
    }

    /// Whether it is `from` or `until` of a rule, which lends its words to the whole that the checker puts together.
    fn is_life(&self, id: ConditionId) -> bool {
        matches!(self.ask.program().arena.condition(id), Condition::TodayDate(..))
    }

    /// What decides the condition, and, if it is not as wanted, what it needs.
    fn fact(&self, id: ConditionId, wanted: bool, is_fine: bool) -> String {
        let needs = |text: String| if is_fine { String::new() } else { format!(", needs {text}") };
        match self.ask.program().arena.condition(id) {
            Condition::Constant(_) | Condition::And(_) | Condition::Or(_) | Condition::Not(_) => {
                String::new()
            }
            Condition::Count { set, window, least, most } => {
                let needs = needs(quantity(*least, *most, wanted));
                self.count(*set, *window, *most == 0 && wanted, &needs)
            }
            Condition::Compare { left, op, right } => self.compare(*left, *op, *right, wanted, is_fine),
            Condition::In { value, options } => {
                let options: Vec<String> = options.iter().map(|option| self.shown(*option)).collect();
                let word = if wanted { "" } else { "neither " };
                let and = if wanted { "or" } else { "nor" };
                format!("{}{}", self.is(*value), needs(format!("{word}{}", list(&options, and))))
            }
            Condition::Contains { value, .. } | Condition::Known(value) | Condition::Truth(value) => {
                self.is(*value)
            }
            Condition::SubscribedTo(id) => {
                let channel = self.words.channel(*id);
                let needs_consent =
                    self.ask.program().channels.get(id.index()).is_some_and(|channel| channel.needs_consent);
                match self.ask.user().consent.get(id.index()).copied().unwrap_or_default() {
                    Answer::Yes => format!("said yes to {channel}"),
                    Answer::No => format!("said no to {channel}"),
                    Answer::None if needs_consent => format!("said nothing of {channel}, which needs a yes"),
                    Answer::None => format!("said nothing of {channel}, which needs no consent"),
                }
            }
            Condition::ReachableOn(id) => {
                let channel = self.words.channel(*id);
                let has = if self.ask.user().reachable(*id) { "has an" } else { "has no" };
                format!("{has} address on {channel}")
            }
            Condition::Share { salt, below } => {
                let bucket = self.ask.bucket(*salt);
                let word = if wanted { "below" } else { "at least" };
                format!("bucket {bucket} of 10000{}", needs(format!("{word} {below}")))
            }
            Condition::TodayWeekday(_)
            | Condition::TodayIn(_)
            | Condition::TodayOneOf(_)
            | Condition::TodayDate(..) => {
                let today = self.ask.user().zone.date(self.ask.now());
                format!("today is {} {today}", capital(weekday_name(today.weekday())))
            }
        }
    }

    fn count(&self, set: SetId, window: Window, wants_none: bool, needs: &str) -> String {
        let all = self.ask.members(set);
        let noun = self.words.noun(set);
        let filter = self.words.filter_of(set);
        let one = join(&[&noun, &filter]);
        let Some(last) = all.last().copied() else { return format!("no {one} ever{needs}") };
        let last = format!("{} ({})", self.ago(last), self.moment(last));
        let count = self.ask.count(window, &all);
        match (window, count) {
            _ if wants_none && count > 0 => format!("last {one} {last}"),
            (Window::Ever, count) => {
                let all = join(&[&self.words.so_many(count, set), &filter]);
                let the = if count == 1 { "" } else { "the last " };
                format!("{all}, {the}{last}{needs}")
            }
            (_, 0) => format!("last {one} {last}{needs}"),
            (window, count) => {
                let all = join(&[&self.words.so_many(count, set), &filter, &window_words(window)]);
                format!("{all}{needs}")
            }
        }
    }

    fn compare(
        &self,
        left: ExpressionId,
        op: Compare,
        right: ExpressionId,
        wanted: bool,
        is_fine: bool,
    ) -> String {
        let op = if wanted { op } else { opposite(op) };
        let arena = &self.ask.program().arena;
        let unit = match arena.expression(left) {
            Expression::SinceLast { unit, .. }
            | Expression::SinceFirst { unit, .. }
            | Expression::Since { unit, .. }
            | Expression::Until { unit, .. }
            | Expression::Rhythm { unit, .. } => Some(*unit),
            _ => None,
        };
        let is = match arena.expression(left) {
            Expression::SinceLast { set, .. } => self.occurred(*set, true),
            Expression::SinceFirst { set, .. } => self.occurred(*set, false),
            _ => self.is(left),
        };
        if is_fine && self.ask.value(right) != Value::Missing {
            // Where the other side is worked out, its value is half of the fact.
            return match arena.expression(right) {
                Expression::Constant(_) => is,
                _ => format!("{is}, and {}", self.is(right)),
            };
        }
        let needed = self.ask.value(right);
        if needed == Value::Missing {
            return format!("{is}, but {}", self.is(right));
        }
        let value = match unit {
            Some(unit) => with_unit(&self.words.value(needed), unit),
            None => self.words.value(needed),
        };
        let of = match arena.expression(right) {
            Expression::Constant(_) => String::new(),
            _ => format!(" ({})", self.words.expression(right)),
        };
        let word = match op {
            Compare::Is => "",
            Compare::IsNot => "anything but",
            Compare::Less => "less than",
            Compare::AtMost => "at most",
            Compare::Greater => "more than",
            Compare::AtLeast => "at least",
        };
        format!("{is}, needs {}{of}", join(&[word, &value]))
    }

    /// `last order 12 days ago (2026-02-17 14:03)`
    fn occurred(&self, set: SetId, last: bool) -> String {
        let all = self.ask.members(set);
        let one = join(&[&self.words.noun(set), &self.words.filter_of(set)]);
        let (word, at) = if last { ("last", all.last()) } else { ("first", all.first()) };
        match at {
            Some(at) => format!("{word} {one} {} ({})", self.ago(*at), self.moment(*at)),
            None => format!("no {one} ever"),
        }
    }

    /// `tier is silver`
    fn is(&self, id: ExpressionId) -> String {
        let expression = self.words.expression(id);
        let value = self.words.value(self.ask.value(id));
        match self.ask.program().arena.expression(id) {
            Expression::Constant(_) => value,
            _ => format!("{expression} is {value}"),
        }
    }

    fn shown(&self, id: ExpressionId) -> String {
        self.words.value(self.ask.value(id))
    }

    fn ago(&self, at: Instant) -> String {
        ago(&self.ask.user().zone, at, self.ask.now())
    }

    fn moment(&self, at: Instant) -> String {
        moment(&self.ask.user().zone, at)
    }
}

/// How many a count needs.
fn quantity(least: u32, most: u32, wanted: bool) -> String {
    match (least, most, wanted) {
        (0, 0, true) | (1, u32::MAX, false) => "none".into(),
        (1, u32::MAX, true) | (0, 0, false) => "at least 1".into(),
        (least, u32::MAX, true) => format!("at least {least}"),
        (least, u32::MAX, false) => format!("fewer than {least}"),
        (0, most, true) => format!("at most {most}"),
        (0, most, false) => format!("more than {most}"),
        (least, most, true) if least == most => format!("exactly {least}"),
        (least, most, true) => format!("{least} to {most}"),
        (least, most, false) if least == most => format!("any number but {least}"),
        (least, most, false) => format!("fewer than {least} or more than {most}"),
    }
}

const fn opposite(op: Compare) -> Compare {
    match op {
        Compare::Is => Compare::IsNot,
        Compare::IsNot => Compare::Is,
        Compare::Less => Compare::AtLeast,
        Compare::AtMost => Compare::Greater,
        Compare::Greater => Compare::AtMost,
        Compare::AtLeast => Compare::Less,
    }
}

/// `Saturday`
fn capital(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn with_unit(value: &str, unit: Unit) -> String {
    if value == "1" { format!("1 {unit}") } else { format!("{value} {}", plural(unit.name())) }
}
