//! The language that a message is sent in.

use std::sync::Arc;

/// RFC 4647 lookup: the language that fits the user's locale best, the first if none does.
///
/// The locale is shortened from the end until a language equals it, in any case; single letters, which begin
/// extensions, go with what follows them. Underscores are read as hyphens.
pub(super) fn lookup(languages: &[Arc<str>], locale: Option<&str>) -> Option<Arc<str>> {
    // Most messages have one language, of which nothing is said.
    languages.first()?;
    let wanted = locale.unwrap_or_default().replace('_', "-");
    let mut range = wanted.as_str();
    while !range.is_empty() {
        if let Some(found) = languages.iter().find(|tag| tag.replace('_', "-").eq_ignore_ascii_case(range)) {
            return Some(found.clone());
        }
        range = range.rsplit_once('-').map_or("", |(rest, _)| rest);
        if let Some((rest, last)) = range.rsplit_once('-')
            && last.len() == 1
        {
            range = rest;
        }
    }
    languages.first().cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shortens_the_locale_until_a_language_fits() {
        let tags: Vec<Arc<str>> = ["en", "zh-HK", "zh", "zh-Hant", "pt-BR"].map(Arc::from).into();
        let found = |locale| lookup(&tags, locale).unwrap().to_string();
        for (locale, language) in [
            ("zh-HK", "zh-HK"),
            ("ZH_hk", "zh-HK"),
            ("zh-Hant-CN-x-private", "zh-Hant"),
            ("zh-CN", "zh"),
            ("pt", "en"),
            ("pt-BR-u-co-phonebk", "pt-BR"),
            ("de", "en"),
            ("", "en"),
        ] {
            assert_eq!(found(Some(locale)), language, "{locale}");
        }
        assert_eq!(found(None), "en");
        assert_eq!(lookup(&[], Some("en")), None);
    }
}
