//! Texts, sets, conditions and expressions, each stored once.

use std::{hash::Hash, sync::Arc};

use hashbrown::HashMap;

use super::{
    Condition, ConditionId, ContactTest, Expression, ExpressionId, Origin, Set, SetId, Symbol, Window,
};

/// What the value of a node depends on, besides attributes, consent and addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Needs {
    /// It can change as time passes though nothing happens.
    pub time: bool,
    /// It looks at contacts, so that placing a touch can change it.
    pub contacts: bool,
    /// At which of them.
    pub kinds: ContactKinds,
    /// It looks at when the sequence began.
    pub sequence: bool,
    /// It looks at fields of an event, so that it means something in a filter only.
    pub fields: bool,
}

impl Needs {
    /// What either depends on.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            time: self.time || other.time,
            contacts: self.contacts || other.contacts,
            kinds: self.kinds.and(other.kinds),
            sequence: self.sequence || other.sequence,
            fields: self.fields || other.fields,
        }
    }
}

/// Kinds of contacts, as bits that some of them share: that two have none in common is certain, that they have is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ContactKinds(u64);

impl ContactKinds {
    /// That kind.
    #[must_use]
    pub fn of(test: ContactTest) -> Self {
        // Sixteen bits for each sort of kind.
        let bit = |sort: usize, index: usize| Self(1 << (sort * 16 + index % 16));
        match test {
            ContactTest::Any => Self(u64::MAX),
            ContactTest::Channel(id) => bit(0, id.index()),
            ContactTest::Message(id) => bit(1, id.index()),
            ContactTest::Category(id) => bit(2, id.index()),
            ContactTest::Rule(id) => bit(3, id.index()),
        }
    }

