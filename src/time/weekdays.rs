//! A set of weekdays.

use std::fmt;

use super::Weekday;

/// A set of weekdays, such as Monday to Friday. Iterates from Monday on.
///
/// ```
/// use courtesy::time::{Weekday, WeekdaySet};
/// let days: WeekdaySet = [Weekday::Thursday, Weekday::Monday].into_iter().collect();
/// assert_eq!(days.to_string(), "monday, thursday");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct WeekdaySet(u8);

impl WeekdaySet {
    /// No day.
    pub const EMPTY: Self = Self(0);

    /// All seven days.
    #[must_use]
    pub const fn all() -> Self {
        Self(0b111_1111)
    }

    /// Monday to Friday.
    #[must_use]
    pub const fn weekdays() -> Self {
        Self(0b001_1111)
    }

    /// Saturday and Sunday.
    #[must_use]
    pub const fn weekend() -> Self {
        Self(0b110_0000)
    }

    const fn bit(day: Weekday) -> u8 {
        1 << day.to_monday_zero_offset()
    }

    /// Whether the day is one of them.
    #[must_use]
    pub const fn contains(self, day: Weekday) -> bool {
        self.0 & Self::bit(day) != 0
    }

    /// The set with that day too.
    #[must_use]
    pub const fn with(self, day: Weekday) -> Self {
        Self(self.0 | Self::bit(day))
    }

    /// Whether it holds no day.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many days it holds.
    #[must_use]
    pub const fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// The days, from Monday on.
    pub fn iter(self) -> impl Iterator<Item = Weekday> {
        Weekday::Monday.cycle_forward().take(7).filter(move |day| self.contains(*day))
    }
}

impl FromIterator<Weekday> for WeekdaySet {
    fn from_iter<I: IntoIterator<Item = Weekday>>(days: I) -> Self {
        days.into_iter().fold(Self::EMPTY, Self::with)
    }
}

/// A weekday's name, in small letters as rule files write it.
#[must_use]
pub const fn weekday_name(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "monday",
        Weekday::Tuesday => "tuesday",
        Weekday::Wednesday => "wednesday",
        Weekday::Thursday => "thursday",
        Weekday::Friday => "friday",
        Weekday::Saturday => "saturday",
        Weekday::Sunday => "sunday",
    }
}

/// The weekday of that name, as [`weekday_name`] has it.
pub(crate) fn weekday_named(name: &str) -> Option<Weekday> {
    WeekdaySet::all().iter().find(|day| weekday_name(*day) == name)
}

impl fmt::Display for WeekdaySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, day) in self.iter().enumerate() {
            write!(f, "{}{}", if at == 0 { "" } else { ", " }, weekday_name(day))?;
        }
        Ok(())
    }
}

impl fmt::Debug for WeekdaySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}
