//! `bluegate local`.

mod token;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use bluegate_gateway::control::Control;
use bluegate_gateway::edge::{Clock, Runtime, Server};
use bluegate_gateway::plane::{Credential, Throttle};
use tokio::net::TcpListener;

use super::signals::Signals;
use crate::exit::Exit;
use crate::failure::{Failure, Stop};
use crate::terminal::Terminal;

/// Run an API Gateway on this machine
///
/// It takes what `bluegate deploy` and other tools tell API Gateway, and its stages answer requests as AWS answers
/// them. Without `--state` nothing is kept when it ends. The key `test` with the secret `test` may do everything in the
/// account 000000000000.
#[derive(Debug, clap::Args)]
#[command(after_long_help = AFTER, args_conflicts_with_subcommands = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: Option<What>,

    /// Where to listen; port 0 is any that is free
    ///
    /// Example: `--listen 127.0.0.1:0`
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:4566")]
    listen: SocketAddr,

    /// Listen where other machines can reach it
    ///
    /// Who reaches it may deploy to it with the key `test`, and reaches the services behind it.
    ///
    /// Example: `--listen 0.0.0.0:4566 --allow-remote`
    #[arg(long)]
    allow_remote: bool,

    /// Another key that may sign, and whose it is
    ///
    /// Make one up: it is no secret of AWS, and must be none. Its holder may do everything in the account of the ARN.
    ///
    /// Example: `--credential me:secret=arn:aws:iam::111122223333:user/me`
    #[arg(long, value_name = "KEY:SECRET[:TOKEN]=ARN")]
    credential: Vec<String>,

    /// A Lambda function that is a process on this machine, by its name, and where it fetches its events
    ///
    /// Start the process with the address in `AWS_LAMBDA_RUNTIME_API`; what was written for Lambda runs as it is. Other
    /// functions are called at AWS_ENDPOINT_URL_LAMBDA.
    ///
    /// Example: `--function shop=127.0.0.1:9001`
    #[arg(long, value_name = "NAME=ADDRESS", value_parser = function)]
    function: Vec<(String, SocketAddr)>,

    /// A service that stands in the place of load balancers behind VPC links
    ///
    /// Without it the host of the integration is called.
    ///
    /// Example: `--vpc-links http://127.0.0.1:3000`
    #[arg(long, value_name = "URL", value_parser = origin)]
    vpc_links: Option<String>,

    /// How fast requests of an account may come: so many a second, and so many at once
    ///
    /// AWS has 10000:5000. Without it nothing limits an account.
    ///
    /// Example: `--account-throttle 10000:5000`
    #[arg(long, value_name = "RATE:BURST", value_parser = throttle)]
    account_throttle: Option<Throttle>,

    /// A file with the public keys of a user pool whose tokens are taken too
    ///
    /// It is at `https://cognito-idp.REGION.amazonaws.com/POOL/.well-known/jwks.json`. Tokens of `bluegate local token`
    /// are always taken.
    ///
    /// Example: `--jwks jwks.json`
    #[arg(long, value_name = "FILE")]
    jwks: Option<PathBuf>,

    /// A folder that APIs, stages, keys and plans are kept in
    ///
    /// A write is on the disk before it is answered, and one process has the folder at a time. It holds API keys.
    ///
    /// Example: `--state .bluegate/local`
    #[arg(long, value_name = "FOLDER")]
    state: Option<PathBuf>,

    /// A folder for `access.log` and `execution.log`
    ///
    /// Example: `--log-dir logs`
    #[arg(long, value_name = "FOLDER")]
    log_dir: Option<PathBuf>,

    /// A clock that stands still, for signatures, quotas and logs
    ///
    /// Example: `--now 2026-11-28T10:00:00Z`
    #[arg(long, value_name = "RFC3339")]
    now: Option<Clock>,
}

/// What there is besides the gateway itself.
#[derive(Debug, clap::Subcommand)]
enum What {
    Token(token::Args),
}

const AFTER: &str = "\
Examples:
  bluegate local
  AWS_ENDPOINT_URL=http://127.0.0.1:4566 AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test bluegate deploy
  curl http://127.0.0.1:4566/_aws/execute-api/API/STAGE/users

A stage answers at `/_aws/execute-api/API/STAGE/` and at `http://API.execute-api.localhost:4566/STAGE/`.";

fn throttle(text: &str) -> Result<Throttle, String> {
    let parts = text.split_once(':');
    let read = parts.and_then(|(rate, burst)| {
        let rate = rate.parse().ok().filter(|rate: &f64| rate.is_finite() && *rate >= 0.)?;
        let burst = burst.parse().ok()?;
        Some(Throttle { rate, burst })
    });
    read.ok_or_else(|| "a throttle is written as `10000:5000`: requests a second, and at once".to_owned())
}

fn function(text: &str) -> Result<(String, SocketAddr), String> {
    let parts = text.split_once('=').filter(|(name, _)| !name.is_empty());
    let read = parts.and_then(|(name, address)| Some((name.to_owned(), address.parse().ok()?)));
    read.ok_or_else(|| "a function is written as `shop=127.0.0.1:9001`".to_owned())
}

