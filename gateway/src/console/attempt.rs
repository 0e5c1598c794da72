//! A request that the console sends for somebody: over the network, as any other client.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use serde::Deserialize;
use time::OffsetDateTime;

use super::overview::Overview;
use super::secrets::Secrets;
use super::trace::{Message, message};
#[cfg(feature = "cognito")]
use crate::plane::Token;
use crate::plane::{Call, Headers, Request, Stage, Unreachable};
use crate::service::Backends;

/// How long an answer may take: longer than any integration may.
const PATIENCE: Duration = Duration::from_secs(310);

/// What somebody wants to send.
#[derive(Debug, Deserialize)]
struct Attempt {
    /// The place of the stage in the overview.
    stage: usize,
    verb: String,
    /// The path behind the stage, with the query.
    path: String,
    headers: Vec<(String, String)>,
    body: String,
    /// The access key that signs.
    sign: Option<String>,
    /// The id of the API key.
    key: Option<String>,
    /// The user of a pool on this machine, whose token is sent.
    user: Option<String>,
}

/// Sends it to the gateway that listens at an address. Tells the id of the request, and the answer.
pub(super) async fn send(body: &[u8], own: SocketAddr, overview: &Overview) -> Result<(String, Message), String> {
    let attempt: Attempt =
        serde_json::from_slice(body).map_err(|error| format!("the request is not understood: {error}"))?;
    let shown = overview.stages.get(attempt.stage).ok_or("there is no such stage")?;
    let path = format!("{}{}", shown.prefix, attempt.path);
    if !attempt.path.starts_with('/') || path.parse::<http::uri::PathAndQuery>().is_err() {
        return Err("the path has to begin with a slash, and what is no URL has to be encoded in it".to_owned());
    }
    let ip = if own.ip().is_unspecified() {
        IpAddr::V4(Ipv4Addr::LOCALHOST)
    } else {
        own.ip()
    };
    let authority = SocketAddr::new(ip, own.port()).to_string();
    let (sent_path, query) = path.split_once('?').unwrap_or((&path, ""));
    let mut request = Request {
        method: attempt.verb,
        sent_path: sent_path.to_owned(),
        path: sent_path.to_owned(),
        query: query.to_owned(),
        headers: Headers::from_iter([("Host", authority.as_str())]),
        body: attempt.body.into(),
    };
    for (name, value) in attempt.headers {
        let is_sendable = name.parse::<http::HeaderName>().is_ok() && http::HeaderValue::from_str(&value).is_ok();
        if !is_sendable {
            return Err(format!("`{name}` and its value are no header"));
        }
        request.headers.add(name, value);
    }
    if let Some(id) = attempt.key {
        let key = overview
            .keys
            .iter()
            .find(|key| key.id == id)
            .ok_or("there is no such API key")?;
        request.headers.set("X-Api-Key", &key.value);
    }
    if let Some(user) = attempt.user {
        let path = attempt.path.split('?').next().unwrap_or_default();
        let (header, token) = token(&shown.stage, &request.method, path, &user, overview.now)?;
        request.headers.set(header, token);
    }
    if let Some(key) = attempt.sign {
        let mut known = overview.credentials.iter();
        let credential = known
            .find(|one| one.access_key == key)
            .ok_or("nobody has this access key")?;
        credential.sign(&mut request, &shown.stage.region, overview.now);
    }
    let network = Backends::by_http();
    let said = network.call(Call {
        method: request.method.clone(),
        scheme: "http".to_owned(),
        authority,
        target: path.clone(),
        headers: request.headers.clone(),
        body: request.body.clone(),
        timeout: PATIENCE,
        is_streamed: false,
        skips_verification: false,
    });
    let answer = said.await.map_err(|error| match error {
        Unreachable::TimedOut => "there was no answer in time".to_owned(),
        Unreachable::Network(why) | Unreachable::NotServed(why) => why,
        Unreachable::NotPermitted => unreachable!("no function is asked"),
    })?;
    let answer = answer.answer;
    let mut secrets = Secrets::of(&request, []);
    secrets.add(&answer.headers);
    let id = answer.headers.get("x-amzn-requestid").unwrap_or_default().to_owned();
    Ok((
        id,
        message(&secrets, &answer.status.to_string(), &answer.headers, &answer.body),
    ))
}

/// A token that a method takes, and the header that it is looked for in.
#[cfg(feature = "cognito")]
fn token(
    stage: &Stage,
    verb: &str,
    path: &str,
    user: &str,
    now: OffsetDateTime,
) -> Result<(String, String), &'static str> {
    let method = stage.method(verb, path).ok_or("no method answers the request")?;
    let mut authorizers = stage.api().authorizers.iter();
    let authorizer = authorizers.find(|one| Some(&one.id) == method.authorizer_id.as_ref());
    let pool = authorizer.and_then(|one| one.provider_arns.first());
    let token = Token::of(user).pool(pool.ok_or("the method takes no token of a user pool")?);
    let scopes = method.authorization_scopes.iter();
    let token = scopes.fold(token, |token, scope| token.scope(scope));
    let source = authorizer.and_then(|one| one.identity_source.as_deref());
    let header = source.and_then(|source| source.strip_prefix("method.request.header."));
    let header = header.unwrap_or("Authorization").to_owned();
    Ok((header, format!("Bearer {}", token.signed(now))))
}

#[cfg(not(feature = "cognito"))]
fn token(_: &Stage, _: &str, _: &str, _: &str, _: OffsetDateTime) -> Result<(String, String), &'static str> {
    Err("tokens of user pools are not here: the feature `cognito` is not built in")
}
