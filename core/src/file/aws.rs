//! `aws.config.json`, key by key.

use std::fmt;

use crate::decode::{Decode, record};
use crate::diagnostic::Diagnostics;
use crate::span::{Span, Spanned};
use crate::tree::{Node, Value};

use super::smoke::SmokeEntry;
use super::stage::{Entries, StageEntry};
use super::words::AccessModeWord;

record! {
    /// The AWS file: where and how an API is deployed.
    pub struct AwsFile as "the AWS file" {
        /// The JSON Schema that editors check the file against.
        optional schema("$schema"): String,
        /// The AWS region, such as `eu-west-1`. Default: the one of the environment or profile.
        optional region("region"): Spanned<String>,
        /// The account that the API is in, twelve digits. Deploying with credentials of another one is refused.
        optional account_id("account_id"): Spanned<String>,
        /// Whether an emulator answers, at a host whose name does not say so. It is excused from what it lacks.
        optional emulator("emulator"): bool,
        /// Credentials. Default: the credential chain of the AWS SDK.
        optional aws("aws"): CredentialsEntry,
        /// What is filled in for `${var.NAME}` in the routes file: a text, or texts by stage, with `*` for all others.
        optional variables("variables"): Entries<ByStage>,
        /// The API.
        expected api_gateway("apiGateway"): ApiGatewayEntry,
    }
}

record! {
    /// Credentials for AWS. Leave them out to use the credential chain of the AWS SDK.
    pub struct CredentialsEntry as "the aws section", short "profile" {
        /// The id of a static access key.
        optional access_key_id("access_key_id"): Spanned<Secret>,
        /// The secret of a static access key.
        optional secret_access_key("secret_access_key"): Spanned<Secret>,
        /// The token that belongs to temporary credentials.
        optional session_token("session_token"): Spanned<Secret>,
        /// The profile of the AWS configuration files to use.
        optional profile("profile"): Spanned<String>,
    }
}

record! {
    /// The API on API Gateway.
    pub struct ApiGatewayEntry as "the apiGateway section" {
        /// The API's name.
        optional name("name"): Spanned<String>,
        /// The API's id.
        optional rest_api_id("rest_api_id"): Spanned<String>,
        /// Where the gateway reaches the service, such as `https://backend.example.com/`.
        optional base_endpoint_url("baseEndpointURL"): Spanned<String>,
        /// The Lambda function that the service runs as, in place of `baseEndpointURL`: its name, `name:alias`, or an
        /// ARN.
        optional function("function"): Spanned<String>,
        /// How the API is reached.
        optional endpoint("endpoint"): EndpointEntry,
        /// The stage to deploy to.
        optional stage("stage"): Spanned<String>,
        /// Settings of stages by name. A stage without an entry keeps the settings that it has.
        optional stages("stages"): Entries<StageEntry>,
        /// Requests that show whether a deployment works. One that is answered otherwise undoes it.
        optional smoke("smoke"): Vec<SmokeEntry>,
        /// Where the stage is called by smoke requests. Default: its own address.
        optional smoke_url("smokeURL"): Spanned<String>,
        /// The path under which the API is called. Default: `/` and the stage.
        optional base_path("basePath"): Spanned<String>,
    }
}

record! {
    /// How an API is reached.
    pub struct EndpointEntry as "the endpoint" {
        /// Whether the address that API Gateway gives the API is switched off: callers then need a domain of yours.
        /// Default: false.
        optional disable_execute_api_endpoint("disableExecuteApiEndpoint"): bool,
        /// The VPC endpoints of a private API.
        optional vpc_endpoint_ids("vpcEndpointIds"): Vec<Spanned<String>>,
        /// Which versions of TLS callers may use, by the name of a policy.
        optional security_policy("securityPolicy"): Spanned<String>,
        /// Whether callers must come by the name that their certificate is for: `BASIC` or `STRICT`.
        optional access_mode("accessMode"): Spanned<AccessModeWord>,
    }
}

/// A text: one for all stages, or one by stage.
#[derive(Debug, Clone, PartialEq)]
pub enum ByStage {
    /// For all stages.
    All(String),
    /// By stage. `*` stands for those that are not named.
    Stages(Entries<String>),
}

impl ByStage {
    /// The text of a stage.
    #[must_use]
    pub fn of(&self, stage: Option<&str>) -> Option<&str> {
        match self {
            Self::All(text) => Some(text),
            Self::Stages(texts) => {
                let named = stage.and_then(|stage| texts.get(stage));
                named.or_else(|| texts.get("*")).map(String::as_str)
            }
        }
    }
}

impl Decode for ByStage {
    fn decode(node: &Node<'_>, found: &mut Diagnostics) -> Option<Self> {
        match &node.value {
            Value::Object(_) => Entries::decode(node, found).map(Self::Stages),
            _ => String::decode(node, found).map(Self::All),
        }
    }
}

impl Default for ApiGatewayEntry {
    /// A section without settings.
    fn default() -> Self {
        Self {
            span: Span::default(),
            faulty: Vec::new(),
            name: None,
            rest_api_id: None,
            base_endpoint_url: None,
            function: None,
            endpoint: None,
            stage: None,
            stages: None,
            smoke: None,
            smoke_url: None,
            base_path: None,
        }
    }
}

/// A text that no message, log or debug output shows.
///
/// ```
/// use bluegate_core::Secret;
///
/// let secret = Secret::new("hush");
/// assert_eq!(format!("{secret:?}"), "[secret]");
/// assert_eq!(secret.expose(), "hush");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Hides a text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the one place that signs requests with it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing to hide.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

impl Decode for Secret {
    fn decode(node: &Node<'_>, found: &mut Diagnostics) -> Option<Self> {
        String::decode(node, found).map(Self)
    }
}
