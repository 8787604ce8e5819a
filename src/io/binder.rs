//! From records to users of one program.

#[cfg(feature = "parquet")]
use super::parquet::ColumnBinder;
use super::{Reject, UserRecord, quick::Quick};
use crate::{
    program::Program,
    snapshot::{Names, Slips, User, UserBuilder},
    time::Zone,
};

/// Makes [`User`]s of records, one after another in the same memory: use one a thread.
#[derive(Debug)]
pub struct Binder<'p> {
    builder: UserBuilder<'p>,
    quick: Quick<'p>,
    #[cfg(feature = "parquet")]
    columns: ColumnBinder,
}

impl<'p> Binder<'p> {
    /// One for users of that program; `names` are those of the program. Times without an offset are on the clocks of
    /// `times_in`, else on each user's own.
    #[must_use]
    pub fn new(program: &'p Program, names: &'p Names, times_in: Option<Zone>) -> Self {
        let mut builder = UserBuilder::new(program, names);
        if let Some(zone) = times_in {
            builder.times_in(zone);
        }
        Self {
            builder,
            quick: Quick::new(program, names),
            #[cfg(feature = "parquet")]
            columns: ColumnBinder::default(),
        }
    }

    /// Makes the user, to be had from [`Binder::user`]. Says how many events and contacts were given twice, and dropped.
    ///
    /// # Errors
    ///
    /// [`Reject`] for the first thing that is wrong with the user or with one of their rows.
    pub fn bind(&mut self, record: &UserRecord) -> Result<usize, Reject> {
        let quick = record.line().and_then(|line| self.quick.read(&mut self.builder, line));
        if let Some(duplicates) = quick {
            return Ok(duplicates);
        }
        #[cfg(feature = "parquet")]
        if let Some(duplicates) = record.bind_columns(&mut self.columns, &mut self.builder) {
            return Ok(duplicates);
        }
        record.bind(&mut self.builder)
    }

    /// The user who was made last, to be kept. `spare` is one that is of no use any more, and lends its memory.
    pub fn take_user(&mut self, spare: Option<User>) -> User {
        self.builder.take_user(spare)
    }

    /// Names in the records that look like slips, as [`UserBuilder::take_slips`] has it.
    pub fn take_slips(&mut self) -> Option<Slips> {
        self.builder.take_slips()
    }

    /// The user who was made last.
    #[must_use]
    pub fn user(&self) -> &User {
        self.builder.user()
    }
}
