//! What becomes of bodies: text or bytes
//! ([conversions](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings-workflow.html)),
//! and compression.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;

use super::compression::Coding;
use super::exchange::{Exchange, JSON, first_media_type};
use super::failure::Failure;
use super::limits::LARGEST_BODY;
use super::message::Answer;

const TO_BINARY: &str = "CONVERT_TO_BINARY";
const TO_TEXT: &str = "CONVERT_TO_TEXT";

impl Exchange<'_> {
    /// Whether a media type is one of those that are bytes: itself, all of its kind (`image/*`), or all. Recorded of AWS:
    /// `*/*` of a client is a type like others.
    pub(super) fn is_binary(&self, kind: &str) -> bool {
        let mut types = self.stage.binary_media_types.iter();
        types.any(|one| match one.strip_suffix("/*") {
            Some("*") => true,
            Some(group) => kind
                .split('/')
                .next()
                .is_some_and(|given| given.eq_ignore_ascii_case(group)),
            None => one.eq_ignore_ascii_case(kind),
        })
    }

    /// The media type of the request, without its parameters.
    pub(super) fn media_type(&self) -> &str {
        self.request.headers.get("content-type").map_or(JSON, first_media_type)
    }

    /// Whether the client takes bytes, which the first type that it accepts says.
    pub(super) fn takes_bytes(&self) -> bool {
        self.is_binary(self.request.headers.get("accept").map_or("*/*", first_media_type))
    }

    /// A body that was sent compressed, as it was before. An API that does not compress passes it on.
    pub(super) fn unpack(&mut self) -> Result<(), Failure> {
        if self.stage.minimum_compression_size.is_none() {
            return Ok(());
        }
        let Some(sent) = self.request.headers.get("content-encoding") else {
            return Ok(());
        };
        let coding = Coding::of(sent).ok_or(Failure::UnsupportedMediaType)?;
        let body = std::mem::take(&mut self.request.body);
        self.request.body = coding.unpacked(body).ok_or(Failure::UnsupportedMediaType)?;
        self.request.headers.remove("content-encoding");
        Ok(())
    }

    /// The client's body, as an integration wants it.
    pub(super) fn converted(&self, body: Bytes, handling: Option<&str>) -> Result<Bytes, Failure> {
        match (handling, self.is_binary(self.media_type())) {
            (Some(TO_TEXT), true) => Ok(STANDARD.encode(body).into()),
            (Some(TO_BINARY), false) => decoded(&body),
            _ => Ok(body),
        }
    }

    /// A body of a service on its way out. Bytes stay bytes for a client that takes them, and are written in Base64 for
    /// others; what is no text and is not said to be bytes is damaged, as is known of AWS.
    pub(super) fn outgoing(&self, body: Bytes, kind: Option<&str>, handling: Option<&str>) -> Result<Bytes, Failure> {
        let is_bytes = kind.is_some_and(|kind| self.is_binary(first_media_type(kind)));
        match handling {
            Some(TO_BINARY) if is_bytes => Ok(body),
            Some(TO_BINARY) => decoded(&body),
            Some(TO_TEXT) if is_bytes => Ok(STANDARD.encode(body).into()),
            Some(TO_TEXT) => Ok(as_text(body)),
            _ if self.takes_bytes() => Ok(body),
            _ if is_bytes => Ok(STANDARD.encode(body).into()),
            _ => Ok(as_text(body)),
        }
    }

    /// The answer, compressed if the client names a coding and the body is long enough.
    pub(super) fn compressed(&self, mut answer: Answer) -> Answer {
        let accepted = || Coding::accepted(self.request.headers.get("accept-encoding")?);
        let is_long = self
            .stage
            .minimum_compression_size
            .is_some_and(|size| answer.body.len() >= size);
        if !is_long || answer.headers.get("content-encoding").is_some() {
            return answer;
        }
        let Some(coding @ (Coding::Gzip | Coding::Deflate)) = accepted() else {
            return answer;
        };
        let Ok(packed) = coding.packed(&answer.body) else {
            return answer;
        };
        let name = Coding::NAMES.iter().find(|(_, known)| *known == coding);
        answer
            .headers
            .set("Content-Encoding", name.map_or("", |(name, _)| name));
        answer.body = packed.into();
        answer
    }
}

/// Whether an answer is larger than one may be that is not passed on as it comes.
pub(super) fn is_too_large(body: &[u8]) -> bool {
    body.len() > LARGEST_BODY
}

fn decoded(body: &[u8]) -> Result<Bytes, Failure> {
    let decoded = STANDARD.decode(body).map(Bytes::from);
    decoded.map_err(|_| Failure::Configuration("Unable to base64 decode the body.".to_owned()))
}

fn as_text(body: Bytes) -> Bytes {
    match String::from_utf8_lossy(&body) {
        Cow::Borrowed(_) => body,
        Cow::Owned(damaged) => damaged.into(),
    }
}
