//! `bluegate schema`.

use bluegate_core::schema;
use clap::ValueEnum;

use crate::exit::Exit;
use crate::failure::Stop;
use crate::terminal::Terminal;

/// Print the JSON Schema of a file, for editors
///
/// Draft 2020-12, made of the same description that the file is read with. An editor that finds the schema
/// through `$schema` completes keys and marks mistakes while you type.
#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Args {
    /// Which file
    ///
    /// Example: `bluegate schema routes`
    file: File,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum File {
    /// The routes file
    Routes,
    /// The AWS file
    Aws,
    /// The types file
    Types,
}

const AFTER: &str = "\
Examples:
  bluegate schema routes > routes.schema.json
  bluegate schema aws > aws.schema.json

Then write `\"$schema\": \"./routes.schema.json\"` at the top of routes.json.";

pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> Result<Exit, Stop> {
    terminal.json(&match args.file {
        File::Routes => schema::routes(),
        File::Aws => schema::aws(),
        File::Types => schema::types(),
    })?;
    Ok(Exit::Done)
}
