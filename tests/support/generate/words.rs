//! Names and texts.

use proptest::{prelude::*, sample::select};

/// The names that a random file uses.
#[derive(Clone)]
pub struct Words {
    /// Attributes, where only a name can stand.
    pub attribute: BoxedStrategy<String>,
    /// Names in values: attributes, fields and values of `one of` types. Plain words only, because a quoted one is a text.
    pub operand: BoxedStrategy<String>,
    /// Events.
    pub event: BoxedStrategy<String>,
    /// What can be counted: events, channels, messages, categories, rules.
    pub subject: BoxedStrategy<String>,
    /// Fields of events.
    pub field: BoxedStrategy<String>,
    /// Channels.
    pub channel: BoxedStrategy<String>,
    /// Messages.
    pub message: BoxedStrategy<String>,
    /// Segments, and whatever else can be a condition by itself.
    pub segment: BoxedStrategy<String>,
    /// Rules.
    pub rule: BoxedStrategy<String>,
    /// Calendars.
    pub calendar: BoxedStrategy<String>,
    /// Everything else that has a name.
    pub other: BoxedStrategy<String>,
    /// Texts.
    pub text: BoxedStrategy<String>,
}

impl Words {
    /// Any names at all: of all scripts, quoted ones, words of the language.
    pub fn any() -> Self {
        let name = prop_oneof![
            4 => plain(),
            2 => text().prop_filter("a name is not blank", |name| !name.trim().is_empty()),
            1 => select(SOFT).prop_map(String::from),
            1 => select(HARD).prop_map(String::from),
        ]
        .boxed();
        let operand = prop_oneof![6 => plain(), 1 => select(SOFT).prop_map(String::from)].boxed();
        Self {
            attribute: name.clone(),
            operand,
            event: name.clone(),
            subject: name.clone(),
            field: name.clone(),
            channel: name.clone(),
            message: name.clone(),
            segment: name.clone(),
            rule: name.clone(),
            calendar: name.clone(),
            other: name,
            text: text(),
        }
    }
}

/// Words that are not in the language.
fn plain() -> BoxedStrategy<String> {
    prop_oneof![
        select(&["tier", "gold", "points", "order", "orders", "coupon", "sms", "push", "lapsed"][..])
            .prop_map(String::from),
        "x[a-z0-9_]{0,6}",
        "_[A-Z]{1,3}",
        select(&["城市", "订单", "größe", "Łódź", "имя", "ชื่อ", "नाम"][..]).prop_map(String::from),
    ]
    .boxed()
}

fn text() -> BoxedStrategy<String> {
    prop_oneof![
        3 => "[a-zA-Z0-9 ]{0,10}",
        2 => "[ -~]{0,12}",
        1 => "[\"\\\\#“”中秋，é]{0,6}",
        1 => select(&["day one", "3 days", "if x then send y", "# no comment", "Mid-Autumn"][..]).prop_map(String::from),
    ]
    .boxed()
}

/// Words of the language that may be names.
const SOFT: &[&str] = &[
    "again", "ago", "average", "before", "blocked", "by", "category", "channel", "contact", "contains",
    "counted", "cron", "date", "days", "does", "event", "every", "Exactly", "expect", "expires", "first",
    "given", "hours", "id", "known", "last", "less", "locale", "message", "month", "most", "none", "nothing",
    "number", "off", "once", "one", "per", "plural", "priority", "quiet", "rule", "segment", "text", "this",
    "time", "times", "to", "total", "unknown", "use", "users", "week", "withheld", "year",
];

/// Words of the language that are names only in quotes.
const HARD: &[&str] = &[
    "after", "and", "at", "between", "for", "From", "IF", "in", "is", "no", "not", "of", "on", "or", "send",
    "since", "then", "today", "unless", "until", "via", "where", "with", "within", "yes",
];
