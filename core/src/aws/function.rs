//! Lambda functions, as files name them and as API Gateway calls them.

use std::collections::BTreeMap;

use super::{Environment, Partition};
use crate::blueprint::{Backend, Blueprint};
use crate::decode::shortened;
use crate::diagnostic::{Code, Diagnostic};
use crate::reference::stage_variables;

/// What API Gateway fills in by itself when it imports a document
/// ([variables](https://docs.aws.amazon.com/apigateway/latest/developerguide/import-api-aws-variables.html)).
const ANY_REGION: &str = "${AWS::Region}";
const ANY_ACCOUNT: &str = "${AWS::AccountId}";
const ANY_PARTITION: &str = "${AWS::Partition}";

/// The URI with which an integration or an authorizer calls a function, which is named by its name, by `name:alias`, by
/// `account:function:name` or by an ARN. Any other text is such a URI already. What is not known of region and account is
/// left to API Gateway.
///
/// ```
/// use bluegate_core::aws::invocation_uri;
///
/// assert_eq!(
///     invocation_uri("login:live", Some("eu-west-1"), Some("123456789012")),
///     "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/\
///      arn:aws:lambda:eu-west-1:123456789012:function:login:live/invocations"
/// );
/// assert_eq!(invocation_uri("arn:aws:apigateway:x", None, None), "arn:aws:apigateway:x");
/// ```
#[must_use]
pub fn invocation_uri(function: &str, region: Option<&str>, account: Option<&str>) -> String {
    match parts(function).as_slice() {
        ["arn", partition, "lambda", region, _, "function", ..] => uri(partition, region, function),
        // A partial ARN.
        [account, "function", name @ ..] if is_account(account) && is_named(name) => {
            let partition = region.map_or(ANY_PARTITION, |region| Partition::of(region).id);
            let region = region.unwrap_or(ANY_REGION);
            let arn = format!("arn:{partition}:lambda:{region}:{function}");
            uri(partition, region, &arn)
        }
        name if is_named(name) => {
            let partition = region.map_or(ANY_PARTITION, |region| Partition::of(region).id);
            let region = region.unwrap_or(ANY_REGION);
            let account = account.unwrap_or(ANY_ACCOUNT);
            let arn = format!("arn:{partition}:lambda:{region}:{account}:function:{function}");
            uri(partition, region, &arn)
        }
        _ => function.to_owned(),
    }
}

/// What the URI of every call of a function has behind the region.
const INVOCATIONS: &str = ":lambda:path/";

/// Whether a URI calls a function.
#[must_use]
pub fn calls_a_function(uri: &str) -> bool {
    uri.contains(INVOCATIONS)
}

/// The function that a URI calls, by its ARN and with its alias or version, once the variables of the stage are filled in.
/// `None` for what calls no function, and for a name with a variable that the stage does not have.
///
/// ```
/// use std::collections::BTreeMap;
///
/// use bluegate_core::aws::{invocation_uri, invoked_function};
///
/// let uri = invocation_uri("${stageVariables.login}", Some("eu-west-1"), Some("123456789012"));
/// let variables = BTreeMap::from([("login".to_owned(), "login:live".to_owned())]);
/// assert_eq!(
///     invoked_function(&uri, &variables).as_deref(),
///     Some("arn:aws:lambda:eu-west-1:123456789012:function:login:live")
/// );
/// assert_eq!(invoked_function(&uri, &BTreeMap::new()), None);
/// assert_eq!(invoked_function("https://example.com/functions/a/invocations", &variables), None);
/// ```
#[must_use]
pub fn invoked_function(uri: &str, variables: &BTreeMap<String, String>) -> Option<String> {
    let function = written_function(uri)?;
    let mut arn = function.to_owned();
    for name in stage_variables(function) {
        arn = arn.replace(&format!("${{stageVariables.{name}}}"), variables.get(name)?);
    }
    let is_whole = matches!(arn.split(':').collect::<Vec<_>>().as_slice(),
        ["arn", _, "lambda", region, account, "function", name @ ..]
            if !region.is_empty() && is_account(account) && is_named(name));
    is_whole.then_some(arn)
}

