//! Resource policies, in one form whatever form API Gateway gives them.

mod opened;

use serde_json::Value;

pub use opened::is_opened;

/// The policy as JSON. API Gateway answers with JSON whose quotes are escaped once more.
///
/// `None` when it is neither.
#[must_use]
pub fn parse(text: &str) -> Option<Value> {
    let unescaped = || -> Option<Value> {
        let text: String = serde_json::from_str(&format!("\"{text}\"")).ok()?;
        serde_json::from_str(&text).ok()
    };
    let policy = serde_json::from_str(text).ok().or_else(unescaped)?;
    Value::is_object(&policy).then_some(policy)
}

/// A text that two policies share when they mean the same: keys in order, a list of one as the one, and the ARNs of
/// the API itself as `execute-api:/...`, which API Gateway expands when it takes a policy
/// ([resource policies](https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-create-attach.html)).
///
/// ```
/// use bluegate_core::gateway::policy::normalise;
///
/// let written = r#"{"Statement": [{"Effect": "Allow", "Resource": ["execute-api:/*"]}]}"#;
/// let read = r#"{\"Statement\":{\"Resource\":\"arn:aws:execute-api:eu-west-1:111111111111:abc123\/*\",\"Effect\":\"Allow\"}}"#;
/// assert_eq!(normalise(written, "abc123"), normalise(read, "abc123"));
/// ```
#[must_use]
pub fn normalise(text: &str, rest_api_id: &str) -> String {
    match parse(text) {
        Some(policy) => canonical(policy, rest_api_id).to_string(),
        None => text.trim().to_owned(),
    }
}

/// The ids of users and roles that a policy names and that are deleted. AWS writes such an id in the place of the ARN,
/// and takes no policy that has one
/// ([unique ids](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids)).
///
/// ```
/// use bluegate_core::gateway::policy::lost_principals;
///
/// let policy = r#"{"Statement": [{"Principal": {"AWS": ["AROAEXAMPLEEXAMPLE123", "111111111111"]}}]}"#;
/// assert_eq!(lost_principals(policy), ["AROAEXAMPLEEXAMPLE123"]);
/// ```
#[must_use]
pub fn lost_principals(text: &str) -> Vec<String> {
    let policy = parse(text).unwrap_or_default();
    let statements = each(policy.get("Statement"));
    let named =
        statements.flat_map(|one| ["Principal", "NotPrincipal"].map(|key| one.get(key).and_then(|who| who.get("AWS"))));
    let named = named.flat_map(each).filter_map(Value::as_str);
    let is_id = |name: &&str| {
        let is_of_one = ["AIDA", "AROA", "AGPA", "AIPA"]
            .iter()
            .any(|kind| name.starts_with(kind));
        is_of_one
            && name
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    };
    named.filter(is_id).map(str::to_owned).collect()
}

/// The items of a list, or the one that stands in its place.
pub(super) fn each(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    let (list, one) = match value {
        Some(Value::Array(items)) => (items.as_slice(), None),
        one => (&[][..], one),
    };
    list.iter().chain(one)
}

fn canonical(value: Value, rest_api_id: &str) -> Value {
    match value {
        Value::Array(mut items) if items.len() == 1 => canonical(items.remove(0), rest_api_id),
        Value::Array(items) => {
            let mut items: Vec<Value> = items.into_iter().map(|item| canonical(item, rest_api_id)).collect();
            // The order of statements, actions and resources means nothing.
            items.sort_by_key(Value::to_string);
            Value::Array(items)
        }
        Value::Object(entries) => {
            let mut entries: Vec<(String, Value)> = entries
                .into_iter()
                .map(|(key, value)| (key, canonical(value, rest_api_id)))
                .collect();
            entries.sort_by(|one, other| one.0.cmp(&other.0));
            Value::Object(entries.into_iter().collect())
        }
        Value::String(text) => Value::String(shortened(&text, rest_api_id).unwrap_or(text)),
        other => other,
    }
}

/// `arn:partition:execute-api:region:account:api/rest` as `execute-api:/rest`.
fn shortened(text: &str, rest_api_id: &str) -> Option<String> {
    let mut parts = text.splitn(6, ':');
    let is_arn = parts.next() == Some("arn");
    let service = parts.nth(1)?;
    let resource = parts.nth(2)?;
    let rest = resource.strip_prefix(rest_api_id)?;
    (is_arn && service == "execute-api" && rest.starts_with('/')).then(|| format!("execute-api:{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recorded_policy_is_the_one_that_was_written() {
        // As recorded of AWS for a private API, its placeholders filled in.
        let read = r#"{"Statement": [{"Action": "execute-api:Invoke", "Effect": "Allow", "Principal": "*", "Resource": "arn:aws:execute-api:eu-west-1:111111111111:abc123/*"}], "Version": "2012-10-17"}"#;
        let written = r#"{"Version": "2012-10-17", "Statement": {"Principal": "*", "Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}}"#;
        assert_eq!(normalise(read, "abc123"), normalise(written, "abc123"));
        let escaped = read.replace('"', "\\\"");
        assert_eq!(normalise(&escaped, "abc123"), normalise(written, "abc123"));
    }

    #[test]
    fn another_effect_or_another_api_is_a_difference() {
        let allow = r#"{"Statement": {"Effect": "Allow", "Resource": "arn:aws:execute-api:r:1:abc123/*"}}"#;
        for other in [
            r#"{"Statement": {"Effect": "Deny", "Resource": "execute-api:/*"}}"#,
            r#"{"Statement": {"Effect": "Allow", "Resource": "arn:aws:execute-api:r:1:other1/*"}}"#,
        ] {
            assert_ne!(normalise(allow, "abc123"), normalise(other, "abc123"));
        }
    }

    #[test]
    fn accounts_services_arns_and_everybody_are_no_deleted_principals() {
        let of = |principal: &str| lost_principals(&format!(r#"{{"Statement": {{"Effect": "Deny", {principal}}}}}"#));
        for there in [
            r#""Principal": "*""#,
            r#""Principal": {"AWS": "*"}"#,
            r#""Principal": {"AWS": ["arn:aws:iam::111111111111:role/AROA", "111111111111"]}"#,
            r#""Principal": {"Service": "AROA.amazonaws.com"}"#,
            r#""Resource": "AROAEXAMPLEEXAMPLE123""#,
        ] {
            assert!(of(there).is_empty(), "{there}");
        }
        let both =
            r#""NotPrincipal": {"AWS": "AIDAEXAMPLEEXAMPLE123"}, "Principal": {"AWS": ["AROAEXAMPLEEXAMPLE123"]}"#;
        assert_eq!(of(both), ["AROAEXAMPLEEXAMPLE123", "AIDAEXAMPLEEXAMPLE123"]);
        assert!(lost_principals("no policy").is_empty());
    }

    #[test]
    fn what_is_no_policy_is_taken_as_it_is() {
        assert_eq!(normalise(" not json ", "a"), "not json");
        assert_eq!(parse("[1]"), None);
    }
}
