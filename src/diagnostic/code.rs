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
// 6xx: tests.
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
    /// A file that holds something else than rules.
    NotRules = Error 130,

    /// A name that nothing declares.
    UnknownName = Error 201,
    /// An event that is not declared, or a past form of none.
    UnknownEvent = Error 202,
    /// A field that the event does not have.
    UnknownField = Error 203,
    /// A channel that is not declared.
    UnknownChannel = Error 204,
    /// A message that is not declared, and looks like one that is.
    UnknownMessage = Error 205,
    /// A segment that is not declared.
    UnknownSegment = Error 206,
    /// A calendar that is not declared.
    UnknownCalendar = Error 207,
    /// A festival that the calendar does not have.
    UnknownFestival = Error 208,
    /// Something to count that is neither an event nor a kind of contact.
    UnknownSubject = Error 209,
    /// A value that a `one of` type does not list.
    UnknownValue = Error 210,
    /// A time zone that there is not.
    UnknownZone = Error 211,
    /// A name that means two things.
    AmbiguousName = Error 212,
    /// A name that is declared twice.
    DuplicateName = Error 213,
    /// A name that the language keeps for itself.
    ReservedName = Error 214,
    /// Segments that refer to each other in a circle.
    SegmentCycle = Error 215,

    /// Values of different types that are compared.
    TypeMismatch = Error 301,
    /// Something else where a number must stand.
    NotANumber = Error 302,
    /// An order asked of values that have none.
    NoOrder = Error 303,
    /// Lengths of time in different units.
    UnitMismatch = Error 304,
    /// A unit on a number that is compared with a plain one.
    UnitOnNumber = Error 305,
    /// Uses of an undeclared name that disagree on what it holds.
    UsesDisagree = Error 306,
    /// Something else where a date must stand.
    NotAMoment = Error 307,
    /// An attribute that is not yes or no, alone where a condition must stand.
    NotYesNo = Error 308,
    /// A percentage with more than two decimals.
    PercentTooFine = Error 309,
    /// A filter that looks beyond its event.
    BeyondFilter = Error 310,

    /// `again after` on a rule that does not need it.
    AgainNeedsIf = Error 401,
    /// A time of day on a rule that has its own.
    TimeConflict = Error 402,
    /// A limit of 0.
    LimitZero = Error 403,
    /// Hours that end when they begin.
    EmptyHours = Error 404,
    /// Dates of which the last comes before the first.
    LifeOver = Error 405,
    /// Shares that add up to more than everybody.
    SharesTooMuch = Error 406,
    /// One thing that gets two shares.
    SharedTwice = Error 407,
    /// A cron line that cannot be used.
    CronLine = Error 408,
    /// Segments within segments, too deep.
    ChainTooLong = Error 409,
    /// A limit on how often a rule begins, where later steps send what its first one sends.
    UnclearBeginnings = Error 410,

    /// A file that cannot be read.
    FileNotFound = Error 501,
    /// A file that is not a calendar.
    BadCalendar = Error 502,
    /// Files used together that disagree on the zone or the week.
    SettingsDiffer = Error 503,

    /// A test does not say when it takes place.
    TestWithoutAt = Error 601,
    /// A test names what the rules do not know.
    TestUnknownName = Error 602,
    /// A test gives a value that the rules cannot read.
    TestValue = Error 603,
    /// A test gives something that happens after its `at`.
    TestAfterNow = Error 604,
    /// A test expects nothing and something, or neither.
    TestContradiction = Error 605,
    /// `no order in 30 days` includes those who never ordered.
    NeverHappened = Warning 701,
    /// A rule by events without a deadline.
    NoDeadline = Warning 702,
    /// A cap that another makes pointless.
    CapNeverBinds = Warning 703,
    /// Conditions that can never hold together.
    Contradiction = Warning 704,
    /// A rule or a step that can never go.
    NeverGoes = Warning 705,
    /// A deadline shorter than the quiet hours that may hold the touch.
    ShortDeadline = Warning 706,
    /// A channel that no rule uses.
    UnusedChannel = Warning 707,
    /// No time zone for users who have none.
    NoZone = Warning 708,
    /// A time of day within quiet hours.
    TimeInQuietHours = Warning 709,
    /// Shares that leave somebody without.
    SharesTooLittle = Warning 710,
    /// A segment that nothing refers to.
    UnusedSegment = Warning 711,
    /// A message that is sent but not declared.
    UndeclaredMessage = Warning 712,
    /// A condition or a share that is always the same.
    PlainOutcome = Warning 713,
    /// Rules without a name that would have the name of another.
    CalledAlike = Warning 714,
    /// A value that the data at hand do not have.
    UnseenValue = Warning 715,
    /// A name that nothing declares, and that is nearly one that is declared.
    LikelySlip = Warning 716,
    /// A channel that is never open.
    ClosedForGood = Warning 717,
    /// A division by 0.
    DividedByZero = Warning 718,
    /// A time of day outside the times between which the step may go.
    TimeOutsideBetween = Warning 719,
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
