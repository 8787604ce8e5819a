//! What the grammar could not read, in words.

use pest::error::{Error, ErrorVariant, InputLocation};

use super::{
    ast::Span,
    conditions::aggregate_help,
    expected::{Expected, SENDS, expected},
    grammar::Rule,
    hints::hint,
    literals::said_time,
    reader::Reader,
    recovery::{indentation, next_declaration, starts},
    turned::{every_so_many_weeks, so_many_times, trigger_first, turned, weekday_in},
    words::{DECLARATIONS, first_token, is_reserved, is_word},
};
use crate::diagnostic::{Code, Diagnostic};

impl Reader<'_> {
    /// Reports why the declaration that starts at `within.start` cannot be read.
    ///
    /// Gives the place of failure, and whether the declaration is whole and what stands there is another, broken one.
    pub(super) fn explain(&mut self, error: &Error<Rule>, within: Span) -> (usize, bool) {
        let at = match error.location {
            InputLocation::Pos(at) | InputLocation::Span((at, _)) => within.start + at,
        };
        let ErrorVariant::ParsingError { positives, .. } = &error.variant else {
            // The parser's own guard of its stack.
            let first = self.text.get(within.start..).and_then(|text| text.chars().next());
            self.too_deep(Span::new(within.start, within.start + first.map_or(0, char::len_utf8)));
            return (at, false);
        };
        if self.follows_a_slip(within.start, at) {
            return (at, false);
        }
        let rest = self.text.get(at..within.end).unwrap_or_default();
        let found = Found { at, token: first_token(rest), rest };
        let expected = expected(positives);
        // At the end of the text nothing follows that could be at fault.
        let goes_on = !found.token.is_empty();
        let whole =
            goes_on && expected.has("the next declaration") && found.begins_a_line(self, within.start);
        let diagnostic = if at == within.start || whole {
            self.no_declaration(&found)
        } else {
            self.known_slip(&found, &expected, within.start)
                .unwrap_or_else(|| self.unexpected(&found, &expected, within.start))
        };
        self.diagnostics.push(diagnostic);
        (at, whole)
    }

    /// Whether something that was reported already explains the failure: it touches the place, or ends the line
    /// before it.
    fn follows_a_slip(&self, start: usize, at: usize) -> bool {
        self.diagnostics.iter().any(|known| {
            let span = known.primary.span;
            let touches = span.start <= at && at <= span.end + 1;
            let swallowed = known.code == Code::UnclosedText && (start..=at).contains(&span.start);
            touches && span.end >= start || swallowed
        })
    }

    fn finding(&self, code: Code, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(code, self.source, span, message)
    }

    fn no_declaration(&self, found: &Found<'_>) -> Diagnostic {
        let message = format!("`{}` does not start a declaration or a rule", found.token);
        let known = DECLARATIONS
            .iter()
            .map(|word| (strsim::damerau_levenshtein(word, &found.token.to_lowercase()), word))
            .filter(|(distance, word)| *distance <= word.len() / 3)
            .min();
        let help = match (found.token.to_ascii_lowercase().as_str(), known) {
            ("then" | "send", _) => {
                "say first what makes the rule due: `if …`, `on …` or `every …`; the rule's own clauses stand after \
                 its last step"
                    .to_owned()
            }
            ("when", _) => "write `if` for a condition, `on` for an event or a date".to_owned(),
            ("else" | "elseif" | "elif", _) => ELSE.to_owned(),
            ("no", _) if weekday_in(found.rest).is_some() => {
                let day = weekday_in(found.rest).unwrap_or_default();
                format!("write `quiet hours 00:00 to 24:00 on {day}`")
            }
            ("no" | "max" | "maximum" | "limit", _) => "a cap says `at most 3 touches in 7 days`".to_owned(),
            ("import" | "include" | "require", _) => "write `use \"shop.touch\"`".to_owned(),
            (word, None) if !word.is_ascii() => {
                "the words of the language are English; names may be in any script: `if 等级 is 金 then send 优惠券`".to_owned()
            }
            ("timezone" | "tz", _) => "write `time zone \"Asia/Shanghai\"`".to_owned(),
            (_, Some((_, word))) => format!("did you mean `{word}`?"),
            _ => "a rule starts with `rule`, `if`, `on` or `every`; a declaration with a word such as `segment`, \
                  `message` or `quiet hours`"
                .to_owned(),
        };
        self.finding(Code::Syntax, found.span(), message).help(help)
    }

    /// What many do, told by name.
    fn known_slip(&self, found: &Found<'_>, expected: &Expected, start: usize) -> Option<Diagnostic> {
        if expected.has("a name")
            && let Some(diagnostic) = self.incomplete_aggregate(found.at, start)
        {
            return Some(diagnostic);
        }
        if found.rest.is_empty() {
            return None;
        }
        let word = found.token.to_ascii_lowercase();
        let slip =
            |code, message: &str, help: &str| Some(self.finding(code, found.span(), message).help(help));
        match word.as_str() {
            "else" | "elseif" | "elif" | "otherwise" => {
                return slip(Code::ForeignWord, &format!("there is no `{}` in rules", found.token), ELSE);
            }
            "on" | "for" | "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday"
            | "sunday"
                if self.text.get(start..found.at).is_some_and(hours_without_times) =>
            {
                let said = strip_comments(found.rest.lines().next().unwrap_or_default()).trim_end();
                let on = if matches!(word.as_str(), "on" | "for") { "" } else { "on " };
                let (kind, times) = match weekday_in(said) {
                    _ if self.says(start, found.at, "contact") => ("contact", "10:00 to 20:00"),
                    Some(_) => ("quiet", "00:00 to 24:00"),
                    None => ("quiet", "21:00 to 09:00"),
                };
                let help = format!("write `{kind} hours {times} {on}{said}`");
                return slip(Code::MissingPart, "it does not say from when to when", &help);
            }
            "before" | "after" if expected.has("a clause") => {
                return slip(
                    Code::Syntax,
                    "a date before or after another is counted in days",
                    "write `3 days before birthday`",
                );
            }
            "then" if expected.has("a clause") && self.says(start, found.at, "then") => {
                return slip(
                    Code::Syntax,
                    "a clause of the rule stands between two of its steps",
                    "a clause of the step alone stands between `then` and `send`; one of the whole rule stands after the \
                     last step",
                );
            }
            _ => {}
        }
        if expected.names_only() && is_reserved(found.token) {
            let message = format!("expected a name, found `{}`", found.token);
            let help =
                format!("`{0}` is a word of the language; in quotes, `\"{0}\"`, it is a name", found.token);
            return Some(self.finding(Code::ReservedWord, found.span(), message).help(help));
        }
        if let Some(name) = self.hyphenated(found.at) {
            let help = format!("write the whole name in quotes: `\"{}\"`", self.source_text(name));
            return Some(self.finding(Code::Syntax, name, "a hyphen is not part of a plain name").help(help));
        }
        if expected.only("a text in quotes") && !found.token.starts_with('"') && !found.ends(self) {
            let line = found.rest.lines().next().unwrap_or_default();
            let end = if found.token.starts_with(|c: char| c.is_ascii_digit() || c == '*') {
                // A cron line has blanks in it.
                line.find(" then").unwrap_or(line.len())
            } else {
                line.find(char::is_whitespace).unwrap_or(line.len())
            };
            let written = found.rest.get(..end).unwrap_or_default();
            let message = format!("expected a text in quotes, found `{written}`");
            let help = format!("write `\"{written}\"`");
            return Some(self.finding(Code::Syntax, Span::new(found.at, found.at + end), message).help(help));
        }
        if found.token.starts_with(|c: char| c.is_ascii_digit()) {
            return self.numeral_slip(found, expected, start);
        }
        if expected.has("a unit such as `days`") && self.says(start, found.at, "least") {
            return slip(
                Code::Syntax,
                &format!("expected a unit such as `hours`, found `{}`", found.token),
                "how many there may be is said with `at most`; `at least 12 hours between promotion` keeps a distance",
            );
        }
        if word == "send" && expected.has("`then`") {
            return slip(Code::MissingThen, "`then` is missing before `send`", "write `then send …`");
        }
        None
    }

    /// Whether a word stands between two places.
    fn says(&self, start: usize, end: usize, word: &str) -> bool {
        let before = self.text.get(start..end).unwrap_or_default();
        before.split(|c| !is_word(c)).any(|said| said.eq_ignore_ascii_case(word))
    }

    /// `total order` without a field, which ends where reading failed.
    fn incomplete_aggregate(&self, at: usize, start: usize) -> Option<Diagnostic> {
        let before = self.text.get(start..at)?.trim_end();
        let event = before.rsplit(|c| !is_word(c)).next()?;
        let rest = before.get(..before.len() - event.len())?;
        let head = rest.trim_end().rsplit(|c| !is_word(c)).next()?;
        let help = aggregate_help(&head.to_lowercase(), event).filter(|_| !is_reserved(event))?;
        let span = Span::new(start + rest.trim_end().len() - head.len(), start + before.len());
        Some(self.finding(Code::MissingPart, span, format!("`{head} {event}` is not complete")).help(help))
    }

    /// The words joined by the hyphen that stands here, if it joins words.
    fn hyphenated(&self, at: usize) -> Option<Span> {
        let (before, rest) = self.text.split_at_checked(at)?;
        let start = before.trim_end_matches(is_word).len();
        let joins = |c: char| is_word(c) || c == '-';
        let end = rest.find(|c: char| !joins(c)).unwrap_or(rest.len());
        let hyphen = rest.starts_with('-') && start < at && end > 1;
        hyphen.then(|| Span::new(start, at + end))
    }

    fn numeral_slip(&self, found: &Found<'_>, expected: &Expected, start: usize) -> Option<Diagnostic> {
        let digits = found.token.find(|c: char| !c.is_ascii_digit()).unwrap_or(found.token.len());
        let (number, rest) = found.token.split_at_checked(digits)?;
        if found.rest.get(digits..).is_some_and(|rest| rest.starts_with('%')) {
            let message = "a percentage stands only where a share of users is named";
            let help = format!("write `{}` for `{number}%`", hundredth(number));
            return Some(
                self.finding(Code::BadPercent, Span::new(found.at, found.at + digits + 1), message)
                    .help(help),
            );
        }
        if expected.names_only() || expected.has("a name") && !rest.is_empty() {
            let message = format!("a name does not start with a digit: `{}`", found.token);
            let help = format!("write it in quotes: `\"{}\"`", found.token);
            return Some(self.finding(Code::Syntax, found.span(), message).help(help));
        }
        let before = self.text.get(start..found.at).unwrap_or_default();
        if let Some(help) = so_many_times(before, found.rest).filter(|_| expected.has("a comparison")) {
            let message = format!("`{} times` cannot stand here", found.token);
            return Some(self.finding(Code::Syntax, found.span(), message).help(help));
        }
        if expected.has("a comparison") {
            let message = format!("a comparison is missing before `{}`", found.token);
            let help = format!("write `is {0}` or `>= {0}`", found.token);
            return Some(self.finding(Code::Syntax, found.span(), message).help(help));
        }
        if expected.has("a percentage") {
            let message = format!("expected a percentage, found `{number}`");
            return Some(
                self.finding(Code::BadPercent, found.span(), message).help(format!("write `{number}%`")),
            );
        }
        if expected.has("a clause") && found.rest.get(digits..).is_some_and(|rest| rest.starts_with(':')) {
            let time = found.rest.find(|c: char| !c.is_ascii_digit() && c != ':').unwrap_or(found.rest.len());
            let help = format!("write `at {}`", found.rest.get(..time).unwrap_or_default());
            let span = Span::new(found.at, found.at + time);
            return Some(self.finding(Code::Syntax, span, "a time of day needs an `at`").help(help));
        }
        if !rest.is_empty() {
            let message = format!("`{}` is not a number", found.token);
            let diagnostic = self.finding(Code::BadNumber, found.span(), message);
            let next = found.rest.get(found.token.len()..).unwrap_or_default();
            let first = next.split_whitespace().next().unwrap_or_default();
            return Some(match rest {
                "st" | "nd" | "rd" | "th" if weekday_in(first).is_some() => {
                    diagnostic.help(every_so_many_weeks(number, next).unwrap_or_default())
                }
                "st" | "nd" | "rd" | "th" => diagnostic.help(format!("write `every month on {number}`")),
                _ => diagnostic,
            });
        }
        None
    }

    fn unexpected(&self, found: &Found<'_>, expected: &Expected, start: usize) -> Diagnostic {
        let wanted = expected.to_string();
        if found.ends(self) {
            // Shown at the end of what there is, not at the start of what comes next.
            let before = self.text.get(start..found.at).map_or("", str::trim_end);
            let before = strip_comments(before);
            let last = before.char_indices().next_back().map_or(start, |(at, _)| start + at);
            let span = Span::new(last, start + before.len());
            let word = before.rsplit(|c: char| c.is_whitespace()).next().unwrap_or_default();
            let message = format!("this ends too early, after `{word}`");
            let found =
                self.finding(Code::Syntax, span, message).label(format!("expected {wanted} after this"));
            // `… then send coupon every 7 days`
            let line = self.text.get(..start + before.len()).and_then(|text| text.lines().next_back());
            let again = expected.has("`then`")
                && line.is_some_and(|line| line.split_whitespace().any(|word| word == "send"));
            let turned =
                line.and_then(|line| trigger_first(line, self.text.get(start..).unwrap_or_default(), before));
            let turned = turned.or_else(|| channel_after_on(before));
            return match turned.filter(|_| again) {
                Some(turned) => found.help(turned),
                None if again => found.help(TRIGGERS),
                None => match expected.example() {
                    Some(help) => found.help(help),
                    None => found,
                },
            };
        }
        let message = format!("`{}` cannot stand here", found.token);
        let before = self.text.get(start..found.at).unwrap_or_default();
        let end = next_declaration(self.text, start, found.at, found.at + found.rest.len());
        let help = turned(found.token, before, found.rest, expected)
            .or_else(|| hint(found.token, before, expected).map(str::to_owned))
            .or_else(|| {
                // Not of a rule that does say what it does.
                let example =
                    expected.example().filter(|help| *help != SENDS || !self.says(found.at, end, "then"));
                example.map(str::to_owned)
            });
        let found = self.finding(Code::Syntax, found.span(), message).label(format!("expected {wanted}"));
        match help {
            Some(help) => found.help(help),
            None => found,
        }
    }
}

