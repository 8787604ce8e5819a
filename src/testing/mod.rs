//! Tests written in rule files: a user, a moment, and what must come of it.
//!
//! [`run`] builds the user, plans from the test's `at` over its horizon, and holds the plan against what is expected:
//! the touches must be the expected ones and no others, and of what is withheld the expected must be there.
//!
//! ```
//! use courtesy::{check, testing};
//! let source = r#"
//! time zone "UTC"
//! rule winback if ordered before and no order in 30 days then send coupon
//! test "quiet for a month"
//!   given order 31 days ago
//!   at 2026-03-01 09:00
//!   expect coupon at 2026-03-01 09:00
//! "#;
//! let compiled = check::compile(vec![("shop.touch".into(), source.into())], &check::NoFiles, None)?;
//! for (id, test) in &compiled.tests {
//!     let result = testing::run(&compiled.program, &compiled.sources, *id, test);
//!     assert!(result.passed(), "{result}");
//! }
//! # Ok::<(), courtesy::Diagnostics>(())
//! ```

mod expect;
mod given;
mod names;
mod report;
#[cfg(test)]
mod tests;
mod words;

pub use expect::Row;
pub use given::Scenario;
pub use report::Coverage;

use std::collections::BTreeSet;

use expect::Comparison;

use crate::{
    diagnostic::{Code, Diagnostic, SourceId, Sources},
    explain::{self, Story},
    plan::{Horizon, Planner},
    program::Program,
    syntax::ast::{Span, Test},
};

/// What became of one test.
#[derive(Debug, Clone, PartialEq)]
pub struct TestResult {
    /// The test's name.
    pub name: String,
    /// Where it is written.
    pub source: SourceId,
    /// Where in that source.
    pub span: Span,
    /// What became of it.
    pub verdict: Verdict,
    /// The rules that made a touch.
    pub fired: BTreeSet<String>,
}

/// What became of a test.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// All is as expected.
    Passed,
    /// Something is not.
    Failed {
        /// What was expected against what came.
        rows: Vec<Row>,
        /// The story of the rules concerned.
        story: Box<Story>,
    },
    /// The test does not fit the rules.
    Broken(Vec<Diagnostic>),
}

impl TestResult {
    /// Whether all is as expected.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.verdict == Verdict::Passed
    }
}

/// Everything in a test that does not fit the rules: unknown names, values of another type, a missing `at`.
#[must_use]
pub fn problems(program: &Program, source: SourceId, test: &Test) -> Vec<Diagnostic> {
    let mut list = Scenario::of(program, source, test).err().unwrap_or_default();
    list.extend(expect::problems(program, source, test));
    list.sort_by_key(|problem| problem.primary.span);
    list
}

/// Runs one test of the rules. The sources lend the story of a failure the rules' own words.
#[must_use]
pub fn run(program: &Program, sources: &Sources, source: SourceId, test: &Test) -> TestResult {
    let mut result = TestResult {
        name: test.name.node.clone(),
        source,
        span: test.name.span,
        verdict: Verdict::Passed,
        fired: BTreeSet::new(),
    };
    let broken = problems(program, source, test);
    let scenario = match Scenario::of(program, source, test) {
        Ok(scenario) if broken.is_empty() => scenario,
        _ => {
            result.verdict = Verdict::Broken(broken);
            return result;
        }
    };
    let user = match scenario.user.bind(program) {
        Ok(user) => user,
        Err(error) => {
            let problem = Diagnostic::new(Code::TestValue, source, test.name.span, error.to_string());
            result.verdict = Verdict::Broken(vec![problem.help(error.help)]);
            return result;
        }
    };
    let plan = Planner::new(program).plan(&user, scenario.now, Horizon::from(scenario.horizon));
    result.fired = plan.touches.iter().map(|touch| touch.candidate.rule.to_string()).collect();
    let Comparison { rows, rules } = expect::compare(program, &test.expect, &plan, &scenario.zone);
    if rows.iter().any(|row| !matches!(row, Row::Same(_))) {
        let story = explain::story(program, sources, &user, &plan, |rule| rules.contains(rule));
        result.verdict = Verdict::Failed { rows, story: Box::new(story) };
    }
    result
}
