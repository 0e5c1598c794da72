//! Calls of the services behind the gateway.

use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::plane::{Answer, Call, Headers, Question, Said, Unreachable};

/// Calls a service over HTTP/1.1, on a connection of its own. Redirects are answers like others.
pub(super) async fn call(call: Call) -> Result<Answer, Unreachable> {
    if call.scheme != "http" {
        let text = format!(
            "services are called over http here, and this one is at {}://{}",
            call.scheme, call.authority
        );
        return Err(Unreachable::NotServed(text));
    }
    let timeout = call.timeout;
    match tokio::time::timeout(timeout, exchange(call)).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => Err(Unreachable::Network(error.to_string())),
        Err(_) => Err(Unreachable::TimedOut),
    }
}

/// How long a function may take that says who calls
/// ([quotas](https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html)).
const ASKED: Duration = Duration::from_secs(29);

/// Asks a function by Lambda's `Invoke`
/// ([Invoke](https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html)).
pub(super) async fn ask(url: Option<&str>, question: &Question) -> Result<Said, Unreachable> {
    let url = url.ok_or_else(|| {
        let function = &question.function;
        Unreachable::NotServed(format!(
            "AWS_ENDPOINT_URL_LAMBDA says where {function} is, and is not set"
        ))
    })?;
    let (scheme, authority) = url.split_once("://").unwrap_or(("http", url));
    let body = question.event.to_string().into_bytes();
    let authority = authority.trim_end_matches('/').to_owned();
    let answer = call(Call {
        method: "POST".to_owned(),
        scheme: scheme.to_owned(),
        target: format!("/2015-03-31/functions/{}/invocations", question.function),
        headers: Headers::from_iter([
            ("Host", authority.as_str()),
            ("Content-Type", "application/json"),
            ("Content-Length", &body.len().to_string()),
        ]),
        authority,
        body,
        timeout: ASKED,
    })
    .await?;
    let value: serde_json::Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let message = || value["errorMessage"].as_str().unwrap_or_default().to_owned();
    Ok(match answer.headers.get("x-amz-function-error") {
        Some(_) => Said::Error(message()),
        None if answer.status == 200 => Said::Answer(value),
        None => Said::Error(format!("Lambda answers {} {value}", answer.status)),
    })
}

async fn exchange(call: Call) -> Result<Answer, Box<dyn std::error::Error + Send + Sync>> {
    let has_port = call
        .authority
        .rsplit_once(':')
        .is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    let address = if has_port {
        call.authority.clone()
    } else {
        format!("{}:80", call.authority)
    };
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let driven = tokio::spawn(connection);
    let mut request = http::Request::builder()
        .method(call.method.as_str())
        .uri(call.target.as_str());
    for (name, value) in call.headers.iter() {
        request = request.header(name, value);
    }
    let response = sender
        .send_request(request.body(Full::new(Bytes::from(call.body)))?)
        .await?;
    let (head, body) = response.into_parts();
    let body = body.collect().await?.to_bytes().to_vec();
    driven.abort();
    Ok(Answer {
        status: head.status.as_u16(),
        headers: head
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes())))
            .collect(),
        body,
    })
}
