//! A story as people read it.

use std::fmt;

use super::{Finding, Joint, RuleStory, Story, reasons::Told, words::moment};
use crate::time::{Instant, Zone};

impl fmt::Display for Story {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (now, end) = (moment(&self.zone, self.now), moment(&self.zone, self.end));
        writeln!(f, "User {} on {now}, planned until {end} (times of {})", self.user, self.zone.name())?;
        for hold_out in &self.hold_outs {
            writeln!(f, "  {hold_out}")?;
        }
        for rule in &self.rules {
            writeln!(f)?;
            self.rule(f, rule)?;
        }
        Ok(())
    }
}

impl Story {
    fn rule(&self, f: &mut fmt::Formatter<'_>, rule: &RuleStory) -> fmt::Result {
        match &rule.title {
            Some(title) => writeln!(f, "{}: {title}", rule.name)?,
            None => writeln!(f, "{}", rule.name)?,
        }
        for sentence in &rule.state {
            writeln!(f, "  {sentence}")?;
        }
        if let Some(condition) = &rule.condition {
            finding(f, condition, &self.zone, 2)?;
        }
        if let Some(outlook) = &rule.outlook {
            writeln!(f, "  {outlook}")?;
        }
        for (heading, list) in
            [("Planned:", &rule.planned), ("Withheld:", &rule.withheld), ("Sent before:", &rule.sent)]
        {
            if !list.is_empty() {
                writeln!(f, "  {heading}")?;
            }
            for one in list {
                told(f, one, &self.zone, heading == "Withheld:")?;
            }
        }
        if rule.planned.is_empty() && rule.withheld.is_empty() {
            writeln!(f, "  Nothing is planned.")?;
        }
        Ok(())
    }
}

fn told(f: &mut fmt::Formatter<'_>, told: &Told, zone: &Zone, is_due: bool) -> fmt::Result {
    let at = moment(zone, told.at);
    if is_due && told.at == Instant::MIN {
        writeln!(f, "    {}", told.what)?;
    } else if is_due {
        writeln!(f, "    {}, due {at}", told.what)?;
    } else {
        writeln!(f, "    {at}  {}", told.what)?;
    }
    told.because.iter().try_for_each(|because| writeln!(f, "      {because}"))
}

fn finding(f: &mut fmt::Formatter<'_>, found: &Finding, zone: &Zone, indent: usize) -> fmt::Result {
    let mark = if found.holds { '✓' } else { '✗' };
    write!(f, "{:indent$}{mark} ", "")?;
    let joint = match found.joint {
        Joint::None => "",
        Joint::All => "all of:",
        Joint::Any => "any of:",
        Joint::Not => "not:",
    };
    match found.joint {
        Joint::None => write!(f, "{}", found.text)?,
        // `not lapsed` says more than `not`.
        Joint::Not if found.text.len() <= 40 => write!(f, "{}:", found.text)?,
        _ if found.is_segment => write!(f, "{}, {joint}", found.text)?,
        _ => write!(f, "{joint}")?,
    }
    if !found.fact.is_empty() {
        write!(f, " · {}", found.fact)?;
    }
    if let (Joint::None, Some(at)) = (found.joint, found.changes_at) {
        let word = if found.holds { "until" } else { "holds from" };
        write!(f, " · {word} {}", moment(zone, at))?;
    }
    if let (Joint::None, Some(at)) = (found.joint, found.followed_to) {
        let at = moment(zone, at);
        if found.holds {
            write!(f, " · until {at} at least")?;
        } else {
            write!(f, " · not before {at}")?;
        }
    }
    writeln!(f)?;
    found.parts.iter().try_for_each(|part| finding(f, part, zone, indent + 2))
}