    /// These and others.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether something may be of both.
    #[must_use]
    pub const fn meet(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// A store of equal things once.
#[derive(Debug, Clone)]
struct Store<T> {
    list: Vec<T>,
    ids: HashMap<T, u32>,
}

impl<T: Clone + Eq + Hash> Store<T> {
    fn new() -> Self {
        Self { list: Vec::new(), ids: HashMap::new() }
    }

    /// The thing's id, and whether it is new.
    fn add(&mut self, thing: T) -> (u32, bool) {
        if let Some(&id) = self.ids.get(&thing) {
            return (id, false);
        }
        let id = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        self.list.push(thing.clone());
        self.ids.insert(thing, id);
        (id, true)
    }
}

/// Texts, sets, conditions and expressions, each stored once.
#[derive(Debug, Clone)]
pub struct Arena {
    texts: Store<Arc<str>>,
    sets: Store<Set>,
    conditions: Store<Condition>,
    expressions: Store<Expression>,
    condition_needs: Vec<Needs>,
    condition_origins: Vec<Origin>,
    expression_needs: Vec<Needs>,
}

/// How many bytes of source an origin spans.
fn length(origin: Origin) -> usize {
    origin.span.end.saturating_sub(origin.span.start)
}

impl Default for Arena {
    fn default() -> Self {
        Self::new()
    }
}

impl Arena {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self {
            texts: Store::new(),
            sets: Store::new(),
            conditions: Store::new(),
            expressions: Store::new(),
            condition_needs: Vec::new(),
            condition_origins: Vec::new(),
            expression_needs: Vec::new(),
        }
    }

    /// The text's symbol.
    pub fn intern(&mut self, text: &str) -> Symbol {
        // Looked up by reference first: most texts are there already.
        match self.texts.ids.get(text) {
            Some(&id) => Symbol(id),
            None => Symbol(self.texts.add(text.into()).0),
        }
    }

    /// The text's symbol, if the program mentions it.
    #[must_use]
    pub fn symbol(&self, text: &str) -> Option<Symbol> {
        self.texts.ids.get(text).map(|&id| Symbol(id))
    }

    /// The text of a symbol of the program.
    #[must_use]
    pub fn text(&self, symbol: Symbol) -> Option<&Arc<str>> {
        self.texts.list.get(symbol.index())
    }

    /// How many texts the program mentions; symbols from here on are the user's.
    #[must_use]
    pub fn text_count(&self) -> usize {
        self.texts.list.len()
    }

    /// Adds a set.
    pub fn add_set(&mut self, set: Set) -> SetId {
        SetId(self.sets.add(set).0)
    }

    /// Adds an expression; its parts must be there.
    pub fn add_expression(&mut self, expression: Expression) -> ExpressionId {
        let needs = self.needs_of_expression(&expression);
        let (id, new) = self.expressions.add(expression);
        if new {
            self.expression_needs.push(needs);
        }
        ExpressionId(id)
    }

    /// Adds a condition; its parts must be there. Of equal conditions the longest wording is kept: `tier is gold`
    /// rather than `gold` in a list.
    pub fn add_condition(&mut self, condition: Condition, origin: Origin) -> ConditionId {
        let needs = self.needs_of_condition(&condition);
        let (id, new) = self.conditions.add(condition);
        if new {
            self.condition_needs.push(needs);
            self.condition_origins.push(origin);
        } else if let Some(known) = self.condition_origins.get_mut(id as usize)
            && length(origin) > length(*known)
        {
            *known = origin;
        }
        ConditionId(id)
    }

    /// The set. An id of another program is answered as the set of all contacts.
    #[must_use]
    pub fn set(&self, id: SetId) -> &Set {
        self.sets.list.get(id.index()).unwrap_or(&Set::Contacts(super::ContactTest::Any))
    }

    /// The condition. An id of another program is answered as one that never holds.
    #[must_use]
    pub fn condition(&self, id: ConditionId) -> &Condition {
        self.conditions.list.get(id.index()).unwrap_or(&Condition::Constant(false))
    }

    /// The expression. An id of another program is answered as one without a value.
    #[must_use]
    pub fn expression(&self, id: ExpressionId) -> &Expression {
        self.expressions
            .list
            .get(id.index())
            .unwrap_or(&Expression::Constant(crate::snapshot::Value::Missing))
    }

    /// Where the condition was written, in its longest wording.
    #[must_use]
    pub fn origin(&self, id: ConditionId) -> Origin {
        self.condition_origins.get(id.index()).copied().unwrap_or_default()
    }

    /// What the condition depends on.
    #[must_use]
    pub fn condition_needs(&self, id: ConditionId) -> Needs {
        self.condition_needs.get(id.index()).copied().unwrap_or_default()
    }

    /// What the expression depends on.
    #[must_use]
    pub fn expression_needs(&self, id: ExpressionId) -> Needs {
        self.expression_needs.get(id.index()).copied().unwrap_or_default()
    }

    /// How many conditions there are; ids are below.
    #[must_use]
    pub fn condition_count(&self) -> usize {
        self.conditions.list.len()
    }

    /// How many expressions there are; ids are below.
    #[must_use]
    pub fn expression_count(&self) -> usize {
        self.expressions.list.len()
    }

    /// How many sets there are; ids are below.
    #[must_use]
    pub fn set_count(&self) -> usize {
        self.sets.list.len()
    }

    fn needs_of_set(&self, set: SetId, window: Window) -> Needs {
        let kinds = match *self.set(set) {
            Set::Contacts(test) => ContactKinds::of(test),
            Set::Events { .. } => ContactKinds::default(),
        };
        Needs {
            time: !matches!(window, Window::Ever | Window::Since(_) | Window::Sequence),
            contacts: kinds != ContactKinds::default(),
            kinds,
            sequence: window == Window::Sequence,
            fields: false,
        }
    }

    fn needs_of_expression(&self, expression: &Expression) -> Needs {
        let passing = Needs { time: true, ..Needs::default() };
        match expression {
            Expression::Constant(_) | Expression::Attribute(_) => Needs::default(),
            Expression::Field(_) => Needs { fields: true, ..Needs::default() },
            Expression::Negative(part) => self.expression_needs(*part),
            Expression::Arithmetic { left, right, .. } => {
                self.expression_needs(*left).and(self.expression_needs(*right))
            }
            Expression::Count { set, window }
            | Expression::Aggregate { set, window, .. }
            | Expression::Rhythm { set, window, .. }
            | Expression::Pick { set, window, .. } => self.needs_of_set(*set, *window),
            Expression::SinceLast { set, window, .. } | Expression::SinceFirst { set, window, .. } => {
                self.needs_of_set(*set, *window).and(passing)
            }
            Expression::Since { moment, .. } | Expression::Until { moment, .. } => {
                self.expression_needs(*moment).and(passing)
            }
        }
    }

    fn needs_of_condition(&self, condition: &Condition) -> Needs {
        let passing = Needs { time: true, ..Needs::default() };
        match condition {
            Condition::Constant(_)
            | Condition::SubscribedTo(_)
            | Condition::ReachableOn(_)
            | Condition::Share { .. } => Needs::default(),
            Condition::And(parts) | Condition::Or(parts) => {
                parts.iter().fold(Needs::default(), |all, part| all.and(self.condition_needs(*part)))
            }
            Condition::Not(part) => self.condition_needs(*part),
            Condition::Count { set, window, .. } => self.needs_of_set(*set, *window),
            Condition::Compare { left, right, .. } => {
                self.expression_needs(*left).and(self.expression_needs(*right))
            }
            Condition::In { value, options } => options
                .iter()
                .fold(self.expression_needs(*value), |all, option| all.and(self.expression_needs(*option))),
            Condition::Contains { value, part } => {
                self.expression_needs(*value).and(self.expression_needs(*part))
            }
            Condition::Known(value) | Condition::Truth(value) => self.expression_needs(*value),
            Condition::TodayWeekday(_) | Condition::TodayIn(_) | Condition::TodayOneOf(_) => passing,
            Condition::TodayDate(_, date) => self.expression_needs(*date).and(passing),
        }
    }
}
