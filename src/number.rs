//! Decimal numbers with six places: exact sums, the same on every machine.

use std::{fmt, str::FromStr};

use thiserror::Error;

/// A decimal number with six places. What is read lies between -9 and 9 million million; what is reckoned goes to about 9.2.
///
/// Sums and differences are exact; products and quotients are rounded to six places, halves away from zero.
/// There is no infinity and no not-a-number: what does not fit is [`None`].
///
/// ```
/// use courtesy::number::Number;
/// let sum = "0.1".parse::<Number>()?.plus("0.2".parse()?);
/// assert_eq!(sum, Some("0.3".parse()?));
/// # Ok::<(), courtesy::number::ParseNumberError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Number(i64);

/// Text that is not a number Courtesy can hold.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ParseNumberError {
    /// It is not a decimal number.
    #[error("`{0}` is not a number")]
    NotANumber(String),
    /// It is too large.
    #[error("`{0}` is too large: numbers go to 9,000,000,000,000")]
    TooLarge(String),
}

impl Number {
    const SCALE: i64 = 1_000_000;
    const PLACES: usize = 6;
    /// The largest that is read, in millionths. What is reckoned may be a little larger.
    const LARGEST: i64 = 9_000_000_000_000 * Self::SCALE;
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// The number that is this many millionths.
    #[must_use]
    pub const fn from_millionths(millionths: i64) -> Self {
        Self(millionths)
    }

    /// How many millionths it is.
    #[must_use]
    pub const fn millionths(self) -> i64 {
        self.0
    }

    /// As [`Number::from_millionths`]; `None` if it is larger than what is read.
    #[must_use]
    pub(crate) const fn read(millionths: i64) -> Option<Self> {
        let fits = -Self::LARGEST <= millionths && millionths <= Self::LARGEST;
        if fits { Some(Self(millionths)) } else { None }
    }

    /// A whole number; `None` if it is too large.
    #[must_use]
    pub const fn whole(n: i64) -> Option<Self> {
        match n.checked_mul(Self::SCALE) {
            Some(scaled) => Self::read(scaled),
            None => None,
        }
    }

    /// The sum.
    #[must_use]
    pub fn plus(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The difference.
    #[must_use]
    pub fn minus(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// The product, rounded.
    #[must_use]
    pub fn times(self, other: Self) -> Option<Self> {
        let product = i128::from(self.0) * i128::from(other.0);
        rounded(product, i128::from(Self::SCALE))
    }

    /// The quotient, rounded; `None` if `other` is 0.
    #[must_use]
    pub fn over(self, other: Self) -> Option<Self> {
        let scaled = i128::from(self.0) * i128::from(Self::SCALE);
        rounded(scaled, i128::from(other.0))
    }

    /// The mean of `count` numbers whose millionths add up to `total`, rounded; `None` of no numbers.
    #[must_use]
    pub fn mean(total: i128, count: u64) -> Option<Self> {
        rounded(total, i128::from(count))
    }

    /// The negative.
    #[must_use]
    pub fn negated(self) -> Option<Self> {
        self.0.checked_neg().map(Self)
    }

    /// The nearest number to a floating-point one; `None` if it is too large or not a number.
    #[must_use]
    pub fn from_f64(value: f64) -> Option<Self> {
        // What is nearest to so few digits has no shorter decimal form.
        let millionths = (value * 1e6).round();
        if millionths.abs() < 1e15 && millionths / 1e6 == value {
            return Some(Self(millionths as i64));
        }
        // Through its shortest decimal form, so that 0.1 is a tenth.
        if value.is_finite() && value.abs() < 9.3e12 { format!("{value}").parse().ok() } else { None }
    }
}

/// Rounds a quotient to a number, halves away from zero.
fn rounded(numerator: i128, denominator: i128) -> Option<Number> {
    if denominator == 0 {
        return None;
    }
    let (quotient, remainder) = (numerator / denominator, numerator % denominator);
    let up = remainder.unsigned_abs() * 2 >= denominator.unsigned_abs();
    let away = if (numerator < 0) == (denominator < 0) { 1 } else { -1 };
    i64::try_from(if up { quotient + away } else { quotient }).ok().map(Number)
}

impl FromStr for Number {
    type Err = ParseNumberError;

    /// Reads `-12.5` or `1e3`; digits past the sixth place are rounded.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(millionths) = plain(text.as_bytes()) {
            return Ok(Self(millionths));
        }
        let wrong = || ParseNumberError::NotANumber(text.into());
        let large = || ParseNumberError::TooLarge(text.into());
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().map_err(|_| wrong())?),
            None => (text, 0),
        };
        let (negative, digits) = match mantissa.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, mantissa.strip_prefix('+').unwrap_or(mantissa)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.len() + fraction.len() == 0
            || !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit())
        {
            return Err(wrong());
        }
        // The digits as one whole number, then the point is moved to the sixth place.
        let mut value: i128 = 0;
        let mut shift = exponent.saturating_add(i32::try_from(Self::PLACES).unwrap_or(6));
        for digit in whole.bytes().map(|b| (b, false)).chain(fraction.bytes().map(|b| (b, true))) {
            if value < 10i128.pow(30) {
                value = value * 10 + i128::from(digit.0 - b'0');
                shift = shift.saturating_sub(i32::from(digit.1));
            } else if !digit.1 {
                shift = shift.saturating_add(1);
            }
        }
        while shift > 0 && value != 0 {
            value = value.checked_mul(10).filter(|v| *v < 10i128.pow(31)).ok_or_else(large)?;
            shift -= 1;
        }
        let scaled = match u32::try_from(shift.saturating_neg()) {
            Ok(0) | Err(_) => i64::try_from(value).ok(),
            Ok(places) if places > 31 => Some(0),
            Ok(places) => rounded(value, 10i128.pow(places)).map(|n| n.0),
        };
        let scaled = scaled.filter(|scaled| *scaled <= Self::LARGEST).ok_or_else(large)?;
        Ok(Self(if negative { -scaled } else { scaled }))
    }
}

