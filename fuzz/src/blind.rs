//! Fuzzing without coverage, on any toolchain: seeds are cut, joined and sprinkled with words of the language.
//!
//! `short SECONDS [TARGET …]` runs it. A failing input is kept in `artifacts/` and named.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use courtesy_fuzz::TARGETS;

fn main() {
    let mut words = std::env::args().skip(1);
    let seconds = words.next().and_then(|word| word.parse().ok());
    let Some(seconds) = seconds else { panic!("usage: blind SECONDS [TARGET …]") };
    let wanted: Vec<String> = words.collect();
    let mut failed = false;
    for (name, run) in TARGETS {
        if wanted.is_empty() || wanted.iter().any(|word| word == name) {
            failed |= fuzz(name, *run, Duration::from_secs(seconds));
        }
    }
    std::process::exit(failed.into());
}

/// How long one input may take: far longer than any does, for the machine may have other work.
const SLOW: Duration = Duration::from_secs(60);

fn fuzz(name: &str, run: fn(&[u8]), time: Duration) -> bool {
    let seeds = seeds(name);
    let dictionary = dictionary();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let start = Instant::now();
    let mut runs = 0_u64;
    let mut slowest = Duration::ZERO;
    while start.elapsed() < time {
        // Each seed as it is, first.
        let input = match usize::try_from(runs).ok().and_then(|run| seeds.get(run)) {
            Some(seed) => seed.clone(),
            None => mutate(&mut random, &seeds, &dictionary),
        };
        let began = Instant::now();
        let fine = std::panic::catch_unwind(|| run(&input)).is_ok();
        let took = began.elapsed();
        slowest = slowest.max(took);
        runs += 1;
        if !fine || took > SLOW {
            let path = PathBuf::from(format!("artifacts/{name}-{runs}"));
            fs::create_dir_all("artifacts").expect("a folder");
            fs::write(&path, &input).expect("room");
            let what = if fine { "slow" } else { "failed" };
            println!("{name}: {what} ({took:?}) on {}", path.display());
            return true;
        }
    }
    println!("{name}: {runs} runs, the slowest took {slowest:?}");
    false
}

fn seeds(name: &str) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    for folder in ["seeds", "corpus"] {
        let mut paths: Vec<PathBuf> = fs::read_dir(Path::new(folder).join(name))
            .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
            .unwrap_or_default();
        paths.sort();
        found.extend(paths.iter().filter_map(|path| fs::read(path).ok()));
    }
    if found.is_empty() {
        found.push(Vec::new());
    }
    found
}

fn dictionary() -> Vec<Vec<u8>> {
    let text = fs::read_to_string("words.dict").unwrap_or_default();
    let word = |line: &str| Some(line.strip_prefix('"')?.strip_suffix('"')?.replace("\\\"", "\""));
    text.lines().filter_map(word).map(|word| format!(" {word} ").into_bytes()).collect()
}

fn mutate(random: &mut Random, seeds: &[Vec<u8>], dictionary: &[Vec<u8>]) -> Vec<u8> {
    let mut input = random.pick(seeds).clone();
    for _ in 0..=random.below(6) {
        let at = random.below(input.len() + 1);
        let end = at + random.below(input.len() - at + 1).min(random.below(200));
        match random.below(7) {
            // Words in, words over others, and pieces out.
            0 | 1 => {
                let word = random.pick(dictionary).clone();
                input.splice(at..at, word);
            }
            2 => {
                let word = random.pick(dictionary).clone();
                input.splice(at..end, word);
            }
            3 => drop(input.drain(at..end)),
            // A piece of another seed, or of this one again.
            4 => {
                let other = random.pick(seeds);
                let from = random.below(other.len() + 1);
                let to = from + random.below(other.len() - from + 1).min(400);
                let piece = other.get(from..to).unwrap_or_default().to_vec();
                input.splice(at..at, piece);
            }
            5 => {
                let piece = input.get(at..end).unwrap_or_default().repeat(1 + random.below(3));
                input.splice(at..at, piece);
            }
            _ => {
                if let Some(byte) = input.get_mut(at) {
                    *byte = u8::try_from(random.below(256)).unwrap_or_default();
                }
            }
        }
    }
    input
}

/// Xorshift: small, and the same on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, count: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap_or_default() % count.max(1)
    }

    fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}
