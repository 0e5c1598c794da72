//! The document as it is put: ours, with every setting that an overwrite would reset.

use bluegate_core::openapi::{self, Document, Map};
use serde::Serialize;

use crate::aws::{GatewayResponse, RestApi, Texts};

use super::policy;

#[derive(Serialize)]
struct Body<'a> {
    openapi: &'a str,
    info: Info<'a>,
    servers: Vec<Server<'a>>,
    paths: &'a Map<openapi::PathItem>,
    components: &'a openapi::Components,
    #[serde(
        rename = "x-amazon-apigateway-gateway-responses",
        skip_serializing_if = "Map::is_empty"
    )]
    gateway_responses: Map<Response<'a>>,
    #[serde(rename = "x-amazon-apigateway-policy", skip_serializing_if = "Option::is_none")]
    policy: Option<serde_json::Value>,
    #[serde(
        rename = "x-amazon-apigateway-binary-media-types",
        skip_serializing_if = "<[String]>::is_empty"
    )]
    binary_media_types: &'a [String],
    #[serde(
        rename = "x-amazon-apigateway-minimum-compression-size",
        skip_serializing_if = "Option::is_none"
    )]
    minimum_compression_size: Option<i32>,
    #[serde(
        rename = "x-amazon-apigateway-api-key-source",
        skip_serializing_if = "Option::is_none"
    )]
    api_key_source: Option<&'a str>,
}

#[derive(Serialize)]
struct Info<'a> {
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    version: &'a str,
}

#[derive(Serialize)]
struct Server<'a> {
    #[serde(flatten)]
    server: &'a openapi::Server,
    #[serde(
        rename = "x-amazon-apigateway-endpoint-configuration",
        skip_serializing_if = "Option::is_none"
    )]
    endpoint: Option<Endpoint<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Endpoint<'a> {
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    vpc_endpoint_ids: &'a [String],
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    disable_execute_api_endpoint: bool,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Response<'a> {
    Ours(&'a openapi::GatewayResponse),
    #[serde(rename_all = "camelCase")]
    Theirs {
        #[serde(skip_serializing_if = "Option::is_none")]
        status_code: Option<&'a str>,
        #[serde(skip_serializing_if = "Texts::is_empty")]
        response_parameters: &'a Texts,
        #[serde(skip_serializing_if = "Texts::is_empty")]
        response_templates: &'a Texts,
    },
}

/// The document with the settings of `expected` and the gateway responses that somebody else made.
///
/// # Errors
///
/// When the document has no form in JSON.
pub fn body(
    document: &Document,
    expected: &RestApi,
    unmanaged: &[GatewayResponse],
) -> Result<String, serde_json::Error> {
    let endpoint = || {
        let needed = !expected.vpc_endpoint_ids.is_empty() || expected.disable_execute_api_endpoint;
        needed.then_some(Endpoint {
            vpc_endpoint_ids: &expected.vpc_endpoint_ids,
            disable_execute_api_endpoint: expected.disable_execute_api_endpoint,
        })
    };
    let theirs = |response: &GatewayResponse| -> bool {
        // API Gateway keeps one status for all of a class unless it is left alone.
        !response.kind.starts_with("DEFAULT_")
    };
    let mut responses: Map<Response<'_>> = document
        .gateway_responses
        .iter()
        .map(|(kind, response)| (kind.to_owned(), Response::Ours(response)))
        .collect();
    for response in unmanaged {
        responses.insert(
            response.kind.clone(),
            Response::Theirs {
                status_code: response.status_code.as_deref().filter(|_| theirs(response)),
                response_parameters: &response.parameters,
                response_templates: &response.templates,
            },
        );
    }
    serde_json::to_string(&Body {
        openapi: document.openapi,
        info: Info {
            title: &expected.name,
            description: expected.description.as_deref(),
            version: &document.info.version,
        },
        servers: document
            .servers
            .iter()
            .enumerate()
            .map(|(number, server)| Server {
                server,
                endpoint: endpoint().filter(|_| number == 0),
            })
            .collect(),
        paths: &document.paths,
        components: &document.components,
        gateway_responses: responses,
        policy: expected.policy.as_deref().and_then(policy::parse),
        binary_media_types: &expected.binary_media_types,
        minimum_compression_size: expected.minimum_compression_size,
        api_key_source: expected.api_key_source.as_deref().filter(|source| *source != "HEADER"),
    })
}

/// An exported document with the settings that the API had: what a failed deployment puts back.
///
/// # Errors
///
/// When the export is no JSON object.
pub fn restored(export: &str, before: &RestApi) -> Result<String, serde_json::Error> {
    let mut root: serde_json::Map<String, serde_json::Value> = serde_json::from_str(export)?;
    let mut set = |name: &str, value: Option<serde_json::Value>| {
        if let Some(value) = value {
            root.insert(format!("x-amazon-apigateway-{name}"), value);
        }
    };
    set("policy", before.policy.as_deref().and_then(policy::parse));
    let types = &before.binary_media_types;
    set("binary-media-types", (!types.is_empty()).then(|| types.clone().into()));
    set(
        "minimum-compression-size",
        before.minimum_compression_size.map(Into::into),
    );
    set("api-key-source", before.api_key_source.clone().map(Into::into));
    let info = root
        .entry("info")
        .or_insert_with(|| serde_json::json!({"version": "1"}));
    info["title"] = before.name.clone().into();
    if let Some(description) = &before.description {
        info["description"] = description.clone().into();
    }
    let mut endpoint = serde_json::Map::new();
    if !before.vpc_endpoint_ids.is_empty() {
        endpoint.insert("vpcEndpointIds".into(), before.vpc_endpoint_ids.clone().into());
    }
    if before.disable_execute_api_endpoint {
        endpoint.insert("disableExecuteApiEndpoint".into(), true.into());
    }
    if !endpoint.is_empty()
        && let Some(server) = root
            .get_mut("servers")
            .and_then(|servers| servers.get_mut(0))
            .and_then(serde_json::Value::as_object_mut)
    {
        server.insert("x-amazon-apigateway-endpoint-configuration".into(), endpoint.into());
    }
    serde_json::to_string(&root)
}
