//! Decides by CEL: by_cel FACTS.jsonl DECISIONS.csv

use std::{collections::BTreeMap, io, sync::Arc};

use cel::{Context, Env, Program, Value};
use courtesy_peer_engines::{Engine, Fact, rules, run};

struct Cel {
    /// What all contexts have.
    root: Context<'static, 'static>,
    programs: Vec<Program>,
}

impl Engine for Cel {
    type Context<'e> = Context<'e, 'static>;

    fn context(&self, facts: &BTreeMap<String, Fact>) -> Context<'_, 'static> {
        let mut context = self.root.new_inner_scope();
        for (name, fact) in facts {
            let value = match fact {
                Fact::YesNo(yes) => Value::Bool(*yes),
                Fact::Number(number) => Value::Int(*number),
                Fact::Text(text) => Value::String(text.clone().into()),
            };
            context.add_variable_from_value(name.as_str(), value);
        }
        context
    }

    fn due(&self, context: &Context<'_, 'static>) -> u32 {
        let mut due = 0;
        for (number, program) in self.programs.iter().enumerate() {
            due |= u32::from(matches!(program.execute(context), Ok(Value::Bool(true)))) << number;
        }
        due
    }
}

fn main() -> io::Result<()> {
    let rules = rules()?;
    let env = Arc::new(Env::stdlib());
    let compile =
        |text: String| env.compile(&text).map_err(|error| io::Error::other(format!("{text}: {error}")));
    let programs: io::Result<Vec<_>> = rules.iter().map(|rule| compile(rule.expression(" && "))).collect();
    let programs = programs?;
    run(&rules, &Cel { root: Context::with_env(env.clone()), programs })
}
