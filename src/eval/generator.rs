//! Random programs, users and instants, thick with clock changes and month ends.

use crate::{
    number::Number,
    program::{
        Arena, AttributeId, CalendarId, CategoryId, Channel, ChannelId, Condition, ConditionId, ContactTest,
        Event, EventId, Expression, ExpressionId, Field, FieldId, MessageId, NamedCalendar, Origin, Program,
        RuleId, Set, SetId, Type, Window,
    },
    snapshot::{Answer, Events, PastContact, Texts, User, Value},
    syntax::ast::{Aggregate, Arithmetic, Compare, DateTest, Pick},
    time::{Calendar, CalendarUnit, Date, Instant, Period, Unit, Weekday, WeekdaySet, Zone},
};

/// Choices, read one after the other; when they run out, every choice is the first.
#[derive(Debug, Clone)]
pub(crate) struct Tape {
    choices: Vec<u32>,
    next: usize,
}

impl Tape {
    pub(crate) fn new(choices: Vec<u32>) -> Self {
        Self { choices, next: 0 }
    }

    /// A number below `n`.
    pub(crate) fn below(&mut self, n: u32) -> u32 {
        let choice = self.choices.get(self.next).copied().unwrap_or(0);
        self.next += 1;
        choice % n
    }

    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(u32::try_from(from.len()).unwrap()) as usize]
    }

    /// From `-n` to `n`.
    pub(crate) fn around(&mut self, n: u32) -> i64 {
        i64::from(self.below(2 * n + 1)) - i64::from(n)
    }
}

/// Zones, and moments at which their clocks change or months end.
const PLACES: [(&str, &str); 16] = [
    ("UTC", "2026-02-28T12:00:00Z"),
    ("America/New_York", "2026-11-02T06:15:00Z"),
    ("UTC", "2026-01-31T00:00:00Z"),
    ("America/New_York", "2026-03-08T07:00:00Z"),
    ("America/New_York", "2026-11-01T06:00:00Z"),
    ("Asia/Shanghai", "2026-02-28T16:00:00Z"),
    ("America/Santiago", "2026-04-05T03:00:00Z"),
    ("America/Santiago", "2026-09-06T04:00:00Z"),
    ("Australia/Lord_Howe", "2026-04-04T15:00:00Z"),
    ("Australia/Lord_Howe", "2026-10-03T15:30:00Z"),
    ("Pacific/Apia", "2011-12-30T10:00:00Z"),
    ("America/St_Johns", "2006-10-29T02:31:00Z"),
    ("America/St_Johns", "2006-04-02T03:31:00Z"),
    ("America/New_York", "2024-02-29T05:00:00Z"),
    ("Europe/Berlin", "1970-01-01T00:00:00Z"),
    ("Africa/Casablanca", "2026-02-15T02:00:00Z"),
];

/// A random program, its conditions and expressions, a user and a place in time.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) program: Program,
    pub(crate) conditions: Vec<ConditionId>,
    pub(crate) expressions: Vec<ExpressionId>,
    pub(crate) periods: Vec<Period>,
    pub(crate) user: User,
    pub(crate) anchor: Instant,
    pub(crate) now: Instant,
    pub(crate) tape: Tape,
}

impl World {
    pub(crate) fn new(mut tape: Tape) -> Self {
        let (zone, anchor) = tape.pick(&PLACES);
        let zone = Zone::named(zone).unwrap();
        let anchor: Instant = anchor.parse().unwrap();
        let mut maker =
            Maker { tape, zone, anchor, arena: Arena::new(), sets: Vec::new(), periods: Vec::new() };
        let words: Vec<_> = ["a", "b", "ab"].map(|word| maker.arena.intern(word)).into();
        let mut expressions: Vec<ExpressionId> = (0..7)
            .map(|index| maker.arena.add_expression(Expression::Attribute(AttributeId(index))))
            .collect();
        for _ in 0..3 {
            let value = maker.value(&words);
            expressions.push(maker.arena.add_expression(Expression::Constant(value)));
        }
        maker.add_sets(&words);
        let mut conditions = Vec::new();
        for _ in 0..4 + maker.tape.below(12) {
            let expression = maker.expression(&expressions);
            expressions.push(maker.arena.add_expression(expression));
            let condition = maker.condition(&conditions, &expressions);
            conditions.push(maker.arena.add_condition(condition, Origin::default()));
        }
        let days = (0..4).map(|_| (maker.date(), "day".to_owned())).collect::<Vec<_>>();
        let now = maker.instant();
        let mut program = program(maker.arena.clone(), Calendar::from_rows(days));
        let user = maker.user(&words);
        // The last is one that the user does not have.
        program.attributes = user.attributes.iter().chain([&Value::Missing]).map(attribute).collect();
        Self { program, conditions, expressions, periods: maker.periods, user, anchor, now, tape: maker.tape }
    }

