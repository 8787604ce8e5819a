//! The parts of a plan, each by itself: rules from text to program, users from bytes to memory, evaluation and placement, schedules.

use std::{hint::black_box, num::NonZeroUsize};

use courtesy::{
    Horizon, Rules,
    diagnostic::SourceId,
    io::{Binder, DataFile, DataFiles, FileError, Format, UserReader, for_each_user},
    plan::Plan,
    snapshot::{Snapshot, User},
    syntax,
};
use courtesy_benches::{
    rules::rules,
    users::{Json, NOW, Shape},
};
use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

/// How many users a measure is about where it is about many.
const USERS: u64 = 1_000;

/// How many rules there are.
const COUNTS: [usize; 3] = [20, 200, 2_000];

const HORIZON: Horizon = Horizon::days(7);

fn now() -> courtesy::time::Instant {
    NOW.parse().expect("the moment is well written")
}

fn compiled(count: usize) -> Rules {
    Rules::compile(&rules(count)).expect("the rules are right")
}

fn lines() -> Vec<u8> {
    let (shape, mut lines) = (Shape::default(), Vec::new());
    (0..USERS).for_each(|number| Json::default().write(&shape.person(number), &mut lines));
    lines
}

fn snapshots() -> Vec<Snapshot> {
    let lines = lines();
    let lines = lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines.map(|line| serde_json::from_slice(line).expect("a user")).collect()
}

fn users(rules: &Rules) -> Vec<User> {
    snapshots().iter().map(|user| user.bind(rules.program()).expect("a user of the rules")).collect()
}

fn from_text_to_program(bench: &mut Criterion) {
    let mut group = bench.benchmark_group("rules");
    group.sample_size(20);
    for count in COUNTS {
        let text = rules(count);
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(BenchmarkId::new("parse", count), |bench| {
            bench.iter(|| black_box(syntax::parse(SourceId(0), &text)));
        });
        group.bench_function(BenchmarkId::new("compile", count), |bench| {
            bench.iter(|| black_box(Rules::compile(&text)));
        });
        let parsed = syntax::parse(SourceId(0), &text);
        group.bench_function(BenchmarkId::new("format", count), |bench| {
            bench.iter(|| black_box(syntax::format::format(&text, &parsed)));
        });
    }
    group.finish();
}

fn from_bytes_to_memory(bench: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("users.jsonl");
    let lines = lines();
    std::fs::write(&path, &lines).expect("a file");
    let files = DataFiles { users: DataFile { path, ..DataFile::default() }, ..DataFiles::default() };
    let mut group = bench.benchmark_group("users");
    group.sample_size(20).throughput(Throughput::Bytes(lines.len() as u64));
    for count in COUNTS {
        let rules = compiled(count);
        group.bench_function(BenchmarkId::new("read", count), |bench| {
            bench.iter(|| {
                let mut reader = UserReader::open(&files).expect("the file is there");
                let binder = || Binder::new(rules.program(), rules.names(), None);
                for_each_user(
                    &mut reader,
                    NonZeroUsize::new(1),
                    binder,
                    |binder, records, _: &mut Vec<()>| {
                        while let Some(record) = records.next() {
                            black_box(binder.bind(record).expect("a user"));
                        }
                    },
                    |()| Ok::<_, FileError>(()),
                )
                .expect("the file is read");
            });
        });
    }
    group.finish();
}

fn evaluation_and_placement(bench: &mut Criterion) {
    let mut group = bench.benchmark_group("plan");
    group.sample_size(20).throughput(Throughput::Elements(USERS));
    for count in COUNTS {
        let rules = compiled(count);
        let users = users(&rules);
        let mut planner = rules.planner();
        group.bench_function(BenchmarkId::new("many", count), |bench| {
            bench.iter(|| planner.plan_all(&users, now(), HORIZON, |plan| drop(black_box(plan))));
        });
        group.bench_function(BenchmarkId::new("one by one", count), |bench| {
            bench.iter(|| {
                for user in &users {
                    black_box(planner.plan(user, now(), HORIZON));
                }
            });
        });
    }
    group.finish();
}

/// What a handler of requests does.
fn a_single_user(bench: &mut Criterion) {
    let mut group = bench.benchmark_group("single user");
    let rules = compiled(20);
    let snapshots = snapshots();
    let mut planner = rules.planner();
    let mut next = (0..snapshots.len()).cycle();
    let mut any = || &snapshots[next.next().unwrap_or_default()];
    group.bench_function("Rules::plan", |bench| {
        bench.iter_batched(&mut any, |user| rules.plan(user, now(), HORIZON), BatchSize::SmallInput);
    });
    group.bench_function("bind_with, Planner::plan", |bench| {
        bench.iter_batched(
            &mut any,
            |user| {
                let user = user.bind_with(rules.program(), rules.names()).expect("a user").user;
                planner.plan(&user, now(), HORIZON)
            },
            BatchSize::SmallInput,
        );
    });
    group.finish();
}

fn schedules(bench: &mut Criterion) {
    let rules = compiled(20);
    let mut planner = rules.planner();
    let plans: Vec<Plan> = users(&rules).iter().map(|user| planner.plan(user, now(), HORIZON)).collect();
    let mut group = bench.benchmark_group("schedule");
    group.throughput(Throughput::Elements(plans.iter().map(|plan| plan.touches.len() as u64).sum()));
    for (name, format) in [("CSV", Format::Csv), ("JSON lines", Format::JsonLines)] {
        group.bench_function(name, |bench| {
            bench.iter(|| plans.iter().map(|plan| format.touches(plan).len()).sum::<usize>());
        });
    }
    group.finish();
}

criterion_group!(
    parts,
    from_text_to_program,
    from_bytes_to_memory,
    evaluation_and_placement,
    a_single_user,
    schedules
);
criterion_main!(parts);
