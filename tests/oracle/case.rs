//! A case: a rule file, a user, a moment and a horizon. What the engine and the oracle make of it.

use std::fmt::Write;

use courtesy::{
    Rules,
    audit::{Auditor, Scheduled},
    check::{Loaded, Loader},
    plan::{Horizon, Payload, Plan, Planner, Reason},
    program::{Program, Trigger},
    snapshot::{Snapshot, User},
    time::{Instant, Period, Unit},
};

use crate::{
    planner::{self, Closing, Line, Outcome},
    world::World,
};

/// The calendar that every file may name.
const CALENDAR: &str = include_str!("cn.csv");

struct Files;

impl Loader for Files {
    fn load(&self, path: &str, _from: &str) -> Result<Loaded, String> {
        Ok(Loaded { name: path.into(), text: CALENDAR.into() })
    }
}

#[derive(Clone, Debug)]
pub struct Case {
    pub rules: String,
    pub user: Snapshot,
    pub now: Instant,
    /// The length of the plan.
    pub hours: u32,
}

/// Both plans of a case, and where they differ.
#[derive(Debug)]
pub struct Compared {
    pub engine: Vec<Line>,
    pub oracle: Vec<Line>,
    /// What the auditor finds in the engine's plan.
    pub breaches: Vec<String>,
}

fn compile(rules: &str) -> Result<Rules, courtesy::Diagnostics> {
    Rules::compile_files(vec![("rules.touch".into(), rules.into())], &Files)
}

impl Case {
    pub fn compiles(rules: &str) -> bool {
        compile(rules).is_ok()
    }

    /// What is wrong with a rule file.
    pub fn findings(rules: &str) -> String {
        compile(rules).map_or_else(|found| found.to_string(), |_| String::new())
    }

    pub fn rules(&self) -> Option<Rules> {
        compile(&self.rules).ok()
    }

    fn bound(&self, rules: &Rules) -> Option<User> {
        self.user.bind(rules.program()).ok()
    }

    fn horizon(&self) -> Horizon {
        Horizon::from(Period::new(self.hours, Unit::Hour))
    }

    /// The engine's plan as of another moment.
    pub fn plan_at(&self, now: Instant, horizon: Horizon) -> Option<Plan> {
        let rules = self.rules()?;
        let user = self.bound(&rules)?;
        Some(Planner::new(rules.program()).plan(&user, now, horizon))
    }

    /// Both plans; none if the case is not valid.
    pub fn compare(&self) -> Option<Compared> {
        let rules = self.rules()?;
        let user = self.bound(&rules)?;
        let mut planner = Planner::new(rules.program());
        let plan = planner.plan(&user, self.now, self.horizon());
        // Among others, whom the rules concern less, a user gets the same plan.
        let other = Snapshot::new("somebody").bind(rules.program()).ok()?;
        let mut plans = Vec::new();
        planner.plan_all([&user, &other, &other, &user], self.now, self.horizon(), |plan| plans.push(plan));
        assert!(plans[0] == plan && plans[3] == plan, "among others:\n{}\nalone:\n{plan}", plans[0]);
        let oracle = planner::plan(rules.program(), &user, (self.now, plan.end), None);
        Some(Compared {
            engine: lines(rules.program(), &plan),
            oracle,
            breaches: breaches(&rules, &user, &plan),
        })
    }

    /// The reasons that the engine gives.
    pub fn reasons(&self) -> Option<Vec<Reason>> {
        let plan = self.plan_at(self.now, self.horizon())?;
        let moved = plan.touches().iter().flat_map(|touch| &touch.moved_by);
        let withheld = plan.withheld().iter().flat_map(|withheld| &withheld.reasons);
        Some(moved.chain(withheld).map(|block| block.reason).collect())
    }

    /// Whether everything happened on a minute.
    pub fn is_on_minutes(&self) -> bool {
        let events = self.user.events.iter().map(|event| event.at);
        let mut all = events.chain(self.user.contacts.iter().map(|contact| contact.at)).chain([self.now]);
        all.all(|at| at.as_micros() % 60_000_000 == 0)
    }

