//! Questions about what is known of a user: attributes, consent, addresses, shares.

use super::{
    leaves::{LeafId, Leaves},
    question::{Column, Question},
    range::{May, Range, code},
    span::{CLOCKS, EARLIEST, Era, LATEST, Span, Spans},
};
use crate::{
    eval::bucket,
    program::{AttributeId, ChannelId, Program, Symbol},
    snapshot::{User, Value},
    time::{DAY, Date, Instant, Zone, day_number},
};

/// What is asked of one attribute.
#[derive(Debug)]
struct Attribute {
    id: AttributeId,
    /// Whether it has this code; in order of codes.
    is: Vec<(i64, LeafId)>,
    /// Other questions about its value.
    others: Asked,
    /// Questions about how long ago it is, by era.
    ahead: Asked,
    around: Asked,
    /// Members that it may have.
    members: Vec<(LeafId, Symbol)>,
    /// Rules that are due by it.
    dates: Vec<Dates>,
}

/// What is asked of a value.
#[derive(Debug, Default)]
struct Asked {
    questions: Vec<(LeafId, Question)>,
    /// What it is of the users at hand who have one.
    column: Column,
}

/// Dates of a user by which a rule is due.
#[derive(Debug)]
struct Dates {
    leaf: LeafId,
    /// Whether only the date itself counts, not its return every year.
    once: bool,
    /// How many days after the date the rule is due.
    offset: i64,
    /// How long ago that may be, in microseconds.
    age: i64,
    /// The days by which it is due in the span at hand, by their numbers.
    days: (i64, i64),
    /// Those of a year that are among them, as bits by month; all if there are too many.
    of_year: Option<[u32; 13]>,
}

/// Everything that is asked about a user besides events.
#[derive(Debug, Default)]
pub(super) struct Attributes {
    attributes: Vec<Attribute>,
    subscribed: Vec<(ChannelId, LeafId)>,
    reachable: Vec<(ChannelId, LeafId)>,
    shares: Vec<(Symbol, Vec<(u32, LeafId)>)>,
    spans: Option<Spans>,
}

impl Attributes {
    fn attribute(&mut self, id: AttributeId) -> Option<&mut Attribute> {
        let index = match self.attributes.iter().position(|attribute| attribute.id == id) {
            Some(known) => known,
            None => {
                self.attributes.push(Attribute {
                    id,
                    is: Vec::new(),
                    others: Asked::default(),
                    ahead: Asked::default(),
                    around: Asked::default(),
                    members: Vec::new(),
                    dates: Vec::new(),
                });
                self.attributes.len() - 1
            }
        };
        self.attributes.get_mut(index)
    }

    /// Whether the attribute has one of these codes.
    pub(super) fn ask_is(&mut self, id: AttributeId, codes: &[i64], leaves: &mut Leaves) -> LeafId {
        let leaf = leaves.add(May::surely(false));
        if let Some(attribute) = self.attribute(id) {
            attribute.is.extend(codes.iter().map(|code| (*code, leaf)));
            attribute.is.sort_unstable_by_key(|(code, leaf)| (*code, leaf.0));
        }
        leaf
    }

    /// Any other question about the attribute's value.
    pub(super) fn ask(&mut self, id: AttributeId, question: Question, leaves: &mut Leaves) -> LeafId {
        let leaf = leaves.add(question.answer(Range::MISSING));
        if let Some(attribute) = self.attribute(id) {
            attribute.others.questions.push((leaf, question));
        }
        leaf
    }

    /// A question about how long ago the attribute is.
    pub(super) fn ask_elapsed(
        &mut self,
        id: AttributeId,
        era: Era,
        question: Question,
        leaves: &mut Leaves,
    ) -> LeafId {
        let leaf = leaves.add(question.answer(Range::MISSING));
        if let Some(attribute) = self.attribute(id) {
            let asked = match era {
                Era::Ahead => &mut attribute.ahead,
                Era::Around => &mut attribute.around,
            };
            asked.questions.push((leaf, question));
        }
        leaf
    }

