//! Requests and answers of the plane, and those of the crate `http`.

use http::header::{CONTENT_LENGTH, HeaderName};
use http::request::Parts;
use http_body::Body as HttpBody;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Buf as _, Bytes};

use crate::plane::{Answer, Headers, LARGEST_BODY, Request};

/// What went wrong with a body.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The body of an answer: whole, or what comes of a service bit by bit.
pub type Body = UnsyncBoxBody<Bytes, BoxError>;

/// As much of a body as is read.
const READ: usize = LARGEST_BODY + 1;

/// How a client spelt the names of its headers, where that is known and not the only way.
#[derive(Debug, Clone)]
pub(crate) struct Spelling(pub(crate) Vec<(HeaderName, String)>);

/// A request as the plane takes it; none if the client hung up.
pub(crate) async fn read_request<B>(head: Parts, body: B) -> Option<Request>
where
    B: HttpBody,
{
    let mut headers = Headers::from(head.headers);
    for (name, spelt) in head
        .extensions
        .get::<Spelling>()
        .map_or(&[][..], |spelling| &spelling.0)
    {
        headers.spell(name, spelt);
    }
    Some(Request {
        method: head.method.as_str().to_owned(),
        sent_path: head.uri.path().to_owned(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers,
        body: whole(body).await.ok()?,
    })
}

/// A body, or as much of it as shows that it is too large. What comes in one piece is not copied.
pub(super) async fn whole<B: HttpBody>(body: B) -> Result<Bytes, B::Error> {
    let mut body = std::pin::pin!(body);
    let (mut first, mut bytes) = (Bytes::new(), Vec::new());
    while let Some(frame) = body.frame().await {
        let Ok(mut data) = frame?.into_data() else {
            continue;
        };
        if first.is_empty() {
            first = data.copy_to_bytes(data.remaining());
            continue;
        }
        if bytes.is_empty() {
            bytes.extend_from_slice(&first);
        }
        // The rest is read and forgotten: who is still writing would not see the answer.
        while data.has_remaining() {
            let chunk = data.chunk();
            let read = chunk.len();
            bytes.extend_from_slice(&chunk[..read.min(READ.saturating_sub(bytes.len()))]);
            data.advance(read);
        }
    }
    Ok(if bytes.is_empty() { first } else { bytes.into() })
}

/// An answer, and what of its body is still to come.
pub(crate) fn written(answer: Answer, rest: Option<Body>, is_head: bool) -> http::Response<Body> {
    let length = answer.body.len();
    let is_whole = rest.is_none();
    let body = match rest {
        Some(rest) => rest,
        None if is_head => whole_body(Bytes::new()),
        None => whole_body(answer.body),
    };
    let mut response = http::Response::new(body);
    *response.status_mut() = http::StatusCode::from_u16(answer.status).unwrap_or(http::StatusCode::BAD_GATEWAY);
    *response.headers_mut() = answer.headers.into();
    // A status that has no body has no length of one (RFC 9110, 8.6).
    if is_whole && answer.status >= 200 && answer.status != 204 && answer.status != 304 {
        response.headers_mut().insert(CONTENT_LENGTH, length.into());
    }
    response
}

pub(crate) fn whole_body(body: impl Into<Bytes>) -> Body {
    Full::new(body.into()).map_err(|never| match never {}).boxed_unsync()
}
