//! The AWS file: reading it, and the rules about its values.

mod access_log;
mod environment;
mod function;
mod place;
mod refuse;
#[cfg(feature = "gateway")]
mod routes;
mod smoke;
mod smokes;
mod stage;
pub mod stage_path;
mod stage_settings;

pub use environment::{Endpoint, Environment, Keys, Needs};
pub use function::{
    calls_a_function, function_pattern, invocation_uri, invoked_function, parts_of_function, unknown_account,
    written_function,
};
pub use place::{EMULATED_ACCOUNT, PARTITIONS, Partition, Service, invoke_url, is_region, is_this_machine};
#[cfg(feature = "gateway")]
pub use routes::{Pair, pair};
pub use smokes::{Request, Smoke, Smokes};
pub use stage::refused_variable;
pub use stage_settings::StageSettings;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Outcome};
use crate::file::{AwsFile, CredentialsEntry, EndpointEntry, Entries, Secret};
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
    if let Some(region) = set(file.region.as_ref()).filter(|text| is_filled("region", text, found)) {
        check_region(region, found);
    }
    if let Some(account) = set(file.account_id.as_ref()) {
        check_account(account, found);
    }
    if let Some(aws) = &file.aws {
        check_pair(aws, found);
    }
    if let Some(stage) = set(api.stage.as_ref()).filter(|text| is_filled("stage", text, found)) {
        check_stage(stage, found);
    }
    if let Some(endpoint) = &api.endpoint {
        check_endpoint(endpoint, found);
    }
    for (name, entry) in api.stages.iter().flat_map(Entries::iter) {
        check_stage(name, found);
        stage::check(entry, found);
    }
    for entry in api.smoke.iter().flatten() {
        smoke::check(entry, found);
    }
    if let Some(url) = set(api.smoke_url.as_ref()).filter(|text| is_filled("smokeURL", text, found))
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
        if let Some(function) = set(api.function.as_ref()) {
            found.push(
                Diagnostic::new(
                    Code::KeyConflict,
                    "the service has both `baseEndpointURL` and `function`",
                )
                .at(function.span)
                .with_note("the other one is here", url.span)
                .with_help("keep one: it is called by its URL, or runs as a Lambda function"),
            );
        }
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

/// The newer TLS policies and the access mode belong together
/// ([security policies](https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies.html)).
fn check_endpoint(endpoint: &EndpointEntry, found: &mut Diagnostics) {
    let is_newer = |policy: &&Spanned<String>| policy.starts_with("SecurityPolicy_");
    let policy = set(endpoint.security_policy.as_ref());
    match (policy, &endpoint.access_mode) {
        (Some(policy), Some(mode)) if !is_newer(&policy) => found.push(
            Diagnostic::new(
                Code::ApiSetting,
                format!("`accessMode` cannot stand with the policy `{}`", policy.value),
            )
            .at(mode.span)
            .with_help("remove it, or write a policy that starts with `SecurityPolicy_`"),
        ),
        (Some(policy), None) if is_newer(&policy) => found.push(
            Diagnostic::new(
                Code::ApiSetting,
                "a policy that starts with `SecurityPolicy_` needs an `accessMode`",
            )
            .as_warning()
            .at(policy.span)
            .with_help("add `\"accessMode\": \"BASIC\"`, or `STRICT`, unless the API has one already"),
        ),
        _ => {}
    }
}

/// The bytes of a URL without a user name, a query or a fragment.
fn is_url_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~:/[]%,+".contains(&byte)
}

/// Whether a text has no reference, where nothing would fill it in. One that has is reported.
fn is_filled(key: &str, text: &Spanned<String>, found: &mut Diagnostics) -> bool {
    let references = References::of(text);
    let is_flawed = references.flaws.iter().any(|flaw| !flaw.is_bare);
    let is_filled = references.variables.is_empty() && !is_flawed;
    if !is_filled {
        found.push(
            Diagnostic::new(
                Code::Reference,
                format!("`{key}` has a reference, and nothing fills it in there"),
            )
            .at(text.span)
            .with_help("write the text itself; stage variables may stand in `baseEndpointURL` and `vpcLink`"),
        );
    }
    is_filled
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
    if !is_region(region) {
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
        if url.starts_with("${") {
            return refuse(
                "`baseEndpointURL` begins with a stage variable, which holds no scheme".to_owned(),
                "write the scheme before it: `https://${stageVariables.name}`",
            );
        }
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
            Diagnostic::new(Code::HalfCredentials, format!("`{there}` stands without `{missing}`"))
                .at(span)
                .with_help("give both keys, or none to use the credential chain of the AWS SDK"),
        );
    }
}

#[cfg(test)]
mod tests;
