//! Calls of the services behind the gateway.

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::plane::{Answer, Call, Unreachable};

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
