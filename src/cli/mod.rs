//! The command line: one file a verb, each with its `Args` and a `run`.
//!
//! A verb prints its result with [`Screen::print`], its remarks with [`Screen::note`], and gives an [`Exit`]; what stops
//! it is a [`Failure`].

mod moment;
mod schema;
mod screen;
mod users;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub(crate) use moment::HorizonArgs;
pub(crate) use screen::{Failure, Screen};

const ABOUT: &str = "Decides whom to contact, when, over which channel, and when not to.";

const LONG_ABOUT: &str = "\
Decides whom to contact, when, over which channel, and when not to.

You write rules as you would say them (`if no order in 30 days and tier gold then send coupon`); \
Courtesy reads them and the data of your users, and makes a schedule of contacts that keeps every \
frequency cap, with a reason for every contact made, moved or withheld.";

const AFTER_HELP: &str = "\
Exit status: 0 all is well, 1 the rules or tests have problems, 2 wrong usage, 3 some data was rejected.
`courtesy VERB --help` tells more of each, with examples.";

#[derive(Debug, Parser)]
#[command(name = "courtesy", version = screen::version(), about = ABOUT, long_about = LONG_ABOUT)]
#[command(after_help = AFTER_HELP, arg_required_else_help = true, subcommand_value_name = "VERB")]
#[command(subcommand_help_heading = "Verbs", disable_help_subcommand = true)]
struct Cli {
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", hide_possible_values = true)]
    #[arg(help = "Use colours: auto, always or never")]
    color: clap::ColorChoice,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Schema(schema::Args),
}

/// How the command ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// All is well.
    Fine,
    /// The rules or the tests have problems.
    Problems,
    /// It was called in a wrong way, or a file could not be read or written.
    Usage,
    /// Some records were rejected.
    DataRejected,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Fine => 0,
            Exit::Problems => 1,
            Exit::Usage => 2,
            Exit::DataRejected => 3,
        })
    }
}

/// Runs the command that the process was started with.
pub(crate) fn main() -> ExitCode {
    let cli = Cli::parse();
    let screen = Screen::new(cli.color);
    let result = match &cli.verb {
        Verb::Schema(args) => schema::run(args, screen),
    };
    result.unwrap_or_else(|failure| screen.fail(&failure)).into()
}
