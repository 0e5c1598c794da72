//! What a compiler needs for a service: the same service written with axum by hand, with bluegate and with other
//! frameworks, generated with as many routes as wanted, compiled side by side in one run.
//!
//! ```text
//! cargo bench -p bluegate-tests --bench compile -- [--routes 100,1000] [--frameworks axum,bluegate,...]
//!     [--measure first,edits,whole,release,start] [--commands check,build] [--repeat 3] [--markdown FILE]
//! ```
//!
//! Machines are noisy: what counts is CPU time, the least of several rounds, in which the frameworks take turns, and of
//! that the ratio to axum by hand. A full run takes an hour or more. The bench itself gains nothing by optimisation:
//! `cargo bench --profile dev`.

mod answers;
mod cargo;
mod first;
mod framework;
mod options;
mod report;
mod rounds;
mod service;

use std::error::Error;
use std::fs;
use std::process::ExitCode;

use bluegate_tests::place;

use cargo::Cargo;
use options::{Measure, Options};

fn main() -> ExitCode {
    match Options::parse(std::env::args().skip(1))
        .map_err(Into::into)
        .and_then(|options| run(&options))
    {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    let folder = place::target().join("compile-bench");
    fs::create_dir_all(&folder)?;
    let cargo = Cargo::new(&folder.join("target"));
    let mut text = String::new();
    if options.measures.contains(&Measure::First) {
        text += &first::measure(&folder, options)?;
        println!("{text}");
    }
    if options.measures != [Measure::First] {
        rounds::warm(&cargo, &folder, options)?;
        for &routes in &options.routes {
            let results = rounds::measure(&cargo, &folder, routes, options)?;
            let tables = report::tables(routes, &options.frameworks, &results);
            println!("{tables}");
            text += &tables;
        }
    }
    if let Some(path) = &options.markdown {
        fs::write(path, text)?;
    }
    Ok(())
}
