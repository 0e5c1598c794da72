//! What a stage on AWS serves, as a document that is imported.

use bluegate_core::aws::{Environment, Needs};
use bluegate_core::import::LiveStage;
use bluegate_core::{Source, read_aws};
use serde_json::{Map, Value, json};

use crate::args::{Calls, region, stage_name};
use crate::commands::api::Api;
use crate::failure::{Failure, Stop};
use crate::render::Findings;
use crate::terminal::Terminal;

/// An API on AWS whose document is imported.
#[derive(Debug, clap::Args)]
pub(super) struct Live {
    /// Import what a stage of this API serves, from AWS
    ///
    /// The credentials are those of the environment, a profile, SSO, the container or the instance, as with any AWS tool.
    /// AWS_ENDPOINT_URL is honoured. The AWS file names the API, the stage and its variables.
    ///
    /// Example: `--api-id a1b2c3d4e5`
    #[arg(long, value_name = "ID", value_parser = api_id, group = "source", conflicts_with = "resource")]
    api_id: Option<String>,

    /// The stage that is read: API Gateway exports stages, and no draft
    ///
    /// Default: the only one that the API has.
    ///
    /// Example: `--stage prod`
    #[arg(long, value_name = "NAME", value_parser = stage_name, conflicts_with = "document")]
    stage: Option<String>,

    /// The region of the API
    ///
    /// Default: that of the environment or the profile.
    ///
    /// Example: `--region eu-west-1`
    #[arg(long, value_name = "REGION", value_parser = region, conflicts_with = "document")]
    region: Option<String>,

    #[command(flatten)]
    calls: Calls,
}

fn api_id(text: &str) -> Result<String, String> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Ok(text.to_owned());
    }
    Err("an id of an API is made of letters and digits, such as a1b2c3d4e5".to_owned())
}

/// What there is to do about a failure where no AWS file is written yet.
fn without_a_file(failure: Failure) -> Failure {
    match failure.kind {
        "no_region" => failure.with_help("add the region of the API, such as `--region eu-west-1`, or set AWS_REGION"),
        "not_found" => failure.with_help(
            "check `--api-id` and `--region`, and that the credentials belong to the account of the API: \
             `aws apigateway get-rest-apis` lists the APIs that there are",
        ),
        _ => failure,
    }
}

impl Live {
    /// Reads the document, and where it was read.
    pub(super) fn read(&self, terminal: &mut Terminal) -> Result<(Source, LiveStage), Stop> {
        self.exported(terminal).map_err(|stop| match stop {
            Stop::Failure(failure) => Stop::Failure(without_a_file(failure)),
            Stop::Ended(failure, exit) => Stop::Ended(without_a_file(failure), exit),
            other => other,
        })
    }

    fn exported(&self, terminal: &mut Terminal) -> Result<(Source, LiveStage), Stop> {
        let id = self.api_id.as_deref().unwrap_or_default();
        let api = self.open(id, terminal)?;
        let whole = api.read(None, terminal, async |deployer, watcher| deployer.whole(watcher).await)?;
        let stage = LiveStage {
            region: api.at.region.clone(),
            rest_api_id: whole.api.id,
            name: whole.stage.name,
            variables: whole.stage.variables,
        };
        // Findings point at lines of it.
        let source = Source::new(format!("{id}/{}", stage.name), whole.document.to_json_pretty());
        Ok((source, stage))
    }

    /// The API, as an AWS file would name it.
    fn open(&self, id: &str, terminal: &mut Terminal) -> Result<Api, Stop> {
        let mut gateway = Map::from_iter([("rest_api_id".to_owned(), json!(id))]);
        gateway.extend(self.stage.as_ref().map(|stage| ("stage".to_owned(), json!(stage))));
        let mut file = Map::from_iter([("apiGateway".to_owned(), Value::Object(gateway))]);
        file.extend(self.region.as_ref().map(|region| ("region".to_owned(), json!(region))));
        let source = Source::new("aws.config.json", Value::Object(file).to_string());
        let resolved = read_aws(&source)
            .into_result()
            .and_then(|(file, _)| Environment::resolve(&file, None, Needs::Api).into_result());
        let (environment, _) = resolved.map_err(|found| {
            let mut findings = Findings::default();
            findings.add(source, found);
            Stop::Findings(Box::new(findings))
        })?;
        Api::connect(environment, &self.calls, terminal)
    }
}
