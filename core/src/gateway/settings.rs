//! Settings of an API, as API Gateway tells them, and what patches and documents make of them
//! ([RestApi](https://docs.aws.amazon.com/apigateway/latest/api/API_RestApi.html),
//! [importing](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api.html)). The policy is
//! held as it was written; API Gateway tells it with its quotes escaped.

use serde_json::{Value as Json, json};

use super::patch::{Kind, Op, Operation, Refused, Rules};
use super::policy;
use super::told::{present, put, strings, text};
use crate::openapi::Document;

use Op::{Add, Remove, Replace};

/// What is said of a size that is none, in bytes.
pub const COMPRESSION: &str = "Invalid minimum compression size, must be between 0 and 10485760";

const RULES: Rules = Rules {
    lists: false,
    rows: &[
        ("/name", &[Replace], Kind::Word("API name cannot be an empty string")),
        ("/description", &[Add, Remove, Replace], Kind::Text),
        ("/version", &[Replace], Kind::Text),
        ("/policy", &[Add, Remove, Replace], Kind::Text),
        ("/apiKeySource", &[Replace], Kind::Choice(&KEY_SOURCES)),
        (
            "/minimumCompressionSize",
            &[Replace],
            Kind::Number(0, 10_485_760, COMPRESSION),
        ),
        ("/disableExecuteApiEndpoint", &[Replace], Kind::Flag),
        ("/binaryMediaTypes/*", &[Add, Remove, Replace], Kind::Member),
        ("/endpointConfiguration/types/*", &[Add, Remove, Replace], Kind::Text),
        ("/endpointConfiguration/ipAddressType", &[Replace], Kind::Text),
        ("/endpointConfiguration/vpcEndpointIds", &[Add, Remove], Kind::Item),
        ("/securityPolicy", &[Replace], Kind::Text),
        ("/endpointAccessMode", &[Replace], Kind::Choice(&ACCESS_MODES)),
    ],
};

/// Where keys of callers are read.
pub const KEY_SOURCES: [&str; 2] = ["HEADER", "AUTHORIZER"];
/// How strictly the way of a request to an endpoint is checked.
pub const ACCESS_MODES: [&str; 2] = ["BASIC", "STRICT"];

/// The kinds of endpoints.
pub const KINDS: [&str; 3] = ["PRIVATE", "EDGE", "REGIONAL"];
/// What is said of a kind of endpoint that is none.
pub const NO_KIND: &str = "Invalid EndpointTypes specified. Valid options are REGIONAL,EDGE,PRIVATE";
/// The kinds of addresses.
pub const ADDRESSES: [&str; 2] = ["ipv4", "dualstack"];

/// The settings of an API that has nothing but a name and a kind of endpoint.
#[must_use]
pub fn made(name: &str, kind: &str) -> Json {
    json!({
        "name": name,
        "apiKeySource": "HEADER",
        "disableExecuteApiEndpoint": false,
        "endpointConfiguration": configured(kind, None, &[]),
    })
}

/// The settings after a patch.
///
/// # Errors
///
/// [`Refused`] when there is no such setting, or API Gateway does not take its value.
pub fn patched(mut settings: Json, operations: &[Operation]) -> Result<Json, Refused> {
    for operation in operations {
        let before = settings.clone();
        settings = RULES.patched(settings, std::slice::from_ref(operation))?;
        // Of the kinds of an endpoint one follows another.
        if let ["endpointConfiguration", "types", _] = operation.parts().as_slice() {
            settings = before;
            let kind = operation.value.as_deref().unwrap_or_default();
            if !KINDS.contains(&kind) {
                return Err(Refused::bad_request(NO_KIND));
            }
            if kind == "PRIVATE" {
                settings["endpointConfiguration"]["ipAddressType"] = json!("dualstack");
            }
            settings["endpointConfiguration"]["types"] = json!([kind]);
        }
    }
    judged(&settings)?;
    Ok(settings)
}

