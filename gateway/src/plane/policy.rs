//! Resource policies
//! ([how they are evaluated](https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html)).

use std::fmt;
use std::net::IpAddr;

use serde_json::Value as Json;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::failure::Miss;

/// What a policy says of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    Allow,
    /// The statement of this number does, from 0.
    Deny(usize),
    /// No statement is about it. Those that allow something else, each with its first part that does not fit.
    Silent(Vec<Miss>),
}

/// To call a method.
pub(super) const INVOKE: &str = "execute-api:Invoke";

/// To have an answer fetched again that was kept.
pub(super) const INVALIDATE: &str = "execute-api:InvalidateCache";

/// Who asks for what.
pub(super) struct Asked<'a> {
    pub(super) action: &'a str,
    /// The ARN of the method, with the path of the request.
    pub(super) resource: &'a str,
    /// The ARN of the caller; none if nobody knows.
    pub(super) principal: Option<&'a str>,
    /// The unique id of the caller.
    pub(super) user_id: Option<&'a str>,
    pub(super) source: IpAddr,
    pub(super) user_agent: Option<&'a str>,
    pub(super) referer: Option<&'a str>,
    pub(super) now: OffsetDateTime,
}

/// What a policy says.
///
/// # Errors
///
/// It uses what is not understood here. What neither allows nor denies is so, too.
pub(super) fn evaluate(policy: &Json, asked: &Asked<'_>) -> Result<Verdict, String> {
    let mut is_allowed = false;
    for (number, statement) in each(policy.get("Statement")).enumerate() {
        let is_about = miss(statement, asked)?.is_none();
        match (statement.get("Effect").and_then(Json::as_str), is_about) {
            (Some("Deny"), true) => return Ok(Verdict::Deny(number)),
            (Some("Allow"), true) => is_allowed = true,
            (Some("Allow" | "Deny"), false) => {}
            (effect, _) => {
                return Err(format!(
                    "the effect {} is not understood",
                    effect.unwrap_or("of nothing")
                ));
            }
        }
    }
    Ok(match is_allowed {
        true => Verdict::Allow,
        false => Verdict::Silent(misses(policy, asked)),
    })
}

fn misses(policy: &Json, asked: &Asked<'_>) -> Vec<Miss> {
    let statements = each(policy.get("Statement")).enumerate();
    let allowing = statements.filter(|(_, statement)| statement.get("Effect").is_none_or(|effect| effect != "Deny"));
    allowing
        .filter_map(|(statement, text)| {
            let part = miss(text, asked).ok()??.to_string();
            Some(Miss { statement, part })
        })
        .collect()
}

/// A part of a statement.
enum Part<'s> {
    Action,
    Resource,
    Principal,
    /// By its operator and its key.
    Condition(&'s str, &'s str),
}

impl fmt::Display for Part<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Action => f.write_str("Action"),
            Self::Resource => f.write_str("Resource"),
            Self::Principal => f.write_str("Principal"),
            Self::Condition(operator, key) => write!(f, "Condition {operator} {key}"),
        }
    }
}

/// The first part of a statement that keeps it from being about a request; none if it is about it.
fn miss<'s>(statement: &'s Json, asked: &Asked<'_>) -> Result<Option<Part<'s>>, String> {
    let any = |key: &str, fits: &dyn Fn(&str) -> bool| {
        statement
            .get(key)
            .map(|patterns| each(Some(patterns)).filter_map(Json::as_str).any(fits))
    };
    let action = |pattern: &str| like(&pattern.to_lowercase(), &asked.action.to_lowercase());
    // `execute-api:/stage/GET/path` is short for the ARN of the API.
    let resource = |pattern: &str| match pattern.strip_prefix("execute-api:/") {
        Some(rest) => asked
            .resource
            .split_once('/')
            .is_some_and(|(_, called)| like(rest, called)),
        None => like(pattern, asked.resource),
    };
    let holds = |yes: &str, no: &str, fits: &dyn Fn(&str) -> bool| match (any(yes, fits), any(no, fits)) {
        (Some(fits), _) => fits,
        (None, Some(fits)) => !fits,
        (None, None) => true,
    };
    if !holds("Action", "NotAction", &action) {
        return Ok(Some(Part::Action));
    }
    if !holds("Resource", "NotResource", &resource) {
        return Ok(Some(Part::Resource));
    }
    let is_meant = match (statement.get("Principal"), statement.get("NotPrincipal")) {
        (Some(principal), _) => principal_fits(principal, asked.principal),
        (None, Some(principal)) => !principal_fits(principal, asked.principal),
        (None, None) => true,
    };
    if !is_meant {
        return Ok(Some(Part::Principal));
    }
    let Some(Json::Object(conditions)) = statement.get("Condition") else {
        return Ok(None);
    };
    for (operator, keys) in conditions {
        for (key, values) in keys.as_object().into_iter().flatten() {
            let values: Vec<String> = each(Some(values)).map(text_of).collect();
            if !condition(operator, key, &values, asked)? {
                return Ok(Some(Part::Condition(operator, key)));
            }
        }
    }
    Ok(None)
}

