//! The command line.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};

use crate::assumption;

/// Asks Amazon API Gateway whether what bluegate assumes of it is true.
///
/// For people with an AWS account. It makes REST APIs and a usage plan of its own, all of them named
/// `bluegate-probe-...`, asks its questions of them one by one, deletes them (on Ctrl-C and after errors too), and
/// prints what was answered. It says beforehand how long that takes and what it costs, and asks. Nothing else in the
/// account is touched.
///
/// Credentials are looked for as by the AWS command line. The permission `apigateway:*` is enough.
#[derive(Debug, Parser)]
#[command(name = "probe", after_help = EXIT_CODES, max_term_width = 100)]
pub(crate) struct Args {
    /// The region; else the one of the environment or the profile
    #[arg(long)]
    pub(crate) region: Option<String>,
    /// A profile of ~/.aws/config
    #[arg(long)]
    pub(crate) profile: Option<String>,
    /// Ask there instead of at AWS's own endpoint, for instance an emulator
    #[arg(long, value_name = "URL")]
    pub(crate) endpoint_url: Option<String>,
    /// Go on without asking; what a run left six hours ago or earlier is deleted too
    #[arg(long)]
    pub(crate) yes: bool,
    /// Ask what costs money too: a cache of the smallest size for some minutes
    #[arg(long)]
    pub(crate) paid: bool,
    /// Ask what takes long too: changes of the TLS policy, half an hour each and more
    #[arg(long)]
    pub(crate) slow: bool,
    /// Ask only this; may be given more than once
    #[arg(long, value_name = "NAME", value_parser = known_name)]
    pub(crate) only: Vec<String>,
    /// List the assumptions and end; needs no credentials
    #[arg(long)]
    pub(crate) list: bool,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// Write report.json, and recordings.json with the answers as they came, into this folder. Account numbers, keys
    /// and ids are masked
    #[arg(long, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,
}

/// How to print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// For machines
    Json,
}

const EXIT_CODES: &str = "\
Exit codes:
  0    bluegate is right about all that was asked
  1    it could not ask, or something was left undeleted
  2    a command line that makes no sense
  3    bluegate is wrong about something
  130  ended by Ctrl-C or a signal";

fn known_name(name: &str) -> Result<String, String> {
    match assumption::all().any(|known| known.name == name) {
        true => Ok(name.to_owned()),
        false => Err("no assumption has this name; --list shows them".to_owned()),
    }
}
