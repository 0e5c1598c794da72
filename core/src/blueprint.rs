//! What a routes file means: one [`Route`] per path and verb, computed once.
//!
//! Everything that reads an API reads a [`Blueprint`]: the macros, the document, the command line. Nothing
//! behind it joins a path, changes the case of a verb or applies a default.

mod access;
mod contract;
mod gateway;
mod integration;
mod preflight;

use std::sync::Arc;

pub(crate) use access::SIGNATURE;
pub use access::{Authorization, Authorizer};
pub use contract::{Contract, DeclaredAnswer, ParameterForm, RequestParameter};
pub use gateway::{GATEWAY_RESPONSES, Gateway, GatewayResponse};
pub use integration::{Backend, Connection, Integration, IntegrationResponse, Mapping};
#[cfg(feature = "openapi")]
pub(crate) use preflight::ALLOW_CREDENTIALS;
pub(crate) use preflight::ALLOW_ORIGIN;
#[cfg(feature = "import")]
pub(crate) use preflight::USUAL_HEADERS;

use crate::converter::Converter;
use crate::span::Span;
use crate::words::words;

/// An API, with every default applied.
#[derive(Debug, Clone, PartialEq)]
pub struct Blueprint {
    /// The API's name in the file.
    pub name: String,
    /// The title that the file gives the API, if it gives one.
    pub title: Option<String>,
    /// What the file says about the API.
    pub description: Option<String>,
    /// The version that the file gives the API, if it gives one.
    pub version: Option<String>,
    /// What stands before every path of the service: empty, or `/api/v1` without a slash at its end.
    pub url_prefix: String,
    /// How the service answers what no handler answers.
    pub manners: Manners,
    /// The resources, in the order of the file.
    pub resources: Vec<Resource>,
    /// The paths of all methods of the file, those without actions too.
    pub paths: Vec<Arc<RoutePath>>,
    /// The routes, in the order of the file.
    pub routes: Vec<Route>,
    /// The paths whose CORS preflight the gateway answers, in the order of the file.
    pub preflights: Vec<Preflight>,
    /// What the gateway has beside the routes.
    pub gateway: Gateway,
}

words! {
    /// How a service answers what no handler answers.
    #[derive(Default)]
    pub enum Manners {
        /// As Flask: values are looked at to find the route, slashes are redirected, bodies are JSON.
        #[default]
        Flask = "flask",
        /// As axum: the path alone finds the route, and extractors refuse values.
        Axum = "axum",
    }
}

/// A group of routes that one Rust type serves.
#[derive(Debug, Clone, PartialEq)]
pub struct Resource {
    /// The name that `#[resource(name = "...")]` repeats.
    pub name: String,
    /// Where the name is declared.
    pub span: Span,
}

/// One verb on one path.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    /// Index into [`Blueprint::resources`].
    pub resource: usize,
    /// The verb.
    pub verb: Verb,
    /// The method of the resource's Rust type that serves it. `None`: somebody else than the service answers.
    pub handler: Option<String>,
    /// The path, in each of its spellings.
    pub path: Arc<RoutePath>,
    /// Whether a slash at the end of a request's path matters, as in Flask.
    pub strict_slashes: bool,
    /// Who may call it.
    pub authorization: Authorization,
    /// The scopes of which a token needs one.
    pub scopes: Vec<String>,
    /// Whether callers need an API key.
    pub api_key: bool,
    /// Cross-origin access, when the file switches it on.
    pub cors: Option<Arc<Cors>>,
    /// How the gateway gets an answer.
    pub integration: Integration,
    /// What it takes and gives, when the file says it.
    pub contract: Option<Box<Contract>>,
    /// What the file says about it for readers.
    pub docs: Docs,
    /// The action in the file.
    pub span: Span,
    /// The JSON pointer of the action in the file, such as `/blueprint/resources/0/methods/1/actions/0`.
    pub pointer: String,
}

/// A path and its spellings.
#[derive(Debug, Clone, PartialEq)]
pub struct RoutePath {
    /// On the gateway: `/users/{id}`, `/files/{name+}`, `/`.
    pub gateway: String,
    /// Of the service, as people read it: `url_prefix` and the path, `/api/users/{id}`.
    pub service: String,
    /// For axum's router: `/api/users/{id}`, `/api/files/{*name}`.
    pub axum: String,
    /// What axum's router has to know beside that where a slash at the end does not matter: the path without the slash, or
    /// with one more than it has. The first of them is the other path that serves the route.
    pub axum_loose: Vec<String>,
    /// For the integration's URI: as [`service`](Self::service), with greedy parameters as plain `{name}`.
    pub backend: String,
    /// The segments of the gateway's path.
    pub segments: Vec<Segment>,
    /// How many segments `url_prefix` has.
    pub prefix_segments: usize,
    /// Whether the service's path ends with a slash. The gateway has no such paths.
    pub trailing_slash: bool,
    /// The method in the file that declares the path.
    pub span: Span,
}

