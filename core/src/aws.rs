//! The AWS file: reading it, and the rules about its values.

mod access_log;
mod environment;
mod place;
#[cfg(feature = "gateway")]
mod routes;
mod smoke;
mod smokes;
mod stage;
pub mod stage_path;
mod stage_settings;

pub use environment::{Environment, Keys, Needs};
pub use place::{EMULATED_ACCOUNT, PARTITIONS, Partition, Service, invoke_url, is_this_machine};
#[cfg(feature = "gateway")]
pub use routes::{Pair, pair};
pub use smokes::{Request, Smoke, Smokes};
pub use stage_settings::StageSettings;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Outcome};
use crate::file::{AwsFile, CredentialsEntry, Entries, Secret};
use crate::parse::parse;
use crate::reference::References;
use crate::source::Source;
use crate::span::Spanned;

/// Reads an AWS file and checks its values. Findings name keys, never values: one of them may be a secret that stands in
/// the wrong place.
///
/// What deploying needs beyond that is for the command to say.
///
/// The source should be [secret](Source::secret), so that no message shows its values.
///
/// ```
/// use bluegate_core::{Code, Source, read_aws};
///
/// let source = Source::new("aws.config.json", r#"{"apiGateway": {"stage": "not a stage"}}"#).secret();
/// let found = read_aws(&source).into_result().unwrap_err();
/// assert_eq!(found.iter().next().unwrap().code, Code::StageName);
/// ```
#[must_use]
pub fn read_aws(source: &Source) -> Outcome<AwsFile> {
    let mut outcome = parse::<AwsFile>(source);
    if let Some(file) = &outcome.value {
        check(file, &mut outcome.diagnostics);
    }
    outcome.diagnostics = outcome.diagnostics.finish();
    outcome
}

fn check(file: &AwsFile, found: &mut Diagnostics) {
    let api = &file.api_gateway;
    if let Some(region) = set(file.region.as_ref()) {
        check_region(region, found);
    }
    if let Some(account) = set(file.account_id.as_ref()) {
        check_account(account, found);
    }
    if let Some(aws) = &file.aws {
        check_pair(aws, found);
    }
    if let Some(stage) = set(api.stage.as_ref()) {
        check_stage(stage, found);
    }
    for (name, entry) in api.stages.iter().flat_map(Entries::iter) {
        check_stage(name, found);
        stage::check(entry, found);
    }
    for entry in api.smoke.iter().flatten() {
        smoke::check(entry, found);
    }
    if let Some(url) = set(api.smoke_url.as_ref())
        && !url
            .strip_prefix("https://")
            .or_else(|| url.strip_prefix("http://"))
            .is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/') && rest.bytes().all(is_url_byte))
    {
        found.push(
            Diagnostic::new(Code::SmokeRequest, "`smokeURL` is no URL")
                .at(url.span)
                .with_help("write it as `https://api.example.com/dev`"),
        );
    }
    if let Some(id) = set(api.rest_api_id.as_ref()) {
        check_rest_api_id(id, found);
    }
    if let Some(url) = set(api.base_endpoint_url.as_ref()) {
        check_url(url, found);
    }
    if let (Some(base), Some(stage)) = (set(api.base_path.as_ref()), set(api.stage.as_ref()))
        && base.trim_matches('/') != stage.value
    {
        found.push(
            Diagnostic::new(
                Code::BasePath,
                format!(
                    "`basePath` is not the stage: API Gateway serves it under `/{}`",
                    stage.value
                ),
            )
            .at(base.span)
            .with_help("write `/` and the stage's name, or leave `basePath` out"),
        );
    }
}

/// The bytes of a URL without a user name, a query or a fragment.
fn is_url_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~:/[]%,+".contains(&byte)
}

/// A setting that is there and not an empty placeholder.
fn set(setting: Option<&Spanned<String>>) -> Option<&Spanned<String>> {
    setting.filter(|text| !text.trim().is_empty())
}

/// What names of stages are, for people.
pub const STAGE_NAMES: &str = "a stage's name is made of letters, digits, `_` and `-`, 128 at most";

/// Whether `CreateDeployment` takes a name of a stage: letters, digits, `_` and `-`, 1 to 128 of them.
#[must_use]
pub fn is_stage_name(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    (1..=128).contains(&name.len()) && name.bytes().all(fits)
}

fn check_stage(stage: &Spanned<String>, found: &mut Diagnostics) {
    if !is_stage_name(stage) {
        found.push(
            Diagnostic::new(Code::StageName, "this is no name of a stage")
                .at(stage.span)
                .with_help(STAGE_NAMES),
        );
    }
}

fn check_region(region: &Spanned<String>, found: &mut Diagnostics) {
    let parts: Vec<&str> = region.split('-').collect();
    let word = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
    let fits = match parts.as_slice() {
        [place @ .., number] => {
            place.len() >= 2 && place.iter().all(word) && number.len() <= 2 && number.parse::<u8>().is_ok()
        }
        [] => false,
    };
    if !fits {
        found.push(
            Diagnostic::new(Code::Region, "`region` is no AWS region")
                .at(region.span)
                .with_help("write it as `eu-west-1`"),
        );
    }
}