/// `quiet hours`, and nothing more.
fn hours_without_times(before: &str) -> bool {
    let mut words = before.split_whitespace().rev();
    words.next().is_some_and(|hours| hours.eq_ignore_ascii_case("hours"))
        && words
            .next()
            .is_some_and(|kind| ["quiet", "contact"].iter().any(|one| one.eq_ignore_ascii_case(kind)))
}

/// `send coupon on sms at 10am`, from its `on`.
fn channel_after_on(late: &str) -> Option<String> {
    let mut words = late.split_whitespace();
    words.next().filter(|on| on.eq_ignore_ascii_case("on"))?;
    if let Some(day) = weekday_in(late) {
        return Some(format!(
            "days stand at the start of the rule: `every {day} then send …`, or `every {day} if … then send …`"
        ));
    }
    let channel = words.next().filter(|name| name.chars().all(|c| is_word(c) && !c.is_ascii_digit()))?;
    let time = words.next_back().and_then(|last| Some((last, said_time(last)?)));
    let time = time.filter(|(last, time)| last != time);
    let time = time.map(|(last, time)| format!(", and `{last}` is `{time}`")).unwrap_or_default();
    Some(format!(
        "channels are named with `via`: `via {channel}`{time}; a date to begin on stands at the start of the rule"
    ))
}

