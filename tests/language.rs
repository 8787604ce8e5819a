//! The examples of `docs/language.md` and `README.md` are compiled, and the tests in them run.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use courtesy::{
    check::{self, Compiled, Loaded, Loader},
    testing,
};

/// Calendars that the pages mention.
struct Calendars;

impl Loader for Calendars {
    fn load(&self, path: &str, _from: &str) -> Result<Loaded, String> {
        match path {
            "calendars/cn.csv" => {
                Ok(Loaded { name: path.into(), text: "date,name\n2026-09-25,Mid-Autumn\n".into() })
            }
            other => Err(format!("no file `{other}`")),
        }
    }
}

/// The fenced blocks of a page that are marked `touch`: their other marks, and their text.
fn blocks(page: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(mark) = line.strip_prefix("```touch") {
            let text: Vec<&str> = lines.by_ref().take_while(|line| !line.starts_with("```")).collect();
            blocks.push((mark.trim().to_string(), text.join("\n") + "\n"));
        }
    }
    blocks
}

fn compile(files: Vec<(String, String)>) -> Compiled {
    let shown = files.iter().map(|(_, text)| text.as_str()).collect::<String>();
    check::compile(files, &Calendars, None).unwrap_or_else(|wrong| panic!("{wrong}\n{shown}"))
}

/// Runs the tests of the files; each must pass. How many there were.
fn run_tests(compiled: &Compiled) -> usize {
    for (source, test) in &compiled.tests {
        let result = testing::run(&compiled.program, &compiled.sources, *source, test);
        assert!(result.passed(), "{result}");
    }
    compiled.tests.len()
}

#[test]
fn the_language_page_says_what_compiles() {
    let page = include_str!("../docs/language.md");
    let blocks = blocks(page);
    let shared = blocks.iter().find(|(mark, _)| mark == "shared").map(|(_, text)| text.clone()).unwrap();
    let cn = "calendar cn \"calendars/cn.csv\"\n";
    let mut seen = 0;
    for (mark, text) in &blocks {
        let text = match mark.as_str() {
            "shared" => continue,
            "" | "tests" => text.clone(),
            "conditions" => {
                let segments =
                    text.lines().enumerate().map(|(n, line)| format!("segment line_{n}: {line}\n"));
                segments.fold(cn.to_string(), |all, one| all + &one)
            }
            "numbers" => {
                let rules = text.lines().enumerate();
                rules
                    .map(|(n, line)| format!("rule line_{n} if lapsed then send news with value {line}\n"))
                    .collect()
            }
            other => panic!("unknown mark `{other}`"),
        };
        // A block that declares its own data stands alone with the shared names it does not repeat.
        let files = vec![("shared.touch".into(), shared.clone()), ("block.touch".into(), text)];
        let compiled = compile(files);
        let tests = run_tests(&compiled);
        seen += 1;
        assert_eq!(mark == "tests", tests > 0, "tests stand in blocks marked so");
    }
    assert!(seen > 15);
}

#[test]
fn the_readme_says_what_compiles() {
    for (_, text) in blocks(include_str!("../README.md")) {
        let compiled = compile(vec![("README.md".into(), text)]);
        run_tests(&compiled);
    }
}
