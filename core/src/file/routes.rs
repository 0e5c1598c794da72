//! `routes.json`, key by key.

use super::authorizer::{AuthorizerEntry, InheritedEntry};
use super::backend::{AnswerEntry, BackendEntry, MappingEntry, ReachEntry};
use super::contract::{ContractEntry, GatewayResponseEntry};
use super::cors::CorsEntry;
use super::raw::{FileValue, PolicyValue, Raw};
use super::stage::Entries;
use super::words::{KeySourceWord, OperationIdsWord, ParameterType, VerbWord};
use crate::blueprint::Manners;
use crate::decode::record;
use crate::span::Spanned;

record! {
    /// The routes file of an API: one blueprint.
    pub struct RoutesFile as "the routes file" {
        /// The JSON Schema that editors check the file against.
        optional schema("$schema"): String,
        /// The API.
        required blueprint("blueprint"): BlueprintEntry,
    }
}

record! {
    /// An API: a name, a prefix and its resources.
    pub struct BlueprintEntry as "the blueprint", shown "name" {
        /// The API's name.
        expected name("name"): Spanned<String>,
        /// What stands before every path of the service, such as `/api/v1`. Empty or absent: nothing.
        optional url_prefix("url_prefix"): Spanned<String>,
        /// How the service answers what no handler answers: as `flask` or as `axum`. Default: `flask`.
        optional manners("manners"): Manners,
        /// The title of the document. Default: `apiGateway.name` of the AWS file, else `name`.
        optional title("title"): String,
        /// What the API is for, as Markdown.
        optional description("description"): String,
        /// The version in the document. Default: a digest of the document.
        optional version("version"): String,
        /// What operation ids are made of where an action says none: `paths` (verb and path, the default) or `handlers`
        /// (resource and handler).
        optional operation_ids("operationIds"): OperationIdsWord,
        /// Who may be asked whether a request may pass, by name.
        optional authorizers("authorizers"): Entries<AuthorizerEntry>,
        /// Forms of bodies by name: JSON Schemas, or files of them.
        optional models("models"): Entries<FileValue>,
        /// Who answers beside the service, by name.
        optional backends("backends"): Entries<BackendEntry>,
        /// What holds for every action unless a nearer place says otherwise.
        optional defaults("defaults"): DefaultsEntry,
        /// What the gateway answers by itself, by type, such as `BAD_REQUEST_BODY`.
        optional gateway_responses("gatewayResponses"): Entries<GatewayResponseEntry>,
        /// The resource policy: a policy of IAM, its JSON as a text, or a file of it.
        optional policy("policy"): Spanned<PolicyValue>,
        /// Media types that are passed on as bytes.
        optional binary_media_types("binaryMediaTypes"): Vec<Spanned<String>>,
        /// From how many bytes on answers are compressed.
        optional minimum_compression_size("minimumCompressionSize"): Spanned<u32>,
        /// Where API keys are looked for: `HEADER` (default) or `AUTHORIZER`.
        optional api_key_source("apiKeySource"): Spanned<KeySourceWord>,
        /// What the document says besides: a JSON merge patch, applied last.
        optional openapi("openapi"): Raw,
        /// The resources.
        expected resources("resources"): Vec<ResourceEntry>,
    }
}

record! {
    /// What holds for every action unless a nearer place says otherwise.
    pub struct DefaultsEntry as "the defaults"; with inherited: InheritedEntry {
        /// Cross-origin access. Default: off.
        optional cors("cors"): CorsEntry,
    }
}

record! {
    /// A resource: a group of paths that one Rust type serves.
    pub struct ResourceEntry as "a resource", shown "name"; with inherited: InheritedEntry {
        /// The name that `#[resource(name = "...")]` repeats. Default: `flask.resourceClass`.
        optional name("name"): Spanned<String>,
        /// What stands before its paths, on the gateway and of the service, such as `/v1` or `/shops/{shop}`.
        optional prefix("prefix"): Spanned<String>,
        /// How the service treats the resource.
        optional axum("axum"): ServiceEntry,
        /// The name of `axum` in files written for Flask.
        optional flask("flask"): ServiceEntry,
        /// Cross-origin access to its paths. Default: that of the defaults.
        optional cors("cors"): CorsEntry,
        /// The paths and what can be done on them.
        expected methods("methods"): Vec<MethodEntry>,
    }
}

record! {
    /// How the service treats a resource.
    pub struct ServiceEntry as "the service section", shown "resourceClass" {
        /// Accepted for files written for Flask; unused.
        optional resource_module("resourceModule"): String,
        /// Accepted for files written for Flask; the resource's name when it has none.
        optional resource_class("resourceClass"): Spanned<String>,
        /// Whether a slash at the end of a request's path matters. Default: true.
        optional strict_slashes("strictSlashes"): bool,
    }
}

record! {
    /// A path with its parameters, its CORS and its actions.
    pub struct MethodEntry as "a method", shown "path"; with inherited: InheritedEntry {
        /// The path behind the prefix, such as `/users/{id}`.
        required path("path"): Spanned<String>,
        /// Cross-origin access. Default: that of the resource, else off.
        optional cors("cors"): CorsEntry,
        /// Path parameters: each one that `path` does not hold yet is appended to it as `/{name}`.
        optional path_params("pathParams"): Spanned<Vec<ParameterEntry>>,
        /// The name of `pathParams` in files written for Flask. They are path parameters.
        optional query_params("queryParams"): Spanned<Vec<ParameterEntry>>,
        /// The verbs that the path answers.
        expected actions("actions"): Vec<ActionEntry>,
    }
}

record! {
    /// A path parameter.
    pub struct ParameterEntry as "a parameter", shown "name" {
        /// Its name.
        required name("name"): Spanned<String>,
        /// What values it takes. Default: `string`.
        optional converter("type"): Spanned<ParameterType>,
    }
}

record! {
    /// What answers one verb on a path.
    pub struct ActionEntry as "an action", shown "type"; with inherited: InheritedEntry, reach: ReachEntry, mapping: MappingEntry, contract: ContractEntry {
        /// The verb.
        required verb("type"): Spanned<VerbWord>,
        /// The method of the resource's Rust type that serves it. Default: the verb in small letters.
        optional handler("handler"): Spanned<String>,
        /// One line about it. Default: verb and path.
        optional summary("summary"): String,
        /// More about it, as Markdown.
        optional description("description"): String,
        /// The operation's id in the document. Default: made of verb and path.
        optional operation_id("operationId"): Spanned<String>,
        /// Whether nobody should call it any more. Default: false.
        optional deprecated("deprecated"): bool,
        /// An answer that the gateway gives by itself.
        optional answer("answer"): AnswerEntry,
        /// What stands behind the URL of the backend. Default: the path.
        optional backend_path("backendPath"): Spanned<String>,
        /// The verb with which the backend is called. Default: that of the action; `POST` for functions.
        optional backend_verb("backendVerb"): Spanned<VerbWord>,
        /// What the operation says besides in the document: a JSON merge patch, applied last.
        optional openapi("openapi"): Raw,
    }
}
