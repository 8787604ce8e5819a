//! Tests that stand in rule files, and the story of a user.

use courtesy::{
    Planner, Snapshot,
    check::compile,
    explain,
    plan::Horizon,
    testing::{self, Scenario},
};

use crate::{parts, sources::Beside};

/// Rule files with tests, and perhaps, after a line that is `---`, users as JSON lines.
///
/// A test comes out the same each time and can be shown; of every user the whole story can be told.
pub fn tests(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let [source, users] = parts(text);
    let Ok(compiled) = compile(vec![("fuzzed".into(), source.into())], &Beside(source), None) else {
        return;
    };
    let program = &compiled.program;
    for (id, test) in compiled.tests.iter().take(5) {
        let result = testing::run(program, &compiled.sources, *id, test);
        let _ = result.to_string();
        assert_eq!(result, testing::run(program, &compiled.sources, *id, test), "it depends on what?");
        let Ok(scenario) = Scenario::of(program, *id, test) else { continue };
        let Ok(user) = scenario.user.bind(program) else { continue };
        let plan = Planner::new(program).plan(&user, scenario.now, Horizon::from(scenario.horizon));
        let _ = explain::story(program, &compiled.sources, &user, &plan, |_| true).to_string();
    }
    for line in users.lines().take(2) {
        let Ok(snapshot) = serde_json::from_str::<Snapshot>(line) else { continue };
        let Ok(user) = snapshot.bind(program) else { continue };
        let now = "2026-03-01T01:00:00Z".parse().expect("an instant");
        let plan = Planner::new(program).plan(&user, now, Horizon::days(30));
        let story = explain::story(program, &compiled.sources, &user, &plan, |_| true);
        assert_eq!(story.rules.len(), program.rules.len());
        let _ = story.to_string();
    }
}
