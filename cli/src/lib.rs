//! The command `bluegate`: it checks a routes file, writes the OpenAPI document that it means, and deploys that
//! to Amazon API Gateway.
//!
//! The library exists for the binary alone. What it deploys with is [`bluegate_deploy`].

#![deny(missing_docs)]

mod args;
mod aws {
    pub(crate) use bluegate_deploy::{api::*, sdk::*};
}
mod commands;
mod exit;
mod explain;
mod failure;
mod inputs;
mod origin;
mod output_file;
mod render;
mod terminal;

use std::ffi::OsString;

pub use exit::Exit;
pub use failure::Failure;

use bluegate_deploy::{deploy, interrupt, operate, plan};
use failure::Stop;
use terminal::Terminal;

/// Runs the command with the arguments of a process, the first of which is the name of the program.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Exit {
    let cli = match args::parse(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // A closed pipe behind `--help` is nobody's trouble.
            let _ = error.print();
            return if error.use_stderr() { Exit::Usage } else { Exit::Done };
        }
    };
    let mut terminal = Terminal::new(cli.color, cli.quiet);
    let json = cli.command.prints_json();
    match commands::run(cli.command, &mut terminal) {
        Ok(exit) => exit,
        Err(Stop::ClosedPipe) => Exit::Done,
        Err(stop) => end(&stop, json, &mut terminal),
    }
}

/// Tells why a command ended early, in the form that was asked for.
fn end(stop: &Stop, json: bool, terminal: &mut Terminal) -> Exit {
    #[derive(serde::Serialize)]
    struct Report<'a> {
        ok: bool,
        error: &'a Failure,
    }
    match stop {
        Stop::Findings(findings) if json => {
            let _ = terminal.json(&findings.report());
        }
        Stop::Findings(findings) => commands::show(findings, terminal),
        Stop::Failure(failure) | Stop::Ended(failure, _) => {
            if json {
                let report = Report {
                    ok: false,
                    error: failure,
                };
                let _ = terminal.json(&report);
            }
            terminal.failure(failure);
        }
        Stop::ClosedPipe => {}
    }
    match stop {
        Stop::Ended(_, exit) => *exit,
        _ => Exit::Failed,
    }
}
