//! The registry of codes: stable, never reused.

use std::fmt;

use super::Severity;

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $severity:ident $number:literal,)+) => {
        /// A stable code. A code is never given another meaning.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Code {
            /// Every code, in order of number.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// How severe what it stands for is.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)+ }
            }

            /// Its number.
            #[must_use]
            pub const fn number(self) -> u16 {
                match self { $(Self::$name => $number,)+ }
            }
        }
    };
}

// 1xx: reading. 2xx: names. 3xx: types and units. 4xx: rules that contradict themselves. 5xx: files and calendars.
// 7xx: warnings.
codes! {
    /// The text is not what may stand here.
    Syntax = Error 101,
    /// A character that rule files do not hold, such as a control character.
    BadCharacter = Error 102,
    /// The source is too long.
    TooLong = Error 103,
    /// Parentheses, `not` or arithmetic nested too deeply.
    TooDeep = Error 104,
    /// A text whose closing quote is missing.
    UnclosedText = Error 105,
    /// An operator of another language: `==`, `&&`, `!`.
    ForeignOperator = Error 106,
    /// Quotes other than the straight double ones.
    WrongQuotes = Error 107,
    /// Full-width punctuation.
    FullWidth = Error 108,
    /// A comment of another language: `//`, `/* */`, `--`.
    ForeignComment = Error 109,
    /// Punctuation that rule files do without: semicolons, braces.
    StrayPunctuation = Error 110,
    /// `then` is missing.
    MissingThen = Error 111,
    /// A word of the language where a name must stand.
    ReservedWord = Error 112,
    /// A number that is not written as one, is too large, or is not whole where it must be.
    BadNumber = Error 113,
    /// A date that is not on the calendar, or is written in another way.
    BadDate = Error 114,
    /// A time that is not on the clock, or is written in another way.
    BadTime = Error 115,
    /// A length of time of zero, of a fraction, or in a unit that cannot be used here.
    BadPeriod = Error 116,
    /// A share that is not 0% to 100%.
    BadPercent = Error 117,
    /// Something that may be said once is said twice.
    SaidTwice = Error 118,
    /// A value where a condition must stand.
    NotACondition = Error 119,
    /// A condition where a value must stand.
    NotAValue = Error 120,
    /// A type that there is not.
    UnknownType = Error 121,
    /// Something that cannot be left out is missing.
    MissingPart = Error 122,
    /// A backslash before something that it cannot stand before.
    BadEscape = Error 123,
    /// A colon too many, or one too few.
    Colon = Error 124,
    /// Channels joined in a way that does not say how they are meant.
    Channels = Error 125,
    /// A word of another language: `else`, `null`, `never`.
    ForeignWord = Error 126,
    /// A language that is not written as one.
    BadLanguage = Error 127,
    /// A name in quotes with nothing between them.
    EmptyName = Error 128,
    /// Reading was given up after many errors.
    TooManyErrors = Error 129,
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letter = match self.severity() {
            Severity::Error => 'E',
            Severity::Warning => 'W',
        };
        write!(f, "{letter}{:03}", self.number())
    }
}
