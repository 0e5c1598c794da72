//! What the policy of a Lambda function lets API Gateway do
//! ([resource-based policies](https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html)).

use serde_json::Value;

use super::Key;
use super::policy::each;

/// The service that calls functions for an API, as policies name it.
pub const PRINCIPAL: &str = "apigateway.amazonaws.com";

/// A statement of a function's policy that lets API Gateway call the function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permission {
    /// Its id; empty for one that has none.
    pub id: String,
    /// The ARNs of the calls, in which `*` stands for anything.
    pub sources: Vec<String>,
    /// The account that the calls come from, in which `*` stands for anything, too.
    pub account: String,
}

impl Permission {
    /// Those of a policy. A statement with a condition that is not about the calls or their account may permit nothing
    /// at all, and is left out.
    ///
    /// ```
    /// use bluegate_core::gateway::Permission;
    ///
    /// let policy = r#"{"Statement": [{"Sid": "s1", "Effect": "Allow", "Action": "lambda:InvokeFunction",
    ///     "Principal": {"Service": "apigateway.amazonaws.com"},
    ///     "Condition": {"ArnLike": {"AWS:SourceArn": "arn:aws:execute-api:eu-west-1:123456789012:abc/*/GET/users"}}}]}"#;
    /// let permission = &Permission::all(policy)[0];
    /// assert!(permission.permits("arn:aws:execute-api:eu-west-1:123456789012:abc/dev/GET/users"));
    /// assert!(!permission.permits("arn:aws:execute-api:eu-west-1:123456789012:abc/dev/POST/users"));
    /// ```
    #[must_use]
    pub fn all(policy: &str) -> Vec<Self> {
        let policy: Value = serde_json::from_str(policy).unwrap_or_default();
        each(policy.get("Statement")).filter_map(Self::of).collect()
    }

    fn of(statement: &Value) -> Option<Self> {
        let text = |key: &str| statement.get(key).and_then(Value::as_str);
        let principal = statement.get("Principal")?;
        let is_anybody = principal == "*";
        let mut services = each(principal.get("Service"));
        let may_call = |action: &str| ["lambda:InvokeFunction", "lambda:Invoke*", "lambda:*", "*"].contains(&action);
        let is_permitted = text("Effect") == Some("Allow")
            && (is_anybody || services.any(|service| service == PRINCIPAL))
            && each(statement.get("Action")).filter_map(Value::as_str).any(may_call);
        let (sources, account) = conditions(statement.get("Condition")).filter(|_| is_permitted)?;
        Some(Self {
            id: text("Sid").unwrap_or_default().to_owned(),
            sources,
            account,
        })
    }

    /// Whether a call passes, or all the calls that its ARN stands for: `*` in it is one of any text.
    #[must_use]
    pub fn permits(&self, source: &str) -> bool {
        let account = source.split(':').nth(4).unwrap_or_default();
        fits(&self.account, account) && self.sources.iter().any(|pattern| fits(pattern, source))
    }
}

/// The calls that a condition is about, and their account; `None` for one that is about something else as well.
fn conditions(condition: Option<&Value>) -> Option<(Vec<String>, String)> {
    let (mut sources, mut account) = (None, None);
    let operators = condition.and_then(Value::as_object).into_iter().flatten();
    for (operator, keys) in operators {
        for (key, value) in keys.as_object()? {
            let is_named = |name: &str| key.eq_ignore_ascii_case(name);
            let texts = each(Some(value)).filter_map(Value::as_str).map(str::to_owned);
            match operator.as_str() {
                "ArnLike" | "ArnEquals" | "StringLike" if is_named("aws:SourceArn") && sources.is_none() => {
                    sources = Some(texts.collect());
                }
                // To this one a `*` is a character.
                "StringEquals" if is_named("aws:SourceArn") && sources.is_none() => {
                    sources = Some(texts.filter(|text| !text.contains('*')).collect());
                }
                "StringEquals" | "StringLike" if is_named("aws:SourceAccount") && account.is_none() => {
                    account = Some(value.as_str()?.to_owned());
                }
                _ => return None,
            }
        }
    }
    let sources = sources.unwrap_or_else(|| vec!["arn:*:execute-api:*".to_owned()]);
    Some((sources, account.unwrap_or_else(|| "*".to_owned())))
}

/// Whether calls are among others, both as their ARNs name them.
///
/// ```
/// use bluegate_core::gateway::includes;
///
/// assert!(includes("dev/GET/users/*", "dev/GET/users/*/orders"));
/// assert!(!includes("dev/GET/users/*/orders", "dev/GET/users/*"));
/// ```
#[must_use]
pub fn includes(calls: &str, others: &str) -> bool {
    fits(calls, others)
}

