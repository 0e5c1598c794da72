//! Whether a resource policy lets more pass than another one: statement by statement, each taken apart into what it says of
//! one principal, one action and one resource under one condition
//! ([evaluation](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_multi-value-conditions.html)).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::super::permission::fits;
use super::{canonical, each, parse};

/// A statement that is taken apart into more than so many stays as it is.
const MOST: usize = 512;

/// What a statement says of one principal, action and resource.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Single {
    /// By the key of the statement, with `*` for anything.
    patterns: BTreeMap<&'static str, String>,
    /// What all have to be true: operator, key, and value.
    conditions: BTreeSet<(String, String, String)>,
    /// What is not taken apart.
    whole: BTreeMap<String, Value>,
}

impl Single {
    /// Whether it is about all that another one is about.
    fn covers(&self, other: &Self) -> bool {
        let is_wider = |(key, pattern): (&&'static str, &String)| {
            other.patterns.get(key).is_some_and(|narrow| fits(pattern, narrow))
        };
        self.whole == other.whole
            && self.patterns.len() == other.patterns.len()
            && self.patterns.iter().all(is_wider)
            && self.conditions.is_subset(&other.conditions)
    }
}

/// The statements of an effect, each taken apart.
fn singles(policy: Option<&str>, effect: &str, rest_api_id: &str) -> Vec<Single> {
    let policy = policy.and_then(parse).unwrap_or_default();
    let statements = each(policy.get("Statement")).filter(|one| one.get("Effect").is_some_and(|is| is == effect));
    let apart = statements.flat_map(|one| {
        let statement = canonical(one.clone(), rest_api_id);
        apart(&statement).unwrap_or_else(|| {
            vec![Single {
                whole: [("statement".to_owned(), without_name(statement))].into(),
                ..Single::default()
            }]
        })
    });
    apart.collect()
}

/// The name of a statement does nothing.
fn without_name(mut statement: Value) -> Value {
    statement.as_object_mut().map(|members| members.remove("Sid"));
    statement
}

/// `None` for a statement that cannot be taken apart.
fn apart(statement: &Value) -> Option<Vec<Single>> {
    let mut all = vec![Single::default()];
    for (key, value) in statement.as_object()? {
        let choices: Vec<Single> = match key.as_str() {
            "Sid" | "Effect" => continue,
            "Principal" => principals(value)?
                .into_iter()
                .map(|who| pattern("Principal", who))
                .collect(),
            "Action" => texts(value)?
                .map(|action| pattern("Action", action.to_ascii_lowercase()))
                .collect(),
            "Resource" => texts(value)?
                .map(|resource| pattern("Resource", resource.to_owned()))
                .collect(),
            "Condition" => conditions(value.as_object()?)?,
            _ => {
                for single in &mut all {
                    single.whole.insert(key.clone(), value.clone());
                }
                continue;
            }
        };
        all = product(&all, &choices)?;
    }
    Some(all)
}

fn pattern(key: &'static str, text: String) -> Single {
    Single {
        patterns: [(key, text)].into(),
        ..Single::default()
    }
}

/// Each of some with each of others.
fn product(some: &[Single], others: &[Single]) -> Option<Vec<Single>> {
    if some.len() * others.len() > MOST {
        return None;
    }
    let both = some.iter().flat_map(|one| {
        others.iter().map(|other| {
            let mut both = one.clone();
            both.patterns.extend(other.patterns.clone());
            both.conditions.extend(other.conditions.clone());
            both
        })
    });
    Some(both.collect())
}

/// `None` unless all of them are texts.
fn texts(value: &Value) -> Option<std::vec::IntoIter<&str>> {
    let texts: Option<Vec<&str>> = each(Some(value)).map(Value::as_str).collect();
    texts.map(Vec::into_iter)
}

fn principals(value: &Value) -> Option<Vec<String>> {
    if let Some(text) = value.as_str() {
        return Some(vec![text.to_owned()]);
    }
    let mut all = Vec::new();
    for (kind, who) in value.as_object()? {
        all.extend(texts(who)?.map(|who| match who {
            "*" if kind == "AWS" => who.to_owned(),
            who => format!("{kind} {who}"),
        }));
    }
    Some(all)
}