    /// An instant near the anchor.
    pub(crate) fn instant(&mut self) -> Instant {
        near(&mut self.tape, &self.user.zone, self.anchor)
    }

    pub(crate) fn contact(&mut self) -> PastContact {
        let at = self.instant();
        contact(&mut self.tape, at)
    }
}

fn near(tape: &mut Tape, zone: &Zone, anchor: Instant) -> Instant {
    const MINUTE: i64 = 60_000_000;
    let unit = tape.pick(&[Unit::Day, Unit::Hour, Unit::Month, Unit::Week]);
    // Often close to the anchor, or just some units from it.
    let is_close = tape.below(2) == 0;
    let far = if is_close {
        1
    } else if unit == Unit::Month {
        3
    } else {
        40
    };
    let fine = [0, 0, 1, -1, 30 * MINUTE, -30 * MINUTE, 45 * MINUTE, 60 * MINUTE, -60 * MINUTE, 7 * MINUTE];
    let count = tape.around(far);
    let hours = tape.around(if is_close { 3 } else { 30 });
    let coarse = zone.step(zone.step(anchor, count, unit), hours, Unit::Hour);
    coarse.plus_micros(tape.pick(&fine))
}

fn contact(tape: &mut Tape, at: Instant) -> PastContact {
    PastContact {
        at,
        channel: tape.pick(&[None, Some(ChannelId(0)), Some(ChannelId(1))]),
        message: tape.pick(&[None, Some(MessageId(0))]),
        categories: tape
            .pick(&[&[][..], &[CategoryId(0)], &[CategoryId(0), CategoryId(1)]])
            .iter()
            .copied()
            .collect(),
        rule: tape.pick(&[None, Some(RuleId(0)), Some(RuleId(1))]),
        touch_id: None,
    }
}

struct Maker {
    tape: Tape,
    zone: Zone,
    anchor: Instant,
    arena: Arena,
    sets: Vec<SetId>,
    periods: Vec<Period>,
}

impl Maker {
    fn instant(&mut self) -> Instant {
        near(&mut self.tape, &self.zone, self.anchor)
    }

    fn date(&mut self) -> Date {
        let at = self.instant();
        self.zone.date(at)
    }

    fn value(&mut self, words: &[crate::program::Symbol]) -> Value {
        match self.tape.below(9) {
            0 => Value::Missing,
            1 => Value::Text(self.tape.pick(words)),
            2 => Value::Date(self.date()),
            3 => Value::Instant(self.instant()),
            4 => Value::YesNo(self.tape.below(2) == 0),
            5 => Value::List(self.tape.below(3), self.tape.below(3)),
            _ => Value::Number(self.number()),
        }
    }

    fn number(&mut self) -> Number {
        let half = self.tape.pick(&[0, 0, 0, 500_000, 999_999]);
        Number::from_millionths(self.tape.around(20) * 1_000_000 + half)
    }

    fn add_sets(&mut self, words: &[crate::program::Symbol]) {
        let amount = self.arena.add_expression(Expression::Field(FieldId(0)));
        let category = self.arena.add_expression(Expression::Field(FieldId(1)));
        let limit = Value::Number(self.number());
        let limit = self.arena.add_expression(Expression::Constant(limit));
        let word = self.arena.add_expression(Expression::Constant(Value::Text(words[0])));
        let over = Condition::Compare { left: amount, op: Compare::AtLeast, right: limit };
        let over = self.arena.add_condition(over, Origin::default());
        let is_word = Condition::In { value: category, options: [word, amount].into() };
        let is_word = self.arena.add_condition(is_word, Origin::default());
        let either = self.arena.add_condition(Condition::Or([over, is_word].into()), Origin::default());
        for event in [EventId(0), EventId(1)] {
            for filter in [None, Some(over), Some(is_word), Some(either)] {
                self.sets.push(self.arena.add_set(Set::Events { event, filter }));
            }
        }
        for test in [
            ContactTest::Any,
            ContactTest::Channel(ChannelId(0)),
            ContactTest::Message(MessageId(0)),
            ContactTest::Category(CategoryId(0)),
            ContactTest::Rule(RuleId(1)),
        ] {
            self.sets.push(self.arena.add_set(Set::Contacts(test)));
        }
    }

