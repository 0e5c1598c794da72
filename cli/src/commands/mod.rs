//! One module per command: its arguments, and what it does.

mod api;
pub(crate) mod canary;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod deploy;
mod deployable;
pub(crate) mod destroy;
pub(crate) mod diff;
pub(crate) mod explain;
pub(crate) mod export;
pub(crate) mod generate;
pub(crate) mod history;
pub(crate) mod iam_policy;
pub(crate) mod init;
pub(crate) mod plan;
pub(crate) mod rollback;
pub(crate) mod routes;
pub(crate) mod schema;
mod signals;
pub(crate) mod status;
mod watcher;

use crate::args::Command;
use crate::exit::Exit;
use crate::failure::Stop;
use crate::render::Findings;
use crate::terminal::Terminal;

pub(crate) fn run(command: Command, terminal: &mut Terminal) -> Result<Exit, Stop> {
    match command {
        Command::Check(args) => check::run(&args, terminal),
        Command::Generate(args) => generate::run(&args, terminal),
        Command::Plan(args) => plan::run(&args, terminal),
        Command::Deploy(args) => deploy::run(&args, terminal),
        Command::History(args) => history::run(&args, terminal),
        Command::Status(args) => status::run(&args, terminal),
        Command::Rollback(args) => rollback::run(&args, terminal),
        Command::Diff(args) => diff::run(&args, terminal),
        Command::Export(args) => export::run(&args, terminal),
        Command::Promote(args) => canary::promote(&args, terminal),
        Command::Abort(args) => canary::abort(&args, terminal),
        Command::Destroy(args) => destroy::run(&args, terminal),
        Command::Routes(args) => routes::run(&args, terminal),
        Command::Schema(args) => schema::run(&args, terminal),
        Command::Explain(args) => explain::run(&args, terminal),
        Command::Completions(args) => completions::run(&args, terminal),
        Command::IamPolicy(args) => iam_policy::run(&args, terminal),
        Command::Init(args) => init::run(&args, terminal),
    }
}

/// Shows findings on standard error, with a summary when there are errors.
pub(crate) fn show(findings: &Findings, terminal: &mut Terminal) {
    let text = findings.text(terminal.style());
    terminal.say(&text);
    if findings.has_errors()
        && let Some(summary) = findings.summary()
    {
        terminal.error(&summary);
    }
}

/// Ends the command when there are errors; shows warnings otherwise.
pub(crate) fn stop_at_errors(findings: &Findings, terminal: &mut Terminal) -> Result<(), Stop> {
    if findings.has_errors() {
        return Err(Stop::Findings(Box::new(findings.clone())));
    }
    show(findings, terminal);
    Ok(())
}
