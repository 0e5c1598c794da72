//! What is wrong with a file, and what is not.

use super::*;

fn codes(text: &str) -> Vec<Code> {
    let source = Source::new("aws.config.json", text).secret();
    read_aws(&source).diagnostics.iter().map(|found| found.code).collect()
}

fn with(section: &str) -> String {
    format!(r#"{{"apiGateway": {{{section}}}}}"#)
}

#[test]
fn the_placeholders_of_an_empty_file_are_absent_settings() {
    let text = r#"{"region": "", "aws": {"access_key_id": "", "secret_access_key": ""},
        "apiGateway": {"name": "", "rest_api_id": "", "baseEndpointURL": "", "stage": "", "basePath": ""}}"#;
    assert_eq!(codes(text), []);
    assert_eq!(
        codes(r#"{"region": null, "aws": null, "apiGateway": {"name": null}}"#),
        []
    );
}

#[test]
fn each_setting_has_its_rule() {
    for (section, code) in [
        (r#""stage": "bad stage!""#, Code::StageName),
        (r#""rest_api_id": "no/id""#, Code::RestApiId),
        (r#""baseEndpointURL": "backend.example.com""#, Code::EndpointUrl),
        (r#""baseEndpointURL": "https://""#, Code::EndpointUrl),
        (r#""baseEndpointURL": "https://user:word@host/""#, Code::EndpointUrl),
        (r#""baseEndpointURL": "https://host/?q=1""#, Code::EndpointUrl),
        (r#""baseEndpointURL": "https://ho st/""#, Code::EndpointUrl),
        (r#""baseEndpointURL": "http://host:99999/""#, Code::EndpointUrl),
        (r#""baseEndpointURL": "https://host/{basePath}""#, Code::EndpointUrl),
        (r#""stage": "v1", "basePath": "/v2""#, Code::BasePath),
        (r#""stages": {"a b": {}}"#, Code::StageName),
        (
            r#""endpoint": {"securityPolicy": "TLS_1_2", "accessMode": "STRICT"}"#,
            Code::ApiSetting,
        ),
        (
            r#""endpoint": {"securityPolicy": "SecurityPolicy_TLS13_1_3_2025_09"}"#,
            Code::ApiSetting,
        ),
        (r#""stages": {"v1": {"variables": {"a-b": "x"}}}"#, Code::StageSetting),
        (
            r#""baseEndpointURL": "https://${stageVariable.host}/""#,
            Code::Reference,
        ),
        (
            r#""baseEndpointURL": "https://${stageVariables.a b}/""#,
            Code::Reference,
        ),
        (r#""baseEndpointURL": "${stageVariables.url}/v1""#, Code::EndpointUrl),
        (r#""stage": "${stageVariables.stage}""#, Code::Reference),
        (r#""smokeURL": "https://${stageVariables.host}/""#, Code::Reference),
        (
            r#""smoke": [{"path": "/${stageVariables.base}/users"}]"#,
            Code::Reference,
        ),
        (r#""baseEndpointURL": "https://host:22/""#, Code::EndpointUrl),
        (r#""baseEndpointURL": "https://host:0""#, Code::EndpointUrl),
        (r#""baseEndpointURL": "https://host:1023""#, Code::EndpointUrl),
        (r#""baseEndpointURL": "https://host:/""#, Code::EndpointUrl),
        (r#""stages": {"v1": {"variables": {"a": "x%y"}}}"#, Code::StageSetting),
        (r#""stages": {"v1": {"variables": {"a": ""}}}"#, Code::StageSetting),
        (r#""stages": {"v1": {"tags": {"aws:x": "y"}}}"#, Code::StageSetting),
        (r#""stages": {"v1": {"tags": {"team": "a&b"}}}"#, Code::StageSetting),
        (r#""stages": {"v1": {"tags": {"te*am": "b"}}}"#, Code::StageSetting),
        (r#""stages": {"v1": {"cache": {"size": "2"}}}"#, Code::StageSetting),
        (r#""stages": {"v1": {"cache": {"ttl": 3601}}}"#, Code::StageSetting),
        (
            r#""stages": {"v1": {"accessLog": {"destination": "log"}}}"#,
            Code::StageSetting,
        ),
        (r#""stages": {"v1": {"methods": {"/users": {}}}}"#, Code::StageSetting),
        (
            r#""stages": {"v1": {"logging": {"level": "DEBUG"}}}"#,
            Code::UnknownValue,
        ),
        (
            r#""stages": {"v1": {"throttling": {"burstLimit": -1}}}"#,
            Code::WrongType,
        ),
        (
            r#""stages": {"v1": {"throttling": {"rateLimit": "5"}}}"#,
            Code::WrongType,
        ),
        (r#""stages": {"v1": {"throtling": {}}}"#, Code::UnknownKey),
        (r#""smoke": [{"path": "users"}]"#, Code::SmokeRequest),
        (r#""smoke": [{"path": "/users/{id}"}]"#, Code::SmokeRequest),
        (r#""smoke": [{"path": "/a b"}]"#, Code::SmokeRequest),
        (r#""smoke": [{"path": "/a", "status": 42}]"#, Code::SmokeRequest),
        (r#""smoke": [{"path": "/a", "method": "ANY"}]"#, Code::SmokeRequest),
        (
            r#""smoke": [{"path": "/a", "headers": {"Host": "b"}}]"#,
            Code::SmokeRequest,
        ),
        (
            r#""smoke": [{"path": "/a", "headers": {"X": "a\r\nY: b"}}]"#,
            Code::SmokeRequest,
        ),
        (r#""smoke": [{"method": "GET"}]"#, Code::MissingKey),
        (r#""smokeURL": "api.example.com""#, Code::SmokeRequest),
        (r#""smokeURL": "https://me:word@host/""#, Code::SmokeRequest),
    ] {
        assert_eq!(codes(&with(section)), [code], "{section}");
    }
    assert_eq!(codes(r#"{"region": "Ireland", "apiGateway": {}}"#), [Code::Region]);
    for account in ["1234-5678-9012", "12345", "1234567890123", "shop"] {
        let text = format!(r#"{{"account_id": "{account}", "apiGateway": {{}}}}"#);
        assert_eq!(codes(&text), [Code::AccountId], "{account}");
    }
    assert_eq!(codes(r#"{"account_id": "000000000000", "apiGateway": {}}"#), []);
}

#[test]
fn settings_that_stages_take_are_taken() {
    let text = r#""stages": {"v1": {
        "description": "for all", "variables": {"host": "nlb.example.com:8080/a", "motd": "be kind", "gone": null},
        "throttling": {"rateLimit": 12.5, "burstLimit": 100},
        "logging": {"level": "ERROR", "dataTrace": false, "metrics": true},
        "cache": {"size": "0.5", "ttl": 60, "encrypted": true},
        "methods": {"GET /users/{id}": {"throttling": {"rateLimit": 1}}},
        "accessLog": {"destination": "arn:aws:logs:eu-west-1:111111111111:log-group:a", "format": "$context.requestId"},
        "tracing": true, "clientCertificate": "abc123", "tags": {"team": "shop"}
    }, "v2": null},
    "smokeURL": "https://api.example.com/dev",
    "smoke": [
        {"path": "/users/7?full=1", "contains": "name"},
        {"method": "POST", "path": "/users", "headers": {"Authorization": "x"}, "body": "{}", "status": 403},
        {"path": "https://backend.example.com/.well-known/bluegate", "digest": true},
        {"path": "/signed", "signed": true}
    ]"#;
    assert_eq!(codes(&with(text)), []);
}

#[test]
fn a_value_of_the_wrong_type_names_its_key_and_shows_no_text() {
    for (section, message, help) in [
        (
            r#""stage": 5"#,
            "`stage`: expected a string, found a number",
            "double quotes",
        ),
        (
            r#""stages": {"v1": {"throttling": {"rateLimit": "5"}}}"#,
            "`rateLimit`: expected a number",
            "without quotes",
        ),
        (
            r#""stages": {"v1": {"throttling": {"rateLimit": -1}}}"#,
            "`rateLimit`: a limit is not negative",
            "`\"unlimited\"`",
        ),
        (
            r#""stages": {"v1": {"throttling": {"burstLimit": -0.5}}}"#,
            "`burstLimit`: a limit is not negative",
            "`\"unlimited\"`",
        ),
        (
            r#""stages": {"v1": {"throttling": 5}}"#,
            "`throttling`: expected",
            "`{\"rateLimit\": 5}`",
        ),
        (
            r#""stages": {"v1": {"logging": "INFO"}}"#,
            "`logging`: expected",
            "`{\"level\": \"…\"}`",
        ),
        (
            r#""stages": {"v1": {"cache": true}}"#,
            "`cache`: expected",
            "`{\"enabled\": true}`",
        ),
        (
            r#""stages": {"v1": {"cache": {"ttl": -5}}}"#,
            "`ttl`: expected a whole number from 0 on, found a negative",
            "minus",
        ),
        (
            r#""stages": {"v1": {"variables": {"port": 80}}}"#,
            "`port`: expected a string",
            "double quotes",
        ),
        (
            r#""stages": {"v1": true}"#,
            "`v1`: expected the stage as an object",
            "braces",
        ),
        (
            r#""stage": ["v1"]"#,
            "`stage`: expected a string, found a list",
            "without brackets",
        ),
        (
            r#""smoke": ["/health"]"#,
            "an entry of `smoke`: expected",
            "`{\"path\": \"…\"}`",
        ),
        (
            r#""smoke": [{"path": "/a", "status": -200}]"#,
            "`status`: expected a whole number",
            "minus",
        ),
    ] {
        let source = Source::new("aws.config.json", with(section)).secret();
        let found = read_aws(&source).diagnostics;
        let all: Vec<&Diagnostic> = found.iter().collect();
        assert_eq!(all.len(), 1, "{section}: {found:?}");
        assert_eq!(all[0].code, Code::WrongType, "{section}");
        assert!(all[0].message.starts_with(message), "{section}: {}", all[0].message);
        assert!(all[0].help.as_deref().unwrap().contains(help), "{section}: {found:?}");
        assert!(!format!("{found:?}").contains("INFO") && !format!("{found:?}").contains("health"));
    }
    for limit in ["\"unlimited\"", "0", "12"] {
        let section =
            format!(r#""stages": {{"v1": {{"throttling": {{"rateLimit": {limit}, "burstLimit": {limit}}}}}}}"#);
        assert_eq!(codes(&with(&section)), [], "{limit}");
    }
}

#[test]
fn a_missing_section_hides_no_error_of_another() {
    assert_eq!(codes(r#"{"region": "Ireland"}"#), [Code::MissingKey, Code::Region]);
}

#[test]
fn urls_that_integrations_take_are_taken() {
    for url in [
        "https://backend.example.com/",
        "http://127.0.0.1:3000",
        "http://[::1]:3000/",
        "https://${stageVariables.host}/v1",
        "http://${stageVariables.host}:${stageVariables.port}",
        "https://host:443",
        "http://host:80/",
        "http://host:65535",
        "http://internal-nlb.example.com:8080/",
    ] {
        assert_eq!(codes(&with(&format!(r#""baseEndpointURL": "{url}""#))), [], "{url}");
    }
}

#[test]
fn half_a_pair_of_keys_is_an_error_that_shows_neither() {
    let source = Source::new(
        "aws.config.json",
        r#"{"aws": {"secret_access_key": "hush"}, "apiGateway": {}}"#,
    )
    .secret();
    let found = read_aws(&source).diagnostics;
    assert_eq!(found.iter().next().unwrap().code, Code::HalfCredentials);
    assert!(!format!("{found:?}").contains("hush"));
}

#[test]
fn regions_of_all_partitions_are_taken() {
    for region in [
        "eu-west-1",
        "us-gov-west-1",
        "cn-north-1",
        "ap-southeast-5",
        "us-iso-east-1",
        "eusc-de-east-1",
        "eu-isoe-west-1",
        "us-isob-east-1",
        "us-isof-south-1",
    ] {
        assert_eq!(
            codes(&format!(r#"{{"region": "{region}", "apiGateway": {{}}}}"#)),
            [],
            "{region}"
        );
    }
}