/// The functions that a URI may call, as a policy of IAM names them: `*` stands for what is filled in later.
///
/// ```
/// use bluegate_core::aws::{function_pattern, invocation_uri};
///
/// let uri = invocation_uri("login:${stageVariables.alias}", Some("eu-west-1"), None);
/// assert_eq!(function_pattern(&uri).as_deref(), Some("arn:aws:lambda:eu-west-1:*:function:login:*"));
/// assert_eq!(function_pattern("https://example.com"), None);
/// ```
#[must_use]
pub fn function_pattern(uri: &str) -> Option<String> {
    let mut rest = written_function(uri)?;
    let mut pattern = String::new();
    while let Some((before, reference)) = rest.split_once("${") {
        pattern.push_str(before);
        pattern.push('*');
        rest = reference.split_once('}')?.1;
    }
    Some(pattern + rest)
}

/// The ARN of a function in the URI of its call, as it is written there: with variables, or without all of its parts.
///
/// ```
/// use bluegate_core::aws::{invocation_uri, written_function};
///
/// let uri = invocation_uri("login", Some("eu-west-1"), Some("123456789012"));
/// assert_eq!(written_function(&uri), Some("arn:aws:lambda:eu-west-1:123456789012:function:login"));
/// assert_eq!(written_function("https://example.com"), None);
/// ```
#[must_use]
pub fn written_function(uri: &str) -> Option<&str> {
    let (_, rest) = uri.split_once(INVOCATIONS)?;
    let (_, rest) = rest.split_once("/functions/")?;
    // Behind the slash it says whether the answer comes at once or as a stream.
    rest.rsplit_once('/').map(|(function, _)| function)
}

/// The ARN of a function without its alias or version, and that.
///
/// ```
/// use bluegate_core::aws::parts_of_function;
///
/// let arn = "arn:aws:lambda:eu-west-1:123456789012:function:login";
/// assert_eq!(parts_of_function(arn), (arn, None));
/// assert_eq!(parts_of_function(&format!("{arn}:live")), (arn, Some("live")));
/// ```
#[must_use]
pub fn parts_of_function(arn: &str) -> (&str, Option<&str>) {
    match arn.match_indices(':').nth(6) {
        Some((at, _)) => (&arn[..at], Some(&arn[at + 1..])),
        None => (arn, None),
    }
}

/// What is missing in an AWS file to call functions that are known by their names: a deployment is compared with what API
/// Gateway made of it, and API Gateway fills region and account in.
///
/// ```
/// use bluegate_core::aws::{Environment, unknown_account};
/// use bluegate_core::{Mode, Source, read_blueprint};
///
/// let routes = Source::new("routes.json", r#"{"blueprint": {"name": "shop", "resources": [{"name": "users", "methods": [
///     {"path": "/login", "actions": [{"type": "POST", "function": "login"}]}]}]}}"#);
/// let blueprint = read_blueprint(&routes, Mode::Strict).value.unwrap();
/// assert!(unknown_account(&Environment::default(), &blueprint).is_some());
/// let known = Environment {
///     region: Some("eu-west-1".into()),
///     account_id: Some("123456789012".into()),
///     ..Environment::default()
/// };
/// assert!(unknown_account(&known, &blueprint).is_none());
/// ```
#[must_use]
pub fn unknown_account(environment: &Environment, blueprint: &Blueprint) -> Option<Diagnostic> {
    let missing = match (&environment.region, &environment.account_id) {
        (None, _) => "region",
        (Some(_), None) => "account_id",
        (Some(_), Some(_)) => return None,
    };
    let of_routes = blueprint
        .routes
        .iter()
        .filter_map(|route| match &route.integration.backend {
            Backend::Function(function) => Some(function),
            Backend::Service
            | Backend::Http { .. }
            | Backend::AwsService { .. }
            | Backend::Answer
            | Backend::Nobody => None,
        });
    let of_authorizers = blueprint.gateway.authorizers.iter();
    let of_authorizers = of_authorizers.filter_map(|authorizer| authorizer.function.as_ref());
    let mut all = of_routes.chain(of_authorizers).chain(&environment.function);
    let named = all.find(|function| invocation_uri(function, None, None).contains(ANY_ACCOUNT))?;
    let message = format!(
        "the function `{}` is called in the account and the region of the AWS file",
        shortened(named)
    );
    Some(Diagnostic::new(Code::MissingSetting, message).with_help(format!(
        "add `{missing}` to the AWS file, or name the function by its ARN"
    )))
}

/// The number of an account.
fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether parts are a name, alone or with an alias or a version.
fn is_named(parts: &[&str]) -> bool {
    (1..=2).contains(&parts.len()) && parts.iter().all(|part| is_name(part))
}

