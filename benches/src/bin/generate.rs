//! Makes users and rules to measure with.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use clap::{Parser, Subcommand};
use courtesy_benches::{
    rules::rules,
    users::{Events, Json, Parquet, Shape, Tables, by_id},
};

/// Makes users and rules to measure with; the same seed makes the same bytes
#[derive(Parser)]
struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Users as JSON lines
    Users {
        #[command(flatten)]
        people: People,
        /// Keys, events and contacts in an order of their own for each user
        #[arg(long)]
        shuffled: bool,
        /// Where to; `-` is the standard output
        #[arg(long, default_value = "-")]
        out: PathBuf,
    },
    /// Users, events and contacts as CSV
    Tables {
        #[command(flatten)]
        people: People,
        /// The folder of `users.csv`, `events.csv` and `contacts.csv`
        #[arg(long)]
        out: PathBuf,
    },
    /// Users as Parquet: `nested.parquet`, with events and contacts within users, and the tables `users.parquet`, `events.parquet` and
    /// `contacts.parquet`; in the order of the user ids
    Parquet {
        #[command(flatten)]
        people: People,
        /// The folder of the files
        #[arg(long)]
        out: PathBuf,
    },
    /// A rule file
    Rules {
        /// How many rules
        #[arg(long, default_value_t = 20)]
        count: usize,
        /// Where to; `-` is the standard output
        #[arg(long, default_value = "-")]
        out: PathBuf,
    },
}

#[derive(clap::Args)]
struct People {
    /// How many users
    #[arg(long, default_value_t = 1000)]
    count: u64,
    /// The number of the first one, so that several processes can share the work
    #[arg(long, default_value_t = 0)]
    first: u64,
    /// Other users for another seed
    #[arg(long, default_value_t = 2026)]
    seed: u64,
    /// How many events a user has on average
    #[arg(long, default_value_t = 12.0)]
    events: f64,
    /// Each user has so many events
    #[arg(long, conflicts_with = "events")]
    events_exactly: Option<u32>,
}

impl People {
    fn shape(&self) -> Shape {
        let events = self.events_exactly.map_or(Events::Around(self.events), Events::Exactly);
        Shape { seed: self.seed, events }
    }

    fn numbers(&self) -> std::ops::Range<u64> {
        self.first..self.first + self.count
    }
}

fn main() -> io::Result<()> {
    match Args::parse().what {
        What::Users { people, shuffled, out } => {
            let (shape, json, mut out) = (people.shape(), Json { shuffled }, open(&out)?);
            let mut line = Vec::new();
            for number in people.numbers() {
                line.clear();
                json.write(&shape.person(number), &mut line);
                out.write_all(&line)?;
            }
            out.flush()
        }
        What::Tables { people, out } => {
            fs::create_dir_all(&out)?;
            let table = |name: &str| open(&out.join(name));
            let mut tables = Tables::new(table("users.csv")?, table("events.csv")?, table("contacts.csv")?)?;
            let shape = people.shape();
            people.numbers().try_for_each(|number| tables.write(&shape.person(number)))?;
            tables.finish()
        }
        What::Parquet { people, out } => {
            fs::create_dir_all(&out)?;
            let (shape, mut files) = (people.shape(), Parquet::create(&out)?);
            by_id(people.numbers()).into_iter().try_for_each(|number| files.write(shape.person(number)))?;
            files.finish()
        }
        What::Rules { count, out } => {
            let mut out = open(&out)?;
            out.write_all(rules(count).as_bytes())?;
            out.flush()
        }
    }
}

fn open(path: &Path) -> io::Result<Box<dyn Write>> {
    if path == Path::new("-") {
        return Ok(Box::new(io::stdout().lock()));
    }
    Ok(Box::new(BufWriter::with_capacity(1 << 20, File::create(path)?)))
}
