//! `courtesy plan`: whom to contact, when, over which channel.

use std::{
    io::{self, IsTerminal},
    num::NonZeroUsize,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use courtesy::{
    io::{Binder, MOST_THREADS, Records, Reject, SeenUsers, UserReader, for_each_user},
    plan::{Horizon, Plan, Planner},
    program::Program,
    snapshot::{Names, Slips, User},
    time::{Instant, Zone},
};

use super::{
    Exit, Failure, HorizonArgs, Screen,
    golden::{self, GoldenArgs},
    outputs::{Named, keep_apart, must_have_no_ending},
    rejects::{REJECTS, Rejects},
    rules::{RulesArgs, number_of},
    screen::visible,
    summary::Summary,
    unmet,
    users::UsersArgs,
    written::{Sink, Withheld, Written, sink},
};

const EXAMPLES: &str = "\
Examples:
  courtesy plan rules/ --users users.jsonl
  courtesy plan rules/ --users users.jsonl --now \"2026-03-01 10:00\" --for \"30 days\" --out schedule.csv
  courtesy plan rules/ --users users.csv --events orders.csv \\
      --events-columns user=customer_no,at=order_date,type=:order
  courtesy plan rules/ --users users.jsonl --now 2026-03-01 --snapshot expected.txt

Each user is planned alone, and the schedule is in the order of the input. A broken record leaves out its user: \
a schedule made from a part of the data could be wrong. It is written to the rejects file with its line and the reason, \
and the exit status is 3.";

/// Plan whom to contact, when, over which channel
///
/// Reads rules and users, and writes the schedule of contacts. A summary on standard error tells how many touches each
/// rule makes and why others are withheld.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    rules: RulesArgs,
    #[command(flatten)]
    users: UsersArgs,
    #[command(flatten)]
    horizon: HorizonArgs,
    /// How to write it [default: as the name of --out says, else a table]
    #[arg(long, value_enum, conflicts_with = "snapshot")]
    format: Option<Format>,
    /// Where to write the touches; `-` is the standard output
    #[arg(long, value_name = "FILE", default_value = "-", conflicts_with = "snapshot")]
    pub(super) out: PathBuf,
    /// Where to write what was withheld, with all reasons: JSON lines, or CSV or Parquet if the name ends so
    #[arg(long, value_name = "FILE", conflicts_with = "snapshot")]
    withheld: Option<PathBuf>,
    /// Where to write what was wrong with records, as JSON lines [default: rejects.jsonl, if there are any]
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    #[command(flatten)]
    pub(super) golden: GoldenArgs,
    /// How many threads to use [default: one for each processor]
    #[arg(long, value_name = "COUNT", value_parser = read_threads)]
    threads: Option<NonZeroUsize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    /// For people: one line a touch
    Table,
    /// For people: each user with every reason
    Text,
    /// One JSON object a touch
    Jsonl,
    /// With a header, for spreadsheets
    Csv,
    /// For databases and data frames
    #[cfg(feature = "parquet")]
    Parquet,
}

impl Format {
    /// What the name of a file says.
    pub(super) fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "csv" => Some(Self::Csv),
            "jsonl" | "ndjson" | "json" => Some(Self::Jsonl),
            "txt" => Some(Self::Text),
            #[cfg(feature = "parquet")]
            "parquet" => Some(Self::Parquet),
            _ => None,
        }
    }
}

/// What a user comes to.
pub(super) struct Outcome {
    pub(super) plan: Plan,
    duplicates: usize,
    /// Written by the thread that planned.
    pub(super) touches: String,
    pub(super) withheld: String,
    /// On which line the user stands.
    line: u64,
}

/// Users who are planned together.
struct Batch<'p> {
    binder: Binder<'p>,
    users: Vec<User>,
    /// Users of batches before, whose memory is used again.
    spare: Vec<User>,
    /// Of each record, in order: its line and what was given twice, or why it is left out.
    records: Vec<Result<(u64, usize), Reject>>,
}

impl<'p> Batch<'p> {
    fn new(program: &'p Program, names: &'p Names, times_in: Option<Zone>) -> Self {
        let binder = Binder::new(program, names, times_in);
        Self { binder, users: Vec::new(), spare: Vec::new(), records: Vec::new() }
    }

