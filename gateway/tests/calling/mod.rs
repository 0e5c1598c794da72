//! A control plane that is called as tools call it.

use bluegate_gateway::control::{Control, Outcome};
use bluegate_gateway::plane::{Headers, Request};
use time::OffsetDateTime;

use crate::document::sign;

pub(crate) fn now() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_790_327_994).unwrap()
}

/// What comes of a signed call, of STS at the root and of Lambda below its own path.
pub(crate) fn outcome(control: &mut Control, verb: &str, target: &str, body: impl Into<Vec<u8>>) -> Outcome {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    // As they are signed.
    let mut query: Vec<&str> = query.split('&').collect();
    query.sort_unstable();
    let mut request = Request {
        method: verb.to_owned(),
        sent_path: path.to_owned(),
        path: path.to_owned(),
        query: query.join("&"),
        headers: Headers::from_iter([("Host", "127.0.0.1:4566")]),
        body: body.into().into(),
    };
    let service = match path {
        "/" => "sts",
        path if path.contains("/functions/") => "lambda",
        _ => "apigateway",
    };
    sign(&mut request, service, now());
    control.answer(&request, now())
}
