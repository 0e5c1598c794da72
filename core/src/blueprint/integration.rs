//! How the gateway gets an answer.

use crate::file::{Amount, ContentHandlingWord, PassthroughWord};

use super::Verb;

/// How the gateway gets an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Integration {
    /// Who answers.
    pub backend: Backend,
    /// Over which network.
    pub connection: Connection,
    /// Whether the gateway passes requests and responses through untouched.
    pub proxy: bool,
    /// The verb towards who answers.
    pub verb: Verb,
    /// What most routes do without.
    pub mapping: Option<Box<Mapping>>,
}

/// Who answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Backend {
    /// The service that is built from the file.
    Service,
    /// Another HTTP service, by the URL of the route.
    Http {
        /// The whole URL, with path parameters in braces.
        url: String,
    },
    /// A Lambda function: its name, `name:alias`, an ARN, or the URI of its invocation.
    Function(String),
    /// An AWS service, by the URI of the call.
    AwsService {
        /// `arn:aws:apigateway:REGION:s3:path/BUCKET/KEY`.
        uri: String,
    },
    /// The gateway itself.
    Answer,
    /// Nobody: the route is only declared.
    Nobody,
}

/// The network between the gateway and the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Connection {
    /// The public internet.
    Internet,
    /// A VPC link.
    VpcLink {
        /// The link's id, or a stage variable such as `${stageVariables.link}`.
        id: String,
        /// The ARN of the load balancer behind a link V2.
        target: Option<String>,
    },
}

impl Connection {
    /// As API Gateway spells it: `INTERNET` or `VPC_LINK`.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Connection::Internet => "INTERNET",
            Connection::VpcLink { .. } => "VPC_LINK",
        }
    }
}

/// What becomes of requests and answers on the way, as API Gateway spells it. What is absent is as API Gateway has it by
/// itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping {
    /// What the service gets: `integration.request.header.X`, by where it comes from.
    pub parameters: Vec<(String, String)>,
    /// Templates for the body of the request, by media type.
    pub templates: Vec<(String, String)>,
    /// What happens to bodies without a template.
    pub passthrough: Option<PassthroughWord>,
    /// What becomes of bytes and texts of requests.
    pub content_handling: Option<ContentHandlingWord>,
    /// How long an answer may take, in milliseconds.
    pub timeout: Option<Amount>,
    /// The role that calls.
    pub role: Option<String>,
    /// Whether answers are passed on while they come.
    pub streams: bool,
    /// Whether any certificate of the service will do.
    pub skips_verification: bool,
    /// The parameters that tell kept answers apart.
    pub cache_keys: Vec<String>,
    /// The cache that answers are kept in.
    pub cache_namespace: Option<String>,
    /// Answers by a regular expression for the status or error, or `default`, if the file says them.
    pub responses: Option<Vec<(String, IntegrationResponse)>>,
}

/// What becomes of an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IntegrationResponse {
    /// The status that callers get.
    pub status: String,
    /// Headers that callers get: `method.response.header.X`, by where they come from.
    pub parameters: Vec<(String, String)>,
    /// Templates for the body, by media type.
    pub templates: Vec<(String, String)>,
    /// What becomes of bytes and texts.
    pub content_handling: Option<ContentHandlingWord>,
}

impl IntegrationResponse {
    /// The names of the headers that it sets.
    pub fn headers(&self) -> impl Iterator<Item = &str> {
        let names = self.parameters.iter();
        names.filter_map(|(name, _)| name.strip_prefix("method.response.header."))
    }
}
