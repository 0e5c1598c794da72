//! Ctrl-C, and the request to end that CI services send.
//!
//! The first one is a wish: what runs ends at its next call, and undoes what it did. The second one ends the process.

use std::{io, thread};

use bluegate_deploy::interrupt::{Interrupt, Reached};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::terminal::Terminal;

/// Listens to Ctrl-C and to the request to end, from now on.
pub(super) fn listen(terminal: &Terminal) -> Result<Interrupt, Failure> {
    let interrupt = Interrupt::default();
    listen_for(interrupt.clone(), terminal).map_err(|error| deaf(&error))?;
    Ok(interrupt)
}

fn deaf(error: &io::Error) -> Failure {
    Failure::new("signals", format!("cannot listen to signals: {error}"))
}

fn listen_for(interrupt: Interrupt, terminal: &Terminal) -> io::Result<()> {
    let terminal = *terminal;
    // A thread of its own: the one of the run may wait for an answer on the terminal.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut signals = {
        let _inside = runtime.enter();
        Signals::new()?
    };
    thread::Builder::new().name("signals".to_owned()).spawn(move || {
        runtime.block_on(async move {
            while signals.next().await {
                if interrupt.raise() == 1 {
                    terminal.warning(on_wish(interrupt.reached()));
                } else {
                    let (says, exit) = on_end(interrupt.reached());
                    terminal.warning(says);
                    std::process::exit(i32::from(exit.code()));
                }
            }
        });
    })?;
    Ok(())
}

fn on_wish(reached: Reached) -> &'static str {
    match reached {
        Reached::Nothing => "interrupted",
        Reached::Locked => "interrupted: unlocking the API; once more ends it at once",
        Reached::Changed => "interrupted: undoing what was done; once more ends it at once",
    }
}

fn on_end(reached: Reached) -> (&'static str, Exit) {
    match reached {
        Reached::Nothing => ("ended: nothing was changed", Exit::Interrupted),
        Reached::Locked => (
            "ended: nothing was changed, but the API stays locked; the next run on this machine unlocks it, one \
             elsewhere waits until the lock expires",
            Exit::Interrupted,
        ),
        Reached::Changed => (
            "ended in the middle: the stage serves the old API or the new one, the definition may be replaced in \
             part; the next run on this machine finds that and finishes it, one elsewhere waits until the lock expires",
            Exit::Undone,
        ),
    }
}

#[cfg(unix)]
pub(super) struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

impl Signals {
    /// Listens from now on; inside of a runtime.
    pub(super) fn begin() -> Result<Self, Failure> {
        Self::new().map_err(|error| deaf(&error))
    }
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// Waits for one; `false` when there will be none.
    pub(super) async fn next(&mut self) -> bool {
        tokio::select! {
            got = self.interrupt.recv() => got.is_some(),
            got = self.terminate.recv() => got.is_some(),
        }
    }
}

#[cfg(not(unix))]
pub(super) struct Signals;

#[cfg(not(unix))]
impl Signals {
    #[expect(clippy::unnecessary_wraps, reason = "the same form as on Unix")]
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    pub(super) async fn next(&mut self) -> bool {
        tokio::signal::ctrl_c().await.is_ok()
    }
}
