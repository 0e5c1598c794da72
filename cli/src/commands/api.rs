//! An API that can be called, and how a command reads it or changes it.

use std::path::Path;
use std::time::Duration;

use bluegate_core::aws::{Environment, Needs, Service};
use bluegate_deploy::api::{Clock, RetryPolicy, Retrying};
use bluegate_deploy::interrupt::Interrupt;
use bluegate_deploy::sdk::{Client, Destination, connect};
use bluegate_deploy::{Address, Deployer, RunError};
use serde::Serialize;
use tokio::runtime::Runtime;

use crate::args::{AwsArg, Calls, Care, Output, StageArg};
use crate::exit::Exit;
use crate::explain::{explain_connection, stop};
use crate::failure::{Failure, Stop};
use crate::inputs::Inputs;
use crate::terminal::Terminal;

use super::signals;
use super::watcher::Watcher;

/// What calls API Gateway.
pub(super) type Gateway = Retrying<Client>;

/// Which API, and how it is called.
#[derive(Debug, clap::Args)]
pub(crate) struct Reach {
    #[command(flatten)]
    pub(crate) aws: AwsArg,

    #[command(flatten)]
    pub(crate) calls: Calls,
}

impl Reach {
    /// Reads the AWS file and finds credentials.
    pub(super) fn open(&self, stage: Option<&str>, needs: Needs, terminal: &mut Terminal) -> Result<Api, Stop> {
        let inputs = Inputs::of_aws(&self.aws.path(terminal)?);
        self.open_with(inputs, stage, needs, terminal)
    }

    /// The same with files that were read already.
    pub(super) fn open_with(
        &self,
        mut inputs: Inputs,
        stage: Option<&str>,
        needs: Needs,
        terminal: &mut Terminal,
    ) -> Result<Api, Stop> {
        let environment = inputs.resolve(stage, needs);
        terminal.stop_at_errors(&inputs.findings)?;
        let Some(environment) = environment else {
            return Err(Stop::Findings(Box::new(inputs.findings)));
        };
        Api::connect(environment, &self.calls, terminal)
    }
}

/// A stage of an API that a command changes.
#[derive(Debug, clap::Args)]
pub(crate) struct OnStage {
    #[command(flatten)]
    reach: Reach,

    #[command(flatten)]
    stage: StageArg,

    #[command(flatten)]
    care: Care,

    #[command(flatten)]
    output: Output,
}

impl OnStage {
    /// Runs what changes it.
    pub(super) fn write<T>(
        &self,
        terminal: &mut Terminal,
        work: impl AsyncFnOnce(&Deployer<Gateway>, &mut Watcher<'_>) -> Result<T, RunError>,
    ) -> Result<(Api, T), Stop> {
        let api = self.reach.open(self.stage.stage.as_deref(), Needs::Stage, terminal)?;
        let done = api.write(&self.care.journal.journal, self.care.yes, terminal, work)?;
        Ok((api, done))
    }

    /// Prints the deployment that is served now, or all that is known of what was done.
    pub(super) fn print(
        &self,
        api: &Api,
        serves: &str,
        done: &impl Serialize,
        terminal: &mut Terminal,
    ) -> Result<Exit, Stop> {
        #[derive(Serialize)]
        struct Outcome<'a, T> {
            region: &'a str,
            #[serde(flatten)]
            done: &'a T,
        }
        let outcome = Outcome {
            region: &api.at.region,
            done,
        };
        self.output.print(&format!("{serves}\n"), &outcome, terminal)?;
        Ok(Exit::Done)
    }
}

/// An API that can be called.
pub(super) struct Api {
    pub(super) environment: Environment,
    /// The stage; empty when none is needed and none is named.
    pub(super) stage: String,
    pub(super) at: Destination,
    client: Client,
    clock: Clock,
    runtime: Runtime,
}

impl Api {
    /// Finds credentials. Nothing is asked of API Gateway yet.
    pub(super) fn connect(mut environment: Environment, calls: &Calls, terminal: &mut Terminal) -> Result<Self, Stop> {
        environment.emulator |= calls.emulator;
        // One thread is enough for one call after the other.
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| Failure::new("runtime", format!("cannot start: {error}")))?;
        let client = runtime
            .block_on(connect(&environment))
            .map_err(|error| explain_connection(&error))?;
        let at = client.destination().clone();
        if let (Service::Aws, Some(endpoint), None) = (at.service, &at.endpoint, Service::at(at.endpoint.as_deref())) {
            terminal.note(&format!(
                "nothing says that an emulator answers at {endpoint}: it is taken for AWS, and `--emulator` says otherwise"
            ));
        }
        Ok(Self {
            stage: environment.stage.clone().unwrap_or_default(),
            environment,
            at,
            client,
            clock: Clock::within(Duration::from_secs(u64::from(calls.timeout))),
            runtime,
        })
    }

    /// The client, patient as long as the clock allows, which tells about each wait.
    fn gateway(&self, clock: Clock, terminal: &Terminal) -> Gateway {
        let terminal = *terminal;
        Retrying::new(
            self.client.clone(),
            RetryPolicy::default(),
            clock,
            move |error, delay| terminal.step("Waiting", &format!("{:.1} s: {error}", delay.as_secs_f64())),
        )
    }

    /// The region and whose it is, in words.
    pub(super) fn place(&self) -> String {
        let Destination { region, endpoint, .. } = &self.at;
        match (self.at.service, endpoint) {
            (Service::Emulator, Some(endpoint)) => format!("`{region}` of the emulator at {endpoint}"),
            (Service::Emulator, None) => format!("`{region}` of an emulator"),
            (Service::Aws, Some(endpoint)) => format!("`{region}` of AWS, by way of {endpoint}"),
            (Service::Aws, None) => format!("`{region}` of AWS"),
        }
    }

    fn deployer(&self, clock: Clock, terminal: &Terminal) -> Deployer<Gateway> {
        let gateway = self.gateway(clock.clone(), terminal);
        Deployer::new(gateway, clock, self.environment.clone()).at(Address::from(&self.at))
    }

    /// Runs what changes nothing.
    pub(super) fn read<T>(
        &self,
        journal: Option<&Path>,
        terminal: &mut Terminal,
        work: impl AsyncFnOnce(&Deployer<Gateway>, &mut Watcher<'_>) -> Result<T, RunError>,
    ) -> Result<T, Stop> {
        let mut deployer = self.deployer(self.clock.clone(), terminal);
        if let Some(journal) = journal {
            deployer = deployer.with_journal(journal);
        }
        let mut watcher = Watcher::new(terminal, false, Interrupt::default());
        let done = self.runtime.block_on(work(&deployer, &mut watcher));
        done.map_err(|error| stop(&error, &self.at))
    }

    /// Runs what changes something: with a journal, until somebody interrupts it.
    pub(super) fn write<T>(
        &self,
        journal: &Path,
        yes: bool,
        terminal: &mut Terminal,
        work: impl AsyncFnOnce(&Deployer<Gateway>, &mut Watcher<'_>) -> Result<T, RunError>,
    ) -> Result<T, Stop> {
        let interrupt = signals::listen(terminal)?;
        let clock = self.clock.clone().stopped_by(interrupt.clone());
        let deployer = self.deployer(clock, terminal).with_journal(journal);
        self.runtime
            .block_on(self.client.check_credentials(deployer.longest()))
            .map_err(|error| explain_connection(&error))?;
        let mut watcher = Watcher::new(terminal, yes, interrupt);
        let done = self.runtime.block_on(work(&deployer, &mut watcher));
        done.map_err(|error| stop(&error, &self.at))
    }
}
