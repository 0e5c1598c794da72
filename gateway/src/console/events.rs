//! Requests as they come, as server-sent events
//! ([server-sent events](https://html.spec.whatwg.org/multipage/server-sent-events.html)).

use std::sync::Arc;
use std::time::Duration;

use http::Response;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::request::Parts;
use http_body_util::BodyExt as _;
use http_body_util::channel::Channel;
use hyper::body::Bytes;
use tokio::sync::broadcast::error::RecvError;

use super::trace::Trace;
use super::traffic::{Event, Traffic};
use crate::service::{Body, BoxError};

/// How often something is sent, so that a browser that is gone is noticed.
const BEAT: Duration = Duration::from_secs(15);

/// How many events wait for a browser that is slow.
const WAITING: usize = 16;

/// The requests that are kept and those that come, behind the one that the browser saw last.
pub(super) fn stream(traffic: &Arc<Traffic>, head: &Parts) -> Response<Body> {
    let last = head
        .headers
        .get("last-event-id")
        .and_then(|id| id.to_str().ok()?.parse().ok());
    let (kept, mut events) = traffic.follow(last.unwrap_or(0));
    let (mut sender, body) = Channel::<Bytes, BoxError>::new(WAITING);
    let traffic = Arc::clone(traffic);
    tokio::spawn(async move {
        let mut texts: Vec<String> = kept.iter().map(|trace| request(trace)).collect();
        let mut seen = kept.last().map_or(0, |trace| trace.number);
        loop {
            for text in texts.drain(..) {
                if sender.send_data(Bytes::from(text)).await.is_err() {
                    return;
                }
            }
            match tokio::time::timeout(BEAT, events.recv()).await {
                Ok(Ok(Event::Request(trace))) if trace.number > seen => {
                    seen = trace.number;
                    texts.push(request(&trace));
                }
                Ok(Ok(Event::Request(_))) => {}
                Ok(Ok(Event::Overview)) => texts.push("event: overview\ndata: {}\n\n".to_owned()),
                // The browser is slow: what is still kept follows.
                Ok(Err(RecvError::Lagged(_))) => {
                    let kept = traffic.kept(seen);
                    seen = kept.last().map_or(seen, |trace| trace.number);
                    texts.extend(kept.iter().map(|trace| request(trace)));
                }
                Ok(Err(RecvError::Closed)) => return,
                Err(_) => texts.push(":\n\n".to_owned()),
            }
        }
    });
    let mut response = Response::new(body.boxed_unsync());
    let kind = HeaderValue::from_static("text/event-stream");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}

fn request(trace: &Trace) -> String {
    // JSON has no line breaks.
    let data = serde_json::to_string(trace).unwrap_or_default();
    format!("id: {}\nevent: request\ndata: {data}\n\n", trace.number)
}
