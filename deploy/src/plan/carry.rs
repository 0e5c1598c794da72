//! Settings that an overwrite resets unless the document carries them
//! ([updating an API](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api-update.html)).

use std::collections::BTreeSet;

use bluegate_core::openapi::Document;

use crate::api::{GatewayResponse, Patch, PatchOp, RestApi};

use super::brought::is_brought;
use super::kept::Kept;
use super::policy;
use super::reading::Reading;

/// What the settings of an API are to be after a put: those of the files, and for the rest those it has.
#[must_use]
pub(super) fn expected(before: &RestApi, document: &Document, name: Option<&str>) -> RestApi {
    RestApi {
        name: match name.unwrap_or(&before.name) {
            "" => document.info.title.clone(),
            name => name.to_owned(),
        },
        description: document.info.description.clone().or_else(|| before.description.clone()),
        ..before.clone()
    }
}

/// The answers of the gateway that somebody customised, and that neither this document nor an earlier one brought.
#[must_use]
pub fn unmanaged_responses(reading: &Reading, document: &Document) -> Vec<GatewayResponse> {
    let is_ours = |response: &&GatewayResponse| {
        document.gateway_responses.get(&response.kind).is_some() || is_brought(reading, response)
    };
    let custom = reading.responses.iter().filter(|response| !response.is_default);
    custom.filter(|response| !is_ours(response)).cloned().collect()
}

/// What an overwrite would reset, in words.
#[must_use]
pub(super) fn carried(api: &RestApi, document: &Document, unmanaged: &[GatewayResponse], kept: &Kept) -> Vec<String> {
    let mut carried = Vec::new();
    if let Some(policy) = &api.policy {
        carried.push(format!("the resource policy ({} characters)", policy.chars().count()));
    }
    let mut list = |name: &str, values: &[String]| {
        if !values.is_empty() {
            carried.push(format!("{name}: {}", values.join(", ")));
        }
    };
    list("VPC endpoints", &api.vpc_endpoint_ids);
    list("binary media types", &api.binary_media_types);
    let responses: Vec<String> = unmanaged.iter().map(|response| response.kind.clone()).collect();
    list("gateway responses", &responses);
    if let Some(size) = api.minimum_compression_size {
        carried.push(format!("compression of answers from {size} bytes on"));
    }
    if let Some(source) = api.api_key_source.as_deref().filter(|source| *source != "HEADER") {
        carried.push(format!("API keys from {source}"));
    }
    if api.disable_execute_api_endpoint {
        carried.push("the default address, which is switched off".to_owned());
    }
    if let Some(policy) = api.security_policy.as_deref().filter(|policy| *policy != "TLS_1_0") {
        carried.push(format!("the TLS policy {policy}"));
    }
    if let Some(mode) = api.endpoint_access_mode.as_deref().filter(|mode| *mode != "BASIC") {
        carried.push(format!("the endpoint access mode {mode}"));
    }
    carried.extend(kept.carried());
    if let (None, Some(description)) = (&document.info.description, &api.description) {
        carried.push(format!("the description: {description}"));
    }
    carried
}

/// A setting that is not what it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// Its name.
    pub setting: &'static str,
    /// The changes that put it right.
    pub patches: Vec<Patch>,
}

