//! `courtesy test`: do the rules do what their tests say?

use std::path::{Path, PathBuf};

use courtesy::{
    check::Compiled,
    diagnostic::Diagnostics,
    testing::{self, Coverage, Row, TestResult, Verdict},
};

use super::{Exit, Failure, Screen, rules::RulesArgs, screen::Paint};

const EXAMPLES: &str = "\
Examples:
  courtesy test rules/                      all tests of a folder
  courtesy test winback.touch               those of a file, and of winback.test.touch beside it
  courtesy test rules/ --filter birthday    those whose name says `birthday`

A test in a rule file:
  test \"a gold customer who has been quiet for a month\"
    given tier gold
    given order 31 days ago
    at 2026-03-01 09:00
    expect coupon via push at 2026-03-01 10:00";

/// Run the tests written in rule files
///
/// Each test gives a user and a moment, and says what must be sent. A touch that is not expected fails the test.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    rules: RulesArgs,
    /// Run only tests whose name has this text in it
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// Fail if a rule makes no touch in any test
    #[arg(long)]
    coverage: bool,
}

pub(crate) fn run(args: &Args, screen: Screen) -> Result<Exit, Failure> {
    let rules = RulesArgs { rules: with_tests_beside(&args.rules.rules)? };
    let compiled = match rules.compile(screen)? {
        Ok(compiled) => compiled,
        Err(exit) => return Ok(exit),
    };
    if compiled.tests.is_empty() {
        return Err(Failure::problem("these rule files have no tests").help(
            "write one, as `courtesy test --help` shows, in the rule file or in NAME.test.touch beside it",
        ));
    }
    let filter = args.filter.as_deref().unwrap_or_default().to_lowercase();
    let (chosen, skipped): (Vec<_>, Vec<_>) =
        compiled.tests.iter().partition(|(_, test)| test.name.node.to_lowercase().contains(&filter));
    if chosen.is_empty() {
        return Err(Failure::problem(format!("no test has `{filter}` in its name"))
            .help(format!("the tests are: {}", names(&compiled))));
    }
    let mut results = Vec::with_capacity(chosen.len());
    for (source, test) in chosen {
        let result = testing::run(&compiled.program, &compiled.sources, *source, test);
        screen.print_exactly(&shown(&result, &compiled, screen))?;
        results.push(result);
    }

    let coverage = Coverage::of(&compiled.program, &results);
    let passed = results.iter().filter(|result| result.passed()).count();
    let failed = results.len() - passed;
    let mut total = format!("{passed} passed, {failed} failed");
    if !skipped.is_empty() {
        total.push_str(&format!(", {} skipped", skipped.len()));
    }
    let paint = Paint(screen.colour);
    // What failed ends with an empty line already.
    let ends_open = results.last().is_some_and(TestResult::passed);
    screen.print(format_args!("{}{coverage}", if ends_open { "\n" } else { "" }))?;
    let is_covered = coverage.never.is_empty() || !args.coverage;
    screen.print(if failed == 0 { paint.good(total) } else { paint.bad(total) })?;
    Ok(if failed == 0 && is_covered { Exit::Fine } else { Exit::Problems })
}

/// The paths, and the test file that stands beside each rule file.
pub(super) fn with_tests_beside(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut all = Vec::new();
    for path in paths {
        all.push(path.clone());
        let beside = path.with_extension("test.touch");
        if path != Path::new("-") && path.is_file() && beside.is_file() {
            must_stay_beside(&beside, path)?;
            all.push(beside);
        }
    }
    Ok(all)
}

/// Refuses a link to somewhere else: nobody named the file, and its text would be shown.
fn must_stay_beside(beside: &Path, path: &Path) -> Result<(), Failure> {
    let folder = path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
    match (beside.canonicalize(), folder.canonicalize()) {
        (Ok(found), Ok(folder)) if found.starts_with(&folder) => Ok(()),
        _ => Err(Failure::usage(format!("`{}` is a link that leads out of its folder", beside.display()))
            .help("take it away, or name what it leads to on the command line")),
    }
}

fn names(compiled: &Compiled) -> String {
    const MOST: usize = 10;
    let names: Vec<String> =
        compiled.tests.iter().take(MOST).map(|(_, test)| format!("`{}`", test.name.node)).collect();
    let more = if compiled.tests.len() > MOST { ", …" } else { "" };
    format!("{}{more}", names.join(", "))
}

/// One test's lines, in colours for a terminal.
fn shown(result: &TestResult, compiled: &Compiled, screen: Screen) -> String {
    let paint = Paint(screen.colour);
    match &result.verdict {
        Verdict::Passed => format!("{}      {}\n", paint.good("ok"), result.name),
        Verdict::Broken(list) => {
            let found = Diagnostics { sources: compiled.sources.clone(), list: list.clone() };
            format!("{}  {}\n{}\n\n", paint.bad("broken"), result.name, found.to_text(screen.colour))
        }
        Verdict::Failed { .. } if !screen.colour => format!("{result}\n"),
        Verdict::Failed { rows, .. } => {
            // The same text, its rows in colours.
            let mut text = result.to_string().replacen("FAILED", &paint.bad("FAILED"), 1);
            for row in rows {
                let line = row.to_string();
                let coloured = match row {
                    Row::Same(_) => continue,
                    Row::Missing(_) => paint.removed(&line),
                    Row::Extra(_) => paint.added(&line),
                };
                text = text.replacen(&format!("\n    {line}\n"), &format!("\n    {coloured}\n"), 1);
            }
            format!("{text}\n")
        }
    }
}
