//! The mend for what people write where something else must stand.

use super::{expected::Expected, words::is_word};

/// Something that people write, and the mend.
struct Hint {
    /// The word or sign where reading failed; any if empty.
    found: &'static [&'static str],
    /// What was expected there; anything if empty.
    expected: &'static str,
    /// The word before; any if empty.
    before: &'static str,
    /// What is said.
    help: &'static str,
}

const VIA: &str = "`via`, `with` or `unless`";

const HINTS: &[Hint] = &[
    Hint {
        found: &["when", "whenever"],
        expected: "",
        before: "",
        help: "write `if` for a condition, `on` for an event or a date",
    },
    Hint {
        found: &["wait", "delay"],
        expected: "`send`",
        before: "",
        help: "write `then after 3 days send …`",
    },
    Hint {
        found: &[],
        expected: "`send`",
        before: "then",
        help: "what a rule does is `send`: `then send coupon via email`",
    },
    Hint {
        found: &["and", "plus", "also", "&"],
        expected: VIA,
        before: "",
        help: "a second message is a step of its own: `then send reminder`",
    },
    Hint {
        found: &["by", "over", "through", "using", "on", "to", "per"],
        expected: VIA,
        before: "",
        help: "channels are named with `via`: `send coupon via push or sms`",
    },
    Hint {
        found: &["in"],
        expected: VIA,
        before: "",
        help: "a delay stands before `send`: `then after 3 days send …`",
    },
    Hint {
        found: &["for", "within", "during", "over"],
        expected: "`of` or `where`",
        before: "",
        help: "a window is said with `in`: `no order in 30 days`",
    },
    Hint {
        found: &[","],
        expected: "`and` or `or`",
        before: "",
        help: "conditions are joined with `and` or `or`",
    },
    Hint {
        found: &[","],
        expected: "a clause",
        before: "",
        help: "leave the comma out: clauses follow one another without one",
    },
    Hint {
        found: &["."],
        expected: "",
        before: "",
        help: "the field follows its event: `last order amount`, `order where amount > 100`",
    },
    Hint {
        found: &["today"],
        expected: "a value",
        before: "is",
        help: "`today` stands first: `today is on birthday`",
    },
    Hint {
        found: &["<", "<=", ">", ">=", "is", "between"],
        expected: "a condition",
        before: "",
        help: "each comparison names its value: `points >= 100 and points <= 200`, or `points between 100 and 200`",
    },
    Hint {
        found: &["than"],
        expected: "",
        before: "more",
        help: "write `points > 100` or `points is more than 100`",
    },
    Hint {
        found: &["than"],
        expected: "",
        before: "less",
        help: "write `points < 100` or `points is less than 100`",
    },
    Hint {
        found: &[],
        expected: "a window",
        before: "per",
        help: "say of what: `at most 3 touches per day`, `at most 1 coupon per week`",
    },
    Hint {
        found: &["requires", "require", "need", "with"],
        expected: "`needs`",
        before: "",
        help: "write `channel sms needs consent`",
    },
    Hint {
        found: &["mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun"],
        expected: "a day of the week",
        before: "",
        help: "days are written in full: `every monday, thursday at 10:00`",
    },
    Hint { found: &["once"], expected: "a clause", before: "", help: "write `at most 1 time`" },
    Hint { found: &["twice"], expected: "a clause", before: "", help: "write `at most 2 times`" },
    Hint {
        found: &["times", "time"],
        expected: "a unit such as `days`",
        before: "",
        help: "how often a rule may begin is said with `at most 3 times`",
    },
    Hint {
        found: &["in", "this"],
        expected: "`and` or `or`",
        before: "once",
        help: "write `exactly 1 order in 7 days`, or `order in 7 days` for at least one",
    },
    Hint {
        found: &["in", "this"],
        expected: "`and` or `or`",
        before: "twice",
        help: "write `at least 2 orders in 7 days`, or `exactly 2 orders in 7 days`",
    },
    Hint {
        found: &["least"],
        expected: "a time",
        before: "at",
        help: "say what is counted after the number: `at least 3 visits in 7 days`",
    },
    Hint {
        found: &["max", "maximum", "limit", "up"],
        expected: "a clause",
        before: "",
        help: "write `at most 3 times`, or `at most 3 times in 1 year`",
    },
    Hint { found: &["min", "minimum"], expected: "", before: "", help: "write `at least 3`" },
    Hint { found: &[], expected: "`and` or `or`", before: "above", help: "write `points > 100`" },
    Hint { found: &[], expected: "`and` or `or`", before: "over", help: "write `points > 100`" },
    Hint { found: &[], expected: "`and` or `or`", before: "below", help: "write `points < 100`" },
    Hint { found: &[], expected: "`and` or `or`", before: "under", help: "write `points < 100`" },
    Hint { found: &[], expected: "`and` or `or`", before: "equals", help: "write `points is 100`" },
    Hint {
        found: &["if", "when", "where", "is", "are", "means"],
        expected: "a colon",
        before: "",
        help: "what belongs to it stands after a colon: `segment lapsed: no order in 30 days`",
    },
    Hint {
        found: &["no", "not", "never"],
        expected: "`and` or `or`",
        before: "has",
        help: "leave out whom it is said of: `no order in 30 days`",
    },
    Hint { found: &["more"], expected: "`counted`", before: "not", help: "write `at most 1`" },
    Hint {
        found: &[],
        expected: "`counted`",
        before: "not",
        help: "say what did not happen with `no`: `no order in 30 days`",
    },
    Hint {
        found: &["("],
        expected: "a colon",
        before: "",
        help: "what belongs to it stands after a colon, without parentheses",
    },
];

