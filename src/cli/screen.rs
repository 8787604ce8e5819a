//! What the command says: results on standard output, remarks and errors on standard error.

use std::{
    fmt,
    io::{self, IsTerminal, Write},
    path::Path,
    sync::LazyLock,
};

use clap::ColorChoice;
use courtesy::io::OutFile;

use super::Exit;

/// The command's version and that of its time zone database.
pub(crate) fn version() -> &'static str {
    static TEXT: LazyLock<String> = LazyLock::new(|| {
        let zones = courtesy::time::tzdb_version();
        format!("{} (time zone database {zones})", env!("CARGO_PKG_VERSION"))
    });
    &TEXT
}

/// What stopped a verb.
#[derive(Debug)]
pub(crate) struct Failure {
    /// What is wrong: no capital, no final period.
    pub(crate) message: String,
    /// How to mend it.
    pub(crate) help: Option<String>,
    /// How the command ends.
    pub(crate) exit: Exit,
}

impl Failure {
    /// It was called in a wrong way, or a file could not be read or written.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None, exit: Exit::Usage }
    }

    /// The rules or the tests have a problem.
    pub(crate) fn problem(message: impl Into<String>) -> Self {
        Self { exit: Exit::Problems, ..Self::usage(message) }
    }

    /// Whoever read the output has enough of it: the command ends in silence, and well.
    pub(crate) fn closed() -> Self {
        Self { message: String::new(), help: None, exit: Exit::Fine }
    }

    /// Whether it is no more than that.
    pub(crate) fn is_closed(&self) -> bool {
        self.message.is_empty() && self.exit == Exit::Fine
    }

    /// With the mend.
    pub(crate) fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }
}

/// Standard output and standard error, and whether each shows colours.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Screen {
    /// Whether results are shown in colours.
    pub(crate) colour: bool,
    /// Whether remarks and errors are.
    pub(crate) colour_of_notes: bool,
}

impl Screen {
    /// As the user chose; by itself, colours go to terminals only, and never where `NO_COLOR` is set.
    pub(crate) fn new(choice: ColorChoice) -> Self {
        let wanted = |is_terminal: bool| match choice {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => is_terminal && std::env::var_os("NO_COLOR").is_none_or(|set| set.is_empty()),
        };
        Self {
            colour: wanted(io::stdout().is_terminal()),
            colour_of_notes: wanted(io::stderr().is_terminal()),
        }
    }

    /// Prints a result on standard output, with a line break at the end.
    ///
    /// Who reads it may stop reading (`courtesy … | head`): then the command ends at once and in silence.
    pub(crate) fn print(self, result: impl fmt::Display) -> Result<(), Failure> {
        self.print_exactly(&format!("{result}\n"))
    }

    /// Prints a result as it is.
    pub(crate) fn print_exactly(self, result: &str) -> Result<(), Failure> {
        let mut out = OutFile::create(Path::new("-"))?;
        out.write(result.as_bytes())?;
        Ok(out.finish()?)
    }

    /// How many columns results may take, if they go to a terminal.
    pub(crate) fn width(self) -> Option<u16> {
        terminal_size::terminal_size_of(io::stdout()).map(|(terminal_size::Width(columns), _)| columns)
    }

    /// Prints a remark on standard error, with a line break at the end.
    pub(crate) fn note(self, remark: impl fmt::Display) {
        // Nobody is left to be told when this fails.
        let _ = writeln!(io::stderr().lock(), "{remark}");
    }

    /// Prints what stopped the command, and gives how it ends.
    pub(crate) fn fail(self, failure: &Failure) -> Exit {
        if failure.message.is_empty() {
            return failure.exit;
        }
        let paint = Paint(self.colour_of_notes);
        self.note(format_args!("{}: {}", paint.bad("error"), visible(&failure.message)));
        if let Some(help) = &failure.help {
            self.note(format_args!("{}: {}", paint.hint("help"), visible(help)));
        }
        failure.exit
    }
}

/// The text with all but its line breaks written out that cannot be seen, or turns round what follows: what people give
/// as a word or as the name of a file must not steer a terminal.
pub(crate) fn visible(text: &str) -> String {
    let is_hidden = |c: char| {
        c.is_control() && c != '\n'
            || matches!(c, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
    };
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_hidden(c) { shown.extend(c.escape_default()) } else { shown.push(c) }
    }
    shown
}

/// Colours, or none.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Paint(pub(crate) bool);

impl Paint {
    fn with(self, code: &str, text: impl fmt::Display) -> String {
        if self.0 { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_string() }
    }

    /// All is well.
    pub(crate) fn good(self, text: impl fmt::Display) -> String {
        self.with("1;32", text)
    }

    /// A line that comes in.
    pub(crate) fn added(self, text: impl fmt::Display) -> String {
        self.with("32", text)
    }

    /// A line that goes out.
    pub(crate) fn removed(self, text: impl fmt::Display) -> String {
        self.with("31", text)
    }

    /// Something wrong.
    pub(crate) fn bad(self, text: impl fmt::Display) -> String {
        self.with("1;31", text)
    }

    /// How to mend it.
    pub(crate) fn hint(self, text: impl fmt::Display) -> String {
        self.with("1;36", text)
    }
}
