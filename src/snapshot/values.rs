//! Reading values as the types that rules declare.

use std::hash::BuildHasher;

use hashbrown::hash_table::Entry;

use super::{
    Raw, UserBuilder, Value,
    raw::{Problem, list_members},
};
use crate::program::{Symbol, Type};

/// Puts a value in its place. `None` if another one is there; nothing is no second value.
#[inline]
pub(super) fn give(slot: &mut Value, value: Value) -> Option<()> {
    match (*slot, value) {
        (_, Value::Missing) => {}
        (Value::Missing, _) => *slot = value,
        _ => return None,
    }
    Some(())
}

impl UserBuilder<'_> {
    /// Reads a value as the declared type.
    pub(super) fn read(&mut self, ty: &Type, raw: Raw<'_>) -> Result<Value, Problem> {
        let value = match ty {
            Type::Number => raw.number()?.map(Value::Number),
            Type::Date => raw.date()?.map(Value::Date),
            Type::DateTime => self.moment(raw)?.map(Value::Instant),
            Type::YesNo => raw.yes_no()?.map(Value::YesNo),
            Type::Text => raw.text()?.map(|text| Value::Text(self.symbol(&text))),
            Type::OneOf(options) => match raw.text()? {
                Some(text) if !text.trim().is_empty() => Some(Value::Text(self.option(options, &text, raw)?)),
                _ => None,
            },
            Type::List => self.list(raw)?,
        };
        Ok(value.unwrap_or_default())
    }

    fn option(&self, options: &[Symbol], text: &str, raw: Raw<'_>) -> Result<Symbol, Problem> {
        let arena = &self.program.arena;
        let option = |text: &str| arena.symbol(text).filter(|symbol| options.contains(symbol));
        if let Some(symbol) = option(text).or_else(|| option(text.trim())) {
            return Ok(symbol);
        }
        let names: Vec<&str> =
            options.iter().filter_map(|option| arena.text(*option)).map(|name| &**name).collect();
        let near = names.iter().find(|name| name.to_lowercase() == text.trim().to_lowercase());
        let help = match near {
            Some(name) => format!("did you mean `{name}`?"),
            None => format!("add it to the declaration, or mend the data: {}", names.join(", ")),
        };
        Err(Problem::new(raw, "one of the declared values", help))
    }

    /// A list whose members `fill` gives.
    #[cfg(feature = "cli")]
    pub(crate) fn list_of(&mut self, fill: impl FnOnce(&mut Self)) -> Value {
        let start = self.user.lists.len();
        fill(self);
        self.list_since(start)
    }

    /// Adds a member to the list that is being made.
    pub(crate) fn member(&mut self, text: &str) {
        let symbol = self.symbol(text);
        self.user.lists.push(symbol);
    }

    fn list_since(&self, start: usize) -> Value {
        let count = self.user.lists.len().saturating_sub(start);
        let short = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Value::List(short(start), short(count))
    }

    fn list(&mut self, raw: Raw<'_>) -> Result<Option<Value>, Problem> {
        let start = self.user.lists.len();
        match raw {
            Raw::Null => return Ok(None),
            Raw::Text(text) => {
                for member in list_members(text) {
                    self.member(member);
                }
            }
            Raw::List(list) => {
                for member in list {
                    let wrong =
                        |_| Problem::new(raw, "a list of texts", "put texts and numbers into the list only");
                    if let Some(text) = Raw::from(member).text().map_err(wrong)? {
                        self.member(&text);
                    }
                }
            }
            Raw::Whole(_) | Raw::Float(_) => {
                if let Some(text) = raw.text()? {
                    self.member(&text);
                }
            }
            Raw::YesNo(_) | Raw::Map => {
                return Err(Problem::new(raw, "a list", "write [\"a\", \"b\"], or a;b in a table"));
            }
        }
        Ok(Some(self.list_since(start)))
    }

    /// The symbol of a text: the program's, else the user's own.
    fn symbol(&mut self, text: &str) -> Symbol {
        const SEARCHED: usize = 16;
        if let Some(symbol) = self.program.arena.symbol(text) {
            return symbol;
        }
        self.strays.text(text, |meant| self.program.arena.symbol(meant).is_some());
        let count = self.program.arena.text_count();
        let own = |index: usize| Symbol::from(count.saturating_add(index));
        let texts = &mut self.user.texts;
        // Few texts are found faster by looking than by hashing.
        if texts.len() <= SEARCHED {
            if let Some(index) = texts.find(text) {
                return own(index);
            }
            texts.push(text);
            return own(texts.len().saturating_sub(1));
        }
        let hashes = &self.hashes;
        let of = |symbol: &Symbol| texts.get(symbol.index().saturating_sub(count)).unwrap_or_default();
        if self.symbols.is_empty() {
            for index in 0..texts.len() {
                let symbol = own(index);
                self.symbols
                    .insert_unique(hashes.hash_one(of(&symbol)), symbol, |one| hashes.hash_one(of(one)));
            }
        }
        let entry = self.symbols.entry(
            hashes.hash_one(text),
            |symbol| of(symbol) == text,
            |symbol| hashes.hash_one(of(symbol)),
        );
        match entry {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(place) => {
                let symbol = own(texts.len());
                place.insert(symbol);
                texts.push(text);
                symbol
            }
        }
    }
}