    /// Whether the attribute is a list with that member.
    pub(super) fn ask_member(&mut self, id: AttributeId, member: Symbol, leaves: &mut Leaves) -> LeafId {
        let leaf = leaves.add(May::surely(false));
        if let Some(attribute) = self.attribute(id) {
            attribute.members.push((leaf, member));
        }
        leaf
    }

    /// Whether a date so many days after the attribute's (each year, unless `once`) lies ahead, or is no older than `age`
    /// microseconds.
    pub(super) fn ask_date(
        &mut self,
        id: AttributeId,
        (once, offset, age): (bool, i64, i64),
        leaves: &mut Leaves,
    ) -> LeafId {
        let leaf = leaves.add(May::surely(false));
        if let Some(attribute) = self.attribute(id) {
            attribute.dates.push(Dates { leaf, once, offset, age, days: (0, 0), of_year: None });
        }
        leaf
    }

    pub(super) fn ask_subscribed(&mut self, channel: ChannelId, leaves: &mut Leaves) -> LeafId {
        let leaf = leaves.add(May::ANY);
        self.subscribed.push((channel, leaf));
        leaf
    }

    pub(super) fn ask_reachable(&mut self, channel: ChannelId, leaves: &mut Leaves) -> LeafId {
        let leaf = leaves.add(May::ANY);
        self.reachable.push((channel, leaf));
        leaf
    }

    /// Whether the user's bucket is below that; none if there are already so many salts.
    pub(super) fn ask_share(
        &mut self,
        salt: Symbol,
        below: u32,
        most_salts: usize,
        leaves: &mut Leaves,
    ) -> Option<LeafId> {
        let known = self.shares.iter().position(|(known, _)| *known == salt);
        if known.is_none() && self.shares.len() >= most_salts {
            return None;
        }
        let leaf = leaves.add(May::ANY);
        match known.and_then(|known| self.shares.get_mut(known)) {
            Some((_, bounds)) => bounds.push((below, leaf)),
            None => self.shares.push((salt, vec![(below, leaf)])),
        }
        Some(leaf)
    }

    /// Turns to a span: works out which dates lie in it.
    pub(super) fn turn_to(&mut self, spans: Spans) {
        if self.spans == Some(spans) {
            return;
        }
        self.spans = Some(spans);
        for dates in self.attributes.iter_mut().flat_map(|attribute| &mut attribute.dates) {
            dates.turn_to(spans.ahead);
        }
    }

    /// Answers what was asked of the users who were looked at.
    pub(super) fn conclude(&mut self, leaves: &mut Leaves) {
        for Attribute { others, ahead, around, .. } in &mut self.attributes {
            for asked in [others, ahead, around] {
                asked.column.answer_all(&asked.questions, leaves);
            }
        }
    }

    /// Looks at a user, the one of that bit.
    pub(super) fn look_at(&mut self, program: &Program, user: &User, bit: u64, leaves: &mut Leaves) {
        let Some(spans) = self.spans else { return };
        for attribute in &mut self.attributes {
            attribute.look_at(user, spans, bit, leaves);
        }
        for (channel, leaf) in &self.subscribed {
            leaves.set(*leaf, bit, May::surely(user.subscribed(program, *channel)));
        }
        for (channel, leaf) in &self.reachable {
            leaves.set(*leaf, bit, May::surely(user.reachable(*channel)));
        }
        for (salt, bounds) in &self.shares {
            let bucket = bucket(user.text(program, *salt), &user.id);
            for (below, leaf) in bounds {
                leaves.set(*leaf, bit, May::surely(bucket < *below));
            }
        }
    }
}

impl Asked {
    /// What the value of the user of that bit is, if anything is asked of it.
    fn note(&mut self, bit: u64, range: impl FnOnce() -> Range) {
        if !self.questions.is_empty() {
            self.column.push(bit, range());
        }
    }
}

