//! The twenty rules of `rules/twenty.touch` written by hand, twice, to compare with: *plain*, as a good engineer writes them for this one
//! rule set, and *limit*, the fastest that we know to write. Both decide the same as Courtesy and write the same file.
//!
//! What both share is what follows once it is known which rules are due for a user: the caps, the quiet hours and the file.

mod civil;
mod clock;
mod due;
pub mod limit;
mod pipeline;
mod placing;
pub mod plain;
mod rules;
mod search;
mod spells;
mod touch;

pub use pipeline::{Counts, Work, run};

/// Days from now on that are planned.
const HORIZON_DAYS: i64 = 7;

#[cfg(test)]
mod tests {
    use super::{
        Work,
        limit::{Limit, run_over_parquet},
        plain::Plain,
    };
    use crate::users::{Json, Parquet, Shape, by_id};

    fn rows<W: Work>(lines: &str) -> (String, u64, u64) {
        let (mut work, mut out) = (W::default(), Vec::new());
        work.lines(lines.as_bytes(), &mut out);
        let counts = work.counts();
        (String::from_utf8(out).unwrap(), counts.users, counts.rejected)
    }

    fn lines(shuffled: bool) -> String {
        let mut lines = Vec::new();
        (0..3_000).for_each(|number| Json { shuffled }.write(&Shape::default().person(number), &mut lines));
        String::from_utf8(lines).unwrap()
    }

    #[test]
    fn both_decide_the_same_whatever_the_order_of_keys() {
        let expected = rows::<Plain>(&lines(false));
        assert!(expected.0.lines().count() > 1_000);
        assert_eq!(rows::<Limit>(&lines(false)), expected);
        assert_eq!(rows::<Plain>(&lines(true)), expected);
        assert_eq!(rows::<Limit>(&lines(true)), expected);
    }

    #[test]
    fn parquet_comes_to_the_same_on_any_number_of_threads() {
        let folder = tempfile::tempdir().unwrap();
        // More than one row group.
        let numbers = by_id(0..20_000);
        let mut files = Parquet::create(folder.path()).unwrap();
        let mut lines = Vec::new();
        for number in numbers {
            let person = Shape::default().person(number);
            Json::default().write(&person, &mut lines);
            files.write(person).unwrap();
        }
        files.finish().unwrap();
        let (expected, users, _) = rows::<Limit>(std::str::from_utf8(&lines).unwrap());
        for threads in [1, 2] {
            let out = folder.path().join("touches.csv");
            let counts = run_over_parquet(&folder.path().join("nested.parquet"), &out, threads).unwrap();
            let schedule = std::fs::read_to_string(out).unwrap();
            assert_eq!((counts.users, counts.rejected), (users, 0));
            assert!(schedule.split_once('\n').unwrap().1 == expected);
        }
    }

    #[test]
    fn what_is_out_of_the_ordinary_is_read_too() {
        let odd: String = lines(false)
            .lines()
            .enumerate()
            .map(|(number, line)| match number % 4 {
                0 => line.replacen("{\"id\":\"", "{ \"id\" : \"\\u0041", 1) + "\n",
                1 => line.replace(",\"", ", \"") + "\n",
                2 => line.replacen("\"events\":", "\"extra\":{\"a\":[\"}\",{}]},\"events\":", 1) + "\n",
                _ => line.replacen("\"events\":[", "\"events\":[7,", 1) + "\n",
            })
            .collect();
        let expected = rows::<Plain>(&odd);
        assert_eq!((expected.1, expected.2), (2_250, 750));
        assert_eq!(rows::<Limit>(&odd), expected);
    }
}
