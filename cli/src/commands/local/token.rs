//! `bluegate local token`.

use bluegate_core::Mode;
use bluegate_core::aws::Needs;
use bluegate_core::gateway::Api;
use bluegate_gateway::edge::Clock;
use bluegate_gateway::plane::Token;
use serde_json::Value as Json;

use crate::args::{Files, Reading};
use crate::exit::Exit;
use crate::failure::{Failure, Stop};
use crate::inputs::Unset;
use crate::terminal::Terminal;

/// Print a token of a Cognito user pool that `bluegate local` takes
///
/// It is signed with a key that is part of bluegate, so that it opens nothing but gateways on this machine. Without a
/// scope it is an identity token, with one an access token.
#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct Args {
    /// Whose token it is
    ///
    /// Example: `--sub me`
    #[arg(long, value_name = "USER", default_value = "local-user")]
    sub: String,

    /// A scope that it has; several times for several
    ///
    /// Example: `--scope shop/read --scope shop/write`
    #[arg(long, value_name = "SCOPE")]
    scope: Vec<String>,

    /// What it claims besides; several times for several. A value that is JSON is taken as such
    ///
    /// Example: `--claim email=me@example.com --claim 'cognito:groups=["readers"]'`
    #[arg(long, value_name = "NAME=VALUE", value_parser = claim)]
    claim: Vec<(String, Json)>,

    /// The user pool, by its ARN
    ///
    /// Default: the one that the routes file in this folder names first.
    ///
    /// Example: `--pool arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_AbCdEf`
    #[arg(long, value_name = "ARN")]
    pool: Option<String>,

    /// The client that it is for
    ///
    /// Example: `--client shop-app`
    #[arg(long, value_name = "ID", default_value = "local-client")]
    client: String,

    /// How long it holds, in seconds
    ///
    /// Example: `--seconds 60`
    #[arg(long, value_name = "SECONDS", default_value_t = 3600)]
    seconds: u32,

    /// The moment at which it is made
    ///
    /// Default: now. Give the one that `bluegate local` was given.
    ///
    /// Example: `--now 2026-11-28T10:00:00Z`
    #[arg(long, value_name = "RFC3339")]
    now: Option<Clock>,

    #[command(flatten)]
    files: Files,
}

const AFTER: &str = "\
Examples:
  bluegate local token
  bluegate local token --sub me --scope shop/read --claim email=me@example.com
  curl -H \"Authorization: $(bluegate local token)\" http://127.0.0.1:4566/_aws/execute-api/API/STAGE/users";

fn claim(text: &str) -> Result<(String, Json), String> {
    let (name, value) = text.split_once('=').ok_or("a claim is written as `name=value`")?;
    let value = serde_json::from_str(value).unwrap_or_else(|_| value.into());
    Ok((name.to_owned(), value))
}

pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> Result<Exit, Stop> {
    let pool = match &args.pool {
        Some(pool) => pool.clone(),
        None => of_routes(&args.files, terminal)?,
    };
    let token = Token::of(&args.sub)
        .pool(pool)
        .client(&args.client)
        .seconds(args.seconds);
    let token = args.scope.iter().fold(token, |token, scope| token.scope(scope));
    let token = args
        .claim
        .iter()
        .fold(token, |token, (name, value)| token.claim(name, value.clone()));
    let token = token.signed(args.now.unwrap_or_default().now());
    terminal.data(&format!("{token}\n"))?;
    Ok(Exit::Done)
}

/// The user pool that a routes file names first.
fn of_routes(files: &Files, terminal: &mut Terminal) -> Result<String, Stop> {
    let mut inputs = files.read(Reading::of(Mode::Strict, Unset::Stays), false, terminal)?;
    let environment = inputs.resolve(None, Needs::Nothing);
    let document = inputs.document(environment.as_ref());
    terminal.stop_at_errors(&inputs.findings)?;
    let api = document.as_ref().map(Api::from).unwrap_or_default();
    let pool = api.authorizers.iter().flat_map(|one| &one.provider_arns).next();
    let none = || {
        Failure::new("pool", "the routes file names no user pool")
            .with_help("say which one it is: `--pool arn:aws:cognito-idp:REGION:ACCOUNT:userpool/ID`")
    };
    Ok(pool.cloned().ok_or_else(none)?)
}
