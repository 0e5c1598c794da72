//! Settings of an API that wait for a deployment.
//!
//! A stage is served with the settings that the API had when the stage's deployment was made
//! ([what needs a deployment](https://docs.aws.amazon.com/apigateway/latest/developerguide/updating-api.html)). Nothing
//! but the policy can be read back of them, so the description of a deployment carries a short digest of each.

use bluegate_core::gateway::{policy, short_digest};

use crate::api::{Deployment, RestApi};

use super::marker::Marker;

/// Enough digits to tell one setting from the one before it.
const DIGITS: usize = 8;

pub(super) const POLICY: &str = "resource policy";
pub(super) const ADDRESS: &str = "default address";

/// The settings and their values, in the order of the digests. New ones go to the end: older descriptions lack them.
fn values(api: &RestApi) -> [(&'static str, String); 8] {
    let list = |values: &[String]| {
        let mut values = values.to_vec();
        values.sort();
        values.join(" ")
    };
    let text = |value: &Option<String>, default: &str| value.as_deref().unwrap_or(default).to_owned();
    let policy = api.policy.as_deref().filter(|policy| !policy.is_empty());
    let size = api.minimum_compression_size;
    [
        (
            POLICY,
            policy.map_or_else(String::new, |policy| policy::normalise(policy, &api.id)),
        ),
        ("binary media types", list(&api.binary_media_types)),
        (
            "minimum compression size",
            size.map_or_else(String::new, |size| size.to_string()),
        ),
        ("source of API keys", text(&api.api_key_source, "HEADER")),
        ("VPC endpoints", list(&api.vpc_endpoint_ids)),
        (ADDRESS, api.disable_execute_api_endpoint.to_string()),
        ("TLS policy", text(&api.security_policy, "TLS_1_0")),
        ("endpoint access mode", text(&api.endpoint_access_mode, "BASIC")),
    ]
}

/// What a description says of the settings that a deployment is made with.
#[must_use]
pub fn imprint(api: &RestApi) -> String {
    let short = |(_, value): (&str, String)| short_digest(&value)[..DIGITS].to_owned();
    values(api).map(short).join(".")
}

/// The settings that an API has and a deployment of it has not. None when the deployment does not say what it was
/// made with.
#[must_use]
pub fn waiting(api: &RestApi, deployment: &Deployment) -> Vec<&'static str> {
    let Some(made_with) = Marker::of(deployment).and_then(|marker| marker.settings) else {
        return Vec::new();
    };
    let now = imprint(api);
    let differs = now.split('.').zip(made_with.split('.')).map(|(now, then)| now != then);
    let names = values(api).map(|(name, _)| name);
    names
        .into_iter()
        .zip(differs)
        .filter_map(|(name, differs)| differs.then_some(name))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(api: &RestApi) -> Deployment {
        Deployment {
            description: Some(format!("sha256:ab draft:cd settings:{}", imprint(api))),
            ..Deployment::default()
        }
    }

    #[test]
    fn every_setting_that_was_changed_waits_under_its_name() {
        let api = RestApi {
            id: "abc123".into(),
            ..RestApi::default()
        };
        let of = |change: &dyn Fn(&mut RestApi)| {
            let mut edited = api.clone();
            change(&mut edited);
            waiting(&edited, &made(&api))
        };
        assert!(of(&|_| {}).is_empty());
        assert_eq!(of(&|api| api.policy = Some(r#"{"Statement": []}"#.into())), [POLICY]);
        assert_eq!(
            of(&|api| api.minimum_compression_size = Some(0)),
            ["minimum compression size"]
        );
        assert_eq!(
            of(&|api| api.api_key_source = Some("AUTHORIZER".into())),
            ["source of API keys"]
        );
        assert_eq!(
            of(&|api| api.vpc_endpoint_ids = vec!["vpce-1".into()]),
            ["VPC endpoints"]
        );
        assert_eq!(of(&|api| api.security_policy = Some("TLS_1_2".into())), ["TLS policy"]);
        assert_eq!(
            of(&|api| api.endpoint_access_mode = Some("STRICT".into())),
            ["endpoint access mode"]
        );
        let both = of(&|api| {
            api.binary_media_types = vec!["image/png".into()];
            api.disable_execute_api_endpoint = true;
        });
        assert_eq!(both, ["binary media types", ADDRESS]);
    }

    #[test]
    fn what_no_deployment_takes_and_what_is_spelt_otherwise_does_not_wait() {
        let written = RestApi {
            id: "abc123".into(),
            policy: Some(r#"{"Statement": {"Resource": "execute-api:/*"}}"#.into()),
            binary_media_types: vec!["a/b".into(), "c/d".into()],
            ..RestApi::default()
        };
        let read = RestApi {
            name: "Another".into(),
            description: Some("It is.".into()),
            policy: Some(
                r#"{\"Statement\":[{\"Resource\":\"arn:aws:execute-api:eu-west-1:111111111111:abc123/*\"}]}"#.into(),
            ),
            binary_media_types: vec!["c/d".into(), "a/b".into()],
            api_key_source: Some("HEADER".into()),
            ..written.clone()
        };
        assert!(waiting(&read, &made(&written)).is_empty());
    }

    #[test]
    fn a_deployment_that_says_less_makes_nothing_wait() {
        let api = RestApi {
            binary_media_types: vec!["a/b".into()],
            ..RestApi::default()
        };
        let of = |text: &str| {
            let description = Some(text.to_owned());
            waiting(
                &api,
                &Deployment {
                    description,
                    ..Deployment::default()
                },
            )
        };
        assert!(of("by hand").is_empty());
        assert!(of("sha256:ab draft:cd").is_empty());
        let policy = imprint(&api).split('.').next().unwrap().to_owned();
        assert!(of(&format!("sha256:ab settings:{policy}")).is_empty());
        assert_eq!(
            of(&format!("sha256:ab settings:{policy}.00000000")),
            ["binary media types"]
        );
    }
}