/// Of several values of a condition one has to fit; of one that says `Not`, none. Sets of values are not taken apart.
fn conditions(operators: &Map<String, Value>) -> Option<Vec<Single>> {
    let mut all = vec![Single::default()];
    for (operator, keys) in operators {
        for (key, value) in keys.as_object()? {
            let told = |value: String| Single {
                conditions: [(operator.clone(), key.to_ascii_lowercase(), value)].into(),
                ..Single::default()
            };
            let values: Vec<String> = each(Some(value)).map(Value::to_string).collect();
            let choices = if operator.contains(':') {
                vec![told(value.to_string())]
            } else if operator.contains("Not") {
                let none = values.into_iter().flat_map(|value| told(value).conditions);
                vec![Single {
                    conditions: none.collect(),
                    ..Single::default()
                }]
            } else {
                values.into_iter().map(told).collect()
            };
            all = product(&all, &choices)?;
        }
    }
    Some(all)
}

/// Whether a policy lets more pass than the one before it, or may: it allows what that did not, or does not deny all that
/// that denied. Without a policy before, a statement that allows lets in who is of the account and has no permission of
/// IAM ([authorization flow](https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html)).
/// What only several statements together allow or deny counts as more.
///
/// ```
/// use bluegate_core::gateway::policy::is_opened;
///
/// let (allow, deny) = (r#"{"Effect": "Allow"}"#, r#"{"Effect": "Deny"}"#);
/// let of = |statements: &[&str]| format!(r#"{{"Statement": [{}]}}"#, statements.join(", "));
/// assert!(is_opened(Some(&of(&[allow, deny])), &of(&[allow]), "abc123"));
/// assert!(!is_opened(Some(&of(&[allow])), &of(&[allow, deny]), "abc123"));
/// assert!(is_opened(None, &of(&[allow]), "abc123"));
/// ```
#[must_use]
pub fn is_opened(before: Option<&str>, after: &str, rest_api_id: &str) -> bool {
    let covered =
        |narrow: &[Single], wide: &[Single]| narrow.iter().all(|one| wide.iter().any(|other| other.covers(one)));
    let of = |text, effect| singles(text, effect, rest_api_id);
    !covered(&of(Some(after), "Allow"), &of(before, "Allow")) || !covered(&of(before, "Deny"), &of(Some(after), "Deny"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn opened(before: &Value, after: &Value) -> bool {
        let of = |statements: &Value| json!({"Version": "2012-10-17", "Statement": statements}).to_string();
        is_opened(Some(&of(before)), &of(after), "abc")
    }

    fn statement(effect: &str, more: &Value) -> Value {
        let mut statement =
            json!({"Effect": effect, "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"});
        statement
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        statement
    }

    /// What statements say beside each other, the narrow and the wide.
    fn pairs() -> Vec<(Value, Value)> {
        let ip = |operator: &str, values: &[&str]| json!({"Condition": {operator: {"aws:SourceIp": values}}});
        vec![
            (json!({"Resource": "execute-api:/*/GET/a"}), json!({})),
            (
                json!({"Resource": ["execute-api:/a"]}),
                json!({"Resource": ["execute-api:/a", "execute-api:/b"]}),
            ),
            (json!({"Resource": "execute-api:/dev/*"}), json!({"Resource": "*"})),
            (json!({}), json!({"Action": "execute-api:*"})),
            (
                json!({}),
                json!({"Action": ["execute-api:invoke", "execute-api:InvalidateCache"]}),
            ),
            (json!({"Principal": {"AWS": "111111111111"}}), json!({})),
            (
                json!({"Principal": {"AWS": "111111111111"}}),
                json!({"Principal": {"AWS": ["111111111111", "222222222222"]}}),
            ),
            (ip("IpAddress", &["10.0.0.0/8"]), json!({})),
            (
                ip("IpAddress", &["10.0.0.0/8"]),
                ip("IpAddress", &["10.0.0.0/8", "11.0.0.0/8"]),
            ),
            (
                ip("NotIpAddress", &["10.0.0.0/8", "11.0.0.0/8"]),
                ip("NotIpAddress", &["10.0.0.0/8"]),
            ),
            (
                json!({"Condition": {"StringEquals": {"aws:SourceVpc": "vpc-1", "aws:SourceAccount": "1"}}}),
                json!({"Condition": {"StringEquals": {"aws:SourceVpc": "vpc-1"}}}),
            ),
        ]
    }

    #[test]
    fn allowing_more_and_denying_less_opens_and_the_reverse_does_not() {
        for (narrow, wide) in pairs() {
            let of = |effect: &str| (statement(effect, &narrow), statement(effect, &wide));
            let (narrow, wide) = of("Allow");
            assert!(opened(&json!([narrow]), &json!([wide])), "{narrow} to {wide}");
            assert!(!opened(&json!([wide]), &json!([narrow])), "{wide} to {narrow}");
            assert!(!opened(&json!([wide]), &json!([wide, narrow])));
            let (narrow, wide) = of("Deny");
            assert!(opened(&json!([wide]), &json!([narrow])), "{wide} to {narrow}");
            assert!(!opened(&json!([narrow]), &json!([wide])), "{narrow} to {wide}");
            assert!(!opened(&json!([wide, narrow]), &json!([wide])));
        }
    }

    #[test]
    fn what_cannot_be_compared_opens_unless_it_is_the_same() {
        let set = |operator: &str| json!({"Condition": {operator: {"aws:PrincipalTag/a": ["x", "y"]}}});
        let all = [
            json!({"Condition": {"StringEqualsIfExists": {"aws:SourceVpc": "vpc-1"}}}),
            json!({"Condition": {"StringEquals": {"aws:SourceVpc": "vpc-1"}}}),
            json!({"Condition": {"StringLike": {"aws:SourceVpc": "vpc-*"}}}),
            set("ForAnyValue:StringEquals"),
            set("ForAllValues:StringEquals"),
            json!({"NotResource": "execute-api:/a"}),
            json!({"Resource": null, "Condition": {"Bool": "no object"}}),
        ];
        for one in &all {
            for other in &all {
                let (one, other) = (statement("Allow", one), statement("Allow", other));
                assert_eq!(opened(&json!([one]), &json!([other])), one != other, "{one} to {other}");
            }
        }
        let without = |key: &str, statement: &Value| {
            let mut statement = statement.clone();
            statement.as_object_mut().unwrap().remove(key);
            statement
        };
        let any = statement("Allow", &json!({}));
        let but = without(
            "Resource",
            &statement("Allow", &json!({"NotResource": "execute-api:/a"})),
        );
        assert!(opened(&json!([any]), &json!([but])) && opened(&json!([but]), &json!([any])));
        let who = without("Principal", &statement("Allow", &json!({"NotPrincipal": {"AWS": "1"}})));
        assert!(opened(&json!([any]), &json!([who])));
        assert!(!opened(&json!([who]), &json!([who])));
    }

    #[test]
    fn another_way_to_say_the_same_opens_nothing() {
        let split = json!([
            statement("Allow", &json!({"Sid": "one", "Resource": "execute-api:/a"})),
            statement(
                "Allow",
                &json!({"Sid": "two", "Resource": "arn:aws:execute-api:eu-west-1:1:abc/b"})
            ),
        ]);
        let both = json!(statement(
            "Allow",
            &json!({"Resource": ["execute-api:/b", "execute-api:/a"], "Principal": {"AWS": "*"}})
        ));
        assert!(!opened(&split, &both) && !opened(&both, &split));
        let many: Vec<String> = (0..600).map(|number| format!("execute-api:/{number}")).collect();
        let many = json!([statement("Allow", &json!({"Resource": many}))]);
        assert!(!opened(&many, &many));
    }
}
