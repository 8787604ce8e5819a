//! Users and rules as files, made when they are missing.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use xxhash_rust::xxh3::xxh3_64;

use crate::{
    rules::rules,
    users::{Json, Parquet, Shape, Tables, by_id},
};

/// Where the files are.
#[derive(Debug)]
pub struct Data {
    /// Users as JSON lines.
    pub lines: PathBuf,
    /// The same with keys, events and contacts in an order of their own for each.
    pub shuffled: PathBuf,
    /// The folder of the three tables.
    pub tables: PathBuf,
    /// The folder of the same users as Parquet: nested, and as three tables.
    pub parquet: PathBuf,
    folder: PathBuf,
}

impl Data {
    /// Makes what is not there yet. What was made by another version of the generators is not taken for this one's.
    ///
    /// # Errors
    ///
    /// Those of writing.
    pub fn make(folder: &Path, users: u64) -> io::Result<Self> {
        let shape = Shape::default();
        // All forms in one order, so that their schedules can be compared byte for byte.
        let numbers = by_id(0..users);
        let mut sample = Vec::new();
        numbers.iter().take(50).for_each(|number| Json::default().write(&shape.person(*number), &mut sample));
        let version = xxh3_64(&sample) as u32;
        let folder = folder.join(format!("{users}-{version:08x}"));
        fs::create_dir_all(&folder)?;
        let data = Self {
            lines: folder.join("users.jsonl"),
            shuffled: folder.join("shuffled.jsonl"),
            tables: folder.join("tables"),
            parquet: folder.join("parquet"),
            folder,
        };
        for (path, shuffled) in [(&data.lines, false), (&data.shuffled, true)] {
            once(path, |path| {
                let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
                let (mut line, json) = (Vec::new(), Json { shuffled });
                for number in &numbers {
                    line.clear();
                    json.write(&shape.person(*number), &mut line);
                    out.write_all(&line)?;
                }
                out.flush()
            })?;
        }
        once_folder(&data.tables, |folder| {
            let table = |name: &str| -> io::Result<_> {
                Ok(BufWriter::with_capacity(1 << 20, File::create(folder.join(name))?))
            };
            let mut tables = Tables::new(table("users.csv")?, table("events.csv")?, table("contacts.csv")?)?;
            numbers.iter().try_for_each(|number| tables.write(&shape.person(*number)))?;
            tables.finish()
        })?;
        once_folder(&data.parquet, |folder| {
            let mut files = Parquet::create(folder)?;
            numbers.iter().try_for_each(|number| files.write(shape.person(*number)))?;
            files.finish()
        })?;
        for count in [20, 200, 2_000] {
            fs::write(data.rules(count), rules(count))?;
        }
        Ok(data)
    }

    /// The rule file of so many rules.
    #[must_use]
    pub fn rules(&self, count: usize) -> PathBuf {
        self.folder.join(format!("{count}.touch"))
    }

    /// A file that is written.
    #[must_use]
    pub fn output(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

/// Makes the files of a folder, all or none.
fn once_folder(path: &Path, make: impl FnOnce(&Path) -> io::Result<()>) -> io::Result<()> {
    once(path, |folder| {
        let _ = fs::remove_dir_all(folder);
        fs::create_dir_all(folder)?;
        make(folder)
    })
}

/// Makes a file or a folder, whole or not at all.
fn once(path: &Path, make: impl FnOnce(&Path) -> io::Result<()>) -> io::Result<()> {
    if path.exists() {
        return Ok(());
    }
    eprintln!("makes {}", path.display());
    let part = path.with_extension("part");
    make(&part)?;
    fs::rename(part, path)
}
