//! What a command says to Ctrl-C.

use bluegate_deploy::interrupt::{Interrupt, Reached};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::terminal::Terminal;

/// Listens to Ctrl-C and to the request to end, from now on.
pub(super) fn listen(terminal: &Terminal) -> Result<Interrupt, Failure> {
    let (first, second) = (terminal.teller(), terminal.teller());
    Interrupt::listening(
        move |reached| first.warning(on_wish(reached)),
        move |reached| {
            let (says, exit) = on_end(reached);
            second.warning(says);
            std::process::exit(i32::from(exit.code()));
        },
    )
    .map_err(|error| Failure::new("signals", format!("cannot listen to signals: {error}")))
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
