//! Asks Amazon API Gateway whether what bluegate assumes of it is true; `--help` says how.

mod args;
mod assumption;
mod assumptions;
mod documents;
mod made;
mod mask;
mod report;
mod run;
mod stand;
#[cfg(test)]
mod verified;
mod wire;

use std::process::ExitCode;

use clap::Parser as _;

use crate::args::{Args, Format};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let args = Args::parse();
    if args.list {
        run::print(&match args.format {
            Format::Text => report::list(),
            Format::Json => format!("{:#}\n", report::list_json()),
        });
        return ExitCode::SUCCESS;
    }
    run::run(&args).await.unwrap_or_else(|error| {
        run::say(&error);
        ExitCode::FAILURE
    })
}