/// The settings in which an API differs from what it should be.
#[must_use]
pub fn mismatches(expected: &RestApi, actual: &RestApi) -> Vec<Mismatch> {
    let mut found = Vec::new();
    let mut check = |setting, same: bool, patches: Vec<Patch>| {
        if !same {
            found.push(Mismatch { setting, patches });
        }
    };
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    check(
        "name",
        expected.name == actual.name,
        vec![Patch::replace("/name", &expected.name)],
    );
    check(
        "description",
        text(&expected.description) == text(&actual.description),
        vec![Patch::replace("/description", &text(&expected.description))],
    );
    let policy = |api: &RestApi| api.policy.as_deref().map(|text| policy::normalise(text, &api.id));
    check(
        "resource policy",
        policy(expected) == policy(actual),
        vec![Patch::replace("/policy", &plain_policy(expected))],
    );
    let size = expected.minimum_compression_size;
    check(
        "minimum compression size",
        size == actual.minimum_compression_size,
        vec![Patch {
            op: PatchOp::Replace,
            path: "/minimumCompressionSize".into(),
            value: size.map(|size| size.to_string()),
        }],
    );
    let source = |api: &RestApi| api.api_key_source.clone().unwrap_or_else(|| "HEADER".to_owned());
    check(
        "source of API keys",
        source(expected) == source(actual),
        vec![Patch::replace("/apiKeySource", &source(expected))],
    );
    check(
        "default address",
        expected.disable_execute_api_endpoint == actual.disable_execute_api_endpoint,
        vec![Patch::replace(
            "/disableExecuteApiEndpoint",
            &expected.disable_execute_api_endpoint.to_string(),
        )],
    );
    // What AWS says nothing about is what it is by default.
    for (setting, path, wanted, found) in [
        (
            "TLS policy",
            "/securityPolicy",
            &expected.security_policy,
            &actual.security_policy,
        ),
        (
            "endpoint access mode",
            "/endpointAccessMode",
            &expected.endpoint_access_mode,
            &actual.endpoint_access_mode,
        ),
    ] {
        if let Some(wanted) = wanted {
            check(
                setting,
                found.as_ref() == Some(wanted),
                vec![Patch::replace(path, wanted)],
            );
        }
    }
    let types = lists(&expected.binary_media_types, &actual.binary_media_types, |op, kind| {
        Patch {
            op,
            path: format!("/binaryMediaTypes/{}", kind.replace('~', "~0").replace('/', "~1")),
            value: None,
        }
    });
    check("binary media types", types.is_empty(), types);
    let endpoints = lists(&expected.vpc_endpoint_ids, &actual.vpc_endpoint_ids, |op, id| Patch {
        op,
        path: "/endpointConfiguration/vpcEndpointIds".into(),
        value: Some(id.to_owned()),
    });
    check("VPC endpoints", endpoints.is_empty(), endpoints);
    found
}

/// The policy without the escapes that API Gateway adds.
fn plain_policy(api: &RestApi) -> String {
    let text = api.policy.as_deref().unwrap_or_default();
    policy::parse(text).map_or_else(|| text.to_owned(), |policy| policy.to_string())
}

fn lists(expected: &[String], actual: &[String], patch: impl Fn(PatchOp, &str) -> Patch) -> Vec<Patch> {
    let (expected, actual): (BTreeSet<_>, BTreeSet<_>) = (expected.iter().collect(), actual.iter().collect());
    let missing = expected.difference(&actual).map(|value| patch(PatchOp::Add, value));
    let extra = actual.difference(&expected).map(|value| patch(PatchOp::Remove, value));
    missing.chain(extra).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_overwrite_that_carries_no_binary_types_is_repaired() {
        // As recorded of AWS: an overwrite replaced image/heif by what the document had.
        let before = RestApi {
            binary_media_types: vec!["image/heif".into()],
            ..RestApi::default()
        };
        let after = RestApi {
            binary_media_types: vec!["image/png".into(), "image/jpg".into()],
            ..RestApi::default()
        };
        let found = mismatches(&before, &after);
        assert_eq!(found.len(), 1);
        let paths: Vec<&str> = found[0].patches.iter().map(|patch| patch.path.as_str()).collect();
        assert_eq!(
            paths,
            [
                "/binaryMediaTypes/image~1heif",
                "/binaryMediaTypes/image~1jpg",
                "/binaryMediaTypes/image~1png"
            ]
        );
    }

    #[test]
    fn an_expanded_policy_is_no_mismatch_and_a_lost_one_is() {
        let api = |policy: Option<&str>| RestApi {
            id: "abc123".into(),
            policy: policy.map(str::to_owned),
            ..RestApi::default()
        };
        let written = api(Some(r#"{"Statement": {"Resource": "execute-api:/*"}}"#));
        let read = api(Some(
            r#"{\"Statement\":[{\"Resource\":\"arn:aws:execute-api:eu-west-1:111111111111:abc123/*\"}]}"#,
        ));
        assert_eq!(mismatches(&written, &read), []);
        let found = mismatches(&read, &api(None));
        assert_eq!(found[0].setting, "resource policy");
        let value = found[0].patches[0].value.as_deref().unwrap();
        assert!(serde_json::from_str::<serde_json::Value>(value).is_ok(), "{value}");
    }

    #[test]
    fn a_setting_that_is_absent_has_its_default() {
        let header = RestApi {
            api_key_source: Some("HEADER".into()),
            description: Some(String::new()),
            ..RestApi::default()
        };
        assert_eq!(mismatches(&header, &RestApi::default()), []);
    }
}
