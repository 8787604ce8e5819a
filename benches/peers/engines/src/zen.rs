//! What both ways of asking zen-engine share.

use std::collections::BTreeMap;

use zen_expression::{Variable, variable::VariableMap};

use crate::Fact;

/// Facts as a context.
#[must_use]
pub fn context(facts: &BTreeMap<String, Fact>) -> Variable {
    let mut map = VariableMap::with_capacity(facts.len());
    for (name, fact) in facts {
        let value = match fact {
            Fact::YesNo(yes) => Variable::Bool(*yes),
            Fact::Number(number) => Variable::Number((*number).into()),
            Fact::Text(text) => Variable::String(text.as_str().into()),
        };
        map.insert(Variable::key(name), value);
    }
    Variable::from_object(map)
}
