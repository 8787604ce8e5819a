//! Whole runs, from files to a file, each in a process of its own.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Instant,
};

use wait4::Wait4;
use xxhash_rust::xxh3::Xxh3;

use super::{Data, Measure, Report, Settings, wrong};
use crate::users::NOW;

/// Where users come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Input {
    Lines,
    Shuffled,
    Tables,
    Parquet,
    ParquetTables,
}

impl Input {
    const fn name(self) -> &'static str {
        match self {
            Self::Lines => "JSON lines",
            Self::Shuffled => "JSON lines, shuffled",
            Self::Tables => "tables",
            Self::Parquet => "Parquet",
            Self::ParquetTables => "Parquet tables",
        }
    }
}

/// A program and what it works on.
#[derive(Debug, Clone)]
pub struct Program {
    /// `courtesy`, or how it is written by hand.
    name: &'static str,
    rules: usize,
    input: Input,
    threads: usize,
}

/// What the runs of a program came to.
#[derive(Debug, Clone, PartialEq)]
struct Decisions {
    digest: u128,
    /// How many touches and withheld ones, and why, as the program says.
    counts: BTreeMap<String, u64>,
}

fn all() -> Vec<Program> {
    let program = |name, rules, input, threads| Program { name, rules, input, threads };
    let mut programs = Vec::new();
    for threads in [1, 2] {
        for name in ["limit", "plain", "courtesy"] {
            programs.push(program(name, 20, Input::Lines, threads));
        }
    }
    for name in ["limit", "courtesy"] {
        programs.push(program(name, 20, Input::Shuffled, 2));
    }
    programs.push(program("courtesy", 20, Input::Tables, 2));
    for threads in [1, 2] {
        for (name, input) in
            [("limit", Input::Parquet), ("courtesy", Input::Parquet), ("courtesy", Input::ParquetTables)]
        {
            programs.push(program(name, 20, input, threads));
        }
    }
    for rules in [200, 2_000] {
        for threads in [1, 2] {
            programs.push(program("courtesy", rules, Input::Lines, threads));
        }
    }
    programs
}

/// Runs all programs in turns, and checks that those of the same rules decide the same.
pub(super) fn measure(settings: &Settings, data: &Data, report: &mut Report) -> io::Result<()> {
    let mut decided: BTreeMap<usize, Decisions> = BTreeMap::new();
    for round in 1..=settings.rounds {
        for program in all() {
            eprintln!("round {round}: {program:?}");
            let decisions = program.run(settings, data, round, report)?;
            let known = decided.entry(program.rules).or_insert_with(|| decisions.clone());
            if *known != decisions {
                return Err(wrong(format_args!("{program:?} decides {decisions:?}, and not {known:?}")));
            }
        }
    }
    report.same = decided.into_iter().map(|(rules, decisions)| (rules, decisions.counts)).collect();
    Ok(())
}

impl Program {
    fn run(
        &self,
        settings: &Settings,
        data: &Data,
        round: usize,
        report: &mut Report,
    ) -> io::Result<Decisions> {
        let out = data.output("touches.csv");
        let started = Instant::now();
        let mut child =
            self.command(settings, data, &out).stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
        let mut said = String::new();
        if let Some(mut stderr) = child.stderr.take() {
            stderr.read_to_string(&mut said)?;
        }
        let ended = child.wait4()?;
        let wall = started.elapsed();
        if !ended.status.success() {
            return Err(wrong(format_args!("{self:?} failed ({}): {said}", ended.status)));
        }
        let usage = ended.rusage;
        let mut put = |measure, value| {
            let (rules, threads) = (self.rules.to_string(), self.threads.to_string());
            let what = [self.name, &rules, self.input.name(), &threads].map(str::to_owned);
            report.put(Measure { part: "whole", what, measure, round, value });
        };
        put("seconds", wall.as_secs_f64());
        put("processor seconds", (usage.utime + usage.stime).as_secs_f64());
        put("user seconds", usage.utime.as_secs_f64());
        put("peak MB", usage.maxrss as f64 / 1e6);
        let digest = digest(&out)?;
        fs::remove_file(out)?;
        Ok(Decisions { digest, counts: counts(&said) })
    }

    fn command(&self, settings: &Settings, data: &Data, out: &Path) -> Command {
        let threads = self.threads.to_string();
        let tables = |folder: &Path, extension| {
            ["users", "events", "contacts"].map(|name| folder.join(name).with_extension(extension)).to_vec()
        };
        let files = match self.input {
            Input::Lines => vec![data.lines.clone()],
            Input::Shuffled => vec![data.shuffled.clone()],
            Input::Tables => tables(&data.tables, "csv"),
            Input::Parquet => vec![data.parquet.join("nested.parquet")],
            Input::ParquetTables => tables(&data.parquet, "parquet"),
        };
        let mut command;
        if self.name == "courtesy" {
            command = Command::new(&settings.courtesy);
            command.arg("plan").arg(data.rules(self.rules)).args(["--now", NOW, "--for", "7d"]);
            command.arg("--rejects").arg(data.output("rejects.jsonl"));
        } else {
            command = Command::new(&settings.by_hand);
            command.arg(self.name);
        }
        command.args(["--threads", &threads]).arg("--out").arg(out);
        for (option, file) in ["--users", "--events", "--contacts"].iter().zip(files) {
            command.arg(option).arg(file);
        }
        command
    }
}

fn digest(path: &PathBuf) -> io::Result<u128> {
    let mut file = File::open(path)?;
    let mut hash = Xxh3::new();
    let mut bytes = vec![0; 1 << 16];
    loop {
        match file.read(&mut bytes)? {
            0 => return Ok(hash.digest128()),
            count => hash.update(&bytes[..count]),
        }
    }
}

/// The counts in `1,000 users: 511 touches, 543 withheld, 0 rejected` and in `withheld by cap 144, quiet_hours 41`.
fn counts(said: &str) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for line in said.lines() {
        if let Some((_, rest)) = line.split_once(" users: ") {
            for part in rest.split(", ") {
                if let Some((number, what)) = part.split_once(' ') {
                    counts.insert(what.to_owned(), number.replace(',', "").parse().unwrap_or(u64::MAX));
                }
            }
        } else if let Some(rest) = line.trim().strip_prefix("withheld by ") {
            for part in rest.split(", ") {
                if let Some((what, number)) = part.split_once(' ') {
                    counts.insert(
                        format!("withheld by {what}"),
                        number.replace(',', "").parse().unwrap_or(u64::MAX),
                    );
                }
            }
        }
    }
    counts.retain(|_, count| *count > 0);
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_of_counting_are_read() {
        let one =
            counts("1,000 users: 5,511 touches, 543 withheld, 0 rejected\n  withheld by cap 1,144, gap 4\n");
        let two = counts(
            "1000 users: 5511 touches, 543 withheld, 0 rejected\n  withheld by cap 1144, unless 0, gap 4",
        );
        assert_eq!(one, two);
        assert_eq!(one["touches"], 5_511);
    }
}
