//! What `docs/semantics.md` says in sections 2 to 4, sentence by sentence.

mod change;
mod values;
mod windows;

use super::{Evaluator, Situation, Spell, Stretch, bucket, generator, row_holds};
use crate::{
    number::Number,
    program::{
        Arena, AttributeId, CategoryId, ChannelId, Condition, ConditionId, ContactTest, EventId, Expression,
        ExpressionId, FieldId, Origin, Program, Set, SetId, Window,
    },
    snapshot::{Answer, Events, PastContact, Texts, User, Value},
    syntax::ast::{Aggregate, Arithmetic, Compare, DateTest, Pick},
    time::{Calendar, CalendarUnit, Date, Instant, Period, Unit, Weekday, Zone},
};

const ORDER: EventId = EventId(0);
const AMOUNT: FieldId = FieldId(0);
const CATEGORY: FieldId = FieldId(1);
const SOME: (u32, u32) = (1, u32::MAX);
const NONE: (u32, u32) = (0, 0);

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn number(text: &str) -> Value {
    Value::Number(text.parse::<Number>().unwrap())
}

/// A user and the rules about them.
struct Scene {
    program: Program,
    user: User,
    now: Instant,
    sequence: Option<Instant>,
}

impl Scene {
    fn new(zone: &str) -> Self {
        let calendar = Calendar::from_rows([(date("2026-02-17"), "Spring Festival".to_owned())]);
        Self {
            program: generator::program(Arena::new(), calendar),
            user: User {
                id: "u1".into(),
                zone: Zone::named(zone).unwrap(),
                locale: None,
                attributes: Vec::new(),
                consent: Vec::new(),
                reachable: Vec::new(),
                events: vec![Events { columns: vec![Vec::new(), Vec::new()], ..Events::default() }],
                contacts: Vec::new(),
                texts: Texts::default(),
                lists: Vec::new(),
            },
            now: at("2026-12-31T00:00:00Z"),
            sequence: None,
        }
    }

    /// Orders, in order of time.
    fn order(mut self, when: &str, amount: Value, category: &str) -> Self {
        let category = match category {
            "" => Value::Missing,
            text => Value::Text(self.program.arena.intern(text)),
        };
        let events = &mut self.user.events[0];
        events.at.push(at(when));
        events.columns[0].push(amount);
        events.columns[1].push(category);
        self
    }

    fn orders(self, when: &[&str]) -> Self {
        when.iter().fold(self, |scene, when| scene.order(when, Value::Missing, ""))
    }

    fn attribute(mut self, value: Value) -> Self {
        self.user.attributes.push(value);
        self
    }

    fn all_orders(&mut self) -> SetId {
        self.program.arena.add_set(Set::Events { event: ORDER, filter: None })
    }

    fn condition(&mut self, condition: Condition) -> ConditionId {
        self.program.arena.add_condition(condition, Origin::default())
    }

    fn expression(&mut self, expression: Expression) -> ExpressionId {
        self.program.arena.add_expression(expression)
    }

    fn constant(&mut self, value: Value) -> ExpressionId {
        self.expression(Expression::Constant(value))
    }

    fn count(&mut self, window: Window, (least, most): (u32, u32)) -> ConditionId {
        let set = self.all_orders();
        self.condition(Condition::Count { set, window, least, most })
    }

    fn compare(&mut self, left: ExpressionId, op: Compare, right: Value) -> ConditionId {
        let right = self.constant(right);
        self.condition(Condition::Compare { left, op, right })
    }

    fn ask<T>(&self, question: impl FnOnce(&mut Evaluator, &Situation<'_>) -> T) -> T {
        let situation = Situation {
            program: &self.program,
            user: &self.user,
            now: self.now,
            contacts: &self.user.contacts,
            sequence: self.sequence,
        };
        question(&mut Evaluator::new(&self.program), &situation)
    }

    fn holds(&self, c: ConditionId, t: &str) -> bool {
        self.ask(|evaluator, s| evaluator.holds(s, c, at(t)))
    }

    fn value(&self, e: ExpressionId, t: &str) -> Value {
        self.ask(|evaluator, s| evaluator.value(s, e, at(t)))
    }

    fn spell(&self, c: ConditionId, t: &str) -> Option<(String, String)> {
        let spell = self.ask(|evaluator, s| evaluator.spell_at(s, c, at(t)));
        spell.map(|Spell { start, end }| (start.to_string(), end.to_string()))
    }

    /// The only spell of a condition, which holds `t`.
    fn assert_spell(&self, c: ConditionId, t: &str, start: &str, end: &str) {
        assert_eq!(self.spell(c, t), Some((start.to_owned(), end.to_owned())));
    }
}
