//! `bluegate dev`.

mod keyboard;
mod plan;
mod process;
mod tell;
mod version;
mod watch;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bluegate_gateway::console::{Console, Trace};
use bluegate_gateway::edge::Front;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use self::process::Service;
use self::tell::Teller;
use self::version::{Read, Version, Wanted};
use self::watch::Watch;
use super::local::{bind, broken, credentials, origin, refuse_remote, runtime};
use super::signals::Signals;
use crate::args::{Files, Output, StageArg};
use crate::exit::{self, Exit};
use crate::failure::{Failure, Stop};
use crate::render::Findings;
use crate::terminal::Terminal;

/// Serve the routes file of this folder through a gateway on this machine, while the service is being written
///
/// Requests go through the gateway as they would on AWS, to the service on this machine, and each is told with what
/// AWS keeps to itself: why it was refused. A change of the routes file, of the AWS file or of a file that the routes
/// file names is taken over at once; one with errors is told as `bluegate check` tells it, and the last good one is
/// served on. The console at `/_bluegate/` shows all of it in a browser.
#[derive(Debug, clap::Args)]
#[command(after_long_help = exit::after(
    EXAMPLES,
    "ended by Ctrl-C or a signal",
    "errors in a file at the start, a port that is taken",
    &[Exit::Usage]
))]
pub(crate) struct Args {
    #[command(flatten)]
    files: Files,

    #[command(flatten)]
    stage: StageArg,

    /// Where to listen; port 0 is any that is free
    ///
    /// Example: `--listen 127.0.0.1:0`
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,

    /// Listen where other machines can reach it
    ///
    /// The console stays for browsers of this machine.
    ///
    /// Example: `--listen 0.0.0.0:8080 --allow-remote`
    #[arg(long)]
    allow_remote: bool,

    /// Where the service is
    ///
    /// Default: the `baseEndpointURL` of the AWS file when that is on this machine, else http://127.0.0.1:3000.
    ///
    /// Example: `--backend http://127.0.0.1:3000`
    #[arg(long, value_name = "URL", value_parser = origin)]
    backend: Option<String>,

    /// Start the service, and start it again when the routes file changes, which its code is proved against
    ///
    /// A line for the shell. PORT in its environment is where the service is looked for. All that it started ends with
    /// this command. At a terminal, `r` and Enter start it again, too.
    ///
    /// Example: `--run "cargo run"`
    #[arg(long, value_name = "COMMAND")]
    run: Option<String>,

    /// Start the service again when this file changes, or one in this folder
    ///
    /// May be given more than once. What is named `target` or begins with a dot is left out.
    ///
    /// Example: `--restart-on src`
    #[arg(long, value_name = "PATH", requires = "run")]
    restart_on: Vec<PathBuf>,

    /// An API key that callers may send
    ///
    /// May be given more than once; without it the key is `test`. Make one up: it must be none of AWS.
    ///
    /// Example: `--api-key mine`
    #[arg(long, value_name = "VALUE")]
    api_key: Vec<String>,

    /// Another key that may sign, and whose it is
    ///
    /// Make one up: it is no secret of AWS, and must be none. The key `test` with the secret `test` may always sign.
    ///
    /// Example: `--credential me:secret=arn:aws:iam::111122223333:user/me`
    #[arg(long, value_name = "KEY:SECRET[:TOKEN]=ARN")]
    credential: Vec<String>,

    #[command(flatten)]
    pub(crate) output: Output,
}

const EXAMPLES: &str = "\
Examples:
  bluegate dev
  bluegate dev --run \"cargo run\" --restart-on src
  bluegate dev --backend http://127.0.0.1:3000 --format json

With `--format json` each event is one line on standard output. Functions are called at AWS_ENDPOINT_URL_LAMBDA.";

/// How often files are looked at. It is done by their times and sizes: events of file systems are another thing on each
/// platform, and do not cross into containers.
const TICK: Duration = Duration::from_millis(50);

pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> Result<Exit, Stop> {
    refuse_remote(args.listen, args.allow_remote)?;
    let known = credentials(&args.credential)?;
    let (routes, aws) = args.files.paths(terminal)?;
    let wanted = Wanted {
        aws_by_name: args.files.aws_by_name().filter(|_| aws.is_none()),
        arguments: args.files.clone(),
        routes,
        aws,
        stage: args.stage.stage.clone(),
        backend: args.backend.clone(),
        has_run: args.run.is_some(),
        functions: std::env::var("AWS_ENDPOINT_URL_LAMBDA").ok(),
        keys: match args.api_key.as_slice() {
            [] => vec!["test".to_owned()],
            keys => keys.to_vec(),
        },
        credentials: known,
    };
    // Before they are read: what is written meanwhile is seen.
    let mut watch = Watch::new(wanted.files());
    let Read {
        version,
        findings,
        files,
    } = wanted.read();
    watch.follow(files);
    terminal.stop_at_errors(&findings)?;
    let version = version.ok_or_else(|| Stop::Findings(Box::new(findings)))?;
    runtime()?.block_on(async {
        let listener = bind(args.listen).await?;
        let mut dev = Dev::new(args, wanted, version, watch, *terminal)?;
        let ended = dev.serve(listener).await;
        if let Some(service) = &mut dev.service {
            service.stop().await;
        }
        ended
    })
}

