//! The files of a moment, and the gateway that they make.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use bluegate_core::aws::{Environment, Needs, is_this_machine};
use bluegate_core::openapi::Document;
use bluegate_core::{Blueprint, Mode, types};
use bluegate_gateway::plane::{ApiKey, Credential, UsagePlan};
use bluegate_gateway::service::Gateway;

use crate::args::{Files, Reading};
use crate::inputs::Unset;
use crate::render::Findings;

/// Where a service is that nobody says anything of.
const BACKEND: &str = "http://127.0.0.1:3000";

/// What is served, and how.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub(super) arguments: Files,
    pub(super) routes: PathBuf,
    pub(super) aws: Option<PathBuf>,
    /// Where an AWS file may come to be.
    pub(super) aws_by_name: Option<PathBuf>,
    pub(super) stage: Option<String>,
    pub(super) backend: Option<String>,
    /// Whether the service is started here.
    pub(super) has_run: bool,
    /// Where functions are called.
    pub(super) functions: Option<String>,
    /// The API keys that are known.
    pub(super) keys: Vec<String>,
    /// Who may sign, beside the key `test`.
    pub(super) credentials: Vec<Credential>,
}

/// What can be served.
pub(super) struct Version {
    pub(super) gateway: Gateway,
    pub(super) document: Arc<Document>,
    pub(super) blueprint: Blueprint,
    /// The URL of the service.
    pub(super) backend: String,
    /// Why the service is looked for there and not where the AWS file says.
    pub(super) note: Option<String>,
    /// The digest of the routes file.
    pub(super) digest: Option<String>,
}

/// What was read of the files.
pub(super) struct Read {
    /// None if there are errors.
    pub(super) version: Option<Version>,
    pub(super) findings: Findings,
    /// The files, those that the routes file names too.
    pub(super) files: Vec<PathBuf>,
}

impl Wanted {
    /// The files that are known before one is read.
    pub(super) fn files(&self) -> Vec<PathBuf> {
        let files = [&self.routes].into_iter().chain(&self.aws).chain(&self.aws_by_name);
        files.cloned().chain([types::beside(&self.routes)]).collect()
    }

    pub(super) fn read(&self) -> Read {
        let reading = Reading::of(Mode::Strict, Unset::Warns);
        let by_name = self.aws_by_name.as_deref().filter(|path| path.exists());
        let aws = self.aws.as_deref().or(by_name);
        let inputs = self.arguments.read_at(&self.routes, aws, reading);
        let mut inputs = inputs.on_this_machine();
        let environment = inputs.resolve(self.stage.as_deref(), Needs::Nothing);
        let mut environment = environment.unwrap_or_default();
        let note = self.place(&mut environment);
        let document = inputs.document(Some(&environment));
        let files = self.files().into_iter().chain(inputs.named_files()).collect();
        let version = document.and_then(|document| {
            Some(Version {
                gateway: self.gateway(&document, &environment),
                document: Arc::new(document),
                blueprint: inputs.blueprint.take()?,
                backend: environment.backend.unwrap_or_default(),
                note,
                digest: inputs.routes_digest(),
            })
        });
        Read {
            version,
            findings: inputs.findings,
            files,
        }
    }

    /// Says where the service is, and why not where the file says.
    fn place(&self, environment: &mut Environment) -> Option<String> {
        let runs_elsewhere = self.backend.is_none() && !self.has_run && self.functions.is_some();
        if environment.function.is_some() && runs_elsewhere {
            return None;
        }
        place(self.backend.as_deref(), environment)
    }

    fn gateway(&self, document: &Document, environment: &Environment) -> Gateway {
        let mut gateway = Gateway::from_environment(document, environment);
        let stage = gateway.stage();
        // Values are no names: they are not shown.
        let numbered = self.keys.iter().zip(1..);
        let keys: Vec<ApiKey> = numbered
            .map(|(value, number)| ApiKey {
                id: format!("key-{number}"),
                name: format!("key-{number}"),
                value: value.clone(),
                is_enabled: true,
            })
            .collect();
        let plan = UsagePlan {
            id: "dev".to_owned(),
            name: "dev".to_owned(),
            description: None,
            stages: vec![(stage.rest_api_id.clone(), stage.name.clone())],
            keys: keys.iter().map(|key| key.id.clone()).collect(),
            quota: None,
            throttle: None,
            methods: BTreeMap::new(),
        };
        let test = Credential {
            arn: format!("arn:aws:iam::{}:user/test", stage.account_id),
            ..Credential::test()
        };
        if let Some(url) = &self.functions {
            gateway = gateway.functions_at(url);
        }
        gateway.with_gate(|gate| {
            gate.credentials = [test].into_iter().chain(self.credentials.iter().cloned()).collect();
            gate.usage.plans = vec![plan];
            gate.usage.keys = keys;
        })
    }
}

/// Where a service is that is on this machine: where somebody says, or the file if that is here too.
fn place(given: Option<&str>, environment: &mut Environment) -> Option<String> {
    let written = environment.function.take().or_else(|| environment.backend.clone());
    let here = environment.backend.take().filter(|url| is_this_machine(url));
    let note = match (given, &here, written) {
        (None, None, Some(written)) => Some(format!(
            "the AWS file says that the service is `{written}`; here it is called at {BACKEND}, or at `--backend`"
        )),
        _ => None,
    };
    environment.backend = given.map(str::to_owned).or(here).or_else(|| Some(BACKEND.to_owned()));
    note
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_service_is_looked_for_on_this_machine() {
        let of = |url: &str| Environment {
            backend: Some(url.to_owned()),
            ..Environment::default()
        };
        let function = Environment {
            function: Some("shop".to_owned()),
            ..Environment::default()
        };
        for (environment, given, expected, has_note) in [
            (Environment::default(), None, BACKEND, false),
            (
                of("http://127.0.0.1:4000/shop"),
                None,
                "http://127.0.0.1:4000/shop",
                false,
            ),
            (of("https://shop.example.com"), None, BACKEND, true),
            (of("https://${stageVariables.host}"), None, BACKEND, true),
            (
                of("https://shop.example.com"),
                Some("http://localhost:5"),
                "http://localhost:5",
                false,
            ),
            (
                of("http://127.0.0.1:4000"),
                Some("http://localhost:5"),
                "http://localhost:5",
                false,
            ),
            (function, None, BACKEND, true),
        ] {
            let mut placed = environment.clone();
            let note = place(given, &mut placed);
            assert_eq!(placed.backend.as_deref(), Some(expected), "{environment:?}");
            assert_eq!(placed.function, None);
            assert_eq!(note.is_some(), has_note, "{environment:?}: {note:?}");
        }
    }
}
