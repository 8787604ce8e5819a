//! What the grammar expected, in words people know.

use std::fmt;

use super::grammar::Rule;

/// How many things a list of what was expected holds at the most.
const LONGEST: usize = 4;

/// What helps a rule that ends before it sends anything.
pub(super) const SENDS: &str = "a rule says what it does: `then send coupon via push`";

/// What was expected, the most likely first.
pub(super) struct Expected {
    groups: Vec<(u8, String)>,
}

/// Groups what the grammar tried.
pub(super) fn expected(rules: &[Rule]) -> Expected {
    let mut groups: Vec<(u8, String)> = Vec::new();
    for rule in rules {
        let (rank, group) = match group(*rule) {
            Some((rank, group)) => (rank, group.to_owned()),
            None => match format!("{rule:?}").strip_prefix("kw_") {
                Some(word) => (3, format!("`{word}`")),
                None => continue,
            },
        };
        if !groups.iter().any(|(_, known)| *known == group) {
            groups.push((rank, group));
        }
    }
    let has = |groups: &[(u8, String)], name: &str| groups.iter().any(|(_, group)| group == name);
    // What one thing includes is not named beside it.
    for (whole, part) in [
        ("a condition", "a value"),
        ("a condition", "a number"),
        ("a condition", "`not`"),
        ("a condition", "a name"),
        ("a value", "a number"),
        ("a value", "a name"),
        ("a value", "a text in quotes"),
        ("a clause", "`if`"),
        ("a clause", "`not`"),
        ("a trigger (`if`, `on` or `every`)", "`if`"),
    ] {
        if has(&groups, whole) {
            groups.retain(|(_, group)| group != part);
        }
    }
    if groups.iter().any(|(rank, _)| *rank != 8) {
        groups.retain(|(rank, _)| *rank != 8);
    }
    groups.sort();
    Expected { groups }
}

impl Expected {
    /// Whether that group is among what was expected.
    pub(super) fn has(&self, group: &str) -> bool {
        self.groups.iter().any(|(_, known)| known == group)
    }

    /// Whether that group and nothing else was expected.
    pub(super) fn only(&self, group: &str) -> bool {
        self.groups.len() == 1 && self.has(group)
    }

    /// Whether a name and nothing else was expected.
    pub(super) fn names_only(&self) -> bool {
        !self.groups.is_empty()
            && self
                .groups
                .iter()
                .all(|(_, group)| matches!(group.as_str(), "a name" | "a message" | "a text in quotes"))
            && !(self.groups.len() == 1 && self.has("a text in quotes"))
    }

    /// An example of what was expected most.
    pub(super) fn example(&self) -> Option<&'static str> {
        let (_, first) = self.groups.first()?;
        Some(match first.as_str() {
            "a condition" => "for example `no order in 30 days`, `tier is gold` or `points >= 100`",
            "a length of time" => "for example `30 days`, `12 hours` or `1 month`",
            "a window" => "for example `in 7 days` or `per week`",
            "a time" => "for example `09:30` or `21:00`",
            "a date" => "for example `2026-10-01`",
            "a date and a time" => "for example `2026-10-01 10:00`",
            "a percentage" => "for example `10%`",
            "`then`" if !self.has("`via`, `with` or `unless`") => SENDS,
            "`as`" | "`as` or `of`" => "a share needs a text to tell users apart by: `as \"spring-test\"`",
            "a trigger (`if`, `on` or `every`)" => {
                "a rule says what makes it due: `if lapsed`, `on complaint`, `every monday`"
            }
            "a type" => {
                "the types are `text`, `number`, `date`, `date and time`, `yes or no`, `one of …` and `list of text`"
            }
            _ if self.has("a comma") => "several are separated by commas",
            _ => return None,
        })
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named: Vec<&str> = self.groups.iter().take(LONGEST).map(|(_, group)| group.as_str()).collect();
        match named.as_slice() {
            [] => f.write_str("something else"),
            [only] => f.write_str(only),
            [first @ .., last] => write!(f, "{} or {last}", first.join(", ")),
        }
    }
}