/// Numbers in words, and the mend.
const NUMBERS: &[(&str, &str)] = &[
    ("one", "write `1`"),
    ("two", "write `2`"),
    ("three", "write `3`"),
    ("four", "write `4`"),
    ("five", "write `5`"),
    ("six", "write `6`"),
    ("seven", "write `7`"),
    ("eight", "write `8`"),
    ("nine", "write `9`"),
    ("ten", "write `10`"),
];

/// What to say of a word or sign that cannot stand where it does, after the text before it.
pub(super) fn hint(token: &str, before: &str, expected: &Expected) -> Option<&'static str> {
    let word = before.trim_end().rsplit(|c| !is_word(c)).next().unwrap_or_default();
    let said = |wanted: &str| before.split(|c| !is_word(c)).any(|word| word.eq_ignore_ascii_case(wanted));
    if token == "," && before.trim_start().starts_with("attribute") {
        return Some("write `one of bronze, silver, gold`");
    }
    if said("count") && said("of") && expected.has("a value") {
        return Some("write `number of orders in 30 days`");
    }
    if word == "than" && said("last") {
        return Some("say how long ago it was: `days since last order > 30`");
    }
    if said("sum") && said("of") {
        return Some("write `total order amount`");
    }
    if matches!(token, "<" | ">" | "<=" | ">=") && expected.has("`and` or `or`") {
        let part = before.rsplit([' ', '\n']).take_while(|word| !is_joint(word));
        return Some(if part.into_iter().any(|word| word.contains(['<', '>'])) {
            "each comparison has two sides: `points between 100 and 200`"
        } else {
            "say of which event: `last order amount > 100`, `total order amount > 100`, `order where amount > 100`"
        });
    }
    let number = NUMBERS.iter().find(|(said, _)| said.eq_ignore_ascii_case(token));
    if let Some((_, help)) = number.filter(|_| expected.has("a number")) {
        return Some(help);
    }
    if token == "-" && word.eq_ignore_ascii_case("most") {
        return Some("a limit is at least 1");
    }
    if ["a", "an"].iter().any(|article| article.eq_ignore_ascii_case(word)) && expected.has(VIA) {
        return Some("say by name what is sent, and over which channel: `send MESSAGE via sms`");
    }
    if word.eq_ignore_ascii_case("on") && token.starts_with(|c: char| c.is_ascii_digit()) {
        return Some("a date has its year: `on 2026-10-01`; for each year write `every year on 10-01`");
    }
    let fits = |hint: &&Hint| {
        (hint.found.is_empty() || hint.found.iter().any(|found| found.eq_ignore_ascii_case(token)))
            && (hint.expected.is_empty() || expected.has(hint.expected))
            && (hint.before.is_empty() || hint.before.eq_ignore_ascii_case(word))
    };
    let found = HINTS.iter().find(fits).map(|hint| hint.help);
    // `send coupon sms`
    let forgot_via =
        || expected.has(VIA) && token.chars().all(is_word) && before.trim_end().contains("send ");
    found.or_else(|| forgot_via().then_some("channels are named with `via`: `send coupon via push or sms`"))
}

fn is_joint(word: &str) -> bool {
    ["if", "and", "or", "where", "unless"].iter().any(|joint| joint.eq_ignore_ascii_case(word))
}
