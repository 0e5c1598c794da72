use bluegate_core::aws::{Environment, Needs};
use bluegate_core::gateway::Access;
use bluegate_core::{Source, read_aws};

use super::*;
use crate::api::Cache;

fn declared(stage: &str) -> StageSettings {
    let text = format!(r#"{{"apiGateway": {{"stages": {{"dev": {stage}}}}}}}"#);
    let file = read_aws(&Source::new("aws.json", text).secret())
        .into_result()
        .expect("an AWS file")
        .0;
    let resolved = Environment::resolve(&file, None, Needs::Nothing).value;
    resolved.expect("an environment").stage_settings
}

fn stage(settings: &[(&str, &str)]) -> Stage {
    Stage {
        settings: settings
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect(),
        ..Stage::default()
    }
}

#[test]
fn what_is_so_already_or_by_default_is_no_difference() {
    let declared = declared(
        r#"{"throttling": {"rateLimit": 100}, "logging": {"level": "OFF", "metrics": true}, "tracing": false}"#,
    );
    let there = stage(&[
        ("/*/*/throttling/rateLimit", "100.0"),
        ("/*/*/metrics/enabled", "false"),
    ]);
    let missing = declared.missing(Some(&there));
    assert_eq!(missing.values.keys().collect::<Vec<_>>(), ["/*/*/metrics/enabled"]);
    assert_eq!(missing.changes(Some(&there))[0].field, "metrics enabled");
    assert_eq!(missing.changes(Some(&there))[0].from.as_deref(), Some("false"));
    assert_eq!(declared.missing(None), declared);
}

#[test]
fn a_limit_that_is_taken_away_is_told_in_words() {
    let declared = declared(r#"{"throttling": {"rateLimit": "unlimited", "burstLimit": 0}}"#);
    let there = stage(&[
        ("/*/*/throttling/rateLimit", "100"),
        ("/*/*/throttling/burstLimit", "0"),
    ]);
    let missing = declared.missing(Some(&there));
    assert_eq!(missing.values["/*/*/throttling/rateLimit"], "-1");
    let changes = missing.changes(Some(&there));
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0].to.as_deref(), Some("unlimited"));
    let gone = stage(&[
        ("/*/*/throttling/rateLimit", "-1.0"),
        ("/*/*/throttling/burstLimit", "0"),
    ]);
    assert!(declared.missing(Some(&gone)).is_empty());
}

#[test]
fn a_route_that_takes_requests_of_another_has_its_limits_and_its_logs() {
    let api = |verb: &str, path: &str| {
        Definition::of_access(&[(path.to_owned(), [(verb.to_owned(), Access::default())].into())].into())
    };
    let (old, new) = (api("ANY", "/files/{path+}"), api("GET", "/files/{rest+}"));
    let there = stage(&[
        ("/*/*/throttling/rateLimit", "100"),
        ("/~1files~1{path+}/ANY/throttling/rateLimit", "5"),
        ("/~1files~1{path+}/ANY/throttling/burstLimit", "5"),
        ("/~1files~1{path+}/ANY/logging/loglevel", "INFO"),
        ("/~1files~1{path+}/ANY/logging/dataTrace", "false"),
    ]);
    let told = |declared: &StageSettings| weaker_elsewhere(Some(&there), declared, [&old], &new);
    assert_eq!(
        told(&declared("{}")),
        [
            "logging loglevel of GET /files/{rest+} becomes OFF, which for ANY /files/{path+} is INFO",
            "throttling burstLimit of GET /files/{rest+} becomes unlimited, which for ANY /files/{path+} is 5",
            "throttling rateLimit of GET /files/{rest+} becomes 100, which for ANY /files/{path+} is 5",
        ]
    );
    let follows = declared(
        r#"{"methods": {"GET /files/{rest+}": {"throttling": {"rateLimit": 5, "burstLimit": 1}, "logging": {"level": "INFO"}}}}"#,
    );
    assert_eq!(told(&follows), [""; 0]);
    assert_eq!(weaker_elsewhere(None, &follows, [&old], &new), [""; 0]);
    assert_eq!(weaker_elsewhere(Some(&there), &declared("{}"), [&new], &old), [""; 0]);
    // A number is the same however it is written.
    let same = declared(
        r#"{"methods": {"GET /files/{rest+}": {"throttling": {"rateLimit": 5.0, "burstLimit": 5}, "logging": {"level": "INFO"}}}}"#,
    );
    assert_eq!(told(&same), [""; 0]);
}

