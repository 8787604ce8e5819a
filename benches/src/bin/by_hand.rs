//! The twenty rules, written by hand.

use std::{io, path::PathBuf};

use clap::{Parser, ValueEnum};
use courtesy_benches::by_hand::{
    Counts,
    limit::{Limit, run_over_parquet},
    plain::Plain,
    run,
};

/// Plans by the twenty rules of `rules/twenty.touch`, written by hand
#[derive(Parser)]
struct Args {
    /// How it is written
    how: How,
    /// Users as JSON lines; for `limit` also as Parquet, events and contacts within them
    #[arg(long)]
    users: PathBuf,
    /// Where the touches go, as CSV
    #[arg(long)]
    out: PathBuf,
    /// How many threads to use
    #[arg(long, default_value_t = 1)]
    threads: usize,
}

#[derive(Clone, Copy, ValueEnum)]
enum How {
    /// Typed `serde_json` and a function for each rule
    Plain,
    /// The fastest that we know to write
    Limit,
}

fn main() -> io::Result<()> {
    let args = Args::parse();
    let is_parquet = args.users.extension().is_some_and(|extension| extension == "parquet");
    let counts: Counts = match args.how {
        How::Limit if is_parquet => run_over_parquet(&args.users, &args.out, args.threads)?,
        How::Plain => run::<Plain>(&args.users, &args.out, args.threads)?,
        How::Limit => run::<Limit>(&args.users, &args.out, args.threads)?,
    };
    let Counts { users, touches, withheld, rejected, .. } = counts;
    eprintln!("{users} users: {touches} touches, {withheld} withheld, {rejected} rejected");
    let reasons: Vec<_> = counts.reasons().map(|(code, count)| format!("{code} {count}")).collect();
    eprintln!("  withheld by {}", reasons.join(", "));
    Ok(())
}
