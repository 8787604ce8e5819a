//! `courtesy fmt`: one canonical form.

use std::path::{Path, PathBuf};

use courtesy::{
    diagnostic::{Diagnostics, Sources},
    io::{NamedText, OutFile, RuleFiles},
    syntax,
};
use similar::TextDiff;

use super::{
    Exit, Failure, Screen,
    rules::number_of,
    screen::{Paint, visible},
};

const EXAMPLES: &str = "\
Examples:
  courtesy fmt rules/              rewrite the rule files of a folder
  courtesy fmt --check rules/      show what would change, and change nothing
  courtesy fmt - < draft.touch     from standard input to standard output";

/// Lay rule files out in the one canonical form
///
/// Rewrites the files in place; comments stay where they are. A file with syntax errors is left alone.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Rule files, folders of them (*.touch), or `-` for standard input
    #[arg(required = true, value_name = "FILES")]
    files: Vec<PathBuf>,
    /// Change nothing; show what would change, and end with status 1 if anything would
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(args: &Args, screen: Screen) -> Result<Exit, Failure> {
    let from_input = args.files.iter().any(|path| path == Path::new("-"));
    if from_input && args.files.len() > 1 {
        return Err(Failure::usage("`-` stands for standard input, and cannot be named beside files"));
    }
    let files = RuleFiles::read(&args.files)?.files;
    let (mut exit, mut changed) = (Exit::Fine, 0_usize);
    for file in &files {
        let formatted = match format(file) {
            Ok(formatted) => formatted,
            Err(found) => {
                screen.note(found.to_text(screen.colour_of_notes));
                screen.note(format_args!("\n`{}` is left as it is\n", visible(&file.name)));
                exit = Exit::Problems;
                continue;
            }
        };
        let differs = formatted != file.text;
        changed += usize::from(differs);
        if args.check {
            if differs {
                screen.print(diff(file, &formatted, screen))?;
                exit = Exit::Problems;
            }
        } else if from_input {
            screen.print_exactly(&formatted)?;
        } else if differs {
            // Whoever reads it meanwhile sees the old text or the new, never a part.
            let mut out = OutFile::create(Path::new(&file.name))?;
            out.write(formatted.as_bytes())?;
            out.finish()?;
        }
    }
    if !from_input {
        let would = if args.check { "would be laid out anew" } else { "laid out anew" };
        screen.note(format_args!("{} of {} {would}", changed, number_of(files.len(), "file")));
    }
    Ok(exit)
}

/// The canonical form of a file, or what is wrong with its syntax.
fn format(file: &NamedText) -> Result<String, Diagnostics> {
    let mut sources = Sources::default();
    let id = sources.add(file.name.clone(), file.text.clone());
    let parsed = syntax::parse(id, &file.text);
    syntax::format::format(&file.text, &parsed).ok_or(Diagnostics { sources, list: parsed.diagnostics })
}

/// What would change, as a unified diff.
fn diff(file: &NamedText, formatted: &str, screen: Screen) -> String {
    let diff = TextDiff::from_lines(file.text.as_str(), formatted);
    let name = visible(&file.name);
    let text = diff.unified_diff().header(&name, &format!("{name} (formatted)")).to_string();
    let paint = Paint(screen.colour);
    let lines = text.lines().map(|line| match line.chars().next() {
        Some('+') => paint.added(line),
        Some('-') => paint.removed(line),
        _ => line.to_string(),
    });
    lines.collect::<Vec<_>>().join("\n")
}
