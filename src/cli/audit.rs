//! `courtesy audit`: does a schedule keep the rules?

use std::{
    collections::{BTreeMap, HashSet},
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use courtesy::{
    audit::{Auditor, Breach, BreachCode, Report, Scheduled},
    io::{Binder, Columns, Reject, ScheduleFile, SeenUsers, UserReader, UserRecord, for_each_user},
    snapshot::{Names, Slips},
    time::Zone,
};
use serde_json::json;

use super::{
    Exit, Failure, Screen,
    moment::read_moment,
    rejects::FewRejects,
    rules::{RulesArgs, number_of},
    screen::Paint,
    users::UsersArgs,
};

const EXAMPLES: &str = "\
Examples:
  courtesy audit schedule.csv --rules rules/ --users users.jsonl --now 2026-03-01
  courtesy plan rules/ --users users.jsonl --format jsonl | courtesy audit - --rules rules/ --users users.jsonl
  courtesy audit theirs.csv --schedule-columns user=customer,at=send_time,message=:newsletter \\
      --rules rules/ --users users.csv --contacts sent.csv

A touch has user, at, channel and message. With its rule, step and due, exemptions and deadlines are known as well; with \
its touch_id what is planned or sent twice. Exit status: 0 no breach, 1 breaches, 2 wrong usage, 3 no breach, but some \
users of the data were rejected.";

/// Look for breaches of the rules in a schedule, whoever made it
///
/// Looks through a schedule for contacts that the rules forbid: caps and gaps that are not kept, quiet hours, contact
/// hours, consent, addresses, deadlines, holdouts, double touches and unknown names. The planner is not asked. Past
/// contacts of the data count, up to --now.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The schedule: JSON lines or CSV, as `plan` writes it or another system; `-` is the standard input
    #[arg(value_name = "SCHEDULE")]
    schedule: PathBuf,
    /// Which columns of the schedule mean what, if their names do not say it: `user=customer,at=send_time`.
    ///
    /// A touch has user, at, channel, message, categories, touch_id, rule, step and due.
    #[arg(long, value_name = "MAP")]
    schedule_columns: Option<Columns>,
    /// Rule files, or folders of them (*.touch)
    #[arg(long, value_name = "RULES", required = true, num_args = 1..)]
    rules: Vec<PathBuf>,
    /// The moment the schedule was planned from: later contacts and events of the data are left alone
    /// [default: each user's first touch]
    #[arg(long, value_name = "MOMENT")]
    now: Option<String>,
    /// How to show what is found
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    users: UsersArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One JSON object a breach
    Json,
}

/// A user's schedule, looked through.
struct Audited {
    report: Report,
    /// Rows whose times cannot be read: their lines and what is wrong.
    bad: Vec<(u64, String)>,
    /// On which line the user stands.
    line: u64,
}

pub(crate) fn run(args: &Args, screen: Screen) -> Result<Exit, Failure> {
    if args.schedule.as_os_str() == "-" && args.users.files().users.path.as_os_str() == "-" {
        return Err(Failure::usage("the schedule and the users cannot both be the standard input"));
    }
    let schedule = ScheduleFile::read(&args.schedule, &args.schedule_columns.clone().unwrap_or_default())?;
    let mut reader = UserReader::open(&args.users.files())?;
    let times_in = args.users.times_in()?;
    let rules = RulesArgs { rules: args.rules.clone() };
    let (compiled, ..) = match rules.compile_for(&mut reader, screen)? {
        Ok(compiled) => compiled,
        Err(exit) => return Ok(exit),
    };
    let program = &compiled.program;
    let names = Names::new(program);
    let now = args.now.as_deref().map(|now| read_moment(now, &program.zone)).transpose()?;

    let unit = if schedule.has_rows { "row" } else { "line" };
    let mut findings = Findings { screen, format: args.format, unit, counts: BTreeMap::new(), users: 0 };
    for bad in &schedule.bad {
        findings.row(BreachCode::Malformed, Some(bad.line), bad.user.as_deref(), &bad.reason)?;
    }
    let mut seen = SeenUsers::default();
    let mut rejected = FewRejects::at_most(3);
    let mut rejected_users: HashSet<String> = HashSet::new();
    let slips = Mutex::new(Slips::default());
    let reject_double = reader.reject_doubles();
    for_each_user(
        &mut reader,
        None,
        || (Binder::new(program, &names, times_in), Auditor::new(program, &names)),
        |(binder, auditor), records, results| {
            let mut audit = |record: &UserRecord| -> Result<Audited, Reject> {
                binder.bind(record)?;
                let user = binder.user();
                let (touches, bad) = bind(&schedule, &user.id, &user.zone, times_in.as_ref());
                let report = auditor.audit(user, &touches, now);
                Ok(Audited { report, bad, line: record.line_number() })
            };
            while let Some(record) = records.next() {
                results.push(audit(record));
            }
            if let Some(found) = binder.take_slips() {
                slips.lock().unwrap_or_else(PoisonError::into_inner).merge(found);
            }
        },
        |audited| -> Result<(), Failure> {
            match audited {
                Err(reject) => {
                    rejected_users.extend(reject.id().map(str::to_owned));
                    rejected.push(reject);
                }
                Ok(audited) if !seen.is_new(&audited.report.user) => {
                    rejected.push(reject_double(audited.line, &audited.report.user));
                }
                Ok(audited) => {
                    for (line, reason) in &audited.bad {
                        findings.row(
                            BreachCode::Malformed,
                            Some(*line),
                            Some(&audited.report.user),
                            reason,
                        )?;
                    }
                    findings.report(&audited.report)?;
                }
            }
            Ok(())
        },
    )?;
    reader.ownerless(|reject| -> Result<(), Failure> {
        rejected.push(reject);
        Ok(())
    })?;

    let mut left_out = 0_usize;
    for user in schedule.users().filter(|user| !seen.is_known(user)) {
        if rejected_users.contains(user) {
            left_out = left_out.saturating_add(schedule.of(user).len());
            continue;
        }
        for row in schedule.of(user) {
            let problem = "the data has no such user";
            findings.row(BreachCode::UnknownUser, Some(row.line), Some(user), problem)?;
        }
    }
    findings.finish(schedule.count, left_out)?;
    notes(&rejected, left_out, &reader, screen);
    let slips = slips.into_inner().unwrap_or_else(PoisonError::into_inner);
    slips.remarks().for_each(|remark| screen.note(remark));
    Ok(if findings.total() > 0 {
        Exit::Problems
    } else if rejected.is_empty() {
        Exit::Fine
    } else {
        Exit::DataRejected
    })
}

