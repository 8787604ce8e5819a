//! What conditions ask about one value, and what may be answered of many users at once.

use super::{
    leaves::{LeafId, Leaves, Users},
    range::{May, Missing, Range},
};
use crate::{
    syntax::ast::Compare,
    time::{Length, Unit},
};

/// What a condition asks about one value. Of a missing one, all but [`Question::Known`] is false.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Question {
    /// Whether it is there.
    Known,
    /// Where its code lies.
    Within(Within),
    /// Where its code does not lie.
    Outside(Within),
    /// Whether its code is one of these.
    OneOf(Box<[i64]>),
    /// What no value is.
    Never,
    /// What only the interpreter can tell.
    NotKnown,
}

/// Whether a value that lies between two codes is within bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Within {
    /// It may be, if it reaches up to this one,
    from: i64,
    /// and down to this one.
    to: i64,
    /// It may not be, if it reaches below this one,
    surely_from: i64,
    /// or above this one.
    surely_to: i64,
}

impl Within {
    const fn between(least: i64, most: i64) -> Self {
        Self { from: least, to: most, surely_from: least, surely_to: most }
    }

    #[inline]
    const fn answer(self, least: i64, most: i64) -> May {
        May {
            hold: (most >= self.from) & (least <= self.to),
            fail: (least < self.surely_from) | (most > self.surely_to),
        }
    }
}

impl Question {
    /// Whether the code is between these, both included.
    pub(super) const fn between(least: i64, most: i64) -> Self {
        Self::Within(Within::between(least, most))
    }

    /// Whether the code compares so.
    pub(super) const fn compare(op: Compare, with: i64) -> Self {
        match op {
            Compare::Is => Self::between(with, with),
            Compare::IsNot => Self::Outside(Within::between(with, with)),
            Compare::AtLeast => Self::between(with, i64::MAX),
            Compare::Less => Self::Outside(Within::between(with, i64::MAX)),
            Compare::AtMost => Self::between(i64::MIN, with),
            Compare::Greater => Self::Outside(Within::between(i64::MIN, with)),
        }
    }

    /// Whether a number of complete units, of which the microseconds that went by are known, compares so with a number of
    /// millionths.
    pub(super) fn elapsed(op: Compare, unit: Unit, millionths: i64) -> Self {
        let below = millionths.div_euclid(1_000_000);
        let is_whole = millionths.rem_euclid(1_000_000) == 0;
        let long = |count| Length::of(count, unit).bounds();
        let above = below.saturating_add(1);
        // How long the least number of units is that is not less than the number, and the least that is greater.
        let not_less = long(if is_whole { below } else { above });
        let greater = long(above);
        let since = |(earliest, latest): (i64, i64)| Within {
            from: earliest,
            to: i64::MAX,
            surely_from: latest,
            surely_to: i64::MAX,
        };
        match op {
            Compare::AtLeast => Self::Within(since(not_less)),
            Compare::Less => Self::Outside(since(not_less)),
            Compare::Greater => Self::Within(since(greater)),
            Compare::AtMost => Self::Outside(since(greater)),
            Compare::Is if is_whole => Self::Within(Within {
                to: greater.1.saturating_sub(1),
                surely_to: greater.0.saturating_sub(1),
                ..since(not_less)
            }),
            Compare::Is => Self::Never,
            Compare::IsNot => Self::NotKnown,
        }
    }

    pub(super) fn answer(&self, range: Range) -> May {
        let Range { least, most, missing } = range;
        let may = match self {
            Self::Known => return May { hold: missing != Missing::Always, fail: missing != Missing::Never },
            _ if missing == Missing::Always => return May::surely(false),
            Self::Within(within) => within.answer(least, most),
            Self::Outside(within) => within.answer(least, most).not(),
            Self::OneOf(codes) if least == most => May::surely(codes.contains(&least)),
            Self::OneOf(codes) => {
                May { hold: codes.iter().any(|code| least <= *code && *code <= most), fail: true }
            }
            Self::Never => May::surely(false),
            Self::NotKnown => May::ANY,
        };
        May { fail: may.fail || missing == Missing::Maybe, ..may }
    }
}

/// A value of each of some users: where it lies throughout a span.
#[derive(Debug, Default)]
pub(super) struct Column {
    /// The bit of the user, and between what codes.
    values: Vec<(u64, i64, i64)>,
    /// All of the users.
    users: u64,
    /// Those for whom it is never there, and those for whom it may be missing.
    never: u64,
    maybe: u64,
}

