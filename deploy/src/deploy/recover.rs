//! What a run that died may have taken from an API, and its snapshot still has.

use crate::plan::{Reading, is_brought};

/// Gives an API back what it had in the snapshot of an interrupted run and has lost since. What is there now, somebody
/// may have set: it stays. Says what came back.
pub(super) fn recover(reading: &mut Reading, snapshot: &Reading) -> Vec<&'static str> {
    let (now, then) = (&mut reading.api, &snapshot.api);
    let mut back = Vec::new();
    let mut found = |what, lost: bool| {
        if lost {
            back.push(what);
        }
        lost
    };
    if found("the resource policy", now.policy.is_none() && then.policy.is_some()) {
        now.policy.clone_from(&then.policy);
    }
    let empty = |one: &Option<String>| one.as_deref().unwrap_or_default().is_empty();
    if found("the description", empty(&now.description) && !empty(&then.description)) {
        now.description.clone_from(&then.description);
    }
    if found(
        "the compression",
        now.minimum_compression_size.is_none() && then.minimum_compression_size.is_some(),
    ) {
        now.minimum_compression_size = then.minimum_compression_size;
    }
    let default = |source: &Option<String>| source.as_deref().is_none_or(|source| source == "HEADER");
    if found(
        "the source of API keys",
        default(&now.api_key_source) && !default(&then.api_key_source),
    ) {
        now.api_key_source.clone_from(&then.api_key_source);
    }
    if found(
        "the switch of the default address",
        !now.disable_execute_api_endpoint && then.disable_execute_api_endpoint,
    ) {
        now.disable_execute_api_endpoint = true;
    }
    for (what, now, then) in [
        (
            "binary media types",
            &mut now.binary_media_types,
            &then.binary_media_types,
        ),
        ("VPC endpoints", &mut now.vpc_endpoint_ids, &then.vpc_endpoint_ids),
    ] {
        if found(what, now.is_empty() && !then.is_empty()) {
            now.clone_from(then);
        }
    }
    for (what, now, then) in [
        ("the TLS policy", &mut now.security_policy, &then.security_policy),
        (
            "the endpoint access mode",
            &mut now.endpoint_access_mode,
            &then.endpoint_access_mode,
        ),
    ] {
        if found(what, now.is_none() && then.is_some()) {
            now.clone_from(then);
        }
    }
    let is_custom = |kind: &str, of: &Reading| of.responses.iter().any(|one| one.kind == kind && !one.is_default);
    let lost: Vec<_> = snapshot
        .responses
        .iter()
        .filter(|one| !one.is_default && !is_brought(snapshot, one) && !is_custom(&one.kind, reading))
        .cloned()
        .collect();
    if !lost.is_empty() {
        back.push("gateway responses");
        reading
            .responses
            .retain(|one| lost.iter().all(|other| other.kind != one.kind));
        reading.responses.extend(lost);
    }
    let lost = snapshot
        .models
        .iter()
        .filter(|one| reading.models.iter().all(|now| now.name != one.name));
    let lost: Vec<_> = lost.cloned().collect();
    if !lost.is_empty() {
        back.push("models");
        reading.models.extend(lost);
    }
    let lost = snapshot.validators.iter();
    let lost: Vec<_> = lost
        .filter(|one| reading.validators.iter().all(|now| now.name != one.name))
        .cloned()
        .collect();
    if !lost.is_empty() {
        back.push("request validators");
        reading.validators.extend(lost);
    }
    back
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{GatewayResponse, Model, RequestValidator, RestApi};

    fn full() -> Reading {
        Reading {
            api: RestApi {
                description: Some("sells".into()),
                policy: Some("{}".into()),
                minimum_compression_size: Some(0),
                api_key_source: Some("AUTHORIZER".into()),
                disable_execute_api_endpoint: true,
                binary_media_types: vec!["image/png".into()],
                vpc_endpoint_ids: vec!["vpce-1".into()],
                security_policy: Some("SecurityPolicy_TLS13_1_3_2025_09".into()),
                endpoint_access_mode: Some("STRICT".into()),
                ..RestApi::default()
            },
            responses: vec![GatewayResponse {
                kind: "THROTTLED".into(),
                ..GatewayResponse::default()
            }],
            models: vec![Model {
                name: "Person".into(),
                schema: Some("{}".into()),
            }],
            validators: vec![RequestValidator {
                name: "all".into(),
                ..RequestValidator::default()
            }],
            ..Reading::default()
        }
    }

    #[test]
    fn all_that_was_lost_comes_back_once() {
        let mut reading = Reading::default();
        assert_eq!(recover(&mut reading, &full()).len(), 12);
        assert_eq!(reading, full());
        assert!(recover(&mut reading, &full()).is_empty());
    }

    #[test]
    fn what_somebody_set_since_stays() {
        let mut now = full();
        now.api.policy = Some("{\"Statement\":[]}".into());
        now.api.binary_media_types = vec!["a/b".into()];
        now.responses[0].status_code = Some("503".into());
        let set = now.clone();
        assert!(recover(&mut now, &full()).is_empty());
        assert_eq!(now, set);
    }
}