/// The touches of a user, and what cannot be read of them.
fn bind(
    schedule: &ScheduleFile,
    user: &str,
    home: &Zone,
    times_in: Option<&Zone>,
) -> (Vec<Scheduled>, Vec<(u64, String)>) {
    let mut touches = Vec::new();
    let mut bad = Vec::new();
    for row in schedule.of(user) {
        match row.bind(home, times_in) {
            Ok(touch) => touches.push(touch),
            Err(reason) => bad.push((row.line, reason)),
        }
    }
    (touches, bad)
}

/// What was found, shown as it is found and counted.
struct Findings {
    screen: Screen,
    format: Format,
    /// What the schedule is made of: lines or rows.
    unit: &'static str,
    counts: BTreeMap<BreachCode, usize>,
    /// Users with touches.
    users: usize,
}

impl Findings {
    fn count(&mut self, code: BreachCode) {
        let count = self.counts.entry(code).or_default();
        *count = count.saturating_add(1);
    }

    /// Whoever reads may have enough; what was found until then was found.
    fn ended(&self, failure: Failure) -> Failure {
        if failure.is_closed() && self.total() > 0 {
            Failure { exit: Exit::Problems, ..failure }
        } else {
            failure
        }
    }

    fn total(&self) -> usize {
        self.counts.values().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// A breach of a row that is no touch of a known user.
    fn row(
        &mut self,
        code: BreachCode,
        line: Option<u64>,
        user: Option<&str>,
        problem: &str,
    ) -> Result<(), Failure> {
        self.count(code);
        match self.format {
            Format::Json => {
                self.screen.print(json!({ "code": code, "user": user, "line": line, "problem": problem }))
            }
            Format::Text => {
                let line = line.map_or(String::new(), |line| format!("{} {line}", self.unit));
                let user = user.map_or(String::new(), |user| format!(" (user `{}`)", user.escape_debug()));
                self.screen.print(format_args!("{line}{user}\n    {code}: {problem}"))
            }
        }
        .map_err(|failure| self.ended(failure))
    }

    fn report(&mut self, report: &Report) -> Result<(), Failure> {
        self.users = self.users.saturating_add(usize::from(report.touches > 0));
        report.breaches.iter().for_each(|breach| self.count(breach.code));
        match self.format {
            Format::Text if report.is_clean() => Ok(()),
            Format::Text => self.screen.print_exactly(&report.to_string()),
            Format::Json => {
                report.breaches.iter().try_for_each(|breach| self.screen.print(as_json(report, breach)))
            }
        }
        .map_err(|failure| self.ended(failure))
    }

    /// The summary, by code.
    fn finish(&self, rows: usize, left_out: usize) -> Result<(), Failure> {
        let touches = many_touches(rows.saturating_sub(left_out));
        let looked_at = format!("{touches} of {}", number_of(self.users, "user"));
        let paint = Paint(self.screen.colour);
        let total = self.total();
        let said = match total {
            0 => paint.good("no breach"),
            1 => paint.bad("1 breach"),
            more => paint.bad(format_args!("{more} breaches")),
        };
        let mut text = format!("{looked_at}: {said}");
        for (code, count) in &self.counts {
            text.push_str(&format!("\n  {code} {count}"));
        }
        match self.format {
            Format::Text => self.screen.print(text).map_err(|failure| self.ended(failure)),
            Format::Json => {
                self.screen.note(text);
                Ok(())
            }
        }
    }
}

fn as_json(report: &Report, breach: &Breach) -> serde_json::Value {
    let touch = &breach.touch;
    json!({
        "code": breach.code,
        "user": report.user,
        "line": touch.line,
        "at": touch.at,
        "zone": report.zone.name(),
        "channel": touch.channel,
        "message": touch.message,
        "rule": touch.rule,
        "step": touch.step,
        "touch_id": touch.id,
        "problem": breach.problem,
        "rule_text": breach.rule_text,
        "others": breach.others,
    })
}

/// `1 touch`, `3 touches`
fn many_touches(count: usize) -> String {
    if count == 1 { "1 touch".into() } else { format!("{count} touches") }
}

/// What is to be said of the data.
fn notes(rejected: &FewRejects, left_out: usize, reader: &UserReader, screen: Screen) {
    rejected.show("rejected", screen);
    if left_out > 0 {
        let touches = many_touches(left_out);
        screen.note(format_args!("{touches} of users who were rejected could not be audited"));
    }
    for remark in reader.left_over() {
        screen.note(remark);
    }
}