/// Twelve digits, the first ones may be zeros
/// ([account identifiers](https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-identifiers.html)).
fn check_account(account: &Spanned<String>, found: &mut Diagnostics) {
    if account.len() != 12 || !account.bytes().all(|byte| byte.is_ascii_digit()) {
        found.push(
            Diagnostic::new(Code::AccountId, "`account_id` is no AWS account")
                .at(account.span)
                .with_help("an account is twelve digits in quotes, without dashes: `\"123456789012\"`"),
        );
    }
}

fn check_rest_api_id(id: &Spanned<String>, found: &mut Diagnostics) {
    if id.len() > 64 || !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        found.push(
            Diagnostic::new(Code::RestApiId, "`rest_api_id` is no id of a REST API")
                .at(id.span)
                .with_help(
                    "an id is made of letters and digits, such as `a1b2c3d4e5`; leave it out to find the API by name",
                ),
        );
    }
}

/// The URL that integrations start with: `http` or `https`, a host, no query. Stage variables may stand in it.
fn check_url(url: &Spanned<String>, found: &mut Diagnostics) {
    let flaws = References::of(url).flaws;
    if !flaws.is_empty() {
        for flaw in flaws {
            let code = if flaw.is_bare {
                Code::EndpointUrl
            } else {
                Code::Reference
            };
            let message = format!("`baseEndpointURL` {}", flaw.message);
            found.push(Diagnostic::new(code, message).at(url.span).with_help(flaw.help));
        }
        return;
    }
    let mut refuse = |message: String, help: &str| {
        found.push(Diagnostic::new(Code::EndpointUrl, message).at(url.span).with_help(help));
    };
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let Some(rest) = rest else {
        return refuse(
            "`baseEndpointURL` does not start with `http://` or `https://`".to_owned(),
            "write it as `https://backend.example.com/`",
        );
    };
    let host = rest.split('/').next().unwrap_or("");
    let fits = |c: char| c.is_ascii_alphanumeric() || "-._~:/${}[]%@,+".contains(c);
    if host.is_empty() || host.starts_with(':') {
        refuse(
            "`baseEndpointURL` has no host".to_owned(),
            "write it as `https://backend.example.com/`",
        );
    } else if host.contains('@') {
        // The URL goes into the document in the clear.
        refuse(
            "`baseEndpointURL` holds a user name".to_owned(),
            "remove what stands before the `@`: integrations do not send it",
        );
    } else if rest.contains(['?', '#']) {
        refuse(
            "`baseEndpointURL` holds a query or a fragment".to_owned(),
            "remove what follows the path",
        );
    } else if let Some(bad) = rest.chars().find(|&c| !fits(c)) {
        refuse(
            format!(
                "the character `{}` cannot stand in `baseEndpointURL`",
                bad.escape_debug()
            ),
            "write it as `https://backend.example.com/`",
        );
    } else if let Some((_, port)) = host.rsplit_once(':')
        && !port.contains(['$', ']'])
        && !port.parse::<u16>().is_ok_and(is_port)
    {
        refuse(
            "the port of `baseEndpointURL` is none that API Gateway calls".to_owned(),
            "a port is 80, 443, or a number from 1024 to 65535",
        );
    }
}

/// The ports of HTTP integrations
/// ([HTTP integrations](https://docs.aws.amazon.com/apigateway/latest/developerguide/setup-http-integrations.html)).
fn is_port(port: u16) -> bool {
    matches!(port, 80 | 443 | 1024..)
}

/// Half a pair of keys is a slip: the original hands it on and fails much later.
fn check_pair(aws: &CredentialsEntry, found: &mut Diagnostics) {
    fn given(key: Option<&Spanned<Secret>>) -> Option<&Spanned<Secret>> {
        key.filter(|key| !key.is_empty())
    }
    let lacks = match (given(aws.access_key_id.as_ref()), given(aws.secret_access_key.as_ref())) {
        (Some(key), None) => Some(("secret_access_key", "access_key_id", key.span)),
        (None, Some(key)) => Some(("access_key_id", "secret_access_key", key.span)),
        (None, None) => given(aws.session_token.as_ref()).map(|token| ("access_key_id", "session_token", token.span)),
        (Some(_), Some(_)) => None,
    };
    if let Some((missing, there, span)) = lacks {
        found.push(
            Diagnostic::new(
                Code::HalfCredentials,
                format!("there is a `{there}`, but no `{missing}`"),
            )
            .at(span)
            .with_help("give both keys, or none to use the credential chain of the AWS SDK"),
        );
    }
}

#[cfg(test)]
mod tests {
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
            (r#""stages": {"v1": {"variables": {"a-b": "x"}}}"#, Code::StageSetting),
            (
                r#""baseEndpointURL": "https://${stageVariable.host}/""#,
                Code::Reference,
            ),
            (
                r#""baseEndpointURL": "https://${stageVariables.a b}/""#,
                Code::Reference,
            ),
            (r#""baseEndpointURL": "https://host:22/""#, Code::EndpointUrl),
            (r#""baseEndpointURL": "https://host:0""#, Code::EndpointUrl),
            (r#""baseEndpointURL": "https://host:1023""#, Code::EndpointUrl),
            (r#""baseEndpointURL": "https://host:/""#, Code::EndpointUrl),
            (r#""stages": {"v1": {"variables": {"a": "x%y"}}}"#, Code::StageSetting),
            (r#""stages": {"v1": {"variables": {"a": ""}}}"#, Code::StageSetting),
            (r#""stages": {"v1": {"tags": {"aws:x": "y"}}}"#, Code::StageSetting),
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
}
