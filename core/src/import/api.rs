//! An API as a foreign document describes it: what API Gateway makes of it, and what readers of it are told.

use super::item::Item;
use crate::blueprint::Verb;
use crate::span::Span;

/// Names and texts in the order of the document.
pub(super) type Pairs = Vec<(String, String)>;

/// A whole API.
#[derive(Debug, Default)]
pub(super) struct Api {
    pub(super) title: String,
    pub(super) version: Option<String>,
    pub(super) description: Option<String>,
    pub(super) schemes: Vec<Scheme>,
    pub(super) models: Vec<(String, Item)>,
    pub(super) operations: Vec<Operation>,
    pub(super) gateway_responses: Vec<(String, GatewayResponse)>,
    pub(super) policy: Option<Item>,
    pub(super) binary_media_types: Vec<String>,
    pub(super) minimum_compression_size: Option<String>,
    pub(super) api_key_source: Option<String>,
    pub(super) security_policy: Option<String>,
    pub(super) access_mode: Option<String>,
    pub(super) endpoint: Endpoint,
    /// What API Gateway takes and a routes file has no key for, by its key in the document.
    pub(super) raw: Vec<(String, Item)>,
}

/// How an API is reached.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Endpoint {
    pub(super) span: Span,
    pub(super) types: Vec<String>,
    pub(super) vpc_endpoint_ids: Vec<String>,
    pub(super) is_disabled: bool,
    pub(super) others: Pairs,
}

/// A way to prove who calls.
#[derive(Debug)]
pub(super) struct Scheme {
    pub(super) name: String,
    pub(super) span: Span,
    pub(super) proof: Proof,
}

/// What a scheme asks for.
#[derive(Debug)]
pub(super) enum Proof {
    /// A request signed with AWS credentials.
    Signature,
    /// An API key of a usage plan.
    ApiKey,
    /// What an authorizer says.
    Authorizer(Authorizer),
    /// Nothing that API Gateway knows.
    Nothing,
}

/// Who is asked.
#[derive(Debug, PartialEq)]
pub(super) struct Authorizer {
    pub(super) kind: AuthorizerKind,
    pub(super) header: String,
    pub(super) identity: Vec<String>,
    pub(super) pattern: Option<String>,
    pub(super) ttl: Option<String>,
    pub(super) role: Option<String>,
}

/// What kind of authorizer it is, with what only this kind has.
#[derive(Debug, PartialEq)]
pub(super) enum AuthorizerKind {
    Token { uri: String },
    Request { uri: String },
    Cognito { pools: Vec<String> },
}

/// A verb on a path.
#[derive(Debug)]
pub(super) struct Operation {
    /// Without a slash at the end.
    pub(super) path: String,
    pub(super) verb: Verb,
    pub(super) span: Span,
    /// Names of authorizers, `AWS_IAM`, and `NONE` where that is said beside one of them.
    pub(super) authorization: Vec<String>,
    pub(super) scopes: Vec<String>,
    pub(super) api_key: bool,
    pub(super) checks: Checks,
    pub(super) path_parameters: Vec<Parameter>,
    pub(super) query: Vec<Parameter>,
    pub(super) headers: Vec<Parameter>,
    pub(super) body: Vec<(String, Item)>,
    pub(super) answers: Vec<(String, Answer)>,
    pub(super) integration: Option<Integration>,
    pub(super) summary: Option<String>,
    pub(super) description: Option<String>,
    pub(super) tags: Vec<String>,
    pub(super) operation_id: Option<String>,
    pub(super) is_deprecated: bool,
}

/// What of a request is checked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Checks {
    pub(super) body: bool,
    pub(super) parameters: bool,
}

/// A parameter of a request.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Parameter {
    pub(super) name: String,
    pub(super) required: bool,
    pub(super) description: Option<String>,
    pub(super) schema: Option<Item>,
}

/// An answer that an operation declares.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Answer {
    pub(super) description: Option<String>,
    pub(super) headers: Vec<(String, Option<Item>)>,
    pub(super) content: Vec<(String, Item)>,
}

/// What answers a request.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Integration {
    pub(super) span: Span,
    pub(super) kind: Kind,
    pub(super) verb: Option<String>,
    pub(super) uri: String,
    pub(super) vpc_link: Option<String>,
    pub(super) target: Option<String>,
    pub(super) role: Option<String>,
    pub(super) timeout: Option<String>,
    pub(super) parameters: Pairs,
    pub(super) templates: Pairs,
    pub(super) passthrough: Option<String>,
    pub(super) content_handling: Option<String>,
    pub(super) cache_keys: Vec<String>,
    pub(super) cache_namespace: Option<String>,
    pub(super) skips_verification: bool,
    pub(super) transfer: Option<String>,
    pub(super) responses: Vec<(String, IntegrationResponse)>,
}

/// The type of an integration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Aws,
    AwsProxy,
    Http,
    HttpProxy,
    Mock,
}

impl Kind {
    pub(super) const ALL: [(&'static str, Kind); 5] = [
        ("aws", Kind::Aws),
        ("aws_proxy", Kind::AwsProxy),
        ("http", Kind::Http),
        ("http_proxy", Kind::HttpProxy),
        ("mock", Kind::Mock),
    ];

    pub(super) fn is_proxy(self) -> bool {
        matches!(self, Kind::AwsProxy | Kind::HttpProxy)
    }

    pub(super) fn is_http(self) -> bool {
        matches!(self, Kind::Http | Kind::HttpProxy)
    }
}

/// What becomes of an answer of the backend.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct IntegrationResponse {
    pub(super) status: Option<String>,
    pub(super) parameters: Pairs,
    pub(super) templates: Pairs,
    pub(super) content_handling: Option<String>,
}

/// An answer of the gateway itself.
#[derive(Debug, Default, PartialEq)]
pub(super) struct GatewayResponse {
    pub(super) status: Option<String>,
    pub(super) parameters: Pairs,
    pub(super) templates: Pairs,
}