impl RoutePath {
    /// The parameters in the order of the path.
    pub fn parameters(&self) -> impl Iterator<Item = &Parameter> {
        self.segments.iter().filter_map(|segment| match segment {
            Segment::Parameter(parameter) => Some(parameter),
            Segment::Literal(_) => None,
        })
    }
}

/// What stands between two slashes.
#[derive(Debug, Clone, PartialEq)]
pub enum Segment {
    /// Fixed text.
    Literal(String),
    /// A parameter; it always takes a whole segment, or all the rest when it is greedy.
    Parameter(Parameter),
}

/// A path parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// What values it takes.
    pub converter: Converter,
    /// Whether it takes the rest of the path, slashes included.
    pub greedy: bool,
    /// The bytes of axum's path between the parameter before it, or the path's start, and this one.
    pub offset: usize,
    /// Where it is declared.
    pub span: Span,
}

words! {
    /// An HTTP verb as API Gateway knows them.
    pub enum Verb {
        /// GET.
        Get = "GET",
        /// POST.
        Post = "POST",
        /// PUT.
        Put = "PUT",
        /// PATCH.
        Patch = "PATCH",
        /// DELETE.
        Delete = "DELETE",
        /// HEAD.
        Head = "HEAD",
        /// OPTIONS.
        Options = "OPTIONS",
        /// Every verb that the path does not name itself.
        Any = "ANY",
    }
}

/// The key of what answers every verb
/// ([x-amazon-apigateway-any-method](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-any-method.html)).
const ANY_METHOD: &str = "x-amazon-apigateway-any-method";

impl Verb {
    /// In small letters, the default name of its handler: `get`, `any`.
    #[must_use]
    pub fn lower(self) -> &'static str {
        match self {
            Verb::Get => "get",
            Verb::Post => "post",
            Verb::Put => "put",
            Verb::Patch => "patch",
            Verb::Delete => "delete",
            Verb::Head => "head",
            Verb::Options => "options",
            Verb::Any => "any",
        }
    }

    /// Its key in the path item of a document.
    #[must_use]
    pub fn document_key(self) -> &'static str {
        match self {
            Verb::Any => ANY_METHOD,
            other => other.lower(),
        }
    }

    /// The verb of a key of a path item; `None` for what is none, such as `parameters`.
    #[must_use]
    pub fn of_document_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verb| verb.document_key() == key)
    }
}

/// Cross-origin access to the routes of one method of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cors {
    /// Request headers that browsers may send beyond the ones that API Gateway's clients need.
    pub allow_headers: Vec<String>,
    /// Whether browsers may send those, too.
    pub usual_headers: bool,
    /// The origins that may call. Empty: all of them.
    pub origins: Vec<String>,
    /// Whether browsers may send credentials.
    pub credentials: bool,
    /// How long browsers may keep the answer to a preflight, in seconds, if the file says it.
    pub max_age: Option<u32>,
    /// Headers of answers that scripts may read.
    pub expose_headers: Vec<String>,
    /// The verbs that browsers may use, if the file says it.
    pub allow_methods: Vec<Verb>,
}

/// A path whose CORS preflight the gateway answers by itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Preflight {
    /// The path.
    pub path: Arc<RoutePath>,
    /// The verbs that browsers may use, `OPTIONS` included, in the order of [`Verb::ALL`], never `ANY`.
    pub verbs: Vec<Verb>,
    /// The request headers that browsers may send.
    pub allow_headers: Vec<String>,
    /// Who may call.
    pub cors: Arc<Cors>,
    /// The operation's id, unique in the file.
    pub operation_id: String,
}

/// What the file says about a route for readers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Docs {
    /// One line.
    pub summary: Option<String>,
    /// Any length, Markdown.
    pub description: Option<String>,
    /// Groups for documentation.
    pub tags: Vec<String>,
    /// Whether documents for clients leave it out.
    pub is_internal: bool,
    /// The operation's id: the file's, or one made of verb and path. Unique in the file.
    pub operation_id: String,
}
