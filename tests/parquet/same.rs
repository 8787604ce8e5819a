//! The same users in JSON lines, CSV tables, one Parquet file and three of them.

use std::{fs, path::Path};

use courtesy::{
    check::{self, Compiled, Loaded, Loader},
    io::{Binder, DataFile, DataFiles, UserReader},
    plan::{Horizon, Planner},
    snapshot::{Names, Slips},
    time::Instant,
};
use proptest::prelude::*;

use crate::{
    people::{NOW, people},
    style::style,
    texts::{json, write_csv},
};

const RULES: &str = r#"
time zone "UTC"
attribute tier: text
attribute points: number
attribute birthday: date
attribute vip: yes or no
attribute tags: list of text
attribute seen_at: date and time
event order: amount number, category text
event visit
channel push
channel sms needs consent
message coupon: promo
message news: promo, care
at most 1 touch per day
at most 2 promo in 7 days
rule winback
  if order in 90 days and no order in 20 days and total order amount in 90 days > 100 then send coupon via sms or push
rule big if last order amount > 300 or most common order category is "neu" then send news via push
rule seen if days since seen_at > 30 and vip then send news
rule tagged if tags contains "tea" and points > 200 then send coupon with p points, t tier, b birthday
rule yearly on birthday then send news
rule monthly on visit within 20 days if tier is gold then send coupon
"#;

struct Nothing;

impl Loader for Nothing {
    fn load(&self, path: &str, _: &str) -> Result<Loaded, String> {
        Err(format!("there is no {path}"))
    }
}

pub fn compiled() -> Compiled {
    check::compile(vec![("rules.touch".into(), RULES.into())], &Nothing, None)
        .unwrap_or_else(|found| panic!("{}", found.to_text(false)))
}

pub fn file(path: &Path) -> DataFile {
    DataFile { path: path.into(), ..DataFile::default() }
}

/// Everything that is planned and rejected, and what is said of rows of nobody and of names that look like slips.
pub fn plans(compiled: &Compiled, files: &DataFiles) -> Result<String, courtesy::io::FileError> {
    let program = &compiled.program;
    let names = Names::new(program);
    let mut reader = UserReader::open(files)?;
    let mut binder = Binder::new(program, &names, None);
    for record in reader.look_ahead(5)? {
        // Looking at users first changes nothing.
        let _ = binder.bind(record);
    }
    reader.read_only(program, &names)?;
    let mut planner = Planner::new(program);
    let mut out = String::new();
    while let Some(record) = reader.next_user()? {
        match binder.bind(&record) {
            Ok(duplicates) => {
                let plan = planner.plan(binder.user(), Instant::from_micros(NOW * 1000), Horizon::days(30));
                out.push_str(&format!("{plan}{duplicates}\n"));
            }
            Err(reject) => out.push_str(&format!("{:?}: {}\n", reject.user, reject.reason)),
        }
    }
    reader.left_over().for_each(|remark| out.push_str(&remark));
    binder.take_slips().iter().flat_map(Slips::remarks).for_each(|remark| out.push_str(&remark));
    Ok(out)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_same_users_give_the_same_plans(people in people(), style in style()) {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        let lines: String = people.iter().map(json).collect();
        fs::write(at("users.jsonl"), lines).unwrap();
        write_csv(&people, dir.path());
        style.write_nested(&people, dir.path());
        style.write_tables(&people, dir.path());
        let one = |name: &str| DataFiles { users: file(&at(name)), ..DataFiles::default() };
        let three = |end: &str| DataFiles {
            users: file(&at(&format!("users.{end}"))),
            events: vec![file(&at(&format!("events.{end}")))],
            contacts: vec![file(&at(&format!("contacts.{end}")))],
        };
        let rules = compiled();
        let expected = plans(&rules, &one("users.jsonl")).unwrap();
        let plan = |files: &DataFiles| plans(&rules, files).unwrap();
        prop_assert_eq!(&plan(&three("csv")), &expected, "CSV");
        prop_assert_eq!(&plan(&one("nested.parquet")), &expected, "nested");
        prop_assert_eq!(&plan(&three("parquet")), &expected, "tables");
        let mixed = DataFiles { events: three("parquet").events, ..three("csv") };
        prop_assert_eq!(&plan(&mixed), &expected, "CSV and Parquet");
        let mixed = DataFiles { contacts: three("csv").contacts, ..three("parquet") };
        prop_assert_eq!(&plan(&mixed), &expected, "Parquet and CSV");
    }
}