    /// Whether the oracle comes to the same plan by walking from change to change and by walking every minute from a day
    /// before the plan to a day after it, and no condition of the rules changes in a minute without being said to.
    pub fn walks_alike(&self) -> Option<bool> {
        const DAY: i64 = 86_400_000_000;
        const MINUTE: i64 = 60_000_000;
        let rules = self.rules()?;
        let user = self.bound(&rules)?;
        let end = self.plan_at(self.now, self.horizon())?.end;
        let (from, to) = (self.now.plus_micros(-DAY), end.plus_micros(DAY));
        let plan = |every_minute| planner::plan(rules.program(), &user, (self.now, end), every_minute);
        let world = World::new(rules.program(), &user, self.now);
        let conditions = rules.program().rules.iter().flat_map(|rule| {
            rule.condition.into_iter().chain(rule.steps.iter().filter_map(|step| step.unless))
        });
        let is_told = |condition| {
            let changes = world.changes(condition);
            let minutes = std::iter::successors(Some(from), |t| Some(t.plus_micros(MINUTE)));
            let mut told = changes.next(&world, from);
            let mut before = world.holds(condition, from, Some(from));
            minutes.take_while(|t| *t <= to).all(|t| {
                let holds = world.holds(condition, t, Some(from));
                let is_right = holds == before || told.is_some_and(|told| told <= t);
                if told.is_some_and(|told| told <= t) {
                    told = changes.next(&world, t);
                }
                before = holds;
                is_right
            })
        };
        Some(conditions.into_iter().all(is_told) && plan(None) == plan(Some((from, to))))
    }

    /// Reads what [`Self::text`] wrote.
    pub fn parse(text: &str) -> Self {
        let value = |key: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix("# ")?.strip_prefix(key));
            line.unwrap_or_else(|| panic!("a line `# {key}…` is missing")).trim()
        };
        Self {
            rules: text
                .lines()
                .filter(|line| !line.starts_with("# "))
                .fold(String::new(), |all, line| all + line + "\n"),
            user: serde_json::from_str(value("user: ")).unwrap(),
            now: value("now: ").parse().unwrap(),
            hours: value("hours: ").parse().unwrap(),
        }
    }

    /// As a rule file with the rest in comments, to be kept among the regressions.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let _ = writeln!(text, "# now: {}", self.now);
        let _ = writeln!(text, "# hours: {}", self.hours);
        let _ = writeln!(text, "# user: {}", serde_json::to_string(&self.user).unwrap());
        text + &self.rules
    }
}

/// What the auditor finds in a plan; nothing if caps, gaps or hours look at contacts, for it asks them of all touches and
/// the planner of those placed before.
fn breaches(rules: &Rules, user: &User, plan: &Plan) -> Vec<String> {
    let program = rules.program();
    let caps = program.caps.iter().flat_map(|cap| {
        cap.condition.into_iter().chain(cap.exceptions.iter().map(|(_, condition)| *condition))
    });
    let gaps = program.gaps.iter().filter_map(|gap| gap.condition);
    let hours = program.quiet_hours.iter().chain(&program.contact_hours).filter_map(|hours| hours.condition);
    if caps.chain(gaps).chain(hours).any(|condition| program.arena.condition_needs(condition).contacts) {
        return Vec::new();
    }
    let touches: Vec<Scheduled> = plan.touches().iter().map(Scheduled::from).collect();
    let report = Auditor::new(program, rules.names()).audit(user, &touches, Some(plan.now));
    if report.is_clean() { Vec::new() } else { vec![format!("auditor: {report}")] }
}

