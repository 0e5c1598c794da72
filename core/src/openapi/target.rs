//! What the document needs to know about the API on AWS.

use super::document::{Map, Server, ServerVariable};
use crate::aws::{Environment, Partition};

/// The API that a document is for. The default is one whose AWS file is not known yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    name: Option<String>,
    rest_api_id: Option<String>,
    region: Option<String>,
    base_path: Option<String>,
    /// Without a slash at its end.
    backend: String,
}

/// Where the service is, when no AWS file says it: a stage variable says it later.
const BACKEND_VARIABLE: &str = "https://${stageVariables.backend}";

impl Default for Target {
    fn default() -> Self {
        Self {
            name: None,
            rest_api_id: None,
            region: None,
            base_path: None,
            backend: BACKEND_VARIABLE.to_owned(),
        }
    }
}

impl Target {
    /// The API of an environment.
    #[must_use]
    pub fn of(environment: &Environment) -> Self {
        let stage = &environment.stage;
        Self {
            name: environment.name.clone(),
            rest_api_id: environment.rest_api_id.clone(),
            region: environment.region.clone(),
            base_path: environment.base_path.as_ref().or(stage.as_ref()).cloned(),
            backend: environment
                .backend
                .clone()
                .unwrap_or_else(|| BACKEND_VARIABLE.to_owned()),
        }
    }

    /// The API's name on AWS.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The URL of a path of the service, joined with exactly one slash.
    pub(super) fn uri(&self, path: &str) -> String {
        format!("{}{path}", self.backend)
    }

    /// Where the deployed API answers. The base path is the stage.
    pub(super) fn server(&self) -> Server {
        let mut variables = Map::new();
        let mut host = String::from("https://");
        for (value, name, fallback) in [
            (&self.rest_api_id, "restApiId", "api-id"),
            (&self.region, "region", "us-east-1"),
        ] {
            if name == "region" {
                host.push_str(".execute-api.");
            }
            match value.as_deref().filter(|value| is_label(value)) {
                Some(value) => host.push_str(value),
                None => {
                    host.push_str(&format!("{{{name}}}"));
                    variables.push(
                        name,
                        ServerVariable {
                            default: value.clone().unwrap_or_else(|| fallback.to_owned()),
                            ..ServerVariable::default()
                        },
                    );
                }
            }
        }
        let domain = Partition::of(self.region.as_deref().unwrap_or_default()).dns_suffix;
        let base_path = self.base_path.as_deref().unwrap_or("stage");
        variables.push(
            "basePath",
            ServerVariable {
                default: base_path.to_owned(),
                ..ServerVariable::default()
            },
        );
        Server {
            url: format!("{host}.{domain}/{{basePath}}"),
            variables,
            ..Server::default()
        }
    }
}

/// Whether a text can be a label of a host name as it is.
fn is_label(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}
