//! Files with a rule that comes up more often than it may in one plan.

use std::fmt::Write;

use super::{Setting, clauses::declarations};

/// Nothing here looks at contacts, so that thousands of turns are soon over.
pub fn file(setting: &mut Setting) -> String {
    let mut text = declarations(setting);
    if setting.chance(50) {
        text += "quiet hours 22:00 to 06:00 for push\n";
    }
    let minutes = setting.dice.range(1, 3);
    // Around 2,000 turns, more often than not some more.
    setting.hours = Some(minutes * setting.dice.range(30, 45));
    let trigger = match setting.dice.range(0, 2) {
        0 => format!("cron \"*/{minutes} * * * *\""),
        1 => format!("every {minutes} minutes since signup_at"),
        _ => format!("every {minutes} minutes from {}", setting.today),
    };
    let _ = writeln!(text, "rule r0\n  {trigger}");
    if setting.chance(30) {
        let _ = writeln!(text, "  if {}", setting.condition());
    }
    let send = setting.pick(&["a", "d", "one of a 50%, b 40% as \"split\""]);
    let via = setting.pick(&["", " via push", " via sms or push", " via push and email"]);
    let _ = writeln!(text, "  then send {send}{via}\n  within {} minutes", setting.dice.range(5, 90));
    let blocked = setting.pick(&["drop", "stop", "wait"]);
    let _ = writeln!(text, "  if blocked {blocked}\n  ignoring caps");
    if setting.chance(50) {
        let _ = writeln!(text, "  at most {} times in 3 days", setting.dice.range(1, 40));
    }
    setting.rules = 2;
    let _ = writeln!(text, "rule r1\n  if {}\n  then send c", setting.condition());
    text
}
