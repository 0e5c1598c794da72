//! What became of a request.

use http::HeaderMap;
use hyper::body::Bytes;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use crate::plane::{Answer, Why};
use crate::service::Record;

/// What the client saw, and what the service saw.
#[derive(Debug, Clone)]
pub struct TestAnswer {
    answer: http::Response<Bytes>,
    seen: Option<http::Request<Bytes>>,
    asked: Option<Json>,
    event: Option<Json>,
    why: Option<Why>,
    log: Vec<String>,
}

impl TestAnswer {
    pub(super) fn new(answer: Answer, record: Option<Record>) -> Self {
        let mut response = http::Response::new(answer.body);
        *response.status_mut() = http::StatusCode::from_u16(answer.status).unwrap_or_default();
        *response.headers_mut() = answer.headers.clone().into();
        let mut told = Self {
            answer: response,
            seen: None,
            asked: None,
            event: None,
            why: None,
            log: Vec::new(),
        };
        if let Some(record) = record {
            told.seen = record.call.map(|call| {
                let mut seen = http::Request::new(call.body);
                *seen.method_mut() = call.method.parse().unwrap_or_default();
                *seen.uri_mut() = call.target.parse().unwrap_or_default();
                *seen.headers_mut() = call.headers.clone().into();
                seen
            });
            told.asked = record.asked.map(|question| question.event);
            told.event = record.invoked.map(|question| question.event);
            told.why = record.why;
            told.log = record.log;
        }
        told
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.answer.status().as_u16()
    }

    /// Insists on a status.
    ///
    /// # Panics
    ///
    /// It is another one: the message has the body, and what the gateway did, in the words of its execution log.
    #[track_caller]
    #[expect(clippy::return_self_not_must_use, reason = "the status is all that most tests ask")]
    pub fn expect(self, status: u16) -> Self {
        assert!(
            self.status() == status,
            "the answer is {}, not {status}: {}\n{}",
            self.status(),
            String::from_utf8_lossy(self.answer.body()),
            self.told()
        );
        self
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        self.answer.headers()
    }

    /// A header, if it is there and a text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.answer.headers().get(name)?.to_str().ok()
    }

    /// The body.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.answer.body()
    }

    /// The body, as a text.
    ///
    /// # Panics
    ///
    /// It is none.
    #[must_use]
    #[track_caller]
    pub fn text(&self) -> &str {
        std::str::from_utf8(self.answer.body()).expect("a body that is text")
    }

    /// The body, as JSON.
    ///
    /// # Panics
    ///
    /// It is none, or not of this form.
    #[must_use]
    #[track_caller]
    pub fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(self.answer.body()).unwrap_or_else(|error| {
            panic!(
                "the body is not the JSON that was expected, {error}: {}",
                String::from_utf8_lossy(self.answer.body())
            )
        })
    }

    /// Whether the request got to the service, or to the function that stands for it.
    #[must_use]
    pub fn has_reached_service(&self) -> bool {
        self.seen.is_some() || self.event.is_some()
    }

    /// The request that the service saw.
    ///
    /// # Panics
    ///
    /// It saw none: the message says why, in the words of the execution log.
    #[must_use]
    #[track_caller]
    pub fn service(&self) -> &http::Request<Bytes> {
        match &self.seen {
            Some(seen) => seen,
            None => panic!(
                "no service was called; the answer is {}:\n{}",
                self.status(),
                self.log.join("\n")
            ),
        }
    }

    /// The event that the function saw which stands for the service.
    #[must_use]
    pub fn event(&self) -> Option<&Json> {
        self.event.as_ref()
    }

    /// The event that the function saw which says who may call.
    #[must_use]
    pub fn authorizer_event(&self) -> Option<&Json> {
        self.asked.as_ref()
    }

    /// Why the gateway answered by itself, in words that AWS does not tell; none if a service answered.
    #[must_use]
    pub fn why(&self) -> Option<&Why> {
        self.why.as_ref()
    }

    /// Why, what to do, and what happened.
    fn told(&self) -> String {
        let mut lines = Vec::new();
        if let Some(why) = &self.why {
            lines.push(why.sentence.as_str());
            lines.extend(why.help.as_deref());
        }
        lines.extend(self.log.iter().map(String::as_str));
        lines.join("\n")
    }

    /// What the gateway did, in the words of its execution log.
    #[must_use]
    pub fn log(&self) -> &[String] {
        &self.log
    }
}
