//! Many users at once, as they stand in the files.

use std::sync::Arc;

use super::{
    UserRecord,
    error::Place,
    file::{LONGEST, LineBlock},
};

/// Many users at once, as they stand in the files.
#[derive(Default)]
pub(crate) struct Block {
    /// Users who were looked at one by one.
    pub(super) records: Vec<UserRecord>,
    /// Users of a line each.
    pub(super) lines: LineBlock,
    /// What the file of the lines is called.
    pub(super) source: Option<Arc<str>>,
}

impl Block {
    pub(super) fn records(&mut self) -> Records<'_> {
        let place = self.source.clone().map(|source| Place::line(&source, 0));
        Records { block: self, next: 0, at: 0, line: place.map(UserRecord::empty) }
    }
}

/// The users of a block, one after another.
pub struct Records<'b> {
    block: &'b mut Block,
    /// The next of the records.
    next: usize,
    /// Where the next line is.
    at: usize,
    /// The line that was looked at last.
    line: Option<UserRecord>,
}

impl Records<'_> {
    /// The next user; `None` at the end.
    #[expect(clippy::should_implement_trait, reason = "what it gives is gone when the next is asked for")]
    pub fn next(&mut self) -> Option<&UserRecord> {
        if self.next < self.block.records.len() {
            self.next += 1;
            return self.block.records.get(self.next - 1);
        }
        let record = self.line.as_mut()?;
        let (number, line) = self.block.lines.next(&mut self.at)?;
        record.refill(number, (line.len() <= LONGEST).then_some(line));
        Some(record)
    }
}