/// Reads nearly all numbers there are, such as `-12.50`: up to twelve digits, a point and six more.
fn plain(text: &[u8]) -> Option<i64> {
    const POWERS: [i64; 7] = [1_000_000, 100_000, 10_000, 1_000, 100, 10, 1];
    let (is_negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, text),
    };
    let mut value = 0;
    let mut places = None;
    let mut whole = 0;
    for byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit < 10 {
            match &mut places {
                Some(places) if *places < Number::PLACES => *places += 1,
                None if whole < 12 => whole += 1,
                _ => return None,
            }
            value = value * 10 + i64::from(digit);
        } else if *byte == b'.' && places.is_none() && whole > 0 {
            places = Some(0);
        } else {
            return None;
        }
    }
    let power = POWERS.get(places.unwrap_or(0)).filter(|_| whole > 0)?;
    let millionths = value * power;
    Some(if is_negative { -millionths } else { millionths })
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let magnitude = self.0.unsigned_abs();
        let (whole, fraction) =
            (magnitude / Self::SCALE.unsigned_abs(), magnitude % Self::SCALE.unsigned_abs());
        let sign = if self.0 < 0 { "-" } else { "" };
        if fraction == 0 {
            return write!(f, "{sign}{whole}");
        }
        let places = format!("{fraction:06}");
        write!(f, "{sign}{whole}.{}", places.trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn number(text: &str) -> Number {
        text.parse().unwrap()
    }

    #[test]
    fn reads_and_writes_decimals() {
        for (text, written) in [
            ("0", "0"),
            ("-0.5", "-0.5"),
            ("1e3", "1000"),
            ("1.5E-3", "0.0015"),
            ("0.0000005", "0.000001"),
            ("0.0000004", "0"),
            ("9000000000000", "9000000000000"),
            ("-9000000000000.0", "-9000000000000"),
            ("0.1234564999999999999999999999999999999999999999", "0.123456"),
            ("999999999999.9999994", "999999999999.999999"),
        ] {
            assert_eq!(number(text).to_string(), written, "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_number() {
        for text in ["", "-", ".", "1.2.3", "NaN", "inf", "1e", "0x10", "1 000"] {
            assert!(matches!(text.parse::<Number>(), Err(ParseNumberError::NotANumber(_))), "{text}");
        }
        for text in [
            "1e13",
            "9000000000000.000001",
            "-9000000000001",
            "9.1e12",
            "99999999999999999999999999999999999999999999",
            "1e2147483647",
        ] {
            assert!(matches!(text.parse::<Number>(), Err(ParseNumberError::TooLarge(_))), "{text}");
        }
    }

    #[test]
    fn rounds_halves_away_from_zero_and_divides_by_zero_into_nothing() {
        assert_eq!(number("1").over(number("3")), Some(number("0.333333")));
        assert_eq!(number("2").over(number("3")), Some(number("0.666667")));
        assert_eq!(number("-2").over(number("3")), Some(number("-0.666667")));
        assert_eq!(number("1").over(Number::ZERO), None);
        assert_eq!(Number::from_f64(0.1), Some(number("0.1")));
        assert_eq!(Number::from_f64(f64::NAN), None);
        assert_eq!((Number::from_f64(9.1e12), Number::whole(9_000_000_000_001)), (None, None));
    }

    proptest! {
        #[test]
        fn the_usual_numbers_are_read_as_any_other(text in "-?[0-9]{0,13}(\\.[0-9]{0,7})?") {
            if let Some(millionths) = plain(text.as_bytes()) {
                // With an exponent the long way is taken.
                prop_assert_eq!(Ok(Number(millionths)), format!("{text}e0").parse());
            }
        }

        #[test]
        fn floats_are_read_as_they_are_written(millionths in -2_000_000_000_000_000_i64..2_000_000_000_000_000, any in any::<f64>()) {
            for value in [millionths as f64 / 1e6, any] {
                prop_assert_eq!(Number::from_f64(value), format!("{value}").parse().ok());
            }
        }

        #[test]
        fn what_is_written_reads_back(millionths in -Number::LARGEST..=Number::LARGEST) {
            let number = Number::from_millionths(millionths);
            prop_assert_eq!(number.to_string().parse::<Number>(), Ok(number));
        }
    }
}