pub(super) fn origin(text: &str) -> Result<String, String> {
    let host = text.strip_prefix("http://").map(|rest| rest.trim_end_matches('/'));
    match host {
        Some(host) if !host.is_empty() && !host.contains('/') => Ok(format!("http://{host}")),
        _ => Err("a service is written as `http://127.0.0.1:3000`".to_owned()),
    }
}

pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> Result<Exit, Stop> {
    if let Some(What::Token(args)) = &args.what {
        return token::run(args, terminal);
    }
    refuse_remote(args.listen, args.allow_remote)?;
    let known = credentials(&args.credential)?;
    runtime()?.block_on(serve(args, known, terminal))
}

/// Refuses an address that other machines can reach, unless somebody wants that.
pub(super) fn refuse_remote(listen: SocketAddr, is_allowed: bool) -> Result<(), Failure> {
    if listen.ip().is_loopback() || is_allowed {
        return Ok(());
    }
    let failure = Failure::new("remote", format!("{listen} can be reached from other machines"));
    Err(failure.with_help("listen on 127.0.0.1, or say `--allow-remote`"))
}

/// Not while the arguments are parsed: that would show what cannot be read, secret and all.
pub(super) fn credentials(texts: &[String]) -> Result<Vec<Credential>, Stop> {
    let known = texts.iter().map(|text| text.parse::<Credential>());
    known.collect::<Result<_, _>>().map_err(|error| {
        let failure = Failure::new("credential", format!("a value of --credential cannot be read: {error}"));
        Stop::Ended(failure, Exit::Usage)
    })
}

pub(super) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| Failure::new("runtime", format!("cannot start: {error}")))
}

/// Listens at an address.
pub(super) async fn bind(listen: SocketAddr) -> Result<TcpListener, Failure> {
    let listener = TcpListener::bind(listen).await;
    listener.map_err(|error| {
        Failure::new("listen", format!("cannot listen on {listen}: {error}"))
            .with_help("another port: `--listen 127.0.0.1:0` takes any that is free")
    })
}

/// What is told when a port that was free is listened on no longer.
pub(super) fn broken(error: &std::io::Error) -> Failure {
    Failure::new("listen", format!("cannot go on listening: {error}"))
}

async fn serve(args: &Args, known: Vec<Credential>, terminal: &Terminal) -> Result<Exit, Stop> {
    let mut signals = Signals::begin()?;
    let listener = bind(args.listen).await?;
    let address = listener.local_addr().map_err(|error| broken(&error))?;
    let mut control = Control::new(vec![Credential::test()]);
    control.gate.credentials.extend(known);
    if let Some(path) = &args.jwks {
        let wrong =
            |why: &dyn std::fmt::Display| Failure::new("jwks", format!("{} holds no keys: {why}", path.display()));
        let text = std::fs::read_to_string(path).map_err(|error| wrong(&error))?;
        control.gate.pools.add_jwks(&text).map_err(|error| wrong(&error))?;
    }
    control.vpc_links.clone_from(&args.vpc_links);
    control.gate.usage.account = args.account_throttle;
    let mut server = Server::new(control, args.now.unwrap_or_default());
    if let Ok(url) = std::env::var("AWS_ENDPOINT_URL_LAMBDA") {
        server = server.with_functions(url);
    }
    for (name, address) in &args.function {
        refuse_remote(*address, args.allow_remote)?;
        let runtime = Runtime::listen(*address).await.map_err(|error| {
            Failure::new(
                "function",
                format!("cannot listen for the function {name} on {address}: {error}"),
            )
        })?;
        server = server.with_runtime(name, runtime);
    }
    if let Some(folder) = &args.state {
        let kept = server.with_state(folder);
        server = kept.map_err(|error| Failure::new("state", format!("cannot keep the state: {error}")))?;
    }
    if let Some(folder) = &args.log_dir {
        let logged = server.with_logs(folder);
        server = logged
            .map_err(|error| Failure::new("logs", format!("cannot write logs to {}: {error}", folder.display())))?;
    }
    terminal.step("Console", &format!("at http://{address}/_bluegate/"));
    terminal.step("Listening", &format!("on {address}, until Ctrl-C"));
    terminal.data(&format!("AWS_ENDPOINT_URL=http://{address}\n"))?;
    tokio::select! {
        ended = Arc::new(server).serve(listener) => ended.map_err(|error| broken(&error))?,
        _ = signals.next() => {}
    }
    Ok(Exit::Done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_throttle_is_a_rate_and_a_burst() {
        let read = |text| throttle(text).ok().map(|throttle| (throttle.rate, throttle.burst));
        assert_eq!(read("10000:5000"), Some((10_000., 5_000)));
        assert_eq!(read("0.5:1"), Some((0.5, 1)));
        for text in [
            "", "10", "10:", ":5", "x:5", "5:x", "-1:5", "5:-1", "inf:5", "NaN:5", "5:1.5", "1:2:3",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
