//! What was measured, for people as Markdown and for machines as CSV.

use std::{collections::BTreeMap, fmt::Write};

/// Something that was measured once.
#[derive(Debug, Clone, PartialEq)]
pub struct Measure {
    /// `whole`, `memory`, `events` or `days`.
    pub part: &'static str,
    /// The program, the number of its rules, and two things that depend on the part: input and threads, or events and days.
    pub what: [String; 4],
    /// What the value is.
    pub measure: &'static str,
    /// From 1.
    pub round: usize,
    /// The value.
    pub value: f64,
}

/// Everything that was measured.
#[derive(Debug)]
pub struct Report {
    users: u64,
    rounds: usize,
    measures: Vec<Measure>,
    /// What all programs of so many rules came to.
    pub(super) same: BTreeMap<usize, BTreeMap<String, u64>>,
}

impl Report {
    pub(super) fn new(users: u64, rounds: usize) -> Self {
        Self { users, rounds, measures: Vec::new(), same: BTreeMap::new() }
    }

    pub(super) fn put(&mut self, measure: Measure) {
        self.measures.push(measure);
    }

    /// All measures, a row each.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let mut out = String::from("part,program,rules,input,threads,measure,round,value\n");
        for Measure { part, what, measure, round, value } in &self.measures {
            let [program, rules, input, threads] = what;
            let _ =
                writeln!(out, "{part},{program},{rules},\"{input}\",{threads},{measure},{round},{value:.6}");
        }
        out
    }

    /// What was measured of what, each once, in the order in which it was.
    fn kinds(&self, part: &str) -> Vec<&[String; 4]> {
        let mut kinds: Vec<&[String; 4]> = Vec::new();
        for measure in self.measures.iter().filter(|measure| measure.part == part) {
            if !kinds.contains(&&measure.what) {
                kinds.push(&measure.what);
            }
        }
        kinds
    }

    fn median(&self, part: &str, what: &[String; 4], measure: &str) -> Option<f64> {
        let is_it = |one: &&Measure| one.part == part && one.what == *what && one.measure == measure;
        let mut values: Vec<f64> = self.measures.iter().filter(is_it).map(|measure| measure.value).collect();
        values.sort_by(f64::total_cmp);
        let middle = values.len() / 2;
        match values.len() {
            0 => None,
            count if count % 2 == 1 => Some(values[middle]),
            _ => Some((values[middle - 1] + values[middle]) / 2.0),
        }
    }

    /// Tables of medians and ratios.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let mut out = String::new();
        let _ = self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) -> std::fmt::Result {
        let (users, rounds) = (self.users, self.rounds);
        writeln!(out, "{users} users, 7 days; medians of {rounds} rounds in turns\n")?;
        for (rules, counts) in &self.same {
            let counts: Vec<_> = counts.iter().map(|(what, count)| format!("{count} {what}")).collect();
            writeln!(out, "All programs of {rules} rules decide the same: {}\n", counts.join(", "))?;
        }
        self.whole(out)?;
        self.memory(out)?;
        self.growth(out)
    }

    fn whole(&self, out: &mut String) -> std::fmt::Result {
        writeln!(
            out,
            "| program | rules | input | threads | seconds | of limit | processor seconds | of limit | peak MB |"
        )?;
        writeln!(out, "|---|--:|---|--:|--:|--:|--:|--:|--:|")?;
        for what in self.kinds("whole") {
            let [program, rules, input, threads] = what;
            // Against the limit over lines or over Parquet, on as many threads.
            let kind = if input.starts_with("Parquet") { "Parquet" } else { "JSON lines" };
            let limit = ["limit".into(), "20".into(), kind.into(), threads.clone()];
            let median = |what, measure| self.median("whole", what, measure).unwrap_or(f64::NAN);
            let ratio = |measure| median(what, measure) / median(&limit, measure);
            let (wall, work) = ("seconds", "processor seconds");
            writeln!(
                out,
                "| {program} | {rules} | {input} | {threads} | {:.2} | {:.2} | {:.2} | {:.2} | {:.0} |",
                median(what, wall),
                ratio(wall),
                median(what, work),
                ratio(work),
                median(what, "peak MB"),
            )?;
        }
        writeln!(out)
    }

    fn memory(&self, out: &mut String) -> std::fmt::Result {
        let kinds = self.kinds("memory");
        if kinds.is_empty() {
            return Ok(());
        }
        writeln!(out, "Evaluation and placement alone, of users in memory:\n")?;
        writeln!(out, "| program | rules | how | µs a user | of plain |")?;
        writeln!(out, "|---|--:|---|--:|--:|")?;
        for what in kinds {
            let [program, rules, how, _] = what;
            let plain = ["plain".into(), rules.clone(), "one by one".into(), String::new()];
            let median = |what| self.median("memory", what, "microseconds a user").unwrap_or(f64::NAN);
            let (own, plain) = (median(what), median(&plain));
            writeln!(out, "| {program} | {rules} | {how} | {own:.2} | {:.2} |", own / plain)?;
        }
        writeln!(out)
    }

    fn growth(&self, out: &mut String) -> std::fmt::Result {
        if self.kinds("events").is_empty() {
            return Ok(());
        }
        writeln!(out, "Growth with events, 20 rules, 7 days:\n")?;
        writeln!(out, "| events a user | µs a user | ns an event |\n|--:|--:|--:|")?;
        for what in self.kinds("events") {
            let micros = self.median("events", what, "microseconds a user").unwrap_or(f64::NAN);
            let events: f64 = what[2].parse().unwrap_or(f64::NAN);
            writeln!(out, "| {} | {micros:.2} | {:.1} |", what[2], micros * 1e3 / events)?;
        }
        writeln!(out, "\nGrowth with the horizon, 20 rules:\n")?;
        writeln!(out, "| days | µs a user | decisions a user |\n|--:|--:|--:|")?;
        for what in self.kinds("days") {
            let median = |measure| self.median("days", what, measure).unwrap_or(f64::NAN);
            let (micros, decisions) = (median("microseconds a user"), median("decisions a user"));
            writeln!(out, "| {} | {micros:.2} | {decisions:.2} |", what[3])?;
        }
        Ok(())
    }
}