impl Attribute {
    fn look_at(&mut self, user: &User, spans: Spans, bit: u64, leaves: &mut Leaves) {
        let value = user.attribute(self.id);
        if value == Value::Missing {
            return;
        }
        if let Some(code) = code(value) {
            let first = self.is.partition_point(|(other, _)| *other < code);
            for (_, leaf) in self.is.iter().skip(first).take_while(|(other, _)| *other == code) {
                leaves.set(*leaf, bit, May::surely(true));
            }
        }
        self.others.note(bit, || Range::of(value));
        self.ahead.note(bit, || elapsed(value, spans.ahead));
        self.around.note(bit, || elapsed(value, spans.around));
        if let Value::List(start, count) = value {
            let members = user.list(start, count);
            for (leaf, member) in &self.members {
                leaves.set(*leaf, bit, May::surely(members.contains(member)));
            }
        }
        if self.dates.is_empty() {
            return;
        }
        let days = Days::of(value);
        for dates in &self.dates {
            let may = days.as_ref().map_or(May::ANY, |days| dates.answer(days));
            leaves.set(dates.leaf, bit, may);
        }
    }
}

/// How long ago a date or an instant was, anywhere in the span.
fn elapsed(value: Value, span: Span) -> Range {
    let (earliest, latest) = match value {
        Value::Instant(at) => (at, at),
        Value::Date(date) => {
            let start = Instant::from_micros(day_number(date).saturating_mul(DAY));
            (start.plus_micros(-CLOCKS), start.plus_micros(CLOCKS))
        }
        _ => return Range::UNKNOWN,
    };
    let is_usual = |at: Instant| EARLIEST < at && at < LATEST;
    if ![earliest, latest, span.from, span.until].into_iter().all(is_usual) {
        return Range::UNKNOWN;
    }
    let since = |at: Instant, moment: Instant| at.as_micros() - moment.as_micros();
    Range::between(since(span.from, latest), since(span.until, earliest))
}

impl Dates {
    fn turn_to(&mut self, ahead: Span) {
        let utc = Zone::utc();
        let day = |at: Instant| day_number(utc.date(at));
        let first = day(ahead.from.plus_micros(-self.age.saturating_add(CLOCKS))) - self.offset - 1;
        let last = day(ahead.until.plus_micros(CLOCKS)) - self.offset + 1;
        self.days = (first, last);
        self.of_year = None;
        if last - first >= 360 {
            return;
        }
        // With one more day on each side, a 29th of February that is kept on the 28th is among them.
        let mut of_year = [0; 13];
        for number in first - 1..=last + 1 {
            let Some(date) = date_of(number) else { return };
            mark(&mut of_year, date);
            if (date.month(), date.day()) == (2, 28) {
                mark(&mut of_year, Date::constant(2000, 2, 29));
            }
        }
        self.of_year = Some(of_year);
    }

    fn answer(&self, days: &Days) -> May {
        let hold = match (self.once, self.of_year) {
            (true, _) => self.days.0 <= days.last && days.first <= self.days.1,
            (false, None) => true,
            (false, Some(of_year)) => days.dates.iter().flatten().any(|date| is_marked(&of_year, *date)),
        };
        May { hold, fail: true }
    }
}

/// The civil dates that a value may be, one after another.
struct Days {
    first: i64,
    last: i64,
    dates: [Option<Date>; 3],
}

impl Days {
    /// `None` if it is no date, or too far away.
    fn of(value: Value) -> Option<Self> {
        match value {
            Value::Date(date) => {
                let number = day_number(date);
                Some(Self { first: number, last: number, dates: [Some(date), None, None] })
            }
            // Its civil date is that of UTC or one beside it.
            Value::Instant(at) if EARLIEST < at && at < LATEST => {
                let number = day_number(Zone::utc().date(at));
                let (first, last) = (number - 1, number + 1);
                Some(Self { first, last, dates: [first, number, last].map(date_of) })
            }
            _ => None,
        }
    }
}

fn date_of(number: i64) -> Option<Date> {
    let at = Instant::from_micros(number.checked_mul(DAY)?);
    Some(Zone::utc().date(at))
}

fn mark(of_year: &mut [u32; 13], date: Date) {
    if let Some(month) = usize::try_from(date.month()).ok().and_then(|month| of_year.get_mut(month)) {
        *month |= 1 << date.day();
    }
}

fn is_marked(of_year: &[u32; 13], date: Date) -> bool {
    let month = usize::try_from(date.month()).ok().and_then(|month| of_year.get(month));
    month.is_some_and(|month| month & (1 << date.day()) != 0)
}