fn principal_fits(principal: &Json, caller: Option<&str>) -> bool {
    let account = caller.and_then(|arn| arn.split(':').nth(4));
    let role = caller.and_then(role_of);
    let named = match principal {
        Json::String(_) => Some(principal),
        principal => principal.get("AWS"),
    };
    each(named).filter_map(Json::as_str).any(|name| {
        let root = name.strip_suffix(":root").and_then(|arn| arn.split(':').nth(4));
        name == "*"
            || caller.is_some_and(|caller| name == caller)
            || role.as_deref().is_some_and(|role| name == role)
            || account.is_some_and(|id| name == id || root == Some(id))
    })
}

/// The role that a session is one of. Its path is not known of its session.
fn role_of(arn: &str) -> Option<String> {
    let (start, session) = arn.split_once(":assumed-role/")?;
    let role = session.split('/').next()?;
    Some(format!("{}:role/{role}", start.replacen(":sts:", ":iam:", 1)))
}

fn condition(operator: &str, key: &str, wanted: &[String], asked: &Asked<'_>) -> Result<bool, String> {
    // No key of a request has several values, so that these two differ where it has none
    // (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html).
    let (operator, of_none) = match operator.split_once(':') {
        Some(("ForAllValues", operator)) => (operator, Some(true)),
        Some(("ForAnyValue", operator)) => (operator, Some(false)),
        _ => (operator, None),
    };
    let (operator, is_optional) = match operator.strip_suffix("IfExists") {
        Some(operator) => (operator, true),
        None => (operator, false),
    };
    let value = value_of(key, asked)?;
    if operator == "Null" {
        return Ok(wanted.iter().any(|wanted| wanted == &value.is_none().to_string()));
    }
    // "Not" in front or within: `NotIpAddress`, `StringNotEquals`.
    let is_negated = operator.contains("Not");
    let plain = operator.replace("Not", "");
    let Some(value) = value else {
        return Ok(of_none.unwrap_or(is_optional || is_negated));
    };
    let fits = |wanted: &String| -> Result<bool, String> {
        Ok(match plain.as_str() {
            "StringEquals" | "ArnEquals" | "ArnLike" | "StringLike" => {
                let is_pattern = plain != "StringEquals";
                if is_pattern {
                    like(wanted, &value)
                } else {
                    *wanted == value
                }
            }
            "StringEqualsIgnoreCase" => wanted.eq_ignore_ascii_case(&value),
            "Bool" => wanted.eq_ignore_ascii_case(&value),
            "IpAddress" => in_range(wanted, &value)?,
            "DateEquals"
            | "DateLessThan"
            | "DateLessThanEquals"
            | "DateGreaterThan"
            | "DateGreaterThanEquals"
            | "NumericEquals"
            | "NumericLessThan"
            | "NumericLessThanEquals"
            | "NumericGreaterThan"
            | "NumericGreaterThanEquals" => {
                let (value, wanted) = (seconds(&value)?, seconds(wanted)?);
                match plain.trim_start_matches("Date").trim_start_matches("Numeric") {
                    "Equals" => (value - wanted).abs() < f64::EPSILON,
                    "LessThan" => value < wanted,
                    "LessThanEquals" => value <= wanted,
                    "GreaterThan" => value > wanted,
                    _ => value >= wanted,
                }
            }
            _ => return Err(format!("the condition operator {operator} is not understood")),
        })
    };
    let mut is_any = false;
    for wanted in wanted {
        is_any |= fits(wanted)?;
    }
    Ok(is_any != is_negated)
}