#[test]
fn what_a_method_has_not_for_itself_it_has_of_all() {
    let there = stage(&[("/*/*/logging/dataTrace", "true"), ("/*/*/logging/loglevel", "INFO")]);
    let missing = |text: &str| declared(text).missing(Some(&there)).values;
    let of_method = |logging: &str| format!(r#"{{"methods": {{"GET /a": {{"logging": {logging}}}}}}}"#);
    assert_eq!(missing(&of_method(r#"{"dataTrace": false}"#)).len(), 1);
    assert_eq!(missing(&of_method(r#"{"dataTrace": true, "level": "INFO"}"#)).len(), 0);
    // What all methods are to have, and what one of them is not, comes at once.
    let both = declared(r#"{"logging": {"level": "INFO"}, "methods": {"GET /a": {"logging": {"level": "OFF"}}}}"#);
    let quiet = stage(&[]);
    assert_eq!(both.missing(Some(&quiet)), both);
    assert_eq!(both.weaker(Some(&quiet)), [""; 0]);
    let silent = declared(&of_method(r#"{"level": "OFF"}"#));
    assert_eq!(silent.weaker(Some(&there)), ["logging loglevel of GET /a becomes OFF"]);
    let keys = |format: &str| {
        let declared = declared(&format!(
            r#"{{"accessLog": {{"destination": "arn:aws:logs:eu-west-1:111111111111:log-group:a", "format": "{format}"}}}}"#
        ));
        declared.weaker(Some(&there))
    };
    assert_eq!(keys("$context.requestId $context.identity.apiKeyId"), [""; 0]);
    let told = "access log format becomes $context.requestId $context.identity.apiKey";
    assert_eq!(keys("$context.requestId $context.identity.apiKey"), [told]);
}

#[test]
fn a_variable_is_named_and_its_value_is_not_shown() {
    let declared = declared(r#"{"variables": {"token": "hush"}}"#);
    let there = stage(&[("/variables/token", "hush-hush")]);
    let changes = declared.missing(Some(&there)).changes(Some(&there));
    assert_eq!(changes[0].field, "variable token");
    assert!(!format!("{changes:?}").contains("hush"));
}

#[test]
fn a_size_goes_with_the_switch_of_the_cache_and_is_never_empty() {
    let told = |patches: Vec<Patch>| -> Vec<String> {
        let of_cache = patches.into_iter().filter(|patch| is_of_cache(&patch.path));
        of_cache
            .map(|patch| format!("{} {}", patch.path, patch.value.unwrap_or_default()))
            .collect()
    };
    let off = stage(&[]);
    let on = |size: &str| stage(&[(CACHE, "true"), (CACHE_SIZE, size)]);
    let wanted = declared(r#"{"cache": {"size": "1.6"}}"#);
    let both = ["/cacheClusterEnabled true", "/cacheClusterSize 1.6"];
    assert_eq!(told(wanted.missing(Some(&off)).patches()), both);
    assert_eq!(told(wanted.missing(Some(&on("0.5"))).patches()), both);
    assert_eq!(
        told(wanted.patches_back(&off, &on("1.6"))),
        ["/cacheClusterEnabled false"]
    );
    assert_eq!(
        told(wanted.patches_back(&on("0.5"), &on("1.6"))),
        ["/cacheClusterEnabled true", "/cacheClusterSize 0.5"]
    );
    let unwanted = declared(r#"{"cache": {"enabled": false}}"#);
    assert_eq!(
        told(unwanted.patches_back(&on("0.5"), &off)),
        ["/cacheClusterEnabled true", "/cacheClusterSize 0.5"]
    );
}

#[test]
fn a_cache_that_api_gateway_is_at_is_not_overdue() {
    let wanted = declared(r#"{"cache": {"size": "1.6"}, "tracing": true}"#);
    let mut there = stage(&[]);
    for (cache, left) in [
        (Cache::Off, true),
        (Cache::Going, false),
        (Cache::Coming, false),
        (Cache::On, true),
    ] {
        there.cache = cache;
        let overdue = wanted.overdue(&there);
        assert_eq!(overdue.values.contains_key(CACHE), left, "{cache:?}");
        assert!(overdue.values.contains_key("/tracingEnabled"));
    }
}

#[test]
fn undoing_puts_back_what_was_and_removes_what_was_not() {
    let declared = declared(
        r#"{"throttling": {"rateLimit": 5}, "variables": {"old": "b", "new": "c"}, "tracing": true,
            "methods": {"GET /a": {"logging": {"metrics": true}}, "GET /b": {"throttling": {"rateLimit": 5}}},
            "accessLog": {"destination": "arn:aws:logs:eu-west-1:111111111111:log-group:a", "format": "$context.requestId"}}"#,
    );
    let before = stage(&[
        ("/variables/old", "a"),
        ("/*/*/throttling/rateLimit", "9"),
        ("/~1a/GET/logging/loglevel", "INFO"),
    ]);
    let mut now = before.clone();
    now.settings.extend(declared.values.clone());
    let back: Vec<String> = declared
        .patches_back(&before, &now)
        .iter()
        .map(|patch| {
            format!(
                "{:?} {} {}",
                patch.op,
                patch.path,
                patch.value.as_deref().unwrap_or("-")
            )
        })
        .collect();
    assert_eq!(
        back,
        [
            "Replace /*/*/throttling/rateLimit 9",
            "Remove /accessLogSettings -",
            "Replace /tracingEnabled false",
            "Remove /variables/new -",
            "Replace /variables/old a",
            "Replace /~1a/GET/metrics/enabled false",
            "Remove /~1b/GET -",
        ]
    );
    assert!(declared.patches_back(&before, &before).is_empty());
}
