//! Authorizers of Cognito user pools
//! ([Cognito](https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-integrate-with-cognito.html)).

use serde_json::{Map, Value as Json};
use time::{Duration, OffsetDateTime, UtcOffset};

use super::access::Gate;
use super::authorizer::ttl;
use super::exchange::Exchange;
use super::failure::{Failure, Unidentified};
use super::value::Value;

/// How far the clock of a pool may be ahead.
const SKEW: Duration = Duration::minutes(5);

impl Exchange<'_> {
    /// Lets in who has a token of one of the pools, and puts its claims into `$context`.
    pub(super) fn bear(&mut self, gate: &mut Gate) -> Result<(), Failure> {
        if cfg!(not(feature = "cognito")) {
            let what = "authorizers of Cognito are not here: the feature `cognito` is not built in";
            return Err(Failure::NotServed(what.to_owned()));
        }
        let authorizer = self.authorizer()?;
        let source = authorizer
            .identity_source
            .as_deref()
            .unwrap_or("method.request.header.Authorization");
        let sent = self
            .sources(None)
            .read(source)
            .unwrap_or_default()
            .pop()
            .unwrap_or_default();
        let token = without_scheme(&sent);
        if token.is_empty() {
            return Err(Failure::Unauthorized(Unidentified::Lacks(source.to_owned())));
        }
        let scopes = self.route.map_or(&[][..], |route| &route.method.authorization_scopes);
        let held = ttl(authorizer);
        let key = self.kept_by(authorizer, vec![token.to_owned(), scopes.join(" ")]);
        let now = self.arrival.time;
        let claims = match gate.kept.still(&key, now) {
            Some(claims) => claims.clone(),
            None => {
                let refused = |what: String| Failure::Unauthorized(Unidentified::Token(what));
                let claims = gate.pools.claims(token).map_err(refused)?;
                let until = check(&claims, &authorizer.provider_arns, scopes, now)?;
                if let Some(pattern) = authorizer.validation.as_deref().filter(|pattern| !pattern.is_empty()) {
                    let audience = audience(&claims).unwrap_or_default();
                    if !self.stage.fits(pattern, audience).map_err(Failure::Authorizer)? {
                        return Err(Failure::Unauthorized(Unidentified::Unlike(pattern.to_owned())));
                    }
                }
                let claims = Json::Object(claims);
                if !held.is_zero() {
                    gate.kept.keep(key, until.min(now + held), claims.clone());
                }
                claims
            }
        };
        let told = claims.as_object().into_iter().flatten();
        let told: Value = told
            .map(|(name, value)| (name.as_str(), told_as(name, value)))
            .collect();
        *self.context_mut().entry("authorizer").entry("claims") = told;
        Ok(())
    }
}

/// A token without `Bearer`, which may stand before it.
fn without_scheme(sent: &str) -> &str {
    let sent = sent.trim();
    match sent.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
        _ => sent,
    }
}

/// Until when a token holds, if it is one of the pools, and one for the scopes: without scopes an identity token, with
/// scopes an access token that has one of them.
fn check(
    claims: &Map<String, Json>,
    pools: &[String],
    scopes: &[String],
    now: OffsetDateTime,
) -> Result<OffsetDateTime, Failure> {
    let refused = |what: String| Err(Failure::Unauthorized(Unidentified::Token(what)));
    let text = |name: &str| claims.get(name).and_then(Json::as_str).unwrap_or_default();
    let moment = |name: &str| {
        let seconds = claims.get(name).and_then(Json::as_i64)?;
        OffsetDateTime::from_unix_timestamp(seconds).ok()
    };
    let issuer = text("iss");
    if !pools
        .iter()
        .filter_map(|arn| issuer_of(arn))
        .any(|known| known == issuer)
    {
        return refused(format!("its issuer {issuer:?} is none of the user pools"));
    }
    let Some(until) = moment("exp") else {
        return refused("it does not say until when it holds".to_owned());
    };
    if until <= now {
        return Err(Failure::ExpiredToken);
    }
    if ["nbf", "iat"]
        .into_iter()
        .filter_map(moment)
        .any(|from| from > now + SKEW)
    {
        return refused("it is of the future".to_owned());
    }
    let (is_use, used) = if scopes.is_empty() {
        ("id", "an identity token")
    } else {
        ("access", "an access token")
    };
    let found = text("token_use");
    if found != is_use {
        return refused(format!("the method takes {used}, and this one is for {found:?}"));
    }
    if audience(claims).is_none() {
        return refused("it does not say what client it is for".to_owned());
    }
    let has = |scope: &String| text("scope").split(' ').any(|given| given == scope);
    if !scopes.is_empty() && !scopes.iter().any(has) {
        return refused(format!(
            "the method takes the scopes {}, and it has {:?}",
            scopes.join(", "),
            text("scope")
        ));
    }
    Ok(until)
}

/// The client that a token is for: `aud` of an identity token, `client_id` of an access token.
fn audience(claims: &Map<String, Json>) -> Option<&str> {
    let name = if claims.get("token_use").is_some_and(|what| what == "access") {
        "client_id"
    } else {
        "aud"
    };
    claims.get(name).and_then(Json::as_str)
}

/// The issuer of a pool that is known by its ARN
/// ([verifying](https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html)).
pub(super) fn issuer_of(pool: &str) -> Option<String> {
    let mut parts = pool.split(':').skip(1);
    let (partition, service, region) = (parts.next()?, parts.next()?, parts.next()?);
    let id = pool.rsplit_once('/')?.1;
    let suffix = if partition == "aws-cn" { ".cn" } else { "" };
    (service == "cognito-idp").then(|| format!("https://cognito-idp.{region}.amazonaws.com{suffix}/{id}"))
}

/// A claim as functions and mappings are told it: a text, whatever it was. Moments are as Java prints them, lists have
/// commas.
fn told_as(name: &str, value: &Json) -> Value {
    match value {
        Json::String(text) => text.as_str().into(),
        Json::Number(seconds) if matches!(name, "exp" | "iat") => {
            let moment = seconds
                .as_i64()
                .and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok());
            moment.map_or_else(|| seconds.to_string(), java_date).into()
        }
        Json::Array(items) => {
            let texts = items
                .iter()
                .map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned));
            texts.collect::<Vec<String>>().join(",").into()
        }
        value => value.to_string().into(),
    }
}

/// Such as `Sat Nov 28 10:00:00 UTC 2026`.
fn java_date(moment: OffsetDateTime) -> String {
    let at = moment.to_offset(UtcOffset::UTC);
    let (weekday, month) = (at.weekday().to_string(), at.month().to_string());
    let (hour, minute, second) = at.to_hms();
    format!(
        "{} {} {:02} {hour:02}:{minute:02}:{second:02} UTC {}",
        &weekday[..3],
        &month[..3],
        at.day(),
        at.year()
    )
}

#[cfg(all(test, feature = "cognito"))]
mod tests;
