//! What the commands share that operate an API: which API, and how it is reached.

use std::path::PathBuf;

use bluegate_core::aws::{Environment, Needs};
use tokio::runtime::Runtime;

use crate::aws::{Client, Clock, Destination, Retrying, connect};
use crate::deploy::{Turn, identify};
use crate::failure::Stop;
use crate::inputs::Inputs;
use crate::terminal::Terminal;

use super::calling::{is_emulated, now, patient, runtime};
use super::watcher::Watcher;
use crate::explain::{explain_connection, stop};

/// Which API, of which account.
#[derive(Debug, clap::Args)]
pub(crate) struct Reach {
    /// The AWS file: region, API, stage, and keys if they must stand there
    ///
    /// The same file as for `deploy`; here it needs no `baseEndpointURL`.
    ///
    /// Example: `--aws-config aws.config.json`
    #[arg(long, value_name = "FILE")]
    pub(crate) aws_config: PathBuf,

    /// Give up after this many seconds
    ///
    /// All calls together, repeated ones included.
    ///
    /// Example: `--timeout 120`
    #[arg(long, value_name = "SECONDS", default_value_t = 600, value_parser = clap::value_parser!(u32).range(1..=86_400))]
    pub(crate) timeout: u32,
}

/// How a command that writes goes about it.
#[derive(Debug, clap::Args)]
pub(crate) struct Care {
    /// Where snapshots and the state of a running command are kept
    ///
    /// The same folder as for `deploy`.
    ///
    /// Example: `--journal /var/lib/bluegate`
    #[arg(long, value_name = "FOLDER", default_value = ".bluegate")]
    pub(crate) journal: PathBuf,

    /// Do not ask before the first write
    ///
    /// Without a terminal nothing is asked anyway.
    ///
    /// Example: `--yes`
    #[arg(short, long)]
    pub(crate) yes: bool,
}

impl Reach {
    /// The run of a command that writes.
    pub(crate) fn turn<'a>(&self, run: &'a str, clock: &'a Clock, emulated: bool) -> Turn<'a> {
        Turn {
            run,
            now: now(),
            // A little longer than the run may take, undoing included.
            lock_seconds: u64::from(self.timeout) + 120,
            emulated,
            clock,
        }
    }
}

/// An API that can be called.
pub(crate) struct Reached {
    pub(crate) environment: Environment,
    /// The stage; empty when none is needed and none is named.
    pub(crate) stage: String,
    pub(crate) runtime: Runtime,
    pub(crate) gateway: Retrying<Client>,
    pub(crate) at: Destination,
    pub(crate) emulated: bool,
}

impl Reach {
    /// Reads the AWS file and finds credentials.
    pub(crate) fn connect(&self, stage: Option<&str>, needs: Needs, terminal: &mut Terminal) -> Result<Reached, Stop> {
        self.connect_with(Inputs::of_aws(&self.aws_config), stage, needs, terminal)
    }

    /// The same, with files that were read already.
    pub(crate) fn connect_with(
        &self,
        mut inputs: Inputs,
        stage: Option<&str>,
        needs: Needs,
        terminal: &mut Terminal,
    ) -> Result<Reached, Stop> {
        let environment = inputs.resolve(stage, needs);
        super::stop_at_errors(&inputs.findings, terminal)?;
        let Some(environment) = environment else {
            return Err(Stop::Findings(Box::new(inputs.findings)));
        };
        let runtime = runtime()?;
        let client = runtime
            .block_on(connect(&environment))
            .map_err(|error| explain_connection(&error))?;
        let at = client.destination().clone();
        let gateway = patient(client, self.timeout, terminal);
        if let Some(account) = &environment.account_id {
            let mut watcher = Watcher {
                terminal,
                yes: false,
                interrupt: None,
            };
            runtime
                .block_on(identify(&gateway, Some(account), &mut watcher))
                .map_err(|error| stop(&error.into(), &at))?;
        }
        Ok(Reached {
            stage: environment.stage.clone().unwrap_or_default(),
            environment,
            runtime,
            emulated: is_emulated(&at),
            gateway,
            at,
        })
    }
}