/// Whether a text fits a pattern. What is `*` in the text only a `*` of the pattern takes, so that all that the text
/// stands for fits as well.
pub(super) fn fits(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let Some(last) = parts.next_back() else {
        return rest.is_empty();
    };
    for part in parts {
        match rest.split_once(part) {
            Some((_, behind)) => rest = behind,
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// How the ARN of a call of a route ends, behind the id of the API: stage, verb and path, with `*` for what may be
/// anything ([ARNs of calls](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html)).
///
/// ```
/// use bluegate_core::gateway::{Key, call_of};
///
/// let route = Key { path: "/users/{id}/orders".into(), verb: "ANY".into() };
/// assert_eq!(call_of("dev", &route), "dev/*/users/*/orders");
/// ```
#[must_use]
pub fn call_of(stage: &str, route: &Key) -> String {
    let verb = if route.verb == "ANY" { "*" } else { &route.verb };
    let mut call = format!("{stage}/{verb}");
    for segment in route.path.trim_start_matches('/').split('/') {
        let is_parameter = segment.starts_with('{') && segment.ends_with('}');
        call.push('/');
        call.push_str(if is_parameter { "*" } else { segment });
    }
    call
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const CALL: &str = "arn:aws:execute-api:eu-west-1:123456789012:abc/dev/GET/users/*";

    fn permits(statement: &Value, call: &str) -> bool {
        let policy = json!({"Version": "2012-10-17", "Id": "default", "Statement": [statement]});
        Permission::all(&policy.to_string()).iter().any(|one| one.permits(call))
    }

    fn statement(condition: &Value) -> Value {
        json!({
            "Sid": "s1",
            "Effect": "Allow",
            "Principal": {"Service": "apigateway.amazonaws.com"},
            "Action": "lambda:InvokeFunction",
            "Resource": "arn:aws:lambda:eu-west-1:123456789012:function:shop",
            "Condition": condition,
        })
    }

    #[test]
    fn what_others_write_is_understood() {
        let arn = |resource: &str| format!("arn:aws:execute-api:eu-west-1:123456789012:{resource}");
        for condition in [
            // The console, CDK, SAM, and what people write by hand.
            json!({"ArnLike": {"AWS:SourceArn": arn("abc/*/GET/users/*")}}),
            json!({"ArnLike": {"aws:SourceArn": arn("abc/dev/GET/users/*")}}),
            json!({"ArnLike": {"AWS:SourceArn": arn("abc/*/*/*")}}),
            json!({"StringLike": {"AWS:SourceArn": [arn("other/*"), arn("abc/*")]}}),
            json!({"StringEquals": {"AWS:SourceAccount": "123456789012"}}),
            json!({"ArnLike": {"AWS:SourceArn": arn("abc/*")}, "StringEquals": {"AWS:SourceAccount": "123456789012"}}),
            json!({"ArnLike": {"AWS:SourceArn": "arn:aws:execute-api:*:*:abc/*"}}),
            json!({}),
        ] {
            assert!(permits(&statement(&condition), CALL), "{condition}");
        }
        let mut anybody = statement(&json!({}));
        anybody["Principal"] = json!("*");
        anybody["Action"] = json!(["lambda:GetFunction", "lambda:*"]);
        assert!(permits(&anybody, CALL));
    }

    #[test]
    fn what_permits_less_is_not_taken_for_a_permission() {
        let arn = |resource: &str| format!("arn:aws:execute-api:eu-west-1:123456789012:{resource}");
        for condition in [
            json!({"ArnLike": {"AWS:SourceArn": arn("abc/prod/GET/users/*")}}),
            json!({"ArnLike": {"AWS:SourceArn": arn("abc/*/GET/users/7")}}),
            json!({"ArnLike": {"AWS:SourceArn": arn("abc/*/GET/users/?")}}),
            json!({"ArnLike": {"AWS:SourceArn": arn("abcd/*")}}),
            json!({"StringEquals": {"AWS:SourceAccount": "210987654321"}}),
            json!({"ArnLike": {"AWS:SourceArn": arn("abc/*")}, "StringEquals": {"AWS:SourceAccount": "210987654321"}}),
            json!({"StringEquals": {"AWS:SourceArn": arn("abc/*")}}),
            json!({"ArnLike": {"AWS:SourceArn": arn("abc/*")}, "StringLike": {"AWS:SourceArn": arn("abc/prod/*")}}),
            json!({"ArnLike": {"AWS:SourceArn": []}}),
            json!({"StringEquals": {"AWS:PrincipalOrgID": "o-1"}}),
            json!({"ArnLike": {"AWS:SourceArn": arn("abc/*")}, "Bool": {"aws:SecureTransport": "true"}}),
        ] {
            assert!(!permits(&statement(&condition), CALL), "{condition}");
        }
        for (key, value) in [
            ("Effect", json!("Deny")),
            ("Principal", json!({"Service": "s3.amazonaws.com"})),
            ("Principal", json!({"AWS": "123456789012"})),
            ("Action", json!("lambda:GetFunction")),
        ] {
            let mut other = statement(&json!({}));
            other[key] = value;
            assert!(!permits(&other, CALL), "{other}");
        }
        assert!(Permission::all("no policy").is_empty());
    }

    #[test]
    fn the_call_of_a_route_names_its_stage_verb_and_path() {
        let of = |verb: &str, path: &str| {
            call_of(
                "dev",
                &Key {
                    path: path.into(),
                    verb: verb.into(),
                },
            )
        };
        assert_eq!(of("GET", "/"), "dev/GET/");
        assert_eq!(of("POST", "/a/{b}/c"), "dev/POST/a/*/c");
        assert_eq!(of("ANY", "/files/{path+}"), "dev/*/files/*");
    }
}
