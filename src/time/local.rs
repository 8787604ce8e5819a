//! Times as people read them.

use std::fmt;

use super::{DateTime, Instant, Zone};

/// An instant on the clocks of a zone.
pub(crate) struct Local<'a>(pub(crate) &'a Zone, pub(crate) Instant);

impl fmt::Display for Local<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.1 {
            at @ (Instant::MIN | Instant::MAX) => write!(f, "{at}"),
            at => Civil(self.0.civil(at)).fmt(f),
        }
    }
}

/// A civil time with no more digits than it needs.
pub(crate) struct Civil(pub(crate) DateTime);

impl fmt::Display for Civil {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (date, time) = (self.0.date(), self.0.time());
        write!(f, "{date} {:02}:{:02}", time.hour(), time.minute())?;
        match (time.second(), time.subsec_nanosecond()) {
            (0, 0) => Ok(()),
            (second, 0) => write!(f, ":{second:02}"),
            (second, nanos) => write!(f, ":{second:02}.{:06}", nanos / 1_000),
        }
    }
}
