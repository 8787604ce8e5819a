//! What `courtesy plan` writes besides the rejects: the touches, and what is withheld.

use std::path::Path;

#[cfg(feature = "parquet")]
use courtesy::io::ParquetSchedule;
use courtesy::io::{Format as Machine, OutFile, TouchTable};

use super::{
    Failure, Screen,
    outputs::must_have_no_ending,
    plan::{Args, Format, Outcome},
    rejects::Rejects,
};

/// What is written besides the rejects, each until whoever reads it has enough.
pub(super) struct Written {
    pub(super) sink: Option<Sink>,
    pub(super) withheld: Option<Withheld>,
}

impl Written {
    pub(super) fn add(&mut self, outcome: &Outcome) -> Result<(), Failure> {
        if let Some(withheld) = &mut self.withheld
            && unless_closed(withheld.add(outcome))?.is_none()
        {
            self.withheld = None;
        }
        if let Some(sink) = &mut self.sink
            && unless_closed(sink.add(outcome))?.is_none()
        {
            self.sink = None;
        }
        Ok(())
    }

    /// Whether nobody reads any of it any more.
    pub(super) const fn is_closed(&self) -> bool {
        self.sink.is_none() && self.withheld.is_none()
    }

    /// Ends it all; the rejects are on the disk then. Each can still fail before any is there. Says whether the touches were
    /// read to their end, and gives the text that is to be compared, if that was asked for.
    pub(super) fn finish(
        mut self,
        rejects: &mut Rejects,
        screen: Screen,
    ) -> Result<(bool, Option<String>), Failure> {
        if let Some(withheld) = &mut self.withheld
            && unless_closed(withheld.flush())?.is_none()
        {
            self.withheld = None;
        }
        rejects.flush()?;
        let golden = match self.sink.map(|sink| sink.finish(screen)) {
            Some(finished) => unless_closed(finished)?,
            None => None,
        };
        if let Some(withheld) = self.withheld {
            withheld.finish()?;
        }
        Ok((golden.is_some(), golden.flatten()))
    }
}

/// What was written; none if nobody reads it any more.
fn unless_closed<T>(written: Result<T, Failure>) -> Result<Option<T>, Failure> {
    match written {
        Err(failure) if failure.is_closed() => Ok(None),
        written => written.map(Some),
    }
}

/// Where touches go.
pub(super) enum Sink {
    Table(TouchTable, OutFile),
    Text(OutFile),
    Machine(Machine, OutFile),
    #[cfg(feature = "parquet")]
    Parquet(Box<ParquetSchedule>),
    Golden(String),
}

pub(super) fn sink(args: &Args, format: Format) -> Result<Sink, Failure> {
    if args.golden.snapshot.is_some() {
        return Ok(Sink::Golden(String::new()));
    }
    let mut out = OutFile::create(&args.out)?;
    let machine = match format {
        Format::Table => return Ok(Sink::Table(TouchTable::default(), out)),
        Format::Text => return Ok(Sink::Text(out)),
        Format::Jsonl => Machine::JsonLines,
        Format::Csv => Machine::Csv,
        #[cfg(feature = "parquet")]
        Format::Parquet => return Ok(Sink::Parquet(Box::new(ParquetSchedule::touches(out)?))),
    };
    out.write(machine.touches_header().as_bytes())?;
    Ok(Sink::Machine(machine, out))
}

impl Sink {
    fn add(&mut self, outcome: &Outcome) -> Result<(), Failure> {
        match self {
            Self::Table(table, _) => table.add(&outcome.plan),
            Self::Text(out) => out.write(outcome.plan.to_string().as_bytes())?,
            Self::Machine(_, out) => out.write(outcome.touches.as_bytes())?,
            #[cfg(feature = "parquet")]
            Self::Parquet(out) => out.add(&outcome.plan)?,
            Self::Golden(text) => text.push_str(&outcome.plan.to_string()),
        }
        Ok(())
    }

    /// Ends the file; gives the text that is to be compared, if that was asked for.
    fn finish(self, screen: Screen) -> Result<Option<String>, Failure> {
        match self {
            Self::Golden(text) => return Ok(Some(text)),
            Self::Text(out) | Self::Machine(_, out) => out.finish()?,
            #[cfg(feature = "parquet")]
            Self::Parquet(mut out) => {
                out.flush()?;
                out.finish()?;
            }
            Self::Table(table, mut out) => {
                out.write(table.to_text(screen.width()).as_bytes())?;
                out.finish()?;
                if table.left_out() > 0 {
                    screen.note(format_args!(
                        "{} more touches are left out here; `--format csv` has all of them",
                        table.left_out()
                    ));
                }
            }
        }
        Ok(None)
    }
}

/// The file of what was withheld.
pub(super) enum Withheld {
    Machine(Machine, OutFile),
    #[cfg(feature = "parquet")]
    Parquet(Box<ParquetSchedule>),
}

impl Withheld {
    pub(super) fn create(path: &Path) -> Result<Self, Failure> {
        let format = match Format::of(path) {
            #[cfg(feature = "parquet")]
            Some(Format::Parquet) => {
                return Ok(Self::Parquet(Box::new(ParquetSchedule::withheld(OutFile::create(path)?)?)));
            }
            Some(Format::Csv) => Machine::Csv,
            Some(_) => Machine::JsonLines,
            None => {
                must_have_no_ending(path, "use")?;
                Machine::JsonLines
            }
        };
        let mut out = OutFile::create(path)?;
        out.write(format.withheld_header().as_bytes())?;
        Ok(Self::Machine(format, out))
    }

    /// How threads are to write it, if they can.
    pub(super) fn format(&self) -> Option<Machine> {
        match self {
            Self::Machine(format, _) => Some(*format),
            #[cfg(feature = "parquet")]
            Self::Parquet(_) => None,
        }
    }

    fn add(&mut self, outcome: &Outcome) -> Result<(), Failure> {
        match self {
            Self::Machine(_, out) => out.write(outcome.withheld.as_bytes())?,
            #[cfg(feature = "parquet")]
            Self::Parquet(out) => out.add(&outcome.plan)?,
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Failure> {
        match self {
            Self::Machine(_, out) => out.flush()?,
            #[cfg(feature = "parquet")]
            Self::Parquet(out) => out.flush()?,
        }
        Ok(())
    }

    fn finish(self) -> Result<(), Failure> {
        match self {
            Self::Machine(_, out) => out.finish()?,
            #[cfg(feature = "parquet")]
            Self::Parquet(out) => out.finish()?,
        }
        Ok(())
    }
}
