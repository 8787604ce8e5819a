//! Measured within this process: evaluation and placement of users who are in memory already, one user at a time, and how the time grows
//! with events and days.

use std::{fs, hint::black_box, io, time::Instant};

use courtesy::{
    Horizon, Planner, Rules,
    program::Program,
    snapshot::{Snapshot, User},
};

use super::{Data, Measure, Report, Settings, wrong};
use crate::{
    by_hand::plain::{Customer, Plain},
    users::{Events, Json, NOW, Shape},
};

/// How many users are held in memory.
const USERS: u64 = 5_000;

/// How many events there are in all where their number is varied.
const EVENTS: u32 = 200_000;

type Moment = courtesy::time::Instant;

struct Inside<'a> {
    rounds: usize,
    now: Moment,
    report: &'a mut Report,
}

pub(super) fn measure(settings: &Settings, data: &Data, report: &mut Report) -> io::Result<()> {
    let now = NOW.parse().map_err(wrong)?;
    let mut inside = Inside { rounds: settings.rounds, now, report };
    let users = USERS.min(settings.users);
    let lines = lines(&Shape::default(), users);
    for count in [20, 200, 2_000] {
        let rules = rules(data, count)?;
        inside.courtesy(&rules, &bind(&lines, rules.program())?, count);
        inside.plain(&lines, count)?;
    }
    inside.growth(&rules(data, 20)?)
}

fn lines(shape: &Shape, users: u64) -> Vec<u8> {
    let mut lines = Vec::new();
    (0..users).for_each(|number| Json::default().write(&shape.person(number), &mut lines));
    lines
}

fn rules(data: &Data, count: usize) -> io::Result<Rules> {
    Rules::compile(&fs::read_to_string(data.rules(count))?).map_err(wrong)
}

fn bind(lines: &[u8], program: &Program) -> io::Result<Vec<User>> {
    let bind = |line: &[u8]| -> io::Result<User> {
        let snapshot: Snapshot = serde_json::from_slice(line)?;
        snapshot.bind(program).map_err(wrong)
    };
    lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).map(bind).collect()
}

impl Inside<'_> {
    /// Measures so many times what is done once for each user.
    fn time(&mut self, part: &'static str, what: [String; 4], users: usize, mut work: impl FnMut()) {
        eprintln!("{part}: {}", what.join(", "));
        work();
        for round in 1..=self.rounds {
            let started = Instant::now();
            work();
            let value = started.elapsed().as_secs_f64() * 1e6 / users as f64;
            self.report.put(Measure {
                part,
                what: what.clone(),
                measure: "microseconds a user",
                round,
                value,
            });
        }
    }

    fn courtesy(&mut self, rules: &Rules, users: &[User], count: usize) {
        let (now, horizon) = (self.now, Horizon::days(7));
        let mut planner = Planner::new(rules.program());
        let what = |how: &str| ["courtesy".to_owned(), count.to_string(), how.to_owned(), String::new()];
        self.time("memory", what("many users"), users.len(), || {
            planner.plan_all(users, now, horizon, |plan| drop(black_box(plan)));
        });
        self.time("memory", what("one by one"), users.len(), || {
            for user in users {
                black_box(planner.plan(user, now, horizon));
            }
        });
    }

    fn plain(&mut self, lines: &[u8], count: usize) -> io::Result<()> {
        let mut customers = Vec::new();
        for line in lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            let mut customer: Customer<'_> = serde_json::from_slice(line)?;
            customer.sort();
            customers.push(customer);
        }
        let mut plain = Plain::default();
        let mut rows = Vec::new();
        let what = ["plain".to_owned(), count.to_string(), "one by one".to_owned(), String::new()];
        self.time("memory", what, customers.len(), || {
            rows.clear();
            for customer in &customers {
                plain.plan(customer, count / 20, &mut rows);
            }
            black_box(&rows);
        });
        Ok(())
    }

    fn growth(&mut self, rules: &Rules) -> io::Result<()> {
        let (program, now) = (rules.program(), self.now);
        let mut planner = Planner::new(program);
        for events in [10, 100, 1_000, 10_000] {
            let shape = Shape { events: Events::Exactly(events), ..Shape::default() };
            let users = bind(&lines(&shape, (EVENTS / events).into()), program)?;
            let what = ["courtesy".to_owned(), "20".to_owned(), events.to_string(), "7".to_owned()];
            self.time("events", what, users.len(), || {
                planner.plan_all(&users, now, Horizon::days(7), |plan| drop(black_box(plan)));
            });
        }
        let users = bind(&lines(&Shape::default(), 2_000), program)?;
        for days in [1, 7, 30, 90, 365] {
            let what = ["courtesy".to_owned(), "20".to_owned(), "12".to_owned(), days.to_string()];
            self.time("days", what.clone(), users.len(), || {
                planner.plan_all(&users, now, Horizon::days(days), |plan| drop(black_box(plan)));
            });
            let mut decisions = 0;
            planner.plan_all(&users, now, Horizon::days(days), |plan| {
                decisions += plan.touches.len() + plan.withheld.len();
            });
            let value = decisions as f64 / users.len() as f64;
            self.report.put(Measure { part: "days", what, measure: "decisions a user", round: 0, value });
        }
        Ok(())
    }
}
