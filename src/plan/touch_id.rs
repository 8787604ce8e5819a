//! The stable identity of a touch.

use std::io::Write;

use xxhash_rust::xxh3::xxh3_128;

use super::outcome::TouchId;

/// XXH3-128 of rule, user, occurrence, step (from 1) and, where a step uses several, the channel, each followed by a
/// zero byte.
pub(super) fn touch_id(rule: &str, user: &str, key: &str, step: usize, channel: Option<&str>) -> TouchId {
    let mut bytes = Vec::with_capacity(rule.len() + user.len() + key.len() + 40);
    for text in [rule, user, key] {
        bytes.extend_from_slice(text.as_bytes());
        bytes.push(0);
    }
    // Writing to memory cannot fail.
    let _ = write!(bytes, "{step}\0");
    if let Some(channel) = channel {
        bytes.extend_from_slice(channel.as_bytes());
        bytes.push(0);
    }
    TouchId(xxh3_128(&bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_the_hash_of_its_parts_each_closed_by_a_zero_byte() {
        let id = |channel| touch_id("winback", "u1", "2026-03-01T00:00:00Z", 1, channel);
        let hash = |bytes| TouchId(xxhash_rust::xxh3::xxh3_128(bytes));
        assert_eq!(id(None), hash(b"winback\0u1\x002026-03-01T00:00:00Z\x001\0"));
        assert_eq!(id(Some("sms")), hash(b"winback\0u1\x002026-03-01T00:00:00Z\x001\0sms\0"));
        assert_eq!(id(None).to_string().len(), 32);
    }
}
