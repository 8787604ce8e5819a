//! `--users`, `--events`, `--contacts`: where the data of users is, and which columns mean what.

use std::path::PathBuf;

use clap::{ArgMatches, Command, FromArgMatches};
use courtesy::{
    io::{Columns, DataFile, DataFiles, FileError},
    time::Zone,
};

use super::{Failure, outputs::Named};

/// Where the data of users is.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Data")]
struct Flags {
    /// Users: JSON lines (one user each, with their events and contacts), a table with a header (CSV with commas,
    /// semicolons or tabs, UTF-8) or Parquet; `-` is the standard input
    #[arg(long, value_name = "FILE", required = true)]
    users: PathBuf,
    /// Which columns of the users' table mean what, if their names do not say it: `id=customer_no,timezone=tz`.
    ///
    /// `name=column` reads a name from a column, `name=:text` gives every row the same text. A user has id, timezone,
    /// locale, consent.CHANNEL (yes or no) and address.CHANNEL; every other column is an attribute of its own name.
    #[arg(long, value_name = "MAP")]
    users_columns: Option<Columns>,
    /// A table of events, joined to the users by user id; may be given several times
    #[arg(long, value_name = "FILE")]
    events: Vec<PathBuf>,
    /// Which columns of the table of events before it mean what: `user=customer_no,at=order_date,type=:order`.
    ///
    /// An event has user, at, type and perhaps id; every other column is a field of its own name. `type=:order` says
    /// that every row is an order.
    #[arg(long, value_name = "MAP", requires = "events")]
    events_columns: Vec<Columns>,
    /// A table of contacts made in the past, joined to the users by user id; may be given several times. A schedule
    /// that `plan --format csv` wrote and that was sent is one
    #[arg(long, value_name = "FILE")]
    contacts: Vec<PathBuf>,
    /// Which columns of the table of contacts before it mean what: `user=customer_no,at=sent_on,channel=:mail`.
    ///
    /// A contact has user, at, channel, message, categories, rule and touch_id.
    #[arg(long, value_name = "MAP", requires = "contacts")]
    contacts_columns: Vec<Columns>,
    /// The time zone of times that are written without an offset [default: each user's own]. A date without a time is
    /// always the start of that day for the user
    #[arg(long, value_name = "ZONE")]
    times_in: Option<String>,
}

/// Where the data of users is. Options for columns belong to the file named before them.
#[derive(Debug, Clone)]
pub(crate) struct UsersArgs {
    files: DataFiles,
    times_in: Option<String>,
}

impl UsersArgs {
    /// The files.
    pub(crate) fn files(&self) -> DataFiles {
        self.files.clone()
    }

    /// The files, as people name them.
    pub(crate) fn inputs(&self) -> Vec<Named> {
        let DataFiles { users, events, contacts } = &self.files;
        let users = std::iter::once(("--users", users));
        let events = events.iter().map(|file| ("--events", file));
        let contacts = contacts.iter().map(|file| ("--contacts", file));
        users.chain(events).chain(contacts).map(|(option, file)| Named::by(option, &file.path)).collect()
    }

    /// The zone of times without an offset, if it is not each user's own.
    pub(crate) fn times_in(&self) -> Result<Option<Zone>, Failure> {
        let zone = self.times_in.as_deref().map(Zone::named).transpose();
        zone.map_err(|error| {
            let failure = Failure::usage(error.to_string());
            match error.suggestion {
                Some(suggestion) => failure.help(format!("did you mean `{suggestion}`?")),
                None => failure.help("use a name of the IANA database, such as Europe/Berlin"),
            }
        })
    }
}

impl From<FileError> for Failure {
    fn from(error: FileError) -> Self {
        if error.is_closed {
            return Self::closed();
        }
        let failure = Self::usage(error.problem);
        match error.help {
            Some(help) => failure.help(help),
            None => failure,
        }
    }
}

impl clap::Args for UsersArgs {
    fn augment_args(command: Command) -> Command {
        Flags::augment_args(command)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Flags::augment_args_for_update(command)
    }
}

impl FromArgMatches for UsersArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let flags = Flags::from_arg_matches(matches)?;
        let join = |what: &str, files: Vec<PathBuf>, columns: Vec<Columns>| {
            let places =
                |name: &str| -> Vec<usize> { matches.indices_of(name).into_iter().flatten().collect() };
            pair(what, files, &places(what), columns, &places(&format!("{what}_columns")))
        };
        let events = join("events", flags.events, flags.events_columns)?;
        let contacts = join("contacts", flags.contacts, flags.contacts_columns)?;
        let users = DataFile { path: flags.users, columns: flags.users_columns.unwrap_or_default() };
        Ok(Self { files: DataFiles { users, events, contacts }, times_in: flags.times_in })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Gives each file the columns that were named after it and before the next one.
fn pair(
    what: &str,
    files: Vec<PathBuf>,
    file_places: &[usize],
    columns: Vec<Columns>,
    column_places: &[usize],
) -> Result<Vec<DataFile>, clap::Error> {
    let mut out: Vec<DataFile> =
        files.into_iter().map(|path| DataFile { path, columns: Columns::default() }).collect();
    for (columns, place) in columns.into_iter().zip(column_places) {
        let before = file_places.iter().rposition(|file| file < place);
        match before.and_then(|index| out.get_mut(index)) {
            Some(file) if file.columns.is_empty() => file.columns = columns,
            Some(file) => {
                let message = format!("`{}` is given its columns twice\n", file.path.display());
                return Err(clap::Error::raw(clap::error::ErrorKind::ArgumentConflict, message));
            }
            None => {
                let message = format!("--{what}-columns belongs after the --{what} that it speaks of\n");
                return Err(clap::Error::raw(clap::error::ErrorKind::MissingRequiredArgument, message));
            }
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Debug, Parser)]
    struct Cli {
        #[command(flatten)]
        users: UsersArgs,
    }

    fn parse(words: &str) -> Result<DataFiles, String> {
        let cli =
            Cli::try_parse_from(format!("test {words}").split(' ')).map_err(|error| error.to_string())?;
        Ok(cli.users.files())
    }

    #[test]
    fn columns_belong_to_the_file_before_them() {
        let files = parse(
            "--events a --events b --events-columns user=u --events c --events-columns=type=:x --users u.csv",
        );
        let columns: Vec<_> = files
            .unwrap()
            .events
            .iter()
            .map(|file| (file.path.display().to_string(), file.columns.len()))
            .collect();
        assert_eq!(columns, [("a".to_owned(), 0), ("b".to_owned(), 1), ("c".to_owned(), 1)]);
    }

    #[test]
    fn columns_of_nothing_are_refused() {
        for (words, said) in [
            ("--users u --events-columns a=b --events e", "belongs after"),
            ("--users u --events e --events-columns a=b --events-columns c=d", "twice"),
            ("--users u --events-columns a=b", "--events"),
            ("--users u --users-columns a", "does not say which column is meant"),
            ("--events e", "--users"),
        ] {
            let error = parse(words).unwrap_err();
            assert!(error.contains(said), "{words}: {error}");
        }
    }
}
