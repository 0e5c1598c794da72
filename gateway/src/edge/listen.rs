//! Connections.

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;

use http::header::{CONNECTION, HeaderValue};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use crate::service::Body;

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
        let answer = answer.clone();
        tokio::spawn(async move {
            let service = service_fn(|request: Request<Incoming>| {
                let closes = closes(&request);
                let answered = answer(request, peer);
                async move { Ok::<_, Infallible>(sent(answered.await, closes)) }
            });
            // A client that hangs up is nobody's trouble.
            let _ = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
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