    /// Takes in the next users; says whether there were any.
    fn fill(&mut self, records: &mut Records<'_>) -> bool {
        self.spare.append(&mut self.users);
        while self.records.len() < Planner::USERS_AT_ONCE
            && let Some(record) = records.next()
        {
            let bound = self.binder.bind(record);
            if bound.is_ok() {
                self.users.push(self.binder.take_user(self.spare.pop()));
            }
            self.records.push(bound.map(|duplicates| (record.line_number(), duplicates)));
        }
        !self.records.is_empty()
    }

    /// What comes of each record, given the plans of the users.
    fn outcomes(
        &mut self,
        plans: Vec<Plan>,
        outcome: impl Fn(u64, usize, Plan) -> Outcome,
    ) -> impl Iterator<Item = Result<Outcome, Reject>> {
        let mut plans = plans.into_iter();
        self.records.drain(..).filter_map(move |record| match record {
            Err(reject) => Some(Err(reject)),
            Ok((line, duplicates)) => plans.next().map(|plan| Ok(outcome(line, duplicates, plan))),
        })
    }
}

pub(crate) fn run(args: &Args, screen: Screen) -> Result<Exit, Failure> {
    let outputs = args.outputs();
    keep_apart(&outputs, &args.users.inputs())?;
    let format = args.format()?;
    let mut reader = UserReader::open(&args.users.files())?;
    let times_in = args.users.times_in()?;
    let (compiled, survey, files) = match args.rules.compile_for(&mut reader, screen)? {
        Ok(compiled) => compiled,
        Err(exit) => return Ok(exit),
    };
    keep_apart(&outputs, &files.into_iter().map(Named::of_rules).collect::<Vec<_>>())?;
    let program = &compiled.program;
    let now = args.horizon.now(&program.zone)?;
    let horizon = Horizon::from(args.horizon.horizon);
    let names = Names::new(program);

    let sink = sink(args, format)?;
    let machine = match &sink {
        Sink::Machine(machine, _) => Some(*machine),
        _ => None,
    };
    let withheld = args.withheld.as_deref().map(Withheld::create).transpose()?;
    let withheld_format = withheld.as_ref().and_then(Withheld::format);
    let mut written = Written { sink: Some(sink), withheld };
    let mut rejects = Rejects::new(args.rejects.as_deref())?;
    let mut summary = Summary::default();
    let mut seen = SeenUsers::default();
    let progress = progress();
    // Whoever reads the touches may have enough of them. Then none are made any more, unless to tell what is withheld; but
    // users are still read: what is wrong with the data, and the exit status, must not hang on who stopped reading when.
    let is_closed = AtomicBool::new(false);

    let slips = Mutex::new(Slips::default());

    let reject_double = reader.reject_doubles();
    for_each_user(
        &mut reader,
        args.threads,
        || (Batch::new(program, &names, times_in), Planner::new(program)),
        |(batch, planner), records, outcomes| {
            while batch.fill(records) {
                let mut plans = Vec::with_capacity(batch.users.len());
                if is_closed.load(Ordering::Relaxed) {
                    plans.extend(batch.users.iter().map(|user| nothing(user, now)));
                } else {
                    planner.plan_all(&batch.users, now, horizon, |plan| plans.push(plan));
                }
                outcomes.extend(batch.outcomes(plans, |line, duplicates, plan| Outcome {
                    touches: machine.map(|machine| machine.touches(&plan)).unwrap_or_default(),
                    withheld: withheld_format.map(|format| format.withheld(&plan)).unwrap_or_default(),
                    line,
                    duplicates,
                    plan,
                }));
            }
            if let Some(found) = batch.binder.take_slips() {
                slips.lock().unwrap_or_else(PoisonError::into_inner).merge(found);
            }
        },
        |outcome| -> Result<(), Failure> {
            progress.inc(1);
            match outcome {
                Err(reject) => rejects.add(&reject, &mut summary),
                Ok(outcome) if !seen.is_new(&outcome.plan.user) => {
                    rejects.add(&reject_double(outcome.line, &outcome.plan.user), &mut summary)
                }
                Ok(outcome) => {
                    summary.add(&outcome.plan, outcome.duplicates);
                    if is_closed.load(Ordering::Relaxed) {
                        return Ok(());
                    }
                    written.add(&outcome)?;
                    is_closed.store(written.is_closed(), Ordering::Relaxed);
                    Ok(())
                }
            }
        },
    )?;
    progress.finish_and_clear();
    reader.ownerless(|reject| rejects.add(&reject, &mut summary))?;
    let (is_read, golden) = written.finish(&mut rejects, screen)?;
    if !is_read {
        return rejects.finish_alone(&summary, screen);
    }
    let rejects_path = rejects.finish()?;
    reader.left_over().for_each(|remark| summary.remark(remark));
    survey.remarks().for_each(|remark| summary.remark(remark));
    let slips = slips.into_inner().unwrap_or_else(PoisonError::into_inner);
    slips.remarks().for_each(|remark| summary.remark(remark));
    unmet::attributes(program, &names, &survey).for_each(|remark| summary.remark(remark));
    if !compiled.warnings.is_empty() {
        let warnings = number_of(compiled.warnings.len(), "warning");
        summary.remark(format!("the rules have {warnings}: `courtesy check` shows them"));
    }
    match rejects_path {
        Some(path) => {
            summary.remark(format!("what was rejected is in `{}`", visible(&path.display().to_string())))
        }
        None if Path::new(REJECTS).exists() => {
            summary.remark(format!("`{REJECTS}` is there from an earlier run; this one rejected nothing"));
        }
        None => {}
    }
    let present = if args.horizon.now.is_none() { " (the present)" } else { "" };
    let zones = courtesy::time::tzdb_version();
    summary
        .remark(format!("planned from {now}{present} for {}; time zone database {zones}", horizon.period()));
    screen.note(&summary);
    let exit = if summary.rejected > 0 { Exit::DataRejected } else { Exit::Fine };
    match golden {
        Some(text) if golden::compare(&args.golden, &text, screen)? == Exit::Problems => Ok(Exit::Problems),
        _ => Ok(exit),
    }
}