impl Column {
    /// The value of the user of that bit.
    pub(super) fn push(&mut self, bit: u64, range: Range) {
        self.users |= bit;
        match range.missing {
            Missing::Never => {}
            Missing::Maybe => self.maybe |= bit,
            Missing::Always => self.never |= bit,
        }
        self.values.push((bit, range.least, range.most));
    }

    /// Answers the questions of all users who have a value here, and forgets them.
    pub(super) fn answer_all(&mut self, questions: &[(LeafId, Question)], leaves: &mut Leaves) {
        if self.users == 0 {
            return;
        }
        for (leaf, question) in questions {
            leaves.put(*leaf, self.users, self.answer(question));
        }
        self.values.clear();
        (self.users, self.never, self.maybe) = (0, 0, 0);
    }

    /// What [`Question::answer`] says of each of the users.
    fn answer(&self, question: &Question) -> Users {
        let found = match question {
            Question::Known => {
                return Users { hold: self.users & !self.never, fail: self.never | self.maybe };
            }
            Question::Within(within) => self.within(*within),
            Question::Outside(within) => self.within(*within).not(),
            Question::Never => Users { hold: 0, fail: self.users },
            Question::NotKnown => Users { hold: self.users, fail: self.users },
            Question::OneOf(_) => self.values.iter().fold(Users::default(), |all, (bit, least, most)| {
                let may = question.answer(Range::between(*least, *most));
                all.with(*bit, may)
            }),
        };
        Users { hold: found.hold & !self.never, fail: found.fail | self.never | self.maybe }
    }

    fn within(&self, within: Within) -> Users {
        self.values
            .iter()
            .fold(Users::default(), |all, (bit, least, most)| all.with(*bit, within.answer(*least, *most)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::cmp::Ordering;

    const OPS: [Compare; 6] =
        [Compare::Is, Compare::IsNot, Compare::Less, Compare::AtMost, Compare::Greater, Compare::AtLeast];

    fn stands(value: i64, op: Compare, with: i64) -> bool {
        let order = value.cmp(&with);
        match op {
            Compare::Is => order == Ordering::Equal,
            Compare::IsNot => order != Ordering::Equal,
            Compare::Less => order == Ordering::Less,
            Compare::AtMost => order != Ordering::Greater,
            Compare::Greater => order == Ordering::Greater,
            Compare::AtLeast => order != Ordering::Less,
        }
    }

    proptest! {
        #[test]
        fn a_comparison_may_be_what_it_is_of_some_value(
            least in -6i64..6, more in 0i64..6, op in prop::sample::select(OPS.to_vec()), with in -8i64..12,
        ) {
            let range = Range::between(least, least + more);
            let answers = || (least..=least + more).map(|value| stands(value, op, with));
            let may = Question::compare(op, with).answer(range);
            prop_assert_eq!(may, May { hold: answers().any(|holds| holds), fail: answers().any(|holds| !holds) });
        }
    }

    #[test]
    fn what_is_missing_compares_with_nothing() {
        for op in OPS.into_iter().filter(|op| *op != Compare::IsNot) {
            assert_eq!(Question::compare(op, 0).answer(Range::MISSING), May::surely(false));
        }
        assert_eq!(Question::Known.answer(Range::MISSING), May::surely(false));
        assert_eq!(Question::Known.answer(Range::exactly(3)), May::surely(true));
        assert_eq!(Question::compare(Compare::Is, 3).answer(Range::exactly(3).or_missing()), May::ANY);
    }

    #[test]
    fn many_are_answered_as_each_is() {
        let ranges = [
            Range::MISSING,
            Range::UNKNOWN,
            Range::exactly(3),
            Range::exactly(-2).or_missing(),
            Range::between(1, 5),
            Range::between(i64::MIN, 0),
        ];
        let mut questions = vec![Question::Known, Question::Never, Question::NotKnown];
        questions.push(Question::OneOf([3, 9].into()));
        questions.extend(
            OPS.into_iter().flat_map(|op| [0, 3, i64::MIN, i64::MAX].map(|with| Question::compare(op, with))),
        );
        questions.extend(OPS.map(|op| Question::elapsed(op, Unit::Day, 3_000_000)));
        let mut column = Column::default();
        ranges.iter().enumerate().for_each(|(user, range)| column.push(1 << user, *range));
        for question in questions {
            let all = column.answer(&question);
            for (user, range) in ranges.iter().enumerate() {
                let (bit, may) = (1 << user, question.answer(*range));
                assert_eq!(
                    (all.hold & bit != 0, all.fail & bit != 0),
                    (may.hold, may.fail),
                    "{question:?} {range:?}"
                );
            }
        }
    }
}