struct Dev {
    wanted: Wanted,
    watch: Watch,
    /// What the service is made of, beside the routes file.
    sources: Watch,
    front: Arc<Front>,
    console: Console,
    traces: mpsc::UnboundedReceiver<Arc<Trace>>,
    restarts: mpsc::UnboundedReceiver<()>,
    service: Option<Service>,
    /// What is served.
    served: Served,
    /// Findings of a file that may still be being written.
    unsettled: Option<Findings>,
    teller: Teller,
}

/// What there is to know of a version once the gateway has it.
struct Served {
    routes: Vec<String>,
    digest: Option<String>,
}

impl Dev {
    fn new(args: &Args, wanted: Wanted, first: Version, watch: Watch, terminal: Terminal) -> Result<Self, Stop> {
        let teller = Teller::new(terminal, args.output.format);
        let mut console = Console::default();
        if args.files.takes_aws() {
            let files = args.files.clone();
            let stage = args.stage.stage.clone();
            console = console.planned_by(move |wanted| plan::plan(files.clone(), wanted.or_else(|| stage.clone())));
        }
        let (sender, traces) = mpsc::unbounded_channel();
        let tell = move |trace| drop(sender.send(trace));
        teller.routes(&first.blueprint)?;
        teller.backend(&first);
        let service = args.run.as_ref().map(|command| Service::start(command, &first.backend));
        Ok(Self {
            sources: Watch::new(args.restart_on.clone()),
            served: Served::of(&first),
            front: Arc::new(Front::new(first.gateway, first.document, console.clone(), tell)),
            service: service.transpose()?,
            restarts: match &args.run {
                Some(_) => keyboard::restarts(),
                None => mpsc::unbounded_channel().1,
            },
            unsettled: None,
            wanted,
            watch,
            console,
            traces,
            teller,
        })
    }

    async fn serve(&mut self, listener: TcpListener) -> Result<Exit, Stop> {
        let mut signals = Signals::begin()?;
        self.teller
            .listening(listener.local_addr().map_err(|error| broken(&error))?)?;
        let mut server = tokio::spawn(Arc::clone(&self.front).serve(listener));
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let ended = loop {
            tokio::select! {
                _ = signals.next() => break Ok(Exit::Done),
                Some(trace) = self.traces.recv() => self.teller.request(&trace)?,
                status = Service::ended(&mut self.service) => self.teller.ended(status)?,
                Some(()) = self.restarts.recv() => self.restart().await?,
                _ = tick.tick() => self.look().await?,
                ended = &mut server => {
                    let error = ended.map_or_else(std::io::Error::other, |ended| match ended {
                        Ok(()) => std::io::Error::other("the server ended"),
                        Err(error) => error,
                    });
                    break Err(broken(&error).into());
                }
            }
        };
        server.abort();
        ended
    }

    /// Takes over what changed.
    async fn look(&mut self) -> Result<(), Stop> {
        let mut needs_start = self.sources.changed();
        if self.watch.changed() {
            let wanted = self.wanted.clone();
            // Requests go on meanwhile.
            let read = tokio::task::spawn_blocking(move || wanted.read()).await;
            let read = read.map_err(|error| Failure::new("runtime", error.to_string()))?;
            self.watch.follow(read.files);
            self.unsettled = match read.version {
                Some(version) => {
                    needs_start |= self.take_over(version, &read.findings)?;
                    None
                }
                None => Some(read.findings),
            };
        } else if let Some(findings) = self.unsettled.take() {
            // It stood still since, so that it is not half written.
            self.console.changed(Some(self.teller.findings(&findings)?));
        }
        if needs_start {
            self.restart().await?;
        }
        Ok(())
    }

    /// Starts the service again, if it is started here.
    async fn restart(&mut self) -> Result<(), Stop> {
        if let Some(service) = &mut self.service {
            self.teller.restarting()?;
            service.stop().await;
            service.begin()?;
        }
        Ok(())
    }

    /// Whether the routes file is another one.
    fn take_over(&mut self, version: Version, findings: &Findings) -> Result<bool, Stop> {
        let served = Served::of(&version);
        let is_other = served.digest != self.served.digest;
        self.teller.taken(&self.served.routes, &served.routes, findings)?;
        self.served = served;
        self.front.replace(version.gateway, version.document);
        self.console.changed(None);
        Ok(is_other)
    }
}

impl Served {
    fn of(version: &Version) -> Self {
        let routes = version.blueprint.routes.iter();
        Self {
            routes: routes
                .map(|route| format!("{} {}", route.verb.as_str(), route.path.gateway))
                .collect(),
            digest: version.digest.clone(),
        }
    }
}
