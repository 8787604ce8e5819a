//! `courtesy schema`: what does the data hold?

use courtesy::io::{OutFile, Survey, UserReader};

use super::{
    Exit, Failure, Screen,
    outputs::{Named, keep_apart},
    rejects::FewRejects,
    users::UsersArgs,
};

const EXAMPLES: &str = "\
Examples:
  courtesy schema --users users.jsonl
  courtesy schema --users users.csv --events orders.csv --events-columns type=:order --out shop.touch";

/// Write the declarations for the data at hand
///
/// Reads users and tells what attributes, events, channels and messages there are, as a rule file that others can use
/// (`use "shop.touch"`). Where it had to guess, a comment says so. Look it over before you rely on it.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    users: UsersArgs,
    /// Look at so many users only
    #[arg(long, value_name = "COUNT")]
    first: Option<u64>,
    /// Where to write it
    #[arg(long, value_name = "FILE", default_value = "-")]
    out: std::path::PathBuf,
}

pub(crate) fn run(args: &Args, screen: Screen) -> Result<Exit, Failure> {
    keep_apart(&[Named::by("--out", &args.out)], &args.users.inputs())?;
    let mut reader = UserReader::open(&args.users.files())?;
    let mut survey = Survey::default();
    let mut users = 0_u64;
    let mut left_out = FewRejects::at_most(10);
    while let Some(record) = reader.next_user()? {
        if args.first == Some(users) {
            survey.leave_open();
            break;
        }
        users = users.saturating_add(1);
        if let Err(reject) = survey.add(&record) {
            left_out.push(reject);
        }
    }
    reader.ownerless(|reject| -> Result<(), Failure> {
        left_out.push(reject);
        Ok(())
    })?;
    let mut out = OutFile::create(&args.out)?;
    out.write(survey.to_string().as_bytes())?;
    out.finish()?;
    if args.first.is_none() {
        reader.left_over().for_each(|remark| screen.note(remark));
    }
    survey.remarks().for_each(|remark| screen.note(remark));
    left_out.show("left out", screen);
    Ok(if left_out.is_empty() { Exit::Fine } else { Exit::DataRejected })
}