/// What a rule of the grammar is called, and how likely it is what was meant: 0 is the likeliest.
#[allow(clippy::too_many_lines)]
fn group(rule: Rule) -> Option<(u8, &'static str)> {
    Some(match rule {
        Rule::condition
        | Rule::conjunction
        | Rule::negation
        | Rule::atom
        | Rule::count
        | Rule::quantity
        | Rule::compared
        | Rule::where_test
        | Rule::where_compared
        | Rule::in_segment
        | Rule::subscribed
        | Rule::reachable
        | Rule::share
        | Rule::q_no
        | Rule::today_is => (0, "a condition"),
        Rule::sum
        | Rule::product
        | Rule::unary
        | Rule::primary
        | Rule::paren
        | Rule::where_sum
        | Rule::where_product
        | Rule::where_unary
        | Rule::where_primary
        | Rule::of_value
        | Rule::amount
        | Rule::lone_name
        | Rule::count_of
        | Rule::aggregate
        | Rule::aggregate_head
        | Rule::aggregate_kind
        | Rule::rhythm
        | Rule::field_of
        | Rule::field_head
        | Rule::pick
        | Rule::since_event
        | Rule::since_attribute
        | Rule::until_attribute
        | Rule::yes_no => (0, "a value"),
        Rule::compare_op
        | Rule::compare_tail
        | Rule::where_compare
        | Rule::known_tail
        | Rule::in_tail
        | Rule::between_tail
        | Rule::where_between
        | Rule::contains_tail
        | Rule::where_contains
        | Rule::adjacent
        | Rule::op_is
        | Rule::kw_is
        | Rule::op_is_not
        | Rule::op_less
        | Rule::op_greater
        | Rule::op_at_least
        | Rule::op_at_most => (2, "a comparison"),
        Rule::add_op | Rule::multiply_op | Rule::minus | Rule::not_mark | Rule::before_tail => return None,
        Rule::events_tail | Rule::of_filter | Rule::where_filter | Rule::trigger_where => return None,
        Rule::cap_window | Rule::cap_rolling | Rule::cap_calendar => (1, "a window"),
        Rule::window | Rule::window_rolling | Rule::window_today | Rule::window_this | Rule::window_since => {
            (4, "a window")
        }
        Rule::name | Rule::item | Rule::rule_name | Rule::subject | Rule::events | Rule::contact_message => {
            (1, "a name")
        }
        Rule::language => (1, "a language such as `en`"),
        Rule::text => (1, "a text in quotes"),
        Rule::number | Rule::month_number => (1, "a number"),
        Rule::percent => (0, "a percentage"),
        Rule::period => (0, "a length of time"),
        Rule::unit => (1, "a unit such as `days`"),
        Rule::date => (1, "a date"),
        Rule::date_time => (1, "a date and a time"),
        Rule::time => (1, "a time"),
        Rule::year_day => (1, "a month and a day such as `11-11`"),
        Rule::month_day => (1, "a day of the month"),
        Rule::weekday | Rule::weekdays | Rule::day_name | Rule::day_group => (2, "a day of the week"),
        Rule::calendar_days => (2, "`days in` a calendar"),
        Rule::type_name
        | Rule::type_text
        | Rule::type_number
        | Rule::type_date
        | Rule::type_date_time
        | Rule::type_yes_no
        | Rule::type_one_of
        | Rule::type_list
        | Rule::type_other => (1, "a type"),
        Rule::trigger | Rule::t_if | Rule::t_on | Rule::t_every | Rule::t_cron | Rule::t_offset => {
            (0, "a trigger (`if`, `on` or `every`)")
        }
        Rule::then | Rule::step => (1, "`then`"),
        Rule::comma => (6, "a comma"),
        Rule::colon | Rule::is_mark => (2, "a colon"),
        Rule::lparen => (3, "`(`"),
        Rule::rparen => (0, "`)`"),
        Rule::hours_to => (1, "`to`"),
        Rule::send_one_of | Rule::variant => (1, "a message"),
        Rule::kw_and | Rule::kw_or => (3, "`and` or `or`"),
        // Said only where nothing else is expected.
        Rule::kw_before => (8, "`before`"),
        Rule::kw_known | Rule::kw_unknown | Rule::kw_missing | Rule::kw_less | Rule::kw_more | Rule::null => {
            (8, "`known`")
        }
        Rule::kw_of | Rule::kw_where => (3, "`of` or `where`"),
        Rule::kw_most | Rule::kw_least | Rule::kw_once | Rule::kw_blocked => (8, "`at most` or `at least`"),
        Rule::kw_one => (8, "`one of`"),
        Rule::kw_then => (1, "`then`"),
        Rule::kw_after
        | Rule::kw_at
        | Rule::kw_again
        | Rule::kw_between
        | Rule::kw_within
        | Rule::kw_expires
        | Rule::kw_priority
        | Rule::kw_ignoring
        | Rule::kw_even
        | Rule::kw_off
        | Rule::kw_from
        | Rule::kw_until => (5, "a clause"),
        Rule::via | Rule::with | Rule::unless | Rule::kw_via | Rule::kw_with | Rule::kw_unless => {
            (4, "`via`, `with` or `unless`")
        }
        Rule::off
        | Rule::c_off
        | Rule::c_after
        | Rule::c_at
        | Rule::c_between
        | Rule::c_within
        | Rule::c_expires
        | Rule::c_again
        | Rule::c_times
        | Rule::c_priority
        | Rule::c_ignoring
        | Rule::c_not_counted
        | Rule::c_even
        | Rule::c_from
        | Rule::c_until
        | Rule::c_if
        | Rule::late_if
        | Rule::c_if_blocked => (5, "a clause"),
        Rule::given | Rule::given_item => (2, "`given`"),
        Rule::expect | Rule::expect_touch | Rule::expect_nothing | Rule::expect_withheld => (2, "`expect`"),
        Rule::test_at => (3, "`at`"),
        Rule::test_for => (3, "`for`"),
        Rule::EOI
        | Rule::offset_start
        | Rule::cap_start
        | Rule::declaration
        | Rule::contact_rule
        | Rule::rule_head
        | Rule::kw_use
        | Rule::kw_time
        | Rule::kw_week
        | Rule::kw_attribute
        | Rule::kw_event
        | Rule::kw_channel
        | Rule::kw_message
        | Rule::kw_calendar
        | Rule::kw_segment
        | Rule::kw_quiet
        | Rule::kw_contact
        | Rule::kw_hold
        | Rule::kw_rule
        | Rule::kw_test
        | Rule::kw_if
        | Rule::kw_on
        | Rule::kw_every
        | Rule::kw_cron => (9, "the next declaration"),
        _ => return None,
    })
}
