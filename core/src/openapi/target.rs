//! What the document needs to know about the API on AWS.

use super::document::{EndpointConfiguration, Map, Server, ServerVariable};
use crate::aws::{Endpoint, Environment, Partition, invocation_uri};

/// The API that a document is for. The default is one whose AWS file is not known yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    name: Option<String>,
    rest_api_id: Option<String>,
    region: Option<String>,
    account_id: Option<String>,
    base_path: Option<String>,
    /// Without a slash at its end.
    backend: String,
    /// The function that the service runs as.
    function: Option<String>,
    endpoint: Endpoint,
    /// Where callers reach it, if that is another place than API Gateway's own.
    #[cfg(feature = "types")]
    server: Option<String>,
}

/// Where the service is, when no AWS file says it: a stage variable says it later.
const BACKEND_VARIABLE: &str = "https://${stageVariables.backend}";

impl Default for Target {
    fn default() -> Self {
        Self {
            name: None,
            rest_api_id: None,
            region: None,
            account_id: None,
            base_path: None,
            backend: BACKEND_VARIABLE.to_owned(),
            function: None,
            endpoint: Endpoint::default(),
            #[cfg(feature = "types")]
            server: None,
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
            account_id: environment.account_id.clone(),
            function: environment.function.clone(),
            endpoint: environment.endpoint.clone(),
            #[cfg(feature = "types")]
            server: None,
        }
    }

    /// The same, reached by its callers at another place than API Gateway's own, such as a domain of one's own.
    #[cfg(feature = "types")]
    #[must_use]
    pub fn reached_at(mut self, url: impl Into<String>) -> Self {
        self.server = Some(url.into());
        self
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

    /// The URI that calls the service, if it runs as a function.
    pub(super) fn service_invocation(&self) -> Option<String> {
        self.function.as_deref().map(|function| self.invocation(function))
    }

    /// The URI that calls a function.
    pub(super) fn invocation(&self, function: &str) -> String {
        invocation_uri(function, self.region.as_deref(), self.account_id.as_deref())
    }

    /// How the API is reached.
    pub(super) fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Where callers reach the API, as far as it is known.
    #[cfg(feature = "types")]
    pub(crate) fn public_servers(&self) -> Vec<Server> {
        let is_known = self.rest_api_id.is_some() && self.endpoint.is_disabled != Some(true);
        let mut server = if is_known { self.server() } else { Server::default() };
        server.endpoint = None;
        match &self.base_path {
            _ if self.server.is_some() => {
                server.url = self.server.clone().unwrap_or_default();
                server.variables = Map::new();
            }
            _ if !is_known => "/".clone_into(&mut server.url),
            Some(base_path) => {
                server.url = server.url.replace("{basePath}", base_path);
                server.variables.retain(|name| name != "basePath");
            }
            None => {}
        }
        vec![server]
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
            endpoint: (self.endpoint.is_disabled.is_some() || !self.endpoint.vpc_endpoint_ids.is_empty()).then(|| {
                EndpointConfiguration {
                    vpc_endpoint_ids: self.endpoint.vpc_endpoint_ids.clone(),
                    disable_execute_api_endpoint: self.endpoint.is_disabled,
                    ..EndpointConfiguration::default()
                }
            }),
            ..Server::default()
        }
    }
}

/// Whether a text can be a label of a host name as it is.
fn is_label(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}
