//! Calls as they are, for whoever wants to see the answer as it came.

use std::collections::BTreeMap;

use aws_smithy_types::body::SdkBody;
use bluegate_core::aws::{Partition, Request};
use tokio::time::timeout;

use crate::api::{Cause, Redactor};

use super::Client;
use super::classify::cause_of;
use super::invoke::{ANSWER_TIMEOUT, EXECUTE_API, beginning};

/// No answer of API Gateway is longer: a document has
/// [six megabytes](https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html) at most.
const LONGEST_BODY: usize = 16 << 20;

/// An answer as it came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers, with names in small letters. Of those that came twice, the first.
    pub headers: BTreeMap<String, String>,
    /// The body; that of a failure without credentials, and not longer than a page.
    pub body: String,
    /// What a run would take it for, if it is a failure.
    pub cause: Option<Cause>,
}

impl Client {
    /// Calls API Gateway's control plane with any request of its
    /// [REST interface](https://docs.aws.amazon.com/apigateway/latest/api/API_Operations.html): for questions that no
    /// operation asks. It is signed; it is neither paced nor repeated.
    ///
    /// # Errors
    ///
    /// Why no answer came. An answer of any status is an answer.
    pub async fn control(&self, request: &Request) -> Result<Answer, Cause> {
        let region = &self.destination().region;
        let endpoint = match &self.destination().endpoint {
            Some(endpoint) => endpoint.trim_end_matches('/').to_owned(),
            None => format!("https://apigateway.{region}.{}", Partition::of(region).dns_suffix),
        };
        let request = Request {
            signed: true,
            ..request.clone()
        };
        self.answer(&format!("{endpoint}{}", request.path), &request, "apigateway")
            .await
    }

    /// Calls a URL of a deployed API.
    ///
    /// # Errors
    ///
    /// Why no answer came. An answer of any status is an answer.
    pub async fn visit(&self, url: &str, request: &Request) -> Result<Answer, Cause> {
        self.answer(url, request, EXECUTE_API).await
    }

    async fn answer(&self, url: &str, request: &Request, service: &str) -> Result<Answer, Cause> {
        let redactor = self.redactor();
        let called = async {
            let mut answer = self.invoker().exchange(url, request, service, redactor).await?;
            let body = std::mem::replace(answer.body_mut(), SdkBody::empty());
            let body = beginning(body, LONGEST_BODY, redactor).await?;
            *answer.body_mut() = SdkBody::from(body.clone());
            let mut headers = BTreeMap::new();
            for (name, value) in answer.headers() {
                headers
                    .entry(name.to_ascii_lowercase())
                    .or_insert_with(|| value.to_owned());
            }
            let cause = cause_of(&answer, redactor);
            Ok(Answer {
                status: answer.status().as_u16(),
                headers,
                body: shown(&body, cause.is_some(), redactor),
                cause,
            })
        };
        timeout(ANSWER_TIMEOUT, called).await.unwrap_or(Err(Cause::TimedOut))
    }
}

/// A body as it is given on. A refused signature quotes what was signed, the session token too.
fn shown(body: &[u8], is_failure: bool, redactor: &Redactor) -> String {
    let text = String::from_utf8_lossy(body);
    match is_failure {
        true => redactor.clean(&text),
        false => text.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_that_quotes_credentials_is_given_on_without_them_and_a_document_whole() {
        let redactor = Redactor::new(["hush-hush"]);
        let failure = br#"{"message":"The canonical string should have been x-amz-security-token:hush-hush"}"#;
        let failure = shown(failure, true, &redactor);
        assert!(failure.ends_with(r#"x-amz-security-token:[hidden]"}"#), "{failure}");
        let document = "x".repeat(1 << 20);
        assert_eq!(shown(document.as_bytes(), false, &redactor), document);
    }
}