    fn unit(&mut self) -> Unit {
        self.tape.pick(&[Unit::Day, Unit::Month, Unit::Week, Unit::Year, Unit::Hour])
    }

    fn window(&mut self) -> Window {
        match self.tape.below(10) {
            0 => Window::Ever,
            1 => Window::Since(self.date()),
            2 => Window::Sequence,
            3 | 4 => Window::Calendar(self.tape.pick(&[
                CalendarUnit::Day,
                CalendarUnit::Week,
                CalendarUnit::Month,
                CalendarUnit::Year,
            ])),
            _ => {
                let unit = self.unit();
                let most = if unit == Unit::Year {
                    1
                } else if unit == Unit::Month {
                    3
                } else {
                    40
                };
                let period = Period::new(1 + self.tape.below(most), unit);
                self.periods.push(period);
                Window::Rolling(period)
            }
        }
    }

    fn expression(&mut self, parts: &[ExpressionId]) -> Expression {
        let (set, field) = (self.tape.pick(&self.sets), FieldId(self.tape.below(2)));
        match self.tape.below(12) {
            0 => Expression::Negative(self.tape.pick(parts)),
            1 | 2 => Expression::Arithmetic {
                left: self.tape.pick(parts),
                op: self.tape.pick(&[
                    Arithmetic::Add,
                    Arithmetic::Subtract,
                    Arithmetic::Multiply,
                    Arithmetic::Divide,
                ]),
                right: self.tape.pick(parts),
            },
            3 => Expression::Count { set, window: self.window() },
            4 => Expression::Aggregate {
                kind: self.tape.pick(&[
                    Aggregate::Total,
                    Aggregate::Average,
                    Aggregate::Smallest,
                    Aggregate::Largest,
                ]),
                set,
                field,
                window: self.window(),
            },
            5 => Expression::Rhythm { unit: self.unit(), set, window: self.window() },
            6 => Expression::Pick {
                which: self.tape.pick(&[Pick::Last, Pick::First, Pick::MostCommon]),
                set,
                field,
                window: self.window(),
            },
            7 => Expression::SinceLast { unit: self.unit(), set, window: self.window() },
            8 => Expression::SinceFirst { unit: self.unit(), set, window: self.window() },
            9 => Expression::Since { unit: self.unit(), moment: self.moment(parts) },
            _ => Expression::Until { unit: self.unit(), moment: self.moment(parts) },
        }
    }

    /// Mostly one of the attributes that are dates and instants.
    fn moment(&mut self, parts: &[ExpressionId]) -> ExpressionId {
        if self.tape.below(4) == 0 { self.tape.pick(parts) } else { self.tape.pick(&parts[2..5]) }
    }

    fn condition(&mut self, conditions: &[ConditionId], expressions: &[ExpressionId]) -> Condition {
        let last = expressions[expressions.len() - 1];
        let parts = |tape: &mut Tape| -> Box<[ConditionId]> {
            (0..tape.below(4)).map(|_| tape.pick(conditions)).collect()
        };
        match self.tape.below(18) {
            0 => Condition::Constant(self.tape.below(2) == 0),
            1 | 2 if !conditions.is_empty() => Condition::And(parts(&mut self.tape)),
            3 | 4 if !conditions.is_empty() => Condition::Or(parts(&mut self.tape)),
            5 if !conditions.is_empty() => Condition::Not(self.tape.pick(conditions)),
            6 => Condition::In {
                value: self.tape.pick(expressions),
                options: (0..3).map(|_| self.tape.pick(expressions)).collect(),
            },
            7 => {
                Condition::Contains { value: self.tape.pick(expressions), part: self.tape.pick(expressions) }
            }
            8 => Condition::Known(last),
            9 => match self.tape.below(4) {
                0 => Condition::Truth(self.tape.pick(expressions)),
                1 => Condition::SubscribedTo(ChannelId(self.tape.below(3))),
                2 => Condition::ReachableOn(ChannelId(self.tape.below(3))),
                _ => Condition::Share { salt: self.arena.intern("salt"), below: self.tape.below(10_001) },
            },
            10 => match self.tape.below(3) {
                0 => Condition::TodayWeekday(
                    (0..self.tape.below(4))
                        .map(|_| self.tape.pick(&[Weekday::Monday, Weekday::Tuesday, Weekday::Sunday]))
                        .collect::<WeekdaySet>(),
                ),
                1 => Condition::TodayIn(CalendarId(0)),
                _ => {
                    let mut dates: Vec<Date> = (0..self.tape.below(4)).map(|_| self.date()).collect();
                    dates.sort_unstable();
                    dates.dedup();
                    Condition::TodayOneOf(dates.into())
                }
            },
            11 => {
                let test = self.tape.pick(&[
                    DateTest::On,
                    DateTest::Before,
                    DateTest::After,
                    DateTest::OnOrAfter,
                    DateTest::OnOrBefore,
                ]);
                Condition::TodayDate(test, self.moment(expressions))
            }
            12..=14 => {
                let least = self.tape.below(4);
                let most = self.tape.pick(&[u32::MAX, 0, 1, 2, 3]);
                Condition::Count { set: self.tape.pick(&self.sets), window: self.window(), least, most }
            }
            _ => {
                let (mut left, mut right) = (last, self.tape.pick(expressions));
                if self.tape.below(2) == 0 {
                    let number = Value::Number(self.number());
                    right = self.arena.add_expression(Expression::Constant(number));
                }
                if self.tape.below(3) == 0 {
                    (left, right) = (right, left);
                }
                let op = self.tape.pick(&[
                    Compare::AtLeast,
                    Compare::Less,
                    Compare::Is,
                    Compare::Greater,
                    Compare::AtMost,
                ]);
                Condition::Compare { left, op, right }
            }
        }
    }

