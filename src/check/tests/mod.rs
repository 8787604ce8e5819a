//! Source → program, and source → findings.

mod errors;
mod files;
mod programs;
mod robust;
mod warnings;

use std::collections::HashMap;

use super::{Compiled, Loaded, Loader, Schema, compile};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};

/// Files in memory.
struct Folder(HashMap<&'static str, &'static str>);

impl Loader for Folder {
    fn load(&self, path: &str, _from: &str) -> Result<Loaded, String> {
        match self.0.get(path) {
            Some(text) => Ok(Loaded { name: path.into(), text: (*text).into() }),
            None => Err("there is no such file".into()),
        }
    }
}

const CALENDAR: &str = "date,name\n2026-09-25,Mid-Autumn\n2026-10-01,National Day\n2026-10-02,National Day\n";

/// A folder with these files, and some that are always there.
fn folder(files: &[(&'static str, &'static str)]) -> Folder {
    let always = [
        ("calendars/cn.csv", CALENDAR),
        ("broken.csv", "date,name\n1 October,National Day\n"),
        ("shop.touch", ""),
        ("lists/shop.touch", ""),
    ];
    Folder(always.into_iter().chain(files.iter().copied()).collect())
}

fn compiled(source: &str) -> Compiled {
    compile(vec![("rules.touch".into(), source.into())], &folder(&[]), None)
        .unwrap_or_else(|found| panic!("{found}"))
}

/// The program and the warnings, in words.
fn shown(source: &str) -> String {
    let compiled = compiled(source);
    let warnings = compiled.warnings().to_string();
    let between = if warnings.is_empty() { "" } else { "\n" };
    format!("{source}\n---\n{}{between}{warnings}", compiled.program)
}

/// Everything that is found in a file, errors and warnings, and what is wrong with its tests.
fn found(source: &str, known: Option<&Schema>) -> Diagnostics {
    match compile(vec![("rules.touch".into(), source.into())], &folder(&[]), known) {
        Ok(compiled) => {
            let mut found = compiled.warnings();
            let tests = compiled.tests.iter();
            found
                .list
                .extend(tests.flat_map(|(id, test)| crate::testing::problems(&compiled.program, *id, test)));
            found
        }
        Err(found) => found,
    }
}

/// The findings on each source, with the source; each must hold the code that it stands for, and no error of another.
fn findings(cases: &[(Code, &str)]) -> String {
    let mut text = String::new();
    for (code, source) in cases {
        let found = found(source, None);
        let codes: Vec<Code> = found.list.iter().map(|one| one.code).collect();
        assert!(codes.contains(code), "{code} is not found in:\n{source}\n{found}");
        let is_stranger =
            |one: &&Diagnostic| one.code != *code && one.severity() == crate::diagnostic::Severity::Error;
        assert!(!found.list.iter().any(|one| is_stranger(&one)), "more than {code} in:\n{source}\n{found}");
        text += &format!("════ {code} {code:?} ════\n{source}\n────\n{found}\n\n");
    }
    text
}

/// Every code of the checker is shown by some source.
#[test]
fn every_code_is_shown() {
    let shown: Vec<Code> = [errors::NAMES, errors::TYPES, errors::RULES, errors::FILES, warnings::CASES]
        .iter()
        .flat_map(|cases| cases.iter().map(|(code, _)| *code))
        // The source of the one is made in its test, the other needs data.
        .chain([Code::ChainTooLong, Code::UnseenValue])
        .collect();
    // Those of tests (6xx) are shown where tests are run.
    for code in Code::ALL.iter().filter(|code| code.number() >= 200 && code.number() / 100 != 6) {
        assert!(shown.contains(code), "no source shows {code} {code:?}");
    }
}

/// Every code is told of in the documentation, with an example that brings it about and one that does not.
#[test]
fn every_code_is_documented() {
    // Their examples would fill pages, or need data.
    let without = [Code::TooLong, Code::TooDeep, Code::TooManyErrors, Code::ChainTooLong, Code::UnseenValue];
    let page = include_str!("../../../docs/diagnostics.md").replace("\r\n", "\n");
    let mut problems = Vec::new();
    let sections: Vec<&str> = page.split("\n### ").skip(1).collect();
    assert_eq!(sections.len(), Code::ALL.len(), "one section a code");
    for (section, code) in sections.iter().zip(Code::ALL) {
        assert!(section.starts_with(&format!("{code} ")), "{code} {code:?} belongs here:\n{section}");
        let examples: Vec<&str> =
            section.split("```courtesy\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
        let codes = |source: &str| found(source, None).list.iter().map(|one| one.code).collect::<Vec<_>>();
        match examples.as_slice() {
            [wrong, mended] => {
                if !codes(wrong).contains(code) {
                    problems.push(format!("the example of {code} shows {:?}", codes(wrong)));
                }
                let left = found(mended, None);
                if left.has_errors() || codes(mended).contains(code) {
                    problems.push(format!("the mended example of {code}:\n{left}"));
                }
            }
            examples => assert!(examples.is_empty() && without.contains(code), "{code} needs two examples"),
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
