//! Which columns of a table mean what: `user=household_id,at=at_utc,type=:order`.

use std::str::FromStr;

use super::FileError;

/// Which columns of a table mean what, as the user says. What is not said is found by name.
///
/// `name=column` reads a name from a column, `name=:text` gives every row the same text. A column with a comma in its
/// name is quoted: `"name=a,b"`.
///
/// ```
/// use courtesy::io::Columns;
/// let columns: Columns = "user=household_id,at=at_utc,type=:order".parse()?;
/// assert_eq!(columns.len(), 3);
/// # Ok::<(), courtesy::io::FileError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Columns {
    entries: Vec<(String, ColumnSource)>,
}

/// Where a value of a row comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ColumnSource {
    /// The column of that name.
    Column(String),
    /// The same for every row.
    Constant(String),
}

impl Columns {
    /// How many names it speaks of.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether everything is to be found by name.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(crate) fn get(&self, name: &str) -> Option<&ColumnSource> {
        self.entries.iter().find(|(known, _)| known == name).map(|(_, source)| source)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &ColumnSource)> {
        self.entries.iter().map(|(name, source)| (name.as_str(), source))
    }
}

impl FromStr for Columns {
    type Err = FileError;

    fn from_str(text: &str) -> Result<Self, FileError> {
        let wrong = |part: &str| {
            FileError::new(format!("`{part}` does not say which column is meant"))
                .help("write name=column, or name=:text for the same text in every row, with commas between")
        };
        let mut entries: Vec<(String, ColumnSource)> = Vec::new();
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        for record in reader.records() {
            let record = record.map_err(|_| wrong(text))?;
            for part in record.iter().map(str::trim).filter(|part| !part.is_empty()) {
                let (name, source) = part.split_once('=').ok_or_else(|| wrong(part))?;
                let (name, source) = (name.trim(), source.trim());
                let source = match source.strip_prefix(':') {
                    Some(text) => ColumnSource::Constant(text.into()),
                    None => ColumnSource::Column(source.into()),
                };
                if name.is_empty() || source == ColumnSource::Column(String::new()) {
                    return Err(wrong(part));
                }
                if entries.iter().any(|(known, _)| known == name) {
                    return Err(FileError::new(format!("`{name}` is given two columns")).help("give it one"));
                }
                entries.push((name.into(), source));
            }
        }
        Ok(Self { entries })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_people_write() {
        let columns: Columns = " user = household id , type=:order,\"note=a,b\",at=x=y,".parse().unwrap();
        assert_eq!(columns.get("user"), Some(&ColumnSource::Column("household id".into())));
        assert_eq!(columns.get("type"), Some(&ColumnSource::Constant("order".into())));
        assert_eq!(columns.get("note"), Some(&ColumnSource::Column("a,b".into())));
        assert_eq!(columns.get("at"), Some(&ColumnSource::Column("x=y".into())));
        assert!("".parse::<Columns>().unwrap().is_empty());
    }

    #[test]
    fn says_which_part_is_wrong() {
        for (text, problem) in [
            ("user", "`user` does not say which column is meant"),
            ("user=", "`user=` does not say which column is meant"),
            ("=x", "`=x` does not say which column is meant"),
            ("user=a,user=b", "`user` is given two columns"),
        ] {
            assert_eq!(text.parse::<Columns>().unwrap_err().problem, problem);
        }
    }
}
