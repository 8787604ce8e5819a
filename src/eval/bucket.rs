//! The bucket of a user under a salt: GrowthBook's hash, version 2.

/// The user's bucket under a salt, from 0 to 9,999: with `fnv` the 32-bit FNV-1a hash of UTF-8 bytes,
/// `fnv(decimal(fnv(salt + id))) mod 10000`.
///
/// ```
/// assert_eq!(courtesy::eval::bucket("seed", "a"), 505);
/// ```
#[must_use]
pub fn bucket(salt: &str, id: &str) -> u32 {
    let inner = salt.bytes().chain(id.bytes()).fold(FNV_START, fnv);
    // The decimal digits of a 32-bit number, most significant first, without writing them anywhere.
    let mut outer = FNV_START;
    let mut place = 1_000_000_000;
    while place > 0 {
        if inner >= place || place == 1 {
            // A digit: at most 9.
            outer = fnv(outer, b'0' + u8::try_from(inner / place % 10).unwrap_or(0));
        }
        place /= 10;
    }
    outer % 10_000
}

const FNV_START: u32 = 0x811c_9dc5;

fn fnv(hash: u32, byte: u8) -> u32 {
    (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    fn plain(salt: &str, id: &str) -> u32 {
        let hash = |text: &str| text.bytes().fold(FNV_START, fnv);
        hash(&hash(&format!("{salt}{id}")).to_string()) % 10_000
    }

    #[test]
    fn agrees_with_published_vectors() {
        for (salt, id, bucket_of) in
            [("seed", "a", 505), ("seed", "b", 2696), ("foo", "ab", 2575), ("foo", "def", 2019)]
        {
            assert_eq!(bucket(salt, id), bucket_of, "{salt} {id}");
        }
    }

    #[test]
    fn agrees_with_all_of_growthbooks_vectors() {
        let named = std::env::var_os("COURTESY_SHARED").map(PathBuf::from);
        let is_named = named.is_some();
        let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
        let folder = named.unwrap_or_else(beside);
        let Ok(text) = std::fs::read_to_string(folder.join("oracles/growthbook_hash.json")) else {
            assert!(!is_named, "no growthbook_hash.json in {}", folder.display());
            println!("skipped: no growthbook_hash.json in {}", folder.display());
            return;
        };
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        let mut seen = 0;
        for row in json["hash"].as_array().unwrap().iter().filter(|row| row[2] == 2) {
            let n = f64::from(bucket(row[0].as_str().unwrap(), row[1].as_str().unwrap())) / 10_000.0;
            assert_eq!(Some(n), row[3].as_f64(), "{row}");
            seen += 1;
        }
        assert!(seen > 3, "{seen}");
    }

    proptest::proptest! {
        #[test]
        fn is_the_hash_of_the_written_hash(salt: String, id: String) {
            proptest::prop_assert_eq!(bucket(&salt, &id), plain(&salt, &id));
        }
    }
}
