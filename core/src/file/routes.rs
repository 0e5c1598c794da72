//! `routes.json`, key by key.

use super::words::{AuthorizationWord, IntegrationWord, ParameterType, VerbWord};
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
        /// The title of the document. Default: `apiGateway.name` of the AWS file, else `name`.
        optional title("title"): String,
        /// What the API is for, as Markdown.
        optional description("description"): String,
        /// The version in the document. Default: a digest of the document.
        optional version("version"): String,
        /// The resources.
        expected resources("resources"): Vec<ResourceEntry>,
    }
}

record! {
    /// A resource: a group of paths that one Rust type serves.
    pub struct ResourceEntry as "a resource", shown "name" {
        /// The name that `#[resource(name = "...")]` repeats. Default: `flask.resourceClass`.
        optional name("name"): Spanned<String>,
        /// How the service treats the resource.
        optional axum("axum"): ServiceEntry,
        /// The name of `axum` in files written for Flask.
        optional flask("flask"): ServiceEntry,
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
    pub struct MethodEntry as "a method", shown "path" {
        /// The path behind the prefix, such as `/users/{id}`.
        required path("path"): Spanned<String>,
        /// Cross-origin access. Default: off.
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
    /// Cross-origin access to a path.
    pub struct CorsEntry as "the cors section", shown "enable" {
        /// Whether browsers may call the path from other origins. Default: false.
        optional enable("enable"): bool,
        /// Part of the format of ct-api-gateway-deployer, where it removes a sample mapping template. bluegate
        /// writes that template only for `--compat`.
        optional remove_default_response_templates("removeDefaultResponseTemplates"): bool,
        /// Request headers that browsers may send beyond the usual ones.
        optional allow_headers("allowHeaders"): Vec<Spanned<String>>,
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
    pub struct ActionEntry as "an action", shown "type" {
        /// The verb.
        required verb("type"): Spanned<VerbWord>,
        /// The method of the resource's Rust type that serves it. Default: the verb in small letters.
        optional handler("handler"): Spanned<String>,
        /// Over which network the gateway reaches the service. Default: `INTERNET`.
        optional integration("integration"): Spanned<IntegrationWord>,
        /// Whether the gateway passes requests and responses through untouched. Default: true.
        optional proxy_integration("proxyIntegration"): bool,
        /// The id of the VPC link, when `integration` is `VPC_LINK`.
        optional vpc_link("vpcLink"): Spanned<String>,
        /// Who may call it. Default: everybody.
        optional authorization("authorization"): Spanned<AuthorizationWord>,
        /// One line about it. Default: verb and path.
        optional summary("summary"): String,
        /// More about it, as Markdown.
        optional description("description"): String,
        /// Groups for documentation.
        optional tags("tags"): Vec<String>,
        /// The operation's id in the document. Default: made of verb and path.
        optional operation_id("operationId"): Spanned<String>,
    }
}
