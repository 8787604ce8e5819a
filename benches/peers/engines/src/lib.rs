//! What rule engines are given, and what is done with what they say. They know no histories and no caps: facts about a user are
//! worked out beforehand (`src/bin/facts.rs`), and what is due is placed under the caps here.

pub mod zen;

use std::{
    collections::BTreeMap,
    env, fs,
    fs::File,
    io::{self, BufRead, BufReader, BufWriter, Write},
    path::Path,
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};

/// How many users are held in memory at a time.
const BATCH: usize = 1_000;

/// Something known about a user.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Fact {
    YesNo(bool),
    Number(i64),
    Text(String),
}

/// All that is known about a user now.
#[derive(Debug, Serialize, Deserialize)]
pub struct Known {
    pub id: String,
    /// The channels over which something may go today.
    pub open: Vec<String>,
    /// How many touches still fit in seven days.
    pub room: i64,
    /// Whether a coupon may go.
    pub coupon: bool,
    pub facts: BTreeMap<String, Fact>,
}

/// A rule; those before it come first.
#[derive(Debug, Deserialize)]
pub struct Rule {
    pub name: String,
    pub channel: String,
    pub coupon: bool,
    /// Facts, operators and what they are compared with.
    pub all: Vec<(String, String, serde_json::Value)>,
}

impl Rule {
    /// The condition as a text, with the words that a language has for `and` and `in`.
    #[must_use]
    pub fn expression(&self, and: &str) -> String {
        let parts =
            self.all.iter().map(|(fact, operator, value)| format!("{fact} {} {value}", symbol(operator)));
        parts.collect::<Vec<_>>().join(and)
    }
}

/// How languages of expressions write an operator.
#[must_use]
pub fn symbol(operator: &str) -> &str {
    match operator {
        "equal" => "==",
        "notEqual" => "!=",
        "lessThan" => "<",
        "lessThanInclusive" => "<=",
        "greaterThan" => ">",
        "greaterThanInclusive" => ">=",
        other => other,
    }
}

/// A rule engine that has taken in all rules.
pub trait Engine {
    /// What it asks about a user.
    type Context<'e>
    where
        Self: 'e;

    /// Makes of facts what the engine wants.
    fn context(&self, facts: &BTreeMap<String, Fact>) -> Self::Context<'_>;

    /// Which rules are due, as bits.
    fn due(&self, context: &Self::Context<'_>) -> u32;
}

/// The rules of `conditions.json`.
///
/// # Errors
///
/// Those of reading.
pub fn rules() -> io::Result<Vec<Rule>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("conditions.json");
    Ok(serde_json::from_slice(&fs::read(path)?)?)
}

/// Runs an engine over the facts in the first file named on the command line; decisions go to the second. What it took to make contexts
/// and to evaluate them goes to standard error, in microseconds a user.
///
/// # Errors
///
/// Those of reading and writing.
pub fn run(rules: &[Rule], engine: &impl Engine) -> io::Result<()> {
    let files: Vec<_> = env::args().skip(1).collect();
    let [facts, decisions] = files.as_slice() else {
        return Err(io::Error::other("two files are needed: the facts, and where decisions go"));
    };
    let mut lines = BufReader::with_capacity(1 << 20, File::open(facts)?).lines();
    let mut out = BufWriter::new(File::create(decisions)?);
    let (mut users, mut contexts_took, mut evaluation_took) = (0_usize, Duration::ZERO, Duration::ZERO);
    loop {
        let mut batch: Vec<Known> = Vec::with_capacity(BATCH);
        for line in lines.by_ref().take(BATCH) {
            batch.push(serde_json::from_str(&line?)?);
        }
        if batch.is_empty() {
            break;
        }
        let started = Instant::now();
        let contexts: Vec<_> = batch.iter().map(|known| engine.context(&known.facts)).collect();
        let made = Instant::now();
        let due: Vec<u32> = contexts.iter().map(|context| engine.due(context)).collect();
        evaluation_took += made.elapsed();
        contexts_took += made - started;
        users += batch.len();
        for (mut known, due) in batch.into_iter().zip(due) {
            known.place(rules, due, &mut out)?;
        }
    }
    out.flush()?;
    let each = |took: Duration| took.as_secs_f64() * 1e6 / users as f64;
    eprintln!("{{\"context\": {:.3}, \"evaluation\": {:.3}}}", each(contexts_took), each(evaluation_took));
    Ok(())
}

impl Known {
    /// Writes what of the rules that are due fits under the caps.
    fn place(&mut self, rules: &[Rule], due: u32, out: &mut impl Write) -> io::Result<()> {
        for (number, rule) in rules.iter().enumerate() {
            let is_due = due & (1 << number) != 0;
            let Some(channel) = self.open.iter().position(|open| *open == rule.channel) else { continue };
            if is_due && self.room > 0 && (self.coupon || !rule.coupon) {
                self.open.remove(channel);
                self.room -= 1;
                self.coupon &= !rule.coupon;
                writeln!(out, "{},{},{}", self.id, rule.name, rule.channel)?;
            }
        }
        Ok(())
    }
}
