//! `courtesy check`: is it right?

use courtesy::{
    diagnostic::{Diagnostic, Diagnostics, Severity},
    testing,
};
use serde_json::json;

use super::{
    Exit, Failure, Screen,
    rules::{self, RulesArgs, number_of, summary},
    screen::Paint,
    test::with_tests_beside,
};

const EXAMPLES: &str = "\
Examples:
  courtesy check rules/                           all rule files of a folder
  courtesy check winback.touch --deny-warnings    for a build that must be spotless
  courtesy check rules/ --format json             one finding a line, for editors";

/// Look for mistakes in rule files
///
/// Reads rule files and what they use, and shows every mistake at once, each with its place and its mend. Warnings
/// are about what is legal but surely not meant.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    rules: RulesArgs,
    /// Take warnings for errors
    #[arg(long)]
    deny_warnings: bool,
    /// How to show what is found
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One JSON object a finding
    Json,
}

pub(crate) fn run(args: &Args, screen: Screen) -> Result<Exit, Failure> {
    // Tests that stand beside the rules belong to them.
    let rules = RulesArgs { rules: with_tests_beside(&args.rules.rules)? };
    let files = rules.read()?;
    let (found, sizes) = match rules::compile(&files) {
        Err(found) => (found, None),
        Ok(compiled) => {
            let program = &compiled.program;
            let tests = compiled.tests.iter();
            let of_tests = tests.flat_map(|(source, test)| testing::problems(program, *source, test));
            let mut list = compiled.warnings.clone();
            list.extend(of_tests);
            list.sort_by_key(|one| (one.primary.source, one.primary.span));
            let sizes = [
                (program.rules.len(), "rule"),
                (program.segments.len(), "segment"),
                (program.caps.len() + program.gaps.len(), "cap"),
                (compiled.tests.len(), "test"),
            ];
            (Diagnostics { sources: compiled.sources, list }, Some(sizes))
        }
    };
    let is_bad = found.has_errors() || args.deny_warnings && !found.list.is_empty();
    if args.format == Format::Json {
        for one in &found.list {
            screen.print(to_json(one, &found))?;
        }
    } else {
        if !found.list.is_empty() {
            screen.note(format_args!("{}\n", found.to_text(screen.colour_of_notes)));
            screen.note(summary(&found));
        }
        if let (false, Some(sizes)) = (is_bad, sizes) {
            let sizes: Vec<String> = sizes
                .into_iter()
                .filter(|(count, _)| *count > 0)
                .map(|(count, noun)| number_of(count, noun))
                .collect();
            let what = if sizes.is_empty() { "no rules".into() } else { sizes.join(", ") };
            let files = number_of(found.sources.iter().count(), "file");
            screen.print(format_args!("{}: {what} in {files}", Paint(screen.colour).good("ok")))?;
        }
    }
    Ok(if is_bad { Exit::Problems } else { Exit::Fine })
}

/// One finding, with lines and columns from 1; columns count characters.
fn to_json(one: &Diagnostic, found: &Diagnostics) -> serde_json::Value {
    let source = found.sources.get(one.primary.source);
    let text = source.map_or("", |source| source.text.as_str());
    let place = |offset: usize| {
        let before = text.get(..offset).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        json!({ "line": line, "column": column })
    };
    json!({
        "file": source.map(|source| source.name.as_str()),
        "start": place(one.primary.span.start),
        "end": place(one.primary.span.end),
        "severity": match one.severity() { Severity::Error => "error", Severity::Warning => "warning" },
        "code": one.code.to_string(),
        "message": one.message,
        "label": one.primary.text,
        "help": one.help,
    })
}
