//! Calls as they are, for whoever wants to see the answer as it came.

use std::collections::BTreeMap;

use aws_smithy_types::body::SdkBody;
use bluegate_core::aws::{Partition, Request};
use tokio::time::timeout;

use crate::api::Cause;

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
            let body = String::from_utf8_lossy(&body);
            Ok(Answer {
                status: answer.status().as_u16(),
                headers,
                // A refused signature quotes what was signed, the session token too.
                body: match &cause {
                    Some(_) => redactor.clean(&body),
                    None => body.into_owned(),
                },
                cause,
            })
        };
        timeout(ANSWER_TIMEOUT, called).await.unwrap_or(Err(Cause::TimedOut))
    }
}