/// Makes the settings what a document says. What it does not say is back at its default; the kind of endpoint and the
/// tags stay.
pub fn overwrite(settings: &mut Json, document: &Document) {
    for key in [
        "description",
        "policy",
        "binaryMediaTypes",
        "minimumCompressionSize",
        "securityPolicy",
        "endpointAccessMode",
    ] {
        put(settings, key, Json::Null);
    }
    put(settings, "apiKeySource", json!("HEADER"));
    put(settings, "disableExecuteApiEndpoint", json!(false));
    let kinds = strings(&settings["endpointConfiguration"]["types"]);
    let kind = kinds.first().map_or("EDGE", String::as_str);
    put(settings, "endpointConfiguration", configured(kind, None, &[]));
    take(settings, document);
}

/// Takes on what a document says; the rest stays.
pub fn merge(settings: &mut Json, document: &Document) {
    let kinds = strings(&settings["binaryMediaTypes"]);
    take(settings, document);
    let added = strings(&settings["binaryMediaTypes"]);
    let added = added.into_iter().filter(|kind| !kinds.contains(kind));
    let all: Vec<String> = kinds.iter().cloned().chain(added).collect();
    if !all.is_empty() {
        put(settings, "binaryMediaTypes", json!(all));
    }
}

/// The settings that a document has.
fn take(settings: &mut Json, document: &Document) {
    let endpoint = document.servers.iter().find_map(|server| server.endpoint.as_ref());
    for (key, value) in [
        ("name", json!(document.info.title)),
        ("version", json!(document.info.version)),
        ("description", json!(document.info.description)),
        ("policy", json!(document.policy())),
        ("minimumCompressionSize", json!(document.minimum_compression_size)),
        ("apiKeySource", json!(document.api_key_source)),
        ("securityPolicy", json!(document.security_policy)),
        ("endpointAccessMode", json!(document.endpoint_access_mode)),
        (
            "disableExecuteApiEndpoint",
            json!(endpoint.and_then(|endpoint| endpoint.disable_execute_api_endpoint)),
        ),
    ] {
        if value.as_str() != Some("") && !value.is_null() {
            put(settings, key, value);
        }
    }
    if !document.binary_media_types.is_empty() {
        put(settings, "binaryMediaTypes", json!(document.binary_media_types));
    }
    if let Some(ids) = endpoint
        .map(|endpoint| &endpoint.vpc_endpoint_ids)
        .filter(|ids| !ids.is_empty())
    {
        settings["endpointConfiguration"]["vpcEndpointIds"] = json!(ids);
    }
}

/// How an API is reached. A private one has both kinds of addresses unless somebody says otherwise.
#[must_use]
pub fn configured(kind: &str, address: Option<&str>, endpoints: &[String]) -> Json {
    let default = if kind == "PRIVATE" { "dualstack" } else { "ipv4" };
    present(json!({
        "types": [kind],
        "ipAddressType": address.unwrap_or(default),
        "vpcEndpointIds": endpoints,
    }))
}

/// Refuses settings that API Gateway does not take.
///
/// # Errors
///
/// [`Refused`] with what is wrong.
pub fn judged(settings: &Json) -> Result<(), Refused> {
    let endpoint = settings.get("endpointConfiguration").cloned().unwrap_or_default();
    let is_private = strings(&endpoint["types"]).iter().any(|kind| kind == "PRIVATE");
    let address = text(&endpoint, "ipAddressType");
    let why = if !address.is_empty() && !ADDRESSES.contains(&address) {
        "ipAddressType must be either ipv4 or dualstack."
    } else if is_private && address == "ipv4" {
        "Only dualstack ipAddressType is supported for Private APIs."
    } else if settings["policy"]
        .as_str()
        .is_some_and(|text| policy::parse(text).is_none())
    {
        "Invalid policy document. Please check the policy syntax and ensure that Principals are valid."
    } else if settings["apiKeySource"]
        .as_str()
        .is_some_and(|source| !["HEADER", "AUTHORIZER"].contains(&source))
    {
        "Invalid apiKeySource specified. Valid options are HEADER,AUTHORIZER"
    } else {
        return Ok(());
    };
    Err(Refused::bad_request(why))
}

/// The policy as API Gateway tells it: its quotes are escaped once more.
#[must_use]
pub fn told_policy(policy: &str) -> String {
    policy.replace('"', "\\\"")
}