/// The value of a condition key; none if the request has none.
fn value_of(key: &str, asked: &Asked<'_>) -> Result<Option<String>, String> {
    let principal = asked.principal.map(str::to_owned);
    Ok(match key.to_lowercase().as_str() {
        "aws:sourceip" => Some(asked.source.to_string()),
        "aws:useragent" => asked.user_agent.map(str::to_owned),
        "aws:referer" => asked.referer.map(str::to_owned),
        "aws:securetransport" => Some("true".to_owned()),
        "aws:currenttime" => asked.now.format(&Rfc3339).ok(),
        "aws:epochtime" => Some(asked.now.unix_timestamp().to_string()),
        "aws:principalarn" => principal.map(|arn| role_of(&arn).unwrap_or(arn)),
        "aws:principaltype" => Some(match asked.principal.and_then(|arn| arn.split(':').nth(5)) {
            None => "Anonymous".to_owned(),
            Some("root") => "Account".to_owned(),
            Some(name) if name.starts_with("assumed-role/") => "AssumedRole".to_owned(),
            Some(name) if name.starts_with("federated-user/") => "FederatedUser".to_owned(),
            Some(_) => "User".to_owned(),
        }),
        "aws:username" => principal.and_then(|arn| Some(arn.split_once(":user/")?.1.rsplit('/').next()?.to_owned())),
        "aws:userid" => asked.user_id.map(str::to_owned),
        "aws:principalaccount" => principal.and_then(|arn| arn.split(':').nth(4).map(str::to_owned)),
        // There is no VPC and no organization here.
        "aws:sourcevpc" | "aws:sourcevpce" | "aws:vpcsourceip" | "aws:principalorgid" => None,
        _ => return Err(format!("the condition key {key} is not understood")),
    })
}

/// A moment or a number, as a number.
fn seconds(text: &str) -> Result<f64, String> {
    if let Ok(number) = text.parse() {
        return Ok(number);
    }
    let moment = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| format!("{text} is no date and no number"))?;
    #[expect(
        clippy::cast_precision_loss,
        reason = "seconds since 1970 are far from the precision of a float"
    )]
    Ok(moment.unix_timestamp() as f64)
}

fn in_range(range: &str, address: &str) -> Result<bool, String> {
    let broken = || format!("{range} is no range of addresses");
    let (start, bits) = range
        .split_once('/')
        .map_or((range, None), |(start, bits)| (start, Some(bits)));
    let start: IpAddr = start.parse().map_err(|_| broken())?;
    let address: IpAddr = address.parse().map_err(|_| broken())?;
    let (start, address, width) = match (start, address) {
        (IpAddr::V4(start), IpAddr::V4(address)) => (u128::from(start.to_bits()), u128::from(address.to_bits()), 32),
        (IpAddr::V6(start), IpAddr::V6(address)) => (start.to_bits(), address.to_bits(), 128),
        _ => return Ok(false),
    };
    let bits: u32 = bits.map_or(Ok(width), str::parse).map_err(|_| broken())?;
    let shift = width.checked_sub(bits).ok_or_else(broken)?;
    Ok(start.checked_shr(shift).unwrap_or(0) == address.checked_shr(shift).unwrap_or(0))
}

/// Whether a text fits a pattern, in which `*` is any text and `?` any character.
pub(super) fn like(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut at, mut seen, mut star) = (0, 0, None);
    while seen < text.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, seen));
                at += 1;
            }
            Some(c) if *c == '?' || *c == text[seen] => {
                at += 1;
                seen += 1;
            }
            _ => match star {
                // The star takes one character more.
                Some((star_at, taken)) => {
                    star = Some((star_at, taken + 1));
                    at = star_at + 1;
                    seen = taken + 1;
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|c| *c == '*')
}

