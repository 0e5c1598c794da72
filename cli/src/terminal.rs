//! Standard output for data, standard error for everything that is said about it.

use std::io::{self, IsTerminal, Write as _};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use bluegate_core::render;
use bluegate_deploy::interrupt::Interrupt;
use clap::ValueEnum;

use crate::failure::{Failure, Stop};
use crate::render::Findings;

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set; with CLICOLOR_FORCE anywhere
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl Color {
    /// anstream takes any value of CLICOLOR_FORCE for a wish, and 0 is none.
    fn on(self, stream: &impl IsTerminal) -> Self {
        let is_no_wish = std::env::var_os("CLICOLOR_FORCE").is_some_and(|value| value == "0");
        match self {
            Color::Auto if is_no_wish && !stream.is_terminal() => Color::Never,
            other => other,
        }
    }

    fn choice(self, stream: &impl IsTerminal) -> ColorChoice {
        match self.on(stream) {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        }
    }

    /// For clap, which prints before there is a [`Terminal`].
    pub(crate) fn for_clap(self) -> clap::ColorChoice {
        match self.on(&io::stdout()) {
            Color::Auto => clap::ColorChoice::Auto,
            Color::Always => clap::ColorChoice::Always,
            Color::Never => clap::ColorChoice::Never,
        }
    }
}

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const STEP: Style = AnsiColor::Green.on_default().bold();
const NOTE: Style = AnsiColor::Blue.on_default().bold();

/// Where a command prints, from whichever thread.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terminal {
    quiet: bool,
    width: Option<usize>,
    color_out: bool,
    color_err: bool,
}