/// Whether a text is the name of a function, or of an alias; stage variables may hold it or parts of it.
fn is_name(text: &str) -> bool {
    let fits = |text: &str| {
        text.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'$'))
    };
    let mut rest = text;
    while let Some((before, reference)) = rest.split_once("${stageVariables.") {
        match reference.split_once('}') {
            Some((_, behind)) if fits(before) => rest = behind,
            _ => return false,
        }
    }
    !text.is_empty() && fits(rest)
}

fn uri(partition: &str, region: &str, arn: &str) -> String {
    format!("arn:{partition}:apigateway:{region}:lambda:path/2015-03-31/functions/{arn}/invocations")
}

/// What stands between the colons of a text that are not inside of a `${…}`.
fn parts(text: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    let is_end = |c: char| {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ':' && depth == 0
    };
    text.split(is_end).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_is_called_whichever_way_it_is_named() {
        let arn = "arn:aws-cn:lambda:cn-north-1:123456789012:function:login";
        let expected = format!("arn:aws-cn:apigateway:cn-north-1:lambda:path/2015-03-31/functions/{arn}/invocations");
        assert_eq!(invocation_uri(arn, Some("eu-west-1"), None), expected);
        assert_eq!(invocation_uri(&expected, None, None), expected);
        assert_eq!(
            invocation_uri("login", Some("cn-north-1"), Some("123456789012")),
            expected
        );
        assert_eq!(
            invocation_uri("login", None, None),
            "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/\
             arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:login/invocations"
        );
    }

    #[test]
    fn a_partial_arn_is_completed_by_the_region() {
        let partial = "210987654321:function:login:live";
        let uri = invocation_uri(partial, Some("eu-west-1"), Some("123456789012"));
        assert_eq!(
            invoked_function(&uri, &BTreeMap::new()).as_deref(),
            Some("arn:aws:lambda:eu-west-1:210987654321:function:login:live")
        );
        for text in ["21098765432:function:login", "210987654321:function:a:b:c"] {
            assert_eq!(invocation_uri(text, Some("eu-west-1"), None), text);
        }
    }

    #[test]
    fn a_uri_tells_its_function_when_all_of_it_is_known() {
        let of = |uri: &str| invoked_function(uri, &BTreeMap::new());
        let arn = "arn:aws:lambda:eu-west-1:123456789012:function:login:live";
        let stream = format!(
            "arn:aws:apigateway:eu-west-1:lambda:path/2021-11-15/functions/{arn}/response-streaming-invocations"
        );
        assert_eq!(of(&stream).as_deref(), Some(arn));
        assert_eq!(
            of(&invocation_uri("login", None, None)),
            None,
            "neither region nor account"
        );
        assert_eq!(of("arn:aws:apigateway:eu-west-1:s3:path/functions/a/invocations"), None);
        assert_eq!(
            of("arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/a"),
            None
        );
    }

    #[test]
    fn a_text_that_names_no_function_is_a_uri() {
        for text in ["${var.lambda_invoke_arn}", "http://127.0.0.1:3000/f", "<<URI>>"] {
            assert_eq!(invocation_uri(text, Some("eu-west-1"), None), text);
        }
        let uri = invocation_uri("${stageVariables.f}:live", Some("eu-west-1"), Some("123456789012"));
        assert!(
            uri.ends_with(":123456789012:function:${stageVariables.f}:live/invocations"),
            "{uri}"
        );
    }

    #[test]
    fn stage_variables_may_be_parts_of_a_name() {
        let uri = |name: &str| invocation_uri(name, Some("eu-west-1"), Some("123456789012"));
        for name in [
            "orders-${stageVariables.owner}",
            "${stageVariables.a}-${stageVariables.b}_x:v${stageVariables.v}",
        ] {
            assert!(
                uri(name).ends_with(&format!(":function:{name}/invocations")),
                "{}",
                uri(name)
            );
        }
        let variables = BTreeMap::from([("owner".to_owned(), "me".to_owned())]);
        assert_eq!(
            invoked_function(&uri("orders-${stageVariables.owner}"), &variables).as_deref(),
            Some("arn:aws:lambda:eu-west-1:123456789012:function:orders-me")
        );
        for text in [
            "a b${stageVariables.a}",
            "a-${var.a}",
            "a${stageVariables.a",
            "a/${stageVariables.a}",
        ] {
            assert_eq!(uri(text), text);
        }
    }

    #[test]
    fn colons_inside_of_references_part_nothing() {
        let arn = "arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:${stageVariables.f}";
        let expected =
            format!("arn:aws:apigateway:${{AWS::Region}}:lambda:path/2015-03-31/functions/{arn}/invocations");
        assert_eq!(invocation_uri(arn, Some("eu-west-1"), None), expected);
    }
}
