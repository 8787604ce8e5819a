//! Decides by the expressions of zen-engine, compiled once, without the decision model that they stand in otherwise:
//! by_zen_expressions FACTS.jsonl DECISIONS.csv

use std::{collections::BTreeMap, io};

use courtesy_peer_engines::{Engine, Fact, rules, run, zen::context};
use zen_expression::{Expression, Variable, compile_expression, expression::Standard, vm::VM};

struct Zen(Vec<Expression<Standard>>);

impl Engine for Zen {
    type Context<'e> = Variable;

    fn context(&self, facts: &BTreeMap<String, Fact>) -> Variable {
        context(facts)
    }

    fn due(&self, context: &Variable) -> u32 {
        let mut vm = VM::new();
        let mut due = 0;
        for (number, expression) in self.0.iter().enumerate() {
            let value = expression.evaluate_with(context.clone(), &mut vm);
            due |= u32::from(matches!(value, Ok(Variable::Bool(true)))) << number;
        }
        due
    }
}

fn main() -> io::Result<()> {
    let rules = rules()?;
    let compile = |text: String| {
        compile_expression(&text).map_err(|error| io::Error::other(format!("{text}: {error}")))
    };
    let compiled: io::Result<Vec<_>> = rules.iter().map(|rule| compile(rule.expression(" and "))).collect();
    run(&rules, &Zen(compiled?))
}