/// The items of a list, or the one that stands in its place.
fn each(value: Option<&Json>) -> impl Iterator<Item = &Json> {
    let (list, one) = match value {
        Some(Json::Array(items)) => (items.as_slice(), None),
        one => (&[][..], one),
    };
    list.iter().chain(one)
}

fn text_of(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SILENT: Verdict = Verdict::Silent(Vec::new());

    /// What a policy says, without the misses.
    fn verdict(policy: &Json, principal: Option<&str>) -> Result<Verdict, String> {
        let asked = Asked {
            action: INVOKE,
            resource: "arn:aws:execute-api:eu-west-1:111122223333:abc123/v1/GET/users/7",
            principal,
            user_id: principal.map(|_| "AIDA"),
            source: "127.0.0.1".parse().unwrap(),
            user_agent: Some("me/1"),
            referer: None,
            now: OffsetDateTime::from_unix_timestamp(1_790_327_994).unwrap(),
        };
        evaluate(policy, &asked).map(|verdict| match verdict {
            Verdict::Silent(_) => SILENT,
            verdict => verdict,
        })
    }

    fn statement(rest: &str) -> Json {
        let text = format!(
            r#"{{"Statement": {{"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", {rest}}}}}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn a_statement_is_about_the_resources_that_it_names() {
        for (resource, is_allowed) in [
            ("execute-api:/*", true),
            ("execute-api:/v1/GET/users/*", true),
            ("execute-api:/v1/GET/users/?", true),
            ("execute-api:/v2/*", false),
            ("execute-api:/*/POST/*", false),
            ("arn:aws:execute-api:eu-west-1:111122223333:abc123/*", true),
            ("arn:aws:execute-api:*:*:*/*/GET/*", true),
            ("arn:aws:execute-api:eu-west-1:111122223333:other/*", false),
            ("*", true),
        ] {
            let expected = if is_allowed { Verdict::Allow } else { SILENT };
            let policy = statement(&format!(r#""Resource": "{resource}""#));
            assert_eq!(verdict(&policy, None), Ok(expected), "{resource}");
        }
    }

    #[test]
    fn conditions_are_about_what_the_request_has_and_has_not() {
        for (condition, holds) in [
            (
                r#"{"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "127.0.0.1/32"]}}"#,
                true,
            ),
            (r#"{"NotIpAddress": {"aws:SourceIp": "127.0.0.0/8"}}"#, false),
            (r#"{"IpAddress": {"aws:SourceIp": "::/0"}}"#, false),
            (r#"{"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}"#, true),
            (r#"{"StringLike": {"aws:UserAgent": "me/*"}}"#, true),
            (r#"{"StringNotEquals": {"aws:UserAgent": "me/1"}}"#, false),
            (r#"{"StringEquals": {"aws:Referer": "x"}}"#, false),
            (r#"{"StringNotEquals": {"aws:Referer": "x"}}"#, true),
            (r#"{"StringEqualsIfExists": {"aws:Referer": "x"}}"#, true),
            (r#"{"Null": {"aws:Referer": "true"}}"#, true),
            (r#"{"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}"#, true),
            (r#"{"Bool": {"aws:SecureTransport": true}}"#, true),
            (
                r#"{"DateGreaterThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}}"#,
                true,
            ),
            (r#"{"NumericLessThan": {"aws:EpochTime": "1"}}"#, false),
            (r#"{"StringEquals": {"aws:PrincipalType": "Anonymous"}}"#, true),
            (r#"{"StringEquals": {"aws:username": "me"}}"#, false),
            (r#"{"ForAllValues:StringEquals": {"aws:Referer": "x"}}"#, true),
            (r#"{"ForAnyValue:StringNotEquals": {"aws:Referer": "x"}}"#, false),
            (r#"{"ForAnyValue:StringLike": {"aws:UserAgent": ["x", "me/*"]}}"#, true),
        ] {
            let expected = if holds { Verdict::Allow } else { SILENT };
            let policy = statement(&format!(r#""Resource": "*", "Condition": {condition}"#));
            assert_eq!(verdict(&policy, None), Ok(expected), "{condition}");
        }
    }

    #[test]
    fn what_is_not_understood_is_an_error_and_allows_nothing() {
        for condition in [
            r#"{"BinaryEquals": {"aws:UserAgent": "x"}}"#,
            r#"{"StringEquals": {"aws:Unheard": "x"}}"#,
        ] {
            let policy = statement(&format!(r#""Resource": "*", "Condition": {condition}"#));
            assert!(verdict(&policy, None).is_err(), "{condition}");
        }
        for effect in [r#""Effect": "deny","#, r#""Effect": "allow","#, ""] {
            let text = format!(r#"{{"Statement": {{{effect} "Principal": "*", "Action": "*", "Resource": "*"}}}}"#);
            assert!(
                verdict(&serde_json::from_str(&text).unwrap(), None).is_err(),
                "{effect}"
            );
        }
    }

    #[test]
    fn a_session_is_one_of_its_role() {
        let (user, session) = (
            "arn:aws:iam::111122223333:user/team/me",
            "arn:aws:sts::111122223333:assumed-role/Deployer/me",
        );
        for (caller, principal, condition, is_allowed) in [
            (session, "arn:aws:iam::111122223333:role/Deployer", "{}", true),
            (
                session,
                session,
                r#"{"StringEquals": {"aws:PrincipalType": "AssumedRole"}}"#,
                true,
            ),
            (
                session,
                "*",
                r#"{"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/Deployer"}}"#,
                true,
            ),
            (session, "arn:aws:iam::111122223333:role/Other", "{}", false),
            (
                user,
                "*",
                r#"{"StringEquals": {"aws:username": "me", "aws:PrincipalType": "User"}}"#,
                true,
            ),
            (user, "*", r#"{"StringEquals": {"aws:userid": "AIDA"}}"#, true),
        ] {
            let text = format!(
                r#"{{"Statement": {{"Effect": "Allow", "Principal": {{"AWS": "{principal}"}}, "Action": "*", "Resource": "*",
                    "Condition": {condition}}}}}"#
            );
            let expected = if is_allowed { Verdict::Allow } else { SILENT };
            let policy = serde_json::from_str(&text).unwrap();
            assert_eq!(
                verdict(&policy, Some(caller)),
                Ok(expected),
                "{caller} {principal} {condition}"
            );
        }
    }

    #[test]
    fn a_denial_wins_wherever_it_stands_and_principals_are_names_and_accounts() {
        let policy = |principal: &str| {
            let text = format!(
                r#"{{"Statement": [{{"Effect": "Deny", "Principal": {principal}, "Action": "*", "Resource": "*"}},
                    {{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}]}}"#
            );
            serde_json::from_str::<Json>(&text).unwrap()
        };
        let caller = Some("arn:aws:iam::111122223333:user/me");
        for (principal, is_denied) in [
            (r#"{"AWS": "111122223333"}"#, true),
            (r#"{"AWS": ["arn:aws:iam::111122223333:root"]}"#, true),
            (r#"{"AWS": "arn:aws:iam::111122223333:user/me"}"#, true),
            (r#"{"AWS": "arn:aws:iam::999999999999:root"}"#, false),
            (r#"{"Service": "apigateway.amazonaws.com"}"#, false),
        ] {
            let expected = if is_denied { Verdict::Deny(0) } else { Verdict::Allow };
            assert_eq!(verdict(&policy(principal), caller), Ok(expected), "{principal}");
        }
        assert_eq!(verdict(&policy(r#"{"AWS": "111122223333"}"#), None), Ok(Verdict::Allow));
    }

    proptest::proptest! {
        #[test]
        fn a_pattern_that_is_the_text_with_stars_in_it_fits(text in "[a-c/?]{0,12}", at in 0_usize..12, length in 0_usize..6) {
            let start = at.min(text.len());
            let end = (start + length).min(text.len());
            let pattern = format!("{}*{}", &text[..start], &text[end..]);
            proptest::prop_assert!(like(&pattern, &text));
        }
    }
}
