//! What became of tests, as people read it.

use std::{collections::BTreeSet, fmt};

use super::{Row, TestResult, Verdict};
use crate::program::Program;

/// Which rules made a touch in some test.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Coverage {
    /// Those that did, in the order of the files.
    pub fired: Vec<String>,
    /// Those that never did, in the order of the files. Rules that are off are left out.
    pub never: Vec<String>,
}

impl Coverage {
    /// Of the rules in these results.
    pub fn of<'a>(program: &Program, results: impl IntoIterator<Item = &'a TestResult>) -> Self {
        let fired: BTreeSet<&str> =
            results.into_iter().flat_map(|result| &result.fired).map(String::as_str).collect();
        let rules = program.rules.iter().filter(|rule| !rule.is_off).map(|rule| rule.name.clone());
        let (fired, never) = rules.partition(|rule| fired.contains(rule.as_str()));
        Self { fired, never }
    }
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = self.fired.len() + self.never.len();
        write!(f, "rules fired in tests: {} of {all}", self.fired.len())?;
        if !self.never.is_empty() {
            write!(f, "; never: {}", self.never.join(", "))?;
        }
        Ok(())
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Same(text) => write!(f, "  {text}"),
            Self::Missing(text) => write!(f, "- {text}"),
            Self::Extra(text) => write!(f, "+ {text}"),
        }
    }
}

impl fmt::Display for TestResult {
    /// One line; for a failure, what was expected against what came, and the story of the rules concerned.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.verdict {
            Verdict::Passed => writeln!(f, "ok      {}", self.name),
            Verdict::Broken(problems) => {
                writeln!(f, "broken  {}", self.name)?;
                problems.iter().try_for_each(|problem| writeln!(f, "    error: {}", problem.message))
            }
            Verdict::Failed { rows, story } => {
                writeln!(f, "FAILED  {}", self.name)?;
                writeln!(f, "    - expected, + what came")?;
                for row in rows {
                    writeln!(f, "    {row}")?;
                }
                writeln!(f)?;
                indent(f, &story.to_string())
            }
        }
    }
}

fn indent(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    text.lines().try_for_each(|line| if line.is_empty() { writeln!(f) } else { writeln!(f, "    {line}") })
}
