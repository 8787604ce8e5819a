//! `--snapshot`: a schedule that is to stay as it is.

use std::{fs, path::PathBuf};

use courtesy::io::{OutFile, cannot_read};

use super::{
    Exit, Failure, Screen,
    screen::{Paint, visible},
};

/// A schedule that is to stay as it is.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct GoldenArgs {
    /// Write nothing, but compare the schedule, every reason included, with this file, and show what differs
    #[arg(long, value_name = "FILE", requires = "now")]
    pub(crate) snapshot: Option<PathBuf>,
    /// Take the schedule as it is now for the snapshot
    #[arg(long, requires = "snapshot")]
    accept: bool,
}

/// Compares a schedule with its snapshot, or renews that.
pub(crate) fn compare(args: &GoldenArgs, text: &str, screen: Screen) -> Result<Exit, Failure> {
    let Some(path) = &args.snapshot else { return Ok(Exit::Fine) };
    let known = match fs::read_to_string(path) {
        Ok(known) => Some(known.replace("\r\n", "\n")),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(cannot_read(path, &error).into()),
    };
    let shown = visible(&path.display().to_string());
    if known.as_deref() == Some(text) {
        screen.note(format_args!("the schedule is as in `{shown}`"));
        return Ok(Exit::Fine);
    }
    if args.accept {
        let mut out = OutFile::create(path)?;
        out.write(text.as_bytes())?;
        out.finish()?;
        screen.note(format_args!("`{shown}` is renewed"));
        return Ok(Exit::Fine);
    }
    let Some(known) = known else {
        screen.note(format_args!("there is no `{shown}` yet; `--accept` writes it"));
        return Ok(Exit::Problems);
    };
    let paint = Paint(screen.colour);
    let diff = similar::TextDiff::from_lines(known.as_str(), text);
    let mut out = String::new();
    for hunk in diff.unified_diff().context_radius(3).header(&shown, "now").to_string().lines() {
        let line = match hunk.as_bytes().first() {
            Some(b'+') => paint.added(hunk),
            Some(b'-') => paint.removed(hunk),
            _ => hunk.into(),
        };
        out.push_str(&line);
        out.push('\n');
    }
    screen.print_exactly(&out)?;
    screen.note(format_args!("the schedule is not as in `{shown}`; `--accept` renews it"));
    Ok(Exit::Problems)
}
