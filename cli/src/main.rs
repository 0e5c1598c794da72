//! The command `bluegate`: it checks a routes file, writes the OpenAPI document that it means, and deploys that
//! to Amazon API Gateway, with [`bluegate_deploy`].

#![warn(unreachable_pub)]

mod args;
mod command_line;
mod commands;
mod exit;
mod explain;
mod failure;
mod inputs;
mod origin;
mod output_file;
mod render;
mod terminal;

use std::io::{self, Write as _};
use std::process::ExitCode;

use exit::Exit;
use failure::{Failure, Stop};
use terminal::{Color, Terminal};

fn main() -> ExitCode {
    run().into()
}

fn run() -> Exit {
    let cli = match command_line::parse(std::env::args_os()) {
        Ok(cli) => cli,
        Err(error) => {
            return match error.print().and_then(|()| io::stdout().flush()) {
                _ if error.use_stderr() => Exit::Usage,
                // A closed pipe behind `--help` is nobody's trouble.
                Err(failed) if failed.kind() != io::ErrorKind::BrokenPipe => {
                    let failure = Failure::new("output", format!("cannot write to standard output: {failed}"));
                    end(&failure.into(), false, &mut Terminal::new(Color::default(), false))
                }
                _ => Exit::Done,
            };
        }
    };
    let mut terminal = Terminal::new(cli.color, cli.quiet);
    match cli.command.run(&mut terminal) {
        Ok(exit) => exit,
        Err(Stop::ClosedPipe) => Exit::Done,
        Err(stop) => end(&stop, cli.json, &mut terminal),
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
        Stop::Findings(findings) => terminal.findings(findings),
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
