//! The document as it is put: ours, with every setting that an overwrite would reset.

use bluegate_core::openapi::{self, Document, Map};
use serde::Serialize;

use crate::api::{GatewayResponse, RestApi, Texts};

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

impl<'a> Response<'a> {
    fn theirs(response: &'a GatewayResponse) -> Self {
        Response::Theirs {
            // Absent for a whole class, such as `DEFAULT_4XX`, unless somebody gave all of it one status.
            status_code: response.status_code.as_deref(),
            response_parameters: &response.parameters,
            response_templates: &response.templates,
        }
    }
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
    let mut responses: Map<Response<'_>> = document
        .gateway_responses
        .iter()
        .map(|(kind, response)| (kind.to_owned(), Response::Ours(response)))
        .collect();
    for response in unmanaged {
        responses.insert(response.kind.clone(), Response::theirs(response));
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

/// An exported document with the settings that the API had, and with its gateway responses unless those of the export
/// are wanted: what a failed deployment puts back.
///
/// # Errors
///
/// When the export is no JSON object.
pub fn restored(
    export: &str,
    before: &RestApi,
    responses: Option<&[GatewayResponse]>,
) -> Result<String, serde_json::Error> {
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
    if let Some(responses) = responses {
        let custom = responses.iter().filter(|response| !response.is_default);
        let custom: Map<Response<'_>> = custom
            .map(|response| (response.kind.clone(), Response::theirs(response)))
            .collect();
        set("gateway-responses", Some(serde_json::to_value(&custom)?));
    }
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

#[cfg(test)]
mod tests {
    use bluegate_core::openapi::Target;
    use bluegate_core::{Mode, Source, read_blueprint};
    use serde_json::{Value, json};

    use super::*;

    fn document() -> Document {
        let action = json!([{"type": "GET"}]);
        let resource = json!({"name": "a", "methods": [{"path": "/a", "actions": action}]});
        let file = json!({"blueprint": {"name": "shop", "resources": [resource]}});
        let source = Source::new("routes.json", file.to_string());
        let (blueprint, _) = read_blueprint(&source, Mode::Strict).into_result().expect("routes");
        openapi::document(&blueprint, &Target::default())
    }

    fn response(kind: &str, status: Option<&str>) -> GatewayResponse {
        GatewayResponse {
            kind: kind.to_owned(),
            status_code: status.map(str::to_owned),
            ..GatewayResponse::default()
        }
    }

    #[test]
    fn a_status_that_somebody_gave_a_whole_class_is_carried_over() {
        // As recorded of AWS: the class has no status until somebody sets one.
        let theirs = [response("DEFAULT_4XX", Some("444")), response("DEFAULT_5XX", None)];
        let text = body(&document(), &RestApi::default(), &theirs).unwrap();
        let root: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            root["x-amazon-apigateway-gateway-responses"],
            json!({"DEFAULT_4XX": {"statusCode": "444"}, "DEFAULT_5XX": {}})
        );
    }

    #[test]
    fn an_export_is_put_back_with_the_gateway_responses_of_the_draft() {
        let export = r#"{"x-amazon-apigateway-gateway-responses": {"UNAUTHORIZED": {"statusCode": "404"}}}"#;
        let default = GatewayResponse {
            is_default: true,
            ..response("ACCESS_DENIED", Some("403"))
        };
        let before = [response("THROTTLED", Some("503")), default];
        let text = restored(export, &RestApi::default(), Some(&before)).unwrap();
        let root: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            root["x-amazon-apigateway-gateway-responses"],
            json!({"THROTTLED": {"statusCode": "503"}})
        );
    }
}
