//! Connections.

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;

use http::header::{CONNECTION, HOST, HeaderValue};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode, Version};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use super::spelling::Heads;
use crate::service::{Body, whole_body};

/// Answers requests until it is dropped; a client's address comes with each of its own.
pub(super) async fn serve<F, R>(listener: TcpListener, answer: F) -> std::io::Result<()>
where
    F: Fn(Request<Incoming>, SocketAddr) -> R + Clone + Send + Sync + 'static,
    R: Future<Output = Response<Body>> + Send,
{
    loop {
        let (stream, peer) = match listener.accept().await {
            Ok(accepted) => accepted,
            // Of one connection, which is gone.
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionAborted => continue,
            Err(error) => return Err(error),
        };
        // An answer is written at once, and waits for nothing.
        let _ = stream.set_nodelay(true);
        let answer = answer.clone();
        tokio::spawn(async move {
            let heads = Heads::default();
            let stream = heads.of(stream);
            let service = service_fn(|mut request: Request<Incoming>| {
                let (closes, is_addressed) = (closes(&request), is_addressed(&request));
                let spelling = heads.spelling(request.headers());
                if !spelling.0.is_empty() {
                    request.extensions_mut().insert(spelling);
                }
                let heads = heads.clone();
                let answered = is_addressed.then(|| answer(request, peer));
                async move {
                    let response = match answered {
                        Some(answered) => answered.await,
                        None => bad_request(),
                    };
                    heads.answered();
                    Ok::<_, Infallible>(sent(response, closes || !is_addressed))
                }
            });
            // A client that hangs up is nobody's trouble.
            let _ = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

/// Whether it names one host, as requests of HTTP/1.1 have to (RFC 9112, 3.2).
fn is_addressed(request: &Request<Incoming>) -> bool {
    let mut hosts = request.headers().get_all(HOST).iter();
    let has_one = hosts.next().is_some();
    hosts.next().is_none() && (has_one || request.version() < Version::HTTP_11)
}

fn bad_request() -> Response<Body> {
    let mut response = Response::new(whole_body(hyper::body::Bytes::new()));
    *response.status_mut() = StatusCode::BAD_REQUEST;
    response
}

fn closes(request: &Request<Incoming>) -> bool {
    let value = request.headers().get(CONNECTION);
    value.is_some_and(|value| {
        String::from_utf8_lossy(value.as_bytes())
            .to_lowercase()
            .contains("close")
    })
}

fn sent(mut response: Response<Body>, closes: bool) -> Response<Body> {
    let connection = HeaderValue::from_static(if closes { "close" } else { "keep-alive" });
    response.headers_mut().insert(CONNECTION, connection);
    response
}
