//! What people call things: plurals, past forms, and what they probably meant.

/// The name that is probably meant by `written`, if one is near enough.
///
/// Distances are counted in letters, not bytes, so that names of any script are treated alike.
pub(super) fn nearest<'n>(written: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let folded = written.to_lowercase();
    let letters = folded.chars().count();
    let allowed = (letters / 3).max(usize::from(letters > 1));
    names
        .into_iter()
        .filter_map(|name| {
            if look_alike(written, name) {
                return Some((0, name));
            }
            // Distance is at least the difference in length, which is cheap to tell.
            let is_close = name.chars().count().abs_diff(letters) <= allowed;
            is_close.then(|| (strsim::osa_distance(&folded, &name.to_lowercase()), name))
        })
        .filter(|(distance, name)| *distance <= allowed && *distance < name.chars().count().max(1))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// Whether two names look the same on a screen although their characters differ: `é` is one character, or an `e` and an
/// accent that is put on it.
pub(super) fn look_alike(one: &str, other: &str) -> bool {
    if one.is_ascii() || other.is_ascii() {
        return false;
    }
    let (one, other) = (letters(one), letters(other));
    let is_accented = |letter: &(char, bool)| letter.1 || !letter.0.is_ascii();
    let alike =
        |(a, b): (&(char, bool), &(char, bool))| a == b || (a.1 != b.1 && is_accented(a) && is_accented(b));
    one.len() == other.len() && one != other && one.iter().zip(&other).all(alike)
}

/// The letters of a name, and whether an accent is put on each.
fn letters(name: &str) -> Vec<(char, bool)> {
    let mut letters: Vec<(char, bool)> = Vec::new();
    for c in name.chars() {
        match letters.last_mut() {
            Some((_, accented)) if ('\u{300}'..='\u{36F}').contains(&c) => *accented = true,
            _ => letters.push((c, false)),
        }
    }
    letters
}

/// Whether `written` is surely `meant` with a letter or two amiss, rather than another name of the same kind: not its
/// plural, and not one of those that are told apart by a number.
pub(super) fn is_slip(written: &str, meant: &str) -> bool {
    let (written, meant) = (written.to_lowercase(), meant.to_lowercase());
    let letters = written.chars().count();
    let allowed = if letters > 5 { 2 } else { 1 };
    let without_digits = |name: &str| name.chars().filter(|c| !c.is_numeric()).collect::<String>();
    let is_plural = |one: &str, of: &str| singulars(one).iter().any(|form| form == of);
    letters > 2
        && letters.abs_diff(meant.chars().count()) <= allowed
        && strsim::osa_distance(&written, &meant) <= allowed
        && (written == meant || without_digits(&written) != without_digits(&meant))
        && !is_plural(&written, &meant)
        && !is_plural(&meant, &written)
}

/// `a`, `b` and `c`, at most eight, for a help.
pub(super) fn listed<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    const MOST: usize = 8;
    let mut shown: Vec<String> = Vec::new();
    let mut more = 0usize;
    for name in names {
        if shown.len() < MOST {
            shown.push(format!("`{name}`"));
        } else {
            more += 1;
        }
    }
    if more > 0 {
        return format!("{} and {more} more", shown.join(", "));
    }
    match shown.pop() {
        Some(last) if !shown.is_empty() => format!("{} and {last}", shown.join(", ")),
        Some(only) => only,
        None => String::new(),
    }
}

/// The name as a file would spell it: quoted unless it is a plain word.
pub(super) fn spelled(name: &str) -> String {
    let plain = name.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    if plain { name.to_owned() } else { format!("\"{name}\"") }
}

/// `an order`, `a visit`.
pub(super) fn with_article(phrase: &str) -> String {
    let vowel = phrase.chars().next().is_some_and(|c| "aeiouAEIOU".contains(c));
    format!("{} {phrase}", if vowel { "an" } else { "a" })
}

