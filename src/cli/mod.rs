//! The command line: one file a verb, each with its `Args` and a `run`.
//!
//! A verb prints its result with [`Screen::print`], its remarks with [`Screen::note`], and gives an [`Exit`]; what stops
//! it is a [`Failure`].

mod audit;
mod check;
mod explain;
mod fmt;
mod golden;
mod moment;
mod outputs;
mod plan;
mod rejects;
mod rules;
mod schema;
mod screen;
mod summary;
mod test;
mod unmet;
mod users;
mod written;

use std::{
    ffi::OsString,
    io::{self, Write as _},
    process::ExitCode,
};

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
Exit status: 0 all is well, 1 the rules or tests have problems (or a schedule has breaches), 2 wrong usage, 3 some data was rejected.
`courtesy VERB --help` tells more of each, with examples.";

#[derive(Debug, Parser)]
#[command(name = "courtesy", version = screen::version(), about = ABOUT, long_about = LONG_ABOUT)]
#[command(after_help = AFTER_HELP, arg_required_else_help = true, subcommand_value_name = "VERB")]
#[command(subcommand_help_heading = "Verbs", disable_help_subcommand = true)]
struct Cli {
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        hide_possible_values = true,
        display_order = 900
    )]
    #[arg(help = "Use colours: auto, always or never")]
    color: clap::ColorChoice,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Check(check::Args),
    Plan(plan::Args),
    Explain(explain::Args),
    Audit(audit::Args),
    Test(test::Args),
    Fmt(fmt::Args),
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

impl Exit {
    /// How a command ends that only printed help.
    fn from_usage(error: &clap::Error) -> Self {
        if error.use_stderr() { Self::Usage } else { Self::Fine }
    }
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
    let cli = match Cli::try_parse_from(words(std::env::args_os())) {
        Ok(cli) => cli,
        Err(error) => return wrong_usage(&error),
    };
    let screen = Screen::new(cli.color);
    let result = match &cli.verb {
        Verb::Check(args) => check::run(args, screen),
        Verb::Plan(args) => plan::run(args, screen),
        Verb::Explain(args) => explain::run(args, screen),
        Verb::Audit(args) => audit::run(args, screen),
        Verb::Test(args) => test::run(args, screen),
        Verb::Fmt(args) => fmt::run(args, screen),
        Verb::Schema(args) => schema::run(args, screen),
    };
    result.unwrap_or_else(|failure| screen.fail(&failure)).into()
}

/// The words of the command: `courtesy help plan` asks for what `courtesy plan --help` shows.
fn words(given: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut words: Vec<OsString> = given.collect();
    if words.get(1).is_some_and(|word| word == "help") {
        words.remove(1);
        words.push("--help".into());
    }
    words
}

/// Prints the help or version that was asked for, or what is wrong with the words of the command.
fn wrong_usage(error: &clap::Error) -> ExitCode {
    use clap::error::ErrorKind;
    match error.kind() {
        ErrorKind::DisplayHelp
        | ErrorKind::DisplayVersion
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let screen = Screen::new(clap::ColorChoice::Auto);
            match error.print().and_then(|()| io::stdout().flush()) {
                Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                    let why = match error.kind() {
                        io::ErrorKind::StorageFull => "the disk is full".into(),
                        _ => error.to_string(),
                    };
                    screen.fail(&Failure::usage(format!("cannot write the help: {why}"))).into()
                }
                _ => Exit::from_usage(error).into(),
            }
        }
        _ => {
            let screen = Screen::new(clap::ColorChoice::Auto);
            screen.fail(&in_our_words(error)).into()
        }
    }
}

/// Clap's message as the rest of the command says it: the error, then the help.
fn in_our_words(error: &clap::Error) -> Failure {
    let rendered = error.render().to_string();
    let text = rendered.strip_prefix("error: ").unwrap_or(&rendered);
    let text = text.split("\n\nUsage:").next().unwrap_or(text);
    let text = text.split("\n\nFor more information").next().unwrap_or(text);
    let text = in_our_quotes(text, &given(error));
    let mut tips = text.split("\n\n").map(str::trim);
    let message = tips.next().unwrap_or_default().to_string();
    // How to give such a word as a value is of no use where no value begins like an option.
    let tips: Vec<&str> = tips
        .map(|tip| tip.trim_start_matches("tip: "))
        .filter(|tip| !(tip.starts_with("to pass ") && tip.contains(" as a value, use ")))
        .collect();
    let failure = Failure::usage(message);
    if tips.is_empty() {
        failure.help("`courtesy --help` shows the verbs, and `courtesy VERB --help` what each takes")
    } else {
        failure.help(tips.join("\n      "))
    }
}

/// What was given by whoever called, as the message may repeat it, and as it is to stand there: clap puts values in its
/// quotes, and what our own readers say of a value stands as it is.
fn given(error: &clap::Error) -> Vec<(String, String)> {
    use clap::error::ContextValue;
    let quoted = |text: &String| (format!("'{text}'"), format!("`{text}`"));
    let mut given: Vec<_> = error
        .context()
        .flat_map(|(_, value)| match value {
            ContextValue::String(text) => vec![quoted(text)],
            ContextValue::Strings(texts) => texts.iter().map(quoted).collect(),
            _ => Vec::new(),
        })
        .collect();
    let said = std::error::Error::source(error).map(ToString::to_string);
    given.extend(said.filter(|said| !said.is_empty()).map(|said| (said.clone(), said)));
    given
}

/// The text with our quotes and words in the place of clap's, but for what was given.
fn in_our_quotes(text: &str, given: &[(String, String)]) -> String {
    let found = given.iter().find_map(|(theirs, ours)| Some((text.split_once(theirs.as_str())?, ours)));
    match found {
        Some(((before, after), ours)) => in_our_quotes(before, given) + ours + &in_our_quotes(after, given),
        None => text.replace('\'', "`").replace("subcommand", "verb"),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;

    #[test]
    fn what_was_given_stays_as_it_is() {
        let said = |words: &[&str]| {
            let error = Cli::try_parse_from([&["courtesy"], words].concat()).unwrap_err();
            in_our_words(&error).message
        };
        assert_eq!(said(&["it's a subcommand"]), "unrecognized verb `it's a subcommand`");
        let plan = ["plan", "rules.touch", "--users", "u.csv"];
        let said = |words: &[&str]| said(&[plan.as_slice(), words].concat());
        let now = said(&["--for", "five o'clock"]);
        assert!(now.contains("`five o'clock`") && !now.replace("o'clock", "").contains('\''), "{now}");
        assert_eq!(said(&["--it's"]), "unexpected argument `--it's` found");
        assert_eq!(
            said(&["--format", "'"]).lines().next(),
            Some("invalid value `'` for `--format <FORMAT>`")
        );
    }
}