/// The plan of a user that nobody asks for any more.
fn nothing(user: &User, now: Instant) -> Plan {
    let (user, zone) = (Arc::clone(&user.id), Arc::default());
    Plan { user, zone, now, end: now, touches: Vec::new(), withheld: Vec::new() }
}

impl Args {
    /// What is written, or may be.
    fn outputs(&self) -> Vec<Named> {
        let mut outputs = Vec::new();
        match &self.golden.snapshot {
            Some(snapshot) => outputs.push(Named::by("--snapshot", snapshot)),
            None => outputs.push(Named::by("--out", &self.out)),
        }
        outputs.extend(self.withheld.as_ref().map(|path| Named::by("--withheld", path)));
        outputs.push(match &self.rejects {
            Some(path) => Named::by("--rejects", path),
            None => Named::by("--rejects", REJECTS)
                .help("records that are rejected go there: name another file with `--rejects`"),
        });
        outputs
    }

    /// How touches are written.
    fn format(&self) -> Result<Format, Failure> {
        match self.format.or_else(|| Format::of(&self.out)) {
            Some(format) => Ok(format),
            None => {
                must_have_no_ending(&self.out, "say with `--format` how it is to be written, or use")?;
                Ok(Format::Table)
            }
        }
    }
}

fn read_threads(text: &str) -> Result<NonZeroUsize, String> {
    let count: usize = text.trim().parse().map_err(|_| "give a whole number".to_owned())?;
    let count = NonZeroUsize::new(count).ok_or("give at least 1 thread")?;
    if count > MOST_THREADS { Err(format!("give at most {MOST_THREADS} threads")) } else { Ok(count) }
}

/// Counts users on standard error, if that is a terminal.
fn progress() -> indicatif::ProgressBar {
    if !io::stderr().is_terminal() {
        return indicatif::ProgressBar::hidden();
    }
    let style = indicatif::ProgressStyle::with_template("{spinner} {human_pos} users, {per_sec}");
    indicatif::ProgressBar::no_length()
        .with_style(style.unwrap_or_else(|_| indicatif::ProgressStyle::default_spinner()))
}
