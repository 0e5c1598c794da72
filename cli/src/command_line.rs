//! The command line.

use std::ffi::OsString;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum as _};

use crate::args::Format;
use crate::commands::{
    canary, check, completions, deploy, destroy, dev, diff, docs, explain, export, generate, history, iam_policy,
    import, init, local, plan, rollback, routes, schema, status,
};
use crate::exit::{self, Exit};
use crate::failure::Stop;
use crate::terminal::{Color, Terminal};

/// One routes file, an axum service and an AWS API Gateway that cannot disagree
///
/// `routes.json` describes an HTTP API. A Rust service is compiled from it, and this command checks it, writes
/// the OpenAPI document that it means, and deploys that to Amazon API Gateway.
#[derive(Debug, Parser)]
#[command(
    name = "bluegate",
    version,
    arg_required_else_help = true,
    after_help = exit::all(),
    after_long_help = after(),
    propagate_version = true
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// When to use colours
    ///
    /// NO_COLOR and CLICOLOR_FORCE are honoured too.
    ///
    /// Example: `bluegate --color never check`
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        display_order = 900
    )]
    pub(crate) color: Color,

    /// Say nothing but warnings and errors
    ///
    /// Data is printed all the same.
    ///
    /// Example: `url=$(bluegate -q deploy)`
    #[arg(short, long, global = true, display_order = 901)]
    pub(crate) quiet: bool,

    /// Whether failures are to be told as JSON too.
    #[arg(skip)]
    pub(crate) json: bool,
}

const EXAMPLES: &str = "\
Examples:
  bluegate init shop       a starter project
  bluegate import api.yml  the routes file of an OpenAPI document
  bluegate check           find what is wrong
  bluegate routes          see what it means
  bluegate generate        write swagger.yml
  bluegate docs            write a page for those who call the API
  bluegate plan            see what a deployment would do
  bluegate deploy
  bluegate local           an API Gateway on this machine

The routes file is `routes.json` and the AWS file `aws.config.json` in this folder, unless `--routes` and
`--aws-config` name others.";

/// What the long help ends with.
fn after() -> String {
    format!(
        "{EXAMPLES}\n\n{}\n\nData goes to standard output, everything that is said about it to standard error.",
        exit::all()
    )
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Check(check::Args),
    Generate(generate::Args),
    Docs(docs::Args),
    Plan(plan::Args),
    Deploy(deploy::Args),
    History(history::Args),
    Status(status::Args),
    Diff(diff::Args),
    Export(export::Args),
    Rollback(rollback::Args),
    Promote(canary::PromoteArgs),
    Abort(canary::AbortArgs),
    Destroy(destroy::Args),
    Routes(routes::Args),
    Schema(schema::Args),
    Explain(explain::Args),
    Completions(completions::Args),
    IamPolicy(iam_policy::Args),
    Init(init::Args),
    Import(import::Args),
    Local(local::Args),
    Dev(dev::Args),
}

impl Command {
    /// Does what was asked for.
    pub(crate) fn run(self, terminal: &mut Terminal) -> Result<Exit, Stop> {
        match self {
            Command::Check(args) => check::run(&args, terminal),
            Command::Generate(args) => generate::run(&args, terminal),
            Command::Docs(args) => docs::run(&args, terminal),
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
            Command::Completions(args) => completions::run(&args, &mut command(), terminal),
            Command::IamPolicy(args) => iam_policy::run(&args, terminal),
            Command::Init(args) => init::run(&args, terminal),
            Command::Import(args) => import::run(&args, terminal),
            Command::Local(args) => local::run(&args, terminal),
            Command::Dev(args) => dev::run(&args, terminal),
        }
    }
}

/// The command as clap knows it.
fn command() -> clap::Command {
    Cli::command()
}

/// Makes sense of the arguments of a process.
pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Cli, clap::Error> {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    // Help and usage errors are printed while the arguments are parsed: too early to ask them.
    let matches = command()
        .color(color_of(&arguments).for_clap())
        .try_get_matches_from(arguments)?;
    let mut cli = Cli::from_arg_matches(&matches)?;
    // Of one type wherever results are printed; documents have formats of another.
    let format = matches
        .subcommand()
        .map(|(_, command)| command.try_get_one::<Format>("format"));
    cli.json = matches!(format, Some(Ok(Some(Format::Json))));
    Ok(cli)
}

/// The value of `--color`, if there is a sensible one.
fn color_of(arguments: &[OsString]) -> Color {
    let mut words = arguments.iter().filter_map(|word| word.to_str());
    while let Some(word) = words.next() {
        let value = match word.strip_prefix("--color") {
            Some("") => words.next(),
            Some(rest) => rest.strip_prefix('='),
            None if word == "--" => break,
            None => continue,
        };
        if let Some(color) = value.and_then(|value| Color::from_str(value, false).ok()) {
            return color;
        }
    }
    Color::default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<OsString> {
        line.split(' ').map(OsString::from).collect()
    }

    fn deploy(line: &str) -> Result<deploy::Args, clap::Error> {
        match parse(words(line))?.command {
            Command::Deploy(args) => Ok(args),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_command_line_is_consistent() {
        command().debug_assert();
    }

    #[test]
    fn every_option_of_every_command_has_an_example() {
        for sub in command().get_subcommands() {
            for option in sub.get_arguments().filter(|arg| !arg.is_positional()) {
                let name = option.get_id().as_str();
                if ["help", "version"].contains(&name) {
                    continue;
                }
                let help = option.get_long_help().map(ToString::to_string).unwrap_or_default();
                assert!(help.contains("Example: `"), "{} --{name}: {help:?}", sub.get_name());
            }
        }
    }

    #[test]
    fn the_file_is_kept_by_the_flag_alone_with_a_value_and_with_a_word_behind() {
        let base = "bluegate deploy --routes r --aws-config a";
        for (rest, keep) in [
            ("", false),
            (" --keep-output-openapifile", true),
            (" --keep-output-openapifile=true", true),
            (" --keep-output-openapifile true", true),
            (" --keep-output-openapifile True", true),
            (" --keep-output-openapifile=false", false),
            (" --keep-output-openapifile False", false),
            (" --keep-output-openapifile 0", false),
            (" --keep-output-openapifile --yes", true),
        ] {
            let args = deploy(&format!("{base}{rest}")).unwrap();
            assert_eq!(args.keep_output_openapifile, keep, "{rest}");
        }
        assert!(deploy(&format!("{base} --keep-output-openapifile maybe")).is_err());
    }

    #[test]
    fn options_of_deploy_may_be_abbreviated_as_the_original_allows() {
        let args = deploy("bluegate deploy --route r --aws a --output o").unwrap();
        assert_eq!(args.output_openapifile_path.to_str(), Some("o"));
    }

    #[test]
    fn the_colour_is_known_before_parsing() {
        assert_eq!(color_of(&words("bluegate --color never check")), Color::Never);
        assert_eq!(color_of(&words("bluegate check --color=always")), Color::Always);
        assert_eq!(color_of(&words("bluegate check --color blue")), Color::Auto);
    }
}
