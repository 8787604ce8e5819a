//! Rule sets of any size: twenty written by hand, the others drawn as a shop with many campaigns would have them.

mod draw;

/// Twenty rules of a shop, written by hand.
pub const TWENTY: &str = include_str!("../rules/twenty.touch");

/// A rule file of so many rules: the twenty, and drawn ones after them. Fewer than twenty are the first of them.
#[must_use]
pub fn rules(count: usize) -> String {
    if count <= 20 {
        return TWENTY.to_owned();
    }
    let mut draw = draw::Draw::new();
    let drawn: Vec<_> = (21..=count).map(|number| draw.rule(number)).collect();
    [TWENTY, "\n", draw::DECLARATIONS, "\n", &drawn.join("\n")].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_begin_alike() {
        let (small, large) = (rules(200), rules(2_000));
        assert!(large.starts_with(&small));
        assert_eq!(large.lines().filter(|line| line.starts_with("rule ")).count(), 2_000);
    }

    #[test]
    fn sets_compile_as_they_are() {
        for count in [20, 200] {
            if let Err(problems) = courtesy::Rules::compile(&rules(count)) {
                panic!("{problems}");
            }
        }
    }
}
