//! What a deployment of the files would do, for the console.

use std::process::Stdio;

use bluegate_core::aws::{STAGE_NAMES, is_stage_name};
use bluegate_gateway::console::{Outcome, Plan};
use tokio::process::Command;

use crate::args::Files;
use crate::exit::Exit;

/// Runs `bluegate plan` on the files: a run of its own, which a Ctrl-C or an error of it ends without this one.
pub(super) async fn plan(files: Files, stage: Option<String>) -> Plan {
    if stage.as_deref().is_some_and(|stage| !is_stage_name(stage)) {
        return failed(STAGE_NAMES.to_owned());
    }
    let this = match std::env::current_exe() {
        Ok(this) => this,
        Err(error) => return failed(format!("cannot start `bluegate plan`: {error}")),
    };
    let mut command = Command::new(this);
    command.args(["plan", "--color", "never"]);
    files.pass_on(&mut command);
    command.args(stage.map(|stage| format!("--stage={stage}")));
    // The page may be gone before it is done.
    command.stdin(Stdio::null()).kill_on_drop(true);
    let output = match command.output().await {
        Ok(output) => output,
        Err(error) => return failed(format!("cannot start `bluegate plan`: {error}")),
    };
    let code = output.status.code();
    let is = |exit: Exit| code == Some(exit.code().into());
    let outcome = [
        (Exit::Done, Outcome::Nothing),
        (Exit::Changes, Outcome::Changes),
        (Exit::Refused, Outcome::Refused),
    ];
    match outcome.into_iter().find(|(exit, _)| is(*exit)) {
        // A command line that makes no sense has the code of changes, and prints nothing there.
        Some((_, outcome)) if !output.stdout.is_empty() => Plan {
            outcome,
            text: String::from_utf8_lossy(&output.stdout).into_owned(),
        },
        _ => failed(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}

fn failed(text: String) -> Plan {
    Plan {
        outcome: Outcome::Failed,
        text,
    }
}