/// Source text on one line: comments left out, white space folded.
pub(super) fn one_line(source: &str) -> String {
    let mut kept = String::with_capacity(source.len());
    let (mut quoted, mut comment, mut escaped) = (false, false, false);
    for c in source.chars() {
        match c {
            '\n' | '\r' => (quoted, comment) = (false, false),
            _ if comment => continue,
            '"' if !escaped => quoted = !quoted,
            '#' if !quoted => {
                comment = true;
                continue;
            }
            _ => {}
        }
        escaped = quoted && c == '\\' && !escaped;
        kept.push(c);
    }
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `two things`.
pub(super) fn things(count: usize) -> String {
    format!("{} things", number(count))
}

/// A small number in words.
pub(super) fn number(count: usize) -> &'static str {
    match count {
        2 => "two",
        3 => "three",
        4 => "four",
        _ => "several",
    }
}

/// What `written` may be the plural of.
pub(super) fn singulars(written: &str) -> Vec<String> {
    let mut forms = Vec::new();
    if let Some(stem) = written.strip_suffix("ies") {
        forms.push(format!("{stem}y"));
    }
    if let Some(stem) = written.strip_suffix("es") {
        forms.push(stem.to_owned());
    }
    if let Some(stem) = written.strip_suffix('s') {
        forms.push(stem.to_owned());
    }
    forms.retain(|form| !form.is_empty());
    forms
}

/// The one singular that is likeliest, for a name that nothing else explains.
pub(super) fn likely_singular(written: &str) -> String {
    let ends = |suffix: &str| written.ends_with(suffix);
    if let Some(stem) = written.strip_suffix("ies").filter(|stem| stem.chars().count() > 1) {
        return format!("{stem}y");
    }
    if ends("sses") || ends("shes") || ends("ches") || ends("xes") {
        return written.strip_suffix("es").unwrap_or(written).to_owned();
    }
    match written.strip_suffix('s') {
        Some(stem) if !stem.is_empty() && !ends("ss") && !ends("us") && !ends("is") => stem.to_owned(),
        _ => written.to_owned(),
    }
}

/// How a help would speak of several of an event: as declared, else by the regular plural, which [`singulars`] leads back.
pub(super) fn plural_of(name: &str, declared: Option<&str>) -> String {
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    let stem = name.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'o', 'u']));
    spelled(&match (declared, stem) {
        (Some(plural), _) => plural.to_owned(),
        (None, Some(stem)) => format!("{stem}ies"),
        (None, None) if !name.is_ascii() => name.to_owned(),
        (None, None) if ends(&["s", "x", "ch", "sh"]) => format!("{name}es"),
        (None, None) => format!("{name}s"),
    })
}

/// What may stand for an event's past: the ways of regular verbs, and the name itself.
pub(super) fn past_forms(name: &str) -> Vec<String> {
    let mut forms = vec![name.to_owned(), format!("{name}ed")];
    if name.ends_with('e') {
        forms.push(format!("{name}d"));
    }
    if let Some(stem) = name.strip_suffix('y') {
        forms.push(format!("{stem}ied"));
    }
    if let Some(last) = name.chars().last() {
        forms.push(format!("{name}{last}ed"));
    }
    forms
}

/// The event that a past form is likeliest of, for one that nothing else explains.
pub(super) fn likely_present(written: &str) -> String {
    if let Some(stem) = written.strip_suffix("ied") {
        return format!("{stem}y");
    }
    let Some(stem) = written.strip_suffix("ed").filter(|stem| stem.chars().count() > 1) else {
        return written.to_owned();
    };
    let mut ends = stem.chars().rev();
    match (ends.next(), ends.next()) {
        (Some(last), Some(before)) if last == before && !"aeioulsz".contains(last) => {
            stem.strip_suffix(last).unwrap_or(stem).to_owned()
        }
        (Some('s' | 'c' | 'v' | 'g' | 'z' | 'u'), _) | (Some('t'), Some('a')) => format!("{stem}e"),
        _ => stem.to_owned(),
    }
}