impl Terminal {
    pub(crate) fn new(color: Color, quiet: bool) -> Self {
        let out = AutoStream::new(io::stdout(), color.choice(&io::stdout()));
        let err = AutoStream::new(io::stderr(), color.choice(&io::stderr()));
        Self {
            color_out: out.current_choice() != ColorChoice::Never,
            color_err: err.current_choice() != ColorChoice::Never,
            width: terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| usize::from(width.0)),
            quiet,
        }
    }

    /// Whether data on standard output may be coloured.
    pub(crate) fn colors_data(&self) -> bool {
        self.color_out
    }

    /// How many columns a table may have; `None` when it is not shown on a terminal.
    pub(crate) fn width(&self) -> Option<usize> {
        self.width
    }

    /// Whether only warnings and errors are said.
    pub(crate) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Prints data, as it is.
    pub(crate) fn data(&self, text: &str) -> Result<(), Stop> {
        self.data_with(|out| out.write_all(text.as_bytes()))
    }

    /// Prints data that is made while it is written.
    #[expect(clippy::unused_self, reason = "data is printed as everything else is")]
    pub(crate) fn data_with(&self, write: impl FnOnce(&mut dyn io::Write) -> io::Result<()>) -> Result<(), Stop> {
        // Bare: a stream that takes out colours takes control characters out of documents too. Standard output has a buffer
        // for a line only.
        let mut out = io::BufWriter::new(io::stdout());
        let written = write(&mut out).and_then(|()| out.flush());
        written.map_err(|error| match error.kind() {
            io::ErrorKind::BrokenPipe => Stop::ClosedPipe,
            _ => Failure::new("output", format!("cannot write to standard output: {error}")).into(),
        })
    }

    /// Prints data as JSON.
    pub(crate) fn json(&self, value: &impl serde::Serialize) -> Result<(), Stop> {
        let text = serde_json::to_string_pretty(value)
            .map_err(|error| Failure::new("output", format!("cannot write JSON: {error}")))?;
        self.data(&(text + "\n"))
    }

    /// Prints data as one line of JSON.
    pub(crate) fn json_line(&self, value: &impl serde::Serialize) -> Result<(), Stop> {
        let text = serde_json::to_string(value)
            .map_err(|error| Failure::new("output", format!("cannot write JSON: {error}")))?;
        self.data(&(text + "\n"))
    }

    /// Prints text with colours, where they may be.
    pub(crate) fn text(&self, text: &str) -> Result<(), Stop> {
        if self.color_out {
            return self.data(text);
        }
        self.data(&anstream::adapter::strip_str(text).to_string())
    }

    /// Says something that `--quiet` silences.
    pub(crate) fn step(&self, verb: &str, rest: &str) {
        if !self.quiet {
            self.say(&format!("{STEP}{verb:>12}{STEP:#} {rest}\n"));
        }
    }

    /// Says something worth knowing that `--quiet` silences.
    pub(crate) fn note(&self, text: &str) {
        if !self.quiet {
            self.say(&format!("{NOTE}note{NOTE:#}: {text}\n"));
        }
    }

    /// Warns; `--quiet` does not silence it.
    pub(crate) fn warning(&self, text: &str) {
        self.say(&format!("{WARNING}warning{WARNING:#}: {text}\n"));
    }

    /// Shows a failure; `--quiet` does not silence it.
    pub(crate) fn failure(&self, failure: &Failure) {
        let mut text = format!("{ERROR}error{ERROR:#}: {}\n", failure.message);
        for note in &failure.notes {
            text.push_str(&format!("  {NOTE}={NOTE:#} note: {note}\n"));
        }
        if let Some(help) = &failure.help {
            text.push_str(&format!("  {NOTE}={NOTE:#} help: {help}\n"));
        }
        self.say(&text);
    }

    /// Shows findings, with a summary when there are errors.
    pub(crate) fn findings(&self, findings: &Findings) {
        self.say(&findings.text(render::Style { color: self.color_err }));
        if findings.has_errors()
            && let Some(summary) = findings.summary()
        {
            self.error(&summary);
        }
    }

    /// Ends the command when there are errors; shows warnings otherwise.
    pub(crate) fn stop_at_errors(&self, findings: &Findings) -> Result<(), Stop> {
        if findings.has_errors() {
            return Err(Stop::Findings(Box::new(findings.clone())));
        }
        self.findings(findings);
        Ok(())
    }

    /// Says a summary of errors.
    pub(crate) fn error(&self, text: &str) {
        self.say(&format!("{ERROR}error{ERROR:#}: {text}\n"));
    }

    /// Prints to standard error, as it is. When nobody listens there is nobody to tell.
    pub(crate) fn say(&self, text: &str) {
        let choice = if self.color_err {
            ColorChoice::Always
        } else {
            ColorChoice::Never
        };
        // Whole, whoever else writes.
        let mut err = AutoStream::new(io::stderr().lock(), choice);
        let _ = err.write_all(text.as_bytes());
        let _ = err.flush();
    }

    /// Asks a question that is answered by yes or no. Without anybody who types, the answer is `None`; who types and
    /// cannot see the question says no, and so does a wish to end the run.
    pub(crate) fn ask(&self, question: &str, interrupt: Option<&Interrupt>) -> Option<bool> {
        if !io::stdin().is_terminal() {
            return None;
        }
        if !io::stderr().is_terminal() {
            self.warning(
                "nobody can see the question, since standard error is redirected: add `--yes` to go on unasked",
            );
            return Some(false);
        }
        self.say(&format!("{NOTE}?{NOTE:#} {question} [y/N] "));
        let Some(answer) = line(interrupt) else {
            return Some(false);
        };
        Some(answer.eq_ignore_ascii_case("y") || answer.eq_ignore_ascii_case("yes"))
    }

    /// Asks for a text. Where nobody types or sees the question the answer is `None`, and where the run is to end.
    pub(crate) fn ask_text(question: &str, interrupt: &Interrupt) -> Option<String> {
        if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
            return None;
        }
        let _ = write!(io::stderr(), "? {question} ");
        line(Some(interrupt))
    }
}

/// The next line of the standard input without the space around it. `None` at its end, or where the run is to end.
fn line(interrupt: Option<&Interrupt>) -> Option<String> {
    // A thread of its own, which nobody waits for when the answer is no longer wanted.
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut answer = String::new();
        if io::stdin().read_line(&mut answer).is_ok() {
            let _ = sender.send(answer);
        }
    });
    loop {
        match receiver.recv_timeout(Duration::from_millis(50)) {
            Ok(answer) => return Some(answer.trim().to_owned()),
            Err(RecvTimeoutError::Disconnected) => return None,
            Err(RecvTimeoutError::Timeout) if interrupt.is_some_and(Interrupt::is_raised) => {
                let _ = writeln!(io::stderr());
                return None;
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
}
