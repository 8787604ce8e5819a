//! Measures Courtesy and the programs written by hand side by side.

use std::{fs, io, path::PathBuf};

use clap::Parser;
use courtesy_benches::whole::{Settings, measure};

/// Runs Courtesy and the programs written by hand over the same users, checks that they decide the same, and prints tables of medians
/// and ratios as Markdown
#[derive(Parser)]
struct Args {
    /// How many users
    #[arg(long, default_value_t = 100_000)]
    users: u64,
    /// How often each program runs, in turns
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// The command of Courtesy [default: beside this program]
    #[arg(long)]
    courtesy: Option<PathBuf>,
    /// Where data is made and kept
    #[arg(long, default_value = "target/benches")]
    folder: PathBuf,
    /// Checks that all decide the same, and no more
    #[arg(long)]
    check: bool,
    /// Where all single measures go, as CSV
    #[arg(long)]
    csv: Option<PathBuf>,
}

fn main() -> io::Result<()> {
    let args = Args::parse();
    let own = std::env::current_exe()?;
    let beside = |name: &str| own.with_file_name(name).with_extension(std::env::consts::EXE_EXTENSION);
    let courtesy = args.courtesy.unwrap_or_else(|| beside("courtesy"));
    let by_hand = beside("by_hand");
    for program in [&courtesy, &by_hand] {
        if !program.exists() {
            let how = "build both with `cargo build --release -p courtesy -p courtesy-benches`";
            return Err(io::Error::other(format!("there is no `{}`: {how}", program.display())));
        }
    }
    let settings = Settings {
        users: args.users,
        rounds: if args.check { 1 } else { args.rounds },
        courtesy,
        by_hand,
        folder: args.folder,
        inside: !args.check,
    };
    let report = measure(&settings)?;
    if let Some(path) = args.csv {
        fs::write(path, report.to_csv())?;
    }
    if args.check {
        eprintln!("all decide the same");
    } else {
        print!("{}", report.to_markdown());
    }
    Ok(())
}