/// How a help would say that an event happened, before the word `before`: as declared, else by the event's own name.
/// Nothing is made up: events are called by nouns as often as by verbs, and `complainted` is no word.
pub(super) fn past_of(name: &str, declared: Option<&str>) -> String {
    match declared {
        Some(past) => spelled(past),
        None if name == "order" => "ordered".to_owned(),
        None => spelled(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_found_in_any_script_and_far_ones_are_not() {
        let names = ["tier", "points", "birthday", "会员等级"];
        assert_eq!(nearest("teir", names), Some("tier"));
        assert_eq!(nearest("Birthday", names), Some("birthday"));
        assert_eq!(nearest("会员等及", names), Some("会员等级"));
        assert_eq!(nearest("amount", names), None);
        assert_eq!(nearest("x", ["y"]), None);
    }

    #[test]
    fn names_that_look_the_same_are_found_out() {
        assert!(look_alike("caf\u{e9}", "cafe\u{301}") && look_alike("\u{e9}t\u{e9}", "\u{e9}te\u{301}"));
        for (one, other) in
            [("cafe", "caf\u{e9}"), ("cafe", "cafe\u{301}"), ("caf\u{e9}", "caf\u{e9}"), ("a", "b")]
        {
            assert!(!look_alike(one, other), "{one} {other}");
        }
    }

    #[test]
    fn slips_are_told_from_other_names() {
        for (written, meant) in
            [("vpi", "vip"), ("Vip", "vip"), ("lapsd", "lapsed"), ("promotoin", "promotion")]
        {
            assert!(is_slip(written, meant), "{written}");
        }
        for (written, meant) in
            [("order", "orders"), ("order", "offer"), ("a1", "a2"), ("order_1", "order_2"), ("ab", "ac")]
        {
            assert!(!is_slip(written, meant), "{written}");
        }
    }

    #[test]
    fn past_forms_of_regular_verbs_are_understood() {
        for (past, name) in [
            ("ordered", "order"),
            ("purchased", "purchase"),
            ("applied", "apply"),
            ("shipped", "ship"),
            ("entry", "entry"),
        ] {
            assert!(past_forms(name).contains(&past.to_owned()), "{past}");
            assert_eq!(likely_present(past), name, "{past}");
        }
        assert!(!past_forms("buy").contains(&"bought".to_owned()));
        assert_eq!(past_of("order", None), "ordered");
        assert_eq!(past_of("complaint", None), "complaint");
        assert_eq!(past_of("app visit", None), "\"app visit\"");
        assert_eq!(past_of("buy", Some("bought")), "bought");
    }

    #[test]
    fn plurals_lead_back() {
        for (plural, name) in
            [("orders", "order"), ("entries", "entry"), ("touches", "touch"), ("bus", "bus")]
        {
            assert_eq!(likely_singular(plural), name);
        }
        for (name, plural) in
            [("order", "orders"), ("entry", "entries"), ("touch", "touches"), ("订单", "订单")]
        {
            assert_eq!(plural_of(name, None), plural);
        }
        assert_eq!(plural_of("app visit", None), "\"app visits\"");
        assert_eq!(plural_of("entry", Some("entrances")), "entrances");
        assert!(singulars("boxes").contains(&"box".to_owned()));
    }

    #[test]
    fn source_text_fits_on_one_line() {
        let source = "at most 3 touches # all of them\n  in 7 days, 5 if name is \"a # \\\" b\" # \"gold\"\n";
        assert_eq!(one_line(source), "at most 3 touches in 7 days, 5 if name is \"a # \\\" b\"");
    }

    #[test]
    fn lists_read_like_a_sentence() {
        assert_eq!(listed(["a"]), "`a`");
        assert_eq!(listed(["a", "b", "c"]), "`a`, `b` and `c`");
        assert_eq!(listed(["a"; 10]), "`a`, `a`, `a`, `a`, `a`, `a`, `a`, `a` and 2 more");
    }
}
