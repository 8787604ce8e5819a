//! The names in a line, and nothing else of it.

use std::borrow::Cow;

use super::{UserKey, scan::Scan, user_key};

/// The names in a line.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::io) struct LineNames<'a> {
    /// Those of attributes.
    pub(in crate::io) attributes: Vec<Cow<'a, str>>,
    /// Those where none of ours was expected.
    pub(in crate::io) unknown: Vec<Cow<'a, str>>,
}

/// The names in a usual line; `None` of any other.
pub(in crate::io) fn names(line: &[u8]) -> Option<LineNames<'_>> {
    let mut scan = Scan::new(line)?;
    let mut found = LineNames::default();
    scan.space();
    let mut more = scan.open(b'{', b'}')?;
    while more {
        let name = scan.key()?;
        let is_null = scan.peek() == Some(b'n');
        match user_key(&name) {
            UserKey::Attributes if !is_null => {
                let mut more = scan.open(b'{', b'}')?;
                while more {
                    found.attributes.push(scan.key()?);
                    scan.pass()?;
                    more = scan.goes_on(b'}')?;
                }
            }
            UserKey::Consent | UserKey::Addresses if !is_null && scan.peek() != Some(b'{') => return None,
            UserKey::Events | UserKey::Contacts if !is_null && scan.peek() != Some(b'[') => return None,
            UserKey::Unknown => {
                found.unknown.push(name);
                scan.pass()?;
            }
            _ => scan.pass()?,
        }
        more = scan.goes_on(b'}')?;
    }
    scan.space();
    scan.rest().is_empty().then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_attributes_and_those_of_nobody() {
        let line = br#"{"id":"u", "attributes": {"a":1,"b c":{"x":[1]}, "\u0064":null},"events":[{"type":"x"}],"shoe_size":{"a":1},"consent":null}"#;
        let found = names(line).unwrap();
        assert_eq!(found.attributes, ["a", "b c", "d"]);
        assert_eq!(found.unknown, ["shoe_size"]);
        for line in ["", "{", "{\"events\":{}}", "{\"attributes\":[]}", "{\"id\":1} 2", "{\"id\":1e400}"] {
            assert_eq!(names(line.as_bytes()), None, "{line}");
        }
    }
}
