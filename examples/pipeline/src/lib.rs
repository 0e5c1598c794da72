//! A deployment pipeline of one's own on the library that the command `bluegate` is made of.
//!
//! It plans, stops where a guard refuses, deploys, and writes each event as a line of JSON, for whatever reads the log
//! of the job.

use std::error::Error;
use std::io::Write;
use std::path::Path;

use bluegate_core::aws::{Environment, Needs};
use bluegate_core::openapi::{self, Document, Target};
use bluegate_core::{Mode, Outcome, Source, read_aws, read_blueprint};
use bluegate_deploy::api::ApiGateway;
use bluegate_deploy::{Deploy, Deployer, Event, RunError};

/// The document of a routes file, and where an AWS file says that it goes.
///
/// # Errors
///
/// When a file cannot be read, or has errors: all of them, a line each.
pub fn read(routes: &Path, aws: &Path) -> Result<(Document, Environment), Box<dyn Error>> {
    let source =
        |path: &Path| Ok::<_, std::io::Error>(Source::new(path.display().to_string(), std::fs::read_to_string(path)?));
    let aws = good(read_aws(&source(aws)?.secret()))?;
    let environment = good(Environment::resolve(&aws, None, Needs::Deployment))?;
    let blueprint = good(read_blueprint(&source(routes)?, Mode::Strict))?;
    Ok((openapi::document(&blueprint, &Target::of(&environment)), environment))
}

fn good<T>(outcome: Outcome<T>) -> Result<T, Box<dyn Error>> {
    let (value, _) = outcome.into_result().map_err(|found| {
        let lines: Vec<String> = found
            .iter()
            .map(|one| format!("{}: {}", one.code, one.message))
            .collect();
        lines.join("\n")
    })?;
    Ok(value)
}

/// What is to be done with a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// Look, and write nothing.
    AfterPlan,
    /// Deploy what the plan says, unless a guard refuses it.
    Never,
}

/// Plans and deploys a document, and writes what happens to `out`, a line each. Gives the deployment that serves it.
///
/// # Errors
///
/// [`RunError`], which says what state things were left in.
pub async fn run<G: ApiGateway>(
    deployer: &Deployer<G>,
    document: &Document,
    stop: Stop,
    out: &mut (impl Write + Send),
) -> Result<Option<String>, RunError> {
    let mut log = |event: &Event| {
        // A log that nobody takes stops no deployment.
        if let Ok(line) = serde_json::to_string(event) {
            let _ = writeln!(out, "{line}");
        }
    };
    let order = Deploy::of(document);
    if stop == Stop::AfterPlan {
        let plan = Box::new(deployer.plan(&order, &mut log).await?);
        log(&Event::Planned { plan });
        return Ok(None);
    }
    let deployed = deployer.deploy(&order, &mut log).await?;
    Ok(Some(deployed.deployment_id))
}