    fn user(&mut self, words: &[crate::program::Symbol]) -> User {
        let events = (0..2)
            .map(|_| {
                let count = self.tape.below(9);
                let mut at: Vec<Instant> = (0..count).map(|_| self.instant()).collect();
                at.sort_unstable();
                let amounts = at.iter().map(|_| match self.tape.below(4) {
                    0 => Value::Missing,
                    _ => Value::Number(self.number()),
                });
                let amounts = amounts.collect();
                let kinds = at.iter().map(|_| match self.tape.below(4) {
                    0 => Value::Missing,
                    _ => Value::Text(self.tape.pick(words)),
                });
                Events { columns: vec![amounts, kinds.collect()], at, ..Events::default() }
            })
            .collect();
        let mut contacts: Vec<PastContact> = (0..self.tape.below(5))
            .map(|_| {
                let at = self.instant();
                contact(&mut self.tape, at)
            })
            .collect();
        contacts.sort_by_key(|contact| contact.at);
        let mut texts = Texts::default();
        texts.push("own");
        User {
            id: "someone".into(),
            zone: self.zone,
            locale: None,
            attributes: vec![
                Value::Number(self.number()),
                Value::Text(words[0]),
                Value::Date(self.date()),
                Value::Instant(self.instant()),
                Value::Instant(self.instant()),
                self.value(words),
            ],
            consent: vec![Answer::None, self.tape.pick(&[Answer::Yes, Answer::No])],
            reachable: vec![true, false],
            events,
            contacts,
            texts,
            lists: vec![words[0], words[1], words[0]],
        }
    }
}

/// An attribute of a type that has the value.
fn attribute(value: &Value) -> Field {
    let ty = match value {
        Value::Missing | Value::Number(_) => Type::Number,
        Value::Text(_) => Type::Text,
        Value::Date(_) => Type::Date,
        Value::Instant(_) => Type::DateTime,
        Value::YesNo(_) => Type::YesNo,
        Value::List(..) => Type::List,
    };
    Field { name: "attribute".into(), ty }
}

/// A program of these conditions.
pub(crate) fn program(arena: Arena, calendar: Calendar) -> Program {
    let field = |name: &str, ty: Type| Field { name: name.into(), ty };
    let event = |name: &str| Event {
        name: name.into(),
        plural: None,
        fields: vec![field("amount", Type::Number), field("category", Type::Text)],
    };
    Program {
        zone: Zone::utc(),
        week_starts: Weekday::Monday,
        arena,
        attributes: Vec::new(),
        events: vec![event("order"), event("visit")],
        channels: ["push", "sms"]
            .map(|name| Channel { name: name.into(), needs_consent: name == "sms" })
            .into(),
        messages: Vec::new(),
        categories: Vec::new(),
        calendars: vec![NamedCalendar { name: "cn".into(), calendar }],
        segments: Vec::new(),
        quiet_hours: Vec::new(),
        contact_hours: Vec::new(),
        caps: Vec::new(),
        gaps: Vec::new(),
        hold_outs: Vec::new(),
        rules: Vec::new(),
    }
}
