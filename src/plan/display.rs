//! A plan as people read it, and as snapshot tests pin it.

use std::fmt;

use super::outcome::{Blocker, Candidate, Payload, Plan, Touch, Withheld};
use crate::time::{Civil, Instant, Local, Zone};

/// Since when something is due, on the user's clock.
struct Due<'a>(&'a Zone, Instant);

impl fmt::Display for Due<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.1 {
            Instant::MIN => f.write_str("always due"),
            at => write!(f, "due {}", Local(self.0, at)),
        }
    }
}

impl fmt::Display for Plan {
    /// Local times, each touch and each withheld one with everything that stood in its way.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let zone = Zone::named(&self.zone).unwrap_or(const { Zone::utc() });
        let (from, to) = (Local(&zone, self.now), Local(&zone, self.end));
        writeln!(f, "{} from {from} to {to} {}", self.user, self.zone)?;
        for touch in &self.touches {
            write_touch(f, touch, &zone)?;
        }
        for withheld in &self.withheld {
            write_withheld(f, withheld, &zone)?;
        }
        if self.touches.is_empty() && self.withheld.is_empty() {
            writeln!(f, "  nothing")?;
        }
        Ok(())
    }
}

fn write_name(f: &mut fmt::Formatter<'_>, candidate: &Candidate) -> fmt::Result {
    let message = if candidate.message.is_empty() { "nothing" } else { &candidate.message };
    write!(f, "{}.{}: {message}", candidate.rule, candidate.step)
}

fn write_touch(f: &mut fmt::Formatter<'_>, touch: &Touch, zone: &Zone) -> fmt::Result {
    write!(f, "  {} ", Civil(touch.local))?;
    write_name(f, &touch.candidate)?;
    write!(f, " via {}", touch.channel)?;
    if let Some(language) = &touch.language {
        write!(f, " in {language}")?;
    }
    for (index, (key, value)) in touch.with.iter().enumerate() {
        write!(f, "{}{key} {value}", if index == 0 { " with " } else { ", " })?;
    }
    writeln!(f)?;
    if !touch.moved_by.is_empty() {
        writeln!(f, "    {}, moved by", Due(zone, touch.candidate.due))?;
        write_blockers(f, &touch.moved_by, zone)?;
    }
    Ok(())
}

fn write_withheld(f: &mut fmt::Formatter<'_>, withheld: &Withheld, zone: &Zone) -> fmt::Result {
    f.write_str("  withheld ")?;
    write_name(f, &withheld.candidate)?;
    write!(f, ", {}", Due(zone, withheld.candidate.due))?;
    if let Some(at) = withheld.could_go_at {
        write!(f, ", could go {}", Local(zone, at))?;
    }
    writeln!(f, ", because of")?;
    write_blockers(f, &withheld.reasons, zone)
}

fn write_blockers(f: &mut fmt::Formatter<'_>, blockers: &[Blocker], zone: &Zone) -> fmt::Result {
    for blocker in blockers {
        write!(f, "      {}", blocker.reason)?;
        if let Some(channel) = &blocker.channel {
            write!(f, " on {channel}")?;
        }
        write!(f, " from {}", Local(zone, blocker.from))?;
        if let Some(until) = blocker.until {
            write!(f, " to {}", Local(zone, until))?;
        }
        if !blocker.rule_text.is_empty() {
            write!(f, " [{}]", blocker.rule_text)?;
        }
        writeln!(f)?;
        for contact in &blocker.contacts {
            write!(f, "        {}", Local(zone, contact.at))?;
            if let Some(message) = &contact.message {
                write!(f, " {message}")?;
            }
            if let Some(channel) = &contact.channel {
                write!(f, " via {channel}")?;
            }
            writeln!(f, "{}", if contact.planned { ", planned" } else { "" })?;
        }
    }
    Ok(())
}

impl fmt::Display for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("missing"),
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => write!(f, "\"{text}\""),
            Self::Date(date) => date.fmt(f),
            Self::Instant(at) => at.fmt(f),
            Self::YesNo(yes) => f.write_str(if *yes { "yes" } else { "no" }),
            Self::List(texts) => {
                for (index, text) in texts.iter().enumerate() {
                    write!(f, "{}\"{text}\"", if index == 0 { "" } else { ", " })?;
                }
                Ok(())
            }
        }
    }
}
