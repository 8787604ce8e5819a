//! Decides by a decision table of zen-engine, a row for each rule: by_zen_table FACTS.jsonl DECISIONS.csv

use std::{collections::BTreeMap, io};

use courtesy_peer_engines::{Engine, Fact, Rule, rules, run, symbol, zen::context};
use serde_json::{Value, json};
use zen_engine::{Decision, DecisionEngine, Variable, model::DecisionContent};

struct Zen(Decision);

impl Engine for Zen {
    type Context<'e> = Variable;

    fn context(&self, facts: &BTreeMap<String, Fact>) -> Variable {
        context(facts)
    }

    fn due(&self, context: &Variable) -> u32 {
        let Ok(response) = pollster::block_on(self.0.evaluate(context.clone())) else { return 0 };
        let Some(rows) = response.result.as_array() else { return 0 };
        let number = |row: &Variable| row.dot("rule")?.to_value().as_u64();
        rows.borrow().iter().filter_map(number).fold(0, |due, number| due | 1 << number)
    }
}

/// All rules as a decision table that collects the rows that hold.
fn model(rules: &[Rule]) -> Value {
    let mut facts: Vec<&str> =
        rules.iter().flat_map(|rule| rule.all.iter().map(|(fact, _, _)| fact.as_str())).collect();
    facts.sort_unstable();
    facts.dedup();
    let inputs: Vec<Value> = facts
        .iter()
        .map(|fact| json!({"id": fact, "name": fact, "field": fact, "type": "expression"}))
        .collect();
    let rows: Vec<Value> = rules.iter().enumerate().map(|(number, rule)| row(&facts, number, rule)).collect();
    let table = json!({
        "hitPolicy": "collect",
        "inputs": inputs,
        "outputs": [{"id": "rule", "name": "rule", "field": "rule", "type": "expression"}],
        "rules": rows,
    });
    json!({
        "nodes": [
            {"id": "in", "name": "in", "type": "inputNode"},
            {"id": "table", "name": "table", "type": "decisionTableNode", "content": table},
            {"id": "out", "name": "out", "type": "outputNode"},
        ],
        "edges": [
            {"id": "first", "type": "edge", "sourceId": "in", "targetId": "table"},
            {"id": "second", "type": "edge", "sourceId": "table", "targetId": "out"},
        ],
    })
}

fn row(facts: &[&str], number: usize, rule: &Rule) -> Value {
    let mut cells: BTreeMap<&str, String> = facts.iter().map(|fact| (*fact, String::new())).collect();
    for (fact, operator, value) in &rule.all {
        if let Some(cell) = cells.get_mut(fact.as_str()) {
            if !cell.is_empty() {
                cell.push_str(" and ");
            }
            cell.push_str(&format!("{} {value}", symbol(operator)));
        }
    }
    let id = format!("row {number}");
    let number = number.to_string();
    cells.extend([("_id", id), ("rule", number)]);
    json!(cells)
}

fn main() -> io::Result<()> {
    let rules = rules()?;
    let content: DecisionContent = serde_json::from_value(model(&rules))?;
    let decision = DecisionEngine::default().create_decision(content.into()).map_err(io::Error::other)?;
    run(&rules, &Zen(decision))
}
