//! `courtesy explain`: why this user gets it, or why not.

use courtesy::{
    explain,
    io::{Binder, Reject, UserReader},
    plan::{Horizon, Planner},
    program::Program,
    snapshot::{Names, Slips, User},
    time::Zone,
};

use super::{Exit, Failure, HorizonArgs, Screen, rules::RulesArgs, users::UsersArgs};

const EXAMPLES: &str = "\
Examples:
  courtesy explain rules/ --users users.jsonl --user u17
  courtesy explain rules/ --users users.jsonl --user u17 --rule winback
  courtesy explain rules/ --users users.csv --events orders.csv --user u17 --now \"2026-03-01 10:00\"";

/// Tell why a user gets something, or why not
///
/// The whole story of one user: for each rule whether it is due, every part of its condition with the value that
/// decides it, and what is planned, moved or withheld, with everything that stands in its way.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    rules: RulesArgs,
    /// The user's id
    #[arg(long, value_name = "ID")]
    user: String,
    /// Tell only of this rule; may be given several times
    #[arg(long, value_name = "NAME")]
    rule: Vec<String>,
    #[command(flatten)]
    horizon: HorizonArgs,
    #[command(flatten)]
    users: UsersArgs,
}

pub(crate) fn run(args: &Args, screen: Screen) -> Result<Exit, Failure> {
    let mut reader = UserReader::open(&args.users.files())?;
    let (compiled, ..) = match args.rules.compile_for(&mut reader, screen)? {
        Ok(compiled) => compiled,
        Err(exit) => return Ok(exit),
    };
    let program = &compiled.program;
    for name in &args.rule {
        let known = || program.rules.iter().map(|rule| rule.name.as_str());
        if !known().any(|rule| rule == name) {
            return Err(Failure::usage(format!("no rule is called `{name}`")).help(nearest(name, known())));
        }
    }
    let now = args.horizon.now(&program.zone)?;
    let Found { user, slips, reject } = find(&mut reader, program, args.users.times_in()?, &args.user)?;
    let plan = Planner::new(program).plan(&user, now, Horizon::from(args.horizon.horizon));
    let tells = |rule: &str| args.rule.is_empty() || args.rule.iter().any(|name| name == rule);
    let story = explain::story(program, &compiled.sources, &user, &plan, tells);
    screen.print_exactly(&story.to_string())?;
    if let Some(reject) = reject {
        screen.note(format_args!("rejected: {reject}"));
    }
    slips.remarks().for_each(|remark| screen.note(remark));
    Ok(Exit::Fine)
}

/// Which rule was meant, or which there are.
fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    let far = name.chars().count() / 3 + 1;
    let distance = |rule: &str| strsim::damerau_levenshtein(name, rule);
    match known.clone().min_by_key(|rule| distance(rule)) {
        Some(rule) if distance(rule) <= far => format!("did you mean `{rule}`?"),
        _ => {
            let all: Vec<String> = known.map(|rule| format!("`{rule}`")).collect();
            format!("the rules are {}", all.join(", "))
        }
    }
}

/// The user, and what is to be said of the data.
struct Found {
    user: User,
    slips: Slips,
    /// A record of that user before, which was rejected.
    reject: Option<Reject>,
}

/// Looks for the user in the data: as for a plan, the first record that is not rejected is theirs.
fn find(
    reader: &mut UserReader,
    program: &Program,
    times_in: Option<Zone>,
    id: &str,
) -> Result<Found, Failure> {
    let names = Names::new(program);
    let mut binder = Binder::new(program, &names, times_in);
    let mut users = 0_u64;
    let mut reject = None;
    let mut near: Option<(usize, String)> = None;
    let (lower, letters) = (id.trim().to_lowercase(), id.chars().count());
    // Of short ids nearly every one is near, and nobody types a long one.
    let most = if letters > 100 { 0 } else { letters / 4 };
    let mut look = |other: &str| {
        let best = near.as_ref().map_or(most + 1, |(best, _)| *best);
        if best == 0 {
            return;
        }
        let distance = if lower == other.trim().to_lowercase() {
            0
        } else if letters.abs_diff(other.chars().count()) >= best {
            return;
        } else {
            strsim::osa_distance(id, other)
        };
        if distance < best {
            near = Some((distance, other.to_owned()));
        }
    };
    while let Some(record) = reader.next_user()? {
        users = users.saturating_add(1);
        match binder.bind(&record) {
            Ok(_) if *binder.user().id == *id => {
                let slips = binder.take_slips().unwrap_or_default();
                return Ok(Found { user: binder.user().clone(), slips, reject });
            }
            Err(other) if other.id() == Some(id) => reject = reject.or(Some(other)),
            Ok(_) => look(&binder.user().id),
            Err(other) => other.id().into_iter().for_each(&mut look),
        }
    }
    if let Some(reject) = reject {
        return Err(rejected(&reject));
    }
    let among = if users == 1 { "the one user".into() } else { format!("the {users} users") };
    Err(Failure::usage(format!("`{id}` is not among {among} of the data")).help(match near {
        Some((_, near)) => format!("did you mean `{near}`?"),
        None => "give the id as it stands in the data, capitals and all".into(),
    }))
}

fn rejected(reject: &Reject) -> Failure {
    let message = format!("{}: {}", reject.place(), reject.reason);
    let failure = Failure { message, help: None, exit: Exit::DataRejected };
    match &reject.help {
        Some(help) => failure.help(help),
        None => failure,
    }
}
