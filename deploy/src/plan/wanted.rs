//! What is asked of a plan.

use std::collections::BTreeSet;

use bluegate_core::aws::StageSettings;
use bluegate_core::gateway::Definition;
use bluegate_core::openapi::Document;
use bluegate_core::stage_variables;

use crate::api::Stage;
use crate::read::{Marker, Needs, Reading};

use super::guards::{Allow, LATEST};
use super::permissions::{Calls, Invoker};
use super::stage_settings::{Declared as _, stage_variables_of};

/// What is wanted.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// The document.
    pub document: &'a Document,
    /// Its digest.
    pub digest: &'a str,
    /// The name that the AWS file gives the API.
    pub name: Option<&'a str>,
    /// The stage.
    pub stage: &'a str,
    /// The region and the account of the API; without them nobody can say by which calls functions are called.
    pub place: Option<(&'a str, &'a str)>,
    /// What the file declares of the stage.
    pub stage_settings: &'a StageSettings,
    /// How many percent of the stage's traffic go to the new deployment; `None` for all of it, without a canary.
    pub canary: Option<f64>,
    /// What guards are told to permit.
    pub allow: Allow,
}

/// What a run that died has to do with the next one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Past {
    /// Whether it may have left the API half changed.
    pub interrupted: bool,
    /// What it took from the API and comes back, in words.
    pub back: Vec<&'static str>,
}

/// Whether a setting of a stage makes API Gateway write to CloudWatch. To Firehose it writes with a role of its own
/// ([logging](https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html)).
fn writes_logs(name: &str, value: &str) -> bool {
    match name {
        "/accessLogSettings/destinationArn" => value.contains(":logs:"),
        name => name.ends_with("/logging/loglevel") && value != "OFF",
    }
}

impl Wanted<'_> {
    /// What a deployment to a stage needs besides the API: the VPC links that the document names by their ids, and a
    /// role for logs that the stage does not write yet.
    #[must_use]
    pub fn needs(&self, stage: Option<&Stage>) -> Needs {
        let changes = self.stage_settings.missing(stage).values;
        Needs {
            links: self.links(),
            log_role: self.canary.is_none() && changes.iter().any(|(name, value)| writes_logs(name, value)),
            ..Needs::default()
        }
    }

    /// The functions that an API calls, and those that it called before.
    #[must_use]
    pub fn function_needs(&self, reading: Option<&Reading>) -> Needs {
        let stage = reading.and_then(|reading| reading.stage(self.stage));
        let served = reading.and_then(|reading| reading.served.as_ref());
        let left = served.and_then(Marker::of).map(|marker| marker.left);
        let calls = match self.place {
            Some(_) => self.calls(stage),
            None => Calls::default(),
        };
        let now = self.calls_now(stage);
        let former = left.into_iter().flatten().chain(now.functions().cloned());
        // That has no policy of which anything could be taken.
        let former = former.filter(|function| !function.ends_with(LATEST));
        Needs {
            functions: calls.functions().cloned().collect(),
            former_functions: former.filter(|_| self.place.is_some()).collect(),
            ..Needs::default()
        }
    }

    /// The calls of functions that the stage will make without a role.
    #[must_use]
    pub fn calls(&self, stage: Option<&Stage>) -> Calls {
        let declared = Some(self.stage_settings).filter(|_| self.canary.is_none());
        Calls::of(
            &Definition::from(self.document),
            self.stage,
            &stage_variables_of(stage, declared),
        )
    }

    /// Those that it makes by the document as long as its variables are what they are.
    #[must_use]
    pub(super) fn calls_now(&self, stage: Option<&Stage>) -> Calls {
        Calls::of(
            &Definition::from(self.document),
            self.stage,
            &stage_variables_of(stage, None),
        )
    }

    /// The functions of whose names the variables of the stage make nothing that can be called.
    #[must_use]
    pub fn impossible_functions(&self, stage: Option<&Stage>) -> Vec<String> {
        let declared = Some(self.stage_settings).filter(|_| self.canary.is_none());
        Calls::impossible(&Definition::from(self.document), &stage_variables_of(stage, declared))
    }

    /// Who makes them; the id of an API that is to be created is `*`.
    #[must_use]
    pub fn invoker(&self, rest_api_id: &str) -> Option<Invoker> {
        let (region, account) = self.place?;
        Some(Invoker::new(region, account, rest_api_id, self.stage))
    }

    fn links(&self) -> BTreeSet<String> {
        let operations = self.document.paths.iter().flat_map(|(_, item)| item.operations.iter());
        operations
            .filter_map(|(_, operation)| operation.integration.as_ref())
            // A link that needs to be told the load balancer is of the newer kind, which this API does not look up.
            .filter(|integration| integration.integration_target.is_none())
            .filter_map(|integration| integration.connection_id.clone())
            .filter(|id| !id.is_empty() && !id.contains("${"))
            .collect()
    }

    /// The stage variables that integrations and authorizers refer to, and that the stage would not have: neither now nor by what the
    /// file declares, which a canary leaves for later.
    #[must_use]
    pub fn undefined_variables(&self, stage: Option<&Stage>) -> Vec<&str> {
        let operations = self.document.paths.iter().flat_map(|(_, item)| item.operations.iter());
        let texts = operations.flat_map(|(_, operation)| {
            let integration = operation.integration.iter();
            integration.flat_map(|one| [&one.uri, &one.connection_id].into_iter().flatten())
        });
        let schemes = self.document.components.security_schemes.iter();
        let asked = schemes.filter_map(|(_, scheme)| scheme.authorizer.as_ref()?.authorizer_uri.as_ref());
        let used: BTreeSet<&str> = texts.chain(asked).flat_map(|text| stage_variables(text)).collect();
        let has = |name: &&str| {
            let key = format!("/variables/{name}");
            let is_declared = self.canary.is_none() && self.stage_settings.values.contains_key(&key);
            is_declared
                || stage.is_some_and(|stage| stage.variables.contains_key(*name) || stage.settings.contains_key(&key))
        };
        used.into_iter().filter(|name| !has(name)).collect()
    }
}
