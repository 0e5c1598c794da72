//! Lambda functions, as files name them and as API Gateway calls them.

use super::{Environment, Partition};
use crate::blueprint::{Backend, Blueprint};
use crate::decode::shortened;
use crate::diagnostic::{Code, Diagnostic};

/// What API Gateway fills in by itself when it imports a document
/// ([variables](https://docs.aws.amazon.com/apigateway/latest/developerguide/import-api-aws-variables.html)).
const ANY_REGION: &str = "${AWS::Region}";
const ANY_ACCOUNT: &str = "${AWS::AccountId}";
const ANY_PARTITION: &str = "${AWS::Partition}";

/// The URI with which an integration or an authorizer calls a function, which is named by its name, by `name:alias` or by
/// an ARN. Any other text is such a URI already. What is not known of region and account is left to API Gateway.
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
        parts if parts.len() <= 2 && parts.iter().all(|part| is_name(part)) => {
            let partition = region.map_or(ANY_PARTITION, |region| Partition::of(region).id);
            let region = region.unwrap_or(ANY_REGION);
            let account = account.unwrap_or(ANY_ACCOUNT);
            let arn = format!("arn:{partition}:lambda:{region}:{account}:function:{function}");
            uri(partition, region, &arn)
        }
        _ => function.to_owned(),
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

/// Whether a text is the name of a function, or of an alias, or a stage variable that holds one.
fn is_name(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'$');
    let is_variable = text.starts_with("${stageVariables.") && text.ends_with('}');
    is_variable || (!text.is_empty() && text.bytes().all(fits))
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
    fn colons_inside_of_references_part_nothing() {
        let arn = "arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:${stageVariables.f}";
        let expected =
            format!("arn:aws:apigateway:${{AWS::Region}}:lambda:path/2015-03-31/functions/{arn}/invocations");
        assert_eq!(invocation_uri(arn, Some("eu-west-1"), None), expected);
    }
}
