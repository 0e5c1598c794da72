//! Names of what AWS has: roles, user pools and functions
//! ([ARNs](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html)).

use super::Resolver;
use crate::decode::shortened;
use crate::diagnostic::Code;
use crate::reference::is_function;
use crate::span::Spanned;

/// What a name is of.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Named {
    /// The role that API Gateway takes on to call somebody.
    Role,
    /// A user pool of Cognito.
    UserPool,
    /// A Lambda function.
    Function,
    /// What another service of AWS does, as an integration calls it.
    Service,
}

impl Named {
    /// Whether a text cannot be the name of such a thing. What is still to be filled in is not looked at.
    pub(crate) fn refuses(self, text: &str) -> bool {
        let is_open = text.contains("${") || is_function(text);
        let fits = match self {
            Named::Role => is_role,
            Named::UserPool => is_user_pool,
            Named::Function => is_function_name,
            Named::Service => is_service,
        };
        !is_open && !fits(text)
    }

    /// What is meant, and what to write.
    pub(crate) fn words(self) -> (&'static str, &'static str) {
        match self {
            Named::Role => (
                "the ARN of a role",
                "write it whole: `arn:aws:iam::123456789012:role/name`",
            ),
            Named::UserPool => (
                "the ARN of a user pool",
                "write it whole: `arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_a1B2c3D4e`",
            ),
            Named::Function => (
                "the name of a function",
                "write its name, `name:alias`, or its ARN: `arn:aws:lambda:eu-west-1:123456789012:function:name`",
            ),
            Named::Service => (
                "the URI of a service of AWS",
                "write what it does, or its path: `arn:aws:apigateway:eu-west-1:sqs:action/SendMessage`",
            ),
        }
    }
}

impl Resolver<'_> {
    /// Tells a text that cannot be the name of such a thing.
    pub(super) fn check_arn(&mut self, text: &Spanned<String>, named: Named) {
        if named.refuses(text) {
            let (what, help) = named.words();
            let message = format!("`{}` is not {what}", shortened(text));
            self.tell(Code::Arn, text.span, message, help);
        }
    }
}

/// Partition, service, region, account and resource of an ARN.
fn parts(text: &str) -> Option<[&str; 5]> {
    let mut parts = text.strip_prefix("arn:")?.splitn(5, ':');
    let parts = [
        parts.next()?,
        parts.next()?,
        parts.next()?,
        parts.next()?,
        parts.next()?,
    ];
    (parts[0].starts_with("aws") && !text.contains(char::is_whitespace)).then_some(parts)
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A role, or whoever calls: `arn:aws:iam::*:user/*`
/// ([Integration](https://docs.aws.amazon.com/apigateway/latest/api/API_Integration.html), credentials). What kind of
/// identity it is and whether there is one, IAM knows.
fn is_role(text: &str) -> bool {
    matches!(parts(text), Some([_, "iam", "", account, resource])
        if !account.is_empty() && resource.split_once('/').is_some_and(|(_, name)| !name.is_empty()))
}

fn is_user_pool(text: &str) -> bool {
    matches!(parts(text), Some([_, "cognito-idp", region, account, resource])
        if !region.is_empty()
            && is_account(account)
            && resource.strip_prefix("userpool/").is_some_and(|id| !id.is_empty()))
}

/// A name, part of an ARN, an ARN, or the URI of a call.
fn is_function_name(text: &str) -> bool {
    let of_a_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-_:$".contains(&byte);
    match parts(text) {
        Some([_, "lambda", region, account, resource]) => {
            !region.is_empty()
                && is_account(account)
                && resource.strip_prefix("function:").is_some_and(|name| !name.is_empty())
        }
        Some([_, "apigateway", region, "lambda", resource]) => !region.is_empty() && resource.starts_with("path/"),
        Some(_) => false,
        None => !text.is_empty() && !text.starts_with("arn:") && text.bytes().all(of_a_name),
    }
}

/// What an integration calls of a service
/// ([Integration](https://docs.aws.amazon.com/apigateway/latest/api/API_Integration.html), uri).
fn is_service(text: &str) -> bool {
    matches!(parts(text), Some([_, "apigateway", region, service, call])
        if !region.is_empty() && !service.is_empty() && ["path/", "action/"].iter().any(|kind| call.starts_with(kind)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_from_what_is_none() {
        let call = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:123456789012:function:a/invocations";
        type Case<'a> = (fn(&str) -> bool, &'a [&'a str], &'a [&'a str]);
        let cases: [Case<'_>; 4] = [
            (
                is_role,
                &[
                    "arn:aws:iam::123456789012:role/a",
                    "arn:aws-cn:iam::123456789012:role/service/a",
                    "arn:aws:iam::*:user/*",
                ],
                &[
                    "",
                    "NONE",
                    "a-role",
                    "arn:aws:iam:eu-west-1:123456789012:role/a",
                    "arn:aws:iam:::role/a",
                    "arn:aws:iam::123456789012:role/",
                    "arn:aws:iam::123456789012:role/a b",
                ],
            ),
            (
                is_user_pool,
                &["arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_a"],
                &[
                    "eu-west-1_a",
                    "arn:aws:cognito-idp:eu-west-1:123456789012:eu-west-1_a",
                    "arn:aws:cognito-identity:eu-west-1:123456789012:userpool/a",
                    "arn:aws:cognito-idp:x",
                ],
            ),
            (
                is_function_name,
                &[
                    "login",
                    "login:live",
                    "login:$LATEST",
                    "123456789012:function:login",
                    "arn:aws:lambda:eu-west-1:123456789012:function:login:live",
                    call,
                ],
                &[
                    "",
                    "my function",
                    "https://example.com",
                    "arn:aws:lambda:eu-west-1:123456789012:login",
                    "arn:aws:lambda::123456789012:function:login",
                    "arn:aws:sqs:eu-west-1:123456789012:queue",
                    "arn:login",
                ],
            ),
            (
                is_service,
                &[
                    "arn:aws:apigateway:eu-west-1:sqs:action/SendMessage",
                    "arn:aws-cn:apigateway:cn-north-1:s3:path/{bucket}/{key}",
                    "arn:aws:apigateway:eu-west-1:bucket.s3:path/",
                    call,
                ],
                &[
                    "",
                    "https://sqs.eu-west-1.amazonaws.com",
                    "sqs:action/SendMessage",
                    "arn:aws:sqs:eu-west-1:123456789012:queue",
                    "arn:aws:apigateway:eu-west-1:sqs:SendMessage",
                    "arn:aws:apigateway::sqs:action/SendMessage",
                ],
            ),
        ];
        for (fits, good, bad) in cases {
            good.iter().for_each(|text| assert!(fits(text), "{text}"));
            bad.iter().for_each(|text| assert!(!fits(text), "{text}"));
        }
    }
}