/// The engine's plan in the oracle's words.
fn lines(program: &Program, plan: &Plan) -> Vec<Line> {
    let line = |candidate: &courtesy::plan::Candidate, outcome| Line {
        rule: candidate.rule.to_string(),
        step: candidate.step as usize,
        occurrence: candidate.occurrence.clone(),
        message: candidate.message.to_string(),
        id: candidate.id.0,
        due: candidate.due,
        priority: candidate.priority,
        outcome,
    };
    let touches = plan.touches().iter().map(|touch| {
        let with = touch.with.iter().map(|(key, value)| (key.to_string(), shown(value)));
        let outcome = Outcome::Touch {
            at: touch.at,
            channel: touch.channel.to_string(),
            language: touch.language.as_ref().map(ToString::to_string),
            with: with.collect(),
        };
        line(&touch.candidate, outcome)
    });
    let withheld = plan.withheld().iter().map(|withheld| {
        // The first step of an `if` rule waits for `unless`, maybe for ever.
        let rule = program.rules.iter().find(|rule| *rule.name == *withheld.candidate.rule).unwrap();
        let waits = withheld.candidate.step == 1 && matches!(rule.trigger, Trigger::Condition);
        let reasons = withheld.reasons.iter().filter(|one| !waits || one.reason.code() != "unless");
        let forever =
            waits && withheld.reasons.iter().any(|one| one.reason.code() == "unless" && one.until.is_none());
        let mut closings: Vec<Closing> =
            reasons.filter_map(|one| closing(one.reason.code(), one.until)).collect();
        closings.extend(forever.then_some(Closing::Blocked));
        closings.sort_unstable();
        closings.dedup();
        line(&withheld.candidate, Outcome::Withheld { closings, could_go_at: withheld.could_go_at })
    });
    let mut lines: Vec<Line> = touches.chain(withheld).collect();
    lines.sort();
    lines
}

/// A value that goes along with a touch, in the oracle's words.
fn shown(value: &Payload) -> String {
    match value {
        Payload::Missing => "missing".into(),
        Payload::Number(number) => format!("number {}", number.millionths()),
        Payload::Text(text) => format!("text {text}"),
        Payload::Date(date) => format!("date {date}"),
        Payload::Instant(at) => format!("instant {at}"),
        Payload::YesNo(yes) => format!("yes {yes}"),
        Payload::List(texts) => format!("list {}", texts.join(", ")),
    }
}

/// Reasons that end the life of a step, in the oracle's words.
fn closing(code: &str, until: Option<Instant>) -> Option<Closing> {
    Some(match code {
        "condition_ended" => Closing::Condition,
        "deadline" => Closing::Deadline,
        "unless" => Closing::Unless,
        "dropped" => Closing::Dropped,
        "stopped" => Closing::Stopped,
        "horizon" => Closing::Horizon,
        "hold_out" => Closing::HoldOut,
        "no_variant" => Closing::NoVariant,
        "too_many" => Closing::TooMany,
        // What never gets out of the way ends the search.
        _ if until.is_none() => Closing::Blocked,
        _ => return None,
    })
}

/// Whether the reasons of one plan fit those of the other: the engine tells at least one of what the oracle found, if
/// that is more than that something stands in the way.
fn fits(engine: &Line, oracle: &Line) -> bool {
    let bare = |line: &Line| Line {
        outcome: match &line.outcome {
            Outcome::Withheld { could_go_at, .. } => {
                Outcome::Withheld { closings: Vec::new(), could_go_at: *could_go_at }
            }
            touch => touch.clone(),
        },
        ..line.clone()
    };
    if bare(engine) != bare(oracle) {
        return false;
    }
    let (Outcome::Withheld { closings: told, .. }, Outcome::Withheld { closings: found, .. }) =
        (&engine.outcome, &oracle.outcome)
    else {
        return true;
    };
    found.contains(&Closing::Blocked)
        || told.contains(&Closing::Blocked)
        || found.iter().any(|closing| told.contains(closing))
}

impl Compared {
    /// The lines that only one of the two has, or that have other reasons, and what the auditor finds.
    pub fn differences(&self) -> Vec<String> {
        let key = |line: &Line| (line.rule.clone(), line.occurrence.clone(), line.step, line.id, line.due);
        let mut engine = self.engine.clone();
        let mut oracle = self.oracle.clone();
        engine.sort_by_key(key);
        oracle.sort_by_key(key);
        let only = |these: &[Line], those: &[Line], who: &str, fits: &dyn Fn(&Line, &Line) -> bool| {
            let strange = these.iter().filter(|one| !those.iter().any(|other| fits(one, other)));
            strange.map(|one| format!("{who}: {one:?}")).collect::<Vec<_>>()
        };
        let mut found = only(&engine, &oracle, "engine", &|one, other| fits(one, other));
        found.extend(only(&oracle, &engine, "oracle", &|one, other| fits(other, one)));
        if found.is_empty() && engine.len() != oracle.len() {
            found.push(format!("{} lines of the engine, {} of the oracle", engine.len(), oracle.len()));
        }
        found.extend(self.breaches.iter().cloned());
        found
    }
}
