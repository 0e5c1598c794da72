//! What is refused before a stage is asked. No gateway response decorates it
//! ([quotas](https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html)).

use super::headers::Headers;
use super::message::{Answer, Request};

/// The largest body of a request, in bytes.
pub const LARGEST_BODY: usize = 10_485_760;

/// How long path and query may be, in bytes, as for regional endpoints.
const LONGEST_URL: usize = 10_240;

/// How long all headers may be, with a colon, a space and a line end each, in bytes.
const LONGEST_HEADERS: usize = 10_240;

/// The answer to a body that is too large: it is known of AWS that it is a text.
#[must_use]
pub fn too_large() -> Answer {
    plain(413, format!("HTTP content length exceeded {LARGEST_BODY} bytes."))
}

/// The answer to a request that is too long, or not written as one is. Of the texts but the first nothing is known.
pub(super) fn refusal(request: &Request) -> Option<Answer> {
    // Known of AWS: in a query they have to be encoded
    // (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html).
    const UNWRITTEN: [char; 3] = ['|', '{', '}'];
    let headers = || request.headers.iter().map(|(name, value)| name.len() + value.len() + 4);
    if request.body.len() > LARGEST_BODY {
        Some(too_large())
    } else if request.path.len() + request.query.len() > LONGEST_URL {
        Some(plain(414, "Request URI too long".to_owned()))
    } else if headers().sum::<usize>() > LONGEST_HEADERS {
        Some(plain(431, "Request header fields too large".to_owned()))
    } else if request.query.contains(UNWRITTEN) {
        Some(plain(400, "Bad Request".to_owned()))
    } else {
        None
    }
}

fn plain(status: u16, body: String) -> Answer {
    Answer {
        status,
        headers: Headers::from_iter([("Content-Type", "text/plain")]),
        body: body.into(),
    }
}
