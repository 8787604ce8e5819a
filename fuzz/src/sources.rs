//! Rule files: reading, checking, writing.

use courtesy::{
    check::{Loaded, Loader, compile},
    diagnostic::{Diagnostic, Diagnostics, SourceId, Sources},
    syntax,
};

/// Reads a rule file.
///
/// Every finding points into the text and can be shown, and no finding says that grammar and reader disagree.
pub fn rules(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let parsed = syntax::parse(SourceId(0), text);
    let mut last = 0;
    for declaration in &parsed.file.declarations {
        assert!(text.get(declaration.span.range()).is_some(), "a declaration outside the text");
        assert!(declaration.span.start >= last, "declarations overlap");
        last = declaration.span.end;
    }
    for comment in &parsed.comments {
        assert!(text.get(comment.span.range()).is_some(), "a comment outside the text");
    }
    show(&[("fuzzed", text)], parsed.diagnostics);
    let _ = syntax::parse_condition(text);
}

/// Writes a rule file anew: the same tree, all comments, and nothing left to write differently.
pub fn format(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let parsed = syntax::parse(SourceId(0), text);
    let Some(once) = syntax::format::format(text, &parsed) else { return };
    let again = syntax::parse(SourceId(0), &once);
    assert!(again.diagnostics.is_empty(), "{:?} in\n{once}\nfrom\n{text}", again.diagnostics);
    assert_eq!(tree(&parsed), tree(&again), "another tree:\n{once}\nfrom\n{text}");
    let comments = |parsed: &syntax::Parsed| -> Vec<String> {
        parsed.comments.iter().map(|comment| comment.text.clone()).collect()
    };
    assert_eq!(comments(&parsed), comments(&again), "other comments:\n{once}\nfrom\n{text}");
    assert_eq!(syntax::format::format(&once, &again).as_ref(), Some(&once), "from\n{text}");
}

/// The tree without its places.
fn tree(parsed: &syntax::Parsed) -> String {
    let shown = format!("{:?}", parsed.file);
    let mut pieces = shown.split("Span { start: ");
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        out.push_str(piece.split_once('}').map_or(piece, |(_, rest)| rest));
    }
    out
}

/// Checks a rule file: what is refused says why, and what is accepted can be shown.
pub fn check(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    match compile(vec![("fuzzed".into(), text.into())], &Beside(text), None) {
        Ok(compiled) => {
            let _ = compiled.program.to_string();
            let _ = compiled.warnings().to_text(true);
        }
        Err(found) => {
            assert!(found.has_errors(), "refused without an error");
            let _ = found.to_text(true);
            sound(&found.list, &found.sources);
        }
    }
}

/// What rule files name: a small calendar, themselves, and nothing else.
pub struct Beside<'t>(pub &'t str);

impl Loader for Beside<'_> {
    fn load(&self, path: &str, _from: &str) -> Result<Loaded, String> {
        let text = match path {
            "fuzzed" => self.0,
            path if path.ends_with(".csv") => {
                "date,name\n2026-02-16,Spring Festival\n2026-02-17,Spring Festival\n2026-09-25,Mid-Autumn\n"
            }
            _ => return Err("there is no such file".into()),
        };
        Ok(Loaded { name: path.into(), text: text.into() })
    }
}

fn show(texts: &[(&str, &str)], list: Vec<Diagnostic>) {
    let mut sources = Sources::default();
    for (name, text) in texts {
        sources.add(*name, *text);
    }
    sound(&list, &sources);
    let _ = Diagnostics { sources, list }.to_text(false);
}

fn sound(list: &[Diagnostic], sources: &Sources) {
    for found in list {
        for label in std::iter::once(&found.primary).chain(&found.secondary) {
            let source = sources.get(label.source).expect("a label in no source");
            assert!(source.text.get(label.span.range()).is_some(), "a label outside its text: {found:?}");
        }
        assert!(!found.message.contains("report it as a fault"), "{found:?}");
    }
}