const TRIGGERS: &str = "a rule has one trigger, at its start; to repeat it write `again after 7 days`";

const ELSE: &str = "write a second rule whose condition is the opposite: `if not …`";

/// What stands where reading failed.
struct Found<'t> {
    at: usize,
    token: &'t str,
    rest: &'t str,
}

impl Found<'_> {
    fn span(&self) -> Span {
        Span::new(self.at, self.at + self.token.len().max(1).min(self.rest.len().max(1)))
    }

    /// Whether the declaration ends here: at the end of the text, or where the next one starts.
    fn ends(&self, reader: &Reader<'_>) -> bool {
        let before = reader.text.get(..self.at).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(before, |at| before.get(at + 1..).unwrap_or_default());
        self.rest.is_empty() || line_start.trim().is_empty() && starts(self.rest)
    }
}

impl Found<'_> {
    /// Whether a line begins here that is not indented further than the declaration.
    fn begins_a_line(&self, reader: &Reader<'_>, start: usize) -> bool {
        let (text, at) = (reader.text, self.at);
        text.get(..at).is_some_and(|before| before.trim_end_matches([' ', '\t']).ends_with('\n'))
            && indentation(text, at) <= indentation(text, start)
    }
}

/// A percentage as a number.
fn hundredth(percent: &str) -> String {
    let value = percent.parse::<crate::number::Number>().ok();
    let hundred = crate::number::Number::whole(100);
    value
        .zip(hundred)
        .and_then(|(value, hundred)| value.over(hundred))
        .map_or("0.1".to_owned(), |n| n.to_string())
}

/// Without the comments that stand at its end.
fn strip_comments(text: &str) -> &str {
    let mut text = text;
    loop {
        let line = text.rfind('\n').map_or(0, |at| at + 1);
        let last = text.get(line..).unwrap_or_default();
        match last.find('#') {
            // A `#` in quotes is not a comment; an even number of quotes stands before one.
            Some(mark) if last.get(..mark).is_some_and(|before| before.matches('"').count() % 2 == 0) => {
                text = text.get(..line + mark).unwrap_or_default().trim_end();
            }
            _ => return text,
        }
    }
}
